import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from bench.compose import Source
from bench.compose._pdf import header_rows
from bench.compose._source import LIGHTS
from bench.reading._bare import READERS, Read
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import count_pages

_ALIKE = str.maketrans("₀₁₂₃₄✔●✗→", "01234✓✓x-")
UNRULED = "tables without rules"
"""What stands for the layout of documents that are composed once more for their tables."""
MEASURES = ("sentences", "character_error", "word_error", "headings", "rows", "cells", "left_out", "hyphens")


def _plain(text: str) -> str:
    return " ".join(text.translate(_ALIKE).split())


def score_document(source: Source, path: Path, read: Read, *, coloured: bool = True) -> dict[str, tuple[float, float]]:
    """Hits and chances per measure, to be added up over documents.

    A cell that shows a light is right as the word for its colour, or as empty where the file is not `coloured`.

    `sentences`, `rows`, `left_out` and `hyphens` are shares; `character_error` is edits over letters, `word_error` over
    the words of a scan; `headings` and
    `cells` are twice the hits over all that was said and all that is true, which makes F1 when divided.
    """
    text = _plain(read.text)
    tight = text.replace(" ", "")
    units = [unit for unit in source.units if unit.kind != "row"]
    sentences = [_plain(unit.text) for unit in units if unit.kind in {"sentence", "bullet", "box", "footnote"}]
    scores: dict[str, tuple[float, float]] = {
        "sentences": (sum(sentence in text for sentence in sentences), len(sentences))
    }
    truth = [_plain(unit.text) for unit in units if unit.kind == "heading"]
    said = [_plain(heading) for heading in read.headings]
    scores["headings"] = (2 * sum((Counter(truth) & Counter(said)).values()), len(truth) + len(said))
    rows = [[_shown(cell, coloured=coloured) for cell in cells] for cells in _rows(source)]
    found = [[_plain(cell) for cell in cells] for cells in read.rows]
    flat = {"|".join(cells).replace(" ", "") for cells in found}
    scores["rows"] = (sum("|".join(cells).replace(" ", "") in flat or _whole(cells, text) for cells in rows), len(rows))
    true_cells = Counter(cell for cells in rows for cell in cells if cell)
    said_cells = Counter(cell for cells in found for cell in cells if cell)
    scores["cells"] = (2 * (true_cells & said_cells).total(), true_cells.total() + said_cells.total())
    contents = [_plain(re.sub(r"[.\s]*\d+$", "", line)) for chunk in source.chunks for line in chunk.lines]
    dotted = [line for line in contents if re.search(re.escape(line) + r"[ .]{3,}\d", text)]
    head = _plain(source.head.get("running_head", ""))
    own = _plain(" ".join(unit.text for unit in source.units)).count(head)
    heads = max(text.count(head) - own, 0) if len(head) > 12 else 0
    pages = count_pages(path, TextSettings())
    scores["left_out"] = (len(contents) - len(dotted) + max(pages - heads, 0), len(contents) + pages)
    scores["hyphens"] = _hyphens(source, path, text)
    order, body = _in_order(source, coloured=coloured), tight.replace("|", "")
    for unit in source.units:
        if unit.kind in {"box", "footnote"}:  # these may stand before or behind the text beside them
            body = body.replace(_tight(unit.text), "", 1)
    scores["character_error"] = (Levenshtein.distance(order, body), len(order))
    if "scan" in source.head["layout"]:
        words = _plain(" ".join(unit.text.replace("|", " ") for unit in source.units)).split()
        scores["word_error"] = (Levenshtein.distance(words, text.replace("|", " ").split()), len(words))
        scores["left_out"] = scores["hyphens"] = (0, 0)
    return scores


def _tight(text: str) -> str:
    return _plain(text).replace(" ", "").replace("|", "")


def _in_order(source: Source, *, coloured: bool) -> str:
    """All letters of the running text, tables with their heads, in reading order."""
    parts: list[str] = []
    for chunk in source.chunks:
        if chunk.kind in {"box", "footnote"}:
            continue
        if chunk.header:
            groups, _, names = header_rows(chunk.header)
            parts += [_tight("".join(groups)), _tight("".join(names))]
        for unit in chunk.units:
            parts.append(
                _tight("".join(_shown(cell, coloured=coloured) for cell in unit.cells) if unit.cells else unit.text)
            )
    return "".join(parts)


def _rows(source: Source) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for chunk in source.chunks:
        if chunk.kind == "table":
            _, _, names = header_rows(chunk.header)
            rows += [names, *(unit.cells for unit in chunk.units)]
    return rows


def _shown(cell: str, *, coloured: bool) -> str:
    if cell in LIGHTS:
        return cell.strip("[]") if coloured else ""
    return _plain(cell)


def _whole(cells: Sequence[str], text: str) -> bool:
    """Whether a row stands in running text, its cells one after the other."""
    row = " ".join(cell for cell in cells if cell)
    return len(row) > 8 and row in text


def _hyphens(source: Source, path: Path, text: str) -> tuple[int, int]:
    """Words that a line end cuts: how many come out as the source writes them."""
    document = pdfium.PdfDocument(path)
    raw = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    truth = _plain(" ".join(unit.text for unit in source.units))
    right = cut = 0
    for left, then in re.findall(r"([^\W\d_]{2,})(?:[-\xad]\s*[\r\n]+\s*|[\x02\ufffe]\s*)([^\W\d_]{2,})", raw):
        wanted = next((form for form in (left + then, f"{left}-{then}", f"{left}- {then}") if form in truth), None)
        if wanted:
            cut += 1
            right += wanted in text
    return right, cut


def measure(
    files: Sequence[tuple[str, Source, Path]], readers: dict[str, Callable[[Path], Read]] | None = None
) -> pd.DataFrame:
    """One row per layout and reader, with a row for all documents of the corpus as they are.

    Parameters
    ----------
    files
        Layout, source and file.
    readers
        Name -> reader; by default all of `READERS`.
    """
    rows = []
    for name, reader in (readers or READERS).items():
        sums: dict[str, dict[str, list[float]]] = {}
        for layout, source, path in files:
            if "scan" in layout and not name.startswith("ours, pdfium"):
                continue  # the others read nothing there
            started = time.process_time()
            read = reader(path)
            spent = time.process_time() - started
            coloured = layout != UNRULED and "scan" not in layout
            scores = score_document(source, path, read, coloured=coloured) | {
                "seconds": (spent, count_pages(path, TextSettings()))
            }
            for group in (layout, *(["all"] if "scan" not in layout and layout != UNRULED else [])):
                held = sums.setdefault(group, {measure: [0.0, 0.0] for measure in (*MEASURES, "seconds")})
                for key, (hits, chances) in scores.items():
                    held[key][0] += hits
                    held[key][1] += chances
        for group, held in sums.items():
            row: dict[str, object] = {"layout": group, "reader": name, "pages": int(held["seconds"][1])}
            row |= {key: round(held[key][0] / held[key][1], 4) if held[key][1] else None for key in MEASURES}
            row["pages_a_cpu_second"] = round(held["seconds"][1] / max(held["seconds"][0], 1e-9), 1)
            rows.append(row)
    return pd.DataFrame(rows).sort_values(["layout", "reader"], ignore_index=True)
