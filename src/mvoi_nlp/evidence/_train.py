from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from spacy.tokens import Doc
from spacy.vocab import Vocab
from tqdm import tqdm

from mvoi_nlp.errors import ModelError
from mvoi_nlp.evidence._classifier import Classifier, FamilyModel, fit_sigmoid, is_role, sigmoid
from mvoi_nlp.evidence._features import Place, as_word, feature_table, hit_names, ticked_themes
from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.evidence._taggers import classifier_evidence
from mvoi_nlp.rates import f1_of
from mvoi_nlp.records import Annotation, Evidence, TrainingText
from mvoi_nlp.scheme import FAMILIES, Scheme
from mvoi_nlp.settings import EvidenceTrainSettings

WORD = r"\S+"
DECIMALS = 3  # of all that is learned: the last bits of a float differ from one run to the next
PRIOR_HITS = 4.0  # weight of the family's precision in that of a label with few hits


@dataclass(frozen=True)
class Trained:
    """A classifier and how it did on folds that it had not seen."""

    classifier: Classifier
    scores: dict[str, float]
    """`<label>.f1` and so on, at probability 0.5, over folds grouped by organisation."""
    skipped: dict[str, int]
    """Labels left to the rules, with their number of training sentences."""
    held_out: dict[str, NDArray[np.float64]]
    """Label -> (n_sentences of split train,): probability (0-1) by a model that had not seen the sentence's fold."""
    places: tuple[tuple[str, int, int], ...]
    """Document, number and length of those sentences."""
    contested: frozenset[tuple[str, int, str]]
    """Document, number and label of the terms that stand in them."""

    def unseen(self, least: float) -> list[Evidence]:
        """`held_out` as evidence, from probability `least` up as the classifier speaks.

        What learns from the classifier's answers learns from these.
        """
        return classifier_evidence(self.places, self.held_out, least, self.contested)


def train_classifier(
    annotations: Sequence[Annotation],
    docs: Sequence[Doc],
    texts: Sequence[tuple[TrainingText, Doc]],
    scheme: Scheme,
    vocab: Vocab,
    settings: EvidenceTrainSettings,
) -> Trained:
    """Fit one calibrated logistic regression per label on the training documents.

    Probabilities are calibrated on out-of-fold scores; folds are grouped by organisation, so no organisation is
    judged by a model that has read it.

    Parameters
    ----------
    annotations
        Labelled sentences; only those of split `train` are used.
    docs
        Their Docs, in the same order.
    texts
        Labelled sentences of no document, each for one family, with their Docs; used when `settings.extra_texts`.
    vocab
        Vocabulary of all Docs.

    Raises
    ------
    ModelError
        There is too little to learn from: less than two organisations and no texts.
    """
    used = [n for n, row in enumerate(annotations) if row.split == "train"]
    rows = [annotations[n] for n in used]
    extra = list(texts) if settings.extra_texts else []
    organisations = sorted({row.organisation for row in rows})
    if len(organisations) < 2 and not extra:
        raise ModelError(
            "training needs labelled sentences of at least two organisations in split 'train'",
            hint="label more documents, or give more organisations the split train in annotations/splits.csv",
        )
    keywords, hints = KeywordTagger(scheme, vocab), KeywordTagger(scheme.of_hints, vocab)
    table = feature_table([docs[n] for n in used], [Place.of(row) for row in rows], keywords, hints)
    extra_table = feature_table([doc for _, doc in extra], [Place.of(text) for text, _ in extra], keywords, hints)
    groups = np.array([row.organisation for row in rows])
    hits = hit_names(label.id for label in scheme.labels)

    families: dict[str, FamilyModel] = {}
    scores: dict[str, float] = {}
    skipped: dict[str, int] = {}
    precision: dict[str, float] = {}
    held_out: dict[str, NDArray[np.float64]] = {}
    learning: dict[tuple[int, ...], list[str]] = {}  # families that learn from the same texts share their features
    family: str
    for family in FAMILIES:
        own = tuple(n for n, (text, _) in enumerate(extra) if family in text.families)
        learning.setdefault(own, []).append(family)
    for own, together in learning.items():
        labels = [label.id for family in together for label in scheme.family(family)]
        said = [_with_roles(*row.labels, *row.roles) for row in rows]
        said += [_with_roles(*extra[n][0].labels) for n in own]
        labels += sorted({mark for marks in said for mark in marks if is_role(mark) and _family(mark) in together})
        truth = _truth(said, labels)
        precision |= {
            label: value
            for family in together
            for label, value in _keyword_precision(table, rows, [one.id for one in scheme.family(family)]).items()
        }
        all_table = pd.concat([table, extra_table.iloc[list(own)]], ignore_index=True)
        # texts of no document are dealt over the folds; they never decide how a document is judged
        all_groups = np.concatenate([groups, [extra[n][0].group or f"written {n % settings.folds}" for n in own]])
        enough = truth.sum(axis=0) >= settings.min_positives
        skipped |= {label: int(n) for label, n, ok in zip(labels, truth.sum(axis=0), enough, strict=True) if not ok}
        trained = [label for label, ok in zip(labels, enough, strict=True) if ok]
        if not trained:
            continue
        learned = _learn(trained, all_table, truth[:, enough], all_groups, len(rows), settings, hits)
        scores |= learned.scores
        held_out |= learned.held_out
        for family in together:
            known = tuple(label for label in trained if label.startswith(f"{family}:"))
            if known:
                models = tuple(learned.models[label] for label in known)
                pairs = tuple(learned.calibration[label] for label in known)
                families[family] = FamilyModel(known, learned.features, models, pairs)
    card = {
        "settings": settings.model_dump(),
        "sentences": len(rows),
        "texts": len(extra),
        "organisations": organisations,
        "labels": {name: list(model.labels) for name, model in families.items()},
        "skipped": skipped,
        "held_out": scores,
    }
    used_docs = [docs[n] for n in used]
    classifier = Classifier(
        families, precision, _heading_precision(rows, keywords), _column_precision(rows, used_docs, keywords), card
    )
    places = tuple((row.document, row.sentence, len(doc.text)) for row, doc in zip(rows, used_docs, strict=True))
    by_word = {as_word(label.id): label.id for label in scheme.labels}
    contested = frozenset(
        (document, sentence, by_word[word])
        for (document, sentence, _), words in zip(places, table["hits"], strict=True)
        for word in words.split()
    )
    return Trained(classifier, scores, skipped, held_out, places, contested)


