"""A proportion with the interval of Wilson, which is right near 0 and 1 and for few patients.

References
----------
.. [1] Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
   1927;22:209-212. doi:10.1080/01621459.1927.10502953
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many, as a share with its 95 % interval."""

    n: int
    of: int
    share: float
    low95: float
    high95: float


def proportion(n: int, of: int) -> Proportion | None:
    """Give a proportion; None of nobody.

    Examples
    --------
    >>> found = proportion(19, 31)
    >>> round(found.share, 3), round(found.low95, 3), round(found.high95, 3)
    (0.613, 0.438, 0.763)
    """
    if of == 0:
        return None
    share, square = n / of, _NORMAL_975**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _NORMAL_975 * sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return Proportion(n, of, share, max(middle - half, 0.0), min(middle + half, 1.0))
