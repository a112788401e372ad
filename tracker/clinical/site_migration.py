"""What counts as site migration: the cited rules, and which places bear weight or are many bones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.clinical.reference import Edition, load_edition

RULES_FILE = Path(__file__).with_name("site_migration_v1.toml")

WEIGHT_BEARING_JOINTS = ("hip", "knee", "foot-and-ankle")
"""Where somebody should have looked on both sides before saying that nothing migrated."""

WEIGHT_BEARING_REGIONS = (*WEIGHT_BEARING_JOINTS, "lower-leg", "spine")
"""Places that count as weight-bearing in the strict rule, with all that is part of them."""

GROUPS_OF_BONES = ("cuneiform", "metatarsus", "foot-sesamoid")
"""Codes of the site list that stand for "one of these, which is not stated": no bone of their own."""


@cache
def site_migration_rules() -> Edition:
    """Read the cited rules."""
    return load_edition(RULES_FILE)
