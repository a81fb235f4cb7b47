"""pdfium as an engine: some twice as fast as pdfminer.six with the same layout, and hard to hang.

pdfium gives the letters of a page in drawing order with their advance boxes; how they make lines is ours. What it
adds itself (spaces, line ends) is left out.
"""

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from mvoi_nlp.errors import MvoiError, TextError
from mvoi_nlp.text._blocks import REPRINT, Clock, broken_page, protected_pdf
from mvoi_nlp.text._glyphs import BOLD, UNREADABLE, Canvas, Matrix, Pen, direction, is_symbolic, page_frame, symbol

_HYPHENS = ("\x02", "\ufffe")  # how pdfium marks a hyphen at a line end
_DEPTH = 8  # forms within forms


def draw_pages(data: bytes, name: str, max_pages: int, clock: Clock) -> tuple[list[Canvas], int]:
    """Pages of a PDF, and how many were left out beyond `max_pages`.

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


def _quick(name: str, result: type, *arguments: type) -> Callable[..., Any]:
    """A function of pdfium that takes addresses as numbers: called for every letter, it must cost nothing."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_get_box = _quick("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_get_object = _quick("FPDFText_GetTextObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_get_font = _quick("FPDFTextObj_GetFont", ctypes.c_void_p, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class _Style:
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
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._inks = [ctypes.c_uint() for _ in range(4)]
        width, height, self._ctm = page_frame(page.get_cropbox(fallback_ok=True), page.get_rotation())
        pen.begin(width, height)

    def canvas(self) -> Canvas:
        self._letters()
        self._objects(self._page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, self._ctm, 0)
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
        for index in range(count):
            if index % 4096 == 0:
                self._clock.check(self._where)
            _get_box(handle, index, base + 16 * index)
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
        starts = np.flatnonzero(cut)
        ends = np.append(starts[1:], len(kept))
        lefts, rights = left.tolist(), right.tolist()
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            words = [start, *(start + 1 + np.flatnonzero(spaces[start : end - 1] & ~spaces[start + 1 : end])).tolist()]
            held = None
            first = start
            for word in words:  # a font may change between two words of a line
                font = _get_font(_get_object(handle, int(kept[word])))
                if held is not None and font != held:
                    self._run(page, kept, shown, lefts, rights, gap, first, word)
                    first = word
                held = font
            self._run(page, kept, shown, lefts, rights, gap, first, end)

    def _run(
        self,
        page: Any,
        kept: NDArray[np.int64],
        shown: str,
        lefts: list[float],
        rights: list[float],
        gap: NDArray[np.float64],
        start: int,
        end: int,
    ) -> None:
        style = self._style(page, int(kept[start]))
        if style.size <= 0.5:
            return
        bold = style.bold
        text = shown[start:end]
        look = f"{style.name} {style.colour}"
        if style.turn or style.symbolic:
            for at, letter in enumerate(text, start=start):
                box = self._box(page, int(kept[at]))
                u0, u1 = ((box[0], box[2]), (box[3], box[1]), (-box[2], -box[0]), (-box[1], -box[3]))[style.turn]
                self._pen.letter(
                    symbol(style.name, letter), u0, u1, style.v, style.size, style.turn, bold=bold, style=look
                )
            return
        self._pen.run(
            text, lefts[start:end], rights[end - 1], gap[start:end], style.v, style.size, bold=bold, style=look
        )

    def _on_page(self, boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Left, top, right and bottom of boxes on the page as it is seen."""
        a, b, c, d, e, f = self._ctm
        x0, y1, x1, y0 = boxes.T
        xs, ys = (a * x0 + c * y0 + e, a * x1 + c * y1 + e), (b * x0 + d * y0 + f, b * x1 + d * y1 + f)
        return np.minimum(*xs), np.maximum(*ys), np.maximum(*xs), np.minimum(*ys)

    def _box(self, page: Any, index: int) -> tuple[float, ...]:
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box))
        edges = self._on_page(np.array([[box.left, box.top, box.right, box.bottom]], dtype=float))
        return tuple(float(edge[0]) for edge in edges)

    def _style(self, page: Any, index: int) -> _Style:
        a, b, c, d, e, f = self._ctm
        matrix, x, y, inks = self._matrix, self._x, self._y, self._inks
        raw.FPDFText_GetMatrix(page, index, matrix)
        ma, mb, mc, md = matrix.a, matrix.b, matrix.c, matrix.d
        along = (ma * a + mb * c, ma * b + mb * d)
        across = (mc * a + md * c, mc * b + md * d)
        size = abs(raw.FPDFText_GetFontSize(page, index)) * math.hypot(*across)
        turn = direction(*along, across[1])
        raw.FPDFText_GetCharOrigin(page, index, x, y)
        px, py = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        raw.FPDFText_GetFillColor(page, index, *inks)
        colour = (inks[0].value, inks[1].value, inks[2].value)
        return _Style(*self._font(page, index), size, turn, (py, -px, -py, px)[turn], colour)

    def _font(self, page: Any, index: int) -> tuple[str, bool, bool]:
        """Name of the font of a letter, and whether it is bold or has pictures for letters."""
        font = _get_font(_get_object(ctypes.cast(page, ctypes.c_void_p).value, index))
        if font not in self._fonts:
            length = raw.FPDFText_GetFontInfo(page, index, None, 0, None)
            buffer = ctypes.create_string_buffer(max(length, 1))
            raw.FPDFText_GetFontInfo(page, index, buffer, length, None)
            name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
            self._fonts[font] = (name, bool(BOLD.search(name)), is_symbolic(name))
        return self._fonts[font]

    def _objects(self, holder: object, count: object, get: object, ctm: Matrix, depth: int) -> None:
        for number in range(count(holder)):  # type: ignore[operator]
            if number % 512 == 0:
                self._clock.check(self._where)
            item = get(holder, number)  # type: ignore[operator]
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._pen.drawing()
                if not self._pen.is_full:
                    self._path(item, ctm)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                matrix = _multiply(_matrix_of(item), ctm)
                self._pen.picture(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                inner = _multiply(_matrix_of(item), ctm)
                self._objects(item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1)

    def _path(self, item: object, ctm: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        if not (fill.value or stroke.value):
            return
        segments = raw.FPDFPath_CountSegments(item)
        if segments > 400:
            return  # an illustration
        for points in _lines(item, segments, _multiply(_matrix_of(item), ctm)):
            self._pen.line(points)


def _text_of(page: Any, count: int) -> str:
    """The letters of a page, one for each of their numbers."""
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(page, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    if len(text) == count and "\0" not in text:
        return text
    codes = (raw.FPDFText_GetUnicode(page, index) for index in range(count))  # some letters have no code, or two
    return "".join(chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else UNREADABLE for code in codes)


def _lines(item: object, segments: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """Points of every part of a path that consists of straight lines."""
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(segments):
        segment = raw.FPDFPath_GetPathSegment(item, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            yield points
            points = []
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            points = []
            continue
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    yield points


def _matrix_of(item: object) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


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
