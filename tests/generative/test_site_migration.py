"""What must hold for any patient with several sites, and a plain random twin of the probabilities."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.analysis.episode_days import observations_since, onset_statement
from tracker.analysis.episodes import patient_view
from tracker.analysis.results import InsufficientData, LevelBand
from tracker.analysis.site_migration.reading import read_site_migration
from tracker.analysis.views import EpisodeView, Provenance
from tracker.analysis.vote import weigh_courses
from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord, Visit
from tracker.clinical.vocabulary import Aspect, Finding, Instrument, Modality, Presence, Sex
from tracker.dates import PartialDate

AS_OF = date(2026, 12, 1)
NO_BAND = LevelBand((), (), (), (), (), ())
SITES = ("ankle-left", "ankle-right", "talus-left", "knee-left", "knee-right", "hip-right", "calcaneus-left", "sacrum")
# Three standard errors of a share counted in 20 000 draws, and the 1/256 the states are worked out to.
COUNTED = 3 * 0.5 / 20_000**0.5 + 1 / 256
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

days = st.dates(date(2024, 1, 1), date(2026, 10, 1))
onsets = st.one_of(
    st.none(),
    days.map(PartialDate.on),
    days.map(lambda day: PartialDate.parse(f"{day:%Y-%m}")),
    days.map(lambda day: PartialDate.parse(f"~{day.isoformat()}")),
)
closings = st.one_of(st.none(), days.map(PartialDate.on))
patients = st.lists(st.tuples(st.sampled_from(SITES), onsets, closings), max_size=4, unique_by=lambda row: row[0])


def episodes_of(rows):
    return [Episode(n, 1, site, onset, None, closed, None) for n, (site, onset, closed) in enumerate(rows, start=1)]


def record_of(episodes, **facts):
    return PatientRecord(
        patient_id=1,
        patient_code="P-07",
        clinic_code="default",
        sex=Sex.FEMALE,
        birth=None,
        last_entry_id=1,
        episodes=tuple(episodes),
        visits=(),
        pain_scores=facts.get("pain_scores", ()),
        vitamin_d=(),
        imaging=facts.get("imaging", ()),
        notes=(),
    )


def read(episodes, library, **facts):
    nothing = InsufficientData("no pain score yet", "pain scores on 2 different days")
    views = [
        EpisodeView(one, None if one.onset is None else one.onset.first, (), frozenset(), "", nothing, NO_BAND)
        for one in episodes
    ]
    return read_site_migration(record_of(episodes, **facts), views, as_of=AS_OF, library=library)


def flipped(site):
    swap = {"left": "right", "right": "left"}
    code, _, side = site.rpartition("-")
    return f"{code}-{swap[side]}" if side in swap else site


def told(found, name=lambda site: site):
    """Give the answers without the numbers of the episodes; of two that are quite alike neither is the old one."""
    events = set()
    for event in found.events:
        sites = (name(event.pair.old_site), name(event.pair.new_site))
        alike = abs(event.p_order - 0.5) < 1e-9
        kinds = tuple(sorted((kind.value, round(p, 9)) for kind, p in event.kinds.items()))
        events.add((frozenset(sites) if alike else sites, kinds, event.pair.distance, event.pair.is_mirror))
    unknown = {frozenset((name(one.pair.old_site), name(one.pair.new_site))) for one in found.unknown_order}
    seen = found.never_looked_at
    places = ({name(site) for site in seen.neighbours}, {name(site) for site in seen.weight_bearing})
    return events, unknown, places, found.strict, found.broad


@quick
@given(rows=patients, seed=st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(library, rows, seed):
    episodes = episodes_of(rows)
    shuffled = list(episodes)
    seed.shuffle(shuffled)
    assert read(shuffled, library) == read(episodes, library)


@quick
@given(rows=patients)
def test_a_patient_in_the_mirror_has_the_answer_in_the_mirror(library, rows):
    mirrored = [(flipped(site), onset, closed) for site, onset, closed in rows]
    assert told(read(episodes_of(mirrored), library)) == told(read(episodes_of(rows), library), flipped)


@quick
@given(rows=patients, site=st.sampled_from(SITES))
def test_a_site_that_was_never_examined_changes_nothing(library, rows, site):
    day = PartialDate.parse("2026-05-01")
    asked = PainScore(1, 1, 1, day, site, Instrument.NRS, Aspect.OVERALL, None, "not_asked")
    image = ImagingFinding(2, 1, 1, day, Modality.MRI, site, Finding.EDEMA, Presence.NOT_EXAMINED, None, None, None)
    episodes = episodes_of(rows)
    assert read(episodes, library, pain_scores=(asked,), imaging=(image,)) == read(episodes, library)


@quick
@given(rows=patients)
def test_probabilities_are_probabilities_and_a_third_site_leaves_a_pair_alone(library, rows):
    episodes = episodes_of(rows)
    found = read(episodes, library)
    n_dated = sum(one.onset is not None for one in episodes)
    assert len(found.events) == n_dated * (n_dated - 1) // 2
    assert len(found.events) + len(found.unknown_order) == len(episodes) * (len(episodes) - 1) // 2
    for event in found.events:
        assert sum(event.kinds.values()) == pytest.approx(1)
        assert min(event.kinds.values()) >= -1e-12
        pair = [e for e in episodes if e.episode_id in (event.pair.old_episode_id, event.pair.new_episode_id)]
        assert read(pair, library).events == (event,)
    for rule in (found.strict, found.broad):
        assert 0 <= rule.p_low <= rule.p_high <= 1
    assert found.strict.p_low <= found.broad.p_low


@quick
@given(rows=patients, later=st.integers(1, 400))
def test_all_dates_moved_alike_leave_every_distance_of_starts_alike(library, rows, later):
    def moved(when):
        return when and PartialDate.on(when.first + timedelta(days=later))

    exact = [(site, onset and PartialDate.on(onset.first), None) for site, onset, _ in rows]
    there = [(site, moved(onset), None) for site, onset, _ in exact]
    before, after = read(episodes_of(exact), library), read(episodes_of(there), library)
    assert [e.kinds for e in before.events] == [pytest.approx(e.kinds) for e in after.events]
    assert [e.between_starts_days.median for e in before.events] == [
        pytest.approx(e.between_starts_days.median) for e in after.events
    ]


def naive_state(courses, k, since):
    """Say how far course `k` was, so many days after its onset, from its own knots and nothing else."""
    one = {name: float(getattr(courses, name)[k]) for name in courses.__dataclass_fields__}
    if since >= one["resolution_days"]:
        return "resolved"
    if since >= one["second_start_days"]:
        since -= one["second_start_days"]
        return "active" if since < one["second_rise_days"] + one["second_plateau_days"] else "regressing"
    if since < one["rise_days"] + one["plateau_days"]:
        return "active"
    stays = one["resolution_days"] == float("inf")
    settled = since >= one["regression_start_days"] + one["regression_span_days"]
    return "active" if stays and settled else "regressing"


@pytest.mark.parametrize("second", ["2025-03-20", "2025-04-10", "2025-08-20", "2025-11-01"])
def test_the_states_of_the_old_site_are_those_of_a_random_twin(library, second):
    onset, knee = PartialDate.parse("2025-01-05"), PartialDate.parse(second)
    written = [("2025-02-10", 6), ("2025-03-20", 8), ("2025-05-01", 6), ("2025-07-01", 3), ("2025-09-15", 1)]
    scores = tuple(
        PainScore(n, 1, n, PartialDate.parse(day), "ankle-left", Instrument.NRS, Aspect.OVERALL, score, None)
        for n, (day, score) in enumerate(written, start=1)
    )
    edition = library.edition
    record = record_of(episodes_of([("ankle-left", onset, None), ("knee-left", knee, None)]))
    # Visits are what keeps facts up to the as-of day, so each score brings its own.
    record = replace(
        record, pain_scores=scores, visits=tuple(Visit(score.visit_id, 1, score.visit_date) for score in scores)
    )
    provenance = Provenance("0", "0001", edition.name, edition.sha256, AS_OF, 1)
    view = patient_view(record, provenance=provenance, edition=edition, library=library)
    [event] = view.site_migration.events

    voted = weigh_courses(observations_since(onset.first, scores, until=AS_OF), onset_statement(onset), library=library)
    rng = random.Random(7)
    chosen = rng.choices(range(len(voted.weights)), weights=voted.weights.tolist(), k=20_000)
    apart = (knee.first - onset.first).days
    counts = dict.fromkeys(("active", "regressing", "resolved"), 0)
    for k in chosen:
        since = apart + rng.gauss(0, edition.value("onset_recall_sd_days")) - float(voted.onset_days[k])
        if since > 14:
            counts[naive_state(voted.courses, k, since)] += 1
    total = sum(counts.values())
    found = {state.value: p for state, p in event.old_states.items() if state.value in counts}
    assert found == pytest.approx({state: n / total for state, n in counts.items()}, abs=COUNTED)
    assert np.isclose(sum(found.values()), 1)
