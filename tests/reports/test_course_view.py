"""What a course chart is told to draw, for every awkward set of visits."""

from datetime import date

import pytest

from reports.course_points import places
from reports.course_view import course_views
from tracker.clinical.vocabulary import Aspect, Instrument


@pytest.fixture
def view_of(edition, sentences):
    def make(patient):
        return course_views(patient.view(), edition, sentences)

    return make


def levels(course):
    return [(point.drawn_on, point.level) for point in course.drawn_points]


def test_no_visits_still_show_the_expected_band_and_no_band_of_the_patients_own(view_of, patient):
    [course] = view_of(patient().episode())
    assert course.points == ()
    assert course.expected is not None
    assert course.own is None
    assert course.counts == "0 scores recorded, 0 drawn, 0 missing"


def test_one_visit_is_drawn_and_the_answer_says_what_is_missing(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 6).episode())
    assert levels(course) == [("2026-02-10", 6.0)]
    assert course.points[0].use == "waiting"
    assert course.answer.spoken.clinician == (
        "Insufficient data: pain scores on 1 day only. Needed: scores on 1 more day. "
        "The expected band is drawn; there is no course of this patient's own yet."
    )


def test_two_visits_with_a_fit_show_the_patients_own_band(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    assert course.own is not None
    assert [point.use for point in course.points] == ["fitted", "fitted"]


def test_equal_scores_are_all_kept(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 5).pain("2026-03-10", 5).pain("2026-04-10", 5).episode())
    assert levels(course) == [("2026-02-10", 5.0), ("2026-03-10", 5.0), ("2026-04-10", 5.0)]


def test_a_missing_score_is_listed_with_its_reason_and_counted_but_not_drawn(view_of, patient):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", None, missing="refused")
    [course] = view_of(made.episode())
    assert levels(course) == [("2026-02-10", 6.0)]
    assert course.points[1].reported == "not drawn: refused (NRS, overall)"
    assert course.points[1].spoken.clinician == (
        "Tue 2026-03-10, day 68: NRS overall not recorded (refused); not drawn."
    )
    assert course.counts == "2 scores recorded, 1 drawn, 1 missing: refused"


def test_several_reasons_are_counted_each(view_of, patient):
    made = patient().pain("2026-02-10", None, missing="refused").pain("2026-03-10", None, missing="not_asked")
    [course] = view_of(made.pain("2026-04-10", None, missing="refused").episode())
    assert course.counts == "3 scores recorded, 0 drawn, 3 missing: not asked (1), refused (2)"


def test_a_huge_gap_stays_in_view_at_both_ends(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2036-02-10", 1).episode())
    assert course.first < "2026-01-01"
    assert course.last > "2036-02-10"
    assert course.points[1].spoken.clinician.endswith(
        "pain 1 of 10 (NRS, overall); after the end of the expected course."
    )


def test_visits_logged_in_any_order_are_shown_by_date(view_of, patient):
    [course] = view_of(patient().pain("2026-06-10", 3).pain("2026-02-10", 6).pain("2026-04-10", 7).episode())
    assert [point.written for point in course.points] == ["2026-02-10", "2026-04-10", "2026-06-10"]


def test_two_scores_of_one_day_and_level_are_two_points_in_one_place(view_of, patient):
    made = patient().pain("2026-02-10", 6).pain("2026-02-10", 60, instrument=Instrument.VAS)
    [course] = view_of(made.episode())
    assert places(course.points) == {("2026-02-10", 6.0): 2}
    assert "×2 marks two scores drawn at one place (×3 three, and so on)." in course.remarks


def test_vas_is_drawn_at_a_tenth_and_told_in_millimeters(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 62, instrument=Instrument.VAS, aspect=Aspect.LOAD).episode())
    assert course.points[0].level == 6.2
    assert course.points[0].reported == "62 mm of 100 mm (VAS, on load)"


def test_a_visit_of_an_unknown_day_stands_in_the_middle_of_its_month(view_of, patient):
    [course] = view_of(patient().pain("2026-03", 6).episode())
    [point] = course.points
    assert (point.first, point.drawn_on, point.last) == ("2026-03-01", "2026-03-16", "2026-03-31")
    assert (point.written, point.day) == ("2026-03", "59–89")


