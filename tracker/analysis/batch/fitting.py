"""Many episodes read at once: the answers of `tracker.analysis.posterior` as columns.

Episodes go through the compiled kernel; those with a visit later than its table reaches or with several scores on one
day, and on wish those whose vote too few courses carry, are read one by one as a single patient is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fit_columns import RESOLUTION_PERCENTS
from tracker.analysis.batch.kernel import IS_ENDLESS, IS_PLAIN, Episodes, Found, Tables, Wanted, weigh_episodes
from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.batch.summaries import ESTIMATE_SHARES, RESOLUTION_SHARES, UNKNOWNS, Summaries
from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED, RELAPSE
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.results import InsufficientData
from tracker.analysis.scoring import gross_error_probabilities
from tracker.analysis.sufficiency import enough_to_read
from tracker.analysis.surprise import follow_known_courses
from tracker.analysis.vote import weigh_courses
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument, Phase
from tracker.dates import DAYS_PER_MONTH

Columns = dict[str, NDArray[np.generic]]

_PHASES = tuple(Phase)
_INSUFFICIENT = InsufficientData(reason="", needs="").status
_ON_THE_CLOCK = ("onset_day", "resolution_day")


def fit_episodes(
    table: EpisodeTable, *, library: BatchLibrary, as_of_day: NDArray[np.int64], refine: bool = False
) -> Columns:
    """Read every episode of a table as a course of one of the classes.

    Parameters
    ----------
    table : EpisodeTable
        Scores of n episodes.
    library : BatchLibrary
        Tables of one edition.
    as_of_day : ndarray of int64, shape (n,)
        The day to answer for, in days since each episode's day 0; later scores are never looked at.
    refine : bool
        Whether to draw new courses, as a single fit does, where too few of the library carry an episode: some
        hundred times as slow for those.

    Returns
    -------
    dict of str to ndarray, each shape (n,)
        One array per column of `FIT_COLUMNS` but `episode_id`. Numbers are float64 and NaN where a status says why;
        `onset_day` and `resolution_day` stand on the clock of the input.

    Notes
    -----
    Differs from `fit_course` by less than 1e-4 in a probability: weights are added up in single precision, and
    courses below e**-14 of the heaviest are left out. Runs outside the interpreter lock.
    """
    seen = _until(table, as_of_day)
    answered = _insufficient(seen, library.library.edition)
    readable = np.flatnonzero(answered == "")
    found = Summaries.empty(seen.n_episodes, len(seen.day))
    in_table = _in_table(seen, library)[readable]
    _weigh(seen, readable[in_table], library, as_of_day, found)
    little = library.library.edition.value("effective_sample_little")
    carried = found.effective_sample_size[readable] >= little
    for place in readable[~in_table | (~carried & refine)].tolist():
        _weigh_one(seen, place, library, as_of_day=int(as_of_day[place]), refine=refine, found=found)
    return _columns(seen, answered, found, library.library.edition)


def _until(table: EpisodeTable, as_of_day: NDArray[np.int64]) -> EpisodeTable:
    """Drop every visit after its episode's day."""
    n_visits = np.diff(table.first_visit)
    kept = table.day <= np.repeat(as_of_day, n_visits)
    counted = np.concatenate([[0], np.cumsum(kept)])
    return EpisodeTable(
        episode_id=table.episode_id,
        first_visit=counted[table.first_visit],
        day=table.day[kept],
        pain_nrs=table.pain_nrs[kept],
        onset_day=table.onset_day,
        onset_span_days=table.onset_span_days,
    )


def _in_table(table: EpisodeTable, library: BatchLibrary) -> NDArray[np.bool_]:
    """Say which episodes the kernel can read: every visit in the table of levels, one score a day, shape (n,)."""
    own = np.repeat(np.arange(table.n_episodes), np.diff(table.first_visit))
    found = np.ones(table.n_episodes, dtype=np.bool_)
    found[own[table.day > library.last_day]] = False
    repeats = (np.diff(own) == 0) & (np.diff(table.day) == 0)
    found[own[1:][repeats]] = False
    return found


