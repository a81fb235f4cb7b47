import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from mvoi_nlp.look import BLUE, LIGHT, ORANGE
from mvoi_nlp.records import Cell, organisations_elsewhere
from mvoi_nlp.report._rows import Figure, Report
from mvoi_nlp.report._wording import FACTS, FAMILIES, KINDS, TYPES, counted, day

CREATED = datetime(2024, 1, 1)  # fixed: the same report gives the same bytes
LONGEST = 32_000  # characters that a cell of a workbook can hold, with some to spare
HEADER = 4
"""Row of the headings in a sheet of a figure."""


def workbook(report: Report) -> bytes:
    """All tables and what they rest on, as bytes of an .xlsx file."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": report.title, "created": CREATED})
        sheets = Sheets(book)
        _guide(sheets, report)
        for figure in report.figures:
            _figure(sheets, figure)
        _counts(sheets, report)
        _cells(sheets, report)
        _documents(sheets, report)
        _labels(sheets, report)
    return target.getvalue()


class Sheets:
    """The sheets of one workbook, in one style."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 15, "font_color": BLUE})
        self.heading = book.add_format({"bold": True, "font_size": 12, "font_color": BLUE})
        self.head = book.add_format(
            {"bold": True, "font_color": "#ffffff", "bg_color": BLUE, "valign": "top", "text_wrap": True}
        )
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.share = book.add_format({"num_format": "0.0%", "valign": "top"})
        self.chance = book.add_format({"num_format": "0.00", "valign": "top"})
        self.warn = book.add_format({"font_color": "#8a4b00", "bold": True, "text_wrap": True, "valign": "top"})

    def put(self, sheet: Any, row: int, column: int, value: object, style: Any = None) -> None:
        """Write a text as text and a number as a number; nothing becomes a formula."""
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST], style)

    def table(
        self, sheet: Any, top: int, columns: Sequence[tuple[str, int, str]], rows: Iterable[Sequence[object]]
    ) -> int:
        """Write headings and rows, with a filter; the number of the row after the last one.

        `columns` are heading, width and the name of a style.
        """
        for place, (text, width, _) in enumerate(columns):
            sheet.set_column(place, place, width)
            self.put(sheet, top, place, text, self.head)
        at = top + 1
        for values in rows:
            for place, (value, (_, _, style)) in enumerate(zip(values, columns, strict=True)):
                self.put(sheet, at, place, value, getattr(self, style))
            at += 1
        sheet.autofilter(top, 0, max(at - 1, top), len(columns) - 1)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        return at


def _guide(sheets: Sheets, report: Report) -> None:
    sheet = sheets.book.add_worksheet("Leeswijzer")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 5, 24)
    sheets.put(sheet, 0, 0, report.title, sheets.title)
    sheets.put(sheet, 1, 0, f"Nieuwste document: {day(report.date)}" if report.date else "")
    at = 3
    for pipeline in report.pipelines:
        if pipeline.fallback:
            text = (
                f"Ander taalmodel gebruikt: gevraagd was {pipeline.asked}, "
                f"de zinnen zijn verwerkt met {pipeline.name} {pipeline.version}."
            )
            sheet.merge_range(at, 0, at, 4, "", sheets.warn)
            sheets.put(sheet, at, 0, text, sheets.warn)
            at += 1
    for problem in report.material.problems:
        sheet.merge_range(at, 0, at, 4, "", sheets.warn)
        sheets.put(sheet, at, 0, f"{problem.document} ({problem.step}): {problem.message}", sheets.warn)
        at += 1
    at = _pairs(
        sheets,
        sheet,
        at + 1,
        "Wat betekent wat",
        [
            ("k", "zeker: aantal met status 'ja'"),
            ("n", "de noemer; komt altijd uit het register"),
            ("Nog te controleren", "wacht op een analist; telt niet mee in k"),
            ("Documenten", "documenten achter de noemer"),
            ("Kans", "kans (0 tot 1) dat het begrip in het document voorkomt"),
            ("Beslist door", "'model', of de initialen van de analist wiens oordeel geldt"),
            ("Ook bij andere organisaties", "aantal andere organisaties met deze zin in een document; de zin telt mee"),
            ("Zinnen invulhulp", "achtergebleven invulhulp van een format; telt nergens mee"),
        ],
    )
    facts = report.material.facts
    used = [("Taalmodel", f"{pipeline.name} {pipeline.version}") for pipeline in report.pipelines]
    used += [(FACTS.get(name, name), value) for name, value in facts.items()]
    at = _pairs(sheets, sheet, at + 1, "Waarmee gemaakt", used)
    at += 1
    sheets.put(sheet, at, 0, "Wat is geteld", sheets.heading)
    for place, name in enumerate(("Aantal", *report.columns)):
        sheets.put(sheet, at + 1, place, name.capitalize(), sheets.head)
    for line in report.corpus:
        sheets.put(sheet, at + 2, 0, line.name)
        for place, bar in enumerate(line.numbers, start=1):
            sheets.put(sheet, at + 2, place, bar.k)
        at += 1
    at += 3
    sheets.put(sheet, at, 0, "Kwaliteit op de testdocumenten", sheets.heading)
    if not report.quality:
        sheets.put(sheet, at + 1, 0, "Niet gemeten.")
        return
    names = ("Familie", "Per zin: F1", "Interval", "Per document: F1", "Interval")
    beside = ("Alleen trefwoorden: F1", "Interval", "Alleen classifier: F1", "Interval", "Tweede mens: F1", "Interval")
    for place, name in enumerate((*names, *beside)):
        sheets.put(sheet, at + 1, place, name, sheets.head)
    for row, quality in enumerate(report.quality, start=at + 2):
        sheets.put(sheet, row, 0, quality.family)
        for place, score in zip((1, 3, 5, 7, 9), (quality.sentence, quality.cell, *quality.beside), strict=True):
            if score:
                sheets.put(sheet, row, place, score.f1, sheets.chance)
                interval = f"{score.f1_low:.2f} – {score.f1_high:.2f}".replace(".", ",")
                sheets.put(sheet, row, place + 1, interval)


