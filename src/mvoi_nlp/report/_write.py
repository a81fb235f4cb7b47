import csv
import datetime
import io
import re
from collections.abc import Iterable
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from mvoi_nlp.records import Score, Source
from mvoi_nlp.report._count import Bar, Figure, Report
from mvoi_nlp.report._draw import draw
from mvoi_nlp.report._workbook import write_workbook

HEADER = ["reeks", "onderdeel", "k", "n", "percentage", "te controleren", "documenten"]


def write_report(report: Report, out: Path) -> None:
    """Write `report.html`, `report.xlsx`, `figures/figuur-n.png` and `.svg`, and `tables/figuur-n.csv`.

    The page is one file without network; the same report gives the same bytes.
    """
    for folder in ("figures", "tables"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    pictures: dict[int, bytes] = {}
    drawings: dict[int, Markup] = {}
    for figure in report.figures:
        png, svg = draw(figure, report.max_bars)
        name = f"figuur-{figure.number}"
        (out / "figures" / f"{name}.png").write_bytes(png)
        (out / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        (out / "tables" / f"{name}.csv").write_text(_table(figure), encoding="utf-8")
        pictures[figure.number] = png
        drawings[figure.number] = _inline(svg)
    (out / "report.html").write_text(_page(report, drawings), encoding="utf-8")
    write_workbook(report, pictures, out / "report.xlsx")


def percentage(k: int, n: int) -> str:
    """'77,8%', or a dash where there is nothing to divide by."""
    return format_percent(k / n, "#,##0.#%", locale="nl") if n else "–"


def number(value: float) -> str:
    """Dutch notation with two decimals."""
    return str(format_decimal(value, "0.00", locale="nl"))


def _table(figure: Figure) -> str:
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter=";", lineterminator="\n")
    writer.writerow(HEADER)
    for series in figure.series:
        for bar in series.bars:
            behind = ", ".join(entry.document for entry in bar.certain)
            writer.writerow([series.name, bar.name, bar.k, bar.n, percentage(bar.k, bar.n), len(bar.doubtful), behind])
    return rows.getvalue()


def _inline(svg: str) -> Markup:
    """The drawing as part of a page: no prolog, and sized by the page."""
    body = svg[svg.index("<svg") :].replace(' target="_blank"', "")
    for size in ("width", "height"):
        body = re.sub(rf'(<svg[^>]*?) {size}="[^"]*"', r"\1", body, count=1)
    return Markup(body)  # noqa: S704 - drawn by us, texts escaped by matplotlib


def _page(report: Report, drawings: dict[int, Markup]) -> str:
    environment = Environment(
        loader=PackageLoader("mvoi_nlp.report", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"pct": lambda bar: percentage(bar.k, bar.n), "nl": number}
    material = report.material
    return environment.get_template("report.html.j2").render(
        report=report,
        drawings=drawings,
        date=_date(report.date),
        scores=_families(material.scores),
        documents=_documents(report),
        fallbacks=[pipeline for pipeline in material.pipelines if pipeline.fallback],
        reading=_reading,
        answer=_answer,
    )


def _date(date: str) -> str:
    return format_date(datetime.date.fromisoformat(date), "d MMMM y", locale="nl") if date else "onbekend"


def _families(scores: Iterable[Score]) -> list[Score]:
    """The averages of the families on the test documents."""
    return [s for s in scores if s.split == "test" and s.tagger == "all" and s.label.endswith(":*")]


def _documents(report: Report) -> list[tuple[Source, int, int, int]]:
    """Source with pages read, pages not read and cells still to check."""
    read: dict[str, list[int]] = {}
    for page in report.material.pages:
        counts = read.setdefault(page.document, [0, 0])
        counts[page.status == "niet leesbaar"] += 1
    waiting: dict[str, int] = {}
    for cell in report.material.cells:
        waiting[cell.document] = waiting.get(cell.document, 0) + (cell.status == "nog te controleren")
    rows = []
    for source in report.material.sources:
        was_read, was_not = read.get(source.document, [0, 0])
        rows.append((source, was_read, was_not, waiting.get(source.document, 0)))
    return rows


def _reading(figure: Figure) -> str:
    """What the picture shows, for people who do not see it."""
    parts = []
    for series in figure.series:
        parts.append(f"{series.name}: " + "; ".join(f"{bar.name} {bar.k} van {bar.n}" for bar in series.bars) + ".")
    return " ".join(parts)


def _answer(bar: Bar) -> str:
    return f"{bar.name}: {bar.k} van {bar.n}"
