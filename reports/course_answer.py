"""What an episode's fit says, in rows and sentences: phases, parameters, resolution, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite

from reports.sentences import Sentences, Spoken, number, percent, place, probability
from tracker.analysis.course_classes import COURSE_CLASSES
from tracker.analysis.results import CourseFit, Estimate, InsufficientData
from tracker.analysis.views import EpisodeView
from tracker.clinical.reference import NOT_STATED, Edition
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Phase
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_YEAR

BAND_NUMBERS = (
    "rise_months",
    "plateau_months",
    "regression_months",
    "peak_nrs",
    "peak_sd_nrs",
    "residual_zero_share",
    "residual_high_nrs",
    "onset_recall_sd_days",
)
# From the best founded to the least; the weakest number decides what is printed on the chart.
_GRADES_BY_STRENGTH = ("A", "S", "D", "K")
_NOT_LESS_YET = (Phase.RISE, Phase.PLATEAU)
_MOST_PHASES = 3
_REGION = "foot-and-ankle"
_WORTH_NAMING = 0.01


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One unknown of a course as a table row, all in words."""

    label: str
    median: str
    low95: str
    high95: str
    reference: str
    narrowing: str
    remark: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One kind of course and how probable it is, in words."""

    label: str
    description: str
    probability: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What staff must not overlook before they read a fit."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class CourseAnswerText:
    """A fit in words: `notices` are what must not be overlooked, each with its short heading.

    `classes` are the kinds of course, the most probable first, `kinds` names those worth naming in one
    line; `outlook` says what stands beside the
    resolution day: relapse, no resolution, and when to look next.
    """

    spoken: Spoken
    notices: tuple[Notice, ...]
    outlook: str
    classes: tuple[ClassRow, ...]
    parameters: tuple[ParameterRow, ...]
    sample_size: str
    kinds: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One number of the expected band with what it rests on."""

    label: str
    value: str
    interval: str
    grade: str
    sources: str


def course_answer(episode: EpisodeView, edition: Edition, sentences: Sentences) -> CourseAnswerText:
    """Put an episode's answer in words."""
    answer = episode.course
    if episode.day_zero is None:
        words = sentences.say("course", "no_onset", patient="CODE", site=episode.episode.site)
        return _only_said(words, sentences.say("course", "no_onset_plain"))
    if isinstance(answer, InsufficientData):
        clinician = sentences.say("course", "insufficient_clinician", reason=answer.reason, needs=answer.needs)
        return _only_said(clinician, sentences.say("course", "insufficient_plain"))
    notices = tuple(_notices(answer, episode, edition, sentences))
    if not answer.resembles_known:
        # Numbers of courses that this one does not follow would only mislead.
        return replace(_only_said("", ""), spoken=_fit_spoken(answer, episode, edition, sentences), notices=notices)
    estimates = list(answer.parameters.items())
    if answer.resolution_day is not None:
        estimates.append(("resolution_day", answer.resolution_day))
    return CourseAnswerText(
        spoken=_fit_spoken(answer, episode, edition, sentences),
        notices=notices,
        outlook=_outlook(answer, episode, edition, sentences),
        classes=_class_rows(answer, sentences),
        kinds=_kinds(answer, sentences),
        parameters=tuple(_parameter_row(name, estimate, edition, sentences) for name, estimate in estimates),
        sample_size=sentences.say(
            "course",
            "sample_size_refined" if answer.refined else "sample_size",
            size=f"{answer.effective_sample_size:.0f}",
        ),
    )


def no_course_answer(patient_code: str, site: str, sentences: Sentences) -> CourseAnswerText:
    """Say that a site has scores but no episode, and how to open one."""
    clinician = sentences.say("course", "no_episode", patient=patient_code, site=site)
    return _only_said(clinician, sentences.say("course", "no_episode_plain"))


def evidence_rows(edition: Edition, sentences: Sentences) -> tuple[EvidenceRow, ...]:
    """List the numbers that the expected band is made of, with grades and sources."""
    rows = []
    for name in BAND_NUMBERS:
        cited = edition[name]
        interval = "" if cited.interval is None else f"{cited.interval[0]:g}–{cited.interval[1]:g}"
        kind = "" if cited.interval_kind is None else f" ({cited.interval_kind})"
        rows.append(
            EvidenceRow(
                label=sentences.word("band_number", name),
                value=f"{round(cited.value, 2):g} {cited.unit}",
                interval=interval + kind,
                grade=cited.grade,
                sources="; ".join(_source(edition, key) for key in cited.sources),
            )
        )
    return tuple(rows)


def evidence_strength(edition: Edition, sentences: Sentences) -> str:
    """Name the strength of the expected band: that of its weakest number."""
    grades = {edition[name].grade for name in BAND_NUMBERS}
    return sentences.word("evidence", max(grades, key=_GRADES_BY_STRENGTH.index))


def _source(edition: Edition, key: str) -> str:
    source = edition.sources[key]
    return source.label if source.locator == NOT_STATED else f"{source.label} ({source.locator})"


