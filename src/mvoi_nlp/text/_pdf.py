"""PDF documents: every page is interpreted once, then the document as a whole is put in reading order."""

import re
from collections import Counter
from dataclasses import dataclass, field

from mvoi_nlp.dutch import share_of_words
from mvoi_nlp.errors import TextError
from mvoi_nlp.records import OCR, Page
from mvoi_nlp.text import _miner, _pdfium
from mvoi_nlp.text._aligned import find_aligned
from mvoi_nlp.text._blocks import BULLET_START, REPRINT, Clock, Draft, clean, count_characters, table_drafts
from mvoi_nlp.text._glyphs import Canvas, Piece
from mvoi_nlp.text._grid import Grid, find_grids
from mvoi_nlp.text._layout import (
    Item,
    Line,
    Look,
    Part,
    RunningHeads,
    Words,
    body_size,
    body_style,
    contents_parts,
    heading_levels,
    is_contents_page,
    join_pieces,
    make_lines,
    make_parts,
    order,
)
from mvoi_nlp.text._ocr import ocr_version, read_pictures

ENGINES = {"pdfium": _pdfium.draw_pages, "pdfminer": _miner.draw_pages}
_PICTURE = 0.5  # share of a page that a picture covers from where the page may be a scan
_POOR = 0.75  # share of known words
_SENSELESS = 0.6  # share of known words below which the other engine is asked; pages of names and numbers have 0.6
_FEW = 200  # letters; a page with less says too little of its words
_APART = 0.05  # share of words that two engines read in another way, from where the page is doubtful
_CLEARLY = 0.1  # share of known words that the other engine must have more to be believed
_STRANGE = re.compile(r"[\ue000-\uf8ff\ufffd]")


@dataclass
class _Sheet:
    """One page on its way to blocks."""

    number: int
    canvas: Canvas
    pieces: list[Piece] = field(default_factory=list)
    aside: list[Piece] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


