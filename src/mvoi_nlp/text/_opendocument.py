"""OpenDocument text (ODT) and sheets (ODS) by lxml: what the office suite shows, in its order."""

import datetime
import io
import itertools
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

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
    hidden_note,
    parse_xml,
    plain_pages,
    table_drafts,
    with_colours,
)
from mvoi_nlp.text._excel import Row, Sheet, shown

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_O = f"{{{_NAMES}:office:1.0}}"
_T = f"{{{_NAMES}:text:1.0}}"
_TABLE = f"{{{_NAMES}:table:1.0}}"
_D = f"{{{_NAMES}:drawing:1.0}}"
_S = f"{{{_NAMES}:style:1.0}}"
_FO = f"{{{_NAMES}:xsl-fo-compatible:1.0}}"
_SKIPPED = {
    *(f"{_O}{name}" for name in ("annotation", "annotation-end", "forms", "event-listeners")),
    *(f"{_T}{name}" for name in ("tracked-changes", "ruby-text", "placeholder", "script", "note-citation")),
    *(f"{_TABLE}{name}" for name in ("tracked-changes", "title", "desc")),
}
_GAPS = {f"{_T}s", f"{_T}tab", f"{_T}line-break"}
_ENDS = {f"{_T}p", f"{_T}h"}
_INDEXES = {
    f"{_T}{name}"
    for name in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index",
        "bibliography",
    )
}  # fmt: skip
_GROUPS = {f"{_TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group")}
_COLUMN_GROUPS = {f"{_TABLE}{name}" for name in ("table-header-columns", "table-columns", "table-column-group")}
_BOLD = {"bold", "700", "800", "900"}
_MAX_COLUMNS = 16_384
_MAX_REPEATED = 1_024
_MAX_ROWS = 200_000
_MAX_CELLS = 2_000_000


class _Styles:
    """Properties of the named styles, those that they inherit included."""

    def __init__(self, *roots: Any) -> None:
        self._styles = {
            (style.get(f"{_S}family"), style.get(f"{_S}name")): style
            for root in roots
            if root is not None
            for style in root.iter(f"{_S}style")
        }
        self._known: dict[tuple[str, str | None, str], str] = {}

    def _chain(self, family: str, name: str | None) -> Iterator[Any]:
        seen = set()
        while (style := self._styles.get((family, name))) is not None and name not in seen:
            seen.add(name)
            yield style
            name = style.get(f"{_S}parent-style-name")

    def get(self, family: str, name: str | None, attribute: str) -> str:
        """Value that the nearest style gives to an attribute, its own or of its properties."""
        key = (family, name, attribute)
        if key not in self._known:
            nodes = itertools.chain.from_iterable((style, *style) for style in self._chain(family, name))
            values = (node.get(attribute) for node in nodes)
            self._known[key] = next((value for value in values if value is not None), "")
        return self._known[key]

    def breaks(self, family: str, name: str | None, side: str) -> bool:
        """Say whether a new page begins before or after."""
        if self.get(family, name, f"{_FO}break-{side}") == "page":
            return True
        return side == "before" and bool(self.get(family, name, f"{_S}master-page-name"))

    def is_title(self, name: str | None) -> bool:
        """Say whether it is the style of the title of the document, or stands on it."""
        return any(style.get(f"{_S}name") in {"Title", "Titel"} for style in self._chain("paragraph", name))


def _count(element: Any, attribute: str) -> int:
    """How often an element stands there, or how far it spans."""
    value = element.get(f"{_TABLE}{attribute}") or "1"
    return max(int(value), 1) if value.isdecimal() else 1


def _through(parent: Any, tag: str, groups: set[str]) -> Iterator[Any]:
    """Children with a tag, also those in a group, and the page breaks between them."""
    for child in parent:
        if child.tag in {tag, f"{_T}soft-page-break"}:
            yield child
        elif child.tag in groups:
            yield from _through(child, tag, groups)


