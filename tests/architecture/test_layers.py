"""Arrows point down only: import-linter holds the contracts of pyproject.toml, and would notice a breach."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reports
import tracker

LINTER = Path(sys.executable).with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")


def _lint(folder):
    return subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copied_tree(project, tmp_path):
    """Copy what import-linter reads, to be spoiled."""
    for package in ("tracker", "reports"):
        shutil.copytree(project / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_contract_is_kept(project):
    result = _lint(project)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("tracker/analysis/seeded.py", "import tracker.database.session", "layers point down"),
        ("tracker/database/seeded.py", "import tracker.analysis.results", "layers point down"),
        ("tracker/clinical/seeded.py", "import tracker.service.visits", "layers point down"),
        ("tracker/service/seeded.py", "import reports.page", "layers point down"),
        ("tracker/errors.py", "import tracker.dates", "layers point down"),
        ("tracker/analysis/seeded.py", "import sqlalchemy", "analysis and words are pure"),
        ("tracker/clinical/seeded.py", "import click", "analysis and words are pure"),
        ("tracker/analysis/seeded.py", "import plotly.graph_objects", "analysis and words are pure"),
        ("reports/seeded.py", "import tracker.database.queries", "reports never see the database"),
        ("reports/seeded.py", "import sqlalchemy", "reports never see the database"),
    ],
)
def test_a_seeded_breach_is_reported_under_its_contract(copied_tree, module, line, contract):
    path = copied_tree / module
    before = path.read_text(encoding="utf-8") if path.exists() else '"""Seeded."""\n'
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    result = _lint(copied_tree)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


def test_both_packages_are_taken_from_one_folder():
    # `reports` is a common name: a folder of that name elsewhere must not stand before ours
    assert Path(reports.__file__).parents[1] == Path(tracker.__file__).parents[1]
