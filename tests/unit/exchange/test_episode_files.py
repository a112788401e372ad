"""What is read from good files: order, types and formats."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.exchange.conftest import ONSETS, VISITS


def read(files):
    """Give all that was read as plain values."""
    rows = files.rows(0, files.n_episodes)
    return {
        "ids": rows.episode_id,
        "first": rows.first_visit.tolist(),
        "days": rows.day.tolist(),
        "scores": rows.pain_nrs.tolist(),
        "onsets": rows.onset_day.tolist(),
        "spans": rows.onset_span_days.tolist(),
    }


# by hand, from the two tables of conftest: onsets A, 007; visits of 007 out of order
EXPECTED = {
    "ids": ("A", "007"),
    "first": [0, 1, 3],
    "days": [12, 10, 40],
    "scores": [0, 5, 7],
    "onsets": [2, -3],
    "spans": [0, 0],
}


def test_episodes_keep_the_order_of_the_onsets_and_visits_that_of_their_days(opened):
    with opened() as files:
        assert (files.n_episodes, files.n_visits) == (2, 3)
        assert read(files) == EXPECTED


def test_the_arrays_have_the_types_of_the_model(opened):
    with opened() as files:
        rows = files.rows(0, 2)
    assert [rows.first_visit.dtype, rows.day.dtype, rows.onset_day.dtype, rows.onset_span_days.dtype] == [np.int64] * 4
    assert rows.pain_nrs.dtype == np.int8


def test_a_part_is_read_with_its_own_visits_only(opened):
    with opened() as files:
        second = files.rows(1, 2)
    assert (second.episode_id, second.first_visit.tolist(), second.day.tolist()) == (("007",), [0, 2], [10, 40])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
        lambda text: text.replace(",", ", ").encode(),
        lambda text: text.replace("007", '"007"').encode(),
        lambda text: text.replace("\n", ",more\n").encode(),
        lambda text: text.replace("40", "40.0").replace("-3", "-3.00").encode(),
    ],
    ids=["crlf", "bom", "no last line end", "blank lines", "spaces", "quotes", "another column", "with zeros"],
)
def test_csv_is_read_however_a_program_writes_it(opened, change):
    with opened(visits=change(VISITS), onsets=change(ONSETS)) as files:
        assert read(files) == EXPECTED


def test_a_gz_file_is_read(opened, folder):
    (folder / "visits.csv.gz").write_bytes(gzip.compress(VISITS.encode()))
    with opened(visits=Path("visits.csv.gz")) as files:
        assert read(files) == EXPECTED


def test_a_file_is_taken_by_its_name_and_never_as_a_pattern_of_several(opened, folder):
    (folder / "v1.csv").write_text(VISITS.replace("40,7", "41,1"))
    (folder / "v[1].csv").write_text(VISITS)
    with opened(visits=Path("v[1].csv")) as files:
        assert read(files) == EXPECTED


@pytest.mark.parametrize("day", [pa.int8(), pa.int64(), pa.uint16(), pa.float64(), pa.decimal128(9, 2), pa.string()])
@pytest.mark.parametrize("score", [pa.int8(), pa.float32(), pa.large_string()])
def test_parquet_numbers_of_every_type_are_read_where_they_are_whole(opened, folder, day, score):
    def column(values, kind):
        return pa.array([str(value) for value in values] if "string" in str(kind) else values, kind)

    ids = pa.array(["007", "007", "A"]).dictionary_encode()
    visits = pa.table({"episode_id": ids, "day": column([40, 10, 12], day), "pain_nrs": column([7, 5, 0], score)})
    pq.write_table(visits, folder / "visits.parquet")
    with opened(visits=Path("visits.parquet")) as files:
        assert read(files) == EXPECTED


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()])
def test_whole_numbers_as_ids_find_their_text(opened, folder, kind):
    visits = pa.table({"episode_id": pa.array([7, 7, 12], kind), "day": [1, 2, 3], "pain_nrs": [1, 2, 3]})
    pq.write_table(visits, folder / "visits.parquet")
    with opened(visits=Path("visits.parquet"), onsets="episode_id,onset_day\n7,1\n12,1\n") as files:
        assert read(files)["ids"] == ("7", "12")


@pytest.mark.parametrize(
    "episode_id", ["007", "1e3", "=1+1", 'a "b"', "a,b", "\N{GREEK SMALL LETTER ALPHA}", "NA", "null"]
)
def test_an_id_is_text_and_stays_as_it_is(opened, episode_id):
    cell = '"' + episode_id.replace('"', '""') + '"'
    with opened(visits=f"episode_id,day,pain_nrs\n{cell},1,2\n", onsets=f"episode_id,onset_day\n{cell},0\n") as files:
        assert read(files)["ids"] == (episode_id,)


def test_spans_are_read_where_they_are_given(opened):
    with opened(onsets="episode_id,onset_day,onset_span_days\nA,2,30\n007,-3,0\n") as files:
        assert read(files)["spans"] == [30, 0]


def test_visits_before_the_onset_are_read_and_counted(opened):
    visits = "episode_id,day,pain_nrs\n007,-34,1\n007,-33,2\nA,2,3\n"  # the onset of 007 is day -3
    with opened(visits=visits) as files:
        assert files.n_visits == 3
        assert (files.n_visits_before(29), files.n_visits_before(30), files.n_visits_before(31)) == (2, 1, 0)


def test_ids_that_a_spreadsheet_takes_for_a_formula_are_counted(opened):
    ids = ["=1", "+1", "-1", "@a", "a=1", "1"]
    visits = "episode_id,day,pain_nrs\n" + "".join(f"{one},1,1\n" for one in ids)
    with opened(visits=visits, onsets="episode_id,onset_day\n" + "".join(f"{one},1\n" for one in ids)) as files:
        assert files.n_formulas == 4


def test_order_and_values_hold_over_many_rows(opened):
    rng = np.random.default_rng(5)
    n_episodes, n_visits = 20_000, 8
    ids = [f"E{number:05}" for number in range(n_episodes)]
    order = rng.permutation(n_episodes)
    episode = np.repeat(np.arange(n_episodes), n_visits)
    day = rng.integers(1, 50, (n_episodes, n_visits)).cumsum(axis=1).ravel()
    score = rng.integers(0, 11, len(day))
    shuffled = rng.permutation(len(day))
    visits = "".join(f"{ids[episode[row]]},{day[row]},{score[row]}\n" for row in shuffled)
    onsets = "".join(f"{ids[place]},{place % 7}\n" for place in order)
    with opened(visits="episode_id,day,pain_nrs\n" + visits, onsets="episode_id,onset_day\n" + onsets) as files:
        parts = [files.rows(start, start + 4000) for start in range(0, n_episodes, 4000)]
    assert [one for part in parts for one in part.episode_id] == [ids[place] for place in order]
    assert np.concatenate([part.onset_day for part in parts]).tolist() == [place % 7 for place in order]
    # the naive twin: sort in Python
    seen = {}
    for one, on, scored in zip(episode.tolist(), day.tolist(), score.tolist(), strict=True):
        seen.setdefault(one, []).append((on, scored))
    wanted = [pair for place in order.tolist() for pair in sorted(seen[place])]
    found = [pair for part in parts for pair in zip(part.day.tolist(), part.pain_nrs.tolist(), strict=True)]
    assert found == wanted
