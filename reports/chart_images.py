"""Charts as image files, drawn by an installed Chrome or Chromium through Kaleido.

Nothing is asked of the network: the script is Plotly's own file on this machine,
and the browser is given a proxy that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from reports.files import write_files
from reports.page import page_name
from reports.patient_figures import NamedFigure, patient_figures
from tracker.analysis.views import PatientView
from tracker.clinical.reference import Edition
from tracker.errors import ImageError

_SCALE = 2
_TIMEOUT_SECONDS = 90
# An address nobody listens at, so that the browser cannot reach anything but the files of this machine.
_NOWHERE = "127.0.0.1:9"


class ImageFormat(StrEnum):
    """What an image can be written as."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


def patient_images(
    view: PatientView, edition: Edition, out_dir: Path, *, formats: Sequence[ImageFormat]
) -> dict[Path, bytes]:
    """Draw every chart of a patient's page, without writing a file.

    Parameters
    ----------
    view : PatientView
        What to show.
    edition : Edition
        The edition the view was made with.
    out_dir : pathlib.Path
        Where the files would stand.
    formats : sequence of ImageFormat
        Each chart is drawn in each of them.

    Returns
    -------
    dict of pathlib.Path to bytes
        Chart by chart; a name is that of the patient's page, the chart and the format.

    Raises
    ------
    ImageError
        If Kaleido or a browser is missing, or the browser fails.
    """
    stem = page_name(view.record).removesuffix(".html")
    asked = [(figure, kind) for figure in patient_figures(view, edition) for kind in dict.fromkeys(formats)]
    by_browser = [(figure, kind) for figure, kind in asked if not (figure.svg and kind is ImageFormat.SVG)]
    keys = [(figure.key, kind) for figure, kind in by_browser]
    drawn = dict(zip(keys, _draw(by_browser), strict=True)) if by_browser else {}
    return {
        out_dir / f"{stem}-{figure.key}.{kind}": drawn.get((figure.key, kind), figure.svg.encode())
        for figure, kind in asked
    }


def write_images(images: dict[Path, bytes]) -> list[Path]:
    """Write the whole set, or none of it.

    Raises
    ------
    AccessError
        If the folder or a file cannot be written.
    """
    write_files(images)
    return list(images)


def _draw(asked: Sequence[tuple[NamedFigure, ImageFormat]]) -> list[bytes]:
    """Draw in one browser, one after the other."""
    try:
        import kaleido  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra; whoever wants no image needs none
        from kaleido import errors  # noqa: PLC0415
    except ImportError as error:
        raise ImageError(
            "Charts are drawn as images by Kaleido, which is not installed. Nothing was written.",
            hint="Install it: python -m pip install 'bmes-tracker[images]'. The page (--format html) needs none.",
        ) from error
    import asyncio  # noqa: PLC0415
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    async def draw_all() -> list[bytes]:
        async with kaleido.Kaleido(timeout=_TIMEOUT_SECONDS, mathjax=False, proxy_server=_NOWHERE) as browser:
            return [await browser.calc_fig(figure.figure, opts=_options(figure, kind)) for figure, kind in asked]

    try:
        # In a thread of its own: a notebook, or a test in a browser, has a loop running in this one.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(lambda: asyncio.run(draw_all())).result()
    except errors.ChromeNotFoundError as error:
        raise ImageError(
            "Charts are drawn as images by Chrome or Chromium, and none was found. Nothing was written.",
            hint="Install one, or name it in BROWSER_PATH. The page (--format html) needs none.",
        ) from error
    except (errors.BrowserFailedError, errors.BrowserClosedError, errors.KaleidoError, TimeoutError) as error:
        raise ImageError(
            f"The browser did not draw the charts ({type(error).__name__}). Nothing was written.",
            hint="Try another Chrome or Chromium, named in BROWSER_PATH. The page (--format html) needs none.",
        ) from error


def _options(figure: NamedFigure, kind: ImageFormat) -> dict[str, object]:
    return {
        "format": kind.value,
        "width": figure.width,
        "height": figure.height,
        "scale": _SCALE if kind is ImageFormat.PNG else 1,
    }
