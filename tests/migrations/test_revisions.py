"""Every revision up, down and up again; frozen; and answering its four questions."""

import ast
import re

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text

from tracker.database import ledger, revisions
from tracker.database.session import open_database

FILES = sorted((revisions.migrations_dir() / "versions").glob("*.py"))
QUESTIONS = ("What changes and why:", "Is any data rewritten:", "What does downgrade lose:", "How was it tested:")


def tables(url):
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def functions(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT proname FROM pg_proc WHERE proname LIKE 'tracker%'")).all()
    engine.dispose()
    return sorted(found)


def test_up_down_and_up_again_from_nothing(empty_database_url, running, fill):
    running(empty_database_url, revisions.run_up)
    assert running(empty_database_url, revisions.current_revision) == revisions.head_revision()
    running(empty_database_url, revisions.run_down, "base")
    assert tables(empty_database_url) == {"alembic_version"}
    running(empty_database_url, revisions.run_up)
    with open_database(empty_database_url) as database:
        fill(database)
        with database.reading() as connection:
            assert ledger.verify(connection).problems == ()


def test_down_from_a_filled_record_loses_it_all_as_it_says(filled_url, running, fill):
    running(filled_url, revisions.run_down, "base")
    assert tables(filled_url) == {"alembic_version"}
    running(filled_url, revisions.run_up)
    with open_database(filled_url) as database:
        assert fill(database).entry_id == 1


@pytest.mark.parametrize("engine", ["postgresql"])
def test_down_leaves_no_functions_behind(filled_url, running):
    assert functions(filled_url) == ["tracker_only_retract", "tracker_refuse"]
    running(filled_url, revisions.run_down, "base")
    assert functions(filled_url) == []


def test_the_newest_revision_is_read_off_the_file_names():
    assert revisions.head_revision() == FILES[-1].name[:4]


def test_revisions_follow_each_other_without_a_gap():
    assert [path.name[:4] for path in FILES] == [f"{number:04}" for number in range(1, len(FILES) + 1)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
class TestEachRevision:
    def test_is_named_by_number_and_words(self, path):
        assert re.fullmatch(r"\d{4}_[a-z_]+\.py", path.name)

    def test_says_its_number_and_the_one_before(self, path):
        number = path.name[:4]
        before = None if number == "0001" else f"{int(number) - 1:04}"
        assigned = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign) and node.targets[0].id in ("revision", "down_revision")
        }
        assert assigned == {"revision": number, "down_revision": before}

    def test_is_frozen(self, path):
        """It imports nothing that changes after its release."""
        imported = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add(node.module.split(".")[0])
        assert imported <= {"alembic", "sqlalchemy"}

    def test_answers_the_four_questions(self, path):
        said = ast.get_docstring(ast.parse(path.read_text()))
        parts = re.split("|".join(map(re.escape, QUESTIONS)), said)
        assert [question for question in QUESTIONS if question in said] == list(QUESTIONS)
        assert all(len(part.strip()) > 1 for part in parts[1:])

    def test_has_a_dump_to_upgrade_from(self, path, request):
        assert (request.path.parent / "data" / f"{path.name[:4]}.sql").exists()


def test_a_new_revision_starts_from_the_questions(tmp_path, next_revision, empty_database_url, running):
    next_revision("")

    def write_one(connection):
        settings = revisions.config(connection)
        return command.revision(settings, "hold biopsies", rev_id="0006", head="0005").path

    written = running(empty_database_url, write_one)
    assert written == str(tmp_path / "migrations" / "versions" / "0006_hold_biopsies.py")
    tree = ast.parse((tmp_path / "migrations" / "versions" / "0006_hold_biopsies.py").read_text())
    assert [question for question in QUESTIONS if question in ast.get_docstring(tree)] == list(QUESTIONS)


def test_an_installation_without_revisions_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(revisions, "_PACKAGE", tmp_path / "tracker")
    with pytest.raises(revisions.SchemaError) as caught:
        revisions.migrations_dir()
    assert str(caught.value) == (
        f"The schema revisions are neither in '{tmp_path}/tracker/_migrations' nor in '{tmp_path}/migrations'."
        " Install the program again."
    )


def test_revisions_inside_the_package_come_first(monkeypatch, tmp_path):
    for place in ("tracker/_migrations", "migrations"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "env.py").touch()
    monkeypatch.setattr(revisions, "_PACKAGE", tmp_path / "tracker")
    assert revisions.migrations_dir() == tmp_path / "tracker" / "_migrations"
