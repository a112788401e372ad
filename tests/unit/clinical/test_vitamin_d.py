import pytest

from tracker.clinical.reference import load_edition
from tracker.clinical.vitamin_d import convert_vitamin_d, vitamin_d_limits
from tracker.clinical.vocabulary import VitaminDUnit

# Molar mass of calcidiol, C27H44O2, from standard atomic weights: 27*12.011 + 44*1.008 + 2*15.999 = 400.647 g/mol.
NMOL_PER_NG = 1000 / 400.647
ROUNDED_TO_FOUR_DIGITS = 5e-4


@pytest.mark.parametrize(
    ("unit", "deficient", "sufficient"),
    [(VitaminDUnit.NG_ML, 20, 30), (VitaminDUnit.UG_L, 20, 30), (VitaminDUnit.NMOL_L, 50, 75)],
)
def test_the_limits_are_those_of_the_unit(unit, deficient, sufficient):
    limits = vitamin_d_limits(unit, load_edition())
    assert (limits.scheme, limits.unit) == ("Endocrine Society 2011", unit)
    assert (limits.deficient, limits.sufficient) == (deficient, sufficient)


def test_conversion_follows_the_molar_mass_both_ways():
    edition = load_edition()
    there = convert_vitamin_d(18.0, VitaminDUnit.NG_ML, VitaminDUnit.NMOL_L, edition)
    assert there == pytest.approx(18 * NMOL_PER_NG, rel=ROUNDED_TO_FOUR_DIGITS)
    assert convert_vitamin_d(there, VitaminDUnit.NMOL_L, VitaminDUnit.UG_L, edition) == pytest.approx(18.0, rel=1e-12)


@pytest.mark.parametrize("wanted", [VitaminDUnit.NG_ML, VitaminDUnit.UG_L])
def test_units_of_the_same_size_are_not_touched(wanted):
    assert convert_vitamin_d(18.3, VitaminDUnit.UG_L, wanted, load_edition()) == 18.3


def test_nmol_l_stays_nmol_l():
    assert convert_vitamin_d(47.1, VitaminDUnit.NMOL_L, VitaminDUnit.NMOL_L, load_edition()) == 47.1
