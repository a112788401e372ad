"""`db`, `init` and `site` at the command line."""

from __future__ import annotations

import json

import pytest


def test_init_says_where_the_record_is_and_what_to_type_next(run, tmp_path):
    shown = run("init")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[:2] == [f"Database: {tmp_path / 'record.db'}", "Schema revision: 0004"]
    assert "Next: tracker patient add" in shown.stdout


def test_status_counts_what_is_current(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    patient("undo", "--yes")
    found = json.loads(patient("db", "status", "--json").stdout)
    assert (found["n_patients"], found["n_visits"], found["n_entries"]) == (1, 0, 3)
    assert (found["schema_revision"], found["newest_revision"]) == ("0004", "0004")


def test_an_upgrade_of_the_newest_schema_does_nothing_and_says_so(patient):
    done = patient("db", "upgrade")
    assert done.exit_code == 0
    assert "Already at schema revision 0004; nothing to do." in done.stderr


def test_an_upgrade_can_be_rehearsed(patient):
    shown = patient("db", "upgrade", "--dry-run")
    assert shown.exit_code == 0
    assert "At schema revision 0004; newest known 0004. Dry run: nothing was written." in shown.stderr


def test_a_backup_never_overwrites(patient, tmp_path):
    target = tmp_path / "backup.db"
    first = patient("db", "backup", str(target), "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["n_entries"] == 1
    before = target.read_bytes()
    again = patient("db", "backup", str(target))
    assert again.exit_code == 5
    assert str(target) in again.stderr
    assert target.read_bytes() == before


def test_verify_prints_its_findings_as_json(patient):
    found = json.loads(patient("db", "verify", "--json").stdout)
    assert (found["n_entries"], found["problems"]) == (1, [])
    assert len(found["head_hash"]) == 64


def test_sites_are_found_by_a_word(run):
    found = {site["key"]: site for site in json.loads(run("site", "list", "talus", "--json").stdout)}
    assert found.keys() == {"talus-left", "talus-right"}
    assert found["talus-left"]["snomed"] == "67453005"  # SNOMED CT, as the clinical reference saw it
    shown = run("site", "list", "cuneiform").stdout
    assert "medial-cuneiform-left" in shown


@pytest.mark.parametrize("words", [("site", "list", "tail"), ("site", "list", "kidney")])
def test_a_word_that_no_site_has_says_how_to_list_all(run, words):
    shown = run(*words)
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert f"No site has '{words[-1]}' in its name. List all: tracker site list" in shown.stderr


def test_the_page_of_a_patient_is_written_where_it_was_asked_for(patient, tmp_path):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    done = patient("report", "patient", "P-07", "--out", str(tmp_path / "pages"), "--as-of", "2026-04-01")
    assert done.exit_code == 0, done.output
    page = tmp_path / "pages" / "patient-P-07.html"
    assert done.stdout.strip() == str(page)
    assert "1 score recorded, 1 drawn, 0 missing" in page.read_text(encoding="utf-8")


def test_a_page_stays_the_same_byte_for_byte_while_others_are_logged(patient, tmp_path):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    report = ("report", "patient", "P-07", "--as-of", "2026-04-01", "--out")
    patient(*report, str(tmp_path / "before"))
    patient("patient", "add", "P-08")
    patient(*report, str(tmp_path / "after"))
    before, after = ((tmp_path / name / "patient-P-07.html").read_bytes() for name in ("before", "after"))
    assert before == after
    patient("patient", "edit", "P-07", "--sex", "F")
    patient(*report, str(tmp_path / "later"))
    assert (tmp_path / "later" / "patient-P-07.html").read_bytes() != before


def test_a_page_that_cannot_be_written_is_said(patient, tmp_path):
    (tmp_path / "pages").write_text("a file, not a folder")
    refused = patient("report", "patient", "P-07", "--out", str(tmp_path / "pages"))
    assert refused.exit_code == 2
    assert "is a file" in refused.stderr
