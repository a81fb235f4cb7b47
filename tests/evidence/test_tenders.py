from pathlib import Path

import pytest

from mvoi_nlp.evidence import KeywordTagger
from mvoi_nlp.evidence._cell import NUMBER_WORDS, content_of, date_of, euros_of, whole_number
from mvoi_nlp.evidence._stated import count_tenders
from mvoi_nlp.evidence._tenders import TenderReader, tender_evidence
from mvoi_nlp.records import Sentence, TenderRecord, dutch_vocab
from mvoi_nlp.scheme import Label, Scheme, load_scheme, load_tender_wording

SCHEME = Path(__file__).parents[2] / "scheme"
WORDING = load_tender_wording(SCHEME)


@pytest.fixture(scope="module")
def reader():
    scheme = load_scheme(SCHEME)
    return TenderReader(scheme, WORDING, KeywordTagger(scheme, dutch_vocab()))


def document(text: str) -> list[Sentence]:
    """Sentences of a text: `# ` is a heading, `a | b` a row, `= a | b` the header of the rows below it."""
    made: list[Sentence] = []
    section, headers = "", ()
    for line in text.strip().splitlines():
        kind, content = "paragraph", line.strip()
        if content.startswith("# "):
            kind, content, headers = "heading", content[2:], ()
        elif "|" in content:
            kind = "table_row"
            headers = () if content.startswith("= ") else headers
            content = " | ".join(cell.strip() for cell in content.removeprefix("= ").split("|"))
        else:
            headers = ()
        row = {"document": "plan-a", "number": len(made), "page": 1 + len(made) // 10, "block": len(made)}
        row |= {"kind": kind, "section": section, "text": content, "headers": headers, "start": 0}
        made.append(Sentence.model_validate(row | {"end": len(content)}))
        if kind == "heading":
            section = content
        if kind == "table_row" and line.strip().startswith("= "):
            headers = tuple(cell.strip() for cell in content.split(" | "))
    return made


LISTS = {
    "words for the name": """
        = Inkooptraject | Geraamde waarde | Publicatiedatum
        Zonwering gymzalen | € 85.000 | 1 maart 2025
        Brug over de Aa | € 1,2 mln | Q3 2025""",
    "a project and how it is put on the market": """
        = Project | Aanbestedingsprocedure | Status
        Rondweg west | Europees openbaar | lopend
        Scholen verbouwen | meervoudig onderhands | gegund""",
    "a description beside a procedure": """
        = Volgnr. | Omschrijving | Procedurevorm | Opdrachtwaarde
        1 | Inhuur vlaggenmasten | nationaal openbaar | 45.000
        2 | Zoutopslag | EU openbaar | 230.000""",
    "numbers only": """
        = Zaaknr | Wijze van aanbesteden | Gunning
        2024/113 | MO | 14-03-2024
        2024/118 | EO | 02-05-2024""",
    "ticks below themes, under a heading that says what they are of": """
        # Onze aanbestedingen in 2024
        = Omschrijving | KL | CI | SR
        Zitbanken | x | - | x
        Bermgras | - | x | -""",
    "without headers": """
        # Wat er aankomt
        Zonwering gymzalen | € 85.000 | maart 2025 | x | -
        Brug over de Aa | € 1,2 mln | 2025-Q3 | - | x
        Poetsen in de Zaal | € 30.000 | najaar 2025 | x | x""",
    "by product group": """
        = Productgroep | Procedure | Raming | Start
        Kantoorstoelen | minicompetitie | 60.000 | 2025
        Papier | raamovereenkomst | 20.000 | 2026""",
    "what is asked": """
        = Aanbesteding | MVOI-eisen
        Zonwering gymzalen | herbruikbaar doek
        Brug over de Aa | hout van hier""",
}
OTHERS = {
    "goals of a plan": """
        = Thema | Doel | Jaar | Niveau
        Klimaat | 10 opdrachten zonder uitlaat | 2026 | basis
        Circulair | 5 opdrachten met oud hout | 2027 | significant""",
    "a year plan": """
        = Kwartaal | Activiteit | Trekker
        Q1 2025 | training inkopers | Jo
        Q2 2025 | gesprek met de markt | Bo""",
    "actions": """
        = Nr | Wat | Wanneer | Stand
        1 | brief aan de raad | mei 2025 | loopt
        2 | lijst van leveranciers | juni 2025 | klaar""",
    "counts by theme": """
        # Rol van de thema's in aanbestedingen
        = Thema | Aanbestedingen | Met eis
        Klimaat | 14 | 9
        Circulair | 22 | 3""",
    "counts by sector": """
        = Sector | Opdrachten | Waarde
        GWW | 14 | € 9 mln
        ICT | 8 | € 2 mln""",
    "money of programmes": """
        = Programma | Begroot | Werkelijk
        Wonen | € 14.000 | € 13.000
        Zorg | € 58.000 | € 60.000""",
    "ticks of departments": """
        = Afdeling | KL | CI | SR
        Ruimte | x | x | -
        Griffie | - | - | x""",
    "goals and results": """
        = Doel | Streefwaarde | Uitkomst
        Bestekken zonder uitlaat | 10 | 12
        Kopjes eerlijke koffie | 1.000 | 900""",
    "instruments": """
        = Hulpmiddel | Waarvoor | Vanaf
        MVI-criteriatool | eisen zoeken | 2025
        Ambitieweb | startgesprek | 2026""",
    "people": """
        = Wie | Uren | Waarvoor
        Jo | 12 | trekken
        Bo | 4 | meten""",
    "procedures as a rule": """
        = Drempel | Procedure
        tot € 50.000 | enkelvoudig onderhands
        vanaf € 221.000 | Europees openbaar""",
    "why not": """
        = Opdracht | Reden | Thema
        Zonwering gymzalen | niets op de markt | Circulair
        Papier | geen tijd | Klimaat""",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_list_of_tenders_is_known_by_its_headers_and_its_cells(reader, text):
    rows = [line for line in text.strip().splitlines() if "|" in line and "= " not in line]
    assert len(reader.read(document(text))) == len(rows)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_table_of_anything_else_gives_no_tender(reader, text):
    assert reader.read(document(text)) == []


def test_totals_headings_extensions_and_hiring_without_a_procedure_are_no_tenders(reader):
    found = reader.read(
        document(
            """
            = Nr | Opdracht | Procedure | Raming
            | Wegen | |
            1 | Brug over de Aa | EU openbaar | € 1,2 mln
            2 | Verlenging kopieerapparaten | n.v.t. | € 40.000
            3 | Inhuur projectleider | - | € 90.000
            4 | Inhuur flexkrachten | EU openbaar | € 900.000
            5 | Groenploeg | inbesteed | € 80.000
            | Subtotaal | | € 2,3 mln
            Totaal | 5 | | € 2,3 mln
            * exclusief btw | | |"""
        )
    )
    assert [record.code for record in found] == ["1", "4"]


def test_a_header_repeated_on_the_next_page_is_no_row_and_holds_for_what_follows(reader):
    sentences = document(
        """
        = Opdracht | Start | Raming | KL
        Zitbanken | mei 2025 | € 40.000 | x
        = Opdracht | Start | Raming | KL
        Strooizout | okt. 2025 | € 90.000 | x"""
    )
    assert [(record.name, record.date) for record in reader.read(sentences)] == [
        ("Zitbanken", "2025-05"),
        ("Strooizout", "2025-10"),
    ]


def test_headers_below_a_group_of_headers_are_found_where_the_reader_took_the_group(reader):
    sentences = document(
        """
        | | Thema |
        Opdracht | Start | KL | SR
        Zitbanken | mei 2025 | x | -"""
    )
    group = ("", "", "Thema", "")
    sentences = [row.model_copy(update={"headers": group if row.number else ()}) for row in sentences]
    [record] = reader.read(sentences)
    assert (record.name, record.themes) == ("Zitbanken", ("theme:klimaat",))


def test_a_row_gives_what_its_cells_say(reader):
    [record, _] = reader.read(
        document(
            """
            = Nr|Opdracht|CPV|Waarde (k€)|Procedure|Planning|M&B|KL|Thema's|Niveau|Gegund aan|Status
            7|Raamcontract klinkers|45233222-1|2.400 p/j|EU niet-openbaar|Q2 '24|x|-|SR, ISV|2|Wegen BV|gegund
            8|Zitbanken|n.b.|PM|n.t.b.|n.t.b.|-|-|-|PM|-|loopt"""
        )
    )
    assert record == TenderRecord(
        document="plan-a",
        sentence=1,
        page=1,
        unit="aanbesteding",
        code="7",
        name="Raamcontract klinkers",
        value=2_400_000,
        per_year=True,
        procedure="europees_niet_openbaar",
        date="2024-Q2",
        sectors=("sector:gww",),
        themes=("theme:keten_isv", "theme:milieu_biodiversiteit", "theme:social_return"),
        level="significant",
        result="Wegen BV; gegund",
    )


@pytest.mark.parametrize(
    ("rows", "units", "lots"),
    [
        ("= Perceel | Procedure | Uitkomst\n24-01 | MO | gegund\n24-03 | EO | gegund", ["perceel"] * 2, [None] * 2),
        (
            "= Opdracht | Start\nOevers (perceel 2) | mei 2025\nBrug (3 percelen) | mei 2025",
            ["perceel", "aanbesteding"],
            [None, 3],
        ),
        (
            "= Opdracht | Perceel | Start\nOevers | 1 | mei 2025\n | 2 | juni 2025",
            ["perceel"] * 2,
            [None] * 2,
        ),
        (
            "= Opdracht | Percelen | Start\nOevers | 4 | mei 2025\nBrug | 1 | juni 2025",
            ["aanbesteding"] * 2,
            [4, 1],
        ),
        (
            "# Lijst van percelen\n= Nr | Procedure | Waarde\n003 | MO | € 8.000\n009 | EO | € 900.000",
            ["perceel"] * 2,
            [None] * 2,
        ),
    ],
)
def test_a_row_is_a_tender_or_a_lot(reader, rows, units, lots):
    found = reader.read(document(rows))
    assert [record.unit for record in found] == units
    assert [record.lots for record in found] == lots


def test_a_lot_below_a_name_over_several_rows_has_that_name(reader):
    found = reader.read(document("= Opdracht | Perceel | Start\nOevers | 1 | mei 2025\n | 2 | juni 2025"))
    assert [record.name for record in found] == ["Oevers", "Oevers"]


def test_rows_are_evidence_only_for_labels_of_the_scheme(reader):
    sentences = document("= Opdracht | Start\nZitbanken | mei 2025\nOevers (perceel 2) | mei 2025")
    records = reader.read(sentences)
    assert tender_evidence(records, sentences, load_scheme(SCHEME)) == []
    # the family is not one of the scheme yet
    label = Label.model_construct(id="tender:aanbesteding", family="theme", order=1, name="Aanbesteding")
    [row] = tender_evidence(records, sentences, Scheme([label], SCHEME))
    assert (row.sentence, row.label, row.start, row.end) == (1, "tender:aanbesteding", 0, len(sentences[1].text))


@pytest.mark.parametrize(
    ("cell", "content"),
    [
        ("€ 480.000 p/j", "money"), ("140k", "money"), ("0,9 mln", "money"), ("610.000", "number"),
        ("sept. 2024", "date"), ("2023, 3e kwartaal", "date"), ("2026", "date"), ("1/11/24", "date"),
        ("KR-24-02", "code"), ("2024-0113", "code"), ("x", "tick"), ("✓", "tick"), ("PM", "empty"), ("-", "empty"),
        ("gegund 12-2-2024, vier inschrijvers", "text"), ("Elektriciteit 2026-2029", "text"),
    ],
)  # fmt: skip
def test_a_cell_holds_one_kind_of_thing(cell, content):
    assert content_of(cell) == content


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("15-02-2023", "2023-02-15"), ("1 mei 2025", "2025-05-01"), ("04-2025", "2025-04"), ("mrt-25", "2025-03"),
        ("Q3 '25", "2025-Q3"), ("2024-Q3", "2024-Q3"), ("1e 2024", "2024-Q1"), ("4e kw '25", "2025-Q4"),
        ("2e helft 2024", "2024-H2"), ("tweede helft 2024", "2024-H2"), ("medio '24", "2024"), ("februari", "februari"),
        ("n.t.b.", ""),
    ],
)  # fmt: skip
def test_a_moment_is_as_precise_as_it_is_written(cell, date):
    assert date_of(cell) == date


