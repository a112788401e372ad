"""The band of the next score: made the plain way once more, and held against scores that were kept back."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from tracker.analysis.next_scores import next_scores
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.vote import weigh_courses
from tracker.clinical.vocabulary import Instrument

SEED = 20261128
N_PATIENTS = 300
N_LEVELS = 128
# Between the chance of all bands together and the count inside: three standard deviations of such a count.
MOST_DEVIATIONS = 3.0
# Levels are quantised to a twentieth of a point, so that a chance this near a quantile may fall on either side of it.
QUANTISED = 0.005
# The twin sums over 128 of the 2048 courses: a mean of so many chances is known to about this.
FEWER_COURSES = 0.06
ONSETS = (OnsetStatement(0), OnsetStatement(30), OnsetStatement(0, about=True))
EDGES = {"low95": 0.025, "low80": 0.1, "high80": 0.9, "high95": 0.975}


@pytest.fixture(scope="module")
def chance(naive, library):
    """Give P(score) on a day by the twin's own noise and the levels of some courses, without any table."""
    numbers = naive.numbers(library.edition)

    def of_scores(vote, day, instrument, scores):
        few = vote.thinned(N_LEVELS)
        levels = few.courses.levels(day - few.onset_days).tolist()
        return [
            sum(naive.probability(score, level, instrument, numbers) for level in levels) / len(levels)
            for score in scores
        ]

    return of_scores


@pytest.fixture(scope="module")
def kept_back(draw_patient, library):
    """For every patient the score of the last day, and the vote and the band of the days before it."""
    rng, found = random.Random(SEED), []
    while len(found) < N_PATIENTS:
        instrument = rng.choice((Instrument.NRS, Instrument.NRS, Instrument.VAS))
        patient = draw_patient(
            rng.random(), n_visits=rng.randint(3, 9), onset=rng.choice(ONSETS), instrument=instrument
        )
        day = max(patient.observations.day.tolist())
        before, last = patient.observations.until(day - 1), patient.observations.on(day)
        if not before.distinct_days():
            continue
        vote = weigh_courses(before, patient.onset, library=library)
        band = next_scores(vote, last_day=day - 1, instrument=instrument, edition=library.edition)
        found.append(SimpleNamespace(vote=vote, day=day, score=int(last.score[0]), instrument=instrument, band=band))
    return found


def test_the_band_is_that_of_the_plain_sum_over_courses(kept_back, chance, library):
    for one in kept_back[:8]:
        few = one.vote.thinned(N_LEVELS)
        band = next_scores(few, last_day=one.day, instrument=Instrument.NRS, edition=library.edition)
        for place in (0, 5, 20):
            reached = np.cumsum(chance(few, band.day[place], Instrument.NRS, range(11)))
            for name, quantile in EDGES.items():
                edge = getattr(band, name)[place]
                assert reached[edge] > quantile - QUANTISED
                assert edge == 0 or reached[edge - 1] < quantile + QUANTISED


@pytest.mark.parametrize(("width", "least"), [("80", 0.8), ("95", 0.95)])
def test_scores_that_were_kept_back_lie_inside_as_often_as_the_band_says(kept_back, chance, width, least):
    inside, said = 0, []
    for one in kept_back:
        assert one.band.day[0] == one.day
        low, high = getattr(one.band, f"low{width}")[0], getattr(one.band, f"high{width}")[0]
        inside += low <= one.score <= high
        said.append(sum(chance(one.vote, one.day, one.instrument, range(low, high + 1))))
    said = np.array(said)
    assert said.min() > least - FEWER_COURSES
    assert said.mean() >= least
    assert abs(inside - said.sum()) < MOST_DEVIATIONS * np.sqrt(np.sum(said * (1 - said)))


def test_it_begins_after_the_last_score_and_ends_where_no_visit_should_wait_longer(kept_back, library):
    vote = kept_back[0].vote
    band = next_scores(vote, last_day=200, instrument=Instrument.NRS, edition=library.edition)
    # to the nearest day
    furthest = 200 + round(library.edition.value("next_visit_horizon_months") * 365.25 / 12)
    assert band.day[:3] == (201, 208, 215)
    assert furthest - 7 < band.day[-1] <= furthest


def test_it_holds_the_band_of_the_level_within_it_and_is_wider(kept_back, library):
    # a score is the level and its noise, so the central 95 % of scores are wider than those of the level
    for one in kept_back[:8]:
        band = next_scores(one.vote, last_day=one.day, instrument=Instrument.NRS, edition=library.edition)
        levels = one.vote.level_quantiles(band.day, np.array([0.025, 0.975]))
        widths = np.array(band.high95) - np.array(band.low95) - (levels[:, 1] - levels[:, 0])
        # whole scores round the ends by up to half a point each, the level itself by a twentieth
        assert widths.min() > -1.05
        assert widths.mean() > 0
