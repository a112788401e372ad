"""A further site: every site whose newest episode is not the first one of the patient."""

from datetime import date

import pytest

from tracker.analysis.alerts.alert import AlertKind
from tracker.analysis.alerts.finding import quick_alerts
from tracker.clinical.reference import load_edition


class NoCourse:
    """Stands in where no course is to be read."""

    def of_episode(self, observations, onset):
        return ()


@pytest.fixture
def further(drawn, draw):
    """Give the further sites of the drawn patient with the day each is raised from."""
    found = quick_alerts(draw(drawn), as_of=date(2026, 11, 28), quick=NoCourse(), edition=load_edition())
    return [(alert.site, alert.since and str(alert.since)) for alert in found if alert.kind is AlertKind.SITE]


def test_one_site_is_none(further):
    """
    day        | what                 | found
    2026-01-01 | onset ankle-left     |
    2026-02-01 | pain ankle-left load | 5
    """
    assert further == []


def test_a_later_site_is_one_from_its_onset(further):
    """
    day        | what              | found
    2026-06    | onset knee-right  |
    2026-01-01 | onset ankle-left  | 2026-05-01
    """
    assert further == [("knee-right", "2026-06")]


def test_the_same_site_again_is_told_once_and_of_its_newest_episode(further):
    """
    day        | what             | found
    2025-01-01 | onset ankle-left | 2025-08-01
    2025-10-01 | onset ankle-left | 2026-02-01
    2026-04-01 | onset ankle-left |
    """
    assert further == [("ankle-left", "2026-04-01")]


def test_a_site_of_unknown_onset_comes_last(further):
    """
    day        | what             | found
    -          | onset knee-right |
    2026-01-01 | onset ankle-left |
    """
    assert further == [("knee-right", None)]
