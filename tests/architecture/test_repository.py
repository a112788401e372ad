"""What the repository holds, and what it must not hold."""

import ast
import re
import tomllib

import pytest

TOP_LEVEL = {
    "pyproject.toml",
    "tracker",
    "migrations",
    "reports",
    "tests",
    "scripts",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
}
TEST_SECTION = "# --- for tests only ---"

# Spelled in pieces, so that this file does not hold what it looks for.
PLACES = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:work|tmp|root|home|Users|opt)/\w",  # a folder of somebody's machine
            r"[A-Z]:\\" + r"(?:Users|Documents)",
            r"py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js|deb\.debian",  # a package registry
            r"index" + r"-url|find" + r"-links",
        ]
    )
)
MAY_NAME_A_SETTING = {"scripts/update_constraints"}  # it tells the resolver to leave addresses out


def test_the_top_level_is_exactly_what_was_agreed(project_files, project):
    names = {path.relative_to(project).parts[0] for path in project_files}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_no_file_names_a_folder_of_a_machine_or_a_package_registry(project_files, project):
    found = {}
    for path in project_files:
        name = path.relative_to(project).as_posix()
        hits = PLACES.findall(path.read_text(encoding="utf-8", errors="ignore"))
        if hits and name not in MAY_NAME_A_SETTING:
            found[name] = hits
    assert found == {}


@pytest.mark.parametrize(
    "text", ["/" + "home/anna/record.db", "x=/" + "work/main", "--index" + "-url", "py" + "pi.org"]
)
def test_such_a_place_would_be_found(text):
    assert PLACES.search(text)


@pytest.mark.parametrize("text", ["tests/work/x", "a/b", "doi.org/10.1000/tmp.1", "10/root"])
def test_other_slashes_are_no_places(text):
    assert not PLACES.search(text)


def _releases(section):
    return {line.split("==")[0] for line in section.splitlines() if "==" in line}


def test_every_dependency_is_locked_in_its_section(project):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    running, _, for_tests = (project / "scripts/constraints.txt").read_text(encoding="utf-8").partition(TEST_SECTION)

    def names(requirements):
        return {re.split(r"[\[<>=;]", requirement)[0] for requirement in requirements}

    assert names(settings["dependencies"]) <= _releases(running)
    assert names(settings["optional-dependencies"]["dev"]) <= _releases(running) | _releases(for_tests)


def test_every_locked_release_has_hashes_and_no_address(project):
    text = (project / "scripts/constraints.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry or "://" in entry] == []


def test_ruff_is_told_of_every_script_without_an_ending(program_files, project):
    included = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["extend-include"]
    scripts = {path.relative_to(project).as_posix() for path in program_files if not path.suffix}
    assert scripts == set(included)


def _vacuous_tolerances(source):
    """Find tolerances that accept an error as large as the value itself."""
    return [
        ast.unparse(keyword)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("rtol", "rel", "rel_tol")
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, int | float)
        and keyword.value.value >= 1
    ]


def test_no_test_accepts_an_error_of_the_whole_value(project_files, project):
    tests = [path for path in project_files if path.is_relative_to(project / "tests") and path.suffix == ".py"]
    found = {path.name: _vacuous_tolerances(path.read_text(encoding="utf-8")) for path in tests}
    assert {name: tolerances for name, tolerances in found.items() if tolerances} == {}


def test_a_tolerance_that_cannot_fail_would_be_found():
    source = "assert_allclose(a, b, rtol=2)\nassert a == approx(b, rel=1.0)\nassert_allclose(a, b, rtol=1e-6, atol=3)\n"
    assert _vacuous_tolerances(source) == ["rtol=2", "rel=1.0"]
