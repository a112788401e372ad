"""Edema at a new place is called new only where an earlier image had looked there."""

import pytest

from tracker.analysis.site_migration.imaging import new_bones
from tracker.clinical.record import ImagingFinding
from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.dates import PartialDate


@pytest.fixture
def seen(record, episode):
    """New bones from rows of day, site, presence and, if not edema, the finding."""

    def make(*rows, episodes=(), modality=Modality.MRI):
        findings = tuple(
            ImagingFinding(
                row_id=row,
                entry_id=1,
                visit_id=row,
                visit_date=PartialDate.parse(day),
                modality=modality,
                site=site,
                finding=Finding(rest[0]) if rest else Finding.EDEMA,
                presence=Presence(presence),
                edema_percent=None,
                edema_grade=None,
                edema_pattern=None,
            )
            for row, (day, site, presence, *rest) in enumerate(rows, start=1)
        )
        made = record([episode(site) for site in episodes], ())
        object.__setattr__(made, "imaging", findings)
        return [
            (
                bone.site,
                bone.status.value,
                str(bone.clear_on) if bone.clear_on else None,
                bone.from_sites,
                bone.is_shift,
            )
            for bone in new_bones(made)
        ]

    return make


LATERAL, MEDIAL = "lateral-femoral-condyle-right", "medial-femoral-condyle-right"


def test_a_bone_that_was_examined_and_clear_is_a_shift_within_the_joint(seen):
    first = [("2026-01-10", LATERAL, "present"), ("2026-01-10", MEDIAL, "absent")]
    assert seen(*first, ("2026-05-10", MEDIAL, "present")) == [(MEDIAL, "new", "2026-01-10", (LATERAL,), True)]


@pytest.mark.parametrize("presence", [None, "not_examined"])
def test_a_bone_that_nobody_had_looked_at_is_no_shift(seen, presence):
    first = [("2026-01-10", LATERAL, "present")]
    first += [("2026-01-10", MEDIAL, presence)] if presence else []
    assert seen(*first, ("2026-05-10", MEDIAL, "present")) == [(MEDIAL, "not_examined_before", None, (LATERAL,), False)]


def test_an_image_without_any_abnormality_had_looked_at_every_part(seen):
    rows = [
        ("2026-01-10", "hip-left", "present"),
        ("2026-02-10", "knee-right", "absent", "abnormality"),
        ("2026-05-10", MEDIAL, "present"),
    ]
    assert seen(*rows) == [(MEDIAL, "new", "2026-02-10", ("hip-left",), False)]


def test_another_sign_that_is_absent_says_nothing_of_edema(seen):
    rows = [
        ("2026-01-10", LATERAL, "present"),
        ("2026-01-10", MEDIAL, "absent", "fracture_line"),
        ("2026-05-10", MEDIAL, "present"),
    ]
    assert seen(*rows)[0][1] == "not_examined_before"


def test_a_radiograph_does_not_clear_a_bone(seen):
    assert seen(("2026-01-10", LATERAL, "present"), modality=Modality.XRAY) == []


def test_the_first_image_of_all_shows_no_new_bone(seen):
    assert seen(("2026-01-10", LATERAL, "present"), ("2026-01-10", MEDIAL, "present")) == []


def test_a_bone_of_a_joint_that_had_edema_may_be_the_same_edema(seen):
    assert seen(("2026-01-10", "knee-right", "present"), ("2026-05-10", MEDIAL, "present")) == []


def test_edema_that_comes_back_is_not_at_a_new_place(seen):
    rows = [(day, MEDIAL, presence) for day, presence in (("2026-01-10", "present"), ("2026-03-10", "absent"))]
    assert seen(*rows, ("2026-05-10", MEDIAL, "present")) == []


def test_days_that_may_be_the_same_are_not_put_in_order(seen):
    rows = [("2026-01", LATERAL, "present"), ("2026-01", MEDIAL, "absent"), ("2026-01-20", MEDIAL, "present")]
    assert seen(*rows) == []
