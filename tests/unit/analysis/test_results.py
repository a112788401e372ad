"""What an estimate says of itself."""

import pytest

from tracker.analysis.results import Estimate


@pytest.mark.parametrize(
    ("median", "narrowing", "expected"),
    [(110, 0.1, True), (110, 0.3, False), (126, 0.1, False), (74, -0.4, False), (100, -0.4, True)],
    ids=["hardly narrowed", "narrowed", "moved up", "widened and moved down", "widened in place"],
)
def test_an_unknown_is_the_references_only_while_it_neither_narrowed_nor_moved(median, narrowing, expected):
    # The reference's interval is 200 wide: an eighth of it is 25.
    estimate = Estimate(median, median - 90, median + 90, 100, 0, 200, narrowing)
    assert estimate.from_reference(below=0.2, within=0.125) is expected
