import re

import openpyxl
import pytest

from browser import chromium
from mvoi_nlp.records import Pipeline, Problem, Quote
from mvoi_nlp.report import Material, build_report, write_report
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import ReportSettings

SETTINGS = ReportSettings(plan_year=2024, reporting_year=2024)
RULES = Pipeline(name="mvoi_rules", version="1", asked="nl_core_news_lg", fallback=True)


@pytest.fixture
def labels(label):
    """A scheme with every family."""
    return Scheme(
        [
            label("theme:klimaat", 1),
            label("theme:circulair", 2),
            label("sector:gww", 1),
            label("instrument:mki", 1, name="MKI"),
            label("instrument:sdg", 2, charted=False),
            label("topic:borging", 1, kinds=["actieplan"]),
            label("topic:redenen", 2, kinds=["rapportage"]),
            label("goal:reached", 1),
            label("goal:not_reached", 2),
            label("goal:set", 3),
        ],
        None,
    )


@pytest.fixture
def build(source, labels, page):
    """Build a report from three plans and a report; a test adds cells, tags and sentences."""
    plans = [source(document=f"plan-{n}", organisation=f"Gemeente {n}", date=f"2024-0{n}-01") for n in (1, 2, 3)]
    other = source(document="oud", year=2022)
    told = source(document="verslag", kind="rapportage", year=2025, reporting_year=2024, organisation_type="provincie")

    def go(**material):
        row = {"cells": [], "tags": [], "sentences": [], "pages": [page(document="plan-1")], "pipelines": [RULES]}
        return build_report(Material(sources=[*plans, other, told], **row | material), labels, SETTINGS)

    return go


def bar(report, number, name, series=0):
    [found] = [bar for bar in report.figures[number - 1].series[series].bars if bar.name == name]
    return found


def test_denominators_come_from_the_register_alone(build, cell):
    report = build(cells=[cell(document="plan-1"), cell(document="onbekend"), cell(document="oud")])
    klimaat = bar(report, 3, "Klimaat")
    assert (klimaat.k, klimaat.n) == (1, 3)
    assert [entry.document for entry in klimaat.others] == ["plan-2", "plan-3"]


def test_the_nine_figures_are_there_and_plans_and_reports_have_their_own_n(build):
    report = build()
    assert [figure.number for figure in report.figures] == list(range(1, 10))
    assert [series.documents for series in report.figures[5].series] == [1, 3]
    assert bar(report, 1, "gemeente").k == 3


def test_a_doubtful_cell_is_shown_apart_and_never_counted(build, cell):
    cells = [cell(document="plan-1"), cell(document="plan-2", status="nog te controleren", probability=0.5)]
    klimaat = bar(build(cells=cells), 3, "Klimaat")
    assert (klimaat.k, len(klimaat.doubtful), klimaat.n) == (1, 1, 3)


def test_only_topics_of_plans_stand_in_figure_2_and_no_frameworks_in_figure_5(build, cell):
    cells = [cell(document="plan-1", label=name) for name in ("instrument:mki", "instrument:sdg")]
    report = build(cells=cells)
    assert [b.name for b in report.figures[1].series[0].bars] == ["Borging"]
    assert [b.name for b in report.figures[4].series[0].bars] == ["MKI"]


def test_a_goal_counts_by_its_most_probable_outcome_under_each_of_its_themes(build, tag, sentence):
    sentences = [sentence(document="verslag", number=n) for n in range(4)]
    said = {
        0: {"theme:klimaat": 0.9, "goal:reached": 0.9, "goal:not_reached": 0.4},
        1: {"theme:klimaat": 0.9, "theme:circulair": 0.9, "goal:not_reached": 0.7},
        2: {"theme:klimaat": 0.9, "goal:set": 0.9},
        3: {"goal:reached": 0.9},
    }
    tags = [
        tag(document="verslag", sentence=n, label=label, probability=p)
        for n, row in said.items()
        for label, p in row.items()
    ]
    report = build(tags=tags, sentences=sentences)
    assert (bar(report, 8, "Klimaat").k, bar(report, 8, "Klimaat").n) == (1, 2)
    assert (bar(report, 8, "Circulair").k, bar(report, 8, "Circulair").n) == (0, 1)


@pytest.fixture
def written(build, cell, tmp_path):
    """Write a report with a hostile quote and an analyst's verdict; return the folder."""
    quote = Quote(sentence=4, page=7, text='<script>alert("x")</script> Wij kiezen voor schone lucht.', probability=0.9)
    cells = [
        cell(document="plan-1", quotes=(quote,), decided_by="PV"),
        cell(document="plan-2", status="nog te controleren", probability=0.5),
    ]
    problems = [Problem(step="text", document="stuk", message="stuk.pdf is afgebroken", hint="vraag het opnieuw")]
    write_report(build(cells=cells, problems=problems), tmp_path)
    return tmp_path


def test_the_page_is_safe_dutch_and_complete(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "33,3%" in page
    assert "oordeel van PV" in page
    assert "stuk.pdf is afgebroken" in page
    assert "mvoi_rules 1" in page
    assert "p. 7" in page
    assert page.count("<svg") == 9
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.replace('"http://www.w3.org', ""))


def test_every_number_leads_somewhere(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#(f\d[^"]*)"', page))
    assert links
    assert links <= targets


def test_every_figure_is_a_picture_and_a_table(written):
    for number in range(1, 10):
        assert (written / "figures" / f"figuur-{number}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (written / "figures" / f"figuur-{number}.svg").read_text(encoding="utf-8")
    assert "Actieplannen 2024;Klimaat;1;3;33,3%;1;plan-1" in (written / "tables" / "figuur-3.csv").read_text(
        encoding="utf-8"
    )


def test_the_workbook_has_the_numbers_and_the_quotes(written):
    book = openpyxl.load_workbook(written / "report.xlsx")
    rows = {row[1]: row for row in book["Figuur 3"].iter_rows(min_row=4, values_only=True)}
    assert rows["Klimaat"][2:4] == (1, 3)
    assert rows["Klimaat"][4] == pytest.approx(1 / 3)
    cells = list(book["Cellen"].iter_rows(min_row=2, values_only=True))
    assert cells[0][5:9] == ("ja", 0.9, "PV", 1)
    assert cells[0][9] == 7


def test_the_same_report_gives_the_same_bytes(build, cell, tmp_path):
    for name in ("a", "b"):
        write_report(build(cells=[cell(document="plan-1")]), tmp_path / name)
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert len(files) == 29
    assert [f for f in files if (tmp_path / "a" / f).read_bytes() != (tmp_path / "b" / f).read_bytes()] == []


def test_a_corpus_without_documents_gives_a_report_too(labels, tmp_path):
    empty = Material(sources=[], cells=[], tags=[], sentences=[], pages=[], pipelines=[])
    write_report(build_report(empty, labels, SETTINGS), tmp_path)
    assert "0 van 0" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_one_click_leads_from_a_bar_to_its_quotes(written):
    with chromium() as browser:
        browser.get((written / "report.html").as_uri())
        panel = browser.find_element("id", "f3-theme-klimaat")
        assert panel.get_attribute("open") is None
        bar = "//*[@id='figuur-3']//*[local-name()='a'][@*='#f3-theme-klimaat']//*[local-name()='path']"
        browser.find_element("xpath", bar).click()
        browser.implicitly_wait(2)
        quote = browser.find_element("css selector", "#f3-theme-klimaat[open] blockquote")
        assert quote.is_displayed()
        assert "schone lucht" in quote.text
        assert browser.find_element("css selector", "#f3-theme-klimaat .tag.ja").is_displayed()
