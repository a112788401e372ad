"""Ask, where somebody wishes it, for what a visit brings besides pain, vitamin D, MRI and a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tracker.cli.asking import ask, in_own_words
from tracker.cli.case_text import treatment_text
from tracker.cli.dose_words import read_dose
from tracker.cli.record_text import record_text
from tracker.cli.render import json_fields
from tracker.cli.result_words import read_function, read_lab
from tracker.clinical.case_record import FunctionScore, LabResult
from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.word_lists import WordList, find_word
from tracker.dates import parse_visit_date
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.treatments import NewTreatment, TreatmentEnd, check_end, check_new_treatment

_T = TypeVar("_T")


@dataclass(frozen=True)
class RestOfVisit:
    """Laboratory results, function scores, and treatments that began or ended."""

    labs: tuple[NewLab, ...] = ()
    function_scores: tuple[NewFunctionScore, ...] = ()
    treatments: tuple[NewTreatment, ...] = ()
    ended_treatments: tuple[TreatmentEnd, ...] = ()


def ask_rest(record: PatientRecord, *, today: date) -> RestOfVisit:
    """Ask for laboratory values, function scores and changes of treatment; Enter leaves each one out."""
    return RestOfVisit(
        tuple(
            _ask_results(
                f"Laboratory value, as crp=3mg/L ({_last('lab_result', record.labs)})",
                in_own_words(read_lab, option="--lab", example="crp=3mg/L"),
            )
        ),
        tuple(
            _ask_results(
                f"Function score, as faam-adl=62@ankle-left ({_last('function_score', record.function_scores)})",
                in_own_words(read_function, option="--function", example="faam-adl=62@ankle-left"),
            )
        ),
        ended_treatments=tuple(_ask_ends(record, today=today)),
        treatments=tuple(_ask_treatments(today=today)),
    )


def _last(table: str, facts: tuple[LabResult, ...] | tuple[FunctionScore, ...]) -> str:
    if not facts:
        return "none so far"
    return f"last: {record_text(table, facts[-1])} {facts[-1].visit_date.when_in_words()}"


def _ask_results(question: str, read: Callable[[str], _T]) -> list[_T]:
    results: list[_T] = []
    while (result := ask(question, read)) is not None:
        results.append(result)
        question = f"Another {question.partition(',')[0].lower()}"
    return results


def _ask_ends(record: PatientRecord, *, today: date) -> list[TreatmentEnd]:
    """Ask of each treatment that goes on whether it has ended."""
    ends = []
    for treatment in record.treatments:
        if treatment.ended is not None:
            continue

        def read_end(text: str, treatment_id: int = treatment.treatment_id) -> TreatmentEnd:
            end = TreatmentEnd(treatment_id, parse_visit_date(text, today=today))
            check_end(record, end, today=today)
            return end

        words = treatment_text(json_fields(treatment))
        end = ask(f"Treatment {treatment.treatment_id}: {words}. Day it ended, if it did", read_end)
        ends += [] if end is None else [end]
    return ends


def _ask_treatments(*, today: date) -> list[NewTreatment]:
    """Ask for treatments that began, until Enter; a start nobody knows stays unknown."""
    treatments = []
    question = "New treatment by its code, such as vitamin-d"
    while (code := ask(question, lambda text: find_word(WordList.TREATMENT, text).code)) is not None:
        words = _ask_words() if code == "other" else None
        if code != "other" or words is not None:
            treatments.append(_ask_start(NewTreatment(code, words), today=today))
        question = "Another new treatment by its code"
    return treatments


def _ask_words() -> str | None:
    def read(text: str) -> str:
        check_value("treatment_words", text)
        return text

    return ask("What it is, in words (Enter leaves this treatment out)", read)


def _ask_start(new: NewTreatment, *, today: date) -> NewTreatment:
    def started(text: str) -> NewTreatment:
        dated = NewTreatment(new.treatment, new.words, started=parse_visit_date(text, today=today))
        check_new_treatment(dated, today=today)
        return dated

    dated = ask("Its start, such as 2026-03, 2026-03-10 or -3w (Enter: not known)", started)
    if dated is None:
        return new  # a dose needs a day, so without a start none is asked for
    dose = ask("Its dose, such as 2000IU daily (Enter: none)", lambda text: read_dose(text, since=None))
    return NewTreatment(dated.treatment, dated.words, started=dated.started, dose=dose)
