"""Warnings about what is possible but unusual; they never block.

Each check is a pure function of the record so far and what is new, and gives
sentences. They are shown, asked about once where a person can answer, and kept
with the ledger entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.record import Episode, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.clinical.sites import belongs_to, find_site
from tracker.clinical.vocabulary import Instrument
from tracker.dates import PartialDate
from tracker.service.new_facts import NewScore, NewVisit
from tracker.service.side_checks import visit_sides
from tracker.service.visit_changes import HeldFacts, Merged, score_key

_MM_PER_NRS_POINT = 10


def soft_checks(record: PatientRecord, visit: NewVisit, *, edition: Edition) -> tuple[str, ...]:
    """Say what is unusual about a new visit: of the day and the sides, then of each score in the order of the line."""
    found = [*_second_visit(record, visit)]
    # before the advice to open an episode, which is the wrong one where the side was a slip
    about = (f.about for f in visit.function_scores if f.about != PATIENT_AS_A_WHOLE)
    found += visit_sides(record, visit, about=about)
    for score in visit.scores:
        found += _before_onset(record, visit, score)
        found += _no_episode(record, visit, score)
        found += _jump(record, visit, score, edition)
    found += _before_birth(record, visit)
    return tuple(dict.fromkeys(found))


def correction_checks(record: PatientRecord, corrected: NewVisit, *, moved: bool, edition: Edition) -> tuple[str, ...]:
    """Say what is unusual about a corrected visit.

    Parameters
    ----------
    record : PatientRecord
        Without the visit itself.
    corrected : NewVisit
        Its right date, and the scores and findings to speak about.
    moved : bool
        Whether the date is new; an old one was spoken about when it was recorded.
    edition : Edition
        For what counts as a jump.
    """
    known = set() if moved else {*_second_visit(record, corrected), *_before_birth(record, corrected)}
    return tuple(words for words in soft_checks(record, corrected, edition=edition) if words not in known)


def added_beside(held: HeldFacts, merged: Merged, visit_id: int) -> Iterator[str]:
    """Say where a correction adds a score beside another one of the same site, rather than replacing it."""
    gone = set(merged.retracted)
    for score in merged.scores:
        at_site = [s for s in held.scores if s.site == score.site]
        others = [s for s in at_site if ("pain_score", s.row_id) not in gone]
        if others and score_key(score) not in {score_key(s) for s in at_site}:
            same = all(s.instrument == score.instrument for s in others)
            there = " and ".join(_with_article(s, aspect_only=same) for s in others)
            noun = "score" if len(others) == 1 else "scores"
            yield (
                f"Visit {visit_id} holds {there} {noun} at {_label(score.site)}; "
                f"this adds {_with_article(score, aspect_only=same)} one beside it."
            )


def birth_checks(record: PatientRecord, birth: PartialDate) -> Iterator[str]:
    """Say what of a record lies before a corrected birth."""
    early = [visit.visit_date for visit in record.visits if visit.visit_date.last < birth.first]
    if early:
        counted = "1 visit lies" if len(early) == 1 else f"{len(early)} visits lie"
        yield f"{counted} before the birth ({birth}), the first {early[0].when_in_words()}."
    for episode in record.episodes:
        if episode.onset is not None and episode.onset.last < birth.first:
            onset = episode.onset.in_words()
            yield f"The onset at {_label(episode.site)} ({onset}) lies before the birth ({birth})."


def _with_article(score: PainScore | NewScore, *, aspect_only: bool) -> str:
    words = str(score.aspect) if aspect_only else f"{score.instrument.upper()} {score.aspect}"
    # "a VAS", but "an NRS" and "an overall": as they are spoken.
    return f"{'an' if words[0] in 'aeioN' else 'a'} {words}"


def _second_visit(record: PatientRecord, visit: NewVisit) -> Iterator[str]:
    same = [v for v in record.visits if v.visit_date == visit.visit_date]
    if same:
        yield (
            f"{record.patient_code} already has visit {same[-1].visit_id} {visit.visit_date.when_in_words()}; "
            "this makes a second one on that date."
        )


def _claiming(record: PatientRecord, site: str) -> tuple[Episode, ...]:
    return tuple(e for e in record.episodes if belongs_to(site, e.site))


def _before_onset(record: PatientRecord, visit: NewVisit, score: NewScore) -> Iterator[str]:
    onsets = [e.onset for e in _claiming(record, score.site) if e.onset is not None]
    if onsets and all(visit.visit_date.last < onset.first for onset in onsets):
        yield f"The score at {_label(score.site)} lies before the onset of its episode ({min(onsets).in_words()})."


def _no_episode(record: PatientRecord, visit: NewVisit, score: NewScore) -> Iterator[str]:
    """Say how to open an episode for a score that none claims; no pain asks for none."""
    if score.score == 0:
        return
    claiming = _claiming(record, score.site)
    if any(_open_on(episode, visit.visit_date) for episode in claiming):
        return
    code, month = record.patient_code, f"{visit.visit_date.first:%Y-%m}"
    yield (
        f"No open episode at {_label(score.site)} claims this score; it is kept. "
        f"To open one: tracker episode open {code} {find_site(score.site).joint_key} --onset {month}"
    )


def _open_on(episode: Episode, visit_date: PartialDate) -> bool:
    return episode.closed_on is None or visit_date.first <= episode.closed_on.last


def _jump(record: PatientRecord, visit: NewVisit, score: NewScore, edition: Edition) -> Iterator[str]:
    if score.score is None:
        return
    window = timedelta(days=edition.value("soft_jump_days"))
    scale = _MM_PER_NRS_POINT if score.instrument is Instrument.VAS else 1
    for earlier in _comparable(record, score):
        apart = abs(visit.visit_date.middle - earlier.visit_date.middle)
        change = abs(score.score - earlier.score) if earlier.score is not None else 0
        if apart <= window and change >= edition.value("soft_jump_nrs") * scale:
            yield (
                f"Pain at {_label(score.site)} goes from {earlier.score} {earlier.visit_date.when_in_words()} "
                f"to {score.score} {_within(apart.days)}."
            )
            return


def _within(n_days: int) -> str:
    return {0: "on one day", 1: "within 1 day"}.get(n_days, f"within {n_days} days")


def _comparable(record: PatientRecord, score: NewScore) -> list[PainScore]:
    """Earlier scores of the same site, instrument and aspect, newest first."""
    return [
        s
        for s in reversed(record.pain_scores)
        if (s.site, s.instrument, s.aspect) == (score.site, score.instrument, score.aspect)
    ]


def _before_birth(record: PatientRecord, visit: NewVisit) -> Iterator[str]:
    if record.birth is not None and visit.visit_date.last < record.birth.first:
        yield f"The visit lies before the birth of {record.patient_code} ({record.birth})."


def _label(key: str) -> str:
    return find_site(key).label
