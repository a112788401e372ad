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
    ("finding", "_LEAST_PROBABILITY"): ([0.01], "statistical: smallest probability whose odds are told apart"),
    ("finding", "_N_COURSES_EXPECTED"): ([12], "numerical: size of a library, a power of two"),
    ("library", "N_COURSES"): ([13], "numerical: size of the library, a power of two"),
    ("likelihood", "LEVEL_STEPS_PER_POINT"): ([20], "numerical: resolution of the score table"),
    ("likelihood", "score_probabilities"): ([0.5, 0.5, 9], "rounding to whole scores; number of tables kept"),
    ("observations", "HIGHEST_SCORE"): ([10, 100], "definition: upper end of the instruments' scales"),
    ("posterior", "_ESTIMATE_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("posterior", "_ESTIMATE_AND_SPREAD_QUANTILES"): ([0.1, 0.9], "statistical: the central 80 %"),
    ("posterior", "_BAND_QUANTILES"): ([0.025, 0.1, 0.5, 0.9, 0.975], "statistical: quantile levels of a band"),
    ("posterior", "_N_COURSES_OF_BAND"): ([12], "numerical: size of a library, a power of two"),
    ("posterior", "_MORE_LIKELY_THAN_NOT"): ([0.5], "statistical: even odds"),
    ("posterior", "_band_days"): ([4], "layout: days at which a band is drawn"),
    ("next_visit", "_N_COURSES"): ([11], "numerical: size of a sample, a power of two"),
    ("next_visit", "_LEAST_NARROWING"): ([0.01], "layout: what rounds to no narrowing at all"),
    ("refinement", "_DRAWS_PER_CENTRE"): ([6], "numerical: draws from a kernel, a power of two"),
    ("refinement", "_CENTRES_TO_LOOK"): ([5], "numerical: centres of a round, a power of two"),
    ("refinement", "_CENTRES_TO_COUNT"): ([6], "numerical: centres of the draws that count, a power of two"),
    ("refinement", "_PRIOR_SHARE"): ([4], "statistical: defensive share of a mixture, a power of two"),
    ("refinement", "_MOST_ROUNDS"): ([5], "numerical: rounds of drawing"),
    ("refinement", "_N_FLATTENED"): ([12], "numerical: courses that a flattened vote is held among"),
    ("refinement", "_CARRYING"): ([80], "statistical: courses that are to carry a flattened vote"),
    ("refinement", "_MOST_COUNTED"): ([0.7], "statistical: power of the likelihood that a proposal is made from"),
    ("refinement", "_ENOUGH"): ([200], "statistical: courses that carry a vote well"),
    ("refinement", "_LEAST_HELD"): ([0.01], "statistical: share of a vote that is worth new draws"),
    ("refinement", "_BANDWIDTHS"): ([0.7], "statistical: widths of kernels"),
    ("refinement", "_PRIOR_COURSES"): ([10], "statistical: shrinkage of a covariance"),
    ("refinement", "_HALVINGS"): ([10], "numerical: steps of a bisection"),
    ("refinement", "_NEGLIGIBLE_LOG_WEIGHT"): ([14.0], "numerical: weight that is left out"),
    ("refinement", "_LARGEST_EXPONENT"): ([700.0], "numerical: largest power that is finite"),
    ("refinement", "_shares"): ([0.5], "statistical: a class found by few courses is looked at by half the scores"),
    ("refinement", "_kernels_of_class"): ([0.5], "numerical: middle of a stratum"),
    ("score_choice", "_UNIFORM_SPAN_PER_SD"): ([12], "statistical: variance of a uniform distribution"),
    ("unit_cube", "_BITS"): ([16], "numerical: bits of the stored sequence"),
    ("unit_cube", "_TABLE_SIZE"): ([12], "numerical: size of a table, a power of two"),
    ("unit_cube", "_FARTHEST_DEVIATE"): ([8], "numerical: end of a table"),
    ("unit_cube", "_STEPS_PER_DEVIATE"): ([8], "numerical: step of a table, a power of two"),
    ("unit_cube", "_WEYL"): ([40503], "numerical: a multiplier that spreads whole numbers"),
    ("unit_cube", "_cut"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "uniform"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "_normal_deviates"): ([0.5], "numerical: middle of a stratum"),
    ("vote", "_NEGLIGIBLE"): ([1e-6], "numerical: weight that is left out"),
    ("weights", "_LEVELS_AT_ONCE"): ([15], "numerical: size of a block, a power of two"),
    ("weights", "thinned"): ([0.5], "numerical: middle of a stratum"),
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
