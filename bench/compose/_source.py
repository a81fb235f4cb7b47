"""The format of a source: a head with its metadata, then one unit per line with its labels in braces."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

_KEYS = (
    "id",
    "file",
    "layout",
    "organisation",
    "organisation_type",
    "kind",
    "year",
    "reporting_year",
    "date",
    "represents",
    "running_head",
)
_OPTIONAL = {"reporting_year", "date", "represents", "running_head"}
LAYOUTS = {".pdf": {"single", "two_columns", "landscape"}, ".docx": {"format"}, ".xlsx": {"calendar"}}
_LABEL = re.compile(r"^[a-z_]+:[a-z0-9_]+(?:/[a-z_]+)?$")
_TAIL = re.compile(r"\s*\{([^{}]*)\}\s*$")
_RULE = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+$")

UnitKind = Literal["heading", "sentence", "bullet", "row"]


class SourceFault(Exception):
    """A source that does not follow the format; names file and line."""


@dataclass(frozen=True)
class Unit:
    """One line of the source that gets a gold row."""

    line: int
    kind: UnitKind
    text: str
    labels: tuple[str, ...] = ()
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass
class Chunk:
    """Units that stand together: a heading, a paragraph, a list, a table, contents lines or a page break."""

    kind: Literal["heading", "paragraph", "list", "table", "contents", "break"]
    units: list[Unit] = field(default_factory=list)
    header: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    """Contents lines as written."""


@dataclass
class Source:
    """A made-up document."""

    path: Path
    head: dict[str, str]
    chunks: list[Chunk]

    @property
    def id(self) -> str:
        """Id of the document."""
        return self.head["id"]

    @property
    def file(self) -> str:
        """Name of the file below `corpus/`."""
        return self.head["file"]

    @property
    def units(self) -> list[Unit]:
        """All units in order."""
        return [unit for chunk in self.chunks for unit in chunk.units]

    def segments(self) -> list[list[Chunk]]:
        """Chunks between page breaks."""
        parts: list[list[Chunk]] = [[]]
        for chunk in self.chunks:
            if chunk.kind == "break":
                parts.append([])
            else:
                parts[-1].append(chunk)
        return [part for part in parts if part]


def read_source(path: Path) -> Source:
    """Read a source.

    Raises
    ------
    SourceFault
        The head or a line does not follow the format.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != "---":
        raise SourceFault(f"{path.name}, line 1: a source starts with ---")
    try:
        end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    except StopIteration:
        raise SourceFault(f"{path.name}: the head does not end with ---") from None
    head = _head(path, lines[1:end])
    chunks = _Body(path).read(lines[end + 1 :], end + 2)
    if not any(chunk.units for chunk in chunks):
        raise SourceFault(f"{path.name}: there is nothing below the head")
    if head["file"].endswith(".xlsx") and (chunks[0].kind != "heading" or chunks[0].units[0].level != 1):
        raise SourceFault(f"{path.name}, line {end + 2}: a workbook starts with `# ` and the name of a sheet")
    return Source(path, head, chunks)


def _head(path: Path, lines: list[str]) -> dict[str, str]:
    head: dict[str, str] = {}
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        key = key.strip()
        if not colon or key not in _KEYS:
            raise SourceFault(f"{path.name}, line {number}: not a key of the head: {line.strip()[:60]!r}")
        head[key] = re.sub(r"\s+#\s.*$", "", value).strip()
    missing = [key for key in _KEYS if key not in _OPTIONAL and not head.get(key)]
    if missing:
        raise SourceFault(f"{path.name}: the head misses {', '.join(missing)}")
    allowed = LAYOUTS.get(Path(head["file"]).suffix)
    if allowed is None:
        raise SourceFault(f"{path.name}: file {head['file']!r} is not .pdf, .docx or .xlsx")
    if head["layout"] not in allowed:
        raise SourceFault(
            f"{path.name}: layout {head['layout']!r} does not go with {head['file']!r}; "
            f"choose from {', '.join(sorted(allowed))}"
        )
    return head


class _Body:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._chunks: list[Chunk] = []
        self._open: Chunk | None = None

    def _fault(self, number: int, message: str) -> SourceFault:
        return SourceFault(f"{self._path.name}, line {number}: {message}")

    def _chunk(self, kind: Literal["paragraph", "list", "table", "contents"]) -> Chunk:
        if self._open is None or self._open.kind != kind:
            self._open = Chunk(kind)
            self._chunks.append(self._open)
        return self._open

    def read(self, lines: list[str], first: int) -> list[Chunk]:
        for number, raw in enumerate(lines, start=first):
            line = raw.strip()
            if not line:
                self._close(number)
            elif line == "===":
                self._close(number)
                self._chunks.append(Chunk("break"))
            else:
                self._line(number, line)
        self._close(first + len(lines))
        return self._chunks

    def _close(self, number: int) -> None:
        if self._open is not None and self._open.kind == "table" and not self._open.units:
            raise self._fault(number, "a table without rows")
        self._open = None

    def _line(self, number: int, line: str) -> None:
        tail = _TAIL.search(line)
        labels = tuple(tail[1].split()) if tail else ()
        text = line[: tail.start()] if tail else line
        for label in labels:
            if not _LABEL.match(label):
                raise self._fault(number, f"{label!r} is not family:label or family:label/role")
        if "{" in text or "}" in text:
            raise self._fault(number, "braces stand only around the labels, at the end of the line")
        if text.startswith("|"):
            self._row(number, text, labels)
            return
        if "|" in text:
            raise self._fault(number, "a bar outside a table")
        if self._open is not None and self._open.kind == "table":
            self._close(number)
        heading = re.match(r"^(#{1,3})\s+(.+)$", text)
        if heading:
            self._close(number)
            unit = Unit(number, "heading", heading[2].strip(), labels, level=len(heading[1]))
            self._chunks.append(Chunk("heading", [unit]))
        elif text.startswith(".. "):
            self._chunk("contents").lines.append(text[3:].strip())
        elif text.startswith("- "):
            self._chunk("list").units.append(Unit(number, "bullet", text[2:].strip(), labels))
        elif text.startswith("#"):
            raise self._fault(number, "a heading is one to three # and a space")
        else:
            self._chunk("paragraph").units.append(Unit(number, "sentence", text, labels))

    def _row(self, number: int, text: str, labels: tuple[str, ...]) -> None:
        if not text.endswith("|"):
            raise self._fault(number, "a table row ends with a bar before its labels")
        chunk = self._chunk("table")
        if _RULE.match(text):
            if not chunk.header or chunk.units:
                raise self._fault(number, "the line | --- | comes right after the header row")
            chunk.lines.append(text)
            return
        cells = tuple(cell.strip() for cell in text[1:-1].split("|"))
        if not chunk.header:
            chunk.header = cells
            return
        if not chunk.lines:
            raise self._fault(number, "the header row is not followed by | --- |")
        if len(cells) != len(chunk.header):
            raise self._fault(number, f"{len(cells)} cells below a header of {len(chunk.header)}")
        chunk.units.append(Unit(number, "row", " | ".join(cells), labels, cells=cells))
