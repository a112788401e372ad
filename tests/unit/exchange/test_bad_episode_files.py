"""Everything that can be wrong with visits and onsets, with the whole sentence that is said about it."""

import gzip
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.errors import InputError

HEAD, ONSET_HEAD = "episode_id,day,pain_nrs\n", "episode_id,onset_day\n"
CORRECT = "Correct the files and run the same command again."
DAY = "a whole number of days on one clock, from -9999999 to 9999999 (a calendar date is none)"


def said(opened, **files):
    with pytest.raises(InputError) as refused, opened(**files):
        pass
    first, *lines, last = refused.value.message.split("\n")
    assert last == CORRECT
    count = 1 if first == "The input has 1 problem:" else int(first.split()[3])
    assert first == ("The input has 1 problem:" if count == 1 else f"The input has {count} problems:")
    return count, [line.removeprefix("  ") for line in lines]


@pytest.mark.parametrize(
    ("score", "found"),
    [
        ("7.5", "'7.5'"),
        ("11", "'11'"),
        ("-1", "'-1'"),
        ("seven", "'seven'"),
        ("NA", "'NA'"),
        ("", "empty"),
        ("  ", "empty"),
        ('"7,5"', "'7,5'"),
        ("1_0", "'1_0'"),
        ("nan", "'nan'"),
        ("inf", "'inf'"),
        ("1e99", "'1e99'"),
        ("0x7", "'0x7'"),
        ("7 points", "'7 points'"),
        ("\N{FULLWIDTH DIGIT SEVEN}", "'\N{FULLWIDTH DIGIT SEVEN}'"),
        ("7\N{ZERO WIDTH SPACE}", "'7\\u200b'"),
        ("9" * 50, f"'{'9' * 40}...'"),
    ],
)
def test_a_score_that_is_none_is_quoted_with_file_and_row(opened, score, found):
    count, lines = said(opened, visits=f"{HEAD}007,1,3\n007,2,{score}\nA,1,2\n")
    assert (count, lines) == (
        1,
        [f"visits.csv, row 3: pain_nrs must be a whole number from 0 to 10, but was {found}."],
    )


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("1.5", "'1.5'"),
        ("2026-03-10", "'2026-03-10'"),
        ("20260310", "'20260310'"),
        ("", "empty"),
        ("day 3", "'day 3'"),
    ],
)
def test_a_day_that_is_none_is_quoted_with_file_and_row(opened, day, found):
    assert said(opened, visits=f"{HEAD}007,{day},3\nA,1,2\n") == (
        1,
        [f"visits.csv, row 2: day must be {DAY}, but was {found}."],
    )
    assert said(opened, onsets=f"{ONSET_HEAD}A,1\n007,{day}\n") == (
        1,
        [f"onsets.csv, row 3: onset_day must be {DAY}, but was {found}."],
    )


@pytest.mark.parametrize("span", ["-1", "1097", "0.5", "month"])
def test_a_span_that_is_none_is_quoted_with_file_and_row(opened, span):
    assert said(opened, onsets=f"episode_id,onset_day,onset_span_days\nA,1,1096\n007,1,{span}\n") == (
        1,
        [f"onsets.csv, row 3: onset_span_days must be a whole number from 0 to 1096, but was '{span}'."],
    )


def test_an_empty_span_is_no_span_of_nothing(opened):
    assert said(opened, onsets="episode_id,onset_day,onset_span_days\nA,1,\n007,1,0\n") == (
        1,
        ["onsets.csv, row 2: onset_span_days must be a whole number from 0 to 1096, but was empty."],
    )


def test_an_empty_id_is_said_once_and_not_as_a_missing_episode(opened):
    assert said(opened, visits=f"{HEAD}007,1,3\nA,1,2\n,2,2\n", onsets=f"{ONSET_HEAD}A,1\n007,1\n  ,1\n") == (
        2,
        ["onsets.csv, row 4: episode_id must not be empty.", "visits.csv, row 4: episode_id must not be empty."],
    )


def test_an_episode_in_one_file_only_is_said_both_ways_once_per_episode(opened):
    visits = f"{HEAD}007,1,3\nB,1,2\nB,2,2\nA,1,1\n"
    assert said(opened, visits=visits, onsets=f"{ONSET_HEAD}A,1\n7,1\n007,1\n") == (
        2,
        [
            "onsets.csv, row 3: the episode '7' has no visit in visits.csv.",
            "visits.csv, row 3: the episode 'B' has no onset in onsets.csv.",
        ],
    )


