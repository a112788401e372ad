"""A look says what a fit of that day says."""

import pytest

from tracker.analysis.flags.looks import looks_at
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import fit_course

VISITS = ((20, 5), (60, 8), (60, 7), (120, 6), (170, 3), (220, 1), (260, 5), (290, 7))


@pytest.fixture(scope="module")
def looks(library, observed):
    return [look for look, _ in looks_at(observed(*VISITS), OnsetStatement(30), library=library)]


def test_there_is_a_look_at_every_day_from_the_second(looks):
    assert [look.day for look in looks] == [60, 120, 170, 220, 260, 290]


def test_a_look_gives_the_classes_of_the_fit_of_its_day(looks, library, observed):
    for look in looks:
        fit = fit_course(observed(*VISITS), OnsetStatement(30), as_of_day=look.day, library=library)
        assert look.class_probabilities == tuple(fit.class_probabilities.values())
        days = (20, *(earlier.day for earlier in looks if earlier.day <= look.day))
        surprising = tuple(day for day, odd in zip(days, look.odd_scores, strict=True) if odd > 0.5)
        assert surprising == fit.surprising_days


def test_a_relapse_that_has_begun_is_no_more_probable_than_one_at_all(looks):
    for look in looks:
        assert 0 <= look.p_relapse_begun <= look.class_probabilities[6]
    assert looks[0].p_relapse_begun < 0.001, "on day 60 no second rise has begun"
    assert looks[-1].p_relapse_begun > 0.9


def test_the_order_of_scores_does_not_matter(library, looks, observed):
    backwards = observed(*reversed(VISITS))
    assert [look for look, _ in looks_at(backwards, OnsetStatement(30), library=library)] == looks


def test_without_pain_there_is_nothing_to_look_at(library, observed):
    seen = observed((10, 0), (40, 0), (70, 3))
    assert [look.day for look, _ in looks_at(seen, OnsetStatement(0), library=library)] == [70]
