"""How well the Dutch pipeline reads: tags, lemmas and sentences on treebanks, entities on own gold, and its speed."""

from bench.dutch._gold import Unit, read_gold
from bench.dutch._measure import entity_scores, speed, treebank_scores, wikiann_scores

__all__ = ["Unit", "entity_scores", "read_gold", "speed", "treebank_scores", "wikiann_scores"]
