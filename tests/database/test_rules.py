"""The database defends itself: what SQL may not do is refused, by the name of the rule."""

import pytest

from tracker.database.session import open_database
from tracker.database.tables import CLINIC, FACTS, IDENTITIES, LEDGER_ENTRY
from tracker.dates import PartialDate
from tracker.errors import TrackerError

NO_EXTENT = ", edema_percent, edema_grade, edema_pattern"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def database(engine, new_database):
    """One for all tests here, since whatever they try is refused."""
    with open_database(new_database(engine)) as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(database, recorder):
    """One row at least in every table; entry 4 takes a score back."""
    record = recorder(database)
    patient = record.patient()
    record.episode(patient.made)
    visit = record.visit(patient.made, scores={"talus-left": 3, "talus-right": 4})
    record.void("pain_score", visit.made.row_ids[1])

    def draw(draft):
        draft.record("vitamin_d", {"visit_id": 1, "value": 18, "unit": "ng/mL"})
        finding = {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"}
        draft.record("imaging_finding", {"visit_id": 1} | finding)
        draft.record("note", {"patient_id": 1, "text": "called"})
        draft.record("lab_result", {"visit_id": 1, "analyte": "crp", "value": 3, "unit": "mg/L"})
        draft.record("function_score", {"visit_id": 1, "about": "patient", "scale": "efas", "score": 30})
        treatment = {"treatment_id": draft.identity("treatment", patient_id=1)}
        draft.record("treatment_details", treatment | {"treatment": "cast"})
        day = PartialDate.parse("2026-01")
        draft.record("treatment_dose", treatment | {"dose_since": day, "dose": 20, "dose_unit": "kg"})
        verdict = {"about": "patient", "cause": "trauma", "decided_on": day, "state": "excluded"}
        draft.record("differential", {"patient_id": 1} | verdict)
        item = {"checklist": "risk", "about": "patient", "item": "smoking", "examined_on": day, "presence": "absent"}
        draft.record("checklist_item", {"patient_id": 1} | item)
        draft.record("pregnancy_status", {"patient_id": 1, "stated_on": day, "state": "pregnant"})
        flag = {"flag": "fever", "rule_version": "1", "about": "patient", "flag_state": "raised"}
        said = {"decision": "acknowledged", "evidence_hash": "0" * 64, "decided_on": day}
        draft.record("flag_decision", {"patient_id": 1} | flag | said)
        draft.record("release_key", {"release_name": "paper", "secret": "5" * 64})
        made = {"kind": "identified", "selection": "all patients", "formats": "csv", "n_patients": 1}
        draft.record("export_made", {"manifest_sha256": "1" * 64} | made)

    record.entry(draw)
    record.patient("P-003")
    return record


@pytest.fixture(scope="module")
def refused(filled, database):
    """Give a function that runs SQL as a program writing past the ledger would, and names the rule that refused it."""

    def run(statement):
        with pytest.raises(TrackerError) as caught, database.writing() as connection:
            connection.exec_driver_sql(statement)
        return str(caught.value).removeprefix(
            f"The database '{database.url_for_display}' refused the change by its rule "
        )

    return run


def score(**columns):
    values = {"row_id": 9, "recorded_by": 5, "visit_id": 1, "site": "'talus-left'", "instrument": "'nrs'"}
    return insert("pain_score", **values | {"aspect": "'rest'", "score": 5} | columns)


def finding(**columns):
    values = {"row_id": 9, "recorded_by": 5, "visit_id": 1, "modality": "'mri'", "site": "'calcaneus-left'"}
    return insert("imaging_finding", **values | {"finding": "'edema'", "presence": "'present'"} | columns)


def vitamin_d(**columns):
    values = {"row_id": 9, "recorded_by": 5, "visit_id": 2, "value": 18, "unit": "'ng/mL'"}
    return insert("vitamin_d", **values | columns)


def details(**columns):
    values = {"row_id": 9, "recorded_by": 5, "patient_id": 3, "clinic_id": 1, "patient_code": "'P-002'", "sex": "'F'"}
    return insert("patient_details", **values | columns)


def episode(**columns):
    return insert(
        "episode_details", **{"row_id": 9, "recorded_by": 5, "episode_id": 2, "site": "'talus-left'"} | columns
    )


def lab(**columns):
    values = {"row_id": 9, "recorded_by": 5, "visit_id": 1, "analyte": "'esr'", "value": 3, "unit": "'mm/h'"}
    return insert("lab_result", **values | columns)


def function_score(**columns):
    values = {"row_id": 9, "recorded_by": 5, "visit_id": 1, "about": "'patient'", "scale": "'ffi'", "score": 3}
    return insert("function_score", **values | columns)


def treatment(**columns):
    return insert(
        "treatment_details", **{"row_id": 9, "recorded_by": 5, "treatment_id": 2, "treatment": "'cast'"} | columns
    )


def dose(**columns):
    values = {"row_id": 9, "recorded_by": 5, "treatment_id": 1, "dose": 3, "dose_unit": "'mg'"}
    return insert("treatment_dose", **values | span("dose_since", "2026-02", "2026-02-01", "2026-02-28") | columns)


def on_a_day(table, name, **columns):
    values = {"row_id": 9, "recorded_by": 5, "patient_id": 1}
    return insert(table, **values | span(name, "2026-02", "2026-02-01", "2026-02-28") | columns)


def cause(**columns):
    values = {"about": "'patient'", "cause": "'trauma'", "state": "'pending'"}
    return on_a_day("differential", "decided_on", **values | columns)


def item(**columns):
    values = {"checklist": "'risk'", "about": "'patient'", "item": "'smoking'", "presence": "'absent'"}
    return on_a_day("checklist_item", "examined_on", **values | columns)


def pregnancy(**columns):
    return on_a_day("pregnancy_status", "stated_on", **{"state": "'pregnant'"} | columns)


def decision(**columns):
    values = {
        "flag": "'raised_crp'",
        "rule_version": "'1'",
        "about": "'patient'",
        "decision": "'acknowledged'",
        "flag_state": "'raised'",
        "evidence_hash": f"'{'0' * 64}'",
    }
    return on_a_day("flag_decision", "decided_on", **values | columns)


SAME_MONTH = ("2026-01", "2026-01-01", "2026-01-31")


def span(name, text, first, last):
    return {name: f"'{text}'", f"{name}_first": f"'{first}'", f"{name}_last": f"'{last}'"}


def insert(table, **columns):
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(str(value) for value in columns.values())})"


