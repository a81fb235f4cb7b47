"""What a score owes to leaks: one training, judged on folds that share no organisation and on folds that do."""

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc
from spacy.vocab import Vocab

from mvoi_nlp.errors import ModelError
from mvoi_nlp.evidence._classifier import is_role
from mvoi_nlp.evidence._train import train_classifier
from mvoi_nlp.rates import draw_groups, micro_f1
from mvoi_nlp.records import Annotation, Score, TrainingText
from mvoi_nlp.scheme import FAMILIES, Scheme
from mvoi_nlp.settings import EvidenceTrainSettings, ValidationSettings


def measure_folds(
    annotations: Sequence[Annotation],
    docs: Sequence[Doc],
    texts: Sequence[tuple[TrainingText, Doc]],
    scheme: Scheme,
    vocab: Vocab,
    settings: EvidenceTrainSettings,
    measuring: ValidationSettings,
) -> list[Score]:
    """Cross-validate the classifier on the sentences of split `train` dealt over folds in two ways.

    By `organisation` all sentences of one stay together; `naive` deals each by itself, so that those of one document
    stand on both sides: what the model then knows of an organisation's own wording, it will not know of a new one.
    Both ways have the same labels, settings and calibration.

    Returns
    -------
        Micro F1 per family with a label that is learned, with intervals by document; `split` is the way.

    Raises
    ------
    ModelError
        No sentence of a document is labelled, or too little to learn from.
    """
    rows = [row for row in annotations if row.split == "train"]
    if not rows:
        raise ModelError("no document is labelled to learn from", hint="see annotations/guide.md and splits.csv")
    documents = sorted({row.document for row in rows})
    place = np.array([documents.index(row.document) for row in rows])
    draws = draw_groups(len(documents), resamples=measuring.resamples, seed=measuring.seed)
    scores = []
    ways = {"organisation": (annotations, texts), "naive": _scattered(annotations, texts, settings.seed)}
    for way, (dealt, dealt_texts) in ways.items():
        held_out = train_classifier(dealt, docs, dealt_texts, scheme, vocab, settings).held_out
        said = {label: values >= 0.5 for label, values in held_out.items() if not is_role(label)}
        for family in FAMILIES:
            labels = [label for label in said if label.startswith(f"{family}:")]
            counts = np.zeros((len(documents), 3), dtype=np.int64)
            for label in labels:
                true = np.array([label in row.labels for row in rows])
                for kind, hit in enumerate((said[label] & true, said[label] & ~true, ~said[label] & true)):
                    counts[:, kind] += np.bincount(place[hit], minlength=len(documents))
            if labels:
                about: dict[str, object] = {"level": "sentence", "split": way, "tagger": "classifier"}
                about |= {"label": f"{family}:*", "documents": len(documents)}
                scores.append(Score.model_validate(about | micro_f1(counts, draws).row()))
    return scores


def _scattered(
    annotations: Sequence[Annotation], texts: Sequence[tuple[TrainingText, Doc]], seed: int
) -> tuple[list[Annotation], list[tuple[TrainingText, Doc]]]:
    """The same with every sentence an organisation of its own, named by lot: folds by organisation are random then."""
    lots = [f"{lot:08d}" for lot in np.random.default_rng(seed).permutation(len(annotations) + len(texts))]
    return (
        [row.model_copy(update={"organisation": lot}) for row, lot in zip(annotations, lots, strict=False)],
        [
            (text.model_copy(update={"group": lot}), doc)
            for (text, doc), lot in zip(texts, lots[len(annotations) :], strict=True)
        ],
    )
