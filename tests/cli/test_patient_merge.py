"""Two records of one person: warned about when made, merged in one entry, and parted again by an undo."""

from __future__ import annotations

import json

import pytest

BOOKKEEPING = {"row_id", "entry_id", "last_entry_id"}
"""Numbers of rows and entries: what an undo brings back is a copy, recorded by the undo."""


@pytest.fixture
def twice(run_on, database_url):
    """One person entered twice, P-07 and P07, with every kind of fact on the second; on either engine."""
    run = run_on(database_url)
    for words in (
        ("patient", "add", "P-07", "--sex", "M", "--site", "ankle-left", "--onset", "2026-01"),
        ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7"),
        ("patient", "add", "P07", "--born", "1979", "--site", "hip-left", "--onset", "2026-02"),
        ("visit", "add", "P07", "--on", "2026-03-10", "--pain", "hip-left=5", "--vitamin-d", "18ng/mL"),
        *(
            ("visit", "add", "P07", "--on", day, "--mri", "talus-left=large", "--lab", "crp=3mg/L", "--note", "once")
            for day in ("2026-04", "2026-05-02")
        ),
        ("treatment", "add", "P07", "ibandronate", "--from", "2026-03-01", "--dose", "150mg monthly"),
        ("differential", "set", "P07", "stress-fracture", "excluded", "--on", "2026-03-10"),
    ):
        done = run(*words)
        assert done.exit_code == 0, (words, done.output)
    return run


def shown(run, *codes):
    """Give what is shown of patients, in words and as JSON without the numbers of rows and entries."""
    texts = [run("patient", "show", code).stdout for code in codes]
    return texts, [bare(json.loads(run("patient", "show", code, "--json").stdout)) for code in codes]


def bare(value):
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if name not in BOOKKEEPING}
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_a_merge_is_previewed_and_a_rehearsal_writes_nothing(twice):
    before = shown(twice, "P-07", "P07")
    rehearsed = twice("patient", "merge", "P07", "P-07", "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert rehearsed.stdout == (
        "Patient P07 (sex unknown, born 1979; last visit Sat 2026-05-02)\n"
        "becomes P-07 (M, birth not recorded; last visit Tue 2026-03-10)\n"
        "  visit 2 on Tue 2026-03-10 becomes visit 5\n"
        "  visit 3 in April 2026, day not known becomes visit 6\n"
        "  visit 4 on Sat 2026-05-02 becomes visit 7\n"
        "  treatment 1 becomes treatment 2\n"
        "  1 episode and all that was said of P07 go along\n"
    )
    assert rehearsed.stderr == (
        "Please check: Both have a visit on Tue 2026-03-10: 2 of P07 and 1 of P-07."
        " Both are kept; scores of one day are one reading.\n"
        "Dry run: nothing was written.\n"
    )
    assert shown(twice, "P-07", "P07") == before


def test_a_merge_takes_everything_along_in_one_entry_and_an_undo_parts_them_again(twice):
    before = shown(twice, "P-07", "P07")
    n_entries = len(json.loads(twice("log", "--all", "--json").stdout))
    merged = twice("patient", "merge", "P07", "P-07", "--why", "entered twice", "--yes", "--json")
    assert merged.exit_code == 0, merged.output
    numbers = json.loads(merged.stdout)
    assert (numbers["visits"], numbers["treatments"]) == ({"2": 5, "3": 6, "4": 7}, {"1": 2})
    entries = json.loads(twice("log", "--all", "--json").stdout)
    assert [(e["command"], e["reason"]) for e in entries[n_entries:]] == [("patient merge", "entered twice")]

    held = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert (held["sex"], held["birth"]) == ("M", "1979")
    assert [(e["site"], e["onset"]) for e in held["episodes"]] == [("ankle-left", "2026-01"), ("hip-left", "2026-02")]
    assert [v["visit_date"] for v in held["visits"]] == ["2026-03-10", "2026-03-10", "2026-04", "2026-05-02"]
    assert [(s["site"], s["score"]) for s in held["pain_scores"]] == [("ankle-left", 7), ("hip-left", 5)]
    assert [f["edema_grade"] for f in held["imaging"]] == [3, 3]
    assert [(n["text"], n["visit_date"]) for n in held["notes"]] == [("once", "2026-04"), ("once", "2026-05-02")]
    assert [d["dose"] for t in held["treatments"] for d in t["doses"]] == [150.0]
    assert [v["cause"] for v in held["differential"]] == ["stress-fracture"]
    assert twice("patient", "show", "P07").exit_code == 3
    assert twice("db", "verify").exit_code == 0

    assert twice("undo", "--yes").exit_code == 0
    assert shown(twice, "P-07", "P07") == before
    assert twice("db", "verify").exit_code == 0
    redone = twice("undo", str(n_entries + 2), "--yes")
    assert redone.exit_code == 0, redone.output
    again = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert bare(again) == bare(held)


