"""The estimate from intervals against two programs that are not ours; see README.md here."""

import csv
from pathlib import Path

import pytest

from tracker.analysis.cohort.turnbull import Intervals, fit_turnbull

FILE = Path(__file__).with_name("interval_censored.csv")
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
DATA = ("radiotherapy", "drawn")

# lifelines stops its own steps at 1e-12 of a mass; ours stop where 1e-7 of a log-likelihood an event is left
LIFELINES = 2e-4
# SLSQP prints the same likelihood to eight decimals
LIKELIHOOD = 1e-5
# as the paper of the R package `interval` prints them: (from, to) and mass
PRINTED = {
    (4, 5): 0.0463,
    (6, 7): 0.0334,
    (7, 8): 0.0887,
    (11, 12): 0.0708,
    (24, 25): 0.0926,
    (33, 34): 0.0818,
    (38, 40): 0.1209,
    (46, 48): 0.4656,
}
ROUNDED = 0.00006


def _rows(data, kind):
    return [row for row in ROWS if (row["data"], row["kind"]) == (data, kind)]


@pytest.fixture(scope="module", params=DATA)
def fitted(request):
    rows = _rows(request.param, "interval")
    intervals = Intervals.of([float(row["left"]) for row in rows], [float(row["right"]) for row in rows])
    return request.param, fit_turnbull(intervals)


def test_the_share_not_over_is_that_of_lifelines(fitted):
    data, found = fitted
    for row in _rows(data, "lifelines_not_over"):
        least, highest = found.not_over(float(row["month"]))
        assert least == pytest.approx(highest, abs=LIFELINES)
        assert highest == pytest.approx(float(row["value"]), abs=LIFELINES)


def test_no_other_masses_have_a_higher_likelihood(fitted):
    data, found = fitted
    (row,) = _rows(data, "slsqp_log_likelihood")
    assert found.log_likelihood == pytest.approx(float(row["value"]), abs=LIKELIHOOD)


def test_masses_of_the_radiotherapy_arm_are_those_printed_by_the_package_interval():
    rows = _rows("radiotherapy", "interval")
    found = fit_turnbull(Intervals.of([float(r["left"]) for r in rows], [float(r["right"]) for r in rows]))
    masses = {
        (left, right): mass
        for left, right, mass in zip(found.left, found.right, found.mass, strict=True)
        if mass > ROUNDED
    }
    assert masses == pytest.approx(PRINTED, abs=ROUNDED)
