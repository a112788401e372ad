"""A cohort beside published ones, its bones in order, and what moved from where to where."""

from __future__ import annotations

from dataclasses import dataclass

from reports.cohort.shown import NOTHING, ShownCell, ShownRow, ShownTable, count_cell, share_cell, words
from reports.cohort.tables import EVERYBODY, Telling
from reports.sentences import number
from tracker.analysis.cohort.counting import (
    BONE_GROUPS,
    SEX_STATED,
    VITAMIN_D_DECIDED,
    bone_variable,
    distance_variable,
    move_variable,
)
from tracker.analysis.cohort.members import BONE_EXAMINED, FURTHER_SITE, SEX, VITAMIN_D, YES
from tracker.analysis.cohort.moves import AREAS
from tracker.analysis.disclosure.tables import Cell
from tracker.analysis.site_migration.distance import Distance
from tracker.clinical.published_cohorts import published_cohorts
from tracker.clinical.reference import CitedNumber, Edition
from tracker.clinical.site_migration import site_migration_rules
from tracker.clinical.vitamin_d import VitaminDStatus

HAS_BONES = EVERYBODY.within((BONE_EXAMINED.name, YES))
LATER = FURTHER_SITE.levels[1]
_OF_BONES = ("talus", "calcaneus", "navicular", "cuneiform", "cuboid", "metatarsus")


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is compared: our part of our whole, and the published numbers by name."""

    name: str
    part: Cell
    of: Cell
    published: tuple[str, ...]


def published_table(telling: Telling) -> ShownTable:
    """Set proportions beside published ones, each with its source, interval and grade of evidence."""
    rows: list[ShownRow] = []
    published = published_cohorts()
    for claim in _claims():
        ours = share_cell(telling.release, claim.part, claim.of, with_interval=True)
        for place, name in enumerate(claim.published):
            label = telling.say(claim.name) if place == 0 else ""
            rows.append(ShownRow(label, (ours if place == 0 else NOTHING, *_cited(published[name], published))))
    columns = tuple(telling.say(f"published_column_{place}") for place in range(5))
    notes = tuple(telling.say(f"published_note_{place}") for place in range(4))
    return ShownTable("published", telling.say("published_title"), columns, tuple(rows), notes)


def cited_percents() -> tuple[tuple[float, float, float], ...]:
    """Give the published value, low and high end of each row of `published_table`, in percent."""
    published = published_cohorts()
    cited = [published[name] for claim in _claims() for name in claim.published]
    ends = [one.interval or (one.value, one.value) for one in cited]
    return tuple((100 * one.value, 100 * low, 100 * high) for one, (low, high) in zip(cited, ends, strict=True))


def _claims() -> tuple[_Claim, ...]:
    return (
        _Claim(
            "claim_male",
            EVERYBODY.within((SEX.name, "male")),
            EVERYBODY.within(SEX_STATED),
            ("male_share", "male_share_review", "male_share_clinic"),
        ),
        _Claim(
            "claim_vitamin_d",
            EVERYBODY.within((VITAMIN_D.name, VitaminDStatus.DEFICIENT)),
            EVERYBODY.within(VITAMIN_D_DECIDED),
            ("vitamin_d_deficient_share",),
        ),
        _Claim(
            "claim_migrated",
            EVERYBODY.within((FURTHER_SITE.name, LATER)),
            EVERYBODY,
            ("migrated_share_foot", "migrated_share_hip"),
        ),
    )


def _cited(found: CitedNumber, published: Edition) -> tuple[ShownCell, ...]:
    """Give a published share with its interval, its source and grade, and the note."""
    text = f"{number(100 * found.value, 0)} %"
    if found.interval is not None:
        low, high = (number(100 * end, 0) for end in found.interval)
        text = f"{text} ({found.interval_kind} {low} to {high} %)"
    source = ", ".join(published.sources[key].label for key in found.sources)
    return words(text), words(f"{source} [{found.grade}]"), words(found.note)


def bone_table(telling: Telling) -> ShownTable:
    """Rank bones by how many patients had edema there; those that are hidden come last, in a fixed order."""
    release, say, published = telling.release, telling.say, published_cohorts()
    found = []
    for bone in BONE_GROUPS:
        cell = HAS_BONES.within((bone_variable(bone).name, YES))
        ours = share_cell(release, cell, HAS_BONES, with_interval=True)
        names = [f"{bone}_share", f"{bone}_share_hindfoot"] if bone in _OF_BONES else []
        theirs = [_cited(published[name], published) for name in names if name in published.numbers]
        text = "; ".join(f"{share.text}, {source.text}" for share, source, _ in theirs)
        found.append((ours, ShownRow(bone, (ours, words(text) if text else NOTHING))))
    ranked = sorted(found, key=lambda one: -_shown_count(one[0]))
    columns = (say("bone"), say("bone_ours"), say("bone_published"))
    notes = (say("bones_note"),)
    return ShownTable("bones", say("bones_title"), columns, tuple(row for _, row in ranked), notes)


def _shown_count(cell: ShownCell) -> float:
    """Give the count of a cell, below every count where it is hidden."""
    n = cell.values.get("n", -1)
    return n if isinstance(n, int) else -1


def move_table(telling: Telling) -> ShownTable:
    """Count patients with a later start, by where from and where to."""
    say, moved = telling.say, EVERYBODY.within((FURTHER_SITE.name, LATER))
    rows = tuple(
        ShownRow(
            one,
            tuple(count_cell(telling.release, moved.within((move_variable(one, other).name, YES))) for other in AREAS),
        )
        for one in AREAS
    )
    columns = (say("moved_from"), *(say("moved_to", area=area) for area in AREAS))
    return ShownTable(
        "moves",
        say("moves_title"),
        columns,
        rows,
        (say("moves_note", days=f"{site_migration_rules().value('together_days'):g}"),),
    )


def distance_table(telling: Telling) -> ShownTable:
    """Count patients with a later start, by how far away."""
    say, moved = telling.say, EVERYBODY.within((FURTHER_SITE.name, LATER))
    rows = tuple(
        ShownRow(
            telling.sentences.word("distance", apart),
            (count_cell(telling.release, moved.within((distance_variable(apart).name, YES))),),
        )
        for apart in Distance
        if apart is not Distance.SAME_PLACE
    )
    return ShownTable("distances", say("distances_title"), (say("distance"), say("patients")), rows, ())
