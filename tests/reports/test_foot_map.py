"""The foot map: every bone once in each of its views, in the look of its finding, hatched where nobody looked."""

import json
import re
from collections import Counter
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import pytest

from reports.foot_map_drawing import drawn_bones, foot_map, foot_map_svg, load_shapes
from reports.foot_map_view import BoneLook, foot_map_view
from reports.page import patient_page
from tracker.clinical.sites import all_sites
from tracker.clinical.vocabulary import EdemaPattern, Finding, Presence, Side

SNAPSHOT = Path(__file__).with_name("data") / "foot_map_view.json"
NUMBER = r"-?\d+"


@pytest.fixture(scope="module")
def made(patient):
    """Give an invented patient with every kind of statement, at three visits."""
    made = patient(code="TEST-MAP")
    made.image("2026-02-10", "talus-left", percent=60.0, pattern=EdemaPattern.DIFFUSE)
    made.image("2026-02-10", "navicular-left").image("2026-02-10", "calcaneus-left", Presence.ABSENT)
    made.image("2026-02-10", "cuboid-left", Presence.NOT_EXAMINED)
    made.image("2026-05", "talus-left", grade=2).image("2026-05", "femoral-head-right", percent=10.0)
    made.image("2026-05", "talus-left", Presence.ABSENT, finding=Finding.FRACTURE_LINE)
    made.image("2026-08-10", "talus-left", Presence.ABSENT).image("2026-08-10", "sacrum", percent=24.9)
    return made.image("2026-08-10", "navicular-left", percent=25.0)


@pytest.fixture(scope="module")
def view(made, edition, sentences):
    return foot_map_view(made.view(), edition, sentences)


@pytest.fixture(scope="module")
def drawing(made, edition, sentences):
    """Give the drawing of a page whose images spoke of a place of every part of the body."""
    everywhere = deepcopy(made).image("2026-08-10", "patella-left", Presence.NOT_EXAMINED)
    return foot_map(foot_map_view(everywhere.view(), edition, sentences), sentences)


def looks(step):
    return {state.site: (state.look.value, state.mark) for state in step.states}