@pytest.mark.parametrize(
    ("cell", "header", "euros"),
    [
        ("€ 6.400.000,-", "", 6_400_000), ("€ 1.235.607,08", "", 1_235_607.08), ("2,4M", "", 2_400_000),
        ("240 k€", "Raming", 240_000), ("95", "Raming k€", 95_000), ("1,9", "Waarde (mln)", 1_900_000),
        ("€ 95", "Bedrag", 95), ("n.t.b.", "Raming", None), ("12", "Bedragen x € 1.000", 12_000),
    ],
)  # fmt: skip
def test_an_amount_is_in_euros_whatever_its_unit(cell, header, euros):
    assert euros_of(cell, header) == euros


def test_number_words_are_read_from_one_to_five_hundred_and_ninety_nine():
    assert whole_number("één") == 1
    assert whole_number("tweeëntwintig") == 22
    assert whole_number("honderdachttien") == 118
    assert whole_number("honderdenvijf") == 105
    assert whole_number("driehonderd") == 300
    assert whole_number("een") is None
    assert set(NUMBER_WORDS.values()) == set(range(1, 600))


def counted(reader, text: str, year: int | None = 2024):
    sentences = document(text)
    return count_tenders("plan-a", reader.read(sentences), sentences, WORDING, year=year)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("In 2024 zijn 42 aanbestedingen gepubliceerd.", 42, "aanbesteding"),
        ("Wij rondden dit jaar in totaal zesentwintig trajecten af.", 26, "aanbesteding"),
        ("In 2024 zijn 118 percelen gegund, waarvan 71 Europees.", 118, "perceel"),
        ("Totaal: 31 percelen, vanaf onderhands.\nIn 12 van de 31 percelen stond een eis.", 31, "perceel"),
        ("Van de 42 aanbestedingen in 2024 bevatten er 31 een eis.", 42, "aanbesteding"),
        ("In 2023 zijn 30 aanbestedingen gegund, in 2024 waren het 42 aanbestedingen.", 42, "aanbesteding"),
        ("In 12 van de 38 trajecten stond een eis.\nVan de 38 trajecten bleven er 9 kaal.", 38, "aanbesteding"),
    ],
)  # fmt: skip
def test_the_number_that_a_text_states_is_of_the_whole_and_of_the_year(reader, text, number, unit):
    count = counted(reader, text)
    assert (count.stated, count.stated_unit) == (number, unit)
    assert (count.number, count.basis) == (number, "tekst")


