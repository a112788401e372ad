"""Logging and correcting a visit at the command line: what is printed, and what is in the record."""

from __future__ import annotations

import json

import pytest

NOTHING = "Nothing was written."


def record(run, code: str = "P-07") -> dict:
    shown = run("patient", "show", code, "--json")
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def test_one_line_logs_a_whole_visit_on_both_sides(patient):
    logged = patient(
        *("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7", "--pain", "ankle-left=4@rest"),
        *("--pain", "knee-right=2", "--vas", "ankle-right=31", "--vitamin-d", "18ng/mL", "--assay", "LC-MS/MS"),
        *("--mri", "talus-left=large,effusion", "--xray", "talus-left=no-radiolucency", "--note", "off crutches"),
    )
    assert logged.exit_code == 0, logged.output
    assert "Patient P-07 (M, born 1979; last visit none yet)" in logged.stdout
    assert "+ visit on Tue 2026-03-10" in logged.stdout
    held = record(patient)
    assert [(s["site"], s["instrument"], s["aspect"], s["score"]) for s in held["pain_scores"]] == [
        ("ankle-left", "nrs", "overall", 7),
        ("ankle-left", "nrs", "rest", 4),
        ("knee-right", "nrs", "overall", 2),
        ("ankle-right", "vas", "overall", 31),
    ]
    assert [(v["value"], v["unit"], v["assay"]) for v in held["vitamin_d"]] == [(18.0, "ng/mL", "LC-MS/MS")]
    assert [(f["modality"], f["site"], f["finding"], f["presence"], f["edema_grade"]) for f in held["imaging"]] == [
        ("mri", "talus-left", "edema", "present", 3),
        ("mri", "talus-left", "effusion", "present", None),
        ("xray", "talus-left", "radiolucency", "absent", None),
    ]
    assert [note["text"] for note in held["notes"]] == ["off crutches"]


def test_the_entry_and_the_way_back_are_told_on_stderr(patient):
    logged = patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    assert "Recorded as entry 2. To take it back: tracker undo 2" in logged.stderr
    assert "Recorded" not in logged.stdout


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("--on", "2026-03-10", "--pain", "ankle-left=11"),
         "pain_nrs must be a whole number from 0 to 10, but was '11' (--pain ankle-left=11).", 1),
        (("--on", "2026-03-10", "--pain", "ankle=7"), "'ankle' needs a side. Write ankle-left or ankle-right.", 1),
        (("--on", "2026-03-10", "--pain", "navicula-left=7"),
         "No site 'navicula-left'. Did you mean 'navicular-left'?", 3),
        (("--on", "03/04/2026", "--pain", "ankle-left=7"),
         "'03/04/2026' could be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.", 1),
        (("--on", "2999-01-01", "--pain", "ankle-left=7"), "The visit date '2999-01-01' lies in the future;", 1),
        (("--on", "1850-01-01", "--pain", "ankle-left=7"), "visit_date must be a date in the years 1900 to 2100", 1),
        (("--on", "2026-03-10", "--note", "off\u202ecrutches"), "note must be 1 to 4000 characters, all of them", 1),
        (("--on", "-2m", "--pain", "ankle-left=7"), "'-2m' could mean months or minutes.", 1),
        (("--on", "2026-03-10", "--vitamin-d", "18"), "--vitamin-d 18 has no unit;", 1),
        (("--on", "2026-03-10", "--pain", "ankle-left=7", "--pain", "ankle-left=8"),
         "One visit was given two values for nrs overall pain at ankle-left.", 5),
        (("--pain", "ankle-left=7"), "A visit needs its date: give --on DATE", 2),
        (("--on", "2026-03-10"), "No data given and nobody to ask.", 2),
        (("--on", "2026-03-10", "--pain", "ankle-left=void"), "A new visit has nothing to void.", 1),
        (("--on", "2026-03-10", "--assay", "X", "--pain", "ankle-left=1"), "--assay belongs to a vitamin D result.", 1),
        (("--on", "2026-03-10", "--paim", "ankle-left=1"), "No such option '--paim'", 2),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_changes_nothing(patient, words, said, code):
    before = record(patient)
    refused = patient("visit", "add", "P-07", *words)
    assert refused.exit_code == code, refused.output
    assert said in refused.stderr
    assert refused.stderr.rstrip().endswith(NOTHING)
    assert refused.stdout == ""
    assert record(patient) == before


