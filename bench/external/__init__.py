"""Real sentences that nobody on the project wrote: labels by id and hash here, the text beside the project.

`labels.jsonl` holds 500 sentences of Dutch election programmes, drawn at random and coded by `annotations/guide.md`
before any tagger had seen them. The text itself is not ours to ship: a row names programme and place, and the hash of
the sentence proves that the text found there is the one that was coded.
"""

from bench.external._draw import Drawn, draw, read_programmes
from bench.external._score import Coded, ExternalError, score_external

__all__ = ["Coded", "Drawn", "ExternalError", "draw", "read_programmes", "score_external"]
