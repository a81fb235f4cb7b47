"""Tables on a PDF page: where lines or coloured cells form a grid, rows are put together again."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mvoi_nlp.text._blocks import with_colours
from mvoi_nlp.text._glyphs import Canvas, Fill, Piece

_TOUCH = 3.0
_MAX_PAIRS = 3_000_000
_MAX_CELL = 1500

Joiner = Callable[[Sequence[str]], str]


@dataclass
class GridRow:
    """One row: the text of its cells and its edges."""

    cells: list[str]
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Grid:
    """A table: its rows from top to bottom and its edges."""

    rows: list[GridRow]
    columns: list[float]
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class _Area:
    ys: list[float]
    xs: list[float]
    x0: float
    y0: float
    x1: float
    y1: float
    vertical: list[tuple[float, float, float]]


def _merge(lines: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Join pieces of one line that lie behind each other."""
    merged: list[tuple[float, float, float]] = []
    for at, start, end in sorted(lines, key=lambda line: (round(line[0] / 2), line[1])):
        if merged and abs(merged[-1][0] - at) < 2 and start <= merged[-1][2] + _TOUCH:
            at0, start0, end0 = merged[-1]
            merged[-1] = (at0, start0, max(end, end0))
        else:
            merged.append((at, start, end))
    return merged