def _only_said(clinician: str, plain: str) -> CourseAnswerText:
    return CourseAnswerText(Spoken(clinician, plain), (), "", (), (), "")


def _fit_spoken(fit: CourseFit, episode: EpisodeView, edition: Edition, sentences: Sentences) -> Spoken:
    day_zero = episode.day_zero or date.min  # a fit has an onset, and with it a day zero
    resolution = _resolution(fit, day_zero, edition, sentences)
    as_of = day_zero + timedelta(days=fit.as_of_day)
    last = episode.last_fitted or as_of  # a fit rests on scores
    before_days = max((as_of - last).days, 0)  # the middle of a vague visit may lie ahead
    before = _counted(before_days, "day", sentences)
    is_silent = before_days > edition.value("silence_days")
    return Spoken(
        clinician=sentences.say(
            "course",
            _clinician_sentence(fit, is_silent=is_silent),
            scores=_counted(fit.n_scores, "score", sentences),
            days=_counted(fit.n_days, "day", sentences),
            last=last.isoformat(),
            before=before,
            later=sentences.say("course", "later", before=before) if before_days else "",
            as_of=as_of.isoformat(),
            course=sentences.word("course_class", fit.most_likely_class),
            probability=probability(fit.class_probabilities[fit.most_likely_class]),
            phases=_phases(fit, sentences),
            resolution=resolution.clinician,
        ),
        plain=sentences.say("course", "silent_plain", last=_month(last, sentences))
        if is_silent and fit.resembles_known
        else _plain(fit, resolution.plain, sentences),
    )


def _clinician_sentence(fit: CourseFit, *, is_silent: bool) -> str:
    if not fit.resembles_known:
        return "fit_clinician_unknown"
    return "fit_clinician_silent" if is_silent else "fit_clinician"


def _month(day: date, sentences: Sentences) -> str:
    return f"{sentences.word('month', day.month)} {day.year}"


def _phases(fit: CourseFit, sentences: Sentences) -> str:
    """List the probable phases, the first with how long it has lasted."""
    likely = sorted(fit.phases.items(), key=lambda item: -item[1])[:_MOST_PHASES]
    named = [
        f"{sentences.word('phase', phase)} {probability(share)}" for phase, share in likely if share >= _WORTH_NAMING
    ]
    if fit.time_in_phase is not None:
        lasted = fit.time_in_phase
        days = {"median": lasted.median, "low": lasted.low95, "high": lasted.high95}
        named[0] += sentences.say("course", "lasted", **{name: number(day, 0) for name, day in days.items()})
    return ", ".join(named)


def _plain(fit: CourseFit, resolution: str, sentences: Sentences) -> str:
    if not fit.resembles_known:
        return sentences.say("course", "unknown_plain")
    if not fit.resembles_expected:
        course = sentences.word("course_class_plain", fit.most_likely_class)
        return sentences.say("course", "atypical_plain", course=course, resolution=resolution)
    phase = sentences.word("phase_plain", fit.phase)
    return sentences.say("course", "fit_plain", phase=phase, resolution=resolution)


def _resolution(fit: CourseFit, day_zero: date, edition: Edition, sentences: Sentences) -> Spoken:
    estimate = fit.resolution_day
    horizon_days = edition.value("horizon_months") * DAYS_PER_MONTH
    years = f"{horizon_days / DAYS_PER_YEAR:g}"
    if estimate is None:
        least = percent(edition.value("resolution_least_probability"))
        return Spoken(
            sentences.say("course", "no_resolution_clinician", least=least, years=years),
            sentences.say("course", "no_resolution_plain"),
        )

    def on(day: float, *, is_plain: bool) -> str:
        if day > horizon_days:
            return sentences.say("course", "beyond", years=years)
        found = day_zero + timedelta(days=round(day))
        return _month(found, sentences) if is_plain else found.isoformat()

    quantiles = {"median": estimate.median, "low": estimate.low95, "high": estimate.high95}
    origin = _origin(fit, estimate, edition)
    return Spoken(
        clinician=sentences.say(
            "course",
            "resolution_clinician",
            resolved=f"{edition.value('resolved_nrs'):g}",
            origin=f", {sentences.say('course', origin)}" if origin else "",
            **{name: on(day, is_plain=False) for name, day in quantiles.items()},
        ),
        plain=sentences.say(
            "course",
            "resolution_plain",
            origin=sentences.say("course", f"{origin}_sentence") if origin else "",
            **{name: on(day, is_plain=True) for name, day in quantiles.items()},
        ),
    )


def _origin(fit: CourseFit, end: Estimate, edition: Edition) -> str:
    """Name the sentence that says where the end comes from, where it is hardly this patient's; empty otherwise.

    Scores that have not begun to fall say how long the pain has lasted and not how long it will: an interval that
    moved away from the expected course's is that of another published course then.
    """
    if _from_reference(end, edition):
        return "from_reference"
    return "not_less_yet" if fit.phase in _NOT_LESS_YET else ""


