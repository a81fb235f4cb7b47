"""OpenDocument, PowerPoint, mail and files with macros: built here, read there."""

import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from mvoi_nlp.errors import TextError
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import Reading, read_document

ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{prefix}="{ODF}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
TYPE = "application/vnd.oasis.opendocument"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PPT = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}"'


def read(path, limits=None) -> Reading:
    reading = read_document(path, "doc", limits or TextSettings(), guarded=False)
    text = "\n".join(block.text for block in reading.blocks)
    assert [block.number for block in reading.blocks] == list(range(len(reading.blocks)))
    for block in reading.blocks:
        assert text[block.start : block.end] == block.text
        if block.cells:
            assert " | ".join(block.text[c.start : c.end] for c in block.cells) == block.text
    return reading


def texts(reading, kind=None):
    return [block.text for block in reading.blocks if kind in (None, block.kind)]


def kinds(reading):
    return [(block.kind, block.text) for block in reading.blocks]


def note(reading):
    return reading.pages[-1].note


def save(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def p(text, style=""):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def cell(text="", **attributes):
    said = "".join(f' table:number-{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell{said}>{p(text) if text else ''}</table:table-cell>"


def row(*cells, **attributes):
    said = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    filled = "".join(c if c.startswith("<") else cell(c) for c in cells)
    return f"<table:table-row{said}>{filled}</table:table-row>"


def table(*rows, name="Tabel1", style="", columns=""):
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def style(family, name, properties="", **attributes):
    said = "".join(f' style:{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<style:style style:family="{family}" style:name="{name}"{said}>{properties}</style:style>'


HIDDEN = style("table", "weg", '<style:table-properties table:display="false"/>')
BREAK = style("paragraph", "nieuw", '<style:paragraph-properties fo:break-before="page"/>')
BOLD = style("table-cell", "vet", '<style:text-properties fo:font-weight="bold"/>')


@pytest.fixture
def opendocument(tmp_path):
    """Save the body of an ODT, or of an ODS, with its styles."""

    def make(body, *, kind="text", styles="", common="", name="plan.odt", **members):
        content = (
            f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
        )
        parts = {
            "mimetype": f"{TYPE}.{kind}",
            "content.xml": content,
            "styles.xml": f"<office:document-styles {SPACES}><office:styles>{common}</office:styles>"
            "</office:document-styles>",
        }
        return save(tmp_path / name, parts | members.pop("extra", {}))

    return make


@pytest.fixture
def sheets(opendocument):
    return lambda *tables, **options: opendocument("".join(tables), kind="spreadsheet", name="kalender.ods", **options)


# OpenDocument text


def test_odt_headings_have_the_level_of_their_outline_and_a_title_the_first(opendocument):
    body = (
        p("Actieplan", "P1")
        + '<text:h text:outline-level="2">Onze <text:span>doelen</text:span></text:h>'
        + p("Een<text:s text:c='3'/>alinea<text:line-break/>loopt<text:tab/>door.")
    )
    styles = style("paragraph", "P1", parent_style_name="Title")
    reading = read(opendocument(body, styles=styles, common=style("paragraph", "Title")))
    assert [(b.kind, b.level, b.text) for b in reading.blocks] == [
        ("heading", 1, "Actieplan"),
        ("heading", 2, "Onze doelen"),
        ("paragraph", 0, "Een alinea loopt door."),
    ]


def test_odt_items_of_a_list_and_of_a_list_in_it_are_list_items(opendocument):
    inner = f"<text:list><text:list-item>{p('dieper')}</text:list-item></text:list>"
    body = f"<text:list><text:list-item>{p('punt')}{inner}</text:list-item><text:list-item>{p('nog een')}"
    assert kinds(read(opendocument(body + "</text:list-item></text:list>" + p("Daarna.")))) == [
        ("list_item", "punt"),
        ("list_item", "dieper"),
        ("list_item", "nog een"),
        ("paragraph", "Daarna."),
    ]


def test_odt_a_numbered_heading_in_a_list_stays_a_heading(opendocument):
    heading = '<text:h text:outline-level="1">Doelen</text:h>'
    body = f"<text:list><text:list-item>{heading}</text:list-item></text:list>"
    assert kinds(read(opendocument(body))) == [("heading", "Doelen")]


def test_odt_a_table_gives_rows_with_headers(opendocument):
    header = f"<table:table-header-rows>{row('Thema', 'Doel')}</table:table-header-rows>"
    reading = read(opendocument(p("Voor.") + table(header, row("Klimaat", "")) + table(row("A", "B"))))
    assert kinds(reading)[1:3] == [("table_row", "Thema | Doel"), ("table_row", "Klimaat | ")]
    assert [(c.column, c.header) for c in reading.blocks[2].cells] == [(0, "Thema"), (1, "Doel")]
    assert [b.table for b in reading.blocks] == [None, 0, 0, 1]


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_odf_a_cell_without_words_says_its_colour(opendocument, kind):
    fills = {"groen": "#92d050", "oranje": "#ffc000", "rood": "#ff0000", "blauw": "#154273", "leeg": "transparent"}
    styles = "".join(
        style("table-cell", name, f'<style:table-cell-properties fo:background-color="{colour}"/>')
        for name, colour in fills.items()
    )

    def painted(text, name):
        return cell(text).replace("<table:table-cell", f'<table:table-cell table:style-name="{name}"', 1)

    rows = [row(painted("Doel", "groen"), painted("", "groen"), painted("Wie", "groen"))]
    rows += [row(f"D{n}", painted("", name), "AB") for n, name in enumerate(fills)]
    beyond = cell(columns_repeated=9000).replace("<table:table-cell", '<table:table-cell table:style-name="rood"', 1)
    rows += [row("D5", painted("-", "rood"), "AB", *[beyond] * (kind == "spreadsheet"))]
    path = opendocument(table(*rows), kind=kind, styles=styles, name="plan.odt" if kind == "text" else "plan.ods")
    assert texts(read(path), "table_row") == [
        "Doel |  | Wie",
        "D0 | groen | AB",
        "D1 | oranje | AB",
        "D2 | rood | AB",
        "D3 |  | AB",
        "D4 |  | AB",
        "D5 | - rood | AB",
    ]


def test_odt_a_cell_merged_downwards_counts_in_its_rows_and_sideways_once(opendocument):
    covered = "<table:covered-table-cell/>"
    rows = (
        row("Thema", "Doel", "Jaar"),
        row(cell("Klimaat", rows_spanned=2), "een", "2024"),
        row(covered, "twee", "2025"),
        row(cell("Breed", columns_spanned=2), covered, "2026"),
    )
    assert texts(read(opendocument(table(*rows))))[1:] == [
        "Klimaat | een | 2024",
        "Klimaat | twee | 2025",
        "Breed |  | 2026",
    ]


def test_odt_text_in_a_frame_of_one_cell_is_no_table(opendocument):
    assert kinds(read(opendocument(table(row("Een kader om tekst."))))) == [("paragraph", "Een kader om tekst.")]


def test_odt_text_boxes_follow_their_paragraph(opendocument):
    box = f"<draw:frame><draw:text-box>{p('In het kader.')}</draw:text-box><svg:title>Niet dit</svg:title></draw:frame>"
    shape = f"<draw:g><draw:custom-shape>{p('In de vorm.')}</draw:custom-shape></draw:g>"
    reading = read(opendocument(p(f"Tekst {box}loopt{shape} door.") + p("Slot.")))
    assert texts(reading) == ["Tekst loopt door.", "In het kader.", "In de vorm.", "Slot."]


def test_odt_footnotes_are_kept_apart_and_their_number_goes(opendocument):
    remark = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('Zie de wet.')}</text:note-body></text:note>"
    )
    assert kinds(read(opendocument(p(f"Wij kopen{remark} in.")))) == [
        ("paragraph", "Wij kopen in."),
        ("footnote", "Zie de wet."),
    ]


def test_odt_comments_and_deleted_text_are_left_out_and_insertions_are_not(opendocument):
    comment = f"<office:annotation>{p('Klopt dit?')}</office:annotation>"
    deleted = f"<text:deletion>{p('goedkoop')}</text:deletion>"
    changes = f"<text:tracked-changes><text:changed-region>{deleted}</text:changed-region></text:tracked-changes>"
    inserted = '<text:change-start text:change-id="i"/>circulair<text:change-end text:change-id="i"/>'
    body = changes + p(f"Wij kopen {comment}{inserted}<text:change text:change-id='d'/> in.")
    assert texts(read(opendocument(body))) == ["Wij kopen circulair in."]


def test_odt_pages_are_counted_by_breaks_and_one_break_counts_once(opendocument):
    soft = "<text:soft-page-break/>"
    body = p("Een", "nieuw") + p("Twee", "nieuw") + soft + p(f"{soft}Drie") + p(f"loopt{soft} door") + p("Vier")
    reading = read(opendocument(body, styles=BREAK))
    assert [(b.text, b.page) for b in reading.blocks] == [
        ("Een", 1),
        ("Twee", 2),
        ("Drie", 3),
        ("loopt door", 3),
        ("Vier", 4),
    ]
    assert len(reading.pages) == 4


def test_odt_a_break_that_a_style_inherits_counts(opendocument):
    child = style("paragraph", "P1", parent_style_name="nieuw")
    reading = read(opendocument(p("Een") + p("Twee", "P1"), styles=child, common=BREAK))
    assert [b.page for b in reading.blocks] == [1, 2]


def test_odt_pages_beyond_the_limit_are_counted_in_the_note(opendocument):
    reading = read(opendocument("".join(p(f"{n}", "nieuw") for n in range(5)), styles=BREAK), TextSettings(max_pages=2))
    assert len(reading.pages) == 2
    assert note(reading).startswith("3 pagina")


def test_odt_hidden_tables_rows_columns_and_sections_are_left_out_and_noted(opendocument):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    shown = table(
        row("Nr", "Geheim", "Doel"),
        row("1", "x", "een", visibility="collapse"),
        row("2", "y", "twee"),
        row("3", "z", ""),
        columns=columns,
    )
    section = f'<text:section text:name="Concept" text:display="none">{p("Nog niet.")}</text:section>'
    reading = read(opendocument(shown + table(row("a", "b"), name="Oud", style="weg") + section, styles=HIDDEN))
    assert texts(reading) == ["Nr | Doel", "2 | twee", "3 | "]
    assert note(reading) == "verborgen delen overgeslagen: Tabel1 (1 rij, 1 kolom), Oud, Concept"


def test_odt_a_table_of_contents_is_contents(opendocument):
    title = f"<text:index-title>{p('Inhoud')}</text:index-title>"
    source = "<text:table-of-content-source><text:index-title-template>Sjabloon</text:index-title-template>"
    body = f"{source}</text:table-of-content-source><text:index-body>{title}{p('Klimaat 3')}</text:index-body>"
    reading = read(opendocument(f"<text:table-of-content>{body}</text:table-of-content>"))
    assert kinds(reading) == [("contents", "Inhoud"), ("contents", "Klimaat 3")]


@pytest.mark.parametrize(
    "extra",
    [
        {"META-INF/manifest.xml": "<m:manifest xmlns:m='x'><m:encryption-data/></m:manifest>", "content.xml": "#\1\2"},
        {"encrypted-package": "\1\2", "content.xml": ""},
    ],
)
def test_odf_with_a_password_is_refused_with_a_way_out(opendocument, extra):
    with pytest.raises(TextError, match=r"plan\.odt.*password") as caught:
        read(opendocument("", extra=extra))
    assert "password" in caught.value.hint


def test_odf_is_known_without_its_mimetype_and_by_another_name(opendocument):
    path = opendocument(p("Tekst."), name="plan.docx", extra={"mimetype": ""})
    assert texts(read(path)) == ["Tekst."]


def test_a_zip_with_a_content_of_another_kind_is_refused(tmp_path):
    with pytest.raises(TextError, match="not of Office"):
        read(save(tmp_path / "boek.odt", {"content.xml": "<boek/>"}))


def test_an_odf_presentation_is_refused_with_a_way_out(opendocument):
    with pytest.raises(TextError) as caught:
        read(opendocument("", kind="presentation", name="praatje.odp"))
    assert ".pptx" in caught.value.hint


def test_odf_entities_are_not_opened(opendocument, tmp_path):
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    path = opendocument(p("Tekst &ext;."))
    content = zipfile.ZipFile(path).read("content.xml").decode()
    kind = f'<!DOCTYPE d [<!ENTITY ext SYSTEM "file://{tmp_path}/geheim.txt">]>'
    save(path, {"mimetype": f"{TYPE}.text", "content.xml": kind + content})
    assert "geheim" not in " ".join(texts(read(path)))


# OpenDocument sheets


def test_ods_a_visible_sheet_is_a_page_and_hidden_ones_are_noted(sheets):
    reading = read(
        sheets(
            table(row("Kalender"), name="Kalender"),
            table(row("Niet lezen"), name="Geheim", style="weg"),
            table(row("Bijlage"), name="Meer"),
            styles=HIDDEN,
        )
    )
    assert [(b.page, b.text) for b in reading.blocks] == [(1, "Kalender"), (2, "Bijlage")]
    assert [(page.name, page.note) for page in reading.pages] == [
        ("Kalender", ""),
        ("Meer", "verborgen bladen overgeslagen: Geheim"),
    ]


def test_ods_values_are_those_shown_and_else_those_stored(sheets):
    def stored(kind, value, name="value"):
        return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"/>'

    shown = f'<table:table-cell office:value-type="percentage" office:value="0.354">{p("35%")}</table:table-cell>'
    reading = read(
        sheets(
            table(
                row("Aandeel", "Start", "Deel", "Raming", "Vast"),
                row(
                    shown,
                    stored("date", "2024-05-14", "date-value"),
                    stored("percentage", "0.125"),
                    stored("float", "2.5"),
                    stored("boolean", "true", "boolean-value"),
                ),
            )
        )
    )
    assert texts(reading)[1] == "35% | 14-05-2024 | 12,5% | 2,5 | WAAR"


def test_ods_headings_tables_and_loose_lines_are_told_apart(sheets):
    bold = f'<table:table-cell table:style-name="vet">{p("Nr")}</table:table-cell>'
    reading = read(
        sheets(
            table(
                row("Kalender 2024"),
                row(cell(columns_repeated=1024), number_rows_repeated=2),
                row(bold, bold.replace("Nr", "Opdracht")),
                row("1", "Asfalt"),
                row("totaal volgt"),
                row("2", "Groen"),
            ),
            styles=BOLD,
        )
    )
    assert kinds(reading) == [
        ("heading", "Kalender 2024"),
        ("table_row", "Nr | Opdracht"),
        ("table_row", "1 | Asfalt"),
        ("paragraph", "totaal volgt"),
        ("table_row", "2 | Groen"),
    ]
    assert [c.header for c in reading.blocks[-1].cells] == ["Nr", "Opdracht"]


def test_ods_repeated_rows_and_columns_are_written_out(sheets):
    rows = (row("A", "B", "C"), row(cell("x", columns_repeated=2), "y", number_rows_repeated=2))
    assert texts(read(sheets(table(*rows)))) == ["A | B | C", "x | x | y", "x | x | y"]


def test_ods_rows_and_columns_without_end_are_capped_and_noted(sheets, monkeypatch):
    monkeypatch.setattr("mvoi_nlp.text._opendocument._MAX_CELLS", 20_000)
    endless = row(cell("x", columns_repeated=16384), number_rows_repeated=1048576)
    reading = read(sheets(table(endless, name="Vol")))
    assert 1 < len(reading.blocks) < 21
    assert len(reading.blocks[0].cells) == 1024
    assert note(reading) == f"Vol: alleen de eerste {len(reading.blocks)} rijen gelezen"


def test_ods_hidden_rows_and_columns_are_left_out_and_noted(sheets):
    columns = '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    reading = read(
        sheets(
            table(
                row("x", "", "Nr", "Doel"),
                row("y", "", "1", "een", visibility="filter"),
                row("z", "", "2", "twee"),
                row("", visibility="collapse", number_rows_repeated=1000000),
                columns=columns,
                name="Blad",
            )
        )
    )
    assert texts(reading) == ["Nr | Doel", "2 | twee"]
    assert [c.header for c in reading.blocks[1].cells] == ["Nr", "Doel"]
    assert note(reading) == "verborgen delen overgeslagen: Blad (1 rij, 1 kolom)"


