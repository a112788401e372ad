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
    *("score_noise_sd_nrs", "score_noise_slope", "score_noise_middle_nrs", "vas_noise_sd_mm", "gross_error_share"),
)


def numbers(edition):
    """Take the numbers of an edition, and the ends of those with a central interval."""
    found = {name: edition.value(name) for name in NAMES}
    for name in ("rise_months", "plateau_months", "regression_months", "peak_nrs"):
        found[name + "_interval"] = edition.interval(name)
    return found


def draw_course(rng, n):
    """Draw the parameters of one expected course."""
    course = {}
    for phase in ("rise", "plateau", "regression"):
        low, high = n[phase + "_months_interval"]
        spread = (math.log(high) - math.log(low)) / 2 / NORMAL_90TH_CENTILE
        course[phase + "_days"] = n[phase + "_months"] * DAYS_PER_MONTH * math.exp(spread * rng.gauss(0, 1))
    course["peak_nrs"] = rng.gauss(n["peak_nrs"], n["peak_sd_nrs"])
    while not n["peak_nrs_interval"][0] <= course["peak_nrs"] <= n["peak_nrs_interval"][1]:
        course["peak_nrs"] = rng.gauss(n["peak_nrs"], n["peak_sd_nrs"])
    highest = min(n["residual_high_nrs"], n["resolved_nrs"])
    course["residual_nrs"] = 0.0 if rng.random() < n["residual_zero_share"] else rng.uniform(0, highest)
    course["rise_exponent"] = rng.uniform(1, 2)
    course["regression_exponent"] = rng.uniform(1, 3)
    return with_spans(course)


def draw_onset(rng, onset, n):
    """Draw the onset in days since day 0."""
    half_width = n["about_date_half_width_days"] if onset.about else 0
    return rng.uniform(-half_width, onset.span_days + half_width) + rng.gauss(0, n["onset_recall_sd_days"])


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
    at80 = bisect(lambda x: (1 - x) ** course["regression_exponent"] <= 0.8)
    at20 = bisect(lambda x: (1 - x) ** course["regression_exponent"] <= 0.2)
    plateau_end = course["rise_days"] + course["plateau_days"]
    day80, day20 = (plateau_end + share * course["regression_days"] for share in (0.2, 0.8))
    course["fall_span"] = (day20 - day80) / (at20 - at80)
    course["fall_start"] = day80 - at80 * course["fall_span"]
    return course


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
    risen = 1 - (1 - min(since_onset / course["rise_span"], 1)) ** course["rise_exponent"]
    fallen = min(max((since_onset - course["fall_start"]) / course["fall_span"], 0), 1)
    height = course["peak_nrs"] - course["residual_nrs"]
    return risen * (course["residual_nrs"] + height * (1 - fallen) ** course["regression_exponent"])


def resolution(course, resolved_nrs):
    """Give the days from onset until the level stays at or below the resolution level."""
    peak_day = course["rise_days"] + course["plateau_days"]
    end = course["fall_start"] + course["fall_span"]
    return bisect(lambda day: level(course, day) <= resolved_nrs, peak_day, end)


def probability(score, true_level, instrument, n):
    """Give P(score | level), gross errors included."""
    unit, highest, sd = HIGHEST[instrument] / 10, HIGHEST[instrument], noise_sd(true_level, instrument, n)
    below_upper = 1.0 if score == highest else normal_cdf((score + 0.5 - true_level * unit) / sd)
    below_lower = 0.0 if score == 0 else normal_cdf((score - 0.5 - true_level * unit) / sd)
    share = n["gross_error_share"]
    return (1 - share) * (below_upper - below_lower) + share / (highest + 1)


def normal_cdf(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def posterior(courses, onsets, visits, n, *, level_step=None):
    """Weigh the courses by the visits: rows of (day, score, instrument). Levels rounded to `level_step`, if any."""
    weights = []
    for course, onset_day in zip(courses, onsets, strict=True):
        weight = 1.0
        for day, score, instrument in visits:
            true_level = level(course, day - onset_day)
            if level_step is not None:
                true_level = round(true_level / level_step) * level_step
            weight *= probability(score, true_level, instrument, n)
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
    """Give a weighted standard deviation."""
    mean = math.fsum(w * v for v, w in zip(values, weights, strict=True))
    return math.sqrt(math.fsum(w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)))


def phase(course, since_onset, resolved_nrs):
    """Name the phase of one course on one day."""
    if since_onset < 0:
        return "before_onset"
    if since_onset < course["rise_days"]:
        return "rise"
    if since_onset < course["rise_days"] + course["plateau_days"]:
        return "plateau"
    return "regression" if since_onset < resolution(course, resolved_nrs) else "resolved"
