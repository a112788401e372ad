"""Shell completion: nouns, sites and patient codes, and silence where nothing can be read."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from tracker.cli.root import root


@pytest.fixture
def complete(tmp_path, patient):
    """Give `complete("visit", "add", "P")`: what the shell would offer on the record of one patient."""

    def offered(*words: str, database: str = str(tmp_path / "record.db")) -> list[str]:
        shell = ShellComplete(root, {}, "tracker", "_TRACKER_COMPLETE")
        given = ["--database", database, *words[:-1]]
        return [item.value for item in shell.get_completions(given, words[-1])]

    return offered


def test_nouns_and_verbs_are_completed(complete):
    assert complete("pat") == ["patient"]
    assert complete("visit", "") == ["add", "edit", "list", "void"]


def test_patient_codes_are_completed_from_the_record(complete):
    assert complete("visit", "add", "P") == ["P-07"]
    assert complete("visit", "add", "X") == []


def test_sites_are_completed_with_their_side(complete):
    assert complete("episode", "open", "P-07", "talus") == ["talus-left", "talus-right"]


def test_a_database_that_is_not_there_offers_nothing_and_is_not_made(complete, tmp_path):
    missing = tmp_path / "missing.db"
    assert complete("visit", "add", "P", database=str(missing)) == []
    assert not missing.exists()


def test_codes_of_open_lists_are_completed(complete):
    assert complete("treatment", "add", "P-07", "ib") == ["ibandronate"]
    assert complete("differential", "set", "P-07", "osteo") == [
        "osteochondral-lesion",
        "osteoid-osteoma",
        "osteomalacia",
    ]


def test_codes_are_completed_whatever_their_case(complete):
    assert complete("visit", "add", "p-0") == ["P-07"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("trace", "P"), ["P-07"]),
        (("trace", "P-07", "reso"), ["resolution"]),
        (("trace", "answer", "P"), ["P-07"]),
        (("trace", "P-07", "phase", "--site", "talus-l"), ["talus-left"]),
        (("trace", "row", "1", "--table", "vita"), ["vitamin_d"]),
        (("patient", "merge", "P"), ["P-07"]),
        (("patient", "merge", "Q-1", "P"), ["P-07"]),
        (("patient", "add", "Q-1", "--site", "talus-l"), ["talus-left"]),
        (("treatment", "add", "P"), ["P-07"]),
        (("differential", "show", "P"), ["P-07"]),
        (("checklist", "show", "P"), ["P-07"]),
        (("pregnancy", "add", "P"), ["P-07"]),
        (("migration", "P"), ["P-07"]),
        (("course", "show", "P"), ["P-07"]),
        (("report", "patient", "P"), ["P-07"]),
        (("log", "--patient", "P"), ["P-07"]),
        (("visit", "add", "P-07", "--pain", "talus-l"), ["talus-left="]),
        (("visit", "add", "P-07", "--mri", "talus-l"), ["talus-left="]),
        (("visit", "add", "P-07", "--lab", "crp"), ["crp="]),
        (("visit", "edit", "3", "--function", "faam-a"), ["faam-adl="]),
    ],
    ids=lambda value: " ".join(value),
)
def test_every_noun_completes_codes_sites_and_lists(complete, words, offered):
    assert complete(*words) == offered
