"""Blocks in; sentences with lemmas and entities out, one spaCy Doc a sentence.

Alone loads the Dutch spaCy pipeline. Whatever pipeline is named, what comes out has the same shape: plain lemmas,
normal forms for matching, entities with one set of labels, no dependency on a parser.
"""

from mvoi_nlp.sentences._document import read_document_texts
from mvoi_nlp.sentences._government import make_government
from mvoi_nlp.sentences._lemmas import plain_lemma
from mvoi_nlp.sentences._pipeline import CORE, LABELS, load_pipeline, pipeline_record, split_at_slashes
from mvoi_nlp.sentences._split import split_blocks

__all__ = [
    "CORE",
    "LABELS",
    "load_pipeline",
    "make_government",
    "pipeline_record",
    "plain_lemma",
    "read_document_texts",
    "split_at_slashes",
    "split_blocks",
]