def test_ods_a_comment_in_a_cell_is_left_out_and_a_text_box_is_read(sheets):
    comment = f"<office:annotation>{p('Klopt dit?')}</office:annotation>"
    box = f"<draw:frame><draw:text-box>{p('Toelichting.')}</draw:text-box></draw:frame>"
    full = f"<table:table-cell>{comment}{box}{p('een')}</table:table-cell>"
    assert texts(read(sheets(table(row("Nr", "Doel"), row("1", full))))) == ["Nr | Doel", "1 | een", "Toelichting."]


# PowerPoint


def paragraphs(*rows, properties=""):
    return "".join(f"<a:p><a:pPr {properties}/><a:r><a:t>{r}</a:t></a:r></a:p>" for r in rows)


def place(x, y, tag="a:xfrm"):
    return f'<{tag}><a:off x="{x}" y="{y}"/><a:ext cx="100" cy="100"/></{tag}>'


def shape(body, at=None, placeholder=None, style=""):
    held = "" if placeholder is None else f"<p:ph {placeholder}/>"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="n"/><p:cNvSpPr/><p:nvPr>{held}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{place(*at) if at else ''}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle>{style}</a:lstStyle>{body}"
        "</p:txBody></p:sp>"
    )


def slide(*shapes, root="sld", more="", attributes=""):
    tree = f"<p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{''.join(shapes)}</p:spTree>"
    return f"<p:{root} {PPT} {attributes}><p:cSld>{tree}</p:cSld>{more}</p:{root}>"


