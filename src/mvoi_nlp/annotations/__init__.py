"""Hand labels in, the labels of every sentence out.

People label a quote on a page; the pipeline may cut sentences in another way tomorrow. Every unit is found back by
page, offset *and* quote; one that cannot be found is reported, never dropped unseen.
"""

from mvoi_nlp.annotations._fit import Fitted, fit_gold
from mvoi_nlp.annotations._read import read_gold, read_splits, read_training_texts

__all__ = ["Fitted", "fit_gold", "read_gold", "read_splits", "read_training_texts"]
