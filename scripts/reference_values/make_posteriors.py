"""Make tests/reference/posteriors.csv: 20 posteriors by millions of plain random draws from the prior.

Independent of the package: nothing of `tracker` is imported, the numbers come from course_v1.toml, and no formula is
shared. Courses are drawn by a random number generator, not from a library; levels are exact, not quantised;
lengths of curved phases and days of levels are found by bisection on the curve; nothing is ever drawn around heavy
courses. The posterior is the prior weighted by the likelihood, class by class, and standard errors are those of
independent batches.

    .venv/bin/python scripts/reference_values/make_posteriors.py

writes the file and prints what tests/reference/README.md says about it.
"""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204, PLR0913, PLR0917 - arrays of numbers throughout, as in the naive twin of the tests

from __future__ import annotations

import argparse
import csv
import itertools
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy
from prior_courses import CLASSES, DAYS_PER_MONTH, draw_class, draw_onset, level, read_numbers
from scipy.special import ndtr

PROJECT = Path(__file__).resolve().parents[2]
EPISODES = PROJECT / "tests" / "reference" / "posterior_episodes.csv"
OUT = PROJECT / "tests" / "reference" / "posteriors.csv"
SEED = 20261128
CHUNK = 25_000
N_BATCHES = 12
# A class that held less of an episode than this in the first batch is not drawn for that episode again; errors are
# those of the batches after it.
LEAST_SHARE = 1e-4
# Swings and second rises fit few draws: a class that held most of an episode is drawn so much more for it.
TIMES_FOR_ITS_OWN = 6
MOST = 0.5
N_BINS = 6000
RANGES = {
    "onset_day": (-80.0, 120.0),
    "rise_days": (0.0, 600.0),
    "plateau_days": (0.0, 840.0),
    "regression_days": (0.0, 960.0),
    "peak_nrs": (0.0, 10.0),
    "residual_nrs": (0.0, 7.0),
    "resolution_day": (-80.0, 1300.0),
}
STATISTICS = (("median", 0.5), ("low95", 0.025), ("high95", 0.975))
BESIDE = 0.01  # the density at a quantile is taken over the quantiles this far on both sides


@dataclass(frozen=True)
class Episode:
    """One row of the output's first column: what was scored, and what was said of the onset."""

    name: str
    span_days: int
    about: bool
    as_of_day: int
    visits: tuple[tuple[int, str, int], ...]


def read_episodes() -> list[Episode]:
    """Read the episodes, one row per score."""
    with EPISODES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for name, group in itertools.groupby(rows, key=lambda row: row["episode"]):
        own = list(group)
        visits = tuple((int(row["day"]), row["instrument"], int(row["score"])) for row in own)
        first = own[0]
        about = first["onset_about"] == "yes"
        found.append(Episode(name, int(first["onset_span_days"]), about, int(first["as_of_day"]), visits))
    return found


def likelihood(c, onset_days, episode, n):
    """Give the likelihood of all scores of an episode; those of one day are one reading: their geometric mean."""
    found = np.ones(len(onset_days))
    days = [day for day, _, _ in episode.visits]
    for day, group in itertools.groupby(sorted(episode.visits), key=lambda visit: visit[0]):
        at = level(c, day - onset_days)
        for (_, instrument, score), times in count(group).items():
            found *= probability(score, at, instrument, n) ** (times / days.count(day))
    return found


def count(visits):
    """Count equal visits."""
    found = {}
    for visit in visits:
        found[visit] = found.get(visit, 0) + 1
    return found


