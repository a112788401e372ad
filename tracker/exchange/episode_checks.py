"""What can be wrong with staged visits and onsets, kind by kind, each as one query."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from tracker.exchange.problems import MOST_SHOWN, Problem, quoted
from tracker.exchange.staging import LARGEST_DAY, StagedFile

HIGHEST_NRS = 10

Found = tuple[list[Problem], int]

_DAY_RULE = (
    f"must be a whole number of days on one clock, from -{LARGEST_DAY} to {LARGEST_DAY} (a calendar date is none)"
)


def value_problems(
    connection: duckdb.DuckDBPyConnection, staged: StagedFile, *, allowed: dict[str, tuple[int, int] | None]
) -> Iterator[Found]:
    """Find cells that hold nothing, no whole number, or one out of range.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The staging database.
    staged : StagedFile
        The file.
    allowed : dict
        Of each number, the lowest and the highest; None where every day is allowed.
    """
    yield _rows(connection, staged, "episode_id", "trim(episode_id) = ''", "episode_id must not be empty")
    for name, limits in allowed.items():
        rule = _DAY_RULE if limits is None else f"must be a whole number from {limits[0]} to {limits[1]}"
        outside = "" if limits is None else f" OR {name} NOT BETWEEN {limits[0]} AND {limits[1]}"
        what = f"coalesce({name}_found, CAST({name} AS VARCHAR))"
        yield _rows(connection, staged, what, f"{name}_found IS NOT NULL{outside}", f"{name} {rule}, but was {{}}")


def pairing_problems(connection: duckdb.DuckDBPyConnection, visits: StagedFile, onsets: StagedFile) -> Iterator[Found]:
    """Find episodes that stand in one file only, or twice among the onsets."""
    yield _rows(
        connection,
        onsets,
        "episode_id",
        "row IN (SELECT row FROM repeated_onsets) AND trim(episode_id) <> ''",
        "the episode {} has an onset in an earlier row already; it needs one row",
    )
    if not visits.dropped:  # what stands in a row of another shape is not known
        yield _rows(
            connection,
            onsets,
            "episode_id",
            f"episode_id NOT IN (SELECT episode_id FROM {visits.table}) AND trim(episode_id) <> ''",
            f"the episode {{}} has no visit in {_in_format(visits)}",
        )
    if not onsets.dropped:
        yield _rows(
            connection,
            visits,
            "episode_id",
            f"row IN (SELECT min(row) FROM {visits.table} WHERE trim(episode_id) <> '' AND "
            f"episode_id NOT IN (SELECT episode_id FROM {onsets.table}) GROUP BY episode_id)",
            f"the episode {{}} has no onset in {_in_format(onsets)}",
        )


def repeated_visits(connection: duckdb.DuckDBPyConnection, visits: StagedFile, joined: str) -> Found:
    """Find second scores of one episode on one day, in the table of joined visits, which is ordered by both."""
    pairs = (
        f"SELECT row, episode, day FROM (SELECT *, lag(episode) OVER () AS last_episode, lag(day) OVER () AS last_day "
        f"FROM {joined}) WHERE episode = last_episode AND day = last_day"
    )
    return _rows(
        connection,
        visits,
        "episode_id, CAST(day AS VARCHAR)",
        f"row IN (SELECT row FROM ({pairs}))",
        "the episode {} has a score on day {} in an earlier row already; keep one",
    )


def _rows(connection: duckdb.DuckDBPyConnection, staged: StagedFile, what: str, where: str, sentence: str) -> Found:
    """Give the first rows for which `where` holds, as problems, and how many more there are."""
    counted = connection.execute(f"SELECT count(*) FROM {staged.table} WHERE {where}").fetchone()
    count = 0 if counted is None else int(counted[0])
    if not count:
        return [], 0
    rows = connection.execute(
        f"SELECT row, {what} FROM {staged.table} WHERE {where} ORDER BY row LIMIT {MOST_SHOWN}"
    ).fetchall()
    found = [(row, sentence.format(*map(quoted, values))) for row, *values in rows]
    return staged.problems(found), count - len(rows)


def _in_format(staged: StagedFile) -> str:
    return str(staged.path).replace("{", "{{").replace("}", "}}")
