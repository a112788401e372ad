"""Importing tables: what is new, what changes, what stays, and that once is the same as twice; on both engines."""

import hashlib
import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.database import queries
from tracker.database.session import open_database
from tracker.errors import ConflictError, InputError
from tracker.exchange.tidy.reading import read_tidy
from tracker.service.history import describe_entry, undo_entry
from tracker.service.imports.importing import Taken, import_table, preview_import

TODAY = date(2026, 3, 10)
VISITS = "patient_code,visit_date,site,pain_nrs,vitamin_d,vitamin_d_unit,vitamin_d_assay,note"
BOOKKEEPING = ("row_id", "entry_id", "last_entry_id")


class Clinic:
    """A record and short ways to import into it."""

    def __init__(self, record, folder):
        self.record = record
        self.database = record.database
        self.folder = folder

    def read(self, text):
        path = self.folder / "table.csv"
        path.write_text(text, encoding="utf-8")
        return read_tidy(path)

    def read_sha256(self):
        return hashlib.sha256((self.folder / "table.csv").read_bytes()).hexdigest()

    def take(self, text, *, why=None, **taken):
        """Import a table; give what was done."""
        return import_table(
            self.database, self.read(text), self.record.origin("import", reason=why), taken=Taken(**taken)
        )

    def refused(self, text, **taken):
        """Give what is said of each row of a table that is refused as a whole, without the name of the file."""
        with pytest.raises(InputError) as refused:
            self.take(text, **taken)
        first, *lines, last = refused.value.message.splitlines()
        assert first.startswith("The input has ")
        assert last == "Correct the files and run the same command again."
        return [line.split("table.csv, ")[1] for line in lines]

    def seen(self, text, **taken):
        plan = preview_import(self.database, self.read(text), today=TODAY, taken=Taken(**taken))
        return {state.name.lower(): n for state, n in plan.n_rows.items()}

    def show(self, code="P-07"):
        """Give the record of a patient, without the numbers of rows and entries."""
        with self.database.reading() as connection:
            return without_bookkeeping(queries.patient_record(connection, code))


def without_bookkeeping(record):
    from tracker.cli.render import as_json

    def plain(value):
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items() if name not in BOOKKEEPING}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return plain(as_json(record))


@pytest.fixture
def clinic(record, tmp_path):
    """A record with the patients P-07, who has an episode, and 007."""
    clinic = Clinic(record, tmp_path)
    clinic.take("patient_code,sex,birth\nP-07,M,1979\n007,F,\n")
    clinic.take("patient_code,site,onset,onset_mode\nP-07,ankle-left,2026-01,acute\n")
    return clinic


def scores(clinic, code="P-07"):
    return [(one["visit_date"], one["site"], one["score"]) for one in clinic.show(code)["pain_scores"]]


def test_a_table_is_one_entry_that_names_its_file(clinic):
    done = clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,,walks\n007,2026-02-01,hip-left,3,,,,\n")
    assert (done.entry.source_name, done.entry.source_sha256) == ("table.csv", clinic.read_sha256())
    assert scores(clinic) == [("2026-02-01", "ankle-left", 7)]
    assert scores(clinic, "007") == [("2026-02-01", "hip-left", 3)]
    assert clinic.record.verify().holds


def test_twice_is_the_same_as_once(clinic):
    text = f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,LC,walks\nP-07,2026-02-01,talus-left,6,,,,\n"
    clinic.take(text)
    shown, n_entries = clinic.show(), clinic.record.count()
    assert clinic.seen(text) == {"identical": 2}
    assert clinic.take(text).entry is None
    assert (clinic.show(), clinic.record.count()) == (shown, n_entries)


def test_two_scores_of_one_day_at_two_sites_are_both_kept_at_one_visit(clinic):
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,,,,\nP-07,2026-02-01,hip-left,7,,,,\n")
    assert scores(clinic) == [("2026-02-01", "ankle-left", 7), ("2026-02-01", "hip-left", 7)]
    assert len(clinic.show()["visits"]) == 1


def test_a_row_given_twice_counts_once(clinic):
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,,,,\nP-07,2026-02-01,ankle-left,7,,,,\n")
    assert scores(clinic) == [("2026-02-01", "ankle-left", 7)]


