"""A cohort beside published ones, its bones in order, and what moved from where to where."""

from __future__ import annotations

from dataclasses import dataclass

from reports.cohort.shown import NOTHING, ShownCell, ShownRow, ShownTable, count_cell, hidden_cell, share_cell, words
from reports.cohort.tables import EVERYBODY, Telling
from reports.sentences import number
from tracker.analysis.cohort.bones import BONE_GROUPS, SIDES, WITH_SIDES, bone_variable, side_cell
from tracker.analysis.cohort.counting import SEX_STATED, VITAMIN_D_DECIDED, distance_variable, move_variable
from tracker.analysis.cohort.members import BONE_EXAMINED, FURTHER_SITE, SEX, VITAMIN_D
from tracker.analysis.cohort.moves import AREAS
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.tables import YES, Cell
from tracker.analysis.site_migration.distance import Distance
from tracker.clinical.published_cohorts import published_cohorts
from tracker.clinical.reference import CitedNumber, Edition
from tracker.clinical.site_migration import site_migration_rules
from tracker.clinical.vitamin_d import VitaminDStatus
from tracker.clinical.vocabulary import Side

HAS_BONES = EVERYBODY.within((BONE_EXAMINED.name, YES))
LATER = FURTHER_SITE.levels[1]
_OF_BONES = ("talus", "calcaneus", "navicular", "cuneiform", "cuboid", "metatarsus")
_VITAMIN_D = ("vitamin_d_deficient_share", "vitamin_d_deficient_share_review")


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
    notes = tuple(telling.say(f"published_note_{place}") for place in (0, 2, 3))
    return ShownTable("published", telling.say("published_title"), columns, tuple(rows), notes)


def vitamin_d_table(telling: Telling) -> ShownTable:
    """Set the share of patients with too little vitamin D beside each published one."""
    ours = share_cell(
        telling.release,
        EVERYBODY.within((VITAMIN_D.name, VitaminDStatus.DEFICIENT)),
        EVERYBODY.within(VITAMIN_D_DECIDED),
        with_interval=True,
    )
    published = published_cohorts()
    rows = [ShownRow(telling.say("vitamin_d_here"), (ours, NOTHING, words(telling.say("vitamin_d_ours"))))]
    for name in _VITAMIN_D:
        share, source, note = _cited(published[name], published)
        rows.append(
            ShownRow(_first_source(published[name], published), (_numbered(share, published[name]), source, note))
        )
    columns = tuple(telling.say(f"vitamin_d_column_{place}") for place in range(4))
    notes = tuple(telling.say(f"published_note_{place}") for place in (0, 1, 3))
    return ShownTable("vitamin_d", telling.say("vitamin_d_title"), columns, tuple(rows), notes)


def _first_source(found: CitedNumber, published: Edition) -> str:
    return published.sources[found.sources[0]].label


def _numbered(cell: ShownCell, found: CitedNumber) -> ShownCell:
    """Give a published share its numbers for a file and a chart; a range is no interval."""
    low, high = found.interval or (found.value, found.value)
    ends = ("least", "highest") if found.interval_kind == "range" else ("low95", "high95")
    values = {"percent": found.value, f"{ends[0]}_percent": low, f"{ends[1]}_percent": high}
    return ShownCell(cell.text, {name: round(100 * value, 1) for name, value in values.items()})


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
    say = telling.say
    found = []
    for bone in BONE_GROUPS:
        ours = _bone_cells(telling, bone)
        found.append((ours[0], ShownRow(bone_name(bone), (*ours, _bone_published(bone)))))
    ranked = sorted(found, key=lambda one: -_shown_count(one[0]))
    columns = tuple(say(name) for name in ("bone", "bone_ours", "bone_left", "bone_right", "bone_both"))
    notes = (say("bones_note"), say("bones_note_sides"))
    rows = tuple(row for _, row in ranked)
    return ShownTable("bones", say("bones_title"), (*columns, say("bone_published")), rows, notes)


def bone_name(bone: str) -> str:
    """Write one of `BONE_GROUPS`."""
    return bone.replace("-", " ")


def bone_side_cell(telling: Telling, bone: str, side: Side) -> ShownCell:
    """Give the patients with edema of a bone on a side; where nobody's images spoke of it, those words."""
    if (bone, side) not in telling.summary.examined_places:
        return _nobody_examined(telling)
    return share_cell(telling.release, side_cell(HAS_BONES, bone, side), HAS_BONES)


def _bone_cells(telling: Telling, bone: str) -> tuple[ShownCell, ...]:
    """Give the patients with edema of a bone: on any side, left, right, and on both."""
    release, places = telling.release, telling.summary.examined_places
    if not any(found == bone for found, _ in places):
        return (_nobody_examined(telling), NOTHING, NOTHING, NOTHING)
    ours = share_cell(release, HAS_BONES.within((bone_variable(bone).name, YES)), HAS_BONES, with_interval=True)
    if bone not in WITH_SIDES:
        return (ours, NOTHING, NOTHING, NOTHING)
    both = count_cell(release, side_cell(HAS_BONES, bone, *SIDES))
    return (ours, *(bone_side_cell(telling, bone, side) for side in SIDES), both)


def _nobody_examined(telling: Telling) -> ShownCell:
    """Say so; where a count of 0 is a secret, this is one too."""
    return words(telling.say("nobody_examined")) if telling.release.policy.shows_zero else hidden_cell(HIDDEN)


def _bone_published(bone: str) -> ShownCell:
    published = published_cohorts()
    names = [f"{bone}_share", f"{bone}_share_hindfoot"] if bone in _OF_BONES else []
    theirs = [_cited(published[name], published) for name in names if name in published.numbers]
    text = "; ".join(f"{share.text}, {source.text}" for share, source, _ in theirs)
    return words(text) if text else NOTHING


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
