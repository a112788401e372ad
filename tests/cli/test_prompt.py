"""Logging a visit by answering questions, at a real (pseudo) terminal."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time

import pytest

pty = pytest.importorskip("pty", reason="a pseudo terminal needs a Unix system")

WAIT_SECONDS = 120  # a loaded machine is slow, a hanging program is for ever


class Session:
    """A tracker process on a pseudo terminal."""

    def __init__(self, url: str, *words: str) -> None:
        leader, follower = pty.openpty()
        environment = {**os.environ, "LOGNAME": "nurse", "TERM": "dumb", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "--database", url, *words],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: _own_terminal(follower),
        )
        os.close(follower)
        self._leader = leader
        self.seen = ""

    def answer(self, question: str, typed: str) -> None:
        self._read_until(question)
        os.write(self._leader, typed.encode())

    def interrupt(self, question: str) -> int:
        """Press Ctrl-C at a question; again where the first one fell between prompt and read, as Python may lose it."""
        self._read_until(question)
        deadline = time.monotonic() + WAIT_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            os.write(self._leader, b"\x03")
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                continue
        return self.finish()

    def finish(self) -> int:
        self._read_until(None)
        code = self.process.wait(WAIT_SECONDS)
        os.close(self._leader)
        return code

    def _read_until(self, question: str | None) -> None:
        start = len(self.seen)
        deadline = time.monotonic() + WAIT_SECONDS
        while question is None or question not in self.seen[start:]:
            ready, _, _ = select.select([self._leader], [], [], 0.1)
            if ready:
                try:
                    read = os.read(self._leader, 4096)
                except OSError:  # Linux ends a pseudo terminal with an error
                    read = b""
                if not read:
                    assert question is None, f"'{question}' was never asked; seen: {self.seen}"
                    return
                self.seen += read.decode()
            assert time.monotonic() < deadline, f"no '{question}' in time; seen: {self.seen}"


def _own_terminal(descriptor: int) -> None:
    """Make the pseudo terminal the one whose Ctrl-C reaches the process."""
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job would hand on that it is ignored
    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)


@pytest.fixture
def at_terminal(tmp_path, patient):
    """Give a function that starts the program at a terminal, on a record with one visit; none outlives the test."""
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7").exit_code == 0
    sessions = []

    def start(*words: str) -> Session:
        sessions.append(Session(str(tmp_path / "record.db"), *words))
        return sessions[-1]

    yield start
    for session in sessions:
        session.process.kill()
        session.process.wait()


def scores(run) -> list[tuple]:
    shown = json.loads(run("patient", "show", "P-07", "--json").stdout)
    return [(s["visit_date"], s["site"], s["score"]) for s in shown["pain_scores"]]


def test_questions_show_the_last_values_and_a_slip_is_asked_again(at_terminal, patient):
    session = at_terminal("visit", "add", "P-07")
    session.answer("Date of the visit [today]", "2026-03-24\n")
    session.answer("Pain at left ankle, 0-10 (last: pain left ankle 7 (NRS 0-10, overall) on Tue 2026-03-10)", "17\n")
    session.answer("'17' is no pain score. Type a whole number from 0 to 10", "6\n")
    session.answer("Pain at another site", "77\n")
    session.answer("'77' is no site with its score. Type both with an equals sign between", "knee-left=2\n")
    session.answer("Pain at another site", "\n")
    session.answer("Vitamin D with its unit (none so far)", "18ng/mL\n")
    session.answer("MRI, as SITE=large,effusion (none so far)", "talus-left=medium\n")
    session.answer("MRI of another bone", "\n")
    session.answer("Note", "walks without crutches\n")
    session.answer("Laboratory values, function scores or treatments too? [y/N]", "\n")
    session.answer("Record it all the same? [y/N]", "y\n")
    assert session.finish() == 0, session.seen
    assert session.seen.count("No open episode at left knee claims this score") == 1
    assert scores(patient)[1:] == [("2026-03-24", "ankle-left", 6), ("2026-03-24", "knee-left", 2)]


def test_ctrl_c_in_the_middle_stops_with_130_and_writes_nothing(at_terminal, patient):
    before = scores(patient)
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-24")
    session.answer("Pain at left ankle", "6\n")
    assert session.interrupt("Pain at another site") == 130, session.seen
    assert "Stopped. Nothing was written." in session.seen
    assert scores(patient) == before


def test_no_to_a_warning_writes_nothing(at_terminal, patient):
    before = scores(patient)
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-12", "--pain", "ankle-left=1")
    session.answer("Record it all the same? [y/N]", "n\n")
    assert session.finish() == 1, session.seen
    assert "Not recorded, as you chose.\r\nNothing was written." in session.seen
    assert scores(patient) == before


def test_without_a_date_today_is_taken_and_said(at_terminal, patient):
    session = at_terminal("visit", "add", "P-07", "--pain", "ankle-left=5")
    assert session.finish() == 0, session.seen
    assert "No --on given: taking today, " in session.seen


def test_no_input_never_asks(at_terminal):
    session = at_terminal("--no-input", "visit", "add", "P-07", "--on", "2026-03-24")
    assert session.finish() == 2, session.seen
    assert "No data given and nobody to ask." in session.seen


def test_undo_asks_at_a_terminal(at_terminal, patient):
    before = scores(patient)
    session = at_terminal("undo")
    session.answer("Take it back? [y/N]", "n\n")
    assert session.finish() == 0
    assert scores(patient) == before
    session = at_terminal("undo")
    session.answer("Take it back? [y/N]", "y\n")
    assert session.finish() == 0
    assert scores(patient) == []


def test_labs_and_treatments_are_asked_for_if_wished_and_written_in_the_entry_of_the_visit(at_terminal, patient):
    begun = ("treatment", "add", "P-07", "ibandronate", "--from", "2026-02-01", "--dose", "150mg monthly")
    assert patient(*begun).exit_code == 0
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-24")
    for question in ("Pain at left ankle", "Pain at another site", "Vitamin D", "MRI, as", "Note"):
        session.answer(question, "\n")
    session.answer("Laboratory values, function scores or treatments too? [y/N]", "y\n")
    session.answer("Laboratory value, as crp=3mg/L (none so far)", "crp=3mg/L\n")
    session.answer("Another laboratory value", "\n")
    session.answer("Function score, as faam-adl=62@ankle-left (none so far)", "\n")
    session.answer("Treatment 1: ibandronate, from Sun 2026-02-01. Day it ended, if it did", "2026-01-01\n")
    session.answer("The end Thu 2026-01-01 lies before the start (Sun 2026-02-01).", "2026-03-20\n")
    session.answer("New treatment by its code, such as vitamin-d", "vitamin-d\n")
    session.answer("Its start, such as 2026-03, 2026-03-10 or -3w (Enter: not known)", "2026-03\n")
    session.answer("Its dose, such as 2000IU daily (Enter: none)", "2000IU daily\n")
    session.answer("Another new treatment by its code", "\n")
    session.answer("Record it? [Y/n]", "\n")
    assert session.finish() == 0, session.seen
    summary = session.seen.partition("To be recorded:")[2].partition("Record it?")[0]
    assert [line.strip() for line in summary.splitlines() if line.strip()] == [
        "+ visit on Tue 2026-03-24",
        "+ laboratory C-reactive protein 3 mg/L",
        "- treatment 1: ibandronate, from Sun 2026-02-01",
        "+ treatment 1: ibandronate, from Sun 2026-02-01, until Fri 2026-03-20",
        "+ treatment 2: vitamin D supplementation, from March 2026, day not known",
        "+ dose of treatment 2: 2000 IU daily from March 2026, day not known",
    ]
    newest = json.loads(patient("log", "--json").stdout)[-1]
    assert newest["command"] == "visit add"
    assert patient("undo", "--yes").exit_code == 0
    held = json.loads(patient("patient", "show", "P-07", "--json").stdout)
    assert [(t["treatment_id"], t["ended"]) for t in held["treatments"]] == [(1, None)]


def test_enter_at_every_question_records_nothing_and_copies_no_score_forward(at_terminal, patient):
    before = scores(patient)
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-24")
    for question in ("Pain at left ankle", "Pain at another site", "Vitamin D", "MRI, as", "Note", "treatments too?"):
        session.answer(question, "\n")
    assert session.finish() == 1, session.seen
    assert "The visit has nothing to record: no score, result, finding or note." in session.seen
    assert scores(patient) == before


def test_no_to_the_summary_writes_nothing(at_terminal, patient):
    before = scores(patient)
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-24")
    session.answer("Pain at left ankle", "6\n")
    for question in ("Pain at another site", "Vitamin D", "MRI, as", "Note", "treatments too?"):
        session.answer(question, "\n")
    session.answer("Record it? [Y/n]", "n\n")
    assert session.finish() == 1, session.seen
    assert "To be recorded:\r\n  + visit on Tue 2026-03-24\r\n  + pain left ankle 6 (NRS 0-10, overall)" in session.seen
    assert "Not recorded, as you chose.\r\nNothing was written." in session.seen
    assert scores(patient) == before


WRONG_SIDE = "Right ankle: everything recorded of P-07 before is on the left side. Is the right side meant?"


def test_a_site_on_the_other_side_is_asked_about_once_and_kept_with_the_entry(at_terminal, patient):
    session = at_terminal(
        *("visit", "add", "P-07", "--on", "2026-03-24", "--pain", "ankle-right=3", "--mri", "ankle-right=effusion")
    )
    session.answer("Record it all the same? [y/N]", "y\n")
    assert session.finish() == 0, session.seen
    assert session.seen.count(f"Please check: {WRONG_SIDE}") == 1
    assert WRONG_SIDE in json.loads(patient("log", "--json").stdout)[-1]["warnings"]


def test_a_slip_of_the_side_at_the_questions_is_asked_about_though_both_sides_were_scored_before(at_terminal, patient):
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "knee-right=0").exit_code == 0
    session = at_terminal("visit", "add", "P-07", "--on", "2026-03-24")
    session.answer("Pain at left ankle", "\n")
    session.answer("Pain at right knee", "\n")
    session.answer("Pain at another site", "ankle-right=8\n")
    for question in ("Pain at another site", "Vitamin D", "MRI, as", "Note", "treatments too?"):
        session.answer(question, "\n")
    session.answer("Is the right side meant?", "n\n")
    assert session.finish() == 1, session.seen
    assert "Right ankle: the open episode of P-07 is at the left ankle, none at the right ankle." in session.seen
    assert [s for s in scores(patient) if "right" in s[0] and s[1] == 8] == []
