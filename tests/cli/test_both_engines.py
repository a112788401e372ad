"""One whole session at the command line, on SQLite and on PostgreSQL: the same words, the same numbers."""

from __future__ import annotations

import json


def test_a_clinic_day_on_either_engine(run_on, database_url, tmp_path):
    run = run_on(database_url)
    for words in (
        ("patient", "add", "P-07", "--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01"),
        ("visit", "add", "P-07", "--on", "2026-02-03", "--pain", "ankle-left=5", "--vitamin-d", "<10nmol/L"),
        ("visit", "add", "P-07", "--on", "2026-03-20", "--pain", "ankle-left=8", "--mri", "talus-left=62.5%,patchy"),
        ("visit", "add", "P-07", "--on", "2026-05", "--pain", "ankle-left=8", "--note", "caf\u00e9, 8 \u2264 9"),
        ("visit", "edit", "3", "--pain", "ankle-left=6", "--why", "typing error"),
        ("visit", "add", "P-07", "--on", "2026-07-01", "--pain", "ankle-left=3"),
        ("undo", "--yes"),
        ("undo", "7", "--yes"),
    ):
        done = run(*words)
        assert done.exit_code == 0, (words, done.output)
    held = json.loads(run("patient", "show", "P-07", "--json").stdout)
    assert [(s["visit_date"], s["score"]) for s in held["pain_scores"]] == [
        ("2026-02-03", 5),
        ("2026-03-20", 8),
        ("2026-05", 6),
        ("2026-07-01", 3),
    ]
    assert [(v["comparator"], v["value"], v["unit"]) for v in held["vitamin_d"]] == [("<", 10.0, "nmol/L")]
    assert [f["edema_percent"] for f in held["imaging"]] == [62.5]
    assert [note["text"] for note in held["notes"]] == ["caf\u00e9, 8 \u2264 9"]
    fit = json.loads(run("course", "show", "P-07", "--as-of", "2026-07-02", "--json").stdout)["episodes"][0]["course"]
    assert fit["phase"] == "regression"
    assert run("db", "verify").exit_code == 0
    assert run("db", "status").stdout.splitlines()[-1] == "1 patient, 4 visits, 8 ledger entries"
    backup = run("db", "backup", str(tmp_path / "backup.db"))
    assert backup.exit_code == 0, backup.output


def test_a_backup_of_either_engine_is_restored_and_reads_the_same(run_on, database_url, tmp_path):
    run = run_on(database_url)
    run("patient", "add", "P-07", "--sex", "M", "--site", "ankle-left", "--onset", "~2026-01-10")
    run("visit", "add", "P-07", "--on", "2026-02-03", "--pain", "ankle-left=5", "--mri", "talus-left=large")
    run("undo", "--yes")
    run("undo", "3", "--yes")
    assert run("db", "backup", str(tmp_path / "backup.db")).exit_code == 0
    refused = run("db", "restore", str(tmp_path / "backup.db"))
    assert refused.exit_code == 5, refused.output
    assert refused.stderr.rstrip().endswith("Nothing was written.")
    restored = run_on(str(tmp_path / "restored.db"), make=False)
    done = restored("db", "restore", str(tmp_path / "backup.db"))
    assert done.exit_code == 0, done.output
    for words in (("patient", "show", "P-07", "--json"), ("log", "--all", "--json"), ("db", "verify")):
        assert restored(*words).stdout == run(*words).stdout
