"""What a document did not say itself: passages that organisations share, and help text of a format."""

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvoi_nlp.records import Sentence, Source
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags import Rollup, decide_cells, decide_tags, mark_boilerplate

SETTINGS = TagsSettings()
PASSAGE = (
    "Het Manifest vraagt van iedere deelnemer een eigen plan dat iedereen kan nalezen.",
    "Niemand hoeft alles tegelijk te doen.",
    "Eens per jaar vertelt zij in het openbaar hoe ver zij daarmee gekomen is.",
)
OWN = {
    "Gemeente Aadorp": "Onze bermen maaien wij met een trekker die nog van voor de oorlog lijkt te zijn.",
    "Gemeente Beewoud": "De catering komt van een bakker om de hoek, met wie wij al twaalf jaar zaken doen.",
    "Provincie Ceeland": "Wie een brug bestelt, krijgt voortaan eerst de vraag of die brug er wel moet komen.",
    "Bond van Waterbeheerders": "Elk lid tekende met een andere pen, zoals bekend is in onze kring van besturen.",
}


def made(texts):
    """Sources and sentences of some documents: {(document, organisation): sentences or (kind, sentence)}."""
    sources, sentences = [], []
    for (document, organisation), lines in texts.items():
        row = {"organisation_type": "overig", "kind": "actieplan", "year": 2024, "sha256": "0" * 64, "size": 1}
        sources.append(Source(document=document, file=f"{document}.txt", organisation=organisation, **row))
        for number, line in enumerate(lines):
            kind, text = ("paragraph", line) if isinstance(line, str) else line
            place = {"page": 1, "block": 0 if kind == "paragraph" else number + 1, "start": 0, "end": len(text)}
            sentences.append(Sentence(document=document, number=number, kind=kind, text=text, **place))
    return sources, sentences


def marked(texts, settings=SETTINGS):
    sources, sentences = made(texts)
    rows = {(row.document, row.number): row.text for row in sentences}
    return {
        rows[mark.document, mark.sentence]: (mark.kind, mark.organisations)
        for mark in mark_boilerplate(sentences, sources, settings)
    }


def helped(*lines):
    return [text for text, (kind, _) in marked({("plan", "Gemeente Aadorp"): lines}).items() if kind == "invulhulp"]


# shared passages


def test_a_passage_of_three_organisations_says_where_else_it_stands_short_sentences_and_all():
    texts = {(f"plan-{n}", who): [OWN[who], *PASSAGE, own] for n, (who, own) in enumerate(OWN.items()) if n < 3}
    sources, sentences = made(texts)
    marks = mark_boilerplate(sentences, sources, SETTINGS)
    assert [(m.document, m.sentence) for m in marks] == [(f"plan-{n}", i) for n in range(3) for i in (1, 2, 3)]
    assert {(m.kind, m.organisations) for m in marks} == {("gedeeld", 2)}
    assert marks[0].documents == ("plan-1", "plan-2")


def test_two_documents_of_one_organisation_share_nothing_and_count_once_elsewhere():
    plan, report = ("plan-a", "Gemeente Aadorp"), ("rap-a", "gemeente AADORP")
    assert marked({plan: PASSAGE, report: PASSAGE}) == {}
    other = ("plan-b", "Gemeente Beewoud")
    sources, sentences = made({plan: PASSAGE, report: PASSAGE, other: PASSAGE})
    marks = {(m.document, m.sentence): m for m in mark_boilerplate(sentences, sources, SETTINGS)}
    assert (marks["plan-a", 0].documents, marks["plan-a", 0].organisations) == (("plan-b",), 1)
    assert (marks["plan-b", 0].documents, marks["plan-b", 0].organisations) == (("plan-a", "rap-a"), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "De gemeente Aadorp koopt in 2024 voor 12,5 miljoen euro in bij bedrijven uit de streek.",
            "De provincie Ceeland koopt in 2023 voor 230 miljoen euro in, bij bedrijven uit de streek!",
        ),
        (
            "Bij elke opdracht boven de drempel kijkt de adviseur vooraf welk thema het meeste oplevert voor de buurt.",
            "Bij elke opdracht boven de drempel kijkt een inkoper vooraf welk thema het meeste oplevert voor de buurt.",
        ),
        (
            "In 2022 waren het er 14 van de 30, in 2023 nog 11 van 28 en in 2024 maar 9.",
            "In 2021 waren het er 8 van de 12, in 2022 nog 4 van 10 en in 2023 maar 2.",
        ),
        (
            "De gemeente Aadorp vraagt, en de gemeente Aadorp krijgt, wat de gemeente Aadorp elders al betaalt.",
            "De provincie vraagt, en de provincie krijgt, wat de provincie Ceeland elders al betaalt.",
        ),
        (
            "Wij vragen van iedere aannemer een plan voor minder uitstoot op en rond de bouwplaats.",
            "Verder geldt: wij vragen van iedere aannemer een plan voor minder uitstoot op en rond de bouwplaats.",
        ),
    ],
)
def test_a_copy_may_differ_in_names_numbers_and_a_word(one, other):
    found = marked({("a", "Gemeente Aadorp"): [one], ("b", "Provincie Ceeland"): [other]})
    assert found == {one: ("gedeeld", 1), other: ("gedeeld", 1)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same words, each another thing said
        ("Wij kiezen voor klimaat en circulair inkopen.", "Wij kiezen voor klimaat en circulair inkopen."),
        (
            "Social return | ja | 9 mensen aan de slag bij onze leveranciers | eind 2026",
            "Social return | ja | 10 mensen aan de slag via de bouwers van het zwembad | 2025",
        ),
        (
            "Alle nieuwe bussen op de lijnen rond het station rijden in 2026 op stroom van eigen daken.",
            "Alle nieuwe meubels in het stadskantoor komen in 2026 uit een oud gebouw van de provincie zelf.",
        ),
        (
            "Bij elke opdracht kijken wij eerst naar schone bouwplaatsen dichtbij.",
            "Bij elke opdracht kijken anderen eerst naar schone bouwplaatsen dichtbij.",
        ),
        ("12 | 4 | 8 | 3 | 1 | 0 | 0 | 7 | 9 | 11 | 2", "12 | 4 | 8 | 3 | 1 | 0 | 0 | 7 | 9 | 11 | 2"),
    ],
    ids=["seven words", "rows of one form", "the same topic", "short and not the same", "figures"],
)
def test_what_is_only_alike_is_not_shared(one, other):
    kind = "table_row" if "|" in one else "paragraph"
    assert marked({("a", "Gemeente Aadorp"): [(kind, one)], ("b", "Gemeente Beewoud"): [(kind, other)]}) == {}