def _distinct(values: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _TOUCH:
            kept.append(value)
    return kept


def _areas(canvas: Canvas) -> list[_Area]:
    horizontal, vertical = _merge(canvas.horizontal), _merge(canvas.vertical)
    if len(horizontal) * len(vertical) > _MAX_PAIRS:
        return []
    parent = list(range(len(horizontal) + len(vertical)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for i, (y, x0, x1) in enumerate(horizontal):
        for j, (x, y0, y1) in enumerate(vertical, start=len(horizontal)):
            if x0 - _TOUCH <= x <= x1 + _TOUCH and y0 - _TOUCH <= y <= y1 + _TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for i in range(len(horizontal)):
        groups.setdefault(root(i), ([], []))[0].append(i)
    for j in range(len(vertical)):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(j)
    areas = []
    for across, down in groups.values():
        rules = [horizontal[i] for i in across]
        posts = [vertical[j] for j in down]
        if not rules:
            continue
        ys = _distinct([y for y, _, _ in rules])
        xs = _distinct([x for x, _, _ in posts])
        x0 = min([r[1] for r in rules] + xs)
        x1 = max([r[2] for r in rules] + xs)
        y0 = min(ys + [p[1] for p in posts])
        y1 = max(ys + [p[2] for p in posts])
        areas.append(_Area(ys, xs, x0, y0, x1, y1, posts))
    return _stack(areas)


def _stack(areas: list[_Area]) -> list[_Area]:
    """Join loose rules, and coloured rows, of the same width that stand above each other."""
    areas.sort(key=lambda area: -area.y1)
    stacked: list[_Area] = []
    for area in areas:
        simple = len(area.ys) <= 2 and len(area.xs) <= 2
        for above in stacked:
            if (
                simple
                and len(above.xs) <= 2
                and abs(above.x0 - area.x0) < _TOUCH
                and abs(above.x1 - area.x1) < _TOUCH
                and above.y0 - area.y1 < 60
            ):
                above.ys = _distinct(above.ys + area.ys)
                above.y0 = min(above.y0, area.y0)
                above.vertical += area.vertical
                break
        else:
            stacked.append(area)
    return stacked


def find_grids(canvas: Canvas, join: Joiner) -> tuple[list[Grid], list[Piece]]:
    """Tables of the page, and the pieces of text that are in none."""
    pieces = canvas.pieces
    grids: list[Grid] = []
    if len(canvas.horizontal) < 2:
        return grids, pieces
    for area in sorted(_areas(canvas), key=lambda a: (a.x1 - a.x0) * (a.y1 - a.y0), reverse=True):
        if len(area.ys) < 2 or len(area.ys) + len(area.xs) < 3:
            continue
        inside = [p for p in pieces if p.turn == 0 and _within(p, area)]
        if len(inside) < 3:
            continue
        grid = _grid(area, inside, canvas.fills, join)
        if grid is not None:
            grids.append(grid)
            taken = {id(p) for p in inside}
            pieces = [p for p in pieces if id(p) not in taken]
    return grids, pieces


def _within(piece: Piece, area: _Area) -> bool:
    middle, height = (piece.x0 + piece.x1) / 2, piece.base + 0.3 * piece.size
    return area.x0 - 2 <= middle <= area.x1 + 2 and area.y0 - 2 <= height <= area.y1 + 2


def _grid(area: _Area, pieces: list[Piece], fills: Sequence[Fill], join: Joiner) -> Grid | None:
    ys = area.ys
    if len(area.xs) >= 3:
        edges = [area.x0, *[x for x in area.xs if area.x0 + _TOUCH < x < area.x1 - _TOUCH], area.x1]
        pieces = [part for piece in pieces for part in _cut(piece, edges, area)]
    elif len(ys) >= 4 or (len(ys) == 3 and not area.xs):
        edges = _gaps(pieces, area)
    else:
        return None
    if len(edges) < 3:
        return None
    bounds = _distinct([*ys, area.y0, area.y1])
    bands: list[list[Piece]] = [[] for _ in bounds[1:]]
    for piece in pieces:
        height = piece.base + 0.3 * piece.size
        bands[max(0, min(len(bands) - 1, sum(height > y for y in bounds) - 1))].append(piece)
    if len([band for band in bands if band]) <= 2:
        rows = [row for band in reversed(bands) for row in _rows_by_baseline(band, edges)]
    else:
        rows = [band for band in reversed(bands) if band]
    made = [make_row(row, edges, join) for row in rows if row]
    filled = [sum(map(bool, row.cells)) for row in made]
    if len(made) < 2 or sum(n >= 2 for n in filled) * 2 < len(made):
        return None
    if max(len(cell) for row in made for cell in row.cells) > _MAX_CELL:
        return None  # a page design, not a table
    for row in made if any(colour for *_, colour in fills) else ():
        row.cells = with_colours(row.cells, _colours(row, edges, fills))
    used = [n for n in range(len(edges) - 1) if any(row.cells[n] for row in made)]
    if len(used) < 2:
        return None
    for row in made:
        row.cells = [row.cells[n] for n in used]
    columns = [edges[n] for n in used]
    return Grid(made, columns, area.x0, area.y0, area.x1, area.y1)


def _colours(row: GridRow, edges: list[float], fills: Sequence[Fill]) -> list[str]:
    """Words for the colours of the cells of a row: what was drawn last lies on top."""
    middle = (row.y0 + row.y1) / 2
    beside = [fill for fill in reversed(fills) if fill[1] < middle < fill[3]]
    centres = [(left + right) / 2 for left, right in itertools.pairwise(edges)]
    return [next((fill[4] for fill in beside if fill[0] < x < fill[2]), "") for x in centres]


def _cut(piece: Piece, edges: list[float], area: _Area) -> list[Piece]:
    """Cut a piece where a line of the table runs through it."""
    height = piece.base + 0.3 * piece.size
    for edge in edges[1:-1]:
        if piece.x0 + 1.5 < edge < piece.x1 - 1.5 and any(
            abs(x - edge) <= _TOUCH and y0 - 1 <= height <= y1 + 1 for x, y0, y1 in area.vertical
        ):
            at = next((n for n, x in enumerate(piece.xs) if x >= edge - 1.5), len(piece.text))
            left, right = piece.text[:at], piece.text[at:]
            if not left.strip() or not right.strip():
                continue
            skip = len(right) - len(right.lstrip())
            first = Piece(piece.x0, edge, piece.base, piece.size, 0, left.rstrip(), piece.xs[:at], 0)
            rest = Piece(
                piece.xs[at + skip], piece.x1, piece.base, piece.size, 0, right.lstrip(), piece.xs[at + skip :], 0
            )
            return [first, *_cut(rest, edges, area)]
    return [piece]


def _gaps(pieces: list[Piece], area: _Area) -> list[float]:
    """Edges of columns by the white that runs through all rows."""
    edges = [area.x0]
    reach = None
    for piece in sorted(pieces, key=lambda p: p.x0):
        if reach is not None and piece.x0 - reach > 4:
            edges.append((piece.x0 + reach) / 2)
        reach = piece.x1 if reach is None else max(reach, piece.x1)
    return [*edges, area.x1]


def _rows_by_baseline(band: list[Piece], edges: list[float]) -> list[list[Piece]]:
    """Rows of a band without lines between them: one starts where the first column has text beside another."""
    lines = _cell_lines(band)
    starts = [line for line in lines if min(p.x0 for p in line) < edges[1] and len(line) > 1]
    if len(starts) < 3 or lines[0] is not starts[0]:
        return [band]
    rows: list[list[Piece]] = []
    for line in lines:
        if any(line is start for start in starts):
            rows.append([])
        rows[-1] += line
    return rows


def _cell_lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces on one baseline together; smaller text does not reach as far as in `by_baseline`."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.base):
        if lines and lines[-1][0].base - piece.base < 0.4 * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def make_row(pieces: Sequence[Piece], edges: Sequence[float], join: Joiner) -> GridRow:
    """Put the pieces of a row in cells; `edges` are those of the table and between its columns."""
    cells: list[list[Piece]] = [[] for _ in edges[1:]]
    for piece in pieces:
        middle = min((piece.x0 + piece.x1) / 2, piece.x0 + 12)
        column = sum(middle > edge for edge in edges[1:-1])
        cells[column].append(piece)
    texts = []
    for cell in cells:
        lines = [sorted(line, key=lambda p: p.x0) for line in _cell_lines(cell)]
        texts.append(join([" ".join(p.text for p in line) for line in lines]))
    return GridRow(
        texts,
        edges[0],
        min(p.y0 for p in pieces),
        edges[-1],
        max(p.y1 for p in pieces),
    )