def relations(**targets):
    rows = "".join(f'<Relationship Id="{k}" Type="{R}/{t}" Target="{v}"/>' for k, (t, v) in targets.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


LAYOUT = slide(shape("", (0, 5000000), 'type="body" idx="1"'), root="sldLayout")
MASTER = slide(
    shape("", (0, 0), 'type="title"'),
    root="sldMaster",
    more='<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr><a:lvl2pPr><a:buNone/></a:lvl2pPr>'
    "</p:bodyStyle></p:txStyles>",
)


@pytest.fixture
def slides(tmp_path):
    """Save slides; `order` says in which order the presentation shows them."""

    def make(*found, order=None, extra=None, name="praatje.pptx"):
        order = order or range(1, len(found) + 1)
        ids = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in order)
        parts = {
            "ppt/presentation.xml": f"<p:presentation {PPT}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations(
                **{f"r{n}": ("slide", f"slides/slide{n}.xml") for n in range(1, len(found) + 1)}
            ),
            "ppt/slideLayouts/slideLayout1.xml": LAYOUT,
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
                r1=("slideMaster", "../slideMasters/slideMaster1.xml")
            ),
            "ppt/slideMasters/slideMaster1.xml": MASTER,
        }
        for n, content in enumerate(found, start=1):
            parts[f"ppt/slides/slide{n}.xml"] = content
            parts[f"ppt/slides/_rels/slide{n}.xml.rels"] = relations(
                r1=("slideLayout", "/ppt/slideLayouts/slideLayout1.xml"),
                r2=("notesSlide", f"../notesSlides/notesSlide{n}.xml"),
                r3=("diagramData", "../diagrams/data1.xml"),
            )
        return save(tmp_path / name, parts | (extra or {}))

    return make