def test_an_episode_twice_among_the_onsets_is_said_at_the_later_row(opened):
    assert said(opened, onsets=f"{ONSET_HEAD}A,1\n007,1\nA,1\nA,9\n") == (
        2,
        [
            "onsets.csv, row 4: the episode 'A' has an onset in an earlier row already; it needs one row.",
            "onsets.csv, row 5: the episode 'A' has an onset in an earlier row already; it needs one row.",
        ],
    )


def test_two_scores_of_one_episode_on_one_day_are_said_whether_they_agree_or_not(opened):
    assert said(opened, visits=f"{HEAD}007,1,3\nA,1,3\n007,2,4\n007,1,3\nA,1,9\n") == (
        2,
        [
            "visits.csv, row 5: the episode '007' has a score on day '1' in an earlier row already; keep one.",
            "visits.csv, row 6: the episode 'A' has a score on day '1' in an earlier row already; keep one.",
        ],
    )


def test_problems_of_every_kind_are_told_together_by_file_and_row(opened):
    visits = f"{HEAD}007,1,12\nA,x,3\n007,1,3,4\nB,2,3\n007,3,7\n007,3,\n"
    assert said(opened, visits=visits, onsets=f"{ONSET_HEAD}A,1\n007,\nC,5\nC,5\n") == (
        8,
        [
            f"onsets.csv, row 3: onset_day must be {DAY}, but was empty.",
            "onsets.csv, row 5: the episode 'C' has an onset in an earlier row already; it needs one row.",
            "visits.csv, row 2: pain_nrs must be a whole number from 0 to 10, but was '12'.",
            f"visits.csv, row 3: day must be {DAY}, but was 'x'.",
            "visits.csv, row 4: this row has more values than the header has columns.",
            "visits.csv, row 5: the episode 'B' has no onset in onsets.csv.",
            "visits.csv, row 7: pain_nrs must be a whole number from 0 to 10, but was empty.",
            "visits.csv, row 7: the episode '007' has a score on day '3' in an earlier row already; keep one.",
        ],
    )


def test_of_many_problems_the_first_fifty_are_shown_and_the_others_counted(opened):
    rows = "".join(f"007,{day},11\n" for day in range(1, 1001))
    count, lines = said(opened, visits=f"{HEAD}A,1,1\n{rows}")
    assert count == 1000
    assert lines[0] == "visits.csv, row 3: pain_nrs must be a whole number from 0 to 10, but was '11'."
    assert lines[49] == "visits.csv, row 52: pain_nrs must be a whole number from 0 to 10, but was '11'."
    assert lines[50:] == ["... and 950 more"]


def test_rows_are_counted_as_an_editor_shows_them(opened):
    # a blank line is a line, a quoted line break makes one row two lines, and a row of another shape stays a row
    visits = 'episode_id,note,day,pain_nrs\n007,"two\nlines",1,3\n\n007,,2\n007,,3,11\n"x"y,,1,1\nA,,1,2\nA,,x,2\n'
    assert said(opened, visits=visits) == (
        4,
        [
            "visits.csv, row 5: this row has fewer values than the header has columns.",
            "visits.csv, row 6: pain_nrs must be a whole number from 0 to 10, but was '11'.",
            "visits.csv, row 7: this row has a quote that is not closed, or text after a closing quote.",
            f"visits.csv, row 9: day must be {DAY}, but was 'x'.",
        ],
    )


def test_a_quote_that_is_never_closed_is_found_where_it_begins(opened):
    assert said(opened, visits=f'{HEAD}A,1,2\n"007,1,3\n007,2,4\n') == (
        1,
        ["visits.csv, row 3: this row has a quote that is not closed, or text after a closing quote."],
    )


