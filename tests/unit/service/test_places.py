"""A path names the file of exactly that name."""

import stat
from pathlib import Path

import pytest

from tracker.database.session import open_database
from tracker.errors import InputError
from tracker.service.places import database_url


@pytest.mark.parametrize("name", ["a?b=c.db", "a#b.db", "100%.db", "a%20b.db", "a%3Fb.db", "Zoë's + & record.db"])
def test_a_path_of_any_characters_is_that_file(tmp_path, name):
    open_database(database_url(str(tmp_path / name)), create=True).close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_url_is_taken_as_it_is():
    assert database_url("postgresql://ana@host/record?x=%20") == "postgresql://ana@host/record?x=%20"


def test_a_tilde_is_the_home_directory(monkeypatch):
    monkeypatch.setenv("HOME", "/somewhere")
    assert database_url("~/record.db") == "sqlite:////somewhere/record.db"
    assert database_url("record.db") == f"sqlite:///{Path.cwd()}/record.db"


def test_the_home_of_nobody_is_said():
    with pytest.raises(InputError) as caught:
        database_url("~no_such_user/record.db")
    assert (
        str(caught.value) == "'~no_such_user/record.db' names a home directory that is not there. Write the whole path."
    )
