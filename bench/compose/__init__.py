"""Sources in (text with labels), documents, truth, register and gold labels out.

Every unit of a source (heading, sentence, bullet, box, note, table row) is rendered into a PDF, Word or Excel file and
found back in what the text step reads from that file, so that a label points at the text as the product sees it. The
truth beside it says what the document holds, whatever a reader makes of its file.
"""

from bench.compose._compose import ComposeError, Outcome, compose, compose_document, read_sources
from bench.compose._source import Source, SourceFault, read_source

__all__ = [
    "ComposeError",
    "Outcome",
    "Source",
    "SourceFault",
    "compose",
    "compose_document",
    "read_source",
    "read_sources",
]