def test_a_row_that_is_not_utf8_is_named(opened):
    visits = HEAD.encode() + b"007,1,3\nA,1,2\nM\xfcller,1,2\n"
    assert said(opened, visits=visits) == (
        1,
        ["visits.csv, row 4: this row is not written in UTF-8; save the file as UTF-8."],
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; it needs a header and a row for each entry"),
        (b"\xef\xbb\xbf\n", "is empty; it needs a header and a row for each entry"),
        (HEAD.encode(), "has a header but no row"),
        (HEAD.encode("utf-16"), "is written in UTF-16; save it as UTF-8"),
        (b"episode_id,d\xe4y,pain_nrs\n", "is not written in UTF-8 (byte 0xe4 in the header); save it as UTF-8"),
        (b"PAR1\x00\x15\x04", "is no csv file: it holds bytes that are no text"),
        (b"episode_id;day;pain_nrs\nA;1;2\n", "is separated by semicolons; save it with commas"),
        (b"episode_id\tday\tpain_nrs\nA\t1\t2\n", "is separated by tabs; save it with commas"),
        (
            b"id,day,pain\nA,1,2\n",
            "has no column 'episode_id'; its columns are 'id', 'day', 'pain'",
        ),
        (
            b"episode_id,day,Pain_NRS\nA,1,2\n",
            "has no column 'pain_nrs'; its columns are 'episode_id', 'day', 'Pain_NRS'",
        ),
        (b"episode_id,day,pain_nrs,day\nA,1,2,3\n", "has the column 'day' more than once"),
        (
            b"episode_id,day,pain_nrs\r\n007,1,2\nA,1,2\r\n",
            "cannot be read to its end: its lines do not all end in the same way, or it is damaged; save it again",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_holds_no_such_table_is_told_why(opened, content, sentence):
    assert said(opened, visits=content) == (1, [f"visits.csv {sentence}."])


def test_both_files_are_looked_at_before_anything_is_said(opened):
    assert said(opened, visits=b"", onsets=f"{ONSET_HEAD}A,x\n") == (
        2,
        [
            f"onsets.csv, row 2: onset_day must be {DAY}, but was 'x'.",
            "visits.csv is empty; it needs a header and a row for each entry.",
        ],
    )


def test_a_file_that_is_not_there_is_a_folder_or_has_another_ending_is_told(opened, folder):
    (folder / "folder.csv").mkdir()
    for name, sentence in (
        ("nowhere.csv", "is not there"),
        ("folder.csv", "is a folder and no file"),
    ):
        assert said(opened, visits=Path(name)) == (1, [f"{name} {sentence}."])
    (folder / "visits.xlsx").write_bytes(b"PK")
    ending = "must end in .csv, .csv.gz or .parquet, so that its format is known"
    assert said(opened, visits=Path("visits.xlsx")) == (1, [f"visits.xlsx {ending}."])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(opened, folder):
    (folder / "closed.csv").write_text(HEAD)
    (folder / "closed.csv").chmod(0)
    assert said(opened, visits=Path("closed.csv")) == (1, ["closed.csv cannot be read: Permission denied."])


def test_a_damaged_gz_or_parquet_file_is_told(opened, folder):
    (folder / "v.csv.gz").write_bytes(gzip.compress(HEAD.encode() * 99)[:-20])
    (folder / "w.csv.gz").write_text(HEAD)
    (folder / "v.parquet").write_text(HEAD)
    for name, sentence in (
        ("v.csv.gz", "its name ends in .gz, but it is no complete gzip file"),
        ("w.csv.gz", "its name ends in .gz, but it is no complete gzip file"),
        ("v.parquet", "is no parquet file, or not a whole one"),
    ):
        assert said(opened, visits=Path(name)) == (1, [f"{name} {sentence}."])


def _parquet(folder, **columns):
    pq.write_table(pa.table({"episode_id": ["007", "A"], **columns}), folder / "v.parquet")
    return Path("v.parquet")


def test_a_parquet_score_that_is_no_whole_number_is_quoted_with_its_row(opened, folder):
    visits = _parquet(folder, day=[1, 2], pain_nrs=[7.5, None])
    assert said(opened, visits=visits) == (
        2,
        [
            "v.parquet, row 1: pain_nrs must be a whole number from 0 to 10, but was '7.5'.",
            "v.parquet, row 2: pain_nrs must be a whole number from 0 to 10, but was empty.",
        ],
    )


def test_a_parquet_column_of_another_kind_is_told(opened, folder):
    days = pa.array([1, 2], pa.date32())
    assert said(opened, visits=_parquet(folder, day=days, pain_nrs=[7, 6])) == (
        1,
        ["v.parquet holds date32[day] in the column 'day', and no whole numbers."],
    )
    assert said(opened, visits=_parquet(folder, day=[1, 2], pain_nrs=[True, False])) == (
        1,
        ["v.parquet holds bool in the column 'pain_nrs', and no whole numbers."],
    )
    assert said(opened, visits=_parquet(folder, day=[1, 2])) == (
        1,
        ["v.parquet has no column 'pain_nrs'; its columns are 'episode_id', 'day'."],
    )
