"""The numbers of simulated follow-ups, and readings made by hand."""

from math import inf
from pathlib import Path

import numpy as np
import pytest

from tracker import clinical
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.flags.looks import Look
from tracker.analysis.operating.readings import Reading
from tracker.analysis.operating.true_courses import draw_true_courses
from tracker.clinical.reference import load_edition


@pytest.fixture(scope="session")
def habits():
    return load_edition(Path(clinical.__file__).with_name("simulated_follow_up_v1.toml"))


@pytest.fixture(scope="session")
def drawn(edition, habits):
    """Courses of each kind, drawn once."""
    kept = {}

    def draw(kind, n_courses=150):
        if kind not in kept:
            rng = np.random.default_rng(5)
            kept[kind] = draw_true_courses(kind, edition, habits, n_courses=n_courses, rng=rng)
        return kept[kind]

    return draw


@pytest.fixture
def look():
    """A look at which the named classes have these probabilities and the expected course the rest."""

    def make(day, *, odd=(0.0, 0.0, 0.0), begun=0.0, **shares):
        classes = {"expected": 1 - sum(shares.values())} | shares
        return Look(day, tuple(classes.get(name, 0.0) for name in CLASS_NAMES), begun, odd)

    return make


@pytest.fixture
def reading():
    """A reading of a kind from its looks."""

    def make(kind, *looks, n_visits=5, departure=inf, first_visit=inf, forecasts=None, constant=None, rules=0):
        return Reading(kind, n_visits, departure, first_visit, tuple(looks), forecasts or {}, constant, rules)

    return make
