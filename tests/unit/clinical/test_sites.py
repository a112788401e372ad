import subprocess
import sys

import pytest

from tracker.clinical.sites import all_sites, belongs_to, find_site, joint_key, site_label
from tracker.clinical.vocabulary import Side, SiteLevel
from tracker.errors import InputError, NotFoundError

SITES = all_sites()
BY_KEY = {site.key: site for site in SITES}

# Anatomy counts 7 tarsals, 5 metatarsals, 14 phalanges and 2 constant sesamoids in a foot.
TARSALS = {
    "talus",
    "calcaneus",
    "navicular",
    "cuboid",
    "medial-cuneiform",
    "intermediate-cuneiform",
    "lateral-cuneiform",
}
METATARSALS = {f"metatarsal-{number}" for number in range(1, 6)}
PHALANGES = {"hallux-proximal-phalanx", "hallux-distal-phalanx"} | {
    f"toe-{toe}-{part}-phalanx" for toe in range(2, 6) for part in ("proximal", "middle", "distal")
}
ANKLE = {"distal-tibia", "distal-fibula", "medial-malleolus", "lateral-malleolus"}
SESAMOIDS = {"medial-sesamoid", "lateral-sesamoid"}
NOT_STATED = {"cuneiform", "metatarsus", "foot-sesamoid"}


@pytest.mark.parametrize("side", ["left", "right"])
def test_every_bone_of_foot_and_ankle_is_there_on_each_side(side):
    bones = {
        site.code
        for site in SITES
        if site.side == side and site.level is SiteLevel.BONE and belongs_to(site.key, f"foot-and-ankle-{side}")
    }
    assert bones - NOT_STATED == TARSALS | METATARSALS | PHALANGES | ANKLE | SESAMOIDS
    assert bones >= NOT_STATED
    assert (len(TARSALS), len(METATARSALS), len(PHALANGES), len(SESAMOIDS)) == (7, 5, 14, 2)


def test_keys_are_unique_and_lower_case():
    assert len(BY_KEY) == len(SITES)
    assert all(key == key.lower() and " " not in key and "_" not in key for key in BY_KEY)


def test_neighbours_are_symmetric_and_never_oneself():
    for site in SITES:
        assert site.key not in site.neighbours
        assert len(set(site.neighbours)) == len(site.neighbours)
        for neighbour in site.neighbours:
            assert site.key in BY_KEY[neighbour].neighbours, f"{neighbour} does not know {site.key}"


def test_neighbours_are_on_the_same_side_or_on_the_midline():
    for site in SITES:
        sides = {BY_KEY[neighbour].side for neighbour in site.neighbours}
        if site.side is not Side.MIDLINE:
            assert sides <= {site.side, Side.MIDLINE}


def test_no_bone_stands_alone():
    alone = [site.key for site in SITES if not site.neighbours]
    assert alone == ["spine"]


def test_a_bone_touches_bones_and_a_joint_the_next_along_the_limb():
    assert set(find_site("talus-left").neighbours) == {
        "distal-tibia-left",
        "medial-malleolus-left",
        "lateral-malleolus-left",
        "calcaneus-left",
        "navicular-left",
    }
    assert set(find_site("ankle-right").neighbours) == {"foot-right", "hindfoot-right", "knee-right", "lower-leg-right"}
    assert set(find_site("sacrum").neighbours) == {"hip-left", "hip-right", "lumbar-spine"}


def test_within_leads_from_bone_to_joint_to_region_without_end_or_gap():
    codes = {site.code for site in SITES}
    for site in SITES:
        assert set(site.within) <= codes - {site.code}
        assert site.joint in codes
        assert site.region in codes
        if site.level is SiteLevel.BONE and site.side is not Side.MIDLINE:
            assert BY_KEY[site.joint_key].level is SiteLevel.JOINT


@pytest.mark.parametrize(
    ("key", "joint", "region"),
    [
        ("talus-left", "ankle-left", "foot-and-ankle"),
        ("calcaneus-right", "hindfoot-right", "foot-and-ankle"),
        ("medial-cuneiform-left", "midfoot-left", "foot-and-ankle"),
        ("metatarsal-2-left", "forefoot-left", "foot-and-ankle"),
        ("hallux-distal-phalanx-right", "forefoot-right", "foot-and-ankle"),
        ("ankle-left", "ankle-left", "foot-and-ankle"),
        ("foot-left", "foot-left", "foot-and-ankle"),
        ("medial-femoral-condyle-right", "knee-right", "knee"),
        ("femoral-head-left", "hip-left", "hip"),
        ("sacrum", "sacrum", "spine"),
        ("lumbar-spine", "lumbar-spine", "spine"),
        ("shoulder-right", "shoulder-right", "shoulder"),
    ],
)
def test_a_site_has_one_joint_and_one_region(key, joint, region):
    assert joint_key(key) == joint
    assert find_site(key).joint_key == joint
    assert find_site(key).region == region


