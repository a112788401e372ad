"""`python -m tracker`, and the console script: whoever stops the program reads a sentence, from the first moment on.

The command line is imported inside: that takes a good part of a second, in which Ctrl-C must not end in a traceback.
"""

import sys

_INTERRUPTED = 130


def run() -> None:
    """Run the command line and leave with its exit code."""
    said = "Stopped before anything was done."
    try:
        from tracker.cli import main  # noqa: PLC0415 - see above

        said = "Stopped."  # the command line says itself what was written
        main()
    except KeyboardInterrupt:
        print(said, file=sys.stderr)  # noqa: T201 - nothing else of the program may be there yet
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    run()
