"""What a clinic sets once: where each setting is looked for, and the file that keeps it.

The environment goes before the file `tracker.toml` in the working directory, that before the user's own file, and that
before the default. An option of a command goes before all of them. No setting is a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from tracker.errors import AccessError, InputError
from tracker.service.places import config_path

PROJECT_FILE = "tracker.toml"
REPORT_DIR = "report.dir"
_HEADER = re.compile(r"\s*\[\s*([\w.-]+)\s*\]\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: the variable of the environment that goes before the files, and what it does."""

    variable: str
    about: str


KEYS: Mapping[str, Key] = {
    REPORT_DIR: Key("TRACKER_REPORT_DIR", "Folder whose pages every write refreshes; without it none are."),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands: `value` is None where nobody set it, `origin` says who did."""

    key: str
    value: str | None
    origin: str


def find_setting(key: str, environment: Mapping[str, str], folder: Path) -> Setting:
    """Look a setting up.

    Parameters
    ----------
    key : str
        One of `KEYS`.
    environment : mapping of str to str
        The variables of the environment; an empty one takes a setting back.
    folder : pathlib.Path
        The working directory.

    Raises
    ------
    InputError
        If there is no such setting, or a file cannot be understood.
    AccessError
        If a file cannot be read.
    """
    variable = _known(key).variable
    if variable in environment:
        value = environment[variable]
        return Setting(key, _absolute(value, folder) if value else None, f"the variable {variable}")
    for path in (folder / PROJECT_FILE, config_path()):
        values = _read(path)
        if key in values:
            return Setting(key, _absolute(values[key], path.parent), str(path))
    return Setting(key, None, "default")


def set_value(key: str, value: str, folder: Path, *, dry_run: bool = False) -> Setting:
    """Keep a setting in the user's file, whatever else stands there (`InputError`, `AccessError`)."""
    _known(key)
    if not value.strip():  # the working directory otherwise: what a script's unset variable becomes
        raise InputError(
            f"{key} was given as '{value}', which names nothing.",
            hint=f"Name a folder, or take the setting back: tracker config unset {key}",
        )
    absolute = _absolute(value, folder)
    if Path(absolute).exists() and not Path(absolute).is_dir():
        raise InputError(f"'{absolute}' is no folder.", hint="Name a folder; a missing one is made.")
    _change(key, absolute, dry_run=dry_run)
    return Setting(key, absolute, str(config_path()))


def unset_value(key: str, *, dry_run: bool = False) -> bool:
    """Take a setting out of the user's file; say whether it stood there (`InputError`, `AccessError`)."""
    _known(key)
    if key not in _read(config_path()):
        return False
    _change(key, None, dry_run=dry_run)
    return True


def _known(key: str) -> Key:
    if key not in KEYS:
        raise InputError(f"There is no setting '{key}'.", hint=f"There are: {', '.join(KEYS)}.")
    return KEYS[key]


def _absolute(value: str, folder: Path) -> str:
    try:
        return os.path.abspath(folder / Path(value).expanduser())
    except RuntimeError:
        raise InputError(f"'{value}' names a home directory that is not there.", hint="Write the whole path.") from None


def _read(path: Path) -> dict[str, str]:
    """Read a file of settings; without one there are none."""
    text = _text(path)
    return {} if text is None else _parse(text, path)


def _text(path: Path) -> str | None:
    try:
        if not path.is_file():
            return None
        _refuse_strangers(path)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is no text in UTF-8.", hint="Correct it, or remove it.") from None
    except OSError as error:
        raise AccessError(f"Cannot read '{path}': {error.strerror or error}.", hint="Check its permissions.") from error


def _refuse_strangers(path: Path) -> None:
    """Refuse a file that somebody else owns: pages of patients must not go where a stranger says."""
    if hasattr(os, "getuid") and path.stat().st_uid not in (os.getuid(), 0):
        raise InputError(f"'{path}' belongs to somebody else and is not read.", hint="Work in another folder.")


def _parse(text: str, path: Path) -> dict[str, str]:
    import tomllib  # noqa: PLC0415  at start-up only where there is such a file

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"'{path}' is no TOML: {error}.", hint="Correct it, or remove it.") from None
    found = {
        f"{section}.{name}": value
        for section, table in tables.items()
        for name, value in (table.items() if isinstance(table, dict) else [("", table)])
    }
    for key, value in found.items():
        if key not in KEYS:
            raise InputError(
                f"'{path}' sets '{key.rstrip('.')}', which is no setting.", hint=f"There are: {', '.join(KEYS)}."
            )
        if not isinstance(value, str) or not value:
            raise InputError(f"'{path}' sets {key} to '{value}'; it must be words.", hint='As in: dir = "pages"')
    return found


def _change(key: str, value: str | None, *, dry_run: bool) -> None:
    """Change one line of the user's file, and leave comments and everything else as they are."""
    path = config_path()
    old = _text(path) or ""
    wanted = {name: kept for name, kept in (_parse(old, path) if old else {}).items() if name != key}
    if value is not None:
        wanted[key] = value
    new = _with_line(old, key, value)
    try:
        is_right = _parse(new, path) == wanted
    except InputError:
        is_right = False
    if not is_right:
        raise InputError(
            f"'{path}' is written in a way that cannot be changed here.", hint=f"Change {key} in it yourself."
        )
    if not dry_run:
        _write(path, new)


def _with_line(text: str, key: str, value: str | None) -> str:
    section, _, name = key.partition(".")
    lines, kept, inside, done = text.splitlines(), [], False, value is None
    line = "" if value is None else f"{name} = {_quoted(value)}"
    for old in lines:
        header = _HEADER.fullmatch(old)
        if header is not None:
            inside = header.group(1) == section
        elif inside and re.match(rf"\s*{re.escape(name)}\s*=", old):
            continue
        kept.append(old)
        if header is not None and inside and not done:
            kept.append(line)
            done = True
    if not done:
        kept += [f"[{section}]", line]
    return "\n".join([*kept, ""]) if kept else ""


def _quoted(value: str) -> str:
    """Write a basic string of TOML."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in plain) + '"'


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise AccessError(
            f"Cannot write '{path}': {error.strerror or error}.", hint="Check its permissions."
        ) from error