@dataclass(frozen=True)
class _Learned:
    """What families with the same texts share, and what was learned per label."""

    features: Any
    models: dict[str, Any]
    calibration: dict[str, tuple[float, float]]
    scores: dict[str, float]
    held_out: dict[str, NDArray[np.float64]]
    """Out of fold, of the sentences of documents."""


def _learn(
    labels: Sequence[str],
    table: pd.DataFrame,
    truth: NDArray[np.bool_],
    groups: NDArray[np.str_],
    sentences: int,
    settings: EvidenceTrainSettings,
    hits: Sequence[str],
) -> _Learned:
    """Fit and calibrate labels; the first `sentences` rows of the table are of documents, the others are texts."""
    used = _learned_from(labels, truth)
    unseen = _out_of_fold(table, truth, used, groups, settings, hits)
    of_documents = np.arange(len(truth)) < sentences
    calibration: dict[str, tuple[float, float]] = {}
    scores: dict[str, float] = {}
    held_out: dict[str, NDArray[np.float64]] = {}
    for column, label in enumerate(labels):
        here = used[:, column] & of_documents  # calibrate on sentences of documents where those have enough positives
        where = here if truth[here, column].sum() >= settings.min_positives else used[:, column]
        slope, intercept = fit_sigmoid(unseen[where, column], truth[where, column])
        calibration[label] = round(slope, DECIMALS), round(intercept, DECIMALS)
        held_out[label] = sigmoid(unseen[:sentences, column], *calibration[label])
        among = here[:sentences]
        scores |= _fold_scores(label, held_out[label][among] > 0.5, truth[:sentences, column][among])
    features = _features(settings, hits)
    matrix = features.fit_transform(table)
    for _, vectorizer, _ in features.transformers_:
        vars(vectorizer).pop("_stop_words_id", None)  # an address in memory: other on every run
    models = {label: _rounded(m) for label, m in zip(labels, _fit_all(matrix, truth, used, settings), strict=True)}
    return _Learned(features, models, calibration, scores, held_out)


