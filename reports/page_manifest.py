"""What was written into a folder of patient pages: which pages, of which bytes, and what each was drawn from.

It lies beside the pages. Whoever writes pages there again draws only what has changed, and removes only what
stands in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from reports.clinic_row import ClinicRow, row_as_json, row_from_json
from reports.files import write_file

MANIFEST_NAME = "pages.json"
_FORMAT = 1
_PAGE_NAME = re.compile(r"patient-[A-Za-z0-9._-]+\.html")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page: its file name, the SHA-256 of its bytes, and its row in the list.

    `newest_entry` is the ledger entry it rests on, `basis` the hash of all it was drawn from.
    """

    page: str
    sha256: str
    newest_entry: int
    basis: str
    row: ClinicRow


@dataclass(frozen=True, slots=True)
class Manifest:
    """The pages of one record by patient code; `record` tells it from every other one."""

    record: str
    pages: Mapping[str, KeptPage]


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of a folder; None where there is none, or one that says nothing to this program."""
    try:
        content = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            return None
        return Manifest(
            record=str(content["record"]),
            pages={code: _page(values) for code, values in content["pages"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """Write the manifest beside its pages (`AccessError` if it cannot be written)."""
    pages = {
        code: {
            "page": kept.page,
            "sha256": kept.sha256,
            "newest_entry": kept.newest_entry,
            "basis": kept.basis,
            "row": row_as_json(kept.row),
        }
        for code, kept in sorted(manifest.pages.items())
    }
    content = {"format": _FORMAT, "record": manifest.record, "pages": pages}
    return write_file(folder / MANIFEST_NAME, json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def is_whole(kept: KeptPage, folder: Path) -> bool:
    """Whether the page lies in the folder with the bytes that were written."""
    try:
        return sha256((folder / kept.page).read_bytes()).hexdigest() == kept.sha256
    except OSError:
        return False


def _page(values: Mapping[str, object]) -> KeptPage:
    name, row = str(values["page"]), values["row"]
    if _PAGE_NAME.fullmatch(name) is None or not isinstance(row, Mapping):
        raise ValueError(f"'{name}' is no page of a patient")  # a manifest somebody wrote: no other file is touched
    return KeptPage(
        page=name,
        sha256=str(values["sha256"]),
        newest_entry=int(str(values["newest_entry"])),
        basis=str(values["basis"]),
        row=row_from_json(row),
    )
