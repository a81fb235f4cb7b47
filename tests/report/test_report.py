"""What the report says is what was counted, and every number leads to the documents behind it."""

import csv
import re
from base64 import b64decode
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from browser import chromium
from mvoi_nlp.records import Boilerplate, ErrorCount, Measure, Personal, Pipeline, Problem, Quote, Score
from mvoi_nlp.report import Material, build_report, changed_cells, changed_counts, counts_of, write_report
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import ReportSettings

HOSTILE = "Klimaat </script><script>window.hacked = 1</script> <img src=x onerror=alert(1)> & =1+1"
PLANS = ("plan-a", "plan-b", "plan-c")
SETTINGS = ReportSettings(title="Proef <b>", plan_year=2024, reporting_year=2024, max_bars=3)


@pytest.fixture
def labels(label):
    return Scheme(
        [
            label("theme:klimaat", 2, name="Klimaat"),
            label("theme:circulair", 1, name="Circulair"),
            label("theme:eigen_thema", 3, name="Eigen thema"),
            label("sector:gww", 1, name="GWW"),
            label("topic:borging", 1, name="Borging"),
            label("topic:budget", 2, name="Budget", kinds=("actieplan",)),
            label("topic:successen", 3, name="Successen", kinds=("rapportage",)),
            *(label(f"instrument:i{n}", n, name=f"Instrument {n}") for n in range(1, 6)),
            label("instrument:kader", 9, name="Kader", charted=False),
            *(
                label(f"goal:{name}", n, name=name, kinds=("rapportage",))
                for n, name in enumerate(("set", "reached", "exceeded", "ahead", "partly", "not_reached"), 1)
            ),
        ],
        Path("scheme"),
    )


@pytest.fixture
def material(source, cell, sentence, page, tag, labels):
    """Three plans that count, one of another year, two reports; every cell is 'nee' unless a test says so."""

    def make(cells=(), tags=(), *, without=(), **changes):
        sources = [
            source(document="plan-a", organisation="Gemeente Aa", date="2024-03-01"),
            source(document="plan-b", organisation="Provincie Be", organisation_type="provincie"),
            source(document="plan-c", organisation="Gemeente Ce", represents=4),
            source(document="plan-oud", organisation="Gemeente Oud", year=2023),
            source(document="rap-a", organisation="Gemeente Aa", kind="rapportage", year=2025, reporting_year=2024),
            source(document="rap-b", organisation="Waterschap Be", kind="rapportage", year=2025, reporting_year=2024),
        ]
        said = {(row.document, row.label): row for row in cells}
        every = [
            said.get((s.document, x.id), cell(document=s.document, label=x.id, status="nee", probability=0.1))
            for s in sources
            for x in labels.for_kind(s.kind)
            if s.document not in without
        ]
        sentences = [
            sentence(document=s.document, number=n, page=n + 1, section="1 Doelen > 1.1 Klimaat", text=f"Zin {n}.")
            for s in sources
            for n in range(8)
        ]
        row = {
            "sources": sources,
            "cells": every,
            "tags": list(tags),
            "sentences": sentences,
            "pages": [page(document=s.document) for s in sources],
            "pipelines": [Pipeline(name="nl_x", version="3", asked="nl_x", fallback=False)],
            "scores": [],
            "facts": {"taggers": "keywords"},
        }
        return Material(**row | changes)

    return make


@pytest.fixture
def quoted(cell):
    def make(document="plan-a", label="theme:klimaat", text="Wij kiezen klimaat.", **changes):
        return cell(
            document=document,
            label=label,
            quotes=(Quote(sentence=2, page=3, text=text, probability=0.9),),
            **changes,
        )

    return make


def bars(report, number, series=0):
    return {bar.name: bar for bar in report.figures[number - 1].series[series].bars}


def numbers(bar):
    return bar.k, bar.n, bar.doubtful


def column(sheet, heading):
    head, *rows = sheet.iter_rows(values_only=True)
    return [row[head.index(heading)] for row in rows]


def written(report, out):
    write_report(report, out)
    return (out / "report.html").read_text(encoding="utf-8")


