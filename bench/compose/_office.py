"""A source as a Word form or as an Excel workbook; equal sources give equal bytes."""

import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import openpyxl
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from bench.compose._pdf import header_rows
from bench.compose._source import LIGHTS, Chunk, Source, Unit

_MOMENT = datetime.datetime(2024, 1, 1, 9, 0)
_STAMP = "2024-01-01T09:00:00Z"
_LIGHTS = dict(zip(LIGHTS, ("92D050", "FFC000", "FF0000"), strict=True))
_CHANGE = re.compile(r"\[\+(.*?)\+\]|\[-(.*?)-\]")
_PAGE_LETTERS = 2600


def _settle(data: bytes, path: Path) -> None:
    """Write a zip again with fixed dates."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + _STAMP.encode(), content)
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
        self._changes = 0

    def page_break(self) -> None:
        self.document.add_page_break()  # type: ignore[no-untyped-call]
        self._letters = 0

    def add(self, chunk: Chunk) -> None:
        if chunk.kind == "heading":
            [unit] = chunk.units
            self._count(self.document.add_heading(unit.text, unit.level), 160)
        elif chunk.kind == "paragraph":
            paragraph = self.document.add_paragraph()
            for number, unit in enumerate(chunk.units):
                self._write(paragraph, unit, " " if number else "")
            self._count(paragraph, sum(len(unit.text) for unit in chunk.units) + 60)
        elif chunk.kind == "list":
            for unit in chunk.units:
                paragraph = self.document.add_paragraph(style="List Bullet")
                self._write(paragraph, unit, "")
                self._count(paragraph, len(unit.text) + 40)
        elif chunk.kind == "contents":
            for line in chunk.lines:
                self._count(self.document.add_paragraph(line), 90)
        elif chunk.kind == "box":
            self._box(chunk.units)
        elif chunk.kind == "footnote":
            for unit in chunk.units:
                paragraph = self.document.add_paragraph()
                self._write(paragraph, unit, "")
                for run in paragraph.runs:
                    run.font.size = Pt(7.5)
                self._count(paragraph, len(unit.text))
        elif chunk.kind == "table":
            self._table(chunk)

    def _write(self, paragraph: Any, unit: Unit, before: str) -> None:
        """Add a unit to a paragraph, with its tracked changes and its remark."""
        if before:
            paragraph.add_run(before)
        first = len(paragraph.runs)
        at = 0
        text = unit.draft or unit.text
        for change in _CHANGE.finditer(text) if unit.draft else ():
            paragraph.add_run(text[at : change.start()])
            self._track(paragraph, "ins" if change[1] is not None else "del", change[1] or change[2] or "")
            at = change.end()
        paragraph.add_run(text[at:])
        if unit.comment:
            runs = [run for run in paragraph.runs[first:] if run.text]
            comment = self.document.add_comment(runs, text=unit.comment, author="Redactie", initials="R")
            comment._comment_elm.set(qn("w:date"), _STAMP)

    def _track(self, paragraph: Any, kind: str, text: str) -> None:
        self._changes += 1
        letters = "delText" if kind == "del" else "t"
        paragraph._p.append(
            parse_xml(
                f'<w:{kind} {nsdecls("w")} w:id="{9000 + self._changes}" w:author="Redactie" w:date="{_STAMP}">'
                f'<w:r><w:{letters} xml:space="preserve">{escape(text)}</w:{letters}></w:r></w:{kind}>'
            )
        )

    def _box(self, units: list[Unit]) -> None:
        """A text box as Word draws it, anchored in a paragraph of its own."""
        lines = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(unit.text)}</w:t></w:r></w:p>' for unit in units)
        paragraph = self.document.add_paragraph()
        paragraph.add_run()._r.append(
            parse_xml(
                f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml">'
                '<v:shape style="width:220pt;height:90pt" fillcolor="#dbe5f1"><v:textbox>'
                f"<w:txbxContent>{lines}</w:txbxContent></v:textbox></v:shape></w:pict>"
            )
        )
        self._count(paragraph, sum(len(unit.text) for unit in units) + 120)

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
        groups, spans, names = header_rows(chunk.header)
        tops = [groups, names] if any(groups) else [names]
        for number, texts in enumerate([*tops, *(unit.cells for unit in chunk.units)]):
            cells = table.add_row().cells
            for cell, text in zip(cells, texts, strict=True):
                if text in _LIGHTS:
                    colour = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_LIGHTS[text]}"/>'
                    cell._tc.get_or_add_tcPr().append(parse_xml(colour))
                    continue
                run = cell.paragraphs[0].add_run(text)
                run.bold = number < len(tops) or None
                run.font.size = Pt(9 if len(texts) < 7 else 7.5)
            if number == 0 and len(tops) > 1:
                for first, last in spans:
                    cells[first].merge(cells[last])
                    for spare in cells[first].paragraphs[1:]:
                        spare._p.getparent().remove(spare._p)
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


def _write_table(sheet: Any, chunk: Chunk, row: int) -> int:
    """Write a table from a row on, its groups of columns as merged cells; gives the row below it."""
    groups, spans, names = header_rows(chunk.header)
    tops = [groups, names] if any(groups) else [names]
    top = row
    for number, texts in enumerate([*tops, *(unit.cells for unit in chunk.units)]):
        total = number >= len(tops) and any(text.lower().startswith("totaal") for text in texts[:2])
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            if text in _LIGHTS:
                cell.fill = PatternFill("solid", fgColor=_LIGHTS[text])
            elif text:
                _set(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number < len(tops):
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = PatternFill("solid", fgColor="154273")
            elif total:
                cell.font = Font(bold=True)
        row += 1
    for first, last in spans if len(tops) > 1 else ():
        sheet.merge_cells(start_row=top, end_row=top, start_column=first + 1, end_column=last + 1)
    for column in range(1, len(chunk.header) + 1):
        texts = [names[column - 1], *(unit.cells[column - 1] for unit in chunk.units)]
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = max(min(max(8.0, 1.1 * max(map(len, texts)) + 2), 38), dimension.width or 0)
        dimension.hidden = dimension.hidden or column - 1 in chunk.hidden
    for number, texts in enumerate([names, *(unit.cells for unit in chunk.units)], start=row - len(chunk.units) - 1):
        widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(texts) + 1)]
        lines = max(-(-len(text) // int(width)) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[number].height = 15.0 * max(lines, 1)
    return row


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
            sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            row = 1
            cell = sheet.cell(row, 1)
            _set(cell, chunk.units[0].text)
            cell.font = Font(bold=True, size=14, color="154273")
            row += 1
            continue
        assert sheet is not None
        if chunk.kind == "table":
            row = _write_table(sheet, chunk, row + 1) + 1
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