def test_the_words_must_stand_together_and_in_order():
    words = PASSAGE[0].split()
    here = {("a", "Gemeente Aadorp"): [PASSAGE[0]]}
    halves = [" ".join(words[:7]), *OWN.values(), " ".join(words[6:])]
    turned = [" ".join(words[7:] + words[:7])]
    for lines in (halves, turned, [" ".join(reversed(words))]):
        assert PASSAGE[0] not in marked(here | {("b", "Gemeente Beewoud"): lines})


def test_headings_are_alike_without_copying():
    heading = ("heading", "Waar wij in de komende vier jaren onze aandacht op zullen richten")
    assert marked({("a", "Gemeente Aadorp"): [heading], ("b", "Gemeente Beewoud"): [heading]}) == {}


def test_a_short_sentence_beside_a_shared_one_stays_its_own():
    own = "Dat vinden wij ook."
    found = marked({("a", "Gemeente Aadorp"): [PASSAGE[0], own], ("b", "Gemeente Beewoud"): PASSAGE[:1]})
    assert set(found) == {PASSAGE[0]}


LINES = [*PASSAGE, *OWN.values(), "[Geef aan wie wat doet.]", "Beschrijf per thema welke doelen u stelt.", "Ja."]
corpora = st.lists(
    st.tuples(st.sampled_from(list(OWN)), st.lists(st.sampled_from(LINES), min_size=1, max_size=8)),
    min_size=1,
    max_size=6,
)


@given(corpora, st.randoms(use_true_random=False))
def test_marks_do_not_depend_on_the_order_of_documents(corpus, random):
    sources, sentences = made({(f"d{n}", who): lines for n, (who, lines) in enumerate(corpus)})
    marks = mark_boilerplate(sentences, sources, SETTINGS)
    random.shuffle(sources)
    random.shuffle(sentences)
    assert mark_boilerplate(sentences, sources, SETTINGS) == marks


@given(corpora)
def test_one_organisation_alone_shares_nothing(corpus):
    sources, sentences = made({(f"d{n}", "Gemeente Aadorp"): lines for n, (_, lines) in enumerate(corpus)})
    marks = mark_boilerplate(sentences, sources, SETTINGS)
    assert all(mark.kind == "invulhulp" and not mark.documents for mark in marks)


@given(corpora)
def test_another_document_never_takes_a_mark_away(corpus):
    texts = {(f"d{n}", who): lines for n, (who, lines) in enumerate(corpus)}
    sources, sentences = made(texts)
    before = {(m.document, m.sentence): m for m in mark_boilerplate(sentences, sources, SETTINGS)}
    sources, sentences = made(texts | {("nieuw", "Gemeente Deedam"): LINES})
    after = {(m.document, m.sentence): m for m in mark_boilerplate(sentences, sources, SETTINGS)}
    assert set(before) <= set(after)
    assert all(set(mark.documents) <= set(after[key].documents) for key, mark in before.items())


