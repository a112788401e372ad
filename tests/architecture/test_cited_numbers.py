"""Every number of every shipped edition says what it is, how sure it is and where it was read."""

import re
import tomllib
from pathlib import Path

import pytest

import tracker
from tracker.clinical.reference import GRADES, INTERVAL_KINDS, NOT_STATED, load_edition

PACKAGE = Path(tracker.__file__).parent
KINDS = (
    "course",
    "simulated_follow_up",
    "site_migration",
    "red_flags",
    "schedule",
    "disclosure",
    "imaging_timing",
    "published_cohorts",
)
FILES = [path for kind in KINDS for path in sorted((PACKAGE / "clinical").glob(f"{kind}_v*.toml"))]
EDITIONS = {path.stem: load_edition(path) for path in FILES}
NUMBERS = [(name, number) for name, edition in EDITIONS.items() for number in edition.numbers.values()]
RULES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")).get("rules", {}) for path in FILES}
SOURCES = [(name, source) for name, edition in EDITIONS.items() for source in edition.sources.values()]

# The numbers of the course model as its description gives them, typed here a second time: (value, interval).
COURSE_MODEL = {
    "rise_months": (1.41, (1, 2)),
    "plateau_months": (1.41, (1, 2)),
    "regression_months": (5.66, (4, 8)),
    "peak_nrs": (7.0, (2, 10)),
    "peak_sd_nrs": (1.7, (1.2, 2.1)),
    "residual_zero_share": (0.6, None),
    "residual_high_nrs": (1.5, None),
    "onset_recall_sd_days": (10, None),
    "about_date_half_width_days": (7, None),
    "score_noise_sd_nrs": (0.8, (0.5, 1.0)),
    "score_noise_middle_nrs": (5, None),
    "vas_noise_sd_mm": (8, (5, 10)),
    "gross_error_share": (0.01, None),
    "resolved_nrs": (1, None),
    "horizon_months": (36, None),
    "minimum_fit_days": (2, None),
    "narrowing_little": (0.2, None),
    "soft_jump_nrs": (5, None),
    "soft_jump_days": (7, None),
    "edema_small_percent_limit": (25, (25, 33)),
    "edema_medium_percent_limit": (50, (50, 66)),
    "vitamin_d_deficient_ng_ml": (20, (12, 20)),
    "vitamin_d_sufficient_ng_ml": (30, (20, 30)),
    "vitamin_d_deficient_nmol_l": (50, (30, 50)),
    "vitamin_d_sufficient_nmol_l": (75, (50, 75)),
    "vitamin_d_nmol_per_ng": (2.496, (2.423, 2.5)),
    "vitamin_d_change_share": (0.2, None),
}
PRINTED_TO_TWO_DECIMALS = 0.005


def _id(pair):
    return f"{pair[0]}:{getattr(pair[1], 'name', None) or pair[1].key}"


def test_there_is_an_edition_to_check():
    assert "course_v1" in EDITIONS


def test_an_edition_is_named_like_its_file():
    assert {name: edition.name for name, edition in EDITIONS.items()} == {name: name for name in EDITIONS}


@pytest.mark.parametrize("pair", NUMBERS, ids=_id)
def test_a_number_has_name_unit_grade_source_and_reason(pair):
    edition, number = pair
    assert re.fullmatch(r"[a-z][a-z0-9_]*", number.name)
    assert number.unit
    assert number.grade in GRADES
    assert number.sources
    assert set(number.sources) <= set(EDITIONS[edition].sources)
    assert number.note.endswith(".")


@pytest.mark.parametrize("pair", NUMBERS, ids=_id)
def test_an_interval_says_what_it_is_and_contains_the_value(pair):
    _, number = pair
    if number.interval is None:
        assert number.interval_kind is None
        assert number.grade == "D", "a number that was measured has a spread"
    else:
        assert number.interval_kind in INTERVAL_KINDS
        assert number.interval[0] <= number.value <= number.interval[1]


@pytest.mark.parametrize("pair", NUMBERS, ids=_id)
def test_a_name_that_carries_a_unit_carries_the_right_one(pair):
    _, number = pair
    units = {"_months": "months", "_nrs": "NRS points", "_mm": "mm", "_ng_ml": "ng/mL", "_nmol_l": "nmol/L"}
    for ending, unit in units.items():
        if number.name.endswith(ending):
            assert number.unit == unit
    if number.name.endswith("_share"):
        assert number.unit.startswith("share of")
        assert 0 <= number.value <= 1


@pytest.mark.parametrize("pair", NUMBERS, ids=_id)
def test_only_the_project_decides_and_only_papers_are_seen(pair):
    _, number = pair
    if number.sources == ("PROJECT",):
        assert number.grade == "D"
    else:
        assert any(key != "PROJECT" for key in number.sources)


@pytest.mark.parametrize("pair", SOURCES, ids=_id)
def test_a_source_is_complete_and_cited(pair):
    edition, source = pair
    assert all((source.label, source.authors, source.title, source.venue))
    assert source.year == NOT_STATED or re.fullmatch(r"(19|20)\d\d", source.year)
    assert source.locator == NOT_STATED or re.fullmatch(
        r"doi:10\.\d{4,}/\S+|isbn:[\d-]+X?|pmid:\d+|https://\S+", source.locator
    )
    cited = [number.sources for number in EDITIONS[edition].numbers.values()]
    cited += [rule["sources"] for rule in RULES[edition].values()]
    assert any(source.key in keys for keys in cited)


def test_a_source_without_a_locator_is_only_ever_a_weak_or_a_second_one():
    for name, number in NUMBERS:
        if number.grade == "A":
            located = [EDITIONS[name].sources[key].locator != NOT_STATED for key in number.sources]
            assert any(located), f"{number.name} claims a primary paper that nobody can look up"


@pytest.mark.parametrize("name", COURSE_MODEL)
def test_the_first_edition_holds_the_numbers_of_the_course_model(name):
    value, interval = COURSE_MODEL[name]
    number = EDITIONS["course_v1"][name]
    assert number.value == pytest.approx(value, abs=PRINTED_TO_TWO_DECIMALS if name.endswith("_months") else 0)
    assert number.interval == interval


def test_every_number_named_in_the_code_is_in_the_edition():
    called = re.compile(r"""edition(?:\.value\(|\.interval\(|\[)\s*["']([a-z0-9_]+)["']""")
    sources = [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "reports").rglob("*.py")]
    named = {name for path in sources for name in called.findall(path.read_text(encoding="utf-8"))}
    assert {"resolved_nrs", "soft_jump_nrs", "edema_small_percent_limit"} <= named
    # the criteria of CRPS are counts that define it; they stand in an edition of their own
    criteria = load_edition(PACKAGE / "clinical" / "crps_v1.toml")
    assert named <= set(EDITIONS["course_v1"].numbers) | set(criteria.numbers)
