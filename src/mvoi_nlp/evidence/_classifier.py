import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from mvoi_nlp.errors import ModelError

# the only types that a model file may hold; skops refuses anything else, so a file cannot run code
TRUSTED: list[str] = ["sklearn.compose._column_transformer._RemainderColsList"]


@dataclass(frozen=True)
class FamilyModel:
    """The models of one family: one feature pipeline and, per label, a logistic regression with its calibration."""

    labels: tuple[str, ...]
    """`family:label`, and `family:*/role` for the part that the labels of the family play where a sentence has one."""
    features: Any
    """Fitted ColumnTransformer: feature table -> sparse matrix."""
    models: tuple[Any, ...]
    """Fitted LogisticRegression per label."""
    calibration: tuple[tuple[float, float], ...]
    """(slope, intercept) per label of the sigmoid over decision scores."""

    def probabilities(self, matrix: Any) -> NDArray[np.float64]:
        """(n_sentences, n_labels), probability 0-1, of what `features` made of the sentences."""
        scores = np.column_stack([model.decision_function(matrix) for model in self.models])
        slope, intercept = np.array(self.calibration, dtype=float).T
        return sigmoid(scores, slope, intercept)


@dataclass(frozen=True)
class Classifier:
    """A trained classifier, with what it was trained on."""

    families: dict[str, FamilyModel]
    keyword_precision: dict[str, float]
    """Label -> share (0-1) of the rules' hits that were right on the training documents, smoothed."""
    heading_precision: float
    """Share (0-1) of the sentences below a heading that have the topic that it names, smoothed."""
    column_precision: float
    """Share (0-1) of the table rows with a tick below the name of a theme that have that theme, smoothed."""
    card: dict[str, Any] = field(default_factory=dict)
    """Facts of the training: settings, counts, hashes."""

    def probabilities(self, table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
        """Label -> (n_sentences,), probability 0-1, for the labels that were trained.

        That of `family:*/role` holds where the sentence has a label of the family.
        """
        found: dict[str, NDArray[np.float64]] = {}
        matrices: dict[int, Any] = {}  # families that learned from the same texts share their features
        for family in self.families.values():
            shared = id(family.features)
            if len(table) and shared not in matrices:
                matrices[shared] = family.features.transform(table)
            values = family.probabilities(matrices[shared]) if len(table) else np.zeros((0, len(family.labels)))
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
        (folder / "classifier.skops").write_bytes(_without_addresses(skops.io.dumps(content)))
        card = self.card | {
            "keyword_precision": self.keyword_precision,
            "heading_precision": self.heading_precision,
            "column_precision": self.column_precision,
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
        precision, heading, column = (card.pop(f"{name}_precision") for name in ("keyword", "heading", "column"))
        return cls(families, precision, heading, column, card)


def _without_addresses(archive: bytes) -> bytes:
    """The same skops archive with objects numbered in order and no time: equal models give equal bytes.

    skops names objects by their address in memory, so two equal trainings would never look equal to DVC.
    """
    numbers: dict[bytes, bytes] = {}

    def number(match: re.Match[bytes]) -> bytes:
        return match.group(1) + numbers.setdefault(match.group(2), str(len(numbers) + 1).encode())

    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        schema = re.sub(rb'("__id__": |"file": ")(\d+)', number, old.read("schema.json"))
        parts = {"schema.json": schema}
        for name in old.namelist():
            address, dot, extension = name.partition(".")
            if name != "schema.json":
                parts[numbers[address.encode()].decode() + dot + extension] = old.read(name)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression=zipfile.ZIP_DEFLATED) as new:
        for name in sorted(parts):
            new.writestr(zipfile.ZipInfo(name), parts[name], compress_type=zipfile.ZIP_DEFLATED)
    return written.getvalue()


def is_role(label: str) -> bool:
    """Whether a label is `family:*/role`."""
    return ":*/" in label


def sigmoid(
    scores: NDArray[np.float64], slope: float | NDArray[np.float64], intercept: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probabilities of decision scores; slopes and intercepts for one label, or one for each of the columns."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(slope * scores + intercept, -35, 35))))


def fit_sigmoid(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's (slope, intercept) over decision scores, with his smoothed targets; the slope is never negative.

    Source: Platt (1999), Probabilistic outputs for support vector machines. With few positives the smoothed targets
    keep the probabilities away from 0 and 1.
    """
    positives, negatives = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    twice = np.concatenate([scores, scores]).reshape(-1, 1)  # a target of 0.9 is a yes of weight 0.9 and a no of 0.1
    answers = np.repeat([1, 0], len(scores))
    fitted = LogisticRegression(C=1e6).fit(twice, answers, sample_weight=np.concatenate([target, 1 - target]))
    return max(float(fitted.coef_[0, 0]), 0.0), float(fitted.intercept_[0])
