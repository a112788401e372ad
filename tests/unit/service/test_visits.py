"""Logging and correcting visits: what stays, what is refused, what is said."""

from dataclasses import replace

import pytest

from tracker.clinical.vocabulary import (
    Aspect,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    Presence,
    VitaminDUnit,
)
from tracker.errors import ConflictError, DeclinedError, InputError, NotFoundError
from tracker.service.history import list_entries, undo_entry
from tracker.service.new_facts import NewFinding, NewNote, NewVisit, NewVitaminD
from tracker.service.new_results import NewLab
from tracker.service.patients import NewPatient, add_patient
from tracker.service.visits import VisitChange, add_visit, edit_visit

LC_MS = NewVitaminD(18.0, VitaminDUnit.NG_ML, assay="LC-MS/MS")
PATCHY = NewFinding(
    Modality.MRI, "talus-left", Finding.EDEMA, Presence.PRESENT, edema_grade=3, edema_pattern=EdemaPattern.PATCHY
)
EXTENT = ("edema_percent", "edema_grade", "edema_pattern")


def extent(clinic):
    (finding,) = clinic.record().imaging
    return tuple(getattr(finding, name) for name in EXTENT)


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (NewVitaminD(19.0, VitaminDUnit.NG_ML), (19.0, "LC-MS/MS")),
        (NewVitaminD(19.0, VitaminDUnit.NG_ML, assay="CLIA"), (19.0, "CLIA")),
        (NewVitaminD(18.0, VitaminDUnit.NG_ML, assay="CLIA"), (18.0, "CLIA")),
        (NewVitaminD(None, None, missing_reason=MissingReason.NOT_DONE), (None, None)),
    ],
)
def test_a_corrected_vitamin_d_keeps_its_assay_unless_a_new_one_is_given(clinic, given, held):
    clinic.visit("2026-03-10", vitamin_d=LC_MS)
    clinic.edit(1, vitamin_d=given)
    (result,) = clinic.record().vitamin_d
    assert (result.value, result.assay) == held


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (NewLab("crp", 13.0, "mg/L"), (13.0, 5.0)),
        (NewLab("crp", 13.0, "mg/L", limit_high=10.0), (13.0, 10.0)),
        (NewLab("crp", 1.3, "mg/dL"), (1.3, None)),  # the old limit is of another unit
        (NewLab("crp", missing_reason=MissingReason.NOT_DONE), (None, None)),
    ],
)
def test_a_corrected_laboratory_value_keeps_its_limits_unless_a_new_one_is_given(clinic, given, held):
    clinic.visit("2026-03-10", labs=(NewLab("crp", 31.0, "mg/L", limit_high=5.0),))
    clinic.edit(1, labs=(given,))
    (result,) = clinic.record().labs
    assert (result.value, result.limit_high) == held


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"edema_percent": 40.0}, (40.0, None, "patchy")),
        ({"edema_grade": 1}, (None, 1, "patchy")),
        ({"edema_pattern": EdemaPattern.DIFFUSE}, (None, 3, "diffuse")),
        ({"presence": Presence.ABSENT, "edema_percent": 0.0}, (0.0, None, None)),
        ({"presence": Presence.NOT_EXAMINED}, (None, None, None)),
    ],
)
def test_a_corrected_edema_keeps_what_the_correction_does_not_speak_of(clinic, given, held):
    clinic.visit("2026-03-10", findings=(PATCHY,))
    bare = replace(PATCHY, edema_grade=None, edema_pattern=None)
    clinic.edit(1, findings=(replace(bare, **given),))
    assert extent(clinic) == held


def test_an_edema_found_after_all_takes_nothing_from_the_absent_one(clinic):
    clinic.visit("2026-03-10", findings=(replace(PATCHY, presence=Presence.ABSENT, edema_grade=0, edema_pattern=None),))
    clinic.edit(1, findings=(replace(PATCHY, edema_grade=None),))
    assert extent(clinic) == (None, None, "patchy")


def test_entering_what_is_there_already_changes_nothing_and_is_refused(clinic, score, date_of):
    clinic.visit(
        "2026-03-10", score("ankle-left", 7), vitamin_d=LC_MS, findings=(PATCHY,), notes=(NewNote("off crutches"),)
    )
    before = clinic.record()
    with pytest.raises(InputError, match=r"^Nothing to change in visit 1\."):
        clinic.edit(
            1,
            visit_date=date_of("2026-03-10"),
            scores=(score("ankle-left", 7),),
            vitamin_d=replace(LC_MS, assay=None),
            findings=(replace(PATCHY, edema_pattern=None),),
            notes=(NewNote("off crutches"),),
        )
    assert clinic.record() == before


