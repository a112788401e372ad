"""The edema of an episode in rows and sentences: the same on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reports.sentences import Sentences, number, percent, place, probability
from tracker.analysis.imaging.results import EdemaCourse, EdemaReading, JointReading
from tracker.analysis.imaging.visits import EdemaVisit
from tracker.analysis.results import Estimate, InsufficientData
from tracker.analysis.views import EpisodeView
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import EdemaGrade
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR

_WEEKS_BETWEEN_ROWS = 8
_CLEAR_ENOUGH = 0.995


@dataclass(frozen=True, slots=True)
class EdemaVisitRow:
    """The edema of one visit in words."""

    when: str
    grade: str
    bones: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EdemaBandRow:
    """The probability of each grade on one day, in words."""

    on: str
    day: int
    none: str
    small: str
    medium: str
    large: str


@dataclass(frozen=True, slots=True)
class EdemaText:
    """What MRI says of an episode, in words.

    `apart` is empty unless MRI and pain disagree; it is then also one of the `sentences`.
    """

    rule: str
    visits: tuple[EdemaVisitRow, ...]
    sentences: tuple[str, ...]
    apart: str
    plain: str
    band: tuple[EdemaBandRow, ...]


def edema_text(episode: EpisodeView, edition: Edition, sentences: Sentences) -> EdemaText | None:
    """Put what MRI says of an episode in words; None where none has looked for edema."""
    reading = episode.edema
    if isinstance(reading, InsufficientData):
        return None
    words = _Words(episode, reading, edition, sentences, episode.day_zero or date.min)
    apart = words.apart()
    return EdemaText(
        rule=sentences.say("edema", "rule", site=place(episode.episode.site)),
        visits=tuple(words.visit(visit) for visit in reading.visits),
        sentences=tuple(words.said()),
        apart=apart,
        plain=words.plain(),
        band=tuple(words.band()),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How one episode's edema is spoken of."""

    episode: EpisodeView
    reading: EdemaReading
    edition: Edition
    sentences: Sentences
    day_zero: date

    def say(self, name: str, **values: object) -> str:
        return self.sentences.say("edema", name, **values)

    def visit(self, visit: EdemaVisit) -> EdemaVisitRow:
        """Write one visit: its grade, the places of that grade, and how many were looked at."""
        grade = (
            self.sentences.word("edema_grade", EdemaGrade(visit.highest).value)
            if visit.lowest == visit.highest
            else self.say("grade_range")
        )
        bones = ", ".join(place(bone) for bone in visit.bones)
        count = len(visit.looked_at)
        looked_at = self.say("looked_at", count=count) if count > len(visit.bones) else ""
        unread = self.say("unread") if visit.day is None else ""
        when = visit.visit_date.in_words()
        return EdemaVisitRow(
            when=str(visit.visit_date),
            grade=grade,
            bones=bones + looked_at,
            sentence=self.say("visit", when=when, grade=grade, bones=bones, looked_at=looked_at, unread=unread),
        )

    def said(self) -> Iterator[str]:
        """Say what MRI alone tells, whether it agrees with the pain, and what both tell together."""
        alone, joint = self.reading.alone, self.reading.joint
        if isinstance(alone, InsufficientData):
            yield self.say("insufficient", reason=alone.reason, needs=alone.needs)
        else:
            count = self.reading.n_read
            images = f"{count} {self.sentences.word('noun', 'image' if count == 1 else 'images')}"
            yield self.say("alone", images=images, **self._state(alone))
        if isinstance(joint, InsufficientData):
            if joint != alone:
                yield self.say("insufficient_joint", reason=joint.reason, needs=joint.needs)
            return
        yield self.apart() or self.say("agree", p=probability(joint.conflict.p))
        yield self.say(
            "joint", **self._state(joint.edema), resolution=self._resolution(joint), lag=self._lag(joint.lag_days)
        )

    def apart(self) -> str:
        """Say how MRI and pain disagree; empty where they do not."""
        joint = self.reading.joint
        if isinstance(joint, InsufficientData) or joint.conflict.disagreement is None:
            return ""
        return self.say(joint.conflict.disagreement, p=probability(joint.conflict.p))

    def plain(self) -> str:
        """Say it to the patient."""
        if self.apart():
            return self.say("plain_apart")
        best = self.reading.best
        if best is None or best.clear_day is None:
            return self.say("plain_unknown")
        return self.say("plain", **self._quantiles(best.clear_day, is_plain=True))

    def band(self) -> Iterator[EdemaBandRow]:
        """List the grades to expect every eight weeks, until an MRI would be clear."""
        grades = self.reading.grades
        if grades is None:
            return
        rows = zip(grades.day, grades.none, grades.small, grades.medium, grades.large, strict=True)
        has_begun = False
        for day, *shares in rows:
            if day % (_WEEKS_BETWEEN_ROWS * DAYS_PER_WEEK) and day != self.reading.as_of_day:
                continue
            yield EdemaBandRow(self._on(day), day, *(probability(share) for share in shares))
            has_begun = has_begun or shares[0] < 1 / 2
            if has_begun and shares[0] > _CLEAR_ENOUGH - self.edition.value("edema_gross_share"):
                return

    def _state(self, course: EdemaCourse) -> dict[str, str]:
        phase = course.phase
        named = f"{self.sentences.word('edema_phase', phase)} ({probability(course.phases[phase])})"
        return {"as_of": self._on(self.reading.as_of_day or 0), "phase": named, "clear": self._clear(course)}

    def _clear(self, course: EdemaCourse) -> str:
        if course.clear_day is None:
            least = percent(self.edition.value("resolution_least_probability"))
            return self.say("no_clear", years=self._years(), least=least)
        return self.say("clear", origin=self._origin(course.clear_day), **self._quantiles(course.clear_day))

    def _resolution(self, joint: JointReading) -> str:
        fit = self.episode.course
        if joint.resolution_day is None:
            return self.say("no_resolution")
        by_pain = None if isinstance(fit, InsufficientData) else fit.resolution_day
        return self.say(
            "resolution",
            resolved=f"{self.edition.value('resolved_nrs'):g}",
            alone="–" if by_pain is None else self.say("resolution_alone", **self._quantiles(by_pain)),
            **self._quantiles(joint.resolution_day),
        )

    def _lag(self, lag: Estimate) -> str:
        days = {"median": lag.median, "low": lag.low95, "high": lag.high95}
        return self.say("lag", origin=self._origin(lag), **{name: number(day, 0) for name, day in days.items()})

    def _origin(self, estimate: Estimate) -> str:
        edition = self.edition
        is_reference = estimate.from_reference(
            below=edition.value("narrowing_little"), within=edition.value("shift_little")
        )
        return f", {self.sentences.say('course', 'from_reference')}" if is_reference else ""

    def _quantiles(self, estimate: Estimate, *, is_plain: bool = False) -> dict[str, str]:
        days = {"median": estimate.median, "low": estimate.low95, "high": estimate.high95}
        return {name: self._on(day, is_plain=is_plain) for name, day in days.items()}

    def _on(self, day: float, *, is_plain: bool = False) -> str:
        if day > 2 * self.edition.value("horizon_months") * DAYS_PER_MONTH:
            return self.sentences.say("course", "beyond", years=self._years())
        found = self.day_zero + timedelta(days=round(day))
        return f"{self.sentences.word('month', found.month)} {found.year}" if is_plain else found.isoformat()

    def _years(self) -> str:
        return f"{self.edition.value('horizon_months') * DAYS_PER_MONTH / DAYS_PER_YEAR:g}"
