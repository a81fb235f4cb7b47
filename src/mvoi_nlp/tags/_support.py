"""Which tags may make a cell, and what they come to."""

import math
from collections.abc import Iterable, Sequence

from mvoi_nlp.records import Sentence, Tag
from mvoi_nlp.settings import TagsSettings

FEATURES = ("best", "second", "number", "named", "heading", "rules")
"""What `cell_features` gives, in order."""


def support_of(tags: Iterable[Tag], settings: TagsSettings) -> dict[tuple[str, str], list[Tag]]:
    """Document and label -> the tags that may make a cell: neither rejected nor, for themes, in a list of many."""
    tags = list(tags)
    listing = _enumerations(tags, settings)
    supporting: dict[tuple[str, str], list[Tag]] = {}
    for tag in tags:
        listed = tag.label.startswith("theme:") and (tag.document, tag.sentence) in listing
        if not listed and not tag.reason:
            supporting.setdefault((tag.document, tag.label), []).append(tag)
    return supporting


def headings_of(sentences: Iterable[Sentence]) -> set[tuple[str, int]]:
    """Document and number of the sentences that are headings."""
    return {(sentence.document, sentence.number) for sentence in sentences if sentence.kind == "heading"}


def cell_features(tags: Sequence[Tag], headings: set[tuple[str, int]]) -> tuple[float, ...]:
    """What the tags of one document and label come to, in the order of `FEATURES`.

    Log-odds of the best and the second best tag, each times the probability that its role counts; the logarithm of
    the number of sentences to be expected; log-odds of the best whatever its role; whether a heading has the label;
    whether a rule agrees with the best.

    Parameters
    ----------
    tags
        Of one document and label, without those that were rejected for a reason.
    headings
        Document and number of the sentences that are headings.
    """
    best, second = (*sorted(tags, key=lambda tag: -tag.counting)[:2], None, None)[:2]
    return (
        _odds(best.counting if best else 0.0),
        _odds(second.counting if second else 0.0),
        math.log1p(sum(tag.counting for tag in tags)),
        _odds(max((tag.probability for tag in tags), default=0.0)),
        float(any((tag.document, tag.sentence) in headings and tag.probability > 0.5 for tag in tags)),
        float(best is not None and set(best.taggers) != {"classifier"}),
    )


def _odds(probability: float) -> float:
    inside = min(max(probability, 0.02), 0.98)
    return math.log(inside / (1 - inside))


def _enumerations(tags: Sequence[Tag], settings: TagsSettings) -> set[tuple[str, int]]:
    themes: dict[tuple[str, int], int] = {}
    for tag in tags:
        if tag.label.startswith("theme:") and tag.status != "nee":
            themes[tag.document, tag.sentence] = themes.get((tag.document, tag.sentence), 0) + 1
    return {key for key, count in themes.items() if count >= settings.enumeration_from}
