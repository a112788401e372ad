"""The case is drawn as a table in the test's docstring; the test reads it from there."""

import inspect
import re

import pytest

from tracker.clinical.case_record import CauseVerdict, ChecklistItem, LabResult, PregnancyStatus
from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord, Visit, VitaminDResult
from tracker.clinical.vocabulary import (
    Aspect,
    CauseState,
    Checklist,
    Comparator,
    Finding,
    Instrument,
    LabJudgement,
    Modality,
    PregnancyState,
    Presence,
    Sex,
    VitaminDUnit,
)
from tracker.clinical.word_lists import WordList, find_word
from tracker.dates import PartialDate

PRESENCE = {"+": Presence.PRESENT, "-": Presence.ABSENT, "?": Presence.NOT_EXAMINED}


@pytest.fixture
def drawn(request):
    """Rows of the table in the test's docstring: cells between bars, the heading left out."""
    lines = inspect.cleandoc(request.function.__doc__).splitlines()
    rows = [tuple(cell.strip() for cell in line.split("|")) for line in lines if "|" in line]
    assert len(rows) > 1, "the docstring draws no table"
    return rows[1:]


class Drawing:
    """A record put together fact by fact, as the record's own reader would give it."""

    def __init__(self):
        self.facts = {}
        self.about = {"sex": Sex.FEMALE, "birth": None}
        self.n_rows = 0

    def add(self, day, what, found):
        self.n_rows += 1
        on = None if day == "-" else PartialDate.parse(day)
        kind, *words = what.split()
        getattr(self, f"_{kind}")(self.n_rows, on, words, found)

    def _born(self, row, on, words, found):
        self.about["birth"] = PartialDate.parse(found)

    def _sex(self, row, on, words, found):
        self.about["sex"] = Sex(found)

    def _onset(self, row, on, words, found):
        closed = PartialDate.parse(found) if found else None
        self._keep("episodes", Episode(row, row, words[0], on, None, closed, None))

    def _lab(self, row, on, words, found):
        judgement = LabJudgement(found) if found in tuple(LabJudgement) else None
        value = comparator = unit = low = high = None
        if judgement is None:
            number, unit, limit = re.fullmatch(r"([<>]?[\d.]+) (\S+)(?: @(\S+))?", found).groups()
            comparator = Comparator(number[0]) if number[0] in "<>" else None
            value = float(number.lstrip("<>"))
            if limit:
                low, high = (float(end) if end else None for end in limit.split("-"))
        fact = LabResult(row, row, row, on, words[0], value, comparator, unit, low, high, judgement, None)
        self._keep_at_visit("labs", row, on, fact)

    def _vitamin(self, row, on, words, found):
        value, unit = found.split()
        fact = VitaminDResult(row, row, row, on, float(value), VitaminDUnit(unit), None, None, None)
        self._keep_at_visit("vitamin_d", row, on, fact)

    def _image(self, row, on, words, found):
        modality, site, sign = words
        presence = PRESENCE[found]
        percent = 30.0 if (sign, found) == ("edema", "+") else None
        fact = ImagingFinding(row, row, row, on, Modality(modality), site, Finding(sign), presence, percent, None, None)
        self._keep_at_visit("imaging", row, on, fact)

    def _pain(self, row, on, words, found):
        fact = PainScore(row, row, row, on, words[0], Instrument.NRS, Aspect(words[1]), int(found), None)
        self._keep_at_visit("pain_scores", row, on, fact)

    def _item(self, row, on, words, found):
        about, code = words
        checklist = find_word(WordList.ITEM, code).checklist
        fact = ChecklistItem(row, row, Checklist(checklist), about, code, on, PRESENCE[found], None, None)
        self._keep("checklist_items", fact)

    def _cause(self, row, on, words, found):
        self._keep("differential", CauseVerdict(row, row, "patient", words[0], on, CauseState(found), None, None))

    def _pregnancy(self, row, on, words, found):
        self._keep("pregnancy", PregnancyStatus(row, row, on, PregnancyState(found), None, None))

    def _keep_at_visit(self, name, row, on, fact):
        self._keep("visits", Visit(row, row, on))
        self._keep(name, fact)

    def _keep(self, name, fact):
        self.facts.setdefault(name, []).append(fact)

    def record(self):
        needed = ("episodes", "visits", "pain_scores", "vitamin_d", "imaging", "notes")
        facts = {name: tuple(self.facts.get(name, ())) for name in {*needed, *self.facts}}
        return PatientRecord(1, "P-07", "default", last_entry_id=self.n_rows, **self.about, **facts)


@pytest.fixture
def draw():
    """Give `draw(rows)`: the record of rows of day, what and what was found."""

    def make(rows):
        drawing = Drawing()
        for row in rows:
            drawing.add(*row)
        return drawing.record()

    return make