def _value(cell: Any) -> str:
    """Value of a cell whose shown text was not stored."""
    kind = cell.get(f"{_O}value-type")
    value = cell.get(f"{_O}{kind}-value") or cell.get(f"{_O}value") or ""
    if not value:
        return ""
    try:
        if kind == "date":
            return shown(datetime.datetime.fromisoformat(value), "")
        if kind == "percentage":
            return f"{shown(float(value) * 100, '')}%"
        if kind in {"float", "currency"}:
            return shown(float(value), "#,##0.00" if kind == "currency" else "")
    except ValueError:
        pass
    return shown(value == "true", "") if kind == "boolean" else clean(value)


class _Grid:
    """The rows of one table, without what is hidden, with the text of a merged cell in every row it covers."""

    def __init__(self, body: "_Body", table: Any) -> None:
        self.boxes: list[Any] = []
        self.notes: list[Any] = []
        self.width = 0
        self.hidden_rows = 0
        self.cut_at = 0
        """Row from which on nothing was read, 0 when all was."""
        self._body = body
        self._table = table
        self._hidden: list[int] = []
        self._defaults: list[str | None] = []
        self._left_out: set[int] = set()
        self._above: dict[int, tuple[str, int]] = {}
        self._reach = 0
        """Last column that has text: colours beyond it are no cells of the table."""
        for column in _through(table, f"{_TABLE}table-column", _COLUMN_GROUPS):
            at = len(self._defaults)
            repeated = min(_count(column, "number-columns-repeated"), _MAX_COLUMNS - at)
            self._defaults += [column.get(f"{_TABLE}default-cell-style-name")] * repeated
            if column.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
                self._hidden += range(at, at + repeated)

    def note(self) -> str:
        """What was hidden and held something: `2 rijen, 1 kolom`."""
        return hidden_note(self.hidden_rows, len(self._left_out))

    def rows(self, *, padded: bool = False) -> Iterator[tuple[Row, int]]:
        """Rows that hold something, with the page that each begins on."""
        number = kept = 0
        first, last = _MAX_COLUMNS, 0
        for row in _through(self._table, f"{_TABLE}table-row", _GROUPS):
            if row.tag == f"{_T}soft-page-break":
                self._body.new_page()
                continue
            self._body.clock.check(f"page {self._body.page}")
            cells, bold, page = self._cells(row)
            repeated = _count(row, "number-rows-repeated")
            if row.get(f"{_TABLE}visibility") in {"collapse", "filter"}:  # leaves no gap either
                self.hidden_rows += repeated if cells else 0
                continue
            if cells:
                first, last = min(first, *cells), max(last, *cells)
                for n in range(repeated):
                    wide = self.width if padded else last - first + 1
                    if kept == _MAX_ROWS or (kept + 1) * wide > self._body.room:
                        self.cut_at = number + n + 1
                        self._body.room -= kept * wide
                        return
                    kept += 1
                    yield Row(number + n + 1, dict(cells), bold), page
            number += repeated
        self._body.room -= kept * (self.width if padded else max(last - first + 1, 0))

    def _cells(self, row: Any) -> tuple[dict[int, str], bool, int]:
        cells: dict[int, str] = {}
        colours: dict[int, str] = {}
        bold: list[bool] = []
        page = column = 0
        covered: dict[int, str] = {}
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            repeated = _count(cell, "number-columns-repeated")
            if cell.tag == f"{_TABLE}covered-table-cell":
                for at in [at for at in self._above if column <= at < column + repeated]:
                    text, left = self._above.pop(at)
                    covered[at] = text
                    if left > 1:
                        self._above[at] = (text, left - 1)
            else:
                text = ""
                for piece in self._body.text(cell, self.boxes, self.notes):
                    page = page or (self._body.page if piece.strip() else 0)
                    text += piece
                text = clean(text) or (_value(cell) if cell.find(f"{_T}p") is None else "")
                places = range(column, column + min(repeated, _MAX_REPEATED))
                if colour := hex_colour(self._style(cell, row, column, f"{_FO}background-color")):
                    colours |= dict.fromkeys(places, colour)
                if text:
                    cells |= dict.fromkeys(places, text)
                    bold.append(self._style(cell, row, column, f"{_FO}font-weight") in _BOLD)
                    if (rows := _count(cell, "number-rows-spanned")) > 1:
                        self._above[column] = (text, rows - 1)
            column = min(column + repeated, _MAX_COLUMNS)
            self.width = max(self.width, min(column, _MAX_REPEATED))
        self._reach = max(self._reach, *cells, 0)
        if cells and colours:
            filled = [n for n in sorted(cells | colours) if n <= self._reach]
            texts = with_colours([cells.get(n, "") for n in filled], [colours.get(n, "") for n in filled])
            cells = {n: text for n, text in zip(filled, texts, strict=True) if text}
        if cells:  # a merged cell counts only beside cells of the row itself
            cells |= covered
        self._left_out |= set(self._hidden) & cells.keys()
        visible = {at - bisect_left(self._hidden, at): cells[at] for at in sorted(cells) if at not in self._left_out}
        return visible, bool(bold) and all(bold), page or self._body.page

    def _style(self, cell: Any, row: Any, column: int, attribute: str) -> str:
        default = self._defaults[column] if column < len(self._defaults) else None
        name = cell.get(f"{_TABLE}style-name") or row.get(f"{_TABLE}default-cell-style-name") or default
        return self._body.styles.get("table-cell", name, attribute)

    def lines(self) -> Iterator[tuple[list[str], int]]:
        """Rows of equal width, for a table in running text, each with its page."""
        rows = list(self.rows(padded=True))
        width = self.width - bisect_left(self._hidden, self.width)
        for row, page in rows:
            yield [row.cells.get(column, "") for column in range(width)], page


