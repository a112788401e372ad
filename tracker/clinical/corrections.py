"""What was corrected in a record after it had been recorded: amended, taken back, undone, brought back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.dates import PartialDate


class CorrectionKind(StrEnum):
    """What a correction did; `undone` and `brought_back` are what an undo did."""

    AMENDED = "amended"
    TAKEN_BACK = "taken_back"
    UNDONE = "undone"
    BROUGHT_BACK = "brought_back"


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact that was changed after it had been recorded.

    `table` is the kind of fact; `old` what it said, `new` what it says instead, by column name with partial dates as
    `PartialDate`; None where there was, or is, nothing. `visit_date` is that of the visit it hangs on, as it is known.
    """

    kind: CorrectionKind
    table: str
    entry_id: int
    recorded_at: datetime
    recorded_by: str
    command: str
    reason: str | None
    old: Mapping[str, object] | None
    new: Mapping[str, object] | None
    visit_date: PartialDate | None = None

    def had_come(self, as_of: date, *, today: date | None = None) -> bool:
        """Whether every day that it names had come, so that it tells nothing later; see `PartialDate.had_come`."""
        return all(day.had_come(as_of, today=today) for day in self._days())

    def _days(self) -> Iterator[PartialDate]:
        if self.visit_date is not None:
            yield self.visit_date
        for values in (self.old, self.new):
            yield from (value for value in (values or {}).values() if isinstance(value, PartialDate))
