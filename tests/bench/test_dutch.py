"""The entity gold is well formed, and the shipped pipeline keeps the level that its card promises."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from bench.dutch import entity_scores, read_gold

from mvoi_nlp.scheme import load_register
from mvoi_nlp.sentences import CORE, load_pipeline

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "bench/dutch/gold"


@pytest.mark.parametrize("part", ["dev", "test"])
def test_gold_spans_point_at_their_text_and_do_not_overlap(part):
    for unit in read_gold(GOLD / part):
        end = 0
        for start, stop, label in unit.spans:
            assert start >= end and unit.text[start:stop].strip() == unit.text[start:stop], (
                unit.document,
                unit.number,
                label,
            )
            end = stop


def test_three_hundred_sentences_of_which_a_third_is_kept_for_the_end():
    dev, test = read_gold(GOLD / "dev"), read_gold(GOLD / "test")
    assert len(dev) + len(test) >= 300
    assert len(test) >= 100
    counts = Counter(label for unit in (*dev, *test) for *_, label in unit.spans)
    assert (
        min(counts[label] for label in ("BODY", "MONEY", "PERCENT", "DATE", "QUANTITY", "PERSON", "LAW", "INSTRUMENT"))
        >= 50
    )


def test_made_up_organisations_are_in_one_part_only():
    register = load_register(ROOT / "scheme")
    known = {name.lower() for body in register.bodies for name in (body.name, *body.variants)}
    named = {}
    for part in ("dev", "test"):
        units = read_gold(GOLD / part)
        spans = {
            unit.text[start:end].lower()
            for unit in units
            for start, end, label in unit.spans
            if label in ("BODY", "ORG")
        }
        named[part] = {span for span in spans if re.search(r"gemeente \w|stichting \w|provincie \w", span)}
    shared = {name for name in named["dev"] & named["test"] if name.partition(" ")[2] not in known}
    assert shared == set()


def test_a_mark_that_is_not_closed_is_named_by_file_and_line(tmp_path):
    (tmp_path / "a.txt").write_text("# kop\nDe {gemeente Best|BODY} koopt {3 ton|.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.txt, line 2"):
        read_gold(tmp_path)


def test_the_pipeline_keeps_the_level_of_its_card():
    """A change of a rule or a list that costs more than a few spans must be seen; the figures: make bench-dutch."""
    register = load_register(ROOT / "scheme")
    known = json.loads((ROOT / "bench/dutch/scores.json").read_text(encoding="utf-8"))
    nlp = load_pipeline(CORE, register)
    for part in ("dev", "test"):
        scores, _ = entity_scores(nlp, read_gold(GOLD / part), register)
        for label in ("BODY", "LAW", "MONEY", "PERCENT", "DATE", "QUANTITY"):
            assert scores[label]["f1"] >= known[f"entities_{part}"][label]["f1"] - 0.02, (part, label)
