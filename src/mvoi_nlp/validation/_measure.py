from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mvoi_nlp.rates import draw_groups, macro_f1, micro_f1, share
from mvoi_nlp.records import (
    Agreement,
    Annotation,
    Cell,
    ErrorCount,
    Evidence,
    Measure,
    Page,
    Score,
    Sentence,
    Source,
    Tag,
    counted_labels,
)
from mvoi_nlp.scheme import FAMILIES, Scheme
from mvoi_nlp.settings import ValidationSettings
from mvoi_nlp.validation._causes import SAID, WrongTag, count_errors, list_errors
from mvoi_nlp.validation._reliability import EVERY, Bin, calibration_bins, expected_error

SECOND = "second_coder"
MACRO_FROM = 10
"""Positives from which a label counts in a macro average: the F1 of fewer is mostly chance."""

Truth = dict[str, set[tuple[int | None, str]]]  # document -> (sentence or None, label)


@dataclass(frozen=True)
class Material:
    """All that is measured, and the hand labels that it is held against."""

    annotations: Sequence[Annotation]
    evidence: Sequence[Evidence] = ()
    tags: Sequence[Tag] = ()
    cells: Sequence[Cell] = ()
    """Before any verdict of an analyst."""
    sentences: Sequence[Sentence] = ()
    """Of the labelled documents, all of them: errors quote them."""
    agreement: Sequence[Agreement] = ()
    """Of a second coder with the first: scored as if he or she were a tagger, the ceiling for the others."""
    sources: Sequence[Source] = ()
    pages: Sequence[Page] = ()
    """With the sources: what documents are sliced by."""


@dataclass(frozen=True)
class Validated:
    """What the validation found."""

    scores: tuple[Score, ...]
    measures: tuple[Measure, ...]
    metrics: dict[str, float]
    """Per split and family: micro F1 of sentences and cells, the measures with their intervals, the share of cells that
    was settled without an analyst and the share of those that was right; and the calibration error of all tags."""
    calibration: pd.DataFrame
    """Columns those of `Bin`: per split, for every family and for all (`alle`), bins of the probability of tags."""
    errors: pd.DataFrame
    """Columns those of `WrongTag`: every wrong sentence tag on dev and test, with its sentence and its cause."""
    causes: tuple[ErrorCount, ...]


def validate(material: Material, scheme: Scheme, settings: ValidationSettings) -> Validated:
    """Measure sentence tags and cells on the labelled documents of dev and test.

    Sentences that nobody labelled are left out. The parts (keywords alone, classifier alone) are measured beside the
    whole, and families once more per slice of documents. Documents on which the classifier was trained are not scored.
    """
    scores: list[Score] = []
    measures: list[Measure] = []
    metrics: dict[str, float] = {}
    calibration: list[Bin] = []
    errors: list[WrongTag] = []
    slices = _slices(material.sources, material.pages)
    for split in ("dev", "test"):
        rows = [row for row in material.annotations if row.split == split]
        if not rows:
            continue
        found = _Sentences.of(rows, material)
        cell_truth: Truth = {
            document: {(None, label) for label in labels} for document, labels in counted_labels(rows).items()
        }
        cells = {"all": _said(found.documents, ((c.document, None, c.label, c.probability) for c in material.cells))}
        scores += _scores("sentence", split, found.truth, found.said, slices, scheme, settings)
        scores += _scores("cell", split, cell_truth, cells, slices, scheme, settings)
        draws = draw_groups(len(found.documents), resamples=settings.resamples, seed=settings.seed)
        measures += _measures(split, found, scheme, draws)
        for family in (EVERY, *FAMILIES):
            calibration += calibration_bins(split, family, *found.answers(family), draws)
        metrics[f"{split}.calibration_error"] = round(expected_error(*found.answers()[:2]), 4)
        metrics |= _settled(split, material.cells, cell_truth)
        quoted = [sentence for sentence in material.sentences if sentence.document in found.truth]
        errors += list_errors(split, found.truth, found.said["all"], found.evidence, found.tags, quoted, scheme)
    scores += [
        _ceiling(row) for row in material.agreement if row.label.partition(":")[0] in FAMILIES and "/" not in row.label
    ]
    for score in scores:
        if score.tagger == "all" and score.label.endswith(":*") and not score.slice:
            metrics[f"{score.split}.{score.level}.{score.label.removesuffix(':*')}.f1"] = score.f1
    for row in measures:
        ends = {"": row.value, "_low": row.low, "_high": row.high}
        name = f"{row.split}.sentence.{row.family}.{row.name}"
        metrics |= {f"{name}{end}": value for end, value in ends.items() if value is not None}
    return Validated(
        tuple(scores),
        tuple(measures),
        metrics,
        pd.DataFrame(calibration, columns=Bin._fields),
        pd.DataFrame(errors, columns=WrongTag._fields),
        count_errors(errors),
    )


