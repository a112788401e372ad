"""Imaging findings: one lane per site, sign and modality; three states, three symbols."""

import plotly.graph_objects as go

from reports.imaging_lane import imaging_figure, imaging_view
from tracker.clinical.vocabulary import EdemaPattern, Finding, Presence


def test_no_findings_give_no_view(patient, sentences):
    assert imaging_view(patient().view(), sentences) is None


def test_present_absent_and_not_examined_are_three_symbols(patient, sentences):
    made = patient().image("2026-02-10", "talus-left").image("2026-05-10", "talus-left", Presence.ABSENT)
    made.image("2026-02-10", "calcaneus-left", Presence.NOT_EXAMINED)
    figure = go.Figure(imaging_figure(imaging_view(made.view(), sentences), sentences))
    assert [(trace.name, trace.marker.symbol) for trace in figure.data] == [
        ("present", "square"),
        ("absent", "circle-open"),
        ("not examined", "x-thin-open"),
    ]


def test_every_finding_is_drawn_once_in_its_own_lane(patient, sentences):
    made = patient().image("2026-02-10", "talus-left", percent=60.0).image("2026-02-10", "navicular-left", grade=1)
    made.image("2026-02-10", "talus-left", Presence.ABSENT, finding=Finding.FRACTURE_LINE)
    made.image("2026-05-10", "talus-left", percent=20.0)
    view = imaging_view(made.view(), sentences)
    figure = go.Figure(imaging_figure(view, sentences))
    assert view.lanes == ("Left navicular: edema, MRI", "Left talus: edema, MRI", "Left talus: fracture line, MRI")
    drawn = {row: (x, y, text) for t in figure.data for row, x, y, text in zip(t.ids, t.x, t.y, t.text, strict=True)}
    assert drawn == {
        "1": ("2026-02-10", 1, "60 %"),
        "2": ("2026-02-10", 0, "grade 1"),
        "3": ("2026-02-10", 2, ""),
        "4": ("2026-05-10", 1, "20 %"),
    }
    assert list(figure.layout.yaxis.ticktext) == list(view.lanes)


def test_what_was_not_looked_at_is_never_told_as_absent(patient, sentences):
    made = patient().image("2026-02-10", "talus-left", Presence.NOT_EXAMINED)
    [point] = imaging_view(made.view(), sentences).points
    assert point.spoken.plain == "On Tue 2026-02-10 the left talus was not looked at for edema (MRI)."
    assert point.presence_in_words == "not examined"


def test_a_finding_of_an_unknown_day_carries_a_bar(patient, sentences):
    figure = go.Figure(
        imaging_figure(imaging_view(patient().image("2026-02", "talus-left").view(), sentences), sentences)
    )
    assert [(bar.x0, bar.x1, bar.y0) for bar in figure.layout.shapes] == [("2026-02-01", "2026-02-28", 0)]


def test_extent_is_told_with_percent_grade_and_pattern(patient, sentences):
    made = patient().image("2026-02-10", "talus-left", percent=35.0, grade=2, pattern=EdemaPattern.DIFFUSE)
    [point] = imaging_view(made.view(), sentences).points
    assert (point.extent, point.details) == ("35 %", "35 %, grade 2 (medium), diffuse")
    assert point.spoken.clinician == (
        "Tue 2026-02-10: MRI, left talus, edema: present, 35 %, grade 2 (medium), diffuse."
    )
