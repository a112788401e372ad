"""Filing a case report: its files appear together, and the ledger says that they left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.clinical.vocabulary import ExportKind
from tracker.database.ledger import Draft, Entry, Origin, append
from tracker.database.session import Database
from tracker.exchange.release.describing import manifest_text, written_file
from tracker.exchange.release.files import MANIFEST
from tracker.exchange.release.folder import as_sentence, check_new_folder, new_folder
from tracker.service.writing import check_origin


@dataclass(frozen=True, slots=True)
class CaseReportOrder:
    """Which files of which patient go where; `facts` are what the manifest says beside them, as JSON takes it."""

    patient_code: str
    out: Path
    files: Mapping[str, str]
    facts: Mapping[str, object]


def check_case_report(order: CaseReportOrder, origin: Origin) -> None:
    """Refuse what `file_case_report` would refuse; write nothing."""
    check_new_folder(order.out)
    check_origin(origin)


def file_case_report(database: Database, order: CaseReportOrder, origin: Origin) -> Entry:
    """Write the files of a case report and say so in the ledger: both, or neither.

    The ledger, which stays in the clinic, names the patient; the files do not.

    Raises
    ------
    ConflictError, AccessError
        If the folder is taken or cannot be written.
    """
    check_case_report(order, origin)
    with new_folder(order.out) as folder:
        with as_sentence(order.out):
            for name, text in order.files.items():
                (folder.path / name).write_text(text, encoding="utf-8", newline="\n")
            written = [written_file(folder.path / name) for name in order.files]
            manifest = folder.path / MANIFEST
            manifest.write_text(manifest_text(order.facts, {}, written), encoding="utf-8", newline="\n")
            sha256 = written_file(manifest).sha256
        with database.writing() as connection:
            draft = Draft(connection)
            draft.record(
                "export_made",
                {
                    "kind": ExportKind.CASE_REPORT,
                    "selection": f"patient {order.patient_code}",
                    "formats": "markdown, svg, csv",
                    "n_patients": 1,
                    "manifest_sha256": sha256,
                },
            )
            entry = append(connection, draft, origin)
            folder.publish()
    return entry
