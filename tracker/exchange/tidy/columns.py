"""The kinds of tidy table and their columns, named as in the data dictionary.

A row of a table brings one fact or several; each *part* says which columns make which fact. A part is given where
one of its `leads` holds a value; a blank lead says nothing about the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.vocabulary import Aspect, Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One kind of fact that a row can bring.

    Parameters
    ----------
    name, table : str
        What it is called here, and the fact table it is kept in.
    key, values : mapping of str to str
        Columns of the file, and the columns of the fact table they fill: those that say which fact is meant, and those
        that say what it is.
    leads : tuple of str
        Columns of which one must hold a value for the part to be given.
    fixed, defaults : mapping
        Key columns of the fact table that the file does not have; columns of the file with what stands for a blank.
    optional : tuple of str
        Key columns of the file that may be blank.
    """

    name: str
    table: str
    key: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str]
    leads: tuple[str, ...]
    fixed: Mapping[str, object] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Names of the key in the fact table."""
        return (*self.fixed, *self.key.values())

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Names of the values in the fact table."""
        return tuple(self.values.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of table, recognised by a column that no other kind has."""

    name: str
    known_by: tuple[str, ...]
    parts: tuple[Part, ...]
    also: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it can have."""
        named = [name for part in self.parts for name in (*part.key, *part.values)]
        comparators = COMPARED.values()
        return tuple(dict.fromkeys(["patient_code", *self.also, *(n for n in named if n not in comparators)]))


COMPARED = {"vitamin_d": "vitamin_d_comparator", "lab_value": "lab_comparator"}
"""Columns whose value may begin with < or >, and the column that then holds it."""


def _pain(instrument: Instrument) -> Part:
    name = f"pain_{instrument}"
    return Part(
        name=name,
        table="pain_score",
        fixed={"instrument": instrument.value},
        key={"site": "site", "aspect": "aspect"},
        values={name: "score", f"{name}_missing_reason": "missing_reason"},
        leads=(name, f"{name}_missing_reason"),
        defaults={"aspect": Aspect.OVERALL.value},
    )


_OF_VISITS = (
    _pain(Instrument.NRS),
    _pain(Instrument.VAS),
    Part(
        name="vitamin_d",
        table="vitamin_d",
        values={
            "vitamin_d": "value",
            "vitamin_d_comparator": "comparator",
            "vitamin_d_unit": "unit",
            "vitamin_d_assay": "assay",
            "vitamin_d_missing_reason": "missing_reason",
        },
        leads=("vitamin_d", "vitamin_d_missing_reason"),
    ),
    Part(
        name="lab",
        table="lab_result",
        key={"analyte": "analyte"},
        values={
            "lab_value": "value",
            "lab_comparator": "comparator",
            "lab_unit": "unit",
            "limit_low": "limit_low",
            "limit_high": "limit_high",
            "judgement": "judgement",
            "lab_missing_reason": "missing_reason",
        },
        leads=("lab_value", "judgement", "lab_missing_reason"),
    ),
    Part(
        name="imaging",
        table="imaging_finding",
        key={"modality": "modality", "site": "site", "finding": "finding"},
        values={
            "presence": "presence",
            "edema_percent": "edema_percent",
            "edema_grade": "edema_grade",
            "edema_pattern": "edema_pattern",
        },
        leads=("presence", "edema_percent", "edema_grade", "edema_pattern"),
    ),
    Part(
        name="function",
        table="function_score",
        key={"scale": "scale", "function_about": "about"},
        values={"function_score": "score", "function_score_missing_reason": "missing_reason"},
        leads=("function_score", "function_score_missing_reason"),
        defaults={"function_about": PATIENT_AS_A_WHOLE},
    ),
    Part(
        name="note", table="note", key={"site": "site", "note": "text"}, values={}, leads=("note",), optional=("site",)
    ),
)
KINDS = (
    Kind(name="visits", known_by=("visit_date",), also=("visit_date",), parts=_OF_VISITS),
    Kind(
        name="differential",
        known_by=("decided_on", "cause_state"),
        parts=(
            Part(
                name="cause",
                table="differential",
                key={"cause_about": "about", "cause": "cause", "decided_on": "decided_on"},
                values={"cause_state": "state", "how": "how", "decided_by": "decided_by"},
                leads=("cause_state", "how", "decided_by"),
                defaults={"cause_about": PATIENT_AS_A_WHOLE},
            ),
        ),
    ),
    Kind(
        name="checklists",
        known_by=("examined_on",),
        parts=(
            Part(
                name="item",
                table="checklist_item",
                key={"checklist": "checklist", "item_about": "about", "item": "item", "examined_on": "examined_on"},
                values={"presence": "presence", "since": "since", "item_words": "words"},
                leads=("presence", "since", "item_words"),
                defaults={"item_about": PATIENT_AS_A_WHOLE},
            ),
        ),
    ),
    Kind(
        name="pregnancies",
        known_by=("stated_on",),
        parts=(
            Part(
                name="pregnancy",
                table="pregnancy_status",
                key={"stated_on": "stated_on"},
                values={
                    "pregnancy_state": "state",
                    "gestational_week": "gestational_week",
                    "missing_reason": "missing_reason",
                },
                leads=("pregnancy_state", "gestational_week", "missing_reason"),
            ),
        ),
    ),
    Kind(
        name="treatments",
        known_by=("treatment",),
        parts=(
            Part(
                name="treatment",
                table="treatment_details",
                key={"treatment": "treatment", "treatment_words": "words", "site": "site", "started": "started"},
                values={"ended": "ended", "ending_reason": "ending_reason"},
                leads=("treatment",),
                optional=("treatment_words", "site", "started"),
            ),
            Part(
                name="dose",
                table="treatment_dose",
                key={"dose_since": "dose_since"},
                values={"dose": "dose", "dose_unit": "dose_unit", "schedule": "schedule"},
                leads=("dose", "dose_unit", "schedule"),
                optional=("dose_since",),
            ),
        ),
    ),
    Kind(
        name="episodes",
        known_by=("onset", "closed_on"),
        parts=(
            Part(
                name="episode",
                table="episode_details",
                key={"site": "site", "onset": "onset"},
                values={"onset_mode": "onset_mode", "closed_on": "closed_on", "closing_reason": "closing_reason"},
                leads=("site",),
                optional=("onset",),
            ),
        ),
    ),
    Kind(
        name="patients",
        known_by=("sex", "birth"),
        parts=(
            Part(
                name="patient",
                table="patient_details",
                values={"sex": "sex", "birth": "birth"},
                leads=("patient_code",),
            ),
        ),
    ),
)
"""In the order in which a header is tried: a table of visits may well name a treatment, not the other way round."""


def field_of(column: str) -> str:
    """Give the name in the data dictionary of what a column holds."""
    return "missing_reason" if column.endswith("missing_reason") else column
