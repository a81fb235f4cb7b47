import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mvoi_nlp.errors import ModelError

# the only types that a model file may hold; skops refuses anything else, so a file cannot run code
TRUSTED: list[str] = ["sklearn.compose._column_transformer._RemainderColsList"]


@dataclass(frozen=True)
class FamilyModel:
    """The models of one family: one feature pipeline and, per label, a logistic regression with its calibration."""

    labels: tuple[str, ...]
    features: Any
    """Fitted ColumnTransformer: feature table -> sparse matrix."""
    models: tuple[Any, ...]
    """Fitted LogisticRegression per label."""
    calibration: tuple[tuple[float, float], ...]
    """(slope, intercept) per label of the sigmoid over decision scores."""

    def probabilities(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """(n_sentences, n_labels), probability 0-1."""
        matrix = self.features.transform(table)
        scores = np.column_stack([model.decision_function(matrix) for model in self.models])
        slope, intercept = np.array(self.calibration, dtype=float).T
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(slope * scores + intercept, -35, 35))))


@dataclass(frozen=True)
class Classifier:
    """A trained classifier, with what it was trained on."""

    families: dict[str, FamilyModel]
    keyword_precision: dict[str, float]
    """Label -> share (0-1) of the rules' hits that were right on the training documents, smoothed."""
    card: dict[str, Any] = field(default_factory=dict)
    """Facts of the training: settings, counts, hashes."""

    def probabilities(self, table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
        """Label -> (n_sentences,), probability 0-1, for the labels that were trained."""
        found: dict[str, NDArray[np.float64]] = {}
        for family in self.families.values():
            values = family.probabilities(table) if len(table) else np.zeros((0, len(family.labels)))
            found |= {label: values[:, column] for column, label in enumerate(family.labels)}
        return found

    def save(self, folder: Path) -> None:
        """Write `classifier.skops` (no pickle) and `card.json`."""
        import skops.io  # noqa: PLC0415 - takes seconds, and only files need it

        folder.mkdir(parents=True, exist_ok=True)
        content = {
            name: {"labels": list(f.labels), "features": f.features, "models": list(f.models)}
            for name, f in self.families.items()
        }
        skops.io.dump(content, folder / "classifier.skops")
        card = self.card | {
            "keyword_precision": self.keyword_precision,
            "calibration": {name: [list(pair) for pair in f.calibration] for name, f in self.families.items()},
        }
        (folder / "card.json").write_text(
            json.dumps(card, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote.

        Raises
        ------
        ModelError
            The folder has no classifier, or the file holds types other than those of a classifier.
        """
        import skops.io  # noqa: PLC0415

        path = folder / "classifier.skops"
        if not path.exists():
            raise ModelError(f"{path} does not exist", hint="train it with `dvc repro evidence-train`")
        try:
            strangers = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED)
            if strangers:
                raise ModelError(
                    f"{path} holds types that do not belong in it: {', '.join(sorted(strangers))}",
                    hint="do not use this file; train again",
                )
            content = skops.io.load(path, trusted=TRUSTED)
            card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(
                f"{path} cannot be read: {error}", hint="train it again with `dvc repro -f evidence-train`"
            ) from error
        calibration = card.pop("calibration")
        families = {
            name: FamilyModel(
                tuple(part["labels"]),
                part["features"],
                tuple(part["models"]),
                tuple((a, b) for a, b in calibration[name]),
            )
            for name, part in content.items()
        }
        return cls(families, card.pop("keyword_precision"), card)


def fit_sigmoid(scores: Sequence[float] | NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's (slope, intercept) with his smoothed targets, by Newton's method; the slope is never negative.

    Source: Lin, Lin & Weng (2007), A note on Platt's probabilistic outputs. With few positives the smoothed targets
    keep the probabilities away from 0 and 1.
    """
    x = np.asarray(scores, dtype=float)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    slope, intercept = 1.0, math.log((positives + 1) / (negatives + 1))
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(slope * x + intercept, -35, 35)))
        gradient = np.array([((p - target) * x).sum(), (p - target).sum()])
        w = p * (1 - p)
        hessian = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        slope, intercept = slope - step[0], intercept - step[1]
        if np.abs(step).max() < 1e-8:
            break
    return max(float(slope), 0.0), float(intercept)
