"""Bad input: every file ends in text or in one clear error, within its limits, and the next file is read as usual."""

import io
import time
import zipfile
import zlib

import docx
import openpyxl
import pytest
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from mvoi_nlp.errors import TextError
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import read_document

LIMITS = TextSettings(max_seconds=8, max_memory_megabytes=400, max_pages=60, max_megabytes=30)
PATIENCE = 15  # seconds, the grace of the guard and a start of a reader included
TEXT = "Wij kiezen voor schone bussen."


# what they are made with


def pdf(*pages, **options):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1, **options)
    for page in pages or (lambda c: c.drawString(60, 780, TEXT),):
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def raw_pdf(*objects, root=1):
    """A PDF of hand-written objects, numbered from 1."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start))
    return out.getvalue()


def one_page(content, *more, page=b"", data=None):
    stream = data or b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> " + page + b" >>",
        stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(more or (b"null",)),
    )


def deflated(size):
    packer = zlib.compressobj(9)
    zeros = b" " * 2**20
    packed = b"".join(packer.compress(zeros) for _ in range(size)) + packer.flush()
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def word(fill=lambda document: document.add_paragraph(TEXT)):
    out = io.BytesIO()
    document = docx.Document()
    fill(document)
    document.save(out)
    return out.getvalue()


def excel(fill=lambda sheet: sheet.append([TEXT, 1])):
    out = io.BytesIO()
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(out)
    return out.getvalue()


def patched(data, member, change):
    """An Office file with one member changed; a change to None leaves it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                content = change(content)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def nested_tables(document):
    cell = document.add_table(1, 1).cell(0, 0)
    for _ in range(300):
        cell = cell.add_table(1, 1).cell(0, 0)
    cell.text = TEXT


def many_breaks(document):
    for _ in range(2000):
        document.add_page_break()
    document.add_paragraph(TEXT)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
LOOP = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
]
FORM = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 4 >>\n"
    b"stream\n/X Do\nendstream"
)
GOOD_PDF, GOOD_WORD, GOOD_EXCEL = pdf(), word(), excel()
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000


def labels(canvas):
    for n in range(6000):
        canvas.drawString(n % 500, n % 800, "x")


def strokes(canvas):
    path = canvas.beginPath()
    for n in range(100_000):
        path.moveTo(n % 590, n % 840)
        path.lineTo((n * 7) % 590, (n * 3) % 840)
    canvas.drawPath(path)


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(out, kind)
    return out.getvalue()


