"""Exports: read the record as it was known, write the files, and say in the ledger that they left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.clinical.vocabulary import ExportKind
from tracker.database import releases
from tracker.database.ledger import Draft, Entry, Origin, append
from tracker.database.session import Database
from tracker.errors import ConflictError, InputError
from tracker.exchange.release.files import ReleaseFiles, open_release_files
from tracker.exchange.release.folder import check_new_folder, new_folder
from tracker.service.collector import collector_at_rest
from tracker.service.releases.differing import Difference, refusal, telling_difference
from tracker.service.releases.naming import Cells
from tracker.service.releases.planning import ExportOrder, Plan, plan_export
from tracker.service.releases.rows import Chapter, chapter, recorded_rows
from tracker.service.writing import check_origin

PATIENTS_AT_ONCE = 500

Watcher = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported, or would be: then `entry` and `manifest_sha256` are None.

    `new_release` is one begun by it; `difference` is to an export before it, where that is of few patients.
    """

    n_patients: int
    n_rows: Mapping[str, int]
    manifest_sha256: str | None
    entry: Entry | None
    new_release: bool
    difference: Difference | None


def export_release(database: Database, order: ExportOrder, origin: Origin, *, watch: Watcher) -> Exported:
    """Write an export and say so in the ledger: both, or neither.

    Memory does not grow with the record: so many patients at a time are read, written and forgotten.

    Parameters
    ----------
    database : Database
        The record.
    order : ExportOrder
        What is to be exported.
    origin : Origin
        Who exports; an identified export needs a reason.
    watch : callable
        Is told how many patients are done, of how many.

    Raises
    ------
    InputError
        If an identified export has no reason, or a de-identified one would be of too few patients, or, without a
        reason, differ by few from one before it.
    ConflictError, AccessError
        If the folder is taken or cannot be written.
    """
    _check(order, origin)
    with new_folder(order.out) as folder:
        with database.reading() as connection:
            plan, difference = _plan(connection, order, origin, database.schema_revision)
            with open_release_files(folder.path, plan.tables, plan.about) as files:
                _write(connection, plan, files, watch)
                manifest = files.finish()
        with database.writing() as connection:
            draft = Draft(connection)
            _draft(draft, connection, plan, manifest.sha256)
            entry = append(connection, draft, origin)
            # last before the commit: an entry without its files is as wrong as files without their entry
            folder.publish()
    return Exported(len(plan.chosen), dict(files.n_rows), manifest.sha256, entry, plan.new_release, difference)


def preview_export(database: Database, order: ExportOrder, origin: Origin, *, watch: Watcher) -> Exported:
    """Count what `export_release` would write, and refuse what it would refuse; write nothing."""
    _check(order, origin)
    with database.reading() as connection:
        plan, difference = _plan(connection, order, origin, database.schema_revision)
        counted = ReleaseFiles(
            order.out,
            {table.name: table for table in plan.tables},
            plan.about,
            {table.name: 0 for table in plan.tables},
            {table.name: [] for table in plan.tables},
        )
        _write(connection, plan, counted, watch)
    return Exported(len(plan.chosen), dict(counted.n_rows), None, None, plan.new_release, difference)


def _check(order: ExportOrder, origin: Origin) -> None:
    check_new_folder(order.out)
    check_origin(origin)
    if order.identified and origin.reason is None:
        raise InputError("An identified export needs a reason, kept in the ledger.", hint="Give --reason TEXT.")


def _plan(
    connection: Connection, order: ExportOrder, origin: Origin, schema_revision: str
) -> tuple[Plan, Difference | None]:
    plan = plan_export(connection, order, schema_revision)
    difference = telling_difference(connection, order, plan.chosen)
    if difference is not None and origin.reason is None:
        raise refusal(difference, order)
    return plan, difference


def _write(connection: Connection, plan: Plan, files: ReleaseFiles, watch: Watcher) -> None:
    """Read, write and forget so many patients at a time."""
    derived = _derivation(plan)
    done, total = 0, len(plan.chosen)
    watch(done, total)
    with collector_at_rest():
        for chapters in _chapters(connection, plan):
            for name, found in (_rows(chapters, plan) | derived(chapters)).items():
                files.write(name, found)
            done += len(chapters)
            watch(done, total)


def _rows(chapters: Sequence[Chapter], plan: Plan) -> dict[str, list[Cells]]:
    rows: dict[str, list[Cells]] = {}
    for one in chapters:
        plan.naming.begin(one.record)
        for name, found in recorded_rows(one, plan.naming).items():
            rows.setdefault(name, []).extend(found)
    return rows


def _chapters(connection: Connection, plan: Plan) -> Iterator[list[Chapter]]:
    order = plan.order
    for start in range(0, len(plan.chosen), PATIENTS_AT_ONCE):
        people = plan.chosen[start : start + PATIENTS_AT_ONCE]
        records = releases.records_of(connection, people, known_until=plan.known_until, with_notes=order.identified)
        yield [
            chapter(record.until(order.as_of, today=order.today), as_of=order.as_of, edition=plan.edition)
            for record in records
        ]


def _derivation(plan: Plan) -> Callable[[Sequence[Chapter]], dict[str, list[Cells]]]:
    """Give what reads courses, flags and second sites of some patients; nothing where they are not asked for."""
    if not plan.order.with_courses:
        return lambda chapters: {}
    from tracker.service.releases.derived import derivation  # noqa: PLC0415 - an export without courses loads no numba

    return derivation(plan.edition, plan.naming, plan.provenance, today=plan.order.today)


def _draft(draft: Draft, connection: Connection, plan: Plan, manifest_sha256: str) -> None:
    """Draft what the ledger says of an export; with its first one also the secret of a release."""
    order = plan.order
    if plan.new_secret is not None:
        if releases.release_secret(connection, str(order.release_name)) is not None:
            raise ConflictError(
                f"Somebody else began the release '{order.release_name}' meanwhile.", hint="Run the command again."
            )
        draft.record("release_key", {"release_name": order.release_name, "secret": plan.new_secret})
    draft.record(
        "export_made",
        {
            "release_name": order.release_name,
            "kind": ExportKind.IDENTIFIED if order.identified else ExportKind.DE_IDENTIFIED,
            "selection": plan.about.facts["selection"],
            "formats": ", ".join(order.formats),
            "n_patients": len(plan.chosen),
            "manifest_sha256": manifest_sha256,
        },
    )