def test_a_changed_value_is_an_amendment_of_the_same_entry_and_undo_takes_all_of_it_back(clinic):
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,LC,\n")
    before = clinic.show()
    changed = f"{VISITS}\nP-07,2026-02-01,ankle-left,6,20,,,\nP-07,2026-02-20,ankle-left,4,,,,better\n"
    assert clinic.seen(changed) == {"changed": 1, "new": 1}
    done = clinic.take(changed)
    kinds = [(change.kind, change.table) for change in describe_entry(clinic.database, done.entry.entry_id)]
    assert kinds == [
        ("identity", "visit"),
        ("retracted", "pain_score"),
        ("retracted", "vitamin_d"),
        ("recorded", "visit_details"),
        ("recorded", "pain_score"),
        ("recorded", "pain_score"),
        ("recorded", "vitamin_d"),
        ("recorded", "note"),
    ]
    after = clinic.show()
    assert (after["vitamin_d"][0]["value"], after["vitamin_d"][0]["assay"]) == (20.0, "LC")
    undone = undo_entry(clinic.database, done.entry.entry_id, clinic.record.origin("undo"))
    assert clinic.show() == before
    undo_entry(clinic.database, undone.entry.entry_id, clinic.record.origin("undo"))
    assert clinic.show() == after
    assert clinic.record.verify().holds


def test_a_blank_leaves_what_is_recorded(clinic):
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,LC,\n")
    assert clinic.seen(f"{VISITS}\nP-07,2026-02-01,ankle-left,,,,,\n") == {"identical": 1}
    assert clinic.seen("patient_code,sex,birth\nP-07,,\n") == {"identical": 1}


def test_a_blank_clears_only_where_that_was_said_with_a_reason(clinic):
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,LC,\n")
    blank = f"{VISITS}\nP-07,2026-02-01,ankle-left,,18,ng/mL,,\n"
    with pytest.raises(InputError) as refused:
        clinic.take(blank, blank_clears=True)
    assert str(refused.value) == "Blanks that take back what is recorded need a reason. Give it: --why REASON"
    clinic.take(blank, blank_clears=True, why="wrong leg")
    shown = clinic.show()
    assert shown["pain_scores"] == []
    assert [(one["value"], one["assay"]) for one in shown["vitamin_d"]] == [(18.0, None)]
    everything = f"{VISITS}\nP-07,2026-02-01,ankle-left,,,,,\n"
    assert clinic.refused(everything, blank_clears=True, why="all") == [
        "row 2: visit 1 would hold nothing any more; take it back: tracker visit void 1."
    ]


def test_a_score_ends_the_reason_why_there_was_none(clinic):
    head = "patient_code,visit_date,site,pain_nrs,missing_reason"
    clinic.take(f"{head}\nP-07,2026-02-01,ankle-left,,refused\n")
    clinic.take(f"{head}\nP-07,2026-02-01,ankle-left,4,\n")
    assert [(one["score"], one["missing_reason"]) for one in clinic.show()["pain_scores"]] == [(4, None)]


def test_the_extent_goes_with_an_edema_that_is_gone(clinic):
    head = "patient_code,visit_date,site,modality,finding,presence,edema_grade,edema_pattern"
    clinic.take(f"{head}\nP-07,2026-02-01,talus-left,mri,edema,present,3,patchy\n")
    clinic.take(f"{head}\nP-07,2026-02-01,talus-left,mri,edema,absent,,\n")
    (finding,) = clinic.show()["imaging"]
    assert (finding["presence"], finding["edema_grade"], finding["edema_pattern"]) == ("absent", None, None)


def test_problems_are_told_together_and_nothing_is_written(clinic):
    n_entries = clinic.record.count()
    assert clinic.refused(
        f"{VISITS}\nP-07,2026-02-01,ankle-left,7,,,,\nP-7,2026-02-01,ankle-left,7,,,,\n"
        "P-07,2027-01-01,ankle-left,7,,,,\nP-07,2026-02-01,ankle-left,6,,,,\n"
        "P-07,2026-02-02,,,18,,,\n"
    ) == [
        "row 3: there is no patient 'P-7'. Did you mean 'P-07'? Add the patient, or import patients first.",
        "row 4: the day '2027-01-01' lies in the future; today is Tue 2026-03-10.",
        "row 5: row 2 gives another value for pain score (nrs ankle-left overall) of that day.",
        "row 6: vitamin_d_unit is blank, but vitamin_d has a value. Write ng/mL, nmol/L or ug/L.",
    ]
    assert clinic.record.count() == n_entries


