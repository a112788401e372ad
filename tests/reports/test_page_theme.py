"""The colors of the patient's page: on a light screen, on a dark one, and of charts that a dark screen inverts."""

import pytest

from reports import page_theme, theme
from tests.reports.test_theme import GRAPHIC_CONTRAST, TEXT_CONTRAST, contrast
from tracker.clinical.vocabulary import Phase

# The matrix of hue-rotate(180deg), on sRGB: Filter Effects Module Level 1, from its formula with cos -1 and sin 0.
HALF_TURN = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))
CHART_TEXTS = ["INK", "MUTED", "OWN", "ONSET_LINE", "AS_OF_LINE", "DEFICIENT_LINE", "SUFFICIENT_LINE"]
CHART_GRAPHICS = ["OWN", "NRS_POINT", "VAS_POINT", "PRESENT_POINT", "ABSENT_POINT", "NOT_EXAMINED_POINT"]


def on_a_dark_screen(color):
    """Give the color that a chart's own becomes by the filter of the page."""
    share = page_theme.CHART_INVERSION
    rgb = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    inverted = [channel * (1 - share) + (1 - channel) * share for channel in rgb]
    turned = [sum(m * c for m, c in zip(row, inverted, strict=True)) for row in HALF_TURN]
    return "#" + "".join(f"{round(255 * min(max(channel, 0.0), 1.0)):02x}" for channel in turned)


def test_the_paper_of_an_inverted_chart_is_that_of_the_dark_page():
    assert on_a_dark_screen(theme.PAPER) == theme.DARK["PAPER"]


@pytest.mark.parametrize("name", CHART_TEXTS)
def test_words_of_an_inverted_chart_are_readable(name):
    assert contrast(on_a_dark_screen(getattr(theme, name)), theme.DARK["PAPER"]) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", CHART_GRAPHICS)
def test_symbols_of_an_inverted_chart_stand_out(name):
    assert contrast(on_a_dark_screen(getattr(theme, name)), theme.DARK["PAPER"]) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["INK", "MUTED", "OWN"])
def test_words_of_the_page_are_readable_on_both_kinds_of_screen(colors, name):
    assert contrast(colors[name], colors["PAPER"]) >= TEXT_CONTRAST
    assert contrast(colors["INK"], colors["NOTICE_FILL"]) >= TEXT_CONTRAST
    assert contrast(colors["NOTICE_LINE"], colors["PAPER"]) >= GRAPHIC_CONTRAST


def test_the_outline_of_the_next_score_stands_out_from_every_band():
    for ground in (theme.PAPER, theme.EXPECTED_95, theme.EXPECTED_80):
        assert contrast(page_theme.NEXT, ground) >= GRAPHIC_CONTRAST
    assert contrast(on_a_dark_screen(page_theme.NEXT), theme.DARK["PAPER"]) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("phase", list(page_theme.PHASE_RIBBONS), ids=str)
def test_the_name_of_a_phase_is_readable_on_its_ribbon(phase):
    ribbon = page_theme.PHASE_RIBBONS[phase]
    assert contrast(theme.INK, ribbon) >= TEXT_CONTRAST
    assert contrast(on_a_dark_screen(theme.INK), on_a_dark_screen(ribbon)) >= TEXT_CONTRAST


def test_every_phase_but_the_time_before_has_a_ribbon_and_a_shade():
    drawn = set(Phase) - {Phase.BEFORE_ONSET}
    assert set(page_theme.PHASE_RIBBONS) == set(page_theme.PHASE_SHADES) == drawn


def test_events_and_laboratory_results_have_each_their_own_symbol():
    for looks in (page_theme.EVENT_LOOKS, page_theme.LAB_LOOKS):
        symbols = [look.marker()["symbol"] for look in looks.values()]
        assert len(set(symbols)) == len(symbols)
