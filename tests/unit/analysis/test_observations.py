import numpy as np
import pytest

from tracker.analysis.observations import Observations
from tracker.clinical.vocabulary import Instrument


def test_scores_after_a_day_are_dropped_and_those_of_the_day_kept(observed):
    kept = observed((30, 5), (90, 7), (60, 6)).until(60)
    assert (kept.day.tolist(), kept.score.tolist()) == ([30, 60], [5, 6])
    assert kept.instrument == (Instrument.NRS, Instrument.NRS)


def test_distinct_days_are_counted_once_in_order(observed):
    assert observed((90, 7), (30, 5), (90, 6)).distinct_days() == (30, 90)


@pytest.mark.parametrize(
    ("instrument", "score", "message"),
    [
        (Instrument.NRS, 11, "a nrs score must be a whole number from 0 to 10, but was 11.0"),
        (Instrument.NRS, 6.5, "a nrs score must be a whole number from 0 to 10, but was 6.5"),
        (Instrument.NRS, float("nan"), "a nrs score must be a whole number from 0 to 10, but was nan"),
        (Instrument.VAS, -1, "a vas score must be a whole number from 0 to 100, but was -1.0"),
    ],
)
def test_a_score_off_its_scale_is_refused(observed, instrument, score, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        observed((10, score), instrument=instrument)


def test_fields_of_different_length_are_refused():
    with pytest.raises(ValueError, match="^day, score and instrument must have one length, but have 2, 1 and 1$"):
        Observations(np.array([1, 2]), np.array([3.0]), (Instrument.NRS,))
