"""Rows of episodes: known by patient, site and onset, or by the site alone where only one can be meant.

A row whose onset no recorded episode of its site has corrects the one that is there, unless it begins after that one
was closed; then it is a new one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tracker.clinical.record import Episode
from tracker.clinical.vocabulary import OnsetMode
from tracker.dates import PartialDate
from tracker.errors import InputError, TrackerError
from tracker.exchange.tidy.columns import Part
from tracker.exchange.tidy.reading import Given, TidyRow
from tracker.service.episode_rules import refuse_overlaps
from tracker.service.episodes import check_onset, check_order
from tracker.service.imports.merging import Values
from tracker.service.imports.planning import Planner, future, same_or_none
from tracker.service.imports.recorded import Held

_Rows = list[tuple[TidyRow, Given]]


def plan_episodes(planner: Planner) -> None:
    """Match every row of episodes."""
    (part,) = planner.table.kind.parts
    held: dict[int, list[Held]] = defaultdict(list)
    for fact in planner.recorded.facts[part.table].values():
        held[fact.patient_id].append(fact)
    groups: dict[int, _Rows] = defaultdict(list)
    for row in planner.rows():
        patient_id = planner.patient_id(row)
        if patient_id is not None and row.given:
            groups[patient_id].append((row, row.given[0]))
    for patient_id, rows in groups.items():
        _plan_patient(planner, part, patient_id, (rows, held[patient_id]))


def _plan_patient(planner: Planner, part: Part, patient_id: int, both: tuple[_Rows, list[Held]]) -> None:
    """Match the rows of one patient, in the order of their onsets, and refuse those that cannot stand together."""
    rows, held = both
    standing = {fact.owner_id: (fact.key, fact.values) for fact in held}
    for row, given, old in _matched(planner, rows, held):
        key, values = _laid(planner, part, given, old)
        if old is not None and (key, values) == (old.key, old.values):
            continue
        number = 0 if old is None else old.owner_id
        tried = standing | {number: (key, values)}
        try:
            _check(planner, row, _episode(number, key, values))
            refuse_overlaps(row.patient_code, [_episode(one, *said) for one, said in tried.items()])
        except TrackerError as error:
            planner.reject(row.row, error)
            continue
        if old is None:
            number = planner.new_identity("episode", patient_id=patient_id)
        standing[number] = (key, values)
        planner.step(row, part, number, old, (key, values))


def _matched(planner: Planner, rows: _Rows, held: list[Held]) -> list[tuple[TidyRow, Given, Held | None]]:
    """Give each episode of the file once, with the recorded one it means: the same onset first, then the only one."""
    once = _once(planner, rows)
    left = {fact.key: fact for fact in held}
    matches = [(row, given, left.pop(given.key, None)) for row, given in once]
    found: list[tuple[TidyRow, Given, Held | None]] = []
    for row, given, same in matches:
        site, onset = given.key
        others = [fact for fact in left.values() if fact.key[0] == site]
        alone = sum(one is None and other.key[0] == site for _, other, one in matches) == 1
        meant = same
        if same is None and alone and len(others) == 1 and not _is_later(onset, others[0]):
            meant = others[0]
        found.append((row, given, meant))
    return sorted(found, key=lambda one: (one[2] is None, str(one[1].key[1] or ""), one[0].row))


def _once(planner: Planner, rows: _Rows) -> _Rows:
    wanted: dict[Any, tuple[TidyRow, Given]] = {}
    for row, given in rows:
        first, before = wanted.setdefault(given.key, (row, given))
        together = same_or_none(before.values, given.values)
        if together is None:
            planner.reject(row.row, f"row {first.row} says something else of the episode at {given.key[0]}")
        else:
            wanted[given.key] = (first, before._replace(values=together))
    return [fact for fact in wanted.values() if not planner.is_rejected(fact[0].row)]


def _is_later(onset: PartialDate | None, held: Held) -> bool:
    """Whether an episode begins once the recorded one was closed."""
    closed_on = held.values[1]
    return onset is not None and closed_on is not None and onset.first >= closed_on.first


def _laid(planner: Planner, part: Part, given: Given, old: Held | None) -> tuple[Values, Values]:
    if old is None:
        return given.key, given.values
    site, onset = given.key
    return (site, onset or old.key[1]), planner.merged(part, old.values, given.values)


def _episode(number: int, key: Values, values: Values) -> Episode:
    site, onset = key
    mode, closed_on, closing_reason = values
    return Episode(number, 0, site, onset, None if mode is None else OnsetMode(mode), closed_on, closing_reason)


def _check(planner: Planner, row: TidyRow, episode: Episode) -> None:
    birth = planner.recorded.patients[row.patient_code]["birth"]
    check_onset(episode.onset, birth=None if birth is None else PartialDate.parse(birth), today=planner.today)
    check_order(episode)
    if episode.closed_on is not None and (complaint := future(episode.closed_on, planner.today)):
        raise InputError(f"{complaint}.")
    if episode.closing_reason is not None and episode.closed_on is None:
        raise InputError("closing_reason is given, but closed_on is blank.")
