"""Blocks in; sentences with lemmas and entities out, one spaCy Doc a sentence.

Alone loads the Dutch spaCy pipeline. Whatever pipeline is named, what comes out has the same shape: plain lemmas,
normal forms for matching, entities, no dependency on a parser.
"""

from mvoi_nlp.sentences._pipeline import RULES, load_pipeline, pipeline_record
from mvoi_nlp.sentences._split import split_blocks

__all__ = ["RULES", "load_pipeline", "pipeline_record", "split_blocks"]