def test_only_what_differs_is_recorded_again(clinic, score):
    clinic.visit("2026-03-10", score("ankle-left", 7), score("knee-left", 2))
    written = clinic.edit(1, scores=(score("ankle-left", 7), score("knee-left", 3)))
    assert [(c.kind, c.values["site"], c.values["score"]) for c in written.changes] == [
        ("retracted", "knee-left", 2),
        ("recorded", "knee-left", 3),
    ]


def test_given_notes_replace_all_notes_of_the_visit_and_void_takes_them_back(clinic, score):
    clinic.visit("2026-03-10", score("ankle-left", 7), notes=(NewNote("one"), NewNote("two")))
    clinic.edit(1, notes=(NewNote("three"),))
    assert [note.text for note in clinic.record().notes] == ["three"]
    clinic.edit(1, void_notes=True)
    assert clinic.record().notes == ()
    with pytest.raises(NotFoundError, match=r"^Visit 1 holds no note\."):
        clinic.edit(1, void_notes=True)


@pytest.mark.parametrize(
    ("held", "given", "said"),
    [
        ((Aspect.LOAD, "nrs"), (Aspect.OVERALL, "nrs"),
         "Visit 1 holds a load score at left hip; this adds an overall one beside it."),
        ((Aspect.OVERALL, "vas"), (Aspect.OVERALL, "nrs"),
         "Visit 1 holds a VAS overall score at left hip; this adds an NRS overall one beside it."),
    ],
)  # fmt: skip
def test_a_score_added_beside_another_of_the_site_is_said(clinic, score, held, given, said):
    clinic.open("hip-left", "2026-01")
    clinic.visit("2026-03-10", score("hip-left", 6, held[0], Instrument(held[1])))
    written = clinic.edit(1, scores=(score("hip-left", 5, given[0], Instrument(given[1])),))
    assert written.warnings == (said,)
    assert len(clinic.record().pain_scores) == 2


def test_a_score_that_takes_the_place_of_a_voided_one_is_not_an_addition(clinic, score):
    clinic.open("hip-left", "2026-01")
    clinic.visit("2026-03-10", score("hip-left", 6, Aspect.LOAD))
    written = clinic.edit(1, scores=(score("hip-left", 6),), void_scores=(("hip-left", "nrs", "load"),))
    assert written.warnings == ()


def test_one_thing_both_given_and_taken_back_is_refused(clinic, score):
    clinic.visit("2026-03-10", score("hip-left", 6), score("knee-left", 6))
    with pytest.raises(InputError, match="is both given and taken back"):
        clinic.edit(1, scores=(score("hip-left", 5),), void_scores=(("hip-left", "nrs", "overall"),))


def test_a_correction_that_leaves_nothing_points_to_voiding_the_visit(clinic, score):
    clinic.visit("2026-03-10", score("hip-left", 6))
    with pytest.raises(InputError, match="would hold nothing any more. .*tracker visit void 1"):
        clinic.edit(1, void_scores=(("hip-left", "nrs", "overall"),))


def test_a_new_date_is_held_against_the_other_visits_and_not_against_itself(clinic, score, date_of):
    clinic.open("hip-left", "2026-01")
    clinic.visit("2026-03-10", score("hip-left", 2))
    clinic.visit("2026-05-10", score("hip-left", 8))
    assert clinic.edit(2, visit_date=date_of("2026-05-11")).warnings == ()
    assert clinic.edit(2, visit_date=date_of("2026-03-10")).warnings == (
        "P-07 already has visit 1 on Tue 2026-03-10; this makes a second one on that date.",
        "Pain at left hip goes from 2 on Tue 2026-03-10 to 8 on one day.",
    )
    # 8 for 8 is no news, and the date that was spoken about stays: only the new score is spoken about
    assert clinic.edit(2, scores=(score("hip-left", 3),)).warnings == ()


