"""Episodes of one site: never two at once, and never scores that change hands unsaid."""

import pytest

from tracker.clinical.vocabulary import OnsetMode
from tracker.errors import ConflictError, DeclinedError, InputError
from tracker.service.episodes import EpisodeChange, NewEpisode, newest_at, open_episode
from tracker.service.history import undo_entry

OVERLAP = "^P-07 would have two episodes at left hip that overlap: one with onset "
TWO_OPEN = "^P-07 would have two open episodes at left hip: one with onset "


def test_a_second_open_episode_at_a_site_is_refused_however_it_comes(clinic, date_of):
    clinic.open("hip-left", "2026-01")
    with pytest.raises(ConflictError, match=TWO_OPEN + "January 2026.* and one with onset February 2026"):
        clinic.open("hip-left", "2026-02")
    with pytest.raises(ConflictError, match="two open episodes"):
        open_episode(clinic.database, "P-07", NewEpisode("hip-left", None), clinic.origin(), dry_run=True)
    clinic.open("knee-left", "2026-02")
    with pytest.raises(ConflictError, match=TWO_OPEN):
        clinic.edit_episode("knee-left", EpisodeChange(site="hip-left"))
    assert [e.site for e in clinic.record().episodes] == ["hip-left", "knee-left"]


def test_an_episode_may_begin_on_the_day_the_one_before_it_was_closed_and_not_earlier(clinic):
    clinic.open("hip-left", "2026-01-10")
    clinic.close("hip-left", "2026-04-10")
    with pytest.raises(ConflictError, match=OVERLAP + "Sat 2026-01-10 closed on Fri 2026-04-10 and one with onset Thu"):
        clinic.open("hip-left", "2026-04-09")
    clinic.open("hip-left", "2026-04-10")
    assert newest_at(clinic.record(), "hip-left").onset.first.isoformat() == "2026-04-10"


def test_an_onset_corrected_into_an_earlier_episode_is_refused(clinic, date_of):
    clinic.open("hip-left", "2026-01-10")
    clinic.close("hip-left", "2026-04-10")
    clinic.open("hip-left", "2026-05-01")
    for day in ("2026-03-01", "2025-12-01"):
        with pytest.raises(ConflictError, match=OVERLAP):
            clinic.edit_episode("hip-left", EpisodeChange(onset=date_of(day)))


def test_an_episode_before_the_others_needs_to_be_over_when_they_begin(clinic, date_of):
    clinic.open("hip-left", "2026-03-10")
    clinic.close("hip-left", "2026-04-10")
    with pytest.raises(ConflictError, match=OVERLAP):
        clinic.open("hip-left", "2026-01-10")


def test_undoing_a_closing_under_a_later_episode_is_refused_and_rolled_back(clinic):
    clinic.open("hip-left", "2026-01-10")
    closing = clinic.close("hip-left", "2026-04-10").entry.entry_id
    later = clinic.open("hip-left", "2026-05-01").entry.entry_id
    before = clinic.record()
    with pytest.raises(ConflictError, match=TWO_OPEN + "Sat 2026-01-10 and one with onset Fri 2026-05-01"):
        undo_entry(clinic.database, closing, clinic.origin())
    assert clinic.record() == before
    undo_entry(clinic.database, later, clinic.origin())
    undo_entry(clinic.database, closing, clinic.origin())
    assert [e.closed_on for e in clinic.record().episodes] == [None]


def test_undoing_a_corrected_onset_that_would_overlap_is_refused(clinic, date_of):
    clinic.open("hip-left", "2026-03-10")
    edited = clinic.edit_episode("hip-left", EpisodeChange(onset=date_of("2026-05-10"))).entry.entry_id
    clinic.close("hip-left", "2026-06-10")
    # undoing the correction is refused by the ledger already, for the closing rests on it
    with pytest.raises(ConflictError):
        undo_entry(clinic.database, edited, clinic.origin())


