"""The course model once more, in float64 loops, from the description and not from the code.

No numpy, no table, no cut-off of light courses, no formula shared with `tracker.analysis`: lengths of curved
phases and the resolution are found by bisection on the curve.
"""

import math

DAYS_PER_MONTH = 365.25 / 12
NORMAL_90TH_CENTILE = 1.2815515655446004  # printed in any table of the normal distribution
HIGHEST = {"nrs": 10, "vas": 100}
NAMES = (
    *("rise_months", "plateau_months", "regression_months", "peak_nrs", "peak_sd_nrs", "residual_zero_share"),
    *("residual_high_nrs", "resolved_nrs", "onset_recall_sd_days", "about_date_half_width_days"),
    *("atypical_peak_least_nrs", "relapse_gone_share", "relapse_rise_nrs", "swing_nrs", "swing_most_share"),
    *("two_speed_share", "two_speed_fast_share"),
    *("score_noise_sd_nrs", "score_noise_slope", "score_noise_middle_nrs", "vas_noise_sd_mm", "gross_error_share"),
)
CLASSES = (
    *("expected", "early_resolution", "late_peak", "prolonged_plateau"),
    *("slow_regression", "persistent_pain", "relapse", "fluctuating"),
)
LIMITS = (
    *("early_resolution_months", "late_peak_months", "prolonged_plateau_months", "slow_regression_months"),
    *("persistent_residual_share", "relapse_gap_months", "relapse_length_share", "swing_period_months"),
    "two_speed_slow_share",
)
PLAIN = {"fast": 1.0, "slow": 0.0, "second": None, "swing": None}


def numbers(edition):
    """Take the numbers of an edition, and the ends of those with a central interval."""
    found = {name: edition.value(name) for name in NAMES}
    found["shares"] = [edition.value(name + "_share") for name in CLASSES]
    found |= {name: edition.interval(name) for name in LIMITS}
    for name in ("rise_months", "plateau_months", "regression_months", "peak_nrs"):
        found[name + "_interval"] = edition.interval(name)
    return found


def draw_patient_class(rng, n):
    """Draw the class of one patient."""
    return rng.choices(CLASSES, n["shares"])[0]


def draw_course(rng, n, name="expected"):
    """Draw the parameters of one course of a class, anew until it keeps to the boundary of the class."""
    while True:
        course = _draw_any_course(rng, n, name)
        limits = (("rise", "late_peak"), ("plateau", "prolonged_plateau"), ("regression", "slow_regression"))
        kept = all(
            name == owner or course[phase + "_days"] <= n[owner + "_months"][0] * DAYS_PER_MONTH
            for phase, owner in limits
        )
        earliest = n["early_resolution_months"][1] * DAYS_PER_MONTH
        if kept and (name == "early_resolution" or resolution(course, n["resolved_nrs"]) > earliest):
            return course


def _draw_any_course(rng, n, name):
    def log_uniform(number):
        low, high = n[number]
        return DAYS_PER_MONTH * math.exp(rng.uniform(math.log(low), math.log(high)))

    course = _draw_expected(rng, n, n["atypical_peak_least_nrs"] if name in CLASSES[5:] else 0)
    peak = course["peak_nrs"]
    longer = {"late_peak": "rise_days", "prolonged_plateau": "plateau_days", "slow_regression": "regression_days"}
    if name in longer:
        course[longer[name]] = log_uniform(name + "_months")
    elif name == "early_resolution":
        scale = min(log_uniform("early_resolution_months") / resolution(with_spans(course), n["resolved_nrs"]), 1)
        for length in longer.values():
            course[length] *= scale
    elif name == "persistent_pain":
        course["residual_nrs"] = rng.uniform(*n["persistent_residual_share"]) * peak
    elif name == "fluctuating":
        course["swing"] = {
            "share": rng.uniform(n["swing_nrs"] / peak, n["swing_most_share"]),
            "period": log_uniform("swing_period_months"),
            "offset": rng.random(),
        }
    elif name == "relapse":
        first = with_spans(course)
        gone = reached_down(first, (1 - n["relapse_gone_share"]) * peak)
        start = gone + rng.uniform(*n["relapse_gap_months"]) * DAYS_PER_MONTH
        low, scale = level(first, start), rng.uniform(*n["relapse_length_share"])
        course["second"] = {length: scale * course[length] for length in longer.values()}
        high = rng.uniform(min(low + n["relapse_rise_nrs"], peak), peak)
        course["second"] |= {"start": start, "low": low, "peak": high}
    return with_spans(course)