class _Body:
    """Reads text in order and keeps count of pages and tables."""

    def __init__(self, styles: _Styles, max_pages: int, clock: Clock) -> None:
        self.drafts: list[Draft] = []
        self.page = 1
        self.left_out = 0
        self.hidden: list[str] = []
        self.cut: list[str] = []
        self.room = _MAX_CELLS
        self.tables = 0
        self.styles = styles
        self.clock = clock
        self._fresh = True
        self._max_pages = max_pages

    def _add(self, draft: Draft) -> None:
        if draft.page > self._max_pages:
            self.left_out = max(self.left_out, draft.page - self._max_pages)
        elif draft.text:
            self.drafts.append(draft)

    def new_page(self) -> None:
        """Begin a page, unless nothing stands on this one: a break is often said twice."""
        self.page += not self._fresh
        self._fresh = True

    def text(self, element: Any, boxes: list[Any], notes: list[Any]) -> Iterator[str]:
        """Pieces of text in an element; shapes and notes are put aside."""
        if element.text:
            self._fresh = self._fresh and not element.text.strip()
            yield element.text
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in _GAPS:
                yield " "
            elif tag == f"{_T}soft-page-break":
                self.new_page()
            elif tag == f"{_T}note":
                notes.append(child)
            elif tag.startswith(_D) or tag == f"{_TABLE}shapes":
                boxes.append(child)
            elif tag and tag not in _SKIPPED and not self._is_hidden(child):
                yield from self.text(child, boxes, notes)
            if tag in _ENDS:
                yield " "
            if child.tail:
                self._fresh = self._fresh and not child.tail.strip()
                yield child.tail

    def _is_hidden(self, element: Any) -> bool:
        if element.tag == f"{_T}section":
            none: bool = element.get(f"{_T}display") == "none" or element.get(f"{_T}is-hidden") == "true"
            if none:
                self.hidden.append(element.get(f"{_T}name") or "sectie")
            return none
        if element.tag.endswith("}content-control"):
            return any(name.endswith("}showing-place-holder") and value == "true" for name, value in element.items())
        family = {f"{_T}span": "text", f"{_T}p": "paragraph", f"{_T}h": "paragraph"}.get(element.tag)
        return family is not None and self.styles.get(family, element.get(f"{_T}style-name"), f"{_T}display") == "none"

    def _paragraph(self, element: Any, kind: BlockKind) -> None:
        style = element.get(f"{_T}style-name")
        if self.styles.breaks("paragraph", style, "before"):
            self.new_page()
        level = 0
        if kind != "contents" and (element.tag == f"{_T}h" or self.styles.is_title(style)):
            outline = element.get(f"{_T}outline-level") or "1"
            kind, level = "heading", max(int(outline), 1) if outline.isdecimal() else 1
        boxes: list[Any] = []
        notes: list[Any] = []
        pieces: list[str] = []
        page = self.page
        for piece in self.text(element, boxes, notes):
            if piece.strip() and not any(pieces):
                page = self.page
            pieces.append(piece if piece.strip() or any(pieces) else "")
        self._fresh = False
        text = clean("".join(pieces))
        bullet = BULLET_START.match(text)
        if kind == "paragraph" and bullet and not text.startswith(("o ", "§")):
            kind, text = "list_item", text[bullet.end() :]
        if has_leaders(text):
            kind, level = "contents", 0
        self._add(Draft(page=page, kind=kind, text=text, level=level))
        self.aside(boxes, notes, page)
        if self.styles.breaks("paragraph", style, "after"):
            self.new_page()

    def aside(self, boxes: list[Any], notes: list[Any], page: int) -> None:
        """Read the shapes and the notes that hang on a paragraph or a table."""
        fresh = self._fresh
        for box in boxes:
            self.walk([box])
        self._fresh = fresh
        for note in notes:
            body = note.find(f"{_T}note-body")
            if body is not None:
                self._add(Draft(page=page, kind="footnote", text=clean("".join(self.text(body, [], [])))))

    def _table(self, table: Any) -> None:
        style = table.get(f"{_TABLE}style-name")
        name = table.get(f"{_TABLE}name") or "tabel"
        if self.styles.get("table", style, f"{_TABLE}display") == "false":
            self.hidden.append(name)
            return
        if self.styles.breaks("table", style, "before"):
            self.new_page()
        cells = [
            [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
            for row in _through(table, f"{_TABLE}table-row", _GROUPS)
        ]
        if all(sum(_count(cell, "number-columns-repeated") for cell in row) < 2 for row in cells):
            self.walk([part for row in cells for cell in row for part in cell])  # a frame around text
            return
        grid = _Grid(self, table)
        lines = list(grid.lines())
        for (_, page), draft in zip(lines, table_drafts([line for line, _ in lines], 1, self.tables), strict=True):
            draft.page = page
            self._add(draft)
        self._fresh = False
        self.tables += 1
        self.keep_notes(grid, name)
        self.aside(grid.boxes, grid.notes, self.page)
        if self.styles.breaks("table", style, "after"):
            self.new_page()

    def keep_notes(self, grid: _Grid, name: str) -> None:
        """Remember what of a table was left out."""
        if said := grid.note():
            self.hidden.append(f"{name} ({said})")
        if grid.cut_at:
            self.cut.append(f"{name}: alleen de eerste {grid.cut_at - 1} rijen gelezen")

    def walk(self, parent: Any, kind: BlockKind = "paragraph") -> None:
        """Read paragraphs, lists, tables and shapes in their order."""
        for child in parent:
            self.clock.check(f"page {self.page}")
            tag = child.tag if isinstance(child.tag, str) else ""
            if not tag or tag in _SKIPPED:
                continue
            if tag == f"{_T}soft-page-break":
                self.new_page()
            elif tag == f"{_TABLE}table":
                self._table(child)
            elif tag in _INDEXES:
                for body in child.iterchildren(f"{_T}index-body"):
                    self.walk(body, "contents")
            elif tag in _ENDS:
                if not self._is_hidden(child):
                    self._paragraph(child, kind)
            elif tag in {f"{_T}list", f"{_T}list-item", f"{_T}list-header", f"{_T}numbered-paragraph"}:
                self.walk(child, "contents" if kind == "contents" else "list_item")
            elif tag in {f"{_T}section", f"{_T}index-title"}:
                if not self._is_hidden(child):
                    self.walk(child, kind)
            elif tag.startswith(_D) or tag == f"{_TABLE}shapes":
                self.aside(list(child), [], self.page)

    def notes(self) -> list[str]:
        """What the reader of a page must know."""
        hidden = ["verborgen delen overgeslagen: " + ", ".join(self.hidden)] if self.hidden else []
        return self.cut + hidden


def _read_text(content: Any, document: str, body: _Body, max_pages: int) -> tuple[tuple[Page, ...], list[Draft]]:
    body.walk(content)
    notes = body.notes()
    if body.left_out:
        notes.append(f"{body.left_out} pagina('s) niet gelezen: meer dan {max_pages}")
    return plain_pages(document, body.drafts, min(body.page, max_pages), note="; ".join(notes)), body.drafts


def _read_sheets(content: Any, document: str, body: _Body, max_pages: int) -> tuple[tuple[Page, ...], list[Draft]]:
    names: list[str] = []
    hidden: list[str] = []
    left_out = 0
    for table in content.iterchildren(f"{_TABLE}table"):
        name = table.get(f"{_TABLE}name") or ""
        body.clock.check(f"sheet {name}")
        if body.styles.get("table", table.get(f"{_TABLE}style-name"), f"{_TABLE}display") == "false":
            if table.find(f"{_TABLE}table-source") is None:  # else a copy of a sheet of another file
                hidden.append(name)
            continue
        if len(names) == max_pages:
            left_out += 1
            continue
        names.append(name)
        body.page = len(names)
        sheet = Sheet(body.page, body.tables)
        grid = _Grid(body, table)
        sheet.read(row for row, _ in grid.rows())
        body.drafts += sheet.drafts
        body.tables = sheet.tables
        body.keep_notes(grid, name)
        shapes = table.find(f"{_TABLE}shapes")
        body.aside([*grid.boxes, *([] if shapes is None else shapes)], [], body.page)
        body.page = len(names)
    notes = body.notes()
    if hidden:
        notes.append("verborgen bladen overgeslagen: " + ", ".join(hidden))
    if left_out:
        notes.append(f"{left_out} blad(en) niet gelezen: meer dan {max_pages}")
    return plain_pages(document, body.drafts, len(names), names, "; ".join(notes)), body.drafts


def is_opendocument(archive: zipfile.ZipFile) -> bool:
    """Say whether a zip file is OpenDocument: by the type that it states, else by the root of its content."""
    names = archive.namelist()
    for name, mark in (("mimetype", b"application/vnd.oasis.opendocument"), ("content.xml", _NAMES.encode())):
        if name in names:
            with archive.open(name) as member:
                if mark in member.read(65536):
                    return True
    return False


def read_opendocument(
    data: bytes, name: str, document: str, max_pages: int, clock: Clock
) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read an ODT by its page breaks or an ODS by its visible sheets; the last page says what is hidden."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = set(archive.namelist())
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in members else b""
        if re.search(rb"<(?:[\w.-]+:)?encryption-data\b", manifest) or "encrypted-package" in members:
            raise TextError(
                f"{name}: an OpenDocument file with a password",
                hint="open it, take the password off and save it again",
            )
        if "content.xml" not in members:
            raise TextError(f"{name}: an OpenDocument file without content.xml", hint="fetch it again")
        content = parse_xml(archive.read("content.xml"))
        common = parse_xml(archive.read("styles.xml")).find(f"{_O}styles") if "styles.xml" in members else None
    body = _Body(_Styles(common, content.find(f"{_O}automatic-styles")), max_pages, clock)
    if (text := content.find(f"{_O}body/{_O}text")) is not None:
        return _read_text(text, document, body, max_pages)
    if (sheets := content.find(f"{_O}body/{_O}spreadsheet")) is not None:
        return _read_sheets(sheets, document, body, max_pages)
    raise TextError(
        f"{name}: an OpenDocument file, but no text (.odt) or sheets (.ods)",
        hint="save a presentation as .pptx, and a drawing as PDF",
    )
