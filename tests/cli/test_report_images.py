"""`tracker report patient --format`: pages, images, and what is said where there is no browser."""

import pytest


@pytest.fixture
def imaged(patient):
    added = patient("visit", "add", "P-07", "--on", "2026-02-10", "--mri", "talus-left=large")
    assert added.exit_code == 0, added.output
    return patient


def test_html_is_what_is_written_where_nothing_is_asked_for(imaged, tmp_path):
    done = imaged("report", "patient", "P-07", "--out", str(tmp_path / "out"), "--as-of", "2026-04-01")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [str(tmp_path / "out" / "patient-P-07.html")]


def test_without_a_browser_nothing_is_written_and_the_sentence_says_so(imaged, tmp_path, monkeypatch):
    from choreographer.browsers.chromium import Chromium

    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(Chromium, "find_browser", classmethod(lambda cls, **options: None))
    out = tmp_path / "out"
    refused = imaged("report", "patient", "P-07", "--out", str(out), "--format", "html", "--format", "png")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        "Error: Charts are drawn as images by Chrome or Chromium, and none was found. Nothing was written. "
        "Install one, or name it in BROWSER_PATH. The page (--format html) needs none.\n"
    )
    assert not out.exists()


def test_pages_and_images_are_listed_as_they_were_written(imaged, tmp_path, monkeypatch):
    from reports import chart_images

    monkeypatch.setattr(chart_images, "_draw", lambda wanted: [figure.key.encode() for figure, _ in wanted])
    out = tmp_path / "out"
    words = ("report", "patient", "P-07", "--out", str(out), "--as-of", "2026-04-01", "--format", "pdf", "--format")
    done = imaged(*words, "html")
    assert done.exit_code == 0, done.output
    names = ["patient-P-07.html", "patient-P-07-course-1.pdf", "patient-P-07-imaging.pdf", "patient-P-07-foot-map.pdf"]
    assert done.stdout.splitlines() == [str(out / name) for name in names]
    assert (out / "patient-P-07-imaging.pdf").read_bytes() == b"imaging"


def test_a_patient_without_anything_has_nothing_to_draw(run, tmp_path):
    run("patient", "add", "P-08", "--sex", "F", "--born", "1980")
    done = run("report", "patient", "P-08", "--out", str(tmp_path / "out"), "--format", "svg")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert done.stderr == "There is nothing to draw for this patient yet: no score, result or finding.\n"


def test_an_unknown_format_is_refused_with_the_list(patient, tmp_path):
    refused = patient("report", "patient", "P-07", "--out", str(tmp_path), "--format", "gif")
    assert refused.exit_code == 2
    assert "'gif' is not one of 'html', 'csv', 'png', 'svg', 'pdf'" in refused.stderr
