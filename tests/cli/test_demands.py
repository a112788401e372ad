"""The twenty-five demands of users of such tools: where each is shown to be met, and which are open.

A demand that is shown here has its number in the name of its test; `SHOWN_ELSEWHERE` names tests of other files, and
`OPEN` says what is missing, so that nobody takes a part for the whole.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import random
import sys
from datetime import date

import pytest
from sqlalchemy import create_engine, text

from tracker.database.tables import FACTS

SHOWN_ELSEWHERE = {
    5: (
        "tests/database/test_imports.py",
        "test_a_changed_value_is_an_amendment_of_the_same_entry_and_undo_takes_all_of_it_back",
    ),
    9: ("tests/database/test_imports.py", "test_twice_is_the_same_as_once"),
    10: ("tests/database/test_imports.py", "test_a_blank_clears_only_where_that_was_said_with_a_reason"),
    6: ("tests/database/test_concurrency.py", "test_twenty_writers_at_once_all_get_through"),
    13: (
        "tests/reports/test_course_view.py",
        "test_a_missing_score_is_listed_with_its_reason_and_counted_but_not_drawn",
    ),
    14: ("tests/reports/test_page.py", "test_no_address_stands_anywhere_in_the_page"),
    15: (
        "tests/generative/test_operating_characteristics.py",
        "test_courses_of_each_kind_are_found_as_often_as_published",
    ),
    16: ("tests/spec/test_few_visits.py", "test_no_visit_gives_no_course_and_no_flag"),
    17: ("tests/generative/test_no_look_ahead.py", "test_later_visits_never_change_the_fit_of_a_day"),
    18: ("tests/generative/test_reference_band.py", "test_the_mean_z_score_is_nought"),
    20: (
        "tests/unit/analysis/cohort/test_hand_worked_cohort.py",
        "test_what_is_released_of_them_gives_nothing_hidden_away",
    ),
    21: ("tests/unit/analysis/cohort/test_hand_worked_cohort.py", "test_time_to_resolution_by_hand"),
    19: (
        "tests/reference/test_posteriors.py",
        "test_every_answer_is_that_of_the_independent_program_within_the_errors_of_both",
    ),
    23: ("tests/architecture/test_shell_completion.py", "test_a_shell_is_answered_without_a_heavy_module"),
}
"""Number of the demand -> file and test."""

OPEN = {
    3: "round trips through REDCap and FHIR; the record and csv are shown here",
    12: "REDCap and FHIR; the record and csv, json, parquet are shown here and in tests/cli/test_export.py",
}
"""Number of the demand -> what is still missing of it."""


def numbers_shown_here() -> set[int]:
    module = sys.modules[__name__]
    return {int(name.split("_")[2]) for name in dir(module) if name.startswith("test_demand_")}


def test_every_demand_is_shown_or_said_to_be_open():
    assert numbers_shown_here() | SHOWN_ELSEWHERE.keys() | OPEN.keys() == set(range(1, 26))


@pytest.mark.parametrize("number", sorted(SHOWN_ELSEWHERE))
def test_a_demand_shown_elsewhere_names_a_test_that_exists(number, project_root):
    path, name = SHOWN_ELSEWHERE[number]
    tree = ast.parse((project_root / path).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    assert name in tests


@pytest.fixture
def project_root(request):
    """Give the folder of the project."""
    return request.config.rootpath


def record(run, code="P-07"):
    return json.loads(run("patient", "show", code, "--json").stdout)


def test_demand_01_one_intensity_per_body_part_many_sites_and_two_visits_a_day(patient):
    sites = ("ankle-left", "talus-left", "hip-left", "ankle-right", "knee-right")
    for scores in ((7, 5, 3, 2, 1), (6, 4, 2, 1, 0)):
        options = [word for site, score in zip(sites, scores, strict=True) for word in ("--pain", f"{site}={score}")]
        assert patient("visit", "add", "P-07", "--on", "2026-03-10", *options).exit_code == 0
    held = [(s["visit_id"], s["site"], s["score"]) for s in record(patient)["pain_scores"]]
    assert held == [
        *zip([1] * 5, sites, (7, 5, 3, 2, 1), strict=True),
        *zip([2] * 5, sites, (6, 4, 2, 1, 0), strict=True),
    ]


def test_demand_02_dates_are_never_guessed(patient):
    refused = patient("visit", "add", "P-07", "--on", "03/04/2026", "--pain", "ankle-left=7")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: '03/04/2026' could be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.\nNothing was written.\n",
    )
    logged = patient("visit", "add", "P-07", "--on", "-3d", "--pain", "ankle-left=7")
    day = date.fromisoformat(record(patient)["visits"][0]["visit_date"])
    assert f"+ visit on {day:%a %Y-%m-%d}" in logged.stdout


def test_demand_03_unknown_days_stay_unknown_in_the_record(patient):
    assert patient("visit", "add", "P-07", "--on", "2026-03", "--pain", "ankle-left=7").exit_code == 0
    assert record(patient)["visits"][0]["visit_date"] == "2026-03"
    assert record(patient)["episodes"][0]["onset"] == "2026-01"
    assert "March 2026, day not known" in patient("visit", "list", "P-07").stdout


def test_demand_03_a_month_comes_back_from_a_csv_file_as_a_month(patient, tmp_path):
    assert patient("visit", "add", "P-07", "--on", "2026-03", "--pain", "ankle-left=7").exit_code == 0
    out = tmp_path / "out"
    assert patient("export", "--out", str(out), "--identified", "--reason", "round trip", "--no-courses").exit_code == 0
    with (out / "pain.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    written = [row[name] for name in ("visit_date", "visit_date_first", "visit_date_last")]
    assert written == ["2026-03", "2026-03-01", "2026-03-31"]
    tidy = tmp_path / "tidy.csv"
    tidy.write_text(
        f"patient_code,visit_date,site,pain_nrs\n{row['patient']},{row['visit_date']},{row['site']},{row['score']}\n",
        encoding="utf-8",
    )
    assert patient("import", str(tidy), "--yes").exit_code == 0
    assert [visit["visit_date"] for visit in record(patient)["visits"]] == ["2026-03"]


def test_demand_04_visits_entered_in_any_order_give_the_same_answers(run_on, new_database):
    visits = [("2026-02-03", 5), ("2026-02-24", 7), ("2026-03-20", 8), ("2026-05-02", 6), ("2026-07-01", 3)]
    shuffled = random.Random(4).sample(visits, len(visits))
    assert shuffled != visits
    shown = []
    for order in (visits, shuffled):
        run = run_on(new_database("sqlite"))
        run("patient", "add", "P-07", "--site", "ankle-left", "--onset", "2026-01")
        for day, score in order:
            assert run("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}").exit_code == 0
        answer = json.loads(run("course", "show", "P-07", "--as-of", "2026-07-02", "--json").stdout)
        (episode,) = answer["episodes"]
        scores = [(s["visit_date"], s["score"]) for s in episode["scores"]]
        shown.append((scores, episode["choice"], episode["course"], episode["flags"]))
    assert shown[0] == shown[1]


def test_demand_05_an_undo_is_one_commands_worth_previewed_and_reversible(patient):
    sites = ("ankle-left", "talus-left", "calcaneus-left", "hip-left", "knee-left")
    options = [word for site in sites for word in ("--pain", f"{site}=5", "--mri", f"{site}=effusion")]
    before = patient("patient", "show", "P-07").stdout
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", *options).exit_code == 0
    after = patient("patient", "show", "P-07").stdout
    previewed = patient("undo", "--dry-run")
    assert previewed.stdout.count("\n  - ") == 1 + 2 * len(sites)
    assert patient("patient", "show", "P-07").stdout == after
    assert patient("undo", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").stdout == before
    assert patient("undo", "3", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").stdout == after
    log = json.loads(patient("log", "--json").stdout)
    assert [(e["command"], e["undoes"]) for e in log[1:]] == [("visit add", None), ("undo", 2), ("undo", 3)]


WRITES = (
    ("patient", "edit", "P-07", "--born", "1978", "--why", "looked it up"),
    (
        "visit",
        "add",
        "P-07",
        "--on",
        "2026-03-10",
        "--pain",
        "ankle-left=7",
        "--vitamin-d",
        "18ng/mL",
        "--lab",
        "crp=3mg/L",
    ),
    ("visit", "edit", "1", "--pain", "ankle-left=6", "--on", "2026-03-11", "--why", "wrong line"),
    ("episode", "open", "P-07", "hip-left", "--onset", "2026-02"),
    ("episode", "edit", "P-07", "hip-left", "--onset", "2026-03"),
    ("episode", "close", "P-07", "hip-left", "--on", "2026-06-01", "--why", "resolved"),
    ("treatment", "add", "P-07", "ibandronate", "--from", "2026-03", "--dose", "150mg monthly"),
    ("treatment", "dose", "1", "75mg monthly", "--from", "2026-04-01"),
    ("treatment", "edit", "1", "--from", "2026-02"),
    ("treatment", "end", "1", "--on", "2026-06-01", "--why", "done"),
    ("differential", "set", "P-07", "infection", "excluded", "--on", "2026-03-10"),
    ("checklist", "add", "P-07", "crps", "--site", "ankle-left", "--on", "2026-03-10", "--absent", "sign-motor"),
    ("pregnancy", "add", "P-07", "not-pregnant", "--on", "2026-03-10"),
    ("visit", "void", "1", "--why", "wrong patient"),
    ("treatment", "void", "1", "--why", "wrong patient"),
    ("episode", "void", "P-07", "hip-left", "--why", "wrong patient"),
)
"""One command of each kind that writes about a patient, each possible after those before it."""


def current_rows(path):
    """Read what is current behind the program's back: (table, row id)."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = {
            (table.name, row_id)
            for table in FACTS
            for (row_id,) in connection.execute(text(f"SELECT row_id FROM {table.name} WHERE retracted_by IS NULL"))
        }
    engine.dispose()
    return rows


