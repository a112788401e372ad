"""Where things are kept when nobody says otherwise."""

from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

from tracker.errors import InputError

_DIRS = PlatformDirs("tracker", appauthor=False)


def database_url(chosen: str | None) -> str:
    """Give the URL of the database: the chosen URL or path, else the user's own file.

    A path becomes a SQLite URL; `~` is the home directory.

    Raises
    ------
    InputError
        If the path starts with the home directory of somebody who has none.
    """
    if chosen and "://" in chosen:
        return chosen
    try:
        path = Path(chosen).expanduser() if chosen else _DIRS.user_data_path / "tracker.db"
    except RuntimeError:
        raise InputError(
            f"'{chosen}' names a home directory that is not there.", hint="Write the whole path."
        ) from None
    # what has a meaning in a URL is escaped; loading SQLAlchemy to do so would slow every start
    return f"sqlite:///{path.absolute()}".replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def backup_dir() -> Path:
    """Directory for the backups that upgrades make."""
    return _DIRS.user_state_path / "backups"


def cache_dir() -> Path:
    """Directory for what can be made again; nothing in it is about a patient."""
    return _DIRS.user_cache_path


def config_path() -> Path:
    """File of what the user set."""
    return _DIRS.user_config_path / "config.toml"


def refresh_dir() -> Path:
    """Directory for what is known of pages that are being refreshed."""
    return _DIRS.user_state_path / "refresh"
