"""Visits and onsets of many episodes, read from csv or parquet files a few episodes at a time.

VISITS has the columns `episode_id, day, pain_nrs`, in any order of rows; ONSETS has `episode_id,
onset_day` and may have `onset_span_days`, one row per episode. Other columns are not read. Episodes keep the order
of ONSETS. `day` and `onset_day` are whole days of one clock of the researcher's choice.

Both files are staged by DuckDB in a temporary folder, readable by its owner alone and removed at the end, so
that memory does not grow with the number of episodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
from numpy.typing import NDArray

from tracker.errors import AccessError
from tracker.exchange.episode_checks import HIGHEST_NRS, pairing_problems, repeated_visits, value_problems
from tracker.exchange.problems import Problems
from tracker.exchange.staging import StagedFile, stage_file

_VISITS, _ONSETS, _JOINED = "visits", "onsets", "joined"
_MEMORY = "256MB"
_MOST_THREADS = 4  # more would need more memory, and reading is a small part of the whole


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeRows:
    """Scores of n episodes, one episode's after the other's, on the clock of the input.

    Parameters
    ----------
    episode_id : tuple of str, length n
        As written in the input.
    first_visit : ndarray of int64, shape (n + 1,)
        Visits of episode `i` are rows ``first_visit[i]`` up to, not including, ``first_visit[i + 1]``; each has one.
    day : ndarray of int64, shape (m,)
        Ascending within an episode.
    pain_nrs : ndarray of int8, shape (m,)
        Whole numbers 0 to 10.
    onset_day : ndarray of int64, shape (n,)
        The first possible day of the onset.
    onset_span_days : ndarray of int64, shape (n,)
        Days from the first to the last possible day of the onset.
    """

    episode_id: tuple[str, ...]
    first_visit: NDArray[np.int64]
    day: NDArray[np.int64]
    pain_nrs: NDArray[np.int8]
    onset_day: NDArray[np.int64]
    onset_span_days: NDArray[np.int64]

    @property
    def n_episodes(self) -> int:
        """Number of episodes."""
        return len(self.episode_id)


class EpisodeFiles:
    """Checked episodes, to be read a few at a time; made by `open_episode_files`.

    `n_episodes` and `n_visits` count them; `n_formulas` counts ids that a spreadsheet would take for a formula.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.n_episodes = self._count(f"SELECT count(*) FROM {_ONSETS}")
        self.n_visits = self._count(f"SELECT count(*) FROM {_JOINED}")
        self.n_formulas = self._count(
            f"SELECT count(*) FROM {_ONSETS} WHERE left(episode_id, 1) IN ('=', '+', '-', '@')"
        )

    def n_visits_before(self, days: int) -> int:
        """Count visits more than so many days before the first possible day of their episode's onset."""
        return self._count(
            f"SELECT count(*) FROM {_JOINED} JOIN {_ONSETS} ON episode = {_ONSETS}.row WHERE day < onset_day - {days}"
        )

    def rows(self, start: int, stop: int) -> EpisodeRows:
        """Give the episodes `start` up to, not including, `stop`; the first one is 0."""
        between = "BETWEEN ? AND ?"
        onsets = self._arrays(
            f"SELECT episode_id, onset_day, onset_span_days FROM {_ONSETS} WHERE row {between} ORDER BY row",
            start,
            stop,
        )
        visits = self._arrays(
            f"SELECT episode, day, pain_nrs FROM {_JOINED} WHERE episode {between} ORDER BY episode, day", start, stop
        )
        return EpisodeRows(
            episode_id=tuple(onsets["episode_id"].tolist()),
            first_visit=np.searchsorted(visits["episode"], np.arange(start, stop + 1) + 1).astype(np.int64),
            day=visits["day"].astype(np.int64),
            pain_nrs=visits["pain_nrs"].astype(np.int8),
            onset_day=onsets["onset_day"].astype(np.int64),
            onset_span_days=onsets["onset_span_days"].astype(np.int64),
        )

    def _arrays(self, query: str, start: int, stop: int) -> dict[str, NDArray[np.generic]]:
        found: dict[str, NDArray[np.generic]] = self._connection.execute(query, [start + 1, stop]).fetchnumpy()
        return found

    def _count(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return 0 if row is None else int(row[0])


@contextmanager
def open_episode_files(visits: Path, onsets: Path, *, longest_span_days: int) -> Iterator[EpisodeFiles]:
    """Check two files, and give what they hold.

    Parameters
    ----------
    visits, onsets : Path
        Each ends in .csv, .csv.gz or .parquet.
    longest_span_days : int
        The longest span an onset may be stated with.

    Raises
    ------
    InputError
        With everything that is wrong with both files, by file, row and value.
    AccessError
        If there is no room to stage them.

    Notes
    -----
    Takes some seconds and 100 MB of the temporary folder per million visits; memory does not grow with them.
    """
    with TemporaryDirectory(prefix="tracker-fit-", ignore_cleanup_errors=True) as folder:
        connection = duckdb.connect(Path(folder) / "staged.db")
        try:
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            connection.execute("SET temp_directory = ?", [str(Path(folder) / "spilled")])
            connection.execute(f"SET threads = least({_MOST_THREADS}, current_setting('threads'))")
            _stage_both(connection, visits, onsets, longest_span_days)
            yield EpisodeFiles(connection)
        except duckdb.Error as error:
            raise AccessError(
                f"The files cannot be staged in '{folder}': {str(error).splitlines()[0]}.",
                hint="Set TMPDIR to a folder with more room.",
            ) from error
        finally:
            connection.close()


def _stage_both(
    connection: duckdb.DuckDBPyConnection, visits_path: Path, onsets_path: Path, longest_span_days: int
) -> None:
    problems = Problems()
    visits, found = stage_file(connection, visits_path, _VISITS, numbers=("day", "pain_nrs"))
    problems.join(found)
    onsets, found = stage_file(
        connection,
        onsets_path,
        _ONSETS,
        numbers=("onset_day", "onset_span_days"),
        optional=("onset_span_days",),
    )
    problems.join(found)
    if visits is not None:
        for kind in value_problems(connection, visits, allowed={"day": None, "pain_nrs": (0, HIGHEST_NRS)}):
            problems.add(*kind)
    if onsets is not None:
        limits = {"onset_day": None, "onset_span_days": (0, longest_span_days)}
        for kind in value_problems(connection, onsets, allowed=limits):
            problems.add(*kind)
    if visits is not None and onsets is not None:
        _join(connection, visits, onsets, problems)
    problems.refuse()


def _join(connection: duckdb.DuckDBPyConnection, visits: StagedFile, onsets: StagedFile, problems: Problems) -> None:
    """Put the visits in the order of the onsets and of days, and find what speaks against it."""
    connection.execute(
        f"CREATE TABLE repeated_onsets AS SELECT row FROM {_ONSETS} JOIN "
        f"(SELECT episode_id, min(row) AS first_row FROM {_ONSETS} GROUP BY episode_id HAVING count(*) > 1) "
        "USING (episode_id) WHERE row > first_row"
    )
    for kind in pairing_problems(connection, visits, onsets):
        problems.add(*kind)
    connection.execute(
        f"CREATE TABLE {_JOINED} AS SELECT {_ONSETS}.row AS episode, day, CAST(pain_nrs AS TINYINT) AS pain_nrs, "
        f"{_VISITS}.row AS row FROM {_VISITS} JOIN {_ONSETS} USING (episode_id) "
        f"WHERE day IS NOT NULL AND {_ONSETS}.row NOT IN (SELECT row FROM repeated_onsets) "
        f"AND (pain_nrs IS NULL OR pain_nrs BETWEEN 0 AND {HIGHEST_NRS}) ORDER BY episode, day, {_VISITS}.row"
    )
    problems.add(*repeated_visits(connection, visits, _JOINED))
