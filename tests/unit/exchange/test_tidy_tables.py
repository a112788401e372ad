"""Files that hold no tidy table are refused with a sentence; cells are read as they were meant, or not at all."""

import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from tracker.dates import PartialDate
from tracker.errors import TrackerError
from tracker.exchange.tidy.column_map import ColumnMap, read_column_map
from tracker.exchange.tidy.reading import read_tidy

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC).replace(tzinfo=None)  # a spreadsheet knows no time zones
HEADER = "patient_code,visit_date,site,pain_nrs"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(folder):
    """Give `read(content)`: the table of a csv file of that text or those bytes, or the sentence that refuses it."""

    def make(content, *, name="visits.csv", **options):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return _read(name, **options)

    return make


@pytest.fixture
def read_book(folder):
    """Give `read_book(rows, ...)`: the same of a workbook of these sheets."""

    def make(*sheets, draw=None, **options):
        book = Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets, start=1):
            sheet = book.create_sheet(f"Sheet{number}")
            for row in rows:
                sheet.append(row)
        if draw is not None:
            draw(book)
        book.save(folder / "visits.xlsx")
        return _read("visits.xlsx", **options)

    return make


def _read(name, **options):
    from pathlib import Path

    try:
        return read_tidy(Path(name), **options)
    except TrackerError as error:
        return str(error)


def problems(table):
    return [str(problem) for problem in table.problems]


def pain(table):
    """Give row, patient, day, key and values of each pain score."""
    return [(row.row, row.patient_code, str(row.on), *one.key, *one.values) for row in table.rows for one in row.given]


def test_a_row_of_visits_becomes_a_score(read):
    table = read(f"{HEADER}\n007,2026-03-10,Talus left,7\n")
    assert (table.kind.name, table.n_rows, problems(table)) == ("visits", 1, [])
    assert pain(table) == [(2, "007", "2026-03-10", "nrs", "talus-left", "overall", 7, None)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "visits.csv is empty; it needs a header and a row for each entry."),
        (f"{HEADER}\n".encode("utf-16"), "visits.csv is written in UTF-16; save it as UTF-8."),
        ("a;b\n1;2\n", "visits.csv is separated by semicolons; save it with commas."),
        ("a\tb\n1\t2\n", "visits.csv is separated by tabs; save it with commas."),
        (b"PK\x03\x04\0\0", "visits.csv is no csv file: it holds bytes that are no text."),
        (
            f"{HEADER},note\n1,2026-03-10,sacrum,1,gut\n".encode() + "1,2026-03-10,sacrum,1,für\n".encode("latin-1"),
            "visits.csv is not written in UTF-8 (byte 0xfc in row 3); save it as UTF-8.",
        ),
        ("patient_code,site,site\n", "visits.csv has two columns called 'site'. Rename one of them."),
        (
            f"{HEADER},\n1,2026-03-10,sacrum,1,x\n",
            "visits.csv: column 5 has cells, but no name. Name it in the header.",
        ),
        (
            f"{HEADER},pain_nsr\n",
            "visits.csv: 'pain_nsr' is no column of visits. Did you mean 'pain_nrs'? Columns: patient_code, "
            "visit_date, "
            "site, aspect, pain_nrs, pain_nrs_missing_reason, pain_vas, pain_vas_missing_reason, vitamin_d, "
            "vitamin_d_unit, vitamin_d_assay, vitamin_d_missing_reason, analyte, lab_value, lab_unit, limit_low, "
            "limit_high, judgement, lab_missing_reason, modality, finding, presence, edema_percent, edema_grade, "
            "edema_pattern, scale, function_about, function_score, function_score_missing_reason, note. "
            'To leave one out: ignore = ["pain_nsr"] in --map FILE.',
        ),
        (
            "code,score\n1,2\n",
            "visits.csv: it is not clear what its rows are. Its columns: code, score. Every table has "
            "patient_code, and "
            "is known by a column: visits by visit_date; differential by decided_on or cause_state; checklists by "
            "examined_on; pregnancies by stated_on; treatments by treatment; episodes by onset or closed_on; patients "
            "by sex or birth. Other names: --map FILE.",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) and len(value) > 40 else "",
)
def test_a_file_that_holds_no_table_is_refused_with_a_sentence(read, content, sentence):
    assert read(content) == sentence


