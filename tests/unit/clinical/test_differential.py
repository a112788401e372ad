"""The differential as it stands: the newest verdict counts, and nothing unsaid is excluded."""

import pytest

from tracker.clinical.case_record import CauseVerdict
from tracker.clinical.differential import differential_at, places
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.vocabulary import CauseState, Sex
from tracker.clinical.word_lists import WordList, word_list
from tracker.dates import PartialDate

ALL = tuple(word.code for word in word_list(WordList.CAUSE))


@pytest.fixture
def record():
    """A record of verdicts (about, cause, day, state) and of episodes at sites."""

    def make(*verdicts, sites=()):
        return PatientRecord(
            patient_id=1,
            patient_code="P01",
            clinic_code="default",
            sex=Sex.UNKNOWN,
            birth=None,
            last_entry_id=9,
            episodes=tuple(Episode(n, 1, site, None, None, None, None) for n, site in enumerate(sites)),
            visits=(),
            pain_scores=(),
            vitamin_d=(),
            imaging=(),
            notes=(),
            differential=tuple(
                CauseVerdict(n, 1, about, cause, PartialDate.parse(day), CauseState(state), None, None)
                for n, (about, cause, day, state) in enumerate(verdicts)
            ),
        )

    return make


def test_what_nobody_spoke_of_is_open(record):
    differential = differential_at(record(), "talus-left")
    assert (differential.open_causes, differential.is_complete) == (ALL, False)


def test_only_excluded_closes_a_cause(record):
    verdicts = [("patient", "trauma", "2026-03", state) for state in ("not_excluded", "pending", "present")]
    for verdict in verdicts:
        assert "trauma" in differential_at(record(verdict), "talus-left").open_causes
    excluded = record(("patient", "trauma", "2026-03", "excluded"))
    assert "trauma" not in differential_at(excluded, "talus-left").open_causes


def test_it_is_complete_when_every_cause_is_excluded(record):
    whole = record(*(("patient", cause, "2026-03", "excluded") for cause in ALL))
    assert differential_at(whole, "talus-left").is_complete
    reopened = record(
        *(("patient", cause, "2026-03", "excluded") for cause in ALL), ("patient", "infection", "2026-04", "present")
    )
    assert differential_at(reopened, "talus-left").open_causes == ("infection",)
    assert differential_at(reopened, "talus-left").present_causes == ("infection",)


def test_the_newest_verdict_counts_and_a_site_goes_before_the_patient(record):
    both = record(("talus-left", "trauma", "2026-03-10", "present"), ("patient", "trauma", "2026-03-10", "excluded"))
    assert differential_at(both, "talus-left").present_causes == ("trauma",)
    assert differential_at(both, "patient").present_causes == ()
    later = record(("talus-left", "trauma", "2026-03-10", "present"), ("patient", "trauma", "2026-03-11", "excluded"))
    assert differential_at(later, "talus-left").present_causes == ()


def test_a_verdict_on_one_site_says_nothing_of_another(record):
    one = record(("talus-left", "trauma", "2026-03-10", "excluded"))
    assert "trauma" in differential_at(one, "talus-right").open_causes


def test_a_cause_of_a_later_version_is_shown(record):
    later = record(("patient", "gout", "2026-03-10", "pending"))
    assert differential_at(later, "talus-left").open_causes[-1] == "gout"


def test_it_is_about_sites_of_episodes_and_those_spoken_of_else_the_patient(record):
    assert places(record()) == ("patient",)
    assert places(record(("patient", "trauma", "2026-03", "excluded"))) == ("patient",)
    said = record(("talus-right", "trauma", "2026-03", "excluded"), sites=("ankle-left", "ankle-left"))
    assert places(said) == ("ankle-left", "talus-right")
