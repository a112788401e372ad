"""The fact tables of schema revision 0004: what left the record, and the secrets that ids of a release are made with.

Neither is about a patient. A *release* has a name and a secret; ids in its files are made with that, so that
the same release gives the same ids again and no two releases share one. Whoever can read the database can make them
too, as they can read the record itself. What was exported cannot be taken back, so such an entry cannot be undone.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint

from tracker.clinical.vocabulary import ExportKind
from tracker.database.columns import fact, filled, number, one_of, words

RELEASE_KEY = fact(
    "release_key",
    "release_name",
    ("release_name",),
    words("release_name"),
    words("secret"),
    filled("release_name", at_most=40),
    CheckConstraint("length(secret) = 64", "secret_length"),
)
EXPORT_MADE = fact(
    "export_made",
    "release_name",
    (),
    words("release_name", nullable=True),
    words("kind"),
    words("selection"),
    words("formats"),
    number("n_patients"),
    words("manifest_sha256"),
    filled("release_name", at_most=40),
    one_of("kind", ExportKind),
    filled("selection", at_most=500),
    filled("formats", at_most=100),
    CheckConstraint("n_patients >= 0", "n_patients_range"),
    CheckConstraint("length(manifest_sha256) = 64", "manifest_sha256_length"),
    CheckConstraint("(release_name IS NULL) = (kind <> 'de-identified')", "release_when_de_identified"),
)

SECRETS = {RELEASE_KEY.name: "secret"}
"""Columns that no command prints, by table."""

RELEASE_FACTS = (RELEASE_KEY, EXPORT_MADE)