def test_slides_are_pages_in_the_order_of_the_presentation(slides):
    one, two = (slide(shape(paragraphs(text), (0, 0))) for text in ("Een", "Twee"))
    reading = read(slides(one, two, order=(2, 1)))
    assert [(b.page, b.text) for b in reading.blocks] == [(1, "Twee"), (2, "Een")]
    assert [(page.number, page.name) for page in reading.pages] == [(1, ""), (2, "")]


def test_the_title_of_a_slide_is_a_heading_and_comes_first(slides):
    title = shape("<a:p><a:r><a:t>Onze</a:t></a:r><a:br/><a:r><a:t>doelen</a:t></a:r></a:p>", (0, 9), 'type="title"')
    reading = read(slides(slide(shape(paragraphs("Tekst."), (0, 0)), title)))
    assert [(b.kind, b.level, b.text) for b in reading.blocks] == [
        ("heading", 1, "Onze doelen"),
        ("paragraph", 0, "Tekst."),
    ]


def test_bullets_of_a_slide_come_from_itself_its_box_or_the_master(slides):
    bullet = '<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr><a:r><a:t>genummerd</a:t></a:r></a:p>'
    none = "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>zonder</a:t></a:r></a:p>"
    body = paragraphs("van de meester") + none + paragraphs("dieper zonder", properties='lvl="1"')
    own = '<a:lvl1pPr><a:buChar char="-"/></a:lvl1pPr>'
    reading = read(
        slides(
            slide(
                shape(paragraphs("los") + bullet + paragraphs("- getypt"), (0, 0)),
                shape(paragraphs("van het vak"), (0, 1000000), style=own),
                shape(body, None, 'idx="1"'),
            )
        )
    )
    assert kinds(reading) == [
        ("paragraph", "los"),
        ("list_item", "genummerd"),
        ("list_item", "getypt"),
        ("list_item", "van het vak"),
        ("list_item", "van de meester"),
        ("paragraph", "zonder"),
        ("paragraph", "dieper zonder"),
    ]