REFUSED = {
    "a score of 11": (score(score=11), "ck_pain_score_nrs_range"),
    "a score of -1": (score(score=-1), "ck_pain_score_nrs_range"),
    "a VAS of 101": (score(instrument="'vas'", score=101), "ck_pain_score_vas_range"),
    "a score and a reason": (score(missing_reason="'refused'"), "ck_pain_score_score_or_reason"),
    "neither score nor reason": (score(score="NULL"), "ck_pain_score_score_or_reason"),
    "an unknown reason": (score(score="NULL", missing_reason="'lost'"), "ck_pain_score_missing_reason"),
    "an unknown instrument": (score(instrument="'vrs'"), "ck_pain_score_instrument"),
    "an unknown aspect": (score(aspect="'walking'"), "ck_pain_score_aspect"),
    "a site in capitals": (score(site="'Talus-Left'"), "ck_pain_score_site"),
    "a second score of the same": (score(aspect="'load'"), "uq_pain_score_current"),
    "a retraction before the record": (score(retracted_by=4), "ck_pain_score_retracted_later"),
    "an unknown sex": (details(sex="'female'"), "ck_patient_details_sex"),
    "an empty code": (details(patient_code="' '"), "ck_patient_details_patient_code_filled"),
    "a code that is taken": (details(patient_code="'P-001'"), "uq_patient_details_current_code"),
    "details twice": (details(patient_id=1), "uq_patient_details_current"),
    "a birth in 1850": (
        details(**span("birth", "1850", "1850-01-01", "1850-12-31")),
        "ck_patient_details_birth_range",
    ),
    "a date without its days": (details(birth="'1970'"), "ck_patient_details_birth_whole"),
    "a date that ends before it starts": (
        details(**span("birth", "1970", "1970-12-31", "1970-01-01")),
        "ck_patient_details_birth_order",
    ),
    "a date in another form": (
        details(**span("birth", "1 May 1970", "1970-05-01", "1970-05-01")).replace("1 May 1970", "1 May 70"),
        "ck_patient_details_birth_form",
    ),
    "an unknown onset mode": (episode(onset_mode="'sudden'"), "ck_episode_details_onset_mode"),
    "an end before the onset": (
        episode(
            **span("onset", "2026-03", "2026-03-01", "2026-03-31"),
            **span("closed_on", "2026", "2026-01-01", "2026-02-01"),
        ),
        "ck_episode_details_closed_after_onset",
    ),
    "a closing reason for an open episode": (
        episode(closing_reason="'resolved'"),
        "ck_episode_details_closing_reason_when_closed",
    ),
    "vitamin D without a unit": (vitamin_d(unit="NULL"), "ck_vitamin_d_value_with_unit"),
    "vitamin D in another unit": (vitamin_d(unit="'IU'"), "ck_vitamin_d_unit"),
    "vitamin D of 0": (vitamin_d(value=0), "ck_vitamin_d_value_range"),
    "a vitamin D value and a reason": (vitamin_d(missing_reason="'not_done'"), "ck_vitamin_d_value_or_reason"),
    "a limit without a value": (
        vitamin_d(value="NULL", unit="NULL", missing_reason="'not_done'", comparator="'<'"),
        "ck_vitamin_d_comparator_with_value",
    ),
    "an unknown comparator": (vitamin_d(comparator="'~'"), "ck_vitamin_d_comparator"),
    "an unknown modality": (finding(modality="'us'"), "ck_imaging_finding_modality"),
    "an unknown finding": (finding(finding="'cyst'"), "ck_imaging_finding_finding"),
    "an unknown presence": (finding(presence="'maybe'"), "ck_imaging_finding_presence"),
    "edema of 101 percent": (finding(edema_percent=101), "ck_imaging_finding_edema_percent_range"),
    "an unknown edema pattern": (finding(edema_pattern="'spotty'"), "ck_imaging_finding_edema_pattern"),
    "an edema grade of 4": (finding(edema_grade=4), "ck_imaging_finding_edema_grade"),
    "edema percent of an effusion": (
        finding(finding="'effusion'", edema_percent=30),
        "ck_imaging_finding_edema_only",
    ),
    "the extent of what nobody looked for": (
        finding(presence="'not_examined'", edema_percent=30),
        "ck_imaging_finding_not_examined_empty",
    ),
    "the extent of what is absent": (
        finding(presence="'absent'", edema_grade=2),
        "ck_imaging_finding_absent_without_extent",
    ),
    "edema that is present and of no extent": (
        finding(edema_percent=0),
        "ck_imaging_finding_present_with_extent",
    ),
    "an empty note": (insert("note", row_id=9, recorded_by=5, patient_id=1, text="''"), "ck_note_text_filled"),
    "a result without a unit": (lab(unit="NULL"), "ck_lab_result_value_with_unit"),
    "neither result nor reason": (lab(value="NULL", unit="NULL"), "ck_lab_result_result_or_reason"),
    "a judgement and a reason": (
        lab(value="NULL", unit="NULL", judgement="'low'", missing_reason="'not_done'"),
        "ck_lab_result_result_or_reason",
    ),
    "an unknown judgement": (lab(judgement="'fine'"), "ck_lab_result_judgement"),
    "a negative result": (lab(value=-1), "ck_lab_result_value_range"),
    "a limit of words": (
        lab(value="NULL", unit="NULL", judgement="'high'", limit_high=5),
        "ck_lab_result_limits_with_value",
    ),
    "limits upside down": (lab(limit_low=5, limit_high=2), "ck_lab_result_limits_order"),
    "a result twice": (lab(analyte="'crp'", unit="'mg/L'"), "uq_lab_result_current"),
    "a code in capitals": (lab(analyte="'ESR'"), "ck_lab_result_analyte"),
    "a function score of 101": (function_score(score=101), "ck_function_score_score_range"),
    "a function score without a reason": (function_score(score="NULL"), "ck_function_score_score_or_reason"),
    "a function score twice": (function_score(scale="'efas'"), "uq_function_score_current"),
    "another treatment without words": (treatment(treatment="'other'"), "ck_treatment_details_other_in_words"),
    "a treatment that ends before it starts": (
        treatment(
            **span("started", "2026-02", "2026-02-01", "2026-02-28"),
            **span("ended", "2026-01", "2026-01-01", "2026-01-31"),
        ),
        "ck_treatment_details_ended_after_start",
    ),
    "a reason for an end that is not there": (
        treatment(ending_reason="'healed'"),
        "ck_treatment_details_ending_reason_when_ended",
    ),
    "details of a treatment twice": (treatment(treatment_id=1), "uq_treatment_details_current"),
    "a dose in drops": (dose(dose_unit="'drops'"), "ck_treatment_dose_dose_unit"),
    "a dose below nothing": (dose(dose=-1), "ck_treatment_dose_dose_range"),
    "two doses from one day": (dose(**span("dose_since", *SAME_MONTH)), "uq_treatment_dose_current"),
    "a cause half settled": (cause(state="'likely'"), "ck_differential_state"),
    "two verdicts of one day": (cause(**span("decided_on", *SAME_MONTH)), "uq_differential_current"),
    "an unknown checklist": (item(checklist="'mood'"), "ck_checklist_item_checklist"),
    "the beginning of what is absent": (
        item(**span("since", "2025", "2025-01-01", "2025-12-31")),
        "ck_checklist_item_since_when_present",
    ),
    "an item twice on a day": (item(**span("examined_on", *SAME_MONTH)), "uq_checklist_item_current"),
    "an unknown state of pregnancy": (pregnancy(state="'unsure'"), "ck_pregnancy_status_state"),
    "no state and no reason": (pregnancy(state="NULL"), "ck_pregnancy_status_state_or_reason"),
    "week 46": (pregnancy(gestational_week=46), "ck_pregnancy_status_gestational_week_range"),
    "a week of no pregnancy": (
        pregnancy(state="'not_pregnant'", gestational_week=3),
        "ck_pregnancy_status_gestational_week_of_pregnancy",
    ),
    "a week of an unknown pregnancy": (
        pregnancy(state="NULL", missing_reason="'refused'", gestational_week=3),
        "ck_pregnancy_status_gestational_week_of_pregnancy",
    ),
    "pregnancy twice on a day": (pregnancy(**span("stated_on", *SAME_MONTH)), "uq_pregnancy_status_current"),
    "an unknown decision": (decision(decision="'ignored'"), "ck_flag_decision_decision"),
    "dismissed without a reason": (decision(decision="'dismissed'"), "ck_flag_decision_dismissed_with_reason"),
    "a hash cut short": (decision(evidence_hash="'0'"), "ck_flag_decision_evidence_hash_length"),
    "a second decision on a flag": (decision(flag="'fever'"), "uq_flag_decision_current"),
    "an entry that forks the chain": (
        "INSERT INTO ledger_entry SELECT 9, recorded_at, recorded_by, command, NULL, NULL, NULL, program_version,"
        f" warnings, NULL, previous_hash, '{'a' * 64}' FROM ledger_entry WHERE entry_id = 2",
        "uq_ledger_entry_previous_hash",
    ),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_a_row_that_breaks_a_rule_is_refused_by_name(refused, attempt):
    statement, rule = REFUSED[attempt]
    assert refused(statement) == f"'{rule}'."


def test_half_a_point_is_not_kept_as_half_a_point(database, filled, engine):
    """PostgreSQL rounds it into its whole-number column; SQLite would keep it, so a rule refuses it."""
    statement = score(score=7.5)
    if engine == "sqlite":
        with pytest.raises(TrackerError, match="ck_pain_score_score_whole"), database.writing() as connection:
            connection.exec_driver_sql(statement)
    else:
        with database.writing() as connection:
            connection.exec_driver_sql(statement)
            assert connection.exec_driver_sql("SELECT score FROM pain_score WHERE row_id = 9").scalar() == 8
            connection.get_transaction().rollback()


def test_details_cannot_name_another_clinic_than_their_patient(refused, engine):
    rule = {
        "sqlite": "FOREIGN KEY constraint failed",
        "postgresql": "'fk_patient_details_patient_id_clinic_id_patient'",
    }
    assert refused(details(clinic_id=2, patient_id=1, retracted_by=6)) == f"{rule[engine]}."


def test_a_note_cannot_be_at_a_visit_of_somebody_else(refused, engine):
    rule = {"sqlite": "FOREIGN KEY constraint failed", "postgresql": "'fk_note_visit_id_patient_id_visit'"}
    statement = insert("note", row_id=9, recorded_by=5, patient_id=2, visit_id=1, text="'x'")
    assert refused(statement) == f"{rule[engine]}."


@pytest.mark.parametrize("table", [LEDGER_ENTRY, CLINIC, *IDENTITIES, *FACTS], ids=lambda table: table.name)
def test_nothing_is_deleted(refused, table):
    assert refused(f"DELETE FROM {table.name}") == f"'{table.name}_no_delete'."


@pytest.mark.parametrize("table", [LEDGER_ENTRY, CLINIC, *IDENTITIES], ids=lambda table: table.name)
def test_entries_and_identities_never_change(refused, table):
    for column in table.c:
        assert refused(f"UPDATE {table.name} SET {column.name} = {column.name}") == f"'{table.name}_no_update'."


@pytest.mark.parametrize("table", FACTS, ids=lambda table: table.name)
def test_of_a_fact_only_the_retraction_is_set(refused, table):
    rule = f"'{table.name}_only_retract'."
    for column in table.c:
        changed = "'2026-01-05'" if "_first" in column.name or "_last" in column.name else "77"
        if column.name != "retracted_by":
            alone = f"UPDATE {table.name} SET {column.name} = {changed} WHERE retracted_by IS NULL"
            assert refused(alone) == rule
            assert refused(alone.replace(" WHERE", ", retracted_by = 6 WHERE")) == rule
    assert refused(f"UPDATE {table.name} SET retracted_by = NULL") == rule


def test_a_retraction_is_set_once_and_never_removed(refused):
    for value in ("5", "NULL"):
        statement = f"UPDATE pain_score SET retracted_by = {value} WHERE row_id = 2"
        assert refused(statement) == "'pain_score_only_retract'."


def test_a_retraction_is_set_by_an_entry_that_exists(refused, engine):
    rule = {"sqlite": "FOREIGN KEY constraint failed", "postgresql": "'fk_note_retracted_by_ledger_entry'"}
    assert refused("UPDATE note SET retracted_by = 77") == f"{rule[engine]}."


@pytest.mark.parametrize("engine", ["sqlite"], scope="module")
@pytest.mark.parametrize("table", [LEDGER_ENTRY, CLINIC, *IDENTITIES, *FACTS], ids=lambda table: table.name)
def test_sqlite_does_not_replace_a_row(refused, table):
    assert refused(f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}") == f"'pk_{table.name}'."


@pytest.mark.parametrize("engine", ["sqlite"], scope="module")
def test_sqlite_does_not_replace_a_current_row_by_one_of_another_key(refused):
    statement = score(aspect="'load'", score=0).replace("INSERT", "INSERT OR REPLACE")
    assert refused(statement) == "'uq_pain_score_current'."


@pytest.mark.parametrize("engine", ["postgresql"], scope="module")
@pytest.mark.parametrize("table", [LEDGER_ENTRY, CLINIC, *IDENTITIES, *FACTS], ids=lambda table: table.name)
def test_postgresql_does_not_truncate(refused, table):
    # CASCADE truncates what refers to it as well, and whichever trigger comes first refuses
    assert refused(f"TRUNCATE {table.name} CASCADE").endswith("_no_truncate'.")
