"""Words on a terminal: parse, call one service function, print.

`main` is the only way in. A noun's module is imported when that noun is typed,
and a command imports what it needs when it runs, so that logging a visit never
waits for pandas, plotly or the course model.
"""

from __future__ import annotations

from tracker.cli.root import root


def main() -> None:
    """Run the command line and leave with its exit code."""
    root(prog_name="tracker")
