import json
import math
import warnings
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from mapie.risk_control import BinaryClassificationController
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from mvoi_nlp.errors import ModelError
from mvoi_nlp.records import Sentence, Source, Tag
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags._support import FEATURES, cell_features, headings_of, support_of

SURE = (0.8, 0.9, 0.95)
"""Thresholds of certainty that are tried; few, since every test costs some of the surety."""
LEAST_ORGANISATIONS = 8
"""Below this many with labelled documents nothing is learned."""
DECIMALS = 4


@dataclass(frozen=True)
class Promise:
    """From which certainty a cell needs no analyst, and what that rests on."""

    certainty: float | None
    """max(p, 1 - p) from which a cell is settled; None where no threshold keeps the promise."""
    cells: int
    """Labelled cells, of documents that the roll-up had not seen."""
    settled: int
    wrong: int
    """How many of those the threshold settles, and how many of them wrongly."""


@dataclass(frozen=True)
class FamilyRollup:
    """From the tags of a document to the probability that it has a label of the family."""

    weights: tuple[float, ...]
    """One per name in `FEATURES`."""
    intercepts: Mapping[str, float]
    """Label -> its own intercept; a label that is not here has the mean."""
    promise: Promise

    def probability(self, label: str, features: Sequence[float]) -> float:
        """Probability (0-1) that the document has the label."""
        mean = sum(self.intercepts.values()) / max(len(self.intercepts), 1)
        score = sum(w * x for w, x in zip(self.weights, features, strict=True)) + self.intercepts.get(label, mean)
        return round(1 / (1 + math.exp(-max(min(score, 35.0), -35.0))), 6)


@dataclass(frozen=True)
class Rollup:
    """The learned roll-up of every family that has enough labelled documents."""

    families: Mapping[str, FamilyRollup]

    def save(self, path: Path) -> None:
        """Write as JSON, for people to read too."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {name: asdict(family) for name, family in self.families.items()}
        path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Rollup":
        """Read what `save` wrote.

        Raises
        ------
        ModelError
            The file is missing or is not a roll-up.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                {
                    name: FamilyRollup(tuple(part["weights"]), part["intercepts"], Promise(**part["promise"]))
                    for name, part in content.items()
                }
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} cannot be read: {error}", hint="make it with `dvc repro tags-train`") from error


def fit_rollup(
    tags: Sequence[Tag],
    sentences: Sequence[Sentence],
    truth: Mapping[str, Set[str]],
    sources: Sequence[Source],
    scheme: Scheme,
    settings: TagsSettings,
) -> Rollup:
    """Learn per family how tags make a cell, and from which certainty a cell needs no analyst.

    The roll-up is a logistic regression over `cell_features` with an intercept per label. Its certainty on documents
    of organisations that it had not seen (folds) goes into a test of thresholds: the lowest is taken of those with
    which, with probability `surety`, at most `most_wrong` of the settled cells are wrong (Learn then Test, by MAPIE).
    The test takes cells as independent; those of one document are not quite, so the promise is a little optimistic.

    Parameters
    ----------
    tags
        Of the labelled documents, by a classifier that had not seen them.
    sentences
        Of the labelled documents.
    truth
        Labelled document -> the labels that it has.
    sources
        Rows of the labelled documents.
    """
    families: dict[str, FamilyRollup] = {}
    supporting, headings = support_of(tags, settings), headings_of(sentences)
    labelled = [source for source in sources if source.document in truth]
    if len({source.organisation for source in labelled}) < max(LEAST_ORGANISATIONS, settings.folds):
        return Rollup({})
    for family in dict.fromkeys(label.family for label in scheme.labels):
        rows = [
            (source.organisation, source.document, label.id)
            for source in labelled
            for label in scheme.for_kind(source.kind)
            if label.family == family
        ]
        labels = sorted({label for _, _, label in rows})
        features = np.array([cell_features(supporting.get(row[1:], ()), headings) for row in rows])
        own = np.array([[label == name for name in labels] for _, _, label in rows], dtype=float)
        matrix = np.hstack([features, own])
        has = np.array([label in truth[document] for _, document, label in rows])
        groups = np.array([organisation for organisation, _, _ in rows])
        if has.all() or not has.any():
            continue
        unseen = np.zeros(len(rows))
        for seen, held_out in GroupKFold(n_splits=settings.folds).split(matrix, groups=groups):
            if has[seen].any() and not has[seen].all():
                unseen[held_out] = _logistic().fit(matrix[seen], has[seen]).predict_proba(matrix[held_out])[:, 1]
        model = _logistic().fit(matrix, has)
        weights = np.round(model.coef_[0], DECIMALS) + 0.0
        intercepts = np.round(weights[len(FEATURES) :] + model.intercept_[0], DECIMALS) + 0.0
        families[family] = FamilyRollup(
            tuple(map(float, weights[: len(FEATURES)])),
            dict(zip(labels, map(float, intercepts), strict=True)),
            _promise(unseen, has, settings),
        )
    return Rollup(families)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000)


def _promise(probability: NDArray[np.float64], has: NDArray[np.bool_], settings: TagsSettings) -> Promise:
    certainty = np.maximum(probability, 1 - probability)
    right = (probability >= 0.5) == has
    # a cell is 'predicted right' when it is settled: the precision of that prediction is the share right of the settled
    controller = BinaryClassificationController(
        predict_function=lambda sure: np.column_stack([1 - sure, sure]),
        risk="precision",
        target_level=1 - settings.most_wrong,
        confidence_level=settings.surety,
        list_predict_params=np.array(SURE),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # 'no threshold' and 'every threshold' are answers here
        controller.calibrate(certainty, right.astype(int))
    kept = controller.best_predict_param
    if kept is None:
        return Promise(None, len(has), 0, 0)
    threshold = float(np.ravel(kept)[0])
    settled = certainty >= threshold
    return Promise(threshold, len(has), int(settled.sum()), int((settled & ~right).sum()))
