"""`tracker flags`: what is raised, why, and the exit code."""

import json

import pytest

AS_OF = ("--as-of", "2026-08-01")


@pytest.fixture
def flagged(patient):
    """P-07 with a raised CRP and a second site; P-08 without anything."""
    for words in (
        "visit add P-07 --on 2026-03-10 --pain ankle-left=7 --lab crp=31mg/L@<5",
        "episode open P-07 knee-right --onset 2026-06-20",
        "patient add P-08 --sex F --born 1980 --site ankle-right --onset 2026-05",
    ):
        done = patient(*words.split())
        assert done.exit_code == 0, done.output
    return patient


def test_the_clinic_list_names_what_is_raised_patient_by_patient(flagged):
    listed = flagged("flags", *AS_OF)
    assert listed.exit_code == 0, listed.output
    assert "2 flags of 1 of 2 patients." in listed.stdout
    lines = [line for line in listed.stdout.splitlines() if line.startswith("P-07")]
    assert [line.split("  ")[0] for line in lines] == ["P-07", "P-07"]
    assert "CRP raised" in lines[0]
    assert "2026-03-10" in lines[0]
    assert "a further site" in lines[1]
    assert "P-08" not in listed.stdout


def test_one_patient_is_shown_with_evidence_source_and_what_to_exclude(flagged):
    shown = flagged("flags", "P-07", *AS_OF)
    assert shown.exit_code == 0, shown.output
    words = " ".join(shown.stdout.split())
    assert "crp 31 mg/L (laboratory's limits up to 5) (2026-03-10)" in words
    assert "Exclude infection, inflammatory arthritis and tumour" in words
    assert "Clears with a later result that is not raised." in words
    assert "evidence grade S" in words
    assert "Cannot be told: fever or wound, as nobody asked about fever or a wound." in words


def test_the_exit_code_says_whether_anything_is_raised(flagged):
    assert flagged("flags", "--exit-code", *AS_OF).exit_code == 10
    assert flagged("flags", "P-08", "--exit-code", *AS_OF).exit_code == 0
    assert flagged("flags", "--exit-code", "--as-of", "2026-02-01").exit_code == 0


def test_json_holds_every_flag_with_its_facts(flagged):
    (one,) = json.loads(flagged("flags", "--json", *AS_OF).stdout)
    assert [(flag["code"], flag["site"], flag["state"]) for flag in one["flags"]] == [
        ("raised_crp", None, "raised"),
        ("later_site", "knee-right", "raised"),
    ]
    assert one["flags"][0]["evidence"][0]["table"] == "lab_result"
    alone = json.loads(flagged("flags", "P-07", "--json", *AS_OF).stdout)
    assert alone["flags"] == one["flags"]
    assert {rule["answer"] for rule in alone["red_flags"]} == {"raised", "not_raised", "cannot_be_told"}


def test_a_course_flag_is_the_same_in_the_list_and_alone(patient):
    scores = {"02-01": 5, "03-01": 8, "04-01": 8, "05-15": 8, "06-20": 8, "07-20": 8}
    for day, score in scores.items():
        assert patient("visit", "add", "P-07", "--on", f"2026-{day}", "--pain", f"ankle-left={score}").exit_code == 0
    (one,) = json.loads(patient("flags", "--json", *AS_OF).stdout)
    alone = json.loads(patient("flags", "P-07", "--json", *AS_OF).stdout)
    listed, full = (
        [(flag["code"], flag["state"], flag["since"]) for flag in found["flags"] if flag["kind"] == "course"]
        for found in (one, alone)
    )
    assert listed == full != []


def test_a_clinic_without_patients_says_so(run):
    listed = run("flags")
    assert listed.exit_code == 0
    assert "0 flags of 0 of 0 patients." in listed.stdout
    assert "That rules nothing out" in listed.stderr