# name -> bytes, and what becomes of it: text that must come out, or a part of the error; None is either
BAD = {
    "leeg.pdf": (b"", "is empty"),
    "spaties.pdf": (b"  \n\t  ", "is empty"),
    "nullen.pdf": (b"\0" * 5000, "is empty"),
    "kop.pdf": (b"%PDF-1.7\n", "damaged|no pages|no text"),
    "rommel.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged|no pages|no text"),
    "half.pdf": (GOOD_PDF[: len(GOOD_PDF) // 2], None),
    "staart.pdf": (GOOD_PDF[:-40], None),
    "wachtwoord.pdf": (pdf(encrypt=pdfencrypt.StandardEncryption("geheim", canPrint=0)), "protected with a password"),
    "eigenaar.pdf": (pdf(encrypt=pdfencrypt.StandardEncryption("", "baas", canPrint=0)), TEXT),
    "nul-bladen.pdf": (raw_pdf(LOOP[0], b"<< /Type /Pages /Kids [] /Count 0 >>"), "no pages|damaged"),
    "kringloop.pdf": (raw_pdf(*LOOP), None),
    "zonder-wortel.pdf": (raw_pdf(b"<< >>", root=9), "damaged|no pages|no text"),
    "bom.pdf": (one_page(b"", data=deflated(900)), "died|memory|longer than|no text|cannot be read"),
    "veel-bladen.pdf": (pdf(*[lambda c: c.drawString(60, 780, TEXT)] * 300), TEXT),
    "vormen.pdf": (one_page(b"/X Do", FORM), None),
    "labels.pdf": (pdf(labels), None),
    "strepen.pdf": (pdf(strokes), None),
    "lengte.pdf": (one_page(b"", data=b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"), None),
    "groot-blad.pdf": (one_page(b"BT /F1 9 Tf (a) Tj ET", page=b"/MediaBox [0 0 1e12 1e12]"), None),
    "min-blad.pdf": (one_page(b"BT /F1 9 Tf (a) Tj ET", page=b"/MediaBox [595 842 0 0]"), None),
    "geen-blad.pdf": (one_page(b"BT /F1 9 Tf (a) Tj ET", page=b"/MediaBox [0 0 0 0]"), None),
    "gek-getal.pdf": (one_page(b"BT /F1 1e39 Tf 1e39 0 0 1e39 -1e39 1e39 Tm (abc) Tj ET"), None),
    "diep.pdf": (one_page(b"q " * 200_000), None),
    "haken.pdf": (one_page(b"[" * 100_000), None),
    "script.pdf": (
        raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ),
        None,
    ),
    "start-programma.pdf": (one_page(b"", page=b"/AA << /O << /S /Launch /F (/bin/sh) >> >>"), None),
    "webpagina.pdf": (b"<!doctype html><html><body><p>" + TEXT.encode() + b"</p></body></html>", TEXT),
    "eigenlijk-word.pdf": (GOOD_WORD, TEXT),
    "eigenlijk-pdf.docx": (GOOD_PDF, TEXT),
    "eigenlijk-excel.docx": (GOOD_EXCEL, TEXT),
    "plaatje.pdf": (picture("PNG"), "not a supported type"),
    "foto.docx": (picture("JPEG"), "not a supported type"),
    "programma.pdf": (b"MZ" + bytes(range(256)) * 20, "not a supported type"),
    "elf.xlsx": (b"\x7fELF" + b"\0\1\2\3" * 900, "not a supported type"),
    "gepakt.docx": (zlib.compress(TEXT.encode() * 200), "not a supported type"),
    "kale-zip.docx": (zipped(brief_dot_txt=TEXT), "a zip file, but"),
    "zip-in-zip.xlsx": (zipped(a_dot_zip=zipped(b_dot_txt=TEXT)), "a zip file, but"),
    "zipbom.docx": (zipped(word__document_dot_xml=b" " * 60_000_000), "unpacks to"),
    "verhouding.xlsx": (zipped(xl__workbook_dot_xml=b"x" * 25_000_000), "times its size"),
    "half.docx": (GOOD_WORD[: len(GOOD_WORD) // 2], "damaged"),
    "zonder-tekst.docx": (patched(GOOD_WORD, DOCUMENT, lambda _: None), "a zip file, but"),
    "kapot.docx": (patched(GOOD_WORD, DOCUMENT, lambda x: x[:-200]), "cannot be read"),
    "gelach.docx": (patched(GOOD_WORD, DOCUMENT, lambda x: LAUGHS + x[x.index(b"<w:document") :]), None),
    "buiten.docx": (
        patched(
            GOOD_WORD,
            DOCUMENT,
            lambda x: (
                b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
                + x[x.index(b"<w:document") :].replace(TEXT.encode(), b"voor &e; na")
            ),
        ),
        None,
    ),
    "sjabloon.docx": (
        patched(
            GOOD_WORD,
            "word/_rels/document.xml.rels",
            lambda x: x.replace(
                b"</Relationships>",
                b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                b'attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/></Relationships>',
            ),
        ),
        TEXT,
    ),
    "macro.docx": (patched(GOOD_WORD, "docProps/core.xml", lambda x: x), TEXT),
    "niets.docx": (word(lambda d: None), None),
    "breuken.docx": (word(many_breaks), None),
    "tabellen.docx": (word(nested_tables), None),
    "half.xlsx": (GOOD_EXCEL[:-300], "damaged"),
    "bereik.xlsx": (
        patched(GOOD_EXCEL, SHEET, lambda x: x.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"')),
        TEXT,
    ),
    "verweg.xlsx": (excel(lambda s: s.cell(1_048_576, 16_384, TEXT)), TEXT),
    "samengevoegd.xlsx": (
        patched(
            GOOD_EXCEL,
            SHEET,
            lambda x: x.replace(
                b"</sheetData>",
                b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
            ),
        ),
        "merged ranges",
    ),
    "kapot.xlsx": (patched(GOOD_EXCEL, SHEET, lambda x: x[:-60]), "cannot be read"),
    "zonder-blad.xlsx": (patched(GOOD_EXCEL, SHEET, lambda _: None), None),
    "gelach.xlsx": (patched(GOOD_EXCEL, SHEET, lambda x: LAUGHS + x[x.index(b"<worksheet") :]), None),
    "oud.doc": (OLE, "old or a protected Office file"),
    "wachtwoord.xlsx": (OLE, "old or a protected Office file"),
    "brief.rtf": (b"{\\rtf1 " + TEXT.encode() + b"}", "not a supported type"),
    "data.xml": (b"<?xml version='1.0'?><a>b</a>", "an XML file"),
    "alleen-script.html": (b"<html><script>while(true){}</script></html>", None),
    "diep.html": (b"<html><body>" + b"<div>" * 30_000 + TEXT.encode(), None),
    "tabel.html": (b"<html><table>" + b"<tr><td>" * 5000 + TEXT.encode(), None),
    "lange-regel.txt": (b"woord " * 1_000_000, None),
    "zonder-spatie.txt": (b"x" * 3_000_000, None),
    "nul-erin.txt": (TEXT.encode() + b"\0\0\0\1\2\3" * 400, "not a supported type"),
    "utf16.txt": (TEXT.encode("utf-16"), TEXT),
    "latin.txt": ("Coördinatie kost € 5.".encode("cp1252"), "Coördinatie kost € 5."),
    "merkteken.txt": (b"\xef\xbb\xbf", None),
    "diep.md": (b"> " * 20_000 + TEXT.encode(), None),
}


def test_there_are_enough_of_them():
    assert len(BAD) >= 60


@pytest.mark.parametrize("engine", ["pdfium", "pdfminer"])
@pytest.mark.parametrize("name", BAD)
def test_every_bad_file_ends_in_text_or_in_a_clear_error_within_its_limits(tmp_path, name, engine):
    data, outcome = BAD[name]
    if engine == "pdfminer" and b"%PDF-" not in data[:1024]:
        pytest.skip("no PDF")
    path = tmp_path / name
    path.write_bytes(data)
    started = time.monotonic()
    try:
        reading = read_document(path, "x", LIMITS.model_copy(update={"engine": engine}))
    except TextError as error:
        told = error.message
        assert name in told
        assert error.hint
    else:
        told = "\n".join(block.text for block in reading.blocks)
        assert len(reading.pages) <= LIMITS.max_pages
        assert "localhost" not in told
    assert time.monotonic() - started < PATIENCE
    if outcome:
        assert any(part in told for part in outcome.split("|")), told


def test_after_a_reader_died_the_next_file_is_read(tmp_path):
    for name, data in (("bom.pdf", BAD["bom.pdf"][0]), ("goed.pdf", GOOD_PDF)):
        (tmp_path / name).write_bytes(data)
    with pytest.raises(TextError):
        read_document(tmp_path / "bom.pdf", "x", LIMITS)
    assert read_document(tmp_path / "goed.pdf", "x", LIMITS).blocks[0].text == TEXT


def test_a_missing_file_a_folder_and_one_that_is_too_large(tmp_path):
    (tmp_path / "map.pdf").mkdir()
    (tmp_path / "zwaar.pdf").write_bytes(b"%PDF-" + b"x" * 2_000_000)
    for name, told in (("er-niet", "no such file"), ("map", "no such file"), ("zwaar", "more than the limit")):
        with pytest.raises(TextError, match=told):
            read_document(tmp_path / f"{name}.pdf", "x", LIMITS.model_copy(update={"max_megabytes": 1.0}))


def test_a_reader_that_hangs_is_stopped(tmp_path, monkeypatch):
    (tmp_path / "goed.pdf").write_bytes(GOOD_PDF)
    monkeypatch.setattr("mvoi_nlp.text._guard._GRACE", 0)
    with pytest.raises(TextError, match="longer than 0 seconds"):
        read_document(
            tmp_path / "goed.pdf", "x", TextSettings.model_construct(**LIMITS.model_dump() | {"max_seconds": 0})
        )
    monkeypatch.undo()
    assert read_document(tmp_path / "goed.pdf", "x", LIMITS).blocks[0].text == TEXT
