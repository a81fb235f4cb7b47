"""Sources to documents, with their truth beside them, and every unit anchored in the text that the product reads."""

import csv
import filecmp
import io
import json
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.compose._office import write_excel, write_word
from bench.compose._pdf import header_rows, write_pdf
from bench.compose._scan import LAYOUTS as SCANS
from bench.compose._scan import scan_pdf
from bench.compose._source import LIGHTS, Source, SourceFault, Unit, read_source
from mvoi_nlp.records import Block, Gold, write_rows
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.sources import COLUMNS
from mvoi_nlp.text import read_document

_MADE = "geschreven voor dit project"
_WRITERS = {".pdf": write_pdf, ".docx": write_word, ".xlsx": write_excel}
_ALIKE = str.maketrans("₀₁₂₃₄≥≤→", "01234\0\0\0", "✓✗●✔✘\uf0fc\0|")
"""Letters that fonts or readers render in another way, blind to which a unit is found back."""


class ComposeError(Exception):
    """Documents cannot be made of the sources."""


@dataclass(frozen=True)
class Outcome:
    """What became of one source."""

    source: Source
    pages: int
    gold: list[Gold]
    lost: list[Unit]
    """Units that the reader of today does not give as they are; their gold has the quote of the source."""


def compose_document(source: Source, folder: Path) -> Outcome:
    """Render one source to `folder` and anchor its units in what is read from it.

    A scan is anchored in the document before it went through the scanner.
    """
    path = folder / source.file
    path.parent.mkdir(parents=True, exist_ok=True)
    scan = SCANS.get(source.head["layout"])
    if scan:
        with tempfile.TemporaryDirectory() as clean:
            paper = Path(clean) / source.file
            write_pdf(source, paper, scan.design)
            reading = read_document(paper, source.id, TextSettings())
            scan_pdf(paper, path, scan, seed=sum(source.id.encode()))
    else:
        _WRITERS[path.suffix](source, path)
        reading = read_document(path, source.id, TextSettings())
    if path.suffix != ".xlsx" and len(reading.pages) < 2:
        raise ComposeError(f"{source.path.name}: {len(reading.pages)} page(s), a document has at least 2")
    gold, lost = locate(source, reading.blocks)
    return Outcome(source, len(reading.pages), gold, lost)


def locate(source: Source, blocks: Sequence[Block]) -> tuple[list[Gold], list[Unit]]:
    """Find the units back, blind to white space; a table row must be a row and nothing less.

    A unit is looked for behind the one before it and then anywhere, since a box may be read at another place. One that
    is not found keeps its own words and gets the place where the one before it ended.
    """
    letters: list[str] = []
    places: list[tuple[int, int]] = []  # of every letter: number of its block, offset in the document
    for block in blocks:
        if block.kind in {"running_head", "contents"}:
            continue
        for offset, letter in enumerate(block.text):
            plain = letter.translate(_ALIKE)
            if plain and not plain.isspace():
                letters.append(plain)
                places.append((block.number, block.start + offset))
    text = "".join(letters)
    taken: set[int] = set()
    gold: list[Gold] = []
    lost: list[Unit] = []
    cursor = 0
    end, page = 0, 1
    unseen = {
        id(unit): chunk.hidden
        for chunk in (source.chunks if source.file.endswith(".xlsx") else ())  # other formats hide nothing
        for unit in chunk.units
    }
    for unit in source.units:
        wanted = "".join(_words(unit, unseen.get(id(unit), set())).translate(_ALIKE).split())
        at = _find(unit, wanted, text, places, blocks, cursor, taken) if wanted else -1
        if at < 0:
            lost.append(unit)
            start, quote = end, unit.text
        else:
            first, last = places[at], places[at + len(wanted) - 1]
            taken.update(range(at, at + len(wanted)))
            if unit.kind != "box":
                cursor = at + len(wanted)
            block = blocks[first[0]]
            start, end, page = first[1], last[1] + 1, block.page
            if unit.kind == "row":
                start, end = block.start, block.end
            quote = block.text[start - block.start : end - block.start]
        gold.append(
            Gold(
                document=source.id,
                page=page,
                start=start,
                quote=quote,
                labels=tuple(sorted(unit.labels)),
                goals=unit.goals,
                annotator="bron",
            )
        )
    return gold, lost


def _words(unit: Unit, unseen: Collection[int]) -> str:
    """What a reader finds of a unit: a light as a word, a hidden column not at all."""
    if unit.kind != "row":
        return unit.text
    seen = [cell for n, cell in enumerate(unit.cells) if n not in unseen]
    return "".join(cell.strip("[]") if cell in LIGHTS else cell for cell in seen)


