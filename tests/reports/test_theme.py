"""Colors can be read and told apart, by everyone, by day and by night, and printed in grey."""

import itertools
import re
from pathlib import Path

import pytest

import reports
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
# What a printer or photocopier leaves: the luminance of each color.
GREY = ((0.2126, 0.7152, 0.0722),) * 3
VISIONS = {"every color": ((1, 0, 0), (0, 1, 0), (0, 0, 1)), **MACHADO, "grey": GREY}
# CIE 1976 color difference. About 2.3 is just noticed side by side (Mahy 1994, doi:10.1002/col.5080190207); symbols lie
# apart and are small, so five times that; fills touch or lie one in another, so three times.
SYMBOLS_APART = 11.5
FILLS_APART = 7.0

PALETTES = {"light": theme.LIGHT, "dark": theme.DARK}
TEXTS = ["INK", "MUTED", "OWN", "ONSET_LINE", "AS_OF_LINE", "DEFICIENT_LINE", "SUFFICIENT_LINE"]
GRAPHICS = ["OWN", "NRS_POINT", "VAS_POINT", "PRESENT_POINT", "ABSENT_POINT", "NOT_EXAMINED_POINT"]
SYMBOLS = [
    ("NRS_POINT", "VAS_POINT"),
    ("NRS_POINT", "OWN"),
    ("OWN", "VAS_POINT"),
    ("PRESENT_POINT", "ABSENT_POINT"),
    ("PRESENT_POINT", "NOT_EXAMINED_POINT"),
    ("ABSENT_POINT", "NOT_EXAMINED_POINT"),
    ("DEFICIENT_LINE", "SUFFICIENT_LINE"),
    ("ONSET_LINE", "AS_OF_LINE"),
    ("OWN", "EXPECTED_80"),
    *itertools.combinations(["EDEMA_0", "EDEMA_1", "EDEMA_2", "EDEMA_3"], 2),
]
FILLS = [("PAPER", "EXPECTED_95"), ("EXPECTED_95", "EXPECTED_80"), ("PAPER", "EXPECTED_80")]
WRITTEN_ON = [("EDEMA_1", "EDEMA_1_TEXT"), ("EDEMA_2", "EDEMA_2_TEXT"), ("EDEMA_3", "EDEMA_3_TEXT"), ("EDEMA_0", "INK")]


@pytest.fixture(params=PALETTES)
def palette(request):
    return PALETTES[request.param]


