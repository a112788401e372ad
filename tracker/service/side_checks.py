"""Ask whether the side is right: left and right are easily exchanged when a line is typed.

Two questions. The first is asked while everything recorded of a patient is on one side. The second goes on
being asked after that, whatever was recorded on the other side by a slip: what is typed has its episode
on the other side alone. An episode that is open on the side itself answers both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.sites import belongs_to, find_site, site_label
from tracker.clinical.vocabulary import Presence, Side
from tracker.dates import PartialDate
from tracker.service.new_facts import NewVisit

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


def visit_sides(record: PatientRecord, visit: NewVisit, *, about: Iterable[str] = ()) -> Iterator[str]:
    """Ask about the sides of a new visit.

    Parameters
    ----------
    record : PatientRecord
        As it is without the visit.
    visit : NewVisit
        A score of 0 and a sign that is absent compare the two sides, and are nothing that an episode claims: of
        these only the first question is asked.
    about : iterable of str
        Other sites that the visit speaks of.
    """
    told = (*(s.site for s in visit.scores), *(f.site for f in visit.findings), *about)
    ill = (*(s.site for s in visit.scores if s.score), *_shown(visit))
    yield from _asked(record, told, ill, on=visit.visit_date)


def episode_side(record: PatientRecord, site: str) -> Iterator[str]:
    """Ask about the side of a new episode."""
    yield from _asked(record, [site], [site], on=None)


def _shown(visit: NewVisit) -> Iterator[str]:
    return (finding.site for finding in visit.findings if finding.presence is Presence.PRESENT)


def _asked(record: PatientRecord, told: Iterable[str], ill: Iterable[str], *, on: PartialDate | None) -> Iterator[str]:
    one_sided = _where_all_is_on_one_side(record, told)
    yield from one_sided.values()
    for site in dict.fromkeys(ill):
        if site not in one_sided:
            yield from _where_the_other_side_is_open(record, site, on=on)


def _where_all_is_on_one_side(record: PatientRecord, sites: Iterable[str]) -> dict[str, str]:
    """Give the question, once, under each site it is about: everything recorded before is on the other side."""
    before = [*(s.site for s in record.pain_scores), *(f.site for f in record.imaging)]
    before += [e.site for e in record.episodes]
    known = {find_site(site).side for site in before} - {Side.MIDLINE}
    if len(known) != 1:
        return {}
    (side,) = known
    new = [site for site in dict.fromkeys(sites) if find_site(site).side not in (side, Side.MIDLINE)]
    labels = " and ".join(site_label(site) for site in new).capitalize()
    return dict.fromkeys(
        new,
        f"{labels}: everything recorded of {record.patient_code} before is on the {side} side. "
        f"Is the {_OTHER[side]} side meant?",
    )


def _where_the_other_side_is_open(record: PatientRecord, site: str, *, on: PartialDate | None) -> Iterator[str]:
    """Ask where an episode is open at the same place of the other side, and none is at this one."""
    place = find_site(site)
    if place.side is Side.MIDLINE:
        return
    open_then = [episode for episode in record.episodes if _is_open(episode, on)]
    mirror = f"{place.code}-{_OTHER[place.side]}"
    there = [episode for episode in open_then if _is_same_place(episode.site, mirror)]
    if there and not any(_is_same_place(episode.site, site) for episode in open_then):
        yield (
            f"{place.label.capitalize()}: the open episode of {record.patient_code} is at the "
            f"{site_label(there[0].site)}, none at the {place.label}. Is the {place.side} side meant?"
        )


def _is_open(episode: Episode, on: PartialDate | None) -> bool:
    """Whether it is open; on a day, whether it was open then."""
    return episode.closed_on is None or (on is not None and on.first <= episode.closed_on.last)


def _is_same_place(one: str, other: str) -> bool:
    """Whether one lies in the other: a score of an ankle may be meant for an episode of its talus."""
    return belongs_to(one, other) or belongs_to(other, one)
