"""The format of a source: a head with its metadata, then one unit per line with its labels in braces.

`bench/README.md` describes it for people who write one.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mvoi_nlp.annotations import label_fault
from mvoi_nlp.records import Goal
from mvoi_nlp.scheme import Scheme, load_scheme

_KEYS = (
    "id",
    "file",
    "layout",
    "voice",
    "organisation",
    "organisation_type",
    "kind",
    "year",
    "reporting_year",
    "date",
    "represents",
    "format_use",
    "tenders",
    "running_head",
)
_OPTIONAL = {"reporting_year", "date", "represents", "running_head", "tenders"}
LIGHTS = ("[groen]", "[oranje]", "[rood]")
"""Cells that show a colour and no text."""
FORMAT_USE = ("none", "partly", "full", "numbers_only")
LAYOUTS = {
    ".pdf": {"single", "two_columns", "side_boxes", "letter", "accounts", "landscape", "scan", "poor_scan"},
    ".docx": {"format"},
    ".xlsx": {"calendar"},
}
_LABEL = re.compile(r"^[a-z_]+:[a-z0-9_]+(?:/[a-z_]+)?$")
_GOAL = re.compile(r"^goal:([a-z_]+)\[([^\[\]]*)\]$")
_FIELD = re.compile(r"^([a-z]+)(>=|<=|=)(.+)$")
_TAIL = re.compile(r"\s*\{([^{}]*)\}\s*$")
_RULE = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+$")
_INSERTED, _DELETED = re.compile(r"\[\+(.*?)\+\]"), re.compile(r"\[-(.*?)-\] ?")
_TENDERS = re.compile(r"^\d+ (?:aanbestedingen|percelen)$")

UnitKind = Literal["heading", "sentence", "bullet", "row", "box", "footnote"]
ChunkKind = Literal["heading", "paragraph", "list", "table", "box", "footnote", "contents", "break"]


class SourceFault(Exception):
    """A source that does not follow the format; names file and line."""


@dataclass(frozen=True)
class Unit:
    """One line of the source that gets a gold row."""

    line: int
    kind: UnitKind
    text: str
    """As a reader sees it: with what was inserted, without what was deleted."""
    labels: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    level: int = 0
    cells: tuple[str, ...] = ()
    draft: str = ""
    """With its tracked changes, `[-gone-]` and `[+new+]`; empty when there are none."""
    comment: str = ""
    """A remark in the margin, which is not text of the document."""
    passage: str = ""
    """Name of the shared passage that it comes from."""


@dataclass
class Chunk:
    """Units that stand together: a heading, a paragraph, a list, a table, a box, contents lines or a page break."""

    kind: ChunkKind
    units: list[Unit] = field(default_factory=list)
    header: tuple[str, ...] = ()
    """Column names; `Group > Name` stands below a merged cell, `~Name` in a hidden column."""
    lines: list[str] = field(default_factory=list)
    """Contents lines as written."""

    @property
    def hidden(self) -> set[int]:
        """Columns that a workbook hides."""
        return {n for n, title in enumerate(self.header) if title.startswith("~")}


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


@cache
def codebook() -> Scheme:
    """The scheme of this project, against which labels are checked."""
    return load_scheme(Path(__file__).resolve().parents[2] / "scheme")


def read_source(path: Path, passages: Path | None = None) -> Source:
    """Read a source.

    Parameters
    ----------
    path
        The source.
    passages
        Folder with shared passages, `<name>.txt`; by default `passages/` beside the source.

    Raises
    ------
    SourceFault
        The head or a line does not follow the format, or a label is not in the codebook.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != "---":
        raise SourceFault(f"{path.name}, line 1: a source starts with ---")
    try:
        end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    except StopIteration:
        raise SourceFault(f"{path.name}: the head does not end with ---") from None
    head = _head(path, lines[1:end])
    chunks = _Body(path, passages or path.parent / "passages").read(lines[end + 1 :], end + 2)
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
    if head["format_use"] not in FORMAT_USE:
        raise SourceFault(f"{path.name}: format_use is one of {', '.join(FORMAT_USE)}")
    if head.get("tenders") and not _TENDERS.match(head["tenders"]):
        raise SourceFault(f"{path.name}: tenders reads as '42 aanbestedingen' or '42 percelen'")
    return head


def _read_goal(text: str) -> Goal | str:
    """A goal record, or what is wrong with it."""
    found = _GOAL.match(text)
    if not found:
        return f"{text!r} is not goal:status[field=value;…]"
    values: dict[str, object] = {"status": found[1]}
    for part in filter(None, found[2].split(";")):
        pair = _FIELD.match(part)
        if not pair:
            return f"{part!r} is not field=value"
        key, sign, value = pair.groups()
        if key == "target":
            values["comparator"] = sign
        elif sign != "=":
            return f"{part!r}: only a target takes {sign}"
        if key == "theme":
            values["themes"] = tuple(value.split("+"))
        elif key == "unit":
            values["unit"] = value
        else:
            values[key] = value
    try:
        goal = Goal.model_validate(values)
    except ValidationError as error:
        return f"{text!r}: {error.errors()[0]['loc'][0]} does not fit"
    unknown = [theme for theme in goal.themes if f"theme:{theme}" not in codebook().by_id]
    return f"theme {unknown[0]!r} is not in the scheme" if unknown else goal