def test_demand_07_every_write_leaves_exactly_its_difference_in_the_ledger(patient, tmp_path):
    before = current_rows(tmp_path / "record.db")
    for number, words in enumerate((*WRITES, ("undo", "--yes")), start=2):
        done = patient(*words)
        assert done.exit_code == 0, (words, done.output)
        after = current_rows(tmp_path / "record.db")
        told = json.loads(patient("log", str(number), "--json").stdout)
        changes = {
            kind: {(c["table"], c["row_id"]) for c in told["changes"] if c["kind"] == kind}
            for kind in ("recorded", "retracted")
        }
        assert changes == {"recorded": after - before, "retracted": before - after}, words
        assert (told["entry"]["recorded_by"], told["patient_codes"]) == ("nurse", ["P-07"])
        if "--why" in words:
            assert told["entry"]["reason"] == words[words.index("--why") + 1]
        before = after
    assert patient("db", "verify").exit_code == 0


def test_demand_08_a_void_drops_a_visit_everywhere_and_a_restore_brings_all_of_it_back(patient):
    for day, score in (("2026-02-03", 5), ("2026-03-20", 8), ("2026-05-02", 6)):
        patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}", "--note", f"on {day}")
    reads = (("patient", "show", "P-07"), ("course", "show", "P-07", "--as-of", "2026-06-01"))
    before = [without_entry(patient(*words).stdout) for words in reads]
    assert patient("visit", "void", "2", "--why", "wrong patient").exit_code == 0
    assert all("2026-03-20" not in patient(*words).stdout for words in reads)
    assert patient("undo", "--yes").exit_code == 0
    assert [without_entry(patient(*words).stdout) for words in reads] == before


