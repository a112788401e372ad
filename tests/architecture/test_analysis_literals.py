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
    ("course_classes", "RISE"): ([9], "counting: the coordinates of the unit cube, by name"),
    ("course_classes", "_upper_centile"): ([0.9], "statistical: the upper end of a central 80 % interval"),
    ("courses", "_UPPER_CROSSING"): ([0.8], "convention: crossings at which shapes are made comparable"),
    ("courses", "_LOWER_CROSSING"): ([0.2], "convention: crossings at which shapes are made comparable"),
    ("courses", "_NEARLY_ZERO"): ([24], "numerical: smallest base of a power"),
    ("library", "N_COURSES"): ([14], "numerical: size of the library, a power of two"),
    ("likelihood", "LEVEL_STEPS_PER_POINT"): ([20], "numerical: resolution of the score table"),
    ("likelihood", "score_probabilities"): ([0.5, 0.5, 9], "rounding to whole scores; number of tables kept"),
    ("observations", "HIGHEST_SCORE"): ([10, 100], "definition: upper end of the instruments' scales"),
    ("posterior", "_ESTIMATE_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("posterior", "_BAND_QUANTILES"): ([0.025, 0.1, 0.5, 0.9, 0.975], "statistical: quantile levels of a band"),
    ("posterior", "_N_COURSES_OF_REFERENCE_BAND"): ([12], "numerical: size of a library, a power of two"),
    ("posterior", "_MORE_LIKELY_THAN_NOT"): ([0.5], "statistical: even odds"),
    ("posterior", "_band_days"): ([4], "layout: days at which a band is drawn"),
    ("score_choice", "_UNIFORM_SPAN_PER_SD"): ([12], "statistical: variance of a uniform distribution"),
    ("unit_cube", "_BITS"): ([16], "numerical: bits of the stored sequence"),
    ("unit_cube", "uniform"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "normal_between"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "_normal_deviates"): ([0.5], "numerical: middle of a stratum"),
    ("weights", "_NEGLIGIBLE"): ([1e-6], "numerical: weight that is left out"),
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
