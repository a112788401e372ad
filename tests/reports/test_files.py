"""Files about patients: whole or not at all, and readable by their owner alone."""

import os
import stat

import pytest

from reports.clinic_page import ClinicView, write_clinic_page
from reports.files import write_file
from reports.page import write_patient_page
from reports.shared_file import script_name
from reports.simulation_tables import write_truth, write_visits
from tracker.errors import AccessError

posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps access rights elsewhere than in a file's mode")


@pytest.fixture(params=[0o000, 0o022], ids=["umask 000", "umask 022"])
def umask(request):
    """Set what new files may be to others, as a careless and as a common login does."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def _modes(folder):
    """Give the mode of everything in a folder, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): oct(stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
    }


@posix
@pytest.mark.usefixtures("umask")
def test_a_file_and_every_folder_made_for_it_belong_to_their_owner_alone(tmp_path):
    write_file(tmp_path / "pages" / "deep" / "page.html", "P-07")
    assert _modes(tmp_path) == {"pages": "0o700", "pages/deep": "0o700", "pages/deep/page.html": "0o600"}


@posix
@pytest.mark.usefixtures("umask")
def test_every_page_and_table_belongs_to_its_owner_alone(patient, edition, tmp_path):
    view = patient().view()
    write_patient_page(view, edition, tmp_path / "patients")
    write_clinic_page(ClinicView("Patients", (), view.provenance), tmp_path)
    write_truth([], tmp_path / "truth.csv")
    write_visits([], tmp_path / "visits.csv")
    assert _modes(tmp_path) == {
        "index.html": "0o600",
        "patients": "0o700",
        "patients/patient-TEST-1.html": "0o600",
        f"patients/{script_name()}": "0o600",
        "truth.csv": "0o600",
        "visits.csv": "0o600",
    }


@posix
def test_a_page_that_others_could_read_becomes_private_and_its_folder_stays_as_it_was(tmp_path):
    tmp_path.chmod(0o755)
    page = tmp_path / "page.html"
    page.write_text("old", encoding="utf-8")
    page.chmod(0o644)
    write_file(page, "new")
    assert _modes(tmp_path) == {"page.html": "0o600"}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@posix
def test_a_link_in_place_of_the_page_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious", encoding="utf-8")
    (tmp_path / "page.html").symlink_to(tmp_path / "precious")
    write_file(tmp_path / "page.html", "P-07")
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "page.html").is_symlink()


def test_the_bytes_are_the_text_in_utf_8_with_its_line_ends_as_they_are(tmp_path):
    path = write_file(tmp_path / "page.html", "Zoë\nα\r\n")
    assert path.read_bytes() == b"Zo\xc3\xab\n\xce\xb1\r\n"


def test_what_cannot_be_put_in_place_is_said_and_leaves_nothing_beside(tmp_path):
    (tmp_path / "page.html").mkdir()
    with pytest.raises(AccessError) as caught:
        write_file(tmp_path / "page.html", "P-07")
    assert str(caught.value).startswith(f"Cannot write '{tmp_path / 'page.html'}': ")
    assert str(caught.value).endswith(" Choose a folder you may write to with --out DIR.")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_page_that_cannot_be_written_whole_leaves_the_old_one(tmp_path):
    page = write_file(tmp_path / "page.html", "old")
    with pytest.raises(UnicodeEncodeError):
        write_file(page, "half \ud800 a character has no bytes")
    assert page.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
