from datetime import date

import pytest

from tracker.analysis.episodes import patient_view
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import expected_band, fit_course
from tracker.analysis.results import CourseFit, InsufficientData

ROWS = (("2026-02-10", 6), ("2026-03-20", 8), ("2026-05-01", 6), ("2026-07-01", 3))


@pytest.fixture
def view(record, provenance, edition, library):
    def make(episodes, scores, as_of="2026-12-31"):
        return patient_view(record(episodes, scores), provenance=provenance(as_of), edition=edition, library=library)

    return make


def test_an_episode_is_fitted_on_the_days_since_the_first_possible_day_of_its_onset(
    view, episode, scores, library, observed
):
    (shown,) = view([episode(onset="2026-01")], scores(*ROWS), as_of="2026-08-01").episodes
    # by hand: days since 2026-01-01
    observations = observed((40, 6), (78, 8), (120, 6), (181, 3))
    assert shown.day_zero == date(2026, 1, 1)
    assert shown.course == fit_course(observations, OnsetStatement(30), as_of_day=212, library=library)
    assert shown.expected_band == expected_band(library, OnsetStatement(30))
    assert shown.fitted_row_ids == {1, 2, 3, 4}
    assert shown.choice == "Read: 4 scores, NRS of overall pain."


def test_about_a_day_widens_the_onset(view, episode, scores):
    (about,) = view([episode(onset="~2026-01-10")], scores(*ROWS)).episodes
    (exact,) = view([episode(onset="2026-01-10")], scores(*ROWS)).episodes
    reference = [shown.course.parameters["onset_day"] for shown in (about, exact)]
    assert reference[0].reference_high95 > reference[1].reference_high95


def test_a_millimeter_scale_is_fitted_in_millimeters(view, episode, scores):
    rows = [(day, 10 * score, "ankle-left", "vas") for day, score in ROWS]
    (shown,) = view([episode()], scores(*rows)).episodes
    assert isinstance(shown.course, CourseFit)
    assert shown.course.parameters["peak_nrs"].median == pytest.approx(8, abs=1)


def test_an_unknown_onset_is_said_and_nothing_is_fitted(view, episode, scores):
    (shown,) = view([episode(onset=None)], scores(*ROWS)).episodes
    assert shown.course == InsufficientData("the onset is not known", "an onset, even if only a month or a year")
    assert shown.day_zero is None
    assert shown.fitted_row_ids == frozenset()
    assert len(shown.scores) == 4
    assert shown.choice == "No score is read: without an onset they have no place on the course."


def test_too_few_scores_are_kept_and_none_is_called_fitted(view, episode, scores):
    (shown,) = view([episode()], scores(*ROWS[:1])).episodes
    assert shown.course == InsufficientData("pain scores on 1 day only", "scores on 1 more day")
    assert shown.fitted_row_ids == frozenset()
    assert len(shown.scores) == 1


def test_an_episode_without_scores_still_has_its_expected_band(view, episode, scores):
    (shown,) = view([episode()], ()).episodes
    assert isinstance(shown.course, InsufficientData)
    assert len(shown.expected_band.day) > 50


def test_every_score_is_with_one_episode_or_unclaimed(view, episode, scores):
    rows = [*ROWS, ("2026-03-20", 4, "knee-left"), ("2026-03-20", 2, "talus-left")]
    found = view([episode(), episode("talus-left", episode_id=2)], scores(*rows))
    by_row = [score.row_id for shown in found.episodes for score in shown.scores]
    assert sorted(by_row) == [1, 2, 3, 4, 6]
    assert [score.row_id for score in found.unclaimed_scores] == [5]


def test_what_lies_after_the_as_of_day_is_not_in_the_view(view, episode, scores):
    later = view([episode()], scores(*ROWS), as_of="2026-05-01")
    assert later == view([episode()], scores(*ROWS[:3]), as_of="2026-05-01")
    assert [str(visit.visit_date) for visit in later.record.visits] == ["2026-02-10", "2026-03-20", "2026-05-01"]


def test_a_patient_without_episodes_has_only_unclaimed_scores(view, scores):
    found = view([], scores(*ROWS))
    assert found.episodes == ()
    assert len(found.unclaimed_scores) == 4