def test_scores_after_the_closing_day_are_counted_and_asked_about(clinic, score):
    clinic.open("hip-left", "2026-01-10")
    for day in ("2026-03-10", "2026-05-10", "2026-06-10"):
        clinic.visit(day, score("hip-left", 4))
    said = (
        "2 recorded scores would no longer belong to the episode at left hip (onset Sat 2026-01-10), "
        "closed on Fri 2026-04-10."
    )
    asked = []
    with pytest.raises(DeclinedError):
        clinic.close("hip-left", "2026-04-10", confirm=lambda words: asked.append(words))
    assert asked == [(said,)]
    assert clinic.close("hip-left", "2026-04-10").entry.warnings == (said,)


def test_closing_after_the_last_score_says_nothing(clinic, score):
    clinic.open("hip-left", "2026-01-10")
    clinic.visit("2026-03-10", score("hip-left", 4))
    assert clinic.close("hip-left", "2026-03-10").warnings == ()


def test_scores_that_pass_to_a_new_episode_are_counted(clinic, score):
    clinic.open("ankle-left", "2026-01-10")
    clinic.visit("2026-03-10", score("talus-left", 4))
    written = clinic.open("talus-left", "2026-01-10")
    assert written.warnings == (
        "1 recorded score would pass from the episode at left ankle (onset Sat 2026-01-10) "
        "to the one at left talus (onset Sat 2026-01-10).",
    )
    moved_away = clinic.edit_episode("talus-left", EpisodeChange(site="hip-right"))
    assert moved_away.warnings == (
        "1 recorded score would pass from the episode at right hip (onset Sat 2026-01-10) "
        "to the one at left ankle (onset Sat 2026-01-10).",
    )


def test_a_first_episode_takes_up_scores_without_a_word(clinic, score):
    clinic.visit("2026-03-10", score("hip-left", 4))
    assert clinic.open("hip-left", "2026-01-10").warnings == ()


@pytest.mark.parametrize("dry_run", [True, False])
def test_days_in_impossible_years_are_refused_in_words(clinic, date_of, dry_run):
    with pytest.raises(InputError, match="^onset must be a date in the years 1900 to 2100, but was '0206-03-10'"):
        clinic.open("hip-left", "0206-03-10", dry_run=dry_run)
    clinic.open("hip-left", "2026-01")
    with pytest.raises(InputError, match="^closed_on must be a date in the years 1900 to 2100"):
        clinic.close("hip-left", "2026-03-01/2101-01-01", dry_run=dry_run)
    with pytest.raises(InputError, match="^onset must be"):
        clinic.edit_episode("hip-left", EpisodeChange(onset=date_of("1899")), dry_run=dry_run)


def test_sites_and_words_are_taken_in_one_spelling_only(clinic):
    with pytest.raises(InputError, match=r"^site must be a site key, but was 'Hip left'\. Write hip-left\."):
        clinic.open("Hip left", "2026-01")
    clinic.open("hip-left", "2026-01")
    with pytest.raises(InputError, match="^site must be"):
        clinic.edit_episode("left hip", EpisodeChange(mode=OnsetMode.ACUTE))
    with pytest.raises(InputError, match="^site must be"):
        clinic.edit_episode("hip-left", EpisodeChange(site="left knee"))
    with pytest.raises(InputError, match="^onset_mode must be one of acute, insidious"):
        clinic.edit_episode("hip-left", EpisodeChange(mode="slow"))


def test_an_open_episode_is_meant_before_a_later_closed_one(clinic):
    clinic.open("hip-left", "2026-01-10")
    clinic.close("hip-left", "2026-02-10")
    clinic.open("hip-left", "2026-03-10")
    assert newest_at(clinic.record(), "hip-left").closed_on is None
    clinic.close("hip-left", "2026-04-10")
    assert str(newest_at(clinic.record(), "hip-left").onset) == "2026-03-10"


def test_an_onset_after_the_closing_day_is_refused(clinic, date_of):
    clinic.open("hip-left", "2026-01-10")
    clinic.close("hip-left", "2026-02-10")
    with pytest.raises(InputError, match="^The closing day Tue 2026-02-10 lies before the onset"):
        clinic.edit_episode("hip-left", EpisodeChange(onset=date_of("2026-03-01")))
