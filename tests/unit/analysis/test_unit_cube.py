import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tracker.analysis import unit_cube as unit_cube_module
from tracker.analysis.unit_cube import UnitCube, unit_cube

ROOT = Path(__file__).parents[3]
# The inverse normal is tabulated at the middle of each stratum: exact but for rounding.
EXACT = 1e-12
# Between the strata of 16384 the inverse is linear; the docstring promises this much up to three standard deviations.
BETWEEN_STRATA = 1e-3


@pytest.fixture(scope="module")
def maker():
    path = ROOT / "scripts" / "reference_values" / "make_unit_cube.py"
    spec = importlib.util.spec_from_file_location("make_unit_cube", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stored_file_is_what_scipy_and_the_script_give(maker):
    stored = Path(unit_cube_module.__file__).with_name("unit_cube.csv").read_text(encoding="utf-8")
    assert stored == maker.as_text(maker.table(maker.points()))


def test_the_expanded_points_are_all_of_scipys_points(maker):
    expanded = unit_cube(1 << maker.BITS).ranks.T
    drawn = maker.points()
    assert np.array_equal(expanded[np.lexsort(expanded.T)], drawn[np.lexsort(drawn.T)])


def test_a_smaller_cube_is_the_beginning_of_a_larger_one():
    small, large = unit_cube(256).uniform(3), unit_cube(4096).uniform(3)
    assert np.max(np.abs(small - large[:256])) <= 0.5 / 256


@pytest.mark.parametrize("n_points", [1, 2, 1024, 16384])
def test_every_coordinate_visits_every_stratum_once(n_points):
    for ranks in unit_cube(n_points).ranks:
        assert np.array_equal(np.sort(ranks), np.arange(n_points))


def test_pairs_of_coordinates_are_as_good_as_uncorrelated():
    correlation = np.corrcoef(unit_cube(16384).ranks) - np.eye(12)
    # 1 / sqrt(16384) = 0.008 for independent draws; a Sobol sequence has less
    assert np.max(np.abs(correlation)) < 0.008


@pytest.mark.parametrize("n_points", [0, 3, 1000, 1 << 17])
def test_a_size_that_is_no_power_of_two_is_refused(n_points):
    with pytest.raises(ValueError, match=f"^n_points must be a power of two from 1 to 65536, but was {n_points}$"):
        unit_cube(n_points)


def test_normal_deviates_are_those_of_scipy():
    cube = unit_cube(1024)
    assert np.max(np.abs(cube.normal(2) - stats.norm.ppf(cube.uniform(2)))) < EXACT


def test_cut_normal_deviates_are_those_of_scipy():
    cube = unit_cube(16384)
    expected = stats.truncnorm.ppf(cube.uniform(5), -2.9, 1.8)
    assert np.max(np.abs(cube.normal_between(5, -2.9, 1.8) - expected)) < BETWEEN_STRATA


def test_ranks_given_by_hand_are_the_middles_of_their_strata():
    cube = UnitCube(np.array([[0, 3, 1, 2]], dtype=np.uint16))
    assert cube.uniform(0).tolist() == [0.125, 0.875, 0.375, 0.625]


def test_points_given_as_deviates_are_read_like_those_of_the_cube():
    from tracker.analysis.unit_cube import NormalPoints

    cube = unit_cube(1024)
    points = NormalPoints(cube.deviates(np.arange(1024)))
    # linear between steps of 1/256: off by at most a square of the step over 8 times the curvature, 0.24
    assert points.uniform(3) == pytest.approx(cube.uniform(3), abs=1e-6)
    assert np.array_equal(points.normal(3), cube.normal(3))
    assert points.normal_between(3, -2, 1) == pytest.approx(cube.normal_between(3, -2, 1), abs=1e-3)


def test_the_first_points_are_as_evenly_spread_as_all():
    first = unit_cube(64).first(16)
    assert first.n_points == 16
    assert all(sorted(row) == list(range(16)) for row in first.ranks.tolist())
