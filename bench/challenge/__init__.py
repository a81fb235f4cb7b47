"""Minimal pairs: two sentences that differ in the one thing that matters, and the one label that turns on it."""

from bench.challenge._score import KINDS, Pair, read_pairs, score_pairs

__all__ = ["KINDS", "Pair", "read_pairs", "score_pairs"]
