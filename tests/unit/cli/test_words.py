"""What is typed for one visit, read into typed values or a sentence."""

import pytest

from tracker.cli.words import read_findings, read_note, read_score, read_vitamin_d
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    Presence,
    VitaminDUnit,
)
from tracker.errors import InputError, NotFoundError
from tracker.service.new_facts import NewFinding, NewScore, NewVitaminD


def pain(text: str) -> NewScore:
    return read_score(text, option="--pain", instrument=Instrument.NRS, aspect=Aspect.OVERALL)


def mri(text: str) -> tuple[NewFinding, ...]:
    return read_findings(text, option="--mri", modality=Modality.MRI)


def test_a_score_is_read_with_its_site_and_side():
    assert pain("ankle-left=7") == NewScore("ankle-left", Instrument.NRS, Aspect.OVERALL, 7)


@pytest.mark.parametrize("text", ["Talus-L=3", "left talus=3", "talus_left = 3"])
def test_spellings_of_one_site_are_one_site(text):
    assert pain(text).site == "talus-left"


def test_an_aspect_behind_the_score_wins_over_the_line():
    assert pain("ankle-left=4@rest").aspect is Aspect.REST


def test_a_reason_takes_the_place_of_a_missing_score():
    assert pain("ankle-left=refused") == NewScore(
        "ankle-left", Instrument.NRS, Aspect.OVERALL, None, MissingReason.REFUSED
    )


@pytest.mark.parametrize("value", ["11", "-1", "7.5", "seven", "10000"])
def test_a_score_out_of_range_is_quoted_with_its_place(value):
    with pytest.raises(InputError) as caught:
        pain(f"ankle-left={value}")
    assert caught.value.message == (
        f"pain_nrs must be a whole number from 0 to 10, but was '{value}' (--pain ankle-left={value})."
    )
    assert caught.value.hint is not None


def test_a_vas_score_has_its_own_range():
    with pytest.raises(InputError, match="pain_vas must be a whole number from 0 to 100, but was '101'"):
        read_score("ankle-left=101", option="--vas", instrument=Instrument.VAS, aspect=Aspect.OVERALL)


def test_a_missing_side_names_both():
    with pytest.raises(InputError, match=r"'ankle' needs a side\. Write ankle-left or ankle-right\."):
        pain("ankle=7")


def test_an_unknown_site_offers_the_nearest_spelling():
    with pytest.raises(NotFoundError, match=r"No site 'navicula-left'\. Did you mean 'navicular-left'\?"):
        pain("navicula-left=3")


@pytest.mark.parametrize("text", ["ankle-left", "=7", "ankle-left=", ""])
def test_half_a_score_shows_an_example(text):
    with pytest.raises(InputError, match="--pain takes SITE=VALUE, but was"):
        pain(text)


def test_an_unknown_aspect_lists_the_aspects():
    with pytest.raises(InputError, match=r"'foot' is no aspect .* Allowed are overall, load, rest, night\."):
        pain("ankle-left=4@foot")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18ng/mL", NewVitaminD(18.0, VitaminDUnit.NG_ML)),
        ("45.5 nmol/l", NewVitaminD(45.5, VitaminDUnit.NMOL_L)),
        ("<10 nmol/L", NewVitaminD(10.0, VitaminDUnit.NMOL_L, Comparator.BELOW)),
        ("20\u00b5g/L", NewVitaminD(20.0, VitaminDUnit.UG_L)),
        ("20\u03bcg/L", NewVitaminD(20.0, VitaminDUnit.UG_L)),
        ("not-done", NewVitaminD(None, None, missing_reason=MissingReason.NOT_DONE)),
    ],
)
def test_vitamin_d_keeps_the_unit_of_the_report(text, expected):
    assert read_vitamin_d(text, assay=None) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18", "--vitamin-d 18 has no unit; allowed are ng/mL, nmol/L, ug/L."),
        ("18mg", "--vitamin-d 18mg has the unit 'mg'; allowed are ng/mL, nmol/L, ug/L."),
        ("low", "--vitamin-d takes a number with its unit (ng/mL, nmol/L, ug/L), but was 'low'."),
        ("-3ng/mL", "--vitamin-d takes a number with its unit (ng/mL, nmol/L, ug/L), but was '-3ng/mL'."),
    ],
)
def test_vitamin_d_without_a_unit_is_refused_in_words(text, said):
    with pytest.raises(InputError) as caught:
        read_vitamin_d(text, assay=None)
    assert caught.value.message == said


