"""Read one published case as requests to the record, and say what does not fit into it.

Pure. Three rules: nothing is dropped silently (what has no column becomes a
note and a sentence of `not_held`), no number is invented, and where the source leaves two
readings the record takes neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.clinical.published import (
    CaseImaging,
    CasePain,
    CaseSite,
    CaseVitaminD,
    PublishedCase,
    ReadFinding,
)
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Aspect, Comparator, Instrument, Modality, Presence, Sex, VitaminDUnit
from tracker.dates import PartialDate
from tracker.errors import NotFoundError
from tracker.service import published_words as words
from tracker.service.episodes import NewEpisode
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVisit, NewVitaminD
from tracker.service.new_statements import NewPregnancyStatus
from tracker.service.patients import NewPatient
from tracker.service.published_rest import (
    case_lab,
    case_pregnancy,
    case_treatments,
    day_of_month,
    later_not_held,
)
from tracker.service.published_words import counted
from tracker.service.treatments import NewTreatment

ONSET_ORIGINS: dict[str, str | None] = {
    "symptom onset (first episode)": None,
    "onset of second episode": None,
    # The file puts month 0 at the right foot, its time origin says the left one: only the left one has an onset here.
    "onset of current left-foot episode": "foot-left",
}
"""Time origins that are an onset, and the one site they name, if they name one."""

_JOINTS = {"ankle/foot": "foot-and-ankle", "foot/ankle": "foot-and-ankle"}
_SIDES = {"left": ("left",), "right": ("right",), "bilateral": ("left", "right")}
_MODALITIES = {
    "XR": Modality.XRAY,
    "MRI": Modality.MRI,
    "MRI knee": Modality.MRI,
    "MRI ankle": Modality.MRI,
    "CT": Modality.CT,
    "scintigraphy": Modality.SCINTIGRAPHY,
    "DXA": Modality.DXA,
}
_SCALES = {
    "NRS 0-10": (Instrument.NRS, 1),
    "VAS 0-100": (Instrument.VAS, 1),
    "VAS 0-10": (Instrument.VAS, 10),  # the same line, in centimetres
}


@dataclass(frozen=True, slots=True)
class CaseClosing:
    """The one episode that the source says is over, and when."""

    site: str
    closed_on: PartialDate


@dataclass(frozen=True, slots=True)
class CaseRequests:
    """One published case as the record can take it.

    `not_held` are short phrases, each about something that only a note keeps.
    """

    case_id: str
    group: str
    patient: NewPatient
    episodes: tuple[NewEpisode, ...]
    visits: tuple[NewVisit, ...]
    closing: CaseClosing | None
    treatments: tuple[NewTreatment, ...]
    pregnancy: tuple[NewPregnancyStatus, ...]
    not_held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A site of the case with the record's keys for it; none where it cannot be keyed."""

    said: CaseSite
    keys: tuple[str, ...]


def read_case(case: PublishedCase, findings: Sequence[ReadFinding]) -> CaseRequests:
    """Turn a case into requests.

    Parameters
    ----------
    case : PublishedCase
        As it stands in the file.
    findings : sequence of ReadFinding
        What imaging words of any case say for certain.
    """
    places = _places(case)
    own = [finding for finding in findings if finding.case_id == case["id"]]
    episodes = tuple(NewEpisode(key, _onset(case, place, key)) for place in places for key in place.keys)
    closing = _closing(case, episodes)
    visits = tuple(_visit(case, month, places, own) for month in _months(case))
    return CaseRequests(
        case_id=case["id"],
        group=words.GROUP_WORDS[case["group"]],
        patient=NewPatient(
            patient_code=case["id"],
            sex=Sex(case["sex"]) if case["sex"] else Sex.UNKNOWN,
            note=words.patient_note(case, _undated_notes(case)),
        ),
        episodes=episodes,
        visits=visits,
        closing=closing,
        treatments=case_treatments(case),
        pregnancy=case_pregnancy(case),
        not_held=(
            *_sites_not_held(case, places, own),
            *_statements_not_held(case, places, own),
            *_ends_not_held(case, closing, visits),
            *later_not_held(case),
        ),
    )