def probability(score, at, instrument, n):
    """Give P(score | level): normal noise rounded to the scale with open ends, and gross errors."""
    highest = 10 if instrument == "nrs" else 100
    above = n["score_noise_slope"]["value"] * np.maximum(at - n["score_noise_middle_nrs"]["value"], 0)
    sd = n["score_noise_sd_nrs"]["value"] + above if instrument == "nrs" else n["vas_noise_sd_mm"]["value"] + 10 * above
    middle = at * highest / 10
    upper = 1.0 if score == highest else ndtr((score + 0.5 - middle) / sd)
    lower = 0.0 if score == 0 else ndtr((score - 0.5 - middle) / sd)
    gross = n["gross_error_share"]["value"]
    return (1 - gross) * (upper - lower) + gross / (highest + 1)


# --- Sums of weights ---------------------------------------------------------------------------


class Sums:
    """What one class adds up to for one episode: sums of weights, in all and by the bins of each unknown."""

    def __init__(self):
        self.n_draws, self.weight, self.squared, self.resolved, self.no_resolution = 0, 0.0, 0.0, 0.0, 0.0
        self.bins = {name: np.zeros(N_BINS + 1) for name in RANGES}

    def add(self, c, onset_days, weights, name, episode, n):
        """Add the draws of one chunk."""
        horizon = n["horizon_months"]["value"] * DAYS_PER_MONTH
        self.n_draws += len(weights)
        self.weight += weights.sum()
        self.squared += np.sum(weights**2)
        self.resolved += weights[episode.as_of_day - onset_days >= c["resolution_days"]].sum()
        self.no_resolution += weights[c["resolution_days"] > horizon].sum()
        heavy = np.flatnonzero(weights > 1e-12 * weights.max())
        for unknown in RANGES:
            chosen = heavy
            if unknown == "resolution_day":
                chosen = heavy[(c["resolution_days"][heavy] <= horizon) & (name != "relapse")]
                values = onset_days[chosen] + c["resolution_days"][chosen]
            else:
                values = onset_days[chosen] if unknown == "onset_day" else c[unknown][chosen]
            low, high = RANGES[unknown]
            places = np.ceil((values - low) / (high - low) * N_BINS).clip(0, N_BINS).astype(np.int64)
            self.bins[unknown] += np.bincount(places, weights[chosen], N_BINS + 1)

    def join(self, other):
        """Add the sums of other draws."""
        for name in ("n_draws", "weight", "squared", "resolved", "no_resolution"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in RANGES:
            self.bins[name] += other.bins[name]


def answer(sums, n):
    """Turn the sums of all classes into the posterior: value and one-draw error by quantity and statistic."""
    scale = {name: n[f"{name}_share"]["value"] / own.n_draws for name, own in sums.items()}
    total = sum(scale[name] * own.weight for name, own in sums.items())
    found = {}
    for name, own in sums.items():
        found[f"p_{name}", "probability"] = scale[name] * own.weight / total
    for quantity in ("resolved", "no_resolution"):
        found[f"p_{quantity}", "probability"] = sum(scale[c] * getattr(o, quantity) for c, o in sums.items()) / total
    for unknown in RANGES:
        mass = sum(scale[name] * own.bins[unknown] for name, own in sums.items()) / total
        if mass.sum() < n["resolution_least_probability"]["value"]:
            continue
        for statistic, share in STATISTICS:
            found[unknown, statistic] = quantile(unknown, mass, share)
    return found, total, scale


def quantile(unknown, mass, share):
    """Give a quantile, straight within a bin; the first bin is its lower end alone."""
    low, high = RANGES[unknown]
    below = np.cumsum(mass) / mass.sum()
    place = int(np.searchsorted(below, share))
    if place == 0:
        return low
    within = (share - below[place - 1]) / (below[place] - below[place - 1])
    return low + (high - low) * (place - 1 + within) / N_BINS


def one_draw_error(key, value, sums, n):
    """Give the standard error of an estimate from a single effective draw; from k draws it is smaller by root k."""
    unknown, statistic = key
    if statistic == "probability":
        return math.sqrt(value * (1 - value))
    _, total, scale = answer(sums, n)
    mass = sum(scale[name] * own.bins[unknown] for name, own in sums.items()) / total
    share = dict(STATISTICS)[statistic]
    width = quantile(unknown, mass, share + BESIDE) - quantile(unknown, mass, share - BESIDE)
    # over the draws that the quantile is taken over: for the resolution day not all
    return math.sqrt(share * (1 - share) / mass.sum()) * width / (2 * BESIDE)


def sample(rng, n, episodes, per_class, wanted, own):
    """Draw one batch: sums by episode and class, for the pairs that are wanted; more for classes on their own."""
    onsets = sorted({(episode.span_days, episode.about) for episode in episodes})
    found = {pair: Sums() for pair in wanted}
    for name in CLASSES:
        served = [episode for episode in episodes if (episode.name, name) in wanted]
        held = [episode for episode in served if (episode.name, name) in own]
        times = TIMES_FOR_ITS_OWN if held else 1
        for chunk in range(per_class // CHUNK * times if served else 0):
            c = draw_class(rng, n, name, CHUNK)
            size = len(c["peak_nrs"])
            days = {onset: draw_onset(rng, n, *onset, size) for onset in onsets}
            for episode in served if chunk < per_class // CHUNK else held:
                onset_days = days[episode.span_days, episode.about]
                weights = likelihood(c, onset_days, episode, n)
                found[episode.name, name].add(c, onset_days, weights, name, episode, n)
    return found


def main() -> None:
    """Draw, write the file, print what was done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-class", type=int, default=50_000, help="draws per class and batch (default 50000)")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    started, cpu = time.monotonic(), time.process_time()
    n, episodes = read_numbers(), read_episodes()
    wanted = {(episode.name, name) for episode in episodes for name in CLASSES}
    own = set()
    totals = {pair: Sums() for pair in wanted}
    by_batch = {episode.name: [] for episode in episodes}
    pilot = {}
    for batch, seed in enumerate(np.random.SeedSequence(SEED).spawn(N_BATCHES)):
        drawn = sample(np.random.default_rng(seed), n, episodes, options.per_class, wanted, own)
        for pair, sums in drawn.items():
            totals[pair].join(sums)
        pilot = pilot or drawn
        for episode in episodes:
            sums = {name: drawn.get((episode.name, name), pilot[episode.name, name]) for name in CLASSES}
            found = answer(sums, n)[0]
            if batch > 0:
                by_batch[episode.name].append(found)
                continue
            shares = {name: found[f"p_{name}", "probability"] for name in CLASSES}
            wanted -= {(episode.name, name) for name in CLASSES if shares[name] < LEAST_SHARE}
            own |= {(episode.name, name) for name in ("relapse", "fluctuating") if shares[name] > MOST}
        print(f"batch {batch + 1} of {N_BATCHES}, {time.process_time() - cpu:.0f} CPU-s", flush=True)
    write(options.out, episodes, totals, by_batch, n)
    n_draws = sum(sums.n_draws for sums in totals.values())
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, seed {SEED}, {n_draws} weighted draws")
    print(f"{time.process_time() - cpu:.0f} CPU-s, {time.monotonic() - started:.0f} s")


def write(out, episodes, totals, by_batch, n):
    """Write one row per episode, quantity and statistic."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("episode", "quantity", "statistic", "value", "standard_error", "one_draw_error"))
        for episode in episodes:
            sums = {name: totals[episode.name, name] for name in CLASSES}
            found, total, scale = answer(sums, n)
            squared = sum(scale[name] ** 2 * own.squared for name, own in sums.items())
            writer.writerow((episode.name, "effective_sample_size", "count", f"{total**2 / squared:.0f}", "", ""))
            for key, value in found.items():
                values = [one[key] for one in by_batch[episode.name] if key in one]
                error = np.std(values, ddof=1) / math.sqrt(len(values))
                numbers = (value, error, one_draw_error(key, value, sums, n))
                writer.writerow((episode.name, *key, *(f"{number:.6g}" for number in numbers)))


if __name__ == "__main__":
    main()
