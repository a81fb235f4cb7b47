"""Stored Docs in; what every tagger says about every sentence out, all in one row type.

Six taggers: `keywords` (the wording of the scheme), `headings` (topics, from the heading above), `columns` (themes,
from the header above a tick in a table), `entities` (names, amounts and dates that the pipeline found, instruments by
their official name), `tenders` (rows of tables that list tenders) and `classifier` (logistic regression per label,
calibrated). Alone fits or loads scikit-learn models.
"""

from mvoi_nlp.evidence._classifier import Classifier
from mvoi_nlp.evidence._folds import measure_folds
from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.evidence._lint import Finding, lint_scheme
from mvoi_nlp.evidence._taggers import Taggers
from mvoi_nlp.evidence._train import Trained, train_classifier

__all__ = [
    "Classifier",
    "Finding",
    "KeywordTagger",
    "Taggers",
    "Trained",
    "lint_scheme",
    "measure_folds",
    "train_classifier",
]