def test_a_missing_file_and_another_ending_are_refused(folder, read):
    assert _read("none.csv") == "There is no file none.csv. Check its name."
    assert read("x", name="visits.ods") == "'visits.ods' must end in .csv or .xlsx. Save the table as one of them."
    assert read(HEADER, sheet="A") == "visits.csv has no sheets. Leave --sheet out."


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "1,03/04/2026,sacrum,1",
            "visit_date: '03/04/2026' could be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.",
        ),
        (
            "1,46091,sacrum,1",
            "visit_date: '46091' is a bare number, not a date. A spreadsheet counts days so: format the column as a "
            "date, or write 2026-03-10.",
        ),
        ("1,2026-03-10,sacrum,7.5", "pain_nrs must be a whole number from 0 to 10, but was '7.5'."),
        ("1,2026-03-10,sacrum,12", "pain_nrs must be a whole number from 0 to 10, but was '12'."),
        ('1,2026-03-10,sacrum,"7,0"', "pain_nrs must be a whole number from 0 to 10, but was '7,0'."),
        (
            "1,2026-03-10,navicula-left,1",
            "site: No site 'navicula-left'. Did you mean 'navicular-left'? List sites: tracker site list.",
        ),
        ("1,2026-03-10,,1", "site is blank, but pain_nrs is '1'."),
        (",2026-03-10,sacrum,1", "patient_code is blank."),
        ("1,,sacrum,1", "visit_date is blank."),
        ("1,2026-03-10,sacrum", "has 3 cells, but the header has 4; a cell that holds a comma needs quotes."),
        (
            f'"{"x" * 40_000}",2026-03-10,sacrum,1',
            f"a cell holds 40000 characters ('{'x' * 40}...'); at most 32767 are allowed.",
        ),
        (
            f"1,2026-03-10,sacrum,{'9' * (10 << 20)}",
            "cannot be read as csv (a cell is too long); the rows below it were not read.",
        ),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_wrong_with_a_row_names_file_row_column_and_value(read, row, sentence):
    table = read(f"{HEADER}\n{row}\n")
    assert problems(table) == [f"visits.csv, row 2: {sentence}"]
    assert table.rows == ()


def test_all_problems_are_collected_and_rows_are_counted_as_an_editor_counts(read):
    table = read(f'{HEADER},note\n1,2026-03-10,sacrum,11,"two\nlines"\n\n1,x,zzz,1,\n1,2026-03-10,sacrum,1,\n')
    assert problems(table) == [
        "visits.csv, row 2: pain_nrs must be a whole number from 0 to 10, but was '11'.",
        "visits.csv, row 5: visit_date: 'x' is not a date. Write a day as 2026-03-10, a month as 2026-03, a year as "
        "2026, about a day as ~2026-03-10, a span as 2026-03-01/2026-03-20.",
        "visits.csv, row 5: site: No site 'zzz'. Sites are written bone-side or joint-side, such as talus-left, "
        "ankle-right or sacrum. List sites: tracker site list.",
    ]
    assert [row.row for row in table.rows] == [6]


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("7.0", 7), (" 7 ", 7), ("10", 10)])
def test_a_whole_number_may_be_written_with_a_point_and_zeros(read, text, value):
    ((*_, score, _),) = pain(read(f"{HEADER}\n1,2026-03-10,sacrum,{text}\n"))
    assert (score, type(score)) == (value, int)


@pytest.mark.parametrize("text", ["2026-03", "~2026-03-10", "2026-03-01/2026-03-20", "2026"])
def test_a_partial_date_stays_as_it_was_written(read, text):
    (row,) = read(f"{HEADER}\n1,{text},sacrum,1\n").rows
    assert row.on == PartialDate.parse(text)


def test_a_result_below_its_limit_keeps_the_sign(read):
    (row,) = read("patient_code,visit_date,vitamin_d,vitamin_d_unit\n1,2026-03-10,<4,ng/mL\n").rows
    assert row.given[0].values == (4.0, "<", "ng/mL", None, None)


def test_a_blank_says_nothing_and_a_row_of_blanks_gives_nothing(read):
    table = read(f"{HEADER}\n1,2026-03-10,sacrum,\n,,,\n")
    assert [row.given for row in table.rows] == [()]
    assert [len(row.blank) for row in table.rows] == [1]


def test_a_bare_reason_of_a_table_of_visits_is_that_of_the_pain_score(read):
    table = read("patient_code,visit_date,site,pain_vas,missing_reason\n1,2026-03-10,sacrum,,refused\n")
    assert pain(table) == [(2, "1", "2026-03-10", "vas", "sacrum", "overall", None, "refused")]


