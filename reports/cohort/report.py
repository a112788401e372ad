"""A cohort's summary as one report, and the report as text, Markdown, HTML, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.cohort.comparing import bone_table, distance_table, move_table, published_table, vitamin_d_table
from reports.cohort.shown import ShownCell, ShownTable, Value
from reports.cohort.tables import Telling, summary_tables
from reports.sentences import Sentences, load_sentences, place
from reports.templating import load_template
from tracker.analysis.cohort.choice import CohortChoice
from tracker.analysis.cohort.summary import CohortSummary
from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import Release
from tracker.analysis.views import Provenance
from tracker.clinical.reference import Edition
from tracker.dates import day_in_words

_NUMBERS = (
    "n",
    "of",
    "percent",
    "low95_percent",
    "high95_percent",
    "least_percent",
    "highest_percent",
    "median",
    "quartile1",
    "quartile3",
    "mean",
    "low95",
    "high95",
    "text",
)
CSV_COLUMNS = ("table", "row", "column", *_NUMBERS, "is_hidden")
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """What a report says of itself: where its numbers come from, and whether they may leave.

    `policy` is None for an internal report, in which nothing is hidden.
    """

    clinic_code: str
    provenance: Provenance
    choice: CohortChoice
    known_at: str | None
    is_demonstration: bool
    policy: Policy | None


@dataclass(frozen=True, slots=True)
class CohortReport:
    """A report: its statements, then its tables, or only a sentence where there are too few patients."""

    title: str
    notices: tuple[str, ...]
    heading: tuple[str, ...]
    tables: tuple[ShownTable, ...]
    footing: tuple[str, ...]
    facts: CohortFacts
    refused: tuple[str, ...] = ()

    @property
    def is_internal(self) -> bool:
        """Whether it must not leave the clinic."""
        return self.facts.policy is None


def cohort_report(summary: CohortSummary, release: Release, facts: CohortFacts, edition: Edition) -> CohortReport:
    """Put a summary into tables, showing of every count what the release allows.

    Parameters
    ----------
    summary : CohortSummary
        What was counted.
    release : Release
        Made of the same summary.
    facts : CohortFacts
        What the report says of itself.
    edition : Edition
        The edition courses were read by.
    """
    sentences = load_sentences()
    telling = Telling(summary, release, sentences, edition)
    refused = tuple(release.statements.values())
    tables: Sequence[ShownTable] = ()
    if not refused:
        comparing = (published_table, vitamin_d_table, bone_table, move_table, distance_table)
        tables = (*summary_tables(telling), *(table(telling) for table in comparing))
    return CohortReport(
        title=sentences.say("cohort", "title", clinic=facts.clinic_code),
        notices=notices(facts, sentences),
        heading=heading(facts, sentences),
        tables=tuple(tables),
        footing=footing(facts, sentences),
        facts=facts,
        refused=refused,
    )


def notices(facts: CohortFacts, sentences: Sentences) -> tuple[str, ...]:
    """Say what must be seen first: that the data are no cohort of anybody, and that a report must not leave."""
    found = ["demonstration"] if facts.is_demonstration else []
    found += ["internal"] if facts.policy is None else []
    return tuple(sentences.say("cohort", name) for name in found)


def heading(facts: CohortFacts, sentences: Sentences) -> tuple[str, ...]:
    """Say what the numbers are for, and of whom they are."""
    found = [sentences.say("cohort", "intended")]
    known = "" if facts.known_at is None else sentences.say("cohort", "known_at", moment=facts.known_at)
    day = day_in_words(facts.choice.as_of)
    found.append(sentences.say("cohort", "as_of", day=day, known_at=known, choice=_choice(facts.choice, sentences)))
    return tuple(found)


def footing(facts: CohortFacts, sentences: Sentences) -> tuple[str, ...]:
    """Say by which policy numbers are hidden, and what the report was made from."""
    provenance = facts.provenance
    made = sentences.say(
        "cohort",
        "made_by",
        version=provenance.program_version,
        schema=provenance.schema_revision,
        edition=provenance.edition,
        sha=provenance.edition_sha256,
        entry=provenance.last_entry_id,
    )
    if facts.policy is None:
        return (sentences.say("cohort", "internal"), made)
    policy = sentences.say("cohort", "policy", policy=facts.policy.words())
    return (policy, sentences.say("cohort", "hidden_mark"), made)


def _choice(choice: CohortChoice, sentences: Sentences) -> str:
    parts = []
    if choice.site is not None:
        parts.append(sentences.say("cohort", "choice_site", site=place(choice.site)))
    if choice.sex is not None:
        parts.append(sentences.say("cohort", "choice_sex", sex=sentences.word("sex", choice.sex)))
    if choice.since is not None:
        parts.append(sentences.say("cohort", "choice_since", day=day_in_words(choice.since)))
    if not parts:
        return sentences.say("cohort", "choice_all")
    return sentences.say("cohort", "choice", parts=", ".join(parts))


def as_markdown(report: CohortReport) -> str:
    """Write a report as Markdown."""
    lines = [f"# {report.title}", ""]
    for sentence in (*report.notices, *report.heading, *report.refused):
        lines += [sentence, ""]
    for table in report.tables:
        lines += [f"## {table.title}", "", _markdown_row(table.columns)]
        lines.append(_markdown_row(["---"] * len(table.columns)))
        for row in table.rows:
            label = f"{'&nbsp;' * 4 * row.level}{_escaped(row.label)}"
            lines.append(_markdown_row([label, *(_escaped(cell.text) for cell in row.cells)]))
        lines += ["", *(line for note in table.notes for line in (note, ""))]
    return "\n".join([*lines, "---", "", *(line for one in report.footing for line in (one, ""))]).rstrip() + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def as_html(report: CohortReport) -> str:
    """Write a report as a page without script."""
    return load_template("cohort_summary.html").render(report=report, theme=theme, language="en")


def as_word_tables(report: CohortReport) -> str:
    """Write the tables as the plain HTML that a word processor opens as editable tables."""
    return load_template("cohort_word.html").render(report=report, language="en")


def as_csv(tables: Sequence[ShownTable]) -> str:
    """Write tables as one tidy file: a line a cell, its numbers in columns of their own, a mark where it is hidden."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row.cells, strict=True):
                if cell.values or cell.is_hidden:
                    writer.writerow([table.key, _safe(row.label), column, *_values(cell)])
    return lines.getvalue()


def _values(cell: ShownCell) -> list[Value]:
    found: list[Value] = [cell.values.get(name) for name in _NUMBERS[:-1]]
    return [*found, _safe(str(cell.values.get("text", ""))), "yes" if cell.is_hidden else "no"]


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking words for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def as_plain(report: CohortReport) -> dict[str, object]:
    """Give a report as what JSON can hold; a hidden cell is ``{"hidden": true}``, never a number."""
    return {
        "title": report.title,
        "internal": report.is_internal,
        "demonstration": report.facts.is_demonstration,
        "notices": list(report.notices),
        "heading": list(report.heading),
        "refused": list(report.refused),
        "policy": None if report.facts.policy is None else report.facts.policy.words(),
        "provenance": report.facts.provenance,
        "tables": [_plain_table(table) for table in report.tables],
    }


def _plain_table(table: ShownTable) -> dict[str, object]:
    return {
        "key": table.key,
        "title": table.title,
        "columns": list(table.columns),
        "rows": [
            {"label": row.label, "level": row.level, "cells": [_plain_cell(cell) for cell in row.cells]}
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


def _plain_cell(cell: ShownCell) -> dict[str, object]:
    return {"hidden": True} if cell.is_hidden else {**cell.values}
