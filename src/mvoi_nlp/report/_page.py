import base64
from pathlib import Path

import jinja2

from mvoi_nlp.report._draw import inline
from mvoi_nlp.report._rows import Report
from mvoi_nlp.report._wording import FACTS, KINDS, TYPES, answer, counted, day, decimal, decision, elsewhere, percentage

HERE = Path(__file__).parent


def page(report: Report, drawings: dict[int, str]) -> str:
    """The whole report as one HTML file that asks nothing of a network.

    Parameters
    ----------
    drawings
        SVG text by number of the figure.
    """
    # everything is escaped but what the template calls safe: our own style and script, and the drawings
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "answer": answer,
        "base64": lambda picture: base64.b64encode(picture).decode("ascii"),
        "counted": counted,
        "day": day,
        "decimal": decimal,
        "decision": decision,
        "elsewhere": elsewhere,
        "percentage": percentage,
    }
    facts = report.material.facts
    used_in: dict[str, list[int]] = {}
    for figure in report.figures:
        for key in [bar.key for series in figure.series for bar in series.bars]:
            used_in.setdefault(key, []).append(figure.number)
    return environment.get_template("page.html.j2").render(
        report=report,
        drawings={figure.number: inline(drawings[figure.number], figure) for figure in report.figures},
        css=(HERE / "page.css").read_text(encoding="utf-8"),
        js=(HERE / "page.js").read_text(encoding="utf-8"),
        facts=[(FACTS.get(name, name), value) for name, value in facts.items()],
        fallbacks=[row for row in report.pipelines if row.fallback],
        used_in=used_in,
        groups=_groups(report),
        types=TYPES,
        kinds=KINDS,
    )


def _groups(report: Report) -> list[tuple[str, list[str]]]:
    """Headings for the lists at the end, with the keys below each: a list stands where its number is first met."""
    groups: list[tuple[str, list[str]]] = []
    seen: set[str] = set()
    for figure in report.figures:
        keys = [bar.key for series in figure.series for bar in series.bars if bar.key not in seen]
        seen.update(keys)
        if keys:
            groups.append((f"Figuur {figure.number}. {figure.title}", keys))
    rest = [bar.key for bar in report.bars if bar.key not in seen]
    counts = {count.bar.key for count in report.counts if count.bar}
    groups.append(("Andere tellingen", [key for key in rest if key in counts]))
    groups.append(("Documenten en pagina's", [key for key in rest if key not in counts]))
    return [group for group in groups if group[1]]
