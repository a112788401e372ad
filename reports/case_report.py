"""The skeleton of a case report in the order of the CARE checklist, filled with what the record holds.

References
----------
.. [1] Gagnier JJ, Kienle G, Altman DG, et al. The CARE guidelines: consensus-based clinical case reporting guideline
   development. J Med Case Rep 2013;7:223. doi:10.1186/1752-1947-7-223
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from reports.case_figure import case_figure
from reports.case_timeline import CaseTimeline, case_timeline
from reports.sentences import Sentences, load_sentences, percent
from tracker.analysis.disclosure.days import age_on, day_since
from tracker.analysis.results import CourseFit
from tracker.analysis.views import PatientView
from tracker.clinical.disclosure import disclosure_numbers
from tracker.clinical.record import PainScore
from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Checklist, Presence
from tracker.clinical.word_lists import WordList, find_word

SECTIONS = (
    "title",
    "keywords",
    "abstract",
    "introduction",
    "patient",
    "clinical",
    "timeline",
    "diagnostic",
    "therapeutic",
    "follow_up",
    "discussion",
    "perspective",
    "consent",
)
"""The headings of the CARE checklist that a case report has, in its order."""


def case_files(view: PatientView) -> Mapping[str, str]:
    """Give the files of a case report by name: text, figure and table. The same view gives the same files."""
    sentences = load_sentences()
    timeline = case_timeline(view, sentences)
    return {
        "case-report.md": _text(view, timeline, sentences),
        "timeline.svg": case_figure(timeline, sentences),
        "timeline.csv": _table(timeline),
    }


def _text(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> str:
    parts: list[str] = []
    for name in SECTIONS:
        level = "#" if name == "title" else "##"
        lines = [*_filled(name, view, timeline, sentences)]
        if f"{name}_blank" in sentences.sections["case_report"]:
            lines.append(_say(sentences, "blank", what=_say(sentences, f"{name}_blank")))
        parts.append("\n\n".join((f"{level} {_say(sentences, name)}", *lines)))
    source = view.provenance
    foot = _say(
        sentences,
        "foot",
        version=source.program_version,
        edition=source.edition,
        sha256=source.edition_sha256[:12],
        revision=source.schema_revision,
    )
    return "\n\n".join((*parts, f"---\n\n{foot}")) + "\n"


def _filled(name: str, view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    makers = {
        "patient": _patient,
        "clinical": _clinical,
        "timeline": _timeline,
        "diagnostic": _diagnostic,
        "therapeutic": _therapeutic,
        "follow_up": _follow_up,
    }
    if name in ("title", "keywords"):
        sites = ", ".join(dict.fromkeys(site_label(one.site) for one in view.record.episodes))
        yield _say(sentences, f"{name}_text", sites=sites or _say(sentences, "blank", what="site"))
    elif name in makers:
        yield from makers[name](view, timeline, sentences)


def _patient(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    record = view.record
    age, width = age_on(record.birth, timeline.zero.day), int(disclosure_numbers().value("age_band_years"))
    low = None if age is None else age // width * width
    band = _say(sentences, "age_unknown") if low is None else _say(sentences, "age_band", low=low, high=low + width - 1)
    yield _say(sentences, "patient_text", sex=sentences.word("sex", record.sex), age=band)
    risk = [
        f"{find_word(WordList.ITEM, one.item).label} {sentences.word('presence', one.presence)}"
        for one in record.checklist_items
        if one.checklist is Checklist.RISK and one.presence is not Presence.NOT_EXAMINED
    ]
    if risk:
        yield _say(sentences, "risk", items="; ".join(dict.fromkeys(risk)))
    said = [one.state.value.replace("_", " ") for one in record.pregnancy if one.state is not None]
    if said:
        yield _say(sentences, "pregnancy", items="; ".join(dict.fromkeys(said)))


def _clinical(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    series: dict[tuple[str, str, str], list[PainScore]] = {}
    for one in view.record.pain_scores:
        if one.score is not None:
            series.setdefault((one.site, one.instrument.value, one.aspect.value), []).append(one)
    if not series:
        yield _say(sentences, "clinical_none")
    for (site, instrument, aspect), scores in series.items():
        highest = max(scores, key=lambda one: one.score or 0)
        told: dict[str, object] = {}
        for name, one in (("first", scores[0]), ("highest", highest), ("last", scores[-1])):
            told |= {name: one.score, f"{name}_day": day_since(timeline.zero, one.visit_date)[0]}
        words = {"instrument": sentences.word("instrument", instrument), "aspect": sentences.word("aspect", aspect)}
        name = "clinical_text" if len(scores) > 1 else "clinical_one"
        yield _begun(_say(sentences, name, site=site_label(site), n=len(scores), **words, **told))


def _timeline(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    if timeline.zero.said_of is None:
        yield _say(sentences, "timeline_none")
    else:
        yield _say(sentences, "timeline_text", zero=timeline.zero.said_of)
        yield "![](timeline.svg)"


def _diagnostic(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    lanes = ("imaging", "laboratory", "vitamin_d")
    listed = "\n".join(_line(timeline, lane, sentences) for lane in lanes if timeline.of_lane(lane))
    if listed:
        yield listed
    latest = {(one.cause, one.about): one.state for one in view.record.differential}
    if latest:
        items = "; ".join(
            f"{find_word(WordList.CAUSE, cause).label} {state.value.replace('_', ' ')}"
            for (cause, _), state in latest.items()
        )
        yield _say(sentences, "differential", items=items)


def _line(timeline: CaseTimeline, lane: str, sentences: Sentences) -> str:
    events = "; ".join(
        f"{event.when}: {f'{event.place}, ' if event.place else ''}{event.words}" for event in timeline.of_lane(lane)
    )
    return f"- {_begun(sentences.word('case_lane', lane))}: {events}"


def _therapeutic(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    if not timeline.of_lane("treatment"):
        yield _say(sentences, "therapeutic_none")
        return
    yield "\n".join(
        f"- {_begun(event.words)}{f' ({event.place})' if event.place else ''}: from {event.when}"
        + ("" if event.until is None else f" to day {event.until}")
        for event in timeline.of_lane("treatment")
    )


def _follow_up(view: PatientView, timeline: CaseTimeline, sentences: Sentences) -> Iterator[str]:
    visits = view.record.visits
    if visits:
        last_day = day_since(timeline.zero, visits[-1].visit_date)[0]
        yield _say(sentences, "follow_up_text", n_visits=len(visits), last_day=last_day)
    else:
        yield _say(sentences, "follow_up_none")
    for one in view.episodes:
        site, closed = site_label(one.episode.site), one.episode.closed_on
        if closed is None:
            yield _say(sentences, "open", site=site)
        else:
            yield _say(sentences, "closed", site=site, day=day_since(timeline.zero, closed)[0])
        if isinstance(one.course, CourseFit) and one.course.resembles_known:
            name = one.course.most_likely_class
            yield _say(
                sentences,
                "fitted",
                edition=view.provenance.edition,
                site=site,
                course=sentences.word("course_class", name),
                percent=percent(one.course.class_probabilities[name]),
            )


def _table(timeline: CaseTimeline) -> str:
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("kind", "day", "off_days", "until_day", "site", "what"))
    for event in timeline.events:
        rows.writerow((event.lane, event.day, event.off, event.until, event.place, event.words))
    return out.getvalue()


def _begun(sentence: str) -> str:
    """Begin a sentence: words of the record are written small."""
    return sentence[:1].upper() + sentence[1:]


def _say(sentences: Sentences, name: str, **values: object) -> str:
    return sentences.say("case_report", name, **values)