def test_a_corrected_score_that_jumps_is_asked_about_and_recorded_with_the_warning(clinic, score):
    clinic.open("hip-left", "2026-01")
    clinic.visit("2026-03-10", score("hip-left", 2))
    clinic.visit("2026-03-12", score("hip-left", 3))
    asked, jump = [], ("Pain at left hip goes from 2 on Tue 2026-03-10 to 9 within 2 days.",)
    change = VisitChange(scores=(score("hip-left", 9),))
    with pytest.raises(DeclinedError):
        edit_visit(clinic.database, 2, change, clinic.origin(), confirm=lambda words: asked.append(words))
    assert (asked, clinic.record().pain_scores[1].score) == ([jump], 3)
    written = edit_visit(clinic.database, 2, change, clinic.origin(), confirm=lambda _: True)
    assert written.entry.warnings == written.warnings == jump


def test_a_patient_undone_while_the_question_waited_gets_no_visit(clinic, score, date_of):
    """The code passes to another person meanwhile: the visit must not land with them, nor with the first."""
    visit = NewVisit("P-07", date_of("2026-03-10"), (score("hip-left", 6),))
    before = clinic.record()

    def answer(_warnings):
        undo_entry(clinic.database, 1, clinic.origin())
        add_patient(clinic.database, NewPatient("P-07"), clinic.origin())
        return True

    with pytest.raises(ConflictError, match="'P-07' was changed by somebody else a moment ago"):
        add_visit(clinic.database, visit, clinic.origin(), record=before, confirm=answer)
    assert clinic.record().visits == ()
    assert len(list_entries(clinic.database)) == 3


def test_what_changed_while_the_question_waited_is_checked_again_and_recorded(clinic, score, date_of):
    visit = NewVisit("P-07", date_of("2026-03-10"), (score("hip-left", 6),))
    asked = []

    def answer(warnings):
        asked.extend(warnings)
        clinic.visit("2026-03-10", score("knee-left", 1))
        return True

    written = add_visit(clinic.database, visit, clinic.origin(), record=clinic.record(), confirm=answer)
    second = "P-07 already has visit 1 on Tue 2026-03-10; this makes a second one on that date."
    assert asked
    assert second not in asked
    assert second in written.entry.warnings
    assert len(clinic.record().visits) == 2


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("day", ["1899-12-31", "0206-03-10", "2026-01-01/2101-01-01"])
def test_a_visit_in_an_impossible_year_is_refused_in_words(clinic, score, date_of, day, dry_run):
    visit = NewVisit("P-07", date_of(day), (score("hip-left", 6),))
    with pytest.raises(InputError, match=f"^visit_date must be a date in the years 1900 to 2100, but was '{day}'"):
        add_visit(clinic.database, visit, clinic.origin(), dry_run=dry_run)
    clinic.visit("2026-03-10", score("hip-left", 6))
    with pytest.raises(InputError, match="^visit_date must be"):
        edit_visit(clinic.database, 1, VisitChange(visit_date=date_of(day)), clinic.origin(), dry_run=dry_run)


def test_an_empty_visit_is_refused(clinic):
    with pytest.raises(InputError, match="^The visit has nothing to record"):
        clinic.visit("2026-03-10")


def test_a_value_that_somebody_else_corrected_while_the_question_waited_is_not_replaced_unseen(clinic, score):
    clinic.visit("2026-03-10", score("hip-left", 7))

    def corrected_by_somebody_else(warnings):
        clinic.edit(1, scores=(score("hip-left", 6),))
        return True

    change = VisitChange(scores=(score("hip-left", 5),))
    with pytest.raises(ConflictError) as stale:
        edit_visit(clinic.database, 1, change, clinic.origin(), confirm=corrected_by_somebody_else)
    assert str(stale.value) == (
        "Somebody else changed meanwhile what this would replace: pain score at hip-left: score was 7 and is 6. "
        "Look at it again, then repeat the command."
    )
    assert [s.score for s in clinic.record().pain_scores] == [6]


def test_what_was_taken_back_and_brought_back_meanwhile_is_replaced(clinic, score):
    clinic.visit("2026-03-10", score("hip-left", 7))

    def undone_and_redone(warnings):
        undo = undo_entry(clinic.database, 2, clinic.origin()).entry.entry_id
        undo_entry(clinic.database, undo, clinic.origin())
        return True

    change = VisitChange(scores=(score("hip-left", 5),))
    edit_visit(clinic.database, 1, change, clinic.origin(), confirm=undone_and_redone)
    assert [s.score for s in clinic.record().pain_scores] == [5]