# The hand-made band is 1-7 (95 %) and 2-6 (80 %) on every day of the first year.
@pytest.mark.parametrize(
    ("score", "said"),
    [
        (8, "above the expected 95 % band (1.0 to 7.0)"),
        (7, "above the expected 80 % band (2.0 to 6.0) but within the 95 % band (1.0 to 7.0)"),
        (6, "within the expected 80 % band (2.0 to 6.0)"),
        (2, "within the expected 80 % band (2.0 to 6.0)"),
        (1, "below the expected 80 % band (2.0 to 6.0) but within the 95 % band (1.0 to 7.0)"),
        (0, "below the expected 95 % band (1.0 to 7.0)"),
    ],
)
def test_a_point_says_where_it_lies_against_the_expected_band(view_of, patient, score, said):
    [course] = view_of(patient().pain("2026-02-10", score).episode())
    assert course.points[0].spoken.clinician == f"Tue 2026-02-10, day 40: pain {score} of 10 (NRS, overall); {said}."


def test_no_sentence_calls_a_score_normal(sentences):
    said = [text for section in sentences.sections.values() for text in section.values()]
    assert not [text for text in said if "normal" in text.lower()]


def test_a_band_is_read_between_its_days_along_the_straight_line(view_of, patient):
    # Day 357 has 2-6, day 364 has 2-6, day 371 has 0-0: three sevenths of the way from 364 to 371 is day 367.
    [course] = view_of(patient().pain("2027-01-03", 3).episode())
    assert course.points[0].day == "367"
    assert course.points[0].expected80 == "1.1–3.4"  # 2 * 4/7 = 1.14, 6 * 4/7 = 3.43


def test_a_score_before_onset_is_drawn_and_said_to_be_before_it(view_of, patient):
    [course] = view_of(patient().pain("2025-12-20", 3).episode())
    assert course.points[0].day == "-12"
    assert "before the stated onset" in course.points[0].spoken.clinician
    assert course.first < "2025-12-20"


def test_a_score_no_episode_claims_is_drawn_with_the_episode_of_its_site_that_began_last(view_of, patient):
    made = patient().pain("2024-06-10", 5).pain("2026-02-10", 6)
    made.episode(onset="2024-01", claimed=()).episode(onset="2026-01", claimed=())
    early, late = view_of(made)
    assert levels(early) == [("2024-06-10", 5.0)]
    assert levels(late) == [("2026-02-10", 6.0)]
    assert late.points[0].use == "unclaimed"


def test_scores_of_a_site_without_an_episode_get_a_chart_that_says_how_to_open_one(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 6, site="knee-left"))
    assert course.title == "Left knee: pain, no episode"
    assert course.expected is None
    assert course.answer.spoken.clinician.endswith("tracker episode open TEST-1 knee-left --onset DATE")


def test_an_unknown_onset_gives_points_without_a_band(view_of, patient):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(onset=None))
    assert course.expected is None
    assert course.day_ticks == ()
    assert levels(course) == [("2026-02-10", 6.0)]


def test_an_onset_about_a_day_is_shaded_by_the_editions_half_width(view_of, patient, edition):
    assert edition.value("about_date_half_width_days") == 7
    [course] = view_of(patient().episode(onset="~2026-01-10"))
    assert (course.onset.first, course.onset.last) == ("2026-01-03", "2026-01-17")
    assert course.onset.label == "onset ~2026-01-10"


def test_a_score_of_a_part_of_the_episodes_site_names_its_own_site(view_of, patient):
    made = patient().pain("2026-02-10", 6, site="talus-left")
    [course] = view_of(made.episode(claimed={1}))
    assert course.points[0].reported == "6 of 10 (NRS, overall), left talus"


def test_a_surprising_score_is_marked_and_the_mark_explained(view_of, patient, fit):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 0)
    [course] = view_of(made.episode(fit(surprising_days=(68,))))
    assert [point.is_surprising for point in course.points] == [False, True]
    assert "! marks scores that are not part of any known course: a slip, or something new?" in course.remarks


def test_what_the_visits_did_not_narrow_is_said_to_be_from_the_reference(view_of, patient, fit, edition):
    assert edition.value("narrowing_little") == 0.2
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    remarks = {row.label: (row.median, row.remark) for row in course.answer.parameters}
    assert remarks == {
        "Onset, from the first possible day, days": ("2", ""),
        "Length of the plateau, days": ("45", "from the reference, not from this patient"),
        "Pain level on the plateau, NRS points": ("7.2", ""),
        "Resolution, from the first possible day of onset, days": ("270", ""),
    }


