"""Charts as image files: all of them or none, and a sentence where there is no browser or no Kaleido."""

import asyncio
import os
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from reports.chart_images import ImageFormat, patient_images, write_images
from tracker.errors import AccessError, ImageError

NO_BROWSER = (
    "Charts are drawn as images by Chrome or Chromium, and none was found. Nothing was written. "
    "Install one, or name it in BROWSER_PATH. The page (--format html) needs none."
)


@pytest.fixture(scope="module")
def small_patient(patient):
    return patient(code="TEST-IMAGE").image("2026-02-10", "talus-left", percent=60.0)


@pytest.fixture(scope="module")
def images(small_patient, edition, tmp_path_factory):
    """Draw once in a real browser, in all formats."""
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False) is None:
        sentence = "No Chrome or Chromium found; images cannot be drawn."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return patient_images(small_patient.view(), edition, tmp_path_factory.mktemp("images"), formats=list(ImageFormat))


def picture_size(png):
    """Give width and height that a PNG states, and its pixels once unpacked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    return width, height, zlib.decompress(packed)


@pytest.mark.browser
@pytest.mark.slow
def test_each_chart_is_drawn_in_each_format_under_a_stable_name(images):
    assert [path.name for path in images] == [
        f"patient-TEST-IMAGE-{chart}.{kind}" for chart in ("imaging", "foot-map") for kind in ("png", "svg", "pdf")
    ]
    for path, content in images.items():
        start = {".png": b"\x89PNG", ".svg": b"<svg", ".pdf": b"%PDF"}[path.suffix]
        assert content.startswith(start), path.name


@pytest.mark.browser
@pytest.mark.slow
def test_a_drawing_holds_its_words_and_is_not_blank(images):
    by_name = {path.name.removeprefix("patient-TEST-IMAGE-"): content for path, content in images.items()}
    assert "Patient TEST-IMAGE. Imaging by bone" in by_name["imaging.svg"].decode()
    assert "Patient TEST-IMAGE. Bones by visit: edema on the foot map" in by_name["foot-map.svg"].decode()
    for name in ("imaging.png", "foot-map.png"):
        width, height, pixels = picture_size(by_name[name])
        assert width in {2000, 1760}, name  # twice the pixels of the page
        assert height > 200, name
        assert len(set(pixels[:: len(pixels) // 5000])) > 10, name  # more than paper


@pytest.mark.browser
@pytest.mark.slow
def test_the_files_are_written_together(images, tmp_path):
    here = {tmp_path / "pictures" / path.name: content for path, content in images.items()}
    assert write_images(here) == list(here)
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == sorted(path.name for path in images)


def test_the_map_alone_as_svg_needs_no_browser(small_patient, edition, tmp_path, monkeypatch):
    from reports import chart_images

    asked = []
    monkeypatch.setattr(chart_images, "_draw", lambda wanted: asked.extend(wanted) or [b"" for _ in wanted])
    drawn = patient_images(small_patient.view(), edition, tmp_path, formats=[ImageFormat.SVG, ImageFormat.SVG])
    assert [(figure.key, kind.value) for figure, kind in asked] == [("imaging", "svg")]
    assert drawn[tmp_path / "patient-TEST-IMAGE-foot-map.svg"].startswith(b"<svg")


def test_one_file_that_cannot_be_written_leaves_none(tmp_path):
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(AccessError):
        write_images({tmp_path / "one.png": b"1", tmp_path / "blocked" / "two.png": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blocked"]


def test_without_a_browser_a_sentence_says_what_is_missing(small_patient, edition, tmp_path, monkeypatch):
    from choreographer.browsers.chromium import Chromium

    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(Chromium, "find_browser", classmethod(lambda cls, **options: None))
    with pytest.raises(ImageError) as raised:
        patient_images(small_patient.view(), edition, tmp_path, formats=[ImageFormat.PNG])
    assert str(raised.value) == NO_BROWSER
    assert list(tmp_path.iterdir()) == []


def test_a_loop_that_is_running_already_is_no_hindrance(small_patient, edition, tmp_path, monkeypatch):
    from choreographer.browsers.chromium import Chromium

    monkeypatch.setattr(Chromium, "find_browser", classmethod(lambda cls, **options: None))

    async def ask():
        patient_images(small_patient.view(), edition, tmp_path, formats=[ImageFormat.PNG])

    # a thread of its own: other tests leave the loop of their browser running in this one
    with ThreadPoolExecutor(1) as thread, pytest.raises(ImageError, match="none was found"):
        thread.submit(lambda: asyncio.run(ask())).result()


def test_without_kaleido_a_sentence_says_how_to_get_it(small_patient, edition, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(ImageError) as raised:
        patient_images(small_patient.view(), edition, tmp_path, formats=[ImageFormat.PDF])
    assert str(raised.value) == (
        "Charts are drawn as images by Kaleido, which is not installed. Nothing was written. "
        "Install it: python -m pip install 'bmes-tracker[images]'. The page (--format html) needs none."
    )
