"""The list of all patients as one offline page: searched, sorted and filtered without a server, whole without a script.

The same rows give the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from reports import theme
from reports.clinic_row import DUE, MARKS, MIGRATED, OFF_COURSE, RED_FLAG, ClinicRow
from reports.files import write_file
from reports.sentences import Sentences, load_sentences
from reports.templating import load_template
from tracker.analysis.views import Provenance

PAGE_NAME = "index.html"
_MARK_WORDS = {OFF_COURSE: "off_course", RED_FLAG: "red_flag", DUE: "due_filter", MIGRATED: "migrated"}


@dataclass(frozen=True, slots=True)
class ClinicGroup:
    """Patients under one heading, with what must be known to read them; both may be empty."""

    title: str
    remark: str
    rows: tuple[ClinicRow, ...]


@dataclass(frozen=True, slots=True)
class ClinicView:
    """Everything the list says.

    `provenance` is that of the newest page; a row of an earlier day says so itself. `is_demonstration` marks rows that
    are no patients of a clinic.
    """

    title: str
    groups: tuple[ClinicGroup, ...]
    provenance: Provenance
    is_demonstration: bool = False

    @property
    def rows(self) -> tuple[ClinicRow, ...]:
        """Every row, group by group."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class _Choice:
    """One thing to filter by, and how many rows have it."""

    key: str
    words: str
    n: int


def clinic_page(view: ClinicView) -> str:
    """Make the page as text: the same view gives the same text."""
    sentences = load_sentences()
    bands = _bands(view.rows)
    script = load_template("clinic.js").render()
    rows = view.rows
    return load_template("clinic.html").render(
        view=view,
        rows=rows,
        provenance=view.provenance,
        sentences=sentences,
        theme=theme,
        bands=bands,
        script=Markup(script),  # our own file, and the policy of the page names its hash
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        marks=_marks(rows, sentences),
        sites=_sites(rows),
        groups=_groups(rows),
        n_older=sum(row.as_of != view.provenance.as_of.isoformat() for row in rows),
    )


def write_clinic_page(view: ClinicView, out_dir: Path) -> Path:
    """Write the page into a folder and give its path (`AccessError` if it cannot be written)."""
    return write_file(out_dir / PAGE_NAME, clinic_page(view))


def _bands(rows: Sequence[ClinicRow]) -> dict[str, str]:
    """Give each band that is drawn a key: a clinic has few different ones, so each stands in the page once."""
    found = dict.fromkeys(episode.spark.band for row in rows for episode in row.episodes if episode.spark is not None)
    return {band: f"band-{number}" for number, band in enumerate(found)}


def _marks(rows: Sequence[ClinicRow], sentences: Sentences) -> tuple[_Choice, ...]:
    found = Counter(mark for row in rows for mark in row.marks)
    return tuple(_Choice(mark, sentences.word("clinic", _MARK_WORDS[mark]), found[mark]) for mark in MARKS)


def _sites(rows: Sequence[ClinicRow]) -> tuple[_Choice, ...]:
    """List the sites of all episodes, by name."""
    found = Counter(key for row in rows for key in {(one.site, one.site_key) for one in row.episodes})
    return tuple(_Choice(key, words, n) for (words, key), n in sorted(found.items()))


def _groups(rows: Sequence[ClinicRow]) -> tuple[_Choice, ...]:
    found = Counter(row.group for row in rows if row.group)
    return tuple(_Choice(group, group, n) for group, n in sorted(found.items()))
