"""What `tracker demo` recorded is told from patients by the entry that made it."""

from datetime import date

import pytest

from tracker.clinical.published import CASES_FILE
from tracker.service.courses import course_view
from tracker.service.demonstration import demonstration_of


@pytest.mark.parametrize(
    ("command", "source", "said"),
    [
        ("patient add", None, ""),
        ("import", CASES_FILE.name, ""),
        ("demo", None, "simulated patient"),
        ("demo", CASES_FILE.name, "published case"),
    ],
)
def test_the_command_and_the_source_of_the_entry_decide(record, database, command, source, said):
    def draw(draft):
        patient_id = draft.identity("patient", clinic_id=1)
        values = {"patient_id": patient_id, "clinic_id": 1, "patient_code": "P-1", "sex": "F"}
        draft.record("patient_details", values)

    made = record.entry(draw, command, source_name=source)
    # a later entry by hand does not make a patient of it
    record.visit(1, scores={"talus-left": 5})
    assert demonstration_of(made.entry) == said
    assert course_view(database, "P-1", as_of=date(2026, 6, 1)).provenance.demonstration == said
