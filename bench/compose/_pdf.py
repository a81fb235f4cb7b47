"""A source as PDF, in one of the layouts that plans and reports come in; equal sources give equal bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BalancedColumns,
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from bench.compose._source import LIGHTS, Chunk, Source, Unit

_COLOURS = ("#154273", "#00607a", "#39870c", "#a90061", "#8a3c0f", "#42145f")
_LIGHTS = dict(zip(LIGHTS, ("#7cb342", "#f9a825", "#c62828"), strict=True))
_VOWELS = "aeiouyéëèïöü"
_TOGETHER = {"ch", "sj", "th", "ph", "st", "tr", "pr", "br", "dr", "kr", "gr", "fr", "pl", "bl", "kl", "gl", "sl", "vl"}
_PLAIN = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
_GREY = colors.HexColor("#555555")


@dataclass(frozen=True)
class _Design:
    """What sets one layout apart."""

    font: str
    bold: str
    size: float
    serif: bool = False
    columns: bool = False
    hyphens: bool = False
    side: float = 0.0
    """Share of the text width that a column for boxes takes."""
    justified: bool = False
    subscript: bool = False
    """Whether CO₂ is set with a real subscript, as a word processor does."""
    running: bool = True


_DESIGNS = {
    "single": _Design("Vera", "VeraBd", 9.0),
    "two_columns": _Design("Helvetica", "Helvetica-Bold", 9.5, columns=True, hyphens=True, justified=True),
    "side_boxes": _Design("Helvetica", "Helvetica-Bold", 10.0, side=0.28, subscript=True),
    "letter": _Design("Times-Roman", "Times-Bold", 11.0, serif=True, running=False),
    "accounts": _Design("Times-Roman", "Times-Bold", 9.5, serif=True, hyphens=True, justified=True),
    "landscape": _Design("Helvetica", "Helvetica-Bold", 9.5),
}


def hyphenate(word: str) -> list[tuple[str, str]]:
    """Places where a Dutch word may break, last first; simple, and never wrong enough to change a letter."""
    pairs: list[tuple[str, str]] = []
    if not re.fullmatch(r"[a-zéëèïöü]{8,}", word):
        return pairs
    for at in range(3, len(word) - 3):
        before, after = word[at - 1], word[at]
        if after in _VOWELS or word[at + 1] not in _VOWELS:
            continue  # a new part starts with one consonant and a vowel
        if before + after in _TOGETHER or (before in _VOWELS and word[at - 2] not in _VOWELS and at < 4):
            continue
        if not any(letter in _VOWELS for letter in word[:at]):
            continue
        pairs.append((word[:at], word[at:]))
    return pairs[::-1]


class _Look:
    """Fonts, sizes and colour of one document."""

    def __init__(self, source: Source, layout: str, *, ruled: bool = True) -> None:
        self.layout, self.ruled = layout, ruled
        self.design = design = _DESIGNS[layout]
        number = sum(source.head["organisation"].encode())
        self.colour = colors.black if layout == "letter" else colors.HexColor(_COLOURS[number % len(_COLOURS)])
        self.soft = colors.Color(*(1 - (1 - part) * 0.12 for part in self.colour.rgb()))
        if design.font == "Vera":
            folder = Path(reportlab.__file__).parent / "fonts"
            for name in ("Vera", "VeraBd"):
                pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        self.font, self.bold, size = design.font, design.bold, design.size
        self.size = size
        self.body = ParagraphStyle(
            "body",
            fontName=self.font,
            fontSize=size,
            leading=size * 1.42,
            spaceAfter=size * 0.75,
            hyphenationLang=hyphenate if design.hyphens else "",
            hyphenationMinWordLength=8,
            alignment=4 if design.justified else 0,
        )
        self.item = ParagraphStyle("item", parent=self.body, leftIndent=12, bulletIndent=1, spaceAfter=3, alignment=0)
        self.contents = ParagraphStyle("contents", parent=self.body, hyphenationLang="", alignment=0)
        self.box = ParagraphStyle(
            "box", parent=self.body, fontSize=size * 0.92, leading=size * 1.25, spaceAfter=3, alignment=0
        )
        self.note = ParagraphStyle(
            "note", parent=self.body, fontSize=7.5, leading=9, spaceAfter=1, hyphenationLang="", alignment=0
        )
        scale = {1: 1.9, 2: 1.35, 3: 1.0}
        if layout == "letter":
            scale = {1: 1.25, 2: 1.1, 3: 1.0}
        self.headings = {
            level: ParagraphStyle(
                f"heading{level}",
                fontName=self.bold,
                fontSize=round(size * factor, 1),
                leading=round(size * factor * 1.25, 1),
                textColor=self.colour if level < 3 or design.columns else colors.black,
                spaceBefore=size * (1.4 if level > 1 else 0.4),
                spaceAfter=size * (0.9 if level == 1 else 0.4),
                keepWithNext=1,
            )
            for level, factor in scale.items()
        }
        self.cover = ParagraphStyle("cover", parent=self.headings[1], fontSize=27, leading=33, textColor=colors.white)
        self.cover_second = ParagraphStyle("cover_second", parent=self.cover, fontSize=15, leading=20)
        self.cover_text = ParagraphStyle(
            "cover_text", parent=self.body, fontSize=13, leading=18, spaceAfter=8, alignment=0
        )

    def text(self, text: str) -> str:
        """Text that these fonts can print, as markup; ticks come from a font of symbols."""
        plain = text.replace("→", "-").replace("≥", ">=").replace("≤", "<=")
        if not self.design.subscript:
            plain = plain.translate(str.maketrans("₀₁₂₃₄", "01234"))
        parts = re.split(r"([✓✗●₀-₄])", plain)
        return "".join(
            self._symbol(part) if len(part) == 1 and part in _SYMBOLS else _printable(part) for part in parts
        )

    def _symbol(self, letter: str) -> str:
        if _SYMBOLS[letter]:
            return f'<font name="ZapfDingbats">{_SYMBOLS[letter]}</font>'
        return f'<sub rise="{self.size * 0.18:.1f}" size="{self.size * 0.65:.1f}">{ord(letter) - ord("₀")}</sub>'


_SYMBOLS = {"✓": "4", "✗": "8", "●": "l"} | dict.fromkeys("₀₁₂₃₄", "")


def _printable(text: str) -> str:
    return escape(text.encode("cp1252", "replace").decode("cp1252"))


class _InMargin(Flowable):  # type: ignore[misc]
    """Takes no room where it stands: a box beside the text, or a note at the foot of the page."""

    def __init__(self, content: Sequence[Flowable], left: float, width: float, *, foot: bool) -> None:
        super().__init__()
        self._content, self._left, self._width, self._foot = content, left, width, foot
        self.keepWithNext = 0 if foot else 1

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        canvas = self.canv
        x, y = canvas.absolutePosition(0, 0)
        heights = [part.wrapOn(canvas, self._width, 2000)[1] for part in self._content]
        state = canvas.__dict__.setdefault("_margin", {})
        key = (canvas.getPageNumber(), self._foot)
        if self._foot:
            top = state.get(key, 27 * mm)
            state[key] = top - sum(heights)
        else:
            top = min(y, state.get(key, y))
            top = max(top, 24 * mm + sum(heights))
            state[key] = top - sum(heights) - 8
        at = top
        for part, height in zip(self._content, heights, strict=True):
            at -= height
            part.drawOn(canvas, self._left - x, at - y)


def write_pdf(source: Source, path: Path, layout: str = "", *, ruled: bool = True) -> None:
    """Render a source; equal sources give equal bytes.

    Parameters
    ----------
    source
        The source.
    path
        File to write.
    layout
        By default the layout of the source.
    ruled
        Whether tables have lines and coloured rows; without, only white space tells their columns apart.
    """
    look = _Look(source, layout or source.head["layout"], ruled=ruled)
    page = landscape(A4) if look.layout == "landscape" else A4
    width, height = page
    segments = source.segments()
    cover = look.design.columns and _is_cover(segments[0])
    head = source.head.get("running_head") or f"{source.head['organisation']} | {source.head['kind']}"

    def furniture(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(look.font, 7.5)
        canvas.setFillColor(_GREY)
        if look.design.running and (document.page > 1 or look.layout == "landscape"):
            canvas.drawString(22 * mm, height - 13 * mm, head)
            canvas.setStrokeColor(look.colour)
            canvas.setLineWidth(0.5)
            canvas.line(22 * mm, height - 15 * mm, width - 22 * mm, height - 15 * mm)
        if look.layout == "letter" and document.page == 1:
            canvas.setFont(look.bold, 15)
            canvas.drawRightString(width - 22 * mm, height - 17 * mm, source.head["organisation"])
        canvas.setFont(look.font, 7.5)
        number = f"Pagina {document.page}" if look.layout in {"single", "letter"} else str(document.page)
        if look.layout == "accounts":
            canvas.drawString(22 * mm, 11 * mm, source.head["organisation"])
        canvas.drawRightString(width - 22 * mm, 11 * mm, number)
        canvas.restoreState()

    def front(canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(look.colour)
        canvas.rect(0, height * 0.55, width, height * 0.3, stroke=0, fill=1)
        canvas.setFillColor(look.soft)
        canvas.rect(0, 0, width, height * 0.08, stroke=0, fill=1)
        canvas.restoreState()

    notes = any(chunk.kind == "footnote" for chunk in source.chunks)
    left, top, inner = 22 * mm, (32 if notes else 22) * mm, width - 44 * mm
    tall = height - top - (26 if look.layout == "letter" else 22) * mm
    gutter = 7 * mm
    half = (inner - gutter) / 2
    main = inner * (1 - look.design.side)
    templates = [
        PageTemplate("one", [Frame(left, top, main, tall, id="text", **_PLAIN)], onPage=furniture),
        PageTemplate("wide", [Frame(left, top, inner, tall, id="text", **_PLAIN)], onPage=furniture),
        PageTemplate(
            "two",
            [
                Frame(left, top, half, tall, id="left", **_PLAIN),
                Frame(left + half + gutter, top, half, tall, id="right", **_PLAIN),
            ],
            onPage=furniture,
        ),
        PageTemplate(
            "front",
            [
                Frame(left, height * 0.57, inner, height * 0.26, id="title", **_PLAIN),
                Frame(left, height * 0.2, inner, height * 0.32, id="below", **_PLAIN),
            ],
            onPage=front,
        ),
    ]
    names = ["front" if cover and n == 0 else _template(segment, look) for n, segment in enumerate(segments)]
    templates.sort(key=lambda template: template.id != names[0])
    story: list[Any] = []
    for number, (name, segment) in enumerate(zip(names, segments, strict=True)):
        if number:
            story += [NextPageTemplate(name), PageBreak()]
        room = {"one": main, "two": half}.get(name, inner)
        story += _Chapter(look, room, inner, gutter, left).flowables(segment, name)
    document = BaseDocTemplate(
        str(path),
        pagesize=page,
        pageTemplates=templates,
        title=source.units[0].text,
        author=source.head["organisation"],
        invariant=1,
    )
    document.build(story)


class _Chapter:
    """Makes flowables of the chunks between two page breaks."""

    def __init__(self, look: _Look, room: float, inner: float, gutter: float, left: float) -> None:
        self._look, self._room, self._inner, self._gutter, self._left = look, room, inner, gutter, left

    def flowables(self, segment: list[Chunk], name: str) -> list[Any]:
        look = self._look
        columns = look.design.columns and name == "one" and _in_columns(segment)
        if columns:
            self._room = (self._inner - self._gutter) / 2
        parts = [self._flowables(chunk, front=name == "front") for chunk in segment]
        if name == "front":
            parts.insert(sum(chunk.kind == "heading" for chunk in segment), [FrameBreak])
        if not columns:
            return [flowable for part in parts for flowable in part]
        titles = 1 if segment[0].kind == "heading" else 0
        above = [flowable for part in parts[:titles] for flowable in part]
        rest = [flowable for part in parts[titles:] for flowable in part]
        return [*above, BalancedColumns(rest, nCols=2, innerPadding=self._gutter, needed=60)] if rest else above

    def _flowables(self, chunk: Chunk, *, front: bool) -> list[Any]:
        look = self._look
        texts = [look.text(unit.text) for unit in chunk.units]
        made: list[Any] = []
        if chunk.kind == "heading":
            level = chunk.units[0].level
            style = look.headings[level]
            if front:
                style = look.cover if level == 1 else look.cover_second
            made = [Paragraph(texts[0], style)]
        elif chunk.kind == "paragraph":
            between = "<br/>" if look.layout in {"letter", "accounts"} and _is_address(chunk.units) else " "
            made = [Paragraph(between.join(texts), look.body)]
            if front:
                made = [Paragraph(text, look.cover_text) for text in texts]
        elif chunk.kind == "list":
            made = [Paragraph(text, look.item, bulletText="•") for text in texts] + [Spacer(1, look.size * 0.5)]
        elif chunk.kind == "contents":
            made = [Paragraph(_dotted(line, look, self._room), look.contents) for line in chunk.lines]
        elif chunk.kind == "box":
            made = self._box(chunk.units)
        elif chunk.kind == "footnote":
            lines = [Paragraph(text, look.note) for text in texts]
            made = [_InMargin(lines, self._left, self._inner, foot=True)]
        elif chunk.kind == "table":
            made = [_table(chunk, look, self._room), Spacer(1, look.size * 1.3)]
        return made

    def _box(self, units: Sequence[Unit]) -> list[Any]:
        look = self._look
        side = look.design.side and self._room < self._inner
        room = self._inner - self._room - self._gutter if side else self._room
        lines = [Paragraph(look.text(unit.text), look.box) for unit in units]
        box = Table([[lines]], colWidths=[room])
        box.setStyle(
            TableStyle(
                [
                    ("BACKGROUND", (0, 0), (-1, -1), look.soft),
                    ("LINEBEFORE", (0, 0), (0, -1), 2, look.colour),
                    ("LEFTPADDING", (0, 0), (-1, -1), 8),
                ]
            )
        )
        if side:
            return [_InMargin([box], self._left + self._room + self._gutter, room, foot=False)]
        return [box, Spacer(1, look.size)]


def _is_address(units: Sequence[Unit]) -> bool:
    """Whether lines stand below each other: an addressee, a reference, a date, a signature."""
    return len(units) > 1 and all(len(unit.text.split()) < 12 and unit.text[-1] not in ".?!" for unit in units)


def _is_cover(segment: list[Chunk]) -> bool:
    units = [unit for chunk in segment for unit in chunk.units]
    kinds = [chunk.kind for chunk in segment]
    titles = next((n for n, kind in enumerate(kinds) if kind != "heading"), len(kinds))
    return len(units) <= 6 and titles > 0 and all(kind == "paragraph" for kind in kinds[titles:])


def _wide(segment: list[Chunk]) -> bool:
    return any(len(chunk.header) > 3 for chunk in segment)


def _in_columns(segment: list[Chunk]) -> bool:
    """Whether a chapter is set in two columns: not with a wide table, nor a list of chapters."""
    return not _wide(segment) and all(chunk.kind != "contents" for chunk in segment)


def _template(segment: list[Chunk], look: _Look) -> str:
    """A long chapter fills whole columns, a short one gets columns of equal height; a wide table takes the margin."""
    if look.design.side and any(len(chunk.header) > 5 for chunk in segment):
        return "wide"
    letters = sum(len(unit.text) for chunk in segment for unit in chunk.units)
    tables = any(chunk.kind in {"table", "box", "footnote"} for chunk in segment)
    long = look.design.columns and _in_columns(segment) and (letters > 3000 or tables)
    return "two" if long else "one"


def _dotted(line: str, look: _Look, room: float) -> str:
    found = re.match(r"^(.*?)\s*\.{2,}\s*(\d+)$", line)
    if not found:
        return look.text(line)
    title, number = look.text(found[1]), found[2]
    free = room - stringWidth(f"{title}  {number}", look.font, look.size) - 8
    return f"{title} {'.' * max(5, int(free / stringWidth('.', look.font, look.size)))} {number}"


def header_rows(header: Sequence[str]) -> tuple[list[str], list[tuple[int, int]], list[str]]:
    """Names of groups (empty where there is none), their spans of two columns or more, and names of columns."""
    groups, names = [], []
    for text in header:
        group, bar, name = text.removeprefix("~").rpartition(" > ")
        groups.append(group.strip() if bar else "")
        names.append(name.strip())
    spans = []
    start = 0
    for at in range(1, len(groups) + 1):
        if at == len(groups) or groups[at] != groups[start]:
            if groups[start] and at - start > 1:
                spans.append((start, at - 1))
            start = at
    for first, last in spans:
        groups[first + 1 : last + 1] = [""] * (last - first)
    return groups, spans, names


def _table(chunk: Chunk, look: _Look, room: float) -> Table:
    columns = len(chunk.header)
    size = look.size - (1 if columns < 6 else 1.6 if columns < 9 else 2.4)
    size = min(size, 9) if columns < 13 else 6.5
    cell = ParagraphStyle("cell", fontName=look.font, fontSize=size, leading=size * 1.25)
    head = ParagraphStyle(
        "head", parent=cell, fontName=look.bold, textColor=colors.white if look.ruled else colors.black
    )
    groups, spans, names = header_rows(chunk.header)
    tops = [groups, names] if any(groups) else [names]
    shown = [["" if text in _LIGHTS else text for text in unit.cells] for unit in chunk.units]
    right = {n for n in range(columns) if not look.ruled and _is_numeric([row[n] for row in shown])}
    rows = [
        [Paragraph(look.text(text), _aligned(style, right=n in right)) for n, text in enumerate(texts)]
        for style, lines in ((head, tops), (cell, shown))
        for texts in lines
    ]
    texts = [names, *shown]
    padding = (4 if columns < 9 else 2.5) if look.ruled else (5.4 if columns < 9 else 4)
    longest = [
        max(stringWidth(word, look.bold, size) for row in texts for word in [*row[n].split(), ""]) + 2 * padding + 1
        for n in range(columns)
    ]
    wanted = [min(sum(len(row[n]) for row in texts) / len(texts), 60) + 1 for n in range(columns)]
    spare = max(room - sum(longest), 0)
    widths = [least + spare * want / sum(wanted) for least, want in zip(longest, wanted, strict=True)]
    scale = room / sum(widths)
    table = Table(rows, colWidths=[w * scale for w in widths], repeatRows=len(tops), hAlign="LEFT")
    bottom = len(tops) - 1
    lights = [
        ("BACKGROUND", (column, row), (column, row), colors.HexColor(_LIGHTS[text]))
        for row, unit in enumerate(chunk.units, start=len(tops))
        for column, text in enumerate(unit.cells)
        if text in _LIGHTS
    ]
    paint = [
        ("BACKGROUND", (0, 0), (-1, bottom), colors.HexColor("#444444") if look.design.serif else look.colour),
        ("ROWBACKGROUNDS", (0, bottom + 1), (-1, -1), [colors.white, look.soft]),
        ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#9a9a9a")),
    ]
    table.setStyle(
        TableStyle(
            [
                *(paint if look.ruled else ()),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), padding),
                ("RIGHTPADDING", (0, 0), (-1, -1), padding),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                *(("SPAN", (first, 0), (last, 0)) for first, last in spans if len(tops) > 1),
                *(lights if look.ruled else ()),
            ]
        )
    )
    return table


def _is_numeric(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(re.fullmatch(r"(?:€ ?)?-?\d[\d.,]*(?: ?%)?|-", text) for text in filled)


def _aligned(style: ParagraphStyle, *, right: bool) -> ParagraphStyle:
    return ParagraphStyle(f"{style.name}_right", parent=style, alignment=2) if right else style
