"""`tracker config`: what goes before what, and a file that keeps everything else that stands in it."""

import json
import os
import stat
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tracker.cli.root import root
from tracker.errors import InputError
from tracker.service.settings import REPORT_DIR, find_setting, set_value, unset_value


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A user with nothing set, who works in a folder of its own; `run("config", ...)` is the command line."""
    work, config = tmp_path / "work", tmp_path / "config"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.delenv("TRACKER_REPORT_DIR")
    monkeypatch.setattr("tracker.service.settings.config_path", lambda: config / "config.toml")
    return SimpleNamespace(
        work=work, file=config / "config.toml", run=lambda *words: CliRunner().invoke(root, ["config", *words])
    )


def test_nothing_is_set_at_first(place):
    shown = place.run("show", "--json")
    assert json.loads(shown.stdout) == [{"key": "report.dir", "value": None, "origin": "default"}]
    got = place.run("get", "report.dir")
    assert (got.exit_code, got.stdout) == (3, "")
    assert got.stderr == "Error: report.dir is not set. Set it: tracker config set report.dir DIR\n"


def test_what_is_set_is_kept_as_a_whole_path_and_taken_back(place):
    done = place.run("set", "report.dir", "pages")
    assert (done.exit_code, done.stdout) == (0, f"report.dir = {place.work / 'pages'}\n")
    assert done.stderr == f"Kept in {place.file}. To take it back: tracker config unset report.dir\n"
    assert place.file.read_text(encoding="utf-8") == f'[report]\ndir = "{place.work / "pages"}"\n'
    assert place.run("get", "report.dir").stdout == f"{place.work / 'pages'}\n"
    assert place.run("unset", "report.dir").stderr == "report.dir is no longer set there.\n"
    assert place.run("unset", "report.dir").stderr == "report.dir is not set there. Nothing was written.\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps access rights elsewhere than in a file's mode")
def test_the_file_belongs_to_its_owner_alone(place):
    place.run("set", "report.dir", "pages")
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600


def test_a_dry_run_writes_nothing(place):
    assert place.run("set", "report.dir", "pages", "--dry-run").stderr == "Dry run: nothing was written.\n"
    assert not place.file.exists()
    place.run("set", "report.dir", "pages")
    assert place.run("unset", "report.dir", "--dry-run").stderr == "Dry run: nothing was written.\n"
    assert place.run("get", "report.dir").exit_code == 0


def test_the_environment_goes_before_the_project_and_that_before_the_user(place, monkeypatch):
    place.run("set", "report.dir", "of-the-user")
    assert place.run("get", "report.dir").stdout.endswith("of-the-user\n")
    (place.work / "tracker.toml").write_text('[report]\ndir = "of-the-project"\n', encoding="utf-8")
    assert place.run("get", "report.dir").stdout == f"{place.work / 'of-the-project'}\n"
    monkeypatch.setenv("TRACKER_REPORT_DIR", "of-the-environment")
    assert place.run("get", "report.dir").stdout == f"{place.work / 'of-the-environment'}\n"
    shown = place.run("show", "--origin").stdout.splitlines()
    assert shown[0].split("  ")[0] == "setting"
    assert "the variable TRACKER_REPORT_DIR" in shown[1]
    monkeypatch.setenv("TRACKER_REPORT_DIR", "")
    assert place.run("get", "report.dir").exit_code == 3


def test_setting_what_is_set_elsewhere_says_that_it_does_not_count_here(place, monkeypatch):
    monkeypatch.setenv("TRACKER_REPORT_DIR", "")
    done = place.run("set", "report.dir", "pages")
    assert done.stderr.endswith("Here the variable TRACKER_REPORT_DIR goes before it and says nothing.\n")


@pytest.mark.parametrize(
    "text",
    [
        "# mine\n[report] # pages\n  dir = 'old' # here\n# last\n",
        "# mine\n[report] # pages\n# last\n",
        "# mine\n[report] # pages\n# last",
        "[report]\n",
        "# only a remark\n",
        "",
    ],
)
def test_setting_and_unsetting_leave_every_other_line_as_it_is(place, text):
    place.file.parent.mkdir()
    place.file.write_text(text, encoding="utf-8")
    set_value(REPORT_DIR, "new", place.work)
    assert find_setting(REPORT_DIR, {}, place.work).value == str(place.work / "new")
    assert unset_value(REPORT_DIR)
    left = [line for line in place.file.read_text(encoding="utf-8").splitlines() if line != "[report]"]
    assert left == [line for line in text.splitlines() if "dir =" not in line and line != "[report]"]


@pytest.mark.parametrize("name", ['with "quotes"', "back\\slash", "Zoë", "tab\there", "a # b"])
def test_every_name_of_a_folder_can_be_kept(place, name):
    set_value(REPORT_DIR, name, place.work)
    assert find_setting(REPORT_DIR, {}, place.work).value == str(place.work / name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[report", "is no TOML"),
        ("[report]\ndri = 'x'\n", "sets 'report.dri', which is no setting. There are: report.dir."),
        ("report = 1\n", "sets 'report', which is no setting."),
        ("[report]\ndir = 5\n", "sets report.dir to '5'; it must be words."),
        ("[report]\ndir = ''\n", "sets report.dir to ''; it must be words."),
    ],
)
def test_a_file_that_cannot_be_understood_is_said(place, text, said):
    place.file.parent.mkdir()
    place.file.write_text(text, encoding="utf-8")
    result = place.run("get", "report.dir")
    assert result.exit_code == 1
    assert f"Error: '{place.file}' " in result.stderr
    assert said in result.stderr


def test_a_line_that_cannot_be_changed_alone_is_left_to_its_owner(place):
    place.file.parent.mkdir()
    place.file.write_text('report.dir = "old"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"is written in a way that cannot be changed here\. Change report\.dir in it"):
        set_value(REPORT_DIR, "new", place.work)
    assert place.file.read_text(encoding="utf-8") == 'report.dir = "old"\n'


@pytest.mark.skipif(not hasattr(os, "chown") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_project_file_of_somebody_else_is_not_read(place):
    path = place.work / "tracker.toml"
    path.write_text('[report]\ndir = "theirs"\n', encoding="utf-8")
    os.chown(path, 12345, -1)
    result = place.run("get", "report.dir")
    assert result.stderr == f"Error: '{path}' belongs to somebody else and is not read. Work in another folder.\n"


def test_a_file_is_no_folder(place):
    (place.work / "notes.txt").write_text("", encoding="utf-8")
    result = place.run("set", "report.dir", "notes.txt")
    assert result.stderr == (
        f"Error: '{place.work / 'notes.txt'}' is no folder. Name a folder; a missing one is made.\n"
        "Nothing was written.\n"
    )


def test_an_unknown_setting_is_refused(place):
    assert place.run("set", "report.folder", "x").exit_code == 2
    with pytest.raises(InputError, match=r"^There is no setting 'report\.folder'\. There are: report\.dir\.$"):
        find_setting("report.folder", {}, place.work)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_folder_is_refused_and_not_the_current_one(place, name):
    refused = place.run("set", "report.dir", name)
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"Error: report.dir was given as '{name}', which names nothing. "
        "Name a folder, or take the setting back: tracker config unset report.dir\nNothing was written.\n"
    )
    assert not place.file.exists()
