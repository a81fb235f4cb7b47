import sys

import pytest
import spacy
import spacy.lookups
from hypothesis import given, settings
from hypothesis import strategies as st

from mvoi_nlp.errors import PipelineError
from mvoi_nlp.records import Block, Pipeline, read_docs, write_docs
from mvoi_nlp.scheme import Organisation
from mvoi_nlp.sentences import RULES, load_pipeline, pipeline_record, split_blocks


def blocks(*texts, kind="paragraph"):
    """Blocks of one kind; a text with a level is a heading."""
    made, start = [], 0
    for number, text in enumerate(texts):
        words, level = text if isinstance(text, tuple) else (text, 0)
        row = {"document": "d", "page": 1, "number": number, "kind": "heading" if level else kind, "level": level}
        made.append(Block(text=words, start=start, end=start + len(words), **row))
        start += len(words) + 1
    return made


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Het beleid is herzien. Dat is af.", 2),
        ("Zie art. 2.82 en o.a. bijlage 3, d.w.z. ca. 40 procent.", 1),
        ("Dhr. De Vries meldt 1.235.607,08 euro.", 1),
        ("‘Mooi!’ Zei de wethouder. Ja? Nee.", 4),
        ("Het maaien, baggeren enz. Daarna volgt de evaluatie.", 2),
        ("In mln. euro's gerekend is dat veel.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(nlp, text, count):
    assert len(split_blocks(nlp, blocks(text))[0]) == count


def test_headings_and_table_rows_stay_whole_and_running_heads_are_left_out(nlp):
    assert len(split_blocks(nlp, blocks(("Doelen. Thema's en meer.", 1)))[0]) == 1
    assert len(split_blocks(nlp, blocks("7 | Asfalt. | Ja. Nee.", kind="table_row"))[0]) == 1
    assert split_blocks(nlp, blocks("Actieplan pagina 3", kind="running_head"))[0] == []


def test_a_sentence_knows_the_headings_above_it(nlp):
    made = blocks(("Plan", 1), ("Thema's", 2), ("Klimaat", 3), "tekst", ("Borging", 2), "slot")
    cut, _ = split_blocks(nlp, made)
    assert [row.section for row in cut if row.kind == "paragraph"] == ["Plan > Thema's > Klimaat", "Plan > Borging"]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=200), max_size=5))
def test_offsets_point_at_the_text_whatever_it_is(nlp, texts):
    made = blocks(*texts)
    whole = "\n".join(texts)
    cut, docs = split_blocks(nlp, made)
    assert len(cut) == len(docs)
    for row, doc in zip(cut, docs, strict=True):
        assert whole[row.start : row.end] == row.text
        assert doc.text.startswith(row.text)
        assert all(row.text[ent.start_char : ent.end_char] == ent.text for ent in doc.ents)


def test_amounts_dates_and_bodies_are_entities():
    nlp = load_pipeline(
        RULES,
        (
            Organisation(id="gemeente-zand", name="Zand", type="gemeente", ambiguous=True),
            Organisation(id="gemeente-wijkdam", name="Wijkdam", type="gemeente"),
        ),
    )
    doc = nlp("Gemeente Zand gaf op 3 mei 2024 € 2,4 mln uit, 37,5% meer dan Wijkdam; dat is als zand.")
    assert [(e.text, e.label_, e.ent_id_) for e in doc.ents] == [
        ("Gemeente Zand", "ORG", "gemeente-zand"),
        ("3 mei 2024", "DATE", ""),
        ("€ 2,4 mln", "MONEY", ""),
        ("37,5%", "PERCENT", ""),
        ("Wijkdam", "GPE", "gemeente-wijkdam"),
    ]


def test_a_fall_back_is_never_silent():
    record = pipeline_record(load_pipeline("nl_core_news_does_not_exist"))
    assert record == Pipeline(name=RULES, version=record.version, asked="nl_core_news_does_not_exist", fallback=True)
    assert not pipeline_record(load_pipeline(RULES)).fallback


def test_stored_docs_come_back_with_what_matchers_need(nlp, tmp_path):
    _, docs = split_blocks(nlp, blocks("De CO₂-uitstoot van 12 aanbestedingen daalde met 5%."))
    write_docs(tmp_path / "d.spacy", docs)
    [doc] = read_docs(tmp_path / "d.spacy")
    assert [t.norm_ for t in doc][1] == "co2-uitstoot"
    assert [t.lemma_ for t in doc][4] == "aanbesteding"
    assert [e.label_ for e in doc.ents] == ["PERCENT"]
    assert doc.text == docs[0].text


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """An installed package by the name of `nl_core_news_lg`, with its components and without its weights."""
    made = spacy.blank("nl", meta={"name": "core_news_lg", "version": "3.8.0"})
    made.add_pipe("sentencizer")
    made.add_pipe("lemmatizer", config={"mode": "lookup"})
    made.get_pipe("lemmatizer").initialize(lambda: [], nlp=made, lookups=_lookups())
    made.add_pipe("entity_ruler", name="ner").add_patterns([{"label": "PERSON", "pattern": "Jansen"}])
    package = tmp_path / "nl_core_news_lg"
    package.mkdir()
    made.to_disk(package / "model")
    load = "from pathlib import Path\nimport spacy\n\n\ndef load(**options):\n"
    load += "    return spacy.load(Path(__file__).parent / 'model', **options)\n"
    (package / "__init__.py").write_text(load, encoding="utf-8")
    info = tmp_path / "nl_core_news_lg-3.8.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nl_core_news_lg\nVersion: 3.8.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("nl_core_news_lg", None)


def _lookups():
    lookups = spacy.lookups.Lookups()
    lookups.add_table("lemma_lookup", {"verzekeringsmaatschappijen": "verzekering_maatschappij"})
    return lookups


def test_an_installed_pipeline_is_used_and_gives_the_same_shape(stand_in):
    nlp = load_pipeline("nl_core_news_lg", (Organisation(id="gemeente-zand", name="Zand", type="gemeente"),))
    record = pipeline_record(nlp)
    assert (record.name, record.version, record.fallback) == ("nl_core_news_lg", "3.8.0", False)
    cut, docs = split_blocks(nlp, blocks("Mevrouw Jansen van gemeente Zand koos. Verzekeringsmaatschappijen niet."))
    assert [row.text[:8] for row in cut] == ["Mevrouw ", "Verzeker"]
    assert {(e.text, e.label_) for e in docs[0].ents} == {("Jansen", "PERSON"), ("gemeente Zand", "ORG")}
    assert "_" not in docs[1][0].lemma_
    assert docs[1][0].norm_ == "verzekeringsmaatschappijen"


def test_a_pipeline_for_another_language_is_refused(stand_in, tmp_path):
    model = tmp_path / "nl_core_news_lg" / "model"
    for name, ours, theirs in (
        ("meta.json", '"lang":"nl"', '"lang":"en"'),
        ("config.cfg", 'lang = "nl"', 'lang = "en"'),
    ):
        text = (model / name).read_text(encoding="utf-8")
        assert ours in text
        (model / name).write_text(text.replace(ours, theirs), encoding="utf-8")
    with pytest.raises(PipelineError, match="nl_core_news_lg"):
        load_pipeline("nl_core_news_lg")
