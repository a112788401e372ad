"""Merge two records of one person: everything of one patient becomes the other's, in one entry.

The rules, as `tracker patient merge --help` tells them:

* sex and birth: what only one record knows is kept; a month of birth within the other's year is
  kept as the better known; two that differ are refused
* an episode that both records have is joined into one, with the more exact onset and closing; see
  `tracker.service.episode_joins`. Others of one site that would overlap are refused
* two visits on one day are both kept, as two visits of one day always are
* a statement (cause, checklist item, pregnancy) that both made alike of a day is kept once; two
  that differ are refused
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import quote

from sqlalchemy import Connection

from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Sex
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.merging import Clash, Moved, draft_merge
from tracker.database.session import Database
from tracker.errors import ConflictError, InputError
from tracker.service.episode_joins import Join, both_closings, contradictions, find_joins, narrower
from tracker.service.episode_rules import changed_hands, refuse_overlaps
from tracker.service.episodes import episode_details
from tracker.service.patients import patient_details
from tracker.service.writing import Written, write


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did, or with `dry_run` would do.

    `visits` and `treatments` give the new number of each old one; `kept_once` counts what
    both records held alike, `joins` the episodes that both had.
    """

    written: Written
    gone: PatientRecord
    kept: PatientRecord
    visits: Mapping[int, int]
    treatments: Mapping[int, int]
    n_kept_once: int
    joins: tuple[Join, ...]


def merge_patients(
    database: Database, from_code: str, into_code: str, origin: Origin, *, dry_run: bool = False
) -> Merged:
    """Make everything recorded of one patient the other's, as one ledger entry that can be undone.

    Raises
    ------
    InputError
        If both codes name the same patient.
    NotFoundError
        If there is no such patient.
    ConflictError
        If the two records contradict each other; every contradiction is named.
    """
    if from_code == into_code:
        raise InputError(f"'{from_code}' is one patient already.", hint="Name two: tracker patient merge FROM INTO.")
    seen: list[tuple[PatientRecord, PatientRecord, Moved, tuple[Join, ...]]] = []
    edition = load_edition()

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        gone, kept = (queries.patient_record(connection, code) for code in (from_code, into_code))
        joins = find_joins(gone, kept, edition)
        same = {join.gone.episode_id: join.kept.episode_id for join in joins}
        moved = draft_merge(connection, draft, from_id=gone.patient_id, into_id=kept.patient_id, joined=same)
        _refuse_contradictions(gone, kept, moved, joins)
        together = _together(gone, kept, joins)
        refuse_overlaps(into_code, together.episodes, advice=_advice(gone, kept))
        _draft_better_known(connection, draft, gone, kept)
        _draft_joined(connection, draft, joins)
        seen[:] = [(gone, kept, moved, joins)]
        return (
            *_same_days(gone, kept),
            *both_closings(joins, from_code, into_code),
            *changed_hands(kept, together, edition),
            *changed_hands(_renumbered(gone, same), together, edition),
        )

    written = write(database, origin, build, dry_run=dry_run)
    ((gone, kept, moved, joins),) = seen
    numbers = moved.numbers
    return Merged(written, gone, kept, numbers["visit"], numbers["treatment"], len(moved.kept_once), joins)


def _together(gone: PatientRecord, kept: PatientRecord, joins: Sequence[Join]) -> PatientRecord:
    """Give the kept record with the visits, scores and episodes of both."""
    better = {join.kept.episode_id: join.joined for join in joins}
    there_already = {join.gone.episode_id for join in joins}
    return replace(
        kept,
        episodes=(
            *(better.get(episode.episode_id, episode) for episode in kept.episodes),
            *(episode for episode in gone.episodes if episode.episode_id not in there_already),
        ),
        visits=(*kept.visits, *gone.visits),
        pain_scores=tuple(sorted((*kept.pain_scores, *gone.pain_scores), key=lambda s: (s.visit_date, s.row_id))),
    )


def _renumbered(gone: PatientRecord, same: Mapping[int, int]) -> PatientRecord:
    """Give the record that goes with the numbers that its joined episodes will have."""
    episodes = (replace(one, episode_id=same.get(one.episode_id, one.episode_id)) for one in gone.episodes)
    return replace(gone, episodes=tuple(episodes))


