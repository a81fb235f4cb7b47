"""Excel workbooks by openpyxl: one page per visible sheet, values as a reader sees them."""

import datetime
import io
import math
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.styles.colors import COLOR_INDEX

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Page
from mvoi_nlp.text._blocks import Clock, Draft, clean, hex_colour, hidden_note, plain_pages, table_drafts, with_colours

_MAX_ROWS = 200_000
_MAX_MERGED = 1_000_000
_MAX_COLUMNS = 16_384  # of a sheet
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


@dataclass
class Row:
    """A row of a sheet that holds something."""

    number: int
    cells: dict[int, str]
    bold: bool


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_merges(data: bytes, name: str) -> None:
    """Refuse merged ranges so large that writing them out would never end."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            if not re.match(r"/?xl/worksheets/[^/]+\.xml$", member):
                continue
            total = 0
            for left, top, right, bottom in _MERGE.findall(archive.read(member)):
                total += (abs(int(bottom) - int(top)) + 1) * (abs(_column(right) - _column(left)) + 1)
            if total > _MAX_MERGED:
                raise TextError(
                    f"{name}: {member} has merged ranges of {total} cells",
                    hint="undo the merged cells over whole columns or rows and save the workbook again",
                )


def shown(value: object, number_format: str) -> str:  # noqa: PLR0911 - one per type
    """Value of a cell as a Dutch reader sees it: 14-05-2024, 35%, 1.234,5."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, datetime.datetime):
        day = value.strftime("%d-%m-%Y")
        return day if value.time() == datetime.time() else f"{day} {value:%H:%M}"
    if isinstance(value, datetime.date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, (int, float)):
        return _number(value, number_format or "General")
    return clean(str(value))


def _number(value: float, number_format: str) -> str:
    if not math.isfinite(value):
        return str(value)
    pattern = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", number_format.split(";", maxsplit=1)[0])
    decimals = re.search(r"0\.(0+)", pattern)
    places = len(decimals[1]) if decimals else None
    if "%" in pattern:
        return f"{_dutch(value * 100, places or 0, grouped=False)}%"
    if places is None and "0" in pattern and "General" not in pattern and "E" not in pattern:
        places = 0
    text = _dutch(value, places, grouped="#,##0" in pattern)
    return f"€ {text}" if "€" in number_format or "EUR" in number_format.upper() else text


def _dutch(value: float, places: int | None, *, grouped: bool) -> str:
    if places is None:
        rounded = round(value, 9) if abs(value) < 1e15 else value
        text = str(int(rounded)) if float(rounded).is_integer() and abs(rounded) < 1e15 else repr(rounded)
    else:
        text = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def _hidden(sheet: Any) -> tuple[list[int], list[int]]:
    """Numbers of the rows and columns that a reader does not see, those that a filter hides included."""
    rows = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden)
    columns = {
        number
        for column in sheet.column_dimensions.values()
        if column.hidden
        for number in range(column.min or 1, min(column.max or 1, _MAX_COLUMNS) + 1)
    }
    return rows, sorted(columns)


def _left_out(sheet: Any, hidden_rows: Sequence[int], hidden_columns: Sequence[int]) -> str:
    """What of a sheet is hidden and holds something, in words."""
    filled = [place for place, cell in sheet._cells.items() if cell.value is not None]
    rows = {row for row, _ in filled}.intersection(hidden_rows)
    return hidden_note(len(rows), len({column for _, column in filled}.intersection(hidden_columns)))


def _rows(sheet: Any, hidden_rows: Sequence[int], hidden_columns: Sequence[int]) -> Iterator[Row]:
    """Visible rows that hold something, from the cells that exist: a sheet may claim any size."""
    unseen, beside = set(hidden_rows), set(hidden_columns)
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row + 1, area.max_row + 1):
            merged[row, area.min_col] = (area.min_row, area.min_col)
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value is not None:
            rows.setdefault(row, {})[column] = cell
    for (row, column), source in merged.items():
        cell = sheet._cells.get(source)
        if cell is not None and cell.value is not None and row in rows:  # only beside cells of its own
            rows[row].setdefault(column, cell)
    reach = max((column for row in rows.values() for column in row), default=0)
    colours: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet._cells.items():
        if row in rows and column <= reach and (colour := _colour(cell)):
            colours.setdefault(row, {})[column] = colour
    for number in sorted(rows.keys() - unseen):
        cells = {c: shown(cell.value, cell.number_format) for c, cell in sorted(rows[number].items())}
        if number in colours:
            places = sorted(cells | colours[number])
            texts = with_colours([cells.get(c, "") for c in places], [colours[number].get(c, "") for c in places])
            cells = dict(zip(places, texts, strict=True))
        cells = {c - bisect_left(hidden_columns, c): text for c, text in cells.items() if c not in beside}
        cells = {column: text for column, text in cells.items() if text}
        if cells:
            bold = all(bool(cell.font and cell.font.b) for cell in rows[number].values())
            yield Row(number - bisect_left(hidden_rows, number), cells, bold)  # what is hidden leaves no gap


