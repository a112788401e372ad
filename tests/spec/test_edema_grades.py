"""The edema grade of an episode at one MRI: the highest among the places of its site that were looked at."""

from datetime import date

import pytest

from tracker.analysis.imaging.visits import edema_visits
from tracker.clinical.record import ImagingFinding
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.dates import PartialDate

DAY_ZERO = date(2026, 1, 1)


@pytest.fixture
def grade():
    """Grades and places of one visit from findings such as ``talus present 3``, ``navicular absent``."""

    def make(text, *, on="2026-03-10", day_zero=DAY_ZERO):
        findings = []
        for row_id, said in enumerate(text.split(","), start=1):
            bone, presence, *rest = said.split()
            given = dict(part.split("=") for part in rest)
            findings.append(
                ImagingFinding(
                    row_id=row_id,
                    entry_id=1,
                    visit_id=1,
                    visit_date=PartialDate.parse(on),
                    modality=Modality(given.get("by", "mri")),
                    site=f"{bone}-left",
                    finding=Finding(given.get("sign", "edema")),
                    presence=Presence(presence),
                    edema_percent=float(given["percent"]) if "percent" in given else None,
                    edema_grade=int(given["grade"]) if "grade" in given else None,
                    edema_pattern=None,
                )
            )
        until = PartialDate.parse("2026-12-31").first
        return edema_visits(tuple(findings), day_zero=day_zero, until=until, edition=load_edition())

    return make


def test_the_highest_grade_of_the_bones_looked_at_counts(drawn, grade):
    """
    findings                                               | lowest | highest | bones
    talus present grade=3                                  | 3      | 3       | talus-left
    talus present grade=2, distal-tibia present grade=3    | 3      | 3       | distal-tibia-left
    talus present grade=2, distal-tibia present grade=2    | 2      | 2       | distal-tibia-left talus-left
    talus absent, distal-tibia present grade=1             | 1      | 1       | distal-tibia-left
    talus absent                                           | 0      | 0       | talus-left
    talus absent, distal-tibia not_examined                | 0      | 0       | talus-left
    talus present percent=60                               | 3      | 3       | talus-left
    talus present percent=25                               | 2      | 2       | talus-left
    talus present percent=3                                | 1      | 1       | talus-left
    talus present                                          | 1      | 3       | talus-left
    talus present, distal-tibia present grade=2            | 2      | 3       | talus-left
    talus present, distal-tibia present grade=3            | 3      | 3       | distal-tibia-left talus-left
    """
    for findings, lowest, highest, bones in drawn:
        (visit,) = grade(findings)
        assert (visit.lowest, visit.highest) == (int(lowest), int(highest)), findings
        assert " ".join(visit.bones) == bones


@pytest.mark.parametrize(
    "findings",
    ["talus not_examined", "talus present sign=effusion", "talus present grade=3 by=ct", "talus absent by=xray"],
)
def test_what_is_no_look_at_edema_on_mri_is_no_grade(grade, findings):
    assert grade(findings) == ()


def test_places_looked_at_are_listed_and_those_not_examined_are_not(grade):
    (visit,) = grade("talus present grade=2, distal-tibia absent, distal-fibula not_examined")
    assert visit.looked_at == ("distal-tibia-left", "talus-left")


@pytest.mark.parametrize(("on", "day"), [("2026-03-10", 68), ("2026-03", 74), ("2026", None), ("2027-01", 364)])
def test_a_visit_counts_on_its_middle_day_unless_that_is_too_vague(grade, on, day):
    # by hand, days since 2026-01-01; 2027-01 is held at the last day that counts
    (visit,) = grade("talus present grade=2", on=on)
    assert visit.day == day


def test_without_an_onset_a_visit_has_no_day(grade):
    (visit,) = grade("talus present grade=2", day_zero=None)
    assert visit.day is None
    assert visit.highest == 2