def test_boxes_on_a_slide_are_read_from_top_to_bottom_and_left_to_right(slides):
    boxes = {
        "onder": (0, 6000000), "rechts": (5000000, 1000000), "links": (0, 1100000), "boven": (900, 0),
    }  # fmt: skip
    from_layout = shape(paragraphs("uit de indeling"), None, 'type="body" idx="1"')
    reading = read(slides(slide(from_layout, *(shape(paragraphs(text), at) for text, at in boxes.items()))))
    assert texts(reading) == ["boven", "links", "rechts", "uit de indeling", "onder"]


def test_shapes_in_a_group_stand_where_the_group_puts_them(slides):
    frame = (
        '<a:xfrm><a:off x="0" y="4000000"/><a:ext cx="200" cy="200"/><a:chOff x="0" y="0"/><a:chExt cx="100" cy="100"/>'
    )
    inner = shape(paragraphs("groep"), (0, 1000000))
    group = f"<p:grpSp><p:nvGrpSpPr/><p:grpSpPr>{frame}</a:xfrm></p:grpSpPr>{inner}</p:grpSp>"
    reading = read(
        slides(slide(group, shape(paragraphs("boven"), (0, 5000000)), shape(paragraphs("onder"), (0, 7000000))))
    )
    assert texts(reading) == ["boven", "groep", "onder"]


