"""Treatments: start, end, dose over time, and what cannot be."""

from types import SimpleNamespace

import pytest

from tracker.clinical.vocabulary import DoseUnit, Sex
from tracker.dates import PartialDate
from tracker.errors import ConflictError, DeclinedError, InputError, NotFoundError
from tracker.service import treatments
from tracker.service.patients import PatientChange, edit_patient
from tracker.service.treatments import NewDose, NewTreatment, TreatmentChange


@pytest.fixture
def treat(clinic, date_of):
    """Short ways to add, change and end treatments of P-07; days are typed."""

    def dated(fields):
        days = ("started", "ended", "void_dose")
        return {name: date_of(value) if name in days else value for name, value in fields.items()}

    return SimpleNamespace(
        add=lambda treatment="vitamin-d", options=None, **fields: treatments.add_treatment(
            clinic.database, "P-07", NewTreatment(treatment, **dated(fields)), clinic.origin(), **(options or {})
        ),
        edit=lambda number, **fields: treatments.edit_treatment(
            clinic.database, number, TreatmentChange(**dated(fields)), clinic.origin()
        ),
        end=lambda number, day, **more: treatments.end_treatment(
            clinic.database, number, clinic.origin(**more), ended=date_of(day)
        ),
        void=lambda number: treatments.void_treatment(clinic.database, number, clinic.origin(reason="x")),
        dose=lambda amount, day=None: NewDose(amount, DoseUnit.IU, "daily", None if day is None else date_of(day)),
        held=lambda: [
            (
                t.treatment_id,
                t.started and str(t.started),
                t.ended and str(t.ended),
                [(str(dose.dose_since), dose.dose) for dose in t.doses],
            )
            for t in clinic.record().treatments
        ],
    )


def test_a_dose_holds_from_the_start_unless_it_says_otherwise(treat):
    treat.add(started="2026-03", dose=treat.dose(2000))
    treat.edit(1, dose=treat.dose(1000, "2026-05-01"))
    assert treat.held() == [(1, "2026-03", None, [("2026-03", 2000), ("2026-05-01", 1000)])]


def test_a_dose_of_the_same_day_replaces_and_can_be_taken_back(treat):
    treat.add(started="2026-03-10", dose=treat.dose(2000))
    treat.edit(1, dose=treat.dose(3000, "2026-03-10"))
    assert treat.held() == [(1, "2026-03-10", None, [("2026-03-10", 3000)])]
    treat.edit(1, void_dose="2026-03-10")
    assert treat.held() == [(1, "2026-03-10", None, [])]
    with pytest.raises(NotFoundError, match="^Treatment 1 has no dose from 2026-03-10; days with a dose: none."):
        treat.edit(1, void_dose="2026-03-10")


def test_an_end_keeps_its_reason_and_comes_once(clinic, treat):
    treat.add(started="2026-03-10")
    treat.end(1, "2026-06", reason="course finished")
    assert clinic.record().treatments[0].ending_reason == "course finished"
    with pytest.raises(ConflictError) as caught:
        treat.end(1, "2026-06")
    assert str(caught.value) == (
        "Treatment 1 ended already, June 2026, day not known. To correct that: tracker treatment edit 1 --until DATE"
    )


def test_a_correction_keeps_what_it_does_not_name(clinic, treat):
    treat.add("crutches", site="ankle-left", started="2026-02", ended="2026-03")
    treat.edit(1, started="2026-01-20")
    (held,) = clinic.record().treatments
    assert (held.treatment, held.site, str(held.started), str(held.ended)) == (
        "crutches",
        "ankle-left",
        "2026-01-20",
        "2026-03",
    )
    with pytest.raises(InputError, match="^Treatment 1 already is so."):
        treat.edit(1, started="2026-01-20")


def test_treatments_of_unknown_start_come_last(treat):
    treat.add("nsaid")
    treat.add("cast", started="2026-04")
    treat.add("boot", started="2026-03")
    assert [number for number, *_ in treat.held()] == [3, 2, 1]


def test_a_treatment_is_taken_back_with_its_doses(treat):
    treat.add(started="2026-03-10", dose=treat.dose(2000))
    treat.void(1)
    assert treat.held() == []
    with pytest.raises(NotFoundError, match="^There is no treatment 1. See the numbers: tracker treatment list CODE"):
        treat.void(1)


@pytest.mark.parametrize(
    ("treatment", "fields", "said"),
    [
        ("other", {}, "The treatment 'other' needs words."),
        ("cast", {"started": "2026-08-11"}, "The day '2026-08-11' lies in the future;"),
        ("cast", {"ended": "2026-09"}, "The day '2026-09' lies in the future;"),
        ("cast", {"started": "1850"}, "started must be a date in the years 1900 to 2100"),
        (
            "cast",
            {"started": "2026-03", "ended": "2026-02"},
            "The end February 2026, day not known lies before the start (March 2026, day not known).",
        ),
        ("cast", {"ending_reason": "healed"}, "A treatment that goes on has no reason why it ended."),
        ("cast", {"words": "a\nb"}, "treatment_words must be 1 to 200 characters"),
        ("Cast", {}, "treatment must be a code, but was 'Cast'. Write cast."),
        ("cast", {"site": "Ankle left"}, "site must be a site key, but was 'Ankle left'."),
    ],
)
def test_a_treatment_that_cannot_be_is_refused_in_words(clinic, treat, treatment, fields, said):
    with pytest.raises(InputError) as refused:
        treat.add(treatment, **fields)
    assert str(refused.value).startswith(said)
    assert treat.held() == []


def test_a_dose_without_a_day_is_refused_where_the_start_is_not_known(treat):
    with pytest.raises(InputError, match="^The dose has no day, and the start of the treatment is not known."):
        treat.add(dose=treat.dose(2000))


@pytest.mark.parametrize("day", ["2026-03-09", "2026-05-02"])
def test_a_dose_outside_the_treatment_is_refused(treat, day):
    treat.add(started="2026-03-10", ended="2026-05-01")
    with pytest.raises(InputError, match="lies outside the treatment."):
        treat.edit(1, dose=treat.dose(2000, day))


def test_a_correction_that_leaves_a_dose_outside_is_refused(treat):
    treat.add(started="2026-03-10", dose=treat.dose(2000))
    with pytest.raises(InputError, match="^The dose from Tue 2026-03-10 lies outside the treatment."):
        treat.edit(1, started="2026-04")


def test_a_second_one_of_the_same_is_asked_about(clinic, treat):
    treat.add(started="2026-03-10")
    asked = []

    def no(warnings):
        asked.extend(warnings)
        return False

    with pytest.raises(DeclinedError):
        treat.add(started="2026-04-10", options={"confirm": no})
    assert asked == [
        "P-07 already has vitamin D supplementation, treatment 1, since Tue 2026-03-10; this makes a second one."
    ]
    assert len(treat.held()) == 1


def test_a_start_before_the_birth_is_said(clinic, treat):
    edit_patient(clinic.database, "P-07", PatientChange(sex=Sex.MALE, birth=PartialDate.parse("1979")), clinic.origin())
    assert treat.add(started="1970").warnings == ("The treatment starts before the birth of P-07 (1979).",)
