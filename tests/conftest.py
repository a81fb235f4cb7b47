"""Rows that a test names only for what it is about."""

import sys
from pathlib import Path

import pytest
import spacy
import spacy.lookups

from mvoi_nlp.records import Annotation, Cell, Evidence, Gold, Page, Sentence, Source, Tag
from mvoi_nlp.scheme import Example, Label, Scheme, load_scheme
from mvoi_nlp.sentences import LABELS, load_pipeline

ROOT = Path(__file__).parents[1]


def maker(kind, /, **defaults):
    return lambda **changes: kind(**defaults | changes)


@pytest.fixture
def source():
    return maker(
        Source,
        document="plan",
        file="plan.txt",
        organisation="Gemeente Testdam",
        organisation_type="gemeente",
        kind="actieplan",
        year=2024,
        sha256="0" * 64,
        size=1,
    )


@pytest.fixture
def sentence():
    def make(text="Wij kiezen voor klimaat.", start=0, **changes):
        row = {"document": "plan", "number": 0, "page": 1, "block": 0, "kind": "paragraph"}
        return Sentence(text=text, start=start, end=start + len(text), **row | changes)

    return make


@pytest.fixture
def evidence():
    return maker(
        Evidence, document="plan", sentence=0, label="theme:klimaat", start=0, end=3, score=0.6, tagger="keywords"
    )


@pytest.fixture
def tag():
    return maker(
        Tag, document="plan", sentence=0, label="theme:klimaat", probability=0.9, status="ja", taggers=("keywords",)
    )


@pytest.fixture
def cell():
    return maker(Cell, document="plan", label="theme:klimaat", probability=0.9, status="ja", sentences=1)


@pytest.fixture
def page():
    return maker(Page, document="plan", number=1, width=595, height=842, characters=100, status="gelezen")


@pytest.fixture
def gold():
    return maker(Gold, document="plan", page=1, start=0, quote="Wij kiezen voor klimaat.", labels=("theme:klimaat",))


@pytest.fixture
def annotation():
    return maker(
        Annotation,
        document="plan",
        sentence=0,
        organisation="Gemeente Testdam",
        kind="paragraph",
        section="",
        split="train",
        labels=("theme:klimaat",),
    )


@pytest.fixture
def label():
    """Make a label of a small scheme."""

    def make(id="theme:klimaat", order=1, **changes):
        family = id.partition(":")[0]
        row = {"name": id.partition(":")[2].capitalize(), "definition": "Een zin over dit onderwerp."}
        return Label(id=id, family=family, order=order, **row | changes)

    return make


@pytest.fixture
def scheme(label):
    """Two themes and a sector."""
    return Scheme(
        [
            label("theme:klimaat", 1, terms=["klimaat", "CO2~"], not_terms=["werkklimaat", "ministerie van klimaat"]),
            label("theme:social_return", 2, terms=["social return", "bijstand"]),
            label("sector:gww", 1, terms=["asfalt~"], exact_terms=["GWW"]),
        ],
        ROOT / "scheme",
    )


@pytest.fixture(scope="session")
def nlp():
    """The project's own pipeline, with the register that it ships."""
    return load_pipeline()


@pytest.fixture(scope="session")
def real_scheme():
    return load_scheme(ROOT / "scheme")


@pytest.fixture
def example():
    return lambda id, text, has: Example(id=id, text=text, has=has)


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """An installed package by the name of `nl_core_news_lg`: its components in its order, not its weights."""
    made = spacy.blank("nl", meta={"name": "core_news_lg", "version": "3.8.0"})
    for name in ("tok2vec", "morphologizer", "tagger", "parser"):
        made.add_pipe(name)
    made.add_pipe("attribute_ruler")
    made.add_pipe("senter")
    ner = made.add_pipe("ner")
    for label in LABELS:
        ner.add_label(label)
    for token, tag, pos in (("Jansen", "SPEC|deeleigen", "PROPN"), ("koos", "WW|pv|verl|ev", "VERB")):
        made.get_pipe("tagger").add_label(tag)
        made.get_pipe("morphologizer").add_label(f"POS={pos}")
        made.get_pipe("attribute_ruler").add([[{"TEXT": token}]], {"POS": pos, "TAG": tag})
    made.get_pipe("parser").add_label("ROOT")
    made.initialize()
    made.add_pipe("lemmatizer", config={"mode": "lookup"}, after="parser")
    made.get_pipe("lemmatizer").initialize(lambda: [], nlp=made, lookups=_lookups())
    package = tmp_path / "nl_core_news_lg"
    package.mkdir()
    made.to_disk(package / "model")
    config = (package / "model" / "config.cfg").read_text(encoding="utf-8")
    (package / "model" / "config.cfg").write_text(
        config.replace("disabled = []", 'disabled = ["senter"]'), encoding="utf-8"
    )
    load = "from pathlib import Path\nimport spacy\n\n\ndef load(**options):\n"
    load += "    return spacy.load(Path(__file__).parent / 'model', **options)\n"
    (package / "__init__.py").write_text(load, encoding="utf-8")
    info = tmp_path / "nl_core_news_lg-3.8.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nl_core_news_lg\nVersion: 3.8.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package / "model"
    sys.modules.pop("nl_core_news_lg", None)


def _lookups():
    lookups = spacy.lookups.Lookups()
    lookups.add_table("lemma_lookup", {"verzekeringsmaatschappijen": "verzekering_maatschappij"})
    return lookups
