"""Make `tracker/analysis/unit_cube.csv`: the scrambled Sobol sequence of the course library.

Run it with scipy installed: ``python scripts/reference_values/make_unit_cube.py``.

A Sobol point is the exclusive or of a shift and of one direction number for each
set bit of its index, so the whole sequence is 17 whole numbers per coordinate. They
are read off scipy's published points, with no access to its internals: scipy
walks in Gray-code order, where point ``2**(b+1) - 1`` has bit `b` alone set.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.stats import qmc

N_COORDINATES = 12
BITS = 16
SEED = 20260310
TARGET = Path(__file__).resolve().parents[2] / "tracker" / "analysis" / "unit_cube.csv"


def points() -> np.ndarray:
    """Draw all points as whole numbers, shape (2**BITS, N_COORDINATES)."""
    engine = qmc.Sobol(N_COORDINATES, scramble=True, bits=BITS, rng=np.random.default_rng(SEED))
    return (engine.random_base2(BITS) * 2**BITS).astype(np.uint16)


def table(drawn: np.ndarray) -> np.ndarray:
    """Read the shift and the direction numbers, shape (1 + BITS, N_COORDINATES)."""
    alone = [drawn[2 ** (bit + 1) - 1] ^ drawn[0] for bit in range(BITS)]
    return np.stack([drawn[0], *alone])


def as_text(rows: np.ndarray) -> str:
    """Write the table as csv: a header line, then the shift, then one line per bit."""
    header = "row," + ",".join(f"u{column}" for column in range(rows.shape[1]))
    names = ["shift", *(f"bit{bit}" for bit in range(rows.shape[0] - 1))]
    lines = [f"{name}," + ",".join(map(str, row)) for name, row in zip(names, rows, strict=True)]
    return "\n".join([header, *lines, ""])


if __name__ == "__main__":
    TARGET.write_text(as_text(table(points())), encoding="utf-8", newline="\n")
    print(f"wrote {TARGET.name}")