def test_what_was_known_before_a_merge_is_still_known_then(twice):
    moment = json.loads(twice("log", "--all", "--json").stdout)[-1]["recorded_at"]
    before = twice("patient", "show", "P07", "--json").stdout
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert twice("patient", "show", "P07", "--known-at", moment, "--json").stdout == before


def test_without_a_terminal_a_merge_asks_for_yes(twice):
    refused = twice("patient", "merge", "P07", "P-07")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-2:] == [
        "Error: A merge asks first, and nobody can answer here. Run: tracker patient merge P07 P-07 --yes",
        "Nothing was written.",
    ]


def test_all_that_contradicts_is_named_at_once_and_refused(twice):
    assert twice("patient", "edit", "P-07", "--born", "1981").exit_code == 0
    assert twice("patient", "edit", "P07", "--sex", "F").exit_code == 0
    assert twice("differential", "set", "P-07", "stress-fracture", "pending", "--on", "2026-03-10").exit_code == 0
    refused = twice("patient", "merge", "P07", "P-07", "--yes")
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: P07 and P-07 contradict each other: the sex is F and M; the birth is 1979 and 1981; "
        "differential of patient, stress-fracture, 2026-03-10: state excluded and pending. "
        "If they are one person all the same, correct one of the two records first, then merge.\n"
        "Nothing was written.\n"
    )


def test_two_open_episodes_of_two_onsets_are_named_and_refused_with_advice_that_works(twice):
    assert twice("episode", "open", "P-07", "hip-left", "--onset", "2026-03").exit_code == 0
    refused = twice("patient", "merge", "P07", "P-07", "--yes")
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: P-07 would have two open episodes at left hip: one with onset February 2026, day not known"
        " and one with onset March 2026, day not known. If they are one episode, say one onset: tracker episode edit"
        " P07 hip-left --onset 2026-03; or keep that of P-07: tracker episode void P07 hip-left --why REASON;"
        " then merge.\nNothing was written.\n"
    )
    assert twice("episode", "edit", "P07", "hip-left", "--onset", "2026-03").exit_code == 0
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert [(e["site"], e["onset"]) for e in episodes(twice)] == [("ankle-left", "2026-01"), ("hip-left", "2026-03")]
    assert twice("undo", "--yes").exit_code == 0
    assert twice("episode", "void", "P07", "hip-left", "--why", "entered twice").exit_code == 0
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert len(episodes(twice)) == 2


def episodes(run, code="P-07"):
    return json.loads(run("patient", "show", code, "--json").stdout)["episodes"]


@pytest.fixture
def same_episode(run):
    """Give `same_episode(first, second)`: one person as M2 and M3, each with words of an episode at the right ankle."""

    def make(kept=("--onset", "2025-10-01"), gone=("--onset", "2025-10-01")):
        for code, words, day, score in (("M2", kept, "2025-11-12", 7), ("M3", gone, "2026-01-12", 5)):
            done = [
                run("patient", "add", code, "--sex", "M", "--born", "1979"),
                run("episode", "open", code, "ankle-right", *words),
                run("visit", "add", code, "--on", day, "--pain", f"ankle-right={score}"),
            ]
            assert [one.exit_code for one in done] == [0, 0, 0], done
        return run

    return make


