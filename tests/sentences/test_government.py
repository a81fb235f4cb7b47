"""Entities that need no training: bodies, laws, instruments, amounts, dates, people."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvoi_nlp.scheme import Body, Instrument, Law, Register, load_register
from mvoi_nlp.sentences import CORE, LABELS, load_pipeline, read_document_texts, split_blocks

REGISTER = Register(
    bodies=(
        Body(id="gemeente-wijkdam", name="Wijkdam", type="gemeente", variants=("'s-Wijkdam",)),
        Body(id="gemeente-zand", name="Zand", type="gemeente", ambiguous=True),
        Body(id="gemeente-oud-en-nieuw", name="Oud en Nieuw", type="gemeente"),
        Body(id="provincie-kustland", name="Kustland", type="provincie"),
        Body(
            id="waterschap-drie-beken", name="Waterschap Drie Beken", type="waterschap", variants=("Drie Beken", "WDB")
        ),
        Body(id="ministerie-zaken", name="Ministerie van Zaken, Goed en Wel", type="ministerie", variants=("ZGW",)),
        Body(id="overig-meetdienst", name="Landelijke Meetdienst", type="overig", variants=("LMD",)),
        Body(id="overig-bureau", name="Bureau Groenrand", type="overig", government=False),
    ),
    laws=(Law(id="inkoopwet", name="Inkoopwet 2012", variants=("Iw 2012",)),),
    instruments=(Instrument(id="instrument:ladder", names=("CO2-Ladder~",), exact=("LDR",)),),
)


@pytest.fixture(scope="module")
def dutch():
    return load_pipeline(CORE, REGISTER)


@pytest.fixture(scope="module")
def found(dutch):
    """Entities of one text as (text, label, id), those of some labels."""

    def find(text, *labels):
        [doc] = read_document_texts(dutch, [text])
        return [(e.text, e.label_, e.kb_id_) for e in doc.ents if not labels or e.label_ in labels]

    return find


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Dat wil de gemeente Wijkdam niet.", ("gemeente Wijkdam", "gemeente-wijkdam")),
        ("De gemeente Zand bestelt zand.", ("gemeente Zand", "gemeente-zand")),
        ("Het college van B&W van Zand is akkoord.", ("college van B&W van Zand", "gemeente-zand")),
        ("Volgens waterschap Drie Beken kan het.", ("waterschap Drie Beken", "waterschap-drie-beken")),
        ("Bel het ministerie van Zaken, Goed en Wel.", ("ministerie van Zaken, Goed en Wel", "ministerie-zaken")),
        ("Het stuk ligt bij ZGW.", ("ZGW", "ministerie-zaken")),
        ("Dit plan is van de gemeente Berkenoord.", ("gemeente Berkenoord", "gemeente")),
        (
            "De brief van Gedeputeerde Staten van Kustland is weg.",
            ("Gedeputeerde Staten van Kustland", "provincie-kustland"),
        ),
        ("Dat vindt het Rijk ook.", ("Rijk", "overig-rijksoverheid")),
        ("De levering gaat naar de Gemeente.", ("Gemeente", "gemeente")),
        ("Dit besluit is aan de Raad.", ("Raad", "gemeente")),
        ("De Kamer stemt morgen.", ("Kamer", "ministerie")),
        ("Wij werken samen met politie en brandweer.", ("politie", "overig")),
        (
            "Het dagelijks bestuur van het waterschap Drie Beken tekent.",
            ("dagelijks bestuur van het waterschap Drie Beken", "waterschap-drie-beken"),
        ),
    ],
)
def test_a_body_is_found_with_its_id(found, text, body):
    assert body in [(span, id_) for span, _, id_ in found(text, "ORG")]


def test_a_name_without_its_type_is_a_body_where_it_acts_and_else_a_place(found):
    assert found("In Wijkdam koopt men anders in.", "ORG", "GPE") == [("Wijkdam", "GPE", "")]
    assert found("Het bestek is door Wijkdam gemaakt.", "ORG", "GPE") == [("Wijkdam", "ORG", "gemeente-wijkdam")]


def test_an_ordinary_word_is_no_body(found):
    assert found("Zand kost geld; we hebben best veel zand.", "ORG", "GPE") == []
    assert found("Elke gemeente en veel gemeenten kopen in.", "ORG") == []


def test_what_is_no_government_has_no_body(found):
    assert found("De kamer is klein; de raad van toezicht en het college van bestuur zijn er niet.", "ORG") == []


def test_bodies_in_a_row_are_found_one_by_one(found):
    bodies = found("De gemeenten Wijkdam, Zand en Oud en Nieuw en het Waterschap Drie Beken tekenden.", "ORG")
    assert [id_ for *_, id_ in bodies] == [
        "gemeente-wijkdam",
        "gemeente-zand",
        "gemeente-oud-en-nieuw",
        "waterschap-drie-beken",
    ]


def test_a_document_explains_its_own_names(dutch):
    docs = read_document_texts(
        dutch,
        [
            "De gemeente Berkenoord werkt met de Omgevingsdienst Veenrand (OVR).",
            "De OVR controleert; het besluit is door Berkenoord genomen.",
            "De gemeente besluit.",
        ],
    )
    assert [(e.text, e.kb_id_) for e in docs[1].ents if e.label_ == "ORG"] == [
        ("OVR", "overig"),
        ("Berkenoord", "gemeente"),
    ]


def test_the_municipality_is_the_one_that_the_document_speaks_of(dutch):
    docs = read_document_texts(dutch, ["Plan van de gemeente Wijkdam.", "De gemeente koopt in, en onze provincie ook."])
    assert [(e.text, e.kb_id_) for e in docs[1].ents if e.label_ == "ORG"] == [
        ("gemeente", "gemeente-wijkdam"),
        ("provincie", "provincie"),
    ]


def test_names_of_one_document_are_forgotten_in_the_next(dutch):
    read_document_texts(dutch, ["De gemeente Berkenoord werkt met de Omgevingsdienst Veenrand (OVR)."])
    [doc] = read_document_texts(dutch, ["Een OVR is een soort pomp."])
    assert "overig" not in [e.kb_id_ for e in doc.ents]


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("Dit volgt uit artikel 2.82 van de Inkoopwet 2012.", "Inkoopwet 2012"),
        ("Zie de Iw 2012.", "Iw 2012"),
        ("Op grond van Richtlijn 2014/24/EU mag het.", "Richtlijn 2014/24/EU"),
        ("De Wet open overheid geldt.", "Wet open overheid"),
        ("Volgens het Besluit bouwwerken leefomgeving mag het.", "Besluit bouwwerken leefomgeving"),
    ],
)
def test_a_law_is_found_by_name_and_form(found, text, law):
    [(span, _, id_)] = found(text, "LAW")
    assert span == law
    assert (id_ == "law:inkoopwet") == (law in ("Inkoopwet 2012", "Iw 2012"))


def test_an_instrument_links_to_its_label_in_every_spelling(found):
    assert {id_ for *_, id_ in found("De CO₂-ladder, de CO2-Ladders en de LDR.", "PRODUCT")} == {"instrument:ladder"}
    assert len(found("De CO₂-ladder, de CO2-Ladders en de LDR.", "PRODUCT")) == 3


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Dat kost € 1.250.000,- of 2,4 mln euro.", ["€ 1.250.000,-", "2,4 mln euro"]),
        ("Tussen € 50.000 en € 70.000, of 3 ton euro, of EUR 40k.", ["€ 50.000 en € 70.000", "3 ton euro", "EUR 40k"]),
        ("Een half miljard euro.", ["Een half miljard euro"]),
    ],
)
def test_amounts(found, text, spans):
    assert [span for span, *_ in found(text, "MONEY")] == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Van 9% naar 37,5 procent, dat is 20-40 % of 10 à 15%.", ["9%", "37,5 procent", "20-40 %", "10 à 15%"]),
        ("Tussen 10 en 15 procent, vijftien procent, 5%-punt.", ["10 en 15 procent", "vijftien procent", "5%-punt"]),
    ],
)
def test_percentages(found, text, spans):
    assert [span for span, *_ in found(text, "PERCENT")] == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Op 3 mei 2024, eind 2025 en in Q3 2024.", ["3 mei 2024", "eind 2025", "Q3 2024"]),
        ("Van 2024 t/m 2027, 1-1-2025 en week 12.", ["2024 t/m 2027", "1-1-2025", "week 12"]),
        ("Het derde kwartaal van 2025; schooljaar 2024-2025.", ["derde kwartaal van 2025", "schooljaar 2024-2025"]),
    ],
)
def test_dates(found, text, spans):
    assert [span for span, *_ in found(text, "DATE")] == spans


def test_quantities_have_a_unit_and_counts_have_none(found):
    assert [span for span, *_ in found("12 ton, 36 fte, vier jaar en 1.400 kWh.", "QUANTITY")] == [
        "12 ton",
        "36 fte",
        "vier jaar",
        "1.400 kWh",
    ]
    assert found("12 aanbestedingen, pagina 4 en artikel 3.", "QUANTITY", "MONEY", "PERCENT", "DATE") == []


def test_people_by_title_and_initials(found):
    text = "Mevrouw Ypma sprak met J.P. van den Oever en drs. K. El Amrani."
    assert [span for span, *_ in found(text, "PERSON")] == ["Ypma", "J.P. van den Oever", "K. El Amrani"]


def test_what_is_set_before_stays(dutch):
    doc = dutch.make_doc("De gemeente Wijkdam en Piet.")
    doc.ents = [doc.char_span(23, 27, label="PERSON")]
    assert ("Piet", "PERSON") in [(e.text, e.label_) for e in dutch.get_pipe("government")(doc).ents]


def test_the_register_travels_with_the_pipeline(dutch, tmp_path):
    component = dutch.get_pipe("government")
    component.to_disk(tmp_path / "government")
    copy = type(component)(dutch.vocab).from_disk(tmp_path / "government")
    assert copy.register == REGISTER == type(component)(dutch.vocab).from_bytes(component.to_bytes()).register


def test_the_register_of_the_project_has_every_kind_of_body(real_register):
    types = {body.type for body in real_register.bodies}
    assert types == {"gemeente", "provincie", "waterschap", "ministerie", "overig"}
    assert sum(body.type == "gemeente" for body in real_register.bodies) == 342
    assert sum(body.type == "provincie" for body in real_register.bodies) == 12
    assert sum(body.type == "waterschap" for body in real_register.bodies) == 21
    ids = [body.id for body in real_register.bodies]
    assert len(ids) == len(set(ids))
    assert all(body.id.startswith(f"{body.type}-") for body in real_register.bodies)


@pytest.fixture(scope="module")
def real_register():
    return load_register(Path(__file__).parents[2] / "scheme")


@pytest.fixture(scope="module")
def real_dutch(real_register):
    return load_pipeline(CORE, real_register)


WORDS = st.sampled_from(
    [
        "de",
        "gemeente",
        "Best",
        "Utrecht",
        "en",
        ",",
        ".",
        "€",
        "5",
        "%",
        "2024",
        "miljoen",
        "euro",
        "ministerie",
        "van",
        "Zaken",
        "college",
        "B&W",
        "Wet",
        "open",
        "J.",
        "Vries",
        "'s-",
        "(",
        ")",
        "t/m",
        "12",
        "ton",
        "Rijk",
        "CO2",
        "–",
        "\n",
        "\xad",
        "😀",
        "mln.",
        "art.",
        "raad",
    ]
)


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_entities_never_overlap_and_point_at_their_text(real_dutch, text):
    [doc] = read_document_texts(real_dutch, [text])
    assert doc.text == text
    end = 0
    for entity in doc.ents:
        assert entity.start >= end
        end = entity.end
        assert text[entity.start_char : entity.end_char] == entity.text
        assert entity.label_ in LABELS


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀" * 10_000,
        "a" * 1_000_000,
        "aanbestedingskalender " * 48_000,
        "1 " * 20_000,
        "." * 20_000,
        "gemeente De " * 5_000,
        "€ 1.000." * 5_000,
    ],
    ids=["nothing", "emoji", "1 MB without a space", "1 MB of words", "numbers", "stops", "names", "amounts"],
)
def test_any_text_goes_through_in_bounded_time(real_dutch, paragraphs, text):
    started = time.process_time()
    sentences, docs = split_blocks(real_dutch, paragraphs(text))
    assert time.process_time() - started < 120
    assert sum(len(row.text) for row in sentences) >= len("".join(text.split())) and len(docs) == len(sentences)
    assert all(text[row.start : row.end] == row.text for row in sentences)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("De vergadering is in Den Haag.", ("Den Haag", "GPE", "")),
        ("Dit besluit is door Den Haag genomen.", ("Den Haag", "ORG", "gemeente-den-haag")),
        ("Een brief van de gemeente 's-Gravenhage.", ("gemeente 's-Gravenhage", "ORG", "gemeente-den-haag")),
        ("De gemeente Heerhugowaard bestond toen nog.", ("gemeente Heerhugowaard", "ORG", "gemeente-dijk-en-waard")),
        (
            "Het ministerie van LNV heet nu anders.",
            ("ministerie van LNV", "ORG", LVVN := "ministerie-landbouw-visserij-voedselzekerheid-en-natuur"),
        ),
        ("Lees het stuk van LVVN.", ("LVVN", "ORG", LVVN)),
        ("Volgens HHNK is dat zo.", ("HHNK", "ORG", "waterschap-hollands-noorderkwartier")),
        ("Neem contact op met de gemeente Best.", ("gemeente Best", "ORG", "gemeente-best")),
        ("De provincie Utrecht en de gemeente Utrecht overleggen.", ("provincie Utrecht", "ORG", "provincie-utrecht")),
        ("Vraag het de VNG of het IPO.", ("VNG", "ORG", "overig-vereniging-van-nederlandse-gemeenten")),
    ],
)
def test_real_bodies_link_to_the_register_and_places_do_not(real_dutch, text, entity):
    [doc] = read_document_texts(real_dutch, [text])
    assert entity in [(e.text, e.label_, e.kb_id_) for e in doc.ents]
