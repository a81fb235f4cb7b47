"""What the classifier sees of a sentence: masked words, characters and the rules' hits."""

from collections.abc import Iterable, Sequence

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
COLUMNS = ("words", "characters", "hits")


def feature_table(docs: Sequence[Doc], keywords: KeywordTagger) -> pd.DataFrame:
    """One row a sentence, (n_sentences, 3): texts for the three vectorizers, names and years masked."""
    return pd.DataFrame([_row(doc, keywords) for doc in docs], columns=list(COLUMNS))


def _row(doc: Doc, keywords: KeywordTagger) -> tuple[str, str, str]:
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
    return " ".join(words), " ".join(characters), " ".join(hit_names(hit.label for hit in keywords.find(doc)))


def hit_names(labels: Iterable[str]) -> list[str]:
    """Labels as single words for a vectorizer."""
    return sorted({label.replace(":", "__") for label in labels})
