"""Pages that are pictures, read by tesseract where that is installed with its Dutch model."""

import os
import shutil
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pypdfium2 as pdfium
import pytesseract
from PIL import Image

from mvoi_nlp.text._blocks import Clock
from mvoi_nlp.text._glyphs import Canvas, Piece

DPI = 300  # at 200 a noisy page has three times the errors
_ALIKE = 0.2  # lines that differ less in height than this share are of one size
_FONT = 1.35  # size of a font over the height of its words, most of which lack a tail or a stick
_SECONDS = 60  # for one page


@cache
def ocr_version() -> str:
    """Version of tesseract, or nothing where it or its Dutch model is not installed."""
    if shutil.which("tesseract") is None:
        return ""
    try:
        languages, version = pytesseract.get_languages(), str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractError, OSError, SystemExit):
        return ""
    return version if "nld" in languages else ""


def read_pictures(data: bytes, numbers: Sequence[int], clock: Clock) -> dict[int, Canvas]:
    """What tesseract reads on pages of a PDF; a page on which it fails, or for which time is short, is not there.

    Pages are read side by side, since each costs seconds; the pictures are made one by one, as pdfium asks.

    Parameters
    ----------
    data
        The PDF.
    numbers
        Pages, from 1.
    clock
        Of the file; its last tenth is left for the rest of the work.
    """
    found: dict[int, Canvas] = {}
    document = pdfium.PdfDocument(data)
    workers = min(os.cpu_count() or 1, len(numbers))
    try:
        with ThreadPoolExecutor(max(workers, 1)) as pool:
            for first in range(0, len(numbers), 2 * workers):  # so many pictures are in memory at once
                some = numbers[first : first + 2 * workers]
                if clock.left < 0.1:
                    break
                pages = [document[number - 1] for number in some]
                pictures = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in pages]
                for number, page, words in zip(some, pages, pool.map(_words, pictures), strict=True):
                    if words is not None:
                        width, height = page.get_size()
                        found[number] = Canvas(width, height, pieces=_pieces(words, height), pictures=1.0)
    finally:
        document.close()
    return found


def _words(picture: Image.Image) -> Mapping[str, Sequence[Any]] | None:
    """Tesseract's table of words; None when it gave up or took too long."""
    try:
        found: Mapping[str, Sequence[Any]] = pytesseract.image_to_data(
            picture, lang="nld", config=f"--dpi {DPI}", output_type=pytesseract.Output.DICT, timeout=_SECONDS
        )
    except (pytesseract.TesseractError, RuntimeError):
        return None
    return found


def _pieces(words: Mapping[str, Sequence[Any]], height: float) -> list[Piece]:
    """One piece a line; sizes of lines that are nearly alike are made equal."""
    scale = 72 / DPI
    lines: dict[tuple[Any, ...], list[int]] = {}
    for n, text in enumerate(words["text"]):
        if str(text).strip() and float(words["conf"][n]) >= 0:
            key = (words["block_num"][n], words["par_num"][n], words["line_num"][n])
            lines.setdefault(key, []).append(n)
    tall = [statistics.median(words["height"][n] for n in members) * scale for members in lines.values()]
    usual = statistics.median(tall) if tall else 0.0
    pieces = []
    for members, own in zip(lines.values(), tall, strict=True):
        size = 1.35 * (
            usual if abs(own - usual) < _ALIKE * usual else own
        )  # words without tails are lower than the font
        bottom = statistics.median(words["top"][n] + words["height"][n] for n in members) * scale
        texts: list[str] = []
        xs: list[float] = []
        for n in members:
            text = str(words["text"][n])
            left, wide = words["left"][n] * scale, words["width"][n] * scale
            if texts:
                xs.append(left - 0.2 * size)
            texts.append(text)
            xs += [left + wide * at / len(text) for at in range(len(text))]
        last = members[-1]
        pieces.append(
            Piece(
                x0=words["left"][members[0]] * scale,
                x1=(words["left"][last] + words["width"][last]) * scale,
                base=height - bottom,
                size=size,
                turn=0,
                text=" ".join(texts),
                xs=xs,
                style="ocr",
            )
        )
    return pieces
