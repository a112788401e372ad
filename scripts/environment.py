"""The project's own virtual environment: made once, reused while nothing it depends on changed.

Shared by the scripts beside it. Plain Python, standard library only: it runs
before anything is installed, on Linux, macOS and Windows.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
CONSTRAINTS = PROJECT / "scripts" / "constraints.txt"
TEST_SECTION = "# --- for tests only ---"

_STAMP = VENV / "stamp.json"
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
_PIP_INSTALL = ["-m", "pip", "--disable-pip-version-check", "install", "-qq"]


def program(name: str) -> Path:
    """Give the path of a program installed in the environment."""
    return _BIN / (f"{name}.exe" if os.name == "nt" else name)


def prepare(*, with_tests: bool) -> None:
    """Make `.venv` hold the project and what it needs; do nothing when it already does.

    Parameters
    ----------
    with_tests : bool
        Install the test section of the constraints file as well.

    Raises
    ------
    SystemExit
        With a sentence, when the environment cannot be made.
    """
    wanted = _fingerprint()
    stamp = _read_stamp()
    if stamp.get("fingerprint") == wanted and program("tracker").exists():
        if stamp.get("with_tests") or not with_tests:
            return
        print("Adding what the tests need to .venv ...", flush=True)
    else:
        print("Making .venv and installing (a minute or two the first time) ...", flush=True)
        _make_venv()
    _install(with_tests=with_tests)
    _STAMP.write_text(json.dumps({"fingerprint": wanted, "with_tests": with_tests}), encoding="utf-8")


def run(*command: str | Path, folder: Path = PROJECT) -> int:
    """Run a command in `folder`, its output on ours; give its exit code (130 after Ctrl-C)."""
    try:
        return subprocess.run([str(part) for part in command], cwd=folder, check=False).returncode
    except KeyboardInterrupt:
        return 130


def run_quietly(*command: str | Path) -> tuple[int, str]:
    """Run a command from the project folder; give its exit code and all it said."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=PROJECT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return result.returncode, result.stdout


def enter(script: str, *, with_tests: bool = False) -> None:
    """Go on in `.venv`: start `script` there, unless this is that start.

    Raises
    ------
    SystemExit
        With the exit code of that start, once it has ended.
    """
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    prepare(with_tests=with_tests)
    sys.exit(run(program("python"), script, *sys.argv[1:], folder=Path.cwd()))


def _fingerprint() -> str:
    """Hash all that decides what the environment holds; its place too, since programs in it name their folder."""
    digest = hashlib.sha256(f"{sys.version}\n{VENV}\n".encode())
    for path in (PROJECT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _make_venv() -> None:
    # Debian and Ubuntu ship Python without these two.
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(
            f"This Python ({sys.executable}) has no module '{missing[0]}', which makes virtual environments. "
            "On Debian or Ubuntu: apt install python3-venv; elsewhere install Python from python.org. "
            "Then run this again."
        )
    if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        sys.exit(f"Could not make a virtual environment in {VENV}; the lines above say why. Nothing else was changed.")


def _install(*, with_tests: bool) -> None:
    requirements = VENV / "requirements.txt"
    locked = CONSTRAINTS.read_text(encoding="utf-8")
    requirements.write_text(locked if with_tests else locked.partition(TEST_SECTION)[0], encoding="utf-8")
    python = program("python")
    # Wheels only: a source package would need a compiler, and runs its own code while installing. The file is complete,
    # so nothing is resolved: older pips, asked for `coverage[toml]`, would try a newer release than the one locked.
    if run(python, *_PIP_INSTALL, "--only-binary=:all:", "--no-deps", "--require-hashes", "-r", requirements) != 0:
        sys.exit(
            "pip could not install the packages of scripts/constraints.txt; its own lines above say why. "
            "Without a network connection, or behind a proxy pip does not know, this is what happens; "
            "when it is back, run this again. Nothing outside .venv was changed."
        )
    if run(python, *_PIP_INSTALL, "--no-deps", "--no-build-isolation", "--editable", PROJECT) != 0:
        sys.exit("pip could not install the project itself into .venv; its own lines above say why.")
