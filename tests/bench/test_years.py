"""Made years have the figures that were planted, and nothing else."""

import pytest
from bench.compose import read_source
from bench.compose._years import YearError, YearMaker, counted_labels

HEAD = """---
id: plan-{n}
file: plan-{n}.pdf
layout: single
voice: v
organisation: Gemeente {n}
organisation_type: gemeente
kind: actieplan
year: 2024
format_use: none
---
"""
BODY = """# Plan
Stille motoren. {theme:klimaat/focus}
Stille wagens. {theme:klimaat/focus sector:vervoer/focus}
Stille wagens van oude planken. {theme:klimaat/goal theme:circulair/focus}
Oude planken. {theme:circulair/applied}
Misschien later eens. {theme:keten_isv/mention}
Wegen. {sector:gww/focus}
Het was mooi weer.
"""
FIGURES = {"theme:klimaat": 14, "theme:circulair": 9, "sector:gww": 1, "sector:vervoer": 0}


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jaren")
    for n in range(2):
        (folder / f"plan-{n}.txt").write_text(HEAD.format(n=n) + BODY, encoding="utf-8")
    return YearMaker([read_source(path) for path in sorted(folder.glob("*.txt"))])


def test_a_thousand_years_have_the_planted_figures(maker):
    with pytest.raises(YearError, match="bears a label that must not count"):
        maker.make(18, {"sector:vervoer": 1}, seed=0)  # its only unit speaks of klimaat too
    for seed in range(1000):
        year = maker.make(18, FIGURES, seed)
        found = [{x for unit in document.units for x in counted_labels(unit, ("theme", "sector"))} for document in year]
        assert {label: sum(label in labels for labels in found) for label in FIGURES} == FIGURES
        assert [set(document.labels) for document in year] == found


def test_a_label_that_is_only_mentioned_counts_nowhere(maker):
    assert "theme:keten_isv" not in maker.labels
    with pytest.raises(YearError, match="no unit of the sources bears it"):
        maker.make(3, {"theme:keten_isv": 1}, seed=0)
    with pytest.raises(YearError, match="4 of 3 documents"):
        maker.make(3, {"theme:klimaat": 4}, seed=0)


def test_equal_seeds_give_equal_years_and_others_do_not(maker):
    assert maker.make(5, {"theme:klimaat": 2}, seed=1) == maker.make(5, {"theme:klimaat": 2}, seed=1)
    assert maker.make(5, {"theme:klimaat": 2}, seed=1) != maker.make(5, {"theme:klimaat": 2}, seed=2)
