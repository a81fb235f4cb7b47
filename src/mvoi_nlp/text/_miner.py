"""pdfminer.six as an engine.

pdfminer interprets the page; its own layout analysis is left out, since it reads columns with a narrow gutter
across each other and tables downwards. Text inside forms ("figures") comes along.
"""

import io
import logging
import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import dict_value, int_value
from pdfminer.psparser import PSException
from pdfminer.utils import mult_matrix

from mvoi_nlp.errors import MvoiError, TextError
from mvoi_nlp.text._blocks import REPRINT, Clock, broken_page, colour_word, protected_pdf
from mvoi_nlp.text._glyphs import BOLD, UNREADABLE, Canvas, Matrix, Pen, direction, is_rectangle, page_frame, symbol

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what it mends in silence is no news to an analyst

_UNUSED = {127, 129, 141, 143, 144, 157}  # codes without a letter print a bullet in Western fonts


def draw_pages(
    data: bytes, name: str, max_pages: int, clock: Clock, only: Collection[int] = ()
) -> tuple[list[Canvas], int]:
    """Pages of a PDF (of `only`, where given, from 1), and how many were left out beyond `max_pages`.

    Raises
    ------
    TextError
        Protected or broken; names the page where that is known.
    """
    parser = PDFParser(io.BytesIO(data))
    try:
        opened = PDFDocument(parser)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise protected_pdf(name) from error
    except Exception as error:
        raise TextError(f"{name}: a damaged PDF ({type(error).__name__}: {error})", hint=REPRINT) from error
    resources = PDFResourceManager(caching=True)
    collector = _Collector(resources, clock)
    interpreter = PDFPageInterpreter(resources, collector)
    canvases: list[Canvas] = []
    left_out = 0
    try:
        for number, page in enumerate(PDFPage.create_pages(opened), start=1):
            if number > max_pages:
                left_out = max(_page_count(opened) - max_pages, 1)
                break
            if only and number not in only:
                continue
            clock.check(f"page {number}")
            canvases.append(_canvas(page, collector, interpreter, number))
    except MvoiError:
        raise
    except Exception as error:
        raise broken_page(name, len(canvases) + 1, error) from error
    return canvases, left_out


def _page_count(opened: Any) -> int:
    try:
        return int_value(dict_value(opened.catalog["Pages"])["Count"])
    except (KeyError, PSException, TypeError):
        return 0


def _canvas(page: Any, collector: "_Collector", interpreter: Any, number: int) -> Canvas:
    box = [float(value) for value in page.cropbox or page.mediabox]
    width, height, ctm = page_frame(box, page.rotate % 360)
    collector.begin(width, height, f"page {number}")
    interpreter.render_contents(page.resources, page.contents, ctm=ctm)
    return collector.canvas()