def test_rejected_rows_can_be_left_out(clinic):
    text = f"{VISITS}\nP-07,2026-02-01,ankle-left,7,,,,\nP-07,2026-02-05,ankle-left,11,,,,\n"
    done = clinic.take(text, skip_rejected=True)
    assert [problem.row for problem in done.plan.problems] == [3]
    assert scores(clinic) == [("2026-02-01", "ankle-left", 7)]


def test_a_rejected_fact_takes_its_whole_row_with_it(clinic):
    done = clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,,,\n", skip_rejected=True)
    assert (done.entry, clinic.show()["visits"]) == (None, [])


def test_what_a_rejected_row_said_too_is_brought_by_the_row_that_stays(clinic):
    text = (
        f"{VISITS}\nP-07,2026-02-01,ankle-left,7,18,ng/mL,,\nP-07,2026-02-01,ankle-left,6,20,ng/mL,,\n"
        "P-07,2026-02-02,ankle-left,7,18,,,stays\nP-07,2026-02-02,ankle-left,7,,,,stays\n"
    )
    done = clinic.take(text, skip_rejected=True)
    assert [problem.row for problem in done.plan.problems] == [3, 3, 4]
    assert scores(clinic) == [("2026-02-01", "ankle-left", 7), ("2026-02-02", "ankle-left", 7)]
    assert [note["text"] for note in clinic.show()["notes"]] == ["stays"]


def test_what_changed_since_the_preview_is_not_written_over(clinic):
    table = clinic.read(f"{VISITS}\nP-07,2026-02-01,ankle-left,7,,,,\n")
    seen = preview_import(clinic.database, table, today=TODAY)
    clinic.take(f"{VISITS}\nP-07,2026-02-01,ankle-left,5,,,,\n")
    with pytest.raises(ConflictError) as refused:
        import_table(clinic.database, table, clinic.record.origin("import"), expected=seen)
    assert str(refused.value) == (
        "Somebody changed the record since this was shown. Look at it again: run the same command."
    )


def test_of_two_visits_of_one_day_the_one_that_holds_a_fact_is_corrected(clinic):
    patient_id = 1
    clinic.record.visit(patient_id, "2026-02-01", {"talus-left": 5})
    clinic.record.visit(patient_id, "2026-02-01", {"hip-left": 4})
    head = "patient_code,visit_date,site,aspect,pain_nrs"
    clinic.take(f"{head}\nP-07,2026-02-01,hip-left,load,3\n")
    assert scores(clinic) == [("2026-02-01", "talus-left", 5), ("2026-02-01", "hip-left", 3)]
    clinic.record.visit(patient_id, "2026-02-01", {"hip-left": 8})
    assert clinic.seen(f"{head}\nP-07,2026-02-01,hip-left,load,8\n") == {"identical": 1}
    assert clinic.refused(f"{head}\nP-07,2026-02-01,hip-left,load,9\n") == [
        "row 2: visits 2, 3 of that day hold another pain score (nrs hip-left load); correct the one that is meant: "
        "tracker visit edit."
    ]


def test_codes_that_read_alike_are_one_patient(clinic):
    assert clinic.refused("patient_code,sex\np-07,M\nX-1,F\nx-1,F\nP-07,F\nP-07,M\n") == [
        "row 2: There already is a patient 'P-07', and 'p-07' would be taken for it. Look: tracker patient show P-07. "
        "Choose another code for another person.",
        "row 4: row 3 says something else of patient 'X-1'.",
        "row 5: row 2 says something else of patient 'p-07'.",
        "row 6: row 2 says something else of patient 'p-07'.",
    ]
    assert clinic.refused("patient_code,birth\nX-1,1980-05-03\n") == [
        "row 2: '1980-05-03' is too exact for a birth; a year or a month is stored, so that nobody can be "
        "identified by "
        "it. Write 1980 or 1980-05."
    ]


def test_a_patient_is_corrected_by_the_code(clinic):
    clinic.take("patient_code,birth\nP-07,1980\n")
    shown = clinic.show()
    assert (shown["sex"], shown["birth"]) == ("M", "1980")


EPISODES = "patient_code,site,onset,onset_mode,closed_on,closing_reason"


def episodes(clinic):
    return [(one["site"], one["onset"], one["closed_on"]) for one in clinic.show()["episodes"]]


