"""The charts of a patient's page as figures that stand alone: title, legend and footer within.

On a page the words stand around a chart; an image is passed on without its page,
so it says itself whose it is, what it shows and what made it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any

from reports import theme
from reports.course_chart import course_figure
from reports.course_view import course_views
from reports.foot_map_drawing import foot_map_svg
from reports.foot_map_view import foot_map_view
from reports.imaging_lane import imaging_figure, imaging_view
from reports.lab_chart import lab_figure, lab_view
from reports.sentences import Sentences, load_sentences
from reports.site_migration_chart import site_migration_figure
from reports.site_migration_view import site_migration_view
from reports.vitamin_d_chart import vitamin_d_figure, vitamin_d_view
from tracker.analysis.views import PatientView, Provenance
from tracker.clinical.reference import Edition

WIDTH_PX = 1000
_TITLE_PX, _FOOTER_PX, _LEGEND_ROW_PX, _AXIS_PX, _SIDE_PX = 40, 34, 24, 62, 24
# About how wide a letter of the legend is, and its symbol with the gaps.
_LETTER_PX, _SYMBOL_PX = 7, 52
_MAP_WIDTH_PX, _MAP_HEIGHT_PX = 880, 945


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """One chart: the end of its file name, its figure and, where it is drawn as such, its SVG text."""

    key: str
    figure: theme.Figure
    width: int
    height: int
    svg: str = ""


def patient_figures(view: PatientView, edition: Edition) -> tuple[NamedFigure, ...]:
    """Make every chart of a patient's page, in the order of the page.

    Parameters
    ----------
    view : PatientView
        What to show.
    edition : Edition
        The edition the view was made with.
    """
    sentences = load_sentences()
    drawn: list[tuple[str, str, theme.Figure]] = [
        (course.key, course.title, course_figure(course, sentences))
        for course in course_views(view, edition, sentences)
    ]
    moved = site_migration_view(view, sentences)
    if moved and moved.lanes:
        drawn.append((moved.key, moved.title, site_migration_figure(moved, sentences)))
    labs = lab_view(view, sentences)
    if labs:
        drawn.append((labs.key, labs.title, lab_figure(labs, sentences)))
    vitamin_d = vitamin_d_view(view, edition, sentences)
    if vitamin_d:
        drawn.append((vitamin_d.key, vitamin_d.title, vitamin_d_figure(vitamin_d, sentences)))
    imaging = imaging_view(view, edition, sentences)
    if imaging:
        drawn.append((imaging.key, imaging.title, imaging_figure(imaging, sentences)))
    figures = [_standing_alone(key, title, figure, view, sentences) for key, title, figure in drawn]
    edema = foot_map_view(view, edition, sentences)
    if edema:
        title = _title(edema.title, view, sentences)
        svg = foot_map_svg(edema, sentences, title=title, footer=_footer(view.provenance, sentences))
        figures.append(_map(edema.key, svg))
    return tuple(figures)


def _standing_alone(key: str, title: str, figure: theme.Figure, view: PatientView, sentences: Sentences) -> NamedFigure:
    """Put title, legend and footer around a figure and make room for them."""
    layout = json.loads(json.dumps(figure["layout"]))
    traces = [*figure["data"], *(_key_trace(*bar) for bar in layout.pop("meta", {}).get("bars", ()))]
    legend_px = _LEGEND_ROW_PX * _legend_rows([trace["name"] for trace in traces if "name" in trace])
    below = _AXIS_PX + legend_px + _FOOTER_PX
    height = layout["height"] + _TITLE_PX + legend_px + _FOOTER_PX
    layout["margin"] |= {"t": layout["margin"]["t"] + _TITLE_PX, "b": below}
    layout |= {
        "width": WIDTH_PX,
        "height": height,
        "showlegend": True,
        "title": theme.image_title(escape(_title(title, view, sentences)), _TITLE_PX),
        "legend": theme.image_legend(bottom=_FOOTER_PX / height),
        "annotations": [*layout.get("annotations", ()), theme.image_footer(_footer(view.provenance, sentences), below)],
    }
    named = [trace | {"showlegend": "name" in trace} for trace in traces]
    return NamedFigure(key, {"data": named, "layout": layout}, WIDTH_PX, height)


def _title(title: str, view: PatientView, sentences: Sentences) -> str:
    return sentences.say("image", "title", patient=view.record.patient_code, title=title)


def _legend_rows(names: list[str]) -> int:
    widest = max((len(name) for name in names), default=0) * _LETTER_PX + _SYMBOL_PX
    per_row = max((WIDTH_PX - 2 * _SIDE_PX) // widest, 1)
    return ceil(len(names) / per_row)


def _key_trace(fill: str, outline: str, words: str) -> dict[str, Any]:
    """Give a trace without points that brings a bar into Plotly's own legend."""
    marker = {"symbol": "square", "size": theme.POINT_PX, "color": fill, "line": {"color": outline, "width": 1}}
    return {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "marker": marker, "name": words}


def _footer(provenance: Provenance, sentences: Sentences) -> str:
    return sentences.say(
        "image",
        "footer",
        version=provenance.program_version,
        schema=provenance.schema_revision,
        edition=provenance.edition,
        sha256=provenance.edition_sha256[: len("123456789abc")],
        as_of=provenance.as_of,
    )


def _map(key: str, svg: str) -> NamedFigure:
    """Give the foot map, which is SVG already, and as a figure that holds it where an image is asked for."""
    figure = {
        "data": [],
        "layout": theme.layout(height=_MAP_HEIGHT_PX)
        | {
            "width": _MAP_WIDTH_PX,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "xaxis": {"visible": False},
            "yaxis": {"visible": False},
            "images": [
                {
                    "source": f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}",
                    "xref": "paper",
                    "yref": "paper",
                    "x": 0,
                    "y": 1,
                    "sizex": 1,
                    "sizey": 1,
                }
            ],
        },
    }
    return NamedFigure(key, figure, _MAP_WIDTH_PX, _MAP_HEIGHT_PX, svg)