class Page(HTMLParser):
    """Ids, links and the text of a page, and the links of its number cells."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.bare, self.text, self.scripts = [], [], [], [], 0
        self._cell = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.scripts += tag == "script"
        if "id" in values:
            self.ids.append(values["id"])
        link = values.get("href") or values.get("xlink:href")
        if tag == "a" and link:
            self.links.append(link)
        if tag == "td" and "num" in (values.get("class") or ""):
            self._cell = False
        elif tag == "a" and self._cell is False:
            self._cell = bool(link and values.get("id"))

    def handle_endtag(self, tag):
        if tag == "td" and self._cell is not None:
            self.bare.append(not self._cell)
            self._cell = None

    def handle_data(self, data):
        self.text.append(data)


def test_denominators_come_from_the_register_alone(material, labels, quoted):
    stray = quoted("niet-in-register")
    made = material([quoted()])
    report = build_report(Material(**{**vars(made), "cells": [*made.cells, stray]}), labels, SETTINGS)
    assert numbers(bars(report, 3)["Klimaat"]) == (1, 3, 0)
    assert numbers(bars(report, 1)["Gemeente"]) == (2, 3, 0)
    assert [series.documents for series in report.figures[5].series] == [2, 3]


def test_a_document_that_was_not_processed_stays_in_n_and_waits(material, labels, quoted):
    report = build_report(material([quoted()], without=["plan-b"]), labels, SETTINGS)
    assert numbers(bars(report, 3)["Klimaat"]) == (1, 3, 1)
    [waiting] = bars(report, 3)["Klimaat"].waiting
    assert waiting.note == "Dit document is niet verwerkt."


def test_what_waits_for_an_analyst_is_shown_apart(material, labels, quoted, tmp_path):
    cells = [quoted(), quoted("plan-b", status="nog te controleren", probability=0.5)]
    report = build_report(material(cells), labels, SETTINGS)
    assert numbers(bars(report, 3)["Klimaat"]) == (1, 3, 1)
    assert "1 van 3 (1 nog te controleren)" in written(report, tmp_path)


def test_the_verdict_of_an_analyst_shows(material, labels, quoted, tmp_path):
    cells = [quoted(decided_by="MK"), quoted("plan-b", status="nee", decided_by="PV")]
    text = written(build_report(material(cells), labels, SETTINGS), tmp_path)
    assert "oordeel van MK" in text
    assert "oordeel van PV" in text


def test_percentages_are_written_the_dutch_way(material, labels, quoted, tmp_path):
    text = written(build_report(material([quoted()]), labels, SETTINGS), tmp_path)
    assert "33,3%" in text
    with (tmp_path / "tables" / "figuur-3.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["Thema"]: row for row in csv.DictReader(lines, delimiter=";")}
    assert rows["Klimaat"]["Percentage"] == "33,3%"
    assert rows["Klimaat"]["k"] == "1"


def test_labels_stand_in_the_order_of_the_scheme_and_instruments_by_number(material, labels, quoted):
    cells = [quoted("plan-a", "instrument:i4"), quoted("plan-b", "instrument:i4"), quoted("plan-a", "instrument:i2")]
    report = build_report(material([*cells, quoted("plan-a", "instrument:kader")]), labels, SETTINGS)
    assert list(bars(report, 3)) == ["Circulair", "Klimaat", "Eigen thema"]
    assert list(bars(report, 2)) == ["Borging", "Budget"]
    assert list(bars(report, 5)) == ["Instrument 4", "Instrument 2", "Instrument 1", "Instrument 3", "Instrument 5"]
    assert [row[0].name for row in report.figures[4].rows] == ["Instrument 4", "Instrument 2"]


def test_a_chart_of_instruments_has_a_limit_and_its_table_has_none(material, labels, quoted, tmp_path):
    report = build_report(material([quoted("plan-a", f"instrument:i{n}") for n in range(1, 6)]), labels, SETTINGS)
    assert len(report.figures[4].rows) == 3
    assert len(bars(report, 5)) == 5
    assert "Instrument 5" in written(report, tmp_path)


def test_goals_count_sentences_about_a_theme_by_their_most_probable_outcome(material, labels, tag):
    def says(sentence, label, probability=0.9, status="ja", document="rap-a"):
        return tag(document=document, sentence=sentence, label=label, probability=probability, status=status)

    klimaat = "theme:klimaat"
    tags = [
        says(0, klimaat), says(0, "goal:reached"), says(0, "goal:partly", 0.5, "nog te controleren"),  # reached
        says(1, klimaat), says(1, "goal:not_reached"),  # missed
        says(2, klimaat), says(2, "goal:exceeded", 0.5, "nog te controleren"),  # reached, to be checked
        says(3, klimaat), says(3, "goal:set"),  # says nothing about the end
        says(4, klimaat), says(4, "goal:reached", 0.1, "nee"),
        says(5, klimaat, 0.5, "nog te controleren"), says(5, "goal:reached"),  # its theme is not certain
        says(0, klimaat, document="rap-b"), says(0, "theme:circulair", document="rap-b"),
        says(0, "goal:ahead", document="rap-b"),
        says(0, klimaat, document="plan-a"), says(0, "goal:reached", document="plan-a"),  # no report
    ]  # fmt: skip
    report = build_report(material(tags=tags), labels, SETTINGS)
    bar = bars(report, 8)["Klimaat"]
    assert (*numbers(bar), bar.documents) == (2, 4, 1, 2)
    assert bar.share == 0.5
    assert [[p.outcome for p in entry.passages] for entry in bar.no] == [["not_reached"]]
    assert numbers(bars(report, 8)["Circulair"]) == (1, 1, 0)
    assert "Eigen thema" not in bars(report, 8)


def test_an_organisation_with_a_plan_and_a_report_is_represented_once(material, labels):
    report = build_report(material(), labels, SETTINGS)
    [row] = [row for row in report.corpus if row.name == "Organisaties vertegenwoordigd"]
    assert [bar.k for bar in row.numbers] == [6, 2, 1, 8]


def test_pages_that_were_not_read_are_named(material, labels, page, tmp_path):
    pages = [page(document="plan-a"), page(document="plan-a", number=2, status="niet leesbaar")]
    report = build_report(material(pages=pages), labels, SETTINGS)
    assert [figure.unread.k for figure in report.figures] == [1, 1, 1, 1, 1, 1, 0, 0, 0]
    text = written(report, tmp_path)
    assert "1 pagina niet gelezen" in text
    assert "1 pagina: 2" in text


def test_what_cannot_be_counted_yet_is_said(material, labels, quoted):
    report = build_report(material([quoted("plan-a", "sector:gww")]), labels, SETTINGS)
    counts = {count.text: count for count in report.counts}
    assert numbers(counts["Plannen die een sector noemen"].bar) == (1, 3, 0)
    assert numbers(counts["Plannen met borging"].bar) == (0, 3, 0)
    assert counts["Plannen met evaluatie"].bar is None  # not in this scheme
    assert counts["Onderbouwing van de sectorkeuze"].bar is None
    assert all(count.note for count in report.counts if count.bar is None)


def test_a_hostile_quote_stays_text(material, labels, quoted, tmp_path):
    text = written(build_report(material([quoted(text=HOSTILE)]), labels, SETTINGS), tmp_path)
    page = Page(text)
    assert page.scripts == 1
    assert "<img" not in text
    assert HOSTILE in "".join(page.text)
    assert "<title>Proef &lt;b&gt;</title>" in text
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert HOSTILE in [row[-1].value for row in book["Citaten"].iter_rows()]


def test_a_quote_that_others_have_too_says_so_in_page_and_workbook(material, labels, quoted, tag, tmp_path):
    marks = [
        Boilerplate(document="plan-a", sentence=2, kind="gedeeld", documents=("x", "y", "z"), organisations=3),
        Boilerplate(document="rap-a", sentence=1, kind="gedeeld", documents=("x",), organisations=1),
        Boilerplate(document="plan-a", sentence=5, kind="invulhulp", organisations=0),
    ]
    goals = [tag(document="rap-a", sentence=1, label=label) for label in ("goal:reached", "theme:klimaat")]
    cells = [quoted(), quoted("plan-b", text="Dit is van onszelf.")]
    text = written(build_report(material(cells, goals, boilerplate=marks), labels, SETTINGS), tmp_path)
    quotes = dict(re.findall(r"<blockquote><p>(.*?)</p><footer>(.*?)</footer>", text))
    assert "ook in documenten van 3 andere organisaties" in quotes["Wij kiezen klimaat."]
    assert "ook in documenten van 1 andere organisatie<" in quotes["Zin 1."]
    assert "andere organisatie" not in quotes["Dit is van onszelf."]
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert column(book["Citaten"], "Ook bij andere organisaties") == [3, 0]
    documents = column(book["Documenten"], "Document")
    assert dict(zip(documents, column(book["Documenten"], "Zinnen gedeeld"), strict=True))["plan-a"] == 1
    assert dict(zip(documents, column(book["Documenten"], "Zinnen invulhulp"), strict=True))["plan-a"] == 1


def test_every_number_leads_somewhere_and_has_an_address(material, labels, quoted, tmp_path):
    cells = [quoted(), quoted("rap-a"), quoted("plan-b", status="nog te controleren")]
    text = written(build_report(material(cells), labels, SETTINGS), tmp_path)
    page = Page(text)
    assert [place for place, count in Counter(page.ids).items() if count > 1] == []
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert all(link.startswith("#") for link in page.links)
    assert "cell-plan-theme-klimaat" in page.ids
    bare = Page(text[: text.index('<section id="kwaliteit"')]).bare
    assert len(bare) > 100
    assert not any(bare)


def test_the_page_asks_nothing_of_a_network(material, labels, tmp_path):
    text = written(build_report(material(), labels, SETTINGS), tmp_path)
    addresses = set(re.findall(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?(\w+://[^"')\s]*)""", text))
    assert addresses == set()
    assert '<html lang="nl">' in text


