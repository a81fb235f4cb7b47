"""What stands on a PDF page: pieces of text in drawing order, ruling lines and pictures, by pdfminer.six.

pdfminer interprets the page; its own layout analysis is left out, since it reads columns with a narrow gutter
across each other and tables downwards. Text inside forms ("figures") comes along.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import Matrix, mult_matrix

from mvoi_nlp.text._blocks import Clock

_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.I)
_UNITS = re.compile(r"(?:^|\W)(?:[kdcm]?m|CO|N|x)$")
_SYMBOLS = re.compile(r"wingding|webding|dingbat|^(?:\w+\+)?symbol|icon|awesome", re.I)
_TICKS = {"ü": "✓", "þ": "✓", "P": "✓", "R": "✓", "4": "✓", "3": "✓", "û": "✗", "ý": "✗"}
_UNUSED = {127, 129, 141, 143, 144, 157}  # codes without a letter print a bullet in Western fonts
_MAX_LINES = 20_000
UNREADABLE = "\ufffd"


@dataclass(slots=True)
class Piece:
    """Letters on one baseline without a wide gap, in points from the lower left corner of the page."""

    x0: float
    x1: float
    base: float
    size: float
    turn: int
    """Quarter turns to the left; 0 is upright."""
    text: str = ""
    xs: list[float] = field(default_factory=list)
    """Left edge of every character in `text`."""
    bold: int = 0
    """Number of characters in a bold font."""
    style: str = ""
    """Font and colour; empty when they change along the way."""

    @property
    def y0(self) -> float:
        """Lower edge."""
        return self.base - 0.22 * self.size

    @property
    def y1(self) -> float:
        """Upper edge."""
        return self.base + 0.78 * self.size

    @property
    def is_bold(self) -> bool:
        """Whether nearly all of it is bold."""
        return self.bold > 0.8 * len(self.text.replace(" ", ""))


@dataclass
class Canvas:
    """Everything on one page, upright: a page whose text runs sideways has been turned."""

    width: float
    height: float
    turn: int = 0
    pieces: list[Piece] = field(default_factory=list)
    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    """Ruling lines: y, x0, x1."""
    vertical: list[tuple[float, float, float]] = field(default_factory=list)
    """Ruling lines: x, y0, y1."""
    pictures: float = 0.0
    """Share of the page that pictures cover, overlaps counted double."""
    drawings: int = 0

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Box on the page as it lies, clipped to it."""
        if self.turn == 1:
            x0, y0, x1, y1 = self.height - y1, x0, self.height - y0, x1
        elif self.turn == 2:
            x0, y0, x1, y1 = self.width - x1, self.height - y1, self.width - x0, self.height - y0
        elif self.turn == 3:
            x0, y0, x1, y1 = y0, self.width - x1, y1, self.width - x0
        width, height = (self.height, self.width) if self.turn % 2 else (self.width, self.height)
        return (
            round(min(max(x0, 0), width), 1),
            round(min(max(y0, 0), height), 1),
            round(min(max(x1, 0), width), 1),
            round(min(max(y1, 0), height), 1),
        )


