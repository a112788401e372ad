"""A band as the traces that draw it, on a calendar or on months: the same code for a patient and for a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports import theme

Trace = dict[str, Any]


def band_traces(
    where: Mapping[str, Any], low: Sequence[float], high: Sequence[float], *, name: str, style: Trace
) -> list[Trace]:
    """Draw the lower edge, then the upper edge filled down to it; the upper one bears the name.

    Parameters
    ----------
    where : mapping
        Where the points stand: `x`, or `x0` with `dx`, and an axis where it is not the first.
    low, high : sequence of float, shape (n,)
        The ends.
    name : str
        In the legend.
    style : mapping
        Fill or pattern, and the line of the edges where they have one.
    """
    edge: Trace = {
        "type": "scatter",
        "mode": "lines",
        **where,
        "hoverinfo": "skip",
        "line": style.get("line", {"width": 0}),
    }
    return [
        edge | {"y": low},
        edge | {"y": high, "name": name, "fill": "tonexty"} | style,
    ]


def middle_trace(where: Mapping[str, Any], middle: Sequence[float], *, name: str, line: Mapping[str, Any]) -> Trace:
    """Draw a thin line in the middle of a band, of two courses that are compared; no goal for anybody."""
    return {"type": "scatter", "mode": "lines", **where, "hoverinfo": "skip", "line": line, "y": middle, "name": name}


def own_styles() -> tuple[Trace, Trace]:
    """Give the looks of a band that lies over the expected one: of its 95 % and of its 80 %."""
    pattern = {
        "shape": theme.OWN_PATTERN,
        "fgcolor": theme.OWN,
        "bgcolor": theme.OWN_FILL,
        "fgopacity": 0.35,
        "size": 9,
        "solidity": 0.12,
    }
    outline = {"color": theme.OWN, "width": 1.8, "dash": theme.OWN_DASH}
    thin = {"color": theme.OWN, "width": 1.2, "dash": theme.OWN_DASH_95}
    return {"fill": "none", "line": thin}, {"fillpattern": pattern, "line": outline}
