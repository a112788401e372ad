"""A number in `tracker.analysis` is cited in the course edition, or stands here with the reason why it need not be."""

import ast
from pathlib import PurePosixPath

import pytest

PLAIN = {-1, 0, 1, 2}

# Module and the constant or function the number stands in -> the number or numbers, and why they are no clinical claim.
REVIEWED = {
    ("claims", "_RECALL_ERRORS_BEFORE_ONSET"): (
        [3],
        "statistical: three standard deviations of the cited recall error",
    ),
    ("class_drawing", "RISE"): ([9], "counting: the coordinates of the unit cube, by name"),
    ("class_drawing", "FIRST_OWN"): ([9, 12], "counting: the coordinates of the unit cube, by name"),
    ("class_drawing", "_upper_centile"): ([0.9], "statistical: the upper end of a central 80 % interval"),
    ("courses", "_UPPER_CROSSING"): ([0.8], "convention: crossings at which shapes are made comparable"),
    ("courses", "_LOWER_CROSSING"): ([0.2], "convention: crossings at which shapes are made comparable"),
    ("courses", "_NEARLY_ZERO"): ([24], "numerical: smallest base of a power"),
    ("courses", "_STEPS_PER_SWING"): ([64], "numerical: how finely the end of swings is searched"),
    ("finding", "_EXPECTED_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("follow_ups", "_ANY_YEAR"): ([2021], "convention: a year of ordinary length"),
    ("follow_ups", "_FAVOURITE_SCORES"): ([4, 5, 6, 8, 10], "definition: even scores, 5 and 10"),
    ("measures", "VISITS"): ([3, 4, 5, 6, 7, 9, 10], "layout: ranges of visits of a published table"),
    ("measures", "_QUARTILES"): ([0.25, 0.5, 0.75], "statistical: quartiles"),
    ("measures", "_FALSE_ALARMS"): ([0.05], "convention: found at 95 % specificity"),
    ("quick_looks", "_FIRST_DAY"): ([60, 1200], "numerical: days that are tabulated"),
    ("quick_looks", "_NEGLIGIBLE"): ([1e-6], "numerical: weight that is left out"),
    ("readings", "_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("thresholds", "_STEPS"): ([100], "numerical: steps of a probability"),
    ("thresholds", "_UPPER_LIMIT"): ([1.645], "statistical: one-sided 95 % of the normal distribution"),
    ("true_courses", "_UPPER_CROSSING"): ([0.8, 0.2], "convention: crossings at which shapes are made comparable"),
    ("true_courses", "_KERNEL_WIDTHS"): ([4], "numerical: where a normal kernel is cut off"),
    ("true_courses", "_DECLINE_GRID"): ([10, 2001], "numerical: grid on which crossings are looked up"),
    ("true_courses", "_N_STRATA"): ([12], "numerical: points drawn at once, a power of two"),
    ("finding", "_LEAST_PROBABILITY"): ([0.01], "statistical: smallest probability whose odds are told apart"),
    ("finding", "_N_COURSES_EXPECTED"): ([12], "numerical: size of a library, a power of two"),
    ("library", "N_COURSES"): ([13], "numerical: size of the library, a power of two"),
    ("likelihood", "LEVEL_STEPS_PER_POINT"): ([20], "numerical: resolution of the score table"),
    ("likelihood", "score_probabilities"): ([0.5, 0.5, 9], "rounding to whole scores; number of tables kept"),
    ("observations", "HIGHEST_SCORE"): ([10, 100], "definition: upper end of the instruments' scales"),
    ("posterior", "_ESTIMATE_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("posterior", "_BAND_QUANTILES"): ([0.025, 0.1, 0.5, 0.9, 0.975], "statistical: quantile levels of a band"),
    ("posterior", "_N_COURSES_OF_BAND"): ([12], "numerical: size of a library, a power of two"),
    ("posterior", "_MORE_LIKELY_THAN_NOT"): ([0.5], "statistical: even odds"),
    ("posterior", "_band_days"): ([4], "layout: days at which a band is drawn"),
    ("next_visit", "_N_COURSES"): ([11], "numerical: size of a sample, a power of two"),
    ("next_visit", "_LEAST_NARROWING"): ([0.01], "layout: what rounds to no narrowing at all"),
    ("refinement", "N_DRAWS"): ([12], "numerical: courses drawn in a round, a power of two"),
    ("refinement", "_N_CENTRES"): ([8], "numerical: centres of a round, a power of two"),
    ("refinement", "_MOST_ROUNDS"): ([3], "numerical: rounds of drawing"),
    ("refinement", "_CARRYING"): ([200], "statistical: courses that are to carry a flattened vote"),
    ("refinement", "_BANDWIDTHS"): ([0.7, 0.25], "statistical: widths of kernels"),
    ("refinement", "_PRIOR_COURSES"): ([10], "statistical: shrinkage of a covariance"),
    ("refinement", "_HALVINGS"): ([10], "numerical: steps of a bisection"),
    ("refinement", "_NEGLIGIBLE_LOG_WEIGHT"): ([14.0], "numerical: weight that is left out"),
    ("refinement", "_LARGEST_EXPONENT"): ([700.0], "numerical: largest power that is finite"),
    ("refinement", "_kernels"): ([0.5], "numerical: middle of a stratum"),
    ("score_choice", "_UNIFORM_SPAN_PER_SD"): ([12], "statistical: variance of a uniform distribution"),
    ("unit_cube", "_BITS"): ([16], "numerical: bits of the stored sequence"),
    ("unit_cube", "_TABLE_SIZE"): ([12], "numerical: size of a table, a power of two"),
    ("unit_cube", "_WEYL"): ([40503], "numerical: a multiplier that spreads whole numbers"),
    ("unit_cube", "_cut"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "uniform"): ([0.5, 0.5], "numerical: middle of a stratum"),
    ("unit_cube", "_normal_deviates"): ([0.5], "numerical: middle of a stratum"),
    ("vote", "_NEGLIGIBLE"): ([1e-6], "numerical: weight that is left out"),
    ("weights", "thinned"): ([0.5], "numerical: middle of a stratum"),
    ("weights", "weighted_spread"): ([0.1, 0.9], "statistical: the central 80 %"),
}


def _literals(tree):
    """Find each number that is not plain, by the constant or the innermost function it stands in."""
    found = {}

    def visit(node, place):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = node.name
        elif place is None and isinstance(node, ast.Assign | ast.AnnAssign):
            place = (
                ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target).strip("()").split(",")[0]
            )
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)
        if is_number and node.value not in PLAIN:
            found.setdefault(place, []).append(node.value)
        for child in ast.iter_child_nodes(node):
            visit(child, place)

    visit(tree, None)
    return found


@pytest.fixture
def literals(syntax):
    return {
        (PurePosixPath(path).stem, place): values
        for path, tree in syntax.items()
        if path.startswith("tracker/analysis/")
        for place, values in _literals(tree).items()
    }


def test_every_number_in_analysis_is_plain_or_reviewed(literals):
    assert literals == {place: values for place, (values, _) in REVIEWED.items()}


def test_a_clinical_number_in_code_would_be_found():
    source = "def is_late(months):\n    return months > 8\n\nLIMIT: float = 5.66\nNAMES = {'a': (1, 2, -1)}\n"
    assert _literals(ast.parse(source)) == {"is_late": [8], "LIMIT": [5.66]}