@dataclass(frozen=True)
class _Sentences:
    """The labelled sentences of one split: what is true of them, and what was said."""

    documents: list[str]
    judged: int
    truth: Truth
    said: dict[str, Truth]
    """By tagger; `all` is what they say together."""
    tags: list[Tag]
    evidence: list[Evidence]

    @classmethod
    def of(cls, rows: Sequence[Annotation], material: Material) -> "_Sentences":
        judged = {(row.document, row.sentence) for row in rows}
        documents = sorted({row.document for row in rows})
        truth: Truth = {document: set() for document in documents}
        for row in rows:
            truth[row.document] |= {(row.sentence, label) for label in row.labels}
        tags = [tag for tag in material.tags if (tag.document, tag.sentence) in judged]
        evidence = [row for row in material.evidence if (row.document, row.sentence) in judged]
        said = {"all": _said(documents, ((t.document, t.sentence, t.label, t.probability) for t in tags))}
        for tagger in ("keywords", "classifier"):
            alone = [row for row in evidence if row.tagger == tagger]
            said[tagger] = _said(documents, ((row.document, row.sentence, row.label, row.score) for row in alone))
        return cls(documents, len(judged), truth, said, tags, evidence)

    def answers(self, family: str = EVERY) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
        """(n_tags,) each, of one family or all: probability, whether the label holds, place of the document."""
        tags = [tag for tag in self.tags if family in (EVERY, tag.label.partition(":")[0])]
        place = {document: number for number, document in enumerate(self.documents)}
        return (
            np.array([tag.probability for tag in tags], dtype=float),
            np.array([(tag.sentence, tag.label) in self.truth[tag.document] for tag in tags], dtype=bool),
            np.array([place[tag.document] for tag in tags], dtype=np.int64),
        )


def _said(documents: Sequence[str], rows: Iterable[tuple[str, int | None, str, float]]) -> Truth:
    said: Truth = {document: set() for document in documents}
    for document, sentence, label, probability in rows:
        if document in said and probability >= SAID:
            said[document].add((sentence, label))
    return said


def _slices(sources: Sequence[Source], pages: Sequence[Page]) -> dict[str, set[str]]:
    """Name of a slice -> its documents; a document is a scan when half of its pages or more are pictures."""
    scanned: dict[str, list[bool]] = {}
    for page in pages:
        scanned.setdefault(page.document, []).append(page.scanned)
    slices: dict[str, set[str]] = {}
    for source in sources:
        pictures = scanned.get(source.document, [False])
        scan = "ja" if 2 * sum(pictures) >= len(pictures) else "nee"
        kinds = {"kind": source.kind, "type": source.organisation_type, "scan": scan, "year": source.year_covered}
        for name, value in kinds.items():
            slices.setdefault(f"{name}:{value}", set()).add(source.document)
    return dict(sorted(slices.items()))


