"""Which tables a release holds, each with its grain; the same columns always, also where nobody is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.clinical.dictionary import FIELDS
from tracker.clinical.vocabulary import Comparator, EdemaPattern, Instrument, OnsetMode
from tracker.exchange.release.columns import ColumnKind, Columns, ReleaseColumn, ReleaseTable, flat

COURSE_FITS, FLAGS, SITE_EVENTS, NOTES = "course_fits", "flags", "site_migration_events", "notes"
DERIVED = (COURSE_FITS, FLAGS, SITE_EVENTS)
"""Tables of what the program says, not of what was recorded."""

WITHHELD = "withheld"
"""What stands in place of a word that too few patients of a de-identified release have."""

_ZERO_FROM = ("first onset", "first visit", "first statement")


def release_tables(
    *, identified: bool, fit_columns: Sequence[ReleaseColumn], event_kinds: Sequence[str]
) -> tuple[ReleaseTable, ...]:
    """Give the tables of a release in their order.

    Parameters
    ----------
    identified : bool
        Whether codes, dates and words are in it.
    fit_columns : sequence of ReleaseColumn
        What a course fit says; patient and episode stand before them.
    event_kinds : sequence of str
        What a second site can be, each with its probability.
    """
    make = Columns(identified=identified)
    tables = (
        *_people(make),
        *_at_visits(make),
        *_treatments(make),
        *_statements(make),
        *_derived(make, fit_columns, event_kinds),
    )
    if not identified:
        return tables
    note = ReleaseTable(
        NOTES,
        "one note",
        flat(make.of_patient(), make.key("visit"), make.date("visit_date"), _site(make), make.of_field("note")),
    )
    return (*tables, note)


def _site(make: Columns, name: str = "site") -> ReleaseColumn:
    return make.of_field("site", name=name)


def _about(name: str = "about") -> ReleaseColumn:
    return ReleaseColumn(name, "word", "site it is about, or patient")


def _truth(name: str, description: str) -> ReleaseColumn:
    return ReleaseColumn(name, "truth", description)


def _count(name: str, description: str) -> ReleaseColumn:
    return ReleaseColumn(name, "integer", description, low=0)


def _of_words(name: str, description: str, allowed: tuple[str, ...]) -> ReleaseColumn:
    return ReleaseColumn(name, "word", description, allowed=allowed)


def _sex(make: Columns) -> ReleaseColumn:
    recorded = make.of_field("sex")
    return recorded if make.identified else replace(recorded, allowed=(*recorded.allowed, WITHHELD))


def _people(make: Columns) -> tuple[ReleaseTable, ...]:
    age = (
        make.date("birth")
        if make.identified
        else (
            ReleaseColumn("age_band", "word", "completed years on day 0, in bands none of which holds few patients"),
            _of_words("day_zero_from", "what day 0 of this patient is: the first possible day of it", _ZERO_FROM),
        )
    )
    counts = (_count("n_episodes", "episodes in this release"), _count("n_visits", "visits in this release"))
    modes = tuple(mode.value for mode in OnsetMode)
    return (
        ReleaseTable(
            "patients",
            "one patient",
            flat(make.of_patient(), _sex(make), age, *counts),
            ("clinic", "patient") if make.identified else ("patient",),
        ),
        ReleaseTable(
            "episodes",
            "one episode",
            flat(
                make.of_patient(),
                make.key("episode"),
                _site(make),
                make.date("onset"),
                _of_words("onset_mode", FIELDS["onset_mode"].label, modes),
                _truth("is_closed", "whether the episode was closed by the as-of day"),
                make.date("closed_on"),
                make.words("closing_reason"),
                ReleaseColumn("scores_read", "text", "which scores its course is read from, and what was left out"),
            ),
            ("episode",),
        ),
        ReleaseTable(
            "visits", "one visit", flat(make.of_patient(), make.key("visit"), make.date("visit_date")), ("visit",)
        ),
    )


def _at_visits(make: Columns) -> tuple[ReleaseTable, ...]:
    visit = (*make.of_patient(), make.key("visit"), *make.date("visit_date"))
    comparator = _of_words("comparator", "whether the value is below or above a limit", tuple(Comparator))
    return (
        ReleaseTable("pain", "one pain score: one site, instrument and aspect at one visit", flat(visit, *_pain(make))),
        ReleaseTable(
            "vitamin_d",
            "one vitamin D result",
            flat(
                visit,
                make.of_field("vitamin_d"),
                comparator,
                make.of_field("vitamin_d_unit"),
                make.words("vitamin_d_assay"),
                make.missing_reason("vitamin_d"),
            ),
        ),
        ReleaseTable(
            "labs",
            "one laboratory result",
            flat(
                visit,
                make.of_field("analyte"),
                make.of_field("lab_value"),
                comparator,
                make.of_field("lab_unit"),
                make.of_field("limit_low"),
                make.of_field("limit_high"),
                make.of_field("judgement"),
                make.missing_reason("lab_value"),
            ),
        ),
        ReleaseTable(
            "imaging",
            "one sign at one site on one examination",
            flat(
                visit,
                make.of_field("modality"),
                _site(make),
                make.of_field("finding"),
                make.of_field("presence"),
                make.of_field("edema_percent"),
                make.of_field("edema_grade"),
                _of_words("edema_pattern", FIELDS["edema_pattern"].label, tuple(EdemaPattern)),
            ),
        ),
        ReleaseTable(
            "function_scores",
            "one function score",
            flat(
                visit,
                _about(),
                make.of_field("scale"),
                make.of_field("function_score"),
                make.missing_reason("function_score"),
            ),
        ),
    )


def _pain(make: Columns) -> tuple[ReleaseColumn, ...]:
    return (
        _site(make),
        _of_words("instrument", "numeric rating scale 0-10 or visual analogue scale 0-100 mm", tuple(Instrument)),
        make.of_field("aspect"),
        ReleaseColumn("score", "integer", "pain score", "as the instrument: NRS points or mm", low=0, high=100),
        make.missing_reason("score"),
        make.key("episode"),
        ReleaseColumn("onset_day", "integer", "days since the first possible day of the episode's onset", "days"),
        _truth("is_read", "whether the course of the episode is read from this score"),
        _count("n_same_day", "scores of that day its course is read from; each counts as one part of so many"),
    )


def _treatments(make: Columns) -> tuple[ReleaseTable, ...]:
    patient, key = make.of_patient(), make.key("treatment_id")
    return (
        ReleaseTable(
            "treatments",
            "one treatment",
            flat(
                patient,
                key,
                make.of_field("treatment"),
                make.words("treatment_words"),
                _site(make),
                make.date("started"),
                make.date("ended"),
                make.words("ending_reason"),
            ),
            ("treatment_id",),
        ),
        ReleaseTable(
            "treatment_doses",
            "one dose of a treatment, from a day on",
            flat(
                patient,
                key,
                make.date("dose_since"),
                make.of_field("dose"),
                make.of_field("dose_unit"),
                make.words("schedule"),
            ),
        ),
    )


def _statements(make: Columns) -> tuple[ReleaseTable, ...]:
    patient = make.of_patient()
    return (
        ReleaseTable(
            "differential",
            "what was said of one cause on one day",
            flat(
                patient,
                _about(),
                make.of_field("cause"),
                make.date("decided_on"),
                make.of_field("cause_state"),
                make.words("how"),
                make.words("decided_by"),
            ),
        ),
        ReleaseTable(
            "checklists",
            "one item of a checklist on one day",
            flat(
                patient,
                make.of_field("checklist"),
                _about(),
                make.of_field("item"),
                make.date("examined_on"),
                make.of_field("presence"),
                make.date("since"),
                make.words("item_words"),
            ),
        ),
        ReleaseTable(
            "pregnancy",
            "what was said about pregnancy for one day",
            flat(
                patient,
                make.date("stated_on"),
                make.of_field("pregnancy_state"),
                make.of_field("gestational_week"),
                make.missing_reason("pregnancy_state"),
            ),
        ),
        ReleaseTable(
            "flag_decisions",
            "what staff said of one flag on one day",
            flat(
                patient,
                ReleaseColumn("flag", "word", "code of the flag"),
                _about(),
                make.key("episode"),
                make.of_field("decision"),
                make.date("flag_decided_on", name="decided_on"),
                make.words("decision_reason"),
            ),
        ),
    )


def _derived(
    make: Columns, fit_columns: Sequence[ReleaseColumn], event_kinds: Sequence[str]
) -> tuple[ReleaseTable, ...]:
    patient = make.of_patient()
    flags = flat(
        patient,
        _of_words("kind", "which part of the program raised it", ("course", "red_flag", "site")),
        ReleaseColumn("flag", "word", "code of the flag"),
        ReleaseColumn("rule_version", "text", "version of its rule"),
        _site(make),
        make.key("episode"),
        ReleaseColumn("state", "word", "how sure it is"),
        *(make.date("flag_decided_on", name="since")),
        _share("probability", "of a course flag"),
        ReleaseColumn("standing", "word", "where it stands with the staff"),
    )
    events = flat(
        patient,
        make.key("old_episode"),
        _site(make, "old_site"),
        make.key("new_episode"),
        _site(make, "new_site"),
        ReleaseColumn("distance", "word", "how far the sites are apart"),
        _truth("is_mirror", "same place on the other side"),
        _truth("is_adjacent", "whether the sites touch"),
        ReleaseColumn("most_probable", "word", "what the second site most probably is"),
        *(_share(f"p_{kind}", f"probability that it is {kind.replace('_', ' ')}") for kind in event_kinds),
        _share("p_order", "probability that the new site began last"),
        *_interval("between_starts", "from one start to the other"),
        *_interval("gap", "from the end of the old site to the start of the new one"),
        ReleaseColumn("not_read_because", "text", "why two episodes cannot be put in order"),
    )
    return (
        ReleaseTable(
            COURSE_FITS, "the course of one episode", flat(patient, make.key("episode"), *fit_columns), ("episode",)
        ),
        ReleaseTable(FLAGS, "one raised flag", _renamed(flags)),
        ReleaseTable(SITE_EVENTS, "two episodes of one patient, and what the second is", events),
    )


def _share(name: str, description: str) -> ReleaseColumn:
    return ReleaseColumn(name, "number", description, "probability", low=0, high=1)


def _interval(name: str, description: str) -> tuple[ReleaseColumn, ...]:
    kind: ColumnKind = "number"
    return (
        ReleaseColumn(f"{name}_days", kind, f"{description}: median", "days"),
        ReleaseColumn(f"{name}_days_lo95", kind, "lower end of its 95 % interval", "days"),
        ReleaseColumn(f"{name}_days_hi95", kind, "upper end of its 95 % interval", "days"),
    )


def _renamed(columns: tuple[ReleaseColumn, ...]) -> tuple[ReleaseColumn, ...]:
    """Say of a flag's date what it is: no field of the record holds it."""
    said = {
        "since": "when it was raised last",
        "since_day": "when it was raised last: middle possible day, counted from day 0",
    }
    return tuple(
        ReleaseColumn(one.name, one.kind, said[one.name], one.unit) if one.name in said else one for one in columns
    )