def test_a_table_on_a_slide_gives_rows_with_merged_cells_spelled_out(slides):
    def tc(text, said=""):
        return f"<a:tc {said}><a:txBody>{paragraphs(text)}</a:txBody></a:tc>"

    rows = (
        tc("Thema") + tc("Doel"),
        tc("Klimaat", 'rowSpan="2"') + tc("een"),
        tc("", 'vMerge="1"') + tc("twee"),
        tc("Breed", 'gridSpan="2"') + tc("", 'hMerge="1"'),
    )
    grid = "<a:tbl>" + "".join(f"<a:tr>{cells}</a:tr>" for cells in rows) + "</a:tbl>"
    frame = (
        f"<p:graphicFrame><p:nvGraphicFramePr/>{place(0, 0, 'p:xfrm')}<a:graphic><a:graphicData>{grid}</a:graphicData>"
        "</a:graphic></p:graphicFrame>"
    )
    reading = read(slides(slide(frame), slide(frame)))
    assert texts(reading, "table_row")[:4] == ["Thema | Doel", "Klimaat | een", "Klimaat | twee", "Breed | "]
    assert [c.header for c in reading.blocks[1].cells] == ["Thema", "Doel"]
    assert [b.table for b in reading.blocks] == [0] * 4 + [1] * 4


def test_a_cell_of_a_slide_without_words_says_its_colour(slides):
    def tc(text, colour):
        fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        return f"<a:tc><a:txBody>{paragraphs(text)}</a:txBody><a:tcPr>{fill}</a:tcPr></a:tc>"

    rows = (tc("Doel", "154273") + tc("Stand", "154273"), tc("D1", "FFFFFF") + tc("", "FFC000"), tc("D2", "FFFFFF") * 2)
    grid = "<a:tbl>" + "".join(f"<a:tr>{cells}</a:tr>" for cells in rows) + "</a:tbl>"
    frame = (
        f"<p:graphicFrame><p:nvGraphicFramePr/>{place(0, 0, 'p:xfrm')}<a:graphic><a:graphicData>{grid}</a:graphicData>"
        "</a:graphic></p:graphicFrame>"
    )
    assert texts(read(slides(slide(frame))), "table_row") == ["Doel | Stand", "D1 | oranje", "D2 | D2"]


def test_notes_of_the_speaker_are_left_out(slides):
    notes = {"ppt/notesSlides/notesSlide1.xml": slide(shape(paragraphs("Niet zeggen"), (0, 0)), root="notes")}
    assert texts(read(slides(slide(shape(paragraphs("Wel"), (0, 0))), extra=notes))) == ["Wel"]


def test_hidden_slides_are_left_out_and_the_others_keep_their_number_as_name(slides):
    shown = slide(shape(paragraphs("Wel"), (0, 0)))
    hidden = slide(shape(paragraphs("Niet"), (0, 0)), attributes='show="0"')
    reading = read(slides(shown, hidden, shown))
    assert [(b.page, b.text) for b in reading.blocks] == [(1, "Wel"), (2, "Wel")]
    assert [page.name for page in reading.pages] == ["dia 1", "dia 3"]
    assert note(reading) == "verborgen dia's overgeslagen: 2"


def test_a_slide_that_is_a_picture_is_not_the_same_as_an_empty_slide(slides):
    picture = f"<p:pic><p:nvPicPr/><p:spPr>{place(0, 0)}</p:spPr></p:pic>"
    reading = read(slides(slide(picture), slide(), slide(picture, shape(paragraphs("Tekst"), (0, 0)))))
    assert [page.status for page in reading.pages] == ["niet leesbaar", "leeg", "gelezen"]


def test_the_date_and_number_at_the_foot_of_a_slide_are_running_heads(slides):
    foot = shape(paragraphs("Gemeente Testdam"), (0, 9), 'type="ftr"')
    assert kinds(read(slides(slide(foot)))) == [("running_head", "Gemeente Testdam")]


