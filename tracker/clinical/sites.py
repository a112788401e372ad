"""Anatomical sites: bones in joints in regions, each with its side.

`sites.csv` holds one row per code. `within` names what a place is part of, the
joint first: the talus is part of the ankle and of the hindfoot. `neighbours` of
a bone touch it, those of a joint or region are the next ones along the limb. The file
carries a SNOMED CT code only where a published value set shows exactly that
structure: a metatarsal's head and base are coded, the whole bone is not, and
`ankle` and `knee` carry the joints' codes, not the regions'.

A site key is ``code-side`` (``talus-left``), or the code alone on the midline (``sacrum``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tracker.clinical.vocabulary import Side, SiteLevel
from tracker.errors import InputError, NotFoundError

_FILE = Path(__file__).with_name("sites.csv")
_SIDES = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}
_BOTH = ("both", "bilateral")
_EXAMPLES = "Sites are written bone-side or joint-side, such as talus-left, ankle-right or sacrum."
_LIST = "List sites: tracker site list"


@dataclass(frozen=True, slots=True)
class Site:
    """One place of the body with its side.

    `joint` is the code of the joint it belongs to and `region` that of the widest
    place around it; a joint or region is its own joint, and a place that is part
    of nothing its own region. `within` are the codes directly around it;
    `neighbours` are site keys.
    """

    key: str
    code: str
    side: Side
    label: str
    level: SiteLevel
    joint: str
    region: str
    within: tuple[str, ...]
    neighbours: tuple[str, ...]
    snomed: str | None

    @property
    def joint_key(self) -> str:
        """Key of the joint it belongs to, on the same side."""
        return _key(self.joint, self.side)


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    label: str
    level: SiteLevel
    within: tuple[str, ...]
    sided: bool
    neighbours: tuple[str, ...]
    snomed: str | None


def find_site(text: str) -> Site:
    """Give the site that was written, whatever the case, spaces or order of the side.

    ``talus-left``, ``Talus left``, ``left talus``, ``talus_left`` and ``talus-L`` are one site.

    Raises
    ------
    NotFoundError
        If there is no such site; the message offers the nearest spelling.
    InputError
        If a paired site has no side, a midline site has one, or both sides are asked for at once.
    """
    sites = _sites()
    if text in sites:
        return sites[text]
    code, side = _split(text)
    row = _rows().get(code)
    if row is None:
        raise _unknown(text, code, side)
    if not row.sided:
        if side is None:
            return sites[code]
        raise InputError(f"'{text}' has a side, but the {row.label} lies on the midline.", hint=f"Write {code}.")
    if side is None:
        raise InputError(f"'{text}' needs a side.", hint=f"Write {code}-left or {code}-right.")
    if side in _BOTH:
        raise InputError(f"'{text}' is two sites.", hint=f"Write {code}-left and {code}-right, each with its value.")
    return sites[f"{code}-{side}"]


def all_sites() -> tuple[Site, ...]:
    """Give every site, left before right, in the order of the file."""
    return tuple(_sites().values())


def site_label(key: str) -> str:
    """Write a site as people say it: ``left talus``."""
    return find_site(key).label


def joint_key(key: str) -> str:
    """Give the key of the joint a site belongs to; a joint's or region's own key."""
    return find_site(key).joint_key


@cache
def belongs_to(key: str, parent_key: str) -> bool:
    """Whether a site is, or is part of, another one on the same side."""
    site, parent = find_site(key), find_site(parent_key)
    return site.side is parent.side and parent.code in _around(site.code)


def _key(code: str, side: Side) -> str:
    return code if side is Side.MIDLINE else f"{code}-{side}"


def _split(text: str) -> tuple[str, str | None]:
    """Give the code and the side as written: a side word may stand first or last."""
    words = text.lower().replace("_", " ").replace("-", " ").split()
    for at in (-1, 0):
        if len(words) > 1 and (words[at] in _SIDES or words[at] in _BOTH):
            said = words.pop(at)
            return "-".join(words), said if said in _BOTH else _SIDES[said]
    return "-".join(words), None


def _unknown(text: str, code: str, side: str | None) -> NotFoundError:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped site pays for it

    close = get_close_matches(code, _rows(), n=3)
    if not close:
        return NotFoundError(f"No site '{text}'.", hint=f"{_EXAMPLES} {_LIST}")
    keys = [key for near in close for key in _keys_of(_rows()[near], side)]
    return NotFoundError(f"No site '{text}'.", hint=f"Did you mean {_either(keys)}? {_LIST}")


def _keys_of(row: _Row, side: str | None) -> tuple[str, ...]:
    if not row.sided:
        return (row.code,)
    sides = (Side.LEFT, Side.RIGHT) if side is None or side in _BOTH else (side,)
    return tuple(f"{row.code}-{one}" for one in sides)


def _either(keys: list[str]) -> str:
    quoted = [f"'{key}'" for key in keys]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


@cache
def _rows() -> MappingProxyType[str, _Row]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = [
            _Row(
                code=row["code"],
                label=row["label"],
                level=SiteLevel(row["level"]),
                within=tuple(row["within"].split()),
                sided=row["sided"] == "yes",
                neighbours=tuple(row["neighbours"].split()),
                snomed=row["snomed"] or None,
            )
            for row in csv.DictReader(lines)
        ]
    return MappingProxyType({row.code: row for row in rows})


@cache
def _sites() -> MappingProxyType[str, Site]:
    sites = [
        _site(row, side)
        for row in _rows().values()
        for side in ((Side.LEFT, Side.RIGHT) if row.sided else (Side.MIDLINE,))
    ]
    return MappingProxyType({site.key: site for site in sites})


def _site(row: _Row, side: Side) -> Site:
    rows, around = _rows(), tuple(_around(row.code))
    joints = [code for code in around if rows[code].level is SiteLevel.JOINT]
    return Site(
        key=_key(row.code, side),
        code=row.code,
        side=side,
        label=row.label if side is Side.MIDLINE else f"{side} {row.label}",
        level=row.level,
        joint=joints[0] if joints else row.code,
        region=next(code for code in around if not rows[code].within),
        within=row.within,
        neighbours=tuple(key for code in row.neighbours for key in _on_side(rows[code], side)),
        snomed=row.snomed,
    )


def _on_side(row: _Row, side: Side) -> tuple[str, ...]:
    """Give the keys of a neighbour: of the same side, or both from the midline."""
    return _keys_of(row, None if side is Side.MIDLINE else side)


def _around(code: str) -> Iterator[str]:
    """Walk from a place outwards: itself, then what it is part of."""
    yield code
    for outer in _rows()[code].within:
        yield from _around(outer)
