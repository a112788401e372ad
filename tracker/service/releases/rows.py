"""The rows of a release: what the record of one patient says, in the columns of `tracker.exchange.release.tables`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tracker.analysis.claims import claimed_scores
from tracker.analysis.score_choice import ScoreChoice, choose_scores
from tracker.clinical.record import Episode, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.dates import PartialDate
from tracker.exchange.release.tables import NOTES
from tracker.service.releases.naming import Cells, Naming

_LONGEST_NUMBER = 10
_UNREAD = "No score is read: without an onset they have no place on the course."


@dataclass(frozen=True, slots=True)
class Chapter:
    """A patient up to the as-of day, with what is read of each episode.

    `choices` holds the episodes with a known onset, by id; `owner` the episode that claims a score and `same_day` how
    many scores of its day are read, both by row id.
    """

    record: PatientRecord
    as_of: date
    choices: Mapping[int, ScoreChoice]
    owner: Mapping[int, Episode]
    same_day: Mapping[int, int]

    @property
    def last_visit(self) -> date:
        """The day of the last visit, the as-of day without one.

        What is said of a course without names is said of this day: how probable it is that the pain was over on the
        as-of day, which the manifest names, gives the calendar day of every other one away.
        """
        return max((visit.visit_date.middle for visit in self.record.visits), default=self.as_of)


def chapter(record: PatientRecord, *, as_of: date, edition: Edition) -> Chapter:
    """Read the episodes of a record that ends with the as-of day."""
    claimed = claimed_scores(record, edition)
    choices = {
        episode.episode_id: choose_scores(episode, claimed[episode.episode_id], edition)
        for episode in record.episodes
        if episode.onset is not None
    }
    return Chapter(
        record=record,
        as_of=as_of,
        choices=choices,
        owner={score.row_id: episode for episode in record.episodes for score in claimed[episode.episode_id]},
        same_day={row_id: n for choice in choices.values() for row_id, n in _same_day(choice)},
    )


def _same_day(choice: ScoreChoice) -> Iterator[tuple[int, int]]:
    """Say of each score that is read with how many of its day, itself among them, it is."""
    days = [score.visit_date.middle for score in choice.scores]
    counted = Counter(days)
    return ((score.row_id, counted[day]) for score, day in zip(choice.scores, days, strict=True))


@dataclass(frozen=True, slots=True)
class _Visits:
    """The cells that name each visit, made once for all that hangs on it, and the place of each visit in time."""

    cells: Mapping[int, Cells]
    place: Mapping[object, int]


def recorded_rows(chapter: Chapter, naming: Naming) -> dict[str, list[Cells]]:
    """Give the rows of a patient in every table of what was recorded; `naming` has begun with the patient.

    Rows are in the order of their visits, then of what they say: never of when they were entered, which a restore
    changes and a release must not tell.
    """
    patient, visits = naming.patient(), _visits_of(chapter, naming)
    found = {"patients": [(*patient, *_person(chapter, naming))]}
    for name, at_visits in _AT_VISITS.items():
        rows = list(at_visits(chapter, naming, visits.cells))
        if len({cells[0] for cells in rows}) == len(rows):
            rows.sort(key=lambda cells: visits.place[cells[0]])
        else:
            rows.sort(key=lambda cells: (visits.place[cells[0]], repr(cells)))
        found[name] = [patient + cells for cells in rows]
    for name, others in _OTHERS.items():
        if name != NOTES or naming.identified:
            rows = sorted(others(chapter, naming), key=lambda cells: (repr(cells[1:]), repr(cells[0])))
            found[name] = [patient + cells for cells in rows]
    return found


def _visits_of(chapter: Chapter, naming: Naming) -> _Visits:
    named = [(one, naming.key("visit", one.visit_id)) for one in chapter.record.visits]
    named.sort(key=lambda pair: (pair[0].visit_date.sort_key, str(pair[1]).zfill(_LONGEST_NUMBER)))
    return _Visits(
        cells={one.visit_id: (key, *naming.date(one.visit_date)) for one, key in named},
        place={key: place for place, (_, key) in enumerate(named)},
    )


def _person(chapter: Chapter, naming: Naming) -> Cells:
    record = chapter.record
    return (*naming.person(), len(record.episodes), len(record.visits))


def _episodes(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.episodes:
        choice = chapter.choices.get(one.episode_id)
        yield (
            naming.key("episode", one.episode_id),
            one.site,
            *naming.date(one.onset),
            None if one.mode is None else one.mode.value,
            one.closed_on is not None,
            *naming.date(one.closed_on),
            *naming.words(one.closing_reason),
            _UNREAD if choice is None else choice.sentence,
        )


def _visits(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterable[Cells]:
    return visits.values()


def _pain(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterator[Cells]:
    for one in chapter.record.pain_scores:
        yield (
            *visits[one.visit_id],
            one.site,
            one.instrument.value,
            one.aspect.value,
            one.score,
            _word(one.missing_reason),
            *_claim(chapter, naming, one),
        )


def _claim(chapter: Chapter, naming: Naming, score: PainScore) -> Cells:
    """Say which episode claims a score, on which day of it, whether it is read and with how many of that day."""
    episode = chapter.owner.get(score.row_id)
    if episode is None:
        return None, None, False, None
    n_same_day = chapter.same_day.get(score.row_id)
    return (
        naming.key("episode", episode.episode_id),
        None if episode.onset is None else (score.visit_date.middle - episode.onset.first).days,
        n_same_day is not None,
        n_same_day,
    )


def _vitamin_d(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterator[Cells]:
    for one in chapter.record.vitamin_d:
        yield (
            *visits[one.visit_id],
            one.value,
            _word(one.comparator),
            _word(one.unit),
            *naming.words(one.assay),
            _word(one.missing_reason),
        )


def _labs(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterator[Cells]:
    for one in chapter.record.labs:
        yield (
            *visits[one.visit_id],
            one.analyte,
            one.value,
            _word(one.comparator),
            naming.unit(one.unit),
            one.limit_low,
            one.limit_high,
            _word(one.judgement),
            _word(one.missing_reason),
        )


def _imaging(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterator[Cells]:
    for one in chapter.record.imaging:
        yield (
            *visits[one.visit_id],
            one.modality.value,
            one.site,
            one.finding.value,
            one.presence.value,
            one.edema_percent,
            one.edema_grade,
            _word(one.edema_pattern),
        )


def _function_scores(chapter: Chapter, naming: Naming, visits: Mapping[int, Cells]) -> Iterator[Cells]:
    for one in chapter.record.function_scores:
        yield (*visits[one.visit_id], one.about, one.scale, one.score, _word(one.missing_reason))


def _treatments(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.treatments:
        yield (
            naming.key("treatment", one.treatment_id),
            one.treatment,
            *naming.words(one.words),
            one.site,
            *naming.date(one.started),
            *naming.date(one.ended),
            *naming.words(one.ending_reason),
        )


def _doses(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.treatments:
        for dose in one.doses:
            yield (
                naming.key("treatment", one.treatment_id),
                *naming.date(dose.dose_since),
                dose.dose,
                dose.dose_unit.value,
                *naming.words(dose.schedule),
            )


def _differential(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.differential:
        yield (
            one.about,
            one.cause,
            *naming.date(one.decided_on),
            one.state.value,
            *naming.words(one.how),
            *naming.words(one.decided_by),
        )


def _checklists(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.checklist_items:
        yield (
            one.checklist.value,
            one.about,
            one.item,
            *naming.date(one.examined_on),
            one.presence.value,
            *naming.date(one.since),
            *naming.words(one.words),
        )


def _pregnancy(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.pregnancy:
        yield (*naming.date(one.stated_on), _word(one.state), one.gestational_week, _word(one.missing_reason))


def _flag_decisions(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.flag_decisions:
        yield (
            one.flag,
            one.about,
            naming.key("episode", one.episode_id),
            one.decision.value,
            *naming.date(one.decided_on),
            *naming.words(one.reason),
        )


def _notes(chapter: Chapter, naming: Naming) -> Iterator[Cells]:
    for one in chapter.record.notes:
        day: PartialDate | None = one.visit_date
        yield (naming.key("visit", one.visit_id), *naming.date(day), one.site, one.text)


def _word(word: object) -> str | None:
    return None if word is None else str(word)


_AT_VISITS: Mapping[str, Callable[[Chapter, Naming, Mapping[int, Cells]], Iterable[Cells]]] = MappingProxyType(
    {
        "visits": _visits,
        "pain": _pain,
        "vitamin_d": _vitamin_d,
        "labs": _labs,
        "imaging": _imaging,
        "function_scores": _function_scores,
    }
)
_OTHERS: Mapping[str, Callable[[Chapter, Naming], Iterable[Cells]]] = MappingProxyType(
    {
        "episodes": _episodes,
        "treatments": _treatments,
        "treatment_doses": _doses,
        "differential": _differential,
        "checklists": _checklists,
        "pregnancy": _pregnancy,
        "flag_decisions": _flag_decisions,
        NOTES: _notes,
    }
)
