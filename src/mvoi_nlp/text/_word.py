"""Word documents by python-docx: the body in order, with what its paragraphs alone leave out."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Page
from mvoi_nlp.text._blocks import (
    BULLET_START,
    BlockKind,
    Clock,
    Draft,
    clean,
    has_leaders,
    hex_colour,
    plain_pages,
    table_drafts,
    with_colours,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SORTS = (  # what python-docx does not take for a document, though it reads the same: with macros, a template
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
PartFactory.part_type_for.update(dict.fromkeys(_SORTS, DocumentPart))
_DELETED = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText"}
_HEADING = re.compile(r"^(?:heading|kop)\s*(\d)", re.I)
_TITLE = re.compile(r"^(?:title|titel)$", re.I)
_LIST = re.compile(r"^(?:list|lijst|opsomming)", re.I)
_CONTENTS = re.compile(r"^(?:toc|inhopg|inhoudsopgave)\s*\d", re.I)


class _Styles:
    """Names and outline levels of the paragraph styles, those they are based on included."""

    def __init__(self, document: Any) -> None:
        self._kinds: dict[str, tuple[BlockKind, int]] = {}
        self.placeholders: set[str] = set()
        elements = {e.get(f"{_W}styleId"): e for e in document.styles.element.iter(f"{_W}style")}
        for name, element in elements.items():
            chain = []
            seen = set()
            style = element
            while style is not None and id(style) not in seen:
                seen.add(id(style))
                chain.append(style)
                based = style.find(f"{_W}basedOn")
                style = elements.get(based.get(f"{_W}val")) if based is not None else None
            self._kinds[name] = _kind_of_style(chain)
            if chain and re.match(r"placeholder", _style_name(chain[0]), re.I):
                self.placeholders.add(name)

    def kind(self, paragraph: Any) -> tuple[BlockKind, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "paragraph", 0
        style = properties.find(f"{_W}pStyle")
        kind, level = (
            self._kinds.get(style.get(f"{_W}val"), ("paragraph", 0)) if style is not None else ("paragraph", 0)
        )
        outline = properties.find(f"{_W}outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "9") in "012345":
            return "heading", int(outline.get(f"{_W}val")) + 1
        numbering = properties.find(f"{_W}numPr/{_W}numId")
        if kind == "paragraph" and numbering is not None and numbering.get(f"{_W}val") != "0":
            return "list_item", 0
        return kind, level


def _style_name(style: Any) -> str:
    name = style.find(f"{_W}name")
    return (name.get(f"{_W}val") or "") if name is not None else ""


def _kind_of_style(chain: list[Any]) -> tuple[BlockKind, int]:
    for style in chain:
        name = _style_name(style)
        heading = _HEADING.match(name)
        if heading:
            return "heading", int(heading[1])
        if _TITLE.match(name):
            return "heading", 1
        if _CONTENTS.match(name):
            return "contents", 0
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "9") in "012345":
            return "heading", int(outline.get(f"{_W}val")) + 1
        if _LIST.match(name) or style.find(f"{_W}pPr/{_W}numPr") is not None:
            return "list_item", 0
    return "paragraph", 0


class _Body:
    """Reads the body in order and keeps count of pages, tables and footnotes."""

    def __init__(self, document: Any, max_pages: int, clock: Clock) -> None:
        self.drafts: list[Draft] = []
        self.page = 1
        self.left_out = 0
        self._fresh = True
        self._styles = _Styles(document)
        self._tables = 0
        self._max_pages = max_pages
        self._clock = clock
        self._footnotes = _notes(document, "footnotes") | _notes(document, "endnotes")

    def _add(self, draft: Draft) -> None:
        if draft.page > self._max_pages:
            self.left_out = max(self.left_out, draft.page - self._max_pages)
        elif draft.text:
            self.drafts.append(draft)

    def _break(self, *, laid_out: bool) -> None:
        if laid_out and self._fresh:  # Word also notes where a break that someone typed fell
            return
        self.page += 1
        self._fresh = True

    def _text(  # noqa: PLR0912 - one branch per kind of element
        self, element: Iterable[Any], boxes: list[Any], notes: list[str]
    ) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in _DELETED or not isinstance(tag, str):
                continue
            if tag == f"{_W}t":
                if child.text:
                    self._fresh = False
                    yield child.text
            elif tag == f"{_W}br":
                if child.get(f"{_W}type") == "page":
                    self._break(laid_out=False)
                yield " "
            elif tag == f"{_W}lastRenderedPageBreak":
                self._break(laid_out=True)
            elif tag in {f"{_W}tab", f"{_W}cr", f"{_W}ptab"}:
                yield " "
            elif tag == f"{_W}noBreakHyphen":
                yield "-"
            elif tag == f"{_W}sym":
                yield chr(int(child.get(f"{_W}char") or "20", 16))
            elif tag in {f"{_W}footnoteReference", f"{_W}endnoteReference"}:
                notes.append(f"{tag.rpartition('}')[2].removesuffix('Reference')}s/{child.get(f'{_W}id')}")
            elif tag == f"{_W}txbxContent":
                boxes.append(child)
            elif tag == f"{_W}sdt":
                if child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                    yield from self._text(child, boxes, notes)
            elif tag == f"{_W}r":
                style = child.find(f"{_W}rPr/{_W}rStyle")
                if style is None or style.get(f"{_W}val") not in self._styles.placeholders:
                    yield from self._text(child, boxes, notes)
            else:
                yield from self._text(child, boxes, notes)

    def paragraph(self, paragraph: Any) -> None:
        properties = paragraph.find(f"{_W}pPr")
        before = properties.find(f"{_W}pageBreakBefore") if properties is not None else None
        if before is not None and before.get(f"{_W}val") not in {"0", "false"} and not self._fresh:
            self._break(laid_out=False)
        kind, level = self._styles.kind(paragraph)
        boxes: list[Any] = []
        notes: list[str] = []
        pieces: list[str] = []
        page = self.page
        for piece in self._text(paragraph, boxes, notes):
            if piece.strip() and not any(pieces):
                page = self.page
            pieces.append(piece if piece.strip() or any(pieces) else "")
        text = clean("".join(pieces))
        if kind == "paragraph" and BULLET_START.match(text) and not text.startswith(("o ", "§")):
            kind, text = "list_item", text[BULLET_START.match(text).end() :]  # type: ignore[union-attr]
        if has_leaders(text):
            kind, level = "contents", 0
        self._add(Draft(page=page, kind=kind, text=text, level=level if kind == "heading" else 0))
        for box in boxes:
            self.walk(box)
        self._add_notes(notes, page)
        section = properties.find(f"{_W}sectPr") if properties is not None else None
        if section is not None:
            sort = section.find(f"{_W}type")
            if sort is None or sort.get(f"{_W}val") not in {"continuous", "nextColumn"}:
                self._break(laid_out=self._fresh)

    def _add_notes(self, notes: list[str], page: int) -> None:
        for note in notes:
            self._add(Draft(page=page, kind="footnote", text=self._footnotes.get(note, "")))

    def table(self, table: Any) -> None:
        rows = [row for row in _through(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None]
        if all(sum(map(_width, _through(row, "tc"))) < 2 for row in rows):
            for row in rows:  # a frame around text: its paragraphs are what matters
                for cell in _through(row, "tc"):
                    self.walk(cell)
            return
        boxes: list[Any] = []
        notes: list[str] = []
        texts: list[list[str]] = []
        pages: list[int] = []
        for row in rows:
            self._clock.check(f"page {self.page}")
            page = 0
            cells: list[str] = []
            colours: list[str] = []
            for cell in _through(row, "tc"):
                pieces: list[str] = []
                for part in cell:
                    for piece in self._text([part], boxes, notes):
                        pieces.append(piece)
                        page = page or (self.page if piece.strip() else 0)
                    pieces.append(" ")
                text = clean("".join(pieces))
                merged = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merged is not None and merged.get(f"{_W}val") != "restart" and not text:
                    text = texts[-1][len(cells)] if texts and len(cells) < len(texts[-1]) else ""
                cells += [text, *[""] * (_width(cell) - 1)]
                colours += [_colour(cell), *[""] * (_width(cell) - 1)]
            cells = with_colours(cells, colours)
            texts.append(cells)
            if any(cells):
                pages.append(page or self.page)
        for page, draft in zip(pages, table_drafts(texts, 1, self._tables), strict=True):
            draft.page = page
            self._add(draft)
        self._tables += 1
        for box in boxes:
            self.walk(box)
        self._add_notes(notes, self.page)

    def walk(self, parent: Any) -> None:
        for child in parent:
            self._clock.check(f"page {self.page}")
            if child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.table(child)
            elif child.tag == f"{_W}sdt":
                if child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                    content = child.find(f"{_W}sdtContent")
                    if content is not None:
                        self.walk(content)
            elif child.tag in {f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"}:
                self.walk(child)


def _width(cell: Any) -> int:
    """Number of columns that a cell spans."""
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return min(max(int(span.get(f"{_W}val") or 1), 1), 100) if span is not None else 1


def _colour(cell: Any) -> str:
    """Word for the colour of a cell."""
    shade = cell.find(f"{_W}tcPr/{_W}shd")
    if shade is None:
        return ""
    solid = shade.get(f"{_W}val") == "solid"
    return hex_colour(shade.get(f"{_W}color" if solid else f"{_W}fill") or "")


def _through(parent: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also those inside a content control or an insertion."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _through(child, tag)


def _notes(document: Any, sort: str) -> dict[str, str]:
    """`footnotes/3` -> its text."""
    notes: dict[str, str] = {}
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(f"/{sort}"):
            continue
        root = etree.fromstring(relation.target_part.blob)
        for note in root:
            if note.get(f"{_W}type") in {"separator", "continuationSeparator", "continuationNotice"}:
                continue
            text = " ".join("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in note.iter(f"{_W}p"))
            notes[f"{sort}/{note.get(f'{_W}id')}"] = clean(text)
    return notes


def read_word(
    data: bytes, name: str, document: str, max_pages: int, clock: Clock
) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read a Word file; pages are counted by the breaks in it, as last laid out."""
    part = Package.open(io.BytesIO(data)).main_document_part
    if not isinstance(part, DocumentPart):
        raise TextError(
            f"{name}: a Word file of another sort ({part.content_type})", hint="open it in Word and save it as .docx"
        )
    opened = part.document
    body = _Body(opened, max_pages, clock)
    body.walk(opened.element.body)
    note = f"{body.left_out} pagina('s) niet gelezen: meer dan {max_pages}" if body.left_out else ""
    last = min(body.page, max_pages)
    return plain_pages(document, body.drafts, last, note=note), body.drafts
