"""Twelve patients summed up by hand, and what is hidden when the same are released.

     sex  first site   onset       pain                                     vitamin D   bones (MRI)      over
P01  M    ankle-left   2026-01-01  1 Feb 8, 1 May 4, 1 Jul 0 (day 181)      12 def.     talus            (120, 181]
P02  M    ankle-left   2026-01-01  1 Feb 7, 1 May 1 (day 120)               25 insuff.  talus, navicular (31, 120]
P03  M    ankle-right  2026-01-01  1 Feb 6, 1 Nov 5 (day 304)               18 def.     talus            (304, inf)
P04  M    hindfoot     2026-01     1 May 4, 1 Jul 0                         -           calcaneus        (90, 181]
P05  M    midfoot      2026-01-01  1 Feb 5                                  15 def.     -                (31, inf)
P06  M    ankle-left   2026-01-01  1 Apr 3, 1 Oct 1 (day 273)               -           none seen        (90, 273]
P07  M    ankle-left   unknown     1 Feb 5                                  -           -                -
P08  M    hip-left     2026-01-01  no score                                 -           -                -
P09  F    ankle-left   2026-01-01  1 Feb 9, 1 May 2, 1 Jul 0                <10 def.    talus            (120, 181]
P10  F    ankle-left   2026-01-01  1 Feb 9, 1 May 2, 1 Jul 1                40 suff.    -                (120, 181]
          then hip-left, onset 2026-06-01: a later further site, foot and ankle to hip, same side
P11  F    knee-left    2026-01-01  1 Feb 4, 1 Mar 4 (day 59)                -           -                (59, inf)
P12  F    no episode
"""

from dataclasses import replace
from datetime import date

import pytest

from tracker.analysis.cohort.bones import BonesSeen, bone_tables, bones_seen
from tracker.analysis.cohort.choice import LeftOut
from tracker.analysis.cohort.counting import MONTHS, PATIENTS, STATES, state_variable
from tracker.analysis.cohort.members import Grouping
from tracker.analysis.disclosure.attack import attack
from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.tables import Cell
from tracker.clinical.vocabulary import Comparator, Presence, Sex, Side

NEAR = 1e-4


@pytest.fixture(scope="module")
def twelve(made):
    def patient(code, sex, site="ankle-left", onset="2026-01-01", scores=(), born="1980"):
        one = made(code, sex=sex, birth=born).episode(site, onset)
        for on, score in scores:
            one.pain(on, score, site=site)
        return one

    man, woman = Sex.MALE, Sex.FEMALE
    p01 = patient("P01", man, scores=[("2026-02-01", 8), ("2026-05-01", 4), ("2026-07-01", 0)])
    p01.result("2026-01-10", 12.0).image("2026-02-01", "talus-left")
    p02 = patient("P02", man, scores=[("2026-02-01", 7), ("2026-05-01", 1)]).result("2026-02-01", 25.0)
    p02.image("2026-02-01", "talus-left").image("2026-02-01", "navicular-left")
    p03 = patient("P03", man, "ankle-right", scores=[("2026-02-01", 6), ("2026-11-01", 5)]).result("2026-02-01", 18.0)
    p03.image("2026-02-01", "talus-right")
    p04 = patient("P04", man, "hindfoot-left", "2026-01", [("2026-05-01", 4), ("2026-07-01", 0)])
    p04.image("2026-05-01", "calcaneus-left")
    p05 = patient("P05", man, "midfoot-left", scores=[("2026-02-01", 5)]).result("2026-02-01", 15.0)
    p06 = patient("P06", man, scores=[("2026-04-01", 3), ("2026-10-01", 1)], born=None)
    p06.image("2026-04-01", "talus-left", Presence.ABSENT).image("2026-04-01", "cuboid-left", Presence.NOT_EXAMINED)
    p07 = patient("P07", man, onset=None, scores=[("2026-02-01", 5)])
    p08 = patient("P08", man, "hip-left")
    p09 = patient("P09", woman, scores=[("2026-02-01", 9), ("2026-05-01", 2), ("2026-07-01", 0)])
    p09.result("2026-02-01", 10.0, Comparator.BELOW).image("2026-02-01", "talus-left")
    p10 = patient("P10", woman, scores=[("2026-02-01", 9), ("2026-05-01", 2), ("2026-07-01", 1)])
    p10.result("2026-02-01", 40.0).episode("hip-left", "2026-06-01")
    p11 = patient("P11", woman, "knee-left", scores=[("2026-02-01", 4), ("2026-03-01", 4)])
    return [p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, made("P12", sex=woman)]