def test_an_episode_that_both_have_becomes_one_and_nothing_else_is_raised(same_episode):
    run = same_episode()
    before = shown(run, "M2", "M3")
    rehearsed = run("patient", "merge", "M3", "M2", "--dry-run")
    assert rehearsed.stdout == (
        "Patient M3 (M, born 1979; last visit Mon 2026-01-12)\n"
        "becomes M2 (M, born 1979; last visit Wed 2025-11-12)\n"
        "  visit 2 on Mon 2026-01-12 becomes visit 3\n"
        "  episode at right ankle, onset Wed 2025-10-01: joined with that of M2, which stays as it is\n"
        "  all that was said of M3 goes along\n"
    )
    assert rehearsed.stderr == "Dry run: nothing was written.\n"
    merged = json.loads(run("patient", "merge", "M3", "M2", "--yes", "--json").stdout)
    assert merged["joined"] == [{"site": "ankle-right", "episodes": {"2": 1}, "onset": "2025-10-01", "closed_on": None}]
    (episode,) = episodes(run, "M2")
    assert (episode["episode_id"], episode["onset"], episode["closed_on"]) == (1, "2025-10-01", None)
    raised = json.loads(run("flags", "M2", "--json").stdout)
    assert "later_site" not in json.dumps(raised)
    course = json.loads(run("course", "show", "M2", "--as-of", "2026-01-13", "--json").stdout)
    assert [[s["score"] for s in e["scores"]] for e in course["episodes"]] == [[7, 5]]
    assert run("undo", "--yes").exit_code == 0
    assert shown(run, "M2", "M3") == before
    assert run("db", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("kept", "gone", "onset"),
    [
        (("--onset", "2025-10"), ("--onset", "2025-10-01"), "2025-10-01"),
        (("--onset", "2025-10-01"), ("--onset", "2025"), "2025-10-01"),
        (("--onset", "~2025-10-01"), ("--onset", "2025-10-01"), "2025-10-01"),
        ((), ("--onset", "2025-10"), "2025-10"),
        ((), (), None),
    ],
)
def test_the_more_exact_onset_stands_for_both_and_an_undo_parts_them_again(same_episode, kept, gone, onset):
    run = same_episode(kept, gone)
    before = shown(run, "M2", "M3")
    assert run("patient", "merge", "M3", "M2", "--yes").exit_code == 0
    assert [(e["episode_id"], e["onset"]) for e in episodes(run, "M2")] == [(1, onset)]
    assert run("undo", "--yes").exit_code == 0
    assert shown(run, "M2", "M3") == before


@pytest.mark.parametrize("code", ["M2", "M3"])
def test_the_closing_and_mode_of_either_stand_for_both(same_episode, code):
    run = same_episode()
    assert run("episode", "close", code, "ankle-right", "--on", "2026-02-01", "--why", "resolved").exit_code == 0
    assert run("episode", "edit", code, "ankle-right", "--mode", "acute").exit_code == 0
    merged = run("patient", "merge", "M3", "M2", "--yes")
    assert merged.exit_code == 0, merged.output
    assert [(e["closed_on"], e["closing_reason"], e["mode"]) for e in episodes(run, "M2")] == [
        ("2026-02-01", "resolved", "acute")
    ]


def test_two_reasons_of_one_closing_are_said(same_episode):
    run = same_episode()
    for code, why in (("M2", "resolved"), ("M3", "free of pain")):
        assert run("episode", "close", code, "ankle-right", "--on", "2026-02-01", "--why", why).exit_code == 0
    merged = run("patient", "merge", "M3", "M2", "--yes")
    assert (
        "Please check: The episode at right ankle was closed for 'free of pain' in M3 and for 'resolved' in M2; "
        "the latter is kept, the former stays in the ledger." in merged.stderr
    )
    assert [e["closing_reason"] for e in episodes(run, "M2")] == ["resolved"]


@pytest.mark.parametrize(
    ("closings", "said"),
    [
        ({"M2": "2026-02-01", "M3": "2026-03-01"}, "closed on Sun 2026-03-01 and closed on Sun 2026-02-01"),
        ({"M2": "2025-10-01"}, "open, with pain after that and closed on Wed 2025-10-01"),
    ],
    ids=["two-days", "pain-after-it"],
)
def test_closings_that_differ_are_named_and_a_void_lets_the_merge_through(same_episode, closings, said):
    run = same_episode()
    for code, day in closings.items():
        assert run("episode", "close", code, "ankle-right", "--on", day, "--why", "resolved").exit_code == 0
    refused = run("patient", "merge", "M3", "M2", "--yes")
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: M3 and M2 contradict each other: the episode at right ankle with onset Wed 2025-10-01 is "
        f"{said}. If they are one person all the same, correct one of the two records first, then merge. "
        "An episode that should not be there: tracker episode void M3 SITE --why REASON.\nNothing was written.\n"
    )
    wrong = "M3" if "M3" in closings else "M2"
    assert run("episode", "void", wrong, "ankle-right", "--why", "closed wrongly").exit_code == 0
    assert run("patient", "merge", "M3", "M2", "--yes").exit_code == 0
    assert len(episodes(run, "M2")) == 1


def test_two_modes_of_onset_are_named_and_refused(same_episode):
    run = same_episode(kept=("--onset", "2025-10-01", "--mode", "acute"), gone=("--mode", "insidious"))
    refused = run("patient", "merge", "M3", "M2", "--yes")
    assert refused.exit_code == 5
    assert "the mode of onset at right ankle is insidious and acute." in refused.stderr


