"""A source as PDF: a note on one column, a brochure in two, or tables on their side."""

import re
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

from bench.compose._source import Chunk, Source

_COLOURS = ("#154273", "#00607a", "#39870c", "#a90061", "#8a3c0f", "#42145f")
_VOWELS = "aeiouyéëèïöü"
_TOGETHER = {"ch", "sj", "th", "ph", "st", "tr", "pr", "br", "dr", "kr", "gr", "fr", "pl", "bl", "kl", "gl", "sl", "vl"}


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

    def __init__(self, source: Source) -> None:
        self.layout = source.head["layout"]
        number = sum(source.head["organisation"].encode())
        self.colour = colors.HexColor(_COLOURS[number % len(_COLOURS)])
        self.soft = colors.Color(*(1 - (1 - part) * 0.12 for part in self.colour.rgb()))
        if self.layout == "single":
            folder = Path(reportlab.__file__).parent / "fonts"
            for name in ("Vera", "VeraBd"):
                pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
            self.font, self.bold, size = "Vera", "VeraBd", 9.0
        else:
            self.font, self.bold, size = "Helvetica", "Helvetica-Bold", 9.5
        self.size = size
        columns = self.layout == "two_columns"
        self.body = ParagraphStyle(
            "body",
            fontName=self.font,
            fontSize=size,
            leading=size * 1.42,
            spaceAfter=size * 0.75,
            hyphenationLang=hyphenate if columns else "",
            hyphenationMinWordLength=8,
            alignment=4 if columns else 0,
        )
        self.item = ParagraphStyle("item", parent=self.body, leftIndent=12, bulletIndent=1, spaceAfter=3, alignment=0)
        self.contents = ParagraphStyle("contents", parent=self.body, hyphenationLang="", alignment=0)
        scale = {1: 1.9, 2: 1.35, 3: 1.0}
        self.headings = {
            level: ParagraphStyle(
                f"heading{level}",
                fontName=self.bold,
                fontSize=round(size * factor, 1),
                leading=round(size * factor * 1.25, 1),
                textColor=self.colour if level < 3 or columns else colors.black,
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
        """Text that these fonts can print."""
        plain = text.translate(str.maketrans("₀₁₂₃₄", "01234")).replace("→", "-").replace("✓", "x")
        codec = "cp1252"
        return escape(plain.encode(codec, "replace").decode(codec))


def write_pdf(source: Source, path: Path) -> None:
    """Render a source; equal sources give equal bytes."""
    look = _Look(source)
    page = landscape(A4) if look.layout == "landscape" else A4
    width, height = page
    segments = source.segments()
    cover = look.layout == "two_columns" and _is_cover(segments[0])
    head = source.head.get("running_head") or f"{source.head['organisation']} | {source.head['kind']}"

    def furniture(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(look.font, 7.5)
        canvas.setFillColor(colors.HexColor("#555555"))
        if document.page > 1 or look.layout == "landscape":
            canvas.drawString(22 * mm, height - 13 * mm, head)
            canvas.setStrokeColor(look.colour)
            canvas.setLineWidth(0.5)
            canvas.line(22 * mm, height - 15 * mm, width - 22 * mm, height - 15 * mm)
        number = f"Pagina {document.page}" if look.layout == "single" else str(document.page)
        canvas.drawRightString(width - 22 * mm, 11 * mm, number)
        canvas.restoreState()

    def front(canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(look.colour)
        canvas.rect(0, height * 0.55, width, height * 0.3, stroke=0, fill=1)
        canvas.setFillColor(look.soft)
        canvas.rect(0, 0, width, height * 0.08, stroke=0, fill=1)
        canvas.restoreState()

    left, top, inner, tall = 22 * mm, 22 * mm, width - 44 * mm, height - 44 * mm
    gutter = 7 * mm
    half = (inner - gutter) / 2
    plain = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    templates = [
        PageTemplate("one", [Frame(left, top, inner, tall, id="text", **plain)], onPage=furniture),
        PageTemplate(
            "two",
            [
                Frame(left, top, half, tall, id="left", **plain),
                Frame(left + half + gutter, top, half, tall, id="right", **plain),
            ],
            onPage=furniture,
        ),
        PageTemplate(
            "front",
            [
                Frame(left, height * 0.57, inner, height * 0.26, id="title", **plain),
                Frame(left, height * 0.2, inner, height * 0.32, id="below", **plain),
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
        story += _chapter(segment, look, name, inner, gutter)
    document = BaseDocTemplate(
        str(path),
        pagesize=page,
        pageTemplates=templates,
        title=source.units[0].text,
        author=source.head["organisation"],
        invariant=1,
    )
    document.build(story)


def _chapter(segment: list[Chunk], look: _Look, name: str, inner: float, gutter: float) -> list[Any]:
    columns = look.layout == "two_columns" and name == "one" and _in_columns(segment)
    room = (inner - gutter) / 2 if columns or name == "two" else inner
    parts = [_flowables(chunk, look, room, front=name == "front") for chunk in segment]
    if name == "front":
        parts.insert(sum(chunk.kind == "heading" for chunk in segment), [FrameBreak])
    if not columns:
        return [flowable for part in parts for flowable in part]
    titles = 1 if segment[0].kind == "heading" else 0
    above = [flowable for part in parts[:titles] for flowable in part]
    rest = [flowable for part in parts[titles:] for flowable in part]
    return [*above, BalancedColumns(rest, nCols=2, innerPadding=gutter, needed=60)] if rest else above


def _is_cover(segment: list[Chunk]) -> bool:
    units = [unit for chunk in segment for unit in chunk.units]
    kinds = [chunk.kind for chunk in segment]
    titles = next((n for n, kind in enumerate(kinds) if kind != "heading"), len(kinds))
    return len(units) <= 6 and titles > 0 and all(kind == "paragraph" for kind in kinds[titles:])


def _in_columns(segment: list[Chunk]) -> bool:
    """Whether a chapter is set in two columns: not with a wide table, nor a list of chapters."""
    wide = any(len(chunk.header) > 3 for chunk in segment)
    return not wide and all(chunk.kind != "contents" for chunk in segment)


def _template(segment: list[Chunk], look: _Look) -> str:
    """A long chapter fills whole columns; a short one gets columns of equal height."""
    letters = sum(len(unit.text) for chunk in segment for unit in chunk.units)
    tables = any(chunk.kind == "table" for chunk in segment)
    long = look.layout == "two_columns" and _in_columns(segment) and (letters > 3000 or tables)
    return "two" if long else "one"


def _flowables(chunk: Chunk, look: _Look, room: float, *, front: bool) -> list[Any]:
    if chunk.kind == "heading":
        [unit] = chunk.units
        style = look.headings[unit.level]
        if front:
            style = look.cover if unit.level == 1 else look.cover_second
        return [Paragraph(look.text(unit.text), style)]
    if chunk.kind == "paragraph":
        if front:
            return [Paragraph(look.text(unit.text), look.cover_text) for unit in chunk.units]
        return [Paragraph(look.text(" ".join(unit.text for unit in chunk.units)), look.body)]
    if chunk.kind == "list":
        items = [Paragraph(look.text(unit.text), look.item, bulletText="•") for unit in chunk.units]
        return [*items, Spacer(1, look.size * 0.5)]
    if chunk.kind == "contents":
        return [Paragraph(_dotted(line, look, room), look.contents) for line in chunk.lines]
    return [_table(chunk, look, room), Spacer(1, look.size * 1.3)]


def _dotted(line: str, look: _Look, room: float) -> str:
    found = re.match(r"^(.*?)\s*\.{2,}\s*(\d+)$", line)
    if not found:
        return look.text(line)
    title, number = look.text(found[1]), found[2]
    free = room - stringWidth(f"{title}  {number}", look.font, look.size) - 8
    return f"{title} {'.' * max(5, int(free / stringWidth('.', look.font, look.size)))} {number}"


def _table(chunk: Chunk, look: _Look, room: float) -> Table:
    columns = len(chunk.header)
    size = look.size - (1 if columns < 6 else 1.6 if columns < 9 else 2.4)
    cell = ParagraphStyle("cell", fontName=look.font, fontSize=size, leading=size * 1.25)
    head = ParagraphStyle("head", parent=cell, fontName=look.bold, textColor=colors.white)
    rows = [[Paragraph(look.text(text), head) for text in chunk.header]]
    rows += [[Paragraph(look.text(text), cell) for text in unit.cells] for unit in chunk.units]
    texts = [chunk.header, *(unit.cells for unit in chunk.units)]
    padding = 4 if columns < 9 else 2.5
    longest = [
        max(stringWidth(word, look.bold, size) for row in texts for word in [*row[n].split(), ""]) + 2 * padding + 1
        for n in range(columns)
    ]
    wanted = [min(sum(len(row[n]) for row in texts) / len(texts), 60) + 1 for n in range(columns)]
    spare = max(room - sum(longest), 0)
    widths = [least + spare * want / sum(wanted) for least, want in zip(longest, wanted, strict=True)]
    scale = room / sum(widths)
    table = Table(rows, colWidths=[w * scale for w in widths], repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), look.colour),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, look.soft]),
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#9a9a9a")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), padding),
                ("RIGHTPADDING", (0, 0), (-1, -1), padding),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table