def test_an_unknown_patient_is_named_with_the_nearest_code(patient):
    refused = patient("visit", "add", "P-70", "--on", "2026-03-10", "--pain", "ankle-left=7")
    assert refused.exit_code == 3
    assert "'P-70'" in refused.stderr
    assert "P-07" in refused.stderr
    assert refused.stderr.rstrip().endswith(NOTHING)


def test_a_dry_run_shows_the_change_and_writes_nothing(patient):
    before = record(patient)
    shown = patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7", "--dry-run")
    assert shown.exit_code == 0
    assert "+ pain left ankle 7 (NRS 0-10, overall)" in shown.stdout
    assert "Dry run: nothing was written." in shown.stderr
    assert record(patient) == before


def test_two_visits_on_one_day_are_both_kept_and_said(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    again = patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=6")
    assert again.exit_code == 0
    assert (
        "Please check: P-07 already has visit 1 on Tue 2026-03-10; this makes a second one on that date."
        in again.stderr
    )
    assert [s["score"] for s in record(patient)["pain_scores"]] == [7, 6]


@pytest.mark.parametrize(
    ("earlier", "words", "warning"),
    [
        ((), ("--on", "2025-12-01", "--pain", "ankle-left=7"), "lies before the onset of its episode"),
        (("--on", "2026-03-10", "--pain", "ankle-left=2"), ("--on", "2026-03-14", "--pain", "ankle-left=7"),
         "Pain at left ankle goes from 2 on Tue 2026-03-10 to 7 within 4 days."),
        ((), ("--on", "2026-03-10", "--pain", "ankle-right=3"),
         "Right ankle: everything recorded of P-07 before is on the left side. Is the right side meant?"),
        ((), ("--on", "2026-03-10", "--pain", "knee-left=3"), "No open episode at left knee claims this score;"),
    ],
)  # fmt: skip
def test_what_is_unusual_warns_is_recorded_with_the_entry_and_never_blocks(patient, earlier, words, warning):
    if earlier:
        assert patient("visit", "add", "P-07", *earlier).exit_code == 0
    logged = patient("visit", "add", "P-07", *words)
    assert logged.exit_code == 0
    assert warning in logged.stderr
    entries = json.loads(patient("log", "--json").stdout)
    assert any(warning in kept for kept in entries[-1]["warnings"])


@pytest.mark.parametrize("before", [(), ("--no-input",)], ids=["yes", "no-input"])
def test_the_other_side_never_blocks_where_nobody_is_asked_and_is_kept_with_the_entry(patient, before):
    words = ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "knee-right=3", "--pain", "ankle-right=2")
    logged = patient(*before, *words, *(() if before else ("--yes",)))
    assert logged.exit_code == 0
    question = (
        "Right knee and right ankle: everything recorded of P-07 before is on the left side. Is the right side meant?"
    )
    assert logged.stderr.count(f"Please check: {question}") == 1
    assert question in json.loads(patient("log", "--json").stdout)[-1]["warnings"]
    # from now on both sides are known: only what has an open episode on the other side is asked about
    again = patient("visit", "add", "P-07", "--on", "2026-04-10", "--pain", "knee-right=3")
    assert "side meant" not in again.stderr