def test_a_fall_back_is_remarked(material, labels, tmp_path):
    used = [Pipeline(name="nl_mvoi_core", version="1", asked="nl_core_news_lg", fallback=True)]
    text = written(build_report(material(pipelines=used), labels, SETTINGS), tmp_path)
    assert "Gevraagd was nl_core_news_lg" in text
    assert "nl_mvoi_core 1" in text


@pytest.mark.parametrize("shown", [False, True])
def test_people_are_masked_in_page_and_workbook_unless_asked(material, labels, quoted, sentence, tmp_path, shown):
    text = "Klimaat is van S. Ypma."
    row = sentence(text, document="plan-a", number=2, personal=(Personal(start=15, end=22, kind="naam"),))
    said = quoted("plan-a", "theme:klimaat", text=text)
    report = build_report(material([said], sentences=[row]), labels, SETTINGS.model_copy(update={"show_names": shown}))
    page = written(report, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = " ".join(str(c) for sheet in book for line in sheet.iter_rows(values_only=True) for c in line if c)
    for export in (page, cells):
        assert ("Ypma" in export) == shown
        assert ("Klimaat is van [naam]." in export) != shown


def test_what_went_wrong_is_on_top(material, labels, tmp_path):
    problems = [Problem(step="text", document="plan-b", message="het bestand is beschadigd", hint="herstel het")]
    text = written(build_report(material(problems=problems), labels, SETTINGS), tmp_path)
    assert text.index("het bestand is beschadigd") < text.index("Wat is geteld</h2>")


@pytest.fixture
def score():
    def make(f1=0.7, label="theme:*", **changes):
        row = {"level": "sentence", "split": "test", "tagger": "all", "n": 20, "tp": 1, "fp": 1, "fn": 1}
        rates = {"precision": f1, "recall": f1, "f1": f1, "f1_low": f1 - 0.1, "f1_high": f1 + 0.1}
        return Score(label=label, **row | rates | changes)

    return make


def table(text, caption):
    """Text of the cells of the table with a caption, row by row."""
    [found] = [part for part in re.findall(r"<table.*?</table>", text, re.S) if f"<caption>{caption}" in part]
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows]