def test_an_episode_is_known_by_its_onset_or_as_the_only_one_of_its_site(clinic):
    for row in ("P-07,ankle-left,2026-01,acute,,", "P-07,ankle-left,,,,"):
        assert clinic.seen(f"{EPISODES}\n{row}\n") == {"identical": 1}
    clinic.take(f"{EPISODES}\nP-07,ankle-left,2025-12,,2026-02-20,no pain\n")
    assert episodes(clinic) == [("ankle-left", "2025-12", "2026-02-20")]
    clinic.take(f"{EPISODES}\nP-07,ankle-left,2026-03,,,\n")
    assert episodes(clinic) == [("ankle-left", "2025-12", "2026-02-20"), ("ankle-left", "2026-03", None)]


def test_episodes_that_cannot_stand_together_are_refused(clinic):
    refused = clinic.refused(
        f"{EPISODES}\nP-07,hip-left,2026-01,,,\nP-07,hip-left,2026-02,,,\nP-07,knee-left,1950,,,\n"
        "P-07,talus-left,2026-03,,2026-01,done\nP-07,sacrum,2026-01,,,done\nP-07,knee-right,2026-01,,2027,x\n"
    )
    assert refused == [
        "row 3: P-07 would have two open episodes at left hip: one with onset January 2026, day not known and one with "
        "onset February 2026, day not known. Close one first: tracker episode close P-07 hip-left --on DATE --why "
        "REASON.",
        "row 4: The onset 1950, month not known lies before the birth (1979). Correct one of them.",
        "row 5: The closing day January 2026, day not known lies before the onset (March 2026, day not known). Give a "
        "later day, or correct the onset: tracker episode edit.",
        "row 6: closing_reason is given, but closed_on is blank.",
        "row 7: the day '2027' lies in the future; today is Tue 2026-03-10.",
    ]


TREATMENTS = "patient_code,treatment,started,ended,dose_since,dose,dose_unit,schedule"


def test_treatments_come_with_doses_and_are_corrected_by_what_they_are_and_since_when(clinic):
    text = (
        f"{TREATMENTS}\nP-07,ibandronate,2026-01,,,6,mg,monthly\nP-07,ibandronate,2026-01,,2026-02,3,mg,\n"
        "P-07,crutches,,,,,,\n"
    )
    clinic.take(text)
    assert clinic.seen(text) == {"identical": 3}
    clinic.take(f"{TREATMENTS}\nP-07,ibandronate,2026-01,2026-03,2026-02,4,,\n")
    shown = [
        (one["treatment"], one["ended"], [(dose["dose_since"], dose["dose"]) for dose in one["doses"]])
        for one in clinic.show()["treatments"]
    ]
    assert sorted(shown) == [("crutches", None, []), ("ibandronate", "2026-03", [("2026-01", 6.0), ("2026-02", 4.0)])]


def test_treatments_that_cannot_be_are_refused(clinic):
    assert clinic.refused(
        f"{TREATMENTS}\nP-07,crutches,2026-02,2026-01,,,,\nP-07,boot,,,,1,sessions,\nP-07,other,2026-01,,,,,\n"
        "P-07,rest,2026-01,2026-02,2026-03,1,sessions,\nP-07,cast,2026-01,2026-02,,,,\nP-07,cast,2026-01,2026-03,,,,\n"
        "P-07,calcium,2026-01,,,1,g,\nP-07,calcium,2026-01,,,2,g,\n"
    ) == [
        "row 2: The end January 2026, day not known lies before the start (February 2026, day not known). Correct "
        "one of "
        "them.",
        "row 3: dose_since is blank, and so is the start of the treatment.",
        "row 4: The treatment 'other' needs words. Say what it was: --words 'compression stocking'.",
        "row 5: The dose from March 2026, day not known lies outside the treatment. Correct one of the dates, or take "
        "the dose back: tracker treatment dose NUMBER void --from DATE.",
        "row 7: row 6 gives another end for this treatment.",
        "row 9: row 8 gives another dose from 2026-01.",
    ]


