from collections.abc import Mapping, Sequence

from mvoi_nlp.records import Cell, Page, Quote, Sentence, Source, Tag
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags._decide import status_of

UNKNOWN = 0.5  # probability of a cell about which nothing could be read


def decide_cells(
    sources: Sequence[Source],
    tags: Sequence[Tag],
    sentences: Sequence[Sentence],
    pages: Sequence[Page],
    scheme: Scheme,
    settings: TagsSettings,
) -> list[Cell]:
    """Roll tags up to one cell per document and label of its kind; a document counts once.

    The best sentence decides, but a cell that rests on fewer sentences than `support` asks is never `ja` by itself: a
    theme that is named once is seldom chosen. Nor is it `nee` in a family whose silence is not trusted, or in a
    document that was not read, or for less than half. A sentence that lists `enumeration_from` themes or more supports
    no theme: naming the Manifest's six is not choosing them. A tag that was rejected for a reason supports nothing.

    Returns
    -------
        In the order of the register, then of the scheme.
    """
    texts = {(sentence.document, sentence.number): sentence for sentence in sentences}
    listing = _enumerations(tags, settings)
    supporting: dict[tuple[str, str], list[Tag]] = {}
    for tag in tags:
        listed = tag.label.startswith("theme:") and (tag.document, tag.sentence) in listing
        if not listed and not tag.reason:
            supporting.setdefault((tag.document, tag.label), []).append(tag)
    unread = _unread_share(pages)
    cells = []
    for source in sources:
        for label in scheme.for_kind(source.kind):
            found = sorted(
                supporting.get((source.document, label.id), ()),
                key=lambda tag: (-tag.probability, tag.sentence),
            )
            probability = found[0].probability if found else 0.0
            status = status_of(probability, settings)
            support = sum(tag.status != "nee" for tag in found)
            if status == "ja" and support < settings.support.get(label.family, 1):
                status = "nog te controleren"
            if status == "nee" and label.family not in settings.trust_silence:
                status = "nog te controleren"
            if status == "nee" and unread.get(source.document, 1.0) > 0.5:
                probability, status = UNKNOWN, "nog te controleren"
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


def _quote(tag: Tag, texts: Mapping[tuple[str, int], Sentence]) -> Quote:
    sentence = texts[tag.document, tag.sentence]
    return Quote(sentence=tag.sentence, page=sentence.page, text=sentence.text, probability=tag.probability)


def _enumerations(tags: Sequence[Tag], settings: TagsSettings) -> set[tuple[str, int]]:
    themes: dict[tuple[str, int], int] = {}
    for tag in tags:
        if tag.label.startswith("theme:") and tag.status != "nee":
            themes[tag.document, tag.sentence] = themes.get((tag.document, tag.sentence), 0) + 1
    return {key for key, count in themes.items() if count >= settings.enumeration_from}


def _unread_share(pages: Sequence[Page]) -> dict[str, float]:
    """Document -> share of its pages that hold a picture instead of text."""
    shares: dict[str, list[bool]] = {}
    for page in pages:
        shares.setdefault(page.document, []).append(page.status == "niet leesbaar")
    return {document: sum(unread) / len(unread) for document, unread in shares.items()}