def staff(run, code="raised_crp", *, as_of=()):
    """Give where a flag of P-07 stands, alone and in the list."""
    alone = json.loads(run("flags", "P-07", "--json", *as_of).stdout)["flags"]
    listed = [flag for one in json.loads(run("flags", "--json", *as_of).stdout) for flag in one["flags"]]
    lives = [[flag["standing"]["life"] for flag in found if flag["code"] == code] for found in (alone, listed)]
    assert lives[0] == lives[1]
    return lives[0]


def test_a_flag_is_dismissed_with_a_reason_and_opens_again_with_new_evidence(flagged):
    dismissed = flagged("flags", "dismiss", "P-07", "raised_crp", "--why", "a cold that week")
    assert dismissed.exit_code == 0, dismissed.output
    assert "flag raised crp dismissed on" in dismissed.stdout
    assert staff(flagged) == ["dismissed"]
    assert "a cold that week" in flagged("flags", "P-07").stdout
    assert "a cold that week" in flagged("patient", "show", "P-07").stdout
    assert "a cold that week" in flagged("course", "show", "P-07").stdout
    assert flagged("visit", "add", "P-07", "--on", "2026-04-10", "--lab", "crp=40mg/L@<5").exit_code == 0
    assert staff(flagged) == ["reopened"]
    assert "Open again, as its evidence has changed." in " ".join(flagged("flags", "P-07").stdout.split())


def test_undo_takes_a_decision_back(flagged):
    assert flagged("flags", "ack", "P-07", "later-site").exit_code == 0
    assert staff(flagged, "later_site") == ["acknowledged"]
    assert flagged("undo", "--yes").exit_code == 0
    assert staff(flagged, "later_site") == ["open"]


def test_a_later_decision_takes_the_place_of_the_one_before(flagged):
    for words in (("ack",), ("dismiss", "--why", "seen"), ("reopen",)):
        verb, *rest = words
        assert flagged("flags", verb, "P-07", "raised_crp", *rest).exit_code == 0
    assert staff(flagged) == ["reopened"]
    assert flagged("undo", "--yes").exit_code == 0
    assert staff(flagged) == ["dismissed"]


def test_what_was_dismissed_does_not_set_the_exit_code(flagged):
    for code in ("raised_crp", "later_site"):
        assert flagged("flags", "dismiss", "P-07", code, "--why", "seen").exit_code == 0
    assert flagged("flags", "--exit-code").exit_code == 0


def test_a_flag_that_is_not_raised_cannot_be_decided_on(flagged):
    refused = flagged("flags", "dismiss", "P-07", "avn_sign", "--why", "none")
    assert refused.exit_code != 0
    assert "No flag 'avn_sign' is raised of P-07; raised: raised_crp, later_site at knee-right." in refused.stderr
    assert "Nothing was written." in refused.stderr


def test_a_rehearsal_writes_nothing(flagged):
    assert flagged("flags", "dismiss", "P-07", "raised_crp", "--why", "x", "--dry-run").exit_code == 0
    assert staff(flagged) == ["open"]


def test_a_visit_that_leaves_a_course_flag_as_it_was_leaves_the_decision_standing(patient):
    scores = {"02-01": 5, "03-01": 8, "04-01": 8, "05-15": 8, "06-20": 8, "07-20": 8, "08-20": 8, "09-10": 8}
    for day, score in scores.items():
        assert patient("visit", "add", "P-07", "--on", f"2026-{day}", "--pain", f"ankle-left={score}").exit_code == 0
    assert patient("flags", "dismiss", "P-07", "prolonged_plateau", "--why", "MRI is due").exit_code == 0
    assert patient("visit", "add", "P-07", "--on", "2026-10-05", "--pain", "ankle-left=8").exit_code == 0
    assert staff(patient, "prolonged_plateau") == ["dismissed"]
    assert patient("visit", "edit", "4", "--pain", "ankle-left=7", "--why", "slip").exit_code == 0
    assert staff(patient, "prolonged_plateau") == ["reopened"]