def test_an_episode_that_follows_a_closed_one_stays_a_second_one(same_episode):
    run = same_episode(kept=("--onset", "2025-03"), gone=("--onset", "2025-12"))
    assert run("episode", "close", "M2", "ankle-right", "--on", "2025-11-20", "--why", "resolved").exit_code == 0
    merged = run("patient", "merge", "M3", "M2", "--yes", "--json")
    assert json.loads(merged.stdout)["joined"] == []
    assert [(e["onset"], e["closed_on"]) for e in episodes(run, "M2")] == [("2025-03", "2025-11-20"), ("2025-12", None)]


def test_a_decision_on_a_flag_of_a_joined_episode_is_one_of_the_kept_episode(same_episode):
    run = same_episode()
    assert run("episode", "open", "M3", "knee-right", "--onset", "2026-01").exit_code == 0
    assert run("episode", "open", "M2", "knee-right", "--onset", "2026-01").exit_code == 0
    assert run("flags", "ack", "M3", "later_site", "--site", "knee-right").exit_code == 0
    assert run("patient", "merge", "M3", "M2", "--yes").exit_code == 0
    held = json.loads(run("patient", "show", "M2", "--json").stdout)
    (knee,) = [e["episode_id"] for e in held["episodes"] if e["site"] == "knee-right"]
    assert [decision["episode_id"] for decision in held["flag_decisions"]] == [knee]


def test_what_both_say_alike_of_a_day_is_kept_once(twice):
    assert twice("differential", "set", "P-07", "stress-fracture", "excluded", "--on", "2026-03-10").exit_code == 0
    before = shown(twice, "P-07", "P07")
    merged = json.loads(twice("patient", "merge", "P07", "P-07", "--yes", "--json").stdout)
    assert merged["n_kept_once"] == 1
    held = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert [(v["cause"], v["state"]) for v in held["differential"]] == [("stress-fracture", "excluded")]
    assert twice("undo", "--yes").exit_code == 0
    assert shown(twice, "P-07", "P07") == before


def test_a_later_visit_must_be_taken_back_before_the_merge_can_be_undone(twice):
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert twice("visit", "edit", "5", "--pain", "hip-left=6").exit_code == 0
    refused = twice("undo", "9", "--yes")
    assert refused.exit_code == 5
    assert "10" in refused.stderr


def test_a_patient_cannot_be_merged_with_itself_or_with_nobody(twice):
    itself = twice("patient", "merge", "P07", "P07", "--yes")
    assert (itself.exit_code, itself.stderr) == (
        1,
        "Error: 'P07' is one patient already. Name two: tracker patient merge FROM INTO.\nNothing was written.\n",
    )
    assert twice("patient", "merge", "Q-1", "P-07", "--yes").exit_code == 3


def test_a_code_close_to_another_is_said_and_recorded_all_the_same(patient):
    added = patient("patient", "add", "P07", "--sex", "F")
    warning = (
        "The code 'P07' is close to 'P-07' (M, born 1979). "
        "If they are one person, use that code, or merge: tracker patient merge P07 P-07"
    )
    assert added.exit_code == 0
    assert f"Please check: {warning}" in added.stderr
    assert json.loads(patient("log", "--json").stdout)[-1]["warnings"] == [warning]


def test_the_same_sex_birth_and_first_episode_are_said(patient):
    words = ("--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01-15")
    added = patient("patient", "add", "K-31", *words)
    assert added.exit_code == 0
    assert (
        "Please check: 'K-31' has sex, birth and a first episode at left ankle in common with 'P-07' (M, born 1979). "
        "If they are one person, use that code, or merge: tracker patient merge K-31 P-07" in added.stderr
    )


def test_an_edit_that_makes_two_patients_alike_says_so_once(patient):
    words = ("--sex", "F", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01")
    assert "Please check" not in patient("patient", "add", "K-31", *words).stderr
    edited = patient("patient", "edit", "K-31", "--sex", "M")
    assert "'K-31' has sex, birth and a first episode at left ankle in common with 'P-07'" in edited.stderr
    assert "Please check" not in patient("patient", "edit", "K-31", "--code", "K-32").stderr
    renamed = patient("patient", "edit", "K-32", "--code", "P-7")
    assert "Please check: The code 'P-7' is close to 'P-07' (M, born 1979)." in renamed.stderr
