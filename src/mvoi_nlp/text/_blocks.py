"""What all readers share: drafts of blocks, clean text, table rows and the offsets."""

import colorsys
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lxml import etree

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Block, BlockLine, Box, Page, TableCell

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "running_head", "contents", "footnote"]

REPRINT = "open it and print it to PDF again; when that fails too, ask for a new copy"
BULLETS = "•‣▪▫◦●○■□◆◇►▶➢➤✓✔❖⁃∙·"
BULLET_START = re.compile(rf"^(?:[{BULLETS}\ue000-\uf8ff]\s*|[-–—*o§]\s+)(?=\S)")
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|_{6,}")

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | {"\xad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": ""}
)
_WORD = re.compile(r"\w")
_HEX = re.compile(r"(?:#|[0-9A-Fa-f]{2})?([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_HUES = ((16, "rood"), (50, "oranje"), (68, "geel"), (165, "groen"), (335, ""), (360, "rood"))
"""Where a hue ends on the circle of colours, in degrees, and the word for it."""
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Reading:
    """What could be read of one document.

    Its text is the texts of `blocks` joined by one line break; `Block.start` and `Block.end` count in it.
    """

    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]


@dataclass
class Cell:
    """A cell of a table row that is being made."""

    text: str
    column: int
    header: str = ""


@dataclass
class Draft:
    """A block without its number and offsets."""

    page: int
    kind: BlockKind
    text: str
    level: int = 0
    box: Box | None = None
    table: int | None = None
    cells: list[Cell] = field(default_factory=list)
    lines: list[tuple[int, int, Box]] = field(default_factory=list)
    """First character, page and box of every printed line."""


def protected_pdf(name: str) -> TextError:
    """What every engine says of a PDF that asks for a password."""
    return TextError(f"{name}: the PDF is protected with a password", hint="save a copy without the password")


def broken_page(name: str, number: int, error: Exception) -> TextError:
    """What every engine says of a page of a PDF on which it stops."""
    return TextError(
        f"{name}, page {number}: cannot be read ({type(error).__name__}: {str(error)[:200]})", hint=REPRINT
    )


class Clock:
    """The time that one file may take."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Share of the time that is left, 0 to 1."""
        return max(self._end - time.monotonic(), 0) / max(self._seconds, 1e-9)

    def check(self, where: str = "") -> None:
        """Raise TextError when the time is over."""
        if time.monotonic() > self._end:
            at = f" ({where})" if where else ""
            raise TextError(
                f"{self._name}: reading took longer than {self._seconds} seconds{at}",
                hint="raise text.max_seconds in params.yaml, or save the document again in a simpler form",
            )


def clean(text: str) -> str:
    """One line of text: white space collapsed, ligatures and accents composed, invisible characters left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    return " ".join(_UNWANTED.sub("", text).split())


def has_leaders(text: str) -> bool:
    """Whether dots lead to a page number, or to a place to fill in."""
    return (".." in text or ". ." in text or "…" in text or "__" in text) and _LEADERS.search(text) is not None


def colour_word(red: float, green: float, blue: float) -> str:
    """What a coloured cell says: groen, geel, oranje, rood or grijs; nothing for white, black and other colours.

    Parameters
    ----------
    red, green, blue
        From 0 to 1.
    """
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.08:
        return "grijs" if 0.4 < value < 0.9 else ""
    if saturation < 0.15 or value < 0.4:  # a tint behind text, or as good as black
        return ""
    degrees = 360 * hue
    return next((word for end, word in _HUES if degrees <= end), "")


def hex_colour(text: str) -> str:
    """Word for a colour as Office files write it: 92D050, #92d050 or FF92D050."""
    found = _HEX.fullmatch(text)
    return colour_word(*(int(part, 16) / 255 for part in found.groups())) if found else ""


