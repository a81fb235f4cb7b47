"""Evidence in; one decision per sentence and label, then one cell per document and label out.

What a document did not say itself is marked here too: it takes all documents to see that. How tags make a cell
is learned (`fit_rollup`) and kept as JSON; tagging itself is plain arithmetic, so it reruns in seconds.
"""

from mvoi_nlp.tags._cells import decide_cells
from mvoi_nlp.tags._decide import decide_tags, status_of
from mvoi_nlp.tags._format import find_format_use
from mvoi_nlp.tags._rollup import FamilyRollup, Promise, Rollup, fit_rollup
from mvoi_nlp.tags._shared import mark_boilerplate

__all__ = [
    "FamilyRollup",
    "Promise",
    "Rollup",
    "decide_cells",
    "decide_tags",
    "find_format_use",
    "fit_rollup",
    "mark_boilerplate",
    "status_of",
]
