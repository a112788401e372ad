"""Treatments, differential, checklists, pregnancy and results at the command line: typed, shown, corrected, undone."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

NOTHING = "Nothing was written."
DAY = ("--on", "2026-03-10")


def record(run) -> dict:
    shown = run("patient", "show", "P-07", "--json")
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def done(run, *words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_visit_takes_laboratory_results_and_function_scores(patient):
    said = done(
        patient,
        *("visit", "add", "P-07", *DAY, "--lab", "crp=31mg/L@<5", "--lab", "esr=not-done", "--lab", "rf=normal"),
        *("--lab", "tsh=<5mIU/L@0.4-4", "--function", "faam-adl=62@ankle-left", "--function", "promis-pi=refused"),
    )
    assert said.splitlines()[2:] == [
        "  + laboratory C-reactive protein 31 mg/L (up to 5: above the laboratory's limit)",
        "  + laboratory erythrocyte sedimentation rate missing (not done)",
        "  + laboratory rheumatoid factor said to be normal",
        "  + laboratory thyroid stimulating hormone <5 mIU/L (0.4 to 4: not certain against the laboratory's limits)",
        "  + function FAAM, activities of daily living at left ankle 62 (0 to 100, higher is better)",
        "  + function PROMIS pain interference, T-score missing (refused)",
    ]
    held = record(patient)
    assert [(r["analyte"], r["value"], r["limit_high"], r["missing_reason"]) for r in held["labs"]] == [
        ("crp", 31.0, 5.0, None),
        ("esr", None, None, "not_done"),
        ("rf", None, None, None),
        ("tsh", 5.0, 4.0, None),
    ]
    assert [(s["scale"], s["about"], s["score"]) for s in held["function_scores"]] == [
        ("faam-adl", "ankle-left", 62.0),
        ("promis-pi", "patient", None),
    ]


def test_results_are_corrected_taken_back_and_restored(patient):
    done(patient, "visit", "add", "P-07", *DAY, "--lab", "crp=31mg/L", "--lab", "esr=8mm/h", "--function", "efas=30")
    done(patient, "visit", "edit", "1", "--lab", "crp=13mg/L", "--lab", "esr=void", "--function", "efas=void")
    held = record(patient)
    assert ([(r["analyte"], r["value"]) for r in held["labs"]], held["function_scores"]) == ([("crp", 13.0)], [])
    done(patient, "undo", "--yes")
    assert len(record(patient)["labs"]) == 2
    missing = patient("visit", "edit", "1", "--lab", "pth=void")
    assert (missing.exit_code, "Visit 1 holds no result of pth." in missing.stderr) == (3, True)
    both = patient("visit", "edit", "1", "--lab", "crp=void", "--lab", "crp=3mg/L")
    assert (both.exit_code, "The result of crp is both given and taken back." in both.stderr) == (1, True)
    again = patient("visit", "edit", "1", "--lab", "crp=31mg/L")
    assert (again.exit_code, "Nothing to change in visit 1." in again.stderr) == (1, True)


def test_a_result_given_twice_is_refused(patient):
    refused = patient("visit", "add", "P-07", *DAY, "--lab", "crp=3mg/L", "--lab", "CRP=4mg/L")
    assert (refused.exit_code, "One visit was given two values for crp." in refused.stderr) == (5, True)


def test_a_treatment_from_start_to_end(patient):
    added = done(patient, "treatment", "add", "P-07", "vitamin-d", "--from", "2026-03", "--dose", "2000IU daily")
    assert added.splitlines()[1:] == [
        "  + treatment 1: vitamin D supplementation, from March 2026, day not known",
        "  + dose of treatment 1: 2000 IU daily from March 2026, day not known",
    ]
    done(patient, "treatment", "dose", "1", "1000IU daily", "--from", "2026-05-01")
    done(patient, "treatment", "end", "1", "--on", "2026-07-01", "--why", "level restored")
    done(patient, "treatment", "add", "P-07", "other", "--words", "compression stocking", "--site", "ankle-left")
    assert done(patient, "treatment", "list", "P-07").splitlines() == [
        "number  treatment",
        "1       vitamin D supplementation, from March 2026, day not known, until Wed 2026-07-01,"
        " because level restored",
        "          2000 IU daily from March 2026, day not known",
        "          1000 IU daily from Fri 2026-05-01",
        "2       compression stocking at left ankle, start not known",
    ]
    then = json.loads(done(patient, "treatment", "list", "P-07", "--as-of", "2026-04-10", "--json"))
    assert [(t["treatment"], t["ended"], len(t["doses"])) for t in then] == [("vitamin-d", None, 1), ("other", None, 0)]


def test_a_treatment_is_corrected_and_taken_back(patient):
    done(patient, "treatment", "add", "P-07", "cast", "--from", "2026-03-10", "--until", "2026-04-10")
    done(patient, "treatment", "edit", "1", "--treatment", "boot", "--why", "it was a boot")
    assert [t["treatment"] for t in record(patient)["treatments"]] == ["boot"]
    done(patient, "treatment", "void", "1", "--why", "wrong patient")
    assert record(patient)["treatments"] == []
    assert patient("treatment", "list", "P-07").stderr.startswith("No treatments. Add one:")
    done(patient, "undo", "--yes")
    assert [t["treatment"] for t in record(patient)["treatments"]] == ["boot"]
    done(patient, "treatment", "add", "P-07", "nsaid", "--from", "2026-03-10", "--dose", "400mg")
    done(patient, "treatment", "dose", "2", "void", "--from", "2026-03-10")
    assert record(patient)["treatments"][-1]["doses"] == []


def test_a_second_treatment_of_a_kind_is_said(patient):
    for _ in range(2):
        added = patient("treatment", "add", "P-07", "nsaid")
    assert added.exit_code == 0
    assert "Please check: P-07 already has non-steroidal anti-inflammatory drug, treatment 1" in added.stderr


def test_the_differential_says_what_is_open(patient):
    done(patient, "differential", "set", "P-07", "infection", "excluded", "--how", "MRI, CRP", *DAY)
    done(
        patient,
        *("differential", "set", "P-07", "stress-fracture", "pending", "--site", "ankle-left", *DAY),
        *("--decided-by", "Dr B"),
    )
    shown = done(patient, "differential", "show", "P-07").splitlines()
    assert shown[0] == "P-07, left ankle"
    assert "infection                       excluded       MRI, CRP  Tue 2026-03-10  -" in shown
    assert "stress fracture                 pending        -         Tue 2026-03-10  Dr B" in shown
    assert "trauma                          not spoken of  -         -               -" in shown
    assert shown[-2] == (
        "Bone marrow edema syndrome is a diagnosis of exclusion, and here it is not complete: "
        "1 of 13 causes are excluded."
    )
    assert shown[-1].startswith("Open: trauma, stress fracture, insufficiency fracture,")
    (at,) = json.loads(done(patient, "differential", "show", "P-07", "--json"))
    assert (at["about"], at["is_complete"], "infection" in at["open_causes"]) == ("ankle-left", False, False)
    elsewhere = done(patient, "differential", "show", "P-07", "--site", "knee-left")
    assert "stress fracture                 not spoken of" in elsewhere


def test_the_differential_says_when_it_is_complete_and_when_a_cause_was_found(patient):
    causes = [word["code"] for word in json.loads(done(patient, "word", "list", "cause", "--json"))]
    for cause in causes:
        done(patient, "differential", "set", "P-07", cause, "excluded", "--how", "CT", *DAY)
    complete = done(patient, "differential", "show", "P-07").splitlines()[-1]
    assert complete == (
        "Bone marrow edema syndrome is a diagnosis of exclusion: all 13 causes of the list are excluded."
    )
    done(patient, "differential", "set", "P-07", "crps", "present", "--on", "2026-04-10")
    shown = done(patient, "differential", "show", "P-07").splitlines()
    assert shown[-3] == (
        "Present: complex regional pain syndrome."
        " Marrow edema then has another cause, or the syndrome stands beside it."
    )
    assert shown[-1] == "Open: complex regional pain syndrome."
    before = done(patient, "differential", "show", "P-07", "--as-of", "2026-04-09").splitlines()[-1]
    assert before == complete


def test_a_verdict_is_taken_back(patient):
    done(patient, "differential", "set", "P-07", "trauma", "excluded", "--how", "asked", *DAY)
    done(patient, "differential", "void", "P-07", "trauma", *DAY, "--why", "wrong patient")
    assert record(patient)["differential"] == []
    refused = patient("differential", "void", "P-07", "trauma", *DAY, "--why", "again")
    assert (refused.exit_code, NOTHING in refused.stderr) == (3, True)


def test_an_exclusion_without_how_is_said(patient):
    said = patient("differential", "set", "P-07", "trauma", "excluded", *DAY)
    assert (said.exit_code, "trauma is said to be excluded, but not how." in said.stderr) == (0, True)


def test_crps_is_answered_in_words_with_what_was_not_examined(patient):
    done(
        patient,
        *("checklist", "add", "P-07", "crps", "--site", "ankle-left", *DAY),
        *("--present", "disproportionate-pain,no-better-diagnosis,symptom-sensory,symptom-vasomotor,symptom-motor"),
        *("--present", "sign-motor", "--absent", "sign-vasomotor,sign-sudomotor,trauma-or-cast-before"),
        *("--not-examined", "sign-sensory"),
    )
    shown = done(patient, "checklist", "show", "P-07", "crps").splitlines()
    assert shown[-5:] == [
        "CRPS at left ankle, Tue 2026-03-10: Budapest criteria cannot be said, too much was not examined.",
        "  Symptoms told in 3 of 4 groups, 1 not examined (needed 3); signs seen in 1 of 4 groups, 1 not examined"
        " (needed 2); further criteria: 2 of 2 criteria (needed all).",
        "  Present of what separates it from marrow edema: 0 of 4 features, 3 not examined.",
        "  Not examined: reported: sudomotor or edema (swelling, sweating), seen: sensory (hyperalgesia, allodynia),"
        " change of skin or sweating, stiff or atrophic limb, marrow edema mainly subcortical or periarticular.",
        "  The criteria find 99% of CRPS and wrongly fit 32% of other pain (Harden 2010); no diagnosis.",
    ]
    done(patient, "checklist", "add", "P-07", "crps", "--site", "ankle-left", *DAY, "--present", "sign-sensory")
    (answer,) = json.loads(done(patient, "checklist", "show", "P-07", "--json"))["crps"]
    assert (answer["budapest"], answer["signs"]["present"]) == ("met", ["sign-sensory", "sign-motor"])


def test_what_was_not_examined_is_never_absent(patient):
    done(patient, "checklist", "add", "P-07", "risk", *DAY, "--absent", "steroids", "--not-examined", "osteoporosis")
    held = {item["item"]: item["presence"] for item in record(patient)["checklist_items"]}
    assert held == {"steroids": "absent", "osteoporosis": "not_examined"}
    shown = done(patient, "patient", "show", "P-07")
    assert "checklist risk: osteoporosis or osteopenia not examined, Tue 2026-03-10" in shown
    assert "checklist risk: systemic steroids absent, Tue 2026-03-10" in shown


def test_history_keeps_its_date_and_words(patient):
    done(
        patient,
        *("checklist", "add", "P-07", "risk", *DAY, "--present", "prior-trauma=2025-11", "--words", "ankle sprain"),
    )
    (item,) = record(patient)["checklist_items"]
    assert (item["item"], item["since"], item["words"]) == ("prior-trauma", "2025-11", "ankle sprain")


def test_biopsy_findings_are_of_a_site_and_can_be_taken_back(patient):
    found = ("--present", "interstitial-fluid,osteoid", "--absent", "hydroxyapatite")
    done(patient, "checklist", "add", "P-07", "biopsy", "--site", "talus-left", *DAY, *found)
    at = ("checklist", "void", "P-07", "biopsy", "--site", "talus-left", *DAY, "--why", "x")
    done(patient, *at, "--item", "osteoid")
    assert {i["item"] for i in record(patient)["checklist_items"]} == {"interstitial-fluid", "hydroxyapatite"}
    done(patient, *at)
    assert record(patient)["checklist_items"] == []
    assert "Nothing yet." in patient("checklist", "show", "P-07").stderr


def test_pregnancy_by_week_to_delivery(patient):
    done(patient, "patient", "edit", "P-07", "--sex", "F")
    done(patient, "pregnancy", "add", "P-07", "pregnant", "--week", "30", *DAY)
    done(patient, "pregnancy", "add", "P-07", "delivered", "--week", "39", "--on", "2026-05-17")
    done(patient, "pregnancy", "add", "P-07", "refused", "--on", "2026-06-17")
    assert done(patient, "pregnancy", "list", "P-07").splitlines() == [
        "day             said               week",
        "Tue 2026-03-10  pregnant           30",
        "Sun 2026-05-17  delivered          39",
        "Wed 2026-06-17  missing (refused)  -",
    ]
    then = json.loads(done(patient, "pregnancy", "list", "P-07", "--as-of", "2026-04-01", "--json"))
    assert [status["gestational_week"] for status in then] == [30]
    assert "pregnancy missing (refused) on Wed 2026-06-17" in done(patient, "patient", "show", "P-07")
    done(patient, "pregnancy", "void", "P-07", "--on", "2026-06-17", "--why", "x")
    assert len(record(patient)["pregnancy"]) == 2


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("treatment", "add", "P-07", "ibandronat"), "No treatment 'ibandronat'. Did you mean 'ibandronate'", 3),
        (("treatment", "add", "P-07", "other"), "The treatment 'other' needs words.", 1),
        (("treatment", "add", "P-07", "nsaid", "--dose", "many"), "'many' is no dose;", 1),
        (("treatment", "end", "7", *DAY), "There is no treatment 7.", 3),
        (("differential", "set", "P-07", "truma", "pending", *DAY), "No cause 'truma'. Did you mean 'trauma'?", 3),
        (("differential", "set", "P-07", "trauma", "maybe", *DAY), "'maybe' is not one of", 2),
        (("differential", "set", "P-70", "trauma", "pending", *DAY), "No patient 'P-70'.", 3),
        (("checklist", "add", "P-07", "biopsy", *DAY, "--present", "osteoid"), "The checklist biopsy is about a", 1),
        (("checklist", "add", "P-07", "risk", *DAY, "--present", "osteoid"), "'osteoid' is no item of the", 1),
        (("checklist", "add", "P-07", "risk", *DAY), "There is no item to record.", 1),
        (("checklist", "add", "P-07", "risk", *DAY, "--absent", "fever", "--present", "fever"),
         "checklist item was given twice: risk patient fever 2026-03-10.", 5),
        (("pregnancy", "add", "P-07", "pregnant", "--week", "46", *DAY), "gestational_week must be a whole number", 1),
        (("pregnancy", "add", "P-07", "not-pregnant", "--week", "3", *DAY), "A gestational week belongs to", 1),
        (("pregnancy", "add", "P-07", "pregnant", "--on", "2099-01-01"), "The day '2099-01-01' lies in the", 1),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_changes_nothing(patient, words, said, code):
    before = record(patient)
    refused = patient(*words)
    assert refused.exit_code == code, refused.output
    assert said in refused.stderr
    assert refused.stderr.rstrip().endswith(NOTHING)
    assert record(patient) == before


@pytest.mark.parametrize(
    "words",
    [
        ("treatment", "add", "P-07", "cast"),
        ("treatment", "end", "1", *DAY),
        ("treatment", "dose", "1", "1mg", *("--from", "2026-03-10")),
        ("treatment", "edit", "1", "--words", "x"),
        ("treatment", "void", "1", "--why", "x"),
        ("differential", "set", "P-07", "trauma", "pending", *DAY),
        ("checklist", "add", "P-07", "risk", *DAY, "--present", "smoking"),
        ("pregnancy", "add", "P-07", "not-pregnant", *DAY),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_dry_run_shows_the_change_and_writes_nothing(patient, words):
    done(patient, "treatment", "add", "P-07", "nsaid", "--from", "2026-01")
    before = record(patient)
    shown = patient(*words, "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "  + " in shown.stdout or "  - " in shown.stdout
    assert "Dry run: nothing was written." in shown.stderr
    assert record(patient) == before
    rehearsed = json.loads(patient(*words, "--dry-run", "--json").stdout)
    assert rehearsed["entry_id"] is None
    assert rehearsed["changes"]


def test_a_whole_case_is_one_page_of_text_and_its_ledger_holds(patient):
    done(patient, "treatment", "add", "P-07", "boot", "--from", "2026-03")
    done(patient, "differential", "set", "P-07", "trauma", "excluded", "--how", "asked", *DAY)
    done(patient, "checklist", "add", "P-07", "risk", *DAY, "--present", "overload")
    shown = done(patient, "patient", "show", "P-07").splitlines()
    assert shown[-5:] == [
        "number  treatment",
        "1       walking boot, from March 2026, day not known",
        "",
        "cause trauma excluded (asked) on Tue 2026-03-10",
        "checklist risk: overload or running present, Tue 2026-03-10",
    ]
    assert done(patient, "log", "4").count("checklist risk: overload or running present") == 1
    done(patient, "db", "verify")


def test_the_lists_of_codes_are_shown(run):
    scales = done(run, "word", "list", "scale")
    assert "efas" in scales
    assert "0 to 40, higher is better" in scales
    assert "mg/L or mg/dL" in done(run, "word", "list", "lab")
    assert len(json.loads(done(run, "word", "list", "cause", "--json"))) == 13


def test_what_readme_types_of_a_case_works(patient):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.partition("## The rest of a case\n\n```\n")[2].partition("```")[0]
    lines = [shlex.split(line)[1:] for line in block.splitlines()]
    assert len(lines) == 9
    for words in lines:
        done(patient, *words)
