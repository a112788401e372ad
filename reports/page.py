"""Views -> one offline HTML page per patient; the same view gives the same bytes.

Pages name one shared script file beside them and nothing on any network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports import theme
from reports.case_panels import case_panels
from reports.chart_script import chart_html
from reports.course_answer import evidence_rows
from reports.course_chart import course_figure
from reports.course_view import CourseView, course_views
from reports.files import write_file
from reports.flag_panel import flag_panel
from reports.foot_map_drawing import foot_map
from reports.foot_map_view import foot_map_view
from reports.header_strip import header_strip
from reports.imaging_lane import ImagingView, imaging_figure, imaging_view
from reports.lab_chart import LabView, lab_figure, lab_view
from reports.learned_numbers import own_edition_words
from reports.legend import LegendItem, legend_items
from reports.paper import paper_sheet
from reports.sentences import load_sentences, place
from reports.shared_file import script_name, write_script
from reports.site_migration_chart import site_migration_figure
from reports.site_migration_view import SiteMigrationView, site_migration_view
from reports.templating import load_template
from reports.visit_rows import correction_rows, visit_rows
from reports.vitamin_d_chart import VitaminDView, vitamin_d_figure, vitamin_d_view
from tracker.analysis.views import PatientView
from tracker.clinical.record import PatientRecord
from tracker.clinical.reference import Edition

# Their points have a list of words with the key of the chart on the page, from which hover boxes are filled.
_SAID_IN_A_LIST = (CourseView, VitaminDView, LabView)
_View = CourseView | VitaminDView | ImagingView | SiteMigrationView | LabView
# What HTML lets a table leave out: a page of many visits is smaller by a tenth. Words of a record are escaped.
_END_OF_CELL = re.compile(r"</t[dhr]>\s*(?=<)")
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_DEFAULT_CLINIC = "default"
_SAFE_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")


@dataclass(frozen=True, slots=True)
class _Chart:
    """One view beside its drawn figure and the legend of that."""

    view: _View
    figure: Markup
    legend: tuple[LegendItem, ...]


def write_patient_page(view: PatientView, edition: Edition, out_dir: Path) -> Path:
    """Write a patient's page, and beside it the shared script if it is not there yet.

    Each file appears whole or not at all.

    Parameters
    ----------
    view : PatientView
        What to show.
    edition : Edition
        The edition the view was made with.
    out_dir : pathlib.Path
        The folder to write to; made if missing.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    AccessError
        If the folder cannot be made or written.
    """
    html = patient_page(view, edition)
    write_script(out_dir / script_name())
    return write_file(out_dir / page_name(view.record), html)


def patient_page(view: PatientView, edition: Edition) -> str:
    """Make a patient's page as text: the same view gives the same text.

    Parameters
    ----------
    view : PatientView
        What to show.
    edition : Edition
        The edition the view was made with: limits, grades and sources.

    Returns
    -------
    str
        HTML that loads `script_name()` from its own folder and nothing else.
    """
    sentences = load_sentences()
    courses = course_views(view, edition, sentences)
    vitamin_d = vitamin_d_view(view, edition, sentences)
    imaging = imaging_view(view, edition, sentences)
    moved = site_migration_view(view, sentences)
    edema = foot_map_view(view, edition, sentences)
    labs = lab_view(view, sentences)
    panel, case = flag_panel(view, edition, sentences), case_panels(view.record, sentences)
    strip = header_strip(view, edition, panel, case.causes, sentences)
    page = load_template("patient.html").render(
        view=view,
        record=view.record,
        provenance=view.provenance,
        edition=edition,
        own_edition=own_edition_words(edition, sentences),
        sentences=sentences,
        place=place,
        theme=theme,
        file_name=page_name(view.record),
        script=script_name(),
        evidence=evidence_rows(edition, sentences),
        courses=[_chart(course, course_figure(course, sentences)) for course in courses],
        vitamin_d=vitamin_d and _chart(vitamin_d, vitamin_d_figure(vitamin_d, sentences)),
        imaging=imaging and _chart(imaging, imaging_figure(imaging, sentences)),
        site_migration=moved and _chart(moved, site_migration_figure(moved, sentences)),
        foot_map=edema and foot_map(edema, sentences),
        labs=labs and _chart(labs, lab_figure(labs, sentences)),
        strip=strip,
        panel=panel,
        case=case,
        visits=visit_rows(view, sentences),
        corrections=correction_rows(view, sentences),
        paper=paper_sheet(view, edition, strip, courses, sentences),
    )
    return _END_OF_CELL.sub("", _SCRIPT.sub(_without_indent, _STYLE.sub(_on_one_line, page)))


def page_name(record: PatientRecord) -> str:
    """Name a patient's page: no two patients share one, on any file system.

    Codes of other clinics, in small letters or with characters a file name may not
    have, get eight digits of their hash: some file systems do not tell `a1` from `A1`.
    """
    code, clinic = record.patient_code, record.clinic_code
    if clinic == _DEFAULT_CLINIC and _SAFE_CODE.fullmatch(code):
        return f"patient-{code}.html"
    digits = sha256(f"{clinic}\0{code}".encode()).hexdigest()[:8]
    return f"patient-{re.sub(r'[^A-Za-z0-9._-]', '_', code)}-{digits}.html"


def _chart(view: _View, figure: theme.Figure) -> _Chart:
    """Turn a figure into the HTML of its chart, without the words that the page says anyway."""
    said = {str(point.row_id) for point in view.points} if isinstance(view, _SAID_IN_A_LIST) else set()
    drawn = figure | {"data": [_without_words(trace, said) for trace in figure["data"]]}
    return _Chart(view, chart_html(drawn, view.key), legend_items(figure))


def _without_words(trace: dict[str, Any], said: set[str]) -> dict[str, Any]:
    if not trace.get("ids") or not said.issuperset(trace["ids"]):
        return trace
    return {name: value for name, value in trace.items() if name != "hovertext"}


def _on_one_line(style: re.Match[str]) -> str:
    return re.sub(r"(?<=[a-z]): ", ":", re.sub(r"\s*([{};,])\s+", r"\1", style[0])).replace(";}", "}")


def _without_indent(script: re.Match[str]) -> str:
    return re.sub(r"\n +", "\n", script[0])