def _colour(cell: Any) -> str:
    """Word for the colour of a cell; colours of a theme are not known by value."""
    if not cell.has_style or cell.fill.patternType != "solid":
        return ""
    colour = cell.fill.fgColor
    if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
        return hex_colour(COLOR_INDEX[colour.indexed])
    return hex_colour(colour.rgb) if colour.type == "rgb" and isinstance(colour.rgb, str) else ""


class Sheet:
    """Turns the rows of one sheet into headings, paragraphs and tables."""

    def __init__(self, page: int, first_table: int) -> None:
        self.drafts: list[Draft] = []
        self.tables = first_table
        self._page = page
        self._table: list[Row] = []
        self._above: tuple[int, list[str]] | None = None
        """First column and headers of a table that a line of text interrupts."""

    def _flush(self, *, interrupted: bool) -> None:
        if not self._table:
            if not interrupted:
                self._above = None
            return
        goes_on = self._above is not None
        first = self._above[0] if self._above else min(min(row.cells) for row in self._table)
        last = max(max(row.cells) for row in self._table)
        rows = [[row.cells.get(column, "") for column in range(first, last + 1)] for row in self._table]
        headers = self._above[1] if self._above else None
        number = self.tables - 1 if goes_on else self.tables
        drafts = table_drafts(rows, self._page, number, headers=headers)
        self.drafts += drafts
        self.tables += not goes_on
        if not interrupted:
            self._above = None
        elif self._above is None and self._table[0].bold:
            self._above = (first, [cell.text for cell in drafts[0].cells])
        self._table = []

    def read(self, rows: Iterable[Row]) -> None:
        """Read the rows from top to bottom."""
        previous = 0
        for row in rows:
            gap = row.number > previous + 1
            if len(row.cells) == 1:
                self._flush(interrupted=not gap)
                [text] = row.cells.values()
                heading = row.bold or not self.drafts
                self.drafts.append(
                    Draft(page=self._page, kind="heading", text=text, level=2 if self.drafts else 1)
                    if heading
                    else Draft(page=self._page, kind="paragraph", text=text)
                )
            else:
                starts = gap and self._table and (row.bold or not self._table[0].bold)
                other = self._above is not None and (row.bold or gap or min(row.cells) < self._above[0])
                if starts or (other and not self._table):
                    self._flush(interrupted=False)
                self._table.append(row)
            previous = row.number
        self._flush(interrupted=False)


def read_excel(
    data: bytes, name: str, document: str, max_pages: int, clock: Clock
) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read a workbook; hidden sheets, rows and columns are left out, and the note of the last page says so."""
    _check_merges(data, name)
    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    drafts: list[Draft] = []
    names: list[str] = []
    notes: list[str] = []
    hidden: list[str] = []
    parts: list[str] = []
    tables = left_out = 0
    for sheet in workbook.worksheets:
        clock.check(f"sheet {sheet.title}")
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        if len(names) == max_pages:
            left_out += 1
            continue
        names.append(sheet.title)
        reader = Sheet(len(names), tables)
        hidden_parts = _hidden(sheet)
        rows = _rows(sheet, *hidden_parts)
        reader.read(row for number, row in enumerate(rows) if number < _MAX_ROWS)
        tables = reader.tables
        drafts += reader.drafts
        if said := _left_out(sheet, *hidden_parts):
            parts.append(f"{sheet.title} ({said})")
        if len({row for row, _ in sheet._cells}) > _MAX_ROWS:
            notes.append(f"blad {sheet.title}: alleen de eerste {_MAX_ROWS} rijen gelezen")
    if hidden:
        notes.append("verborgen bladen overgeslagen: " + ", ".join(hidden))
    if parts:
        notes.append("verborgen delen overgeslagen: " + ", ".join(parts))
    if left_out:
        notes.append(f"{left_out} blad(en) niet gelezen: meer dan {max_pages}")
    return plain_pages(document, drafts, len(names), names, "; ".join(notes)), drafts
