from collections.abc import Mapping, Sequence

from mvoi_nlp.records import Cell, Page, Quote, Sentence, Source, Status, Tag
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags._rollup import Rollup
from mvoi_nlp.tags._support import cell_features, headings_of, support_of

WAITING: Status = "nog te controleren"
UNKNOWN = 0.5  # probability of a cell about which nothing could be read


def decide_cells(
    sources: Sequence[Source],
    tags: Sequence[Tag],
    sentences: Sequence[Sentence],
    pages: Sequence[Page],
    scheme: Scheme,
    settings: TagsSettings,
    rollup: Rollup,
) -> list[Cell]:
    """Roll tags up to one cell per document and label of its kind; a document counts once.

    The learned roll-up gives the probability, and its promise says from which certainty a cell needs no analyst. In a
    family without one the best sentence decides, and every cell waits for an analyst. A document that was not read, or
    for less than half, is never `nee`. A sentence that lists `enumeration_from` themes or more supports no theme:
    naming the Manifest's six is not choosing them. A tag that was rejected for a reason supports nothing.

    Returns
    -------
        In the order of the register, then of the scheme.
    """
    texts = {(sentence.document, sentence.number): sentence for sentence in sentences}
    supporting = support_of(tags, settings)
    headings = headings_of(sentences)
    unread = _unread_share(pages)
    cells = []
    for source in sources:
        for label in scheme.for_kind(source.kind):
            found = sorted(
                supporting.get((source.document, label.id), ()),
                key=lambda tag: (-tag.counting, tag.sentence),
            )
            family = rollup.families.get(label.family)
            if family is None:
                probability, status = found[0].probability if found else 0.0, WAITING
            else:
                probability = family.probability(label.id, cell_features(found, headings))
                status = _settle(probability, family.promise.certainty)
            support = sum(tag.status != "nee" for tag in found)
            if status == "nee" and unread.get(source.document, 1.0) > 0.5:
                probability, status = UNKNOWN, WAITING
            worth = [tag for tag in found if tag.status != "nee"] or found
            cells.append(
                Cell(
                    document=source.document,
                    label=label.id,
                    probability=probability,
                    status=status,
                    sentences=support,
                    quotes=tuple(_quote(tag, texts) for tag in worth[: settings.quotes]),
                )
            )
    return cells


def _settle(probability: float, certainty: float | None) -> Status:
    if certainty is None or max(probability, 1 - probability) < certainty:
        return WAITING
    return "ja" if probability >= 0.5 else "nee"


def _quote(tag: Tag, texts: Mapping[tuple[str, int], Sentence]) -> Quote:
    sentence = texts[tag.document, tag.sentence]
    return Quote(sentence=tag.sentence, page=sentence.page, text=sentence.text, probability=tag.probability)


def _unread_share(pages: Sequence[Page]) -> dict[str, float]:
    """Document -> share of its pages that hold a picture instead of text."""
    shares: dict[str, list[bool]] = {}
    for page in pages:
        shares.setdefault(page.document, []).append(page.status == "niet leesbaar")
    return {document: sum(unread) / len(unread) for document, unread in shares.items()}