def _scores(
    level: str,
    split: str,
    truth: Truth,
    said: Mapping[str, Truth],
    slices: Mapping[str, set[str]],
    scheme: Scheme,
    settings: ValidationSettings,
) -> list[Score]:
    """By label and family for every tagger; by family for every slice of what all say together."""
    families = {f"{family}:*": [label.id for label in scheme.family(family)] for family in FAMILIES}
    groups = {label.id: [label.id] for label in scheme.labels} | families
    asked = [(tagger, "", truth, groups) for tagger in said]
    for name, members in slices.items():
        part = {document: true for document, true in truth.items() if document in members}
        asked += [("all", name, part, families)] if part else []
    scores = []
    for tagger, name, part, wanted in asked:
        counts = _count(part, said[tagger], [label.id for label in scheme.labels])
        draws = draw_groups(len(part), resamples=settings.resamples, seed=settings.seed)
        about = {"level": level, "split": split, "tagger": tagger, "slice": name, "documents": len(part)}
        for label, parts in wanted.items():
            added = sum((counts[part_label] for part_label in parts), np.zeros((len(part), 3), dtype=np.int64))
            if added.any():
                scores.append(Score.model_validate(about | {"label": label} | micro_f1(added, draws).row()))
    return scores


def _count(truth: Truth, said: Truth, labels: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Label -> (n_documents, 3): right, wrong and missed in every document of the truth, sorted."""
    counts = {label: np.zeros((len(truth), 3), dtype=np.int64) for label in labels}
    for place, document in enumerate(sorted(truth)):
        true, spoken = truth[document], said[document]
        for kind, pairs in enumerate((true & spoken, spoken - true, true - spoken)):
            for _, label in pairs:
                if label in counts:
                    counts[label][place, kind] += 1
    return counts


def _ceiling(row: Agreement) -> Score:
    counts = np.array([[row.both, row.second - row.both, row.first - row.both]])
    rates = micro_f1(counts, draw_groups(1, resamples=1))
    if row.f1_low is not None and row.f1_high is not None:
        rates = replace(rates, low=row.f1_low, high=row.f1_high)
    about = {"level": "sentence", "split": "all", "tagger": SECOND, "label": row.label}
    return Score.model_validate(about | rates.row())


def _measures(split: str, found: _Sentences, scheme: Scheme, draws: NDArray[np.int64]) -> list[Measure]:
    """Of every family with a gold label: macro F1, recall without a term, and the two calibration errors.

    The calibration error over all decisions takes every labelled sentence with every label of the family; a pair of
    which no tagger spoke counts as said with probability 0, so it also sees what is missed without a word. Over tags
    alone it sees only how far their probabilities can be trusted.
    """
    measures = []
    hits = {(row.document, row.sentence, row.label) for row in found.evidence if row.tagger == "keywords"}
    for family in FAMILIES:
        labels = [label.id for label in scheme.family(family)]
        counts = _count(found.truth, found.said["all"], labels)
        positives = {label: int(count[:, [0, 2]].sum()) for label, count in counts.items()}
        figures: dict[str, tuple[int, tuple[float, ...]]] = {}  # name -> n; value and ends of its interval
        often = [counts[label] for label in labels if positives[label] >= MACRO_FROM]
        if often:
            figures["macro_f1"] = len(often), macro_f1(np.array(often), draws)
        unnamed = [
            {pair for pair in found.truth[document] if pair[1] in counts and (document, *pair) not in hits}
            for document in found.documents
        ]
        size = np.array([len(pairs) for pairs in unnamed])
        if size.any():
            right = [len(pairs & found.said["all"][d]) for d, pairs in zip(found.documents, unnamed, strict=True)]
            figures["recall_without_term"] = int(size.sum()), share(np.array(right), size, draws)
        probabilities, holds, _ = found.answers(family)
        if any(positives.values()):
            silent = found.judged * len(labels) - len(holds)
            missed = np.arange(silent) < sum(positives.values()) - holds.sum()
            error = expected_error(np.append(probabilities, np.zeros(silent)), np.append(holds, missed))
            figures["ece"] = silent + len(holds), (error,)
        if len(holds):
            figures["ece_tags"] = len(holds), (expected_error(probabilities, holds),)
        for name, (n, values) in figures.items():
            rounded = dict(zip(("value", "low", "high"), (round(value, 4) for value in values), strict=False))
            measures.append(Measure.model_validate({"split": split, "family": family, "name": name, "n": n} | rounded))
    return measures


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
