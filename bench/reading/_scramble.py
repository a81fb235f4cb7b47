"""A PDF drawn anew with its lines in another order, as some programs write them."""

import random
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mvoi_nlp.text._blocks import Clock
from mvoi_nlp.text._pdfium import draw_pages

_COLOURS = {"groen": "#7cb342", "geel": "#fff176", "oranje": "#f9a825", "rood": "#c62828", "grijs": "#bdbdbd"}
_FONTS = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "ZapfDingbats")


def scramble(path: Path, out: Path, seed: int = 0) -> None:
    """Write the pages of a PDF again, every line at its place but in random order; equal input gives equal bytes.

    Parameters
    ----------
    path
        A PDF of the made corpus.
    out
        The file to write.
    seed
        Of the order.
    """
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    order = random.Random(seed)
    pages, _ = draw_pages(path.read_bytes(), path.name, 2000, Clock(path.name, 600))
    canvas = Canvas(str(out), invariant=1)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        for x0, y0, x1, y1, colour in page.fills:
            if colour:
                canvas.setFillColor(_COLOURS[colour])
                canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
        canvas.setFillColor("black")
        for y, x0, x1 in page.horizontal:
            canvas.line(x0, y, x1, y)
        for x, y0, y1 in page.vertical:
            canvas.line(x, y0, x, y1)
        pieces = list(page.pieces)
        order.shuffle(pieces)
        for piece in pieces:
            font = piece.style.split()[0] if piece.style else ""
            font = _known(font, bold=piece.is_bold)
            wide = pdfmetrics.stringWidth(piece.text, font, piece.size)
            line = canvas.beginText(piece.x0, piece.base)
            line.setFont(font, piece.size)
            if wide > 0:
                line.setHorizScale(100 * (piece.x1 - piece.x0) / wide)
            line.textOut(piece.text)
            canvas.drawText(line)
        canvas.showPage()
    canvas.save()


def _known(font: str, *, bold: bool) -> str:
    if font in _FONTS:
        return font
    if "Vera" in font:
        return "VeraBd" if "Bold" in font or bold else "Vera"
    return "Helvetica-Bold" if bold else "Helvetica"
