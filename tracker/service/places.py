"""Where things are kept when nobody says otherwise."""

from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("tracker", appauthor=False)


def database_url(chosen: str | None) -> str:
    """Give the URL of the database: the chosen URL or path, else the user's own file.

    A path becomes a SQLite URL; `~` is the home directory.
    """
    if chosen and "://" in chosen:
        return chosen
    path = Path(chosen).expanduser() if chosen else _DIRS.user_data_path / "tracker.db"
    return f"sqlite:///{path.absolute()}"


def backup_dir() -> Path:
    """Directory for the backups that upgrades make."""
    return _DIRS.user_state_path / "backups"
