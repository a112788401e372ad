"""A number in `tracker.analysis` is cited in the course edition, or stands here with the reason why it need not be."""

import ast
from pathlib import PurePosixPath

import pytest

PLAIN = {-1, 0, 1, 2}

# Module and the constant or function the number stands in -> the number or numbers, and why they are no clinical claim.
REVIEWED = {
    ("alternatives", "_COST_OF_HIDDEN"): ([1e-3], "numerical: next to nothing, so that a change stays small"),
    ("alternatives", "_COST_OF_MARGIN"): ([4], "convention: how much dearer a margin is than an inner cell"),
    ("alternatives", "_COST_OF_ALL"): ([16], "convention: how much dearer the sum of everything is"),
    ("attack", "_ROUNDING"): ([1e-6], "numerical: what counts as 0 in an elimination"),
    ("release", "percent"): ([100], "definition: percent"),
    ("association", "NG_ML_PER_UNIT"): ([10.0], "convention: what an association is given for"),
    ("association", "_STRETCHES"): ([1.2, 1.2, 25], "numerical: grid of an unknown"),
    ("association", "_BETAS"): ([0.8, 0.8, 321], "numerical: grid of an unknown"),
    ("association", "_SHIFTS"): ([0.5, 0.5, 51], "numerical: grid of an unknown"),
    ("association", "_HALF_CHI_SQUARE_95"): ([1.9207], "statistical: half the 95th centile of chi-square"),
    ("claims", "_RECALL_ERRORS_BEFORE_ONSET"): (
        [3],
        "statistical: three standard deviations of the cited recall error",
    ),
    ("class_drawing", "RISE"): ([9], "counting: the coordinates of the unit cube, by name"),
    ("class_drawing", "FIRST_OWN"): ([9, 12], "counting: the coordinates of the unit cube, by name"),
    ("class_drawing", "_upper_centile"): ([0.9], "statistical: the upper end of a central 80 % interval"),
    ("counting", "MONTHS"): ([3, 6, 9, 12], "convention: months a table is given for"),
    ("fits", "_QUARTILES"): ([0.25, 0.5, 0.75], "statistical: quartiles"),
    ("fits", "_ESTIMATE"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("fits", "_NORMAL_975"): ([1.959963984540054], "statistical: 97.5th centile of the normal distribution"),
    ("proportions", "_NORMAL_975"): ([1.959963984540054], "statistical: 97.5th centile of the normal distribution"),
    ("proportions", "proportion"): ([4], "statistical: of the interval of Wilson"),
    ("resolution", "MM_PER_POINT"): ([10], "definition: 100 mm beside 10 points"),
    ("turnbull", "_SETTLED"): ([1e-7], "numerical: gap of a likelihood at which steps stop"),
    ("turnbull", "_MOST_STEPS"): ([2000], "numerical: steps of a maximization"),
    ("turnbull", "_HALF_CHI_SQUARE_95"): ([1.9207], "statistical: half the 95th centile of chi-square"),
    ("turnbull", "_HALVINGS"): ([12], "numerical: steps of a bisection"),
    ("turnbull", "_DECIDED"): ([0.01], "numerical: gap of a likelihood that decides nothing"),
    ("turnbull", "_MOST_HALVINGS"): ([12], "numerical: halvings of a step"),
    ("windows", "WINDOWS"): ([3, 4, 6, 9, 12, 18], "layout: months taken together"),
    ("windows", "PHASE_MONTHS"): ([3, 4, 6, 9, 12], "layout: months a table is given for"),
    ("forecasts", "FORECAST_MONTH"): ([3], "convention: month whose forecasts are judged"),
    ("forecasts", "SAID_MONTHS"): ([6, 9], "convention: months by which an end was forecast"),
    ("courses", "_UPPER_CROSSING"): ([0.8], "convention: crossings at which shapes are made comparable"),
    ("courses", "_LOWER_CROSSING"): ([0.2], "convention: crossings at which shapes are made comparable"),
    ("courses", "_NEARLY_ZERO"): ([24], "numerical: smallest base of a power"),
    ("courses", "_STEPS_PER_SWING"): ([64], "numerical: how finely the end of swings is searched"),
    ("fit_columns", "RESOLUTION_PERCENTS"): ([5, 100, 5], "statistical: quantile levels of a published table"),
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
    ("kernel", "N_DRAWS"): ([10], "numerical: size of a sample, a power of two"),
    ("kernel", "IS_PLAIN"): ([3, 4], "numerical: bits beside the place of a class"),
    ("kernel", "_BLOCK"): ([4096], "numerical: courses that fit a cache"),
    ("kernel", "_N_BINS"): ([256], "numerical: values of a byte"),
    ("kernel", "_ROUNDING"): ([1e-9], "numerical: rounding of a product"),
    ("kernel", "_BYTE"): ([0xFF], "definition: the bits of a byte"),
    ("kernel", "_WORD"): ([8], "numerical: bytes of a word"),
    ("kernel", "_N_SUMS"): ([4], "numerical: sums taken side by side"),
    ("kernel", "_add_words"): ([3, 3, 3, 4], "numerical: visits added at once"),
    ("kernel", "_exponentiate"): ([64, 5, 6, 3, 4, 6], "numerical: terms of a series, and squarings"),
    ("library", "N_BINS"): ([256], "numerical: values of a byte"),
    ("scoring", "_MOST_DAYS"): ([9], "numerical: days that are remembered, a power of two"),
    ("conflict", "_MOST_DAYS"): ([4], "numerical: days whose grades are enumerated"),
    ("conflict", "_ROUNDING"): ([1e-9], "numerical: what two equal sums may differ by"),
    ("edema_courses", "_PLASTIC"): ([1.32471795724474602596], "numerical: the root of an equation"),
    ("edema_courses", "_N_STRATA"): ([9], "numerical: size of a table, a power of two"),
    ("edema_courses", "_normal_strata"): ([0.5], "numerical: middle of a stratum"),
    ("grades", "_HIGHEST_PERCENT"): ([100], "definition: percent"),
    ("grades", "grade_table"): ([4], "numerical: number of tables kept"),
    ("laboratory", "_MG_DL"): ([10], "definition: of a unit"),
    ("library", "N_COURSES"): ([13], "numerical: size of the library, a power of two"),
    ("library_part", "_PART"): ([4, 16], "numerical: shares of the library"),
    ("likelihood", "LEVEL_STEPS_PER_POINT"): ([20], "numerical: resolution of the score table"),
    ("likelihood", "score_probabilities"): ([0.5, 0.5, 9], "rounding to whole scores; number of tables kept"),
    ("observations", "HIGHEST_SCORE"): ([10, 100], "definition: upper end of the instruments' scales"),
    ("posterior", "_ESTIMATE_QUANTILES"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an estimate"),
    ("posterior", "_ESTIMATE_AND_SPREAD_QUANTILES"): ([0.1, 0.9], "statistical: the central 80 %"),
    ("posterior", "_BAND_QUANTILES"): ([0.025, 0.1, 0.5, 0.9, 0.975], "statistical: quantile levels of a band"),
    ("posterior", "_BANDS_KEPT"): ([6], "numerical: number of bands kept, a power of two"),
    ("posterior", "_N_COURSES_OF_BAND"): ([12], "numerical: size of a library, a power of two"),
    ("surprise", "_MORE_LIKELY_THAN_NOT"): ([0.5], "statistical: even odds"),
    ("posterior", "_band_days"): ([4], "layout: days at which a band is drawn"),
    ("next_scores", "_QUANTILES"): ([0.025, 0.1, 0.9, 0.975], "statistical: quantile levels of a band"),
    ("next_scores", "_N_COURSES"): ([11], "numerical: size of a sample, a power of two"),
    ("next_scores", "_ROUNDING"): ([1e-9], "numerical: what a sum may be off by"),
    ("phase_spans", "_N_COURSES"): ([10], "numerical: size of a sample, a power of two"),
    ("next_visit", "_N_COURSES"): ([11], "numerical: size of a sample, a power of two"),
    ("next_visit", "_LEAST_NARROWING"): ([0.01], "layout: what rounds to no narrowing at all"),
    ("reading", "_N_COURSES_OF_PAIN"): ([11], "numerical: size of a sample, a power of two"),
    ("reading", "_N_COURSES_OF_BAND"): ([8], "numerical: size of a sample, a power of two"),
    ("reading", "_WEEKS_OF_BAND"): ([4], "layout: days at which a band is given"),
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
    ("weights", "NEGLIGIBLE_LOG_WEIGHT"): ([14.0], "numerical: weight that is left out"),
    ("refinement", "_LARGEST_EXPONENT"): ([700.0], "numerical: largest power that is finite"),
    ("planning", "Urgency"): ([3, 4], "counting: places in an order"),
    ("population", "TENTH_TO_NINETIETH"): ([0.9], "statistical: the upper end of a central 80 % interval"),
    ("maximization", "_MOST_STEPS"): ([400], "numerical: steps of a maximization"),
    ("maximization", "_SETTLED"): ([1e-4], "numerical: a step that changes nothing"),
    ("maximization", "_MOST_HALVINGS"): ([40], "numerical: halvings of a step"),
    ("maximization", "_MOST_NOISE_STEPS"): ([12], "numerical: rounds of a maximization"),
    ("maximization", "_NOISE_SETTLED"): ([1e-3], "numerical: a step that changes nothing"),
    ("maximization", "NOISE_STEP"): ([0.1], "numerical: step of a difference"),
    ("maximization", "_MOST_SQUARE_TILT"): ([0.49], "numerical: where a spread would be infinite"),
    ("maximization", "_prior_derivatives"): ([4], "statistical: moments of a normal distribution"),
    ("uncertainty", "_STEP"): ([0.02], "numerical: step of a difference"),
    ("uncertainty", "_LEAST_EIGENVALUE"): ([1e-3], "numerical: an inverse that is finite"),
    ("intervals", "_TAIL"): ([0.025], "statistical: quantile level of an interval"),
    ("intervals", "_LOG_ODDS"): ([40, 20, 6001], "numerical: grid of a sum"),
    ("intervals", "_HALF_AN_EPISODE"): ([0.5], "statistical: the prior of Jeffreys"),
    ("calibration", "_MOST_LIBRARIES"): ([3], "numerical: rounds of drawing"),
    ("numbers", "_DIGITS"): ([6], "layout: digits that are written"),
    ("numbers", "side_by_side"): ([3], "layout: digits that are written"),
    ("refinement", "_shares"): ([0.5], "statistical: a class found by few courses is looked at by half the scores"),
    ("refinement", "_kernels_of_class"): ([0.5], "numerical: middle of a stratum"),
    ("score_choice", "_UNIFORM_SPAN_PER_SD"): ([12], "statistical: variance of a uniform distribution"),
    ("summaries", "ESTIMATE_SHARES"): ([0.025, 0.5, 0.975], "statistical: quantile levels of an estimate"),
    ("summaries", "RESOLUTION_SHARES"): ([0.025, 100, 0.975], "statistical: quantile levels, from percents"),
    ("timing", "N_POINTS"): ([8], "numerical: size of a sample, a power of two"),
    ("timing", "_N_COURSES"): ([11], "numerical: size of a sample, a power of two"),
    ("timing", "_INTERVAL"): ([0.5, 0.025, 0.975], "statistical: quantile levels of an interval"),
    ("timing", "_levels"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "_BITS"): ([16], "numerical: bits of the stored sequence"),
    ("unit_cube", "_TABLE_SIZE"): ([12], "numerical: size of a table, a power of two"),
    ("unit_cube", "_FARTHEST_DEVIATE"): ([8], "numerical: end of a table"),
    ("unit_cube", "_STEPS_PER_DEVIATE"): ([8], "numerical: step of a table, a power of two"),
    ("unit_cube", "_WEYL"): ([40503], "numerical: a multiplier that spreads whole numbers"),
    ("unit_cube", "_cut"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "uniform"): ([0.5], "numerical: middle of a stratum"),
    ("unit_cube", "_normal_deviates"): ([0.5], "numerical: middle of a stratum"),
    ("visits", "_UNIFORM_SPAN_PER_SD"): ([12], "statistical: variance of a uniform distribution"),
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
