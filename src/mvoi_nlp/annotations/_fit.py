import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mvoi_nlp.annotations._codes import is_tagged, split_label
from mvoi_nlp.errors import AnnotationError
from mvoi_nlp.records import Annotation, Block, Gold, Sentence, Source, Split, by_document

HALF = 0.5  # a sentence takes the labels of a unit that covers at least this share of it, or lies in it for this share


@dataclass(frozen=True)
class Fitted:
    """Hand labels as they fall on the sentences of today."""

    annotations: tuple[Annotation, ...]
    """One a sentence that a unit covers, also without labels: 'no label' is a judgement too."""
    moved: int
    """Units found at another offset than when they were labelled."""
    lost: tuple[str, ...]
    """Units whose quote is nowhere in the document, described for people."""


def fit_gold(
    gold: Sequence[Gold],
    sources: Sequence[Source],
    splits: Mapping[str, Split],
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
) -> Fitted:
    """Find every labelled unit back in the text and give its labels to the sentences that it covers.

    Parameters
    ----------
    gold
        Units of any number of documents.
    sources
        The register; units of documents that are not in it are left out without remark.
    splits
        Organisation -> split.
    blocks, sentences
        Of all documents.

    Raises
    ------
    AnnotationError
        A labelled organisation has no split.
    """
    registered = {source.document: source for source in sources}
    texts = {document: _document_text(rows) for document, rows in by_document(list(blocks)).items()}
    cut = by_document(list(sentences))
    annotations: list[Annotation] = []
    lost: list[str] = []
    moved = 0
    for document, units in by_document(list(gold)).items():
        source = registered.get(document)
        if source is None or document not in texts:
            continue
        if source.organisation not in splits:
            raise AnnotationError(
                f"{document}: {source.organisation} has no split", hint="add it to annotations/splits.csv"
            )
        found: list[tuple[int, int, Gold]] = []
        for unit in units:
            place = _locate(unit, texts[document])
            if place is None:
                lost.append(f"{document}, page {unit.page}: '{unit.quote[:60]}'")
                continue
            moved += place[0] != unit.start
            found.append((*place, unit))
        annotations += _cover(found, cut.get(document, []), source, splits[source.organisation])
    return Fitted(tuple(annotations), moved, tuple(lost))


def _document_text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def _locate(unit: Gold, text: str) -> tuple[int, int] | None:
    """Place of the quote: where it was, else its nearest occurrence, white space aside."""
    end = unit.start + len(unit.quote)
    if text[unit.start : end] == unit.quote:
        return unit.start, end
    pattern = r"\s+".join(re.escape(part) for part in unit.quote.split())
    if not pattern:
        return None
    hits = [match.span() for match in re.finditer(pattern, text)]
    return min(hits, key=lambda span: abs(span[0] - unit.start), default=None)


def _cover(
    found: Sequence[tuple[int, int, Gold]], sentences: Sequence[Sentence], source: Source, split: Split
) -> list[Annotation]:
    annotations = []
    for sentence in sentences:
        labels: set[str] = set()
        covered = False
        for start, end, unit in found:
            overlap = min(end, sentence.end) - max(start, sentence.start)
            if overlap > 0 and overlap >= HALF * min(end - start, sentence.end - sentence.start):
                covered = True
                labels |= {label for label in unit.labels if is_tagged(label)}
        if covered:
            annotations.append(
                Annotation(
                    document=sentence.document,
                    sentence=sentence.number,
                    kind=sentence.kind,
                    section=sentence.section,
                    document_kind=source.kind,
                    headers=sentence.headers,
                    organisation=source.organisation,
                    split=split,
                    labels=tuple(sorted({split_label(label)[0] for label in labels})),
                    roles=tuple(sorted(label for label in labels if "/" in label)),
                )
            )
    return annotations
