#!/usr/bin/env python3
"""Write a small record at the newest schema revision as SQL text, to be upgraded by the tests of later versions.

    python scripts/make_old_database.py

makes ``tests/migrations/data/NNNN.sql``. Run it once, when a revision is released: the
file is what people have on their disks, and never changes again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.database import ledger, schema  # noqa: E402 - found only once the checkout is on the path
from tracker.database.session import Database, open_database  # noqa: E402
from tracker.dates import PartialDate  # noqa: E402

DATA = ROOT / "tests" / "migrations" / "data"
START = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


def main() -> int:
    """Write the file, unless it is there."""
    target = DATA / f"{schema.head_revision()}.sql"
    if target.exists():
        print(f"'{target}' exists already, and a released file never changes.", file=sys.stderr)
        return 1
    DATA.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory, open_database(f"sqlite:///{directory}/old.db", create=True) as database:
        fill(database)
        with database.driver_connection() as connection:
            target.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
    print(target)
    return 0


def fill(database: Database) -> None:
    """Write every kind of row once at least, an amendment, a void, and an undo."""
    steps = (
        ("patient add", add_patient),
        ("episode open", open_episode),
        ("visit add", add_visit),
        ("visit amend", amend_score),
        ("visit void", take_back_note),
    )
    for number, (command, step) in enumerate(steps):
        with database.writing() as connection:
            draft = ledger.Draft(connection)
            step(draft)
            ledger.append(connection, draft, origin(number, command))
    with database.writing() as connection:
        ledger.append(connection, ledger.draft_undo(connection, 4), origin(len(steps), "undo"))
    with database.writing() as connection:
        draft = ledger.Draft(connection)
        add_case(draft)
        ledger.append(connection, draft, origin(len(steps) + 1, "visit edit"))
    with database.writing() as connection:
        draft = ledger.Draft(connection)
        say_what_left(draft)
        ledger.append(connection, draft, origin(len(steps) + 2, "export"))


def origin(number: int, command: str) -> ledger.Origin:
    """Give the origin of an entry, an hour after the one before it."""
    return ledger.Origin(
        recorded_at=START + timedelta(hours=number),
        recorded_by="ana",
        command=command,
        program_version="0.1.0",
        reason="to be upgraded by later versions",
        source_name="old.csv",
        source_sha256="0" * 64,
        warnings=("a score before onset",),
    )


def add_patient(draft: ledger.Draft) -> None:
    """Add a patient whose month of birth is known."""
    patient_id = draft.identity("patient", clinic_id=1)
    values = {"clinic_id": 1, "patient_code": "OLD-1", "sex": "F", "birth": PartialDate.parse("1970-05")}
    draft.record("patient_details", {"patient_id": patient_id} | values)


def open_episode(draft: ledger.Draft) -> None:
    """Open an episode, and close it at once."""
    episode_id = draft.identity("episode", patient_id=1)
    values = {"site": "talus-left", "onset": PartialDate.parse("~2026-01-10"), "onset_mode": "insidious"}
    closing = {"closed_on": PartialDate.parse("2026-03"), "closing_reason": "resolved"}
    draft.record("episode_details", {"episode_id": episode_id} | values | closing)


def add_visit(draft: ledger.Draft) -> None:
    """Add a visit with every kind of fact."""
    visit = {"visit_id": draft.identity("visit", patient_id=1)}
    draft.record("visit_details", visit | {"visit_date": PartialDate.parse("2026-03-01/2026-03-09")})
    draft.record("pain_score", visit | {"site": "talus-left", "instrument": "nrs", "aspect": "load", "score": 7})
    missing = {"site": "talus-left", "instrument": "vas", "aspect": "night", "missing_reason": "refused"}
    draft.record("pain_score", visit | missing)
    value = {"value": 12.5, "unit": "nmol/L", "comparator": "<", "assay": "LC-MS"}
    draft.record("vitamin_d", visit | value)
    finding = {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"}
    extent = {"edema_percent": 40, "edema_grade": 2, "edema_pattern": "diffuse"}
    draft.record("imaging_finding", visit | finding | extent)
    draft.record("note", visit | {"patient_id": 1, "site": "talus-left", "text": "Geht an Krücken."})


def add_case(draft: ledger.Draft) -> None:
    """Add every kind of fact that revisions 0002 and 0003 brought."""
    result = {"analyte": "crp", "value": 31, "unit": "mg/L", "limit_high": 5, "judgement": "high"}
    draft.record("lab_result", {"visit_id": 1} | result)
    draft.record("lab_result", {"visit_id": 1, "analyte": "esr", "missing_reason": "not_done"})
    draft.record("function_score", {"visit_id": 1, "about": "talus-left", "scale": "faam-adl", "score": 62})
    treatment = {"treatment_id": draft.identity("treatment", patient_id=1)}
    span = {"started": PartialDate.parse("2026-02"), "ended": PartialDate.parse("2026-03"), "ending_reason": "healed"}
    draft.record("treatment_details", treatment | {"treatment": "ibandronate", "site": "talus-left"} | span)
    dose = {"dose": 150, "dose_unit": "mg", "schedule": "monthly", "dose_since": PartialDate.parse("2026-02")}
    draft.record("treatment_dose", treatment | dose)
    patient, day = {"patient_id": 1}, PartialDate.parse("2026-03-02")
    verdict = {"about": "patient", "cause": "infection", "decided_on": day, "state": "excluded", "how": "MRI"}
    draft.record("differential", patient | verdict)
    item = {"checklist": "crps", "about": "ankle-left", "item": "sign-sensory", "examined_on": day}
    draft.record("checklist_item", patient | item | {"presence": "not_examined"})
    draft.record("pregnancy_status", patient | {"stated_on": day, "state": "pregnant", "gestational_week": 30})
    flag = {"flag": "raised_crp", "rule_version": "1", "about": "patient", "flag_state": "raised"}
    said = {"decision": "dismissed", "reason": "a cold", "evidence_hash": "0" * 64, "decided_on": day}
    draft.record("flag_decision", patient | flag | said)


def say_what_left(draft: ledger.Draft) -> None:
    """Add the two kinds of fact that revision 0004 brought."""
    draft.record("release_key", {"release_name": "paper", "secret": "5" * 64})
    made = {"kind": "de-identified", "selection": "all patients", "formats": "csv", "n_patients": 1}
    draft.record("export_made", {"release_name": "paper", "manifest_sha256": "1" * 64} | made)


def amend_score(draft: ledger.Draft) -> None:
    """Correct the score; undone later."""
    draft.retract("pain_score", 1)
    values = {"visit_id": 1, "site": "talus-left", "instrument": "nrs", "aspect": "load", "score": 8}
    draft.record("pain_score", values)


def take_back_note(draft: ledger.Draft) -> None:
    """Take the note back."""
    draft.retract("note", 1)


if __name__ == "__main__":
    sys.exit(main())
