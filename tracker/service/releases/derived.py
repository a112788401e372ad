"""The rows of what the program says: courses, raised flags, and what a second site is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.alerts.finding import quick_alerts
from tracker.analysis.alerts.life import standing
from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fit_columns import FitColumn
from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.episode_reading import EpisodeReading, reading_of
from tracker.analysis.episodes import patient_view
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.site_migration.results import DayInterval, EventKind, SiteEvent, UnknownOrder
from tracker.analysis.views import Provenance
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.exchange.release.tables import COURSE_FITS, FLAGS, SITE_EVENTS
from tracker.service.fit_chunks import Chunk, fit_chunk
from tracker.service.level_cache import library_of
from tracker.service.releases.derived_columns import EVENT_KINDS, OWN_COLUMNS
from tracker.service.releases.naming import Cells, Naming
from tracker.service.releases.rows import Chapter

_DIGITS_OF_SHARES = 6
_NOT_FITTED = "not_fitted"
_NO_ONSET = "the onset is not known"
_NOT_NRS = "its scores are VAS; only courses of NRS scores are fitted in an export"


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads courses: the library of one edition, flags against it, and where the answers come from."""

    library: BatchLibrary
    quick: QuickFlags
    provenance: Provenance
    today: date


def derivation(
    edition: Edition, naming: Naming, provenance: Provenance, *, today: date
) -> Callable[[Sequence[Chapter]], dict[str, list[Cells]]]:
    """Load what reads courses, and give the function that gives the rows of some patients by table."""
    library = library_of(edition)
    readers = Readers(library, QuickFlags(library), provenance, today)
    return lambda chapters: derived_rows(chapters, naming, readers)


def derived_rows(chapters: Sequence[Chapter], naming: Naming, readers: Readers) -> dict[str, list[Cells]]:
    """Give the rows of what is derived for some patients, in their order."""
    fits = _fits(chapters, readers.library, identified=naming.identified)
    rows: dict[str, list[Cells]] = {COURSE_FITS: [], FLAGS: [], SITE_EVENTS: []}
    for chapter in chapters:
        naming.begin(chapter.record)
        patient = naming.patient()
        for episode in sorted(chapter.record.episodes, key=lambda one: (one.site, str(one.onset), one.episode_id)):
            rows[COURSE_FITS].append((*patient, naming.key("episode", episode.episode_id), *fits[episode.episode_id]))
        rows[FLAGS] += ((*patient, *cells) for cells in _flags(chapter, naming, readers))
        if len(chapter.record.episodes) > 1:
            rows[SITE_EVENTS] += ((*patient, *cells) for cells in _events(chapter, naming, readers))
    return rows


def _fits(chapters: Sequence[Chapter], library: BatchLibrary, *, identified: bool) -> dict[int, Cells]:
    """Fit the episodes of many patients at once; the cells of each by its id."""
    found: dict[int, Cells] = {}
    chosen: list[tuple[int, EpisodeReading]] = []
    for chapter in chapters:
        for episode in chapter.record.episodes:
            if episode.onset is None:
                found[episode.episode_id] = _without(_NO_ONSET)
                continue
            choice = chapter.choices[episode.episode_id]
            if any(score.instrument is not Instrument.NRS for score in choice.scores):
                found[episode.episode_id] = _without(_NOT_NRS)
            else:
                day = chapter.as_of if identified else chapter.last_visit
                reading = reading_of(episode, episode.onset, choice, as_of=day)
                chosen.append((episode.episode_id, reading))
    if chosen:
        half_width = int(library.library.edition.value("about_date_half_width_days"))
        columns = fit_chunk(_chunk([reading for _, reading in chosen], half_width), library, refine=False)
        cells = zip(*(_cells(columns[one.name], one) for one in OWN_COLUMNS), strict=True)
        found |= {episode_id: row for (episode_id, _), row in zip(chosen, cells, strict=True)}
    return found


def _without(reason: str) -> Cells:
    said = {"status": _NOT_FITTED, "status_reason": reason}
    return tuple(said.get(one.name) for one in OWN_COLUMNS)


