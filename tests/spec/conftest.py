"""The case is drawn as a table in the test's docstring; the test reads it from there."""

import inspect

import pytest


@pytest.fixture
def drawn(request):
    """Rows of the table in the test's docstring: cells between bars, the heading left out."""
    lines = inspect.cleandoc(request.function.__doc__).splitlines()
    rows = [tuple(cell.strip() for cell in line.split("|")) for line in lines if "|" in line]
    assert len(rows) > 1, "the docstring draws no table"
    return rows[1:]
