"""Imaging findings: one lane per site, sign and modality; three states, three symbols."""

from dataclasses import replace

import plotly.graph_objects as go

from reports.imaging_lane import imaging_figure, imaging_view
from tracker.clinical.vocabulary import EdemaPattern, Finding, Modality, Presence


def test_no_findings_give_no_view(patient, edition, sentences):
    assert imaging_view(patient().view(), edition, sentences) is None


def test_present_absent_and_not_examined_are_three_symbols(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left").image("2026-05-10", "talus-left", Presence.ABSENT)
    made.image("2026-02-10", "calcaneus-left", Presence.NOT_EXAMINED)
    figure = go.Figure(imaging_figure(imaging_view(made.view(), edition, sentences), sentences))
    assert [(trace.name, trace.marker.symbol) for trace in figure.data] == [
        ("present", "square"),
        ("absent", "circle-open"),
        ("not examined", "x-thin-open"),
    ]


def test_every_finding_is_drawn_once_in_its_own_lane(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", percent=60.0).image("2026-02-10", "navicular-left", grade=1)
    made.image("2026-02-10", "talus-left", Presence.ABSENT, finding=Finding.FRACTURE_LINE)
    made.image("2026-05-10", "talus-left", percent=20.0)
    view = imaging_view(made.view(), edition, sentences)
    figure = go.Figure(imaging_figure(view, sentences))
    assert view.lanes == ("Left navicular: edema, MRI", "Left talus: edema, MRI", "Left talus: fracture line, MRI")
    drawn = {row: (x, y, text) for t in figure.data for row, x, y, text in zip(t.ids, t.x, t.y, t.text, strict=True)}
    assert drawn == {
        "1": ("2026-02-10", 1, "60 %"),
        "2": ("2026-02-10", 0, "grade 1"),
        "3": ("2026-02-10", 2, ""),
        "4": ("2026-05-10", 1, "20 %"),
    }
    assert [text.replace("<br>", " ") for text in figure.layout.yaxis.ticktext] == list(view.lanes)


def test_what_was_not_looked_at_is_never_told_as_absent(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", Presence.NOT_EXAMINED)
    [point] = imaging_view(made.view(), edition, sentences).points
    assert point.spoken.plain == "On Tue 2026-02-10 the left talus was not looked at for edema (MRI)."
    assert point.presence_in_words == "not examined"


def test_a_finding_of_an_unknown_day_carries_a_bar(patient, edition, sentences):
    figure = go.Figure(
        imaging_figure(imaging_view(patient().image("2026-02", "talus-left").view(), edition, sentences), sentences)
    )
    assert [(bar.x0, bar.x1, bar.y0) for bar in figure.layout.shapes] == [("2026-02-01", "2026-02-28", 0)]


def test_extent_is_told_with_percent_grade_and_pattern(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", percent=35.0, grade=2, pattern=EdemaPattern.DIFFUSE)
    [point] = imaging_view(made.view(), edition, sentences).points
    assert (point.extent, point.details) == ("35 %", "35 %, grade 2 (medium), diffuse")
    assert point.spoken.clinician == (
        "Tue 2026-02-10: MRI, left talus, edema: present, 35 %, grade 2 (medium), diffuse."
    )


def test_an_expected_window_stands_above_what_was_seen(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", percent=60.0).episode(onset="2026-01-05")
    view = imaging_view(made.view(), edition, sentences)
    # Typed a second time: 3 weeks after 5 January, and 8 weeks after it.
    [window] = view.windows
    assert (window.lane, window.first, window.last) == (0, "2026-01-26", "2026-03-02")
    assert view.lanes == ("Left ankle: expected bone loss, X-ray", "Left talus: edema, MRI")
    assert [point.lane for point in view.points] == [1]
    assert view.remarks == (
        "Where a plain radiograph shows bone loss at all, it first does 3 to 8 weeks after the onset (Pol J Radiol "
        "2014, Ferreira 2012, Radiopaedia, transient osteoporosis, Wheeless' Textbook); it does in about 20 %, so that "
        "a clear one does not speak against edema.",
        "Left ankle: bone loss on X-ray expected to appear 2026-01-26 to 2026-03-02, 3 to 8 weeks after the onset.",
        "These times are from reviews, most of them of the hip: weak evidence. For dual-energy CT no times are cited.",
    )
    figure = go.Figure(imaging_figure(view, sentences))
    assert (figure.data[0].name, figure.data[0].x[:2]) == (
        "Expected to appear, from published ranges",
        ("2026-01-26", "2026-03-02"),
    )


def test_an_uncertain_onset_widens_the_window(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left").episode(onset="2026-01")
    [window] = imaging_view(made.view(), edition, sentences).windows
    assert (window.first, window.last) == ("2026-01-22", "2026-03-28")


def test_scintigraphy_brings_a_window_of_its_own(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", finding=Finding.UPTAKE).episode(onset="2026-01-05")
    made.imaging[0] = replace(made.imaging[0], modality=Modality.SCINTIGRAPHY)
    radiograph, scintigraphy = imaging_view(made.view(), edition, sentences).windows
    assert scintigraphy.lane == 1
    assert (scintigraphy.first, scintigraphy.last) == ("2026-01-05", "2027-04-07")
    assert scintigraphy.spoken == (
        "Left ankle: uptake on scintigraphy expected from 2026-01-05 on, gone again by 2027-04-07, "
        "12 to 15 months after the onset."
    )


def test_a_long_name_of_a_lane_makes_the_lanes_high_enough(patient, edition, sentences):
    short = patient().image("2026-02-10", "talus-left")
    long = patient().image("2026-02-10", "metatarsus-left", finding=Finding.SOFT_TISSUE_EDEMA)
    heights = [
        imaging_figure(imaging_view(made.view(), edition, sentences), sentences)["layout"]["height"]
        for made in (short, long)
    ]
    # "Left metatarsus (which bone / is not stated): soft-tissue / edema, MRI" are three rows of 17 pixels.
    assert heights[1] - heights[0] == 3 * 17 - 34


def test_without_an_onset_or_an_image_of_the_episode_nothing_is_expected(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left").episode(onset=None)
    made.episode(site="hip-right", onset="2026-01-05")
    view = imaging_view(made.view(), edition, sentences)
    assert (view.windows, view.remarks) == ((), ())
