"""`tracker cohort summary` and `tracker report cohort` on a small record."""

import json

import pytest


@pytest.fixture
def three(run):
    """A record of three patients, one of them in pain until today, one woman without an episode."""
    for code, sex in (("A-1", "M"), ("A-2", "F")):
        assert run("patient", "add", code, "--sex", sex, "--born", "1980", "--site", "ankle-left", "--onset",
                   "2026-01-01").exit_code == 0  # fmt: skip
    assert run("patient", "add", "A-3", "--sex", "F").exit_code == 0
    for code, on, score in (
        ("A-1", "2026-02-01", 7),
        ("A-1", "2026-05-01", 4),
        ("A-1", "2026-07-01", 0),
        ("A-2", "2026-02-01", 6),
    ):
        assert run("visit", "add", code, "--on", on, "--pain", f"ankle-left={score}").exit_code == 0
    return run


def test_of_three_patients_only_a_sentence_is_said(three):
    said = three("cohort", "summary", "--as-of", "2026-11-20")
    assert said.exit_code == 0, said.output
    assert "Fewer than 10 patients: no numbers are shown." in said.stdout
    assert "Table 1" not in said.stdout


def test_on_the_clinics_own_terminal_the_numbers_are_shown_and_said_to_be_internal(three):
    said = three("cohort", "summary", "--as-of", "2026-11-20", "--internal", "--by", "sex").stdout
    assert "INTERNAL: no count is hidden here. This must not leave the clinic." in said
    rows = {line[:56].strip(): line[56:].split() for line in said.splitlines()}
    assert rows["Recorded at the clinic"][-1] == "3"
    assert rows["left out: no episode recorded"][-1] == "1"
    assert rows["In the time to resolution"][-1] == "2"


def test_json_holds_the_same_and_says_that_it_is_internal(three):
    answer = json.loads(three("cohort", "summary", "--internal", "--as-of", "2026-11-20", "--json").stdout)
    assert answer["internal"] is True
    tables = {table["key"]: table for table in answer["tables"]}
    flow = {row["label"]: row["cells"][0]["n"] for row in tables["flow"]["rows"]}
    assert flow["Described (Table 1)"] == 2
    assert answer["provenance"]["edition"] == "course_v1"
    assert answer["provenance"]["as_of"] == "2026-11-20"


def test_a_past_day_and_a_past_moment_know_less(three):
    def described(*words):
        answer = json.loads(three("cohort", "summary", "--internal", "--json", *words).stdout)
        return {row["label"]: row["cells"][0]["n"] for row in answer["tables"][0]["rows"]}["Described (Table 1)"]

    assert described("--as-of", "2026-11-20") == 2
    assert described("--as-of", "2025-12-31") == 0
    assert described("--known-at", "2020-01-01") == 0


def test_files_are_written_where_they_are_wanted_and_named_internal(three, tmp_path):
    out = tmp_path / "summary"
    said = three("cohort", "summary", "--internal", "--format", "md,html,csv,docx-ready", "--out", str(out))
    assert said.exit_code == 0, said.output
    names = ["internal-cohort-summary" + end for end in ("-word.html", ".csv", ".html", ".md")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(said.stdout.split()) == [str(out / name) for name in names]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--format", "md"), "Error: The format 'md' is a file. Say where to: --out DIR\n"),
        (
            ("--format", "pdf"),
            "Error: There is no format 'pdf'. Formats: text, md, html, csv, docx-ready.\n",
        ),
        (("--clinic", "north"), "Error: No clinic 'north'. This database has: default.\n"),
        (
            ("--internal", "--smallest-shown", "8"),
            "Error: --internal hides nothing, so --smallest-shown says nothing there.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(three, words, sentence):
    refused = three("cohort", "summary", *words)
    assert (refused.exit_code in (1, 3), refused.stderr) == (True, sentence)


def test_a_page_is_written_for_few_and_its_numbers_only_where_it_is_internal(three, tmp_path):
    released = three("report", "cohort", "--out", str(tmp_path), "--as-of", "2026-11-20")
    assert released.exit_code == 0, released.output
    assert "Fewer than 10 patients" in (tmp_path / "cohort.html").read_text(encoding="utf-8")
    own = three("report", "cohort", "--out", str(tmp_path), "--as-of", "2026-11-20", "--internal")
    assert own.stdout.strip() == str(tmp_path / "internal-cohort.html")
    page = (tmp_path / "internal-cohort.html").read_text(encoding="utf-8")
    assert "INTERNAL" in page
    assert "A-1" not in page


def test_a_stricter_policy_is_named_on_what_it_made(three):
    said = three("cohort", "summary", "--smallest-shown", "11", "--as-of", "2026-11-20").stdout
    assert "Counts of 1 to 10 are hidden" in said
