#!/usr/bin/env python3
"""Survival of interval-censored times by two programs that are not ours, for tests/reference/interval_censored.csv.

Run in an environment of its own, because lifelines needs pandas below 3 and surpyval brings a plotting library:

    python -m venv other && other/bin/pip install lifelines==0.30.3 scipy
    other/bin/python scripts/reference_values/make_interval_censored.py > tests/reference/interval_censored.csv

The first data set is the radiotherapy arm of the breast cosmesis data (Finkelstein and Wolfe, Biometrics
1985;41:933-945), half-open intervals of months; the second thirty made-up ones, drawn once with a fixed seed.
lifelines takes closed intervals, so its lower ends are moved up by half a month: no end lies in between. Beside it the
likelihood is maximized by scipy's SLSQP over the masses of all months, which knows nothing of innermost intervals.
"""

import csv
import sys

import numpy as np
from lifelines import KaplanMeierFitter
from scipy.optimize import minimize

Floats = np.ndarray
Ends = tuple[Floats, Floats]

RADIOTHERAPY_LEFT = (
    "45 25 37 6 46 0 0 26 18 46 46 24 46 27 36 7 36 5 17 46 19 7 36 17 37 37 24 0 40 32 4 17 33 15 46 19 11 11 37 22 "
    "38 34 46 5 36 46"
)
RADIOTHERAPY_RIGHT = (
    "- 37 - 10 - 5 7 40 - - - - - 34 - 16 44 11 - - 35 14 48 25 44 - - 8 - - 11 25 - - - 26 15 18 - - - - - 12 - -"
)
SEED, N_DRAWN, LAST = 7, 30, 60


def _radiotherapy() -> Ends:
    left = [float(one) for one in RADIOTHERAPY_LEFT.split()]
    right = [np.inf if one == "-" else float(one) for one in RADIOTHERAPY_RIGHT.split()]
    return np.array(left), np.array(right)


def _drawn() -> Ends:
    rng = np.random.default_rng(SEED)
    times = rng.lognormal(np.log(24), 0.4, N_DRAWN)
    left, right = np.zeros(N_DRAWN), np.full(N_DRAWN, np.inf)
    for place, time in enumerate(times):
        visits = np.sort(rng.choice(np.arange(1, 55), 4, replace=False))
        before, after = visits[visits < time], visits[visits >= time]
        left[place] = before[-1] if len(before) else 0
        right[place] = after[0] if len(after) else np.inf
    return left, right


def _by_lifelines(left: Floats, right: Floats, months: list[int]) -> list[float]:
    fitted = KaplanMeierFitter().fit_interval_censoring(left + 0.5, right, tol=1e-12)
    upper = fitted.survival_function_["NPMLE_estimate_upper"]
    # a row of lifelines says what is not over just before its time
    return [float(upper[upper.index > month].iloc[0]) for month in months]


def _by_slsqp(left: Floats, right: Floats) -> float:
    cells = np.arange(1, LAST + 2)  # month by month, the last cell is "later"
    inside = (cells > left[:, None]) & (cells <= np.where(np.isinf(right), LAST + 1, right)[:, None])
    start = np.full(len(cells), 1 / len(cells))
    found = minimize(
        lambda mass: -np.log(np.maximum(inside @ mass, 1e-300)).sum(),
        start,
        jac=lambda mass: -(inside / np.maximum(inside @ mass, 1e-300)[:, None]).sum(axis=0),
        bounds=[(0, 1)] * len(cells),
        constraints={"type": "eq", "fun": lambda mass: mass.sum() - 1, "jac": lambda mass: np.ones_like(mass)},
        method="SLSQP",
        options={"maxiter": 5000, "ftol": 1e-14},
    )
    return -found.fun


def _main() -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["data", "kind", "left", "right", "month", "value"])
    for name, (left, right) in {"radiotherapy": _radiotherapy(), "drawn": _drawn()}.items():
        for one, other in zip(left, right, strict=True):
            writer.writerow([name, "interval", one, other, "", ""])
        months = [12, 18, 24, 30, 36]
        for month, value in zip(months, _by_lifelines(left, right, months), strict=True):
            writer.writerow([name, "lifelines_not_over", "", "", month, f"{value:.8f}"])
        writer.writerow([name, "slsqp_log_likelihood", "", "", "", f"{_by_slsqp(left, right):.8f}"])


if __name__ == "__main__":
    _main()
