import io
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from mvoi_nlp.report._count import Bar, Figure

mpl.use("agg")

BLUE, ORANGE, INK = "#154273", "#c2570c", "#1d2733"
BAR, GAP = 0.62, 0.38  # of one row
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "axes.edgecolor": "#8a94a0",
}


def draw(figure: Figure, limit: int) -> tuple[bytes, str]:
    """Draw a figure; every bar is a link to the documents behind it.

    Parameters
    ----------
    limit
        Bars at most; the table has all.

    Returns
    -------
        PNG bytes and SVG text, the same for the same figure on every run.
    """
    rows = [[series.bars[place] for series in figure.series] for place in range(min(len(figure.series[0].bars), limit))]
    several = len(figure.series) > 1
    height = 1.1 + max(len(rows), 1) * (0.66 if several else 0.44)
    with mpl.rc_context(STYLE | {"svg.hashsalt": f"figuur-{figure.number}"}):
        canvas = Canvas(figsize=(9.2, height), layout="constrained")
        axes = canvas.subplots()
        share = figure.number == 8  # per cent of goals; the others count documents
        top = 100.0 if share else float(max([series.documents for series in figure.series] + [1]))
        size = BAR / len(figure.series)
        for place, bars in enumerate(rows):
            for which, bar in enumerate(bars):
                y = place + (which - (len(bars) - 1) / 2) * size
                colour = (BLUE, ORANGE)[which]
                scale = 100.0 / bar.n if share and bar.n else 1.0
                end = bar.k * scale
                for start, width, hatch in ((0.0, end, ""), (end, len(bar.doubtful) * scale, "////")):
                    if width:
                        face = "white" if hatch else colour
                        [patch] = axes.barh(
                            y, width, size * 0.92, start, color=face, edgecolor=colour, hatch=hatch, linewidth=0.8
                        )
                        patch.set_url(f"#{bar.key}")
                text = axes.text(
                    end + len(bar.doubtful) * scale + top * 0.012, y, value_text(bar), va="center", color=INK
                )
                text.set_url(f"#{bar.key}")
        axes.set_yticks(range(len(rows)), [bars[0].name for bars in rows])
        axes.set_ylim(max(len(rows), 1) - 1 + (BAR + GAP) / 2 + 0.05, -(BAR + GAP) / 2 - 0.05)
        axes.set_xlim(0, top * (1.36 if any(b.doubtful for bars in rows for b in bars) else 1.18))
        axes.set_xticks([tick for tick in axes.get_xticks() if tick <= top and tick == int(tick)])
        axes.set_xlabel("% van de doelzinnen" if share else f"aantal {figure.unit}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        if not rows:
            axes.text(0.5, 0.5, "Niets gevonden", transform=axes.transAxes, ha="center")
        if several:
            handles = [
                mpl.patches.Patch(color=c, label=f"{s.name} (n = {s.documents})")
                for s, c in zip(figure.series, (BLUE, ORANGE), strict=False)
            ]
            canvas.legend(handles=handles, loc="outside upper left", frameon=False, ncols=2)
        png, svg = io.BytesIO(), io.StringIO()
        canvas.savefig(png, format="png", dpi=150, metadata={"Software": None})
        canvas.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return png.getvalue(), svg.getvalue()


def value_text(bar: Bar) -> str:
    """'14 van 18', with the doubtful ones apart."""
    if bar.n == 0:
        return "geen"
    return f"{bar.k} van {bar.n}" + (f"  ({len(bar.doubtful)} te controleren)" if bar.doubtful else "")