def _places(case: PublishedCase) -> tuple[_Place, ...]:
    """Key the sites; by their one bone where the case tells two places within one joint apart."""
    first_side = case["sites"][0]["laterality"] if case["sites"] else None
    joints = [(site, _joint_keys(site, first_side)) for site in case["sites"]]
    at_joint = [key for _, keys in joints for key in keys]
    places: list[_Place] = []
    for site, keys in joints:
        if any(at_joint.count(key) > 1 for key in keys):
            bones = site["bones"] if len(site["bones"]) == 1 else []
            keys = tuple(key for bone in bones for joint in keys if (key := _bone_key(bone, joint)) is not None)
        taken = {key for place in places for key in place.keys}
        places.append(_Place(site, tuple(key for key in keys if key not in taken)))
    return tuple(places)


def _joint_keys(site: CaseSite, first_side: str | None) -> tuple[str, ...]:
    said = site["laterality"]
    sides = _SIDES.get(str(first_side if said == "ipsilateral" else said), ())
    try:
        return tuple(find_site(f"{_JOINTS.get(site['joint'], site['joint'])} {side}").key for side in sides)
    except NotFoundError:
        return ()  # a place the site list does not have, such as 'lower leg/foot'


def _bone_key(bone: str, place_key: str) -> str | None:
    """Key a bone on the side of a place; None for words such as 'joint margins'."""
    name = bone.partition(" (")[0].removesuffix(" bones")
    try:
        return find_site(f"{name} {find_site(place_key).side}").key
    except NotFoundError:
        return None


def _onset(case: PublishedCase, place: _Place, key: str) -> PartialDate | None:
    month, origin = place.said["onset_month"], case["time_origin"]
    if origin not in ONSET_ORIGINS:
        return None
    named = ONSET_ORIGINS[origin]
    if named is not None:
        return day_of_month(0) if key == named else None
    return None if month is None else day_of_month(month)


def _closing(case: PublishedCase, episodes: Sequence[NewEpisode]) -> CaseClosing | None:
    """Close an episode only where the case has one site, one episode there, and its onset."""
    month = case["resolution_month"]
    if month is None or len(case["sites"]) != 1 or len(episodes) != 1 or episodes[0].onset is None:
        return None
    return CaseClosing(episodes[0].site, day_of_month(month))


def _months(case: PublishedCase) -> list[float]:
    dated = (*case["pain"], *case["imaging"], *case["vitamin_d"], *case["labs"])
    return sorted({statement["month"] for statement in dated if statement["month"] is not None})


def _visit(case: PublishedCase, month: float, places: Sequence[_Place], own: Sequence[ReadFinding]) -> NewVisit:
    pain = [statement for statement in case["pain"] if statement["month"] == month]
    imaging = [statement for statement in case["imaging"] if statement["month"] == month]
    results = [statement for statement in case["vitamin_d"] if statement["month"] == month]
    labs = [statement for statement in case["labs"] if statement["month"] == month]
    notes = [words.pain_note(statement, _recorded_as(_score(statement, places))) for statement in pain]
    notes += [words.imaging_note(statement) for statement in imaging]
    notes += [words.vitamin_d_note(result) for result in results]
    notes += [words.labs_note(labs)] if labs else []
    return NewVisit(
        patient_code=case["id"],
        visit_date=day_of_month(month),
        scores=tuple(score for statement in pain if (score := _score(statement, places)) is not None),
        vitamin_d=next((held for result in results if (held := _vitamin_d(result)) is not None), None),
        findings=tuple(finding for statement in imaging for finding in _findings(statement, own)),
        notes=tuple(NewNote(note) for note in notes),
        labs=tuple(result for lab in labs if (result := case_lab(lab)) is not None),
    )


def _score(pain: CasePain, places: Sequence[_Place]) -> NewScore | None:
    """Give a score where value, scale, month and site are certain."""
    keys = [key for place in places for key in place.keys]
    if pain["value"] is None or pain["month"] is None or pain["scale"] not in _SCALES:
        return None
    instrument, unit = _SCALES[pain["scale"]]
    score = pain["value"] * unit
    if len(places) != 1 or len(keys) != 1 or score != int(score):
        return None
    return NewScore(keys[0], instrument, Aspect.OVERALL, int(score))


def _recorded_as(score: NewScore | None) -> str | None:
    if score is None:
        return None
    unit = " mm on the same line" if score.instrument is Instrument.VAS else ""
    return f"recorded as {score.instrument.upper()} {score.score}{unit}, aspect not stated"