GERMAN = """
dates = "DMY"
ignore = ["Arzt"]
[columns]
"Pat-Nr" = "patient_code"
"Datum" = "visit_date"
"Schmerz" = "pain_nrs"
[fixed]
site = "ankle-left"
[values.pain_nrs]
"keiner" = "0"
"""


@pytest.fixture
def mapped(read, folder):
    """Give `mapped(rows)`: a table with a clinic's own columns."""

    def make(rows, mapping=GERMAN):
        (folder / "clinic.toml").write_text(mapping, encoding="utf-8")
        try:
            column_map = read_column_map(folder.joinpath("clinic.toml").relative_to(folder))
        except TrackerError as error:
            return str(error)
        return read(f"Pat-Nr,Datum,Schmerz,Arzt\n{rows}\n", column_map=column_map)

    return make


def test_a_mapping_names_columns_words_fixed_values_and_the_order_of_dates(mapped):
    assert pain(mapped("007,3.4.2026,keiner,XY\n007,2026-05-04,4,XY")) == [
        (2, "007", "2026-04-03", "nrs", "ankle-left", "overall", 0, None),
        (3, "007", "2026-05-04", "nrs", "ankle-left", "overall", 4, None),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,31.2.2026,1,", "column 'Datum' (visit_date): '31.2.2026', read as day, month, year, is not in the "
        "calendar. "
         "Check the day."),
        ("1,3.4.26,1,", "column 'Datum' (visit_date): '3.4.26' has no year of four digits. Write the year in full."),
        ("1,3.4.2026,11,", "column 'Schmerz': pain_nrs must be a whole number from 0 to 10, but was '11'."),
    ],
)  # fmt: skip
def test_problems_name_the_files_own_column(mapped, row, sentence):
    assert problems(mapped(row)) == [f"visits.csv, row 2: {sentence}"]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("dates = 'dmy'", "clinic.toml: dates must be one of DMY, MDY, YMD, but was 'dmy'."),
        (
            "column = 1",
            "clinic.toml: 'column' is no part of a mapping. Its parts: dates, ignore, columns, fixed, values.",
        ),
        ("[columns]\nA = []", "clinic.toml: [columns] must be lines of a name and a text. "
         'Write: "Pat-Nr" = "patient_code"'),
        ("ignore = 'Arzt'", "clinic.toml: ignore must be a list of names, but was 'Arzt'."),
        ("values = 1", "clinic.toml: values must be tables of words, such as [values.sex], but was '1'."),
        ('[columns]\n"Bein" = "site"', "visits.csv has no column 'Bein', which the mapping names. "
         "Its columns: Pat-Nr, Datum, Schmerz, Arzt."),
        (f'{GERMAN}[fixed.x]', "clinic.toml: [fixed] must be lines of a name and a text. "
         'Write: "Pat-Nr" = "patient_code"'),
        (GERMAN.replace('ankle-left', 'ankle'), "The mapping fixes a value that is not allowed: site: 'ankle' needs a "
         "side. Write ankle-left or ankle-right."),
        (GERMAN.replace('site =', 'pain_nrs ='), "visits.csv: 'pain_nrs' is named twice by the mapping. Name it once."),
        (GERMAN.replace('values.pain_nrs', 'values.sex'), "The mapping has words for 'sex', which is no column of "
         "visits."),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_mapping_that_cannot_be_meant_is_refused(mapped, mapping, sentence):
    assert mapped("1,3.4.2026,1,", mapping) == sentence


def test_a_mapping_that_is_no_toml_or_not_there_is_refused(mapped, folder):
    assert mapped("1,3.4.2026,1,", "dates DMY").startswith("clinic.toml is no TOML file: ")
    with pytest.raises(TrackerError) as refused:
        read_column_map(folder.joinpath("none.toml").relative_to(folder))
    assert str(refused.value) == "There is no file none.toml. Check its name."


def test_an_order_of_dates_other_than_the_one_said_is_not_tried(read):
    table = read(f"{HEADER}\n1,12/31/2026,sacrum,1\n", column_map=ColumnMap(dates="DMY"))
    assert problems(table) == [
        "visits.csv, row 2: visit_date: '12/31/2026', read as day, month, year, is not in the calendar. Check the day."
    ]


NAMES = HEADER.split(",")


