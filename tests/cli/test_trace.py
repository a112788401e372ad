"""From a shown number to its rows, entries, edition and program; and the history of one fact."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date

import pytest

from tracker import __version__
from tracker.analysis.library import course_library
from tracker.clinical.red_flags import red_flag_numbers
from tracker.clinical.reference import Edition, load_edition
from tracker.database.session import open_database
from tracker.service.courses import course_view
from tracker.service.tracing import Answer, cited_names

SCORES = [("2026-02-03", 5), ("2026-02-24", 7), ("2026-03-20", 8), ("2026-05-02", 6), ("2026-07-01", 3)]
ON = ("--as-of", "2026-07-02")


@pytest.fixture
def followed(patient):
    """P-07 with five scores, of which the third was corrected, one at rest, one missing and one of another place."""
    for day, score in SCORES:
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}").exit_code == 0
    for words in (
        ("visit", "edit", "3", "--pain", "ankle-left=7", "--why", "typing error"),
        ("visit", "edit", "4", "--pain", "ankle-left=2@rest", "--pain", "hip-left=1"),
        ("visit", "add", "P-07", "--on", "2026-04-10", "--pain", "ankle-left=refused", "--vitamin-d", "18ng/mL"),
    ):
        assert patient(*words).exit_code == 0
    return patient


def traced(run, *words):
    shown = run("trace", *words, "--json")
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def test_a_resolution_day_is_traced_to_its_rows_and_what_was_left_out(followed):
    trace = traced(followed, "P-07", "resolution", *ON)
    (episode,) = trace["episodes"]
    read = [(r["fact"]["visit_id"], r["fact"]["score"]) for r in episode["rows"] if r["left_out"] is None]
    assert read == [(1, 5), (2, 7), (3, 7), (4, 6), (5, 3)]
    assert [(r["fact"]["visit_id"], r["left_out"]) for r in episode["rows"] if r["left_out"] is not None] == [
        (6, "missing (refused)"),
        (4, "another instrument or aspect than the series that was read"),
    ]
    assert [(r["fact"]["site"], r["left_out"]) for r in trace["unclaimed"]] == [
        ("hip-left", "no episode claims its site and day")
    ]


def test_every_row_of_a_trace_names_the_entry_that_recorded_it(followed):
    trace = traced(followed, "P-07", "class", *ON)
    rows = [row["fact"] for row in (*trace["episodes"][0]["rows"], *trace["unclaimed"])]
    entries = {entry["entry_id"]: entry for entry in trace["entries"]}
    assert {row["entry_id"] for row in rows} | {1} == set(entries)
    log = {entry["entry_id"]: entry for entry in json.loads(followed("log", "--all", "--json").stdout)}
    assert all(log[number] == entry for number, entry in entries.items())
    corrected = next(row for row in rows if row["visit_id"] == 3)
    assert (entries[corrected["entry_id"]]["command"], entries[corrected["entry_id"]]["reason"]) == (
        "visit edit",
        "typing error",
    )


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("resolution", ("resolution_date", "resolution_day", "p_relapse", "p_no_resolution")),
        ("phase", ("phase", "phases", "time_in_phase")),
        ("class", ("most_likely_class", "class_probabilities", "p_atypical")),
    ],
)
def test_the_answer_traced_is_the_one_that_course_show_gives(followed, answer, names):
    shown = json.loads(followed("course", "show", "P-07", "--json", *ON).stdout)
    trace = traced(followed, "answer", "P-07", answer, *ON)
    (episode,) = trace["episodes"]
    course = shown["episodes"][0]["course"]
    assert episode["answer"] == {name: course[name] for name in names}
    assert episode["effective_sample_size"] == course["effective_sample_size"]
    assert trace["provenance"] == shown["provenance"]
    assert trace["provenance"]["program_version"] == __version__
    assert trace["n_courses"] == course_library(load_edition()).n_courses


def test_the_text_names_rows_entries_edition_and_program(followed):
    shown = followed("trace", "P-07", "phase", "--site", "ankle-left", *ON).stdout
    assert "row 1, visit 1 on Tue 2026-02-03, entry 2: pain left ankle 5 (NRS 0-10, overall)" in shown
    assert "pain left ankle missing (refused) (NRS 0-10, overall): missing (refused)" in shown
    assert "  entry 7: visit edit by nurse, " in shown
    assert f", tracker {__version__}, because typing error\n" in shown
    edition = load_edition()
    n_numbers = len(cited_names(Answer.PHASE, edition))
    assert f"Rests on {n_numbers} numbers of course_v1, sha256 {edition.sha256}" in shown
    assert "rise_months = 1.414 months (central 80 % 1 to 2)  grade S: RP1, ARM11, Fer12" in shown
    assert shown.splitlines()[-1].startswith(f"tracker {__version__}, schema revision ")
    assert shown.splitlines()[-1].endswith(f"library of {course_library(edition).n_courses} courses")


class RecordingEdition(Edition):
    """An edition that notes which of its numbers are asked for."""

    __slots__ = ()
    asked: set[str] = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)


def test_the_numbers_named_are_all_that_an_answer_is_computed_from(followed, tmp_path):
    cited = load_edition()
    recording = RecordingEdition(**{field.name: getattr(cited, field.name) for field in fields(cited)} | {"name": "r"})
    with open_database(f"sqlite:///{tmp_path / 'record.db'}") as database:
        day = date(2026, 7, 2)
        course_view(database, "P-07", as_of=day, today=day, edition=recording)
    every = {name for answer in Answer for name in cited_names(answer, cited)}
    asked = recording.asked - {"soft_jump_days", "soft_jump_nrs"}
    assert {"rise_months", "score_noise_sd_nrs", "vitamin_d_deficient_ng_ml"} <= asked
    assert asked - every == set()
    of_course = {name for name in asked if not name.startswith(("edema_", "vitamin_d_", "flag_", "minimum_mri_"))}
    assert of_course - set(cited_names(Answer.RESOLUTION, cited)) == set()


def test_vitamin_d_is_traced_to_its_result_and_cut_offs(followed):
    trace = traced(followed, "P-07", "vitamin-d", *ON)
    assert [(r["table"], r["fact"]["value"], r["fact"]["visit_id"]) for r in trace["rows"]] == [("vitamin_d", 18.0, 6)]
    assert trace["vitamin_d"][0]["classified"]["status"] == "deficient"
    assert {number["name"][:10] for number in trace["numbers"]} == {"vitamin_d_"}


def test_edema_is_traced_to_the_findings_that_were_looked_at(followed):
    words = ("--mri", "talus-left=large,effusion", "--xray", "talus-left=no-radiolucency")
    assert followed("visit", "add", "P-07", "--on", "2026-05-20", *words).exit_code == 0
    trace = traced(followed, "P-07", "edema", *ON)
    findings = [row for row in trace["episodes"][0]["rows"] if row["table"] == "imaging_finding"]
    assert [(f["fact"]["site"], f["fact"]["edema_grade"], f["left_out"]) for f in findings] == [("talus-left", 3, None)]
    assert any(number["name"] == "edema_lag_months" for number in trace["numbers"])
    assert "MRI alone: insufficient data" in followed("trace", "P-07", "edema", *ON).stdout


def test_a_flag_that_is_not_there_is_not_found_and_a_flag_needs_its_name(followed):
    missing = followed("trace", "P-07", "flag", "relapse", *ON)
    assert (missing.exit_code, missing.stderr) == (
        3,
        "Error: P-07 has no flag 'relapse'; flags: none. See: tracker flags P-07\n",
    )
    unnamed = followed("trace", "P-07", "flag")
    assert unnamed.exit_code == 2
    assert "Only a flag has a name, and needs it: tracker trace CODE flag NAME." in unnamed.stderr


def test_a_flag_is_traced_to_its_rule_and_probability(patient):
    for month in range(2, 13):
        logged = patient("visit", "add", "P-07", "--on", f"2026-{month:02}-01", "--pain", "ankle-left=8")
        if logged.exit_code:  # later than today, by the clock of this machine
            break
    shown = json.loads(patient("course", "show", "P-07", "--json").stdout)["episodes"][0]["flags"]
    code = shown[0]["code"]
    trace = traced(patient, "P-07", "flag", code)
    assert trace["episodes"][0]["answer"]["flag"] == shown[0]
    assert any(number["name"].startswith("flag_") for number in trace["numbers"])
    assert f"Flag {code} (rule {shown[0]['rule_version']}): " in patient("trace", "P-07", "flag", code).stdout


@pytest.fixture
def corrected(run_on, database_url):
    """A record on either engine, whose visit 1 was corrected, voided and brought back."""
    run = run_on(database_url)
    for words in (
        ("patient", "add", "P-07", "--site", "ankle-left", "--onset", "2026-01"),
        ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7"),
        ("visit", "edit", "1", "--pain", "ankle-left=6", "--why", "typing error"),
        ("visit", "void", "1", "--why", "wrong patient"),
        ("undo", "4", "--yes"),
    ):
        assert run(*words).exit_code == 0
    return run


def test_the_history_of_a_fact_tells_every_value_and_who_changed_it(corrected):
    first = traced(corrected, "row", "1")
    assert [
        (row["values"]["score"], row["recorded"]["command"], row["retracted"] and row["retracted"]["command"])
        for row in first
    ] == [(7, "visit add", "visit edit"), (6, "visit edit", "visit void"), (6, "undo", None)]
    assert traced(corrected, "row", "3") == first
    shown = corrected("trace", "row", "2").stdout.splitlines()
    assert shown[2].startswith("  amended by entry 3: visit edit by nurse, ")
    assert shown[5].startswith("  taken back by entry 4: visit void by nurse, ")
    assert shown[5].endswith(", because wrong patient")


def test_the_history_of_a_visit_is_told_also_when_it_was_taken_back(corrected):
    rows = traced(corrected, "visit", "1")
    assert [(row["table"], row["row_id"]) for row in rows] == [
        ("visit_details", 1),
        ("visit_details", 2),
        ("pain_score", 1),
        ("pain_score", 2),
        ("pain_score", 3),
    ]
    assert corrected("undo", "5", "--yes").exit_code == 0
    assert [row["retracted"] is None for row in traced(corrected, "visit", "1")] == [False] * 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("row", "99"), "There is no row 99 of pain_score."),
        (("row", "1", "--table", "note"), "There is no row 1 of note."),
        (("visit", "99"), "There is no visit 99. See the numbers: tracker visit list CODE"),
        (("Q-1", "phase"), "No patient 'Q-1'."),
    ],
)
def test_what_is_not_there_cannot_be_traced(patient, words, said):
    refused = patient("trace", *words)
    assert refused.exit_code == 3
    assert said in refused.stderr


@pytest.fixture
def red(patient):
    """P-07 with a raised CRP, a second episode and a score that no episode claims."""
    for words in (
        ("episode", "open", "P-07", "knee-left", "--onset", "2026-03"),
        ("visit", "add", "P-07", "--on", "2026-03-20", "--lab", "crp=31mg/L@<5", "--pain", "hip-left=3", "--yes"),
    ):
        assert patient(*words).exit_code == 0
    return patient


def test_a_red_flag_is_traced_to_its_row_visit_entry_and_sources(red):
    trace = traced(red, "P-07", "flag", "raised_crp", *ON)
    ((row,),) = (one["rows"] for one in trace["flags"])
    assert (row["table"], row["visit_id"], row["entry_id"], row["on"]) == ("lab_result", 1, 3, "2026-03-20")
    assert [entry["entry_id"] for entry in trace["entries"]] == [3]
    assert trace["rule_edition"]["name"] == "red_flags_v1"
    assert {number["name"] for number in trace["numbers"]} == set(red_flag_numbers().numbers)
    said = red("trace", "P-07", "flag", "raised_crp", *ON).stdout
    assert "row 1, visit 1 on Fri 2026-03-20, entry 3: crp 31 mg/L" in said
    assert "crp_upper_mg_l = 10 mg/L" in said
    assert f"sha256 {red_flag_numbers().sha256}" in said


def test_a_further_site_is_traced_to_both_episodes(red):
    trace = traced(red, "P-07", "flag", "later-site", *ON)
    (found,) = trace["flags"]
    assert [(row["table"], row["row_id"], row["entry_id"]) for row in found["rows"]] == [
        ("episode_details", 2, 2),
        ("episode_details", 1, 1),
    ]
    assert trace["numbers"] == []
    assert "left knee: onset 2026-03" in red("trace", "P-07", "flag", "later_site", *ON).stdout


def test_every_flag_that_is_listed_can_be_traced(red):
    red("patient", "edit", "P-07", "--born", "2012")
    red("checklist", "add", "P-07", "risk", "--on", "2026-03-20", "--present", "cancer-history")
    listed = json.loads(red("flags", "P-07", "--json", *ON).stdout)["flags"]
    assert len({flag["code"] for flag in listed}) >= 3
    for flag in listed:
        assert traced(red, "P-07", "flag", flag["code"], *ON)["entries"]


def test_a_flag_that_is_not_raised_names_those_that_are(red):
    missing = red("trace", "P-07", "flag", "fever", *ON)
    assert (missing.exit_code, missing.stderr) == (
        3,
        "Error: P-07 has no flag 'fever'; flags: raised_crp, later_site. See: tracker flags P-07\n",
    )
    missing = red("trace", "P-07", "flag", "relapse", *ON)
    assert "P-07 has no flag 'relapse'; flags: raised_crp, later_site." in missing.stderr
    elsewhere = red("trace", "P-07", "flag", "later_site", "--site", "ankle-left", *ON)
    assert elsewhere.exit_code == 3
    assert "has no flag 'later_site' at left ankle; it is raised at left knee." in elsewhere.stderr


def test_a_trace_of_one_site_lists_no_row_of_another(red):
    assert len(traced(red, "P-07", "resolution", *ON)["unclaimed"]) == 1
    trace = traced(red, "P-07", "resolution", "--site", "ankle-left", *ON)
    assert trace["unclaimed"] == []
    assert [entry["entry_id"] for entry in trace["entries"]] == [1]
