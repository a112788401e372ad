"""What MRI adds to an episode, and what it never changes."""

from dataclasses import replace

import pytest

from tracker.analysis.claims import claimed_findings
from tracker.analysis.episodes import patient_view
from tracker.analysis.imaging.results import NO_MRI, Disagreement, EdemaCourse, JointReading
from tracker.analysis.results import InsufficientData
from tracker.clinical.record import ImagingFinding
from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.dates import PartialDate

ROWS = (("2026-02-10", 6), ("2026-03-20", 8), ("2026-05-01", 6), ("2026-07-01", 3))
SHRINKING = (("2026-02-10", 3), ("2026-07-01", 2))


def images(*rows, site="talus-left"):
    """MRI findings from pairs of day and grade, or of day and presence; a visit per row, after those of the scores."""
    return tuple(
        ImagingFinding(
            row_id=row_id,
            entry_id=1,
            visit_id=100 + row_id,
            visit_date=PartialDate.parse(day),
            modality=Modality.MRI,
            site=site,
            finding=Finding.EDEMA,
            presence=(Presence.PRESENT if grade else Presence.ABSENT) if isinstance(grade, int) else Presence(grade),
            edema_percent=None,
            edema_grade=grade if isinstance(grade, int) else None,
            edema_pattern=None,
        )
        for row_id, (day, grade) in enumerate(rows, start=1)
    )


@pytest.fixture
def shown(record, provenance, edition, library, episode, scores):
    """The one episode of a patient with these images."""

    def make(found, rows=ROWS, *, of=None, as_of="2026-07-02"):
        made = replace(record([of or episode()], scores(*rows)), imaging=found)
        # a record knows the visits of its facts
        visits = {finding.visit_id: (finding.visit_id, finding.visit_date) for finding in found}
        made = replace(made, visits=(*made.visits, *(type(made.visits[0])(v, 1, d) for v, d in visits.values())))
        (view,) = patient_view(made, provenance=provenance(as_of), edition=edition, library=library).episodes
        return view

    return make


@pytest.fixture
def with_and_without(shown):
    return shown(images(*SHRINKING)), shown(())


def test_an_mri_changes_neither_the_course_nor_the_flags(with_and_without):
    seen, unseen = with_and_without
    assert isinstance(seen.edema.joint, JointReading)
    assert (seen.course, seen.flags, seen.own_band) == (unseen.course, unseen.flags, unseen.own_band)


def test_no_mri_is_said_and_what_was_not_examined_is_no_mri(shown):
    assert shown(()).edema == NO_MRI
    assert shown(images(("2026-02-10", "not_examined"))).edema == NO_MRI


def test_one_mri_is_not_read_alone_but_read_with_the_pain(shown):
    edema = shown(images(("2026-02-10", 3))).edema
    assert edema.alone == InsufficientData("MRI looked for edema on 1 day only", "an MRI on 1 more day")
    assert isinstance(edema.joint, JointReading)
    assert edema.best == edema.joint.edema
    assert edema.n_read == 1


def test_two_mri_without_enough_scores_are_read_alone(shown):
    edema = shown(images(*SHRINKING), ROWS[:1]).edema
    assert edema.joint == InsufficientData("of the pain: pain scores on 1 day only", "scores on 1 more day")
    assert isinstance(edema.alone, EdemaCourse)
    assert edema.best == edema.alone


def test_an_episode_without_an_onset_shows_its_grades_and_reads_nothing(shown, episode):
    edema = shown(images(*SHRINKING), of=episode(onset=None)).edema
    assert [visit.highest for visit in edema.visits] == [3, 2]
    assert (
        edema.alone
        == edema.joint
        == InsufficientData("the onset is not known", "an onset, even if only a month or a year")
    )


def test_an_mri_whose_day_is_too_vague_is_shown_and_not_read(shown):
    edema = shown(images(("2026", 3)), as_of="2026-12-31").edema
    assert (len(edema.visits), edema.n_read) == (1, 0)
    assert edema.alone.reason == edema.joint.reason == "no MRI has a day"


def test_phases_and_grades_are_probabilities(with_and_without):
    edema = with_and_without[0].edema
    for course in (edema.alone, edema.joint.edema):
        assert sum(course.phases.values()) == pytest.approx(1)
    grades = edema.grades
    for shares in zip(grades.none, grades.small, grades.medium, grades.large, strict=True):
        assert sum(shares) == pytest.approx(1)
    assert edema.as_of_day in grades.day