def test_a_sheet_is_read_as_it_is_shown(read_book):
    def draw(book):
        book["Sheet1"]["A3"].number_format = "000"

    table = read_book(
        [NAMES, ["007", NOON.replace(hour=0), "sacrum", 7.0], [7, "2026-03", "sacrum", "6"], [], [None] * 4], draw=draw
    )
    assert pain(table) == [
        (2, "007", "2026-03-10", "nrs", "sacrum", "overall", 7, None),
        (3, "007", "2026-03", "nrs", "sacrum", "overall", 6, None),
    ]
    assert (table.file, table.name) == ("visits.xlsx, sheet Sheet1", "visits.xlsx")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["1", 46091, "sacrum", 1], "visit_date: '46091' is a bare number, not a date. A spreadsheet counts days so: "
         "format the column as a date, or write 2026-03-10."),
        (["1", "2026-03-10", "sacrum", 7.5], "pain_nrs must be a whole number from 0 to 10, but was '7.5'."),
        (["1", "2026-03-10", "sacrum", "=3+4"], "cell D2 holds the formula '=3+4'; write its value instead."),
        (["1", "2026-03-10", "sacrum", "#REF!"], "cell D2 holds the error '#REF!'; write its value instead."),
        ([NOON.replace(day=1, hour=0), "2026-03-10", "sacrum", 1], "patient_code: '2026-03-01' is a cell of dates "
        "here. "
         "Format the column as text."),
        (["1", NOON, "sacrum", 1], "visit_date: '2026-03-10 12:00:00' is not a date. Write a "
         "day as 2026-03-10, a month as 2026-03, a year as 2026, about a day as ~2026-03-10, a span as "
         "2026-03-01/2026-03-20."),
        (["1", "2026-03-10", "sacrum", 1, "x"], "has a cell to the right of the header."),
        (["1", "2026-03-10", "sacrum", True], "pain_nrs must be a whole number from 0 to 10, but was 'True'."),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_wrong_with_a_row_of_a_sheet_names_its_place(read_book, row, sentence):
    assert problems(read_book([NAMES, row])) == [f"visits.xlsx, sheet Sheet1, row 2: {sentence}"]


def test_the_sheet_that_holds_something_is_read_and_others_are_named(read_book):
    rows = [NAMES, ["1", "2026-03-10", "sacrum", 1]]
    assert read_book([], rows).file == "visits.xlsx, sheet Sheet2"
    assert read_book(rows, [["x"]]) == (
        "visits.xlsx has 2 sheets that hold something: 'Sheet1', 'Sheet2'. Name one: --sheet NAME"
    )
    assert read_book(rows, [["x"]], sheet="Sheet1").n_rows == 1
    assert (
        read_book(rows, sheet="Visits") == "visits.xlsx has no sheet 'Visits'; its sheets: 'Sheet1'. Name one of them."
    )


def test_an_empty_workbook_and_a_late_header_are_refused(read_book):
    assert read_book([]) == "visits.xlsx is empty; it needs a header and a row for each entry."
    assert read_book([[], NAMES]) == "visits.xlsx, sheet Sheet1: row 1 is empty; the header belongs there."


def test_merged_cells_are_refused_by_their_place(read_book):
    rows = [NAMES, ["1", "2026-03-10", "sacrum", 1], [None, "2026-03-11", "sacrum", 1]]
    assert read_book(rows, draw=lambda book: book["Sheet1"].merge_cells("A2:A3")) == (
        "visits.xlsx, sheet Sheet1: the cells A2:A3 are merged, and only the first of them holds a value. "
        "Unmerge them and write the value into each row it is about."
    )


def test_what_is_no_workbook_is_refused(read, folder):
    assert read("patient_code\n", name="visits.xlsx") == (
        "visits.xlsx is no xlsx workbook. Open it in a spreadsheet and save it as .xlsx, or as csv."
    )
    with zipfile.ZipFile(folder / "half.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    assert _read("half.xlsx") == (
        "half.xlsx is no workbook that can be read (KeyError). Open it in a spreadsheet and save it as .xlsx again, "
        "or as csv."
    )


def test_a_workbook_that_unpacks_to_far_more_than_it_weighs_is_not_opened(folder):
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (50 << 20))
    weight = (folder / "bomb.xlsx").stat().st_size
    assert _read("bomb.xlsx") == (
        f"bomb.xlsx would unpack to 52,428,800 bytes from {weight:,}; it was not opened. "
        "Save the table as csv and import that."
    )
