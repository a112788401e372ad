"""Rules of thumb, each on a course it is for and on the usual one."""

import pytest

from tracker.analysis.operating.thumb import rules_that_hold

USUAL = ((30, 5), (60, 8), (100, 7), (140, 5), (180, 4), (230, 2), (270, 1), (320, 0))


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        (USUAL, set()),
        (((30, 4), (70, 5), (110, 5), (150, 6), (190, 8), (240, 5)), {"late peak", "no regression"}),
        (((30, 5), (60, 8), (120, 8), (200, 7), (260, 4)), {"no regression"}),
        (((30, 5), (60, 8), (120, 6), (200, 5), (310, 4), (340, 3)), {"still in pain"}),
        (((20, 6), (60, 3), (100, 1)), {"early"}),
        (((30, 8), (60, 8), (120, 4), (170, 2), (220, 5)), {"second rise"}),
        (((30, 5), (60, 8), (120, 4), (170, 2), (220, 5)), {"second rise", "fluctuates"}),
        (((30, 5), (60, 8), (90, 5), (120, 7), (150, 4)), {"fluctuates"}),
        (((30, 5), (60, 8), (90, 5), (120, 6), (150, 4)), set()),
    ],
    ids=[
        "usual",
        "late peak",
        "plateau",
        "pain stays",
        "early",
        "relapse",
        "relapse seen from its rise",
        "swings",
        "small swings",
    ],
)
def test_rules_of_thumb(rows, holds, habits, observed):
    assert set(rules_that_hold(observed(*rows), habits)) == holds
    assert set(rules_that_hold(observed(*reversed(rows)), habits)) == holds
