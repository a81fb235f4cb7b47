from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.external._draw import texts_of
from bench.said import TAGGERS, tag_sentences
from mvoi_nlp.api import Project
from mvoi_nlp.records import Record, read_rows

FAMILIES = ("theme", "sector", "topic", "goal")
RESAMPLES = 1000


class ExternalError(Exception):
    """The external set cannot be scored."""


class Coded(Record):
    """Labels of one sentence that is not ours to store."""

    id: str
    """`party|year|start|end`."""
    sha256: str
    labels: tuple[str, ...] = ()
    """`family:label`, without roles; families theme, sector, topic and goal."""
    coder: str = ""
    drawn: str = ""
    """How a sentence to learn from was drawn; empty in the external set."""


def score_external(rows: Sequence[Coded], programmes: Mapping[str, str], project: Project) -> pd.DataFrame:
    """Micro F1 per family and tagger, with 95 % intervals by programme.

    Parameters
    ----------
    rows
        The coded sentences.
    programmes
        Name -> text; see `read_programmes`.

    Raises
    ------
    ExternalError
        A sentence is not in the programmes as it was coded.
    """
    texts = texts_of([(row.id, row.sha256) for row in rows], programmes)
    absent = sum(text is None for text in texts)
    if absent:
        raise ExternalError(f"{absent} of {len(rows)} sentences are not in these programmes as they were coded")
    said = tag_sentences([text for text in texts if text is not None], project)
    groups = [row.id.rsplit("|", 2)[0] for row in rows]
    names = sorted(set(groups))
    draws = np.random.default_rng(0).integers(0, len(names), size=(RESAMPLES, len(names)))
    table = []
    for family in FAMILIES:
        truth = [{x for x in row.labels if x.startswith(f"{family}:")} for row in rows]
        for tagger in TAGGERS:
            found = [{x for x in labels if x.startswith(f"{family}:")} for labels in said[tagger]]
            counts = np.zeros((len(names), 3))
            for group, true, spoken in zip(groups, truth, found, strict=True):
                counts[names.index(group)] += (len(true & spoken), len(spoken - true), len(true - spoken))
            tp, fp, fn = counts.sum(axis=0)
            f1s = _f1(counts[draws].sum(axis=1))
            low, high = np.quantile(f1s, [0.025, 0.975])
            table.append(
                {
                    "family": family,
                    "tagger": tagger,
                    "n": int(tp + fn),
                    "precision": round(tp / max(tp + fp, 1), 3),
                    "recall": round(tp / max(tp + fn, 1), 3),
                    "f1": round(float(_f1(counts.sum(axis=0)[None])[0]), 3),
                    "f1_low": round(float(low), 3),
                    "f1_high": round(float(high), 3),
                }
            )
    return pd.DataFrame(table)


def _f1(counts: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    tp, fp, fn = counts.T
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def read_coded(path: Path) -> list[Coded]:
    """The coded sentences of `labels.jsonl`."""
    return read_rows(path, Coded)