def test_twenty_times_the_text_takes_no_four_hundred_times_as_long():
    random = Random(1)
    words = [f"w{random.randrange(10**6)}".translate(str.maketrans("0123456789", "abcdefghij")) for _ in range(3000)]
    lines = [" ".join(random.choices(words, k=14)) for _ in range(300)]

    def seconds(times):
        sources, sentences = made({(f"d{n}", f"Gemeente {n}"): lines for n in range(times)})
        started = time.perf_counter()
        marks = mark_boilerplate(sentences, sources, SETTINGS)
        assert len(marks) == len(lines) * times
        return time.perf_counter() - started

    seconds(2)
    assert seconds(40) < 100 * max(seconds(2), 0.01)  # twenty times by right; a comparison of pairs would be 800


# help text


@pytest.mark.parametrize(
    "lines",
    [
        ["[Beschrijf hier kort waarom uw organisatie een actieplan opstelt.]"],
        ["[Waar bent u trots op?", "Noem concrete voorbeelden.]"],
        ["[Vul per thema in of het een focusthema is.", "Niet gekozen onderwerpen licht u toe.]"],
        ["[Bijvoorbeeld: in 2026 is de helft van onze wagens elektrisch.]"],
        ["[Bijlagen toevoegen]", "<naam van uw organisatie>"],
        ["(Vul hier de doelen voor klimaat in.)"],
        ["Beschrijf hier de doelen voor klimaat.", "Denk aan wagens, gebouwen en stroom."],
        ["Geef aan hoe uw organisatie de doelen uit het actieplan volgt."],
        ["Toelichting: beschrijf waarom voor klimaat is gekozen."],
        ["Invulinstructie: één regel per aanbesteding."],
        ["Klik hier om tekst in te voeren."],
    ],
)
def test_help_text_is_known_by_its_form(lines):
    assert helped("Wij kiezen voor klimaat.", *lines, "Dat doen wij graag.") == lines


@pytest.mark.parametrize(
    "line",
    [
        "Lees het kritisch, maar lees het.",
        "Neem Samir: hij leerde snoeien en werkt nu zelf twee jongens in.",
        "Benoem per thema een trekker.",
        "Toelichting: het college kiest voor klimaat.",
        "Geef aan hoe u de uitstoot van uw bouwplaats beperkt.",
        "Beschrijf hier hoe u als inschrijver social return invult.",
        "Zoals u weet is de provincie een stuk verder dan wij.",
        "Wat merkt u van schone bouwplaatsen?",
        "[groen] | klimaat | [rood]",
        "[Zie bijlage 3]",
        "[1] Zie de brief van 11 mei.",
        "[-Beschrijf het doel-][+het doel is 40 %+]",
        "[x] Klimaat [ ] Circulair",
        "(Noem het een experiment.)",
        "(Kent u hem nog?)",
        "'Beschrijf hier uw plan', stond er in het format, en dat deden wij.",
        "[Vul in, stond er, en verder niets over klimaat.",
    ],
)
def test_what_a_plan_says_itself_stays(line):
    assert helped(line, "Wij kiezen voor klimaat.", ("heading", "Klimaat]")) == []


def test_an_order_to_the_writer_counts_when_organisations_share_it():
    line = "Beschrijf per thema welke doelen u stelt."
    texts = {("a", "Gemeente Aadorp"): [line], ("b", "Gemeente Beewoud"): [OWN["Gemeente Beewoud"], line]}
    assert marked(texts) == {line: ("invulhulp", 1)}
    assert marked({key: lines for key, lines in texts.items() if key[0] == "a"}) == {}


# what the marks do


def test_tags_in_help_text_are_rejected_with_the_reason_and_count_in_no_cell(source, page, scheme, evidence):
    sources, sentences = made({("plan", "Gemeente Aadorp"): ["[Beschrijf uw doelen voor klimaat.]", "Onze bermen."]})
    said = [evidence(score=0.95), evidence(sentence=1, score=0.5)]
    tags = decide_tags(said, SETTINGS, mark_boilerplate(sentences, sources, SETTINGS))
    assert [(t.status, t.probability, t.reason) for t in tags] == [
        ("nee", 0.0, "invulhulp"),
        ("nog te controleren", 0.5, ""),
    ]
    cell = decide_cells(sources, tags, sentences, [page()], scheme, SETTINGS, Rollup({}))[0]
    assert (cell.probability, cell.sentences, [q.sentence for q in cell.quotes]) == (0.5, 1, [1])
    cell = decide_cells(sources, tags[:1], sentences, [page()], scheme, SETTINGS, Rollup({}))[0]
    assert (cell.probability, cell.sentences, cell.quotes) == (0.0, 0, ())


def test_a_shared_passage_keeps_its_tags(evidence):
    sources, sentences = made({("plan", "Gemeente Aadorp"): PASSAGE, ("b", "Gemeente Beewoud"): PASSAGE})
    marks = mark_boilerplate(sentences, sources, SETTINGS)
    assert marks
    assert decide_tags([evidence()], SETTINGS, marks) == decide_tags([evidence()], SETTINGS)
