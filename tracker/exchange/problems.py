"""What is wrong with input files, collected to be told together: file, row, value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.errors import InputError

MOST_SHOWN = 50
_LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file.

    Parameters
    ----------
    file : str
        As it was named on the command line.
    row : int
        As an editor counts: the header is row 1 of a csv file. Rows of a parquet file, which has none, count from
        1 too. 0 where the whole file is meant.
    sentence : str
        With the value quoted, and what is allowed; without its full stop. About a whole file it begins with the verb.
    """

    file: str
    row: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.sentence}." if self.row else f"{self.file} {self.sentence}."


class Problems:
    """Problems of several files: the first ones in full, the others counted."""

    def __init__(self) -> None:
        self._shown: list[Problem] = []
        self._n_more = 0

    def __len__(self) -> int:
        return len(self._shown) + self._n_more

    def add(self, found: Iterable[Problem], n_more: int = 0) -> None:
        """Take in problems of one kind, and how many more there are of it."""
        self._shown += found
        self._n_more += n_more

    def join(self, others: Problems) -> None:
        """Take in the problems of another file."""
        self.add(others._shown, others._n_more)

    def refuse(self) -> None:
        """Raise `InputError` with all of them, by file and row, if there are any."""
        if not len(self):
            return
        shown = sorted(self._shown)[:MOST_SHOWN]
        lines = [f"  {problem}" for problem in shown]
        n_left = len(self) - len(shown)
        if n_left:
            lines.append(f"  ... and {n_left} more")
        count = "1 problem" if len(self) == 1 else f"{len(self)} problems"
        raise InputError(
            "\n".join([f"The input has {count}:", *lines, "Correct the files and run the same command again."])
        )


def quoted(value: str | None) -> str:
    """Quote a value as it was found, on one line and cut where it is long."""
    if value is None or not value.strip():
        return "empty"
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return f"'{plain}'" if len(plain) <= _LONGEST_QUOTE else f"'{plain[:_LONGEST_QUOTE]}...'"
