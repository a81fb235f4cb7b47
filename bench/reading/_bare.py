"""Readers to compare: our two engines, and three libraries as they come, after one and the same clean-up."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import read_document

_EDGE = 2  # lines at the top and at the bottom of a page that may be a running head


@dataclass
class Read:
    """What a reader makes of a document."""

    text: str
    """Running text in reading order, one line break between blocks where the reader knows blocks."""
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    """Cells of every table row; empty for readers without tables."""


def _ours(engine: str) -> Callable[[Path], Read]:
    def read(path: Path) -> Read:
        settings = TextSettings.model_validate({"engine": engine})
        reading = read_document(path, "x", settings, guarded=False)  # a child would not show on the clock
        body = [block for block in reading.blocks if block.kind not in {"running_head", "contents"}]
        return Read(
            "\n".join(block.text for block in body),
            [block.text for block in body if block.kind == "heading"],
            [[b.text[c.start : c.end] for c in b.cells] for b in body if b.kind == "table_row"],
        )

    return read


def _pdfminer(path: Path) -> Read:
    pages = [[part.get_text() for part in page if isinstance(part, LTTextContainer)] for page in extract_pages(path)]
    return Read(_tidy([[line for part in page for line in part.splitlines()] for page in pages]))


def _pdfium(path: Path) -> Read:
    document = pdfium.PdfDocument(path)
    pages = [page.get_textpage().get_text_range().replace("\x02", "-").splitlines() for page in document]
    document.close()
    return Read(_tidy(pages))


def _pdfplumber(path: Path) -> Read:
    with pdfplumber.open(path) as document:
        pages = [(page.extract_text() or "").splitlines() for page in document.pages]
        rows = [
            [cell or "" for cell in row] for page in document.pages for table in page.extract_tables() for row in table
        ]
    return Read(_tidy(pages), rows=[[" ".join(cell.split()) for cell in row] for row in rows])


def _tidy(pages: list[list[str]]) -> str:
    """Drop lines that stand at the edge of most pages, join hyphenated line ends, collapse spaces."""
    pages = [[" ".join(line.split()) for line in page if line.strip()] for page in pages]
    edges = Counter(re.sub(r"\d+", "#", line) for page in pages for line in {*page[:_EDGE], *page[-_EDGE:]})
    repeated = {line for line, count in edges.items() if count > max(len(pages) / 2, 1)}
    kept = [
        line
        for page in pages
        for n, line in enumerate(page)
        if not ((n < _EDGE or n >= len(page) - _EDGE) and re.sub(r"\d+", "#", line) in repeated)
    ]
    text = " ".join(kept)
    text = re.sub(r"(?<=[a-zéëïöü]) ?[-\u2010\xad] (?!en |of )(?=[a-zéëïöü])", "", text)
    return " ".join(text.split())


READERS: dict[str, Callable[[Path], Read]] = {
    "ours, pdfium": _ours("pdfium"),
    "ours, pdfminer": _ours("pdfminer"),
    "pdfminer.six": _pdfminer,
    "pypdfium2": _pdfium,
    "pdfplumber": _pdfplumber,
}
"""Name -> reader of a PDF."""
