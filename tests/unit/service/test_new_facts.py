"""Requests refuse in words what the database would refuse by a rule."""

import pytest

from tracker.clinical.vocabulary import Aspect, Finding, Instrument, MissingReason, Modality, Presence, VitaminDUnit
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVitaminD, check_facts


def score(site="hip-left", instrument=Instrument.NRS, aspect=Aspect.OVERALL, value=5, reason=None):
    return NewScore(site, instrument, aspect, value, reason)


def sign(finding=Finding.EDEMA, presence=Presence.PRESENT, site="talus-left", modality=Modality.MRI, **edema):
    return NewFinding(modality, site, finding, presence, **edema)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (score(site="Hip left"), "site must be a site key, but was 'Hip left'. Write hip-left."),
        (score(instrument="cm"), "instrument must be one of nrs, vas, but was 'cm'."),
        (score(aspect="walking"), "aspect must be one of overall, load, rest, night, but was 'walking'."),
        (score(value=11), "pain_nrs must be a whole number from 0 to 10, but was '11'."),
        (score(value=None), "The pain score at hip-left has neither a value nor a reason why it is missing."),
        (score(reason=MissingReason.REFUSED), "The pain score at hip-left has both a value and a reason why"),
        (score(value=None, reason="lost"), "missing_reason must be one of"),
        (NewVitaminD(18.0, None), "vitamin_d_unit must be one of ng/mL, nmol/L, ug/L, but was 'None'."),
        (NewVitaminD(18.0, VitaminDUnit.NG_ML, "~"), "comparator must be one of <, >, but was '~'."),
        (NewVitaminD(18.0, VitaminDUnit.NG_ML, assay=""), "vitamin_d_assay must be"),
        (NewVitaminD(None, VitaminDUnit.NG_ML, missing_reason=MissingReason.REFUSED), "A vitamin D result without a"),
        (sign(site="Talus left"), "site must be a site key, but was 'Talus left'."),
        (sign(modality="pet"), "modality must be one of"),
        (sign(finding="swelling"), "finding must be one of"),
        (sign(presence="maybe"), "presence must be one of"),
        (sign(edema_percent=101.0), "edema_percent must be a number from 0 to 100, but was '101'."),
        (sign(edema_grade=4), "edema_grade must be a whole number from 0 to 3, but was '4'."),
        (sign(edema_pattern="striped"), "edema_pattern must be one of"),
        (sign(edema_percent=0.0), "The mri finding 'edema' at talus-left is present, yet its extent is none."),
        (sign(presence=Presence.ABSENT, edema_grade=2), "The mri finding 'edema' at talus-left is absent, yet"),
        (sign(presence=Presence.NOT_EXAMINED, edema_grade=0), "The mri finding 'edema' at talus-left was not exam"),
        (sign(Finding.EFFUSION, edema_grade=2), "The mri finding 'effusion' at talus-left has an extent"),
        (NewNote(""), "note must be 1 to 4000 characters"),
        (NewNote("seen", site="Talus left"), "site must be a site key, but was 'Talus left'."),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(part, message):
    with pytest.raises(InputError) as refused:
        part.check()
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("part", [score(site="hipp-left"), sign(site="hipp-left"), NewNote("seen", site="hipp-left")])
def test_an_unknown_site_is_not_found(part):
    with pytest.raises(NotFoundError, match="Did you mean 'hip-left'"):
        part.check()


@pytest.mark.parametrize(
    "part",
    [
        score(),
        score(value=None, reason=MissingReason.REFUSED),
        NewVitaminD(18.0, VitaminDUnit.NG_ML, "<", "CLIA"),
        NewVitaminD(None, None, missing_reason=MissingReason.NOT_DONE),
        sign(),
        sign(edema_percent=40.0, edema_pattern="patchy"),
        sign(presence=Presence.ABSENT, edema_percent=0.0, edema_grade=0),
        NewNote("two\nlines", site="talus-left"),
    ],
)
def test_a_part_that_can_be_passes(part):
    assert part.check() is None


def test_one_thing_given_twice_is_a_conflict():
    with pytest.raises(ConflictError, match="^One visit was given two values for nrs overall pain at hip-left."):
        check_facts((score(value=5), score(value=6)), None, (), ())
