"""`tracker import` as somebody types it: preview, question, entry, undo."""

import hashlib
import json
from types import SimpleNamespace

import pytest

from tracker.cli.terminal import Terminal

HEADER = "patient_code,visit_date,site,pain_nrs,vitamin_d,vitamin_d_unit"


@pytest.fixture
def clinic(patient, tmp_path, monkeypatch):
    """A record with P-07, and a folder in which `write(name, text)` puts a file."""
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write(text, name="visits.csv"):
        (folder / name).write_text(text, encoding="utf-8")

    return SimpleNamespace(run=patient, write=write, folder=folder)


@pytest.fixture
def at_a_terminal(monkeypatch):
    monkeypatch.setattr(Terminal, "can_ask", True)


FOUR = (
    f"{HEADER}\nP-07,2026-02-02,ankle-left,7,18,ng/mL\nP-07,2026-02-09,ankle-left,6,,\n"
    "P-07,2026-02-16,ankle-left,5,,\nP-07,2026-02-23,ankle-left,4,<4,ng/mL\n"
)


def test_a_session_of_import_correction_and_undo(clinic):
    clinic.write(FOUR)
    first = clinic.run("import", "visits.csv", "--yes")
    assert first.stdout == (
        f"visits.csv: 4 rows of visits (SHA-256 {hashlib.sha256(FOUR.encode()).hexdigest()[:12]}...)\n"
        "  new 4, identical 0, changed 0, rejected 0\n"
        "  records 4 visits, 4 pain scores, 2 vitamin D results\n"
        "  + row 2: P-07, Mon 2026-02-02: pain left ankle 7 (NRS 0-10, overall)\n"
        "  + row 2: P-07, Mon 2026-02-02: vitamin D 18 ng/mL\n"
        "  + row 3: P-07, Mon 2026-02-09: pain left ankle 6 (NRS 0-10, overall)\n"
        "  + row 4: P-07, Mon 2026-02-16: pain left ankle 5 (NRS 0-10, overall)\n"
        "  + row 5: P-07, Mon 2026-02-23: pain left ankle 4 (NRS 0-10, overall)\n"
        "  + row 5: P-07, Mon 2026-02-23: vitamin D <4 ng/mL\n"
    )
    assert first.stderr == "Recorded as entry 2. To take it back: tracker undo 2\n"
    again = clinic.run("import", "visits.csv")
    assert again.stdout.splitlines()[1:] == ["  new 0, identical 4, changed 0, rejected 0"]
    assert again.stderr == "The record holds all of it already. Nothing was written.\n"

    clinic.write(FOUR.replace("left,4,<4", "left,3,4"))
    corrected = clinic.run("import", "visits.csv")
    assert corrected.stdout.splitlines()[1:] == [
        "  new 0, identical 3, changed 1, rejected 0",
        "  records 1 pain score, 1 vitamin D result",
        "  ~ row 5: P-07, Mon 2026-02-23: pain left ankle 4 (NRS 0-10, overall) -> "
        "pain left ankle 3 (NRS 0-10, overall)",
        "  ~ row 5: P-07, Mon 2026-02-23: vitamin D <4 ng/mL -> vitamin D 4 ng/mL",
    ]
    shown = clinic.run("log", "2").output
    assert "visits.csv" in shown
    assert clinic.run("undo", "--yes").exit_code == 0
    assert clinic.run("undo", "2", "--yes").exit_code == 0
    assert json.loads(clinic.run("patient", "show", "P-07", "--json").stdout)["visits"] == []
    assert clinic.run("db", "verify").exit_code == 0


def test_a_dry_run_shows_and_writes_nothing(clinic):
    clinic.write(FOUR)
    result = clinic.run("import", "visits.csv", "--dry-run")
    assert result.stderr == "Dry run: nothing was written.\n"
    assert clinic.run("visit", "list", "P-07").stdout == ""


def test_problems_are_told_together_and_nothing_is_written(clinic):
    clinic.write(f"{HEADER}\nP-07,03/04/2026,ankle-left,7,,\nP-7,2026-02-09,ankle-left,6,,\n")
    result = clinic.run("import", "visits.csv", "--yes")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The input has 2 problems:\n"
        "  visits.csv, row 2: visit_date: '03/04/2026' could be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.\n"
        "  visits.csv, row 3: there is no patient 'P-7'. Did you mean 'P-07'? Add the patient, or import patients "
        "first.\n"
        "Correct the files and run the same command again.\n"
        "Nothing was written.\n"
    )


def test_rejected_rows_that_are_left_out_are_named(clinic):
    clinic.write(f"{HEADER}\nP-07,2026-02-02,ankle-left,7.5,,\nP-07,2026-02-09,ankle-left,6,,\n")
    result = clinic.run("import", "visits.csv", "--skip-rejected")
    assert result.stdout.splitlines()[1:] == [
        "  new 1, identical 0, changed 0, rejected 1",
        "  records 1 visit, 1 pain score",
        "  + row 3: P-07, Mon 2026-02-09: pain left ankle 6 (NRS 0-10, overall)",
        "  ! row 2: pain_nrs must be a whole number from 0 to 10, but was '7.5'",
    ]
    assert result.stderr == "Recorded as entry 2. To take it back: tracker undo 2\n"


