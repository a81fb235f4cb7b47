"""Made-up documents: what goes in is found back."""

import csv

import pytest
from bench.compose import SourceFault, compose, compose_document, read_source
from bench.compose._compose import differences, truth_of
from bench.compose._pdf import hyphenate

from mvoi_nlp.records import Gold, read_rows
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import read_document

HEAD = """---
id: plan-proefstad-2024
file: {file}          # .pdf, .docx or .xlsx
layout: {layout}
voice: train1-raadsbrief
organisation: Gemeente Proefstad
organisation_type: gemeente
kind: actieplan
year: 2024
reporting_year:
date: 2024-06-18
represents: 1
format_use: none
running_head: Actieplan MVOI | Proefstad
---
"""
BODY = """# Actieplan MVOI
===
# Inhoud
.. Waar wij op inzetten ........ 3
===
## Waar wij op inzetten {topic:doelen_themas}
Wij kiezen voor klimaat en voor sociaal inkopen in alle procedures. {theme:klimaat/focus theme:social_return/focus}
De coördinatie kost € 2.500 per jaar en scheelt CO₂.

- In 2026 rijden alle bestelbussen op stroom. {theme:klimaat/goal goal:set}
- Het werkklimaat is verbeterd.

| Thema | Doel | Niveau | Aandeel |
| --- | --- | --- | --- |
| Klimaat | 10 bestekken zonder uitstoot van bouwmachines | significant | 35% | {theme:klimaat/goal}
| Social return | - | | 12 |
"""
PAPER = ("single", "two_columns", "side_boxes", "letter", "accounts", "landscape")
KINDS = [*(("plan.pdf", layout) for layout in PAPER), ("plan.docx", "format")]
SCANS = [("plan.pdf", "scan"), ("plan.pdf", "poor_scan")]


@pytest.fixture
def source(tmp_path):
    """Write a source and read it; a test names file, layout or body."""

    def make(file="plan.pdf", layout="single", body=BODY):
        folder = tmp_path / "sources"
        folder.mkdir(exist_ok=True)
        path = folder / "plan-proefstad-2024.txt"
        path.write_text(HEAD.format(file=file, layout=layout) + body, encoding="utf-8")
        return read_source(path)

    return make


@pytest.mark.parametrize(("file", "layout"), [*KINDS, ("plan.xlsx", "calendar")])
def test_every_line_of_the_source_is_found_back_where_the_gold_says(tmp_path, source, file, layout):
    outcome = compose_document(source(file, layout), tmp_path)
    assert outcome.lost == []
    reading = read_document(tmp_path / file, "plan-proefstad-2024", TextSettings())
    text = "\n".join(block.text for block in reading.blocks)
    assert [text[g.start : g.start + len(g.quote)] for g in outcome.gold] == [g.quote for g in outcome.gold]
    assert [g.quote.split(" | ")[0].split()[0] for g in outcome.gold] == [
        *(["Actieplan", "Inhoud", "Waar", "Wij", "De", "In", "Het", "Klimaat", "Social"])
    ]
    assert outcome.gold[-2].quote.endswith("significant | 35%")
    assert outcome.gold[3].labels == ("theme:klimaat/focus", "theme:social_return/focus")
    assert outcome.gold[4].labels == ()


@pytest.mark.parametrize(("file", "layout"), [*KINDS, *SCANS, ("plan.xlsx", "calendar")])
def test_the_same_source_gives_the_same_bytes(tmp_path, source, file, layout):
    made = source(file, layout)
    for folder in ("een", "twee"):
        compose_document(made, tmp_path / folder)
    assert (tmp_path / "een" / file).read_bytes() == (tmp_path / "twee" / file).read_bytes()


@pytest.mark.parametrize(("file", "layout"), KINDS)
def test_headings_items_rows_and_contents_look_like_what_they_are(tmp_path, source, file, layout):
    compose_document(source(file, layout), tmp_path)
    reading = read_document(tmp_path / file, "x", TextSettings())
    kinds = {block.text[:9]: block.kind for block in reading.blocks}
    assert kinds["Actieplan"] == "heading" or "running_head" in kinds.values()
    assert kinds["Waar wij "] in {"heading", "contents"}
    assert kinds["In 2026 r"] == kinds["Het werkk"] == "list_item"
    assert kinds["Klimaat |"] == "table_row"
    assert [b.kind for b in reading.blocks if "...." in b.text] == ["contents"]


