"""Ordinary Dutch words: what is a word and not a name, and whether a text is Dutch at all."""

import re
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def common_words() -> frozenset[str]:
    """Words that inside a sentence have no capital; counted in laws, programmes and Wikipedia by models/training."""
    return frozenset(files("mvoi_nlp").joinpath("common_words.txt").read_text(encoding="utf-8").split())


def share_of_words(text: str) -> float:
    """Share of the words of three letters or more that are ordinary Dutch words, 0 to 1; 0 for a text without words.

    Good prose has 0.8 and more, since compounds are not in the list; a text that a scanner misread has 0.6 and less.
    """
    words, known = _WORD.findall(text.lower()), common_words()
    return sum(word in known for word in words) / len(words) if words else 0.0
