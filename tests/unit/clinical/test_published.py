"""The published cases as data, and what was read off their imaging words."""

import copy
import hashlib
import json
import re

import pytest

from tracker.clinical import published
from tracker.clinical.published import (
    published_cases,
    published_findings,
    published_pregnancies,
    published_sha256,
    published_treatments,
)
from tracker.clinical.sites import find_site
from tracker.clinical.word_lists import WordList, find_word
from tracker.errors import InputError

CASES = {case["id"]: case for case in published_cases()}
FINDINGS = published_findings()

# Words of a phrase that stand for a bone or a part of the foot, by what their site key must begin with.
PLACES = {
    "talus": "talus",
    "navicular": "navicular",
    "cuneiforms": "cuneiform",
    "cuneiform": "cuneiform",
    "intermediate cuneiform": "intermediate-cuneiform",
    "midfoot": "midfoot",
    "medial femoral condyle": "medial-femoral-condyle",
    "medial condyle": "medial-femoral-condyle",
    "lateral condyle": "lateral-femoral-condyle",
    "femoral head": "femoral-head",
    "femoral heads": "femoral-head",
    "femoral neck": "femoral-neck",
    "subcapital": "femoral-neck",
    "necks": "femoral-neck",
    "proximal femur": "proximal-femur",
}


def _id(finding):
    return f"{finding.case_id}-{finding.month:g}-{finding.site}"


def test_there_are_forty_seven_cases_in_seven_groups():
    """The counts of the transcription's own description."""
    groups = [case["group"] for case in CASES.values()]
    assert {group: groups.count(group) for group in groups} == {
        "foot_ankle": 11,
        "knee": 2,
        "RMO": 3,
        "pregnancy": 7,
        "complicated": 4,
        "TOH": 8,
        "look_alike": 12,
    }


def test_the_hash_is_that_of_the_shipped_file():
    assert published_sha256() == hashlib.sha256(published.CASES_FILE.read_bytes()).hexdigest()


def test_a_field_no_reader_knows_is_refused(tmp_path, monkeypatch):
    changed = copy.deepcopy(list(CASES.values()))
    changed[1]["pain"][0]["mood"] = "low"
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    monkeypatch.setattr(published, "CASES_FILE", path)
    with pytest.raises(InputError, match=r"^Case FA02, pain: the field 'mood' is unknown \(cases.json\).$"):
        published_cases()


def test_a_missing_field_is_refused(tmp_path, monkeypatch):
    changed = copy.deepcopy(list(CASES.values()))
    del changed[0]["pregnancy"]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    monkeypatch.setattr(published, "CASES_FILE", path)
    with pytest.raises(InputError, match=r"^Case FA01: the field 'pregnancy' is missing \(cases.json\).$"):
        published_cases()


@pytest.mark.parametrize("finding", FINDINGS, ids=_id)
def test_a_read_phrase_stands_in_its_case_word_for_word(finding):
    said = [
        phrase
        for imaging in CASES[finding.case_id]["imaging"]
        for phrase in imaging["findings"]
        if (imaging["month"], imaging["modality"]) == (finding.month, finding.modality)
    ]
    assert finding.words in said


@pytest.mark.parametrize("finding", FINDINGS, ids=_id)
def test_a_read_site_lies_within_a_place_and_on_a_side_the_case_names(finding):
    site = find_site(finding.site)
    sides = {place["laterality"] for place in CASES[finding.case_id]["sites"]}
    assert site.side in sides or "bilateral" in sides
    joints = " ".join(place["joint"] for place in CASES[finding.case_id]["sites"])
    around = {site.code, site.joint, site.region, *site.within}
    assert any(word in around for word in re.findall(r"[a-z]+", joints)) or "foot-and-ankle" in around


@pytest.mark.parametrize("words", {finding.words: finding for finding in FINDINGS})
def test_the_bones_of_a_phrase_are_the_sites_read(words):
    codes = {find_site(finding.site).code for finding in FINDINGS if finding.words == words}
    longest_first = sorted(PLACES, key=len, reverse=True)
    named, rest = set(), words
    for word in longest_first:
        if re.search(rf"\b{word}\b", rest):
            named.add(PLACES[word])
            rest = rest.replace(word, "")
    if "2nd metatarsal" in words or not named:
        assert not named
    else:
        assert codes == named


@pytest.mark.parametrize("finding", FINDINGS, ids=_id)
def test_absence_is_read_only_where_the_words_deny(finding):
    denies = re.search(r"\b(no|normal|normalised|unremarkable|complete resolution)\b", finding.words) is not None
    assert (finding.presence == "absent") == denies


@pytest.mark.parametrize(
    "words",
    [
        "thin intact subchondral line",
        "low T1 signal femoral head and neck",
        "increased T2 signal left femoral head",
        "reduced to level of other ankle",
        "small non-displaced lucency 2nd metatarsal",
        "nearly complete resolution",
        "improved",
    ],
)
def test_an_ambiguous_phrase_stays_words(words):
    assert any(words in imaging["findings"] for case in CASES.values() for imaging in case["imaging"])
    assert words not in {finding.words for finding in FINDINGS}


NAMES = {treatment["name"] for case in CASES.values() for treatment in case["treatments"]}
# What a name calls a treatment, where it is not called by its code.
CALLED = {
    "analgesic": "analges",
    "insoles": "orthotics",
    "vitamin-d": "vitamin d|calciferol",
    "off-loading": "off-loading|non-weight bearing",
    "partial-weight-bearing": "partial loading|limited weight bearing",
    "physiotherapy": "physiotherapy|physical therapy",
    "internal-fixation": "internal fixation",
    "steroid-injection": "steroid injection",
    "radiofrequency-ablation": "radiofrequency ablation",
    "core-decompression": "core decompression",
}


@pytest.mark.parametrize("read", published_treatments(), ids=lambda read: f"{read.name}-{read.treatment}")
def test_a_treatment_read_stands_in_a_name_of_the_cases(read):
    """The code, the words beside it and the dose are all in the name, or nothing is claimed."""
    assert read.name in NAMES
    assert find_word(WordList.TREATMENT, read.treatment).code == read.treatment
    if read.treatment != "other":
        assert re.search(CALLED.get(read.treatment, read.treatment), read.name.lower())
    assert read.words is None or all(word in read.name for word in read.words.split())
    if read.dose is not None:
        assert f"{read.dose:g}" in read.name.replace(",", "")
        assert read.dose_unit in read.name


def test_only_one_name_of_a_treatment_stays_words():
    assert NAMES - {read.name for read in published_treatments()} == {"alendronate (keyword), conservative"}


@pytest.mark.parametrize("read", published_pregnancies(), ids=lambda read: read.case_id)
def test_a_gestational_week_stands_in_its_case_for_a_month_of_it(read):
    case = CASES[read.case_id]
    said = f"{case['pregnancy']} {case['notes']}"
    assert read.words in said
    assert str(read.week) in read.words
    months = {0.0} | {entry["month"] for part in ("pain", "imaging", "labs") for entry in case[part]}
    assert read.month in months
