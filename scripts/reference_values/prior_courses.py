"""The prior of the course model written a second time, as NumPy arrays of plain random draws.

Nothing of `tracker` is imported: the numbers come from course_v1.toml, and no formula is shared.
"""

# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917 - arrays of numbers throughout, as in the naive twin of the tests

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np

EDITION = Path(__file__).resolve().parents[2] / "tracker" / "clinical" / "course_v1.toml"
DAYS_PER_MONTH = 365.25 / 12
NORMAL_90TH_CENTILE = 1.2815515655446004
HALVINGS = 40
CLASSES = (
    *("expected", "early_resolution", "late_peak", "prolonged_plateau"),
    *("slow_regression", "persistent_pain", "relapse", "fluctuating"),
)
HIGH_PEAKS = CLASSES[5:]
LENGTHS = {"rise_days": "late_peak", "plateau_days": "prolonged_plateau", "regression_days": "slow_regression"}


def read_numbers() -> dict:
    """Read value and interval of every number of the edition."""
    return tomllib.loads(EDITION.read_text(encoding="utf-8"))["numbers"]


def draw_class(rng, n, name, size):
    """Draw courses of a class; those beyond the boundary of the class are dropped, so that fewer than `size` come."""
    c = draw_expected(rng, n, size, n["atypical_peak_least_nrs"]["value"] if name in HIGH_PEAKS else 0.0)
    longer = {owner: length for length, owner in LENGTHS.items()}
    if name in longer:
        c[longer[name]] = log_uniform(rng, n, f"{name}_months", size)
    elif name == "persistent_pain":
        low, high = n["persistent_residual_share"]["interval"]
        c["residual_nrs"] = rng.uniform(low, high, size) * c["peak_nrs"]
    elif name == "fluctuating":
        c["swing_share"] = rng.uniform(n["swing_nrs"]["value"] / c["peak_nrs"], n["swing_most_share"]["value"])
        c["swing_period"] = log_uniform(rng, n, "swing_period_months", size)
        c["swing_offset"] = rng.random(size)
    find_spans(c)
    resolved = n["resolved_nrs"]["value"]
    if name == "early_resolution":
        shorter = np.minimum(log_uniform(rng, n, "early_resolution_months", size) / calm_resolution(c, resolved), 1)
        for length in LENGTHS:
            c[length] = c[length] * shorter
        find_spans(c)
    elif name == "relapse":
        add_relapse(rng, n, c, size)
    c["resolution_days"] = resolution(c, name, resolved)
    kept = c["resolution_days"] > n["early_resolution_months"]["interval"][1] * DAYS_PER_MONTH
    if name == "early_resolution":
        kept = np.ones(size, dtype=bool)
    for length, owner in LENGTHS.items():
        if owner != name:
            kept &= c[length] <= n[f"{owner}_months"]["interval"][0] * DAYS_PER_MONTH
    return {key: values[kept] for key, values in c.items()}


def draw_expected(rng, n, size, least_peak):
    """Draw courses of the expected lengths, peaks, residuals and shapes."""
    c = {}
    for phase in ("rise", "plateau", "regression"):
        low, high = n[f"{phase}_months"]["interval"]
        spread = math.log(high / low) / (2 * NORMAL_90TH_CENTILE)
        c[f"{phase}_days"] = n[f"{phase}_months"]["value"] * DAYS_PER_MONTH * np.exp(spread * rng.normal(size=size))
    low, high = n["peak_nrs"]["interval"]
    peak = rng.normal(n["peak_nrs"]["value"], n["peak_sd_nrs"]["value"], 8 * size)
    c["peak_nrs"] = peak[(peak >= max(low, least_peak)) & (peak <= high)][:size]
    highest = min(n["residual_high_nrs"]["value"], n["resolved_nrs"]["value"])
    is_zero = rng.random(size) < n["residual_zero_share"]["value"]
    c["residual_nrs"] = np.where(is_zero, 0.0, rng.uniform(0, highest, size))
    c["rise_exponent"] = rng.uniform(1, 2, size)
    two_speed = rng.random(size) < n["two_speed_share"]["value"]
    c["fall_exponent"] = np.where(two_speed, 1.0, rng.uniform(1, 3, size))
    c["fast"] = np.where(two_speed, n["two_speed_fast_share"]["value"], 1.0)
    c["slow"] = np.where(two_speed, rng.uniform(*n["two_speed_slow_share"]["interval"], size), 0.0)
    return c


def log_uniform(rng, n, number, size):
    """Draw days, log-uniform between the limits of a number of months."""
    low, high = n[number]["interval"]
    return DAYS_PER_MONTH * np.exp(rng.uniform(math.log(low), math.log(high), size))


