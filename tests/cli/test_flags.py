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
