"""Files in, blocks in reading order out."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from bench.compose._scan import Scan, scan_pdf
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font, PatternFill
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import mvoi_nlp.text
from mvoi_nlp.errors import TextError
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import Reading, draw_reading, ocr_version, read_document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FILLER = "Hier staat gewone tekst die de regel vult tot aan het einde van de regel van dit blad."


ENGINE = {"name": "pdfium"}


def read(path, limits=None, **options) -> Reading:
    limits = (limits or TextSettings()).model_copy(update={"engine": ENGINE["name"]})
    reading = read_document(path, "doc", limits, **options)
    assert_offsets(reading)
    return reading


def assert_offsets(reading: Reading) -> None:
    text = "\n".join(block.text for block in reading.blocks)
    assert [block.number for block in reading.blocks] == list(range(len(reading.blocks)))
    for block in reading.blocks:
        assert text[block.start : block.end] == block.text
        assert "\n" not in block.text
        if block.cells:
            assert " | ".join(block.text[c.start : c.end] for c in block.cells) == block.text
        assert [line.start for line in block.lines] == sorted(line.start for line in block.lines)
        pages = {page.number: page for page in reading.pages}
        for number, (x0, y0, x1, y1) in block.boxes(0, len(block.text)):
            assert 0 <= x0 <= x1 <= pages[number].width
            assert 0 <= y0 <= y1 <= pages[number].height


def texts(reading, kind=None):
    return [block.text for block in reading.blocks if kind in (None, block.kind)]


@pytest.fixture(params=["pdfium", "pdfminer"])
def pdf(tmp_path, request, monkeypatch):
    """Draw a PDF, to be read by both engines: every function draws one page of 595 x 842 points."""
    monkeypatch.setitem(ENGINE, "name", request.param)

    def make(*pages, name="plan.pdf", **options):
        canvas = Canvas(str(tmp_path / name), pagesize=(595, 842), invariant=1, **options)
        for draw in pages:
            canvas.setFont("Helvetica", 10)
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return tmp_path / name

    return make


def lines(canvas, x, y, *rows, font="Helvetica", size=10, step=14):
    canvas.setFont(font, size)
    for number, row in enumerate(rows):
        canvas.drawString(x, y - number * step, row)


def grid(canvas, x, y, widths, height, rows, *, upright=True):
    canvas.setFont("Helvetica", 8)
    for r, row in enumerate(rows):
        left = x
        for width, cell in zip(widths, row, strict=True):
            for n, part in enumerate(cell.split("\n")):
                canvas.drawString(left + 2, y - r * height - 9 - n * 9, part)
            left += width
    for r in range(len(rows) + 1):
        canvas.line(x, y - r * height, x + sum(widths), y - r * height)
    for n in range(len(widths) + 1):
        if upright:
            canvas.line(x + sum(widths[:n]), y, x + sum(widths[:n]), y - len(rows) * height)


def test_the_front_door_has_five_names():
    assert mvoi_nlp.text.__all__ == ["Reading", "count_pages", "draw_reading", "ocr_version", "read_document"]


# PDF


def test_a_paragraph_is_joined_from_its_lines_and_a_heading_stands_apart(pdf):
    def page(c):
        lines(c, 60, 780, "Onze doelen", font="Helvetica-Bold", size=16)
        lines(c, 60, 750, FILLER, "En hier eindigt de alinea.")
        lines(c, 60, 700, FILLER)

    reading = read(pdf(page))
    assert [(b.kind, b.level) for b in reading.blocks] == [("heading", 1), ("paragraph", 0), ("paragraph", 0)]
    assert reading.blocks[1].text == f"{FILLER} En hier eindigt de alinea."
    assert reading.pages[0].status == "gelezen"


def test_levels_of_headings_follow_their_size(pdf):
    def page(c):
        lines(c, 60, 780, "Deel een", size=20)
        lines(c, 60, 740, "Paragraaf", size=14)
        lines(c, 60, 700, "Vet kopje", font="Helvetica-Bold")
        lines(c, 60, 680, FILLER, FILLER)

    assert [(b.text, b.level) for b in read(pdf(page)).blocks if b.kind == "heading"] == [
        ("Deel een", 1),
        ("Paragraaf", 2),
        ("Vet kopje", 3),
    ]


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("wij kiezen voor biodiver-", "siteit in de stad.", "biodiversiteit in"),
        ("wij kiezen voor biodiver -", "siteit in de stad.", "biodiversiteit in"),
        ("wij kiezen voor biodiver\xad", "siteit in de stad.", "biodiversiteit in"),
        ("dit gaat over klimaat-", "en milieubeleid hier.", "klimaat- en milieubeleid"),
        ("wij werken in Noord-", "Holland aan water.", "Noord-Holland"),
        ("minder CO2-", "uitstoot door bussen.", "CO2-uitstoot"),
        ("gebruik de MVI-", "criteria voor inkoop.", "MVI-criteria"),
    ],
)
def test_a_hyphen_at_a_line_end_goes_or_stays(pdf, left, right, joined):
    def page(c):
        lines(c, 60, 780, FILLER, left, right)

    assert joined in texts(read(pdf(page)))[0]


def test_a_word_that_the_document_writes_with_a_hyphen_keeps_it(pdf):
    def page(c):
        lines(c, 60, 780, "De co-creatie van vorig jaar beviel goed en wij gaan door met co-", "creatie.")

    assert texts(read(pdf(page)))[0].endswith("door met co-creatie.")


@pytest.mark.parametrize("gutter", [9, 12, 30])
def test_two_columns_are_read_one_after_the_other_however_they_were_drawn(pdf, gutter):
    left = ["Links staat regel een van deze tekst", "met daarna nog een regel links", "en links de derde regel"] * 3
    right = ["Rechts begint een ander verhaal dat", "op gelijke hoogte staat en dus niet", "erdoorheen mag lopen"] * 3

    def page(c):
        lines(c, 60, 790, "Kop over twee kolommen heen die breed is en doorloopt", size=18)
        edge = 60 + max(c.stringWidth(row, "Helvetica", 10) for row in left) + gutter
        for n, (a, b) in enumerate(zip(left, right, strict=True)):
            lines(c, 60, 750 - 14 * n, a)
            lines(c, edge, 750 - 14 * n, b)

    found = " ".join(texts(read(pdf(page))))
    assert found.index("links de derde regel") < found.index("Rechts begint")
    assert found.count("Links staat regel een van deze tekst met daarna nog een regel links") == 3


def test_a_single_bullet_that_hangs_out_of_the_right_column_does_not_tie_it_to_the_left_one(pdf):
    def page(c):
        lines(c, 60, 780, "• Pensioenfondsen moeten zich zo snel")
        lines(c, 66, 766, "mogelijk terugtrekken uit de fossiele", "industrie en de vee-industrie.")
        lines(c, 300, 780, "• De belastingroute sluit zijn deuren.")
        lines(c, 306, 766, "We maken een einde aan ontwijking door", "bedrijven via ons land.")

    assert texts(read(pdf(page)), "list_item") == [
        "Pensioenfondsen moeten zich zo snel mogelijk terugtrekken uit de fossiele industrie en de vee-industrie.",
        "De belastingroute sluit zijn deuren. We maken een einde aan ontwijking door bedrijven via ons land.",
    ]


def test_a_paragraph_that_goes_on_over_a_column_break_is_one_block(pdf):
    def page(c):
        lines(c, 60, 780, "Wij willen dat elke opdracht in de", "komende jaren laat zien dat zij een", "bijdrage")
        lines(c, 320, 780, "levert aan het klimaat.", "Nog een regel volgt hier in de kolom", "en de laatste regel.")

    assert "een bijdrage levert aan het klimaat." in texts(read(pdf(page)))[0]


def test_a_paragraph_that_goes_on_over_a_page_break_belongs_to_the_first_page(pdf):
    head = lambda c, n: (lines(c, 60, 820, "Gemeente Waterdam", size=8), lines(c, 300, 20, str(n), size=8))  # noqa: E731

    def first(c):
        head(c, 1)
        lines(c, 60, 700, FILLER, "De opdracht loopt door tot het eind van het jaar waarin de")

    def second(c):
        head(c, 2)
        lines(c, 60, 780, "gemeente een nieuwe keuze maakt.", "")
        lines(c, 60, 740, FILLER)

    def third(c):
        head(c, 3)
        lines(c, 60, 780, FILLER)

    reading = read(pdf(first, second, third))
    [block] = [b for b in reading.blocks if "nieuwe keuze" in b.text]
    assert block.page == 1
    assert "waarin de gemeente een nieuwe keuze maakt." in block.text
    assert texts(reading, "running_head") == [t for n in "123" for t in ("Gemeente Waterdam", n)]


def test_bullets_become_list_items_without_their_bullet(pdf):
    def page(c):
        lines(c, 60, 780, FILLER)
        for n, mark in enumerate(("•", "-", "–")):
            lines(c, 70, 750 - 30 * n, mark)
            lines(
                c, 84, 750 - 30 * n, f"Punt {n} is zo lang dat het over twee regels loopt en dus", "hier verder gaat."
            )

    assert texts(read(pdf(page)), "list_item") == [
        f"Punt {n} is zo lang dat het over twee regels loopt en dus hier verder gaat." for n in range(3)
    ]


def test_a_table_gives_one_block_per_row_with_headers(pdf):
    rows = [
        ("Thema", "Doel", "Niveau"),
        ("Klimaat", "10 bestekken\nemissieloos", "basis"),
        ("Circulair", "", "ambitieus"),
    ]

    def page(c):
        lines(c, 60, 790, FILLER)
        grid(c, 60, 760, (90, 150, 90), 26, rows)
        lines(c, 60, 640, FILLER)

    reading = read(pdf(page))
    assert texts(reading, "table_row") == [
        "Thema | Doel | Niveau",
        "Klimaat | 10 bestekken emissieloos | basis",
        "Circulair |  | ambitieus",
    ]
    last = [b for b in reading.blocks if b.kind == "table_row"][-1]
    assert [(c.column, c.header) for c in last.cells] == [(0, "Thema"), (1, "Doel"), (2, "Niveau")]
    assert last.table == 0
    assert [b.kind for b in reading.blocks] == ["paragraph", *["table_row"] * 3, "paragraph"]


def test_a_table_with_rules_between_rows_only_is_still_a_table(pdf):
    rows = [("Opdracht", "Raming", "Start"), ("Asfalt", "2,4 mln", "2025"), ("Catering", "420.000", "2026")]
    reading = read(pdf(lambda c: grid(c, 60, 760, (120, 120, 90), 20, rows, upright=False)))
    assert texts(reading, "table_row") == [" | ".join(row) for row in rows]


def test_text_that_touches_the_next_cell_is_cut_at_the_line_between(pdf):
    def page(c):
        grid(c, 60, 760, (16, 150), 20, [("", "")] * 3)
        for n, row in enumerate(("Nr  Opdracht", "12  Bestrating", "13  Riool")):
            c.drawString(62, 751 - 20 * n, row)

    assert texts(read(pdf(page)), "table_row") == ["Nr | Opdracht", "12 | Bestrating", "13 | Riool"]


def test_a_table_that_goes_on_over_the_page_keeps_its_headers(pdf):
    first = [("Nr", "Opdracht"), ("1", "Asfalt"), ("2", "Bruggen")]
    second = [("3", "Riool"), ("4", "Groen")]
    reading = read(
        pdf(lambda c: grid(c, 60, 200, (60, 150), 20, first), lambda c: grid(c, 60, 780, (60, 150), 20, second))
    )
    rows = [b for b in reading.blocks if b.kind == "table_row"]
    assert [(b.page, b.table, b.cells[1].header) for b in rows] == [
        (1, 0, ""),
        (1, 0, "Opdracht"),
        (1, 0, "Opdracht"),
        (2, 0, "Opdracht"),
        (2, 0, "Opdracht"),
    ]


def test_a_list_of_chapters_with_dot_leaders_is_contents(pdf):
    def page(c):
        lines(c, 60, 790, "Inhoud", size=16)
        lines(c, 60, 760, *(f"{n} Klimaat {'.' * 60} {n + 2}" for n in range(1, 6)))

    reading = read(pdf(page, lambda c: lines(c, 60, 780, FILLER, FILLER, FILLER)))
    assert len(texts(reading, "contents")) == 5
    assert texts(reading, "heading") == ["Inhoud"]


def test_a_picture_without_text_is_not_the_same_as_an_empty_page(pdf):
    from PIL import Image

    image = ImageReader(Image.new("RGB", (20, 20), "grey"))
    reading = read(
        pdf(lambda c: c.drawImage(image, 0, 0, 595, 842), lambda c: None, lambda c: lines(c, 60, 700, FILLER))
    )
    assert [page.status for page in reading.pages] == ["niet leesbaar", "leeg", "gelezen"]


def test_a_scan_with_only_a_printed_page_number_cannot_be_read(pdf):
    from PIL import Image

    image = ImageReader(Image.new("RGB", (20, 20), "grey"))

    def scan(number):
        return lambda c: (c.drawImage(image, 0, 0, 595, 842), lines(c, 300, 20, str(number)))

    assert {page.status for page in read(pdf(scan(1), scan(2), scan(3))).pages} == {"niet leesbaar"}


def test_a_page_that_lies_on_its_side_is_read_upright(pdf):
    def page(c):
        c.translate(595, 0)
        c.rotate(90)
        lines(c, 60, 500, FILLER, "Tweede regel.")

    reading = read(pdf(page))
    assert texts(reading) == [f"{FILLER} Tweede regel."]
    assert reading.pages[0].width == 595
    x0, y0, x1, y1 = reading.blocks[0].box
    assert 0 <= x0 < x1 <= 595
    assert 0 <= y0 < y1 <= 842
    assert y1 - y0 > x1 - x0


def test_a_raised_number_of_a_note_does_not_stick_to_the_word_but_the_square_does(pdf):
    def page(c):
        text = c.beginText(60, 780)
        for part, raised in (
            ("De inkoop", 0),
            ("1", 4),
            (" groeit met 20 m", 0),
            ("2", 4),
            (" per jaar en CO", 0),
            ("2", -2),
            (" daalt.", 0),
        ):
            text.setFont("Helvetica", 6 if raised else 10)
            text.setRise(raised)
            text.textOut(part)
        c.drawText(text)

    assert texts(read(pdf(page))) == ["De inkoop groeit met 20 m2 per jaar en CO2 daalt."]


def test_text_inside_a_form_comes_along(pdf):
    def page(c):
        c.beginForm("kader")
        lines(c, 60, 700, "Tekst in een formulier telt mee.")
        c.endForm()
        c.doForm("kader")

    assert texts(read(pdf(page))) == ["Tekst in een formulier telt mee."]


def test_pages_beyond_the_limit_are_counted_in_the_note_of_the_last_one(pdf):
    path = pdf(*[lambda c: lines(c, 60, 700, FILLER)] * 5)
    reading = read(path, TextSettings(max_pages=2))
    assert len(reading.pages) == 2
    assert reading.pages[-1].note.startswith("3 pagina")


def test_reading_stops_when_the_time_is_over(pdf):
    path = pdf(lambda c: lines(c, 60, 700, FILLER))
    with pytest.raises(TextError, match=r"plan\.pdf.*longer than"):
        read_document(path, "doc", TextSettings.model_construct(max_pages=9, max_megabytes=9, max_seconds=-1))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_stay_on_the_page(pdf, turn):
    def page(c):
        lines(c, 520, 780, "Deze regel loopt over de rand van het papier heen.")
        lines(c, 60, 3, FILLER)
        c.setPageRotation(turn)

    reading = read(pdf(page))
    width, height = reading.pages[0].width, reading.pages[0].height
    for block in reading.blocks:
        x0, y0, x1, y1 = block.box
        assert 0 <= x0 <= x1 <= width
        assert 0 <= y0 <= y1 <= height


# Tables without lines: only white space tells their columns apart


def columns(canvas, x, y, lefts, rows, *, step=16, rights=(), bold=True, size=9):
    """Draw rows without any line: a cell of several lines has them 11 points apart; `rights` end at their x."""
    for number, row in enumerate(rows):
        canvas.setFont("Helvetica-Bold" if bold and number == 0 else "Helvetica", size)
        for column, (left, cell) in enumerate(zip(lefts, row, strict=True)):
            for n, part in enumerate(cell.split("\n")):
                draw = canvas.drawRightString if column in rights else canvas.drawString
                draw(x + left, y - n * 11, part)
        y -= step + 11 * max(cell.count("\n") for cell in row)


BUDGET = [
    ("Opdracht", "Raming", "Gegund", "Toelichting"),
    ("Asfalt en riool", "1.250.000", "998.500", "na drie rondes gegund aan\neen bedrijf uit de streek"),
    ("Catering", "64.000", "-", "loopt door"),
    ("Inhuur van\njuristen en ICT'ers", "310.000", "298.000", "raamovereenkomst"),
    ("", "8.500", "9.200", "meerwerk"),
]
BUDGET_ROWS = [" | ".join(cell.replace("\n", " ") for cell in row) for row in BUDGET]


@pytest.mark.parametrize("bold", [True, False], ids=["bold heads", "plain heads"])
def test_columns_of_text_and_figures_without_any_line_are_a_table(pdf, bold):
    def page(c):
        lines(c, 60, 790, FILLER, FILLER)
        columns(c, 60, 740, (0, 190, 260, 285), BUDGET, rights=(1, 2), bold=bold)
        lines(c, 60, 600, FILLER, FILLER)

    reading = read(pdf(page))
    assert texts(reading, "table_row") == BUDGET_ROWS
    assert [b.kind for b in reading.blocks] == ["paragraph", *["table_row"] * 5, "paragraph"]
    assert [c.header for c in reading.blocks[2].cells] == ["Opdracht", "Raming", "Gegund", "Toelichting"]


def test_rows_that_stand_as_close_as_the_lines_of_their_cells_are_told_apart(pdf):
    reading = read(pdf(lambda c: columns(c, 60, 740, (0, 190, 260, 285), BUDGET, rights=(1, 2), step=11)))
    assert texts(reading, "table_row") == BUDGET_ROWS


def test_a_number_of_a_row_does_not_stick_to_its_name(pdf):
    rows = [("Nr", "Opdracht", "Jaar"), ("1", "Asfalt", "2025"), ("2", "Bruggen", "2026"), ("12", "Riool", "2026")]
    reading = read(pdf(lambda c: columns(c, 60, 740, (0, 22, 140), rows)))
    assert texts(reading, "table_row") == [" | ".join(row) for row in rows]


def test_a_table_without_lines_stands_in_its_own_column_of_the_page(pdf):
    rows = [("Thema", "Doel"), ("Klimaat", "12 bestekken"), ("Circulair", "8 bestekken"), ("Keten", "geen")]
    right = ["Rechts begint een ander verhaal dat", "op gelijke hoogte staat en dus niet", "erdoorheen mag lopen."] * 4

    def page(c):
        lines(c, 60, 780, "Links staat regel een van deze tekst", "met daarna nog een regel links.")
        columns(c, 60, 740, (0, 90), rows, step=14)
        lines(c, 60, 660, "Links gaat het na de tabel verder met", "weer twee regels gewone tekst.")
        lines(c, 300, 780, *right)

    reading = read(pdf(page))
    assert texts(reading, "table_row") == [" | ".join(row) for row in rows]
    assert " ".join(right) in " ".join(texts(reading, "paragraph"))


def test_heads_that_come_back_on_the_next_page_are_those_of_the_same_table(pdf):
    rows = [("Nr", "Opdracht", "Jaar"), *((str(n), f"Perceel {n}", str(2020 + n)) for n in range(1, 9))]

    def page(part):
        return lambda c: columns(c, 60, 780, (0, 40, 140), [rows[0], *part])

    reading = read(pdf(page(rows[1:4]), page(rows[4:7]), page(rows[7:])))
    found = [b for b in reading.blocks if b.kind == "table_row"]
    assert {b.table for b in found} == {0}
    assert [b.text for b in found if b.cells[0].header] == [" | ".join(row) for row in rows[1:]]


def two_texts(c):
    left = [
        "Wij kiezen in de komende jaren voor",
        "opdrachten waarin mensen met afstand",
        "tot werk een plek krijgen en leren.",
    ]
    right = [
        "Bij elke opdracht vragen we ons af of",
        "het ding er al is en of iemand anders",
        "het nog een tijd kan gebruiken.",
    ]
    for x, head, text in ((60, "Social return", left), (300, "Circulair", right)):
        lines(c, x, 780, head, font="Helvetica-Bold")
        lines(c, x, 764, *text)
        lines(c, x, 712, *text)


def address(c):
    lines(c, 60, 780, "Gemeente Waterdam", "Postbus 12", "1234 AB Waterdam")
    for x, label, value in (
        (60, "Datum", "3 mei 2024"),
        (200, "Ons kenmerk", "2024/118"),
        (340, "Behandeld door", "J. Bos"),
    ):
        lines(c, x, 700, label, font="Helvetica-Bold", size=8)
        lines(c, x, 688, value, size=8)
    lines(c, 60, 650, FILLER, FILLER)


def letterhead(c):
    for n, (label, value) in enumerate(
        (("Aan", "het college"), ("Van", "inkoop"), ("Datum", "3 mei"), ("Betreft", "MVOI"))
    ):
        lines(c, 60, 780 - 14 * n, label, font="Helvetica-Bold")
        lines(c, 140, 780 - 14 * n, value)
    lines(c, 60, 700, FILLER, FILLER)


def chapters(c):
    rows = [("Hoofdstuk", "Pagina"), ("Inleiding", "3"), ("Klimaat", "5"), ("Circulair", "9"), ("Keten", "14")]
    columns(c, 60, 780, (0, 300), rows)


def numbered(c):
    lines(c, 60, 780, FILLER)
    for n in range(5):
        lines(c, 70, 740 - 14 * n, f"{n + 1}.")
        lines(c, 95, 740 - 14 * n, f"Punt {n} van de lijst")


@pytest.mark.parametrize("page", [two_texts, address, letterhead, chapters, numbered])
def test_texts_beside_each_other_that_are_no_table_do_not_become_one(pdf, page):
    assert texts(read(pdf(page)), "table_row") == []


# Colours of cells: the words for them are the same in every format


LIGHTS = {"7CB342": "groen", "92D050": "groen", "C6EFCE": "groen", "F9A825": "oranje", "FFC000": "oranje"} | {
    "FFFF00": "geel",
    "C62828": "rood",
    "FF0000": "rood",
    "BFBFBF": "grijs",
}
NO_LIGHTS = ("FFFFFF", "000000", "154273", "DCE6F1", "E7F0E2", "F2F2F2")


@pytest.mark.parametrize("sideways", [False, True])
def test_a_cell_without_words_says_its_colour(pdf, sideways):
    colours = [*LIGHTS, *NO_LIGHTS]

    def page(c):
        if sideways:
            c.translate(595, 0)
            c.rotate(90)
        for n, colour in enumerate(colours, start=1):
            c.setFillColor(f"#{colour}")
            c.rect(150, 560 - 20 * (n + 1), 60, 20, stroke=0, fill=1)
        c.setFillColor("black")
        rows = [("Doel", "Stand", "Wie"), *((f"D{n}", "", "AB") for n, _ in enumerate(colours))]
        grid(c, 60, 560, (90, 60, 90), 20, rows)

    said = [*LIGHTS.values(), *[""] * len(NO_LIGHTS)]
    assert texts(read(pdf(page)), "table_row")[1:] == [f"D{n} | {word} | AB" for n, word in enumerate(said)]


def test_a_colour_behind_the_words_of_a_row_says_nothing_and_a_tick_keeps_its_mark(pdf):
    def page(c):
        for top, left, wide, colour in ((0, 60, 240, "#7cb342"), (20, 60, 240, "#f9a825"), (40, 150, 60, "#c62828")):
            c.setFillColor(colour)
            c.rect(left, 740 - top, wide, 20, stroke=0, fill=1)
        c.setFillColor("white")
        c.rect(210, 720, 90, 20, stroke=0, fill=1)
        c.setFillColor("black")
        grid(c, 60, 760, (90, 60, 90), 20, [("Doel", "", "Wie"), ("Groen dak", "", ""), ("Meubels", "-", "AB")])

    assert texts(read(pdf(page)), "table_row") == ["Doel |  | Wie", "Groen dak |  | ", "Meubels | - rood | AB"]


# Files that cannot be read


def test_a_protected_pdf_is_refused_with_a_way_out(pdf):
    path = pdf(lambda c: lines(c, 60, 700, FILLER), encrypt=pdfencrypt.StandardEncryption("geheim"))
    with pytest.raises(TextError, match=r"plan\.pdf.*password") as caught:
        read(path)
    assert caught.value.hint


def test_a_pdf_that_was_cut_off_is_refused(pdf):
    path = pdf(lambda c: lines(c, 60, 700, *[FILLER] * 40))
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(TextError, match=r"plan\.pdf"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("leeg.pdf", b"", "empty"),
        ("leeg.docx", b"\0\0\0", "empty"),
        ("kop.pdf", b"%PDF-1.7\n", "PDF"),
        ("oud.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Office"),
        ("foto.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "supported"),
        ("half.docx", b"PK\x03\x04" + b"a" * 100, "damaged"),
        ("brief.rtf", b"{\\rtf1 hallo}", "supported"),
    ],
)
def test_what_cannot_be_read_is_named_with_cause_and_hint(tmp_path, name, content, cause):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TextError, match=rf"{re.escape(name)}.*{cause}") as caught:
        read(path)
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TextError, match=r"weg\.pdf"):
        read(tmp_path / "weg.pdf")


def test_a_zip_that_unpacks_too_far_is_refused_before_it_does(tmp_path):
    path = tmp_path / "bom.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 3_000_000)
    with pytest.raises(TextError, match="unpacks to"):
        read(path, TextSettings(max_megabytes=2))


def test_a_file_above_the_limit_is_refused(tmp_path):
    path = tmp_path / "groot.txt"
    path.write_bytes(b"a " * 2_000_000)
    with pytest.raises(TextError, match="limit of 1 MB"):
        read(path, TextSettings(max_megabytes=1))


def test_content_counts_and_the_extension_does_not(pdf):
    path = pdf(lambda c: lines(c, 60, 700, FILLER), name="plan.docx")
    assert texts(read(path)) == [FILLER]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf"]),
    content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    suffix=st.sampled_from([".pdf", ".docx", ".xlsx", ".txt", ".md", ".html", ".onzin", ""]),
)
def test_any_bytes_end_in_a_reading_or_a_text_error(tmp_path, start, content, suffix):
    path = tmp_path / f"bestand{suffix}"
    path.write_bytes(start + content)
    try:
        read(path)
    except TextError as error:
        assert path.name in str(error)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_office_file_ends_in_a_reading_or_a_text_error(tmp_path, data):
    document = docx.Document()
    document.add_paragraph("Tekst")
    buffer = io.BytesIO()
    document.save(buffer)
    content = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "kapot.docx"
    path.write_bytes(bytes(content))
    try:
        read(path)
    except TextError as error:
        assert "kapot.docx" in str(error)


def test_pages_are_drawn_with_their_blocks_where_they_stand(pdf, tmp_path):
    def page(c):
        lines(c, 60, 780, "Onze doelen", font="Helvetica-Bold", size=16)
        lines(c, 60, 400, FILLER)

    path = pdf(page, lambda c: lines(c, 60, 780, FILLER))
    drawn = list(draw_reading(path, read(path), tmp_path / "uit"))
    assert [p.name for p in drawn] == ["plan-001.png", "plan-002.png"]
    picture = Image.open(drawn[0]).convert("RGB")
    scale = picture.height / 842
    edge = [picture.getpixel((round(58.5 * scale), round((842 - y) * scale))) for y in (785, 403, 600)]
    heading, paragraph, nothing = edge
    assert heading == (0xC2, 0x18, 0x5B)
    assert paragraph == (0x15, 0x65, 0xC0)
    assert nothing == (255, 255, 255)


def test_a_quote_leads_back_to_its_printed_lines_over_hyphen_and_page(pdf):
    last = "Wij kopen vanaf volgend jaar alleen nog de zuinigste voer-"

    def first(c):
        lines(c, 60, 700, FILLER, "\u2022 Een punt over de of\ufb01ci\xeble inkoop", step=40)
        lines(c, 60, 100, last)

    def second(c):
        lines(c, 60, 780, "tuigen en machines, en wel voor alle diensten samen in de stad.", "Slot van dit stuk.")

    reading = read(pdf(first, second))
    block = next(b for b in reading.blocks if "voertuigen" in b.text)
    at = block.text.index("voertuigen")
    (page, box), (then, below) = block.boxes(at, at + len("voertuigen"))
    assert (page, then) == (1, 2)
    assert 95 < box[1] < 102 < below[1]
    [(page, box)] = block.boxes(at + len("voertuigen en"), at + len("voertuigen en machines"))
    assert page == 2
    assert 775 < box[1] < box[3] < 792
    item = next(b for b in reading.blocks if b.kind == "list_item")
    assert [line.start for line in item.lines] == [0]


def test_a_quote_is_marked_on_its_page_only(pdf, tmp_path):
    path = pdf(lambda c: lines(c, 60, 780, FILLER), lambda c: lines(c, 60, 400, "Een heel ander verhaal staat hier."))
    [drawn] = draw_reading(path, read(path), tmp_path / "uit", "heel ander verhaal")
    assert drawn.name == "plan-002.png"
    picture = Image.open(drawn).convert("RGB")
    scale = picture.height / 842
    inside = [picture.getpixel((round(x * scale), round((842 - 398.8) * scale))) for x in range(62, 200)]
    assert any(blue < green - 60 for _, green, blue in inside)  # yellow
    with pytest.raises(TextError, match="the quote is not in the text"):
        list(draw_reading(path, read(path), tmp_path / "uit", "dit staat er niet"))


def test_a_page_without_sense_gets_a_second_opinion(pdf, monkeypatch):
    """One engine reads letters that make no words; the other one reads the page."""
    path = pdf(lambda c: lines(c, 60, 700, *[FILLER] * 4), lambda c: lines(c, 60, 700, *[FILLER] * 4))
    name = ENGINE["name"]
    draw = mvoi_nlp.text._pdf.ENGINES[name]

    def garble(*arguments):
        canvases, left_out = draw(*arguments)
        for piece in canvases[1].pieces:
            piece.text = piece.text.translate(str.maketrans("aeiou", "xqzvw"))
        return canvases, left_out

    monkeypatch.setitem(mvoi_nlp.text._pdf.ENGINES, name, garble)
    first, second = read(path, guarded=False).pages
    assert (first.engine, first.note) == (name, "")
    assert second.engine != name
    assert re.match(r"twijfelachtig: \w+ en \w+ lezen \d+% van de woorden anders", second.note)


def test_only_a_pdf_can_be_drawn(tmp_path):
    (tmp_path / "a.txt").write_text("Wij kiezen klimaat.", encoding="utf-8")
    with pytest.raises(TextError, match=r"a\.txt: only a PDF"):
        list(draw_reading(tmp_path / "a.txt", read(tmp_path / "a.txt"), tmp_path))


SCANNED = ("Wij kiezen in deze periode voor schone voertuigen.", "De oude planken gaan naar het buurthuis aan de kade.")


@pytest.fixture
def scan(pdf, tmp_path):
    """A page that is a picture of two sentences."""
    clean = pdf(lambda c: lines(c, 60, 780, *SCANNED, size=14, step=40), name="schoon.pdf")
    scan_pdf(clean, tmp_path / "scan.pdf", Scan("letter", 300, text=False), seed=1)
    return tmp_path / "scan.pdf"


@pytest.mark.skipif(not ocr_version(), reason="tesseract with nld is not installed")
def test_a_page_that_is_a_picture_is_read_by_tesseract_and_says_so(scan):
    reading = read(scan)
    assert " ".join(texts(reading)) == " ".join(SCANNED)
    [page] = reading.pages
    assert (page.status, page.engine) == ("gelezen", "tesseract")
    assert "tekstherkenning" in page.note
    boxes = [block.box for block in reading.blocks]
    assert all(50 < box[0] < 70 and 700 < box[1] < box[3] < 810 for box in boxes)


def test_without_tesseract_a_picture_is_not_read_and_never_empty(scan, monkeypatch):
    monkeypatch.setattr("mvoi_nlp.text._pdf.ocr_version", lambda: "")
    [page] = read_document(scan, "doc", TextSettings(), guarded=False).pages
    assert (page.status, page.note) == ("niet leesbaar", "afbeelding zonder tekst")


# Word


@pytest.fixture
def word(tmp_path):
    """Save a Word document that a function fills."""

    def make(fill):
        document = docx.Document()
        fill(document)
        document.save(str(tmp_path / "plan.docx"))
        return tmp_path / "plan.docx"

    return make


def test_word_is_read_in_the_order_of_its_body(word):
    def fill(document):
        document.add_heading("Doelen", 2)
        document.add_paragraph("Eerst een alinea.")
        document.add_paragraph("Een punt", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(
            [c for row in table.rows for c in row.cells], ("Thema", "Doel", "Klimaat", "10%"), strict=True
        ):
            cell.text = text
        document.add_paragraph("Daarna nog een.")

    reading = read(word(fill))
    assert [(b.kind, b.text) for b in reading.blocks] == [
        ("heading", "Doelen"),
        ("paragraph", "Eerst een alinea."),
        ("list_item", "Een punt"),
        ("table_row", "Thema | Doel"),
        ("table_row", "Klimaat | 10%"),
        ("paragraph", "Daarna nog een."),
    ]
    assert reading.blocks[0].level == 2
    assert [c.header for c in reading.blocks[4].cells] == ["Thema", "Doel"]


def test_word_text_that_was_inserted_counts_and_deleted_text_does_not(word):
    def fill(document):
        p = document.add_paragraph("Wij kopen ")
        p._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>circulair</w:t></w:r></w:ins>"))
        p._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>goedkoop</w:delText><w:t>duur</w:t></w:r></w:del>"))
        p.add_run(" in.")

    assert texts(read(word(fill))) == ["Wij kopen circulair in."]


def test_word_placeholders_of_a_form_are_left_out_and_answers_are_not(word):
    def fill(document):
        for mark, text in (("<w:showingPlcHdr/>", "Klik om tekst in te voeren"), ("", "Ons antwoord")):
            content = f"<w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:sdtContent>"
            control = parse_xml(f"<w:sdt {W}><w:sdtPr>{mark}</w:sdtPr>{content}</w:sdt>")
            document.element.body.insert(0, control)

    assert texts(read(word(fill))) == ["Ons antwoord"]


def test_word_text_boxes_count_once(word):
    box = "<w:txbxContent><w:p><w:r><w:t>Onze ambitie</w:t></w:r></w:p></w:txbxContent>"
    drawing = (
        f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    assert texts(read(word(lambda d: d.add_paragraph("Tekst.")._p.append(parse_xml(drawing))))) == [
        "Tekst.",
        "Onze ambitie",
    ]


def test_word_pages_are_counted_by_breaks_and_one_break_counts_once(word):
    laid_out = f"<w:r {W}><w:lastRenderedPageBreak/><w:t>Drie</w:t></w:r>"

    def fill(document):
        document.add_paragraph("Een")
        document.add_page_break()
        p = document.add_paragraph()
        p._p.append(parse_xml(laid_out.replace("Drie", "Twee")))
        document.add_paragraph()._p.append(parse_xml(laid_out))

    reading = read(word(fill))
    assert [(b.text, b.page) for b in reading.blocks] == [("Een", 1), ("Twee", 2), ("Drie", 3)]
    assert len(reading.pages) == 3


def test_word_rows_repeat_a_cell_that_is_merged_downwards(word):
    def fill(document):
        table = document.add_table(rows=3, cols=2)
        for row, cells in zip(table.rows, (("Thema", "Doel"), ("Klimaat", "een"), ("", "twee")), strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert texts(read(word(fill))) == ["Thema | Doel", "Klimaat | een", "Klimaat | twee"]


def test_word_a_frame_of_one_cell_is_no_table(word):
    def fill(document):
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Een kader om tekst."

    assert [b.kind for b in read(word(fill)).blocks] == ["paragraph"]


# Excel


@pytest.fixture
def excel(tmp_path):
    """Save a workbook that a function fills."""

    def make(fill):
        book = openpyxl.Workbook()
        fill(book)
        book.save(str(tmp_path / "kalender.xlsx"))
        return tmp_path / "kalender.xlsx"

    return make


def test_excel_leaves_hidden_rows_and_columns_out_and_says_so(excel):
    def fill(book):
        sheet = book.active
        sheet.title = "Kalender"
        for row in (["Naam", "Intern", "Jaar"], ["Groen", "geheim", 2025], ["Oud", "x", 2019], ["ICT", "y", 2026]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    reading = read(excel(fill))
    assert texts(reading) == ["Naam | Jaar", "Groen | 2025", "ICT | 2026"]
    assert reading.pages[-1].note == "verborgen delen overgeslagen: Kalender (1 rij, 1 kolom)"


def test_excel_shows_values_as_a_dutch_reader_sees_them(excel):
    import datetime

    def fill(book):
        sheet = book.active
        sheet.append(["Opdracht", "Start", "Aandeel", "Raming", "Factor", "Nr"])
        sheet.append(["Asfalt", datetime.datetime(2024, 5, 14), 0.35, 1234567.5, 2.5, 7])
        for cell, form in (("B2", "dd-mm-yyyy"), ("C2", "0%"), ("D2", '"€" #,##0.00')):
            sheet[cell].number_format = form

    reading = read(excel(fill))
    assert texts(reading)[1] == "Asfalt | 14-05-2024 | 35% | € 1.234.567,50 | 2,5 | 7"
    assert reading.blocks[1].cells[2].header == "Aandeel"


def test_excel_and_word_say_the_colour_of_a_cell_without_words(excel, word):
    colours = [*LIGHTS, *NO_LIGHTS]
    expected = ["Doel |  | Wie", *(f"D{n} | {LIGHTS.get(c, '')} | AB" for n, c in enumerate(colours)), "Som |  | AB"]
    rows = [("Doel", "", "Wie"), *((f"D{n}", "", "AB") for n, _ in enumerate(colours)), ("Som", "", "AB")]
    fills = [("92D050",) * 3, *(("", colour, "") for colour in colours), ("FFC000",) * 3]  # head, lights, total

    def workbook(book):
        for n, (row, fill) in enumerate(zip(rows, fills, strict=True), start=1):
            for column, (text, colour) in enumerate(zip(row, fill, strict=True), start=1):
                cell = book.active.cell(n, column, text or None)
                if colour:
                    cell.fill = PatternFill("solid", fgColor=colour)
            book.active.cell(n, 7).fill = PatternFill("solid", fgColor="FF0000")  # beside the table

    def document(new):
        table = new.add_table(len(rows), 3)
        for line, row, fill in zip(table.rows, rows, fills, strict=True):
            for cell, text, colour in zip(line.cells, row, fill, strict=True):
                cell.text = text
                if colour:
                    shade = f'<w:shd {W} w:val="clear" w:color="auto" w:fill="{colour}"/>'
                    cell._tc.get_or_add_tcPr().append(parse_xml(shade))

    assert texts(read(excel(workbook)), "table_row") == expected
    assert texts(read(word(document)), "table_row") == expected


def test_excel_hidden_sheets_are_left_out_and_the_note_says_so(excel):
    def fill(book):
        book.active.title = "Kalender"
        book.active["A1"] = "Kalender"
        hidden = book.create_sheet("Geheim")
        hidden["A1"] = "Niet lezen"
        hidden.sheet_state = "hidden"

    reading = read(excel(fill))
    assert texts(reading) == ["Kalender"]
    assert [(p.name, p.note) for p in reading.pages] == [("Kalender", "verborgen bladen overgeslagen: Geheim")]


def test_excel_tables_headings_and_loose_lines_are_told_apart(excel):
    def fill(book):
        sheet = book.active
        sheet["A1"], sheet["A2"] = "Kalender 2024", "Bedragen in euro's."
        rows = [("Nr", "Opdracht"), (1, "Asfalt"), ("totaal volgt", None), (2, "Groen")]
        for n, row in enumerate(rows, start=4):
            for column, value in enumerate(row, start=1):
                sheet.cell(n, column, value)
                sheet.cell(n, column).font = Font(bold=n == 4)

    reading = read(excel(fill))
    assert [(b.kind, b.text) for b in reading.blocks] == [
        ("heading", "Kalender 2024"),
        ("paragraph", "Bedragen in euro's."),
        ("table_row", "Nr | Opdracht"),
        ("table_row", "1 | Asfalt"),
        ("paragraph", "totaal volgt"),
        ("table_row", "2 | Groen"),
    ]
    assert [c.header for c in reading.blocks[-1].cells] == ["Nr", "Opdracht"]


def test_excel_a_merged_cell_counts_for_every_row_that_it_covers(excel):
    def fill(book):
        sheet = book.active
        for row in (("Thema", "Doel"), ("Klimaat", "een"), (None, "twee")):
            sheet.append(row)
        sheet.merge_cells("A2:A3")

    assert texts(read(excel(fill))) == ["Thema | Doel", "Klimaat | een", "Klimaat | twee"]


def test_excel_a_cell_far_away_does_not_make_it_slow(excel):
    def fill(book):
        book.active["A1"] = "Eerste"
        book.active["XFD1048576"] = "Laatste"

    assert texts(read(excel(fill))) == ["Eerste", "Laatste"]


def test_excel_merged_columns_without_end_are_refused(excel, tmp_path):
    path = excel(lambda book: book.active.append(["a", "b"]))
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", merge)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    with pytest.raises(TextError, match="merged ranges"):
        read(path)


# Text, Markdown, HTML


def test_text_is_cut_at_blank_lines(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text("Eerste regel\nloopt door.\n\n- een punt\n- nog een\n", encoding="utf-8")
    assert [(b.kind, b.text) for b in read(path).blocks] == [
        ("paragraph", "Eerste regel loopt door."),
        ("list_item", "een punt"),
        ("list_item", "nog een"),
    ]


def test_text_of_old_windows_keeps_its_accents(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_bytes("Coördinatie kost €\xa03.".encode("cp1252"))
    assert texts(read(path)) == ["Coördinatie kost € 3."]


@given(sentences=st.lists(st.text(max_size=40), max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_sentence_per_line_gives_a_block_for_every_line_with_text(tmp_path, sentences):
    path = tmp_path / "zinnen.txt"
    path.write_text("Begin.\n" + "\n".join(sentences), encoding="utf-8", errors="replace")
    try:
        reading = read(path, one_sentence_per_line=True)
    except TextError:  # control characters make it a binary file
        return
    written = path.read_text(encoding="utf-8").splitlines()
    assert {b.kind for b in reading.blocks} == {"paragraph"}
    assert len(reading.blocks) <= len([line for line in written if line.strip()])
    for block in reading.blocks:
        assert block.text == " ".join(block.text.split())


def test_one_sentence_per_line_does_not_join_or_drop_lines(tmp_path):
    path = tmp_path / "zinnen.txt"
    path.write_text("- Eerste zin\n\n  tweede zin.\nDerde ..... 3\n", encoding="utf-8")
    assert texts(read(path, one_sentence_per_line=True)) == ["- Eerste zin", "tweede zin.", "Derde ..... 3"]


def test_markdown_headings_tables_and_items_are_known(tmp_path):
    path = tmp_path / "plan.md"
    path.write_text("## Doelen\nTekst.\n\n* punt\n\n| Thema | Doel |\n|---|---|\n| Klimaat | 10 |\n", encoding="utf-8")
    assert [(b.kind, b.level, b.text) for b in read(path).blocks] == [
        ("heading", 2, "Doelen"),
        ("paragraph", 0, "Tekst."),
        ("list_item", 0, "punt"),
        ("table_row", 0, "Thema | Doel"),
        ("table_row", 0, "Klimaat | 10"),
    ]


def test_html_is_cut_at_its_blocks_and_scripts_are_left_out(tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(
        "<html><head><title>t</title></head><body><h2>Doelen</h2>los<p>Een <b>vette</b> alinea</p><script>x()</script>"
        "<ul><li>punt<ul><li>onder</li></ul></li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>"
        "</table></body></html>",
        encoding="utf-8",
    )
    reading = read(path)
    assert [(b.kind, b.text) for b in reading.blocks] == [
        ("heading", "Doelen"),
        ("paragraph", "los"),
        ("paragraph", "Een vette alinea"),
        ("list_item", "punt"),
        ("list_item", "onder"),
        ("table_row", "A | B"),
        ("table_row", "1 | 2"),
    ]
    assert [c.header for c in reading.blocks[-1].cells] == ["A", "B"]
