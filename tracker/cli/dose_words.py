"""Read what is typed for a dose: `150mg monthly`, `2.5 mg/day`, `6 sessions weekly`."""

from __future__ import annotations

import re

from tracker.clinical.vocabulary import DoseUnit
from tracker.dates import PartialDate
from tracker.errors import InputError
from tracker.service.treatments import NewDose

_EXAMPLE = "Write for example '150mg monthly', '2000IU daily', 2.5mg/day or '6 sessions weekly'."
_DOSE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z\u00b5\u03bc]+)(?:\s+(.+)|/(.+))?")
_UNITS = {unit.casefold(): unit for unit in DoseUnit} | {"mcg": DoseUnit.UG, "session": DoseUnit.SESSIONS}


def read_dose(text: str, *, since: PartialDate | None) -> NewDose:
    """Read an amount with its unit and, behind it, how often.

    Raises
    ------
    InputError
        If it is no amount with a unit that is allowed.
    """
    parts = _DOSE.fullmatch(text.strip())
    unit = None if parts is None else _UNITS.get(parts[2].replace("\u00b5", "u").replace("\u03bc", "u").casefold())
    if parts is None or unit is None:
        raise InputError(f"'{text}' is no dose; its unit must be one of {', '.join(DoseUnit)}.", hint=_EXAMPLE)
    schedule = parts[3] or (f"per {parts[4]}" if parts[4] else None)
    dose = NewDose(float(parts[1]), unit, None if schedule is None else schedule.strip(), since)
    dose.check()
    return dose
