"""One fact as a row gives it, laid on what the record holds: a blank leaves what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tracker.clinical.vocabulary import Presence
from tracker.errors import InputError
from tracker.exchange.tidy.columns import Part
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVitaminD
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.new_statements import NewItem, NewPregnancyStatus, NewVerdict

Values = tuple[Any, ...]

# Where a row gives the one, it speaks for the others too: a score ends the reason why there was none.
_WITH_GIVEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pain_score": {"score": ("missing_reason",), "missing_reason": ("score",)},
    "vitamin_d": {"value": ("comparator", "missing_reason"), "missing_reason": ("value", "comparator", "unit")},
    "lab_result": {
        "value": ("comparator", "missing_reason"),
        "judgement": ("missing_reason",),
        "missing_reason": ("value", "comparator", "unit", "limit_low", "limit_high", "judgement"),
    },
    "function_score": {"score": ("missing_reason",), "missing_reason": ("score",)},
    "pregnancy_status": {"state": ("missing_reason",), "missing_reason": ("state", "gestational_week")},
}
# The same where the one is not what it was: the extent of an edema that has gone.
_WITH_CHANGED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "imaging_finding": {"presence": ("edema_percent", "edema_grade", "edema_pattern")},
    "checklist_item": {"presence": ("since",)},
    "pregnancy_status": {"state": ("gestational_week",)},
}


def overlay(part: Part, old: Values, given: Values, *, cleared: frozenset[int] = frozenset()) -> Values:
    """Lay the values of a row on those of the record, both in the order of the part.

    Parameters
    ----------
    part : Part
        Which kind of fact.
    old, given : tuple
        Values; None is blank, or not recorded.
    cleared : frozenset of int
        Positions at which a blank clears.
    """
    follow_given, follow_changed = _followers(part.table, part.value_columns)
    taken = set(cleared)
    for at, followers in follow_given.items():
        taken |= followers if given[at] is not None else set()
    for at, followers in follow_changed.items():
        taken |= followers if given[at] not in (None, old[at]) else set()
    return tuple([new if new is not None or at in taken else old[at] for at, new in enumerate(given)])


@cache
def _followers(
    table: str, columns: tuple[str, ...]
) -> tuple[Mapping[int, frozenset[int]], Mapping[int, frozenset[int]]]:
    def numbered(rules: Mapping[str, tuple[str, ...]]) -> dict[int, frozenset[int]]:
        return {columns.index(name): frozenset(map(columns.index, others)) for name, others in rules.items()}

    return numbered(_WITH_GIVEN.get(table, {})), numbered(_WITH_CHANGED.get(table, {}))


def check_fact(part: Part, key: Values, values: Values) -> None:
    """Refuse a fact that the record may not hold, as the command that logs one such fact does.

    Raises
    ------
    InputError, NotFoundError
        If a value, word or site is not allowed, or values do not go together.
    """
    check = _CHECKS.get(part.table)
    if check is not None:
        check(key, values)


def _score(key: Values, values: Values) -> None:
    instrument, site, aspect = key
    NewScore(site, instrument, aspect, *values).check()


def _vitamin_d(_key: Values, values: Values) -> None:
    value, comparator, unit, assay, missing_reason = values
    if value is not None and unit is None:
        raise InputError("vitamin_d_unit is blank, but vitamin_d has a value.", hint="Write ng/mL, nmol/L or ug/L.")
    NewVitaminD(value, unit, comparator, assay, missing_reason).check()


def _lab(key: Values, values: Values) -> None:
    value, comparator, unit, limit_low, limit_high, judgement, missing_reason = values
    (analyte,) = key
    NewLab(analyte, value, unit, comparator, limit_low, limit_high, judgement, missing_reason).check()


def _finding(key: Values, values: Values) -> None:
    modality, site, finding = key
    if values[0] is None:
        raise InputError("presence is blank, but the edema has an extent.", hint="Write present or absent.")
    NewFinding(modality, site, finding, *values).check()


def _function(key: Values, values: Values) -> None:
    NewFunctionScore(*key, *values).check()


def _note(key: Values, _values: Values) -> None:
    site, text = key
    NewNote(text, site).check()


def _cause(key: Values, values: Values) -> None:
    NewVerdict(*key, *values).check()


def _item(key: Values, values: Values) -> None:
    checklist, about, item, examined_on = key
    presence, since, words = values
    NewItem(checklist, about, item, examined_on, Presence(presence), since, words).check()


def _pregnancy(key: Values, values: Values) -> None:
    NewPregnancyStatus(*key, *values).check()


_CHECKS: Mapping[str, Callable[[Values, Values], None]] = {
    "pain_score": _score,
    "vitamin_d": _vitamin_d,
    "lab_result": _lab,
    "imaging_finding": _finding,
    "function_score": _function,
    "note": _note,
    "differential": _cause,
    "checklist_item": _item,
    "pregnancy_status": _pregnancy,
}
