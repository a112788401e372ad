"""The page of a cohort: one offline HTML file with its figures, each with its numbers as a table and as a csv file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from reports import page_theme, theme
from reports.chart_script import chart_html
from reports.cohort import figures
from reports.cohort.bone_map import BoneMap, bone_map
from reports.cohort.comparing import cited_percents, published_table
from reports.cohort.individuals import estimate_by_month, lanes, scores_by_month, swimmer_figure
from reports.cohort.month_tables import (
    bands_table,
    flag_table,
    forecast_table,
    learned_table,
    pain_table,
    phase_table,
)
from reports.cohort.report import CohortFacts, CohortReport, as_csv, cohort_report
from reports.cohort.said import said_figure, said_table
from reports.cohort.shown import ShownTable
from reports.cohort.tables import Telling
from reports.files import write_file
from reports.foot_map_drawing import page_color
from reports.legend import LegendItem, legend_items
from reports.sentences import Sentences, load_sentences
from reports.shared_file import script_name, write_script
from reports.templating import load_template
from tracker.analysis.cohort.forecasts import COVERAGE
from tracker.analysis.cohort.summary import CohortSummary
from tracker.analysis.cohort.windows import OverMonths
from tracker.analysis.disclosure.release import Release
from tracker.analysis.results import LevelBand
from tracker.clinical.learned import LearnedNumber
from tracker.clinical.reference import Edition

_LEGEND_BOX = 16
_NUMBERS_OF_THE_PAGE = (
    "flow",
    "table1",
    "resolution",
    "pain",
    "phases",
    "parameters",
    "learned",
    "bands",
    "forecasts",
    "said",
    "published",
    "vitamin_d",
    "bones",
    "moves",
    "distances",
    "flags",
)


@dataclass(frozen=True, slots=True, eq=False)
class CohortView:
    """What a page is made from; `release` is made of the summary's tables and those of the page together."""

    summary: CohortSummary
    months: OverMonths
    learned: tuple[LearnedNumber, ...]
    learned_band: LevelBand | None
    expected: LevelBand
    release: Release
    facts: CohortFacts
    edition: Edition


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its table, and its figure where it has one, with the sentence that says what is drawn."""

    table: ShownTable
    figure: Markup | None = None
    legend: tuple[LegendItem, ...] = ()
    caption: str = ""
    name: str = ""
    bones: BoneMap | None = None


def write_cohort_page(view: CohortView, out_dir: Path) -> Path:
    """Write the page, the shared script and a csv file for each table, and give the page.

    Raises
    ------
    AccessError
        If the folder or a file cannot be written.
    """
    report, sections, swimmer = _parts(view)
    prefix = "internal-" if report.is_internal else ""
    write_script(out_dir / script_name())
    for old in _NUMBERS_OF_THE_PAGE:
        # those of an earlier page: beside this one they could give away what it hides
        (out_dir / f"{prefix}cohort-{old}.csv").unlink(missing_ok=True)
    for section in sections:
        write_file(out_dir / f"{prefix}cohort-{section.table.key}.csv", as_csv([section.table]))
    return write_file(out_dir / f"{prefix}cohort.html", _page(report, sections, swimmer))


def cohort_page(view: CohortView) -> str:
    """Make the page as text: the same view gives the same text."""
    return _page(*_parts(view))


def _parts(view: CohortView) -> tuple[CohortReport, tuple[Section, ...], Section | None]:
    report = cohort_report(view.summary, view.release, view.facts, view.edition)
    if report.refused:
        return report, (), None
    sentences = load_sentences()
    telling = Telling(view.summary, view.release, sentences, view.edition)
    tables = {table.key: table for table in report.tables}
    members = view.summary.members if report.is_internal else ()
    sections = (
        Section(tables["flow"]),
        Section(tables["table1"]),
        _resolution(tables["resolution"], estimate_by_month(members), sentences),
        _pain(view, telling, scores_by_month(members)),
        _phases(phase_table(telling), sentences),
        Section(tables["parameters"]),
        Section(learned_table(telling, view.learned)),
        _bands(view, telling),
        _forecasts(telling),
        _said(telling),
        _drawn(
            tables["published"],
            figures.published_figure(published_table(telling), cited_percents(), sentences),
            "published",
            sentences,
        ),
        _drawn(tables["vitamin_d"], figures.vitamin_d_figure(tables["vitamin_d"], sentences), "vitamin_d", sentences),
        _bones(tables["bones"], telling),
        Section(tables["moves"]),
        Section(tables["distances"]),
        Section(flag_table(telling)),
    )
    return report, sections, _swimmer(view, sentences) if members else None


def _resolution(table: ShownTable, estimate: Sequence[tuple[float, float, float]], sentences: Sentences) -> Section:
    figure = figures.resolution_figure(table, sentences, estimate=estimate)
    caption = "resolution_chart_internal" if estimate else "resolution_chart"
    return _drawn(table, figure, "resolution", sentences, caption=caption)


def _pain(view: CohortView, telling: Telling, scores: Sequence[tuple[float, float]]) -> Section:
    table = pain_table(telling, view.months.pain)
    figure = figures.pain_figure(table, view.expected, telling.sentences, scores=scores)
    return _drawn(table, figure, "pain", telling.sentences, caption="pain_chart_internal" if scores else "pain_chart")


def _phases(table: ShownTable, sentences: Sentences) -> Section:
    figure = figures.phase_figure(table, sentences)
    if not figure["data"]:
        return Section(table, caption=sentences.say("cohort", "nothing_drawn"))
    said = sentences.say("cohort", "phase_chart")
    return Section(table, chart_html(figure, "phases"), _bar_legend(figure), said, "phases")


def _forecasts(telling: Telling) -> Section:
    table = forecast_table(telling)
    figure = figures.forecast_figure(table, [float(percent) for percent in COVERAGE], telling.sentences)
    return _drawn(table, figure, "forecasts", telling.sentences, caption="forecast_chart")


def _said(telling: Telling) -> Section:
    table = said_table(telling)
    return _drawn(table, said_figure(table, telling.sentences), "said", telling.sentences)


def _bands(view: CohortView, telling: Telling) -> Section:
    table = bands_table(telling, view.expected, view.learned_band)
    if view.learned_band is None:
        return Section(table)
    figure = figures.bands_figure(view.expected, view.learned_band, telling.sentences)
    said = telling.sentences.say("cohort", "bands_chart")
    return Section(table, chart_html(figure, "bands"), legend_items(figure), said, "bands")


def _bones(table: ShownTable, telling: Telling) -> Section:
    section = _drawn(table, figures.bones_figure(table, telling.sentences), "bones", telling.sentences)
    return replace(section, bones=bone_map(telling))


def _swimmer(view: CohortView, sentences: Sentences) -> Section:
    figure = swimmer_figure(lanes(view.summary.members), sentences)
    empty = ShownTable("swimmer", sentences.say("cohort", "swimmer_title"), (), ())
    return _drawn(empty, figure, "swimmer", sentences)


def _drawn(
    table: ShownTable, figure: theme.Figure, name: str, sentences: Sentences, *, caption: str | None = None
) -> Section:
    if not any(_is_drawn(trace) for trace in figure["data"]):
        return Section(table, caption=sentences.say("cohort", "nothing_drawn"))
    said = sentences.say("cohort", caption or f"{name}_chart")
    return Section(table, chart_html(figure, name), legend_items(figure), said, name)


def _is_drawn(trace: dict[str, object]) -> bool:
    """Whether a trace holds a point; bands alone are no figure of patients."""
    return trace.get("mode") == "markers" and bool(trace["x"])


def _bar_legend(figure: theme.Figure) -> tuple[LegendItem, ...]:
    """Draw a legend for bars: fill and pattern say the same as in the chart."""
    return tuple(LegendItem(_bar(trace["marker"]), trace["name"]) for trace in figure["data"])


def _bar(marker: dict[str, object]) -> Markup:
    strokes = {
        "x": "M3,3 L13,13 M13,3 L3,13",
        "/": "M3,13 L13,3",
        "\\": "M3,3 L13,13",
        "-": "M3,8 L13,8",
        ".": "M7,8 h2",
    }
    pattern = marker["pattern"]
    shape = str(pattern["shape"]) if isinstance(pattern, dict) else ""
    drawing = Markup('<svg viewBox="0 0 {0} {0}" aria-hidden="true">').format(_LEGEND_BOX)
    drawing += Markup('<rect x="2" y="2" width="12" height="12" fill="{}" stroke="{}"/>').format(
        marker["color"], theme.MUTED
    )
    if shape in strokes:
        drawing += Markup('<path d="{}" stroke="{}" fill="none"/>').format(strokes[shape], theme.MUTED)
    return drawing + Markup("</svg>")


def _page(report: CohortReport, sections: Sequence[Section], swimmer: Section | None) -> str:
    return load_template("cohort.html").render(
        report=report,
        sections=sections,
        swimmer=swimmer,
        sentences=load_sentences(),
        theme=theme,
        page_theme=page_theme,
        color=page_color,
        script=script_name(),
        language="en",
    )