def _draw_expected(rng, n, least_peak):
    course = dict(PLAIN)
    for phase in ("rise", "plateau", "regression"):
        low, high = n[phase + "_months_interval"]
        spread = (math.log(high) - math.log(low)) / 2 / NORMAL_90TH_CENTILE
        course[phase + "_days"] = n[phase + "_months"] * DAYS_PER_MONTH * math.exp(spread * rng.gauss(0, 1))
    course["peak_nrs"] = rng.gauss(n["peak_nrs"], n["peak_sd_nrs"])
    while not max(n["peak_nrs_interval"][0], least_peak) <= course["peak_nrs"] <= n["peak_nrs_interval"][1]:
        course["peak_nrs"] = rng.gauss(n["peak_nrs"], n["peak_sd_nrs"])
    highest = min(n["residual_high_nrs"], n["resolved_nrs"])
    course["residual_nrs"] = 0.0 if rng.random() < n["residual_zero_share"] else rng.uniform(0, highest)
    course["rise_exponent"] = rng.uniform(1, 2)
    course["regression_exponent"] = rng.uniform(1, 3)
    if rng.random() < n["two_speed_share"]:
        slow = rng.uniform(*n["two_speed_slow_share"])
        course |= {"regression_exponent": 1.0, "fast": n["two_speed_fast_share"], "slow": slow}
    return course


def draw_onset(rng, onset, n):
    """Draw the onset in days since day 0."""
    half_width = round(n["about_date_half_width_days"]) if onset.about else 0
    return rng.randint(-half_width, onset.span_days + half_width) + rng.gauss(0, n["onset_recall_sd_days"])


def draw_score(rng, true_level, instrument, n):
    """Draw one score: noise, rounding to the scale, now and then a gross error."""
    highest = HIGHEST[instrument]
    if rng.random() < n["gross_error_share"]:
        return rng.randint(0, highest)
    noisy = rng.gauss(true_level * highest / 10, noise_sd(true_level, instrument, n))
    return min(max(round(noisy), 0), highest)


def noise_sd(true_level, instrument, n):
    """Give the noise in the instrument's unit."""
    above = max(true_level - n["score_noise_middle_nrs"], 0) * n["score_noise_slope"]
    return n["score_noise_sd_nrs"] + above if instrument == "nrs" else n["vas_noise_sd_mm"] + 10 * above


def with_spans(course):
    """Find how long each curved phase lasts in full, so that it crosses where the straight one does."""
    course = dict(course)
    not_risen = bisect(lambda x: 1 - (1 - x) ** course["rise_exponent"] >= 0.8)
    course["rise_span"] = 0.8 * course["rise_days"] / not_risen
    at80, at20 = (bisect(lambda x, share=share: left(course, x) <= share) for share in (0.8, 0.2))
    plateau_end = course["rise_days"] + course["plateau_days"]
    day80, day20 = (plateau_end + share * course["regression_days"] for share in (0.2, 0.8))
    course["fall_span"] = (day20 - day80) / (at20 - at80)
    course["fall_start"] = day80 - at80 * course["fall_span"]
    return course


def left(course, fallen):
    """Give the share of the regression's height that is left so far along its span."""
    fast = max(1 - fallen / course["fast"], 0) ** course["regression_exponent"]
    return max(fast, course["slow"] * (1 - fallen))


