"""One page of each layout side by side, to look at."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from bench.compose._source import LAYOUTS, Source

_WIDTH, _HEIGHT = 620, 880
_COLUMNS = 5
_CAPTION = 34


def contact_sheet(sources: Sequence[Source], corpus: Path, path: Path) -> list[str]:
    """Draw the fullest of the first pages of one document per layout; gives the layouts that could not be drawn.

    Word and Excel files are drawn by LibreOffice where that is installed.

    Parameters
    ----------
    sources
        The corpus.
    corpus
        Folder with its files.
    path
        PNG to write.
    """
    tiles: list[Image.Image] = []
    missing: list[str] = []
    for layout in (name for names in LAYOUTS.values() for name in sorted(names)):
        members = [source for source in sources if source.head["layout"] == layout]
        page = _page(max(members, key=_rank), corpus) if members else None
        if page is None:
            missing.append(layout)
        else:
            tiles.append(_tile(page, layout))
    rows = -(-len(tiles) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _WIDTH, rows * (_HEIGHT + _CAPTION)), "#d0d0d0")
    for number, tile in enumerate(tiles):
        sheet.paste(tile, (number % _COLUMNS * _WIDTH, number // _COLUMNS * (_HEIGHT + _CAPTION)))
    sheet.quantize(64).save(path, optimize=True)
    return missing


def _rank(source: Source) -> tuple[int, int]:
    boxes = sum(chunk.kind == "box" for chunk in source.chunks)
    return boxes if source.head["layout"] == "side_boxes" else 0, len(source.units)


def _page(source: Source, corpus: Path) -> Image.Image | None:
    file, layout = corpus / source.file, source.head["layout"]
    with tempfile.TemporaryDirectory() as folder:
        if file.suffix != ".pdf":
            office = shutil.which("soffice")
            if office is None:
                return None
            given = Path(folder) / f"blad{file.suffix}"
            shutil.copy(file, given)
            command = [office, "--headless", "--convert-to", "pdf", "--outdir", folder, str(given)]
            subprocess.run(command, check=True, capture_output=True, timeout=180)
            file = given.with_suffix(".pdf")
        document = pdfium.PdfDocument(file)
        pictures = [document[n].render(scale=1.6).to_pil().convert("RGB") for n in range(1, min(len(document), 9))]
        document.close()
    best: Image.Image = max(pictures, key=_beside if layout == "side_boxes" else _ink)
    return best


def _ink(picture: Image.Image) -> int:
    counts: list[int] = picture.convert("L").histogram()
    return sum(counts[:200])


def _beside(picture: Image.Image) -> int:
    """Colour in the margin of a page that leaves room between text and boxes."""
    width, top, bottom = picture.width, picture.height // 8, picture.height * 7 // 8
    between = picture.crop((int(width * 0.665), top, int(width * 0.68), bottom))
    margin = picture.crop((int(width * 0.7), top, width, bottom)).convert("L").histogram()
    return sum(margin[:245]) if _ink(between) == 0 else 0


def _tile(page: Image.Image, name: str) -> Image.Image:
    tile = Image.new("RGB", (_WIDTH, _HEIGHT + _CAPTION), "#d0d0d0")
    page.thumbnail((_WIDTH - 20, _HEIGHT - 20), Image.Resampling.LANCZOS)
    tile.paste(page, ((_WIDTH - page.width) // 2, _CAPTION))
    ImageDraw.Draw(tile).text((12, 6), name.replace("_", " "), "black", ImageFont.load_default(22))
    return tile
