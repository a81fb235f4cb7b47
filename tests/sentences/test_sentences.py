import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from mvoi_nlp.errors import PipelineError
from mvoi_nlp.records import Pipeline, read_docs, write_docs
from mvoi_nlp.scheme import Body, Register
from mvoi_nlp.sentences import CORE, LABELS, load_pipeline, pipeline_record, plain_lemma, split_blocks


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Het beleid is herzien. Dat is af.", 2),
        ("Zie art. 2.82 en o.a. bijlage 3, d.w.z. ca. 40 procent.", 1),
        ("Dhr. De Vries meldt 1.235.607,08 euro.", 1),
        ("Bel mevr. P. Jansen, nr. 12, d.d. 3 mei 2024 t/m 1 juni.", 1),
        ("‘Mooi!’ Zei de wethouder. Ja? Nee.", 4),
        ("Het maaien, baggeren enz. Daarna volgt de evaluatie.", 2),
        ("In mln. euro's gerekend is dat veel.", 1),
        ("1. De inkoper vraagt offertes op.", 1),
        ("De raming (zie bijlage 2. Kosten) volgt. Daarna gunnen wij.", 2),
        ("Volgens bijv. Rijkswaterstaat kan het. De markt twijfelt.", 2),
        ("3.4 Onder de drempel kiezen wij zelf. 3.5 Voor de rest geldt de wet.", 2),
        ("2.1.4 De gemeente besluit daarover.", 1),
        ("De kosten stegen met 3.5 procent. Dat is veel.", 2),
    ],
)
def test_sentences_end_where_a_reader_ends_them(nlp, paragraphs, text, count):
    assert len(split_blocks(nlp, paragraphs(text))[0]) == count


def test_headings_and_table_rows_stay_whole_and_running_heads_are_left_out(nlp, paragraphs):
    assert len(split_blocks(nlp, paragraphs(("Doelen. Thema's en meer.", 1)))[0]) == 1
    assert len(split_blocks(nlp, paragraphs("7 | Asfalt. | Ja. Nee.", kind="table_row"))[0]) == 1
    assert split_blocks(nlp, paragraphs("Actieplan pagina 3", kind="running_head"))[0] == []


def test_a_sentence_knows_the_headings_above_it(nlp, paragraphs):
    made = paragraphs(("Plan", 1), ("Thema's", 2), ("Klimaat", 3), "tekst", ("Borging", 2), "slot")
    cut, _ = split_blocks(nlp, made)
    assert [row.section for row in cut if row.kind == "paragraph"] == ["Plan > Thema's > Klimaat", "Plan > Borging"]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=200), max_size=5))
def test_offsets_point_at_the_text_whatever_it_is(nlp, paragraphs, texts):
    made = paragraphs(*texts)
    whole = "\n".join(texts)
    cut, docs = split_blocks(nlp, made)
    assert len(cut) == len(docs)
    for row, doc in zip(cut, docs, strict=True):
        assert whole[row.start : row.end] == row.text
        assert doc.text.startswith(row.text)
        assert all(row.text[ent.start_char : ent.end_char] == ent.text for ent in doc.ents)
        assert all(0 <= part.start < part.end <= len(row.text) for part in row.personal)


def test_people_and_how_to_reach_them_are_marked_and_masked(nlp, paragraphs):
    text = "Vragen? Mail s.ypma@zandoord.nl of bel mevrouw S. Ypma op 06-12345678 of (0123) 45 67 89."
    masked = " ".join(row.masked for row in split_blocks(nlp, paragraphs(text))[0])
    assert masked == "Vragen? Mail [e-mail] of bel mevrouw [naam] op [telefoon] of [telefoon]."


def test_a_surname_alone_is_masked_where_the_whole_name_stands_elsewhere(nlp, paragraphs):
    cut, _ = split_blocks(nlp, paragraphs("Aanwezig: mevrouw Wilma Poortvliet.", "Poortvliet opent de vergadering."))
    assert cut[1].masked == "[naam] opent de vergadering."


def test_works_and_streets_are_no_people(nlp, paragraphs):
    rows = paragraphs("5 | Herinrichting Turfstraat | GWW", "3 | Kleedkamers sportpark", kind="table_row")
    assert [row.personal for row in split_blocks(nlp, rows)[0]] == [(), ()]


def test_a_title_without_a_stop_is_enough(nlp, paragraphs):
    assert split_blocks(nlp, paragraphs("Mw Bos, inkoop"))[0][0].masked == "Mw [naam], inkoop"


@pytest.mark.parametrize("name", ["Van Dijk", "P. van der Laan", "Roos van den Hof", "Jan Park"])
def test_names_that_end_as_streets_do_are_masked(nlp, paragraphs, name):
    [row] = split_blocks(nlp, paragraphs(f"Dit zegt mevrouw {name} van de inkoop."))[0]
    assert row.masked == "Dit zegt mevrouw [naam] van de inkoop."


def test_numbers_and_codes_are_no_phone_numbers(nlp, paragraphs):
    text = "Zaak 2024-1234567, € 1.250.000, artikel 2.82, 0,123456789 en NL12BANK0123456789."
    assert [row.personal for row in split_blocks(nlp, paragraphs(text))[0]] == [()]


