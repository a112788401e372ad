from datetime import date

from tracker.clinical.record import Episode, Note, PainScore, PatientRecord, Visit
from tracker.clinical.vocabulary import Aspect, Instrument, Sex
from tracker.dates import PartialDate


def record_of(visit_dates: dict[int, str], *, onsets: dict[int, str | None]) -> PatientRecord:
    """A record with one score and one note per visit, and one episode per onset."""
    dates = {visit_id: PartialDate.parse(written) for visit_id, written in visit_dates.items()}
    return PatientRecord(
        patient_id=1,
        patient_code="P01",
        clinic_code="default",
        sex=Sex.UNKNOWN,
        birth=None,
        last_entry_id=9,
        episodes=tuple(
            Episode(number, 1, "talus-left", onset and PartialDate.parse(onset), None, None, None)
            for number, onset in onsets.items()
        ),
        visits=tuple(Visit(visit_id, 1, day) for visit_id, day in dates.items()),
        pain_scores=tuple(
            PainScore(visit_id, 1, visit_id, day, "talus-left", Instrument.NRS, Aspect.OVERALL, 5, None)
            for visit_id, day in dates.items()
        ),
        vitamin_d=(),
        imaging=(),
        notes=(
            *(Note(visit_id, 1, visit_id, day, None, "seen") for visit_id, day in dates.items()),
            Note(99, 1, None, None, None, "of the patient"),
        ),
    )


def test_until_a_day_keeps_visits_that_certainly_lie_before_it():
    record = record_of({1: "2026-03-10", 2: "2026-03-11", 3: "2026-03", 4: "2026-02"}, onsets={})
    kept = record.until(date(2026, 3, 10))
    assert [visit.visit_id for visit in kept.visits] == [1, 4]
    assert [score.visit_id for score in kept.pain_scores] == [1, 4]
    assert [note.visit_id for note in kept.notes] == [1, 4, None]


def test_until_a_day_keeps_episodes_that_may_have_begun():
    record = record_of({}, onsets={1: "2026-03-10", 2: "2026-03-11", 3: "2026-03", 4: None, 5: "2026-04"})
    assert [episode.episode_id for episode in record.until(date(2026, 3, 10)).episodes] == [1, 3, 4]


def test_until_the_last_day_changes_nothing():
    record = record_of({1: "2026-03-10"}, onsets={1: "2026-03"})
    assert record.until(date(2026, 3, 31)) == record


def test_an_episode_closed_later_was_open_on_the_day():
    closed = Episode(1, 1, "talus-left", None, None, PartialDate.parse("2026-06"), "resolved")
    assert closed.until(date(2026, 6, 29)).closed_on is None
    assert closed.until(date(2026, 6, 29)).closing_reason is None
    assert closed.until(date(2026, 6, 30)) == closed