class _Collector(PDFDevice):
    """Receives what pdfminer finds on a page and hands it to the pen."""

    def __init__(self, resources: Any, clock: Clock) -> None:
        super().__init__(resources)
        self._clock = clock
        self._fonts: dict[int, tuple[str, bool, dict[int, tuple[str, float]]]] = {}
        self._kept: list[Any] = []
        self._pen = Pen()
        self.begin(0, 0, "")

    def begin(self, width: float, height: float, where: str) -> None:
        """Start an empty page."""
        self._where = where
        self._pen.begin(width, height)
        self._strings = self._paths = 0

    def canvas(self) -> Canvas:
        """Return the page as collected."""
        return self._pen.canvas()

    # pdfminer calls what follows

    def _matrix(self) -> Matrix:
        return self.ctm or (1, 0, 0, 1, 0, 0)

    def render_image(self, name: str, stream: Any) -> None:  # noqa: ARG002
        """Add the surface of a picture."""
        a, b, c, d, _, _ = self._matrix()
        self._pen.picture(abs(a * d - b * c))

    def paint_path(
        self,
        graphicstate: Any,
        stroke: bool,
        fill: bool,
        evenodd: bool,  # noqa: ARG002
        path: Sequence[Any],
    ) -> None:
        """Keep the straight lines and the edges of rectangles."""
        self._pen.drawing()
        self._paths += 1
        if self._paths % 512 == 0:
            self._clock.check(self._where)
        if self._pen.is_full or not (stroke or fill):
            return
        a, b, c, d, e, f = self._matrix()
        colour = _word(graphicstate.ncolor) if fill else ""
        points: list[tuple[float, float]] = []
        for step in path:
            if step[0] == "m":
                self._draw(points, fill, colour)
                points = []
            if step[0] == "h":
                if points:
                    points.append(points[0])
            elif step[0] in "ml":
                x, y = step[-2:]
                points.append((a * x + c * y + e, b * x + d * y + f))
            else:  # a curve: no ruling line
                points = []
        self._draw(points, fill, colour)

    def _draw(self, points: list[tuple[float, float]], fill: bool, colour: str) -> None:
        self._pen.line(points)
        if fill and is_rectangle(points):
            self._pen.fill(points, colour)

    def render_string(
        self,
        textstate: Any,
        seq: Iterable[Any],
        ncs: Any,  # noqa: ARG002
        graphicstate: Any,
    ) -> None:
        """Add the letters of one string."""
        self._strings += 1
        if self._strings % 256 == 0:
            self._clock.check(self._where)
        a, b, c, d, e, f = mult_matrix(textstate.matrix, self._matrix())
        font, fontsize = textstate.font, textstate.fontsize
        scaling = textstate.scaling * 0.01
        charspace = textstate.charspace * scaling
        wordspace = 0 if font.is_multibyte() else textstate.wordspace * scaling
        per_unit = 0.001 * fontsize * scaling
        name, bold, known = self._font(font)
        style = f"{name} {graphicstate.ncolor}"
        x, y = textstate.linematrix
        along, size = math.hypot(a, b), abs(fontsize) * math.hypot(c, d)
        turn = direction(a, b, d)
        px, py = a * x + c * y + e, b * x + d * y + f + textstate.rise * d
        u, v = ((px, py), (py, -px), (-px, -py), (-py, px))[turn]
        u -= x * along
        separate = False
        for part in seq:
            if not isinstance(part, bytes):
                if isinstance(part, (int, float)):
                    x -= part * per_unit
                    separate = True
                continue
            for cid in font.decode(part):
                if separate:
                    x += charspace
                found = known.get(cid)
                if found is None:
                    found = known[cid] = _letter(font, cid)
                letter, width = found
                advance = width * fontsize * scaling
                if letter and size > 0.5:
                    self._pen.letter(
                        letter, u + x * along, u + (x + advance) * along, v, size, turn, bold=bold, style=style
                    )
                x += advance
                if cid == 32 and wordspace:
                    x += wordspace
                separate = True
        textstate.linematrix = (x, y)

    def _font(self, font: Any) -> tuple[str, bool, dict[int, tuple[str, float]]]:
        entry = self._fonts.get(id(font))
        if entry is None:
            name = str(getattr(font, "fontname", "")).rpartition("+")[2]
            entry = self._fonts[id(font)] = (name, bool(BOLD.search(name)), {})
            self._kept.append(font)  # so that its id is not given to another
        return entry


def _word(colour: Any) -> str:
    """Word for a colour in grey, RGB or CMYK; none for a pattern."""
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return ""
    if len(parts) == 4:
        parts = [(1 - part) * (1 - parts[3]) for part in parts[:3]]
    if len(parts) == 1:
        parts = [*parts] * 3
    return colour_word(*(min(max(float(part), 0), 1) for part in parts)) if len(parts) == 3 else ""


def _letter(font: Any, cid: int) -> tuple[str, float]:
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        text = "•" if cid in _UNUSED and not font.is_multibyte() else UNREADABLE
    if not isinstance(text, str):
        text = UNREADABLE
    if cid == 173 and text.isspace() and not font.is_multibyte():
        text = "\xad"  # pdfminer takes the hyphen of a line end for a space
    return symbol(str(getattr(font, "fontname", "")), text), float(font.char_width(cid))
