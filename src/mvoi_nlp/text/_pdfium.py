"""pdfium as an engine: some twice as fast as pdfminer.six with the same layout, and hard to hang.

pdfium gives the letters of a page in drawing order with their advance boxes; how they make lines is ours. What it
adds itself (spaces, line ends) is left out.
"""

import ctypes
import math
from collections import deque
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from mvoi_nlp.errors import MvoiError, TextError
from mvoi_nlp.text._blocks import REPRINT, Clock, broken_page, colour_word, protected_pdf
from mvoi_nlp.text._glyphs import (
    BOLD,
    UNREADABLE,
    Canvas,
    Matrix,
    Pen,
    direction,
    is_rectangle,
    is_symbolic,
    page_frame,
    symbol,
)

_HYPHENS = ("\x02", "\ufffe")  # how pdfium marks a hyphen at a line end
_DEPTH = 8  # forms within forms
_AT_ONCE = 8192  # letters between two looks at the clock


def draw_pages(
    data: bytes, name: str, max_pages: int, clock: Clock, only: Collection[int] = ()
) -> tuple[list[Canvas], int]:
    """Pages of a PDF (of `only`, where given, from 1), and how many were left out beyond `max_pages`.

    Raises
    ------
    TextError
        Protected or broken; names the page where that is known.
    """
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) and b"/Encrypt" in data:  # pdfium may tell of the file before
            raise protected_pdf(name) from error
        cause = "no pages in it" if "Success" in str(error) or "assword" in str(error) else str(error)
        raise TextError(f"{name}: a damaged PDF ({cause})", hint=REPRINT) from error
    canvases: list[Canvas] = []
    pen = Pen()
    try:
        count = len(opened)
        for number in range(min(count, max_pages)):
            if only and number + 1 not in only:
                continue
            clock.check(f"page {number + 1}")
            page = opened[number]
            canvases.append(_Page(page, pen, clock, f"page {number + 1}").canvas())
            page.close()
    except MvoiError:
        raise
    except Exception as error:
        raise broken_page(name, len(canvases) + 1, error) from error
    finally:
        opened.close()
    return canvases, max(count - max_pages, 0)


def page_count(path: Path) -> int:
    """Number of pages; 0 when it cannot be opened."""
    try:
        opened = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return 0
    try:
        return len(opened)
    finally:
        opened.close()