@pytest.fixture(scope="module")
def summary(twelve, summed):
    return summed(twelve, Grouping.SEX)


@pytest.fixture(scope="module")
def counted(summary):
    """Give a count by levels, as (variable, level) pairs."""
    inner = summary.inner()
    return lambda *levels: inner.count(Cell(PATIENTS, frozenset(levels)))


SCORED = ("pain score with a known onset", "yes")
ANALYSED = (SCORED, ("time to resolution", "yes"))


def test_the_flow_adds_up(summary):
    assert summary.choosing.n_recorded == 12
    assert {reason: n for reason, n in summary.choosing.left_out.items() if n} == {LeftOut.NO_EPISODE: 1}
    assert [member.chosen.record.patient_code for member in summary.members] == [f"P{n:02}" for n in range(1, 12)]


def test_table_one_by_hand(counted):
    assert counted() == 11
    assert (counted(("sex", "male")), counted(("sex", "female"))) == (8, 3)
    places = {"ankle": 6, "hindfoot": 1, "midfoot": 1, "forefoot": 0, "knee": 1, "hip": 1}
    # P01 P02 P03 P06 P07 P09 P10 at an ankle
    places["ankle"] = 7
    assert {place: counted(("first site", place)) for place in places} == places
    vitamin_d = {"deficient": 4, "insufficient": 1, "sufficient": 1, "undecidable": 0, "unknown": 5}
    assert {level: counted(("vitamin D near the onset", level)) for level in vitamin_d} == vitamin_d
    assert counted(("vitamin D near the onset", "deficient"), ("sex", "male")) == 3
    assert counted(("age at onset known", "no")) == 2  # P06 without a birth, P07 without an onset
    assert counted(("further site", "further site later")) == 1
    assert counted(("MRI", "recorded")) == 6


def test_pain_scores_by_hand(summary, counted):
    assert counted(SCORED) == 9
    assert counted(("pain score with a known onset", "no"), ("why no pain score counts", "onset not known")) == 1
    # first scores 8 7 6 4 5 3 9 9 4, sorted 3 4 4 5 6 7 8 9 9
    first = summary.numbers["first_pain", None]
    assert (first.n, first.low, first.median, first.high) == (9, 4.0, 6.0, 8.0)
    assert summary.numbers["first_pain", "female"].median == 9.0


def test_what_is_known_of_the_pain_by_hand(counted):
    """Days 91, 183, 274 and 365 after the onset; the nine times are those drawn above.

    91: over none; not over P01 P03 P09 P10 (lower end at or after 91): P04 and P06 end at 90, P11 at 59
    183: over P01 P02 P04 P09 P10; not over P03
    274: over those and P06; not over P03
    365: over the same six; not over none
    """
    expected = {3: (0, 4, 5), 6: (5, 1, 3), 9: (6, 1, 2), 12: (6, 0, 3)}
    for months in MONTHS:
        found = tuple(counted(*ANALYSED, (state_variable(months).name, state)) for state in STATES)
        assert found == expected[months], months


def test_time_to_resolution_by_hand(summary):
    """
    three of (120, 181], (31, 120], (304, inf), (90, 181], (31, inf), (90, 273], (59, inf)

    Ends in order: 31 31 59 90 90 [120 upper] ... an upper end at 120 comes before the lower ends at 120. Innermost:
    (90, 120], (120, 181], (304, inf). The (90, 273] and (90, 181] hold the first two, (31, inf) and (59, inf) all.
    With masses a, b, c the likelihood is b^3 * a * c * (a + b)^2 * 1 * 1. With s = a + b, c = 1 - s and a = t s:
    t (1 - t)^3 is highest at t = 1/4, s^6 (1 - s) at s = 6/7. So a = 3/14, b = 9/14, c = 1/7.
    """
    shares = summary.not_over[None]
    not_over = [(share.least, share.highest) for share in shares]
    assert not_over[0] == pytest.approx((1 - 3 / 14, 1.0), abs=NEAR)  # day 91 lies inside (90, 120]
    assert not_over[1] == pytest.approx((1 / 7, 1 / 7), abs=NEAR)
    assert not_over[2] == pytest.approx((1 / 7, 1 / 7), abs=NEAR)
    assert not_over[3] == pytest.approx((0, 1 / 7), abs=NEAR)  # nobody was seen after day 304


