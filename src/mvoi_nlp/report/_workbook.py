import datetime
import io
from pathlib import Path
from typing import Any

import xlsxwriter

from mvoi_nlp.report._count import Report

MADE = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)  # fixed: equal reports, equal bytes


def write_workbook(report: Report, pictures: dict[int, bytes], path: Path) -> None:
    """Write the workbook: a reading guide, a sheet a figure with table and chart, cells, quotes, documents, terms."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": report.title, "created": MADE})
        style = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#154273", "font_color": "white", "valign": "top", "text_wrap": True}
            ),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14, "font_color": "#154273"}),
        }
        _guide(book, style, report)
        for figure in report.figures:
            _figure(book, style, report, figure.number, pictures[figure.number])
        _cells(book, style, report)
        _documents(book, style, report)
        rows = [[label.family, label.name, label.definition] for label in report.labels]
        _table(book, style, "Begrippen", ["Familie", "Naam", "Omschrijving"], rows, [14, 36, 100])


def _guide(book: Any, style: dict[str, Any], report: Report) -> None:
    sheet = book.add_worksheet("Leeswijzer")
    sheet.set_column(0, 0, 110)
    sheet.write(0, 0, report.title, style["title"])
    lines = [
        f"{len(report.plans)} actieplannen en {len(report.reports)} rapportages.",
        f"{len(report.material.sources)} documenten in het register.",
        "k is wat zeker is (model of analist); 'te controleren' telt niet mee in k; n komt uit het register.",
        "Na te lopen: blad Cellen geeft per document en begrip de status, blad Citaten de zinnen met pagina.",
        *(
            f"Taalanalyse: {p.name} {p.version}" + (f" (in plaats van {p.asked})" if p.fallback else "")
            for p in report.material.pipelines
        ),
        *(f"{name}: {value}" for name, value in report.material.facts.items()),
        *(f"Niet verwerkt: {problem.document}: {problem.message}" for problem in report.material.problems),
    ]
    for row, line in enumerate(lines, start=2):
        sheet.write(row, 0, line, style["wrap"])


def _figure(book: Any, style: dict[str, Any], report: Report, number: int, picture: bytes) -> None:
    figure = report.figures[number - 1]
    header = ["Reeks", "Onderdeel", "k", "n", "Aandeel", "Te controleren", "Documenten"]
    rows = [
        [
            s.name,
            b.name,
            b.k,
            b.n,
            b.k / b.n if b.n else None,
            len(b.doubtful),
            ", ".join(e.document for e in b.certain),
        ]
        for s in figure.series
        for b in s.bars
    ]
    name = f"Figuur {number}"
    sheet = _table(
        book, style, name, header, rows, [28, 36, 7, 7, 10, 14, 60], title=f"{name}. {figure.title}", note=figure.note
    )
    first, last = 3, 2 + len(rows)
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in ((2, "#154273"), (5, "#f0c28a")):
        chart.add_series(
            {
                "name": [name, 2, column],
                "categories": [name, first, 1, max(last, first), 1],
                "values": [name, first, column, max(last, first), column],
                "fill": {"color": colour},
            }
        )
    chart.set_y_axis({"reverse": True})
    chart.set_title({"name": figure.title, "name_font": {"size": 12}})
    chart.set_size({"width": 760, "height": 140 + 24 * len(rows)})
    sheet.insert_chart(last + 2, 0, chart, {"description": figure.title})
    sheet.insert_image(
        last + 2, 7, f"figuur-{number}.png", {"image_data": io.BytesIO(picture), "x_scale": 0.5, "y_scale": 0.5}
    )


def _cells(book: Any, style: dict[str, Any], report: Report) -> None:
    sources = {source.document: source for source in report.material.sources}
    names = {label.id: label for label in report.labels}
    cells, quotes = [], []
    for cell in report.material.cells:
        label, source = names.get(cell.label), sources.get(cell.document)
        if label is None or source is None:
            continue
        best = cell.quotes[0] if cell.quotes else None
        cells.append(
            [
                cell.document,
                source.organisation,
                source.kind,
                label.family,
                label.name,
                cell.status,
                cell.probability,
                cell.decided_by,
                cell.sentences,
            ]
            + ([best.page, best.text] if best else [None, ""])
        )
        quotes += [
            [cell.document, label.family, label.name, q.page, q.sentence, q.probability, q.text] for q in cell.quotes
        ]
    header = [
        "Document",
        "Organisatie",
        "Soort",
        "Familie",
        "Begrip",
        "Status",
        "Kans",
        "Beslist door",
        "Zinnen",
        "Pagina",
        "Beste citaat",
    ]
    _table(book, style, "Cellen", header, cells, [30, 30, 12, 12, 32, 18, 8, 12, 8, 8, 90])
    header = ["Document", "Familie", "Begrip", "Pagina", "Zin", "Kans", "Citaat"]
    _table(book, style, "Citaten", header, quotes, [30, 12, 32, 8, 8, 8, 110])


def _documents(book: Any, style: dict[str, Any], report: Report) -> None:
    rows = [
        [
            s.document,
            s.file,
            s.organisation,
            s.organisation_type,
            s.kind,
            s.year,
            s.reporting_year,
            s.date,
            s.represents,
            s.source,
        ]
        for s in report.material.sources
    ]
    header = [
        "Document",
        "Bestand",
        "Organisatie",
        "Soort organisatie",
        "Soort",
        "Jaar",
        "Verslagjaar",
        "Datum",
        "Namens",
        "Bron",
    ]
    _table(book, style, "Documenten", header, rows, [30, 40, 34, 16, 12, 8, 11, 12, 9, 30])


def _table(
    book: Any,
    style: dict[str, Any],
    name: str,
    header: list[str],
    rows: list[list[Any]],
    widths: list[int],
    *,
    title: str = "",
    note: str = "",
) -> Any:
    sheet = book.add_worksheet(name)
    top = 2 if title else 0
    if title:
        sheet.write(0, 0, title, style["title"])
        sheet.write(1, 0, note)
    for column, (text, width) in enumerate(zip(header, widths, strict=True)):
        sheet.write(top, column, text, style["head"])
        sheet.set_column(column, column, width)
    for row, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values):
            sheet.write(row, column, value, style["share"] if header[column] in ("Aandeel", "Kans") else style["wrap"])
    sheet.freeze_panes(top + 1, 1 if not title else 0)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(header) - 1)
    return sheet