def _insufficient(table: EpisodeTable, edition: Edition) -> NDArray[np.str_]:
    """Say why each episode cannot be read; empty where it can."""
    counted = np.concatenate([[0], np.cumsum(table.pain_nrs != 0)])
    hurt = np.diff(counted[table.first_visit]) > 0
    n_days = np.diff(_days(table)[1])
    answers = [""] * table.n_episodes
    for place in np.flatnonzero(~hurt | (n_days < edition.value("minimum_fit_days"))).tolist():
        own = slice(int(table.first_visit[place]), int(table.first_visit[place + 1]))
        answer = enough_to_read(sorted(set(table.day[own].tolist())), table.pain_nrs[own], edition)
        answers[place] = f"{answer.reason}; needed: {answer.needs}" if answer else ""
    return np.array(answers)


def _weigh(
    table: EpisodeTable,
    chosen: NDArray[np.intp],
    library: BatchLibrary,
    as_of_day: NDArray[np.int64],
    found: Summaries,
) -> None:
    """Fill the rows of the chosen episodes by the compiled kernel."""
    spans, own_span = np.unique(table.onset_span_days, return_inverse=True)
    runs = [library.run_starts(span) for span in spans.tolist()]
    first_run = np.concatenate([[0], np.cumsum([len(one) for one in runs])])[own_span]
    tables = Tables(
        levels=library.level_words.view(np.uint8),
        level_words=library.level_words,
        log_tables=library.log_tables,
        gross_shares=library.gross_shares,
        log_prior=library.log_prior,
        kind=library.class_place.astype(np.uint8) + IS_PLAIN * library.is_plain + IS_ENDLESS * library.is_endless,
        recall_days=library.recall_days,
        resolution_days=library.courses.resolution_days,
        resolution_bins=library.resolution_bins,
        phase_starts=library.phase_starts,
        ranked=library.ranked,
        bins=library.bins,
    )
    episodes = Episodes(
        chosen=chosen.astype(np.int64),
        first_visit=table.first_visit,
        rows=table.day - library.first_day,
        scores=table.pain_nrs,
        as_of_day=as_of_day,
        span_days=table.onset_span_days,
        first_run=first_run,
        run_starts=np.concatenate(runs) if runs else np.zeros(0, dtype=np.int64),
    )
    stages = np.zeros((table.n_episodes, library.phase_starts.shape[1] + 1))
    weigh_episodes(
        tables,
        episodes,
        Wanted(ESTIMATE_SHARES, RESOLUTION_SHARES),
        Found(
            class_probabilities=found.class_probabilities,
            unknowns=found.unknowns,
            resolution=found.resolution,
            p_plain=found.p_plain,
            p_no_resolution=found.p_no_resolution,
            effective_sample_size=found.effective_sample_size,
            stages=stages,
            odd_scores=found.odd_scores,
        ),
    )
    found.phases[chosen] = 0.0
    phases = [Phase.BEFORE_ONSET, *(phase for phase, _ in library.courses.phase_starts())]
    for stage, phase in enumerate(phases):
        found.phases[chosen, _PHASES.index(phase)] += stages[chosen, stage]


def _weigh_one(
    table: EpisodeTable, place: int, library: BatchLibrary, *, as_of_day: int, refine: bool, found: Summaries
) -> None:
    """Fill one episode's rows as `fit_course` reads a single patient."""
    own = slice(int(table.first_visit[place]), int(table.first_visit[place + 1]))
    observations = Observations(
        day=table.day[own],
        score=table.pain_nrs[own].astype(np.float64),
        instrument=(Instrument.NRS,) * (own.stop - own.start),
    )
    onset = OnsetStatement(int(table.onset_span_days[place]))
    edition = library.library.edition
    weighted = weigh_courses(observations, onset, library=library.library, refine=refine)
    horizon_days = edition.value("horizon_months") * DAYS_PER_MONTH
    found.fill(place, weighted, as_of_day=as_of_day, horizon_days=horizon_days)
    odd = gross_error_probabilities(observations, weighted, ScoreNoise.of_edition(edition))
    found.odd_scores[own] = [odd[day] for day in observations.day.tolist()]


