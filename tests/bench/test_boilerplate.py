"""What the tags step finds of the help text and the shared passages of the made corpus, of which all is known."""

from collections import defaultdict
from pathlib import Path

import pytest
from bench.compose import read_sources

from mvoi_nlp.records import Sentence, Source
from mvoi_nlp.settings import load_settings
from mvoi_nlp.tags import mark_boilerplate

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"heading": "heading", "bullet": "list_item", "row": "table_row", "footnote": "footnote"}


@pytest.fixture(scope="module")
def known():
    """Mark every unit of the sources; give what was found and what is so, both by document and unit."""
    sources, sentences, users = [], [], defaultdict(set)
    so, passages = {"invulhulp": set(), "labelled": set()}, {}
    for made in read_sources(ROOT / "bench" / "sources"):
        head = {key: made.head[key] for key in ("organisation", "organisation_type", "kind", "year")}
        sources.append(Source(document=made.id, file=made.file, sha256="0" * 64, size=1, **head))
        for number, unit in enumerate(made.units):
            place = {"document": made.id, "number": number, "page": 1, "block": number}
            kind = KINDS.get(unit.kind, "paragraph")
            sentences.append(Sentence(kind=kind, text=unit.text, start=0, end=len(unit.text), **place))
            if unit.kind != "row" and unit.text.startswith("[") and unit.text.endswith("]"):
                so["invulhulp"].add((made.id, number))
            if unit.labels:
                so["labelled"].add((made.id, number))
            if unit.passage:
                passages[made.id, number] = unit.passage
                users[unit.passage].add(made.head["organisation"])
    marks = mark_boilerplate(sentences, sources, load_settings(ROOT / "params.yaml").tags)
    found = {kind: {(m.document, m.sentence) for m in marks if m.kind == kind} for kind in ("gedeeld", "invulhulp")}
    return found, so | {"gedeeld": {at for at, name in passages.items() if len(users[name]) > 1}}


def test_no_sentence_of_a_plan_is_lost_as_help_text_and_hardly_any_help_text_is_left(known):
    found, so = known
    assert found["invulhulp"] - so["invulhulp"] == set()
    assert len(so["invulhulp"]) > 90
    assert len(found["invulhulp"]) >= 0.95 * len(so["invulhulp"])


def test_every_shared_passage_is_found_and_beside_them_only_formulas_of_letters_and_decisions(known):
    found, so = known
    assert so["gedeeld"] - found["gedeeld"] == set()
    others = found["gedeeld"] - so["gedeeld"]
    assert len(others) <= 16, sorted(others)
    assert others & so["labelled"] == set()
