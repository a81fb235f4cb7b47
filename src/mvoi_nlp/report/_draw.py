import io
import re
import textwrap
from collections.abc import Iterable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from mvoi_nlp.look import BLUE, GRID, INK, LIGHT, ORANGE, SIZE, SOFT, STYLE
from mvoi_nlp.report._rows import Bar, Figure
from mvoi_nlp.report._wording import answer

COLOURS = (BLUE, ORANGE)
WIDTH, LEFT, RIGHT = 9.2, 2.95, 0.15  # inches
HOME = "../report.html"
"""Where the links of a picture that stands alone lead."""


def draw(figure: Figure) -> tuple[bytes, str]:
    """Draw a figure; every bar is a link to the documents behind it.

    Returns
    -------
        PNG bytes and SVG text, the same for the same figure on every run.
    """
    rows = figure.rows
    several = len(figure.series) > 1
    legend = several or any(bar.doubtful for row in rows for bar in row)
    top, bottom = 0.45 if legend else 0.12, 0.62
    inner = max(len(rows), 2) * (0.68 if several else 0.46)
    height = top + inner + bottom
    with mpl.rc_context(STYLE | {"svg.hashsalt": f"figuur-{figure.number}"}):
        canvas = Canvas(figsize=(WIDTH, height))
        axes = canvas.add_axes((LEFT / WIDTH, bottom / height, (WIDTH - LEFT - RIGHT) / WIDTH, inner / height))
        _bars(axes, figure, rows)
        if legend:
            handles = _legend(figure, several)
            canvas.legend(
                handles=handles,
                loc="upper left",
                bbox_to_anchor=(0.0 if several else LEFT / WIDTH - 0.01, 1.0),
                ncols=len(handles),
                frameon=False,
                fontsize=10.5,
                borderaxespad=0.3,
                handlelength=1.6,
                columnspacing=1.8,
            )
        png, svg = io.BytesIO(), io.StringIO()
        canvas.savefig(png, format="png", dpi=150, metadata={"Software": None})
        canvas.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return png.getvalue(), svg.getvalue()


def _bars(axes: Axes, figure: Figure, rows: list[tuple[Bar, ...]]) -> None:
    end = 100.0 if figure.percent else float(max([series.documents for series in figure.series] + [1]))

    def reach(bar: Bar) -> float:
        return (bar.k + bar.doubtful) * scale(bar)

    def scale(bar: Bar) -> float:
        return 100.0 / bar.n if figure.percent and bar.n else 1.0

    # as long as the words behind the bars allow
    room = WIDTH - LEFT - RIGHT
    per_unit = room / end * 0.97
    for bar in (bar for row in rows for bar in row):
        if reach(bar):
            per_unit = min(per_unit, (room - _width(answer(bar)) - 0.16) / reach(bar))
    gap = 0.09 / per_unit
    thick = 0.66 / len(figure.series)
    for place, row in enumerate(rows):
        for which, bar in enumerate(row):
            y = place + (which - (len(row) - 1) / 2) * (thick + 0.02)
            start = 0.0
            for count, waits in ((bar.k, False), (bar.doubtful, True)):
                if count:
                    patch = Rectangle(
                        (start, y - thick / 2),
                        count * scale(bar),
                        thick,
                        facecolor=LIGHT[which] if waits else COLOURS[which],
                        edgecolor=COLOURS[which],
                        hatch="///" if waits else None,
                        linewidth=1.0,
                        zorder=3,
                    )
                    patch.set_url(f"{HOME}#{bar.key}")
                    axes.add_patch(patch)
                    start += count * scale(bar)
            words = axes.text(start + gap, y, answer(bar), va="center_baseline", color=INK if bar.found else SOFT)
            words.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
            words.set_url(f"{HOME}#{bar.key}")
    axes.set_xlim(0, room / per_unit)
    axes.set_ylim(max(len(rows), 2) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [textwrap.fill(row[0].name, 31) for row in rows])
    ticks = MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]).tick_values(0, end)
    axes.set_xticks([tick for tick in ticks if 0 <= tick <= end])
    axes.set_xlabel("% van de doelzinnen" if figure.percent else f"aantal {figure.unit}", loc="left", color=SOFT)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="both", length=0, pad=7, labelcolor=INK)
    axes.tick_params(axis="x", labelcolor=SOFT)
    if not rows:
        axes.text(0.02, 0.5, "Niets gevonden", transform=axes.transAxes, va="center", color=SOFT)


def _legend(figure: Figure, several: bool) -> list[Patch]:
    if not several:
        return [
            Patch(facecolor=BLUE, edgecolor=BLUE, label="ja"),
            Patch(facecolor=LIGHT[0], edgecolor=BLUE, hatch="////", label="nog te controleren"),
        ]
    handles = [
        Patch(facecolor=colour, edgecolor=colour, label=f"{series.name} (n = {series.documents})")
        for series, colour in zip(figure.series, COLOURS, strict=False)
    ]
    return [*handles, Patch(facecolor="white", edgecolor=SOFT, hatch="////", label="nog te controleren")]


def _width(text: str) -> float:
    """Inches that a text takes."""
    return float(TextPath((0, 0), text, size=SIZE, prop=FontProperties(family="DejaVu Sans")).get_extents().width) / 72


_LINK = re.compile(r'<a xlink:href="([^"]*)" target="[^"]*">|<a xlink:href="([^"]*)">')


def inline(svg: str, figure: Figure) -> str:
    """Fit a drawing into the page: own ids, links within the page, bars that can be reached and read out loud."""
    prefix = f"f{figure.number}-"
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}", svg)
    spoken = {bar.key: f"{bar.name}, {bar.population}: {answer(bar)}" for row in figure.rows for bar in row}
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        key = (found[1] or found[2]).partition("#")[2]
        first = key not in seen
        seen.add(key)
        name = f'aria-label="{_attribute(spoken.get(key, key))}"' if first else 'tabindex="-1" aria-hidden="true"'
        return f'<a xlink:href="#{key}" class="bar" {name}>'

    svg = _LINK.sub(link, svg)
    head = re.sub(r' (?:width|height|version)="[^"]*"', "", svg[: svg.index(">")])
    tail = svg[svg.index(">") :]
    name = _attribute(f"Staafdiagram bij figuur {figure.number}: {reading(figure)}")
    return f'{head} role="group" aria-label="{name}"{tail}'.strip()


def reading(figure: Figure) -> str:
    """What the drawing shows, in one line of text."""

    def line(bars: Iterable[Bar]) -> str:
        return "; ".join(f"{bar.name} {answer(bar)}" for bar in bars)

    shown = {bar.key for row in figure.rows for bar in row}
    parts = []
    for series in figure.series:
        words = line(bar for bar in series.bars if bar.key in shown)
        parts.append(f"{series.name} – {words}" if words else f"{series.name} – niets gevonden")
    return ". ".join(parts) + "."


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
