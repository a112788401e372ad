"""A patient's record as two csv files beside the page: the table of visits, and a row for every fact.

What a spreadsheet would take for a formula has an apostrophe before it; an empty cell says that nothing was recorded.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from reports.fact_words import Values, fact_words, values_of
from reports.page import page_name
from reports.sentences import Sentences, load_sentences, plainly
from reports.visit_rows import OF_DAYS, OF_VISITS, visit_rows
from tracker.analysis.views import PatientView
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.vocabulary import Instrument
from tracker.dates import PartialDate
from tracker.exchange.formulas import neutral

_DATE = ("date", "date_first", "date_last")
_FACT = ("visit", *_DATE, "kind", "about", "what", "comparator", "value", "unit", "missing_reason", "words")
_UNITS = {Instrument.NRS: "NRS points 0-10", Instrument.VAS: "VAS mm 0-100"}
_WHAT = ("analyte", "scale", "cause", "item", "treatment", "flag")
_VALUE = ("score", "value", "presence", "state", "decision", "dose")


def patient_data(view: PatientView, out_dir: Path) -> dict[Path, bytes]:
    """Make the two files of a patient: the same view gives the same bytes.

    Parameters
    ----------
    view : PatientView
        What to write: the record up to its as-of day.
    out_dir : pathlib.Path
        The folder of the page.

    Returns
    -------
    dict of pathlib.Path to bytes
        ``patient-CODE-visits.csv``, a row for each visit with a column for each kind of fact, in words as on the page;
        and ``patient-CODE-facts.csv``, a row for each fact with its number, unit and reason where it is missing.
    """
    sentences, name = load_sentences(), page_name(view.record).removesuffix(".html")
    return {
        out_dir / f"{name}-visits.csv": _csv(_visit_table(view, sentences)),
        out_dir / f"{name}-facts.csv": _csv(_fact_table(view.record, sentences)),
    }


def _visit_table(view: PatientView, sentences: Sentences) -> Iterator[Sequence[object]]:
    tables = (*(table for table, _ in OF_VISITS), "treatment_details", *(table for table, _, _ in OF_DAYS))
    kinds = [sentences.word("fact_table", table) for table in tables]
    yield ("visit", *_DATE, *(kind.replace(" ", "_").lower() for kind in kinds))
    for row, visit in zip(visit_rows(view, sentences), view.record.visits, strict=True):
        said = {part.kind: "; ".join(part.facts) for part in row.parts}
        yield (visit.visit_id, *_days(visit.visit_date), *(said.get(kind) for kind in kinds))


def _fact_table(record: PatientRecord, sentences: Sentences) -> Iterator[Sequence[object]]:
    yield _FACT
    rows = [_row(table, values, day, sentences) for table, values, day in _facts(record)]
    # by day, what has none last, and facts of one day as they were read
    yield from sorted(rows, key=lambda row: (row[2] is None, str(row[2]), str(row[3])))


def _facts(record: PatientRecord) -> Iterator[tuple[str, Values, PartialDate | None]]:
    """Give each fact with its table and the day it is of."""
    for episode in record.episodes:
        yield "episode_details", _of_episode(episode), episode.onset
    for table, name in OF_VISITS:
        for fact in getattr(record, name):
            yield table, values_of(fact), fact.visit_date
    for treatment in record.treatments:
        yield "treatment_details", values_of(treatment), treatment.started
        for dose in treatment.doses:
            of_treatment = {"treatment": treatment.treatment, "site": treatment.site}
            yield "treatment_dose", {**of_treatment, **values_of(dose)}, dose.dose_since
    for table, name, day in OF_DAYS:
        for fact in getattr(record, name):
            yield table, values_of(fact), getattr(fact, day)


def _of_episode(episode: Episode) -> Values:
    """Give the details of an episode by the names of the ledger's rows."""
    return {
        "site": episode.site,
        "onset": episode.onset,
        "onset_mode": episode.mode,
        "closed_on": episode.closed_on,
        "closing_reason": episode.closing_reason,
    }


def _row(table: str, values: Values, day: PartialDate | None, sentences: Sentences) -> tuple[object, ...]:
    return (
        values.get("visit_id"),
        *_days(day),
        sentences.word("fact_table", table),
        values.get("site") or values.get("about"),
        _what(values),
        values.get("comparator"),
        next((values[name] for name in _VALUE if values.get(name) is not None), None),
        _unit(values),
        values.get("missing_reason"),
        fact_words(table, values, sentences),
    )


def _what(values: Values) -> str | None:
    """Name what was measured or said, by the codes of the record."""
    for pair in (("instrument", "aspect"), ("modality", "finding")):
        if pair[0] in values:
            return " ".join(str(values[name]) for name in pair)
    return next((str(values[name]) for name in _WHAT if values.get(name) is not None), None)


def _unit(values: Values) -> object:
    if "instrument" in values:
        return _UNITS[Instrument(str(values["instrument"]))]
    return values.get("unit") or values.get("dose_unit")


def _days(day: PartialDate | None) -> tuple[object, object, object]:
    return (None, None, None) if day is None else (day, day.first, day.last)


def _csv(rows: Iterator[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(["" if cell is None else _cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _cell(cell: object) -> object:
    if isinstance(cell, float):
        return plainly(cell)
    return cell if isinstance(cell, int) else neutral(str(cell))
