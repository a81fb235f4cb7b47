"""What stands on a PDF page, whichever engine reads it: pieces of text in drawing order, ruling lines and pictures."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.I)
_UNITS = re.compile(r"(?:^|\W)(?:[kdcm]?m|CO|N|x)$")
_SYMBOLS = re.compile(r"wingding|webding|dingbat|^(?:\w+\+)?symbol|icon|awesome", re.I)
_TICKS = {"ü": "✓", "þ": "✓", "P": "✓", "R": "✓", "4": "✓", "3": "✓", "û": "✗", "ý": "✗"}
_MARKS = {"✔": "✓", "✓": "✓", "✗": "✗", "✘": "✗", "✕": "✗", "✖": "✗"}
_MAX_LINES = 20_000
UNREADABLE = "\ufffd"

Matrix = tuple[float, float, float, float, float, float]
Fill = tuple[float, float, float, float, str]
"""A filled rectangle: x0, y0, x1, y1 and the word for its colour, which may be empty."""


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
    fills: list[Fill] = field(default_factory=list)
    """Filled rectangles in drawing order."""
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


def by_baseline(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces on one baseline together, from top to bottom and from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.base, p.x0)):
        if rows and rows[-1][0].base - piece.base < 0.35 * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.x0) for row in rows]


def is_rectangle(points: Sequence[tuple[float, float]]) -> bool:
    """Whether a path has four corners and straight angles; some say the first corner again, or twice."""
    return 4 <= len(points) <= 6 and all(
        abs(a[0] - b[0]) < 0.5 or abs(a[1] - b[1]) < 0.5 for a, b in itertools.pairwise(points)
    )


def page_frame(box: Sequence[float], rotation: int) -> tuple[float, float, Matrix]:
    """Width and height of a page as it is seen, and the matrix that brings its own coordinates there.

    Parameters
    ----------
    box
        The visible part: two opposite corners, in points.
    rotation
        Of the page, in degrees to the right.
    """
    x0, x1, y0, y1 = min(box[0], box[2]), max(box[0], box[2]), min(box[1], box[3]), max(box[1], box[3])
    ctm: Matrix = {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }.get(rotation, (1, 0, 0, 1, -x0, -y0))
    return (y1 - y0, x1 - x0, ctm) if rotation % 180 else (x1 - x0, y1 - y0, ctm)


def direction(a: float, b: float, d: float) -> int:
    """Quarter turns to the left of letters whose matrix begins with a, b and has d: 0 is upright."""
    upright = 2 if a < 0 and d < 0 else 0
    return (1 if b > 0 else 3) if abs(b) > abs(a) else upright


class Pen:
    """Joins letters to pieces and keeps ruling lines while an engine goes through a page."""

    def __init__(self) -> None:
        self.begin(0, 0)

    def begin(self, width: float, height: float) -> None:
        """Start an empty page."""
        self._width, self._height = width, height
        self._pieces: list[Piece] = []
        self._horizontal: list[tuple[float, float, float]] = []
        self._vertical: list[tuple[float, float, float]] = []
        self._fills: list[Fill] = []
        self._picture_area = 0.0
        self._drawings = 0

    def picture(self, area: float) -> None:
        """Add the surface of a picture, in square points."""
        self._picture_area += area

    @property
    def is_full(self) -> bool:
        """Whether the page has more lines than any table."""
        return len(self._horizontal) + len(self._vertical) > _MAX_LINES

    def drawing(self) -> None:
        """Count a drawing, whatever it shows."""
        self._drawings += 1

    def line(self, points: Sequence[tuple[float, float]]) -> None:
        """Keep the straight lines and the edges of rectangles of one path."""
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

    def fill(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Keep a filled rectangle (see `is_rectangle`): other shapes are no cells."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if max(xs) - min(xs) > 3 and max(ys) - min(ys) > 3:
            self._fills.append((min(xs), min(ys), max(xs), max(ys), colour))

    def letter(
        self, text: str, u0: float, u1: float, v: float, size: float, turn: int, *, bold: bool, style: str
    ) -> None:
        """Add a letter.

        Parameters
        ----------
        text
            One character, or what a ligature stands for.
        u0, u1
            Where its advance begins and ends, along the direction of writing.
        v
            Its baseline, across that direction.
        size
            Of the font on the page, in points.
        turn
            Quarter turns to the left of the direction of writing.
        bold, style
            Of the font; `style` also names its colour.
        """
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

    def run(
        self,
        text: str,
        lefts: Sequence[float],
        right: float,
        gaps: Sequence[float],
        v: float,
        size: float,
        *,
        bold: bool,
        style: str,
    ) -> None:
        """Add upright letters on one baseline at once, with a space where their gap is as wide as one.

        Parameters
        ----------
        text
            The letters.
        lefts
            Left edge of each.
        right
            Where the advance of the last one ends.
        gaps
            White space before each; the first is not used.
        v, size, bold, style
            As for `letter`.
        """
        self.letter(text[0], lefts[0], lefts[1] if len(text) > 1 else right, v, size, 0, bold=bold, style=style)
        if len(text) == 1 or not self._pieces:
            return
        piece = self._pieces[-1]
        if text[0].isspace() and piece.text[-1:] != " ":  # a space opens no piece
            self.run(text[1:], lefts[1:], right, gaps[1:], v, size, bold=bold, style=style)
            return
        at = 1
        wide = 0.17 * size
        for place, gap in enumerate(gaps):
            if gap <= wide or place == 0 or text[place].isspace() or text[place - 1].isspace():
                continue
            piece.text += text[at:place] + " "
            piece.xs += [*lefts[at:place], lefts[place] - gap]
            at = place
        piece.text += text[at:]
        piece.xs += lefts[at:]
        piece.bold += bold * (len(text) - 1)
        piece.x1 = max(piece.x1, right)

    def canvas(self) -> Canvas:
        """Return the page as collected, turned upright when most of its text is not."""
        letters = [0, 0, 0, 0]
        for piece in self._pieces:
            letters[piece.turn] += len(piece.text)
        turn = max(range(4), key=lambda t: letters[t]) if sum(letters) else 0
        width, height = self._width, self._height
        across = [_turned((x0, y, x1, y), turn, width, height) for y, x0, x1 in self._horizontal]
        down = [_turned((x, y0, x, y1), turn, width, height) for x, y0, y1 in self._vertical]
        if turn % 2:
            across, down = down, across
        horizontal = [(y, x0, x1) for x0, y, x1, _ in across]
        vertical = [(x, y0, y1) for x, y0, _, y1 in down]
        shift_u, shift_v = ((0.0, 0.0), (0.0, width), (width, height), (height, 0.0))[turn]
        fills = [(*_turned(box, turn, width, height), colour) for *box, colour in self._fills]
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
        return Canvas(
            width, height, turn, pieces, horizontal, vertical, fills, self._picture_area / area, self._drawings
        )


def _turned(box: Sequence[float], turn: int, width: float, height: float) -> tuple[float, float, float, float]:
    """A box on a page that is turned upright."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return x0, y0, x1, y1
    if turn == 1:
        return y0, width - x1, y1, width - x0
    if turn == 2:
        return width - x1, height - y1, width - x0, height - y0
    return height - y1, x0, height - y0, x1


def _is_note_mark(piece: Piece, size: float, v: float) -> bool:
    """Whether a digit is a raised reference to a note, and not the 2 of m²."""
    raised = size < 0.78 * piece.size and v - piece.base > 0.15 * piece.size
    return raised and piece.text[-1:] not in " 0123456789" and not _UNITS.search(piece.text)


def is_symbolic(font: str) -> bool:
    """Whether a font has pictures for letters."""
    return bool(_SYMBOLS.search(font))


def symbol(font: str, text: str) -> str:
    """A letter of a font of symbols as what it shows: a tick, a cross, or a bullet for all else."""
    if len(text) == 1 and is_symbolic(font):
        if text.isspace():
            return " "
        if text in _MARKS:
            return _MARKS[text]
        if text < "\u0100" or "\ue000" <= text <= "\uf8ff":
            return _TICKS.get(chr(ord(text) & 0xFF), "•")
    return text
