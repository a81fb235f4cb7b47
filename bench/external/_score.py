from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.external._draw import texts_of
from bench.said import TAGGERS, tag_sentences
from mvoi_nlp.api import Project
from mvoi_nlp.rates import draw_groups, micro_f1
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
    draws = draw_groups(len(names), resamples=RESAMPLES)
    table = []
    for family in FAMILIES:
        truth = [{x for x in row.labels if x.startswith(f"{family}:")} for row in rows]
        for tagger in TAGGERS:
            found = [{x for x in labels if x.startswith(f"{family}:")} for labels in said[tagger]]
            counts = np.zeros((len(names), 3), dtype=np.int64)
            for group, true, spoken in zip(groups, truth, found, strict=True):
                counts[names.index(group)] += (len(true & spoken), len(spoken - true), len(true - spoken))
            table.append({"family": family, "tagger": tagger} | micro_f1(counts, draws).row(digits=3))
    return pd.DataFrame(table).drop(columns=["tp", "fp", "fn"])


def read_coded(path: Path) -> list[Coded]:
    """The coded sentences of `labels.jsonl`."""
    return read_rows(path, Coded)