def test_a_course_is_told_to_the_clinician_with_numbers_and_to_the_patient_in_plain_words(view_of, patient, fit):
    # Day 270 after 2026-01-01 is 2026-09-28; the interval is a day either side. 2026-03-10 is day 68.
    made = patient(as_of=date(2026, 4, 10)).pain("2026-02-10", 6).pain("2026-03-10", 7)
    [course] = view_of(made.episode(fit(as_of_day=99)))
    assert course.answer.spoken.clinician == (
        "Read from 3 scores on 3 days, the last on 2026-03-10. Most probable course: expected course 90 %. "
        "Phase on 2026-04-10, 31 days later: regression 70 % (for 120 days, 95 %: 90 to 150), plateau 20 %, "
        "rise 10 %. If without relapse, pain is expected to stay at or below 1 from about 2026-09-28 "
        "(95 %: 2026-09-27 to 2026-09-29)."
    )
    assert course.answer.spoken.plain == (
        "From your scores you are most likely in the time in which pain is getting less. In courses like this, pain is "
        "mostly gone around September 2026; it can be as early as September 2026 and as late as September 2026."
    )


@pytest.mark.parametrize(("as_of_day", "is_silent"), [(68 + 90, False), (68 + 91, True)])
def test_where_the_last_score_is_old_the_phase_is_not_said_to_be_the_patients(
    view_of, patient, fit, edition, as_of_day, is_silent
):
    assert edition.value("silence_days") == 90
    [course] = view_of(patient().pain("2026-03-10", 7).episode(fit(as_of_day=as_of_day)))
    assert ("No score for 91 days: where this patient stands" in course.answer.spoken.clinician) is is_silent
    told = "Your last pain score is from March 2026. How you are now cannot be told from it; a new score would help."
    assert (course.answer.spoken.plain == told) is is_silent


@pytest.mark.parametrize(("surprising", "n_notices"), [((68,), 1), ((40,), 0)])
def test_a_newest_score_out_of_line_asks_for_a_second_one(view_of, patient, fit, surprising, n_notices):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 0)
    [course] = view_of(made.episode(fit(surprising_days=surprising)))
    assert [notice.heading for notice in course.answer.notices] == ["Score again."] * n_notices


def test_scores_that_contradict_the_recorded_onset_ask_for_it_again(view_of, patient, fit):
    from tracker.analysis.results import Estimate

    moved = fit().parameters | {"onset_day": Estimate(-25.0, -40.0, -12.0, 0.0, -20.0, 20.0, 0.3)}
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(parameters=moved)))
    [notice] = course.answer.notices
    # by hand: 25 days before 2026-01-01
    assert notice.words.startswith("The scores suggest that pain began around 2025-12-07,")


def test_a_site_elsewhere_says_whose_course_it_is_read_against(view_of, patient, fit):
    made = patient().pain("2026-02-10", 6, site="hip-left").episode(fit(), site="hip-left")
    [course] = view_of(made)
    [notice] = course.answer.notices
    assert notice.words == "The expected course is that of the foot and ankle, applied here to the left hip."


def test_what_the_visits_widened_is_said_to_be_wider(view_of, patient, fit):
    wide = fit().parameters | {"plateau_days": estimate_of(45.0, narrowing=-0.4)}
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(parameters=wide)))
    rows = {row.label: row.narrowing for row in course.answer.parameters}
    assert rows["Length of the plateau, days"] == "wider"


def estimate_of(median, *, narrowing):
    from tracker.analysis.results import Estimate

    return Estimate(median, median - 1, median + 1, median, median - 10, median + 10, narrowing)


def test_a_resolution_beyond_the_horizon_is_not_given_as_a_date(view_of, patient, fit):
    from tracker.analysis.results import Estimate

    never = Estimate(400.0, 300.0, float("inf"), 400.0, 300.0, 600.0, 0.5)
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(resolution_day=never)))
    assert "2026-10-28 to more than 3 years after onset" in course.answer.spoken.clinician


def test_relapse_no_resolution_and_the_next_visit_stand_beside_the_resolution_day(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    # by hand: day 340 of 2026-01-01
    assert course.answer.outlook == (
        "Probability of relapse, ahead or seen: 2 %; of no resolution within 3 years: 3 %. "
        "Next most informative score: 2026-12-07 (expected to narrow the resolution day by 12 %)."
    )
    [silent] = view_of(patient().pain("2026-02-10", 6).episode(fit(next_visit=None)))
    assert silent.answer.outlook.endswith("would hardly change what is known about the end.")


def test_every_kind_of_course_is_listed_the_most_probable_first_and_the_likely_ones_named(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit()))
    assert [row.label for row in course.answer.classes[:3]] == ["expected course", "slow regression", "relapse"]
    assert len(course.answer.classes) == 8
    assert course.answer.kinds.startswith("Kind of course: expected course 90 %, slow regression 4 %, relapse 2 %, ")
    assert "early resolution" not in course.answer.kinds