def linear(color):
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one, other):
    """Give the WCAG contrast ratio."""
    bright, dark = sorted(
        (sum(w * c for w, c in zip(GREY[0], linear(x), strict=True)) for x in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


def seen_with(vision, color):
    """Give the linear RGB that somebody of this vision sees."""
    rgb = linear(color)
    return [min(max(sum(m * c for m, c in zip(row, rgb, strict=True)), 0.0), 1.0) for row in VISIONS[vision]]


def lab(rgb):
    """Turn linear sRGB into CIE 1976 L*a*b*, white point D65 (IEC 61966-2-1 and CIE 15)."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(w * c for w, c in zip(row, rgb, strict=True)) for row in to_xyz]
    x, y, z = (
        t ** (1 / 3) if t > (6 / 29) ** 3 else t * (29 / 6) ** 2 / 3 + 4 / 29
        for t in (part / white for part, white in zip(xyz, (0.9505, 1.0, 1.089), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(vision, one, other):
    """Give the CIE 1976 difference between two colors as somebody of this vision sees them."""
    first, second = (lab(seen_with(vision, color)) for color in (one, other))
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5


def test_black_on_white_has_the_contrast_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_the_difference_is_the_published_one():
    # White, and sRGB red: L*a*b* 53.24, 80.09, 67.20 (D65), rounded as tables print it.
    assert lab(linear("#ffffff")) == pytest.approx((100, 0, 0), abs=0.02)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


@pytest.mark.parametrize("vision", VISIONS)
def test_a_simulated_vision_keeps_grey_as_it_is(vision):
    # A property of every such simulation: what has no color cannot gain any.
    assert seen_with(vision, "#808080") == pytest.approx(linear("#808080"), abs=1e-4)


def test_red_and_green_are_one_where_they_must_be():
    # Two colors of one protan confusion line stay apart for everyone else: the simulation does take something away.
    assert difference("protanopia", "#c04000", "#606000") < difference("every color", "#c04000", "#606000") / 3


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ground", ["PAPER", "NOTICE_FILL"])
def test_text_is_readable_on_paper_and_in_notices(palette, name, ground):
    assert contrast(palette[name], palette[ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", GRAPHICS)
@pytest.mark.parametrize("ground", ["PAPER", "EXPECTED_95"])
def test_lines_and_symbols_stand_out_from_paper_and_the_pale_band(palette, name, ground):
    assert contrast(palette[name], palette[ground]) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("point", ["NRS_POINT", "VAS_POINT"])
def test_points_stand_out_from_the_darkest_band(palette, point):
    assert contrast(palette[point], palette["EXPECTED_80"]) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize(("ground", "text"), WRITTEN_ON)
def test_a_grade_is_readable_on_its_bone(palette, ground, text):
    assert contrast(palette[text], palette[ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", ["MUTED", "NOT_EXAMINED_POINT"])
def test_outline_and_hatch_of_a_bone_stand_out(palette, name):
    assert contrast(palette[name], palette["EDEMA_0"]) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("one", "other"), SYMBOLS)
def test_symbols_and_grades_are_told_apart_by_every_vision_and_in_grey(palette, vision, one, other):
    assert difference(vision, palette[one], palette[other]) >= SYMBOLS_APART


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("one", "other"), FILLS)
def test_bands_are_told_apart_by_every_vision_and_in_grey(palette, vision, one, other):
    assert difference(vision, palette[one], palette[other]) >= FILLS_APART


def test_grades_of_edema_run_evenly_from_paper_to_the_strongest(palette):
    lightness = [lab(linear(palette[f"EDEMA_{grade}"]))[0] for grade in range(4)]
    assert lightness == sorted(lightness) or lightness == sorted(lightness, reverse=True)
    assert palette["EDEMA_0"] == palette["PAPER"]


def test_the_dark_palette_has_every_color_of_the_theme():
    colors = {name for name, value in vars(theme).items() if re.fullmatch(r"#[0-9a-f]{6}|rgba\(.*\)", str(value))}
    assert set(theme.DARK) == set(theme.LIGHT) == colors


def test_colors_that_are_one_by_day_are_one_by_night():
    # A drawn chart holds colors without their names, and can only be recolored if each has one counterpart.
    by_day = {}
    for name, color in theme.LIGHT.items():
        if not name.startswith("EDEMA"):  # drawn by the style sheet alone, by name
            by_day.setdefault(color, set()).add(theme.DARK[name])
    assert [color for color, counterparts in by_day.items() if len(counterparts) > 1] == []


def test_custom_properties_carry_the_names_of_the_theme():
    written = theme.css_properties(theme.DARK)
    assert written.startswith("--paper:#141414;--ink:#e6ebf0;")
    assert "--edema-1-text:#e6ebf0;" in written


def test_every_color_that_a_style_sheet_names_is_a_custom_property():
    of_pages, of_list = theme.css_properties(theme.LIGHT), theme.css_properties(theme.LIGHT, theme.LIST_COLORS)
    templates = [path for path in Path(reports.__file__).with_name("templates").iterdir() if path.suffix != ".svg"]
    n_named = 0
    for path in templates:
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"var\((--[a-z0-9-]+)", text))
        named |= {f"--{name.lower().replace('_', '-')}" for name in re.findall(r'color\("([A-Z0-9_]+)"\)', text)}
        written = of_pages + (of_list if path.name == "clinic.css" else "")
        assert [name for name in sorted(named) if f"{name}:" not in written] == [], path.name
        n_named += len(named)
    assert n_named > 10


def test_color_is_never_the_only_difference():
    looks = [theme.presence_look(presence) for presence in Presence]
    for one, other in itertools.combinations(looks, 2):
        assert one.symbol != other.symbol
    assert theme.DEFICIENT_DASH != theme.SUFFICIENT_DASH
    assert theme.OWN_DASH != theme.OWN_DASH_95
