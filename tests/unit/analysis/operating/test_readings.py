"""What is read from a follow-up, and how a forecast is judged."""

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.observations import OnsetStatement
from tracker.analysis.operating.follow_ups import draw_follow_ups
from tracker.analysis.operating.quick_looks import library_table
from tracker.analysis.operating.readings import FULL, constant_forecast, crps, judged, read_follow_up


def sample(*values):
    return np.array(values, dtype=np.float32), np.full(len(values), 1 / len(values))


def test_a_forecast_that_is_sure_is_judged_by_its_error():
    assert crps(*sample(100), 130) == pytest.approx(30)
    assert crps(*sample(100), 100) == 0


def test_two_days_alike_and_the_truth_between():
    # by hand: (1/2)**2 * 10 days below the truth and (1/2)**2 * 30 above it
    assert crps(*sample(90, 130), 100) == pytest.approx(10)


def test_two_days_alike_and_the_truth_outside():
    # by hand: below the truth the share reached counts, (1/2)**2 * 40 days between the two and 1 * 20 after them
    assert crps(*sample(90, 130), 150) == pytest.approx(0.25 * 40 + 20)


def test_a_normal_forecast_scores_what_its_closed_form_says():
    """Gneiting and Raftery 2007, equation 21: s * (z * (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))."""
    values = stats.norm(250, 50).ppf((np.arange(4000) + 0.5) / 4000).astype(np.float32)
    z = (300 - 250) / 50
    closed = 50 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(values, np.full(4000, 1 / 4000), 300) == pytest.approx(closed, rel=2e-3)


def test_weights_count_as_often_as_they_say():
    heavy = crps(np.array([90, 130], dtype=np.float32), np.array([0.75, 0.25]), 100)
    assert heavy == pytest.approx(crps(*sample(90, 90, 90, 130), 100))


def test_a_judged_sample_gives_median_and_interval():
    forecast = judged(*sample(*range(1, 1001)), 990)
    assert (forecast.median, forecast.low95, forecast.high95) == (500, 25, 975)
    assert not forecast.is_inside


def test_the_constant_course_gives_every_patient_the_same_day(library):
    first, second = (constant_forecast(OnsetStatement(30), truth, library) for truth in (200.0, 300.0))
    assert (first.median, first.low95, first.high95) == (second.median, second.low95, second.high95)


@pytest.fixture(scope="module")
def read(library, habits, edition):
    table = library_table(library)

    def make(kind, n_episodes=6):
        rng = np.random.default_rng(6)
        drawn = draw_follow_ups(kind, edition, habits, n_episodes=n_episodes, rng=rng)
        return [(one, read_follow_up(one, table=table, habits=habits)) for one in drawn]

    return make


def test_only_typical_courses_are_asked_for_their_resolution(read):
    assert all(FULL in reading.forecasts for _, reading in read("expected"))
    assert all(not reading.forecasts for _, reading in read("slow_regression"))


def test_an_earlier_cut_never_sees_later_visits(read):
    for one, reading in read("expected", n_episodes=12):
        seen = int(np.sum(one.observations.day <= 120))
        assert ("cut_early_days" in reading.forecasts) == (seen >= 2)


def test_the_first_visit_from_the_departure_on_is_named(read):
    for one, reading in read("prolonged_plateau"):
        later = [day for day in one.observations.day if day >= one.departure_day]
        assert reading.first_visit_day == (later[0] if later else float("inf"))
