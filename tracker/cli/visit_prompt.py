"""Ask for a visit at the terminal, showing what was recorded last."""

from __future__ import annotations

import click

from tracker.cli.asking import ask, in_own_words
from tracker.cli.case_prompt import RestOfVisit, ask_rest
from tracker.cli.record_text import record_text
from tracker.cli.render import say
from tracker.cli.terminal import Terminal
from tracker.cli.words import read_findings, read_note, read_score, read_vitamin_d
from tracker.cli.written import change_lines, patient_line
from tracker.clinical.record import PatientRecord
from tracker.clinical.sites import find_site, site_label
from tracker.clinical.vocabulary import Aspect, Instrument, Modality
from tracker.dates import PartialDate, parse_visit_date
from tracker.errors import InputError
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVisit, NewVitaminD
from tracker.service.writing import Written

_ANSWER = "the answer"


def ask_visit(terminal: Terminal, record: PatientRecord, visit_date: PartialDate | None) -> NewVisit:
    """Ask for date, pain per known site, vitamin D, MRI and a note, and for the rest if wished; Enter leaves one out.

    What was recorded last is shown with its date and never taken over.

    Raises
    ------
    click.UsageError
        Where nobody can answer: the message names the options instead.
    """
    if not terminal.can_ask:
        raise click.UsageError(
            "No data given and nobody to ask. Give at least one of --pain, --vas, --vitamin-d, --mri, --xray, --note."
        )
    say(f"Patient {patient_line(record)}")
    say("Enter leaves a question out; Ctrl-C stops and writes nothing.")
    if visit_date is None:
        visit_date = ask(
            "Date of the visit", lambda text: parse_visit_date(text, today=terminal.today_here()), default="today"
        )
    if visit_date is None:  # only reached by an empty answer to a question with a default
        visit_date = PartialDate.on(terminal.today_here())
    say(f"Visit {visit_date.when_in_words()}.")
    scores, vitamin_d = tuple(_ask_scores(record)), _ask_vitamin_d(record)
    findings, notes = tuple(_ask_mri(record)), tuple(_ask_note())
    wished = click.confirm("Laboratory values, function scores or treatments too?", default=False, err=True)
    rest = ask_rest(record, today=terminal.today_here()) if wished else RestOfVisit()
    return NewVisit(
        record.patient_code,
        visit_date,
        scores,
        vitamin_d,
        findings,
        notes,
        rest.labs,
        rest.function_scores,
        rest.treatments,
        rest.ended_treatments,
    )


def confirm_visit(terminal: Terminal, drafted: Written) -> bool:
    """Show what would be recorded, and what is odd about it; ask once whether to record it."""
    say("To be recorded:")
    for line in change_lines(drafted.changes):
        say(f"  {line}")
    if drafted.warnings:
        return terminal.confirm_warnings(drafted.warnings)
    return click.confirm("Record it?", default=True, err=True)


def _ask_scores(record: PatientRecord) -> list[NewScore]:
    """Ask for each site known of the patient, then for other sites until Enter."""
    known = dict.fromkeys(
        [*(e.site for e in record.episodes if e.closed_on is None), *(s.site for s in record.pain_scores)]
    )
    answers = [ask(_score_question(record, site), lambda text, at=site: _score_at(at, text)) for site in known]  # type: ignore[misc]  # the default binds the site of this turn
    scores = [answer for answer in answers if answer is not None]
    while other := ask("Pain at another site, as SITE=0-10", _score_elsewhere):
        scores.append(other)
    return scores


def _score_question(record: PatientRecord, site: str) -> str:
    # An earlier VAS in millimetres beside a question for 0-10 would invite a wrong answer; so would pain at rest.
    asked = (site, Instrument.NRS, Aspect.OVERALL)
    earlier = [s for s in record.pain_scores if (s.site, s.instrument, s.aspect) == asked]
    last = (
        f"last: {record_text('pain_score', earlier[-1])} {earlier[-1].visit_date.when_in_words()}"
        if earlier
        else "none so far"
    )
    return f"Pain at {site_label(site)}, 0-10 ({last})"


def _score_at(site: str, text: str) -> NewScore:
    try:
        return read_score(f"{site}={text}", option=_ANSWER, instrument=Instrument.NRS, aspect=Aspect.OVERALL)
    except InputError:
        raise InputError(
            f"'{text}' is no pain score.",
            hint="Type a whole number from 0 to 10, such as 7 or 4@rest, or why there is "
            "none, such as refused; Enter alone leaves it out.",
        ) from None


def _score_elsewhere(text: str) -> NewScore:
    site, equals, rest = text.partition("=")
    if not equals or not rest.strip():
        raise InputError(
            f"'{text}' is no site with its score.",
            hint="Type both with an equals sign between, such as knee-left=2; Enter alone goes on.",
        )
    return _score_at(find_site(site.strip()).key, rest.strip())


def _ask_vitamin_d(record: PatientRecord) -> NewVitaminD | None:
    last = record.vitamin_d[-1] if record.vitamin_d else None
    seen = f"last: {record_text('vitamin_d', last)} {last.visit_date.when_in_words()}" if last else "none so far"
    return ask(f"Vitamin D with its unit ({seen})", _vitamin_d_answer)


def _vitamin_d_answer(text: str) -> NewVitaminD:
    return in_own_words(
        lambda typed: read_vitamin_d(typed, assay=None), option="--vitamin-d", example="18ng/mL or <10 nmol/L"
    )(text)


def _mri_answer(text: str) -> tuple[NewFinding, ...]:
    def read(typed: str) -> tuple[NewFinding, ...]:
        return read_findings(typed, option=_ANSWER, modality=Modality.MRI)

    return in_own_words(read, option=_ANSWER, example="talus-left=large,effusion")(text)


def _ask_mri(record: PatientRecord) -> list[NewFinding]:
    last = record.imaging[-1] if record.imaging else None
    seen = f"last: {record_text('imaging_finding', last)} {last.visit_date.when_in_words()}" if last else "none so far"
    question = f"MRI, as SITE=large,effusion ({seen})"
    findings: list[NewFinding] = []
    while more := ask(question, _mri_answer):
        findings += more
        question = "MRI of another bone"
    return findings


def _ask_note() -> list[NewNote]:
    note = ask("Note", read_note)
    return [note] if note else []
