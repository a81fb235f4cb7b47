import re
from dataclasses import dataclass
from pathlib import Path

LABELS = ("BODY", "PERSON", "ORG", "GPE", "LOC", "LAW", "INSTRUMENT", "MONEY", "PERCENT", "DATE", "QUANTITY")
_MARK = re.compile(r"\{([^{}|]+)\|([A-Z]+)\}")


@dataclass(frozen=True)
class Unit:
    """A sentence, heading, bullet or cell with its entities, by the guide."""

    document: str
    number: int
    """Line in the file, from 1."""
    text: str
    spans: tuple[tuple[int, int, str], ...]
    """First character, end and label."""


def read_gold(folder: Path) -> list[Unit]:
    """All units of a folder of gold files.

    Raises
    ------
    ValueError
        A mark is not closed or has an unknown label; names the file and the line.
    """
    units = []
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("# "):
                continue
            text, spans, end = "", [], 0
            for match in _MARK.finditer(line):
                text += line[end : match.start()]
                spans.append((len(text), len(text) + len(match[1]), match[2]))
                text += match[1]
                end = match.end()
            text += line[end:]
            unknown = {label for *_, label in spans} - set(LABELS)
            if unknown or re.search(r"[{}|]", text):
                raise ValueError(f"{path}, line {number}: {', '.join(unknown) or 'a mark is not closed'}")
            units.append(Unit(path.stem, number, text, tuple(spans)))
    return units
