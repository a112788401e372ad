"""A `FootMapView` drawn as inline SVG: which shape stands where, in which look; nothing is worked out here.

The shapes are data (``templates/foot_map_bones.toml``). Each stands once in the
page; every drawn bone is a reference to its shape, the right side mirrored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from reports import theme
from reports.foot_map_view import MARKS, BoneLook, FootMapView, FootStep
from reports.sentences import Sentences
from reports.templating import load_template
from tracker.clinical.sites import all_sites, find_site
from tracker.clinical.vocabulary import Side

_FILE = Path(__file__).with_name("templates") / "foot_map_bones.toml"
_BODY, _MIDLINE = "body", "midline"
_LINE_CHARACTERS = 110
_PARTS = {"hip": {"hip"}, "knee": {"knee"}, "rest": {_BODY, _MIDLINE}}
"""Views that a page draws only where an image spoke of a place there: joints, and what lies in no other view."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One place in one view: the path of its left side, and where its grade is written (both in half pixels)."""

    shape_id: str
    view: str
    code: str
    label: str
    path: str
    at: tuple[int, int]
    is_small: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape on one side: what it is of, its look and mark, and its sentences where a finding speaks of it."""

    shape: Shape
    site: str
    look: StrEnum
    mark: str
    at: tuple[int, int]
    title: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The bones of one side in one drawing; the place of a mark is already mirrored, the shapes are by `transform`."""

    side: Side
    transform: str
    bones: tuple[Drawn, ...]

    @classmethod
    def of_side(cls, side: Side, bones: tuple[Drawn, ...]) -> Layer:
        """Make the layer of a side: the right one is the left one's mirror image."""
        return cls(side, _transform(mirror_of(side)), bones)


@dataclass(frozen=True, slots=True)
class Caption:
    """Words in a drawing, upright beside a ribbon where `is_turned`."""

    words: str
    at: tuple[int, int]
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing of its own width and height: a side of the patient, or the whole body."""

    name: str
    width: int
    height: int
    layers: tuple[Layer, ...]
    outline: str
    details: str
    captions: tuple[Caption, ...]


@dataclass(frozen=True, slots=True)
class FootMap:
    """Everything the template needs.

    `marked` are the sites whose marks may change from step to step; `left_out` says what is not drawn.
    """

    view: FootMapView
    shapes: tuple[Shape, ...]
    panels: tuple[Panel, ...]
    marked: tuple[str, ...]
    data: dict[str, Any]
    color: Callable[[str], str]
    marks: Mapping[BoneLook, str]
    left_out: str = ""


def foot_map(view: FootMapView, sentences: Sentences) -> FootMap:
    """Draw the last step of a view for a page, with what its script needs to show the others.

    A part of the body that no image of any visit spoke of is named and not drawn; the feet are always there.
    """
    sites = [find_site(key) for key in view.sites]
    codes = {site.code for site in sites}
    seen = {site.joint for site in sites}
    if any(shape.code in codes for shape in load_shapes() if shape.view in _PARTS["rest"]):
        seen.add("rest")
    left_out = tuple(name for name in _PARTS if name not in seen)
    hidden = {one for name in left_out for one in _PARTS[name]}
    return _drawn_map(view, sentences, tuple(shape for shape in load_shapes() if shape.view not in hidden), left_out)


def _drawn_map(
    view: FootMapView, sentences: Sentences, shapes: tuple[Shape, ...], left_out: tuple[str, ...] = ()
) -> FootMap:
    panels = _panels(view.steps[-1], shapes, sentences)
    words = [sentences.word("foot_map_part", name) for name in left_out]
    said = sentences.say("foot_map", "left_out", parts=", ".join(words)) if words else ""
    return FootMap(view, shapes, panels, view.sites, _data(view), page_color, MARKS, said)


def foot_map_svg(view: FootMapView, sentences: Sentences, *, title: str, footer: str) -> str:
    """Draw the last step of a view as an SVG file of its own, colors, title, legend and footer within."""
    return load_template("foot_map.svg").render(
        map=_drawn_map(view, sentences, load_shapes()),
        title=title,
        footer=footer,
        lines=wrap(view.steps[-1].summary, _LINE_CHARACTERS),
        color=theme.LIGHT.__getitem__,
        font=theme.FONT,
    )


def page_color(name: str) -> str:
    """Write a color of the theme for a style sheet: the page's own property, and what it is where the page has none."""
    return f"var(--{name.lower().replace('_', '-')},{theme.LIGHT[name]})"


@cache
def load_shapes() -> tuple[Shape, ...]:
    """Read the shapes in the order of drawing."""
    places = [(view["name"], place) for view in _content()["view"] for place in view["place"]]
    return tuple(
        Shape(
            shape_id=f"fm{n}",
            view=view,
            code=place["code"],
            label=_labels()[place["code"]],
            path=place["path"],
            at=(place["at"][0], place["at"][1]),
            is_small=place.get("small", False),
        )
        for n, (view, place) in enumerate(places)
    )


