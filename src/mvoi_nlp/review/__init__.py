"""Cells and verdicts in, reviewed cells out; and the page on which an analyst gives those verdicts.

What an analyst says is only ever appended to one file of JSON lines and stays valid when the machine's part is made
again. The page runs on this computer alone: it fetches nothing and tells nobody.
"""

from mvoi_nlp.review._queue import queue
from mvoi_nlp.review._serve import ReviewState, serve
from mvoi_nlp.review._store import append_verdict, read_verdicts
from mvoi_nlp.review._verdicts import Reviewed, apply_verdicts

__all__ = ["ReviewState", "Reviewed", "append_verdict", "apply_verdicts", "queue", "read_verdicts", "serve"]