def test_no_resolution_day_is_invented_where_there_is_none(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(resolution_day=None, as_of_day=99)))
    assert course.answer.spoken.clinician.endswith(
        "No resolution day is given: resolution without relapse within 3 years is less than 5 % likely."
    )
    assert course.answer.spoken.plain.endswith("When it will be over cannot be said.")
    assert not any("Resolution" in row.label for row in course.answer.parameters)


def test_a_refined_fit_says_so(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(refined=True)))
    assert "most of them drawn anew for these scores" in course.answer.sample_size


def test_a_phase_that_has_not_begun_has_not_lasted(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(time_in_phase=None)))
    assert "regression 70 %, plateau 20 %" in course.answer.spoken.clinician


def test_an_atypical_course_gets_a_notice_with_its_name(view_of, patient, fit):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 0)
    classes = {name: 0.0 for name in fit().class_probabilities} | {"expected": 0.2, "slow_regression": 0.8}
    [course] = view_of(made.episode(fit(class_probabilities=classes, resembles_expected=False, as_of_day=99)))
    [notice] = course.answer.notices
    assert notice.heading == "Not an expected course."
    assert notice.words == (
        "Most probably slow regression (regresses, but over 10 to 30 months): 80 %. Expected course: 20 %."
    )
    assert course.answer.spoken.plain.startswith(
        "Your scores look like pain that gets less more slowly than usual. In courses like this, pain is mostly gone "
    )


def test_a_course_unlike_every_class_gets_a_notice_and_no_forecast_for_the_patient(view_of, patient, fit):
    made = patient().pain("2026-02-10", 6).pain("2026-03-10", 0)
    changes = {"surprising_days": (40, 68), "resembles_known": False, "resembles_expected": False}
    [course] = view_of(made.episode(fit(**changes)))
    [notice] = course.answer.notices
    assert notice.heading == "No known kind of course."
    assert notice.words.startswith(
        "These scores look like none of the known kinds of course: "
        "2 of 3 score days fit all of them badly (2026-02-10, 2026-03-10): a slip,"
    )
    assert (
        course.answer.spoken.plain
        == "Your scores do not follow any course that is known to us. Your doctor will look at them with you."
    )
    assert "No phase, no outlook and no numbers are given" in course.answer.spoken.clinician
    assert (course.answer.outlook, course.answer.classes, course.answer.parameters) == ("", (), ())
    assert course.own is None
    assert {point.own80 for point in course.points} == {""}


@pytest.mark.parametrize(("size", "n_notices"), [(49.0, 1), (50.0, 0)])
def test_a_fit_that_few_courses_carry_is_said_to_be_less_sure(view_of, patient, fit, size, n_notices):
    [course] = view_of(patient().pain("2026-02-10", 6).episode(fit(effective_sample_size=size)))
    assert [notice.heading for notice in course.answer.notices] == ["Less sure than it looks."] * n_notices


def test_the_as_of_day_is_left_out_with_a_word_where_it_would_squeeze_the_chart(view_of, patient):
    [course] = view_of(patient(as_of=date(2050, 1, 1)).pain("2026-02-10", 6).episode())
    assert course.as_of is None
    assert "The as-of date, 2050-01-01, lies to the right of what is drawn." in course.remarks


def test_the_band_table_has_every_fourth_drawn_week_once_in_order(view_of, patient, fit):
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit()))
    rows = course.band_rows
    assert [row.day for row in rows] == list(course.expected.day)[::4]
    assert (rows[0].on, rows[0].expected80, rows[0].own80, rows[0].own95) == (
        "2026-01-01",
        "2.0–6.0",
        "2.5–6.5",
        "1.5–7.5",
    )


def test_the_chart_reaches_to_where_the_expected_band_has_faded(view_of, patient):
    # The hand-made band falls to 0 on day 371, 2027-01-07.
    [course] = view_of(patient().episode())
    assert "2027-01-07" < course.last < "2027-02-07"


def test_where_one_band_ends_before_the_other_its_cells_are_empty(view_of, patient, fit):
    from tracker.analysis.results import LevelBand

    short = LevelBand((0, 28), *((1.0, 1.0),) * 5)
    [course] = view_of(patient().pain("2026-02-10", 6).pain("2026-03-10", 7).episode(fit(band=short)))
    assert [(row.day, row.own80) for row in course.band_rows[:3]] == [(0, "1.0–1.0"), (28, "1.0–1.0"), (56, "")]
    assert course.band_rows[2].expected80 == "2.0–6.0"
