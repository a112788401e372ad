"""What is said about a patient's sites: frozen values, probabilities and days.

The *old* site of a pair is the one whose start has the earlier middle; whether that
order is real is one of the answers. Days are intervals of a distribution, never differences of midpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.analysis.site_migration.distance import Distance
from tracker.dates import PartialDate


class EventKind(StrEnum):
    """What a second start is, beside a first one; their probabilities sum to 1.

    `undetermined` is a later start while nobody knows how far the old site was; `still_active` the same place
    again before its first episode had begun to clear; `reverse_order` that the old site began last.
    """

    MULTIFOCAL_ONSET = "multifocal_onset"
    SPREAD = "spread"
    SITE_MIGRATION = "site_migration"
    RELAPSE = "relapse"
    STILL_ACTIVE = "still_active"
    UNDETERMINED = "undetermined"
    REVERSE_ORDER = "reverse_order"


class OldState(StrEnum):
    """How far the old site was when the new one began."""

    ACTIVE = "active"
    REGRESSING = "regressing"
    RESOLVED = "resolved"
    UNKNOWN = "unknown"


class EndKnown(StrEnum):
    """Where the end of an episode is taken from."""

    CLOSING = "closing"
    COURSE = "course"
    UNKNOWN = "unknown"


class BoneStatus(StrEnum):
    """Whether an earlier examination allows a later edema to be called new."""

    NEW = "new"
    NOT_EXAMINED_BEFORE = "not_examined_before"


@dataclass(frozen=True, slots=True)
class DayInterval:
    """Quantiles 0.5, 0.025 and 0.975 of a number of days."""

    median: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class DateInterval:
    """The same on the calendar; None where the quantile is never reached."""

    median: date | None
    low95: date | None
    high95: date | None


@dataclass(frozen=True, slots=True)
class EpisodeSpan:
    """When one episode began and ended; `start` is None without an onset, `end` where nothing tells."""

    episode_id: int
    site: str
    start: DateInterval | None
    end: DateInterval | None
    end_from: EndKnown


@dataclass(frozen=True, slots=True)
class SitePair:
    """Two episodes of a patient, and how far their sites are apart."""

    old_episode_id: int
    old_site: str
    new_episode_id: int
    new_site: str
    distance: Distance
    is_mirror: bool
    is_adjacent: bool


@dataclass(frozen=True, slots=True)
class SiteEvent:
    """What the later of two starts is.

    `kinds` sum to 1, and so do `old_states`, which are those of the old site at the start of the new one, over
    the cases in which it began more than `together_days` later; None where that is impossible. `p_order` is
    the probability that the new site began last. `gap_days` runs from
    the end of the old site to the start of the new one, `overlap_days` from the start of
    the new one to the end of the old or the as-of day; both are never below 0, and None where the
    end is unknown. `reference_resolved` is the share of expected courses that would have been over by then: the
    reference's answer, not this patient's, and used for nothing.
    """

    pair: SitePair
    kinds: Mapping[EventKind, float]
    old_states: Mapping[OldState, float] | None
    p_order: float
    between_starts_days: DayInterval
    gap_days: DayInterval | None
    overlap_days: DayInterval | None
    old_end_from: EndKnown
    reference_resolved: float
    status: str = "ok"

    @property
    def kind(self) -> EventKind:
        """The most probable kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])


@dataclass(frozen=True, slots=True)
class UnknownOrder:
    """Two episodes that cannot be put in order: old and new are named in the order of the alphabet.

    `without_onset` are the sites, one or both, at which no onset is recorded.
    """

    pair: SitePair
    without_onset: tuple[str, ...]
    reason: str
    needs: str
    status: str = "insufficient_data"


@dataclass(frozen=True, slots=True)
class NewBone:
    """Edema at a place where no earlier image had shown it: an imaging finding, not an episode.

    It is `new` only where an earlier examination looked there and found none: on `clear_on`, the latest such day.
    `from_sites` had edema on an earlier image, the nearest first; `distance` is that of the nearest. A new one
    within a joint is a shift. `has_episode` says whether an episode covers the place.
    """

    site: str
    seen_on: PartialDate
    status: BoneStatus
    clear_on: PartialDate | None
    from_sites: tuple[str, ...]
    distance: Distance
    has_episode: bool

    @property
    def is_shift(self) -> bool:
        """Whether edema has shifted within a bone or joint."""
        return self.status is BoneStatus.NEW and self.distance.is_within_joint


@dataclass(frozen=True, slots=True)
class RuleReading:
    """How probable it is that a rule is met: at least `p_low`, at most `p_high`.

    They differ by the probability that two sites began in the other order than their middles say. For more than two
    episodes the events depend on each other: `p_low` is that of the most probable one alone, `p_high` the sum of all.
    An unknown order widens it to 1.
    """

    p_low: float
    p_high: float


@dataclass(frozen=True, slots=True)
class NeverLookedAt:
    """Places without any answer about pain and without any image: nothing is known of them.

    `weight_bearing` are joints; `neighbours` touch a diseased site and are no part of those.
    """

    neighbours: tuple[str, ...]
    weight_bearing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteMigration:
    """Everything said about a patient's sites; `rules` and `rules_sha256` name the cited rules."""

    spans: tuple[EpisodeSpan, ...]
    events: tuple[SiteEvent, ...]
    unknown_order: tuple[UnknownOrder, ...]
    new_bones: tuple[NewBone, ...]
    strict: RuleReading
    broad: RuleReading
    never_looked_at: NeverLookedAt
    rules: str
    rules_sha256: str

    @property
    def says_something(self) -> bool:
        """Whether there is more than one site to speak of."""
        return bool(self.events or self.unknown_order or self.new_bones)


NOTHING_READ = SiteMigration(
    spans=(),
    events=(),
    unknown_order=(),
    new_bones=(),
    strict=RuleReading(0.0, 0.0),
    broad=RuleReading(0.0, 0.0),
    never_looked_at=NeverLookedAt((), ()),
    rules="",
    rules_sha256="",
)
"""Of a view put together by hand, without `patient_view`."""
