"""Right, wrong and missed in; precision, recall and F1 with an interval out: one way to count for all that measures.

Counts are kept per group (a document, a programme), in the order right (tp), wrong (fp), missed (fn). Sentences of one
document resemble each other, so an interval comes from whole groups drawn again, with replacement: the percentile
bootstrap of Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = (0.025, 0.975)
"""Ends of the intervals: 95 %."""


@dataclass(frozen=True)
class Rates:
    """How well something was found, over all groups together; rates from 0 to 1."""

    tp: int
    fp: int
    fn: int
    precision: float
    """0 where nothing was said."""
    recall: float
    """0 where nothing was there."""
    f1: float
    low: float
    """Ends of the 95 % interval of F1; both F1 itself where there is one group."""
    high: float

    def row(self, digits: int = 4) -> dict[str, float]:
        """The same under the names of `records.Score`, rates rounded."""
        counts = {"n": self.tp + self.fn, "tp": self.tp, "fp": self.fp, "fn": self.fn}
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        ends = {"f1_low": self.low, "f1_high": self.high}
        return counts | {name: round(value, digits) for name, value in (rates | ends).items()}


def draw_groups(groups: int, *, resamples: int, seed: int = 0) -> NDArray[np.int64]:
    """(resamples, groups): in every row which groups are drawn, as many as there are."""
    return np.random.default_rng(seed).integers(0, max(groups, 1), size=(resamples, max(groups, 1)))


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Ends of the 95 % interval of (resamples,) values; those that are no number are left out."""
    low, high = np.nanquantile(values, LEVEL)
    return float(low), float(high)


def f1_of(counts: NDArray[np.int64], *, empty: float = 0.0) -> NDArray[np.float64]:
    """F1 of (..., 3) counts, 0-1; `empty` where nothing was there and nothing was said."""
    tp, fp, fn = np.moveaxis(counts, -1, 0)
    found = 2 * tp + fp + fn
    return np.where(found > 0, 2 * tp / np.maximum(found, 1), empty)


def micro_f1(counts: NDArray[np.int64], draws: NDArray[np.int64], *, empty: float = 0.0) -> Rates:
    """Rates over all decisions together.

    Parameters
    ----------
    counts
        (groups, 3): tp, fp and fn per group, labels added up.
    draws
        (resamples, groups), from `draw_groups`: the same for all that is compared.
    empty
        F1 of a resample with nothing in it: 0, or `nan` to leave it out of the interval.
    """
    tp, fp, fn = (int(value) for value in counts.sum(axis=0))
    low, high = interval(f1_of(counts[draws].sum(axis=1), empty=empty))
    whole = float(f1_of(np.array([tp, fp, fn])))
    return Rates(tp, fp, fn, tp / max(tp + fp, 1), tp / max(tp + fn, 1), whole, low, high)


def macro_f1(counts: NDArray[np.int64], draws: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean over labels of F1, and its 95 % interval: every label weighs as much, however rare.

    Parameters
    ----------
    counts
        (labels, groups, 3): tp, fp and fn; at least one label.
    draws
        As for `micro_f1`. A label of which a resample has nothing is left out of the mean there.
    """
    resampled = f1_of(counts[:, draws].sum(axis=2), empty=np.nan)  # (labels, resamples)
    with np.errstate(invalid="ignore"):
        present = np.isfinite(resampled)
        means = np.where(present, resampled, 0.0).sum(axis=0) / present.sum(axis=0)
    return float(f1_of(counts.sum(axis=1)).mean()), *interval(means)


def share(parts: NDArray[np.int64], wholes: NDArray[np.int64], draws: NDArray[np.int64]) -> tuple[float, float, float]:
    """Share of the wholes that the parts are, and its 95 % interval.

    Parameters
    ----------
    parts, wholes
        (groups,); not all wholes are 0. A resample without any is left out of the interval.
    """
    drawn, size = parts[draws].sum(axis=1), wholes[draws].sum(axis=1)
    shares = np.where(size > 0, drawn / np.maximum(size, 1), np.nan)
    return float(parts.sum() / wholes.sum()), *interval(shares)
