"""Read what is typed for items of a checklist: `--present prior-trauma=2025-11,smoking`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.vocabulary import Checklist, Presence
from tracker.clinical.word_lists import WordList, find_word
from tracker.dates import PartialDate, parse_visit_date
from tracker.errors import InputError
from tracker.service.new_statements import NewItem

_AT_A_SITE = (Checklist.CRPS, Checklist.BIOPSY)


def read_items(
    checklist: Checklist,
    site: str | None,
    examined_on: PartialDate,
    typed: Mapping[Presence, tuple[str, ...]],
    *,
    words: str | None,
    today: date,
) -> list[NewItem]:
    """Read the items of one line; words for a date count back from `today`.

    Raises
    ------
    InputError
        If there is none, `words` would be about several, or an examination has no site.
    """
    about = about_of(checklist, site)
    found = [
        NewItem(checklist, about, code, examined_on, presence, since, words)
        for presence, texts in typed.items()
        for code, since in _split(texts, today=today)
    ]
    if not found:
        raise InputError("There is no item to record.", hint=f"Give --present, --absent or --not-examined. {_listed()}")
    if words is not None and len(found) > 1:
        raise InputError(
            f"--words would be about {len(found)} items.", hint="Record the item that has words by itself."
        )
    return found


def about_of(checklist: Checklist, site: str | None) -> str:
    """Give the site, or the patient as a whole where the checklist allows that."""
    if site is None and checklist in _AT_A_SITE:
        raise InputError(f"The checklist {checklist} is about a site.", hint="Give it: --site ankle-left.")
    return PATIENT_AS_A_WHOLE if site is None else site


def _split(texts: tuple[str, ...], *, today: date) -> Iterator[tuple[str, PartialDate | None]]:
    for text in texts:
        for part in filter(None, (part.strip() for part in text.split(","))):
            code, equals, since = part.partition("=")
            yield find_word(WordList.ITEM, code).code, parse_visit_date(since, today=today) if equals else None


def _listed() -> str:
    return "List the items: tracker word list item"