@pytest.mark.parametrize(
    ("key", "parent", "expected"),
    [
        ("talus-left", "talus-left", True),
        ("talus-left", "ankle-left", True),
        ("talus-left", "hindfoot-left", True),
        ("talus-left", "foot-left", True),
        ("talus-left", "foot-and-ankle-left", True),
        ("talus-left", "ankle-right", False),
        ("ankle-left", "talus-left", False),
        ("ankle-left", "foot-left", False),
        ("medial-cuneiform-left", "cuneiform-left", True),
        ("femoral-neck-right", "proximal-femur-right", True),
        ("sacrum", "spine", True),
        ("sacrum", "hip-left", False),
    ],
)
def test_a_site_belongs_to_what_it_is_part_of_on_its_side(key, parent, expected):
    assert belongs_to(key, parent) is expected


@pytest.mark.parametrize(
    "written",
    ["talus-left", "Talus left", "left talus", "talus_left", "talus-L", "l talus", " LEFT  Talus "],
)
def test_a_site_is_found_however_it_is_written(written):
    assert find_site(written).key == "talus-left"


@pytest.mark.parametrize("written", ["sacrum", "Sacrum", " SACRUM "])
def test_a_midline_site_needs_no_side(written):
    assert find_site(written).key == "sacrum"


def test_every_label_finds_its_site_again():
    stated = [site for site in SITES if "which" not in site.label]
    named = [site for site in stated if site.label.replace(" ", "-") == f"{site.side}-{site.code}"]
    assert len(named) > 50
    assert all(find_site(site.label) is site for site in named)


def test_a_label_says_side_and_place():
    assert site_label("metatarsal-2-left") == "left second metatarsal"
    assert site_label("lumbar-spine") == "lumbar spine"


@pytest.mark.parametrize(
    ("written", "kind", "message"),
    [
        (
            "navicula-left",
            NotFoundError,
            "No site 'navicula-left'. Did you mean 'navicular-left'? List sites: tracker site list",
        ),
        (
            "navicula",
            NotFoundError,
            "No site 'navicula'. Did you mean 'navicular-left' or 'navicular-right'? List sites: tracker site list",
        ),
        (
            "both tallus",
            NotFoundError,
            "No site 'both tallus'. Did you mean 'talus-left' or 'talus-right'? List sites: tracker site list",
        ),
        ("sacrun", NotFoundError, "No site 'sacrun'. Did you mean 'sacrum'? List sites: tracker site list"),
        (
            "xyzzy",
            NotFoundError,
            "No site 'xyzzy'. Sites are written bone-side or joint-side, such as talus-left, ankle-right or sacrum. "
            "List sites: tracker site list",
        ),
        (
            "",
            NotFoundError,
            "No site ''. Sites are written bone-side or joint-side, such as talus-left, ankle-right or sacrum. "
            "List sites: tracker site list",
        ),
        ("talus", InputError, "'talus' needs a side. Write talus-left or talus-right."),
        (
            "bilateral hip",
            InputError,
            "'bilateral hip' is two sites. Write hip-left and hip-right, each with its value.",
        ),
        ("sacrum-left", InputError, "'sacrum-left' has a side, but the sacrum lies on the midline. Write sacrum."),
    ],
)
def test_what_is_no_site_is_refused_in_words(written, kind, message):
    with pytest.raises(kind) as refused:
        find_site(written)
    assert type(refused.value) is kind
    assert str(refused.value) == message


# Codes as published in value sets; a metatarsal's head or base is not the bone, so whole metatarsals have none.
@pytest.mark.parametrize(
    ("code", "snomed"),
    [
        ("talus", "67453005"),
        ("calcaneus", "80144004"),
        ("navicular", "75772009"),
        ("cuboid", "81012005"),
        ("medial-cuneiform", "2979003"),
        ("intermediate-cuneiform", "19193007"),
        ("lateral-cuneiform", "67411009"),
        ("ankle", "70258002"),
        ("knee", "49076000"),
        ("hip", "24136001"),
        ("lateral-malleolus", "113225006"),
        ("distal-tibia", "64605006"),
        ("hallux-distal-phalanx", "53075003"),
        ("metatarsal-1", None),
        ("hallux-proximal-phalanx", None),
        ("distal-fibula", None),
        ("midfoot", None),
    ],
)
def test_a_terminology_code_stands_only_where_the_structure_itself_was_seen(code, snomed):
    assert find_site(f"{code}-left").snomed == snomed
    assert find_site(f"{code}-right").snomed == snomed


def test_wrist_scaphoid_and_partial_metatarsal_codes_are_nowhere():
    wrong = {
        "30518006",  # scaphoid of the wrist, shown as "navicular" in one list
        "344001",  # ankle region
        *("67169006", "9677004", "46971007", "3134008", "71822005"),  # metatarsal heads
        *("89221001", "90894004", "89995006", "15368009", "30980004"),  # metatarsal bases
    }
    assert wrong.isdisjoint({site.snomed for site in SITES})


def test_no_terminology_code_stands_for_two_structures():
    codes = {site.code: site.snomed for site in SITES if site.snomed}
    assert len(set(codes.values())) == len(codes)


def test_finding_a_site_loads_neither_numbers_nor_spelling_help():
    program = (
        "import sys; from tracker.clinical.sites import find_site; find_site('talus-left');"
        "print(sorted({'numpy', 'pandas', 'difflib', 'sqlalchemy', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