def test_a_jump_of_five_points_is_said_only_within_a_week(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=2")
    later = patient("visit", "add", "P-07", "--on", "2026-03-18", "--pain", "ankle-left=7")
    assert "Please check" not in later.stderr


def test_a_correction_replaces_what_is_named_and_keeps_the_rest(patient):
    patient(
        "visit",
        "add",
        "P-07",
        "--on",
        "2026-03-10",
        "--pain",
        "ankle-left=7",
        "--pain",
        "knee-left=2",
        "--vitamin-d",
        "18ng/mL",
    )
    edited = patient(
        *(
            "visit",
            "edit",
            "1",
            "--pain",
            "ankle-left=6",
            "--pain",
            "knee-left=void",
            "--on",
            "2026-03-09",
            "--why",
            "wrong line",
        )
    )
    assert edited.exit_code == 0, edited.output
    held = record(patient)
    assert [(s["site"], s["score"]) for s in held["pain_scores"]] == [("ankle-left", 6)]
    assert [visit["visit_date"] for visit in held["visits"]] == ["2026-03-09"]
    assert [v["value"] for v in held["vitamin_d"]] == [18.0]
    assert json.loads(patient("log", "--json").stdout)[-1]["reason"] == "wrong line"


def test_correcting_nothing_is_refused(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    refused = patient("visit", "edit", "1")
    assert (refused.exit_code, NOTHING in refused.stderr) == (1, True)
    missing = patient("visit", "edit", "1", "--pain", "knee-left=void")
    assert (missing.exit_code, "Visit 1 holds no nrs score" in missing.stderr) == (3, True)


def test_a_void_takes_the_visit_back_and_undo_restores_it(patient):
    patient(
        "visit",
        "add",
        "P-07",
        "--on",
        "2026-03-10",
        "--pain",
        "ankle-left=7",
        "--mri",
        "talus-left=large",
        "--note",
        "x",
    )
    before = patient("visit", "list", "P-07").stdout
    voided = patient("visit", "void", "1", "--why", "wrong patient")
    assert voided.exit_code == 0, voided.output
    assert record(patient)["visits"] == []
    assert record(patient)["pain_scores"] == []
    assert patient("undo", "3", "--yes").exit_code == 0
    assert patient("visit", "list", "P-07").stdout == before


def test_a_visit_known_by_its_month_stays_a_month(patient):
    assert patient("visit", "add", "P-07", "--on", "2026-03", "--pain", "ankle-left=7").exit_code == 0
    assert [visit["visit_date"] for visit in record(patient)["visits"]] == ["2026-03"]


def test_visits_entered_in_any_order_give_the_same_record(run):
    lines = [("2026-03-10", 7), ("2026-02-01", 5), ("2026-05-20", 4)]
    shown = []
    for code, order in (("A", lines), ("B", lines[::-1])):
        run("patient", "add", code, "--site", "ankle-left", "--onset", "2026-01")
        for day, score in order:
            run("visit", "add", code, "--on", day, "--pain", f"ankle-left={score}")
        shown.append([(s["visit_date"], s["score"]) for s in record(run, code)["pain_scores"]])
    assert shown[0] == shown[1] == [("2026-02-01", 5), ("2026-03-10", 7), ("2026-05-20", 4)]


def test_the_list_of_visits_prints_one_json_array(patient):
    assert json.loads(patient("visit", "list", "P-07", "--json").stdout) == []
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=refused")
    (visit,) = json.loads(patient("visit", "list", "P-07", "--json").stdout)
    assert visit["recorded"] == ["pain left ankle missing (refused) (NRS 0-10, overall)"]


def test_a_corrected_value_keeps_its_assay_and_an_extent_its_pattern(patient):
    patient(
        *("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7"),
        *("--vitamin-d", "18ng/mL", "--assay", "LC-MS/MS", "--mri", "talus-left=large,patchy"),
    )
    edited = patient("visit", "edit", "1", "--vitamin-d", "19ng/mL", "--mri", "talus-left=40%")
    assert edited.exit_code == 0, edited.output
    held = record(patient)
    assert [(v["value"], v["assay"]) for v in held["vitamin_d"]] == [(19.0, "LC-MS/MS")]
    assert [(f["edema_percent"], f["edema_grade"], f["edema_pattern"]) for f in held["imaging"]] == [
        (40.0, None, "patchy")
    ]
    again = patient("visit", "edit", "1", "--vitamin-d", "19ng/mL", "--mri", "talus-left=40%")
    assert (again.exit_code, "Nothing to change in visit 1." in again.stderr) == (1, True)


def test_notes_are_replaced_and_taken_back_and_never_called_void(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7", "--note", "a", "--note", "b")
    assert patient("visit", "edit", "1", "--note", "c").exit_code == 0
    assert [note["text"] for note in record(patient)["notes"]] == ["c"]
    assert patient("visit", "edit", "1", "--note", "Void").exit_code == 0
    assert record(patient)["notes"] == []
    refused = patient("visit", "add", "P-07", "--on", "2026-03-11", "--note", "void")
    assert (refused.exit_code, "A new visit has nothing to void." in refused.stderr) == (1, True)


def test_a_score_added_beside_another_aspect_is_said(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7@load")
    edited = patient("visit", "edit", "1", "--pain", "ankle-left=5")
    said = "Please check: Visit 1 holds a load score at left ankle; this adds an overall one beside it."
    assert (edited.exit_code, said in edited.stderr) == (0, True)