@cache
def _labels() -> dict[str, str]:
    """Give the name of each place without its side."""
    return {site.code: site.label.removeprefix(f"{site.side} ") for site in all_sites()}


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _panels(step: FootStep, shapes: tuple[Shape, ...], sentences: Sentences) -> tuple[Panel, ...]:
    """Give the right side, the whole body and the left side, as one sees a patient who faces one."""
    body = _content()["canvas"]["body"]
    of_side = tuple(shape for shape in shapes if shape.view not in {_BODY, _MIDLINE})
    of_body = tuple(shape for shape in shapes if shape.view == _BODY)
    of_midline = tuple(shape for shape in shapes if shape.view == _MIDLINE)
    middle = 2 * body["middle"]
    whole = Panel(
        name=_BODY,
        width=body["width"],
        height=body["height"],
        layers=(
            _layer(step, of_body, Side.RIGHT, mirror=middle),
            _layer(step, of_midline, Side.MIDLINE),
            _layer(step, of_body, Side.LEFT),
        ),
        outline=body["outline"],
        details="",
        captions=(),
    )
    views = {shape.view for shape in shapes}
    return (
        side_panel(Side.RIGHT, _layer(step, of_side, Side.RIGHT, mirror=mirror_of(Side.RIGHT)), sentences, views),
        *([whole] if of_body else []),
        side_panel(Side.LEFT, _layer(step, of_side, Side.LEFT), sentences, views),
    )


def side_panel(side: Side, layer: Layer, sentences: Sentences, drawn: Set[str], *, names_ribbons: bool = True) -> Panel:
    """Put the bones of a side into their panel, with the names of the `drawn` views and of ribbons where these are."""
    canvas = _content()["canvas"]["side"]
    views = [view for view in _content()["view"] if view["canvas"] == "side" and view["name"] in drawn]
    named = [(view["name"], view["caption"]) for view in views] + [(side.value, canvas["caption"])]
    mirror = mirror_of(side)
    captions = [Caption(sentences.word("foot_map_view", name), mirrored(at, mirror)) for name, at in named]
    beside = [note for view in views if names_ribbons for note in view.get("turned", ())]
    captions += [Caption(_labels()[code], mirrored((x, y), mirror), is_turned=True) for code, x, y in beside]
    return Panel(
        name=side.value,
        width=canvas["width"],
        height=canvas["height"],
        layers=(layer,),
        outline="",
        details="".join(view.get("detail", "") for view in views),
        captions=tuple(captions),
    )


def _layer(step: FootStep, shapes: tuple[Shape, ...], side: Side, *, mirror: int | None = None) -> Layer:
    return Layer(side, _transform(mirror), tuple(_drawn(shape, step, side, mirror) for shape in shapes))


def _drawn(shape: Shape, step: FootStep, side: Side, mirror: int | None) -> Drawn:
    site = shape.code if side is Side.MIDLINE else f"{shape.code}-{side}"
    state = step.state_of(site)
    at = mirrored(shape.at, mirror)
    if state is None:
        return Drawn(shape, site, BoneLook.NOT_EXAMINED, "", at, "")
    return Drawn(shape, site, state.look, state.mark, at, f"{state.spoken.clinician} {state.spoken.plain}")


def mirror_of(side: Side) -> int | None:
    """Give the width a side's panel is mirrored within; None where it is drawn as its shapes are."""
    width: int = _content()["canvas"]["side"]["width"]
    return width if side is Side.RIGHT else None


def _transform(mirror: int | None) -> str:
    return "" if mirror is None else f"translate({mirror} 0) scale(-1 1)"


def mirrored(at: tuple[int, int] | list[int], mirror: int | None) -> tuple[int, int]:
    """Give the place of a mark or a caption in a mirrored panel."""
    return (at[0], at[1]) if mirror is None else (mirror - at[0], at[1])


def _data(view: FootMapView) -> dict[str, Any]:
    """Give what the script needs of this patient: steps without sentences."""
    sites = view.sites
    return {
        "sites": list(sites),
        "steps": [
            {
                "when": step.when,
                "summary": step.summary,
                "modality": step.modalities,
                "states": {
                    # The modality only where it is not all that the visit had.
                    sites.index(state.site): [state.look, state.details]
                    + ([] if state.modality == step.modalities else [state.modality])
                    for state in step.states
                },
            }
            for step in view.steps
        ],
    }


def foot_map_words(sentences: Sentences) -> dict[str, Any]:
    """Give what the script needs of every patient: the place of each shape, and the sentences to fill in."""
    names = ("clinician", "plain", "plain_absent", "plain_not_examined", "unrecorded", "sided")
    return {
        "codes": [shape.code for shape in load_shapes()],
        "words": {name: sentences.sections["foot_map"][name] for name in names},
        "marks": {look.value: mark for look, mark in MARKS.items()},
        "looks": {look.value: sentences.word("foot_map_look", look) for look in BoneLook},
        "amounts": {look.value: sentences.words["foot_map_plain"].get(look, "") for look in BoneLook},
    }


def drawn_bones(drawing: FootMap) -> Iterator[Drawn]:
    """Give every bone of every panel."""
    return (bone for panel in drawing.panels for layer in panel.layers for bone in layer.bones)
