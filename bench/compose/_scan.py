"""A PDF as it comes from a scanner: pictures of pages, without text or with the poor text of old software."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

_SLANT = 0.5  # degrees
_WRONG = 0.05  # share of letters that the poor text has wrong
_SLIPS = {"l": "I1", "i": "lj", "I": "l1", "e": "co", "o": "0c", "a": "u", "n": "ri", "m": "rn", "c": "e", "t": "f"}


@dataclass(frozen=True)
class Scan:
    """One way to scan."""

    design: str
    """Layout of the paper that went through the scanner."""
    dpi: int
    text: bool
    """Whether the file has a text layer, a poor one."""


LAYOUTS = {"scan": Scan("letter", 300, text=False), "poor_scan": Scan("single", 200, text=True)}


def scan_pdf(paper: Path, path: Path, scan: Scan, seed: int) -> None:
    """Render the pages of a PDF as pictures, slightly slanted and specked; equal input gives equal bytes.

    Parameters
    ----------
    paper
        The clean PDF.
    path
        The scan to write.
    scan
        With or without a text layer.
    seed
        Of slant, specks and slips.
    """
    letters = random.Random(seed)
    specks = np.random.default_rng(seed)
    document = pdfium.PdfDocument(paper)
    canvas = Canvas(str(path), invariant=1)
    for page in document:
        width, height = page.get_size()
        canvas.setPageSize((width, height))
        picture = page.render(scale=scan.dpi / 72, grayscale=True).to_pil()
        picture = picture.rotate(letters.uniform(-_SLANT, _SLANT), Image.Resampling.BILINEAR, fillcolor=255)
        dots = np.asarray(picture, dtype=np.int16) + specks.integers(-25, 26, size=(picture.height, picture.width))
        ink = np.where(dots < 150, 0, 255).astype(np.uint8)
        ink[specks.random(ink.shape) < 0.0002] = 0
        canvas.drawImage(ImageReader(Image.fromarray(ink)), 0, 0, width, height)
        if scan.text:
            _write_text(canvas, page, letters)
        canvas.showPage()
    document.close()
    canvas.save()


def _write_text(canvas: Canvas, page: pdfium.PdfPage, letters: random.Random) -> None:
    text = page.get_textpage()
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        words = _misread(text.get_text_bounded(left, bottom, right, top), letters)
        line = canvas.beginText(left, bottom)
        line.setTextRenderMode(3)
        line.setFont("Helvetica", max(top - bottom, 4))
        line.textOut(words.encode("cp1252", "replace").decode("cp1252"))
        canvas.drawText(line)


def _misread(text: str, letters: random.Random) -> str:
    read = []
    for letter in text.replace("\r", " ").replace("\n", " "):
        if letters.random() >= _WRONG:
            read.append(letter)
        elif letter == " ":
            continue  # two words run together
        else:
            read.append(letters.choice(_SLIPS.get(letter, letter)))
    return "".join(read)
