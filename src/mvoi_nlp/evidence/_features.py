"""What the classifier sees of a sentence: masked words, characters, its section and the rules' hits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from spacy.tokens import Doc

from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.records import Annotation, Sentence, TrainingText, cells_of
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
COLUMNS = ("words", "characters", "place", "columns", "document", "hits", "hints")
TICKS = frozenset({"x", "✓", "v", "ja", "j", "●", "•", "■"})
"""What says in a cell that the header above it holds for the row."""
_NOTHING = frozenset({"", "-", "–", "—", "0", "nee", "n", "✗", "n.v.t.", "nvt", "o", "○"})
_PREFIXES = (2, 3, 4)  # letters by which a header is known when it is cut short


@dataclass(frozen=True)
class Place:
    """Where a sentence stands: headings above it, kind of its block and its document, headers above its cells."""

    section: str
    kind: str
    document_kind: str
    headers: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Sentence | Annotation | TrainingText, document_kind: str = "") -> "Place":
        """Place of a row; a sentence does not know the kind of its document itself."""
        known = document_kind if isinstance(row, Sentence) else row.document_kind
        return cls(row.section, row.kind, known, row.headers)


def feature_table(
    docs: Sequence[Doc], places: Sequence[Place], keywords: KeywordTagger, hints: KeywordTagger
) -> pd.DataFrame:
    """One row a sentence, (n_sentences, 7): texts for the vectorizers, names, numbers and years masked.

    Parameters
    ----------
    docs, places
        The sentences, in the same order.
    keywords, hints
        Find the terms of the scheme, and its hints.
    """
    rows = [_row(doc, place, keywords, hints) for doc, place in zip(docs, places, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(doc: Doc, place: Place, keywords: KeywordTagger, hints: KeywordTagger) -> tuple[str, ...]:
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
    columns = ["columns" if place.headers else "no__columns", *_column_words(place.headers, doc.text, keywords)]
    return (
        " ".join(words),
        " ".join(characters),
        " ".join(surroundings),
        " ".join(columns),
        place.document_kind,
        " ".join(hits),
        " ".join(as_word(hint.label) for hint in hints.find(doc)),
    )


def ticked(headers: Sequence[str], row: str) -> list[tuple[str, int, int]]:
    """Headers above the cells of a table row that are ticked, with the first and last character of the tick."""
    found = []
    at = -1 if row.startswith("| ") else 0
    for header, cell in zip(headers, cells_of(row), strict=False):
        if header and cell.strip().lower() in TICKS:
            found.append((header, at, at + len(cell)))
        at += len(cell) + len(" | ")
    return found


def ticked_themes(headers: Sequence[str], row: str, keywords: KeywordTagger) -> list[tuple[str, int, int]]:
    """Themes that stand above the ticked cells of a table row, with the first and last character of the tick."""
    return [
        (label, start, end)
        for header, start, end in ticked(headers, row)
        for label in sorted(keywords.find_in_heading(header))
        if label.startswith("theme:")
    ]


def _column_words(headers: Sequence[str], row: str, keywords: KeywordTagger) -> list[str]:
    """What the header row says of a table row: more where a cell is ticked, nothing where it says no."""
    found = []
    for header, _, _ in ticked(headers, row):
        names = re.findall(r"[^\W\d]+", normal_form(header))
        found += [f"ticked__{name}" for name in names]
        found += [f"ticked__{name[:n]}~" for name in names for n in _PREFIXES]
        found += [f"ticked__{name}" for name in hit_names(keywords.find_in_heading(header))]
    for header, cell in zip(headers, cells_of(row), strict=False):
        if cell.strip().lower() not in TICKS | _NOTHING:
            found += [f"column__{name}" for name in re.findall(r"[^\W\d]+", normal_form(header))]
    return found


def as_word(label: str) -> str:
    """A label as a single word for a vectorizer."""
    return label.replace(":", "__")


def hit_names(labels: Iterable[str]) -> list[str]:
    """Labels as single words for a vectorizer."""
    return sorted({as_word(label) for label in labels})
