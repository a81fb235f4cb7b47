"""Hand labels in, the labels of every sentence out.

People label a quote on a page; the pipeline may cut sentences in another way tomorrow. Every unit is found back by
page, offset *and* quote; one that cannot be found is reported, never dropped unseen.
"""

from mvoi_nlp.annotations._agree import agreement, nominal_alpha
from mvoi_nlp.annotations._codes import CODED, ROLES, is_tagged, label_fault, split_label
from mvoi_nlp.annotations._fit import Fitted, fit_gold
from mvoi_nlp.annotations._read import read_gold, read_second, read_splits, read_training_texts

__all__ = [
    "CODED",
    "ROLES",
    "Fitted",
    "agreement",
    "fit_gold",
    "is_tagged",
    "label_fault",
    "nominal_alpha",
    "read_gold",
    "read_second",
    "read_splits",
    "read_training_texts",
    "split_label",
]
