from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from mvoi_nlp.records import Agreement, Annotation, Cell, Evidence, Score, Sentence, Tag
from mvoi_nlp.scheme import FAMILIES, Scheme
from mvoi_nlp.settings import ValidationSettings

SECOND = "second_coder"
SAID = 0.5
"""A tag or cell counts as said from this probability, review aside."""

Key = tuple[str, int, str] | tuple[str, str]
Truth = dict[str, set[tuple[object, str]]]  # document -> (sentence or None, label)


@dataclass(frozen=True)
class Validated:
    """What the validation found."""

    scores: tuple[Score, ...]
    metrics: dict[str, float]
    """Per split and family: micro F1 of sentences and cells, the share of cells that was settled without an analyst and
    the share of those that was right; and the expected calibration error of sentence tags."""
    calibration: pd.DataFrame
    """Columns split, low, high, n, mean_probability, share_right."""
    errors: pd.DataFrame
    """One row a wrong sentence tag on dev or test: document, page, label, kind of error, probability, sentence."""


def validate(
    annotations: Sequence[Annotation],
    evidence: Sequence[Evidence],
    tags: Sequence[Tag],
    cells: Sequence[Cell],
    sentences: Sequence[Sentence],
    agreement: Sequence[Agreement],
    scheme: Scheme,
    settings: ValidationSettings,
) -> Validated:
    """Measure sentence tags and cells on the labelled documents of dev and test.

    Sentences that nobody labelled are left out. The parts (keywords alone, classifier alone) are measured beside the
    whole. Documents on which the classifier was trained are not scored.

    Parameters
    ----------
    cells
        Before any verdict of an analyst.
    agreement
        Of a second coder with the first: scored as if he or she were a tagger, the ceiling for the others.
    """
    labels = [label.id for label in scheme.labels]
    scores: list[Score] = []
    calibrations, errors = [], []
    settled: dict[str, float] = {}
    for split in ("dev", "test"):
        rows = [row for row in annotations if row.split == split]
        if not rows:
            continue
        judged = {(row.document, row.sentence) for row in rows}
        documents = sorted({row.document for row in rows})
        truth: Truth = {d: set() for d in documents}
        for row in rows:
            truth[row.document] |= {(row.sentence, label) for label in row.labels}
        whole = _said(((t.document, t.sentence, t.label, t.probability) for t in tags), judged)
        scores += _scores("sentence", split, "all", truth, whole, labels, settings)
        for tagger in ("keywords", "classifier"):
            part = _said(((e.document, e.sentence, e.label, e.score) for e in evidence if e.tagger == tagger), judged)
            scores += _scores("sentence", split, tagger, truth, part, labels, settings)
        cell_truth = _cell_truth(rows, documents)
        said_cells: Truth = {d: set() for d in documents}
        for cell in cells:
            if cell.document in said_cells and cell.probability >= SAID:
                said_cells[cell.document].add((None, cell.label))
        scores += _scores("cell", split, "all", cell_truth, said_cells, labels, settings)
        probabilities = _probabilities(tags, judged)
        settled |= _settled(split, cells, cell_truth)
        calibrations.append(_calibration(split, probabilities, truth))
        errors.append(_errors(split, whole, truth, probabilities, sentences, scheme))
    scores += [_ceiling(row) for row in agreement if row.label.partition(":")[0] in FAMILIES and "/" not in row.label]
    metrics = {
        f"{score.split}.{score.level}.{score.label.removesuffix(':*')}.f1": round(score.f1, 4)
        for score in scores
        if score.tagger == "all" and score.label.endswith(":*")
    } | settled
    calibration = pd.concat(calibrations, ignore_index=True) if calibrations else pd.DataFrame(columns=CALIBRATION)
    for name, bins in calibration.groupby("split"):
        gap = (bins["mean_probability"] - bins["share_right"]).abs() * bins["n"]
        metrics[f"{name}.calibration_error"] = round(float(gap.sum() / max(bins["n"].sum(), 1)), 4)
    return Validated(
        tuple(scores),
        metrics,
        calibration,
        pd.concat(errors, ignore_index=True) if errors else pd.DataFrame(columns=ERRORS),
    )


def _ceiling(row: Agreement) -> Score:
    tp, fp, fn = row.both, row.second - row.both, row.first - row.both
    precision, recall, f1 = _rates(tp, fp, fn)
    return Score(
        level="sentence",
        split="all",
        tagger=SECOND,
        label=row.label,
        n=row.first,
        tp=tp,
        fp=fp,
        fn=fn,
        precision=precision,
        recall=recall,
        f1=f1,
        f1_low=f1 if row.f1_low is None else row.f1_low,
        f1_high=f1 if row.f1_high is None else row.f1_high,
    )


CALIBRATION = ["split", "low", "high", "n", "mean_probability", "share_right"]
ERRORS = ["split", "document", "page", "sentence", "label", "name", "error", "probability", "text"]


