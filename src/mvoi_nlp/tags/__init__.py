"""Evidence in; one decision per sentence and label, then one cell per document and label out.

Plain arithmetic; no model is loaded here, so a changed threshold reruns in seconds.
"""

from mvoi_nlp.tags._cells import decide_cells
from mvoi_nlp.tags._decide import decide_tags, status_of

__all__ = ["decide_cells", "decide_tags", "status_of"]
