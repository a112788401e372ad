"""The bones of both sides colored by how many patients had edema there, with the shapes of a patient's foot map.

A color says a share class of what the table shows; a hidden count has a look of its own, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.cohort.comparing import bone_name, bone_side_cell
from reports.cohort.shown import ShownCell
from reports.cohort.tables import Telling
from reports.foot_map_drawing import Drawn, Layer, Panel, Shape, load_shapes, mirror_of, mirrored, side_panel
from tracker.analysis.cohort.bones import SIDES, WITH_SIDES, place_of_bone
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Side, SiteLevel

_OF_BODY = ("body", "midline")


class MapLook(StrEnum):
    """How a bone is drawn; each is a class of the style sheet."""

    NONE = "g0"
    FEW = "g1"
    SOME = "g2"
    MANY = "g3"
    HIDDEN = "gh"
    NOT_EXAMINED = "gn"


LEAST_PERCENT = {MapLook.MANY: 25, MapLook.SOME: 10}
"""From which share of patients a bone has a look; below the last of them, and above none, it is `FEW`."""
_HIDDEN_MARK = "h"
_LEGEND_MARKS = {MapLook.NONE: "0", MapLook.HIDDEN: _HIDDEN_MARK}


@dataclass(frozen=True, slots=True)
class BoneMap:
    """What the template draws; `marked` are the shapes a count is written on."""

    shapes: tuple[Shape, ...]
    panels: tuple[Panel, ...]
    marked: frozenset[str]
    marks: Mapping[str, str]
    legend: tuple[tuple[MapLook, str], ...]
    label: str


def bone_map(telling: Telling) -> BoneMap:
    """Draw the bones of both sides, right first, as one sees a patient who faces one."""
    shapes = tuple(shape for shape in load_shapes() if shape.view not in _OF_BODY and _is_bone(shape))
    marked = _marked(shapes)
    return BoneMap(
        shapes=shapes,
        panels=tuple(_panel(telling, shapes, side, marked) for side in reversed(SIDES)),
        marked=marked,
        marks={look: _LEGEND_MARKS.get(look, "") for look in MapLook},
        legend=tuple((look, _legend(telling, look)) for look in MapLook),
        label=telling.say("bone_map_label"),
    )


def look_of(cell: ShownCell) -> MapLook:
    """Give the look of what a cell shows; of what it hides always the same."""
    if cell.is_hidden:
        return MapLook.HIDDEN
    percent = cell.values.get("percent")
    if not isinstance(percent, int | float):
        return MapLook.NOT_EXAMINED
    if percent == 0:
        return MapLook.NONE
    return next((look for look, least in LEAST_PERCENT.items() if percent >= least), MapLook.FEW)


def _is_bone(shape: Shape) -> bool:
    site = f"{shape.code}-{Side.LEFT}"
    return find_site(site).level is SiteLevel.BONE and _group(shape) in WITH_SIDES


def _group(shape: Shape) -> str:
    return place_of_bone(f"{shape.code}-{Side.LEFT}")[0]


def _marked(shapes: tuple[Shape, ...]) -> frozenset[str]:
    """Choose one shape of each bone in each view to write its count on: the first that has room."""
    chosen: dict[tuple[str, str], str] = {}
    for shape in sorted(shapes, key=lambda one: one.is_small):
        chosen.setdefault((shape.view, _group(shape)), shape.shape_id)
    return frozenset(chosen.values())


def _panel(telling: Telling, shapes: tuple[Shape, ...], side: Side, marked: frozenset[str]) -> Panel:
    cells = {bone: bone_side_cell(telling, bone, side) for bone in WITH_SIDES}
    bones = tuple(_drawn(shape, cells[_group(shape)], side, is_marked=shape.shape_id in marked) for shape in shapes)
    views = {shape.view for shape in shapes}
    return side_panel(side, Layer.of_side(side, bones), telling.sentences, views, names_ribbons=False)


def _drawn(shape: Shape, cell: ShownCell, side: Side, *, is_marked: bool) -> Drawn:
    mark = _HIDDEN_MARK if cell.is_hidden else str(cell.values.get("n", ""))
    said = f"{side.capitalize()} {bone_name(_group(shape))}: {cell.text}"
    return Drawn(
        shape, shape.shape_id, look_of(cell), mark if is_marked else "", mirrored(shape.at, mirror_of(side)), said
    )


def _legend(telling: Telling, look: MapLook) -> str:
    some, many = LEAST_PERCENT[MapLook.SOME], LEAST_PERCENT[MapLook.MANY]
    return telling.sentences.word("bone_map_look", look.name.lower()).format(some=some, many=many)
