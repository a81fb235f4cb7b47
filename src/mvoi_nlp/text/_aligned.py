"""Tables on a PDF page without any line: heads above columns that only white space tells apart."""

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mvoi_nlp.text._blocks import has_leaders
from mvoi_nlp.text._glyphs import Piece, by_baseline
from mvoi_nlp.text._grid import Grid, Joiner, make_row

_NUMBER = re.compile(r"(?:€ ?)?[-+–]?\(?\d[\d.,]*\)?(?: ?%)?|[-–]")
_PAGE = re.compile(r"\d{1,3}")
_STRIP = 3.0  # points of white that every row leaves between two columns
_STEP = 3.2  # font sizes from one baseline to the next within a table
_HEAD = 60  # letters of the head of a column
_LONG = 80  # letters in the cells of every column, from where it is text in columns

Row = list[Piece]


@dataclass
class _Found:
    """Lines of what may be a table, its heads first, and the white between its columns."""

    lines: list[Row]
    heads: int
    """How many of the lines are heads."""
    strips: list[tuple[float, float]]
    used: set[int]
    """`id` of every piece of the page that it takes."""
    rest: Row
    """What was cut off from these: text of the column of the page on the right."""

    @cached_property
    def rights(self) -> dict[int, float]:
        """Where the text of every column ends."""
        ends: dict[int, float] = {}
        for line in self.lines[self.heads :]:
            for piece in line:
                column = self.column(piece)
                ends[column] = max(ends.get(column, 0), piece.x1)
        return ends

    def column(self, piece: Piece) -> int:
        return sum(min((piece.x0 + piece.x1) / 2, piece.x0 + 12) > (lo + hi) / 2 for lo, hi in self.strips)


def find_aligned(pieces: Sequence[Piece], join: Joiner) -> tuple[list[Grid], list[Piece]]:
    """Tables that no line marks, and the pieces of text that are in none.

    A table starts at heads: two or more short texts beside each other that are bold, or set in another style than most
    of the page. Down to the first line that crosses the white between them it is one table, if at least two rows follow
    that begin in two columns, and if it is not running text in columns or a list of chapters.

    Parameters
    ----------
    pieces
        Upright, those on one baseline joined where no wide white parts them.
    join
        Makes one text of the lines of a cell.
    """
    lines = by_baseline(pieces)
    grids: list[Grid] = []
    if sum(len(line) > 1 for line in lines) < 3:
        return grids, list(pieces)
    common = Counter(piece.style for piece in pieces).most_common(1)[0][0]
    taken: set[int] = set()
    rest: Row = []
    runs = [_runs(line, common) if len(line) > 1 else [] for line in lines]
    for number, line in enumerate(lines):
        if len(line) < 2:
            continue
        below = runs[number + 1] if number + 1 < len(lines) else []
        # names of groups above the heads come along with these
        starts = [(run, common) for run in runs[number] if all(len(other) <= len(run) for other in below)]
        if not runs[number] and _may_be_heads(line):
            starts = [(line, "")]
        for heads, other in starts:
            if any(id(piece) in taken for piece in line):
                continue
            found = _grow(lines, number, heads, other, taken)
            grid = _grid(found, join) if found else None
            if found and grid:
                grids.append(grid)
                taken |= found.used
                rest += found.rest
    return grids, [piece for piece in pieces if id(piece) not in taken] + rest


def _is_head(piece: Piece, common: str) -> bool:
    """Whether a piece stands out from the text of the page; nothing does when `common` is empty."""
    return common != "" and ((piece.bold > 0 and piece.is_bold) or piece.style not in {"", common})


def _may_be_heads(line: Row) -> bool:
    """Whether a line that looks as all others may have heads: three or more, and no figures."""
    return len(line) > 2 and all(
        len(piece.text) <= _HEAD and piece.text[0].isupper() and not _is_number(piece) and piece.text[-1] not in ".:,;"
        for piece in line
    )


def _runs(line: Row, common: str) -> list[Row]:
    """Two heads or more that stand beside each other."""
    runs: list[Row] = [[]]
    for piece in line:
        if len(piece.text) > _HEAD or not _is_head(piece, common) or _PAGE.fullmatch(piece.text):
            runs.append([])
        elif runs[-1] and not _alike(runs[-1][-1], piece):
            runs.append([piece])
        else:
            runs[-1].append(piece)
    return [run for run in runs if len(run) > 1]


def _alike(left: Piece, right: Piece) -> bool:
    return left.is_bold == right.is_bold and abs(left.size - right.size) < 0.06 * right.size