def test_without_a_finding_of_edema_there_is_no_map(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", finding=Finding.FRACTURE_LINE)
    assert foot_map_view(made.view(), edition, sentences) is None
    assert "foot-map" not in patient_page(made.view(), edition)


def test_each_visit_is_a_step_and_each_state_has_its_own_look(view):
    assert [step.written for step in view.steps] == ["2026-02-10", "2026-05", "2026-08-10"]
    assert [looks(step) for step in view.steps] == [
        {
            "talus-left": ("g3", "3"),
            "calcaneus-left": ("g0", "0"),
            "navicular-left": ("gp", "+"),
            "cuboid-left": ("gn", ""),
        },
        {"talus-left": ("g2", "2"), "femoral-head-right": ("g1", "1")},
        {"talus-left": ("g0", "0"), "navicular-left": ("g2", "2"), "sacrum": ("g1", "1")},
    ]


def test_the_view_is_what_it_was(view):
    # To accept a change on purpose, write json.dumps(asdict(view), indent=1, ensure_ascii=False) and a newline there.
    assert json.loads(json.dumps(asdict(view))) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_edema_of_unknown_extent_is_told_without_a_grade(patient, edition, sentences):
    view = foot_map_view(patient().image("~2026-02-10", "talus-left").view(), edition, sentences)
    assert view.steps[0].summary == (
        "About Tue 2026-02-10 (MRI). Places looked at: 1; with edema, its extent not noted: left talus."
    )


def test_of_several_findings_of_a_bone_at_one_visit_the_strongest_is_drawn_and_it_is_said(patient, edition, sentences):
    made = patient().image("2026-02-10", "talus-left", Presence.ABSENT).image("2026-02-10", "talus-left", grade=1)
    view = foot_map_view(made.view(), edition, sentences)
    assert looks(view.steps[0]) == {"talus-left": ("g1", "1")}
    assert view.counts == (
        "Visits with imaging of edema: 1. Findings of edema recorded: 2, drawn: 1. "
        "Where several findings of one visit speak of one bone, the strongest is drawn; the imaging table lists all."
    )


def test_a_bone_is_spoken_of_for_staff_and_for_the_patient(view):
    spoken = {state.site: state.spoken for state in view.steps[0].states}
    assert spoken["talus-left"].clinician == "Tue 2026-02-10: MRI, left talus, edema: grade 3 (large), 60 %, diffuse."
    assert spoken["talus-left"].plain == "On Tue 2026-02-10 the MRI showed edema in the left talus: a lot."
    assert (
        spoken["calcaneus-left"].plain == "On Tue 2026-02-10 the MRI looked at the left calcaneus and showed no edema."
    )
    assert spoken["cuboid-left"].clinician == "Tue 2026-02-10: MRI, left cuboid, edema: not examined."
    assert spoken["cuboid-left"].plain == "On Tue 2026-02-10 the left cuboid was not looked at."


def test_the_table_lists_every_state_of_every_step(view):
    for step, row in zip(view.steps, view.rows, strict=True):
        words = f"{row.with_edema} {row.clear} {row.not_examined}".lower()
        assert all(
            state.site.removesuffix("-left").removesuffix("-right").replace("-", " ") in words for state in step.states
        )
    assert view.rows[0].with_edema == "Left talus: 3 (large), 60 %, diffuse; left navicular: extent not noted"
    assert view.rows[0].clear == "Left calcaneus"
    assert view.rows[0].not_examined == "Noted as not examined: left cuboid"


def test_every_site_is_drawn_on_each_side_in_at_least_one_view(drawing):
    assert {bone.site for bone in drawn_bones(drawing)} == {site.key for site in all_sites()}


def test_each_bone_stands_once_per_view_and_side(drawing):
    counted = Counter((bone.shape.view, bone.site) for bone in drawn_bones(drawing))
    assert [drawn for drawn, count in counted.items() if count > 1] == []
    by_side = {
        side: sorted(
            bone.shape.shape_id
            for panel in drawing.panels
            for layer in panel.layers
            if layer.side is side
            for bone in layer.bones
        )
        for side in (Side.LEFT, Side.RIGHT)
    }
    assert by_side[Side.LEFT] == by_side[Side.RIGHT]


def test_bones_of_the_foot_are_seen_from_above_and_those_of_its_inner_edge_from_there_too():
    views = {}
    for shape in load_shapes():
        views.setdefault(shape.view, set()).add(shape.code)
    toes = {f"toe-{n}-{part}-phalanx" for n in range(2, 6) for part in ("proximal", "middle", "distal")}
    assert {"talus", "calcaneus", "navicular", "cuboid", *toes} | {f"metatarsal-{n}" for n in range(1, 6)} <= views[
        "dorsal"
    ]
    inner = {"talus", "calcaneus", "navicular", "medial-cuneiform", "metatarsal-1", "medial-malleolus", "distal-tibia"}
    assert inner <= views["medial"]


def test_a_bone_is_hatched_if_and_only_if_nobody_looked_and_its_class_is_its_grade(drawing, view):
    said = looks(view.steps[-1])
    for bone in drawn_bones(drawing):
        look, mark = said.get(bone.site, ("gn", ""))
        assert (bone.look.value, bone.mark) == (look, mark)
        assert (bone.look is BoneLook.NOT_EXAMINED) == (bone.site not in said)


def test_a_shape_lies_within_its_drawing_and_its_mark_within_the_shape(drawing):
    for panel in drawing.panels:
        for bone in (bone for layer in panel.layers for bone in layer.bones):
            left, top, right, bottom = outline_of(bone.shape.path)
            assert 0 <= left < right <= panel.width, bone.site
            assert 0 <= top < bottom <= panel.height, bone.site
            x, y = bone.shape.at
            assert left <= x <= right, bone.site
            assert top <= y <= bottom, bone.site


def test_the_right_side_is_the_mirror_image_of_the_left(drawing):
    right, _, left = drawing.panels
    pairs = zip(right.layers[0].bones, left.layers[0].bones, strict=True)
    assert all(one.at == (right.width - other.at[0], other.at[1]) for one, other in pairs)
    assert right.layers[0].transform == f"translate({right.width} 0) scale(-1 1)"


def test_the_big_toes_meet_in_the_middle_as_of_a_patient_who_faces_you():
    at = {shape.code: shape.at for shape in load_shapes() if shape.view == "dorsal"}
    assert at["hallux-distal-phalanx"][0] < at["toe-5-distal-phalanx"][0]
    assert (
        at["calcaneus"][1] < at["talus"][1] < at["navicular"][1] < at["metatarsal-2"][1] < at["toe-2-distal-phalanx"][1]
    )


def test_the_page_holds_each_shape_once_and_refers_to_it(made, edition):
    page = patient_page(made.view(), edition)
    ids = re.findall(r'<path id="(fm\d+)"', page)
    assert ids == [shape.shape_id for shape in load_shapes() if shape.view != "knee"]
    assert set(re.findall(r'<use href="#(fm\d+)"', page)) == set(ids)


@pytest.mark.parametrize(
    ("site", "drawn", "said"),
    [
        ("talus-left", set(), "hips, knees, the rest of the body"),
        ("femoral-head-left", {"hip"}, "knees, the rest of the body"),
        ("patella-left", {"knee"}, "hips, the rest of the body"),
        ("hip-left", {"hip", "body", "midline"}, "knees"),
        ("ankle-left", {"body", "midline"}, "hips, knees"),
        ("sacrum", {"body", "midline"}, "hips, knees"),
    ],
)
def test_a_part_that_no_image_spoke_of_is_named_and_not_drawn_and_the_feet_always_are(
    patient, edition, sentences, site, drawn, said
):
    view = foot_map_view(patient().image("2026-02-10", site).view(), edition, sentences)
    drawing = foot_map(view, sentences)
    assert {shape.view for shape in drawing.shapes} == {"dorsal", "medial", "ankle"} | drawn
    assert f"no image spoke of any place there: {said}." in drawing.left_out
    assert site in {bone.site for bone in drawn_bones(drawing)}


def test_the_image_is_a_file_of_its_own_that_names_visit_and_grades(view, sentences):
    from xml.etree import ElementTree

    text = foot_map_svg(view, sentences, title="Patient <A&B>", footer="made by a test")
    root = ElementTree.fromstring(text)
    words = " ".join(root.itertext())
    assert "Mon 2026-08-10 (MRI). Places looked at: 3; with edema: 2." in words
    assert "Hatched: not examined, or nothing recorded" in words
    assert "var(" not in text
    assert "Patient <A&B>" in words
    assert "made by a test" in words


def outline_of(path):
    """Give the box around the points of a path, its control points aside."""
    steps = {"c": (6, 4), "s": (4, 2), "l": (2, 0), "a": (7, 5), "h": (1, 0), "v": (1, 0)}
    x = y = 0
    xs, ys = [], []
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [int(number) for number in re.findall(NUMBER, rest)]
        if command == "M":
            x, y = numbers
        for at in range(0, len(numbers), steps.get(command, (len(numbers) or 1, 0))[0]):
            if command == "h":
                x += numbers[at]
            elif command == "v":
                y += numbers[at]
            elif command in steps:
                first = at + steps[command][1]
                if command == "a":  # half an ellipse: its height lies beside the ends
                    ys += [y - numbers[at + 1], y + numbers[at + 1]]
                x, y = x + numbers[first], y + numbers[first + 1]
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
