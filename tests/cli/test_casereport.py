"""`tracker casereport`: what stands in a case report, and what does not."""

import csv
import hashlib
import json
import re
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from tracker.cli.root import root

CARE = [
    "Title",
    "Keywords",
    "Abstract",
    "Introduction",
    "Patient information",
    "Clinical findings",
    "Timeline",
    "Diagnostic assessment",
    "Therapeutic intervention",
    "Follow-up and outcomes",
    "Discussion",
    "Patient perspective",
    "Informed consent",
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def patient_with_case(tmp_path_factory, new_database):
    """A case with something of everything, made once: the command line on its record, and its folder."""
    url, runner = new_database("sqlite"), CliRunner(env={"LOGNAME": "nurse"})

    def patient(*words):
        return runner.invoke(root, ["--database", url, *words])

    folder = tmp_path_factory.mktemp("case")
    words = (
        ("patient", "add", "P-07", "--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01"),
        ("visit", "add", "P-07", "--on", "2026-02-10", "--pain", "ankle-left=7", "--vas", "talus-left=80"),
        ("visit", "add", "P-07", "--on", "2026-03", "--pain", "ankle-left=refused", "--mri", "talus-left=large"),
        ("visit", "add", "P-07", "--on", "2026-05-10", "--pain", "ankle-left=3", "--vitamin-d", "18ng/mL"),
        ("visit", "edit", "3", "--lab", "crp=3mg/L", "--note", "likes sailing"),
        ("treatment", "add", "P-07", "ibandronate", "--from", "2026-02", "--dose", "150mg monthly"),
        ("treatment", "end", "1", "--on", "2026-04-01", "--why", "tired of it"),
        ("differential", "set", "P-07", "infection", "excluded", "--on", "2026-03-10", "--how", "by Dr Grey"),
        ("checklist", "add", "P-07", "risk", "--on", "2026-03-10", "--present", "smoking"),
        ("episode", "close", "P-07", "ankle-left", "--on", "2026-07-01", "--why", "sailing again"),
    )
    for one in words:
        done = patient(*one)
        assert done.exit_code == 0, (one, done.output)
    done = patient("casereport", "P-07", "--out", str(folder / "case"), "--as-of", "2026-09-01")
    assert done.exit_code == 0, done.output
    return patient, folder / "case"


@pytest.fixture
def patient(patient_with_case):
    """The command line on the record of the case."""
    return patient_with_case[0]


@pytest.fixture
def case(patient_with_case):
    """The folder of the case report."""
    return patient_with_case[1]


def test_the_headings_are_those_of_care_in_their_order(case):
    text = (case / "case-report.md").read_text(encoding="utf-8")
    assert [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")] == CARE


def test_it_holds_what_the_record_holds(case):
    text = (case / "case-report.md").read_text(encoding="utf-8")
    for said in (
        "Bone marrow edema syndrome of the left ankle: a case report",
        "Sex: male. Age at day 0: 40 to 49 years.",
        "smoking present",
        "Left ankle: 2 pain scores of NRS (overall), first 7 on day 40, highest 7 on day 40, last 3 on day 129.",
        "Left talus: 1 pain score of VAS (overall), 80 on day 40.",
        "- Vitamin D: day 129: 18 ng/mL",
        "MRI: edema present",
        "Other causes: ",
        "- Ibandronate, 150 mg: from day 46 \N{PLUS-MINUS SIGN}15 to day 90",
        "Visits: 3, the last on day 129.",
        "The episode at the left ankle was closed on day 181.",
    ):
        assert said in text, said


def test_what_it_does_not_hold_is_marked_as_blank(case):
    text = (case / "case-report.md").read_text(encoding="utf-8")
    for heading in ("Abstract", "Discussion", "Patient perspective", "Informed consent"):
        assert re.search(rf"## {heading}\n\n\[blank: ", text), heading


def test_no_code_date_or_free_word_stands_in_any_file(case):
    for path in case.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"P-07|2026-|sailing|Grey|tired|nurse|1979", text), path.name


def test_every_dated_fact_is_drawn_and_listed(case):
    with (case / "timeline.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = [row["kind"] for row in rows]
    counted = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    assert counted == {"episode": 1, "pain": 4, "vitamin_d": 1, "laboratory": 1, "imaging": 1, "treatment": 1}
    figure = ElementTree.parse(case / "timeline.svg").getroot()
    crosses = [one for one in figure.iter(f"{SVG}text") if (one.find(f"{SVG}title")) is not None]
    # three pain scores and three findings as points, the missing score as a cross
    assert (len(list(figure.iter(f"{SVG}circle"))), len(crosses)) == (6, 1)


def test_it_is_an_entry_of_the_ledger(case, patient):
    entry = next(one for one in json.loads(patient("log", "--json").stdout) if one["command"] == "casereport")
    shown = patient("log", str(entry["entry_id"])).stdout
    assert hashlib.sha256((case / "manifest.json").read_bytes()).hexdigest() in shown
    assert "export case report, 1 patient (patient P-07)" in shown
    assert patient("db", "verify").exit_code == 0


def test_a_rehearsal_writes_nothing(patient, tmp_path):
    done = patient("casereport", "P-07", "--out", str(tmp_path / "case"), "--dry-run", "--json")
    assert json.loads(done.stdout)["entry_id"] is None
    assert not (tmp_path / "case").exists()


def test_a_patient_of_whom_little_is_known_gives_blanks_and_an_empty_figure(run, tmp_path):
    assert run("patient", "add", "P-01", "--sex", "F").exit_code == 0
    assert run("casereport", "P-01", "--out", str(tmp_path / "case")).exit_code == 0
    text = (tmp_path / "case" / "case-report.md").read_text(encoding="utf-8")
    for said in ("[blank: site]", "Age at day 0: not recorded", "No pain score is recorded.", "No visit is recorded."):
        assert said in text
    assert "Nothing with a date is recorded." in (tmp_path / "case" / "timeline.svg").read_text(encoding="utf-8")


def test_the_same_case_gives_the_same_bytes(case, patient, tmp_path):
    assert patient("casereport", "P-07", "--out", str(tmp_path / "again"), "--as-of", "2026-09-01").exit_code == 0
    for path in case.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
