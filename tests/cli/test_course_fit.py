"""`tracker course fit`: what is said, what is written, and what is left when it is stopped."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from tracker.cli.root import root
from tracker.clinical.reference import load_edition
from tracker.service import level_cache

VISITS = "episode_id,day,pain_nrs\n007,140,5\n007,40,6\n007,60,8\nB,20,4\n"
ONSETS = "episode_id,onset_day\nB,15\n007,10\n"


@pytest.fixture
def fit(tmp_path, tmp_path_factory, monkeypatch):
    """Give `fit(...)` in a folder with two small files; day tables are kept for all of these tests."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path_factory.getbasetemp() / "levels"
    monkeypatch.setattr(level_cache, "cache_dir", lambda: cache)
    (tmp_path / "visits.csv").write_text(VISITS, encoding="utf-8")
    (tmp_path / "onsets.csv").write_text(ONSETS, encoding="utf-8")

    def run(*words, out="fits.csv"):
        return CliRunner().invoke(root, ["course", "fit", "visits.csv", "--onsets", "onsets.csv", "--out", out, *words])

    return run


def test_it_writes_one_row_per_episode_and_says_so(fit, tmp_path):
    done = fit()
    assert (done.exit_code, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert lines[:3] == [
        "Episodes: 2, with 4 visits, each looked at on its last visit.",
        "Fitted: 1. Insufficient data: 1.",
        "Of the fitted, 0 rest on few courses of the library, and 0 resemble no kind of course.",
    ]
    edition = load_edition().sha256[:12]
    assert lines[3] == f"Expected course course_v1 ({edition}). Decision support for trained staff, not a diagnosis."
    assert lines[4:] == ["Written to fits.csv"]
    with (tmp_path / "fits.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["episode_id"], row["status"]) for row in csv.DictReader(file)] == [
            ("B", "insufficient_data"),
            ("007", "ok"),
        ]


def test_json_is_the_summary_alone(fit):
    done = fit("--json", "--as-of-day", "60", "--workers", "2")
    assert json.loads(done.stdout) == {
        "n_episodes": 2,
        "n_visits": 4,
        "n_early_visits": 0,
        "early_days": 30,
        "n_formula_ids": 0,
        "n_fitted": 1,
        "n_insufficient_data": 1,
        "n_little_sample": 0,
        "n_unlike_any_class": 0,
        "edition": "course_v1",
        "edition_sha256": load_edition().sha256,
        "program_version": level_cache.tracker.__version__,
        "out": "fits.csv",
    }
    assert "each looked at on day 60." in done.stderr


def test_a_rehearsal_checks_and_writes_nothing(fit, tmp_path):
    done = fit("--dry-run")
    assert done.exit_code == 0
    assert done.stderr == (
        "Episodes: 2, with 4 visits, each looked at on its last visit.\nChecked. Nothing was written.\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["onsets.csv", "visits.csv"]


def test_all_problems_are_told_and_nothing_is_written(fit, tmp_path):
    (tmp_path / "visits.csv").write_text(VISITS.replace("140,5", "140,7.5").replace("B,20", "C,20"), encoding="utf-8")
    refused = fit()
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Error: The input has 3 problems:\n"
        "  onsets.csv, row 2: the episode 'B' has no visit in visits.csv.\n"
        "  visits.csv, row 2: pain_nrs must be a whole number from 0 to 10, but was '7.5'.\n"
        "  visits.csv, row 5: the episode 'C' has no onset in onsets.csv.\n"
        "Correct the files and run the same command again.\n"
        "Nothing was written.\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["onsets.csv", "visits.csv"]


def test_an_output_that_is_there_is_kept_unless_it_is_to_be_replaced(fit, tmp_path):
    (tmp_path / "fits.csv").write_text("kept", encoding="utf-8")
    refused = fit()
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: 'fits.csv' is there already. Choose another name, or replace it: --overwrite.\nNothing was written.\n"
    )
    assert (tmp_path / "fits.csv").read_text(encoding="utf-8") == "kept"
    assert fit("--overwrite").exit_code == 0
    assert (tmp_path / "fits.csv").read_text(encoding="utf-8").startswith("episode_id,")


def test_odd_but_allowed_input_is_pointed_out(fit, tmp_path):
    (tmp_path / "visits.csv").write_text(VISITS + "=B,-40,3\n", encoding="utf-8")
    (tmp_path / "onsets.csv").write_text(ONSETS + "=B,0\n", encoding="utf-8")
    done = fit()
    assert done.stderr.splitlines()[1:3] == [
        "Please check: visits that lie more than 30 days before the onset: 1. They are read all the same.",
        "Please check: episode ids that begin with one of = + - @: 1. A spreadsheet takes such an id for a formula; it "
        "is kept as it is, so open the output as text there.",
    ]


def test_workers_and_scheduler_exclude_each_other(fit):
    refused = fit("--workers", "2", "--scheduler", "tcp://127.0.0.1:1")
    assert refused.exit_code == 2
    assert "--workers and --scheduler exclude each other: a cluster has its own workers." in refused.stderr


LONGEST_STOP_SECONDS = 300  # the chunks that were begun are finished first; a test that hangs says nothing


def _uncovered():
    """Give the environment without coverage's own: its lock is never let go where a signal stops it in the middle."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_a_stopped_run_leaves_no_file_and_no_part_of_one(tmp_path, sent):
    n_episodes = 60_000
    visits = "".join(f"E{one},{day},{8 - day // 40}\n" for one in range(n_episodes) for day in (30, 80, 150, 240))
    (tmp_path / "visits.csv").write_text("episode_id,day,pain_nrs\n" + visits, encoding="utf-8")
    onsets = "".join(f"E{one},0\n" for one in range(n_episodes))
    (tmp_path / "onsets.csv").write_text("episode_id,onset_day\n" + onsets, encoding="utf-8")
    command = [sys.executable, "-m", "tracker", "course", "fit", "visits.csv", "--onsets", "onsets.csv"]
    staging = tmp_path / "staging"
    staging.mkdir()
    process = subprocess.Popen(
        [*command, "--out", "fits.csv"],
        cwd=tmp_path,
        env={**_uncovered(), "TMPDIR": str(staging), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job would hand on that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        while process.poll() is None and not list(tmp_path.glob(".fits.csv.*.part")):
            time.sleep(0.05)  # until it has begun to write
        process.send_signal(sent)
        _, said = process.communicate(timeout=LONGEST_STOP_SECONDS)
    assert (process.returncode, said.strip()) == (130, "Stopped. Nothing was written.")
    assert [path.name for path in tmp_path.glob("*fits*")] == []
    assert list(staging.iterdir()) == []
