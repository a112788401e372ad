"""An own edition is written, read again, and refused where it is no edition to read courses against."""

import re
from dataclasses import replace

import pytest

from tracker.clinical.edition_file import COHORT, edition_text, load_own_edition, spread_name
from tracker.clinical.learned import LearnedNumber, Learning
from tracker.clinical.reference import GRADES, INTERVAL_KINDS, load_edition
from tracker.errors import InputError

CITED = load_edition()


def learned_number(name, value, low95, high95, unit="months", **others):
    given = {"cited": 1.0, "narrowing": 0.5, "from_reference": False} | others
    return LearnedNumber(name=name, unit=unit, value=value, low95=low95, high95=high95, **given)


LEARNING = Learning(
    edition=CITED.name,
    edition_sha256=CITED.sha256,
    as_of="2026-11-28",
    n_episodes=57,
    n_scores=311,
    prior_episodes=5.0,
    prior_share_episodes=20.0,
    effective_courses=1200.0,
    program_version="0.1.0",
    schema_revision="0001",
    last_entry_id=412,
    numbers=(
        learned_number("regression_months", 7.5, 6.5, 8.5),
        learned_number("regression_spread", 2.25, 1.8, 3.0, unit="90th centile over 10th"),
        learned_number("peak_nrs", 6.0, 5.5, 6.5, unit="NRS points"),
        learned_number("slow_regression_share", 0.15, 0.08, 0.25, unit="share of episodes", cited=0.04),
        learned_number("score_noise_sd_nrs", 1.0, 0.9, 1.1, unit="NRS points", narrowing=-0.1, from_reference=True),
    ),
)


@pytest.fixture
def text():
    return edition_text(CITED, LEARNING, name="own-2026", released="2026-11-28")


@pytest.fixture
def own(text, tmp_path):
    """Give a function that writes the file, with words replaced, and loads it."""

    def load(*replaced):
        changed = text
        for old, new in replaced:
            assert old in changed
            changed = changed.replace(old, new, 1)
        path = tmp_path / "own.toml"
        path.write_text(changed, encoding="utf-8")
        return load_own_edition(path)

    return load


def test_learned_numbers_stand_in_place_of_the_cited_and_all_others_are_copied(own):
    edition = own()
    assert (edition.name, edition.released) == ("own-2026", "2026-11-28")
    learned = {"regression_months", "peak_nrs", "slow_regression_share", "score_noise_sd_nrs"}
    assert list(edition.numbers) == list(CITED.numbers)
    assert {name for name, number in edition.numbers.items() if number != CITED[name]} == learned
    # the median times and by the root of 2.25, the ratio of the 90th centile to the 10th
    assert edition.interval("regression_months") == pytest.approx((5.0, 11.25))
    assert edition["regression_months"].interval_kind == "central 80 %"
    assert edition["peak_nrs"].interval == CITED["peak_nrs"].interval
    assert edition["slow_regression_share"].interval == (0.08, 0.25)
    assert {edition[name].grade for name in learned} == {"D"}
    assert all(edition[name].sources == (COHORT, *CITED[name].sources) for name in learned)


def test_how_it_was_learned_is_read_again(own):
    assert own().learning == LEARNING
    assert CITED.learning is None


def test_a_note_says_how_surely_a_number_was_learned_and_whether_it_was(own):
    edition = own()
    assert edition["regression_months"].note == (
        "Learned from 57 episodes, course_v1 (1) counting for 5 more: 95 % interval 6.5 to 8.5; "
        "90th centile over 10th 2.25, 1.8 to 3."
    )
    assert "course_v1 (0.04) counting for 20 more" in edition["slow_regression_share"].note
    assert edition["score_noise_sd_nrs"].note.endswith("from the reference, not from these patients.")


def test_it_passes_the_checks_of_a_cited_edition(own):
    edition = own()
    used = {key for number in edition.numbers.values() for key in number.sources}
    assert used == set(edition.sources)
    for number in edition.numbers.values():
        assert number.unit
        assert number.note.endswith(".")
        assert number.grade in GRADES
        assert number.interval is None or number.interval_kind in INTERVAL_KINDS
    assert re.fullmatch(r"(19|20)\d\d", edition.sources[COHORT].year)


def test_of_patients_it_holds_counts_and_a_day_only(text):
    said = [line for line in text.splitlines() if re.search(r"clinic|patient|cohort", line, re.IGNORECASE)]
    about = [line for line in said if line not in {f'title = "{source.title}"' for source in CITED.sources.values()}]
    assert not any(re.search(r"P-\d|SIM-|ankle|talus|born|\bsex\b", line) for line in about if "COHORT" in line)
    assert sum("57" in line for line in text.splitlines()) >= 3


def test_it_is_written_the_same_each_time(text):
    assert text == edition_text(CITED, LEARNING, name="own-2026", released="2026-11-28")


def test_a_value_beyond_its_limits_is_refused():
    numbers = (learned_number("peak_nrs", 10.4, 9.8, 11.0, unit="NRS points"),)
    with pytest.raises(InputError) as refused:
        edition_text(CITED, replace(LEARNING, numbers=numbers), name="own", released="2026-11-28")
    assert refused.value.message == (
        "The learned peak_nrs 10.4 lies beyond its limits 2 and 10: "
        "these scores are not ones the course model can read. No file was written."
    )


def test_a_length_and_its_spread_are_named_alike():
    assert spread_name("rise_months") == "rise_spread"


def message(load, *replaced):
    with pytest.raises(InputError) as refused:
        load(*replaced)
    return refused.value.message


def test_a_number_that_is_missing_is_named(own, text):
    start = text.index("[numbers.resolved_nrs]")
    block = text[start : text.index("[numbers.horizon_months]")]
    assert message(own, (block, "")) == "Edition 'own-2026' has no number 'resolved_nrs'."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "NRS points"\ninterval = [2.0, 10.0]', 'unit = "mm"\ninterval = [2.0, 10.0]', "must be in NRS points"),
        (
            'interval_kind = "limits"',
            'interval_kind = "range"',
            "must be of the kind 'limits', but is of the kind 'range'",
        ),
        ("value = 0.15\nunit", "value = 0.0\nunit", "The interval of 'slow_regression_share'"),
        ('edition = "course_v1"', "edition = 1", "The edition of [learned] must be of kind str, but was '1'"),
        ("n_episodes = 57", "n_episodes = true", "The n_episodes of [learned] must be of kind int, but was 'True'"),
        ("value = 7.5\nlow95", "low95", "The value of [learned.numbers.regression_months] must be of kind float"),
    ],
)
def test_what_courses_cannot_be_read_against_is_refused_in_words(own, old, new, said):
    assert said in message(own, (old, new))


def test_a_share_of_nothing_is_refused(own):
    old = 'value = 0.02\nunit = "share of episodes"'
    assert "must be above 0, but is 0" in message(own, (old, old.replace("0.02", "0.0")))


def test_a_learned_table_without_numbers_is_refused(tmp_path):
    path = tmp_path / "own.toml"
    text = edition_text(CITED, replace(LEARNING, numbers=()), name="own", released="2026-11-28")
    path.write_text(text.replace('sources = ["RP1"', 'sources = ["COHORT", "RP1"', 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"\[learned\] of the edition file has no numbers"):
        load_own_edition(path)
