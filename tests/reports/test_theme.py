"""Colors can be read and told apart, by everyone."""

import itertools

import pytest

from reports import theme
from tracker.clinical.vocabulary import Presence

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
GRAPHIC_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
# Dichromatic vision, severity 1.0, on linear RGB: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113
MACHADO = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# Distance in linear RGB, whose cube has edge 1: about a tenth of the edge is seen at a glance on a small symbol.
TOLD_APART = 0.1
TEXTS = ["INK", "MUTED", "OWN", "ONSET_LINE", "AS_OF_LINE", "DEFICIENT_LINE", "SUFFICIENT_LINE"]
GRAPHICS = ["OWN", "NRS_POINT", "VAS_POINT", "PRESENT_POINT", "ABSENT_POINT", "NOT_EXAMINED_POINT"]


def linear(color):
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one, other):
    """Give the WCAG contrast ratio."""
    bright, dark = sorted(
        (sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


def seen_with(vision, color):
    rgb = linear(color)
    return [min(max(sum(m * c for m, c in zip(row, rgb, strict=True)), 0.0), 1.0) for row in MACHADO[vision]]


def test_black_on_white_has_the_contrast_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ground", ["PAPER", "NOTICE_FILL"])
def test_text_is_readable_on_paper_and_in_notices(name, ground):
    assert contrast(getattr(theme, name), getattr(theme, ground)) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", GRAPHICS)
@pytest.mark.parametrize("ground", ["PAPER", "EXPECTED_95"])
def test_lines_and_symbols_stand_out_from_paper_and_the_pale_band(name, ground):
    assert contrast(getattr(theme, name), getattr(theme, ground)) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("point", ["NRS_POINT", "VAS_POINT"])
def test_points_stand_out_from_the_darkest_band(point):
    assert contrast(getattr(theme, point), theme.EXPECTED_80) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("vision", MACHADO)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NRS_POINT", "VAS_POINT"),
        ("PRESENT_POINT", "ABSENT_POINT"),
        ("OWN", "VAS_POINT"),
        ("DEFICIENT_LINE", "SUFFICIENT_LINE"),
        ("OWN", "EXPECTED_80"),
    ],
)
def test_what_color_alone_would_tell_apart_is_told_apart_with_color_blindness(vision, one, other):
    first, second = seen_with(vision, getattr(theme, one)), seen_with(vision, getattr(theme, other))
    assert sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5 >= TOLD_APART


def test_color_is_never_the_only_difference():
    looks = [theme.presence_look(presence) for presence in Presence]
    for one, other in itertools.combinations(looks, 2):
        assert one.symbol != other.symbol
    assert theme.DEFICIENT_DASH != theme.SUFFICIENT_DASH
    assert theme.OWN_DASH != theme.OWN_DASH_95
