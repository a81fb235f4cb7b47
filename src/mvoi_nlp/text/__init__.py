"""A file in, pages and blocks in reading order out; offsets count from here on.

Alone opens documents (PDF, Word, Excel, PowerPoint, OpenDocument, e-mail, text, Markdown, HTML). The text of a document
is all its blocks joined by one line break, and every later step points into that text.
"""

from mvoi_nlp.text._blocks import Reading
from mvoi_nlp.text._draw import draw_reading
from mvoi_nlp.text._ocr import ocr_version
from mvoi_nlp.text._read import count_pages, read_document

__all__ = ["Reading", "count_pages", "draw_reading", "ocr_version", "read_document"]
