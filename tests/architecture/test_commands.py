"""Every command keeps the contract of the command line: help, example, `--json`, `--dry-run`, README."""

import ast
import re

import click
import pytest

from tracker.cli.options import WriteCommand
from tracker.cli.root import NOUNS, root

SERVICE = "tracker.service"

# Commands that make files or a database and log nothing: there is nothing to print as JSON or to rehearse.
THAT_MAKE_FILES = {"init", "demo", "report patient", "report cohort", "db backup", "db restore", "db upgrade"}


@pytest.fixture
def options(commands):
    """Give the options of each command."""
    return {
        words: {name for parameter in command.params for name in parameter.opts} for words, command in commands.items()
    }


def test_every_command_says_what_it_does_in_a_sentence(commands):
    lines = {words: (command.help or "").strip().splitlines()[:1] for words, command in commands.items()}
    assert {words: line for words, line in lines.items() if not line or not line[0].endswith((".", ":"))} == {}


def test_every_command_shows_an_example_of_itself(commands):
    without = [
        words
        for words, command in commands.items()
        if not re.search(rf"Example:\n\s+tracker (--\S+ \S+ )*{words}\b", command.help or "")
    ]
    assert without == []


def test_every_option_has_a_help_text(commands):
    without = {
        f"{words} {parameter.opts[0]}"
        for words, command in commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    }
    assert without == set()


def test_every_write_can_be_rehearsed(commands, options):
    writes = {words for words, command in commands.items() if isinstance(command, WriteCommand)}
    assert {words for words in writes - THAT_MAKE_FILES if "--dry-run" not in options[words]} == set()


def test_every_read_prints_json(commands, options):
    reads = {words for words, command in commands.items() if not isinstance(command, WriteCommand)}
    assert {words for words in reads - THAT_MAKE_FILES if "--json" not in options[words]} == set()


def test_whatever_can_be_rehearsed_says_so_when_it_fails(commands, options):
    # WriteCommand is what adds "Nothing was written." to a failure
    assert {w for w, c in commands.items() if "--dry-run" in options[w] and not isinstance(c, WriteCommand)} == set()


def test_the_list_of_exceptions_names_commands_that_exist(commands):
    assert set(commands) >= THAT_MAKE_FILES


def test_every_noun_is_listed_with_a_line_of_its_own():
    context = click.Context(root)
    assert root.list_commands(context) == sorted(NOUNS)
    assert all(root.get_command(context, noun) is not None for noun in NOUNS)
    assert len(set(NOUNS.values())) == len(NOUNS)


def test_every_command_stands_in_readme(commands, project):
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert [words for words in commands if f"| `tracker {words}" not in readme] == []


def _called_from_service(path, tree):
    """Give what a module calls of `tracker.service`, as `module.function`; what it only imports is no call."""
    names, modules = {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == SERVICE:
            modules |= {alias.asname or alias.name: f"{SERVICE}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{SERVICE}."):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    own = path.removesuffix(".py").replace("/", ".")
    called = set()
    for node in (found.func for found in ast.walk(tree) if isinstance(found, ast.Call)):
        if isinstance(node, ast.Name):
            called.add(names.get(node.id, f"{own}.{node.id}"))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            called.add(f"{modules[node.value.id]}.{node.attr}")
    return called


def test_every_use_case_has_a_caller(syntax):
    """A service function nobody calls is one nobody needs."""
    called = set().union(*(_called_from_service(path, tree) for path, tree in syntax.items()))
    public = {
        f"{path.removesuffix('.py').replace('/', '.')}.{node.name}"
        for path, tree in syntax.items()
        if path.startswith("tracker/service/")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert public
    assert public - called == set()


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("from tracker.service.visits import add_visit\nadd_visit(1)", {"tracker.service.visits.add_visit"}),
        ("from tracker.service.visits import add_visit as add\nadd(1)", {"tracker.service.visits.add_visit"}),
        ("from tracker.service import visits\nvisits.add_visit(1)", {"tracker.service.visits.add_visit"}),
        ("from tracker.service.visits import add_visit\n# add_visit(1)", set()),
        ("from tracker.service.visits import add_visit\nsay('add_visit(1)')", {"tracker.cli.seeded.say"}),
        ("from tracker.database import ledger\nledger.list_entries(1)", set()),
    ],
)
def test_only_a_real_call_of_the_service_counts(source, called):
    assert _called_from_service("tracker/cli/seeded.py", ast.parse(source)) == called
