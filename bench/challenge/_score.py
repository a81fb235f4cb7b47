from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
from pydantic import model_validator

from bench.said import TAGGERS, tag_sentences
from mvoi_nlp.api import Project
from mvoi_nlp.records import Record, read_rows

Kind = Literal["negated", "planned", "someone_else", "hedged", "typo", "look_alike", "direction"]
KINDS: tuple[str, ...] = get_args(Kind)


class Pair(Record):
    """Two sentences, and the label that each has of one family.

    An empty label means: none of this family. Equal labels mean that the difference (a typo, say) must not matter.
    """

    id: str
    kind: Kind
    first: str
    second: str
    first_label: str = ""
    second_label: str = ""
    why: str = ""
    """What differs, in a few words."""

    @model_validator(mode="after")
    def _one_family(self) -> "Pair":
        families = {label.partition(":")[0] for label in (self.first_label, self.second_label) if label}
        if len(families) != 1:
            raise ValueError("a pair is about one family, with a label on one side at least")
        if self.first == self.second:
            raise ValueError("the two sentences are the same")
        return self

    @property
    def family(self) -> str:
        """Family that the pair is about."""
        return (self.first_label or self.second_label).partition(":")[0]


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file."""
    return read_rows(path, Pair)


def score_pairs(pairs: Sequence[Pair], project: Project) -> pd.DataFrame:
    """Share of the pairs of which both sides are right, per kind and tagger.

    A side is right when its label is said, or, where it has none, when the label of the other side is not said.
    """
    said = tag_sentences([text for pair in pairs for text in (pair.first, pair.second)], project)
    rows = []
    for kind in (*KINDS, "all"):
        chosen = [n for n, pair in enumerate(pairs) if kind in (pair.kind, "all")]
        if not chosen:
            continue
        row: dict[str, object] = {"kind": kind, "pairs": len(chosen)}
        for tagger in TAGGERS:
            sides = [_right(pairs[n], said[tagger][2 * n], said[tagger][2 * n + 1]) for n in chosen]
            row[f"{tagger}_both"] = round(sum(all(side) for side in sides) / len(chosen), 3)
            row[f"{tagger}_sides"] = round(sum(map(sum, sides)) / (2 * len(chosen)), 3)
        rows.append(row)
    return pd.DataFrame(rows)


def _right(pair: Pair, first: frozenset[str], second: frozenset[str]) -> tuple[bool, bool]:
    return (
        _side(pair.first_label, pair.second_label, first),
        _side(pair.second_label, pair.first_label, second),
    )


def _side(own: str, other: str, said: frozenset[str]) -> bool:
    if own and own not in said:
        return False
    return not other or other == own or other not in said