def bisect(reached, low=0.0, high=1.0):
    """Find where a claim that is false at `low` and true at `high` becomes true."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def level(course, since_onset):
    """Give the level so many days after the onset of the course."""
    if since_onset <= 0:
        return 0.0
    if course["second"] and since_onset >= course["second"]["start"]:
        return second_level(course["second"], since_onset - course["second"]["start"], course["residual_nrs"])
    risen = 1 - (1 - min(since_onset / course["rise_span"], 1)) ** course["rise_exponent"]
    fallen = min(max((since_onset - course["fall_start"]) / course["fall_span"], 0), 1)
    height = course["peak_nrs"] - course["residual_nrs"]
    swings = 1.0
    if course["swing"]:
        turns = since_onset / course["swing"]["period"] + course["swing"]["offset"]
        to_crest = 2 * min(turns % 1, 1 - turns % 1)
        swings = 1 - course["swing"]["share"] * to_crest
    return risen * (course["residual_nrs"] + height * left(course, fallen)) * swings


def second_level(second, since, residual):
    """Give the level so many days into the second rise, knot by knot."""
    if since < second["rise_days"]:
        return second["low"] + (second["peak"] - second["low"]) * since / second["rise_days"]
    since -= second["rise_days"] + second["plateau_days"]
    if since < 0:
        return second["peak"]
    return second["peak"] - (second["peak"] - residual) * min(since / second["regression_days"], 1)


def reached_down(course, wanted):
    """Find the day on which the first regression reaches a level, swings and second rise aside."""
    calm = course | {"second": None, "swing": None}
    peak_day = course["rise_days"] + course["plateau_days"]
    return bisect(lambda day: level(calm, day) <= wanted, peak_day, course["fall_start"] + course["fall_span"])


def resolution(course, resolved_nrs):
    """Give the days from onset until the level stays at or below the resolution level."""
    if course["residual_nrs"] > resolved_nrs:
        return math.inf
    if course["second"]:
        start = course["second"]["start"] + course["second"]["rise_days"] + course["second"]["plateau_days"]
        end = start + course["second"]["regression_days"]
        return bisect(lambda day: level(course, day) <= resolved_nrs, start, end)
    day = reached_down(course, resolved_nrs)
    while course["swing"] and level(course, day - 0.05) <= resolved_nrs:
        day -= 0.05
    return day


def probability(score, true_level, instrument, n):
    """Give P(score | level), gross errors included."""
    unit, highest, sd = HIGHEST[instrument] / 10, HIGHEST[instrument], noise_sd(true_level, instrument, n)
    below_upper = 1.0 if score == highest else normal_cdf((score + 0.5 - true_level * unit) / sd)
    below_lower = 0.0 if score == 0 else normal_cdf((score - 0.5 - true_level * unit) / sd)
    share = n["gross_error_share"]
    return (1 - share) * (below_upper - below_lower) + share / (highest + 1)


def normal_cdf(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def posterior(courses, onsets, prior, visits, n, *, level_step=None):
    """Weigh the courses by the visits: rows of (day, score, instrument). Levels rounded to `level_step`, if any.

    Scores of one day are one reading: the geometric mean of their probabilities.
    """
    weights = []
    on_day = [day for day, _, _ in visits]
    for course, onset_day, weight in zip(courses, onsets, prior, strict=True):
        for day, score, instrument in visits:
            true_level = level(course, day - onset_day)
            if level_step is not None:
                true_level = round(true_level / level_step) * level_step
            weight *= probability(score, true_level, instrument, n) ** (1 / on_day.count(day))
        weights.append(weight)
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def quantile(values, weights, share):
    """Give the smallest value at or below which at least `share` of the weight lies."""
    reached = 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if reached >= share:
            return value
    return max(values)


def spread(values, weights):
    """Give the width of the central 80 %."""
    return quantile(values, weights, 0.9) - quantile(values, weights, 0.1)


def phase(course, since_onset, resolved_nrs):
    """Name the phase of one course on one day."""
    if since_onset < 0:
        return "before_onset"
    if since_onset >= resolution(course, resolved_nrs):
        return "resolved"
    if course["second"] and since_onset >= course["second"]["start"]:
        return phase(course["second"] | PLAIN | {"residual_nrs": math.inf}, since_onset - course["second"]["start"], 0)
    if resolved_nrs < course["residual_nrs"] < math.inf and since_onset >= course["fall_start"] + course["fall_span"]:
        return "persistent"
    if since_onset < course["rise_days"]:
        return "rise"
    if since_onset < course["rise_days"] + course["plateau_days"]:
        return "plateau"
    return "regression"