def test_edema_is_expected_to_outlast_the_pain_by_about_the_lag(with_and_without):
    joint = with_and_without[0].edema.joint
    behind = joint.edema.clear_day.median - joint.resolution_day.median
    assert behind == pytest.approx(joint.lag_days.median, abs=20)
    assert joint.lag_days.reference_median == pytest.approx(77, abs=2)  # 2.54 months, see the calibration's tests


@pytest.mark.parametrize(
    ("rows", "disagreement"),
    [
        (SHRINKING, None),
        ((("2026-02-10", 3), ("2026-05-01", 0), ("2026-07-01", 0)), Disagreement.LESS_EDEMA),
        ((("2026-02-10", 0), ("2026-03-20", 0), ("2026-07-01", 3)), Disagreement.LESS_EDEMA),
    ],
    ids=["shrinking with the pain", "gone before the pain", "not there with the pain"],
)
def test_mri_and_pain_that_differ_are_said_to(shown, rows, disagreement):
    assert shown(images(*rows)).edema.joint.conflict.disagreement is disagreement


def test_where_mri_and_pain_differ_the_grades_to_expect_are_those_of_mri_alone(shown):
    edema = shown(images(("2026-02-10", 3), ("2026-05-01", 0), ("2026-07-01", 0))).edema
    today = edema.grades.day.index(edema.as_of_day)
    assert edema.best == edema.alone
    assert edema.grades.none[today] > 0.9
    agreeing = shown(images(*SHRINKING)).edema
    assert agreeing.best == agreeing.joint.edema


def test_edema_long_after_the_pain_is_more_than_the_pain_led_to_expect(shown):
    rows = (*ROWS, ("2026-08-01", 1), ("2026-09-01", 0), ("2026-12-01", 0), ("2027-02-01", 0))
    late = images(("2026-02-10", 2), ("2027-06-01", 3), ("2027-08-01", 3))
    joint = shown(late, rows, as_of="2027-08-02").edema.joint
    assert joint.conflict.disagreement is Disagreement.MORE_EDEMA


def test_grades_that_leave_the_pain_both_ways_only_run_differently(shown):
    rows = (*ROWS, ("2026-08-01", 1), ("2026-09-01", 0), ("2026-12-01", 0), ("2027-02-01", 0))
    found = images(("2026-03-20", 0), ("2026-04-20", 0), ("2027-06-01", 3), ("2027-08-01", 3))
    joint = shown(found, rows, as_of="2027-08-02").edema.joint
    assert joint.conflict.disagreement is Disagreement.OTHERWISE


def test_a_later_mri_never_changes_the_reading_of_a_day(shown):
    later = shown(images(*SHRINKING, ("2026-09-01", 0)))
    assert later.edema == shown(images(*SHRINKING)).edema


def test_pain_of_no_known_course_is_not_read_with_mri(shown):
    rows = [(f"2026-03-{day:02}", 10 * (day % 2)) for day in range(10, 20)]
    view = shown(images(*SHRINKING), rows)
    assert not view.course.resembles_known
    assert view.edema.joint.reason == "the pain follows no known kind of course"


def test_an_image_after_the_episode_was_closed_is_still_of_it(record, edition, episode, scores):
    closed = episode(closed_on="2026-06-01")
    after = images(("2026-08-01", 0))
    made = replace(record([closed], scores(*ROWS)), imaging=after)
    assert claimed_findings(made, edition) == {1: after}


def test_an_image_after_the_next_onset_at_the_site_is_of_the_next_episode(record, edition, episode, scores):
    first, second = episode(closed_on="2026-06-01"), episode(onset="2026-07-01", episode_id=2)
    before, after = images(("2026-06-20", 1), ("2026-08-01", 3))
    made = replace(record([first, second], scores(*ROWS)), imaging=(before, after))
    assert claimed_findings(made, edition) == {1: (before,), 2: (after,)}


def test_images_of_another_site_are_of_no_episode(record, edition, episode, scores):
    made = replace(record([episode()], scores(*ROWS)), imaging=images(("2026-06-20", 1), site="navicular-left"))
    assert claimed_findings(made, edition) == {1: ()}
