"""The sets that are no documents: minimal pairs, and real sentences by id and hash."""

from collections import Counter
from pathlib import Path

import pytest
from bench.challenge import KINDS, Pair, read_pairs
from bench.challenge._score import _right
from bench.external import Coded, ExternalError, score_external
from bench.external._draw import fingerprint, texts_of
from bench.external._score import read_coded
from bench.said import tag_sentences
from pydantic import ValidationError

from mvoi_nlp.api import Project

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def project():
    return Project.open(ROOT)


def test_the_pairs_are_enough_and_of_every_kind(project):
    pairs = read_pairs(ROOT / "bench" / "challenge" / "pairs.jsonl")
    assert len(pairs) >= 300
    assert len({pair.id for pair in pairs}) == len({(pair.first, pair.second) for pair in pairs}) == len(pairs)
    kinds = Counter(pair.kind for pair in pairs)
    assert min(kinds[kind] for kind in KINDS) >= 20
    assert {label for p in pairs for label in (p.first_label, p.second_label) if label} <= project.scheme.by_id.keys()


def pair(**values):
    return Pair.model_validate(
        {"id": "x", "kind": "negated", "first": "a", "second": "b", "first_label": "theme:klimaat"} | values
    )


def test_a_side_is_right_when_its_label_is_said_and_the_other_is_not():
    goals = pair(first_label="goal:reached", second_label="goal:not_reached")
    said = frozenset({"goal:reached", "theme:klimaat"})
    assert _right(goals, said, frozenset({"goal:not_reached"})) == (True, True)
    assert _right(goals, said, said) == (True, False)
    assert _right(pair(), frozenset(), frozenset()) == (False, True)
    assert _right(pair(second_label="theme:klimaat"), said, said) == (True, True)


@pytest.mark.parametrize("values", [{"first_label": ""}, {"second_label": "goal:set"}, {"second": "a"}])
def test_a_pair_that_is_none_is_refused(values):
    with pytest.raises(ValidationError):
        pair(**values)


def test_the_coded_sentences_hold_no_text():
    rows = read_coded(ROOT / "bench" / "external" / "labels.jsonl")
    assert len(rows) == len({row.sha256 for row in rows}) == 500
    assert all(len(row.sha256) == 64 and row.id.count("|") == 3 for row in rows)


def test_a_text_that_changed_is_not_scored(project):
    text = "Vooraf. In 2030 rijden alle bussen zonder uitstoot van CO2. Daarna."
    start, end = 8, 59
    row = Coded(id=f"PvP|2021|{start}|{end}", sha256=fingerprint(text[start:end]), labels=("theme:klimaat", "goal:set"))
    assert texts_of([(row.id, row.sha256)], {"PvP|2021": text}) == [text[start:end]]
    table = score_external([row], {"PvP|2021": text}, project).set_index(["family", "tagger"])
    assert table.loc[("theme", "keywords"), "recall"] == 1.0
    with pytest.raises(ExternalError, match="1 of 1"):
        score_external([row], {"PvP|2021": text.replace("bussen", "trams")}, project)


def test_every_loose_sentence_gets_its_own_labels(project):
    said = tag_sentences(["Het was mooi weer.", "Wij kopen elektrische\nauto's."], project)
    assert "theme:klimaat" in said["keywords"][1]
    assert said["keywords"][0] == frozenset()


def test_real_sentences_to_learn_from_are_apart_from_the_external_set(project):
    learned = read_coded(ROOT / "models" / "base" / "labels.jsonl")
    external = read_coded(ROOT / "bench" / "external" / "labels.jsonl")
    assert len(learned) >= 1_500
    assert len({row.sha256 for row in [*learned, *external]}) == len(learned) + len(external)
    assert {label for row in learned for label in row.labels} <= project.scheme.by_id.keys()
    places: dict[str, list[tuple[int, int]]] = {}
    for row in external:
        name, start, end = row.id.rsplit("|", 2)
        places.setdefault(name, []).append((int(start), int(end)))
    for row in learned:
        name, start, end = row.id.rsplit("|", 2)
        assert all(int(end) <= first or last <= int(start) for first, last in places.get(name, ())), row.id
