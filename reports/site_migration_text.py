"""Disease at more than one site, all in words: the same on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from reports.sentences import Sentences, capitalized, number, percent, place, probability
from tracker.analysis.site_migration.distance import Distance
from tracker.analysis.site_migration.results import (
    BoneStatus,
    DateInterval,
    DayInterval,
    EndKnown,
    EventKind,
    NeverLookedAt,
    NewBone,
    OldState,
    RuleReading,
    SiteEvent,
    SiteMigration,
    SitePair,
    UnknownOrder,
)
from tracker.clinical.reference import Edition
from tracker.clinical.site_migration import site_migration_rules
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR

_SECTION = "site_migration"
# From this many of a larger unit on, a time is told in that unit.
_ENOUGH_UNITS = 3
_LONG_DAYS = 2 * DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of sites as a table row."""

    old: str
    new: str
    kind: str
    probability: str
    distance: str
    between: str
    order: str


@dataclass(frozen=True, slots=True)
class SpanRow:
    """When one episode began and ended, as a table row."""

    site: str
    start: str
    end: str
    end_from: str


@dataclass(frozen=True, slots=True)
class SiteMigrationText:
    """What is said of a patient's sites.

    `events` are the sentences on each later start beside the one before it, and beside a mirror place or the same
    place; `plain` the same for the patient; `pairs` every pair.
    """

    events: tuple[str, ...]
    plain: tuple[str, ...]
    images: tuple[str, ...]
    rules: tuple[str, ...]
    context: str
    never_looked_at: str
    pairs: tuple[PairRow, ...]
    spans: tuple[SpanRow, ...]


def site_migration_text(found: SiteMigration, sentences: Sentences) -> SiteMigrationText:
    """Put what followed what in words."""
    words = _Words(sentences, site_migration_rules())
    told = leading_events(found)
    has_pairs = bool(found.events or found.unknown_order)
    return SiteMigrationText(
        events=(*(words.event(event) for event in told), *words.unknown_order(found.unknown_order)),
        plain=tuple(words.plain(event) for event in told),
        images=tuple(words.new_bone(bone) for bone in found.new_bones),
        rules=words.rules_read(found) if has_pairs or found.new_bones else (),
        context=words.context() if has_pairs or found.new_bones else "",
        never_looked_at=words.never_looked_at(found.never_looked_at),
        pairs=(*(words.pair_row(e) for e in found.events), *(words.unknown_row(one) for one in found.unknown_order)),
        spans=tuple(
            SpanRow(
                capitalized(place(span.site)),
                words.dates(span.start),
                words.dates(span.end),
                sentences.word("end_from", span.end_from),
            )
            for span in found.spans
        ),
    )


def leading_events(found: SiteMigration) -> tuple[SiteEvent, ...]:
    """Choose what is told in full: each start beside the one just before it, a mirror place, the same place."""
    just_before = events_just_before(found)
    return tuple(
        event
        for event in found.events
        if event in just_before or event.pair.is_mirror or event.pair.distance is Distance.SAME_PLACE
    )


def events_just_before(found: SiteMigration) -> tuple[SiteEvent, ...]:
    """Choose, for each episode but the first, the event beside the one that began just before it."""
    # Events are in the order of the old site's start, then of the new one's: the last one holds.
    return tuple({event.pair.new_episode_id: event for event in found.events}.values())


def order_is_told(event: SiteEvent, rules: Edition) -> bool:
    """Whether it can be said which of the two began first."""
    return max(event.p_order, 1 - event.p_order) >= rules.value("told_apart_probability")


