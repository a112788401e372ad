"""The edema of an episode in words: numbers as given, no alarm where MRI and pain differ."""

from dataclasses import replace

import pytest

from reports.edema_text import edema_text
from reports.page import patient_page
from tracker.analysis.imaging.results import (
    Conflict,
    Disagreement,
    EdemaCourse,
    EdemaReading,
    GradeBand,
    JointReading,
)
from tracker.analysis.imaging.visits import EdemaVisit
from tracker.analysis.results import Estimate, InsufficientData
from tracker.clinical.vocabulary import Phase
from tracker.dates import PartialDate

ALARMING = ("error of the record", "wrong", "danger", "urgent", "alarm", "contradict")


def estimate(median, *, narrowing=0.5):
    return Estimate(median, median - 50, median + 100, median + 5, median - 90, median + 150, narrowing)


def visit(on, day, low, high=None, *, bones=("talus-left",), looked_at=("talus-left",)):
    return EdemaVisit(PartialDate.parse(on), day, low, low if high is None else high, bones, looked_at)


def course(**changes):
    values = {
        "phases": {Phase.PLATEAU: 0.1, Phase.REGRESSION: 0.9},
        "clear_day": estimate(300),
        "p_not_clear": 0.02,
        "p_relapse": 0.02,
        "effective_sample_size": 500.0,
    }
    return EdemaCourse(**values | changes)


def joint(*, p=0.4, disagreement=None, **changes):
    values = {
        "resolution_day": estimate(240),
        "lag_days": estimate(62, narrowing=0.05),
        "edema": course(clear_day=estimate(310)),
        "pain_clear_day": estimate(320),
        "conflict": Conflict(p, 2, disagreement),
    }
    return JointReading(**values | changes)


GRADES = GradeBand(
    day=(0, 28, 56, 112, 168, 224, 326, 336, 392),
    none=(0.98, 0.5, 0.1, 0.02, 0.1, 0.4, 0.7, 0.8, 0.99),
    small=(0.01, 0.3, 0.1, 0.08, 0.2, 0.3, 0.2, 0.1, 0.005),
    medium=(0.005, 0.1, 0.3, 0.3, 0.3, 0.2, 0.05, 0.05, 0.0025),
    large=(0.005, 0.1, 0.5, 0.6, 0.4, 0.1, 0.05, 0.05, 0.0025),
)


def reading(**changes):
    values = {
        "as_of_day": 326,
        "visits": (visit("2026-02-10", 40, 3), visit("2026-07-01", 181, 1)),
        "n_read": 2,
        "alone": course(),
        "joint": joint(),
        "grades": GRADES,
    }
    return EdemaReading(**values | changes)


@pytest.fixture
def text_of(patient, fit, edition, sentences):
    def make(edema, *, onset="2026-01"):
        made = patient().pain("2026-02-10", 6).pain("2026-03-10", 7).pain("2026-07-01", 3)
        (episode,) = made.episode(fit(), onset=onset, edema=edema).view().episodes
        return edema_text(episode, edition, sentences)

    return make


def test_without_an_mri_there_is_nothing_to_say(patient, fit, edition, sentences):
    (episode,) = patient().pain("2026-02-10", 6).episode(fit()).view().episodes
    assert edema_text(episode, edition, sentences) is None


def test_alone_and_together_are_said_apart_with_dates(text_of):
    # by hand: day 300 after 2026-01-01 is 2026-10-28, day 250 is 2026-09-08, day 400 is 2027-02-05
    alone, agreement, together = text_of(reading()).sentences
    assert alone == (
        "MRI alone, 2 images: edema on 2026-11-23 most probably shrinking (90 %). "
        "An MRI is expected to be clear from about 2026-10-28 (95 %: 2026-09-08 to 2027-02-05)."
    )
    assert together.startswith("MRI and pain together: edema on 2026-11-23 most probably shrinking (90 %).")
    assert (
        "Pain at or below 1 from about 2026-08-29 (95 %: 2026-07-10 to 2026-12-07); by pain alone 2026-09-28"
        in together
    )
    assert together.endswith(
        "Edema stays behind the pain by about 62 days (95 %: 12 to 162), from the reference, not from this patient."
    )
    assert agreement == "MRI and pain agree (given the pain, grades as unlikely as these or more so: 40 %)."


