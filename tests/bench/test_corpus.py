"""The made corpus as it stands: its shape, and nothing of train in dev or test."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from bench.compose import read_sources
from bench.compose._table import hidden_positives, shape_table, word_runs

from mvoi_nlp.annotations import read_splits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sources():
    return read_sources(ROOT / "bench" / "sources")


@pytest.fixture(scope="module")
def splits():
    return read_splits(ROOT / "annotations" / "splits.csv")


def of(sources, kind, years):
    return [s for s in sources if s.head["kind"] == kind and s.head["year"] in years]


def test_every_kind_of_document_is_there_in_its_number_and_size(sources):
    early = of(sources, "actieplan", {"2022", "2023"})
    late = [*of(sources, "actieplan", {"2024"}), *of(sources, "rapportage", {"2025"})]
    assert (len(early), len(late), len(sources)) == (27, 38, 65)
    labelled = {s.id: sum(bool(unit.labels) for unit in s.units) for s in sources}
    assert min(labelled[s.id] for s in early) >= 20
    assert min(labelled[s.id] for s in late) >= 45
    assert sum(labelled[s.id] > 120 for s in late) >= len(late) / 4
    reports = {s.head["organisation"] for s in of(sources, "rapportage", {"2025"})}
    assert len(reports & {s.head["organisation"] for s in of(sources, "actieplan", {"2024"})}) == 3
    assert {s.head.get("represents") for s in sources} >= {"3", "21"}


def test_numbers_of_the_report_of_2026_come_back(sources):
    table = shape_table(sources)
    exact = table[table["stated"].astype(str).str.fullmatch(r"\d+")]
    assert len(exact) > 15
    apart = exact[(exact["stated"].astype(int) - exact["made"]).abs() > 1]
    assert apart.empty, apart.to_string()


def test_nothing_stands_in_two_splits(sources, splits):
    places = defaultdict(set)
    for source in sources:
        split = splits[source.head["organisation"]]
        places[f"organisation {source.head['organisation']}"].add(split)
        places[f"voice {source.head['voice']}"].add(split)
        for unit in source.units:
            if unit.passage:
                places[f"passage {unit.passage}"].add(split)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
    assert sum(name.startswith("passage") for name in places) >= 6
    assert set(splits) == {source.head["organisation"] for source in sources}
    shares = [list(splits.values()).count(name) / len(splits) for name in ("train", "dev", "test")]
    assert shares == pytest.approx([0.60, 0.15, 0.25], abs=0.02)


def test_truth_gold_and_files_are_there_for_every_source_and_for_nothing_else(sources):
    ids = {source.id for source in sources}
    assert {path.stem for path in (ROOT / "bench" / "truth").glob("*.json")} == ids
    assert {path.stem for path in (ROOT / "annotations" / "gold").glob("*.jsonl")} == ids
    files = {path.name for path in (ROOT / "corpus").iterdir()}
    assert files == {source.file for source in sources} | {"register.csv"}
    truth = json.loads((ROOT / "bench" / "truth" / f"{sources[0].id}.json").read_text(encoding="utf-8"))
    told = [unit["text"] for block in truth["blocks"] for unit in block["units"]]
    assert told == [unit.text for unit in sources[0].units]


def test_every_voice_is_described(sources):
    voices = {source.head["voice"] for source in sources}
    assert voices == {path.stem for path in (ROOT / "bench" / "voices").glob("*.md")}


def test_test_does_not_repeat_train(sources, splits):
    runs = {
        split: word_runs(s for s in sources if splits[s.head["organisation"]] == split) for split in ("train", "test")
    }
    assert len(runs["train"] & runs["test"]) < 0.02 * len(runs["test"])


def test_it_is_as_hard_as_life(sources):
    units = [unit for source in sources for unit in source.units]
    assert sum(not unit.labels for unit in units) >= len(units) / 3
    found = hidden_positives(units).values()
    assert sum(p.hidden for p in found) >= 0.5 * sum(p.total for p in found)
    lengths = [len(unit.text.split()) for unit in units if unit.kind == "sentence"]
    assert min(lengths) <= 4
    assert max(lengths) >= 45