class _Body:
    def __init__(self, path: Path, passages: Path) -> None:
        self._path = path
        self._passages = passages
        self._passage = ""
        self._chunks: list[Chunk] = []
        self._open: Chunk | None = None

    def _fault(self, number: int, message: str) -> SourceFault:
        return SourceFault(f"{self._path.name}, line {number}: {message}")

    def _chunk(self, kind: ChunkKind) -> Chunk:
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
            elif line.startswith("<< "):
                self._include(number, line[3:].strip())
            elif line.startswith("!! "):
                self._comment(number, line[3:].strip())
            else:
                self._line(number, line)
        self._close(first + len(lines))
        return self._chunks

    def _close(self, number: int) -> None:
        if self._open is not None and self._open.kind == "table" and not self._open.units:
            raise self._fault(number, "a table without rows")
        self._open = None

    def _include(self, number: int, name: str) -> None:
        path = self._passages / f"{name}.txt"
        if not path.is_file():
            raise self._fault(number, f"there is no shared passage {path.name}")
        self._close(number)
        self._passage = name
        self.read(path.read_text(encoding="utf-8").splitlines(), 1)
        self._passage = ""

    def _comment(self, number: int, text: str) -> None:
        if not self._chunks or not self._chunks[-1].units:
            raise self._fault(number, "a remark stands below the line that it is about")
        units = self._chunks[-1].units
        units[-1] = replace(units[-1], comment=text)

    def _labels(self, number: int, text: str) -> tuple[tuple[str, ...], tuple[Goal, ...]]:
        labels: list[str] = []
        goals: list[Goal] = []
        for word in text.split():
            label = word
            if "[" in word:
                goal = _read_goal(word)
                if isinstance(goal, str):
                    raise self._fault(number, goal)
                goals.append(goal)
                label = f"goal:{goal.status}"
            if not _LABEL.match(label):
                raise self._fault(number, f"{label!r} is not family:label or family:label/role")
            fault = label_fault(label, codebook())
            if fault:
                raise self._fault(number, fault)
            labels.append(label)
        return tuple(dict.fromkeys(labels)), tuple(goals)

    def _line(self, number: int, line: str) -> None:
        tail = _TAIL.search(line)
        labels, goals = self._labels(number, tail[1]) if tail else ((), ())
        text = line[: tail.start()] if tail else line
        if "{" in text or "}" in text:
            raise self._fault(number, "braces stand only around the labels, at the end of the line")
        if text.startswith("|"):
            self._row(number, text, labels, goals)
            return
        if "|" in text:
            raise self._fault(number, "a bar outside a table")
        if self._open is not None and self._open.kind == "table":
            self._close(number)
        heading = re.match(r"^(#{1,3})\s+(.+)$", text)
        if heading:
            self._close(number)
            unit = self._unit(number, "heading", heading[2], labels, goals, level=len(heading[1]))
            self._chunks.append(Chunk("heading", [unit]))
        elif text.startswith(".. "):
            self._chunk("contents").lines.append(text[3:].strip())
        elif text.startswith("- "):
            self._chunk("list").units.append(self._unit(number, "bullet", text[2:], labels, goals))
        elif text.startswith("> "):
            self._chunk("box").units.append(self._unit(number, "box", text[2:], labels, goals))
        elif text.startswith("^ "):
            self._chunk("footnote").units.append(self._unit(number, "footnote", text[2:], labels, goals))
        elif text.startswith("#"):
            raise self._fault(number, "a heading is one to three # and a space")
        else:
            self._chunk("paragraph").units.append(self._unit(number, "sentence", text, labels, goals))

    def _unit(
        self,
        number: int,
        kind: UnitKind,
        text: str,
        labels: tuple[str, ...],
        goals: tuple[Goal, ...],
        *,
        level: int = 0,
        cells: tuple[str, ...] = (),
    ) -> Unit:
        text = text.strip()
        clean = _INSERTED.sub(r"\1", _DELETED.sub("", text)).strip()
        draft = text if clean != text else ""
        return Unit(number, kind, clean, labels, goals, level, cells, draft, passage=self._passage)

    def _row(self, number: int, text: str, labels: tuple[str, ...], goals: tuple[Goal, ...]) -> None:
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
        chunk.units.append(self._unit(number, "row", " | ".join(cells), labels, goals, cells=cells))
