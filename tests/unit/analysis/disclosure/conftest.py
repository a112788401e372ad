"""Policies, and tables drawn from people."""

import itertools

import pytest

from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.tables import CountTable, Variable


@pytest.fixture
def policy():
    """Counts of 1 to 5 are hidden, nothing is said of fewer than 10."""
    return Policy(smallest_shown=6, least_cohort=10, least_for_quantiles=12)


@pytest.fixture(scope="session")
def tables_of():
    """Give a function that makes every table by one and by two variables of people, one tuple of levels each."""

    def make(people, sizes):
        variables = [
            Variable(f"v{number}", tuple(f"level{level}" for level in range(size))) for number, size in enumerate(sizes)
        ]
        singles = [
            CountTable(one.name, "patients", one, [[sum(p[n] == a for p in people)] for a in range(sizes[n])])
            for n, one in enumerate(variables)
        ]
        pairs = [
            CountTable(
                f"{variables[i].name} by {variables[j].name}",
                "patients",
                variables[i],
                [[sum(p[i] == a and p[j] == b for p in people) for b in range(sizes[j])] for a in range(sizes[i])],
                variables[j],
            )
            for i, j in itertools.combinations(range(len(sizes)), 2)
        ]
        return [*singles, *pairs]

    return make
