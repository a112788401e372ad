"""Red flags of history and examination: the checklists, age at onset, and pain in pregnancy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.red_flags.laboratory import age_years
from tracker.analysis.red_flags.readings import Answer, Case, Evidence, Reading, Seen, raised_or_one, read_presence
from tracker.clinical import crps
from tracker.clinical.case_record import ChecklistItem, PregnancyStatus
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.record import Episode, PainScore
from tracker.clinical.vocabulary import Aspect, CauseState, Checklist, Instrument, PregnancyState, Presence, Sex
from tracker.dates import DAYS_PER_MONTH

_BUDAPEST = {
    crps.Answer.MET: Presence.PRESENT,
    crps.Answer.NOT_MET: Presence.ABSENT,
    crps.Answer.OPEN: Presence.NOT_EXAMINED,
}
_UNDER_LOAD = (Aspect.LOAD, Aspect.OVERALL)


def fever(case: Case) -> tuple[Reading, ...]:
    """Read the item of fever or a wound."""
    return (read_presence(_items(case, "fever"), missing="nobody asked about fever or a wound"),)


def weight_loss(case: Case) -> tuple[Reading, ...]:
    """Read the item of lost weight."""
    return (read_presence(_items(case, "weight-loss"), missing="nobody asked about weight"),)


def known_cancer(case: Case) -> tuple[Reading, ...]:
    """Read cancer before, and neoplasia found as a cause."""
    return (_item_or_cause(case, ("prior-cancer",), "neoplasia", missing="nobody asked about cancer before"),)


def trauma(case: Case) -> tuple[Reading, ...]:
    """Read trauma before the pain, on either list, and trauma found as a cause."""
    items = ("prior-trauma", "trauma-or-cast-before")
    return (_item_or_cause(case, items, "trauma", missing="nobody asked about trauma before the pain"),)


def budapest_positive(case: Case) -> tuple[Reading, ...]:
    """Read the Budapest criteria, place by place; an examination that leaves them open settles nothing."""
    items = [item for item in case.record.checklist_items if item.checklist is Checklist.CRPS]
    seen: dict[str, list[Seen]] = {}
    for one in crps.assess_crps(items):
        own = [item for item in items if (item.about, item.examined_on) == (one.about, one.examined_on)]
        for item in own:
            if one.budapest is not crps.Answer.MET or item.presence is Presence.PRESENT:
                seen.setdefault(one.about, []).append(Seen(("budapest",), _BUDAPEST[one.budapest], _of_item(item)))
    missing = "nobody examined enough of the criteria to settle them"
    readings = [read_presence(own, missing=missing, site=_site(about)) for about, own in seen.items()]
    return raised_or_one(readings, missing=missing)


def young_onset(case: Case) -> tuple[Reading, ...]:
    """Read the age at each onset."""
    readings = [_age_at(case, episode) for episode in case.record.episodes]
    return raised_or_one(readings, missing="no episode is recorded")


def pregnancy_worsening(case: Case) -> tuple[Reading, ...]:
    """Read sudden rises of pain in pregnancy and after it, site by site."""
    if case.record.sex is Sex.MALE and not case.record.pregnancy:
        return (Reading(Answer.NOT_RAISED),)
    rises = tuple(_standing_rises(case))
    known = [reading for before, after in rises if (reading := _in_pregnancy(case, before, after)) is not None]
    if any(reading.answer is Answer.RAISED for reading in known):
        return raised_or_one(known, missing="")
    if not case.record.pregnancy:
        return (Reading(Answer.CANNOT_BE_TOLD, missing="nobody asked about pregnancy"),)
    if not any(score.score is not None and score.aspect in _UNDER_LOAD for score in case.record.pain_scores):
        return (Reading(Answer.CANNOT_BE_TOLD, missing="pain was not scored"),)
    return (Reading(Answer.NOT_RAISED, evidence=(_of_pregnancy(case.record.pregnancy[-1]),)),)


def _item_or_cause(case: Case, items: tuple[str, ...], cause: str, *, missing: str) -> Reading:
    """Read items of a list; a cause of the differential can raise the flag, and excluded as a cause is not absent."""
    asked = read_presence((seen for item in items for seen in _items(case, item)), missing=missing)
    found = read_presence(_causes(case, cause), missing=missing)
    if found.answer is not Answer.RAISED:
        return asked
    if asked.answer is not Answer.RAISED:
        return found
    since = min((day for day in (asked.since, found.since) if day is not None), default=None)
    return replace(asked, since=since, evidence=(*asked.evidence, *found.evidence))


def _items(case: Case, code: str) -> Iterator[Seen]:
    for item in case.record.checklist_items:
        if item.item == code:
            yield Seen((item.item, item.about), item.presence, _of_item(item))


def _causes(case: Case, cause: str) -> Iterator[Seen]:
    states = {CauseState.PRESENT: Presence.PRESENT, CauseState.EXCLUDED: Presence.ABSENT}
    for verdict in case.record.differential:
        if verdict.cause == cause:
            said = f"cause {cause} {verdict.state.replace('_', ' ')}"
            fact = Evidence("differential", verdict.row_id, verdict.decided_on, said)
            yield Seen((cause, verdict.about), states.get(verdict.state, Presence.NOT_EXAMINED), fact)


def _age_at(case: Case, episode: Episode) -> Reading:
    birth, onset = case.record.birth, episode.onset
    if birth is None or onset is None:
        what = "birth" if birth is None else f"onset at {episode.site}"
        return Reading(Answer.CANNOT_BE_TOLD, episode.site, missing=f"the {what} is not known")
    youngest, oldest = age_years(birth, onset.first, onset.last)
    limit = case.numbers.value("young_onset_years")
    evidence = (
        Evidence("patient_details", case.record.patient_id, None, f"born {birth}"),
        Evidence("episode_details", episode.episode_id, onset, f"onset at {episode.site} {onset}"),
    )
    if oldest < limit:
        return Reading(Answer.RAISED, episode.site, onset, evidence)
    if youngest < limit:
        return Reading(Answer.CANNOT_BE_TOLD, episode.site, missing="birth or onset is not known well enough")
    return Reading(Answer.NOT_RAISED, episode.site, evidence=evidence)


def _standing_rises(case: Case) -> Iterator[tuple[PainScore, PainScore]]:
    """Give pairs of neighbouring scores that rose enough, fast enough, and have not come down again."""
    least, days = case.numbers.value("sudden_rise_nrs"), case.numbers.value("sudden_rise_days")
    lines: dict[tuple[str, Instrument, Aspect], list[PainScore]] = {}
    for score in case.record.pain_scores:
        if score.score is not None and score.aspect in _UNDER_LOAD:
            lines.setdefault((score.site, score.instrument, score.aspect), []).append(score)
    for line in lines.values():
        for place, (before, after) in enumerate(pairwise(line), start=1):
            is_fast = (after.visit_date.last - before.visit_date.first).days <= days
            if is_fast and all(_nrs(later) - _nrs(before) >= least for later in line[place:]):
                yield before, after


def _nrs(score: PainScore) -> float:
    """Give a score in NRS points; those without one were left out before."""
    return (score.score or 0) * HIGHEST_SCORE[Instrument.NRS] / HIGHEST_SCORE[score.instrument]


def _in_pregnancy(case: Case, before: PainScore, after: PainScore) -> Reading | None:
    """Say whether a rise fell into a pregnancy or the months after it; None where nothing was said before it."""
    said = [
        status for status in case.record.pregnancy if status.state and status.stated_on.first <= after.visit_date.last
    ]
    if not said:
        return None
    status = said[-1]
    months = case.numbers.value("after_delivery_months")
    if status.state is PregnancyState.PREGNANT:
        months += case.numbers.value("pregnancy_months")
    elapsed = (after.visit_date.first - status.stated_on.last).days
    if status.state is PregnancyState.NOT_PREGNANT or elapsed > months * DAYS_PER_MONTH:
        return Reading(Answer.NOT_RAISED, after.site)
    evidence = (_of_pregnancy(status), _of_score(before), _of_score(after))
    return Reading(Answer.RAISED, after.site, after.visit_date, evidence)


def _of_item(item: ChecklistItem) -> Evidence:
    about = "" if item.about == PATIENT_AS_A_WHOLE else f" at {item.about}"
    since = "" if item.since is None else f" since {item.since}"
    said = f"{item.item}{about} {item.presence.replace('_', ' ')}{since}"
    return Evidence("checklist_item", item.row_id, item.examined_on, said)


def _of_pregnancy(status: PregnancyStatus) -> Evidence:
    said = str(status.state or status.missing_reason).replace("_", " ")
    week = "" if status.gestational_week is None else f", week {status.gestational_week}"
    return Evidence("pregnancy_status", status.row_id, status.stated_on, f"{said}{week}")


def _of_score(score: PainScore) -> Evidence:
    said = f"pain {score.site} {score.score} {score.instrument} {score.aspect}"
    return Evidence("pain_score", score.row_id, score.visit_date, said)


def _site(about: str) -> str | None:
    return None if about == PATIENT_AS_A_WHOLE else about
