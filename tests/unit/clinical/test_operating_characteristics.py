"""The stored table: what it belongs to, and what makes it stale."""

from dataclasses import replace

import pytest

from tracker.clinical.operating_characteristics import (
    load_operating_characteristics,
    numbers_sha256,
    recorded,
    write_operating_characteristics,
)
from tracker.clinical.reference import load_edition
from tracker.errors import InputError


@pytest.fixture
def edition():
    return load_edition()


def changed(edition, name, value):
    number = replace(edition[name], value=value)
    return replace(edition, numbers={**edition.numbers, name: number}, sha256="another file")


def test_only_the_numbers_that_were_read_make_it_stale(edition):
    table = load_operating_characteristics()
    assert table.belongs_to(edition, table.rule_versions)
    assert table.belongs_to(changed(edition, "vitamin_d_change_share", 0.3), table.rule_versions)
    assert not table.belongs_to(changed(edition, "flag_unspecified_probability", 0.65), table.rule_versions)
    assert not table.belongs_to(changed(edition, "score_noise_sd_nrs", 0.9), table.rule_versions)


def test_another_version_of_a_rule_makes_it_stale(edition):
    table = load_operating_characteristics()
    assert not table.belongs_to(edition, {**table.rule_versions, "relapse": "another"})


def test_a_number_that_is_gone_makes_it_stale(edition):
    table = load_operating_characteristics()
    numbers = {name: number for name, number in edition.numbers.items() if name != "peak_nrs"}
    assert not table.belongs_to(replace(edition, numbers=numbers), table.rule_versions)


def test_an_interval_counts_and_the_order_of_names_does_not(edition):
    wider = replace(edition["peak_nrs"], interval=(1.0, 10.0))
    other = replace(edition, numbers={**edition.numbers, "peak_nrs": wider})
    names = ["rise_months", "peak_nrs"]
    assert numbers_sha256(edition, names) == numbers_sha256(edition, reversed(names))
    assert numbers_sha256(edition, names) != numbers_sha256(other, names)


def test_reading_a_number_is_recorded_and_asking_for_it_is_not(edition):
    watched, read = recorded(edition)
    assert "peak_nrs" in watched.numbers
    assert len(watched.numbers) == len(list(watched.numbers)) == len(edition.numbers)
    assert read == set()
    assert watched.value("rise_months") == edition.value("rise_months")
    assert watched.interval("peak_nrs") == edition.interval("peak_nrs")
    assert read == {"rise_months", "peak_nrs"}


def test_a_table_is_read_as_it_was_written(tmp_path):
    table = load_operating_characteristics()
    write_operating_characteristics(table, tmp_path / "table.json")
    assert load_operating_characteristics(tmp_path / "table.json") == table


@pytest.mark.parametrize("content", ["", "{}", "[1]"], ids=["empty", "no table", "a list"])
def test_what_is_no_table_is_refused(content, tmp_path):
    path = tmp_path / "table.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"Cannot read the operating characteristics 'table\.json'"):
        load_operating_characteristics(path)
