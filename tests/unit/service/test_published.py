"""One published case read as requests: what is taken, and what is said not to fit."""

import copy
from datetime import date, timedelta

import pytest

from tracker.clinical.published import published_cases, published_findings
from tracker.clinical.vocabulary import Aspect, Comparator, Instrument, Sex, VitaminDUnit
from tracker.dates import PartialDate
from tracker.service.new_facts import NewScore, NewVitaminD
from tracker.service.published_reading import day_of_month, read_case

CASES = {case["id"]: case for case in published_cases()}
FINDINGS = published_findings()


def read(case_id):
    return read_case(CASES[case_id], FINDINGS)


def onsets(case_id):
    return {episode.site: episode.onset and str(episode.onset) for episode in read(case_id).episodes}


@pytest.fixture
def changed():
    """A case with some of its fields replaced."""

    def make(case_id, **fields):
        return read_case(copy.deepcopy(CASES[case_id]) | fields, FINDINGS)

    return make


@pytest.fixture
def pain():
    """One pain statement."""

    def make(value, scale, month=5, words=None):
        entry = {"month": month, "scale": scale, "value": value, "qualitative": words}
        return entry | {"derived": False, "value_min": None, "value_max": None}

    return make


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (0, "~2000-01-01"),
        (3.46, "~2000-04-15"),  # 3.46 x 30.4375 = 105.3 days; 2000 is a leap year
        (12, "~2000-12-31"),  # 365.25 days
        (253.64, "~2021-02-19"),  # 7720.2 days
    ],
)
def test_a_month_is_laid_on_about_a_day(month, day):
    assert day_of_month(month) == PartialDate.parse(day)


def test_months_since_onset_become_onsets_of_each_site():
    assert onsets("FA01") == {"foot-and-ankle-right": "~2000-01-01", "knee-right": "~2000-04-15"}


@pytest.mark.parametrize("case_id", ["CX02", "TH05", "TH08", "TH11", "TH12"])
def test_a_time_origin_that_is_no_onset_gives_no_onset(case_id):
    assert set(onsets(case_id).values()) == {None}
    said = [phrase for phrase in read(case_id).not_held if phrase.startswith("month 0 as onset")]
    assert len(said) == 1
    assert CASES[case_id]["time_origin"] in said[0]


def test_a_time_origin_that_names_its_site_is_believed_over_the_site_list():
    """FA08 counts from the onset at the left foot, but its list puts month 0 at the right one."""
    assert onsets("FA08") == {"foot-right": None, "foot-left": "~2000-01-01"}
    assert (
        'month 0 as onset at right foot (months count from "onset of current left-foot episode")'
        in read("FA08").not_held
    )


def test_bilateral_is_two_sites():
    assert onsets("TH02") == {"hip-left": "~2000-01-01", "hip-right": "~2000-01-01"}


def test_two_places_in_one_joint_are_told_apart_by_their_bone():
    assert onsets("FA14") == {
        "lateral-femoral-condyle-right": "~2000-01-01",
        "medial-femoral-condyle-right": "~2000-05-02",
        "medial-femoral-condyle-left": None,
        "lateral-femoral-condyle-left": None,
    }


def test_two_places_in_one_joint_without_bones_are_one_episode_and_a_sentence(changed):
    site = {"joint": "knee", "laterality": "left", "bones": [], "onset_month": 0}
    requests = changed("RM01", sites=[site, site | {"onset_month": 4}])
    assert requests.episodes == ()
    assert requests.not_held.count("site 'left knee' (no such place in the list of sites)") == 2


def test_a_site_without_a_side_opens_no_episode_and_is_said():
    assert read("FA11").episodes == ()
    assert "3 sites without a side (hip, knee, ankle)" in read("FA11").not_held


def test_ipsilateral_is_the_side_of_the_first_site_where_that_is_known(changed):
    assert "3 sites without a side (foot, ipsilateral knee, ipsilateral hip)" in read("LA01").not_held
    sites = copy.deepcopy(CASES["LA01"]["sites"])
    sites[0]["laterality"] = "left"
    episodes = changed("LA01", sites=sites).episodes
    assert [episode.site for episode in episodes] == ["foot-left", "knee-left", "hip-left"]


def test_a_place_the_site_list_does_not_have_is_said():
    assert "site 'bilateral lower leg/foot' (no such place in the list of sites)" in read("LA11").not_held


def test_a_score_with_month_and_one_site_is_taken_in_its_own_unit():
    scores = {str(visit.visit_date): visit.scores for visit in read("LA02").visits if visit.scores}
    assert scores == {
        "~2000-06-01": (NewScore("ankle-right", Instrument.VAS, Aspect.OVERALL, 59),),
        "~2000-07-02": (NewScore("ankle-right", Instrument.VAS, Aspect.OVERALL, 18),),
    }