def with_colours(cells: Sequence[str], colours: Sequence[str]) -> list[str]:
    """Cells of a row, with the word for its colour in every cell without words.

    A colour that lies behind half of the words of the row is a stripe or a head, and says nothing.

    Parameters
    ----------
    cells
        Their texts.
    colours
        Their words, from `colour_word`.
    """
    worded = [_WORD.search(cell) is not None for cell in cells]
    behind = [colour for colour, has_words in zip(colours, worded, strict=True) if has_words]
    if not behind or not any(colours):
        return list(cells)
    return [
        cell if has_words or 2 * behind.count(colour) >= len(behind) else f"{cell} {colour}".strip()
        for cell, colour, has_words in zip(cells, colours, worded, strict=True)
    ]


def hidden_note(rows: int, columns: int) -> str:
    """What of a table is hidden and holds something: `2 rijen, 1 kolom`; empty when nothing is."""
    said = [f"{rows} rij{'en' * (rows > 1)}"] * bool(rows)
    return ", ".join(said + [f"{columns} kolom{'men' * (columns > 1)}"] * bool(columns))


def parse_xml(data: bytes) -> Any:
    """Root of an XML part; entities stay closed and nothing is fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def row_text(cells: Sequence[str]) -> str:
    """Text of a table row: its cells joined by bars, empty ones included so that columns line up."""
    return " | ".join(cells)


def table_drafts(
    rows: Sequence[Sequence[str]], page: int, table: int, *, headers: Sequence[str] | None = None
) -> list[Draft]:
    """Drafts of the rows of one table.

    The header is the first row with two filled cells; it is a row itself, and the rows below it name it in their
    cells. With `headers` given (a table that goes on over a page break) no row is taken for one.
    """
    drafts: list[Draft] = []
    names: list[str] | None = list(headers) if headers is not None else None
    for row in rows:
        cells = [clean(cell) for cell in row]
        if not any(cells):
            continue
        is_header = names is None and (sum(map(bool, cells)) > 1 or len(cells) == 1)
        repeated = names is not None and cells == names
        known = [] if names is None or is_header or repeated else names
        drafts.append(
            Draft(
                page=page,
                kind="table_row",
                text=row_text(cells),
                table=table,
                cells=[Cell(cell, n, known[n] if n < len(known) else "") for n, cell in enumerate(cells)],
            )
        )
        if is_header:
            names = cells
    return drafts


def number_blocks(document: str, drafts: Sequence[Draft]) -> tuple[Block, ...]:
    """Give the drafts their numbers and their offsets in the text of the document."""
    blocks: list[Block] = []
    start = 0
    for draft in drafts:
        if not draft.text:
            continue
        cells: list[TableCell] = []
        at = 0
        for cell in draft.cells:
            cells.append(TableCell(start=at, end=at + len(cell.text), column=cell.column, header=cell.header))
            at += len(cell.text) + len(" | ")
        end = start + len(draft.text)
        blocks.append(
            Block(
                document=document,
                page=draft.page,
                number=len(blocks),
                kind=draft.kind,
                level=draft.level,
                text=draft.text,
                start=start,
                end=end,
                box=draft.box,
                table=draft.table,
                cells=tuple(cells),
                lines=tuple(BlockLine(start=at, page=page, box=box) for at, page, box in draft.lines),
            )
        )
        start = end + 1
    return tuple(blocks)


def count_characters(drafts: Sequence[Draft]) -> dict[int, int]:
    """Characters per page number."""
    counts: dict[int, int] = {}
    for draft in drafts:
        counts[draft.page] = counts.get(draft.page, 0) + len(draft.text)
    return counts


def plain_pages(
    document: str, drafts: Sequence[Draft], last: int, names: Sequence[str] = (), note: str = ""
) -> tuple[Page, ...]:
    """Pages 1 to `last` of a format whose pages have no size; `note` is of the last one."""
    counts = count_characters(drafts)
    return tuple(
        Page(
            document=document,
            number=number,
            name=names[number - 1] if number <= len(names) else "",
            width=0,
            height=0,
            characters=counts.get(number, 0),
            status="gelezen" if counts.get(number) else "leeg",
            note=note if number == last else "",
        )
        for number in range(1, last + 1)
    )
