"""The edema behind the pain once more, in loops, from the description and not from the code.

The highest level of the last days is searched for day by day; nothing is tabulated or quantised.
"""

import math

NAMES = (
    *("edema_percent_per_point", "edema_extent_spread", "edema_reading_share", "edema_reading_least_percent"),
    *("edema_seen_percent", "edema_gross_share", "edema_small_percent_limit", "edema_medium_percent_limit"),
    *("edema_lag_months", "resolved_nrs"),
)
DAYS_PER_MONTH = 365.25 / 12
STEP_DAYS = 0.5


def numbers(edition):
    """Take the numbers of an edition, and the ends of the lag."""
    return {name: edition.value(name) for name in NAMES} | {"lag_limits": edition.interval("edema_lag_months")}


def draw_lag(rng, e):
    """Draw a lag in days: triangular."""
    low, high = e["lag_limits"]
    return rng.triangular(low, high, e["edema_lag_months"]) * DAYS_PER_MONTH


def draw_own(rng, e):
    """Draw a patient's own percent of the bone per point: log-normal."""
    return e["edema_percent_per_point"] * math.exp(rng.gauss(0, e["edema_extent_spread"]))


def calm(course):
    """Leave the swings out."""
    return course | {"swing": None}


def extent(naive, course, since_onset, lag, own, e):
    """Give the extent in percent of the bone so many days after the onset."""
    days, highest = since_onset, -math.inf
    while days > since_onset - lag:
        highest = max(highest, naive.level(calm(course), days))
        days -= STEP_DAYS
    highest = max(highest, naive.level(calm(course), since_onset - lag))
    return e["edema_seen_percent"] + own * (highest - e["resolved_nrs"])


def sd(percent, e):
    """Give the noise of a reading of that extent."""
    return math.sqrt(e["edema_reading_least_percent"] ** 2 + (e["edema_reading_share"] * percent) ** 2)


def draw_grade(rng, percent, e):
    """Draw the grade that a reader gives."""
    if rng.random() < e["edema_gross_share"]:
        return rng.randint(0, 3)
    true = min(max(percent, 0), 100)
    read = rng.gauss(true, sd(true, e))
    cuts = (e["edema_seen_percent"], e["edema_small_percent_limit"], e["edema_medium_percent_limit"])
    return sum(read >= cut for cut in cuts)


def grade_probability(grade, percent, e):
    """Give P(grade | extent), gross errors included."""
    true = min(max(percent, 0), 100)
    cuts = (
        -math.inf,
        e["edema_seen_percent"],
        e["edema_small_percent_limit"],
        e["edema_medium_percent_limit"],
        math.inf,
    )
    above = [0.5 * math.erfc((cut - true) / sd(true, e) / math.sqrt(2)) for cut in cuts]
    return (1 - e["edema_gross_share"]) * (above[grade] - above[grade + 1]) + e["edema_gross_share"] / 4


def clear(naive, course, lag, e):
    """Give the days from onset until the edema is gone for good."""
    return naive.resolution(calm(course), e["resolved_nrs"]) + lag
