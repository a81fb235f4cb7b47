"""What is measured about reading, on a document of the corpus and on what a bad reader makes of it."""

from pathlib import Path

import pytest
from bench.compose import read_source
from bench.compose._pdf import write_pdf
from bench.reading import READERS, Read, score_document, scramble

from mvoi_nlp.text._blocks import Clock
from mvoi_nlp.text._pdfium import draw_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def document():
    source = read_source(ROOT / "bench" / "sources" / "plan-steenmeren-2024.txt")
    return source, ROOT / "corpus" / source.file


def rate(scores, name):
    hits, chances = scores[name]
    return hits / chances


@pytest.mark.parametrize("reader", ["ours, pdfium", "ours, pdfminer"])
@pytest.mark.parametrize("order", ["as drawn", "random"])
def test_both_engines_read_columns_tables_and_hyphens_in_any_drawing_order(document, tmp_path, reader, order):
    source, path = document
    if order == "random":
        scramble(path, tmp_path / "x.pdf")
        path = tmp_path / "x.pdf"
    scores = score_document(source, path, READERS[reader](path))
    assert rate(scores, "sentences") >= 0.97
    assert rate(scores, "character_error") <= 0.005
    assert rate(scores, "headings") >= 0.95
    assert rate(scores, "rows") >= 0.98
    assert rate(scores, "cells") >= 0.95
    assert rate(scores, "left_out") >= 0.95
    assert rate(scores, "hyphens") >= 0.98


@pytest.mark.parametrize("reader", ["ours, pdfium", "ours, pdfminer"])
@pytest.mark.parametrize("name", ["plan-steenmeren-2024", "plan-rietvoorn-2024", "rapportage-steenmeren-2024"])
def test_both_engines_find_tables_that_no_line_marks(tmp_path, reader, name):
    source = read_source(ROOT / "bench" / "sources" / f"{name}.txt")
    ruled, path = tmp_path / "ruled.pdf", tmp_path / "unruled.pdf"
    write_pdf(source, ruled)
    write_pdf(source, path, ruled=False)
    assert len(lines_of(path)) < len(lines_of(ruled)) / 4
    scores = score_document(source, path, READERS[reader](path))
    assert rate(scores, "sentences") >= 0.97
    assert rate(scores, "rows") >= 0.98
    assert rate(scores, "cells") >= 0.95
    assert rate(scores, "headings") >= 0.95


def lines_of(path):
    pages, _ = draw_pages(path.read_bytes(), path.name, 100, Clock(path.name, 60))
    return [line for page in pages for line in [*page.horizontal, *page.vertical]]


def test_a_reader_that_loses_or_adds_is_seen(document):
    source, path = document
    good = READERS["ours, pdfium"](path)
    lines = good.text.splitlines()
    half = score_document(source, path, Read("\n".join(lines[: len(lines) // 2]), good.headings[:3], good.rows[:2]))
    assert rate(half, "sentences") < 0.7
    assert rate(half, "character_error") > 0.3
    assert rate(half, "headings") < 0.6
    assert rate(half, "cells") < 0.6
    head = source.head["running_head"]
    loud = score_document(source, path, Read(good.text + f"\n{head}" * 9, good.headings * 2, good.rows))
    assert rate(loud, "left_out") < rate(score_document(source, path, good), "left_out")
    assert rate(loud, "headings") < 0.7