def add_relapse(rng, n, c, size):
    """Add a second rise after enough of the pain had gone."""
    gone = calm_day_of(c, (1 - n["relapse_gone_share"]["value"]) * c["peak_nrs"])
    c["second_start"] = gone + rng.uniform(*n["relapse_gap_months"]["interval"], size) * DAYS_PER_MONTH
    c["second_low"] = calm_level(c, c["second_start"])
    least = np.minimum(c["second_low"] + n["relapse_rise_nrs"]["value"], c["peak_nrs"])
    c["second_peak"] = rng.uniform(least, c["peak_nrs"])
    scale = rng.uniform(*n["relapse_length_share"]["interval"], size)
    for length in LENGTHS:
        c[f"second_{length}"] = scale * c[length]


def find_spans(c):
    """Stretch the curved phases so that they cross 80 and 20 % where straight ones of the same length would."""
    # the rise reaches 80 % where a fifth is left to rise
    not_risen = bisect(
        lambda x: (1 - x) ** c["rise_exponent"] <= 0.2, np.zeros_like(c["fast"]), np.ones_like(c["fast"])
    )
    c["rise_span"] = 0.8 * c["rise_days"] / not_risen
    crossings = [
        bisect(lambda x, share=share: left(c, x) <= share, np.zeros_like(c["fast"]), np.ones_like(c["fast"]))
        for share in (0.8, 0.2)
    ]
    plateau_end = c["rise_days"] + c["plateau_days"]
    c["fall_span"] = 0.6 * c["regression_days"] / (crossings[1] - crossings[0])
    c["fall_start"] = plateau_end + 0.2 * c["regression_days"] - crossings[0] * c["fall_span"]


def left(c, x):
    """Give the share of the regression's height that is left so far along its span."""
    return np.maximum(np.maximum(1 - x / c["fast"], 0) ** c["fall_exponent"], c["slow"] * (1 - x))


def bisect(reached, low, high):
    """Find where a claim that is false at `low` and true at `high` becomes true."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        yes = reached(middle)
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    return high


def calm_level(c, day):
    """Give the level without swings and second rise, so many days after the onset."""
    risen = 1 - np.clip(1 - day / c["rise_span"], 0, 1) ** c["rise_exponent"]
    fallen = np.clip((day - c["fall_start"]) / c["fall_span"], 0, 1)
    return risen * (c["residual_nrs"] + (c["peak_nrs"] - c["residual_nrs"]) * left(c, fallen))


def level(c, day):
    """Give the level so many days after the onset."""
    found = calm_level(c, day)
    if "swing_share" in c:
        turn = (day / c["swing_period"] + c["swing_offset"]) % 1
        found = found * (1 - c["swing_share"] * 2 * np.minimum(turn, 1 - turn))
    if "second_start" in c:
        since = day - c["second_start"]
        rise, plateau = c["second_rise_days"], c["second_plateau_days"]
        rising = c["second_low"] + (c["second_peak"] - c["second_low"]) * np.clip(since / rise, 0, 1)
        fallen = np.clip((since - rise - plateau) / c["second_regression_days"], 0, 1)
        again = np.where(since < rise, rising, c["second_peak"] - (c["second_peak"] - c["residual_nrs"]) * fallen)
        found = np.where(since >= 0, again, found)
    return found


def calm_day_of(c, wanted):
    """Find the day from onset on which the first regression comes down to a level."""
    return bisect(
        lambda day: calm_level(c, day) <= wanted, c["rise_days"] + c["plateau_days"], c["fall_start"] + c["fall_span"]
    )


def calm_resolution(c, resolved):
    """Find the day from onset on which the first regression comes down to the resolution level, or never."""
    return np.where(c["residual_nrs"] > resolved, np.inf, calm_day_of(c, resolved))


def resolution(c, name, resolved):
    """Find the day from onset after which the level stays at or below the resolution level, or never."""
    if name == "relapse":
        start = c["second_start"] + c["second_rise_days"] + c["second_plateau_days"]
        return bisect(lambda day: level(c, day) <= resolved, start, start + c["second_regression_days"])
    day = calm_resolution(c, resolved)
    if name == "fluctuating":  # back from there, a tenth of a day at a time, through the last trough
        active = np.arange(len(day))
        while active.size:
            own = {key: values[active] for key, values in c.items()}
            active = active[level(own, day[active] - 0.1) <= resolved]
            day[active] -= 0.1
    return day


def draw_onset(rng, n, span_days, about, size):
    """Draw onsets in days since the first possible day."""
    half_width = round(n["about_date_half_width_days"]["value"]) if about else 0
    stated = rng.integers(-half_width, span_days + half_width, size, endpoint=True)
    return stated + rng.normal(0, n["onset_recall_sd_days"]["value"], size)