def test_bones_and_moves_by_hand(counted):
    examined = ("bone examined on an image", "yes")
    assert counted(examined) == 6
    bones = {"talus": 4, "calcaneus": 1, "navicular": 1, "cuneiform": 0, "cuboid": 0, "metatarsus": 0}
    assert {bone: counted(examined, (f"edema: {bone}", "yes")) for bone in bones} == bones
    left, right = ("edema: left talus", "yes"), ("edema: right talus", "yes")
    assert [counted(examined, *sides) for sides in ([left], [right], [left, right])] == [3, 1, 0]
    moved = ("further site", "further site later")
    assert counted(moved, ("from foot and ankle to hip", "yes")) == 1
    assert counted(moved, ("from hip to foot and ankle", "yes")) == 0
    assert counted(moved, ("later site: other_joint_same_side", "yes")) == 1


def test_a_bone_that_no_image_speaks_of_is_not_examined_and_no_part_is_a_bone_of_its_own(summary, made):
    places = {(bone, str(side)) for bone, side in summary.examined_places}
    # P06's cuboid was said to be not examined; P06's talus was clear
    assert places == {("talus", "left"), ("talus", "right"), ("navicular", "left"), ("calcaneus", "left")}
    parts = made("P").image("2026-02-01", "medial-cuneiform-left").image("2026-02-01", "metatarsal-2-right")
    parts.image("2026-02-01", "hallux-distal-phalanx-left").image("2026-02-01", "medial-malleolus-left")
    parts.image("2026-02-01", "sacrum").image("2026-02-01", "femoral-head-right")
    assert {(bone, str(side)) for bone, side in bones_seen(parts.record()).edema} == {
        ("cuneiform", "left"),
        ("metatarsus", "right"),
        ("toe or sesamoid", "left"),
        ("distal-tibia", "left"),
        ("a bone elsewhere", "midline"),
        ("proximal-femur", "right"),
    }


def test_a_side_is_not_given_away_by_the_count_of_any_side():
    """Of 30 looked at, 9 have edema of a talus: 7 left, 2 right, nobody both. Left and any would give right away."""
    places = [frozenset({("talus", Side.LEFT)})] * 7 + [frozenset({("talus", Side.RIGHT)})] * 2 + [frozenset()] * 21
    looked_at = frozenset({("talus", Side.LEFT), ("talus", Side.RIGHT)})
    seen = [BonesSeen(edema, looked_at) for edema in places]
    tables, ties = bone_tables(seen, population=PATIENTS, within=())
    policy = Policy(smallest_shown=6, least_cohort=10, least_for_quantiles=12)
    assert attack(protect(tables, policy, relations=ties)).found == ()
    untied = protect(tables, policy)
    assert attack(replace(untied, relations=(*untied.relations, *ties))).found != ()


def test_choosing_by_sex_site_and_onset_leaves_out_with_the_reason(twelve, summed):
    women = summed(twelve, sex=Sex.FEMALE).choosing
    assert (len(women.chosen), women.left_out[LeftOut.OTHER_SEX], women.left_out[LeftOut.NO_EPISODE]) == (3, 8, 1)
    hips = summed(twelve, site="hip-left").choosing
    assert [one.record.patient_code for one in hips.chosen] == ["P08", "P10"]
    assert hips.left_out[LeftOut.OTHER_SITE] == 9
    later = summed(twelve, since=date(2026, 1, 2)).choosing
    assert [one.record.patient_code for one in later.chosen] == ["P10"]  # its hip; P04's January may be the first
    assert (later.left_out[LeftOut.ONSET_UNKNOWN], later.left_out[LeftOut.ONSET_BEFORE]) == (1, 9)


def test_what_is_released_of_them_gives_nothing_hidden_away(summary):
    """The attacker of the disclosure tests, who reads only what may be shown, finds no hidden count."""
    release = summary.released(Policy(smallest_shown=3, least_cohort=10, least_for_quantiles=6))
    assert release.refused == frozenset()
    assert release.count(Cell(PATIENTS, frozenset({("first site", "knee")}))) is HIDDEN
    assert attack(release).found == ()


def test_of_too_few_there_is_only_a_sentence(twelve, summed):
    release = summed(twelve[:5]).released(Policy(smallest_shown=6, least_cohort=10, least_for_quantiles=12))
    assert release.statements["patients"] == "Fewer than 10 patients: no numbers are shown."
    assert release.count(Cell(PATIENTS)) is HIDDEN


@pytest.mark.parametrize("n_patients", [0, 1])
def test_nobody_and_one_patient_can_be_summed_up(twelve, summed, n_patients):
    summary = summed(twelve[:n_patients], Grouping.SITE)
    assert summary.inner().count(Cell(PATIENTS)) == n_patients
    assert len(summary.not_over[None]) == (4 if n_patients else 0)
