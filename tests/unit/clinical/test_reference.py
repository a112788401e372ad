import hashlib
import subprocess
import sys
from math import sqrt

import pytest

from tracker.clinical.reference import load_edition
from tracker.errors import InputError

ABOUT = '[edition]\nname = "trial"\ntitle = "A trial"\nreleased = "2026-01-01"\n'
SOURCE = (
    '[sources.A1]\nlabel = "A 2001"\nauthors = "A"\ntitle = "On a"\n'
    'venue = "J A"\nyear = "2001"\nlocator = "not stated"\n'
)
NUMBER = '[numbers.width_mm]\nvalue = 8\nunit = "mm"\ngrade = "A"\nsources = ["A1"]\nnote = "Seen."\n'


@pytest.fixture
def load(tmp_path):
    def load_text(text: str):
        path = tmp_path / "trial.toml"
        path.write_text(text, encoding="utf-8")
        return load_edition(path)

    return load_text


def test_a_number_comes_with_everything_that_was_written(load):
    edition = load(ABOUT + NUMBER + 'interval = [5, 10]\ninterval_kind = "range"\n' + SOURCE)
    number = edition["width_mm"]
    assert (edition.name, edition.title, edition.released) == ("trial", "A trial", "2026-01-01")
    assert (number.name, number.value, number.unit, number.grade) == ("width_mm", 8.0, "mm", "A")
    assert (number.interval, number.interval_kind, number.sources) == ((5.0, 10.0), "range", ("A1",))
    assert number.note == "Seen."
    assert edition.value("width_mm") == 8.0
    assert edition.interval("width_mm") == (5.0, 10.0)
    assert edition.sources["A1"].label == "A 2001"


def test_a_number_without_spread_has_no_interval(load):
    edition = load(ABOUT + NUMBER + SOURCE)
    assert (edition["width_mm"].interval, edition["width_mm"].interval_kind) == (None, None)
    with pytest.raises(InputError, match=r"^'width_mm' of edition 'trial' has no interval\.$"):
        edition.interval("width_mm")


def test_an_unknown_number_is_refused_with_the_names_there_are(load):
    with pytest.raises(InputError) as refused:
        load(ABOUT + NUMBER + SOURCE)["height_mm"]
    assert str(refused.value) == "Edition 'trial' has no number 'height_mm'. It has width_mm."


def test_the_hash_is_that_of_the_files_bytes(load):
    text = ABOUT + NUMBER + SOURCE
    assert load(text).sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert load(text + "# a word\n").sha256 != load(text).sha256


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'sources = ["A1"]',
            "sources = []",
            "The number 'width_mm' has no source. Name at least one key of [sources].",
        ),
        ('sources = ["A1"]\n', "", "The number 'width_mm' has no source. Name at least one key of [sources]."),
        (
            'sources = ["A1"]',
            'sources = ["A1", "B2"]',
            "The number 'width_mm' cites the source 'B2', which [sources] does not describe.",
        ),
        ('unit = "mm"\n', "", "The unit of 'width_mm' must be words, but was 'None'."),
        ('unit = "mm"', 'unit = " "', "The unit of 'width_mm' must be words, but was ' '."),
        ('grade = "A"\n', "", "The grade of 'width_mm' must be words, but was 'None'."),
        ('grade = "A"', 'grade = "B"', "The grade of 'width_mm' must be one of A, S, K, D, but was 'B'."),
        ('note = "Seen."\n', "", "The note of 'width_mm' must be words, but was 'None'."),
        ("value = 8\n", "", "The value of 'width_mm' must be a number, but was 'None'."),
        ("value = 8", 'value = "8"', "The value of 'width_mm' must be a number, but was '8'."),
        ("value = 8", "value = true", "The value of 'width_mm' must be a number, but was 'True'."),
        ("value = 8", "value = nan", "The value of 'width_mm' must be a number, but was 'nan'."),
        (
            "value = 8",
            'value = 8\ninterval = [9, 10]\ninterval_kind = "range"',
            "The interval of 'width_mm', 9 to 10, does not contain its value 8.",
        ),
        (
            "value = 8",
            'value = 8\ninterval = [5, 7]\ninterval_kind = "range"',
            "The interval of 'width_mm', 5 to 7, does not contain its value 8.",
        ),
        (
            "value = 8",
            'value = 8\ninterval = [10, 5]\ninterval_kind = "range"',
            "The interval of 'width_mm', 10 to 5, does not contain its value 8.",
        ),
        (
            "value = 8",
            'value = 8\ninterval = [5]\ninterval_kind = "range"',
            "The interval of 'width_mm' must be [low, high], but was '[5]'.",
        ),
        (
            "value = 8",
            "value = 8\ninterval = [5, 10]",
            "The interval_kind of 'width_mm' must be words, but was 'None'.",
        ),
        (
            "value = 8",
            'value = 8\ninterval = [5, 10]\ninterval_kind = "80 %"',
            "The interval_kind of 'width_mm' must be one of central 80 %, 95 %, range, limits, but was '80 %'.",
        ),
        ('venue = "J A"\n', "", "The venue of 'source A1' must be words, but was 'None'."),
        ('name = "trial"\n', "", "The name of 'edition' must be words, but was 'None'."),
        ("[edition]", "[about]", "The edition file 'trial.toml' has no table [edition]."),
    ],
)
def test_an_edition_that_is_not_whole_is_refused(load, old, new, message):
    text = ABOUT + NUMBER + SOURCE
    assert old in text
    with pytest.raises(InputError) as refused:
        load(text.replace(old, new))
    assert str(refused.value) == message


def test_a_source_that_nothing_cites_is_refused(load):
    with pytest.raises(InputError, match=r"^No number cites the source 'B2'\.$"):
        load(ABOUT + NUMBER + SOURCE + SOURCE.replace("A1", "B2"))


def test_a_file_that_is_not_toml_is_refused(load, tmp_path):
    with pytest.raises(InputError) as refused:
        load("value = = 8")
    assert refused.value.message.startswith(f"The edition file '{tmp_path / 'trial.toml'}' is not TOML: ")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        load_edition(tmp_path / "none.toml")
    assert str(refused.value) == f"Cannot read the edition file '{tmp_path / 'none.toml'}': No such file or directory."


def test_the_built_in_edition_is_read_once():
    assert load_edition() is load_edition()
    assert load_edition().name == "course_v1"


# The value of a log-normal length is the geometric middle of its central interval.
@pytest.mark.parametrize("name", ["rise_months", "plateau_months", "regression_months"])
def test_a_phase_length_lies_at_the_geometric_middle_of_its_interval(name):
    edition = load_edition()
    low, high = edition.interval(name)
    assert edition[name].interval_kind == "central 80 %"
    assert edition.value(name) == pytest.approx(sqrt(low * high), rel=1e-12)


def test_loading_an_edition_loads_no_heavy_library():
    program = (
        "import sys; from tracker.clinical.reference import load_edition; load_edition();"
        "print(sorted({'numpy', 'pandas', 'sqlalchemy', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
