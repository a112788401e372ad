"""Two files in, one file out: the same bytes however the work is shared, and the answers of a single fit."""

import csv

import numpy as np
import pyarrow.parquet as pq
import pytest

from tracker.analysis.batch.fit_columns import FIT_COLUMNS
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.vote import weigh_courses
from tracker.clinical import reference
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument
from tracker.errors import ConflictError, InputError
from tracker.service import batch_fits, level_cache
from tracker.service.batch_fits import FitOrder, check_files, fit_files

N_EPISODES = 23
DAY_SCORES = {  # on the clock of the input; onset day, span, visits
    "007": (100, 0, [(130, 6), (160, 8), (220, 6), (280, 3), (340, 1)]),
    "=late": (90, 30, [(120, 4), (150, 7)]),
    "once": (0, 0, [(20, 5)]),
    "never": (0, 0, [(20, 0), (50, 0)]),
    "stays": (-50, 0, [(day, 5) for day in range(0, 900, 60)]),
    "odd": (0, 0, [(10, 9), (20, 0), (30, 9), (40, 0), (50, 10), (60, 0)]),
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.getbasetemp() / "levels"
    monkeypatch.setattr(level_cache, "cache_dir", lambda: folder)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Write the episodes above, and others drawn at random, as two csv files."""
    rng = np.random.default_rng(11)
    episodes = dict(DAY_SCORES)
    for number in range(N_EPISODES - len(episodes)):
        days = np.unique(rng.integers(5, 500, rng.integers(1, 9)))
        episodes[f"E{number}"] = (0, 30 * (number % 2), [(int(day), int(rng.integers(0, 11))) for day in days])
    folder = tmp_path_factory.mktemp("tables")
    rows = [(one, day, score) for one, (_, _, visits) in episodes.items() for day, score in visits]
    rng.shuffle(rows)
    visits = "".join(f"{one},{day},{score}\n" for one, day, score in rows)
    onsets = "".join(f"{one},{onset},{span}\n" for one, (onset, span, _) in episodes.items())
    (folder / "visits.csv").write_text("episode_id,day,pain_nrs\n" + visits, encoding="utf-8")
    (folder / "onsets.csv").write_text("episode_id,onset_day,onset_span_days\n" + onsets, encoding="utf-8")
    return folder / "visits.csv", folder / "onsets.csv", episodes


@pytest.fixture
def order(tables, tmp_path):
    """Give `order(out=..., ...)` for these files."""

    def make(out="fits.csv", **options):
        return FitOrder(tables[0], tables[1], tmp_path / out, **options)

    return make


@pytest.fixture
def fitted(order):
    """Fit, and give the bytes that were written."""

    def make(out="fits.csv", **options):
        wanted = order(out, **options)
        fit_files(wanted, watch=lambda done, total: None)
        return wanted.out.read_bytes()

    return make


def _rows(content):
    return {row["episode_id"]: row for row in csv.DictReader(content.decode().splitlines())}


def test_rows_come_in_the_order_of_the_onsets_with_the_columns_of_the_table(fitted, tables):
    lines = fitted().decode().splitlines()
    assert lines[0] == ",".join(column.name for column in FIT_COLUMNS)
    assert [line.split(",")[0].strip('"') for line in lines[1:]] == list(tables[2])


@pytest.mark.parametrize("out", ["fits.csv", "fits.parquet"])
def test_neither_workers_nor_chunks_leave_a_trace(fitted, out):
    wanted = fitted(out)
    for workers, chunk_size in ((1, 7), (2, 1), (2, 10), (3, 1000)):
        assert fitted(out, workers=workers, chunk_size=chunk_size, overwrite=True) == wanted


def test_csv_and_parquet_hold_the_same_table(fitted, order):
    rows = list(_rows(fitted()).values())
    fitted("fits.parquet")
    table = pq.read_table(order("fits.parquet").out).to_pylist()
    read = {"text": str, "integer": int, "number": float, "truth": lambda text: text == "true"}
    kinds = {column.name: read[column.kind] for column in FIT_COLUMNS}
    found = [{name: kinds[name](cell) if cell else None for name, cell in row.items()} for row in rows]
    assert found == table


# Half of the last place written: 0.01 days, six digits.
HALF_A_HUNDREDTH, HALF_OF_SIX_DIGITS = 0.00501, 5.1e-6
KERNEL = 1e-4  # weights are added up in single precision


@pytest.mark.parametrize("episode", DAY_SCORES)
@pytest.mark.parametrize("as_of_day", [None, 150])
def test_a_row_says_what_a_single_fit_says(fitted, episode, as_of_day):
    row = _rows(fitted(as_of_day=as_of_day))[episode]
    onset_day, span, visits = DAY_SCORES[episode]
    looked_at = max(day for day, _ in visits) if as_of_day is None else as_of_day
    days = np.array([day for day, _ in visits]) - onset_day
    scores = np.array([score for _, score in visits], dtype=float)
    seen = Observations(days, scores, (Instrument.NRS,) * len(days)).until(looked_at - onset_day)
    library = course_library(load_edition())
    answer = fit_course(seen, OnsetStatement(span), as_of_day=looked_at - onset_day, library=library)
    assert (row["status"], int(row["n_visits"])) == (answer.status, len(seen.day))
    if answer.status != "ok":
        assert row["status_reason"] == f"{answer.reason}; needed: {answer.needs}"
        answered = {"episode_id", "n_visits", "status", "status_reason", "resolution_status"}
        assert {name for name, cell in row.items() if cell} == answered
        return
    # a batch does not refine unless it is told to
    weighted = weigh_courses(seen, OnsetStatement(span), library=library, refine=False)
    for name, probability in weighted.class_probabilities().items():
        assert float(row[f"p_{name}"]) == pytest.approx(probability, abs=KERNEL)
    assert float(row["effective_sample_size"]) == pytest.approx(weighted.effective_sample_size(), rel=1e-3)
    assert row["refined"] == "false"


def test_days_of_the_output_stand_on_the_clock_of_the_input(fitted, tables, order, tmp_path):
    before = _rows(fitted())["007"]
    shifted = tmp_path / "shifted"
    shifted.mkdir()
    for path in tables[:2]:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        moved = [f"{one},{int(day) + 1000},{rest}" for one, day, rest in (line.split(",") for line in lines)]
        (shifted / path.name).write_text("\n".join([head, *moved]), encoding="utf-8")
    out = shifted / "fits.csv"
    fit_files(FitOrder(shifted / "visits.csv", shifted / "onsets.csv", out), watch=lambda done, total: None)
    after = _rows(out.read_bytes())["007"]
    on_the_clock = {
        column.name for column in FIT_COLUMNS if column.name.startswith(("onset_day", "resolution_")) and column.unit
    }
    assert len(on_the_clock) == 6 + 19
    for name, cell in before.items():
        if name in on_the_clock:
            assert float(after[name]) == pytest.approx(float(cell) + 1000, abs=2 * HALF_A_HUNDREDTH)
        else:
            assert after[name] == cell


def test_an_early_look_does_not_know_what_came_later(fitted, order, tables, tmp_path):
    early = _rows(fitted(as_of_day=150))["007"]
    assert early["n_visits"] == "1"
    assert early["status_reason"].startswith("pain scores on 1 day only")
    before_everything = _rows(fitted(as_of_day=-1000, overwrite=True))
    assert {row["n_visits"] for row in before_everything.values()} == {"0"}
    assert {row["status"] for row in before_everything.values()} == {"insufficient_data"}


def test_the_summary_counts_what_was_written(order):
    wanted = order()
    summary = fit_files(wanted, watch=lambda done, total: None)
    rows = _rows(wanted.out.read_bytes()).values()
    edition = load_edition()
    assert summary.n_episodes == N_EPISODES == len(rows)
    assert summary.n_fitted == sum(row["status"] == "ok" for row in rows)
    assert summary.n_insufficient_data == N_EPISODES - summary.n_fitted
    little = edition.value("effective_sample_little")
    sizes = [float(row["effective_sample_size"]) for row in rows if row["effective_sample_size"]]
    assert summary.n_little_sample == sum(size < little for size in sizes)
    assert summary.n_unlike_any_class == sum(row["resembles_known"] == "false" for row in rows)
    assert (summary.n_formula_ids, summary.n_early_visits, summary.early_days) == (1, 0, 30)
    assert (summary.edition, summary.edition_sha256) == (edition.name, edition.sha256)
    assert summary.out == str(wanted.out)


def test_progress_is_told_after_every_chunk(order):
    told = []
    fit_files(order(chunk_size=10), watch=lambda done, total: told.append((done, total)))
    assert told == [(0, 23), (10, 23), (20, 23), (23, 23)]


@pytest.mark.parametrize("workers", [1, 2])
def test_only_a_few_chunks_are_ever_waiting(order, monkeypatch, workers):
    read, written, most = 0, 0, 0
    chunks = batch_fits.chunks

    def counted(*words, **options):
        nonlocal read, most
        for chunk in chunks(*words, **options):
            read += 1
            most = max(most, read - written)
            yield chunk

    def watch(done, total):
        nonlocal written
        written = done

    monkeypatch.setattr(batch_fits, "chunks", counted)
    fit_files(order(chunk_size=1, workers=workers), watch=watch)
    assert read == N_EPISODES
    assert most <= 2 * workers + 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_run_leaves_nothing_behind(order, tmp_path, error):
    def watch(done, total):
        if done:
            raise error

    with pytest.raises(error):
        fit_files(order(chunk_size=3, workers=2), watch=watch)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_on_a_thread_is_told_and_leaves_nothing_behind(order, tmp_path, monkeypatch):
    def fail(*words, **options):
        raise MemoryError

    monkeypatch.setattr(batch_fits, "fit_chunk", fail)
    with pytest.raises(MemoryError):
        fit_files(order(), watch=lambda done, total: None)
    assert list(tmp_path.iterdir()) == []


def test_bad_input_writes_nothing_and_an_output_that_is_there_is_seen_first(order, tmp_path, tables):
    bad = tmp_path / "bad.csv"
    bad.write_text("episode_id,day,pain_nrs\n007,1,11\n", encoding="utf-8")
    with pytest.raises(InputError, match="but was '11'"):
        fit_files(FitOrder(bad, tables[1], tmp_path / "fits.csv"), watch=lambda done, total: None)
    (tmp_path / "fits.csv").write_text("", encoding="utf-8")
    for use in (check_files, lambda wanted: fit_files(wanted, watch=lambda done, total: None)):
        with pytest.raises(ConflictError, match="is there already"):
            use(FitOrder(bad, tables[1], tmp_path / "fits.csv"))
    assert (tmp_path / "fits.csv").read_bytes() == b""


def test_checking_counts_and_writes_nothing(order, tmp_path):
    summary = check_files(order())
    assert (summary.n_episodes, summary.n_fitted, summary.out) == (N_EPISODES, None, None)
    assert list(tmp_path.iterdir()) == []


def test_another_edition_is_used_and_named(fitted, order, tmp_path):
    text = reference._BUILT_IN.read_text(encoding="utf-8")
    edition = tmp_path / "other.toml"
    edition.write_text(
        text.replace('value = 0.8\nunit = "share of episodes"', 'value = 0.4\nunit = "share of episodes"', 1)
    )
    built_in = _rows(fitted())["007"]
    other = _rows(fitted("other.csv", edition=edition))["007"]
    assert float(other["p_expected"]) < float(built_in["p_expected"])
    fitted("fits.parquet", edition=edition)
    about = pq.read_schema(order("fits.parquet").out).metadata
    assert about[b"edition_sha256"].decode() == load_edition(edition).sha256 != load_edition().sha256


def test_a_parquet_file_says_where_it_comes_from(fitted, order):
    fitted("fits.parquet", as_of_day=200)
    schema = pq.read_schema(order("fits.parquet").out)
    assert {key.decode(): value.decode() for key, value in schema.metadata.items() if key != b"ARROW:schema"} == {
        "program_version": batch_fits.__version__,
        "edition": "course_v1",
        "edition_sha256": load_edition().sha256,
        "as_of_day": "200",
        "refine": "false",
    }


def test_probabilities_of_the_classes_sum_to_one_as_far_as_they_are_written(fitted):
    for row in _rows(fitted()).values():
        if row["status"] == "ok":
            shares = [float(row[f"p_{name}"]) for name in CLASS_NAMES]
            assert sum(shares) == pytest.approx(1, abs=len(shares) * HALF_OF_SIX_DIGITS)
            quantiles = [float(row[f"resolution_q{percent:02}"] or "nan") for percent in range(5, 100, 5)]
            assert np.all(np.isnan(quantiles)) or quantiles == sorted(quantiles)
