"""Checklists as text: what was found by day, and CRPS in words."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.case_text import plain
from tracker.cli.render import print_table
from tracker.clinical.case_record import ChecklistItem
from tracker.clinical.crps import Answer, Counted, CrpsAssessment, assess_crps, crps_edition
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.sites import site_label
from tracker.clinical.word_lists import WordList, word_label

_BUDAPEST = {Answer.MET: "met", Answer.NOT_MET: "not met", Answer.OPEN: "cannot be said, too much was not examined"}


def print_checklists(patient_code: str, items: Sequence[ChecklistItem]) -> None:
    """Print every item by day, then each examination for CRPS in words."""
    print_table(
        ["day", "checklist", "about", "item", "found", "since", "words"],
        [
            (
                item.examined_on,
                item.checklist,
                None if item.about == PATIENT_AS_A_WHOLE else site_label(item.about),
                word_label(WordList.ITEM, item.item),
                plain(item.presence),
                item.since,
                item.words,
            )
            for item in items
        ],
        empty=f"Nothing yet. Record it: tracker checklist add {patient_code} risk --on today --present smoking",
    )
    for assessment in assess_crps(items):
        click.echo()
        for sentence in crps_sentences(assessment):
            click.echo(sentence)


def crps_sentences(assessment: CrpsAssessment) -> list[str]:
    """Say what the Budapest criteria make of one examination, and what nobody examined."""
    edition = crps_edition()
    open_items = [
        code
        for part in (assessment.criteria, assessment.symptoms, assessment.signs, assessment.separating)
        for code in part.not_examined
    ]
    said = [
        f"CRPS at {site_label(assessment.about)}, {assessment.examined_on.in_words()}: "
        f"Budapest criteria {_BUDAPEST[assessment.budapest]}.",
        f"  Symptoms told in {_of(assessment.symptoms)} (needed {edition.value('symptom_groups'):g}); "
        f"signs seen in {_of(assessment.signs)} (needed {edition.value('sign_groups'):g}); "
        f"further criteria: {_of(assessment.criteria, 'criteria')} (needed all).",
        f"  Present of what separates it from marrow edema: {_of(assessment.separating, 'features')}.",
    ]
    if open_items:
        said.append(f"  Not examined: {', '.join(word_label(WordList.ITEM, code) for code in open_items)}.")
    return [
        *said,
        f"  The criteria find {edition.value('sensitivity'):.0%} of CRPS and wrongly fit "
        f"{1 - edition.value('specificity'):.0%} of other pain ({edition.sources['Har10'].label}); no diagnosis.",
    ]


def _of(counted: Counted, noun: str = "groups") -> str:
    total = len(counted.present) + len(counted.absent) + len(counted.not_examined)
    n_open = len(counted.not_examined)
    return f"{len(counted.present)} of {total} {noun}" + (f", {n_open} not examined" if n_open else "")