def test_an_extent_a_pattern_and_signs_stand_in_one_word_list():
    edema, effusion, line = mri("talus-left=40%,patchy,effusion,no-fracture-line")
    assert (edema.finding, edema.edema_percent, edema.edema_pattern) == (Finding.EDEMA, 40.0, EdemaPattern.PATCHY)
    assert (effusion.finding, effusion.presence) == (Finding.EFFUSION, Presence.PRESENT)
    assert (line.finding, line.presence) == (Finding.FRACTURE_LINE, Presence.ABSENT)


@pytest.mark.parametrize(("word", "grade"), [("small", 1), ("medium", 2), ("large", 3)])
def test_an_extent_in_words_is_a_grade(word, grade):
    (edema,) = mri(f"talus-left={word}")
    assert (edema.presence, edema.edema_grade, edema.edema_percent) == (Presence.PRESENT, grade, None)


@pytest.mark.parametrize("word", ["none", "0%", "no-edema"])
def test_no_edema_is_a_finding_of_absence(word):
    (edema,) = mri(f"talus-left={word}")
    assert (edema.finding, edema.presence) == (Finding.EDEMA, Presence.ABSENT)


def test_not_examined_is_not_absent():
    (effusion,) = mri("ankle-left=effusion:not-examined")
    assert effusion.presence is Presence.NOT_EXAMINED


def test_edema_said_beside_its_extent_is_said_once():
    assert mri("talus-left=large,edema") == mri("talus-left=large")


@pytest.mark.parametrize(
    "text", ["talus-left=large,small", "talus-left=patchy,diffuse", "talus-left=effusion,effusion"]
)
def test_two_answers_to_one_question_are_refused(text):
    with pytest.raises(InputError, match="more than one edema extent or pattern|twice"):
        mri(text)


def test_an_unknown_finding_lists_what_is_allowed():
    with pytest.raises(InputError) as caught:
        mri("talus-left=huge")
    assert caught.value.message.startswith("'huge' in --mri talus-left=huge is no finding; allowed are none, small,")


def test_an_impossible_share_is_quoted_with_its_place():
    with pytest.raises(InputError, match=r"but was '140' \(--mri talus-left=140%\)"):
        mri("talus-left=140%")


def test_an_empty_note_is_refused():
    with pytest.raises(InputError, match="--note is empty"):
        read_note("   ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("talus-left=normal,effusion", "--mri talus-left=normal,effusion says both normal and abnormal."),
        ("talus-left=none,patchy", "--mri talus-left=none,patchy gives a pattern to an edema that is not there."),
    ],
)
def test_findings_that_contradict_each_other_are_refused(text, said):
    with pytest.raises(InputError) as caught:
        mri(text)
    assert caught.value.message == said


@pytest.mark.parametrize("modality", [Modality.XRAY, Modality.CT, Modality.SCINTIGRAPHY, Modality.DXA])
def test_an_extent_of_edema_is_not_read_where_edema_is_not_seen(modality):
    with pytest.raises(InputError, match=r"marrow edema is not read on this modality\. Was it --mri or --dect\?"):
        read_findings("talus-left=large", option=f"--{modality}", modality=modality)


def test_a_decimal_comma_is_shown_with_a_point():
    with pytest.raises(InputError, match=r"--vitamin-d 18,5ng/mL has a comma\. Write 18\.5ng/mL\."):
        read_vitamin_d("18,5ng/mL", assay=None)


@pytest.mark.parametrize(
    ("word", "presence"),
    [
        ("osteopenia", Presence.PRESENT),
        ("regional-osteopenia", Presence.PRESENT),
        ("no-osteopenia", Presence.ABSENT),
        ("osteopenia:not-examined", Presence.NOT_EXAMINED),
    ],
)
def test_osteopenia_on_a_radiograph_is_radiolucency(word, presence):
    found = read_findings(f"ankle-left={word}", option="--xray", modality=Modality.XRAY)
    assert found == (NewFinding(Modality.XRAY, "ankle-left", Finding.RADIOLUCENCY, presence),)
