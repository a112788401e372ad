"""The pain figure: what is drawn is what was recorded, on a fixed scale; Plotly accepts every attribute."""

from datetime import date, timedelta

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import theme
from reports.course_chart import course_figure
from reports.course_view import course_views
from tracker.clinical.vocabulary import Aspect, Instrument, MissingReason

SITES = ("ankle-left", "ankle-right", "knee-left")
DATES = st.dates(date(2025, 6, 1), date(2027, 12, 31)).map(date.isoformat)
PARTIAL_DATES = DATES | DATES.map(lambda day: day[:7]) | DATES.map(lambda day: day[:4]) | DATES.map("~{}".format)


@st.composite
def scores(draw):
    instrument = draw(st.sampled_from(Instrument))
    score = draw(st.none() | st.integers(0, 10 if instrument is Instrument.NRS else 100))
    return {
        "on": draw(PARTIAL_DATES),
        "score": score,
        "site": draw(st.sampled_from(SITES)),
        "instrument": instrument,
        "aspect": draw(st.sampled_from(Aspect)),
        "missing": draw(st.sampled_from(MissingReason)) if score is None else None,
    }


@pytest.fixture(scope="module")
def figures(edition, sentences):
    def make(made):
        return [go.Figure(course_figure(course, sentences)) for course in course_views(made.view(), edition, sentences)]

    return make


def points(figure):
    """Give the scores; what stands in the strip below has an axis of its own."""
    return [trace for trace in figure.data if "markers" in trace.mode and trace.yaxis is None]


def bands(figure):
    return [trace for trace in figure.data if trace.mode == "lines"]


@settings(max_examples=60, deadline=None)
@given(recorded=st.lists(scores(), max_size=12), has_fit=st.booleans(), claims=st.sets(st.integers(1, 12)))
def test_every_recorded_score_is_drawn_exactly_once_somewhere(figures, patient, fit, recorded, has_fit, claims):
    made = patient()
    for score in recorded:
        made.pain(**score)
    left = {score.row_id for score in made.scores if score.site == "ankle-left"} & claims
    made.episode(fit() if has_fit else None, claimed=left).episode(site="ankle-right", onset=None)
    drawn = [
        (int(row_id), y)
        for figure in figures(made)
        for trace in points(figure)
        for row_id, y in zip(trace.ids, trace.y, strict=True)
    ]
    expected = [
        (score.row_id, score.score / (10 if score.instrument is Instrument.VAS else 1))
        for score in made.scores
        if score.score is not None
    ]
    assert sorted(drawn) == sorted(expected)


def test_the_pain_axis_is_fixed_from_0_to_10_whatever_was_scored(figures, patient):
    for made in (
        patient().episode(),
        patient().pain("2026-02-10", 1).episode(),
        patient().pain("2026-02-10", 10).episode(),
    ):
        [figure] = figures(made)
        low, high = figure.layout.yaxis.range
        assert list(figure.layout.yaxis.tickvals) == list(range(11))
        assert figure.layout.yaxis.fixedrange is True
        assert (-0.5 < low < 0, 10 < high < 10.5) == (True, True)


def test_axes_name_their_units(figures, patient):
    [figure] = figures(patient().pain("2026-02-10", 1).episode())
    assert figure.layout.yaxis.title.text == "Pain, NRS points (0 to 10)"
    assert figure.layout.xaxis.title.text == "Date"
    assert figure.layout.xaxis2.ticktext[0] == "day 0"


def test_points_are_never_joined_by_a_line(figures, full_patient):
    traces = [trace for figure in figures(full_patient) for trace in points(figure)]
    assert traces
    assert {trace.mode for trace in traces} == {"markers+text"}


