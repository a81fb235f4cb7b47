"""How well and how fast documents are read: our engines and bare libraries against the truth of the made corpus."""

from bench.reading._bare import READERS, Read
from bench.reading._measure import UNRULED, measure, score_document
from bench.reading._scale import measure_scale
from bench.reading._scramble import scramble

__all__ = ["READERS", "UNRULED", "Read", "measure", "measure_scale", "score_document", "scramble"]
