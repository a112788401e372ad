"""The source tree, as the architecture tests look at it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tracker.cli.root import root

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def project():
    """Give the project's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def project_files():
    """Name every file that belongs to the project: what git holds, and what it would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [PROJECT / name for name in listed if name and (PROJECT / name).is_file()]


@pytest.fixture(scope="session")
def program_files(project_files):
    """Name the Python files of the program and its scripts; tests are no part of it."""
    return [
        path
        for path in project_files
        if path.relative_to(PROJECT).parts[0] in ("tracker", "reports", "migrations", "scripts") and _is_python(path)
    ]


@pytest.fixture(scope="session")
def syntax(program_files):
    """Give the syntax tree of every program file by its path from the project's folder."""
    return {path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in program_files}


@pytest.fixture(scope="session")
def commands():
    """Give every command of the program by its words, such as `visit add`."""
    found = {}

    def walk(command, words):
        if not isinstance(command, click.Group):
            found[" ".join(words)] = command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            walk(command.get_command(context, name), (*words, name))

    walk(root, ())
    return found


@pytest.fixture
def tracker_process(tmp_path):
    """Give `tracker_process("visit", "add", ...)`: a whole process on a record of its own.

    Its `loaded` names the top-level and dotted modules it had imported when it ended.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": str(tmp_path / "record.db"),
        "LOGNAME": "nurse",
        "TRACKER_REPORT_DIR": "",
        "PYTHONPATH": str(PROJECT),  # also where the project itself is not installed
    }

    def run(*words, **variables):
        said = tmp_path / "modules.txt"
        said.unlink(missing_ok=True)
        program = (
            "import atexit, pathlib, sys\n"
            f"atexit.register(lambda: pathlib.Path({str(said)!r}).write_text('\\n'.join(sys.modules)))\n"
            "from tracker.cli import main\n"
            "main()\n"
        )
        result = subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=tmp_path,
            env={**environment, **variables},
            check=False,
            capture_output=True,
            text=True,
        )
        result.loaded = set(said.read_text().split("\n"))
        return result

    return run


def _is_python(path):
    if path.suffix:
        return path.suffix == ".py"
    return path.read_bytes().startswith(b"#!/usr/bin/env python3")