def without_entry(shown):
    """Leave out the number of the last ledger entry, which every entry changes."""
    return shown.partition("ledger entry")[0]


def test_demand_10_what_an_edit_does_not_name_stays(patient):
    words = ("--pain", "ankle-left=7", "--vitamin-d", "18ng/mL", "--note", "off crutches")
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", *words).exit_code == 0
    assert patient("visit", "edit", "1", "--pain", "ankle-left=6").exit_code == 0
    held = record(patient)
    assert [v["value"] for v in held["vitamin_d"]] == [18.0]
    assert [n["text"] for n in held["notes"]] == ["off crutches"]


def test_demand_11_repeats_of_one_day_are_kept_and_the_rule_is_said(patient):
    for day, score in (("2026-02-03", 5), ("2026-03-20", 8), ("2026-03-20", 6)):
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}").exit_code == 0
    (episode,) = json.loads(patient("course", "show", "P-07", "--as-of", "2026-04-01", "--json").stdout)["episodes"]
    assert [s["score"] for s in episode["scores"]] == [5, 8, 6]
    assert episode["choice"] == (
        "Read: 3 scores, NRS of overall pain. "
        "1 day with several scores: those of one day count as one reading together."
    )


def test_demand_12_a_missing_score_keeps_its_reason_and_a_whole_number_stays_whole(patient):
    words = ("--pain", "ankle-left=refused", "--pain", "hip-left=7")
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", *words).exit_code == 0
    shown = patient("patient", "show", "P-07", "--json").stdout
    assert [(s["score"], s["missing_reason"]) for s in json.loads(shown)["pain_scores"]] == [
        (None, "refused"),
        (7, None),
    ]
    assert '"score": 7,' in shown