def test_a_heading_with_a_name_is_masked_in_the_sections_below_it(nlp, paragraphs):
    cut, _ = split_blocks(nlp, paragraphs(("Gesprek met mevrouw S. Ypma", 1), "Het gaat goed."))
    assert cut[1].section == "Gesprek met mevrouw [naam]"


def test_a_verb_and_its_loose_part_share_the_lemma_of_the_whole(nlp):
    doc = nlp("De gemeente voert het plan dit jaar uit.")
    assert next(token.lemma_ for token in doc if token.text == "voert") == "uitvoeren"


@pytest.mark.parametrize(
    ("form", "lemma", "plain"),
    [
        ("bestuurszaken", "bestuur_zaak", "bestuurszaak"),
        ("dook", "op_duiken", "opduiken"),
        ("opgerold", "op_rollen", "oprollen"),
        ("werkwijze", "werkwijze", "werkwijze"),
        ("a_b", "a_b", "a_b"),
    ],
)
def test_lemmas_are_words_of_the_dictionary(form, lemma, plain):
    assert plain_lemma(form, lemma) == plain


def test_a_fall_back_is_never_silent():
    record = pipeline_record(load_pipeline("nl_core_news_does_not_exist"))
    assert record == Pipeline(name=CORE, version=record.version, asked="nl_core_news_does_not_exist", fallback=True)
    assert not pipeline_record(load_pipeline(CORE)).fallback


def test_the_own_pipeline_has_the_labels_and_parts_that_are_promised(nlp):
    assert nlp.pipe_names[:4] == ["tok2vec", "morphologizer", "tagger", "lemmatizer"]
    assert nlp.pipe_names.index("senter") < nlp.pipe_names.index("government") < nlp.pipe_names.index("ner")
    assert set(nlp.get_pipe("ner").labels) == set(LABELS)


def test_stored_docs_come_back_with_what_matchers_need(nlp, paragraphs, tmp_path):
    _, docs = split_blocks(nlp, paragraphs("De CO₂-uitstoot van 12 aanbestedingen daalde met 5%."))
    write_docs(tmp_path / "d.spacy", docs)
    [doc] = read_docs(tmp_path / "d.spacy")
    assert [t.norm_ for t in doc][1] == "co2-uitstoot"
    assert [t.lemma_ for t in doc][4] == "aanbesteding"
    assert [e.label_ for e in doc.ents] == ["CARDINAL", "PERCENT"]
    assert doc[1].pos_ == "NOUN"
    assert doc.text == docs[0].text


REGISTER = Register(bodies=(Body(id="gemeente-zand", name="Zand", type="gemeente"),))


def test_an_installed_nl_core_news_lg_is_used_and_gives_the_same_shape(stand_in, paragraphs):
    nlp = load_pipeline("nl_core_news_lg", REGISTER)
    record = pipeline_record(nlp)
    assert (record.name, record.version, record.fallback) == ("nl_core_news_lg", "3.8.0", False)
    assert "parser" not in nlp.pipe_names and "senter" in nlp.pipe_names
    assert nlp.pipe_names.index("government") < nlp.pipe_names.index("ner")
    assert set(nlp.get_pipe("ner").labels) == set(LABELS)
    cut, docs = split_blocks(
        nlp, paragraphs("Gemeente Zand koos op 3 mei voor FSC/PEFC.", "Verzekeringsmaatschappijen niet.")
    )
    words = [token for doc in docs for token in doc]
    assert "".join(row.text for row in cut).startswith("Gemeente Zand koos")
    assert ("Gemeente Zand", "ORG", "gemeente-zand") in {(e.text, e.label_, e.kb_id_) for d in docs for e in d.ents}
    assert ("3 mei", "DATE") in {(e.text, e.label_) for d in docs for e in d.ents}
    assert all("_" not in word.lemma_ for word in words)
    assert "verzekeringsmaatschappij" in {word.lemma_ for word in words}
    assert "pefc" in {word.norm_ for word in words}
    assert not any(word.dep_ for word in words)


def test_a_pipeline_for_another_language_is_refused(stand_in):
    for name in ("meta.json", "config.cfg"):
        text = (stand_in / name).read_text(encoding="utf-8")
        changed = text.replace('"lang":"nl"', '"lang":"en"').replace('lang = "nl"', 'lang = "en"')
        assert changed != text
        (stand_in / name).write_text(changed, encoding="utf-8")
    with pytest.raises(PipelineError, match="not for Dutch"):
        load_pipeline("nl_core_news_lg")


def test_a_pipeline_without_what_later_steps_need_is_refused(stand_in):
    spacy.load(stand_in, exclude=["senter"]).to_disk(stand_in)
    with pytest.raises(PipelineError, match="no senter"):
        load_pipeline("nl_core_news_lg")


def test_a_package_that_does_not_load_is_named(stand_in):
    (stand_in / "config.cfg").unlink()
    with pytest.raises(PipelineError, match="nl_core_news_lg is installed but does not load"):
        load_pipeline("nl_core_news_lg")