def _pairs(sheets: Sheets, sheet: Any, at: int, title: str, rows: Iterable[tuple[str, str]]) -> int:
    sheets.put(sheet, at, 0, title, sheets.heading)
    for name, value in rows:
        at += 1
        sheets.put(sheet, at, 0, name)
        sheets.put(sheet, at, 1, value)
    return at + 1


def _figure(sheets: Sheets, figure: Figure) -> None:
    name = f"Figuur {figure.number}"
    sheet = sheets.book.add_worksheet(name)
    sheets.put(sheet, 0, 0, f"{name}. {figure.title}", sheets.title)
    sheets.put(sheet, 1, 0, figure.note)
    if figure.unread.k:
        sheets.put(sheet, 2, 0, counted(figure.unread.k, "pagina", "pagina's") + " niet gelezen")
    columns = [
        (figure.column, 36, "plain"),
        ("In", 26, "plain"),
        ("k", 9, "plain"),
        ("n", 9, "plain"),
        ("Percentage", 12, "share"),
        ("Nog te controleren", 12, "plain"),
        ("Documenten", 12, "plain"),
    ]
    rows = [
        (bar.name, series.name, bar.k, bar.n, bar.share, bar.doubtful, bar.documents)
        for series in figure.series
        for bar in series.bars
    ]
    sheets.table(sheet, HEADER, columns, rows)
    chart = _chart(sheets, figure, name)
    sheet.insert_chart(HEADER, len(columns) + 1, chart, {"description": f"{name}. {figure.title}"})


def _chart(sheets: Sheets, figure: Figure, name: str) -> Any:
    """A native chart over the table: stacked where there is one series, paired where there are two."""
    several = len(figure.series) > 1
    chart = sheets.book.add_chart({"type": "bar", "subtype": "clustered" if several or figure.percent else "stacked"})
    size = len(figure.series[0].bars)
    shown = max(min(size, len(figure.rows)), 1)
    parts: list[tuple[int, int, dict[str, Any], str]] = []  # series, column, fill, name
    if several:
        for which, series in enumerate(figure.series):
            parts.append((which, 2, {"fill": {"color": (BLUE, ORANGE)[which]}}, series.name))
    elif figure.percent:
        parts.append((0, 4, {"fill": {"color": BLUE}}, "gehaald"))
    else:
        parts.append((0, 2, {"fill": {"color": BLUE}}, "ja"))
        hatched = {"pattern": "wide_upward_diagonal", "fg_color": BLUE, "bg_color": LIGHT[0]}
        parts.append((0, 5, {"pattern": hatched, "border": {"color": BLUE}}, "nog te controleren"))
    for which, column, look, words in parts:
        first = HEADER + 1 + which * size
        chart.add_series(
            {
                "name": words,
                "categories": [name, HEADER + 1, 0, HEADER + shown, 0],
                "values": [name, first, column, first + shown - 1, column],
                "gap": 60,
                "data_labels": {"value": several or figure.percent},
                **look,
            }
        )
    chart.set_title({"name": figure.title, "name_font": {"size": 12, "color": BLUE}, "overlay": False})
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
    # a reversed category axis puts the other one on top; label_position high brings it back below
    axis: dict[str, Any] = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#dde3e9"}}}
    axis |= {"label_position": "high"}
    axis |= {"max": 1, "num_format": "0%"} if figure.percent else {"num_format": "0", "name": f"aantal {figure.unit}"}
    largest = max([series.documents for series in figure.series])
    if not figure.percent and largest:
        axis |= {"max": largest} | ({"major_unit": 1} if largest <= 12 else {})
    chart.set_x_axis(axis)
    chart.set_legend({"position": "bottom"} if not figure.percent else {"none": True})
    chart.set_size({"width": 720, "height": 130 + shown * (44 if several else 28)})
    return chart