def _find(
    unit: Unit,
    wanted: str,
    text: str,
    places: Sequence[tuple[int, int]],
    blocks: Sequence[Block],
    cursor: int,
    taken: set[int],
) -> int:
    for begin in (cursor, 0):
        at = begin - 1
        while (at := text.find(wanted, at + 1)) >= 0:
            first, last = places[at], places[at + len(wanted) - 1]
            if (
                first[0] == last[0]
                and (unit.kind != "row" or blocks[first[0]].kind == "table_row")
                and at not in taken
                and (unit.kind != "row" or at == 0 or places[at - 1][0] != first[0])
            ):
                return at
    return -1


def truth_of(source: Source, gold: Sequence[Gold]) -> dict[str, object]:
    """What a document says, block by block in reading order, whatever a reader makes of its file."""
    pages = iter(row.page for row in gold)
    blocks: list[dict[str, object]] = []
    for chunk in source.chunks:
        if chunk.kind == "break":
            continue
        block: dict[str, object] = {"kind": chunk.kind}
        if chunk.kind == "contents":
            block["lines"] = chunk.lines
        if chunk.header:
            groups, spans, names = header_rows(chunk.header)
            for first, last in spans:
                groups[first : last + 1] = [groups[first]] * (last - first + 1)
            block["columns"] = [
                {"name": name, "group": group, "hidden": n in chunk.hidden}
                for n, (name, group) in enumerate(zip(names, groups, strict=True))
            ]
        block["units"] = [_truth_of_unit(unit, next(pages)) for unit in chunk.units]
        blocks.append(block)
    return {"head": source.head, "blocks": blocks}


def _truth_of_unit(unit: Unit, page: int) -> dict[str, object]:
    found: dict[str, object] = {"page": page, "text": unit.text}
    if unit.level:
        found["level"] = unit.level
    if unit.cells:
        found["cells"] = list(unit.cells)
    for name in ("comment", "passage"):
        if getattr(unit, name):
            found[name] = getattr(unit, name)
    found["labels"] = sorted(unit.labels)
    if unit.goals:
        found["goals"] = [goal.model_dump(exclude_defaults=True) for goal in unit.goals]
    return found


def read_sources(folder: Path) -> list[Source]:
    """All sources of a folder, by name.

    Raises
    ------
    SourceFault
        A source does not follow the format.
    ComposeError
        There are no sources, or two share an id or a file.
    """
    found = [read_source(path) for path in sorted(folder.glob("*.txt"))]
    if not found:
        raise ComposeError(f"no sources (*.txt) in {folder}")
    for name in ("id", "file"):
        seen: dict[str, str] = {}
        for source in found:
            value = source.head[name]
            if value in seen:
                raise ComposeError(f"{source.path.name} and {seen[value]} have the same {name}: {value}")
            seen[value] = source.path.name
    return found


def compose(sources: Path, out: Path) -> Iterator[Outcome]:
    """Render all sources below `out`; the register is written last, when all went well.

    Raises
    ------
    SourceFault
        A source does not follow the format.
    ComposeError
        There are no sources, two share an id or a file, or a document is too short.
    """
    found = read_sources(sources)
    truth = out / "bench" / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    for source in found:
        outcome = compose_document(source, out / "corpus")
        write_rows(out / "annotations" / "gold" / f"{source.id}.jsonl", outcome.gold, Gold)
        text = json.dumps(truth_of(source, outcome.gold), ensure_ascii=False, indent=1)
        (truth / f"{source.id}.json").write_text(text + "\n", encoding="utf-8")
        yield outcome
    _write_register(found, out / "corpus" / "register.csv")


def _write_register(sources: list[Source], path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for source in sorted(sources, key=lambda s: s.id):
        values = {**source.head, "document": source.id, "source": _MADE}
        values["represents"] = values.get("represents") or "1"
        writer.writerow([values.get(column, "") for column in COLUMNS])
    path.write_text(text.getvalue(), encoding="utf-8")


def differences(sources: Path, out: Path) -> list[str]:
    """Files below `out` that are not what the sources give."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        for _ in compose(sources, fresh):
            pass
        for path in sorted(fresh.rglob("*")):
            if path.is_file():
                name = path.relative_to(fresh)
                if not (out / name).is_file():
                    found.append(f"{name}: missing")
                elif not filecmp.cmp(path, out / name, shallow=False):
                    found.append(f"{name}: differs")
        for kept in (out / "annotations" / "gold", out / "bench" / "truth", out / "corpus"):
            for path in sorted(kept.glob("*.*")):
                if not (fresh / path.relative_to(out)).exists():
                    found.append(f"{path.relative_to(out)}: has no source")
    return found


__all__ = [
    "ComposeError",
    "Outcome",
    "SourceFault",
    "compose",
    "compose_document",
    "differences",
    "locate",
    "read_sources",
]
