"""From a path to a Reading: what the content says it is decides who reads it."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from mvoi_nlp.errors import MvoiError, TextError
from mvoi_nlp.records import Block, Page
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text._blocks import Clock, Draft, Reading, number_blocks
from mvoi_nlp.text._excel import read_excel
from mvoi_nlp.text._guard import ask_reader
from mvoi_nlp.text._mail import looks_like_mail, read_mail
from mvoi_nlp.text._opendocument import is_opendocument, read_opendocument
from mvoi_nlp.text._pdf import read_pdf
from mvoi_nlp.text._pdfium import page_count
from mvoi_nlp.text._plain import decode, looks_like_html, read_html, read_markdown, read_text
from mvoi_nlp.text._slides import read_slides
from mvoi_nlp.text._word import read_word

_KINDS = (
    "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods), e-mail (.eml), text (.txt), "
    "Markdown (.md) or HTML"
)
_MEGABYTE = 1024 * 1024
_BOMB_FROM, _BOMB_RATIO = 20, 200  # megabytes, times: real workbooks of blank cells reach 60 times
_OFFICE = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_PAGED = {
    "docx": read_word,
    "xlsx": read_excel,
    "pptx": read_slides,
    "odf": read_opendocument,
}
_MACROS = re.compile(r"(?:.*/)?vbaProject\.bin|Scripts/.+[^/]|Basic/[^/]+/(?!script-lb\.xml)[^/]+", re.I)


def read_document(
    path: Path, document: str, settings: TextSettings, *, one_sentence_per_line: bool = False, guarded: bool = True
) -> Reading:
    """Read a file into pages and blocks in reading order.

    Parameters
    ----------
    path
        The file; its content decides how it is read, not its extension.
    document
        Id that the rows get.
    settings
        Limits of pages, size, time and memory.
    one_sentence_per_line
        For a text file: every line that is not empty becomes a block of its own.
    guarded
        In a child process that is stopped at the limits; without it a hostile file can take all memory.

    Raises
    ------
    TextError
        The file is missing, empty, protected, broken, too large, of another type, or takes too long.
    """
    _check_size(path, settings)
    if not guarded:
        return _read_here(path, document, settings, one_sentence_per_line=one_sentence_per_line)
    question = {
        "path": str(path.absolute()),  # the child stays where it was started
        "document": document,
        "settings": settings.model_dump(),
        "one_sentence_per_line": one_sentence_per_line,
    }
    answer = ask_reader(question, path.name, settings.max_seconds, settings.max_memory_megabytes)
    return Reading(
        pages=tuple(Page.model_validate(row) for row in answer["pages"]),
        blocks=tuple(Block.model_validate(row) for row in answer["blocks"]),
    )


def count_pages(path: Path, settings: TextSettings) -> int:
    """How many pages of a PDF will be read, for a progress bar; 1 for all other files and for what cannot be read.

    Counted in the guarded process, without reading the pages.
    """
    try:
        _check_size(path, settings)
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(1024):
                return 1
        question = {"count": str(path.absolute())}
        answer = ask_reader(question, path.name, settings.max_seconds, settings.max_memory_megabytes)
    except (TextError, OSError):
        return 1
    return max(min(int(answer["count"]), settings.max_pages), 1)


def answer_question(question: dict[str, Any]) -> dict[str, Any]:
    """In the child process: read what the parent asks for, as JSON allows."""
    if "count" in question:
        return {"count": page_count(Path(question["count"]))}
    settings = TextSettings.model_construct(**question["settings"])
    reading = _read_here(
        Path(question["path"]),
        question["document"],
        settings,
        one_sentence_per_line=question["one_sentence_per_line"],
    )
    return {
        "pages": [page.model_dump(mode="json") for page in reading.pages],
        "blocks": [block.model_dump(mode="json") for block in reading.blocks],
    }


def _read_here(path: Path, document: str, settings: TextSettings, *, one_sentence_per_line: bool) -> Reading:
    clock = Clock(path.name, settings.max_seconds)
    try:
        data = _load(path)
        kind = _sniff(path, data, settings)
        if kind == "pdf":
            pages, drafts = read_pdf(data, path.name, document, settings.max_pages, clock, settings.engine)
        elif kind in _PAGED:
            pages, drafts = _PAGED[kind](data, path.name, document, settings.max_pages, clock)
        elif kind == "eml":
            pages, drafts = read_mail(data, path.name, document)
        else:
            text = decode(data)
            if kind == "html":
                found = read_html(text)
            elif kind == "md":
                found = read_markdown(text)
            else:
                found = read_text(text, one_sentence_per_line=one_sentence_per_line)
            pages, drafts = found.pages(document), found.drafts
        if data.startswith(b"PK") and _has_macros(data):
            pages = _noted(pages, "bevat macro's, niet uitgevoerd")
        return _finish(path, document, pages, drafts)
    except (MvoiError, MemoryError):
        raise
    except Exception as error:  # whatever a library lets through, the user hears which file it was
        raise TextError(
            f"{path.name}: cannot be read ({type(error).__name__}: {str(error)[:200]})",
            hint="open the file and save it again; when that fails too, ask for a new copy",
        ) from error


def _finish(path: Path, document: str, pages: tuple[Page, ...], drafts: list[Draft]) -> Reading:
    if not pages:
        raise TextError(f"{path.name}: no text, the file has no pages", hint="ask the organisation for a complete file")
    return Reading(pages=pages, blocks=number_blocks(document, drafts))


def _has_macros(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_MACROS.fullmatch(name) for name in archive.namelist())


def _noted(pages: tuple[Page, ...], note: str) -> tuple[Page, ...]:
    """Add a note to the last page."""
    if not pages:
        return pages
    last = pages[-1]
    return (*pages[:-1], last.model_copy(update={"note": "; ".join(filter(None, (last.note, note)))}))


def _load(path: Path) -> bytes:
    data = path.read_bytes()
    if not data.strip(b"\0 \t\r\n"):
        raise TextError(f"{path.name}: the file is empty", hint="fetch it again; the copy probably went wrong")
    return data


def _check_size(path: Path, settings: TextSettings) -> None:
    if not path.is_file():
        raise TextError(
            f"{path.name}: there is no such file ({path})", hint="correct the column `file` of the register"
        )
    size = path.stat().st_size
    if size > settings.max_megabytes * _MEGABYTE:
        raise TextError(
            f"{path.name}: {size / _MEGABYTE:.0f} MB, more than the limit of {settings.max_megabytes:g} MB",
            hint="raise text.max_megabytes in params.yaml, or store the pictures in it smaller",
        )


def _sniff(path: Path, data: bytes, settings: TextSettings) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _sniff_zip(path, settings)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TextError(
            f"{path.name}: an old or a protected Office file (.doc, .xls, .ppt, .msg, or one with a password)",
            hint="open it in Office, take the password off and save it as .docx, .xlsx, .pptx or, a message, as .eml",
        )
    if looks_like_mail(data, named=path.suffix.lower() == ".eml"):
        return "eml"
    if data.startswith(b"{\\rtf") or _is_binary(data):
        raise TextError(f"{path.name}: not a supported type of file", hint=f"save it as {_KINDS}")
    head = decode(data[:4096])
    if looks_like_html(head) or (path.suffix.lower() in {".html", ".htm"} and re.search(r"<\w+[^>]*>", head)):
        return "html"
    if head.lstrip().startswith("<?xml"):
        raise TextError(f"{path.name}: an XML file, which is not a supported type", hint=f"save it as {_KINDS}")
    return "md" if path.suffix.lower() in {".md", ".markdown"} else "txt"


def _sniff_zip(path: Path, settings: TextSettings) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            inflated = sum(member.file_size for member in members)
            names = {member.filename for member in members}
            odf = is_opendocument(archive)
    except zipfile.BadZipFile as error:
        raise TextError(
            f"{path.name}: a damaged Office file ({error})",
            hint="fetch it again; the copy was probably cut off",
        ) from error
    if inflated > settings.max_megabytes * _MEGABYTE:
        raise TextError(
            f"{path.name}: unpacks to {inflated / _MEGABYTE:.0f} MB, more than the limit of "
            f"{settings.max_megabytes:g} MB",
            hint="raise text.max_megabytes in params.yaml only when you trust the file",
        )
    packed = sum(member.compress_size for member in members)
    if inflated > _BOMB_FROM * _MEGABYTE and inflated > _BOMB_RATIO * max(packed, 1):
        raise TextError(
            f"{path.name}: unpacks to {inflated / max(packed, 1):.0f} times its size, which no document does",
            hint="do not open it; ask the organisation for another copy",
        )
    for member, kind in _OFFICE.items():
        if member in names:
            return kind
    if odf:
        return "odf"
    raise TextError(f"{path.name}: a zip file, but not of Office or OpenDocument", hint=f"unpack it and use {_KINDS}")


def _is_binary(data: bytes) -> bool:
    head = data[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    odd = sum(head.count(bytes([byte])) for byte in (*range(8), *range(14, 27), *range(28, 32)))
    return b"\0" in head or odd > len(head) * 0.02
