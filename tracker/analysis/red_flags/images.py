"""Red flags of images: a fracture line, signs of avascular necrosis, and edema that lasts too long."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.analysis.claims import claimed_findings
from tracker.analysis.red_flags.readings import Answer, Case, Evidence, Reading, Seen, raised_or_one, read_presence
from tracker.clinical.record import Episode, ImagingFinding
from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.dates import DAYS_PER_MONTH

_LOOKED_FOR = {Finding.FRACTURE_LINE: "a fracture line", Finding.AVN_SIGN: "signs of avascular necrosis"}


def fracture_line(case: Case) -> tuple[Reading, ...]:
    """Read fracture lines, site by site."""
    return _sign(case, Finding.FRACTURE_LINE)


def avn_sign(case: Case) -> tuple[Reading, ...]:
    """Read signs of avascular necrosis, site by site."""
    return _sign(case, Finding.AVN_SIGN)


def late_edema(case: Case) -> tuple[Reading, ...]:
    """Read, episode by episode, whether MRI still shows edema when every published window is over."""
    found = claimed_findings(case.record, case.course)
    readings = [_late(case, episode, found[episode.episode_id]) for episode in case.record.episodes]
    return raised_or_one(readings, missing="no episode is recorded")


def _sign(case: Case, finding: Finding) -> tuple[Reading, ...]:
    own = [one for one in case.record.imaging if one.finding is finding]
    missing = f"no image was examined for {_LOOKED_FOR[finding]}"
    readings = [
        read_presence(
            (Seen((one.modality,), one.presence, _evidence(one)) for one in own if one.site == site),
            missing=missing,
            site=site,
        )
        for site in dict.fromkeys(one.site for one in own)
    ]
    return raised_or_one(readings, missing=missing)


def _late(case: Case, episode: Episode, findings: Iterable[ImagingFinding]) -> Reading:
    onset = episode.onset
    if onset is None:
        return Reading(Answer.CANNOT_BE_TOLD, episode.site, missing=f"the onset at {episode.site} is not known")
    limit = case.numbers.value("late_edema_months") * DAYS_PER_MONTH
    if (case.as_of - onset.first).days <= limit:
        return Reading(Answer.NOT_RAISED, episode.site)
    images = [one for one in findings if one.modality is Modality.MRI and one.finding is Finding.EDEMA]
    late = [one for one in images if (one.visit_date.last - onset.first).days > limit]
    surely = {one.row_id for one in late if (one.visit_date.first - onset.last).days > limit}
    read = read_presence(
        (Seen((one.site,), one.presence, _evidence(one)) for one in late if one.row_id in surely),
        missing=f"no MRI for edema at {episode.site} that is surely late enough",
        site=episode.site,
    )
    unsure = any(one.presence is Presence.PRESENT for one in late if one.row_id not in surely)
    if read.answer is Answer.CANNOT_BE_TOLD and not unsure and _is_clear(images):
        return Reading(Answer.NOT_RAISED, episode.site, evidence=tuple(_evidence(one) for one in images[-1:]))
    return read


def _is_clear(images: list[ImagingFinding]) -> bool:
    """Whether the newest examination of every bone that had edema found it gone."""
    newest = {one.site: one.presence for one in images if one.presence is not Presence.NOT_EXAMINED}
    return bool(newest) and set(newest.values()) == {Presence.ABSENT}


def _evidence(finding: ImagingFinding) -> Evidence:
    extent = "" if finding.edema_percent is None else f" {finding.edema_percent:g} %"
    said = f"{finding.modality} {finding.site}: {_words(finding.finding)} {_words(finding.presence)}{extent}"
    return Evidence("imaging_finding", finding.row_id, finding.visit_date, said)


def _words(code: str) -> str:
    return str(code).replace("_", " ")
