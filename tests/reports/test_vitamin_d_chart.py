"""Vitamin D results: one unit on the axis, classified as reported, limits named."""

import plotly.graph_objects as go
import pytest

from reports.vitamin_d_chart import vitamin_d_figure, vitamin_d_view
from tracker.clinical.vocabulary import Comparator, MissingReason, VitaminDUnit

NG, NMOL, UG = VitaminDUnit.NG_ML, VitaminDUnit.NMOL_L, VitaminDUnit.UG_L


@pytest.fixture
def view_of(edition, sentences):
    def make(patient):
        return vitamin_d_view(patient.view(), edition, sentences)

    return make


def test_no_results_give_no_view(view_of, patient):
    assert view_of(patient()) is None


def test_the_axis_has_the_unit_most_results_came_in(view_of, patient):
    made = patient().result("2026-01-10", 40.0, NMOL).result("2026-02-10", 20.0, NG).result("2026-03-10", 60.0, NMOL)
    assert view_of(made).unit is NMOL


def test_on_a_tie_the_axis_has_the_unit_of_the_newest_result(view_of, patient):
    assert view_of(patient().result("2026-01-10", 40.0, NMOL).result("2026-02-10", 20.0, NG)).unit is NG


def test_a_result_of_another_unit_is_drawn_converted_and_called_converted(view_of, patient):
    made = patient().result("2026-01-10", 50.0, NMOL).result("2026-02-10", 20.0).result("2026-03-10", 25.0)
    first = view_of(made).points[0]
    assert first.is_converted
    assert first.level == pytest.approx(50 / 2.496, abs=1e-9)  # 20.03 ng/mL
    assert first.reported == "50 nmol/L (drawn at 20.0 ng/mL)"
    assert first.status == "insufficient"  # 50 nmol/L is not below 50; judged as reported, not after conversion


def test_micrograms_per_liter_are_drawn_at_the_same_number_but_still_called_converted(view_of, patient):
    made = patient().result("2026-01-10", 18.0, UG).result("2026-02-10", 20.0).result("2026-03-10", 25.0)
    first = view_of(made).points[0]
    assert (first.level, first.is_converted) == (18.0, True)


@pytest.mark.parametrize(
    ("value", "comparator", "status"),
    [
        (19.9, None, "deficient"),
        (20.0, None, "insufficient"),
        (29.9, None, "insufficient"),
        (30.0, None, "sufficient"),
        (10.0, Comparator.BELOW, "deficient"),
        (25.0, Comparator.BELOW, "deficient or insufficient: the limit does not tell which"),
        (60.0, Comparator.ABOVE, "sufficient"),
    ],
)
def test_results_are_classified_by_the_editions_limits(view_of, patient, value, comparator, status):
    assert view_of(patient().result("2026-01-10", value, comparator=comparator)).points[0].status == status


def test_a_value_below_the_laboratorys_limit_has_its_own_symbol(view_of, patient, sentences):
    view = view_of(patient().result("2026-01-10", 18.0).result("2026-02-10", 10.0, comparator=Comparator.BELOW))
    figure = go.Figure(vitamin_d_figure(view, sentences))
    assert [(trace.name, trace.marker.symbol, list(trace.y)) for trace in figure.data] == [
        ("Result in ng/mL", "circle", [18.0]),
        ("Below the laboratory's limit, in ng/mL", "triangle-down", [10.0]),
    ]
    assert view.points[1].reported == "<10 ng/mL"


def test_every_result_is_drawn_once_and_units_never_share_an_axis_unconverted(view_of, patient, sentences):
    made = patient().result("2026-01-10", 50.0, NMOL).result("2026-02-10", 20.0).result("2026-03-10", 18.0, UG)
    made.result("2026-04-10", 75.0, NMOL).result("2026-04-11", None, None, missing=MissingReason.NOT_DONE)
    view = view_of(made)
    figure = go.Figure(vitamin_d_figure(view, sentences))
    assert sorted(row for trace in figure.data for row in trace.ids) == ["1", "2", "3", "4"]
    assert [trace.name for trace in figure.data] == [
        "Result in nmol/L",
        "Result in nmol/L, converted from ng/mL",
        "Result in nmol/L, converted from ug/L",
    ]
    assert [trace.marker.symbol for trace in figure.data] == ["circle", "circle-open", "circle-open"]
    assert view.counts == "5 results recorded, 4 drawn, 1 missing: not done"


def test_the_limits_are_drawn_in_the_unit_of_the_axis_with_their_words(view_of, patient, sentences):
    figure = go.Figure(vitamin_d_figure(view_of(patient().result("2026-01-10", 40.0, NMOL)), sentences))
    assert [(label.y, label.text) for label in figure.layout.annotations] == [
        (50.0, "deficient<br>below 50 nmol/L"),
        (75.0, "sufficient<br>from 75 nmol/L"),
    ]
    assert figure.layout.yaxis.title.text == "25-OH-vitamin D, nmol/L"


def test_the_scheme_is_named_with_the_class(view_of, patient):
    view = view_of(patient().result("2026-01-10", 18.0))
    assert view.scheme == "Endocrine Society 2011"
    assert view.points[0].spoken.clinician == (
        "Sat 2026-01-10: 25-OH-vitamin D 18 ng/mL, deficient (Endocrine Society 2011); winter half-year."
    )


def test_winters_are_shaded_within_what_is_shown(view_of, patient):
    view = view_of(patient().result("2025-11-15", 18.0).result("2026-11-15", 28.0))
    assert view.winters == ((view.first, "2026-04-01"), ("2026-10-01", view.last))
    assert [point.season for point in view.points] == ["winter half-year", "winter half-year"]


def test_only_missing_results_still_give_a_table(view_of, patient, sentences):
    view = view_of(patient().result("2026-01-10", None, None, missing=MissingReason.NOT_DONE))
    assert view.points[0].reported == "not drawn: not done"
    assert len(go.Figure(vitamin_d_figure(view, sentences)).data) == 0


def test_a_month_is_drawn_in_its_middle_with_a_bar(view_of, patient, sentences):
    figure = go.Figure(vitamin_d_figure(view_of(patient().result("2026-03", 18.0)), sentences))
    assert figure.data[0].x == ("2026-03-16",)
    assert ("2026-03-01", "2026-03-31", 18.0) in [(shape.x0, shape.x1, shape.y0) for shape in figure.layout.shapes]


def test_each_result_stands_against_the_one_before_in_the_table(view_of, patient):
    # by hand: 40 / 20 = 2; two measurements by assays that may differ make 0.68 to 1.48 times
    made = (
        patient()
        .result("2026-02-10", 20.0)
        .result("2026-02-12", 40.0)
        .result("2026-02-14", 10.0, comparator=Comparator.BELOW)
    )
    assert [point.change for point in view_of(made).points] == ["", "higher: ×2.00 (noise 0.68–1.48)", "lower"]
