"""What is published works on its own: built from the sdist, installed in a clean environment, run from elsewhere."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = {"tracker": "tracker", "reports": "reports", "migrations": "tracker/_migrations"}

pytestmark = pytest.mark.slow


def _run(*command, folder, **variables):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON", "COV"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**environment, **variables},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the sdist, and the wheel from that sdist, with what is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    result = _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, folder=PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def clean_environment(wheel, tmp_path_factory):
    """Make an environment that holds the locked packages and the wheel, and nothing of this one."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "environment")
    programs = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    # Our pip installs into it, for it needs none of its own; what is run is compiled when it is.
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "--disable-pip-version-check"]
    pip += ["install", "-qq", "--no-compile"]
    running = folder / "running.txt"
    constraints = (PROJECT / "scripts/constraints.txt").read_text(encoding="utf-8")
    running.write_text(constraints.partition("# --- for tests only ---")[0], encoding="utf-8")
    locked = _run(*pip, "--require-hashes", "--only-binary=:all:", "-r", running, folder=folder)
    if locked.returncode != 0 and not os.environ.get("CI"):
        pytest.skip(f"pip could not install the locked packages, which needs a network: {locked.stderr.strip()[-200:]}")
    assert locked.returncode == 0, locked.stderr
    # The wheel's own requirements are then all there: pip would go and look for one that is not locked.
    installed = _run(*pip, "--no-index", wheel, folder=folder)
    assert installed.returncode == 0, installed.stderr
    return programs


def test_the_wheel_holds_every_file_of_program_pages_and_revisions(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"{target}/{path.relative_to(PROJECT / source).as_posix()}"
        for source, target in SHIPPED.items()
        for path in (PROJECT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in held if ".dist-info/" not in name} == expected
    assert {
        "tracker/_migrations/env.py",
        "tracker/_migrations/versions/0001_initial.py",
        "tracker/_migrations/versions/0002_hold_cases_whole.py",
        "tracker/_migrations/versions/0003_decide_on_flags.py",
        "tracker/clinical/sites.csv",
        "tracker/clinical/course_v1.toml",
        "tracker/analysis/unit_cube.csv",
    } <= held


def test_the_wheel_names_its_licence_and_its_command(wheel):
    held = zipfile.ZipFile(wheel)
    (license_file,) = [name for name in held.namelist() if name.endswith("/licenses/LICENSE")]
    assert held.read(license_file) == (PROJECT / "LICENSE").read_bytes()
    (entry_points,) = [name for name in held.namelist() if name.endswith("/entry_points.txt")]
    assert b"tracker = tracker.__main__:run" in held.read(entry_points)


def test_the_sdist_holds_tests_and_scripts_as_well(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        folders = {Path(name).parts[1] for name in archive.getnames()}
    assert folders >= {"tracker", "reports", "migrations", "tests", "scripts", "README.md", "LICENSE", "pyproject.toml"}


def test_the_demo_runs_from_the_wheel_in_another_folder(clean_environment, tmp_path):
    out = tmp_path / "pages"
    result = _run(clean_environment / "tracker", "demo", "--out", out, folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    pages = [path for path in out.rglob("*.html") if path.stat().st_size > 0]
    # 47 published cases and 60 simulated patients, each with a page
    assert len(pages) >= 47 + 60
    assert str(PROJECT) not in result.stdout + result.stderr


def test_a_first_session_works_from_the_wheel(clean_environment, tmp_path):
    tracker = clean_environment / "tracker"
    here = {"TRACKER_DATABASE_URL": str(tmp_path / "record.db"), "LOGNAME": "nurse"}
    session = [
        ["init"],
        ["patient", "add", "P-07", "--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01"],
        ["--no-input", "visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7"],
        ["--no-input", "visit", "add", "P-07", "--on", "2026-05-12", "--pain", "ankle-left=5"],
        ["course", "show", "P-07"],
        ["report", "patient", "P-07", "--out", "pages"],
        ["db", "verify"],
    ]
    for words in session:
        result = _run(tracker, *words, folder=tmp_path, **here)
        assert result.returncode == 0, f"{words}: {result.stderr}"
    assert [path.suffix for path in (tmp_path / "pages").iterdir() if "P-07" in path.name] == [".html"]
