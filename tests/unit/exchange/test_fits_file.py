"""Writing a table: whole or not at all, the same bytes however it comes, read back as it was."""

import csv
import stat
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import AccessError, ConflictError, InputError
from tracker.exchange import fits_file
from tracker.exchange.fits_file import new_table_file

COLUMNS = [
    SimpleNamespace(name=name, kind=kind, unit=unit, description=f"what {name} says")
    for name, kind, unit in (
        ("episode_id", "text", ""),
        ("n_visits", "integer", "visits"),
        ("p", "number", "probability"),
        ("refined", "truth", ""),
    )
]
ROWS = {
    "episode_id": np.array(["007", "=1+1", 'a,"b"', "\N{GREEK SMALL LETTER ALPHA}"], dtype=object),
    "n_visits": np.array([3.0, np.nan, 0.0, 12.0]),
    "p": np.array([0.25, np.nan, 1e-7, 1.0]),
    "refined": np.array([True, None, False, True], dtype=object),
}
CSV = (
    'episode_id,n_visits,p,refined\n"007",3,0.25,true\n"=1+1",,,\n"a,""b""",0,1e-7,false\n'
    '"\N{GREEK SMALL LETTER ALPHA}",12,1,true\n'
)


@pytest.fixture
def write(tmp_path):
    """Give `write(name, *parts)`: the path of a table written of these parts."""

    def make(name, *parts, **options):
        path = tmp_path / name
        with new_table_file(path, COLUMNS, about={"edition": "course_v1"}, **options) as table:
            for part in parts or (ROWS,):
                table.write(part)
        return path

    return make


def _part(start, stop):
    return {name: values[start:stop] for name, values in ROWS.items()}


def test_csv_is_plain_and_an_id_stays_as_it_is(write):
    assert write("fits.csv").read_bytes() == CSV.encode()


def test_parquet_keeps_types_missing_values_units_and_where_it_comes_from(write):
    table = pq.read_table(write("fits.parquet"))
    assert [str(kind) for kind in table.schema.types] == ["string", "int64", "double", "bool"]
    assert table.to_pylist()[:2] == [
        {"episode_id": "007", "n_visits": 3, "p": 0.25, "refined": True},
        {"episode_id": "=1+1", "n_visits": None, "p": None, "refined": None},
    ]
    assert table.schema.metadata[b"edition"] == b"course_v1"
    assert table.schema.field("p").metadata == {b"unit": b"probability", b"description": b"what p says"}


def test_both_formats_hold_the_same_numbers(write):
    rows = list(csv.DictReader(write("fits.csv").read_text(encoding="utf-8").splitlines()))
    table = pq.read_table(write("fits.parquet")).to_pylist()
    assert [float(row["p"]) if row["p"] else None for row in rows] == [row["p"] for row in table]


@pytest.mark.parametrize("name", ["fits.csv", "fits.parquet"])
def test_how_many_rows_come_at_a_time_leaves_no_trace(write, monkeypatch, name):
    monkeypatch.setattr(fits_file, "_ROWS_PER_GROUP", 3)
    at_once = write(name).read_bytes()
    for cuts in ((0, 1, 2, 3, 4), (0, 2, 4), (0, 3, 4), (0, 0, 4)):
        parts = [_part(start, stop) for start, stop in zip(cuts, cuts[1:], strict=False)]
        assert write(name, *parts, overwrite=True).read_bytes() == at_once


def test_parquet_is_written_in_groups(write, monkeypatch):
    monkeypatch.setattr(fits_file, "_ROWS_PER_GROUP", 3)
    assert pq.ParquetFile(write("fits.parquet")).metadata.num_row_groups == 2


def _write_then(path, happens, **options):
    with new_table_file(path, COLUMNS, about={}, **options) as table:
        for _ in range(9):
            table.write(ROWS)
        happens()


def _raise(error):
    raise error


@pytest.mark.parametrize("name", ["fits.csv", "fits.parquet"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ValueError])
def test_whatever_interrupts_the_writing_nothing_is_left(tmp_path, name, error):
    with pytest.raises(error):
        _write_then(tmp_path / name, lambda: _raise(error))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["fits.csv", "fits.parquet"])
def test_an_interrupted_run_leaves_the_former_file_as_it_was(write, tmp_path, name):
    before = write(name).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        _write_then(tmp_path / name, lambda: _raise(KeyboardInterrupt), overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", ["fits.csv", "fits.parquet"])
@pytest.mark.parametrize("rows_per_group", [1, 1000], ids=["while writing", "at the end"])
def test_a_full_disk_is_said_and_nothing_is_left(tmp_path, monkeypatch, name, rows_per_group):
    open_descriptor = fits_file.os.fdopen

    class Full:
        """A file on a disk that is full after 100 bytes."""

        def __init__(self, descriptor, mode):
            self.file, self.room = open_descriptor(descriptor, mode), 100

        def write(self, content):
            self.room -= len(content)
            if self.room < 0:
                raise OSError(28, "No space left on device")
            return self.file.write(content)

        def __getattr__(self, attribute):
            return getattr(self.file, attribute)

    monkeypatch.setattr(fits_file, "_ROWS_PER_GROUP", rows_per_group)
    monkeypatch.setattr(fits_file.os, "fdopen", Full)
    path = tmp_path / name
    with pytest.raises(AccessError) as told:
        _write_then(path, lambda: None)
    assert str(told.value) == (
        f"Cannot write '{path}': No space left on device. Choose a folder with room that you may write to: --out FILE."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_replaced(write, tmp_path):
    path = write("fits.csv")
    with pytest.raises(ConflictError) as told:
        write("fits.csv", _part(0, 1))
    assert str(told.value) == f"'{path}' is there already. Choose another name, or replace it: --overwrite."
    assert path.read_bytes() == CSV.encode()
    write("fits.csv", _part(0, 1), overwrite=True)
    assert path.read_text(encoding="utf-8") == 'episode_id,n_visits,p,refined\n"007",3,0.25,true\n'


def test_a_file_that_appears_meanwhile_is_kept(tmp_path):
    path = tmp_path / "fits.csv"
    with pytest.raises(ConflictError, match="is there already"):
        _write_then(path, lambda: path.write_text("somebody else's", encoding="utf-8"))
    assert path.read_text(encoding="utf-8") == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        ("fits.xlsx", InputError, "The output must end in .csv or .parquet, but was '{path}'."),
        (
            "nowhere/fits.csv",
            AccessError,
            "There is no folder '{path.parent}'. Make it first, or choose another with --out.",
        ),
        ("folder.csv", ConflictError, "'{path}' is a folder. Name a file: --out FILE."),
    ],
)
def test_a_name_that_cannot_become_a_table_is_refused(write, tmp_path, name, error, sentence):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(error) as told:
        write(name)
    assert str(told.value) == sentence.format(path=tmp_path / name)


def test_the_file_is_its_owners_alone(write):
    assert stat.S_IMODE(Path(write("fits.csv")).stat().st_mode) == 0o600


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_an_id_of_any_characters_finds_its_row_again(tmp_path_factory, ids):
    folder = tmp_path_factory.mktemp("ids")
    rows = {name: values[:1].repeat(len(ids)) for name, values in ROWS.items()} | {"episode_id": np.array(ids, object)}
    for name in ("fits.csv", "fits.parquet"):
        with new_table_file(folder / name, COLUMNS, about={}) as table:
            table.write(rows)
    with (folder / "fits.csv").open(encoding="utf-8", newline="") as file:
        assert [row["episode_id"] for row in csv.DictReader(file)] == ids
    assert pq.read_table(folder / "fits.parquet")["episode_id"].to_pylist() == ids
