"""Published cases whose authors describe disease at more than one site, beside what the record makes of them.

`SAID` holds what we say of each pair of episodes: old site, new site, most probable kind, distance, whether they are
mirror places. `NOT_AS_DESCRIBED` says of every case why it is not found in all as its authors describe it. Both were
read against the cases' own words (`migration_events`, `sites`).
"""

from datetime import UTC, date, datetime

import pytest

from tracker.clinical.published import published_cases
from tracker.database.ledger import Origin
from tracker.database.session import open_database
from tracker.service.courses import course_view
from tracker.service.published import load_published_cases

AS_OF = date(2025, 1, 1)
ORIGIN = Origin(datetime(2026, 3, 10, 12, 0, tzinfo=UTC), "ana", "demo", "0.1.0")
CASES = {case["id"]: case for case in published_cases()}

LATER, TOGETHER = "undetermined", "multifocal_onset"
SAME, OTHER, WITHIN = "other_joint_same_side", "other_side", "within_bone"
LEFT_LATERAL, LEFT_MEDIAL = "lateral-femoral-condyle-left", "medial-femoral-condyle-left"
RIGHT_LATERAL, RIGHT_MEDIAL = "lateral-femoral-condyle-right", "medial-femoral-condyle-right"

SAID = {
    "FA01": [("foot-and-ankle-right", "knee-right", LATER, SAME, False)],
    "FA02": [
        ("foot-right", "hip-left", LATER, OTHER, False),
        ("foot-right", "foot-and-ankle-left", LATER, OTHER, False),
        ("hip-left", "foot-and-ankle-left", LATER, SAME, False),
    ],
    "FA14": [(RIGHT_LATERAL, RIGHT_MEDIAL, LATER, WITHIN, False)],
    "FA16": [("hip-left", "hip-right", TOGETHER, OTHER, True)],
    "RM04": [
        ("hip-left", "knee-right", LATER, OTHER, False),
        ("hip-left", "hip-right", LATER, OTHER, True),
        ("knee-right", "hip-right", LATER, SAME, False),
    ],
    "PR01": [("knee-left", "knee-right", TOGETHER, OTHER, True)],
    "PR07": [("hip-left", "hip-right", TOGETHER, OTHER, True)],
    "TH02": [("hip-left", "hip-right", TOGETHER, OTHER, True)],
    "LA07": [("foot-left", "foot-right", LATER, OTHER, True)],
    "LA10": [("foot-left", "foot-right", TOGETHER, OTHER, True)],
}

# Pairs whose order cannot be told, by the sites without an onset in the readable text.
WITHOUT_ONSET = {
    "FA08": {"foot-right"},
    "FA10": {"knee-left", "ankle-right"},
    "FA14": {LEFT_LATERAL, LEFT_MEDIAL},
    "FA16": {"ankle-left", "ankle-right"},
    "PR02": {"knee-left"},
    "PR10": {"knee-left", "knee-right"},
    "PR11": {"hip-right"},
    "TH01": {"hip-right"},
    "LA10": {"knee-left", "knee-right"},
}

NO_SIDE = "the readable text gives no side, so the record has no site"
NO_MONTH = "the readable text gives no month of the second start"
END_IN_WORDS = (
    "order, distance and side as described; that the first site had cleared is words, no score and no closing"
)
NOT_AS_DESCRIBED = {
    "FA01": END_IN_WORDS,
    "FA02": END_IN_WORDS,
    "FA08": NO_MONTH,
    "FA10": NO_MONTH,
    "FA11": NO_SIDE,
    "FA13": NO_SIDE,
    "FA14": "the first move in order and place, its end unknown; the left knee has no month, the ankle no side",
    "FA16": NO_MONTH + "; the two hips are found together",
    "RM04": END_IN_WORDS,
    "RM05": NO_SIDE,
    "RM07": NO_SIDE,
    "PR01": "a week apart, which two recalled onsets cannot tell from together: described as one after the other",
    "PR02": NO_MONTH,
    "PR10": NO_SIDE + " of the hip; " + NO_MONTH,
    "TH01": NO_MONTH + ": six months after a first episode of unknown length",
    "LA01": NO_SIDE,
    "LA07": END_IN_WORDS + "; the authors call it overload",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Give what is said of every published case."""
    with open_database(f"sqlite:///{tmp_path_factory.mktemp('cases') / 'cases.db'}", create=True) as database:
        load_published_cases(database, ORIGIN)
        return {case_id: course_view(database, case_id, as_of=AS_OF).site_migration for case_id in CASES}


def test_every_case_with_several_sites_is_read_as_in_the_table(found):
    said = {
        case_id: [
            (e.pair.old_site, e.pair.new_site, e.kind.value, e.pair.distance.value, e.pair.is_mirror)
            for e in one.events
        ]
        for case_id, one in found.items()
        if one.events
    }
    assert said == SAID


def test_sites_without_an_onset_are_named_and_never_put_in_order(found):
    unknown = {
        case_id: {site for pair in one.unknown_order for site in pair.without_onset}
        for case_id, one in found.items()
        if one.unknown_order
    }
    assert unknown == WITHOUT_ONSET


def test_every_described_case_is_in_the_table():
    assert {case_id for case_id, case in CASES.items() if case["migration_events"]} == set(NOT_AS_DESCRIBED)


@pytest.mark.parametrize("case_id", ["FA01", "FA02", "FA14", "RM04", "LA07"])
def test_the_interval_of_a_dated_move_contains_the_month_the_source_gives(found, case_id):
    """The source gives months from one origin: the new site's less the old one's is the time between the starts."""
    months = [site["onset_month"] for site in CASES[case_id]["sites"] if site["onset_month"] is not None]
    # The events of the first site, in the order of the later ones; the record's sites are those of the case in order.
    first = [event for event in found[case_id].events if event.pair.old_site == found[case_id].spans[0].site]
    for event, month in zip(first, months[1:], strict=True):
        between = event.between_starts_days
        assert between.low95 <= (month - months[0]) * 365.25 / 12 <= between.high95
        assert event.p_order > 0.99


def test_dated_moves_to_another_joint_meet_the_strict_rule_and_one_within_a_knee_does_not(found):
    assert [case_id for case_id, one in found.items() if one.strict.p_low > 0.9] == ["FA01", "FA02", "RM04", "LA07"]
    assert [case_id for case_id, one in found.items() if one.broad.p_low > 0.9] == [
        "FA01",
        "FA02",
        "FA14",
        "RM04",
        "LA07",
    ]


def test_no_published_image_lets_a_later_bone_be_called_new(found):
    """No earlier image of these cases is told to have looked at the later bone and found nothing."""
    bones = {case_id: [(b.site, b.status.value) for b in one.new_bones] for case_id, one in found.items()}
    assert {case_id: seen for case_id, seen in bones.items() if seen} == {
        "FA01": [(RIGHT_MEDIAL, "not_examined_before")],
        "FA14": [(RIGHT_MEDIAL, "not_examined_before")],
    }


def test_a_case_without_a_side_says_nothing_rather_than_something(found):
    assert [case_id for case_id in ("FA11", "FA13", "RM05", "RM07", "LA01") if found[case_id].says_something] == []