def test_bands_have_no_line_through_their_middle(figures, patient, fit):
    [figure] = figures(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    # The hand-made bands: expected 1 2 (4) 6 7, own half a point higher.
    assert [trace.y[0] for trace in bands(figure)] == [1.0, 7.0, 2.0, 6.0, 1.5, 7.5, 2.5, 6.5]


def test_the_expected_and_the_own_band_differ_in_more_than_color(figures, patient, fit):
    [figure] = figures(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    expected80, own80 = (
        next(t for t in figure.data if t.name == name)
        for name in ("Expected course, central 80 %", "This patient's course, 80 %")
    )
    assert (expected80.line.width, expected80.fillpattern.shape) == (0, None)
    assert (own80.line.dash, own80.fillpattern.shape) == ("dash", "/")


def test_instrument_and_aspect_have_each_their_own_symbol():
    symbols = list(theme.SCORE_SYMBOLS.values())
    assert len(set(symbols)) == len(symbols) == len(Instrument) * len(Aspect)


def test_a_score_left_out_of_the_fit_is_hollow(figures, patient, fit):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 7, aspect=Aspect.REST)
    [figure] = figures(made.episode(fit(), fitted={1}))
    assert [(trace.name, trace.marker.symbol) for trace in points(figure)] == [
        ("NRS overall", "circle"),
        ("NRS at rest: not used for the course", "triangle-down-open"),
    ]


def test_points_lie_over_the_bands(figures, patient):
    [figure] = figures(patient().pain("2026-02-10", 6).episode())
    assert {trace.xaxis for trace in bands(figure)} == {"x2"}
    assert {trace.xaxis for trace in points(figure)} == {None}
    assert figure.layout.xaxis.overlaying == "x2"


def test_a_visit_of_an_unknown_day_carries_a_bar_over_its_possible_days(figures, patient):
    [figure] = figures(patient().pain("2026-03", 6).pain("2026-04-10", 7).episode())
    bars = [shape for shape in figure.layout.shapes if shape.yref == "y"]
    assert [(bar.x0, bar.x1, bar.y0, bar.y1) for bar in bars] == [("2026-03-01", "2026-03-31", 6.0, 6.0)]


def test_coinciding_points_are_counted_beside_the_last_of_them(figures, patient):
    made = patient().pain("2026-02-10", 6).pain("2026-02-10", 6, aspect=Aspect.LOAD)
    [figure] = figures(made.episode())
    assert [text for trace in points(figure) for text in trace.text] == ["", "×2"]


def test_onset_as_of_day_closing_day_and_evidence_are_labelled(figures, patient):
    [figure] = figures(patient().episode(closed="2026-10-15"))
    assert [label.text for label in figure.layout.annotations] == [
        "onset 2026-01",
        "as of 2026-11-23",
        "closed 2026-10-15",
        "evidence: weak",
    ]
    assert len({(label.yshift, label.xanchor) for label in figure.layout.annotations}) == 4


def test_day_labels_are_round_and_few(figures, patient):
    [figure] = figures(patient().episode())
    axis = figure.layout.xaxis2
    assert len(axis.tickvals) <= 11
    day_zero = date(2026, 1, 1)
    assert [day_zero + timedelta(days=int(text.split()[1])) for text in axis.ticktext] == [
        date.fromisoformat(day) for day in axis.tickvals
    ]


def test_an_exact_onset_is_a_line_and_a_vague_one_a_shaded_span(figures, patient):
    [exact] = figures(patient().episode(onset="2026-01-10"))
    [vague] = figures(patient().episode(onset="2026-01"))
    assert [(s.type, s.x0, s.x1) for s in exact.layout.shapes][0] == ("line", "2026-01-10", "2026-01-10")
    assert [(s.type, s.x0, s.x1) for s in vague.layout.shapes][0] == ("rect", "2026-01-01", "2026-01-31")


def test_bands_start_at_the_first_possible_day_and_go_by_weeks(figures, patient):
    [figure] = figures(patient().episode())
    assert {(trace.x0, trace.dx) for trace in bands(figure)} == {("2026-01-01", 7 * 24 * 60 * 60 * 1000)}
