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


def test_from_today_on_what_was_recorded_has_happened():
    record = record_of({1: "2026-03", 2: "2026", 3: "2026-03-11", 4: "2026-04"}, onsets={})

    def kept(as_of: date, today: date) -> list[int]:
        return [visit.visit_id for visit in record.until(as_of, today=today).visits]

    assert kept(date(2026, 3, 10), date(2026, 3, 10)) == [1, 2]
    assert kept(date(2026, 3, 11), date(2026, 3, 10)) == [1, 2, 3]
    assert kept(date(2026, 3, 10), date(2026, 3, 11)) == []
    assert record.until(date(2026, 3, 10), today=date(2026, 3, 10)).pain_scores == record.pain_scores[:2]


def test_from_today_on_an_episode_closed_this_month_is_closed():
    closed = Episode(1, 1, "talus-left", None, None, PartialDate.parse("2026-06"), "resolved")
    day = date(2026, 6, 10)
    assert closed.until(day, today=day) == closed
    assert closed.until(day, today=date(2026, 6, 11)).closed_on is None


def test_without_a_visit_nothing_of_it_is_left():
    record = record_of({1: "2026-03-10", 2: "2026-03-11"}, onsets={1: "2026-03"})
    left = record.without_visit(1)
    assert [visit.visit_id for visit in left.visits] == [2]
    assert [score.visit_id for score in left.pain_scores] == [2]
    assert [note.visit_id for note in left.notes] == [2, None]
    assert left.episodes == record.episodes
