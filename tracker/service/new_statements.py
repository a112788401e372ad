"""What is said of a patient on a day, as typed requests: a cause, an item of a checklist, pregnancy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import CauseState, Checklist, MissingReason, PregnancyState, Presence, Sex
from tracker.clinical.word_lists import WordList, find_word, word_list
from tracker.dates import PartialDate
from tracker.errors import InputError


class NewStatement(Protocol):
    """Something said on a day; said again for the same day and thing, it replaces what was said before."""

    @property
    def table(self) -> str:
        """Name of the fact table it is kept in."""
        ...

    @property
    def said_on(self) -> PartialDate:
        """Day it was said for."""
        ...

    def check(self) -> None:
        """Refuse a code, word or date that is not allowed."""
        ...

    def values(self) -> dict[str, object]:
        """Give its columns, `patient_id` aside."""
        ...

    def unusual(self, record: PatientRecord) -> Iterator[str]:
        """Say what is possible but unusual about it."""
        ...


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """How far a cause of marrow edema is settled, at a site or of the patient as a whole."""

    about: str
    cause: str
    decided_on: PartialDate
    state: CauseState
    how: str | None = None
    decided_by: str | None = None
    table: ClassVar[str] = "differential"

    @property
    def said_on(self) -> PartialDate:
        """Day it was settled, or left open."""
        return self.decided_on

    def check(self) -> None:
        """Refuse a site, cause, word or date that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("cause_about", self.about)
        check_value("cause", self.cause)
        check_value("cause_state", self.state)
        check_value("decided_on", self.decided_on)
        for name in ("how", "decided_by"):
            if getattr(self, name) is not None:
                check_value(name, getattr(self, name))

    def values(self) -> dict[str, object]:
        """Give the columns of its row."""
        return {
            "about": self.about,
            "cause": self.cause,
            "decided_on": self.decided_on,
            "state": self.state,
            "how": self.how,
            "decided_by": self.decided_by,
        }

    def unusual(self, record: PatientRecord) -> Iterator[str]:
        """Say where a cause is excluded without a word on how."""
        if self.state is CauseState.EXCLUDED and self.how is None:
            yield f"{self.cause} is said to be excluded, but not how."


@dataclass(frozen=True, slots=True)
class NewItem:
    """One item of a checklist as it was found on a day."""

    checklist: Checklist
    about: str
    item: str
    examined_on: PartialDate
    presence: Presence
    since: PartialDate | None = None
    words: str | None = None
    table: ClassVar[str] = "checklist_item"

    @property
    def said_on(self) -> PartialDate:
        """Day it was asked about or examined."""
        return self.examined_on

    def check(self) -> None:
        """Refuse a site, item, word or date that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("checklist", self.checklist)
        check_value("item_about", self.about)
        check_value("item", self.item)
        check_value("presence", self.presence)
        check_value("examined_on", self.examined_on)
        if self.words is not None:
            check_value("item_words", self.words)
        if find_word(WordList.ITEM, self.item).checklist != self.checklist:
            own = ", ".join(word.code for word in word_list(WordList.ITEM) if word.checklist == self.checklist)
            raise InputError(f"'{self.item}' is no item of the checklist {self.checklist}.", hint=f"Its items: {own}.")
        if self.since is not None:
            self._check_since(self.since)

    def _check_since(self, since: PartialDate) -> None:
        check_value("since", since)
        if self.presence is not Presence.PRESENT:
            raise InputError(f"{self.item} is {self.presence}, yet has a beginning.", hint="Leave its date out.")
        if since.first > self.examined_on.last:
            raise InputError(
                f"{self.item} would begin ({since.in_words()}) after the day it was found "
                f"({self.examined_on.in_words()}).",
                hint="Correct one of the dates.",
            )

    def values(self) -> dict[str, object]:
        """Give the columns of its row."""
        return {
            "checklist": self.checklist,
            "about": self.about,
            "item": self.item,
            "examined_on": self.examined_on,
            "presence": self.presence,
            "since": self.since,
            "words": self.words,
        }

    def unusual(self, record: PatientRecord) -> Iterator[str]:
        """Nothing that is allowed is unusual."""
        yield from ()


@dataclass(frozen=True, slots=True)
class NewPregnancyStatus:
    """What was said about pregnancy for a day; `gestational_week` are completed weeks on that day."""

    stated_on: PartialDate
    state: PregnancyState | None
    gestational_week: int | None = None
    missing_reason: MissingReason | None = None
    table: ClassVar[str] = "pregnancy_status"

    @property
    def said_on(self) -> PartialDate:
        """Day it was said for."""
        return self.stated_on

    def check(self) -> None:
        """Refuse a word, week or date that is not allowed (`InputError`)."""
        check_value("stated_on", self.stated_on)
        if self.state is not None:
            check_value("pregnancy_state", self.state)
        if self.missing_reason is not None:
            check_value("missing_reason", self.missing_reason)
        if (self.state is None) == (self.missing_reason is None):
            said = "neither a state nor" if self.state is None else "both a state and"
            raise InputError(f"The pregnancy has {said} a reason why it is missing.", hint="Give one of them.")
        if self.gestational_week is not None:
            check_value("gestational_week", self.gestational_week)
            if self.state in (None, PregnancyState.NOT_PREGNANT):
                raise InputError("A gestational week belongs to a pregnancy.", hint="Leave the week out.")

    def values(self) -> dict[str, object]:
        """Give the columns of its row."""
        return {
            "stated_on": self.stated_on,
            "state": self.state,
            "gestational_week": self.gestational_week,
            "missing_reason": self.missing_reason,
        }

    def unusual(self, record: PatientRecord) -> Iterator[str]:
        """Say where the patient is recorded as male."""
        if record.sex is Sex.MALE and self.state not in (None, PregnancyState.NOT_PREGNANT):
            yield f"{record.patient_code} is recorded as male."