def test_a_vas_in_centimetres_is_the_same_line_in_millimetres_and_says_so(changed, pain):
    (visit, *_) = [v for v in changed("LA02", pain=[pain(9, "VAS 0-10")]).visits if v.scores]
    assert visit.scores == (NewScore("ankle-right", Instrument.VAS, Aspect.OVERALL, 90),)
    assert visit.notes[0].text == (
        "Pain at month 5, VAS 0-10: 9; recorded as VAS 90 mm on the same line, aspect not stated."
    )


def test_a_score_without_a_month_is_a_note_on_the_patient_and_said():
    requests = read("FA14")
    assert not any(visit.scores for visit in requests.visits)
    assert 'Pain without a month, VAS 0-10: 9, "before calcitonin".' in requests.patient.note.splitlines()
    assert "pain 9 on VAS 0-10 (no month)" in requests.not_held
    assert "pain 2 on VAS 0-10 (no month)" in requests.not_held


@pytest.mark.parametrize(
    ("value", "scale"), [(6.35, "VAS 0-10"), (2, "Lysholm")], ids=["no whole millimetre", "unknown scale"]
)
def test_a_score_that_does_not_fit_its_scale_is_a_note_and_said(changed, pain, value, scale):
    requests = changed("LA02", pain=[pain(value, scale)])
    assert not any(visit.scores for visit in requests.visits)
    assert f"pain {value:g} on {scale} (scale or site not certain)" in requests.not_held


def test_a_range_of_scores_is_kept_in_words(changed, pain):
    entry = pain(None, "VAS 0-100") | {"value_min": 40, "value_max": 60}
    notes = [note.text for visit in changed("LA02", pain=[entry]).visits for note in visit.notes]
    assert "Pain at month 5, VAS 0-100: (40 to 60)." in notes


def test_a_score_of_a_case_with_two_sites_belongs_to_no_certain_one(changed, pain):
    requests = changed("FA01", pain=[pain(7, "NRS 0-10", month=0.46)])
    assert not any(visit.scores for visit in requests.visits)
    assert "pain 7 on NRS 0-10 (scale or site not certain)" in requests.not_held


def test_words_about_pain_are_never_a_score():
    for case_id in CASES:
        values = [pain["value"] for pain in CASES[case_id]["pain"] if pain["value"] is not None]
        taken = [score.score for visit in read(case_id).visits for score in visit.scores]
        assert len(taken) <= len(values)


def test_a_vitamin_d_result_with_unit_is_taken_with_its_comparator():
    results = [visit.vitamin_d for visit in read("LA17").visits]
    assert results == [NewVitaminD(10.0, VitaminDUnit.NMOL_L, Comparator.BELOW)]


@pytest.mark.parametrize(
    ("case_id", "phrase"),
    [
        ("FA08", "vitamin D <20 (no unit)"),
        ("FA02", "vitamin D 'normal' (no value)"),
        ("RM04", "vitamin D 'unremarkable' (no value)"),
        ("PR05", "vitamin D 'low' (no value)"),
    ],
)
def test_a_vitamin_d_statement_without_value_or_unit_is_a_note_and_said(case_id, phrase):
    assert not any(visit.vitamin_d for visit in read(case_id).visits)
    assert phrase in read(case_id).not_held


@pytest.mark.parametrize(
    ("case_id", "site", "day"),
    [
        ("RM01", "knee-right", "~2000-04-15"),
        ("PR05", "hip-left", "~2000-05-02"),
        ("TH09", "hip-left", "~2000-06-01"),
        ("LA04", "ankle-left", "~2003-04-02"),
    ],
)
def test_the_end_of_pain_closes_the_only_episode(case_id, site, day):
    closing = read(case_id).closing
    assert (closing.site, str(closing.closed_on)) == (site, day)


@pytest.mark.parametrize(
    ("case_id", "phrase"),
    [
        ("FA01", "pain over at month 6.46 (not certain at which of 2 sites)"),
        ("LA07", "pain over at month 5 (not certain at which of 2 sites)"),
        ("FA07", "pain over at month 24.2 (no episode with an onset)"),
        ("TH11", "pain over at month 6 (no episode with an onset)"),
    ],
)
def test_an_end_of_pain_that_closes_no_certain_episode_is_said(case_id, phrase):
    assert read(case_id).closing is None
    assert phrase in read(case_id).not_held


