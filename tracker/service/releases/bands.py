"""Words of a de-identified release that too few patients would share: bands of age, and sexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from tracker.clinical.vocabulary import Sex
from tracker.exchange.release.tables import WITHHELD

UNKNOWN = "unknown"


def age_bands(ages: Iterable[int | None], *, years: int, smallest: int) -> Callable[[int | None], str]:
    """Make bands of age from the ages of a release.

    Parameters
    ----------
    ages : iterable of int or None
        Completed years of every patient of the release.
    years : int
        Width of a band before any are joined.
    smallest : int
        Neighbouring bands are joined until each holds as many; with fewer known ages in all there is one band.

    Returns
    -------
    callable
        Gives the band of an age: ``30-49``, or ``unknown``.
    """
    found = Counter(age // years for age in ages if age is not None)
    edges: list[int] = []
    held = 0
    for band in sorted(found):
        if held == 0:
            edges.append(band)
        held += found[band]
        if held >= smallest:
            held = 0
    if held and len(edges) > 1:
        edges.pop()  # the oldest few go to the band before
    last = max(found, default=0)

    def band_of(age: int | None) -> str:
        if age is None or not edges:
            return UNKNOWN
        place = max((number for number, edge in enumerate(edges) if edge <= age // years), default=0)
        end = edges[place + 1] if place + 1 < len(edges) else last + 1
        return f"{edges[place] * years}-{end * years - 1}"

    return band_of


def sex_words(sexes: Iterable[Sex], *, smallest: int) -> Mapping[str, str]:
    """Say of each sex what the release says of it: one that too few patients have is withheld."""
    found = Counter(sexes)
    return {sex.value: sex.value if found[sex] >= smallest else WITHHELD for sex in Sex}
