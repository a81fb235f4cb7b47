"""How far probabilities can be trusted: whether 70 in 100 are right of what is said with 0.7."""

import io
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from mvoi_nlp.look import BLUE, GRID, LIGHT, SOFT, STYLE
from mvoi_nlp.rates import share

EVERY = "alle"  # in the place of a family: all of them together
BINS = 10


class Bin(NamedTuple):
    """The tags of a family whose probability lies between `low` and `high`, and how often they were right."""

    split: str
    family: str
    low: float
    high: float
    documents: int
    n: int
    mean_probability: float
    share_right: float
    share_low: float
    share_high: float


def calibration_bins(
    split: str,
    family: str,
    probabilities: NDArray[np.float64],
    right: NDArray[np.bool_],
    documents: NDArray[np.int64],
    draws: NDArray[np.int64],
) -> list[Bin]:
    """Per bin of 0.1 that holds a tag how often it was right, with a 95 % interval by document.

    Parameters
    ----------
    probabilities, right, documents
        (n_tags,): probability 0-1, whether the label holds, and place of the document.
    draws
        (resamples, n_documents), of `rates.draw_groups`.
    """
    bins = _bins(probabilities)
    found = []
    for number in np.unique(bins):
        inside = bins == number
        size = np.bincount(documents[inside], minlength=draws.shape[1])
        hits = np.bincount(documents[inside & right], minlength=draws.shape[1])
        mean = float(probabilities[inside].mean())
        mean, right_share, low, high = (round(value, 4) for value in (mean, *share(hits, size, draws)))
        counts = (int((size > 0).sum()), int(size.sum()))
        ends = (round(float(number) / BINS, 1), round(float(number + 1) / BINS, 1))
        found.append(Bin(split, family, *ends, *counts, mean, right_share, low, high))
    return found


def expected_error(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error, 0-1: mean gap between probability and share right over ten bins, weighed by size.

    0 where there is nothing. Source: Naeini et al. (2015), Obtaining well calibrated probabilities using Bayesian
    binning; their bins of equal width.
    """
    bins = _bins(probabilities)
    said = np.bincount(bins, weights=probabilities, minlength=BINS)
    held = np.bincount(bins, weights=right, minlength=BINS)
    return float(np.abs(said - held).sum() / max(len(bins), 1))


def _bins(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)


def draw_reliability(calibration: pd.DataFrame, family: str, split: str = "test") -> bytes:
    """Draw how often tags of a family were right against the probability that they were given, with their number below.

    Parameters
    ----------
    calibration
        `Validated.calibration`.

    Returns
    -------
        A PNG, the same for the same numbers on every run; without a tag it says that nothing was measured.
    """
    bins = calibration[(calibration["split"] == split) & (calibration["family"] == family)]
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(4.4, 4.9), layout="constrained")
        above, below = canvas.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        if bins.empty:
            above.text(0.5, 0.5, "Niet gemeten", ha="center", va="center", color=SOFT)
        _points(above, bins)
        _numbers(below, bins)
        target = io.BytesIO()
        canvas.savefig(target, format="png", dpi=150, metadata={"Software": None})
    return target.getvalue()


def _points(axes: Axes, bins: pd.DataFrame) -> None:
    x, y = bins["mean_probability"].to_numpy(), bins["share_right"].to_numpy()
    several = (bins["documents"] > 1).to_numpy()  # one document gives no interval
    ends = np.abs(bins[["share_low", "share_high"]].to_numpy().T - y)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.errorbar(x[several], y[several], ends[:, several], fmt="none", ecolor=BLUE, elinewidth=1.2, zorder=2)
    axes.plot(x, y, "o", color=BLUE, markersize=6, zorder=3)
    axes.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="aandeel dat klopt")
    axes.yaxis.set_major_formatter(FuncFormatter(_dutch))
    axes.grid(color=GRID, linewidth=0.8)
    _plain(axes)


def _numbers(axes: Axes, bins: pd.DataFrame) -> None:
    axes.bar(bins["low"] + 0.5 / BINS, bins["n"], width=0.8 / BINS, color=LIGHT[0], edgecolor=BLUE, linewidth=0.8)
    for low, n in zip(bins["low"], bins["n"], strict=True):
        axes.annotate(str(n), (low + 0.5 / BINS, n), (0, 2), textcoords="offset points", ha="center", size=8)
    axes.set(xlabel="kans die een uitspraak kreeg", ylabel="aantal", yticks=[])
    axes.margins(y=0.3)
    axes.xaxis.set_major_formatter(FuncFormatter(_dutch))
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=SOFT)
    axes.yaxis.label.set_color(SOFT)
    axes.xaxis.label.set_color(SOFT)


def _dutch(value: float, _: int) -> str:
    return f"{value:.1f}".replace(".", ",")
