"""The fact tables of schema revisions 0002 and 0003: what belongs to a case beyond pain, vitamin D and imaging.

Three shapes, so that thirteen kinds of fact need seven tables:

at a visit
    ``lab_result``, ``function_score``: one coded thing, its value or the reason it is missing
with a beginning and an end
    ``treatment``, the one new identity, its ``treatment_details`` and its ``treatment_dose`` over time
said on a day
    ``differential``, ``checklist_item``, ``pregnancy_status``: one coded thing and its state on that
    day. What is said later stands beside what was said earlier, and both stay true of their day

A coded thing (`analyte`, `scale`, `treatment`, `cause`, `item`) is checked for its form only:
which codes there are is data (`tracker.clinical.word_lists`), so that a list can grow without
a schema revision. `about` is the key of a site, or ``patient``: part of a key must not be NULL.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index

from tracker.clinical.vocabulary import (
    CauseState,
    Checklist,
    Comparator,
    DoseUnit,
    FlagDecisionWord,
    LabJudgement,
    MissingReason,
    PregnancyState,
    Presence,
)
from tracker.database.columns import coded, fact, filled, identity, number, one_of, partial_date, site_rule, words

LAB_RESULT = fact(
    "lab_result",
    "visit_id",
    ("visit_id", "analyte"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    words("analyte"),
    Column("value", Float, nullable=True),
    words("comparator", nullable=True),
    words("unit", nullable=True),
    Column("limit_low", Float, nullable=True),
    Column("limit_high", Float, nullable=True),
    words("judgement", nullable=True),
    words("missing_reason", nullable=True),
    coded("analyte"),
    one_of("comparator", Comparator),
    filled("unit", at_most=20),
    one_of("judgement", LabJudgement),
    one_of("missing_reason", MissingReason),
    CheckConstraint("(value IS NULL AND judgement IS NULL) = (missing_reason IS NOT NULL)", "result_or_reason"),
    CheckConstraint("(value IS NULL) = (unit IS NULL)", "value_with_unit"),
    CheckConstraint("comparator IS NULL OR value IS NOT NULL", "comparator_with_value"),
    CheckConstraint("value IS NOT NULL OR (limit_low IS NULL AND limit_high IS NULL)", "limits_with_value"),
    CheckConstraint("value BETWEEN 0 AND 100000", "value_range"),
    CheckConstraint("limit_low BETWEEN 0 AND 100000", "limit_low_range"),
    CheckConstraint("limit_high BETWEEN 0 AND 100000", "limit_high_range"),
    CheckConstraint("limit_low < limit_high", "limits_order"),
)
FUNCTION_SCORE = fact(
    "function_score",
    "visit_id",
    ("visit_id", "about", "scale"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    words("about"),
    words("scale"),
    Column("score", Float, nullable=True),
    words("missing_reason", nullable=True),
    coded("about"),
    coded("scale"),
    one_of("missing_reason", MissingReason),
    CheckConstraint("(score IS NULL) = (missing_reason IS NOT NULL)", "score_or_reason"),
    CheckConstraint("score BETWEEN 0 AND 100", "score_range"),
)

TREATMENT = identity("treatment", Column("patient_id", ForeignKey("patient.patient_id"), nullable=False))
Index(None, TREATMENT.c.patient_id)
TREATMENT_DETAILS = fact(
    "treatment_details",
    "treatment_id",
    ("treatment_id",),
    Column("treatment_id", ForeignKey("treatment.treatment_id"), nullable=False),
    words("treatment"),
    words("words", nullable=True),
    words("site", nullable=True),
    *partial_date("started", nullable=True),
    *partial_date("ended", nullable=True),
    words("ending_reason", nullable=True),
    coded("treatment"),
    filled("words", at_most=200),
    CheckConstraint("treatment <> 'other' OR words IS NOT NULL", "other_in_words"),
    site_rule(),
    CheckConstraint("started_first <= ended_last", "ended_after_start"),
    filled("ending_reason", at_most=500),
    CheckConstraint("ending_reason IS NULL OR ended IS NOT NULL", "ending_reason_when_ended"),
)
TREATMENT_DOSE = fact(
    "treatment_dose",
    "treatment_id",
    ("treatment_id", "dose_since"),
    Column("treatment_id", ForeignKey("treatment.treatment_id"), nullable=False),
    *partial_date("dose_since"),
    Column("dose", Float, nullable=False),
    words("dose_unit"),
    words("schedule", nullable=True),
    CheckConstraint("dose BETWEEN 0 AND 1000000", "dose_range"),
    one_of("dose_unit", DoseUnit),
    filled("schedule", at_most=100),
)

DIFFERENTIAL = fact(
    "differential",
    "patient_id",
    ("patient_id", "about", "cause", "decided_on"),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    words("about"),
    words("cause"),
    *partial_date("decided_on"),
    words("state"),
    words("how", nullable=True),
    words("decided_by", nullable=True),
    coded("about"),
    coded("cause"),
    one_of("state", CauseState),
    filled("how", at_most=200),
    filled("decided_by", at_most=100),
)
CHECKLIST_ITEM = fact(
    "checklist_item",
    "patient_id",
    ("patient_id", "checklist", "about", "item", "examined_on"),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    words("checklist"),
    words("about"),
    words("item"),
    *partial_date("examined_on"),
    words("presence"),
    *partial_date("since", nullable=True),
    words("words", nullable=True),
    one_of("checklist", Checklist),
    coded("about"),
    coded("item"),
    one_of("presence", Presence),
    CheckConstraint("since IS NULL OR presence = 'present'", "since_when_present"),
    filled("words", at_most=200),
)
PREGNANCY_STATUS = fact(
    "pregnancy_status",
    "patient_id",
    ("patient_id", "stated_on"),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    *partial_date("stated_on"),
    words("state", nullable=True),
    number("gestational_week", nullable=True),
    words("missing_reason", nullable=True),
    one_of("state", PregnancyState),
    one_of("missing_reason", MissingReason),
    CheckConstraint("(state IS NULL) = (missing_reason IS NOT NULL)", "state_or_reason"),
    CheckConstraint("gestational_week BETWEEN 0 AND 45", "gestational_week_range"),
    CheckConstraint("gestational_week = CAST(gestational_week AS INTEGER)", "gestational_week_whole"),
    CheckConstraint(
        "gestational_week IS NULL OR (state IS NOT NULL AND state <> 'not_pregnant')", "gestational_week_of_pregnancy"
    ),
)
FLAG_DECISION = fact(
    "flag_decision",
    "patient_id",
    ("patient_id", "flag", "about"),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    words("flag"),
    words("rule_version"),
    words("about"),
    Column("episode_id", ForeignKey("episode.episode_id"), nullable=True),
    words("decision"),
    words("reason", nullable=True),
    words("flag_state"),
    *partial_date("evidence_until", nullable=True),
    words("evidence_hash"),
    *partial_date("decided_on"),
    coded("flag"),
    coded("about"),
    filled("rule_version", at_most=20),
    one_of("decision", FlagDecisionWord),
    filled("reason", at_most=500),
    CheckConstraint("decision <> 'dismissed' OR reason IS NOT NULL", "dismissed_with_reason"),
    filled("flag_state", at_most=20),
    CheckConstraint("length(evidence_hash) = 64", "evidence_hash_length"),
)

CASE_IDENTITIES = (TREATMENT,)
CASE_FACTS = (
    LAB_RESULT,
    FUNCTION_SCORE,
    TREATMENT_DETAILS,
    TREATMENT_DOSE,
    DIFFERENTIAL,
    CHECKLIST_ITEM,
    PREGNANCY_STATUS,
    FLAG_DECISION,
)
