"""What two exports of one release give away together: who is in one of them and not in the other.

Ids of a release stay the same, so whoever holds both tells the rows of those who came or left meanwhile from all the
others. Where they are few, that is as telling as a small count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.database import releases
from tracker.database.releases import Person
from tracker.errors import InputError
from tracker.service.releases.planning import ExportOrder


@dataclass(frozen=True, slots=True)
class Difference:
    """Patients who came to, or left, a release since an export that the ledger holds under `entry_id`."""

    entry_id: int
    n_came: int
    n_left: int

    def words(self) -> str:
        """Say who came and left: ``1 patient came and 2 left``."""
        said = [f"{self.n_came} came"] * (self.n_came > 0) + [f"{self.n_left} left"] * (self.n_left > 0)
        return " and ".join(said)


def telling_difference(connection: Connection, order: ExportOrder, chosen: Sequence[Person]) -> Difference | None:
    """Give the difference to the last export of the same release and filters, where it is of few patients.

    Who was in that export is found by asking the record as it was known then; where that gives another number than the
    ledger says (the export was of another day), the numbers alone are compared.
    """
    if order.release_name is None:
        return None
    former = releases.last_export(connection, order.release_name, order.selection.words())
    if former is None:
        return None
    known_until = releases.last_clinical_entry(connection, known_until=former.entry_id)
    then = former.recorded_at.date()
    everyone = releases.people(connection, known_until=known_until, as_of=then, today=then)
    before = {person.patient_id for person in everyone if order.selection.takes(person)}
    now = {person.patient_id for person in chosen}
    n_came, n_left = len(now - before), len(before - now)
    if len(before) != former.n_patients:
        n_came, n_left = max(len(now) - former.n_patients, 0), max(former.n_patients - len(now), 0)
    is_telling = any(n > 0 and order.policy.is_small(n) for n in (n_came, n_left))
    return Difference(former.entry_id, n_came, n_left) if is_telling else None


def refusal(difference: Difference, order: ExportOrder) -> InputError:
    """Say why an export that differs by few patients from an earlier one is not made."""
    return InputError(
        f"Since the export of entry {difference.entry_id} few patients of the release '{order.release_name}' changed "
        f"({difference.words()}): whoever holds both exports can tell which rows are theirs.",
        hint=f"Wait until {order.policy.smallest_shown} have, or say why it must be now, kept in the ledger: "
        "--reason TEXT",
    )
