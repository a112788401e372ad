"""The compiled batch, the single fit and the plain loop of the naive twin give the same answers."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fit_columns import FIT_COLUMNS
from tracker.analysis.batch.fitting import fit_episodes
from tracker.analysis.batch.library import tables_of
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.unit_cube import unit_cube
from tracker.analysis.vote import weigh_courses
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument, Phase

SPANS = (0, 0, 27, 30, 364)
N_PATIENTS = 60

# Levels are looked up by whole days since the stated onset and weights added in single precision. A level on the border
# of two twentieths may then round the other way, which moves the weight of one course: seen up to 1.5e-4, where few
# courses carry the vote.
SAME_PROBABILITY = 5e-4
# 1024 equally weighted courses stand for the vote where quantiles and phases are taken: a random sample, within four
# standard errors. Of the days from onset to resolution they are a stratified one; seen, with the onset: up to 0.007.
N_DRAWS = 1024
SAME_RESOLUTION_SHARE = 0.012
N_ERRORS = 4
SAME_DAY = 1e-2
HORIZON_DAYS = 36 * 365.25 / 12


def table_of(patients, *, onset_day=0):
    counts = [len(patient.observations.day) for patient in patients]
    order = [np.argsort(patient.observations.day, kind="stable") for patient in patients]
    days = [patient.observations.day[own] for patient, own in zip(patients, order, strict=True)]
    scores = [patient.observations.score[own] for patient, own in zip(patients, order, strict=True)]
    return EpisodeTable(
        episode_id=tuple(str(place) for place in range(len(patients))),
        first_visit=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        day=np.concatenate(days).astype(np.int64),
        pain_nrs=np.concatenate(scores).astype(np.int8),
        onset_day=np.full(len(patients), onset_day, dtype=np.int64),
        onset_span_days=np.array([patient.onset.span_days for patient in patients], dtype=np.int64),
    )


def last_days(table):
    return table.day[table.first_visit[1:] - 1]


@pytest.fixture(scope="module")
def tables(library):
    return tables_of(library)


@pytest.fixture(scope="module")
def patients(draw_patient):
    rng = random.Random(7)
    return [
        draw_patient(rng.random(), n_visits=rng.randint(2, 14), onset=OnsetStatement(rng.choice(SPANS)))
        for _ in range(N_PATIENTS)
    ]


@pytest.fixture(scope="module")
def columns(patients, tables):
    table = table_of(patients)
    return fit_episodes(table, library=tables, as_of_day=last_days(table))


@pytest.fixture(scope="module")
def votes(patients, library):
    return [weigh_courses(one.observations, one.onset, library=library, refine=False) for one in patients]


def readable(columns):
    return np.flatnonzero(columns["status"] == "ok").tolist()


def random_error(share):
    """How far a share of a random sample of the draws may lie from the true one."""
    return N_ERRORS * (share * (1 - share) / N_DRAWS) ** 0.5


def holds(values, weights, given, share, within):
    """Whether `given` is a quantile of the weighted sample for some share within the tolerance."""
    below = weights[values < given - SAME_DAY].sum()
    up_to = weights[values <= given + SAME_DAY].sum()
    return below - within <= share <= up_to + within


def test_a_batch_has_one_array_per_column_of_the_published_table(columns):
    assert set(columns) == {column.name for column in FIT_COLUMNS} - {"episode_id"}
    assert {len(values) for values in columns.values()} == {N_PATIENTS}


def test_nearly_all_of_these_patients_can_be_read(columns):
    assert len(readable(columns)) > N_PATIENTS - 5


def test_probabilities_are_those_of_the_single_fit(columns, votes):
    for place in readable(columns):
        single = votes[place].class_probabilities()
        batch = {name: columns[f"p_{name}"][place] for name in CLASS_NAMES}
        assert batch == pytest.approx(single, abs=SAME_PROBABILITY)
        never = votes[place].probability(votes[place].courses.resolution_days > HORIZON_DAYS)
        assert columns["p_no_resolution"][place] == pytest.approx(never, abs=SAME_PROBABILITY)
        assert columns["effective_sample_size"][place] == pytest.approx(votes[place].effective_sample_size(), rel=1e-3)


@pytest.mark.parametrize(
    "name", ["onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs", "resolution_day"]
)
def test_quantiles_are_those_of_the_single_fit(columns, votes, name):
    for place in readable(columns):
        vote = votes[place]
        values, weights = (vote.unknowns() | {"resolution_day": vote.resolution_day()})[name], vote.weights
        if name == "resolution_day":
            plainly = vote.resolves_plainly(HORIZON_DAYS)
            if columns["resolution_status"][place] != "ok":
                assert weights[plainly].sum() < 0.05 + SAME_PROBABILITY
                continue
            values, weights = values[plainly], weights[plainly] / weights[plainly].sum()
        for column, share in ((name, 0.5), (f"{name}_lo95", 0.025), (f"{name}_hi95", 0.975)):
            within = SAME_RESOLUTION_SHARE if name == "resolution_day" else random_error(share)
            assert holds(values, weights, columns[column][place], share, within)


def test_the_nineteen_quantiles_of_the_resolution_day_ascend_to_those_of_the_single_fit(columns, votes):
    for place in readable(columns):
        if columns["resolution_status"][place] != "ok":
            continue
        vote = votes[place]
        plainly = vote.resolves_plainly(HORIZON_DAYS)
        weights = vote.weights[plainly] / vote.weights[plainly].sum()
        given = [columns[f"resolution_q{percent:02}"][place] for percent in range(5, 100, 5)]
        assert given == sorted(given)
        for percent, value in zip(range(5, 100, 5), given, strict=True):
            # of courses that resolve plainly, a draw is a larger share where they are few
            within = random_error(percent / 100) / vote.probability(plainly)
            assert holds(vote.resolution_day()[plainly], weights, value, percent / 100, within)


def test_phases_are_those_of_the_single_fit(columns, patients, votes):
    for place in readable(columns):
        single = votes[place].phase_probabilities(patients[place].as_of_day)
        assert columns["p_resolved"][place] == pytest.approx(single[Phase.RESOLVED], abs=SAME_RESOLUTION_SHARE)
        assert single[Phase(columns["phase"][place])] >= max(single.values()) - random_error(0.5)


def test_whether_the_scores_follow_a_known_course_is_said_as_by_the_single_fit(library, tables):
    series = [[0, 10, 0, 10, 0, 10], [9, 0, 9, 0, 0, 9], [2, 6, 8, 7, 5, 3]]
    days = np.array([50, 90, 130, 170, 210, 250])
    table = EpisodeTable(
        episode_id=("a", "b", "c"),
        first_visit=np.array([0, 6, 12, 18]),
        day=np.tile(days, 3),
        pain_nrs=np.array(series, dtype=np.int8).ravel(),
        onset_day=np.zeros(3, dtype=np.int64),
        onset_span_days=np.zeros(3, dtype=np.int64),
    )
    columns = fit_episodes(table, library=tables, as_of_day=np.full(3, 250), refine=True)
    single = []
    for scores in series:
        observations = Observations(days, np.array(scores, dtype=float), (Instrument.NRS,) * 6)
        fit = fit_course(observations, OnsetStatement(0), as_of_day=250, library=library)
        single.append(fit.resembles_known)
    assert columns["resembles_known"].tolist() == single
    assert set(single) == {True, False}


def test_a_batch_of_a_small_library_gives_the_answers_of_the_naive_twin(naive):
    small = course_library(load_edition(), seed_cube=unit_cube(128))
    visits = [(40, 6, "nrs"), (70, 8, "nrs"), (130, 6, "nrs"), (200, 3, "nrs"), (260, 1, "nrs")]
    days, scores, _ = zip(*visits, strict=True)
    table = EpisodeTable(
        episode_id=("a",),
        first_visit=np.array([0, 5]),
        day=np.array(days),
        pain_nrs=np.array(scores, dtype=np.int8),
        onset_day=np.zeros(1, dtype=np.int64),
        onset_span_days=np.array([30]),
    )
    found = fit_episodes(table, library=tables_of(small), as_of_day=np.array([260]))
    courses = [twin_of(naive, small.courses, place) for place in range(small.n_courses)]
    onsets = small.onset_days(OnsetStatement(30)).tolist()
    weights = naive.posterior(
        courses, onsets, np.exp(small.log_prior).tolist(), visits, naive.numbers(small.edition), level_step=0.05
    )
    for place, name in enumerate(CLASS_NAMES):
        share = sum(weight for weight, own in zip(weights, small.class_place.tolist(), strict=True) if own == place)
        assert found[f"p_{name}"][0] == pytest.approx(share, abs=SAME_PROBABILITY)


def twin_of(naive, courses, place):
    """Write one course of the library as the naive twin writes it."""
    value = {name: float(getattr(courses, name)[place]) for name in courses.__slots__}
    course = {name: value[name] for name in ("rise_days", "plateau_days", "regression_days", "peak_nrs")}
    course |= {name: value[name] for name in ("residual_nrs", "rise_exponent", "regression_exponent")}
    course = naive.PLAIN | course | {"fast": value["regression_fast_share"], "slow": value["regression_slow_share"]}
    if value["swing_share"]:
        course["swing"] = {key: value[f"swing_{key}{unit}"] for key, unit in SWING}
    if np.isfinite(value["second_start_days"]):
        course["second"] = {key: value[f"second_{name}"] for key, name in SECOND.items()}
    return naive.with_spans(course)


SWING = (("share", ""), ("period", "_days"), ("offset", ""))
SECOND = {"start": "start_days", "low": "low_nrs", "peak": "peak_nrs"} | {
    name: name for name in ("rise_days", "plateau_days", "regression_days")
}


def test_a_batch_in_parts_is_the_batch(patients, columns, tables):
    cut = N_PATIENTS // 3
    parts = [table_of(patients[:cut]), table_of(patients[cut:])]
    found = [fit_episodes(part, library=tables, as_of_day=last_days(part)) for part in parts]
    for name, whole in columns.items():
        joined = np.concatenate([part[name] for part in found])
        assert np.array_equal(joined, whole, equal_nan=whole.dtype.kind == "f")


def test_days_come_back_on_the_clock_of_the_input(patients, columns, tables):
    table = table_of(patients, onset_day=1000)
    later = fit_episodes(table, library=tables, as_of_day=last_days(table))
    for name, values in columns.items():
        on_the_clock = name.startswith(("onset_day", "resolution_day", "resolution_q"))
        expected = values + 1000 if on_the_clock else values
        assert np.array_equal(later[name], expected, equal_nan=values.dtype.kind == "f")


def test_visits_after_the_day_asked_for_are_never_looked_at(patients, tables):
    day = 200
    whole = table_of(patients)
    cut = [patient for patient in patients if patient.observations.day.min() <= day]
    kept = [place for place, patient in enumerate(patients) if patient.observations.day.min() <= day]
    early = table_of([_until(patient, day) for patient in cut])
    full = fit_episodes(whole, library=tables, as_of_day=np.full(N_PATIENTS, day))
    alone = fit_episodes(early, library=tables, as_of_day=np.full(len(cut), day))
    for name, values in alone.items():
        assert np.array_equal(full[name][kept], values, equal_nan=values.dtype.kind == "f")


def _until(patient, day):
    return SimpleNamespace(observations=patient.observations.until(day), onset=patient.onset)


def test_an_episode_beyond_the_table_of_levels_is_read_as_a_single_one(library, tables):
    days = np.array([60, 300, tables.last_day + 200])
    table = EpisodeTable(
        episode_id=("late",),
        first_visit=np.array([0, 3]),
        day=days,
        pain_nrs=np.array([7, 4, 3], dtype=np.int8),
        onset_day=np.zeros(1, dtype=np.int64),
        onset_span_days=np.array([30]),
    )
    found = fit_episodes(table, library=tables, as_of_day=days[-1:])
    single = weigh_courses(observations_of(table), OnsetStatement(30), library=library, refine=False)
    assert found["p_slow_regression"][0] == single.class_probabilities()["slow_regression"]
    assert found["effective_sample_size"][0] == single.effective_sample_size()


def test_too_few_courses_are_drawn_anew_on_wish_as_for_a_single_patient(library, tables):
    rows = ((40, 6), (70, 8), (110, 7), (160, 5), (210, 3), (260, 1), (310, 6), (340, 7))
    days, scores = (np.array(column) for column in zip(*rows, strict=True))
    table = EpisodeTable(
        episode_id=("relapse",),
        first_visit=np.array([0, len(rows)]),
        day=days,
        pain_nrs=scores.astype(np.int8),
        onset_day=np.zeros(1, dtype=np.int64),
        onset_span_days=np.zeros(1, dtype=np.int64),
    )
    plain, refined = (
        fit_episodes(table, library=tables, as_of_day=days[-1:], refine=refine) for refine in (False, True)
    )
    single = fit_course(observations_of(table), OnsetStatement(0), as_of_day=340, library=library)
    assert plain["effective_sample_size"][0] < 50
    assert not plain["refined"][0]
    assert refined["refined"][0]
    assert refined["p_relapse"][0] == single.p_relapse


def observations_of(table):
    return Observations(table.day, table.pain_nrs.astype(float), (Instrument.NRS,) * len(table.day))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no pain score yet; needed: pain scores on 2 different days"),
        ([(60, 7)], "pain scores on 1 day only; needed: scores on 1 more day"),
        ([(60, 7), (60, 6)], "pain scores on 1 day only; needed: scores on 1 more day"),
        ([(60, 0), (90, 0)], "no pain was scored on any of 2 days; needed: a score above 0"),
    ],
    ids=["none", "one", "two on one day", "all zero"],
)
def test_scores_that_carry_no_course_say_why_and_leave_every_number_empty(tables, rows, reason):
    days, scores = zip(*rows, strict=True) if rows else ((), ())
    table = EpisodeTable(
        episode_id=("few",),
        first_visit=np.array([0, len(rows)]),
        day=np.array(days, dtype=np.int64),
        pain_nrs=np.array(scores, dtype=np.int8),
        onset_day=np.zeros(1, dtype=np.int64),
        onset_span_days=np.zeros(1, dtype=np.int64),
    )
    found = fit_episodes(table, library=tables, as_of_day=np.array([100]))
    assert (found["status"][0], found["status_reason"][0]) == ("insufficient_data", reason)
    assert found["resolution_status"][0] == "insufficient_data"
    assert all(np.isnan(values[0]) for values in found.values() if values.dtype.kind == "f")
    assert (found["most_likely_class"][0], found["phase"][0], found["resembles_known"][0]) == ("", "", None)


def test_a_number_is_missing_only_where_a_status_says_why(columns):
    for name, values in columns.items():
        if values.dtype.kind != "f":
            continue
        why = columns["resolution_status" if name.startswith("resolution") else "status"]
        assert np.array_equal(np.isnan(values), why != "ok")


def test_no_episode_gives_no_row(tables):
    empty = np.zeros(0, dtype=np.int64)
    table = EpisodeTable((), np.zeros(1, dtype=np.int64), empty, empty.astype(np.int8), empty, empty)
    found = fit_episodes(table, library=tables, as_of_day=empty)
    assert {len(values) for values in found.values()} == {0}


def test_a_table_of_levels_of_another_library_is_refused(library):
    with pytest.raises(ValueError, match="levels must be bytes of shape"):
        tables_of(library, levels=np.zeros((3, 5), dtype=np.uint8))


def test_the_table_of_levels_can_be_kept_and_given_again(library, tables):
    again = tables_of(library, levels=tables.levels)
    assert again.level_words.tobytes() == tables.level_words.tobytes()
    assert again.phase_starts.tobytes() == tables.phase_starts.tobytes()
