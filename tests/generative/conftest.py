"""The library once, the naive twin as a module, and patients whose truth is known."""

import importlib.util
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Run the simulations without the trace of coverage: every line they reach has quicker tests."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("untraced")


@pytest.fixture(scope="session")
def library():
    """The library that patients are fitted with."""
    return course_library(load_edition())


@pytest.fixture(scope="session")
def naive():
    """The plainest possible course model, in `naive.py` beside this file."""
    spec = importlib.util.spec_from_file_location("naive", Path(__file__).with_name("naive.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def draw_patient(naive):
    """Draw one patient from the continuous prior of all classes: onset statement, visits, scores, and the truth."""
    numbers = naive.numbers(load_edition())
    assert naive.CLASSES == CLASS_NAMES

    def draw(seed, *, n_visits, onset, instrument=Instrument.NRS):
        rng = random.Random(seed)
        name = naive.draw_patient_class(rng, numbers)
        course = naive.draw_course(rng, numbers, name)
        onset_day = naive.draw_onset(rng, onset, numbers)
        first = rng.randint(30, 120)
        days = [first, *(rng.randint(first, 420) for _ in range(n_visits - 1))]
        scores = [naive.draw_score(rng, naive.level(course, day - onset_day), instrument, numbers) for day in days]
        observations = Observations(np.array(days), np.array(scores, dtype=float), (instrument,) * n_visits)
        truth = {name: course[name] for name in ("rise_days", "plateau_days", "regression_days", "peak_nrs")}
        truth |= {"residual_nrs": course["residual_nrs"], "onset_day": onset_day}
        truth["resolution_day"] = onset_day + naive.resolution(course, numbers["resolved_nrs"])
        return SimpleNamespace(
            observations=observations, onset=onset, truth=truth, course_class=name, as_of_day=max(days)
        )

    return draw