def _columns(table: EpisodeTable, answered: NDArray[np.str_], found: Summaries, edition: Edition) -> Columns:
    """Put what was found under the names of the columns."""
    is_ok = answered == ""
    has_day = is_ok & (found.p_plain >= edition.value("resolution_least_probability"))
    classes, phases = found.class_probabilities, found.phases
    columns: Columns = {
        "n_visits": np.diff(table.first_visit),
        "status": np.where(is_ok, "ok", _INSUFFICIENT),
        "status_reason": answered,
        **{f"p_{name}": classes[:, place] for place, name in enumerate(CLASS_NAMES)},
        "p_atypical": np.maximum(1 - classes[:, CLASS_NAMES.index(EXPECTED)], 0.0),
        "most_likely_class": _most_likely(classes, CLASS_NAMES, is_ok),
        "resolution_status": np.where(has_day, "ok", np.where(is_ok, "improbable", _INSUFFICIENT)),
        "phase": _most_likely(phases, tuple(map(str, _PHASES)), is_ok),
        "p_resolved": phases[:, _PHASES.index(Phase.RESOLVED)],
        "p_relapse": classes[:, CLASS_NAMES.index(RELAPSE)],
        "p_no_resolution": found.p_no_resolution,
        "effective_sample_size": found.effective_sample_size,
        "refined": found.refined,
        "resembles_known": _resembles_known(table, is_ok, found, edition),
    }
    resolution = np.where(has_day[:, None], found.resolution, np.nan)
    estimates = dict(zip(UNKNOWNS, np.moveaxis(found.unknowns, 1, 0), strict=True))
    estimates["resolution_day"] = resolution[:, [0, len(RESOLUTION_PERCENTS) // 2 + 1, -1]]
    for name, values in estimates.items():
        shift = table.onset_day[:, None] if name in _ON_THE_CLOCK else 0
        low, middle, high = (values + shift).T
        columns |= {name: middle, f"{name}_lo95": low, f"{name}_hi95": high}
    for place, percent in enumerate(RESOLUTION_PERCENTS, start=1):
        columns[f"resolution_q{percent:02}"] = resolution[:, place] + table.onset_day
    return columns


def _most_likely(
    probabilities: NDArray[np.float64], names: tuple[str, ...], is_ok: NDArray[np.bool_]
) -> NDArray[np.str_]:
    """Name the most probable one of each row; empty where nothing was read."""
    found = np.array(names)[np.argmax(np.where(is_ok[:, None], probabilities, 0.0), axis=1)]
    return np.where(is_ok, found, "")


def _resembles_known(
    table: EpisodeTable, is_ok: NDArray[np.bool_], found: Summaries, edition: Edition
) -> NDArray[np.object_]:
    """Say whether the scores follow any known course; None where nothing was read."""
    starts_day, first_day = _days(table)
    answers = follow_known_courses(found.odd_scores[starts_day], first_day, edition).astype(object)
    answers[~is_ok] = None
    return answers


def _days(table: EpisodeTable) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Say which visits begin a new day of their episode, and count those before each episode, shapes (m,), (n + 1,)."""
    starts_day = np.ones(len(table.day), dtype=np.bool_)
    starts_day[1:] = np.diff(table.day) != 0
    starts_day[table.first_visit[:-1][np.diff(table.first_visit) > 0]] = True
    return starts_day, np.concatenate([[0], np.cumsum(starts_day)])[table.first_visit]