def _grow(lines: Sequence[Row], number: int, heads: Row, common: str, taken: set[int]) -> _Found | None:
    """Lines from the heads down to the first that does not fit their columns."""
    size = max(piece.size for piece in heads)
    left, last = heads[0].x0 - _STRIP, heads[-1]
    right = min((piece.x0 for piece in lines[number] if piece.x0 > last.x1), default=1e9) - 1
    strips = [(a.x1, b.x0) for a, b in itertools.pairwise(heads)]
    if any(hi - lo < _STRIP for lo, hi in strips):
        return None
    found, sources = [heads], [heads]
    rest: Row = []
    base, count = heads[0].base, 1 if common else 0
    for line in lines[number + 1 :]:
        members = [piece for piece in line if left <= piece.x0 < right and id(piece) not in taken]
        if members and base - members[0].base > _STEP * size:
            break
        beside = [p.x0 for p in members if p.x0 > last.x1 and (len(p.text) > 20 or p is members[0])]
        if beside:  # text of the column of the page on the right
            right = min(beside) - 1
            found = [kept for row in found if (kept := [piece for piece in row if piece.x0 < right])]
            sources = [[piece for piece in row if piece.x0 < right] for row in sources]
            members = [piece for piece in members if piece.x0 < right]
        if not members:
            continue
        parts = _cut(members[-1], last.x1, 1e9) if members[-1].x0 < last.x1 else None
        cells = [*members[:-1], parts[0]] if parts and len(parts[1].text) > 20 else members
        are_heads = all(_is_head(piece, common) for piece in members)
        if max(piece.size for piece in members) > 1.15 * size or any(has_leaders(p.text) for p in members):
            break
        if count < len(found) and are_heads and len(members) > 1 and not any(_is_number(p) for p in members):
            break  # the heads of the next one
        fitted = _fit(cells, strips)
        if fitted is None:
            break
        rest += [parts[1]] if parts and cells is not members else []
        count += are_heads and count == len(found)
        base = members[0].base
        found.append(fitted[0])
        sources.append(members)
        strips = fitted[1]
    if len(found) - count < 2:
        return None
    above = _groups(lines, number, heads, (left, right), common) if common else []
    used = {id(piece) for row in [*sources, *above] for piece in row}
    return _Found([*above, *found], len(above) + count, strips, used, rest)


def _groups(lines: Sequence[Row], number: int, heads: Row, sides: tuple[float, float], common: str) -> list[Row]:
    """Names of groups of columns, which stand on the line above the heads."""
    if not number or lines[number - 1] == [] or lines[number - 1][0].base - heads[0].base > 2.6 * heads[0].size:
        return []
    members = [piece for piece in lines[number - 1] if sides[0] <= piece.x0 < sides[1]]
    starts = [head.x0 for head in heads[1:]]
    fits = all(
        _is_head(p, common) and p.size < 1.15 * heads[0].size and any(abs(p.x0 - x) < 2 for x in starts)
        for p in members
    )
    return [members] if members and fits else []


def _fit(members: Row, strips: list[tuple[float, float]]) -> tuple[Row, list[tuple[float, float]]] | None:
    """The pieces of a line, cut where a column ends, and the white that is left; none where a piece runs across."""
    strips = list(strips)
    waiting, fitted = members[::-1], []
    while waiting:
        piece = waiting.pop()
        for number, (start, end) in enumerate(strips):
            lo, hi = start, end
            if piece.x1 <= lo or piece.x0 >= hi:
                continue
            if piece.x0 < lo + 1 and piece.x1 > hi - _STRIP:
                parts = _cut(piece, lo, hi)
                if parts is None:
                    return None
                piece, rest = parts
                waiting.append(rest)
            if piece.x0 < lo + 1 or (piece.x1 < hi and piece.x0 - lo < hi - piece.x1):
                lo = max(lo, piece.x1)
            else:
                hi = min(hi, piece.x0)
            if hi - lo < _STRIP:
                return None
            strips[number] = (lo, hi)
        fitted.append(piece)
    return fitted, strips


def _cut(piece: Piece, lo: float, hi: float) -> tuple[Piece, Piece] | None:
    """Cut a piece at a wide space between `lo` and `hi`: a lone number sticks to what follows it."""
    for at in range(1, len(piece.text)):
        start, end = piece.xs[at - 1], piece.xs[at]
        if piece.text[at - 1] == " " and end - start > 0.45 * piece.size and start < hi and end > lo + _STRIP:
            first, rest = piece.text[: at - 1], piece.text[at:]
            bold = piece.is_bold
            return (
                Piece(piece.x0, start, piece.base, piece.size, 0, first, piece.xs[: at - 1], bold * len(first)),
                Piece(end, piece.x1, piece.base, piece.size, 0, rest, piece.xs[at:], bold * len(rest)),
            )
    return None