def _counts(sheets: Sheets, report: Report) -> None:
    sheet = sheets.book.add_worksheet("Tellingen")
    columns = [
        ("Telling", 58, "wrap"),
        ("Vraag", 14, "plain"),
        ("k", 8, "plain"),
        ("n", 8, "plain"),
        ("Percentage", 12, "share"),
        ("Nog te controleren", 12, "plain"),
        ("Opmerking", 64, "wrap"),
    ]
    rows = []
    for count in report.counts:
        bar = count.bar
        numbers = (bar.k, bar.n, bar.share, bar.doubtful) if bar else (None, None, None, None)
        note = count.note if bar else f"nog niet beschikbaar: {count.note}"
        rows.append((count.text, count.number, *numbers, note))
    sheets.table(sheet, 0, columns, rows)


def _cells(sheets: Sheets, report: Report) -> None:
    sources = {row.source.document: row.source for row in report.documents}
    labels = {label.id: label for label in report.labels}
    sections = {(s.document, s.number): s.section for s in report.material.sentences}
    elsewhere = organisations_elsewhere(report.material.boilerplate)
    place = {document: number for number, document in enumerate(sources)}
    rank = {label.id: number for number, label in enumerate(report.labels)}
    chosen = sorted(
        (cell for cell in report.material.cells if cell.document in sources and cell.label in labels),
        key=lambda cell: (place[cell.document], rank[cell.label]),
    )

    def head(cell: Cell) -> tuple[object, ...]:
        source, label = sources[cell.document], labels[cell.label]
        return (
            cell.document,
            source.organisation,
            KINDS[source.kind],
            source.year_covered,
            FAMILIES[label.family],
            label.name,
            cell.status,
        )

    first = [
        ("Document", 34, "plain"),
        ("Organisatie", 30, "plain"),
        ("Soort", 13, "plain"),
        ("Jaar", 8, "plain"),
        ("Familie", 14, "plain"),
        ("Begrip", 34, "plain"),
        ("Status", 19, "plain"),
    ]
    cells, quotes = [], []
    for cell in chosen:
        best = cell.quotes[0] if cell.quotes else None
        found = (best.page, best.text) if best else (None, None)
        cells.append((*head(cell), cell.probability, cell.decided_by, cell.sentences, *found))
        for quote in cell.quotes:
            section = sections.get((cell.document, quote.sentence), "")
            others = elsewhere.get((cell.document, quote.sentence), 0)
            quotes.append((*head(cell), quote.probability, quote.page, section, others, quote.text))
    more = [("Kans", 8, "chance"), ("Beslist door", 13, "plain"), ("Zinnen", 9, "plain")]
    last = [("Pagina", 9, "plain"), ("Beste citaat", 90, "wrap")]
    sheets.table(sheets.book.add_worksheet("Cellen"), 0, [*first, *more, *last], cells)
    last = [("Kans", 8, "chance"), ("Pagina", 9, "plain"), ("Kop", 44, "wrap")]
    last += [("Ook bij andere organisaties", 14, "plain"), ("Citaat", 90, "wrap")]
    sheets.table(sheets.book.add_worksheet("Citaten"), 0, [*first, *last], quotes)


def _documents(sheets: Sheets, report: Report) -> None:
    columns = [
        ("Document", 34, "plain"),
        ("Organisatie", 32, "plain"),
        ("Soort organisatie", 14, "plain"),
        ("Soort", 13, "plain"),
        ("Jaar", 8, "plain"),
        ("Jaar van rapportage", 12, "plain"),
        ("Datum", 12, "plain"),
        ("Namens", 9, "plain"),
        ("Telt in", 13, "plain"),
        ("Pagina's gelezen", 10, "plain"),
        ("Pagina's zonder tekst", 10, "plain"),
        ("Pagina's niet gelezen", 10, "plain"),
        ("Cellen ja", 9, "plain"),
        ("Cellen nog te controleren", 12, "plain"),
        ("Zinnen gedeeld", 10, "plain"),
        ("Zinnen invulhulp", 10, "plain"),
        ("Taalmodel", 24, "plain"),
        ("Bestand", 44, "plain"),
        ("Bron", 30, "plain"),
        ("Opmerking", 40, "wrap"),
    ]
    rows = [
        (
            row.source.document,
            row.source.organisation,
            TYPES[row.source.organisation_type],
            KINDS[row.source.kind],
            row.source.year,
            row.source.reporting_year,
            row.source.date,
            row.source.represents,
            row.part,
            row.read,
            row.empty,
            row.unread,
            row.yes,
            row.waiting,
            row.shared,
            row.helped,
            row.pipeline,
            row.source.file,
            row.source.source,
            row.problem,
        )
        for row in report.documents
    ]
    sheets.table(sheets.book.add_worksheet("Documenten"), 0, columns, rows)


def _labels(sheets: Sheets, report: Report) -> None:
    columns = [
        ("Begrip", 36, "plain"),
        ("Familie", 14, "plain"),
        ("Definitie", 100, "wrap"),
        ("Geteld in", 24, "plain"),
        ("In de figuren", 12, "plain"),
        ("Naam in het schema", 34, "plain"),
    ]
    rows = [
        (
            label.name,
            FAMILIES[label.family],
            label.definition,
            ", ".join(label.kinds),
            "ja" if label.charted else "nee",
            label.id,
        )
        for label in report.labels
    ]
    sheets.table(sheets.book.add_worksheet("Begrippen"), 0, columns, rows)
