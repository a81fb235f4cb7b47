"""How pictures look, wherever they are drawn: colours, type, and settings of matplotlib."""

from typing import Any

BLUE, ORANGE = "#154273", "#c2570c"
"""Apart also in grey and for colour-blind readers."""
LIGHT = ("#dce6f1", "#fbe6d6")
"""Paler shades of the two, for what is uncertain."""
INK, SOFT, GRID = "#1d2733", "#5a6673", "#dde3e9"
"""Text, text beside it, lines behind it."""
SIZE = 11.0
"""Points."""
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "hatch.linewidth": 1.1,
    "svg.fonttype": "path",
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "text.parse_math": False,
}
"""For `matplotlib.rc_context`."""
