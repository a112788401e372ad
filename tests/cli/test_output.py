"""What is printed tells the truth about the record, whatever becomes of the printing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli.root import root

ADD = ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")


@pytest.fixture
def scores(patient):
    """Give a function that lists the scores of the record."""
    return lambda: [s["score"] for s in json.loads(patient("patient", "show", "P-07", "--json").stdout)["pain_scores"]]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full exists on Linux only")
def test_an_answer_that_cannot_be_printed_says_that_the_visit_is_recorded(patient, scores, tmp_path):
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "tracker", "--database", str(tmp_path / "record.db"), *ADD],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-2:] == [
        "Error: The command could not finish: No space left on device.",
        "It was recorded, as entry 2.",
    ]
    assert scores() == [7]


def test_a_terminal_that_lacks_a_letter_shows_its_number(patient, scores, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tracker", "--database", str(tmp_path / "record.db"), *ADD, "--note", "\u2265 5 \u6728"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "LOGNAME": "nurse"},
        check=False,
    )
    assert (run.returncode, scores()) == (0, [7])
    assert "+ note \\u2265 5 \\u6728" in run.stdout


def test_a_fault_of_the_program_names_its_place_and_no_value(monkeypatch, patient, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Mrs Example, born 1 January 1950")

    monkeypatch.setattr("tracker.service.patients.list_patients", fail)
    shown = CliRunner().invoke(root, ["--database", str(tmp_path / "record.db"), "patient", "list"])
    assert shown.exit_code == 1
    assert "Error: The program failed (RuntimeError at test_output.py:" in shown.stderr
    assert "Example" not in shown.output


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--on", "2026-03-11"), "--on"),
        (("--vitamin-d", "12ng/mL", "--vitamin-d", "30ng/mL"), "--vitamin-d"),
        (("--aspect=rest", "--aspect", "load"), "--aspect"),
    ],
)
def test_an_option_of_one_value_given_twice_is_refused(patient, scores, words, option):
    refused = patient(*ADD, *words)
    assert refused.exit_code == 2
    assert f"{option} takes one value, but was given 2 times." in refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was written.")
    assert scores() == []


def test_a_day_in_the_future_is_no_day_to_look_at_a_course(patient):
    refused = patient("course", "show", "P-07", "--as-of", "2999-01-01")
    assert refused.exit_code == 1
    assert "The day Tue 2999-01-01 lies in the future. Give a day up to today." in refused.stderr


def test_a_note_cannot_colour_the_terminal_or_imitate_a_line(patient):
    logged = patient(*ADD, "--note", "first line\n+ pain left ankle 0")
    assert logged.exit_code == 0, logged.output
    assert "+ note first line / + pain left ankle 0" in logged.stdout
    assert not any(line.startswith("  + pain left ankle 0") for line in logged.stdout.splitlines())


@pytest.mark.parametrize("words", [("undo", "99999999999"), ("visit", "void", "99999999999999999999", "--why", "x")])
def test_a_number_no_key_can_have_is_refused(patient, words):
    refused = patient(*words)
    assert refused.exit_code == 1
    assert next(word for word in words if word.startswith("99")) in refused.stderr


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59-12:00", "yesterday"])
def test_a_moment_that_cannot_be_is_refused(patient, moment):
    refused = patient("patient", "show", "P-07", "--known-at", moment)
    assert (refused.exit_code, f"'{moment}' is no moment." in refused.stderr) == (1, True)


def test_a_number_stays_on_the_line_of_its_percent_sign():
    from tracker.cli.render import wrapped

    assert wrapped("Most probable course: expected 91 %.", width=33) == "Most probable course: expected\n91 %."