def read_pdf(
    data: bytes, name: str, document: str, max_pages: int, clock: Clock, engine: str
) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read a PDF.

    Parameters
    ----------
    engine
        One of `ENGINES`; what gives the letters and lines of a page. The layout is ours.

    Raises
    ------
    TextError
        Protected, broken or without pages; names the page where that is known.
    """
    canvases, left_out = ENGINES[engine](data, name, max_pages, clock)
    if not canvases:
        cause = "cut off or damaged" if b"%%EOF" not in data[-2048:] else "no pages in it"
        raise TextError(f"{name}: no text in the PDF ({cause})", hint=REPRINT)
    scans = _scans(canvases)
    read = read_pictures(data, scans, clock) if scans and ocr_version() else {}
    better = {n: canvas for n, canvas in read.items() if _sense(canvas) >= _sense(canvases[n - 1])}
    canvases = [better.get(number, canvas) for number, canvas in enumerate(canvases, start=1)]
    engines = [OCR if number in better else engine for number in range(1, len(canvases) + 1)]
    doubts: dict[int, str] = {}
    for number, (other, canvas) in _second_opinion(data, name, canvases, engines, clock).items():
        apart = _apart(canvases[number - 1], canvas)
        if apart > _APART:
            doubts[number] = f"twijfelachtig: {engine} en {other} lezen {apart:.0%} van de woorden anders"
        if _sense(canvas) > _sense(canvases[number - 1]) + _CLEARLY:
            canvases[number - 1], engines[number - 1] = canvas, other
    words = Words()
    for canvas in canvases:
        for piece in canvas.pieces:
            words.add(piece.text)
    heads = RunningHeads()
    sheets: list[_Sheet] = []
    for number, canvas in enumerate(canvases, start=1):
        clock.check(f"page {number}")
        grids, rest = find_grids(canvas, words.join)
        unruled, pieces = find_aligned(join_pieces(rest), words.join)
        sheet = _Sheet(number, canvas, pieces, [p for p in rest if p.turn], grids + unruled)
        heads.add(number, canvas.height, [*sheet.pieces, *sheet.aside])
        sheets.append(sheet)
    running = heads.find()
    body = body_size(p for s in sheets for p in s.pieces if id(p) not in running)
    look = Look(body, body_style(p for s in sheets for p in s.pieces if id(p) not in running))
    parts = [(sheet, part) for sheet in sheets for part in _parts(sheet, running, look, clock)]
    drafts = _drafts(parts, words)
    return _pages(document, sheets, drafts, left_out, max_pages, engines, doubts), drafts


def _scans(canvases: list[Canvas]) -> list[int]:
    """Numbers of the pages that are a picture, without text or with one that a scanner may have put there."""
    return [
        number for number, canvas in enumerate(canvases, start=1) if canvas.pictures > _PICTURE and _sense(canvas) < 1
    ]


def _sense(canvas: Canvas) -> float:
    return share_of_words(" ".join(piece.text for piece in canvas.pieces))


def _second_opinion(
    data: bytes, name: str, canvases: list[Canvas], engines: list[str], clock: Clock
) -> dict[int, tuple[str, Canvas]]:
    """What the other engine, by name, reads on pages that make little sense."""
    poor = [
        number
        for number, (canvas, engine) in enumerate(zip(canvases, engines, strict=True), start=1)
        if engine != OCR and sum(len(p.text) for p in canvas.pieces) > _FEW and _sense(canvas) < _SENSELESS
    ]
    if not poor:
        return {}
    other = next(engine for engine in ENGINES if engine != engines[poor[0] - 1])
    try:
        drawn, _ = ENGINES[other](data, name, poor[-1], clock, poor)
    except TextError:  # an opinion that cannot be had; what was read stands
        return {}
    return {number: (other, canvas) for number, canvas in zip(poor, drawn, strict=False)}


def _apart(one: Canvas, other: Canvas) -> float:
    """Share of the words, 0 to 1, that only one of two readings has."""
    first, second = (
        Counter(re.findall(r"\w+", " ".join(piece.text for piece in canvas.pieces).lower())) for canvas in (one, other)
    )
    return 1 - (first & second).total() / max(first.total(), second.total(), 1)


def _parts(sheet: _Sheet, running: set[int], look: Look, clock: Clock) -> list[Part]:
    """Parts of one page: running heads at the top, the text, running heads at the bottom, sideways text."""
    clock.check(f"page {sheet.number}")
    above = [p for p in sheet.pieces if id(p) in running and p.base > sheet.canvas.height / 2]
    below = [p for p in sheet.pieces if id(p) in running and p.base <= sheet.canvas.height / 2]
    pieces = [p for p in sheet.pieces if id(p) not in running]
    parts = [Part("running_head", [line]) for line in make_lines(above)]
    lines = make_lines(pieces)
    contents = is_contents_page(lines)
    flows: list[list[Item]] = [list(pieces)] if contents else order([*pieces, *sheet.grids])
    for number, flow in enumerate(flows):
        texts = [item for item in flow if isinstance(item, Piece)]
        tables = sorted((item for item in flow if isinstance(item, Grid)), key=lambda g: -g.y1)
        found: list[Part] = []
        for grid in tables:
            found += _text_parts([p for p in texts if p.base > grid.y1], look, contents)
            texts = [p for p in texts if p.base <= grid.y1]
            found.append(Part("table_row", grid=grid))
        found += _text_parts(texts, look, contents)
        for part in found:
            part.flow = number
            small = part.kind in {"paragraph", "list_item"} and part.size <= 0.88 * look.size
            if small and part.lines[0].y1 < 0.4 * sheet.canvas.height and re.match(r"\d{1,3}\s?\S", part.lines[0].text):
                part.kind = "footnote"
        parts += found
    if contents:
        parts += [Part("table_row", grid=grid) for grid in sheet.grids]
    parts += [Part("running_head", [line]) for line in make_lines(below)]
    return parts + _sideways(sheet, running)


def _text_parts(pieces: list[Piece], look: Look, contents: bool) -> list[Part]:
    lines = make_lines(pieces)
    return contents_parts(lines, look) if contents else make_parts(lines, look)


def _sideways(sheet: _Sheet, running: set[int]) -> list[Part]:
    parts: list[Part] = []
    for piece in sheet.aside:
        repeated = id(piece) in running
        u0, v0, u1, v1 = piece.x0, piece.y0, piece.x1, piece.y1
        edges = {  # letters were placed along their own direction; back to the page
            1: (-v1, u0, -v0, u1),
            2: (-u1, -v1, -u0, -v0),
            3: (v0, -u1, v1, -u0),
        }[piece.turn]
        if sheet.canvas.turn:  # not worth the arithmetic: the page will do
            edges = (0.0, 0.0, sheet.canvas.width, sheet.canvas.height)
        line = Line(piece.text, *edges, base=piece.base, size=piece.size, bold=False)
        last = parts[-1] if parts else None
        if last is not None and not repeated and last.kind == "paragraph" and last.size == piece.size:
            last.lines.append(line)
        else:
            parts.append(Part("running_head" if repeated else "paragraph", [line], flow=-1))
    return parts


def _drafts(parts: list[tuple[_Sheet, Part]], words: Words) -> list[Draft]:
    levels = heading_levels(part.size for _, part in parts if part.kind == "heading")
    drafts: list[Draft] = []
    sizes: dict[int, float] = {}
    tables = 0
    last_grid: tuple[Grid, int, list[str]] | None = None
    for sheet, part in parts:
        if part.grid is not None:
            carried = _carried(last_grid, part.grid, sheet.number)
            number = tables - 1 if carried is not None else tables
            rows = table_drafts([row.cells for row in part.grid.rows], sheet.number, number, headers=carried)
            filled = [row for row in part.grid.rows if any(clean(cell) for cell in row.cells)]
            for draft, row in zip(rows, filled, strict=True):
                draft.box = sheet.canvas.box(row.x0, row.y0, row.x1, row.y1)
            tables += carried is None
            headers = carried if carried is not None else [cell.text for cell in rows[0].cells] if rows else []
            last_grid = (part.grid, sheet.number, headers)
            drafts += rows
            continue
        text, starts = words.join_at([line.text for line in part.lines])
        bullet = BULLET_START.match(text) if part.kind == "list_item" else None
        text = text[bullet.end() :] if bullet else text
        if not text:
            continue
        skipped = bullet.end() if bullet else 0
        places = [
            (max(at - skipped, 0), sheet.number, sheet.canvas.box(line.x0, line.y0, line.x1, line.y1))
            for at, line in zip(starts, part.lines, strict=True)
        ]
        if part.kind not in {"running_head", "footnote"}:
            last_grid = None if part.kind != "paragraph" else last_grid
        if part.kind == "paragraph" and _continues(drafts, sizes, part, text):
            previous = drafts[_last_text(drafts)]
            previous.text = words.join([previous.text, text])
            before = len(previous.text) - len(text)
            previous.lines += [(before + at, page, box) for at, page, box in places]
            continue
        sizes[len(drafts)] = part.size
        drafts.append(
            Draft(
                page=sheet.number,
                kind=part.kind,
                text=text,
                level=levels.get(round(part.size * 2) / 2, 6) if part.kind == "heading" else 0,
                box=sheet.canvas.box(*part.edges),
                lines=places,
            )
        )
    return drafts


def _carried(last: tuple[Grid, int, list[str]] | None, grid: Grid, page: int) -> list[str] | None:
    """Headers of the table that goes on here: columns as wide, on the next page or in the next column."""
    if last is None or len(last[0].columns) != len(grid.columns):
        return None
    before = last[0]
    same = all(abs((a - before.x0) - (b - grid.x0)) < 4 for a, b in zip(before.columns, grid.columns, strict=True))
    repeated = [clean(cell) for cell in grid.rows[0].cells] == last[2]
    return last[2] if same and (page == last[1] + 1 or (page == last[1] and repeated)) else None


def _last_text(drafts: list[Draft]) -> int:
    """Place of the last draft that is running text, or -1."""
    for place in range(len(drafts) - 1, max(-1, len(drafts) - 12), -1):
        if drafts[place].kind not in {"running_head", "footnote"}:
            return place
    return -1


def _continues(drafts: list[Draft], sizes: dict[int, float], part: Part, text: str) -> bool:
    """Whether a paragraph is the rest of the one before the column or page break."""
    place = _last_text(drafts)
    if place < 0 or part.flow < 0 or not text[0].islower():
        return False
    previous = drafts[place]
    if previous.kind not in {"paragraph", "list_item"} or abs(sizes.get(place, 0) - part.size) > 0.6:
        return False
    return not re.search(r"[.!?:…][\"'”’)\]]*$", previous.text)


def _pages(
    document: str,
    sheets: list[_Sheet],
    drafts: list[Draft],
    left_out: int,
    max_pages: int,
    engines: list[str],
    doubts: dict[int, str],
) -> tuple[Page, ...]:
    counts = count_characters(drafts)
    own = count_characters([draft for draft in drafts if draft.kind != "running_head"])
    strange: dict[int, int] = {}
    for sheet in sheets:
        every = "".join(p.text for p in sheet.canvas.pieces)
        strange[sheet.number] = len(_STRANGE.findall(BULLET_START.sub("", every)))
    pages = []
    for sheet in sheets:
        canvas = sheet.canvas
        number = sheet.number
        drawn = sum(len(p.text) for p in canvas.pieces)
        notes = []
        status = "gelezen"
        picture = canvas.pictures > 0.02 or canvas.drawings > 100
        if not drawn:
            status = "niet leesbaar" if picture else "leeg"
        elif (not own.get(number) and canvas.pictures > _PICTURE and not _has_own(sheet, drafts)) or strange[
            number
        ] > 0.3 * drawn:
            status = "niet leesbaar"
        if status == "niet leesbaar":
            notes.append(
                "afbeelding zonder tekst" if not drawn or canvas.pictures > _PICTURE else "letters zonder betekenis"
            )
        elif engines[number - 1] == OCR:
            notes.append(f"gelezen met tekstherkenning, {_sense(canvas):.0%} bekende woorden")
        elif canvas.pictures > _PICTURE and _sense(canvas) < _POOR:
            notes.append(f"matige tekst onder een afbeelding, {_sense(canvas):.0%} bekende woorden")
        elif strange[number] > 3:
            notes.append(f"{strange[number]} tekens zonder betekenis")
        if number in doubts:
            notes.append(doubts[number])
        if left_out and number == len(sheets):
            notes.append(f"{left_out} pagina('s) niet gelezen: meer dan {max_pages}")
        width, height = (canvas.height, canvas.width) if canvas.turn % 2 else (canvas.width, canvas.height)
        pages.append(
            Page(
                document=document,
                number=number,
                width=round(width, 2),
                height=round(height, 2),
                characters=counts.get(number, 0),
                status=status,
                engine=engines[number - 1],
                note="; ".join(notes),
            )
        )
    return tuple(pages)


def _has_own(sheet: _Sheet, drafts: list[Draft]) -> bool:
    """Whether text of this page was joined to a block that started on the page before."""
    letters = sum(len(p.text) for p in sheet.pieces)
    heads = sum(len(d.text) for d in drafts if d.page == sheet.number and d.kind == "running_head")
    return letters > heads + 20
