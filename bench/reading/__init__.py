"""How well and how fast documents are read: our engines and bare libraries against the truth of the made corpus."""

from bench.reading._bare import READERS, Read
from bench.reading._measure import measure, score_document
from bench.reading._scramble import scramble

__all__ = ["READERS", "Read", "measure", "score_document", "scramble"]
