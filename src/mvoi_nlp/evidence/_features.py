"""What the classifier sees of a sentence: masked words, characters, its section and the rules' hits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from spacy.tokens import Doc

from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.scheme import normal_form

MASKED = {
    "ORG",
    "GPE",
    "LOC",
    "PERSON",
    "DATE",
    "MONEY",
    "PERCENT",
}  # whose it is says nothing about what it is
COLUMNS = ("words", "characters", "place", "document", "hits")


@dataclass(frozen=True)
class Place:
    """Where a sentence stands: the headings above it, the kind of its block and that of its document."""

    section: str
    kind: str
    document_kind: str


def feature_table(docs: Sequence[Doc], places: Sequence[Place], keywords: KeywordTagger) -> pd.DataFrame:
    """One row a sentence, (n_sentences, 5): texts for the vectorizers, names, numbers and years masked."""
    rows = [_row(doc, place, keywords) for doc, place in zip(docs, places, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(doc: Doc, place: Place, keywords: KeywordTagger) -> tuple[str, str, str, str, str]:
    words: list[str] = []
    characters: list[str] = []
    for token in doc:
        if token.is_space or token.is_punct:
            continue
        if token.ent_type_ in MASKED:
            if token.ent_iob_ == "B":
                words.append(f"<{token.ent_type_.lower()}>")
            continue
        if token.like_num or token.text[0].isdigit():
            words.append("<getal>")
            continue
        words.append(normal_form(token.lemma_))
        characters.append(token.norm_)
    hits = hit_names(hit.label for hit in keywords.find(doc))
    headings = [f"section__{word}" for word in re.findall(r"[^\W\d]+", normal_form(place.section))]
    above = [f"above__{name}" for name in hit_names(keywords.find_in_heading(place.section))]
    surroundings = [f"kind__{place.kind}", *headings, *above]
    return " ".join(words), " ".join(characters), " ".join(surroundings), place.document_kind, " ".join(hits)


def hit_names(labels: Iterable[str]) -> list[str]:
    """Labels as single words for a vectorizer."""
    return sorted({label.replace(":", "__") for label in labels})
