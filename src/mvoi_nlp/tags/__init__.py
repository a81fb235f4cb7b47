"""Evidence in; one decision per sentence and label, then one cell per document and label out.

What a document did not say itself is marked here too: it takes all documents to see that. Plain arithmetic; no model
is loaded here, so a changed threshold reruns in seconds.
"""

from mvoi_nlp.tags._cells import decide_cells
from mvoi_nlp.tags._decide import decide_tags, status_of
from mvoi_nlp.tags._shared import mark_boilerplate

__all__ = ["decide_cells", "decide_tags", "mark_boilerplate", "status_of"]
