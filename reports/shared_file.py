"""The script that all pages of a folder share: Plotly, and what draws charts and steps the foot map.

Plotly is its distribution with the few kinds of trace that charts here are made of, brought along in `vendor` (the
Python package brings only the one with all of them, four times as large, and a browser reads all of it before the first
chart). `scripts/update_plotly` fetches it.

The name of the script holds the version of the one and eight digits of the hash of the other, so that pages of an older
program beside these keep their own.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from reports.chart_script import as_script, shared_script
from reports.files import write_files
from reports.foot_map_drawing import foot_map_words
from reports.sentences import load_sentences
from reports.templating import load_template

_VENDOR = Path(__file__).with_name("vendor")
_BEGIN, _END = "plotly-basic-", ".min.js"


def plotly_script() -> Path:
    """Give the place of the one distribution of Plotly that is brought along."""
    (found,) = _VENDOR.glob(f"{_BEGIN}*{_END}")
    return found


def plotly_version() -> str:
    """Give the version of that distribution."""
    return plotly_script().name.removeprefix(_BEGIN).removesuffix(_END)


def script_name() -> str:
    """Name the shared script, both versions within."""
    return f"plotly-{plotly_version()}-{sha256(_own().encode()).hexdigest()[:8]}.min.js"


def write_script(path: Path) -> None:
    """Write the shared script unless it is there whole: its name holds its version, so the size tells."""
    script = _whole()
    if not (path.is_file() and path.stat().st_size == len(script)):
        write_files({path: script})


@cache
def _whole() -> bytes:
    """Read a megabyte once, not for every page."""
    return plotly_script().read_bytes() + f"\n{_own()}".encode()


@cache
def _own() -> str:
    charts = load_template("charts.js").render(shared=shared_script())
    return charts + load_template("foot_map.js").render(foot_map=Markup(as_script(foot_map_words(load_sentences()))))
