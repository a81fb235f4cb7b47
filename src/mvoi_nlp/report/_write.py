import csv
import io
from pathlib import Path

from mvoi_nlp.report._draw import draw
from mvoi_nlp.report._page import page
from mvoi_nlp.report._rows import Figure, Report
from mvoi_nlp.report._wording import percentage
from mvoi_nlp.report._workbook import workbook


def write_report(report: Report, out: Path) -> None:
    """Write the page, the workbook, and per figure a PNG, an SVG and a table.

    The same report gives the same bytes: dates come from the documents, never from the clock.
    """
    for folder in (out, out / "figures", out / "tables"):
        folder.mkdir(parents=True, exist_ok=True)
    drawings = {}
    for figure in report.figures:
        png, drawings[figure.number] = draw(figure)
        name = f"figuur-{figure.number}"
        (out / "figures" / f"{name}.png").write_bytes(png)
        (out / "figures" / f"{name}.svg").write_text(drawings[figure.number], encoding="utf-8")
        (out / "tables" / f"{name}.csv").write_text(_table(figure), encoding="utf-8-sig", newline="")
    (out / "report.html").write_text(page(report, drawings), encoding="utf-8")
    (out / "report.xlsx").write_bytes(workbook(report))


def _table(figure: Figure) -> str:
    """All rows, as a Dutch Excel opens them: semicolons, and commas in decimals."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(
        [figure.column, "In", "k", "n", "Percentage", "Nog te controleren", "Documenten", "Pagina's niet gelezen"]
    )
    for series in figure.series:
        for bar in series.bars:
            row = [bar.name, series.name, bar.k, bar.n, percentage(bar.share), bar.doubtful, bar.documents]
            lines.writerow([*row, figure.unread.k])
    return text.getvalue()
