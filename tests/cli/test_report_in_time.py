"""No panel of a patient's page shows what was later: neither what was true later, nor what was known later."""

import json
import re

import pytest

EARLY, LATE = "2026-03-01", "2026-06-01"
# A word of each late fact that stands nowhere else on the page.
LATE_WORDS = {
    "note": "LATE-NOTE",
    "laboratory": "4711 mg/L",
    "function": "FAAM, sport",
    "treatment": "LATE-STOCKING",
    "differential": "LATE-BIOPSY",
    "checklist": "LATE-LUPUS",
    "pregnancy": "week 37",
    "score": "pain 9 of 10",
    "flag": "LATE-ACK",
    "closing": "LATE-CLOSING",
    "correction": "LATE-SLIP",
}


def page(run, tmp_path, *options):
    out = run("report", "patient", "P-07", "--out", str(tmp_path / "pages"), *options)
    assert out.exit_code == 0, out.output
    (path,) = (tmp_path / "pages").glob("patient-*.html")
    return path.read_text(encoding="utf-8")


def do(run, *words):
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done


def log_late(run):
    """Log something of every kind that is true on a late day."""
    line = ("--pain", "ankle-left=9", "--lab", "crp=4711mg/L", "--function", "faam-sport=11", "--note", "LATE-NOTE")
    do(run, "visit", "add", "P-07", "--on", LATE, *line, "--yes")
    do(run, "visit", "edit", "3", "--note", "LATE-NOTE again", "--why", "LATE-SLIP")
    do(run, "treatment", "add", "P-07", "other", "--words", "LATE-STOCKING", "--from", LATE, "--yes")
    do(run, "differential", "set", "P-07", "infection", "excluded", "--how", "LATE-BIOPSY", "--on", LATE, "--yes")
    do(run, "checklist", "add", "P-07", "risk", "--on", LATE, "--present", "lupus", "--words", "LATE-LUPUS", "--yes")
    do(run, "pregnancy", "add", "P-07", "pregnant", "--week", "37", "--on", LATE, "--yes")
    do(run, "flags", "ack", "P-07", "raised_crp", "--why", "LATE-ACK")
    do(run, "episode", "close", "P-07", "ankle-left", "--on", LATE, "--why", "LATE-CLOSING")


@pytest.fixture
def early(run):
    do(run, "patient", "add", "P-07", "--sex", "F", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01")
    do(run, "visit", "add", "P-07", "--on", "2026-02-01", "--pain", "ankle-left=5")
    do(run, "visit", "add", "P-07", "--on", EARLY, "--pain", "ankle-left=7", "--note", "EARLY-NOTE")
    return run


def test_every_late_word_is_on_the_page_of_today(early, tmp_path):
    log_late(early)
    html = page(early, tmp_path)
    assert [kind for kind, word in LATE_WORDS.items() if word not in html] == []


def test_as_of_an_early_day_nothing_later_is_on_the_page(early, tmp_path):
    before = page(early, tmp_path, "--as-of", EARLY)
    log_late(early)
    after = page(early, tmp_path, "--as-of", EARLY)
    assert [kind for kind, word in LATE_WORDS.items() if word in after] == []
    # the number of the newest entry tells that something was logged, and nothing else does
    numbered = re.compile(r"last ledger entry \d+")
    assert numbered.sub("", after) == numbered.sub("", before)


def test_what_was_recorded_later_is_not_known_earlier(early, tmp_path):
    before = page(early, tmp_path)
    moment = json.loads(do(early, "log", "--newest", "1", "--json").stdout)[0]["recorded_at"]
    do(early, "visit", "edit", "2", "--pain", "ankle-left=2", "--note", "LATE-NOTE", "--why", "LATE-SLIP")
    log_late(early)
    after = page(early, tmp_path, "--known-at", moment)
    assert [kind for kind, word in LATE_WORDS.items() if word in after] == []
    assert "EARLY-NOTE" in after
    assert after == before
