"""What is said of each described patient: one level of every variable, and numbers that may be unknown.

Every variable covers everybody: who has no value has the level `UNKNOWN`, so that counts of a variable always add up to
all patients. A level is a word that is printed as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tracker.analysis.claims import claimed_scores
from tracker.analysis.cohort.bones import BonesSeen, bones_seen
from tracker.analysis.cohort.choice import Chosen
from tracker.analysis.cohort.moves import SITE_HISTORY, Move, moves_of, site_history
from tracker.analysis.cohort.resolution import ResolutionTime, in_points, resolution_time
from tracker.analysis.disclosure.tables import NO, YES, Variable
from tracker.analysis.episode_reading import EpisodeReading, episode_reading
from tracker.analysis.sufficiency import enough_to_read
from tracker.analysis.vitamin_d.cohort import first_result
from tracker.clinical.reference import Edition
from tracker.clinical.sites import find_site
from tracker.clinical.vitamin_d import VitaminDStatus, classify_vitamin_d
from tracker.clinical.vocabulary import Modality, OnsetMode, Sex, Side
from tracker.dates import DAYS_PER_YEAR

UNKNOWN = "unknown"
NOT_CLOSER = "foot or ankle, not stated closer"
ELSEWHERE = "elsewhere"

_FOOT = "foot-and-ankle"
_SEXES = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "other", Sex.UNKNOWN: UNKNOWN}

SEX = Variable("sex", tuple(_SEXES.values()))
PLACE = Variable("first site", ("ankle", "hindfoot", "midfoot", "forefoot", NOT_CLOSER, "knee", "hip", ELSEWHERE))
SIDE = Variable("side", tuple(Side))
MODE = Variable("mode of onset", (*OnsetMode, UNKNOWN))
VITAMIN_D = Variable("vitamin D near the onset", (*VitaminDStatus, UNKNOWN))
MRI = Variable("MRI", ("recorded", "not recorded"))
TREATMENT = Variable("treatment", ("recorded", "not recorded"))
FURTHER_SITE = Variable("further site", SITE_HISTORY)
NO_ONSET, NO_SCORE = "onset not known", "no pain score to read"
READ, FEW_DAYS, NO_PAIN = "read", "pain scores on too few days", "never any pain"
SCORED = Variable("pain score with a known onset", (YES, NO))
NOT_SCORED = Variable("why no pain score counts", (NO_ONSET, NO_SCORE))
READING = Variable("course", (READ, FEW_DAYS, NO_PAIN))
ANALYSED = Variable("time to resolution", (YES, NO))
BONE_EXAMINED = Variable("bone examined on an image", (YES, NO))
AGE_KNOWN = Variable("age at onset known", (YES, NO))


class Grouping(StrEnum):
    """By what a cohort is divided."""

    SITE = "site"
    SEX = "sex"
    VITAMIN_D = "vitamin-d"
    MIGRATION = "migration"


GROUPS: Mapping[Grouping, Variable] = MappingProxyType(
    {
        Grouping.SITE: PLACE,
        Grouping.SEX: SEX,
        Grouping.VITAMIN_D: VITAMIN_D,
        Grouping.MIGRATION: FURTHER_SITE,
    }
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of a patient; None where unknown. Days count from the middle of the onset, pain is in points 0 to 10."""

    age_years: float | None
    days_to_first_visit: float | None
    first_pain: float | None
    n_visits: float | None
    days_followed: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One described patient.

    `levels` has one level of every variable that covers everybody, by its name. `reading_level` is of `NOT_SCORED`
    or of `READING`. `reading` is None without an onset, `resolution` where nothing tells of it.
    """

    chosen: Chosen
    levels: Mapping[str, str]
    numbers: Numbers
    reading_level: str
    reading: EpisodeReading | None
    resolution: ResolutionTime | None
    bones: BonesSeen
    moves: frozenset[Move]

    @property
    def is_read(self) -> bool:
        """Whether a course can be read from the scores."""
        return self.reading_level == READ


def describe_patient(chosen: Chosen, edition: Edition, *, as_of: date) -> Member:
    """Say of a chosen patient what the tables count; `as_of` is the day the record was cut on."""
    record, episode = chosen.record, chosen.episode
    scores = claimed_scores(record, edition)[episode.episode_id]
    reading = None
    if episode.onset is not None:
        reading = episode_reading(episode, episode.onset, scores, as_of=as_of, edition=edition)
    resolution = None
    if reading is not None and episode.onset is not None:
        resolution = resolution_time(reading.choice.scores, episode.onset, edition)
    bones = bones_seen(record)
    reading_level = _reading_level(reading, edition)
    is_scored = reading_level in READING.levels
    numbers = _numbers(chosen, reading if is_scored else None)
    moves = moves_of(record.episodes)
    levels = {
        SEX.name: _SEXES[record.sex],
        PLACE.name: place_of(episode.site),
        SIDE.name: find_site(episode.site).side,
        MODE.name: UNKNOWN if episode.mode is None else episode.mode,
        VITAMIN_D.name: _vitamin_d(chosen, edition),
        MRI.name: MRI.levels[0 if any(f.modality is Modality.MRI for f in record.imaging) else 1],
        TREATMENT.name: TREATMENT.levels[0 if record.treatments else 1],
        FURTHER_SITE.name: site_history(record.episodes, moves),
        SCORED.name: yes_no(is_scored),
        ANALYSED.name: yes_no(is_scored and resolution is not None),
        BONE_EXAMINED.name: yes_no(bool(bones.examined)),
        AGE_KNOWN.name: yes_no(numbers.age_years is not None),
    }
    return Member(chosen, levels, numbers, reading_level, reading, resolution if is_scored else None, bones, moves)


def yes_no(holds: bool) -> str:
    """Give the level of a claim."""
    return YES if holds else NO


def place_of(site: str) -> str:
    """Give the level of `PLACE` that a site belongs to."""
    found = find_site(site)
    if found.region == _FOOT:
        return found.joint if found.joint in PLACE.levels else NOT_CLOSER
    return found.region if found.region in PLACE.levels else ELSEWHERE


def _vitamin_d(chosen: Chosen, edition: Edition) -> str:
    onset = chosen.episode.onset
    result = None if onset is None else first_result(chosen.record.vitamin_d, onset, edition)
    found = None if result is None else classify_vitamin_d(result, edition)
    return UNKNOWN if found is None else found.status


def _reading_level(reading: EpisodeReading | None, edition: Edition) -> str:
    """Say whether a course can be read from the scores, or why not; a level of `NOT_SCORED` or of `READING`."""
    if reading is None:
        return NO_ONSET
    seen = reading.observations.until(reading.as_of_day)
    days = seen.distinct_days()
    if enough_to_read(days, seen.score, edition) is None:
        return READ
    if not days:
        return NO_SCORE
    return NO_PAIN if len(days) >= edition.value("minimum_fit_days") else FEW_DAYS


def _numbers(chosen: Chosen, reading: EpisodeReading | None) -> Numbers:
    record, onset = chosen.record, chosen.episode.onset
    scores = () if reading is None else reading.choice.scores
    in_time = sorted((s.visit_date.middle, in_points(s)) for s in scores)
    first, last = (in_time[0][0], in_time[-1][0]) if in_time else (None, None)
    return Numbers(
        age_years=None
        if onset is None or record.birth is None
        else (onset.middle - record.birth.middle).days / DAYS_PER_YEAR,
        days_to_first_visit=None if first is None or onset is None else float((first - onset.middle).days),
        first_pain=in_time[0][1] if in_time else None,
        n_visits=float(len({day for day, _ in in_time})) if in_time else None,
        days_followed=None if first is None or last is None else float((last - first).days),
    )