class Collector(PDFDevice):
    """Receives what pdfminer finds on a page and joins letters to pieces while they come in."""

    def __init__(self, resources: Any, clock: Clock) -> None:
        super().__init__(resources)
        self._clock = clock
        self._fonts: dict[int, tuple[str, bool, dict[int, tuple[str, float]]]] = {}
        self._kept: list[Any] = []
        self.begin(0, 0, "")

    def begin(self, width: float, height: float, where: str) -> None:
        """Start an empty page."""
        self._width, self._height, self._where = width, height, where
        self._pieces: list[Piece] = []
        self._horizontal: list[tuple[float, float, float]] = []
        self._vertical: list[tuple[float, float, float]] = []
        self._picture_area = 0.0
        self._drawings = 0
        self._strings = 0

    # pdfminer calls what follows

    def _matrix(self) -> Matrix:
        return self.ctm or (1, 0, 0, 1, 0, 0)

    def render_image(self, name: str, stream: Any) -> None:  # noqa: ARG002
        """Add the surface of a picture."""
        a, b, c, d, _, _ = self._matrix()
        self._picture_area += abs(a * d - b * c)

    def paint_path(
        self,
        graphicstate: Any,  # noqa: ARG002
        stroke: bool,
        fill: bool,
        evenodd: bool,  # noqa: ARG002
        path: Sequence[Any],
    ) -> None:
        """Keep the straight lines and the edges of rectangles."""
        self._drawings += 1
        if self._drawings % 512 == 0:
            self._clock.check(self._where)
        if len(self._horizontal) + len(self._vertical) > _MAX_LINES or not (stroke or fill):
            return
        a, b, c, d, e, f = self._matrix()
        points: list[tuple[float, float]] = []
        for step in path:
            if step[0] == "m":
                self._edges(points)
                points = []
            if step[0] == "h":
                if points:
                    points.append(points[0])
            elif step[0] in "ml":
                x, y = step[-2:]
                points.append((a * x + c * y + e, b * x + d * y + f))
            else:  # a curve: no ruling line
                points = []
        self._edges(points)

    def _edges(self, points: list[tuple[float, float]]) -> None:
        if len(points) < 2:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if x1 - x0 > 0.97 * self._width and y1 - y0 > 0.97 * self._height:
            return  # the background
        if x1 - x0 < 3 and y1 - y0 < 3:
            return
        if y1 - y0 < 3:
            self._horizontal.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 < 3:
            self._vertical.append(((x0 + x1) / 2, y0, y1))
        else:
            for (xa, ya), (xb, yb) in itertools.pairwise(points):
                if abs(ya - yb) < 0.5 and abs(xa - xb) > 3:
                    self._horizontal.append((ya, min(xa, xb), max(xa, xb)))
                elif abs(xa - xb) < 0.5 and abs(ya - yb) > 3:
                    self._vertical.append((xa, min(ya, yb), max(ya, yb)))

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
        upright = 2 if a < 0 and d < 0 else 0
        turn = (1 if b > 0 else 3) if abs(b) > abs(a) else upright
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
                    self._add(letter, u + x * along, u + (x + advance) * along, v, size, turn, bold, style)
                x += advance
                if cid == 32 and wordspace:
                    x += wordspace
                separate = True
        textstate.linematrix = (x, y)

    def _font(self, font: Any) -> tuple[str, bool, dict[int, tuple[str, float]]]:
        entry = self._fonts.get(id(font))
        if entry is None:
            name = str(getattr(font, "fontname", "")).rpartition("+")[2]
            entry = self._fonts[id(font)] = (name, bool(_BOLD.search(name)), {})
            self._kept.append(font)  # so that its id is not given to another
        return entry

    def _add(self, text: str, u0: float, u1: float, v: float, size: float, turn: int, bold: bool, style: str) -> None:
        piece = self._pieces[-1] if self._pieces else None
        if piece is not None and piece.turn == turn:
            gap = u0 - piece.x1
            largest = max(size, piece.size)
            spaced = piece.text[-1:] == " "
            if (
                abs(v - piece.base) < 0.45 * largest
                and -0.5 * largest < gap < (1.0 if spaced else 0.75) * largest
                and (size == piece.size or 0.4 < size / piece.size < 2.5)
            ):
                if text.isspace():
                    if not spaced:
                        piece.text += " "
                        piece.xs.append(u0)
                    return
                if text.isdigit() and _is_note_mark(piece, size, v):
                    piece.x1 = max(piece.x1, u1)
                    return
                if gap > 0.17 * largest and not spaced:
                    piece.text += " "
                    piece.xs.append(piece.x1)
                if style != piece.style:
                    piece.style = ""
                if size > piece.size and len(piece.text) < 4:
                    piece.size, piece.base = size, v
                piece.text += text
                piece.xs += [u0] * len(text)
                piece.bold += bold * len(text)
                piece.x1 = max(piece.x1, u1)
                return
        if not text.isspace():
            self._pieces.append(Piece(u0, u1, v, size, turn, text, [u0] * len(text), bold * len(text), style))

    def canvas(self) -> Canvas:
        """Return the page as collected, turned upright when most of its text is not."""
        letters = [0, 0, 0, 0]
        for piece in self._pieces:
            letters[piece.turn] += len(piece.text)
        turn = max(range(4), key=lambda t: letters[t]) if sum(letters) else 0
        width, height = self._width, self._height
        horizontal, vertical = self._horizontal, self._vertical
        shift_u, shift_v = ((0.0, 0.0), (0.0, width), (width, height), (height, 0.0))[turn]
        if turn == 1:
            horizontal, vertical = (
                [(width - x, y0, y1) for x, y0, y1 in vertical],
                [(y, width - x1, width - x0) for y, x0, x1 in horizontal],
            )
        elif turn == 2:
            horizontal = [(height - y, width - x1, width - x0) for y, x0, x1 in horizontal]
            vertical = [(width - x, height - y1, height - y0) for x, y0, y1 in vertical]
        elif turn == 3:
            horizontal, vertical = (
                [(x, height - y1, height - y0) for x, y0, y1 in vertical],
                [(height - y, x0, x1) for y, x0, x1 in horizontal],
            )
        if turn % 2:
            width, height = height, width
        pieces: list[Piece] = []
        seen: set[tuple[str, int, int, int]] = set()
        for piece in self._pieces:
            piece.text = piece.text.rstrip()
            place = (piece.text, round(piece.x0 / 2), round(piece.base / 2), piece.turn)
            if place in seen:  # drawn twice for a bold look or a shadow
                continue
            seen.add(place)
            piece.x0, piece.x1 = piece.x0 + shift_u, piece.x1 + shift_u
            piece.xs = [x + shift_u for x in piece.xs]
            piece.base += shift_v
            piece.turn = (piece.turn - turn) % 4
            if piece.turn == 0 and not (-5 < piece.base < height + 5 and piece.x1 > 0 and piece.x0 < width):
                continue  # outside the paper
            pieces.append(piece)
        area = max(self._width * self._height, 1)
        return Canvas(width, height, turn, pieces, horizontal, vertical, self._picture_area / area, self._drawings)


def _is_note_mark(piece: Piece, size: float, v: float) -> bool:
    """Whether a digit is a raised reference to a note, and not the 2 of m²."""
    raised = size < 0.78 * piece.size and v - piece.base > 0.15 * piece.size
    return raised and piece.text[-1:] not in " 0123456789" and not _UNITS.search(piece.text)


def _letter(font: Any, cid: int) -> tuple[str, float]:
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        text = "•" if cid in _UNUSED and not font.is_multibyte() else UNREADABLE
    if not isinstance(text, str):
        text = UNREADABLE
    if cid == 173 and text.isspace() and not font.is_multibyte():
        text = "\xad"  # pdfminer takes the hyphen of a line end for a space
    name = str(getattr(font, "fontname", ""))
    if _SYMBOLS.search(name) and len(text) == 1 and (text < "\u0100" or "\ue000" <= text <= "\uf8ff"):
        text = " " if text.isspace() else _TICKS.get(chr(ord(text) & 0xFF), "•")
    return text, float(font.char_width(cid))