@pytest.mark.parametrize(
    "text",
    [
        "Ons doel is 20 aanbestedingen met een eis.",
        "In 17 percelen golden regels voor bruikbaarheid.",
        "In 2023 zijn 30 aanbestedingen gegund.",
        "Vorig jaar rondden wij 30 aanbestedingen af.",
        "Niet meegeteld zijn 22 verlengingen.",
        "Negen van de tien opdrachten gingen naar bedrijven van hier.",
        "Twaalf dossiers stelden grenzen aan herrie.",
        "Wij willen in 2024 minstens 40 opdrachten publiceren.",
    ],
)
def test_a_goal_a_part_and_a_number_of_another_year_do_not_count(reader, text):
    assert counted(reader, text).stated is None


LIST = "# Lijst van aanbestedingen\n= Opdracht | Start\nZitbanken | mei 2024\nStrooizout | juni 2024\n"


@pytest.mark.parametrize(
    ("text", "number", "basis", "why"),
    [
        (LIST, 2, "rijen", "geen aantal"),
        (LIST + "In 2024 zijn 2 aanbestedingen gegund.", 2, "rijen", "hetzelfde aantal"),
        (LIST + "In 2024 zijn 42 aanbestedingen gegund.", 42, "tekst", "een deel"),
        ("In 2024 zijn 42 aanbestedingen gegund.", 42, "tekst", "geen lijst"),
        ("Er is veel gebeurd.", None, "", ""),
    ],
)
def test_rows_and_stated_number_are_both_kept_and_one_holds(reader, text, number, basis, why):
    count = counted(reader, text)
    assert (count.number, count.basis) == (number, basis)
    assert why in count.why
    assert count.tenders == (2 if text.startswith("#") else 0)


def test_a_list_longer_than_the_text_says_is_believed(reader):
    text = "# Wat er aankomt\nTwee opdrachten; bedragen zijn ramingen.\n" + LIST.partition("\n")[2] + "Papier | 2025"
    count = counted(reader, text, year=None)
    assert (count.tenders, count.stated, count.number, count.basis) == (3, 2, 3, "rijen")
    assert "langer" in count.why


def test_a_stated_number_shows_where_it_stands(reader):
    count = counted(reader, "Het was druk.\nIn 2024 zijn 42 aanbestedingen gegund.")
    assert (count.sentence, count.page, count.quote) == (1, 1, "In 2024 zijn 42 aanbestedingen gegund.")