@pytest.mark.parametrize(
    ("header", "first", "then", "field", "values"),
    [
        (
            "patient_code,cause,decided_on,cause_state,how",
            "stress-fracture,2026-02-01,pending,MRI",
            "stress-fracture,2026-02-01,excluded,",
            "differential",
            ("state", "how"),
        ),
        (
            "patient_code,checklist,item,examined_on,presence,item_about",
            "risk,smoking,2026-02-01,present,patient",
            "risk,smoking,2026-02-01,absent,",
            "checklist_items",
            ("presence", "about"),
        ),
        (
            "patient_code,stated_on,pregnancy_state,gestational_week",
            "2026-02-01,pregnant,30",
            "2026-02-01,delivered,",
            "pregnancy",
            ("state", "gestational_week"),
        ),
        (
            "patient_code,visit_date,analyte,lab_value,lab_unit,limit_high",
            "2026-02-01,crp,<3,mg/L,5",
            "2026-02-01,crp,4,,",
            "labs",
            ("value", "comparator", "unit", "limit_high"),
        ),
        (
            "patient_code,visit_date,scale,function_score",
            "2026-02-01,aofas-ankle-hindfoot,80",
            "2026-02-01,aofas-ankle-hindfoot,85.5",
            "function_scores",
            ("score", "about"),
        ),
    ],
    ids=["differential", "checklist", "pregnancy", "lab", "function"],
)
def test_other_facts_are_recorded_corrected_and_left(clinic, header, first, then, field, values):
    for row in (first, then):
        text = f"{header}\nP-07,{row}\n"
        clinic.take(text)
        assert clinic.seen(text) == {"identical": 1}
    expected = {
        "differential": ("excluded", "MRI"),
        "checklist_items": ("absent", "patient"),
        "pregnancy": ("delivered", None),
        "labs": (4.0, None, "mg/L", 5.0),
        "function_scores": (85.5, "patient"),
    }
    (shown,) = clinic.show()[field]
    assert tuple(shown[name] for name in values) == expected[field]


CODES = itertools.count()
SITES = ("ankle-left", "talus-left", "hip-right")
DAYS = ("2026-01-05", "2026-01-20", "2026-02", "~2026-02-14")
ROW = st.tuples(
    st.sampled_from(DAYS),
    st.sampled_from(SITES),
    st.sampled_from(("load", "rest")),
    st.one_of(st.none(), st.integers(0, 10)),
    st.sampled_from((None, "not_asked", "refused")),
)


def by_place(rows):
    """Give one row for each day, site and aspect, so that a file does not contradict itself."""
    return list({row[:3]: row for row in rows}.values())


def as_table(code, rows):
    lines = [
        f"{code},{day},{site},{aspect},{'' if score is None else score},{reason if score is None and reason else ''}"
        for day, site, aspect, score, reason in rows
    ]
    return "\n".join(["patient_code,visit_date,site,aspect,pain_nrs,missing_reason", *lines, ""])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request, new_database, recorder, tmp_path_factory):
    with open_database(new_database(request.param)) as database:
        yield Clinic(recorder(database), tmp_path_factory.mktemp("tables"))


@given(rows=st.lists(ROW, max_size=10).map(by_place), later=st.lists(ROW, max_size=6).map(by_place), data=st.data())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_order_gives_the_same_record_twice_changes_nothing_and_undo_restores(shared, rows, later, data):
    one, other = f"P-{next(CODES)}", f"P-{next(CODES)}"
    shared.take(f"patient_code,sex\n{one},F\n{other},F\n")
    empty = facts(shared, one)
    shared.take(as_table(one, rows))
    for row in data.draw(st.permutations(rows)):
        shared.take(as_table(other, [row]))
    assert facts(shared, one) == facts(shared, other)
    assert shared.take(as_table(one, rows)).entry is None

    # a score that was taken back and restored stands behind those of its visit that were not
    before = facts(shared, one)
    done = shared.take(as_table(one, later))
    after = facts(shared, one)
    if done.entry is None:
        assert after == before
        return
    undone = undo_entry(shared.database, done.entry.entry_id, shared.record.origin("undo"))
    assert facts(shared, one) == before
    undo_entry(shared.database, undone.entry.entry_id, shared.record.origin("undo"))
    assert facts(shared, one) == after
    assert empty == ([], [])


def facts(clinic, code):
    """Give visits and scores of a patient without their numbers, sorted: what a record says, in whatever order."""
    shown = clinic.show(code)
    scores = [tuple(value for name, value in one.items() if name != "visit_id") for one in shown["pain_scores"]]
    return sorted(one["visit_date"] for one in shown["visits"]), sorted(scores, key=repr)
