"""A source as a Word form or as an Excel workbook; equal sources give equal bytes."""

import datetime
import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
from docx.document import Document
from docx.oxml import OxmlElement
from docx.shared import Pt, RGBColor
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bench.compose._source import Chunk, Source

_MOMENT = datetime.datetime(2024, 1, 1, 9, 0)
_PAGE_LETTERS = 2600


def _settle(data: bytes, path: Path) -> None:
    """Write a zip again with fixed dates."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + b"2024-01-01T09:00:00Z", content
                )
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)


class _Form:
    """A Word document that notes where its pages end, as Word itself does when it lays a document out."""

    def __init__(self, source: Source) -> None:
        self.document: Document = docx.Document()
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = source.head["organisation"]
        properties.title = source.units[0].text
        properties.created = properties.modified = _MOMENT
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Arial", Pt(10)
        for level in (1, 2, 3):
            style = self.document.styles[f"Heading {level}"]
            style.font.name, style.font.color.rgb = "Arial", RGBColor(0x15, 0x42, 0x73)
        head = source.head.get("running_head")
        if head:
            self.document.sections[0].header.paragraphs[0].text = head
        self._letters = 0

    def page_break(self) -> None:
        self.document.add_page_break()  # type: ignore[no-untyped-call]
        self._letters = 0

    def add(self, chunk: Chunk) -> None:
        if chunk.kind == "heading":
            [unit] = chunk.units
            self._count(self.document.add_heading(unit.text, unit.level), 160)
        elif chunk.kind == "paragraph":
            text = " ".join(unit.text for unit in chunk.units)
            self._count(self.document.add_paragraph(text), len(text) + 60)
        elif chunk.kind == "list":
            for unit in chunk.units:
                self._count(self.document.add_paragraph(unit.text, style="List Bullet"), len(unit.text) + 40)
        elif chunk.kind == "contents":
            for line in chunk.lines:
                self._count(self.document.add_paragraph(line), 90)
        elif chunk.kind == "table":
            self._table(chunk)

    def _count(self, paragraph: object, letters: int) -> None:
        if self._letters + letters > _PAGE_LETTERS and self._letters:
            runs = paragraph.runs  # type: ignore[attr-defined]
            if runs:
                runs[0]._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
                self._letters = 0
        self._letters += letters

    def _table(self, chunk: Chunk) -> None:
        table = self.document.add_table(rows=0, cols=len(chunk.header))
        table.style = "Table Grid"
        for number, texts in enumerate([chunk.header, *(unit.cells for unit in chunk.units)]):
            cells = table.add_row().cells
            for cell, text in zip(cells, texts, strict=True):
                run = cell.paragraphs[0].add_run(text)
                run.bold = number == 0 or None
                run.font.size = Pt(9 if len(texts) < 7 else 7.5)
            filled = next((cell for cell, text in zip(cells, texts, strict=True) if text), cells[0])
            self._count(filled.paragraphs[0], max(sum(map(len, texts)), max(map(len, texts)) * 2) + 40)
        self.document.add_paragraph()


def write_word(source: Source, path: Path) -> None:
    """Render a source as Word."""
    form = _Form(source)
    for chunk in source.chunks:
        if chunk.kind == "break":
            form.page_break()
        else:
            form.add(chunk)
    buffer = io.BytesIO()
    form.document.save(buffer)
    _settle(buffer.getvalue(), path)


def _set(cell: Cell, text: str) -> None:
    """Store numbers, shares and dates as such, so that the reader shows them as they were written."""
    if re.fullmatch(r"0|[1-9]\d{0,3}", text):
        cell.value = int(text)
    elif re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text):
        cell.value, cell.number_format = int(text.replace(".", "")), "#,##0"
    elif re.fullmatch(r"\d{1,3}%", text):
        cell.value, cell.number_format = int(text[:-1]) / 100, "0%"
    elif re.fullmatch(r"\d\d-\d\d-\d{4}", text):
        cell.value = datetime.datetime.strptime(text, "%d-%m-%Y")
        cell.number_format = "DD-MM-YYYY"
    else:
        cell.value = text
        cell.data_type = "s"


def write_excel(source: Source, path: Path) -> None:
    """Render a source as Excel: a sheet per heading of the first level."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator = source.head["organisation"]
    book.properties.created = _MOMENT
    sheet = None
    row = 0
    for chunk in source.chunks:
        if chunk.kind == "heading" and chunk.units[0].level == 1:
            name = re.sub(r"[\\/*?:\[\]]", " ", chunk.units[0].text)[:31]
            sheet = book.create_sheet(name)
            row = 1
            cell = sheet.cell(row, 1)
            _set(cell, chunk.units[0].text)
            cell.font = Font(bold=True, size=14, color="154273")
            row += 1
            continue
        assert sheet is not None
        if chunk.kind == "table":
            row += 1
            for number, texts in enumerate([chunk.header, *(unit.cells for unit in chunk.units)]):
                for column, text in enumerate(texts, start=1):
                    cell = sheet.cell(row, column)
                    if text:
                        _set(cell, text)
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                    if number == 0:
                        cell.font = Font(bold=True, color="FFFFFF")
                        cell.fill = PatternFill("solid", fgColor="154273")
                row += 1
            for column in range(1, len(chunk.header) + 1):
                column_texts = [chunk.header[column - 1], *(unit.cells[column - 1] for unit in chunk.units)]
                letter = get_column_letter(column)
                width = min(max(8.0, 1.1 * max(map(len, column_texts)) + 2), 38)
                sheet.column_dimensions[letter].width = max(width, sheet.column_dimensions[letter].width or 0)
            row += 1
        elif chunk.kind != "break":
            if chunk.kind == "heading" and row > 2:
                row += 1
            for unit in chunk.units:
                cell = sheet.cell(row, 1)
                _set(cell, unit.text)
                if chunk.kind == "heading":
                    cell.font = Font(bold=True)
                row += 1
    buffer = io.BytesIO()
    book.save(buffer)
    _settle(buffer.getvalue(), path)