def plain(part):
    """Text of a part of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_quality_is_that_of_the_test_documents(material, labels, score, tmp_path):
    scores = [score(0.71), score(0.82, level="cell"), score(0.99, split="dev", level="cell")]
    scores += [score(0.41, tagger="keywords"), score(0.52, tagger="classifier")]
    scores += [score(0.88, split="all", tagger="second_coder"), score(0.33, slice="scan:ja")]
    text = written(build_report(material(scores=scores), labels, SETTINGS), tmp_path)
    assert "0,99" not in text
    others = ["0,52 (0,42–0,62)", "0,88 (0,78–0,98)"]
    assert table(text, "F1 per familie")[1:] == [
        ["Thema's", *("0,71 (0,61–0,81)", "20", "0,82 (0,72–0,92)", "20"), "0,41 (0,31–0,51)", *others]
    ]


def test_quality_is_shown_for_parts_of_the_test_documents(material, labels, score, tmp_path):
    scores = [score(), score(label="sector:*")]
    scores += [score(0.5, slice="year:2024", documents=4), score(0.6, slice="kind:rapportage", documents=3)]
    scores += [score(0.4, label="sector:*", slice="kind:rapportage", documents=3)]
    scores += [score(0.3, slice="scan:ja", documents=1, n=9), score(0.9, slice="scan:nee", split="dev", documents=2)]
    scores += [score(0.8, slice="type:gemeente", documents=2, level="cell")]
    text = written(build_report(material(scores=scores), labels, SETTINGS), tmp_path)
    assert table(text, "F1 per zin, per deel") == [
        ["Documenten", "Aantal", "Thema's", "Sectoren"],
        ["Soort document: rapportage", "3", "0,60 (0,50–0,70) 20", "0,40 (0,30–0,50) 20"],
        ["Scan", "1", "0,30 9", "–"],
        ["Jaar: 2024", "4", "0,50 (0,40–0,60) 20", "–"],
    ]


def test_rare_labels_other_words_and_calibration_are_shown_by_family(material, labels, score, tmp_path):
    def measure(name, value, n, **changes):
        return Measure(**{"split": "test", "family": "theme", "name": name, "value": value, "n": n} | changes)

    measures = [measure("macro_f1", 0.61, 7, low=0.5, high=0.7), measure("recall_without_term", 0.43, 553)]
    measures += [measure("ece", 0.0123, 900), measure("macro_f1", 0.99, 3, split="dev")]
    text = written(build_report(material(scores=[score()], measures=measures), labels, SETTINGS), tmp_path)
    assert table(text, "Macro-F1")[1:] == [["Thema's", "0,61 (0,50–0,70)", "7", "0,43", "553", "–", "0,012"]]


def test_causes_of_errors_are_counted_by_family(material, labels, score, tmp_path):
    def count(n, cause, error="gemist", family="theme", split="test"):
        return ErrorCount(split=split, family=family, error=error, cause=cause, n=n)

    causes = [count(2, "geen term"), count(5, "tabelrij"), count(4, "geen term", family="sector")]
    causes += [count(9, "alleen kop", "ten onrechte"), count(7, "alleen kop", split="dev")]
    made = material(scores=[score(), score(label="sector:*")], causes=causes)
    assert table(written(build_report(made, labels, SETTINGS), tmp_path), "Fouten naar oorzaak") == [
        ["Oorzaak", "Thema's", "Sectoren", "Samen"],
        ["Gemist"],
        ["geen term", "2", "4", "6"],
        ["tabelrij", "5", "–", "5"],
        ["Ten onrechte"],
        ["alleen kop", "9", "–", "9"],
    ]


def test_reliability_plots_stand_in_the_page_itself(material, labels, score, tmp_path):
    pictures = {"theme": b"beeld", "topic": b"ander"}  # no score for topics: nothing was measured
    text = written(build_report(material(scores=[score()], reliability=pictures), labels, SETTINGS), tmp_path)
    images = re.findall(r'<img src="data:image/png;base64,([^"]*)" alt="([^"]*)"', text)
    assert [(b64decode(picture), alt) for picture, alt in images] == [
        (b"beeld", "Kans tegen het deel dat klopt: thema&#39;s")
    ]


def test_without_scores_the_page_says_that_nothing_was_measured(material, labels, tmp_path):
    text = written(build_report(material(), labels, SETTINGS), tmp_path)
    assert "is niet gemeten" in text
    assert "Waar fouten vandaan komen" not in text


def test_cells_and_numbers_that_change_between_two_reports_are_named_and_no_others(material, labels, quoted, cell):
    before = [quoted(), quoted("plan-b", status="nog te controleren"), cell(document="weg", label="theme:klimaat")]
    after = [quoted(status="nee", decided_by="PV"), quoted("plan-b", status="nog te controleren", probability=0.6)]
    after.append(cell(document="plan-c", label="sector:gww"))
    old, new = (material(cells) for cells in (before[:2], after))
    changes = changed_cells([*old.cells, before[2]], new.cells)
    assert [(change.place, change.before, change.after) for change in changes] == [
        (("plan-a", "theme:klimaat"), "ja", "nee (PV)"),
        (("plan-c", "sector:gww"), "nee", "ja"),
        (("weg", "theme:klimaat"), "ja", "–"),
    ]
    counts = [counts_of(build_report(made, labels, SETTINGS)) for made in (old, new)]
    assert [(change.place, change.before, change.after) for change in changed_counts(*counts)] == [
        (
            ("Figuur 3", "actieplannen 2024", "Klimaat"),
            *("1 van 3 (1 nog te controleren)", "0 van 3 (1 nog te controleren)"),
        ),
        (("Figuur 4", "actieplannen 2024", "GWW"), "0 van 3", "1 van 3"),
        (
            ("Figuur 6", "actieplannen 2024", "Klimaat"),
            *("1 van 3 (1 nog te controleren)", "0 van 3 (1 nog te controleren)"),
        ),
        (("Vraag 16", "actieplannen 2024", "Minstens één sector"), "0 van 3", "1 van 3"),
    ]
    assert changed_counts(counts[0], counts[0]) == changed_cells(old.cells, old.cells) == []


def test_a_number_that_only_one_report_has_is_a_change(material, labels):
    counts = counts_of(build_report(material(), labels, SETTINGS))
    [change] = changed_counts(counts[1:], counts)
    assert (change.place, change.before, change.after) == (
        ("Figuur 1", "actieplannen 2024", "Ministerie"),
        "–",
        "0 van 3",
    )


def test_the_workbook_opens_and_has_the_numbers(material, labels, quoted, tmp_path):
    write_report(build_report(material([quoted(decided_by="MK")]), labels, SETTINGS), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    figures = [f"Figuur {n}" for n in range(1, 10)]
    assert book.sheetnames == ["Leeswijzer", *figures, "Tellingen", "Cellen", "Citaten", "Documenten", "Begrippen"]
    rows = {row[0]: row for row in book["Figuur 3"].iter_rows(min_row=6, values_only=True)}
    assert rows["Klimaat"][2:7] == (1, 3, pytest.approx(1 / 3), 0, 3)
    assert all(len(book[name]._charts) == 1 for name in figures)
    [cell] = [row for row in book["Cellen"].iter_rows(values_only=True) if row[8] == "MK"]
    assert (cell[0], cell[5], cell[6], cell[10], cell[11]) == ("plan-a", "Klimaat", "ja", 3, "Wij kiezen klimaat.")
    assert book["Cellen"].freeze_panes
    assert book["Cellen"].auto_filter.ref


def test_two_runs_give_the_same_bytes(material, labels, quoted, tmp_path):
    made = material([quoted(), quoted("plan-b", status="nog te controleren")])
    shuffled = Material(**{**vars(made), "sources": made.sources[::-1], "cells": made.cells[::-1]})
    for name, rows in (("one", made), ("two", made), ("turned", shuffled)):
        write_report(build_report(rows, labels, SETTINGS), tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 2 + 9 * 3
    for file in files:
        first = (tmp_path / "one" / file).read_bytes()
        assert first == (tmp_path / "two" / file).read_bytes(), file
        assert first == (tmp_path / "turned" / file).read_bytes(), file


def test_an_empty_register_still_gives_a_report(labels, tmp_path):
    nothing = Material(sources=[], cells=[], tags=[], sentences=[], pages=[], pipelines=[], scores=[])
    text = written(build_report(nothing, labels, SETTINGS), tmp_path)
    assert "Nog geen documenten met een datum" in text


def test_a_click_on_a_bar_shows_the_quotes_behind_it(material, labels, quoted, tmp_path):
    from selenium.webdriver.common.by import By

    write_report(build_report(material([quoted(text=HOSTILE)]), labels, SETTINGS), tmp_path)
    with chromium() as driver:
        driver.get((tmp_path / "report.html").as_uri())
        panel = driver.find_element(By.ID, "paneel")
        assert not panel.is_displayed()
        bar = driver.find_element(By.CSS_SELECTOR, '#figuur-3 svg a[*|href="#cell-plan-theme-klimaat"] path')
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", bar)
        bar.click()
        assert panel.is_displayed()
        assert HOSTILE in panel.text
        assert "p. 3 · 1 Doelen > 1.1 Klimaat" in panel.text
        assert driver.execute_script("return window.hacked") is None
        driver.find_element(By.ID, "paneel-sluit").click()
        assert not panel.is_displayed()
        driver.execute_script("arguments[0].click()", driver.find_element(By.ID, "getal-f3-2-1-n"))
        assert "Provincie Be" in panel.text
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