def _grid(found: _Found, join: Joiner) -> Grid | None:
    rows, apart = _rows(found)
    while len(rows) > 2 and _hangs(found, rows):
        found.used -= {id(piece) for line in rows.pop() for piece in line}
    pieces = [piece for row in rows for line in row for piece in line]
    if len(rows) < 3:
        return None
    x0, x1 = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    edges = [x0, *[(lo + hi) / 2 for lo, hi in found.strips], x1]
    made = [make_row([piece for line in row for piece in line], edges, join) for row in rows]
    body = [(row, texts.cells) for row, texts in zip(rows, made, strict=True) if texts is not made[0]]
    opens = sum(
        sum(map(bool, cells)) > 1 if apart else len({found.column(p) for p in row[0]}) > 1 for row, cells in body
    )
    if opens < 0.6 * len(body) or opens < 2 or _is_prose(found, [cells for _, cells in body], apart=apart):
        return None
    starts = [min(p.x0 for p in pieces if found.column(p) == n) for n in range(len(edges) - 1)]
    return Grid(made, starts, x0, min(p.y0 for p in pieces), x1, max(p.y1 for p in pieces))


def _hangs(found: _Found, rows: list[list[Row]]) -> bool:
    """Whether the last row is a line below the table that does not reach its second column."""
    before, last = rows[-2:]
    if any(found.column(piece) for line in last for piece in line):
        return False
    text = last[-1][-1].text
    gap = min(p.y0 for p in before[-1]) - max(p.y1 for p in last[0])
    usual = min(p.y0 for p in rows[-3][-1]) - max(p.y1 for p in before[0])
    return len(last) > 1 or len(text) > _HEAD / 2 or text.endswith(".") or gap > usual + 0.2 * last[0][0].size


def _rows(found: _Found) -> tuple[list[list[Row]], bool]:
    """Lines of the same row together, and whether more white stands between rows than between lines."""
    lines = found.lines
    size = statistics.median(piece.size for line in lines for piece in line)
    gaps = [min(p.y0 for p in above) - max(p.y1 for p in line) for above, line in itertools.pairwise(lines)]
    mixed = min(gaps) < 0  # lines of one row at different heights: cells stand in the middle of it
    least = 0.3 * size if mixed else min(gaps)
    wide = [False, *(gap > least + 0.22 * size for gap in gaps)]
    on = [n >= max(found.heads, 1) and _goes_on(found, n) for n in range(len(lines))]
    close = [n for n in range(found.heads + 1, len(lines)) if not wide[n]]
    apart = any(wide[found.heads :]) and (mixed or 2 * sum(on[n] for n in close) >= len(close))
    rows: list[list[Row]] = []
    for number, line in enumerate(lines):
        if number < found.heads:
            starts = wide[number] or len(line) > len(lines[number - 1])
        elif apart:
            starts = wide[number]
        else:
            columns = {found.column(piece) for piece in line}
            starts = not on[number] or (0 in columns and len(columns) > 1)
        if starts or number in {0, found.heads}:
            rows.append([line])
        else:
            rows[-1].append(line)
    return rows, apart


def _goes_on(found: _Found, number: int) -> bool:
    """Whether nothing of what a line says had room on the line above."""
    above = {found.column(piece): piece for piece in found.lines[number - 1]}
    return not any(
        column not in above
        or (_is_number(piece) and len(above[column].text) < 12)
        or _has_room(above[column], piece, found.rights[column])
        for piece in found.lines[number]
        for column in [found.column(piece)]
    )


def _has_room(above: Piece, piece: Piece, right: float) -> bool:
    """Whether the first word of a piece fits behind the piece above it, in a column that ends at `right`."""
    word = (len(piece.text.split(" ", 1)[0]) + 1) / len(piece.text) * (piece.x1 - piece.x0)
    return above.x1 + word < right


def _is_number(piece: Piece) -> bool:
    return _NUMBER.fullmatch(piece.text) is not None


def _is_prose(found: _Found, body: list[list[str]], *, apart: bool) -> bool:
    """Whether the cells are running text in columns, or chapters with their pages."""
    columns = [[cell for cell in column if cell] for column in zip(*body, strict=True)]
    lengths = [statistics.mean(map(len, column)) if column else 0 for column in columns]
    figures = any(sum(map(bool, map(_NUMBER.fullmatch, column))) > len(column) / 2 for column in columns)
    if not figures and (min(lengths) > _LONG or (not apart and _runs_on(found, lengths))):
        return True
    pages = [int(cell) for cell in columns[-1] if _PAGE.fullmatch(cell)]
    full = all(len(column) == len(body) for column in columns[-2:])
    return full and len(columns) < 4 and len(body) == len(pages) > 2 and pages == sorted(set(pages))


def _runs_on(found: _Found, lengths: Sequence[float]) -> bool:
    """Whether all columns of text go on from line to line in the middle of a sentence."""
    pairs: dict[int, list[bool]] = {}
    for above, line in itertools.pairwise(found.lines[found.heads :]):
        before = {found.column(piece): piece for piece in above}
        for piece in line:
            column = found.column(piece)
            if column in before:
                room = _has_room(before[column], piece, found.rights[column])
                pairs.setdefault(column, []).append(piece.text[0].islower() and not room)
    texts = [pairs.get(n, []) for n, length in enumerate(lengths) if length > 12]
    return len(texts) > 1 and all(on and sum(on) >= 0.5 * len(on) for on in texts)
