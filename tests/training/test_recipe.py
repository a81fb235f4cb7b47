"""The recipe of nl_mvoi_core runs from data to package: twenty steps on data made here, in the layout of the real."""

import json
import lzma
import random

import pytest
import spacy
from models.training import _corpora as corpora
from models.training import _entities as entities
from models.training import _package, _tagging, _train, _vectors, _words

from mvoi_nlp.scheme import load_register
from mvoi_nlp.sentences import LABELS

STEPS = dict.fromkeys(("first", "teacher", "tagging", "senter"), 20)

# form, lemma, coarse tag, fine tag, features; `+` glues a word to the next
WORDS = {
    "de": ("de", "DET", "LID|bep|stan|rest", "Definite=Def"),
    "het": ("het", "DET", "LID|bep|stan|evon", "Definite=Def"),
    "gemeente": ("gemeente", "NOUN", "N|soort|ev|basis|zijd|stan", "Number=Sing"),
    "bestuurszaken": ("bestuur_zaak", "NOUN", "N|soort|mv|basis", "Number=Plur"),
    "plan": ("plan", "NOUN", "N|soort|ev|basis|onz|stan", "Number=Sing"),
    "voert": ("uit_voeren", "VERB", "WW|pv|tgw|met-t", "VerbForm=Fin"),
    "uit": ("uit", "ADP", "VZ|fin", ""),
    "koopt": ("kopen", "VERB", "WW|pv|tgw|met-t", "VerbForm=Fin"),
    "in": ("in", "ADP", "VZ|init", ""),
    "op": ("op", "ADP", "VZ|init", ""),
    "mevrouw": ("mevrouw", "NOUN", "N|soort|ev|basis|zijd|stan", "Number=Sing"),
    "en": ("en", "CCONJ", "VG|neven", ""),
    "Groene": ("Groen", "ADJ", "ADJ|prenom|basis|met-e|stan", "Degree=Pos"),
    ".": (".", "PUNCT", "LET", ""),
}
TEXTS = [
    "de gemeente voert het plan uit .",
    "mevrouw Testa koopt in Utrecht en Groningen het plan .",
    "de Groene gemeente koopt op Schiphol en op de Veluwe de Bijbel .",
    "in het Nederlands en op Koningsdag voert mevrouw Testa het plan uit .",
    "de gemeente Utrecht koopt 12 ton , 5 % , € 3 , 4 plan om 14.00 uur op 3 mei 2024 .",
    "de Aanbestedingswet 2012 en het EcoVadis en de tweede gemeente en bestuurszaken .",
]
PROSE = (
    "De gemeente Utrecht wil in 2024 voor mevrouw Testa het plan uit te voeren en de bestuurszaken uitvoeren. Het plan "
    "kost "
    "€ 3 en gaat over de Veluwe, over Schiphol en over de dag van morgen, en het komt er niet eerder dan op 3 mei."
)