def test_register_and_gold_are_written_and_a_check_sees_a_change(tmp_path, source):
    made = source()
    [outcome] = compose(made.path.parent, tmp_path)
    with (tmp_path / "corpus" / "register.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["document"] == "plan-proefstad-2024"
    assert row["source"] == "geschreven voor dit project"
    assert read_rows(tmp_path / "annotations" / "gold" / "plan-proefstad-2024.jsonl", Gold) == outcome.gold
    assert differences(made.path.parent, tmp_path) == []
    source(body=BODY.replace("stroom", "waterstof"))
    assert differences(made.path.parent, tmp_path) == [
        "annotations/gold/plan-proefstad-2024.jsonl: differs",
        "bench/truth/plan-proefstad-2024.json: differs",
        "corpus/plan.pdf: differs",
    ]
    (tmp_path / "corpus" / "oud.pdf").touch()
    assert "corpus/oud.pdf: has no source" in differences(made.path.parent, tmp_path)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("# Kop\nTekst {geen label}\n", "line 17: 'geen' is not family:label"),
        ("# Kop\nTekst {theme:klimaat/focus} meer\n", "line 17: braces"),
        ("# Kop\nTekst {theme:weer/focus}\n", "line 17: label 'theme:weer' is not in the scheme"),
        ("# Kop\nTekst {theme:klimaat/planned}\n", "line 17: role 'planned' does not go with 'theme:klimaat'"),
        ("# Kop\nTekst {reason:pech}\n", "line 17: label 'reason:pech' is not in the scheme"),
        ("# Kop\nTekst {goal:set[theme=klimaat;target~3]}\n", "line 17: 'target~3' is not field=value"),
        ("# Kop\nTekst {goal:set[theme=weer]}\n", "line 17: theme 'weer' is not in the scheme"),
        ("# Kop\nTekst {goal:set[target=veel]}\n", "target does not fit"),
        ("# Kop\n<< geen-passage\n", "line 17: there is no shared passage geen-passage.txt"),
        ("# Kop\nTekst | met streep\n", "line 17: a bar outside a table"),
        ("# Kop\n| A | B |\n| 1 | 2 |\n", "line 18: the header row is not followed"),
        ("# Kop\n| A | B |\n| --- | --- |\n| 1 |\n", "line 19: 1 cells below a header of 2"),
        ("# Kop\n| A | B |\n| --- | --- |\n", "a table without rows"),
        ("", "nothing below the head"),
    ],
)
def test_a_fault_in_a_source_is_named_by_file_and_line(source, body, complaint):
    with pytest.raises(SourceFault, match=r"plan-proefstad-2024\.txt") as caught:
        source(body=body)
    assert complaint in str(caught.value)


def test_a_goal_is_read_with_its_numbers(source):
    made = source(
        body="# Kop\nNiet meer dan 30 ton, het werd 41. "
        "{theme:klimaat/goal goal:not_reached[theme=klimaat+circulair;level=beleid;target<=30;realised=41.5;"
        "unit=ton_co2;year=2024;hedged=yes]}\n"
    )
    [goal] = made.units[1].goals
    assert (goal.status, goal.themes, goal.comparator) == ("not_reached", ("klimaat", "circulair"), "<=")
    assert (goal.target, goal.realised, goal.unit, goal.year, goal.hedged) == (30, 41.5, "ton_co2", 2024, True)
    assert made.units[1].labels == ("theme:klimaat/goal", "goal:not_reached")


EXTRAS = """# Actieplan MVOI
Wij kiezen [-vier-][+vijf+] thema's uit het Manifest.
!! Kan dit concreter?
<< gedeeld

> Ernaast staat een kader over de brug van Proefdorp.
^ 1 Zie de nota van vorig jaar.

| Nr | Thema > KL | Thema > CI | ~Intern | Stand |
| --- | --- | --- | --- | --- |
| 1 | x | - | geheim | [groen] | {tender:aanbesteding}
| Totaal | 1 | 0 | | |
"""


@pytest.mark.parametrize(("file", "layout"), [*KINDS, ("plan.xlsx", "calendar")])
def test_boxes_notes_changes_and_passages_are_in_the_truth_and_in_the_file(tmp_path, source, file, layout):
    folder = tmp_path / "sources" / "passages"
    folder.mkdir(parents=True)
    (folder / "gedeeld.txt").write_text("Door dit manifest te tekenen beloven partijen een plan.\n", encoding="utf-8")
    body = EXTRAS + "===\n## Aanpak\nWij beginnen klein.\n===\n## Slot\nDe raad besluit hierover in mei.\n"
    made = source(file, layout, body)
    outcome = compose_document(made, tmp_path)
    assert outcome.lost == []
    read = " ".join(block.text for block in read_document(tmp_path / file, "x", TextSettings()).blocks)
    assert "Wij kiezen vijf thema's" in read
    assert "Kan dit concreter" not in read
    truth = truth_of(made, outcome.gold)
    units = [unit for block in truth["blocks"] for unit in block["units"]]
    assert units[1]["comment"] == "Kan dit concreter?"
    assert units[2]["passage"] == "gedeeld"
    [table] = [block for block in truth["blocks"] if block["kind"] == "table"]
    assert [c["group"] for c in table["columns"]] == ["", "Thema", "Thema", "", ""]
    assert [c["hidden"] for c in table["columns"]] == [False, False, False, True, False]
    assert table["units"][0]["cells"][-1] == "[groen]"


def test_a_scan_is_pictures_and_keeps_the_truth(tmp_path, source, monkeypatch):
    monkeypatch.setattr("mvoi_nlp.text._pdf.ocr_version", lambda: "")
    clean = compose_document(source(), tmp_path / "schoon")
    for layout, has_text in (("scan", False), ("poor_scan", True)):
        outcome = compose_document(source(layout=layout), tmp_path / layout)
        assert [row.labels for row in outcome.gold] == [row.labels for row in clean.gold]
        pages = read_document(tmp_path / layout / "plan.pdf", "x", TextSettings(), guarded=False).pages
        assert {page.status == "gelezen" for page in pages} == {has_text}


def test_a_layout_must_go_with_the_file(source):
    with pytest.raises(SourceFault, match="calendar"):
        source("plan.pdf", "calendar")


def test_breaking_a_word_changes_no_letter_of_it():
    for word in ("aanbestedingsprocedures", "verantwoordelijkheid", "coördinatie", "opdrachtgeverschap"):
        pairs = hyphenate(word)
        assert pairs
        assert all(left + right == word and len(left) > 2 and len(right) > 2 for left, right in pairs)
