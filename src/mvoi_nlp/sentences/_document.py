"""What only a document as a whole tells: whom it means by a short name, by 'de gemeente', by a surname."""

from collections import Counter
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from mvoi_nlp.sentences._forms import TYPES, UNKNOWN
from mvoi_nlp.sentences._government import NAME as GOVERNMENT

PREFIXES = {"van", "de", "den", "der", "ter", "ten", "el", "al", "'t", "’t", "in", "het", "te", "von", "di", "da"}


def read_document_texts(nlp: Language, texts: Sequence[str]) -> list[Doc]:
    """Docs of the texts of one document, in their order.

    Names that the document introduces are known in all of it; 'de gemeente' links to the gemeente that it speaks of
    most; a surname alone is a person where the whole name stands elsewhere.
    """
    component = nlp.get_pipe(GOVERNMENT)
    component.learn(texts)  # type: ignore[attr-defined]
    docs = list(nlp.pipe(texts, batch_size=64))
    known = component.names  # type: ignore[attr-defined]
    surnames = {surname for doc in docs for entity in doc.ents for surname in _surname(entity)} - known
    main = _main_bodies(docs)
    for doc in docs:
        linked = [_linked(entity, main) for entity in doc.ents]
        taken = {token for entity in linked for token in range(entity.start, entity.end)}
        people = [
            Span(doc, token.i, token.i + 1, label="PERSON")
            for token in doc
            if token.text in surnames and token.i not in taken
        ]
        if people or main:
            doc.set_ents([*linked, *people])
    return docs


def _surname(entity: Span) -> tuple[str, ...]:
    """The last name of a person with a first name or initials, if it is long enough to be told from a word."""
    words = [token for token in entity if token.lower_ not in PREFIXES]
    last = entity[-1]
    if entity.label_ != "PERSON" or len(words) < 2 or len(last) < 4 or not last.is_alpha or not last.is_title:
        return ()
    return (last.text,)


def _main_bodies(docs: Sequence[Doc]) -> dict[str, str]:
    """Type -> the id that has more than half of the mentions of bodies of that type."""
    named = Counter(
        entity.kb_id_ for doc in docs for entity in doc.ents if entity.label_ == "ORG" and "-" in entity.kb_id_
    )
    main = {}
    for kind in TYPES - {UNKNOWN}:
        ids = {id_: count for id_, count in named.items() if id_.startswith(f"{kind}-")}
        best = max(ids, key=lambda id_: (ids[id_], id_), default="")
        if best and 2 * ids[best] > sum(ids.values()):
            main[kind] = best
    return main


def _linked(entity: Span, main: dict[str, str]) -> Span:
    """The entity with the id of the document's own body, if it is called by its type alone."""
    if entity.kb_id_ in main and entity.label_ == "ORG" and not any(token.text[:1].isupper() for token in entity[1:]):
        return Span(entity.doc, entity.start, entity.end, label=entity.label, kb_id=main[entity.kb_id_])
    return entity