def test_a_laboratory_number_without_a_unit_leaves_its_judgement_and_is_said():
    (visit,) = read("FA08").visits
    held = {lab.analyte: (lab.value, lab.unit, lab.judgement) for lab in visit.labs}
    assert held == {
        "crp": (None, None, "abnormal"),
        "esr": (None, None, "abnormal"),
        "urate": (460, "umol/L", None),
        "igg": (28.2, "g/L", "abnormal"),
        "alp": (161, "IU/L", "abnormal"),
        "rf": (None, None, "normal"),
        "anti-ccp": (None, None, "normal"),
    }
    assert read("FA08").not_held[-3:] == ("CRP 31 (no unit)", "ESR 88 (no unit)", "1 site migration")


@pytest.mark.parametrize(
    ("case_id", "phrase"),
    [
        ("TH07", "laboratory 'laboratory tests' (not one thing)"),
        ("LA14", "laboratory 'inflammatory markers' (not one thing)"),
        ("RM02", "treatment 'alendronate (keyword), conservative' (not certain what was given)"),
        ("PR04", "pregnancy (no week for a month)"),
    ],
)
def test_what_is_not_certain_stays_a_note_and_is_said(case_id, phrase):
    assert phrase in read(case_id).not_held


@pytest.mark.parametrize(
    ("lab", "why"),
    [
        ({"name": "CRP", "month": None, "value": 3, "unit": "mg/L", "normal": True}, "no month"),
        (
            {"name": "CRP", "month": 0, "value": 3, "unit": "stones", "normal": None},
            "neither a value with its unit nor a judgement",
        ),
    ],
)
def test_a_laboratory_value_that_cannot_be_placed_is_said(changed, lab, why):
    assert f"laboratory 'CRP' ({why})" in changed("RM01", labs=[lab]).not_held


def test_a_treatment_starts_where_the_case_says_so_and_ends_nowhere():
    treatments = [(t.treatment, t.words, t.started and str(t.started)) for t in read("LA02").treatments]
    assert treatments == [
        ("physiotherapy", None, "~2000-01-01"),
        ("nsaid", None, "~2000-01-01"),
        ("risedronate", None, "~2000-06-01"),
    ]
    assert [t.dose and (t.dose.dose, t.dose.dose_unit, t.dose.schedule) for t in read("LA02").treatments] == [
        None,
        None,
        (2.5, "mg", "per day"),
    ]
    assert [t.started for t in read("FA05").treatments] == [None]
    assert all(t.ended is None for case_id in CASES for t in read(case_id).treatments)


def test_a_gestational_week_is_taken_where_it_is_stated_for_a_month():
    weeks = {
        case_id: [(str(status.stated_on), status.gestational_week) for status in read(case_id).pregnancy]
        for case_id in CASES
        if read(case_id).pregnancy
    }
    assert weeks == {
        "FA16": [("~2000-01-01", 12)],
        "PR01": [("~2000-01-31", 30)],
        "PR02": [("~2000-02-12", 39)],
        "PR05": [("~2000-01-31", 39)],
        "PR07": [("~2000-02-26", 30)],
        "PR08": [("~2000-01-31", 23)],
        "PR11": [("~2000-01-15", 22)],
    }


def test_bones_are_said_unless_a_finding_or_the_episode_itself_holds_them():
    assert not any(phrase.startswith("bones") for phrase in (*read("FA01").not_held, *read("FA14").not_held))
    assert "bones at left foot (third tarsometatarsal joint margins)" in read("LA08").not_held
    assert "bones at right foot (cuboid)" in read("FA04").not_held  # absent edema names no diseased bone


@pytest.mark.parametrize("case_id", CASES)
def test_no_number_is_invented(case_id):
    """Births, edema extents and exact days are nowhere; every date is a month of the case, to half a day."""
    requests = read(case_id)
    assert requests.patient.birth is None
    assert all(f.edema_percent is None and f.edema_grade is None for v in requests.visits for f in v.findings)
    case = CASES[case_id]
    months = {0.0, case["resolution_month"], *(site["onset_month"] for site in case["sites"])}
    for part in ("pain", "imaging", "vitamin_d", "labs"):
        months |= {entry["month"] for entry in case[part]}
    possible = {month * 365.25 / 12 for month in months if month is not None}
    dates = [visit.visit_date for visit in requests.visits]
    dates += [episode.onset for episode in requests.episodes if episode.onset]
    dates += [requests.closing.closed_on] if requests.closing else []
    for when in dates:
        assert when.precision == "about"
        days = (when.first - date(2000, 1, 1)) / timedelta(days=1)
        assert min(abs(days - exact) for exact in possible) <= 0.5


@pytest.mark.parametrize("case_id", ["FA04", "RM05", "RM07", "LA10"])
def test_a_sex_that_is_not_stated_is_unknown(case_id):
    assert read(case_id).patient.sex is Sex.UNKNOWN
