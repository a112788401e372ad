"""The pages of a whole clinic: what has changed is drawn, the rest is kept, and the list of patients comes last.

A run that is stopped leaves every page whole, old or new; the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.page_drawing import PAGES_NAME, Drawing, draw_pages
from tracker.errors import AccessError, ConflictError

if TYPE_CHECKING:
    from reports.page_manifest import KeptPage, Manifest
    from tracker.database.session import Database
    from tracker.database.whole_records import DatedRecord
    from tracker.service.clinic import Clinic

Watch = Callable[[int, int], None]
Planned = Callable[[Sequence[str]], None]
_STALE_SECONDS = 3600
"""Nobody takes so long to write one page: what is left of it then was cut off."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What pages are asked for: where, as of which day, as known when, against which edition (None: the cited one).

    With `only_touched` a page of an earlier day stays as it is until the patient is written about again.
    """

    out: Path
    as_of: date
    now: datetime
    edition_file: Path | None = None
    known_at: datetime | None = None
    only_touched: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a run did."""

    page: Path
    n_patients: int
    n_drawn: int
    n_removed: int
    newest_entry: int


def draw_clinic(
    database: Database, asked: Asked, *, watch: Watch | None = None, planned: Planned | None = None
) -> Drawn:
    """Bring all pages of a clinic up to date.

    Parameters
    ----------
    database : Database
        Open for reading.
    asked : Asked
        What pages are asked for.
    watch : callable, optional
        Told after each page how many are done, and how many there are to do.
    planned : callable, optional
        Told whose pages will be drawn, before the first is.

    Raises
    ------
    ConflictError
        If the folder holds pages of another record, or a list that no run of this wrote.
    AccessError
        If the folder cannot be written; pages that were written stay, and each is whole.
    """
    from reports.page_manifest import Manifest, is_whole, write_manifest
    from tracker.service.clinic import read_clinic

    folder = asked.out / PAGES_NAME
    clinic = read_clinic(database, known_at=asked.known_at)
    old = _former(folder, asked.out, clinic)
    drawing = _drawing(asked, clinic)
    _clear_cut_off(folder, asked.now)
    kept = dict(old.pages)
    changed = [one for one in clinic.records if not _stands(one, kept, drawing, asked, lambda k: is_whole(k, folder))]
    if planned is not None:
        planned([one.record.patient_code for one in changed])
    try:
        for n_done, (one, page) in enumerate(zip(changed, draw_pages(changed, drawing), strict=True), start=1):
            kept[one.record.patient_code] = page
            if watch is not None:
                watch(n_done, len(changed))
    except BaseException:
        with suppress(AccessError):  # what stopped the run is told; without this the next one only draws more
            write_manifest(Manifest(clinic.identity, kept), folder)
        raise
    codes = [one.record.patient_code for one in clinic.records]
    written = _write_list(clinic, [kept[code] for code in codes], asked)
    n_removed = _remove(kept, codes, folder)
    write_manifest(Manifest(clinic.identity, {code: kept[code] for code in codes}), folder)
    return Drawn(written, len(codes), len(changed), n_removed, clinic.newest_entry)


def _former(folder: Path, out: Path, clinic: Clinic) -> Manifest:
    """Give what an earlier run wrote there, and refuse a folder that belongs to somebody else."""
    from reports.clinic_page import PAGE_NAME
    from reports.page_manifest import MANIFEST_NAME, Manifest, read_manifest

    found = read_manifest(folder)
    if found is None:
        if (out / PAGE_NAME).exists() and not (folder / MANIFEST_NAME).exists():
            raise ConflictError(
                f"The folder '{out}' holds a page '{PAGE_NAME}' that no clinic report wrote; it was left as it is.",
                hint="Choose another folder with --out DIR.",
            )
        return Manifest(clinic.identity, {})
    if found.record and found.record != clinic.identity:
        raise ConflictError(
            f"The folder '{out}' holds the pages of another record; they were left as they are.",
            hint="Choose another folder for this one with --out DIR.",
        )
    return found


def _drawing(asked: Asked, clinic: Clinic) -> Drawing:
    from importlib.metadata import version

    from tracker import __version__
    from tracker.cli.program_files import source_hash
    from tracker.service.courses import current_edition

    edition = current_edition(asked.edition_file)
    today = asked.now.date()
    rest = (
        f"{__version__} {source_hash()} plotly {version('plotly')}",
        f"{clinic.schema_revision} {edition.name} {edition.sha256}",
        f"{asked.as_of} {today} {clinic.known_until}",
    )
    return Drawing(asked.as_of, today, clinic.schema_revision, asked.edition_file, "\n".join(rest), asked.out)


def _stands(
    one: DatedRecord,
    kept: dict[str, KeptPage],
    drawing: Drawing,
    asked: Asked,
    is_whole: Callable[[KeptPage], bool],
) -> bool:
    """Whether a patient's page can stay as it is."""
    page = kept.get(one.record.patient_code)
    if page is None or page.newest_entry != one.newest_entry:
        return False
    return (asked.only_touched or page.basis == drawing.basis(one.newest_entry)) and is_whole(page)


def _write_list(clinic: Clinic, pages: list[KeptPage], asked: Asked) -> Path:
    from reports.clinic_page import ClinicGroup, ClinicView, write_clinic_page
    from reports.sentences import load_sentences
    from tracker import __version__
    from tracker.analysis.views import Provenance
    from tracker.service.courses import current_edition

    edition = current_edition(asked.edition_file)
    provenance = Provenance(
        program_version=__version__,
        schema_revision=clinic.schema_revision,
        edition=edition.name,
        edition_sha256=edition.sha256,
        as_of=asked.as_of,
        last_entry_id=clinic.newest_entry,
    )
    title = load_sentences().say("clinic", "page_title")
    view = ClinicView(title, (ClinicGroup("", "", tuple(page.row for page in pages)),), provenance)
    return write_clinic_page(view, asked.out)


def _remove(kept: dict[str, KeptPage], codes: list[str], folder: Path) -> int:
    """Remove the pages of patients who are no longer in the record, such as one that was merged into another."""
    staying = {kept[code].page for code in codes}
    gone = {page.page for code, page in kept.items() if code not in set(codes)} - staying
    n_removed = 0
    for name in sorted(gone):
        try:
            (folder / name).unlink()
            n_removed += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            raise AccessError(
                f"Cannot remove '{folder / name}', the page of a patient who is no longer in the record: "
                f"{error.strerror or error}.",
                hint="Remove it yourself.",
            ) from error
    return n_removed


def _clear_cut_off(folder: Path, now: datetime) -> None:
    """Remove what a run that was killed had begun to write; what is younger may still be written."""
    for path in _parts(folder):
        with suppress(OSError):
            if now.timestamp() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


def _parts(folder: Path) -> Iterator[Path]:
    for place in (folder, folder.parent):
        yield from place.glob(".*.part")
