"""Sources to documents, and every unit found back in the text that the product reads from them."""

import csv
import filecmp
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.compose._office import write_excel, write_word
from bench.compose._pdf import write_pdf
from bench.compose._source import Source, SourceFault, Unit, read_source
from mvoi_nlp.records import Block, Gold, write_rows
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.sources import COLUMNS
from mvoi_nlp.text import read_document

_MADE = "geschreven voor dit project"
_WRITERS = {".pdf": write_pdf, ".docx": write_word, ".xlsx": write_excel}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄", "01234")


class ComposeError(Exception):
    """Documents cannot be made of the sources."""


@dataclass(frozen=True)
class Outcome:
    """What became of one source."""

    source: Source
    pages: int
    gold: list[Gold]
    lost: list[Unit]
    """Units that are not found in the text of the document."""


def compose_document(source: Source, folder: Path) -> Outcome:
    """Render one source to `folder` and find its units back."""
    path = folder / source.file
    path.parent.mkdir(parents=True, exist_ok=True)
    _WRITERS[path.suffix](source, path)
    reading = read_document(path, source.id, TextSettings())
    if path.suffix != ".xlsx" and len(reading.pages) < 3:
        raise ComposeError(f"{source.path.name}: {len(reading.pages)} page(s), a document has at least 3")
    gold, lost = locate(source, reading.blocks)
    return Outcome(source, len(reading.pages), gold, lost)


def locate(source: Source, blocks: tuple[Block, ...]) -> tuple[list[Gold], list[Unit]]:
    """Find the units in order, blind to white space; a table row must be a row and nothing less."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []  # of every letter: number of its block, offset in the document
    for block in blocks:
        if block.kind in {"running_head", "contents"}:
            continue
        for offset, letter in enumerate(block.text):
            if not letter.isspace():
                letters.append(letter.translate(_SUBSCRIPTS))
                places.append((block.number, block.start + offset))
    text = "".join(letters)
    gold: list[Gold] = []
    lost: list[Unit] = []
    cursor = 0
    for unit in source.units:
        wanted = "".join(unit.text.split()).translate(_SUBSCRIPTS)
        at = cursor - 1
        while (at := text.find(wanted, at + 1)) >= 0:
            first, last = places[at], places[at + len(wanted) - 1]
            block = blocks[first[0]]
            if first[0] == last[0] and (unit.kind != "row" or block.kind == "table_row"):
                break
        if at < 0:
            lost.append(unit)
            continue
        cursor = at + len(wanted)
        start, end = first[1], last[1] + 1
        if unit.kind == "row":
            start, end = block.start, block.end
        quote = block.text[start - block.start : end - block.start]
        gold.append(
            Gold(
                document=source.id,
                page=block.page,
                start=start,
                quote=quote,
                labels=tuple(sorted(set(unit.labels))),
                annotator="bron",
            )
        )
    return gold, lost


def compose(sources: Path, out: Path) -> Iterator[Outcome]:
    """Render all sources below `out`; the register is written last, when all went well.

    Raises
    ------
    SourceFault
        A source does not follow the format.
    ComposeError
        There are no sources, two share an id or a file, or a document is too short.
    """
    found = [read_source(path) for path in sorted(sources.glob("*.txt"))]
    if not found:
        raise ComposeError(f"no sources (*.txt) in {sources}")
    for name in ("id", "file"):
        seen: dict[str, str] = {}
        for source in found:
            value = source.head[name]
            if value in seen:
                raise ComposeError(f"{source.path.name} and {seen[value]} have the same {name}: {value}")
            seen[value] = source.path.name
    for source in found:
        outcome = compose_document(source, out / "corpus")
        write_rows(out / "annotations" / "gold" / f"{source.id}.jsonl", outcome.gold, Gold)
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
        for outcome in compose(sources, fresh):
            found += [f"{outcome.source.id}, line {unit.line}: not found back" for unit in outcome.lost]
        for path in sorted(fresh.rglob("*")):
            if path.is_file():
                name = path.relative_to(fresh)
                if not (out / name).is_file():
                    found.append(f"{name}: missing")
                elif not filecmp.cmp(path, out / name, shallow=False):
                    found.append(f"{name}: differs")
        for path in sorted((out / "annotations" / "gold").glob("*.jsonl")):
            if not (fresh / "annotations" / "gold" / path.name).exists():
                found.append(f"annotations/gold/{path.name}: has no source")
    return found


__all__ = ["ComposeError", "Outcome", "SourceFault", "compose", "compose_document", "differences", "locate"]