def _quick(name: str, result: type, *arguments: type) -> Callable[..., Any]:
    """A function of pdfium that takes addresses as numbers and keeps the lock: called for every letter."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_get_box = _quick("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_get_object = _quick("FPDFText_GetTextObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_get_font = _quick("FPDFTextObj_GetFont", ctypes.c_void_p, ctypes.c_void_p)
_get_font_name = _quick(
    "FPDFText_GetFontInfo",
    ctypes.c_ulong,
    ctypes.c_void_p,
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_ulong,
    ctypes.c_void_p,
)
_get_matrix = _quick("FPDFText_GetMatrix", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_get_size = _quick("FPDFText_GetFontSize", ctypes.c_double, ctypes.c_void_p, ctypes.c_int)
_get_origin = _quick(
    "FPDFText_GetCharOrigin", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)
_get_colour = _quick("FPDFText_GetFillColor", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 4)

_count_objects = _quick("FPDFPage_CountObjects", ctypes.c_int, ctypes.c_void_p)
_get_page_object = _quick("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_count_inside = _quick("FPDFFormObj_CountObjects", ctypes.c_int, ctypes.c_void_p)
_get_inside = _quick("FPDFFormObj_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_get_kind = _quick("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)
_get_object_matrix = _quick("FPDFPageObj_GetMatrix", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_get_object_fill = _quick("FPDFPageObj_GetFillColor", ctypes.c_int, ctypes.c_void_p, *[ctypes.c_void_p] * 4)
_get_draw_mode = _quick("FPDFPath_GetDrawMode", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_count_segments = _quick("FPDFPath_CountSegments", ctypes.c_int, ctypes.c_void_p)
_get_segment = _quick("FPDFPath_GetPathSegment", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_get_segment_kind = _quick("FPDFPathSegment_GetType", ctypes.c_int, ctypes.c_void_p)
_get_point = _quick("FPDFPathSegment_GetPoint", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_is_closed = _quick("FPDFPathSegment_GetClose", ctypes.c_int, ctypes.c_void_p)


class _Told(ctypes.Structure):
    """Where pdfium writes what it is asked about a letter."""

    _fields_: ClassVar = [
        ("x", ctypes.c_double),
        ("y", ctypes.c_double),
        ("matrix", ctypes.c_float * 6),
        ("inks", ctypes.c_uint * 4),
    ]


class _Addresses:
    """Of the fields of a `_Told`, as numbers."""

    def __init__(self, told: _Told) -> None:
        start = ctypes.addressof(told)
        self.x, self.y, self.matrix = start + _Told.x.offset, start + _Told.y.offset, start + _Told.matrix.offset
        self.inks = [start + _Told.inks.offset + 4 * n for n in range(4)]


class _Style(NamedTuple):
    """What the letters of a run share."""

    name: str
    bold: bool
    symbolic: bool
    size: float
    turn: int
    v: float
    colour: tuple[int, ...]


class _Page:
    """Goes through one page."""

    def __init__(self, page: pdfium.PdfPage, pen: Pen, clock: Clock, where: str) -> None:
        self._page, self._pen, self._clock, self._where = page, pen, clock, where
        self._fonts: dict[int, tuple[str, bool, bool]] = {}
        self._told = _Told()
        self._told_at = _Addresses(self._told)
        width, height, self._ctm = page_frame(page.get_cropbox(fallback_ok=True), page.get_rotation())
        pen.begin(width, height)

    def canvas(self) -> Canvas:
        self._letters()
        page = ctypes.cast(self._page.raw, ctypes.c_void_p).value
        self._objects(page, _count_objects, _get_page_object, self._ctm, 0)
        return self._pen.canvas()

    def _letters(self) -> None:
        page = raw.FPDFText_LoadPage(self._page)
        if not page:
            return
        try:
            count = raw.FPDFText_CountChars(page)
            if count > 0:
                self._all_letters(page, count)
        finally:
            raw.FPDFText_ClosePage(page)

    def _all_letters(self, page: Any, count: int) -> None:
        """Cut the letters into runs on one baseline and without a gap as wide as a letter; hand these to the pen."""
        handle = ctypes.cast(page, ctypes.c_void_p).value
        store = (ctypes.c_float * (4 * count))()
        base = ctypes.addressof(store)
        for first in range(0, count, _AT_ONCE):
            self._clock.check(self._where)
            last = min(first + _AT_ONCE, count)
            places = range(base + 16 * first, base + 16 * last, 16)
            deque(map(_get_box, repeat(handle), range(first, last), places), maxlen=0)
        boxes = np.ctypeslib.as_array(store).reshape(count, 4).astype(float)
        left, top, right, bottom = self._on_page(boxes)
        letters = _text_of(page, count)
        codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        wide = right - left > 0.01
        kept = np.flatnonzero((codes > 32) & (codes != 127) | (codes == 2) | (((codes == 32) | (codes == 160)) & wide))
        if not len(kept):
            return
        left, top, right, bottom = left[kept], top[kept], right[kept], bottom[kept]
        same = np.zeros(len(kept), dtype=bool)  # letters of one ligature share a box
        same[1:] = (np.abs(np.diff(left)) < 0.001) & (np.abs(np.diff(right)) < 0.001) & wide[kept][1:]
        gap = np.zeros(len(kept))
        gap[1:] = np.where(same[1:], 0, left[1:] - right[:-1])
        left = np.where(same, right, left)
        height = np.maximum(top - bottom, 0.1)
        cut = np.ones(len(kept), dtype=bool)
        cut[1:] = (
            (np.abs(np.diff(bottom)) > 0.02 * height[1:])
            | (np.abs(np.diff(top)) > 0.02 * height[1:])
            | (gap[1:] > 0.5 * height[1:])
            | (gap[1:] < -0.4 * height[1:])
        )
        shown = codes[kept].tobytes().decode("utf-32-le", "replace")
        for mark in _HYPHENS:
            shown = shown.replace(mark, "-")
        spaces = np.isin(codes[kept], (32, 160))
        word_starts = cut.copy()
        word_starts[1:] |= spaces[:-1] & ~spaces[1:]
        words = np.flatnonzero(word_starts)
        lone = cut[words]
        items = list(map(_get_object, repeat(handle), kept[words].tolist()))
        fonts = {item: _get_font(item) for item in set(items)}
        starts = [
            place
            for place, opens, item, before in zip(words.tolist(), lone.tolist(), items, [None, *items], strict=False)
            if opens or (item != before and fonts[item] != fonts[before])  # a font may change between two words
        ]
        lefts, rights, gaps, numbers = left.tolist(), right.tolist(), gap.tolist(), kept.tolist()
        for start, end in pairwise([*starts, len(numbers)]):
            self._run(handle, numbers, shown, lefts, rights, gaps, start, end)

    def _run(
        self,
        page: int | None,
        kept: list[int],
        shown: str,
        lefts: list[float],
        rights: list[float],
        gaps: list[float],
        start: int,
        end: int,
    ) -> None:
        style = self._style(page, kept[start])
        if style.size <= 0.5:
            return
        bold = style.bold
        text = shown[start:end]
        look = f"{style.name} {style.colour}"
        if style.turn or style.symbolic:
            for at, letter in enumerate(text, start=start):
                box = self._box(page, kept[at])
                u0, u1 = ((box[0], box[2]), (box[3], box[1]), (-box[2], -box[0]), (-box[1], -box[3]))[style.turn]
                self._pen.letter(
                    symbol(style.name, letter), u0, u1, style.v, style.size, style.turn, bold=bold, style=look
                )
            return
        self._pen.run(
            text, lefts[start:end], rights[end - 1], gaps[start:end], style.v, style.size, bold=bold, style=look
        )

    def _on_page(self, boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Left, top, right and bottom of boxes on the page as it is seen."""
        a, b, c, d, e, f = self._ctm
        x0, y1, x1, y0 = boxes.T
        xs, ys = (a * x0 + c * y0 + e, a * x1 + c * y1 + e), (b * x0 + d * y0 + f, b * x1 + d * y1 + f)
        return np.minimum(*xs), np.maximum(*ys), np.maximum(*xs), np.minimum(*ys)

    def _box(self, page: int | None, index: int) -> tuple[float, ...]:
        box = (ctypes.c_float * 4)()
        _get_box(page, index, ctypes.addressof(box))
        edges = self._on_page(np.array([list(box)], dtype=float))
        return tuple(float(edge[0]) for edge in edges)

    def _style(self, page: int | None, index: int) -> _Style:
        a, b, c, d, e, f = self._ctm
        told, at = self._told, self._told_at
        _get_matrix(page, index, at.matrix)
        _get_origin(page, index, at.x, at.y)
        _get_colour(page, index, *at.inks)
        ma, mb, mc, md = told.matrix[:4]
        along = (ma * a + mb * c, ma * b + mb * d)
        across = (mc * a + md * c, mc * b + md * d)
        size = abs(_get_size(page, index)) * math.hypot(*across)
        turn = direction(*along, across[1])
        px, py = a * told.x + c * told.y + e, b * told.x + d * told.y + f
        red, green, blue, _ = told.inks
        return _Style(*self._font(page, index), size, turn, (py, -px, -py, px)[turn], (red, green, blue))

    def _font(self, page: int | None, index: int) -> tuple[str, bool, bool]:
        """Name of the font of a letter, and whether it is bold or has pictures for letters."""
        font = _get_font(_get_object(page, index))
        if font not in self._fonts:
            length = _get_font_name(page, index, None, 0, None)
            buffer = ctypes.create_string_buffer(max(length, 1))
            _get_font_name(page, index, ctypes.addressof(buffer), length, None)
            name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
            self._fonts[font] = (name, bool(BOLD.search(name)), is_symbolic(name))
        return self._fonts[font]

    def _objects(
        self, holder: int | None, count: Callable[..., int], get: Callable[..., int], ctm: Matrix, depth: int
    ) -> None:
        for number in range(count(holder)):
            if number % 512 == 0:
                self._clock.check(self._where)
            item = get(holder, number)
            kind = _get_kind(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._pen.drawing()
                if not self._pen.is_full:
                    self._path(item, ctm)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                matrix = _multiply(self._matrix_of(item), ctm)
                self._pen.picture(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                inner = _multiply(self._matrix_of(item), ctm)
                self._objects(item, _count_inside, _get_inside, inner, depth + 1)

    def _path(self, item: int, ctm: Matrix) -> None:
        _get_draw_mode(item, self._told_at.inks[0], self._told_at.inks[1])
        fill, stroke = self._told.inks[:2]
        if not (fill or stroke):
            return
        segments = _count_segments(item)
        if segments > 400:
            return  # an illustration
        for points in self._lines(item, segments, _multiply(self._matrix_of(item), ctm)):
            self._pen.line(points)
            if fill and is_rectangle(points):
                _get_object_fill(item, *self._told_at.inks)
                red, green, blue, opaque = self._told.inks
                if opaque:
                    self._pen.fill(points, colour_word(red / 255, green / 255, blue / 255))

    def _lines(self, item: int, segments: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        """Points of every part of a path that consists of straight lines."""
        a, b, c, d, e, f = matrix
        points: list[tuple[float, float]] = []
        at = self._told_at.matrix
        for number in range(segments):
            segment = _get_segment(item, number)
            kind = _get_segment_kind(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                yield points
                points = []
            if kind == raw.FPDF_SEGMENT_BEZIERTO:
                points = []
                continue
            _get_point(segment, at, at + 4)
            x, y = self._told.matrix[:2]
            points.append((a * x + c * y + e, b * x + d * y + f))
            if _is_closed(segment) and points:
                points.append(points[0])
        yield points

    def _matrix_of(self, item: int) -> Matrix:
        _get_object_matrix(item, self._told_at.matrix)
        a, b, c, d, e, f = self._told.matrix
        return a, b, c, d, e, f


def _text_of(page: Any, count: int) -> str:
    """The letters of a page, one for each of their numbers."""
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(page, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    if len(text) == count and "\0" not in text:
        return text
    codes = (raw.FPDFText_GetUnicode(page, index) for index in range(count))  # some letters have no code, or two
    return "".join(chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else UNREADABLE for code in codes)


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    ta, tb, tc, td, te, tf = then
    return (
        a * ta + b * tc,
        a * tb + b * td,
        c * ta + d * tc,
        c * tb + d * td,
        e * ta + f * tc + te,
        e * tb + f * td + tf,
    )