@dataclass(frozen=True, slots=True)
class _Words:
    """How a patient's sites are spoken of."""

    sentences: Sentences
    rules: Edition

    def event(self, event: SiteEvent) -> str:
        told = order_is_told(event, self.rules)
        together = event.kind is EventKind.MULTIFOCAL_ONSET
        name = "together" if together else "later" if told else "order_open"
        kind = event.kind
        sentence = self._say(
            name,
            new=capitalized(place(event.pair.new_site)),
            old=place(event.pair.old_site),
            kind=self.sentences.word("site_event", kind),
            probability=probability(event.kinds[kind]),
            description=self.sentences.word("site_event_description", kind),
            where=self.where(event.pair),
        )
        return " ".join([sentence, self._between(event, told=told), *([self._state(event)] if told else [])])

    def _between(self, event: SiteEvent, *, told: bool) -> str:
        between = event.between_starts_days
        return self._say(
            "between" if told else "between_open",
            new=place(event.pair.new_site),
            median=number(between.median, 0),
            about=self._say("in_years", about=_about(between.median)) if between.median >= _LONG_DAYS else "",
            low=number(between.low95, 0),
            high=number(between.high95, 0),
            probability=probability(event.p_order),
        )

    def _state(self, event: SiteEvent) -> str:
        states = event.old_states or {OldState.UNKNOWN: 1.0}
        if event.gap_days is None or event.overlap_days is None or event.kind is EventKind.UNDETERMINED:
            return self._say(
                "unknown_state",
                old=place(event.pair.old_site),
                why=self._say("why_closed" if event.old_end_from is EndKnown.CLOSING else "why_open"),
                share=probability(event.reference_resolved),
            )
        return self._say(
            "states",
            old=place(event.pair.old_site),
            states=", ".join(
                self._say("state", state=self.sentences.word("old_state", state), probability=probability(p))
                for state, p in sorted(states.items(), key=lambda item: -item[1])
                if p >= 1 - self.rules.value("yes_probability") or p == max(states.values())
            ),
            gap=self._days(event.gap_days),
            overlap=self._days(event.overlap_days),
        )

    def unknown_order(self, found: Sequence[UnknownOrder]) -> tuple[str, ...]:
        sites = dict.fromkeys(site for one in found for site in one.without_onset)
        places = self._say("and").join(place(site) for site in sites)
        return (self._say("unknown_order", places=places),) if sites else ()

    def plain(self, event: SiteEvent) -> str:
        new, old = capitalized(place(event.pair.new_site)), place(event.pair.old_site)
        if event.kind is EventKind.MULTIFOCAL_ONSET or not order_is_told(event, self.rules):
            return self._say("plain_together", new=new, old=old)
        return self._say("plain", new=new, old=old, about=_about(event.between_starts_days.median))

    def new_bone(self, bone: NewBone) -> str:
        is_new = bone.status is BoneStatus.NEW
        return self._say(
            "shift" if bone.is_shift else "new_bone" if is_new else "not_examined_before",
            site=place(bone.site),
            on=bone.seen_on.in_words(),
            clear="" if bone.clear_on is None else bone.clear_on.in_words(),
            sources=" and ".join(place(site) for site in bone.from_sites),
            where=self.sentences.word("distance", bone.distance),
            episode="" if bone.has_episode else self._say("without_episode"),
        )

    def rules_read(self, found: SiteMigration) -> tuple[str, ...]:
        return (
            self._say("strict", sources=self._sources("strict_events"), verdict=self._verdict(found.strict)),
            self._say("broad", sources=self._sources("broad_events"), verdict=self._verdict(found.broad)),
            self._say("rule_note"),
        )

    def _verdict(self, reading: RuleReading) -> str:
        yes = self.rules.value("yes_probability")
        if reading.p_low >= yes:
            return self._say("met", probability=probability(reading.p_low))
        if reading.p_high <= 1 - yes:
            return self._say("not_met", probability=probability(reading.p_high))
        return self._say("open", low=probability(reading.p_low), high=probability(reading.p_high))

    def _sources(self, name: str) -> str:
        return ", ".join(self.rules.sources[key].label for key in self.rules[name].sources)

    def context(self) -> str:
        window, share = self.rules["typical_window_months"], self.rules["foot_series_share"]
        return self._say(
            "context",
            months=window.value,
            source=self.rules.sources[window.sources[0]].label,
            share=percent(share.value),
            series=self.rules.sources[share.sources[0]].label,
        )

    def never_looked_at(self, places: NeverLookedAt) -> str:
        listed = {"neighbours": places.neighbours, "weight_bearing": places.weight_bearing}
        parts = [self._say(name, places=self._places(sites)) for name, sites in listed.items() if sites]
        return self._say("never", places="; ".join(parts)) if parts else self._say("looked")

    def pair_row(self, event: SiteEvent) -> PairRow:
        return PairRow(
            old=place(event.pair.old_site),
            new=place(event.pair.new_site),
            kind=self.sentences.word("site_event", event.kind),
            probability=probability(event.kinds[event.kind]),
            distance=self.where(event.pair),
            between=self._days(event.between_starts_days),
            order=probability(event.p_order),
        )

    def unknown_row(self, one: UnknownOrder) -> PairRow:
        names = (place(one.pair.old_site), place(one.pair.new_site))
        return PairRow(*names, self._say("insufficient"), "", self.where(one.pair), "", "")

    def where(self, pair: SitePair) -> str:
        adjacent = self._say("adjacent") if pair.is_adjacent else ""
        mirror = self._say("mirror") if pair.is_mirror else ""
        return f"{self.sentences.word('distance', pair.distance)}{adjacent}{mirror}"

    def dates(self, interval: DateInterval | None) -> str:
        if interval is None or interval.low95 is None:
            return self.sentences.word("end_from", EndKnown.UNKNOWN)
        if interval.high95 is None:
            return self._say("from_on", first=interval.low95)
        if interval.high95 - interval.low95 < timedelta(days=1):
            return interval.low95.isoformat()
        return self._say("span", first=interval.low95, last=interval.high95)

    def _days(self, days: DayInterval) -> str:
        return self._say("days", median=number(days.median, 0), low=number(days.low95, 0), high=number(days.high95, 0))

    def _places(self, sites: Sequence[str]) -> str:
        return ", ".join(place(site) for site in sites)

    def _say(self, name: str, **values: object) -> str:
        return self.sentences.say(_SECTION, name, **values)


def _about(days: float) -> str:
    """Write a length of time for the patient: whole weeks, from three months on months, from three years on years."""
    units = (("year", DAYS_PER_YEAR), ("month", DAYS_PER_MONTH), ("week", DAYS_PER_WEEK))
    unit, length = next((one for one in units if round(days / one[1]) >= _ENOUGH_UNITS), units[-1])
    count = max(round(days / length), 1)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
