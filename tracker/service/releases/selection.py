"""Who is in an export: the filters, and what is said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.clinical.sites import belongs_to
from tracker.clinical.vocabulary import Sex
from tracker.database.releases import Person
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of patients; all of a patient who passes every one of them is in the export.

    Parameters
    ----------
    since : datetime.date, optional
        Only patients with a visit that may lie on or after this day.
    sites : collection of str
        Only patients with an episode at one of these sites or a part of one.
    clinics : collection of str
        Only patients of these clinics, by code.
    sexes : collection of Sex
        Only patients of these.
    resolved : bool, optional
        True: only patients with episodes, all of them closed. False: only those with an open one.
    """

    since: date | None = None
    sites: Collection[str] = ()
    clinics: Collection[str] = ()
    sexes: Collection[Sex] = ()
    resolved: bool | None = None

    def takes(self, person: Person) -> bool:
        """Whether a patient is in the export."""
        return (
            (self.since is None or (person.last_visit is not None and person.last_visit >= self.since))
            and (not self.clinics or person.clinic_code in self.clinics)
            and (not self.sexes or person.sex in self.sexes)
            and (not self.sites or any(_is_at(episode.site, self.sites) for episode in person.episodes))
            and (self.resolved is None or self.resolved == _is_resolved(person))
        )

    def words(self) -> str:
        """Say the filters, for the manifest and the ledger."""
        return "; ".join(self._parts()) or "all patients"

    def _parts(self) -> Iterator[str]:
        if self.since is not None:
            yield f"seen since {self.since}"
        for name, values in (("clinic", self.clinics), ("sex", [sex.value for sex in self.sexes])):
            if values:
                yield f"{name} {', '.join(sorted(values))}"
        if self.sites:
            yield f"an episode at {', '.join(sorted(self.sites))}"
        if self.resolved is not None:
            yield "every episode closed" if self.resolved else "an open episode"


def _is_at(site: str, sites: Collection[str]) -> bool:
    return any(site == one or belongs_to(site, one) for one in sites)


def _is_resolved(person: Person) -> bool | None:
    """Whether every episode is closed; None without an episode, who is neither."""
    return all(episode.closed_on is not None for episode in person.episodes) if person.episodes else None


def first_day(person: Person) -> date | None:
    """Give day 0 of a patient as `naming.day_zero` does, but for patients of whom there are only statements."""
    onsets = [episode.onset for episode in person.episodes if isinstance(episode.onset, PartialDate)]
    return min((onset.first for onset in onsets), default=person.first_visit)