def _outlook(fit: CourseFit, episode: EpisodeView, edition: Edition, sentences: Sentences) -> str:
    years = f"{edition.value('horizon_months') * DAYS_PER_MONTH / DAYS_PER_YEAR:g}"
    risks = sentences.say(
        "course",
        "outlook",
        relapse=probability(fit.p_relapse),
        no_resolution=probability(fit.p_no_resolution),
        years=years,
    )
    if episode.episode.closed_on is not None or episode.day_zero is None:
        return risks
    if fit.next_visit is None:
        return f"{risks} {sentences.say('course', 'no_next_visit')}"
    on = episode.day_zero + timedelta(days=fit.next_visit.day)
    narrowing = percent(fit.next_visit.narrowing)
    return f"{risks} {sentences.say('course', 'next_visit', on=on.isoformat(), narrowing=narrowing)}"


def _kinds(fit: CourseFit, sentences: Sentences) -> str:
    ordered = sorted(fit.class_probabilities.items(), key=lambda item: -item[1])
    named = [
        f"{sentences.word('course_class', name)} {probability(share)}"
        for name, share in ordered
        if share >= _WORTH_NAMING
    ]
    return sentences.say("course", "kinds", kinds=", ".join(named))


def _class_rows(fit: CourseFit, sentences: Sentences) -> tuple[ClassRow, ...]:
    ordered = sorted(COURSE_CLASSES, key=lambda course_class: -fit.class_probabilities[course_class.name])
    return tuple(
        ClassRow(
            label=sentences.word("course_class", course_class.name),
            description=sentences.word("course_class_description", course_class.name),
            probability=probability(fit.class_probabilities[course_class.name]),
        )
        for course_class in ordered
    )


def _from_reference(estimate: Estimate, edition: Edition) -> bool:
    return estimate.from_reference(below=edition.value("narrowing_little"), within=edition.value("shift_little"))


def _notices(fit: CourseFit, episode: EpisodeView, edition: Edition, sentences: Sentences) -> Iterator[Notice]:
    day_zero = episode.day_zero or date.min
    if not fit.resembles_known:
        dates = ", ".join((day_zero + timedelta(days=day)).isoformat() for day in fit.surprising_days)
        words = sentences.say("course", "unknown", count=len(fit.surprising_days), days=fit.n_days, dates=dates)
        yield Notice(sentences.say("course", "unknown_heading"), words)
    elif not fit.resembles_expected:
        words = sentences.say(
            "course",
            "atypical",
            course=sentences.word("course_class", fit.most_likely_class),
            description=sentences.word("course_class_description", fit.most_likely_class),
            probability=probability(fit.class_probabilities[fit.most_likely_class]),
            expected=probability(1 - fit.p_atypical),
        )
        yield Notice(sentences.say("course", "atypical_heading"), words)
    if fit.resembles_known and episode.last_fitted in {day_zero + timedelta(days=day) for day in fit.surprising_days}:
        yield Notice(sentences.say("course", "newest_heading"), sentences.say("course", "newest"))
    onset = fit.parameters["onset_day"]
    if not onset.reference_low95 <= onset.median <= onset.reference_high95:
        found = day_zero + timedelta(days=round(onset.median))
        words = sentences.say("course", "onset_moved", found=found.isoformat())
        yield Notice(sentences.say("course", "onset_moved_heading"), words)
    if find_site(episode.episode.site).region != _REGION:
        words = sentences.say("course", "elsewhere", site=place(episode.episode.site))
        yield Notice(sentences.say("course", "elsewhere_heading"), words)
    if fit.effective_sample_size < edition.value("effective_sample_little"):
        words = sentences.say("course", "few_courses", size=f"{fit.effective_sample_size:.0f}")
        yield Notice(sentences.say("course", "few_courses_heading"), words)


def _parameter_row(name: str, estimate: Estimate, edition: Edition, sentences: Sentences) -> ParameterRow:
    is_level = name.endswith("_nrs")
    decimals = 1 if is_level else 0

    def write(value: float) -> str:
        return number(value, decimals) if isfinite(value) else "–"

    from_reference = _from_reference(estimate, edition)
    reference = (estimate.reference_median, estimate.reference_low95, estimate.reference_high95)
    middle, low, high = (write(value) for value in reference)
    return ParameterRow(
        label=f"{sentences.word('parameter', name)}, {sentences.chart('points' if is_level else 'days')}",
        median=write(estimate.median),
        low95=write(estimate.low95),
        high95=write(estimate.high95),
        reference=f"{middle} ({low} to {high})",
        narrowing=percent(estimate.narrowing) if estimate.narrowing >= 0 else sentences.say("course", "wider"),
        remark=sentences.say("course", "from_reference") if from_reference else "",
    )


def _counted(count: int, noun: str, sentences: Sentences) -> str:
    return f"{count} {sentences.word('noun', noun if count == 1 else f'{noun}s')}"
