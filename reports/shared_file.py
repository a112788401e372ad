"""The script that all pages of a folder share: Plotly, and what draws charts and steps the foot map.

Its name holds the version of the one and eight digits of the hash of the other, so that pages of an older program
beside these keep their own.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from plotly.offline import get_plotlyjs, get_plotlyjs_version  # type: ignore[import-untyped]

from reports.chart_script import as_script, shared_script
from reports.files import write_files
from reports.foot_map_drawing import foot_map_words
from reports.sentences import load_sentences
from reports.templating import load_template


def script_name() -> str:
    """Name the shared script, both versions within."""
    return f"plotly-{get_plotlyjs_version()}-{sha256(_own().encode()).hexdigest()[:8]}.min.js"


def write_script(path: Path) -> None:
    """Write the shared script unless it is there whole: its name holds its version, so the size tells."""
    script = _whole()
    if not (path.is_file() and path.stat().st_size == len(script)):
        write_files({path: script})


@cache
def _whole() -> bytes:
    """Read some megabytes once, not for every page."""
    return f"{get_plotlyjs()}\n{_own()}".encode()


@cache
def _own() -> str:
    charts = load_template("charts.js").render(shared=shared_script())
    return charts + load_template("foot_map.js").render(foot_map=Markup(as_script(foot_map_words(load_sentences()))))
