"""`tracker due`: sorted, printable, and the same numbers as JSON."""

import json

import pytest


@pytest.fixture
def clinic(patient):
    """P-07 with a raised CRP seen in March; P-08 never seen."""
    for words in (
        "visit add P-07 --on 2026-03-10 --pain ankle-left=7 --lab crp=31mg/L@<5 --mri talus-left=large",
        "patient add P-08 --sex F --born 1980 --site ankle-right --onset 2026-03",
    ):
        done = patient(*words.split())
        assert done.exit_code == 0, done.output
    return patient


def test_the_list_is_sorted_by_urgency_and_fits_a_page(clinic):
    printed = clinic("due", "--on", "2026-04-15")
    assert printed.exit_code == 0, printed.output
    lines = printed.stdout.splitlines()
    assert [line for line in lines if line in ("A flag is open: soon", "Overdue", "Due")] == [
        "A flag is open: soon",
        "Overdue",
    ]
    boxes = [line.split() for line in lines if line.startswith("[ ]")]
    assert [(box[2], box[3]) for box in boxes] == [("P-07", "visit"), ("P-07", "vitamin"), ("P-08", "visit")]
    assert "flag open: raised crp; would settle what the flag asks to exclude." in " ".join(printed.stdout.split())
    assert max(map(len, lines)) <= 80
    assert "weak evidence" in printed.stdout


def test_a_dismissed_flag_asks_for_nothing_soon(clinic):
    assert clinic("flags", "dismiss", "P-07", "raised_crp", "--why", "a cold").exit_code == 0
    found = json.loads(clinic("due", "--json").stdout)
    assert {one["urgency"] for one in found if one["patient_code"] == "P-07"} <= {"lost", "overdue"}


def test_json_says_what_when_why_and_by_which_number(clinic):
    found = json.loads(clinic("due", "--on", "2026-04-15", "--json").stdout)
    assert found[0] == {
        "patient_code": "P-07",
        "what": "visit",
        "site": None,
        "on": "2026-03-24",
        "urgency": "flagged",
        "why": "flag open: raised crp",
        "settles": "what the flag asks to exclude",
        "numbers": ["remeasure_weeks", "visit_early_weeks"],
    }


def test_nothing_is_due_in_an_empty_clinic(run):
    printed = run("due")
    assert printed.exit_code == 0
    assert "0 for 0 patients." in printed.stdout