def test_more_than_three_rows_need_a_yes_where_nobody_can_answer(clinic):
    clinic.write(FOUR)
    result = clinic.run("import", "visits.csv")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: This would write 4 rows, and nobody can answer here. Add --yes to do it.\nNothing was written.\n",
    )
    clinic.write("\n".join(FOUR.splitlines()[:4]))
    assert clinic.run("import", "visits.csv").exit_code == 0


def test_at_a_terminal_it_asks(clinic, at_a_terminal):
    clinic.write(FOUR)
    no = clinic.run("import", "visits.csv", input="n\n")
    assert (no.exit_code, no.stderr) == (
        1,
        "Write 4 rows? [y/N]: n\nError: Not imported, as you chose.\nNothing was written.\n",
    )
    yes = clinic.run("import", "visits.csv", input="y\n")
    assert yes.stderr.endswith("Recorded as entry 2. To take it back: tracker undo 2\n")


def test_blanks_clear_with_a_reason_and_never_unasked(clinic):
    clinic.write(FOUR)
    clinic.run("import", "visits.csv", "--yes")
    clinic.write(f"{HEADER}\nP-07,2026-02-02,ankle-left,,18,ng/mL\n")
    assert clinic.run("import", "visits.csv", "--blank-clears").stderr == (
        "Error: --blank-clears takes back what is recorded, and needs a reason. Give --why REASON.\n"
        "Nothing was written.\n"
    )
    words = ("import", "visits.csv", "--blank-clears", "--why", "wrong leg")
    assert clinic.run(*words).stderr == (
        "Error: This would write 1 row, and nobody can answer here. Add --yes to do it.\nNothing was written.\n"
    )
    cleared = clinic.run(*words, "--yes")
    assert cleared.stdout.splitlines()[1:] == [
        "  new 0, identical 0, changed 1, rejected 0",
        "  ~ row 2: P-07, Mon 2026-02-02: pain left ankle 7 (NRS 0-10, overall) -> taken back",
    ]


def test_json_holds_the_whole_plan(clinic):
    clinic.write(f"{HEADER}\nP-07,2026-02-02,ankle-left,7,,\nP-07,2026-02-03,ankle-left,11,,\n")
    result = clinic.run("import", "visits.csv", "--json", "--skip-rejected")
    told = json.loads(result.stdout)
    assert told["sha256"] == hashlib.sha256((clinic.folder / "visits.csv").read_bytes()).hexdigest()
    assert {name: told[name] for name in ("entry_id", "file", "kind", "n_rows", "rows", "rejected")} == {
        "entry_id": 2,
        "file": "visits.csv",
        "kind": "visits",
        "n_rows": 2,
        "rows": {"new": 1, "identical": 0, "changed": 0, "rejected": 1},
        "rejected": [{"row": 3, "reason": "pain_nrs must be a whole number from 0 to 10, but was '11'."}],
    }
    assert [change["new"] for change in told["changes"]] == [
        {"visit_date": "2026-02-02"},
        {
            "instrument": "nrs",
            "site": "ankle-left",
            "aspect": "overall",
            "score": 7,
            "missing_reason": None,
        },
    ]


def test_a_workbook_is_read_through_a_mapping(clinic):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Besuche"
    for row in (["Nr", "Datum", "Schmerz"], ["P-07", "2.2.2026", 7]):
        book.active.append(row)
    book.create_sheet("Rest").append(["x"])
    book.save(clinic.folder / "visits.xlsx")
    clinic.write(
        'dates = "DMY"\n[columns]\nNr = "patient_code"\nDatum = "visit_date"\nSchmerz = "pain_nrs"\n'
        '[fixed]\nsite = "ankle-left"\n',
        "clinic.toml",
    )
    result = clinic.run("import", "visits.xlsx", "--sheet", "Besuche", "--map", "clinic.toml")
    assert result.stdout.splitlines()[3:] == ["  + row 2: P-07, Mon 2026-02-02: pain left ankle 7 (NRS 0-10, overall)"]


def test_a_long_preview_and_a_long_undo_are_cut_and_counted(clinic):
    rows = [f"P-07,20{year:02d}-{month:02d},ankle-left,5,," for year in range(10, 20) for month in range(1, 13)]
    clinic.write("\n".join([HEADER, *rows]))
    result = clinic.run("import", "visits.csv", "--yes")
    assert result.stdout.splitlines()[-1] == "  + ... and 100 more"
    undone = clinic.run("undo", "--dry-run").stdout.splitlines()
    assert (len(undone), undone[-1]) == (202, "  ... and 40 more")