def _learned_from(labels: Sequence[str], truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n_rows, n_labels): a label learns from all rows, a role from those that have a role of its family."""
    used = np.ones(truth.shape, dtype=bool)
    for column, label in enumerate(labels):
        if is_role(label):
            siblings = [n for n, other in enumerate(labels) if is_role(other) and _family(other) == _family(label)]
            used[:, column] = truth[:, siblings].any(axis=1)
    return used


def _with_roles(*marks: str) -> set[str]:
    """Labels of a sentence, and the roles of its families as `family:*/role`."""
    return {mark.partition("/")[0] for mark in marks} | {
        f"{_family(mark)}:*/{mark.partition('/')[2]}" for mark in marks if "/" in mark
    }


def _family(label: str) -> str:
    return label.partition(":")[0]


def _truth(rows: Sequence[Collection[str]], labels: Sequence[str]) -> NDArray[np.bool_]:
    """(n_rows, n_labels), also without rows."""
    return np.array([[label in row for label in labels] for row in rows], dtype=bool).reshape(len(rows), len(labels))


def _features(settings: EvidenceTrainSettings, hits: Sequence[str]) -> ColumnTransformer:
    least = settings.min_frequency
    parts = [
        (
            "words",
            TfidfVectorizer(lowercase=False, token_pattern=WORD, ngram_range=(1, 2), min_df=least, sublinear_tf=True),
            "words",
        )
    ]
    if settings.character_ngrams:
        parts.append(
            (
                "characters",
                TfidfVectorizer(
                    lowercase=False,
                    analyzer="char_wb",
                    ngram_range=(3, 5),
                    min_df=least + 1,
                    sublinear_tf=True,
                ),
                "characters",
            )
        )
    parts.append(("place", TfidfVectorizer(lowercase=False, token_pattern=WORD, min_df=least), "place"))
    parts.append(
        ("columns", CountVectorizer(lowercase=False, token_pattern=WORD, min_df=least, binary=True), "columns")
    )
    parts.append(("document", CountVectorizer(lowercase=False, token_pattern=WORD), "document"))
    if settings.keyword_features:
        parts.append(
            ("hits", CountVectorizer(lowercase=False, token_pattern=WORD, vocabulary=hits, binary=True), "hits")
        )
        parts.append(
            (
                "hints",
                TfidfVectorizer(lowercase=False, token_pattern=WORD, vocabulary=hits, sublinear_tf=True, use_idf=False),
                "hints",
            )
        )
    return ColumnTransformer(parts)


def _logistic(settings: EvidenceTrainSettings) -> LogisticRegression:
    return LogisticRegression(
        C=settings.regularisation, class_weight="balanced", solver="liblinear", random_state=settings.seed
    )


def _rounded(model: LogisticRegression) -> LogisticRegression:
    model.coef_ = np.round(model.coef_, DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0
    model.intercept_ = np.round(model.intercept_, DECIMALS) + 0.0
    return model


def _out_of_fold(
    table: pd.DataFrame,
    truth: NDArray[np.bool_],
    used: NDArray[np.bool_],
    groups: NDArray[np.str_],
    settings: EvidenceTrainSettings,
    hits: Sequence[str],
) -> NDArray[np.float64]:
    """(n, n_labels) decision scores of models that have not seen the sentence's organisation."""
    held_out = np.zeros(truth.shape)
    folds = GroupKFold(n_splits=min(settings.folds, len(set(groups))))
    for seen, unseen in tqdm([*folds.split(table, groups=groups)], desc="folds", leave=False, disable=None):
        features = _features(settings, hits)
        seen_matrix, unseen_matrix = (
            features.fit_transform(table.iloc[seen]),
            features.transform(table.iloc[unseen]),
        )
        for column, model in enumerate(_fit_all(seen_matrix, truth[seen], used[seen], settings)):
            # without a model the label stands in one organisation only: nothing to learn from the others
            held_out[unseen, column] = model.decision_function(unseen_matrix) if model is not None else -5.0
    return held_out


def _fit_all(
    matrix: Any, truth: NDArray[np.bool_], used: NDArray[np.bool_], settings: EvidenceTrainSettings
) -> list[Any]:
    """A model per column of the truth; None where what it learns from is all alike."""
    models = []
    for y, rows in zip(truth.T, used.T, strict=True):
        mixed = y[rows].any() and not y[rows].all()
        models.append(_logistic(settings).fit(matrix if rows.all() else matrix[rows], y[rows]) if mixed else None)
    return models


def _fold_scores(label: str, said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> dict[str, float]:
    tp, fp, fn = int((said & truth).sum()), int((said & ~truth).sum()), int((~said & truth).sum())
    return {f"{label}.f1": float(f1_of(np.array([tp, fp, fn]))), f"{label}.positives": float(truth.sum())}


def _heading_precision(rows: Sequence[Annotation], keywords: KeywordTagger) -> float:
    below = [row for row in rows if row.kind != "heading"]
    said = [
        (row, label) for row in below for label in keywords.find_in_heading(row.section) if label.startswith("topic:")
    ]
    return _share_right(said)


def _column_precision(rows: Sequence[Annotation], docs: Sequence[Doc], keywords: KeywordTagger) -> float:
    said = [
        (row, label)
        for row, doc in zip(rows, docs, strict=True)
        for label, _, _ in ticked_themes(row.headers, doc.text, keywords)
    ]
    return _share_right(said)


def _share_right(said: Sequence[tuple[Annotation, str]]) -> float:
    right = sum(label in row.labels for row, label in said)
    return round((right + PRIOR_HITS / 2) / (len(said) + PRIOR_HITS), 4)


def _keyword_precision(table: pd.DataFrame, rows: Sequence[Annotation], labels: Sequence[str]) -> dict[str, float]:
    truth = _truth([row.labels for row in rows], labels)
    said = _truth([hits.split() for hits in table["hits"]], [as_word(label) for label in labels])
    right, all_hits = (said & truth).sum(axis=0), said.sum(axis=0)
    family = float((right.sum() + 1) / (all_hits.sum() + 2))
    return {
        label: round(float((r + PRIOR_HITS * family) / (n + PRIOR_HITS)), 4)
        for label, r, n in zip(labels, right, all_hits, strict=True)
    }
