"""Pages as pictures with what was made of them, for people who wonder."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Block, Box
from mvoi_nlp.text._blocks import REPRINT, Reading

_SCALE = 1.5  # pixels a point
_COLOURS = {
    "heading": "#c2185b",
    "paragraph": "#1565c0",
    "list_item": "#2e7d32",
    "table_row": "#ef6c00",
    "running_head": "#9e9e9e",
    "contents": "#6d4c41",
    "footnote": "#6a1b9a",
}
_LEGEND = {
    "heading": "kop",
    "paragraph": "alinea",
    "list_item": "opsomming",
    "table_row": "tabelrij",
    "running_head": "kop- of voetregel",
    "contents": "inhoudsopgave",
    "footnote": "voetnoot",
}


def draw_reading(path: Path, reading: Reading, folder: Path, quote: str = "") -> Iterator[Path]:
    """Write a PNG for every page of a PDF: its blocks in colours by kind, numbered in reading order.

    Parameters
    ----------
    path
        The PDF.
    reading
        What was read of it.
    folder
        Where `<name>-001.png` and so on go.
    quote
        A text to mark where it is printed; only its pages are drawn then.

    Raises
    ------
    TextError
        The file is not a PDF: other formats have no places on a page. Or the quote is not in it.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise TextError(f"{path.name}: only a PDF has pages to draw ({error})", hint=REPRINT) from error
    folder.mkdir(parents=True, exist_ok=True)
    marked = _places(path, reading, quote)
    blocks: dict[int, list[Block]] = {}
    for block in reading.blocks:
        blocks.setdefault(block.page, []).append(block)
    try:
        for page in reading.pages:
            if quote and page.number not in marked:
                continue
            picture = document[page.number - 1].render(scale=_SCALE).to_pil().convert("RGB")
            _draw(picture, blocks.get(page.number, []), page.height)
            _mark(picture, marked.get(page.number, []), page.height)
            out = folder / f"{path.stem}-{page.number:03}.png"
            picture.save(out)
            yield out
    finally:
        document.close()


def _places(path: Path, reading: Reading, quote: str) -> dict[int, list[Box]]:
    """Page number -> boxes of the lines that hold a quote."""
    found: dict[int, list[Box]] = {}
    wanted = " ".join(quote.split())
    if not wanted:
        return found
    for block in reading.blocks:
        at = block.text.find(wanted)
        for page, box in block.boxes(at, at + len(wanted)) if at >= 0 else ():
            found.setdefault(page, []).append(box)
    if not found:
        raise TextError(
            f"{path.name}: the quote is not in the text as read", hint="copy it from the report, without its end marks"
        )
    return found


def _mark(picture: Image.Image, boxes: list[Box], height: float) -> None:
    brush = ImageDraw.Draw(picture, "RGBA")
    for x0, y0, x1, y1 in boxes:
        brush.rectangle((x0 * _SCALE, (height - y1) * _SCALE, x1 * _SCALE, (height - y0) * _SCALE), fill="#ffeb3b80")


def _draw(picture: Image.Image, blocks: list[Block], height: float) -> None:
    brush = ImageDraw.Draw(picture, "RGBA")
    font = ImageFont.load_default(13)
    for order, block in enumerate(blocks, start=1):
        if block.box is None:
            continue
        colour = _COLOURS[block.kind]
        x0, y0, x1, y1 = block.box
        edges = (x0 * _SCALE - 2, (height - y1) * _SCALE - 2, x1 * _SCALE + 2, (height - y0) * _SCALE + 2)
        brush.rectangle(edges, outline=colour, fill=f"{colour}18", width=2)
        label = f"{order}" + (f" niv. {block.level}" if block.level else "")
        wide = brush.textlength(label, font) + 6
        brush.rectangle((edges[0] - wide, edges[1], edges[0], edges[1] + 16), fill=colour)
        brush.text((edges[0] - wide + 3, edges[1]), label, "white", font)
    left = 8.0
    for kind in dict.fromkeys(block.kind for block in blocks):
        brush.rectangle((left, 6, left + 12, 18), fill=_COLOURS[kind])
        brush.text((left + 16, 4), _LEGEND[kind], "black", font)
        left += 30 + brush.textlength(_LEGEND[kind], font)
