"""`tracker export`: what is in the files, who is not, and that they appear whole or not at all."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from tracker.exchange.release.folder import NewFolder

N_PATIENTS = 12
SAID = 'says "jö"\nand NA'
IDENTIFIED = ("--identified", "--reason", "audit")

LOOK_IN_R = """\
source("read_me.R")
say <- function(...) writeLines(paste(..., collapse = " "))
say(head(names(tables$episodes), 3))
say(class(tables$pain$visit), class(tables$pain$score), class(tables$pain$is_read))
say(class(tables$visits$visit_date_last))
say(sum(tables$pain$score, na.rm = TRUE), sum(is.na(tables$pain$score)))
say(format(max(tables$visits$visit_date_first)), tables$pain$score_missing_reason[is.na(tables$pain$score)])
say(nrow(tables$pregnancy), class(tables$pregnancy$stated_on_first), class(tables$pregnancy$gestational_week))
say(nchar(tables$notes$note), tables$notes$note == c("says \\"j\\u00f6\\"\\nand NA", "'=HYPERLINK(1)"))
"""


def rows_of(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def filled(tmp_path_factory, new_database):
    """The address of a record of twelve patients, made once by the command line; copied before it is written to."""
    url = new_database("sqlite")
    fill(url, tmp_path_factory.mktemp("files"))
    return url


def fill(url, folder):
    """Make the record of twelve patients by the command line."""
    from click.testing import CliRunner

    from tracker.cli.root import root

    rows = ["patient_code,sex,birth"] + [f"P-{n:02d},{'F' if n < 10 else 'M'},{1950 + n}" for n in range(N_PATIENTS)]
    (folder / "patients.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    onsets = [f"P-{n:02d},ankle-left,2026-0{n % 3 + 1}-05" for n in range(N_PATIENTS - 1)]
    (folder / "episodes.csv").write_text("patient_code,site,onset\n" + "\n".join(onsets) + "\n", encoding="utf-8")
    visits = [
        f"P-{n:02d},2026-0{4 + turn}-1{turn},ankle-left,{7 - turn},{18 + turn},ng/mL"
        for n in range(N_PATIENTS)
        for turn in range(3)
    ]
    header = "patient_code,visit_date,site,pain_nrs,vitamin_d,vitamin_d_unit\n"
    (folder / "visits.csv").write_text(header + "\n".join(visits) + "\n", encoding="utf-8")
    runner = CliRunner(env={"LOGNAME": "nurse"})
    words = [("import", str(folder / f"{name}.csv"), "--yes") for name in ("patients", "episodes", "visits")]
    more = (
        ("visit", "add", "P-00", "--on", "2026-08", "--pain", "ankle-left=refused", "--note", "=HYPERLINK(1)"),
        ("visit", "add", "P-00", "--on", "2026-04-10", "--pain", "ankle-left=5", "--lab", "crp=3mg/L", "--note", SAID),
        ("visit", "add", "P-01", "--on", "2026-07-01", "--vas", "ankle-left=40", "--mri", "talus-left=large"),
        ("treatment", "add", "P-01", "ibandronate", "--from", "2026-05", "--dose", "150mg monthly"),
        ("differential", "set", "P-01", "infection", "excluded", "--on", "2026-05-01", "--how", "-MRI"),
        ("episode", "open", "P-02", "hip-right", "--onset", "2026-06"),
        ("episode", "close", "P-03", "ankle-left", "--on", "2026-07-01", "--why", "resolved"),
    )
    for one in (*words, *more):
        done = runner.invoke(root, ["--database", url, "--no-input", *one])
        assert done.exit_code == 0, done.output


@pytest.fixture
def run(filled, run_on, tmp_path):
    """The command line on a copy of that record."""
    path = Path(filled.removeprefix("sqlite:///"))
    # a copy by the program itself: the file alone may lack what the write-ahead log holds
    original = run_on(filled, make=False)
    assert original("db", "backup", str(tmp_path / "record.db")).exit_code == 0
    assert path.exists()
    return run_on(str(tmp_path / "record.db"), make=False)


@pytest.fixture
def export(run, tmp_path):
    """Give `export("name", ...)`: export into a folder of that name, as of a day that never comes too early.

    Without courses, which take most of the time, unless they are what is looked at.
    """

    def write(name, *words, courses=False):
        courses_or_not = "--courses" if courses else "--no-courses"
        done = run("export", "--out", str(tmp_path / name), "--as-of", "2026-09-01", courses_or_not, *words)
        assert done.exit_code == 0, done.output
        return tmp_path / name

    return write


class TestTables:
    def test_a_table_has_one_grain_and_every_row_is_there(self, export):
        folder = export("out")
        counted = {name: len(rows_of(folder, name)) for name in ("patients", "episodes", "visits", "pain", "labs")}
        assert counted == {"patients": 12, "episodes": 12, "visits": 39, "pain": 39, "labs": 1}

    def test_a_missing_score_keeps_its_reason_and_whole_numbers_stay_whole(self, export):
        pain = rows_of(export("out"), "pain")
        assert [row["score_missing_reason"] for row in pain if row["score"] == ""] == ["refused"]
        assert {row["score"] for row in pain} == {"", "7", "6", "5", "40"}

    def test_a_date_that_is_not_known_to_the_day_stays_so(self, export):
        (row,) = [row for row in rows_of(export("out", *IDENTIFIED), "visits") if row["visit_date"] == "2026-08"]
        assert (row["visit_date_first"], row["visit_date_last"]) == ("2026-08-01", "2026-08-31")

    def test_of_two_scores_of_a_day_both_are_there_and_said_to_be_read(self, export):
        pain = rows_of(export("out", *IDENTIFIED), "pain")
        same = [(row["score"], row["is_read"], row["n_same_day"]) for row in pain if row["visit_date"] == "2026-04-10"]
        assert (same.count(("7", "true", "2")), same.count(("5", "true", "2"))) == (1, 1)

    def test_a_score_of_another_instrument_is_there_and_said_not_to_be_read(self, export):
        (row,) = [row for row in rows_of(export("out"), "pain") if row["instrument"] == "vas"]
        assert (row["score"], row["is_read"], row["n_same_day"]) == ("40", "false", "")

    def test_courses_flags_and_site_migration_are_read_for_every_episode(self, export):
        folder = export("out", courses=True)
        fits = rows_of(folder, "course_fits")
        assert [row["status"] for row in fits].count("ok") == 11
        assert len(fits) == 12
        (event,) = rows_of(folder, "site_migration_events")
        assert (event["old_site"], event["new_site"]) == ("ankle-left", "hip-right")
        assert sum(float(event[name]) for name in event if name.startswith("p_") and name != "p_order") == (
            pytest.approx(1, abs=1e-5)  # five shares, each cut to six digits
        )
        assert all(len(event[name]) <= len("0.123456") for name in event if name.startswith("p_"))
        assert {row["flag"] for row in rows_of(folder, "flags")} >= {"later_site"}

    def test_a_course_fit_is_that_of_course_show(self, export, run):
        (episode,) = json.loads(run("course", "show", "P-04", "--as-of", "2026-09-01", "--json").stdout)["episodes"]
        fits = rows_of(export("out", *IDENTIFIED, courses=True), "course_fits")
        (fit,) = [row for row in fits if row["patient"] == "P-04"]
        assert fit["most_likely_class"] == episode["course"]["most_likely_class"]
        # a batch fit adds up in single precision: within 1e-4 of the single one, see `fit_episodes`
        shown = episode["course"]["class_probabilities"]["expected"]
        assert float(fit["p_expected"]) == pytest.approx(shown, abs=2e-3)

    def test_a_course_without_names_is_that_of_the_last_visit_so_that_its_day_gives_no_date_away(self, run, tmp_path):
        read = {}
        for day in ("2026-09-01", "2026-11-01"):
            out = tmp_path / day
            words = ("--as-of", day, "--release", "paper", "--courses", "--reason", "the same patients")
            assert run("export", "--out", str(out), *words).exit_code == 0
            read[day] = [path.read_bytes() for path in (out / "course_fits.csv", out / "site_migration_events.csv")]
            assert "as of each patient's last visit" in (out / "README.txt").read_text(encoding="utf-8")
        assert read["2026-09-01"] == read["2026-11-01"]

    def test_without_courses_their_tables_have_headers_only_and_the_manifest_says_so(self, export):
        folder = export("out")
        assert rows_of(folder, "course_fits") == []
        assert "p_expected" in (folder / "course_fits.csv").read_text(encoding="utf-8")
        assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["courses"].startswith("not read: ")

    def test_an_empty_cohort_has_every_header(self, run_on, new_database, tmp_path, export):
        full = export("full")
        empty = run_on(new_database("sqlite"))
        assert empty("export", "--out", str(tmp_path / "empty"), "--no-courses").exit_code == 0
        headers = [
            {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in sorted(one.glob("*.csv"))}
            for one in (full, tmp_path / "empty")
        ]
        assert headers[0] == headers[1]
        assert len(headers[0]) == 18


class TestNobodyIsNamed:
    def test_no_code_date_or_word_of_the_record_stands_in_any_file(self, export):
        folder = export("out", "--format", "csv,json,xlsx,parquet")
        for name, content in bytes_of(folder).items():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(folder / name) as archive:
                    content = b"".join(archive.read(part) for part in archive.namelist())
            for said in (b"P-0", b"2026-04", b"2026-08", b"HYPERLINK", b"nurse", b"MRI", b'default","', b"1955"):
                assert said not in content or name in ("README.txt", "manifest.json", "dictionary.csv"), (name, said)

    def test_days_count_from_the_first_onset_else_from_the_first_visit(self, export):
        folder = export("out")
        zero = {row["patient"]: row["day_zero_from"] for row in rows_of(folder, "patients")}
        assert sorted(zero.values()) == ["first onset"] * 11 + ["first visit"]
        first = [
            min(int(row["visit_date_day"]) for row in rows_of(folder, "visits") if row["patient"] == p) for p in zero
        ]
        assert sorted(set(first)) == [0, 36, 64, 95]

    def test_a_month_is_its_middle_and_may_be_off_by_half_a_month(self, export):
        (row,) = [row for row in rows_of(export("out"), "visits") if row["visit_date_off"] != "0"]
        # day 0 is 5 January, the first of August its day 208
        assert (row["visit_date_day"], row["visit_date_off"]) == (str(208 + 15), "15")

    def test_ages_stand_in_bands_none_of_which_holds_few(self, export):
        bands = [row["age_band"] for row in rows_of(export("out"), "patients")]
        assert min(bands.count(band) for band in set(bands)) >= 6

    def test_a_sex_that_few_have_is_withheld(self, export):
        sexes = [row["sex"] for row in rows_of(export("out"), "patients")]
        assert (sexes.count("F"), sexes.count("withheld")) == (10, 2)

    def test_the_same_release_gives_the_same_bytes(self, export):
        formats = ("--format", "csv,json,xlsx,parquet", "--release", "paper")
        assert bytes_of(export("one", *formats, courses=True)) == bytes_of(export("two", *formats, courses=True))

    def test_two_releases_share_no_id_and_no_order(self, export):
        one, two = (export(name, "--release", name) for name in ("one", "two"))
        for table, key in (("patients", "patient"), ("visits", "visit"), ("episodes", "episode")):
            ids = [[row[key] for row in rows_of(folder, table)] for folder in (one, two)]
            assert not set(ids[0]) & set(ids[1])
            assert len(ids[0]) == len(set(ids[0]))
        order = [
            [row["n_visits"] + row["day_zero_from"] for row in rows_of(folder, "patients")] for folder in (one, two)
        ]
        assert sorted(order[0]) == sorted(order[1])
        assert [sorted(row["patient"] for row in rows_of(one, "patients"))] == [
            [row["patient"] for row in rows_of(one, "patients")]
        ]

    def test_an_id_is_the_same_in_every_table(self, export):
        folder = export("out")
        patients = {row["patient"] for row in rows_of(folder, "patients")}
        visits = {row["visit"] for row in rows_of(folder, "visits")}
        episodes = {row["episode"] for row in rows_of(folder, "episodes")}
        for row in rows_of(folder, "pain"):
            assert row["patient"] in patients
            assert row["visit"] in visits
            assert row["episode"] in episodes | {""}

    def test_of_few_patients_no_de_identified_export_is_made(self, run, tmp_path):
        done = run("export", "--out", str(tmp_path / "few"), "--site", "hip-right")
        assert (done.exit_code, done.stderr) == (
            1,
            "Error: Fewer than 10 patients would be in this export: even without codes and dates their rows would "
            "point to them. Choose more patients, or keep it inside the clinic: --identified --reason TEXT\n"
            "Nothing was written.\n",
        )
        assert list(tmp_path.glob("*few*")) == []

    def test_one_patient_is_exported_identified(self, export):
        assert [row["patient"] for row in rows_of(export("one", "--site", "hip-right", *IDENTIFIED), "patients")] == [
            "P-02"
        ]


class TestTwoExportsOfOneRelease:
    """Whoever holds both can subtract them."""

    def add(self, run, numbers):
        for number in numbers:
            assert run("patient", "add", f"Q-{number:02d}", "--sex", "F", "--born", "1960").exit_code == 0

    def again(self, run, tmp_path, *words):
        return run("export", "--out", str(tmp_path / "again"), "--no-courses", *words)

    def test_one_that_differs_by_one_patient_is_refused_without_a_reason(self, run, export, tmp_path):
        export("before")
        number = json.loads(run("log", "--json").stdout)[-1]["entry_id"]
        self.add(run, [1])
        for words in ((), ("--dry-run",)):
            done = self.again(run, tmp_path, *words)
            assert (done.exit_code, done.stderr) == (
                1,
                f"Error: Since the export of entry {number} few patients of the release 'default' changed (1 came): "
                "whoever holds both exports can tell which rows are theirs. Wait until 6 have, or say why it must be "
                "now, kept in the ledger: --reason TEXT\nNothing was written.\n",
            )
        assert list(tmp_path.glob("*again*")) == []

    def test_with_a_reason_it_is_made_and_said(self, run, export, tmp_path):
        before = export("before")
        self.add(run, [1])
        done = self.again(run, tmp_path, "--reason", "monthly, to the same researcher")
        assert done.exit_code == 0, done.output
        assert "few patients changed (1 came): whoever holds both can tell which rows are theirs." in done.stderr
        ids = [{row["patient"] for row in rows_of(folder, "patients")} for folder in (before, tmp_path / "again")]
        assert len(ids[1] - ids[0]) == 1

    def test_one_that_differs_by_none_or_by_many_is_made(self, run, export, tmp_path):
        export("before")
        assert self.again(run, tmp_path, "--dry-run").exit_code == 0
        self.add(run, range(5))
        assert self.again(run, tmp_path, "--dry-run").exit_code == 1
        self.add(run, [5])
        assert self.again(run, tmp_path, "--dry-run").exit_code == 0

    def test_who_left_is_counted_too(self, run, export, tmp_path):
        self.add(run, [1, 2])
        export("before")
        merged = run("patient", "merge", "Q-01", "Q-02", "--why", "one person", "--yes")
        assert merged.exit_code == 0, merged.output
        assert "changed (1 left)" in self.again(run, tmp_path).stderr

    def test_another_release_is_not_compared_and_the_files_say_so(self, run, export, tmp_path):
        folder = export("before")
        self.add(run, [1])
        assert self.again(run, tmp_path, "--release", "other").exit_code == 0
        said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["earlier_exports"]
        assert "a row that stands in only one of them is of a patient who came or left meanwhile" in said
        assert said in (folder / "README.txt").read_text(encoding="utf-8")


class TestFilters:
    @pytest.mark.parametrize(
        ("words", "codes"),
        [
            (("--sex", "M"), ["P-10", "P-11"]),
            (("--since", "2026-07-01"), ["P-00", "P-01"]),
            (("--resolved",), ["P-03"]),
            (("--site", "hip-right"), ["P-02"]),
            (("--sex", "M", "--unresolved"), ["P-10"]),
            (("--clinic", "elsewhere"), []),
        ],
        ids=lambda words: " ".join(words),
    )
    def test_patients_who_pass_every_filter_are_there(self, export, words, codes):
        folder = export("out", *IDENTIFIED, *words)
        assert [row["patient"] for row in rows_of(folder, "patients")] == codes
        assert {row["patient"] for row in rows_of(folder, "visits")} == set(codes)

    def test_what_was_chosen_stands_in_the_manifest(self, export):
        folder = export("out", *IDENTIFIED, "--sex", "F", "--site", "ankle-left", "--since", "2026-01-01", "--resolved")
        assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["selection"] == (
            "seen since 2026-01-01; sex F; an episode at ankle-left; every episode closed"
        )

    def test_as_of_a_day_gives_the_bytes_of_that_day(self, run, tmp_path):
        def write(name):
            done = run("export", "--out", str(tmp_path / name), "--as-of", "2026-06-30", "--no-courses", *IDENTIFIED)
            assert done.exit_code == 0, done.output
            return bytes_of(tmp_path / name)

        before = write("before")
        assert "2026-08" not in before["visits.csv"].decode()
        run("visit", "add", "P-00", "--on", "2026-08-20", "--pain", "ankle-left=1")
        after = write("after")
        # the ledger went on, and an identified manifest names its last entry
        assert {name for name in before if before[name] != after[name]} == {"manifest.json"}

    def test_known_at_a_moment_gives_the_bytes_of_that_moment(self, run, export):
        moment = json.loads(run("log", "--json").stdout)[-1]["recorded_at"]
        before = bytes_of(export("before", *IDENTIFIED, "--known-at", moment))
        run("visit", "add", "P-00", "--on", "2026-05-20", "--pain", "ankle-left=1")
        assert bytes_of(export("after", *IDENTIFIED, "--known-at", moment)) == before

    def test_a_void_that_is_taken_back_leaves_no_trace(self, run, export):
        before = bytes_of(export("before"))
        assert run("visit", "void", "2", "--why", "wrong patient").exit_code == 0
        assert bytes_of(export("meanwhile"))["pain.csv"] != before["pain.csv"]
        entry = json.loads(run("log", "--json").stdout)[-2]["entry_id"]
        assert run("undo", str(entry), "--yes").exit_code == 0
        assert bytes_of(export("after")) == before


class TestFormats:
    def test_no_cell_is_a_formula(self, export):
        folder = export("out", *IDENTIFIED, "--format", "csv,xlsx")
        assert [row["note"] for row in rows_of(folder, "notes")] == [SAID, "'=HYPERLINK(1)"]
        assert [row["how"] for row in rows_of(folder, "differential")] == ["'-MRI"]
        book = load_workbook(folder / "export.xlsx")
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds

    def test_a_workbook_has_a_sheet_for_each_table_and_a_frozen_header(self, export):
        folder = export("out", "--format", "xlsx")
        book = load_workbook(folder / "export.xlsx")
        assert book.sheetnames[:4] == ["README", "dictionary", "patients", "episodes"]
        assert {sheet.freeze_panes for sheet in book} == {"A2"}
        assert book["pain"]["A2"].data_type == "s"
        assert isinstance(book["pain"]["H2"].value, int)

    def test_a_workbook_is_of_the_moment_that_is_asked_for(self, export, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
        folder = export("out", "--format", "xlsx")
        with zipfile.ZipFile(folder / "export.xlsx") as archive:
            assert {part.date_time for part in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
            assert b"2026-01-01T00:00:00Z" in archive.read("docProps/core.xml")

    def test_a_moment_that_is_none_is_refused(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
        done = run("export", "--out", str(tmp_path / "out"), "--no-courses")
        assert "SOURCE_DATE_EPOCH must be whole seconds since 1970, but was 'soon'." in done.stderr

    def test_parquet_has_an_explicit_schema(self, export):
        folder = export("out", *IDENTIFIED, "--format", "parquet")
        schema = pq.read_schema(folder / "pain.parquet")
        assert schema.field("score").type == pa.int64()
        assert schema.field("site").type == pa.dictionary(pa.int32(), pa.string())
        assert schema.field("visit_date_first").type == pa.date32()
        assert schema.field("visit").type == pa.string()
        assert {b"edition_sha256", b"policy", b"program_version"} <= schema.metadata.keys()
        assert pq.read_table(folder / "pain.parquet").column("score").null_count == 1

    def test_json_is_a_list_of_objects_with_null_for_missing(self, export):
        pain = json.loads((export("out", "--format", "json") / "pain.json").read_text(encoding="utf-8"))
        assert [row["score_missing_reason"] for row in pain if row["score"] is None] == ["refused"]
        assert all(isinstance(row["score"], int) for row in pain if row["score"] is not None)

    def test_the_mark_for_excel_is_written_where_it_is_asked_for(self, export):
        folder = export("out", "--bom")
        assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in folder.glob("*.csv"))

    def test_every_format_says_the_same(self, export):
        folder = export("out", "--format", "csv,parquet,json")
        written = json.loads((folder / "episodes.json").read_text(encoding="utf-8"))
        assert pq.read_table(folder / "episodes.parquet").to_pylist() == written
        assert [row["episode"] for row in rows_of(folder, "episodes")] == [row["episode"] for row in written]

    def test_a_format_nobody_knows_is_refused(self, run, tmp_path):
        done = run("export", "--out", str(tmp_path / "out"), "--format", "csv,pdf")
        assert "--format must name some of csv, xlsx, parquet, json, but named 'pdf'." in done.stderr


class TestDescriptions:
    def test_the_manifest_holds_the_size_and_sha256_of_every_file(self, export):
        folder = export("out", "--format", "csv,xlsx")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = {
            path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in folder.iterdir()
            if path.name != "manifest.json"
        }
        assert manifest["files"] == found
        assert manifest["tables"]["pain"] == {
            "grain": "one pain score: one site, instrument and aspect at one visit",
            "n_rows": 39,
        }
        assert "last_entry" not in manifest

    def test_the_dictionary_describes_every_column_of_every_table(self, export):
        folder = export("out")
        described = [(row["table"], row["column"]) for row in rows_of(folder, "dictionary")]
        there = [
            (path.stem, column)
            for path in folder.glob("*.csv")
            if path.stem != "dictionary"
            for column in path.read_text(encoding="utf-8").splitlines()[0].split(",")
        ]
        assert sorted(described) == sorted(there)
        assert all(row["description"] for row in rows_of(folder, "dictionary"))

    def test_the_data_package_names_every_file_with_its_hash_and_columns(self, export):
        """The rules of datapackage.org/standard that a reader relies on, checked here one by one."""
        folder = export("out")
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        for resource in package["resources"]:
            content = (folder / resource["path"]).read_bytes()
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
            header = content.decode().splitlines()[0].split(",")
            assert [field["name"] for field in resource["schema"]["fields"]] == header
            assert set(resource["schema"].get("primaryKey", ())) <= set(header)
            for field in resource["schema"]["fields"]:
                assert field["type"] in {"string", "integer", "number", "boolean", "date"}

    def test_every_cell_keeps_the_rules_of_its_column(self, export):
        folder = export("out", courses=True)
        rules = {(row["table"], row["column"]): row for row in rows_of(folder, "dictionary")}
        for (table, column), rule in rules.items():
            for row in rows_of(folder, table):
                cell = row[column]
                if cell and rule["allowed"]:
                    assert cell in rule["allowed"].split(" | "), (table, column)
                if cell and rule["low"]:
                    assert float(rule["low"]) <= float(cell), (table, column)
                if cell and rule["high"]:
                    assert float(cell) <= float(rule["high"]), (table, column)

    def test_the_python_program_in_the_folder_reads_it(self, export):
        folder = export("out", *IDENTIFIED)
        done = subprocess.run([sys.executable, folder / "read_me.py"], capture_output=True, text=True, check=True)
        assert "patients: 12 rows" in done.stdout
        assert "pain: 39 rows" in done.stdout

    @pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
    @pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: Debian has it as r-base-core")
    def test_the_r_program_in_the_folder_reads_it(self, export, tmp_path, locale):
        folder = export("out", *IDENTIFIED, "--bom")
        (tmp_path / "look.R").write_text(LOOK_IN_R, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", tmp_path / "look.R"],
            cwd=folder,
            env={**os.environ, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        said = done.stdout.splitlines()
        assert said[:3] == ["patients: 12 rows", "episodes: 12 rows", "visits: 39 rows"]
        assert said[said.index("notes: 2 rows") + 1 :] == [
            "clinic patient episode",  # the mark before the header is no part of a name
            "character integer logical",
            "Date",
            f"{12 * (7 + 6 + 5) + 5 + 40} 1",
            "2026-08-01 refused",
            "0 Date integer",
            f"{len(SAID)} TRUE 14 TRUE",
        ]

    @pytest.mark.skipif(shutil.which("frictionless") is None, reason="pip install frictionless, beside the project")
    @pytest.mark.parametrize("words", [(), IDENTIFIED, ("--bom",), ("--clinic", "elsewhere")], ids=" ".join)
    def test_frictionless_finds_nothing_wrong_with_the_data_package(self, export, words):
        folder = export("out", *words, courses=not words)
        done = subprocess.run(
            ["frictionless", "validate", folder / "datapackage.json"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


class TestEngines:
    def test_the_same_record_gives_the_same_bytes_on_either_engine(
        self, run, run_on, new_database, tmp_path, monkeypatch
    ):
        """The record is made anew on PostgreSQL; only the secret of the release, which is drawn, is set."""
        monkeypatch.setattr("tracker.cli.export_release._new_secret", lambda: "5" * 64)
        (tmp_path / "files").mkdir()
        url = new_database("postgresql")
        fill(url, tmp_path / "files")
        for name, one in (("sqlite", run), ("postgresql", run_on(url, make=False))):
            for way, words in (("release", ()), ("identified", IDENTIFIED)):
                out = ("--out", str(tmp_path / f"{name}-{way}"), "--as-of", "2026-09-01", "--no-courses")
                assert one("export", *out, "--format", "csv,parquet", *words).exit_code == 0
        for way in ("release", "identified"):
            assert bytes_of(tmp_path / f"sqlite-{way}") == bytes_of(tmp_path / f"postgresql-{way}")


class TestLedger:
    def test_an_export_is_an_entry_that_names_who_why_and_the_manifest(self, run, export):
        folder = export("out", "--release", "paper", "--sex", "F", "--reason", "for the paper")
        entry = json.loads(run("log", "--json").stdout)[-1]
        assert (entry["command"], entry["recorded_by"], entry["reason"]) == ("export", "nurse", "for the paper")
        shown = run("log", str(entry["entry_id"])).stdout
        assert hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() in shown
        assert "+ export de-identified in release 'paper', 10 patients (sex F), csv;" in shown
        assert run("db", "verify").exit_code == 0

    def test_the_secret_of_a_release_is_never_printed(self, run, export, tmp_path):
        export("out")
        from sqlalchemy import create_engine, text

        engine = create_engine(f"sqlite:///{tmp_path / 'record.db'}")
        with engine.connect() as connection:
            (secret,) = connection.execute(text("SELECT secret FROM release_key")).one()
        engine.dispose()
        number = str(json.loads(run("log", "--json").stdout)[-1]["entry_id"])
        for words in (("log", number), ("log", number, "--json"), ("log", "--all", "--json")):
            assert secret not in run(*words).output

    def test_an_export_cannot_be_undone_and_is_never_the_newest_to_undo(self, run, export):
        newest = json.loads(run("log", "--json").stdout)[-1]["entry_id"]
        export("out")
        refused = run("undo", str(newest + 1), "--yes")
        assert (refused.exit_code, refused.stderr) == (
            5,
            f"Error: Entry {newest + 1} says that data left the record, and that cannot be taken back. "
            "Delete the files where they are.\nNothing was written.\n",
        )
        assert f"Undo of entry {newest} (" in run("undo", "--dry-run").stdout

    def test_identified_needs_a_reason(self, run, tmp_path):
        done = run("export", "--out", str(tmp_path / "out"), "--identified")
        assert "Error: An identified export needs a reason, kept in the ledger. Give --reason TEXT." in done.stderr
        assert not (tmp_path / "out").exists()

    def test_identified_has_no_release(self, run, tmp_path):
        done = run("export", "--out", str(tmp_path / "out"), *IDENTIFIED, "--release", "paper")
        assert done.stderr.startswith("Error: --release names a de-identified export.")

    def test_a_rehearsal_counts_and_writes_nothing(self, run, tmp_path):
        newest = json.loads(run("log", "--json").stdout)[-1]["entry_id"]
        done = run("export", "--out", str(tmp_path / "out"), "--no-courses", "--dry-run", "--json")
        told = json.loads(done.stdout)
        assert (told["n_patients"], told["tables"]["pain"], told["entry_id"]) == (12, 39, None)
        assert "Dry run: nothing was written." in done.stderr
        assert json.loads(run("log", "--json").stdout)[-1]["entry_id"] == newest
        assert not (tmp_path / "out").exists()


class TestWholeOrNothing:
    def test_a_folder_that_holds_something_is_refused(self, run, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "thesis.txt").touch()
        done = run("export", "--out", str(tmp_path / "out"), "--no-courses")
        assert (done.exit_code, done.stderr) == (
            5,
            f"Error: The folder '{tmp_path / 'out'}' holds something already. "
            "Name a new or an empty one: --out DIR\nNothing was written.\n",
        )
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]

    def test_a_file_in_its_place_is_refused(self, run, tmp_path):
        (tmp_path / "out").touch()
        assert (
            "is there already and is no folder." in run("export", "--out", str(tmp_path / "out"), "--no-courses").stderr
        )

    def test_an_empty_folder_is_filled(self, run, tmp_path):
        (tmp_path / "out").mkdir()
        assert run("export", "--out", str(tmp_path / "out"), "--no-courses").exit_code == 0

    @pytest.mark.parametrize(
        "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "stop"]
    )
    def test_what_is_interrupted_leaves_neither_files_nor_entry(self, run, tmp_path, monkeypatch, error):
        newest = json.loads(run("log", "--json").stdout)[-1]["entry_id"]

        def fail(self, rows):
            raise error

        monkeypatch.setattr("tracker.exchange.release.files.CsvWriter.write", fail)
        done = run("export", "--out", str(tmp_path / "out"), "--no-courses")
        assert done.exit_code != 0
        assert "Nothing was written." in done.output or isinstance(error, KeyboardInterrupt)
        assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []
        assert json.loads(run("log", "--json").stdout)[-1]["entry_id"] == newest

    def test_where_the_entry_cannot_be_written_the_files_go_too(self, run, tmp_path, monkeypatch):
        publish = NewFolder.publish

        def publish_and_fail(self):
            publish(self)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(NewFolder, "publish", publish_and_fail)
        assert run("export", "--out", str(tmp_path / "out"), "--no-courses").exit_code != 0
        assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []

    def test_an_exported_folder_is_its_owners_alone(self, export):
        if os.name == "posix":
            folder = export("out")
            assert [path.name for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077] == []