def conllu(texts, version=2, shift=0):
    lines = []
    for number, text in enumerate(texts):
        lines.append(
            f"# sent_id = wiki-{number + shift}.p.1.s.1" if version == 2 else f"# wiki-{number + shift}.p.1.s.1.xml"
        )
        for place, form in enumerate(text.split(), start=1):
            lemma, coarse, fine, feats = WORDS.get(
                form,
                (
                    form,
                    "PROPN" if form[0].isupper() else "NUM",
                    "N|eigen|ev|basis|onz|stan" if form[0].isupper() else "TW|hoofd",
                    "",
                ),
            )
            part = "compound:prt" if fine == "VZ|fin" else "dep"
            plain = lemma.replace("_", "") if version == 1 else lemma
            lines.append(
                "\t".join(
                    [str(place), form, plain, coarse, fine if version == 2 else "_", feats or "_", "0", part, "_", "_"]
                )
            )
        lines.append("")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Made-up data in the folders and formats of the shared data."""
    root = tmp_path_factory.mktemp("data")

    def write(path, text):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with lzma.open(root / path, "wt", encoding="utf8") as out:
            out.write(text)

    draw = random.Random(0)
    more = [" ".join(draw.sample(text.split()[:-1], len(text.split()) - 1)) + " ." for text in TEXTS * 12]
    for place, name in enumerate(corpora.TREEBANKS):
        write(
            f"dutch-nlp/alpino-treebank/{name}.conllu.xz",
            conllu(TEXTS if name == "cdb" else more[place * 6 : place * 6 + 6]),
        )
    for name in ("lassysmall", "alpino"):
        for part, texts in (("dev", more[55:61]), ("test", ["het plan voert de gemeente uit ."])):
            write(f"dutch-nlp/ud-{name}-2.16/nl_{name}-ud-{part}.conllu.xz", conllu(texts, shift=100))
    for part in ("train", "dev", "test"):
        write(
            f"dutch-nlp/ud-lassysmall-1.4/nl_lassysmall-ud-{part}.conllu.xz", conllu(more[55:67], version=1, shift=100)
        )
    for kind, names in (("per", "Wilma Testa\nAli Proef"), ("geo", "Utrecht"), ("org", "Testbond"), ("misc", "Iets")):
        write(f"dutch-nlp/alpino-names/{kind}.txt.xz", names + "\n")
    fragment = "nl:Gisteren O|nl:was O|nl:Wilma B-PER|nl:Testa I-PER|nl:in O|nl:Utrecht B-LOC|nl:. O".replace(
        " ", "\t"
    ).replace("|", "\n")
    for part in ("train", "dev", "test"):
        write(f"dutch-nlp/wikiann-nl/{part}.iob.xz", (fragment + "\n\n") * 8)
    law = "Het bestuur van de gemeente stelt het plan vast en voert het plan uit op de dag die het plan noemt."
    write("dutch-nlp/wetten-nl/wetten.txt.xz", "### BWBR1 Plannenwet\n" + (law + "\n") * 6)
    write("dutch-nlp/wikipedia-selectie-nl/nlwikipedia-selection.sents.xz", "\n".join(more[:24]) + "\n")
    write(
        "dutch-policy-text/programmes.jsonl.xz",
        "".join(json.dumps({"party": "P", "year": 2020, "text": "\n".join([PROSE] * 12)}) + "\n" for _ in range(3)),
    )
    return root


@pytest.mark.slow
def test_the_recipe_makes_a_package_that_loads_and_reads(data, tmp_path, monkeypatch):
    register = load_register(_root() / "scheme")
    assert _vectors.write_text(data, tmp_path / "text.txt") > 50
    _vectors.train_vectors(tmp_path / "text.txt", tmp_path / "floret.vec", epochs=1)
    _vectors.vector_pipeline(tmp_path / "floret.vec").to_disk(tmp_path / "vectors")
    _train.train_tagging(data, tmp_path, STEPS)
    ner = _train.train_entities(data, tmp_path, register, 20, (8, 8))
    nlp = _train.assemble(tmp_path, ner, register)
    assert nlp.pipe_names == ["tok2vec", "morphologizer", "tagger", "lemmatizer", "senter", "government", "ner"]
    _package.write_package(nlp, tmp_path / "package", "9.9.9")
    monkeypatch.syspath_prepend(str(tmp_path / "package"))
    loaded = spacy.load(tmp_path / "package/nl_mvoi_core/nl_mvoi_core-9.9.9")
    doc = loaded("De gemeente Utrecht voert het plan op 3 mei uit.")
    assert {(e.text, e.kb_id_) for e in doc.ents if e.kb_id_} == {("gemeente Utrecht", "gemeente-utrecht")}
    assert all(token.lemma_ and token.pos_ for token in doc)
    assert loaded.meta["license"] == "CC BY-SA 4.0" and loaded.meta["sources"]
    assert set(loaded.get_pipe("ner").labels) == set(LABELS)


def test_no_sentence_of_a_test_file_is_trained_on(data):
    test = {tree.forms for name in ("lassysmall", "alpino") for tree in corpora.test_trees(data, name)}
    assert test and not test & {tree.forms for tree in corpora.training_trees(data)}
    assert not test & {tree.forms for tree in corpora.first_version_trees(data)}


def test_lemmas_to_learn_leave_out_what_the_form_lacks():
    assert _tagging.own_lemma("voert", "uit_voeren") == "voeren"
    assert _tagging.own_lemma("uitgevoerd", "uit_voeren") == "uitvoeren"


def test_separable_verbs_are_heard_in_text_and_read_in_trees(data, tmp_path):
    (tmp_path / "text.txt").write_text(
        "om te kopen is het op te kopen .\nopkopen kan , op te kopen\nopkopen\n", encoding="utf8"
    )
    assert _words.separable_verbs(data, tmp_path / "text.txt") == ["uit_voeren"]  # 'op' is no loose part in the trees
    (tmp_path / "text.txt").write_text("uit te kopen of uit te kopen\nuitkopen uitkopen\n", encoding="utf8")
    assert _words.separable_verbs(data, tmp_path / "text.txt") == ["uit_kopen", "uit_voeren"]


def test_common_words_are_those_without_a_capital_inside_sentences(data):
    words = _words.common_words(data, least=5)
    assert {"plan", "bestuur", "gemeente"} <= set(words)
    assert not {"utrecht", "testa", "schiphol"} & set(words)


def test_what_cannot_be_decided_is_missing_and_not_outside(data):
    nlp = spacy.blank("nl")
    [tree] = [
        tree
        for tree in corpora.read_trees(data / "dutch-nlp/alpino-treebank/cdb.conllu.xz")
        if "EcoVadis" in tree.forms
    ]
    doc = _tagging.tree_doc(nlp.vocab, [tree])
    entities.tree_entities(doc, [tree], entities.Gazetteer(data))
    assert doc[tree.forms.index("EcoVadis")].ent_iob == 0
    assert doc[tree.forms.index("de")].ent_iob == 2


def _root():
    from pathlib import Path

    return Path(__file__).parents[2]