def _chunk(readings: Sequence[EpisodeReading], half_width: int) -> Chunk:
    """Put readings into one table. About a day is a span around it, so day 0 of the table lies earlier there."""
    sooner = np.array([half_width if one.onset.about else 0 for one in readings], dtype=np.int64)
    in_order = [np.argsort(one.observations.day, kind="stable") for one in readings]
    days = [one.observations.day[order] for one, order in zip(readings, in_order, strict=True)]
    scores = [one.observations.score[order] for one, order in zip(readings, in_order, strict=True)]
    n_visits = np.array([len(day) for day in days], dtype=np.int64)
    table = EpisodeTable(
        episode_id=tuple(str(number) for number in range(len(readings))),
        first_visit=np.concatenate([[0], np.cumsum(n_visits)]),
        day=np.concatenate(days) + np.repeat(sooner, n_visits),
        pain_nrs=np.concatenate(scores).astype(np.int8),
        onset_day=-sooner,
        onset_span_days=np.array([one.onset.span_days for one in readings], dtype=np.int64) + 2 * sooner,
    )
    return Chunk(table, np.array([one.as_of_day for one in readings], dtype=np.int64) + sooner)


def _cells(values: NDArray[Any], column: FitColumn) -> list[object]:
    """Give the cells of a column: what is missing is None, and whole numbers are whole."""
    found = values.tolist()
    if column.kind == "text":
        return [text or None for text in found]
    if column.kind == "integer":
        return [None if cell != cell else int(cell) for cell in found]  # noqa: PLR0124 -- NaN
    return [None if cell is None or cell != cell else cell for cell in found]  # noqa: PLR0124 -- NaN


def _flags(chapter: Chapter, naming: Naming, readers: Readers) -> Iterator[Cells]:
    record, edition = chapter.record, readers.library.library.edition
    alerts = quick_alerts(record, as_of=chapter.as_of, quick=readers.quick, edition=edition, today=readers.today)
    said = [one for one in record.flag_decisions if one.decided_on.last <= chapter.as_of]
    for alert in alerts:
        yield (
            str(alert.kind),
            alert.code,
            alert.rule_version,
            alert.site,
            naming.key("episode", alert.episode_id),
            alert.state,
            *naming.date(alert.since),
            _share(alert.probability),
            str(standing(alert, said).life),
        )


def _events(chapter: Chapter, naming: Naming, readers: Readers) -> Iterator[Cells]:
    library = readers.library.library
    view = patient_view(
        chapter.record, provenance=readers.provenance, edition=library.edition, library=library, today=readers.today
    )
    events: tuple[SiteEvent | UnknownOrder, ...] = (*view.site_migration.events, *view.site_migration.unknown_order)
    for event in events:
        pair = event.pair
        yield (
            naming.key("episode", pair.old_episode_id),
            pair.old_site,
            naming.key("episode", pair.new_episode_id),
            pair.new_site,
            str(pair.distance),
            pair.is_mirror,
            pair.is_adjacent,
            *_kinds(event),
        )


def _kinds(event: SiteEvent | UnknownOrder) -> Cells:
    if isinstance(event, UnknownOrder):
        nothing = (None,) * (1 + len(EVENT_KINDS) + 1 + 3 + 3)
        return (*nothing, event.reason)
    return (
        event.kind.value,
        *(_share(event.kinds.get(kind, 0.0)) for kind in EventKind),
        _share(event.p_order),
        *_days(event.between_starts_days),
        *_days(event.gap_days),
        None,
    )


def _share(probability: float | None) -> float | None:
    """Cut off digits that are rounding errors, not knowledge."""
    return None if probability is None else round(probability, _DIGITS_OF_SHARES)


def _days(interval: DayInterval | None) -> Cells:
    if interval is None:
        return None, None, None
    ends = (interval.median, interval.low95, interval.high95)
    return tuple(None if not np.isfinite(end) else round(float(end), 2) for end in ends)
