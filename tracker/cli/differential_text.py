"""The differential as text: every cause, and in a sentence what is open."""

from __future__ import annotations

import click

from tracker.cli.case_text import plain
from tracker.cli.render import as_json, print_table
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.differential import CauseNow, Differential
from tracker.clinical.record import PatientRecord
from tracker.clinical.sites import site_label
from tracker.clinical.word_lists import WordList, word_label

EXCLUSION = "Bone marrow edema syndrome is a diagnosis of exclusion"


def print_differential(record: PatientRecord, differential: Differential) -> None:
    """Print every cause for one site, then what is open."""
    place = "patient as a whole" if differential.about == PATIENT_AS_A_WHOLE else site_label(differential.about)
    click.echo(f"{record.patient_code}, {place}")
    print_table(["cause", "state", "how", "when", "by"], [_row(cause) for cause in differential.causes], empty="")
    for sentence in sentences(differential):
        click.echo(sentence)


def sentences(differential: Differential) -> list[str]:
    """Say how complete the exclusion is, and what was found."""
    n_causes = len(differential.causes)
    n_excluded = n_causes - len(differential.open_causes)
    said = []
    if differential.present_causes:
        names = ", ".join(_label(code) for code in differential.present_causes)
        said.append(f"Present: {names}. Marrow edema then has another cause, or the syndrome stands beside it.")
    if differential.is_complete:
        said.append(f"{EXCLUSION}: all {n_causes} causes of the list are excluded.")
    else:
        names = ", ".join(_label(code) for code in differential.open_causes)
        said.append(f"{EXCLUSION}, and here it is not complete: {n_excluded} of {n_causes} causes are excluded.")
        said.append(f"Open: {names}.")
    return said


def differential_json(differential: Differential) -> dict[str, object]:
    """Give the differential with what follows from it."""
    return {
        "about": differential.about,
        "causes": as_json(differential.causes),
        "open_causes": as_json(differential.open_causes),
        "present_causes": as_json(differential.present_causes),
        "is_complete": differential.is_complete,
    }


def _row(cause: CauseNow) -> tuple[object, ...]:
    verdict = cause.verdict
    if verdict is None:
        return _label(cause.cause), "not spoken of", None, None, None
    return _label(cause.cause), plain(verdict.state), verdict.how, verdict.decided_on, verdict.decided_by


def _label(code: str) -> str:
    return word_label(WordList.CAUSE, code)