def test_the_words_of_a_diagram_on_a_slide_are_list_items(slides):
    space = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    point = f"<d:pt><d:t>{paragraphs('Inkoop')}</d:t></d:pt>"
    data = f'<d:dataModel xmlns:d="{space}" xmlns:a="{A}"><d:ptLst>{point}</d:ptLst>'
    frame = (
        f'<p:graphicFrame><p:nvGraphicFramePr/><a:graphic><a:graphicData><d:relIds xmlns:d="{space}" r:dm="r3"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    reading = read(slides(slide(frame), extra={"ppt/diagrams/data1.xml": f"{data}</d:dataModel>"}))
    assert kinds(reading) == [("list_item", "Inkoop")]


def test_slides_beyond_the_limit_are_counted_in_the_note(slides):
    reading = read(slides(*[slide(shape(paragraphs("Wel"), (0, 0)))] * 3), TextSettings(max_pages=1))
    assert (len(reading.pages), note(reading)) == (1, "2 dia('s) niet gelezen: meer dan 1")


# Mail


@pytest.fixture
def mail(tmp_path):
    """Save a mail that a function fills."""

    def make(fill, *, name="bericht.eml", subject="Actieplan 2024"):
        message = EmailMessage()
        message["From"] = "Jan Jansen <jan@voorbeeld.nl>"
        message["To"] = "Piet Pietersen <piet@voorbeeld.nl>"
        message["Cc"] = "Kees <kees@voorbeeld.nl>"
        message["Subject"] = subject
        fill(message)
        path = tmp_path / name
        path.write_bytes(message.as_bytes())
        return path

    return make


def test_a_mail_gives_its_subject_as_heading_and_its_body_without_addresses(mail):
    reading = read(mail(lambda m: m.set_content("Wij kopen in.\n\n- een punt\n"), subject="Coördinatie"))
    assert [(b.kind, b.level, b.text) for b in reading.blocks] == [
        ("heading", 1, "Coördinatie"),
        ("paragraph", 0, "Wij kopen in."),
        ("list_item", 0, "een punt"),
    ]
    assert len(reading.pages) == 1


def test_a_mail_is_read_from_its_plain_text_and_else_from_its_html(mail):
    def both(message):
        message.set_content("Gewoon.")
        message.add_alternative("<p>Opgemaakt.</p>", subtype="html")

    def html(message):
        message.set_content(" ")
        message.add_alternative("<h2>Doel</h2><p>Opgemaakt.</p>", subtype="html")

    assert texts(read(mail(both)))[1:] == ["Gewoon."]
    assert kinds(read(mail(html)))[1:] == [("heading", "Doel"), ("paragraph", "Opgemaakt.")]


def test_quotes_in_a_mail_are_paragraphs_without_addresses(mail):
    body = "Akkoord.\n> Wij stellen voor\n> om in te kopen.\n"
    body += ">> Van: Jan\n>> Aan: Piet\n>> Onderwerp: Plan\n>> Begin.\nSlot."
    assert kinds(read(mail(lambda m: m.set_content(body))))[1:] == [
        ("paragraph", "Akkoord."),
        ("paragraph", "Wij stellen voor om in te kopen."),
        ("paragraph", "Onderwerp: Plan"),
        ("paragraph", "Begin."),
        ("paragraph", "Slot."),
    ]


def test_attachments_of_a_mail_are_named_and_not_opened(mail):
    def fill(message):
        message.set_content("Zie bijlage.")
        message.add_attachment("Geheime tekst", filename="plan.txt")
        message.add_attachment(b"PK", maintype="application", subtype="zip", filename="raming.xlsx")

    reading = read(mail(fill))
    assert texts(reading)[1:] == ["Zie bijlage."]
    assert note(reading) == "bijlagen niet geopend: plan.txt, raming.xlsx"


def test_a_mail_in_an_unknown_character_set_is_read(mail, tmp_path):
    path = tmp_path / "oud.eml"
    path.write_bytes(b"Subject: Plan\nContent-Type: text/plain; charset=onzin\n\nCo\xf6rdinatie.\n")
    assert texts(read(path)) == ["Plan", "Coördinatie."]


def test_a_sealed_mail_is_refused_with_a_way_out(tmp_path):
    path = tmp_path / "geheim.eml"
    path.write_bytes(b"Subject: Plan\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMIAGCSqGSIb3\n")
    with pytest.raises(TextError, match=r"geheim\.eml.*encrypted") as caught:
        read(path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "head", "is_mail"),
    [
        ("bericht.eml", "Subject: Plan", True),
        ("bericht.txt", "Subject: Plan", False),
        ("bericht.txt", "From: a@b.nl\nTo: c@d.nl\nSubject: Plan", True),
        ("bericht.eml", "Hierbij het plan.", False),
        ("plan.txt", "Doel: minder\nFrom: hier\nTo: daar", False),
    ],
)
def test_a_mail_is_known_by_its_headers(tmp_path, name, head, is_mail):
    path = tmp_path / name
    path.write_text(f"{head}\n\nTekst.\n", encoding="utf-8")
    assert (read(path).blocks[0].kind == "heading") == is_mail