def _settled(split: str, cells: Sequence[Cell], truth: Truth) -> dict[str, float]:
    """What a figure rests on before review: how many cells need no analyst, and how many of those are right."""
    found: dict[str, float] = {}
    for family in FAMILIES:
        asked = [cell for cell in cells if cell.document in truth and cell.label.startswith(f"{family}:")]
        decided = [cell for cell in asked if cell.status != "nog te controleren"]
        right = sum((cell.status == "ja") == ((None, cell.label) in truth[cell.document]) for cell in decided)
        if decided:
            found[f"{split}.cell.{family}.settled"] = round(len(decided) / len(asked), 4)
            found[f"{split}.cell.{family}.settled_right"] = round(right / len(decided), 4)
    return found


def _said(rows: Iterable[tuple[str, int, str, float]], judged: set[tuple[str, int]]) -> Truth:
    said: Truth = {document: set() for document, _ in judged}
    for document, sentence, label, probability in rows:
        if (document, sentence) in judged and probability >= SAID and not label.startswith("entity:"):
            said[document].add((sentence, label))
    return said


def _cell_truth(rows: Sequence[Annotation], documents: Sequence[str]) -> Truth:
    truth: Truth = {document: set() for document in documents}
    for row in rows:
        truth[row.document] |= {(None, label) for label in row.counted}
    return truth


def _scores(
    level: str,
    split: str,
    tagger: str,
    truth: Truth,
    said: Truth,
    labels: Sequence[str],
    settings: ValidationSettings,
) -> list[Score]:
    documents = sorted(truth)
    groups: dict[str, list[str]] = {label: [label] for label in labels}
    groups |= {f"{family}:*": [label for label in labels if label.startswith(f"{family}:")] for family in FAMILIES}
    counts = {label: np.array([_count(truth[d], said.get(d, set()), label) for d in documents]) for label in labels}
    random = np.random.default_rng(settings.seed)
    draws = random.integers(0, len(documents), size=(settings.resamples, len(documents)))
    scores = []
    for name, members in groups.items():
        by_document = sum((counts[label] for label in members), np.zeros((len(documents), 3), dtype=int))
        tp, fp, fn = by_document.sum(axis=0)
        if tp + fp + fn == 0:
            continue
        resampled = by_document[draws].sum(axis=1)
        f1s = 2 * resampled[:, 0] / np.maximum(2 * resampled[:, 0] + resampled[:, 1] + resampled[:, 2], 1)
        low, high = np.quantile(f1s, [0.025, 0.975])
        precision, recall, f1 = _rates(int(tp), int(fp), int(fn))
        scores.append(
            Score.model_validate(
                {"level": level, "split": split, "tagger": tagger, "label": name, "n": int(tp + fn)}
                | {
                    "tp": int(tp),
                    "fp": int(fp),
                    "fn": int(fn),
                    "precision": precision,
                    "recall": recall,
                    "f1": f1,
                }
                | {"f1_low": round(float(low), 4), "f1_high": round(float(high), 4)}
            )
        )
    return scores


def _count(truth: set[tuple[object, str]], said: set[tuple[object, str]], label: str) -> tuple[int, int, int]:
    true, spoken = {item for item in truth if item[1] == label}, {item for item in said if item[1] == label}
    return len(true & spoken), len(spoken - true), len(true - spoken)


def _rates(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    truth, said = [1] * tp + [0] * fp + [1] * fn, [1] * tp + [1] * fp + [0] * fn
    values = precision_recall_fscore_support(truth, said, average="binary", zero_division=0)[:3]
    return round(float(values[0]), 4), round(float(values[1]), 4), round(float(values[2]), 4)


def _probabilities(tags: Sequence[Tag], judged: set[tuple[str, int]]) -> dict[tuple[str, int, str], float]:
    return {(t.document, t.sentence, t.label): t.probability for t in tags if (t.document, t.sentence) in judged}


def _calibration(split: str, probabilities: Mapping[tuple[str, int, str], float], truth: Truth) -> pd.DataFrame:
    values = np.array(list(probabilities.values()))
    right = np.array([(sentence, label) in truth[document] for document, sentence, label in probabilities], dtype=bool)
    rows = []
    for low in np.arange(0, 1, 0.1):
        inside: NDArray[np.bool_] = (values >= low) & ((values < low + 0.1) | ((low > 0.85) & (values >= 1)))
        if inside.any():
            rows.append(
                [
                    split,
                    round(low, 1),
                    round(low + 0.1, 1),
                    int(inside.sum()),
                    values[inside].mean().round(4),
                    right[inside].mean().round(4),
                ]
            )
    return pd.DataFrame(rows, columns=CALIBRATION)


def _errors(
    split: str,
    said: Truth,
    truth: Truth,
    probabilities: Mapping[tuple[str, int, str], float],
    sentences: Sequence[Sentence],
    scheme: Scheme,
) -> pd.DataFrame:
    texts = {(s.document, s.number): s for s in sentences}
    rows = []
    for document, true in truth.items():
        for kind, wrong in (
            ("gemist", true - said.get(document, set())),
            ("ten onrechte", said.get(document, set()) - true),
        ):
            for number, label in wrong:
                sentence = texts[document, int(str(number))]
                probability = probabilities.get((document, sentence.number, label), 0.0)
                rows.append(
                    [
                        split,
                        document,
                        sentence.page,
                        sentence.number,
                        label,
                        scheme.name(label),
                        kind,
                        probability,
                        sentence.masked,
                    ]
                )
    return pd.DataFrame(sorted(rows, key=str), columns=ERRORS)