def test_demand_22_one_row_is_one_thing_and_an_empty_cohort_has_every_header(patient, run_on, new_database, tmp_path):
    words = ("--pain", "ankle-left=7", "--pain", "hip-left=3", "--vitamin-d", "18ng/mL")
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", *words).exit_code == 0
    identified = ("--identified", "--reason", "look", "--no-courses")
    folders = []
    for run, name in ((patient, "one"), (run_on(new_database("sqlite")), "none")):
        assert run("export", "--out", str(tmp_path / name), *identified).exit_code == 0
        files = sorted((tmp_path / name).glob("*.csv"))
        folders.append({path.name: path.read_text(encoding="utf-8").splitlines() for path in files})
    one, none = folders
    assert {name: lines[0] for name, lines in one.items()} == {name: lines[0] for name, lines in none.items()}
    assert {name: len(one[f"{name}.csv"]) - 1 for name in ("patients", "visits", "pain", "vitamin_d")} == {
        "patients": 1,
        "visits": 1,
        "pain": 2,
        "vitamin_d": 1,
    }
    assert {len(lines) for name, lines in none.items() if name != "dictionary.csv"} == {1}


@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(words[:2]))
def test_demand_24_every_write_echoes_code_birth_and_last_visit(patient, words):
    for earlier in WRITES[: WRITES.index(words)]:
        assert patient(*earlier).exit_code == 0
    last = record(patient)["visits"]
    day = date.fromisoformat(last[-1]["visit_date"]).strftime("%a %Y-%m-%d") if last else "none yet"
    rehearsed = patient(*words, "--dry-run")
    born = record(patient)["birth"]
    assert rehearsed.stdout.splitlines()[0] == f"Patient P-07 (M, born {born}; last visit {day})"


def test_demand_25_one_command_writes_a_page_that_prints_and_its_tables(patient, tmp_path):
    for words in (
        ("--on", "2026-03-10", "--pain", "ankle-left=7", "--vitamin-d", "<10nmol/L", "--note", "=HYPERLINK(1)"),
        ("--on", "2026-04", "--pain", "ankle-left=refused", "--mri", "talus-left=62.5%"),
    ):
        assert patient("visit", "add", "P-07", *words).exit_code == 0
    assert patient("treatment", "add", "P-07", "ibandronate", "--from", "2026-05").exit_code == 0
    words = ("report", "patient", "P-07", "--out", str(tmp_path / "out"), "--format", "html", "--format", "csv")
    done = patient(*words, "--as-of", "2026-06-01")
    assert done.exit_code == 0, done.output
    names = ["patient-P-07.html", "patient-P-07-visits.csv", "patient-P-07-facts.csv"]
    assert done.stdout.splitlines() == [str(tmp_path / "out" / name) for name in names]
    # that it prints on one sheet is tested in tests/reports/test_patient_page_in_browser.py
    assert "@media print" in (tmp_path / "out" / names[0]).read_text(encoding="utf-8")

    visits, facts = (
        list(csv.DictReader((tmp_path / "out" / name).read_text(encoding="utf-8").splitlines())) for name in names[1:]
    )
    assert [(row["date"], row["date_first"], row["pain"]) for row in visits] == [
        ("2026-03-10", "2026-03-10", "left ankle 7 of 10 (NRS, overall)"),
        ("2026-04", "2026-04-01", "left ankle not recorded (refused)"),
    ]
    assert visits[0]["note"] == "'=HYPERLINK(1)"
    told = ("date", "kind", "about", "what", "comparator", "value", "unit", "missing_reason")
    assert [tuple(row[name] for name in told) for row in facts] == [
        ("2026-01", "episode", "ankle-left", "", "", "", "", ""),
        ("2026-03-10", "pain", "ankle-left", "nrs overall", "", "7", "NRS points 0-10", ""),
        ("2026-03-10", "vitamin D", "", "", "<", "10", "nmol/L", ""),
        ("2026-03-10", "note", "", "", "", "", "", ""),
        ("2026-04", "pain", "ankle-left", "nrs overall", "", "", "NRS points 0-10", "refused"),
        ("2026-04", "imaging", "talus-left", "mri edema", "", "present", "", ""),
        ("2026-05", "treatment", "", "ibandronate", "", "", "", ""),
    ]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