# Macros


def with_macros(path, old, new):
    """Make a macro-enabled file of one without."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = "[Content_Types].xml"
    assert old in parts[types]
    parts[types] = parts[types].replace(old, new)
    return save(path, parts | {"word/vbaProject.bin" if "doc" in path.name else "xl/vbaProject.bin": b"\1"})


def test_a_word_file_with_macros_is_read_and_noted(tmp_path):
    path = tmp_path / "plan.docm"
    document = docx.Document()
    document.add_heading("Doelen", level=1)
    document.save(str(path))
    old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    reading = read(with_macros(path, old, b"application/vnd.ms-word.document.macroEnabled.main+xml"))
    assert kinds(reading) == [("heading", "Doelen")]
    assert note(reading) == "bevat macro's, niet uitgevoerd"


def test_an_excel_file_with_macros_is_read_and_noted_beside_other_notes(tmp_path):
    path = tmp_path / "kalender.xlsm"
    book = openpyxl.Workbook()
    book.active["A1"] = "Kalender"
    book.create_sheet("Geheim").sheet_state = "hidden"
    book.save(str(path))
    old = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    reading = read(with_macros(path, old, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    assert texts(reading) == ["Kalender"]
    assert note(reading) == "verborgen bladen overgeslagen: Geheim; bevat macro's, niet uitgevoerd"


def test_an_odf_file_with_macros_is_noted_and_one_without_is_not(opendocument):
    empty = {"Basic/script-lc.xml": "<l/>", "Basic/Standard/script-lb.xml": "<l/>"}
    assert note(read(opendocument(p("Tekst."), extra=empty))) == ""
    assert "macro's" in note(read(opendocument(p("Tekst."), extra=empty | {"Basic/Standard/Module1.xml": "<m/>"})))


# Whatever comes in


ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SUFFIXES = st.sampled_from([".odt", ".ods", ".pptx", ".eml", ".docm", ".xlsm"])


def ends_well(path, *, known=False):
    try:
        read(path)
    except TextError as error:
        assert path.name in str(error)
        assert error.hint
        if known:
            assert "cannot be read" not in str(error)


@ANY
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"Subject: a\n", b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\n"]),
    content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    suffix=SUFFIXES,
)
def test_any_bytes_end_in_a_reading_or_a_text_error(tmp_path, start, content, suffix):
    path = tmp_path / f"bestand{suffix}"
    path.write_bytes(start + content)
    ends_well(path)


def trees(names):
    """XML of known elements in any order and depth."""
    made = st.recursive(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8).map(lambda t: [t]),
        lambda inner: st.tuples(st.sampled_from(names), st.lists(inner, max_size=3)).map(list),
        max_leaves=12,
    )

    def build(tree, parent):
        if len(tree) == 1:
            parent.text = (parent.text or "") + tree[0] if not len(parent) else parent.text
            return
        child = etree.SubElement(parent, tree[0])
        for part in tree[1]:
            build(part, child)

    def xml(found):
        root = etree.Element("wortel")
        for tree in found:
            build(tree, root)
        return b"".join(etree.tostring(child) for child in root).decode()

    return st.lists(made, max_size=4).map(xml)


ODF_NAMES = [
    *(f"{{{ODF}:text:1.0}}{n}" for n in ("p", "h", "span", "list", "list-item", "note", "note-body", "section")),
    *(f"{{{ODF}:text:1.0}}{n}" for n in ("soft-page-break", "table-of-content", "index-body", "tracked-changes")),
    *(f"{{{ODF}:table:1.0}}{n}" for n in ("table", "table-row", "table-cell", "covered-table-cell", "table-column")),
    *(f"{{{ODF}:drawing:1.0}}{n}" for n in ("frame", "text-box", "g")),
]
PPT_NAMES = [
    *(f"{{{P}}}{n}" for n in ("sp", "grpSp", "grpSpPr", "graphicFrame", "pic", "txBody", "nvSpPr", "nvPr", "ph")),
    *(f"{{{A}}}{n}" for n in ("p", "r", "t", "br", "pPr", "buChar", "tbl", "tr", "tc", "xfrm", "off", "ext", "chOff")),
]


@ANY
@given(body=trees(ODF_NAMES), kind=st.sampled_from(["text", "spreadsheet"]))
def test_opendocument_of_any_shape_ends_well(opendocument, body, kind):
    ends_well(opendocument(body, kind=kind), known=True)


@ANY
@given(body=trees(PPT_NAMES))
def test_slides_of_any_shape_end_well(slides, body):
    ends_well(slides(slide(body)), known=True)