def _draft_joined(connection: Connection, draft: Draft, joins: Sequence[Join]) -> None:
    """Draft what a kept episode learns from the one that it is joined with."""
    for join in joins:
        if join.joined != join.kept:
            row = lookups.current_details(connection, "episode_details", episode_id=join.kept.episode_id)
            draft.retract_row("episode_details", row)
            draft.record("episode_details", episode_details(join.joined))


def _advice(gone: PatientRecord, kept: PatientRecord) -> Callable[[Episode, Episode], str]:
    """Give what to do about two episodes that cannot stand together: they are one, or one should not be there."""

    def advise(earlier: Episode, later: Episode) -> str:
        ours, theirs = (earlier, later) if earlier in gone.episodes else (later, earlier)
        place = f"{quote(gone.patient_code)} {ours.site}"
        void = f"tracker episode void {place} --why REASON"
        if theirs.onset is None or ours.onset == theirs.onset:
            return f"If they are one episode, keep that of {kept.patient_code}: {void}; then merge."
        edit = f"tracker episode edit {place} --onset {theirs.onset}"
        return (
            f"If they are one episode, say one onset: {edit}; or keep that of {kept.patient_code}: {void}; then merge."
        )

    return advise


def _refuse_contradictions(gone: PatientRecord, kept: PatientRecord, moved: Moved, joins: Sequence[Join]) -> None:
    both = f"{gone.patient_code} and {kept.patient_code}"
    found = []
    if Sex.UNKNOWN not in (gone.sex, kept.sex) and gone.sex is not kept.sex:
        found.append(f"the sex is {gone.sex} and {kept.sex}")
    if gone.birth is not None and kept.birth is not None and narrower(gone.birth, kept.birth) is None:
        found.append(f"the birth is {gone.birth} and {kept.birth}")
    found += [_clash_words(clash) for clash in moved.clashes]
    of_episodes = [*contradictions(gone, kept, joins)]
    if found or of_episodes:
        void = (
            f" An episode that should not be there: tracker episode void {quote(gone.patient_code)} SITE --why REASON."
        )
        raise ConflictError(
            f"{both} contradict each other: {'; '.join((*found, *of_episodes))}.",
            hint="If they are one person all the same, correct one of the two records first, then merge."
            + (void if of_episodes else ""),
        )


def _clash_words(clash: Clash) -> str:
    differing = [name for name in clash.ours if name != "patient_id" and clash.ours[name] != clash.theirs[name]]
    alike = [
        str(value) for name, value in clash.ours.items() if name not in ("patient_id", *differing) and value is not None
    ]
    said = ", ".join(f"{name.replace('_', ' ')} {clash.ours[name]} and {clash.theirs[name]}" for name in differing)
    return f"{clash.table.replace('_', ' ')} of {', '.join(alike)}: {said}"


def _draft_better_known(connection: Connection, draft: Draft, gone: PatientRecord, kept: PatientRecord) -> None:
    sex = gone.sex if kept.sex is Sex.UNKNOWN else kept.sex
    births = [birth for birth in (gone.birth, kept.birth) if birth is not None]
    birth = narrower(*births) if len(births) > 1 else next(iter(births), None)
    if (sex, birth) != (kept.sex, kept.birth):
        row = lookups.current_details(connection, "patient_details", patient_id=kept.patient_id)
        draft.retract("patient_details", row["row_id"])
        values = patient_details(kept.patient_id, row["clinic_id"], kept.patient_code, sex, birth)
        draft.record("patient_details", values)


def _same_days(gone: PatientRecord, kept: PatientRecord) -> Iterator[str]:
    held = {visit.visit_date: visit.visit_id for visit in kept.visits}
    for visit in gone.visits:
        if visit.visit_date in held:
            yield (
                f"Both have a visit {visit.visit_date.when_in_words()}: {visit.visit_id} of {gone.patient_code} and "
                f"{held[visit.visit_date]} of {kept.patient_code}. Both are kept; scores of one day are one reading."
            )