def test_the_rule_names_the_site(text_of):
    assert text_of(reading()).rule == (
        "Grade of a visit: the highest among the places of the left ankle that the MRI looked at; "
        "a place not examined never counts."
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (visit("2026-02-10", 40, 3), "Tue 2026-02-10: grade 3 (large), left talus"),
        (visit("2026-02-10", 40, 0), "Tue 2026-02-10: grade 0 (none), left talus"),
        (visit("2026-02-10", 40, 1, 3), "Tue 2026-02-10: edema, extent not noted, left talus"),
        (
            visit("2026-02-10", 40, 2, looked_at=("distal-tibia-left", "talus-left")),
            "Tue 2026-02-10: grade 2 (medium), left talus (of 2 places looked at)",
        ),
        (
            visit("2026", None, 2),
            "2026, month not known: grade 2 (medium), left talus; not read, its day is too vague or not known",
        ),
    ],
    ids=["large", "none", "not noted", "several places", "vague"],
)
def test_a_visit_names_its_grade_and_the_bones_behind_it(text_of, given, sentence):
    (row,) = text_of(reading(visits=(given,))).visits
    assert row.sentence == sentence


@pytest.mark.parametrize("disagreement", list(Disagreement))
def test_a_disagreement_is_said_without_alarm_and_to_the_patient_too(text_of, disagreement):
    text = text_of(reading(joint=joint(p=0.01, disagreement=disagreement)))
    assert text.sentences[1] == text.apart
    assert "better read apart" in text.apart
    assert not any(word in (text.apart + text.plain).lower() for word in ALARMING)
    assert text.plain.startswith("Your MRI and your pain do not tell the same at the moment")


def test_less_edema_than_the_pain_names_the_series_that_saw_it(text_of):
    text = text_of(reading(joint=joint(p=0.02, disagreement=Disagreement.LESS_EDEMA)))
    assert "in one series edema shrank more than pain did (Hoerterer 2018)" in text.apart
    assert "2 %" in text.apart


def test_what_cannot_be_read_is_said_with_what_is_needed(text_of):
    alone = InsufficientData("MRI looked for edema on 1 day only", "an MRI on 1 more day")
    text = text_of(reading(alone=alone))
    assert text.sentences[0] == (
        "MRI alone: insufficient data, MRI looked for edema on 1 day only. Needed: an MRI on 1 more day."
    )
    neither = text_of(reading(alone=alone, joint=alone, grades=None), onset=None)
    assert len(neither.sentences) == 1
    assert neither.plain == "When the MRI will look clear cannot be said yet."
    assert neither.band == ()
    pain = InsufficientData("of the pain: no pain score yet", "pain scores on 2 different days")
    assert text_of(reading(joint=pain)).sentences[1].startswith("MRI and pain together: insufficient data, of the pain")


def test_edema_that_is_not_expected_to_go_has_no_day(text_of):
    text = text_of(
        reading(alone=course(clear_day=None), joint=joint(edema=course(clear_day=None), resolution_day=None))
    )
    assert (
        "No day for a clear MRI is given: edema that goes without relapse within 3 years is less than 5 % likely."
        in (text.sentences[0])
    )
    assert "No resolution day of the pain is given." in text.sentences[-1]
    assert text.plain == "When the MRI will look clear cannot be said yet."


def test_grades_to_expect_are_listed_every_eight_weeks_and_today_until_an_mri_would_be_clear(text_of):
    assert [row.day for row in text_of(reading()).band] == [0, 56, 112, 168, 224, 326, 336, 392]
    assert text_of(reading()).band[1].large == "50 %"


def test_the_page_shows_the_edema_and_its_disagreement(patient, fit, edition):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 7)
    apart = reading(joint=joint(p=0.01, disagreement=Disagreement.MORE_EDEMA))
    page = patient_page(made.episode(fit(), edema=apart).view(), edition)
    assert "MRI and pain differ." in page
    assert page.count("edema often outlasts the pain") == 1
    assert "grade 3 (large)" in page
    assert patient_page(made.view(), edition) == page


def test_a_page_without_an_mri_has_no_paragraph_about_it(patient, fit, edition):
    page = patient_page(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()).view(), edition)
    assert "Edema on MRI" not in page


def test_the_view_is_frozen_and_compares_by_value():
    assert reading() == reading()
    assert replace(reading(), n_read=1) != reading()