def _findings(imaging: CaseImaging, own: Sequence[ReadFinding]) -> Iterator[NewFinding]:
    for finding in own:
        if finding.month == imaging["month"] and finding.modality == imaging["modality"]:
            yield NewFinding(
                modality=_MODALITIES[finding.modality],
                site=finding.site,
                finding=finding.finding,
                presence=finding.presence,
                edema_pattern=finding.edema_pattern,
            )


def _vitamin_d(result: CaseVitaminD) -> NewVitaminD | None:
    """Give a result where value and unit are stated."""
    if result["value"] is None or result["unit"] is None:
        return None
    comparator = Comparator(result["comparator"]) if result["comparator"] else None
    return NewVitaminD(float(result["value"]), VitaminDUnit(result["unit"]), comparator)


def _undated_notes(case: PublishedCase) -> list[str]:
    undated_labs = [lab for lab in case["labs"] if lab["month"] is None]
    return [
        *(words.pain_note(pain, None) for pain in case["pain"] if pain["month"] is None),
        *(words.imaging_note(imaging) for imaging in case["imaging"] if imaging["month"] is None),
        *(words.vitamin_d_note(result) for result in case["vitamin_d"] if result["month"] is None),
        *([words.labs_note(undated_labs)] if undated_labs else []),
    ]


def _sites_not_held(case: PublishedCase, places: Sequence[_Place], own: Sequence[ReadFinding]) -> Iterator[str]:
    if case["age_years"] is not None:
        yield f"age {case['age_years']} (no year of birth stated)"
    no_side = [place for place in places if not place.keys and place.said["laterality"] not in _SIDES]
    if no_side:
        names = ", ".join(" ".join(filter(None, (p.said["laterality"], p.said["joint"]))) for p in no_side)
        yield f"{counted(len(no_side), 'site')} without a side ({names})"
    for place in places:
        if not place.keys and place not in no_side:
            yield f"site '{words.place_words(place.said)}' (no such place in the list of sites)"
    found = {finding.site for finding in own if finding.presence is Presence.PRESENT}
    for place in (place for place in places if place.keys):
        said = words.place_words(place.said)
        month = place.said["onset_month"]
        if month is not None and all(_onset(case, place, key) is None for key in place.keys):
            yield f'month {month:g} as onset at {said} (months count from "{case["time_origin"]}")'
        bones = {_bone_key(bone, at) for bone in place.said["bones"] for at in place.keys}
        if not bones <= found | set(place.keys):
            yield f"bones at {said} ({', '.join(place.said['bones'])})"


def _statements_not_held(case: PublishedCase, places: Sequence[_Place], own: Sequence[ReadFinding]) -> Iterator[str]:
    in_words = sum(pain["value"] is None for pain in case["pain"])
    if in_words:
        yield f"{counted(in_words, 'pain statement')} in words"
    for pain in case["pain"]:
        if pain["value"] is not None and _score(pain, places) is None:
            why = "no month" if pain["month"] is None else "scale or site not certain"
            yield f"pain {pain['value']:g} on {pain['scale']} ({why})"
    coded = {(finding.month, finding.modality, finding.words) for finding in own}
    open_words = [
        finding
        for imaging in case["imaging"]
        for finding in imaging["findings"]
        if (imaging["month"], imaging["modality"], finding) not in coded
    ]
    if open_words:
        yield f"{counted(len(open_words), 'imaging statement')} in words"
    for result in case["vitamin_d"]:
        if result["month"] is None or _vitamin_d(result) is None:
            yield f"vitamin D {_odd_result(result)}"


def _odd_result(result: CaseVitaminD) -> str:
    if result["value"] is None:
        return f"'{result['qualitative']}' (no value)"
    return f"{result['comparator'] or ''}{result['value']:g} ({'no unit' if result['unit'] is None else 'no month'})"


def _ends_not_held(case: PublishedCase, closing: CaseClosing | None, visits: Sequence[NewVisit]) -> Iterator[str]:
    month = case["resolution_month"]
    if month is not None and closing is None:
        n_sites = len(case["sites"])
        why = f"not certain at which of {n_sites} sites" if n_sites > 1 else "no episode with an onset"
        yield f"pain over {words.month_words(month)} ({why})"
    clear = case["mri_resolution_month"]
    if clear is not None and not any(v.visit_date == day_of_month(clear) and v.findings for v in visits):
        yield f"MRI clear {words.month_words(clear)}"
