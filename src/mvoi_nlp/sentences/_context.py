"""What the words around a name say: is it a body or a place, where does it end, does it belong to another name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc, Span, Token

from mvoi_nlp.sentences._forms import (
    ACTOR_BEFORE,
    CAPITAL_TYPES,
    DEFINITE,
    JOINED,
    LAW_OPENERS,
    LINKS,
    NOT_A_BODY,
    PLACE_BEFORE,
    PLACE_HEADS,
    PREFIXES,
    TYPE_WORDS,
    YEARS,
)


@dataclass(frozen=True)
class Known:
    """What a phrase of the register stands for."""

    label: str
    id: str
    type: str = ""
    says: Literal["itself", "by context", "with its type"] = "itself"
    """What else must be there: nothing; a body if it acts, else a place; or a type word or other bodies beside it."""


Starts = dict[int, list[tuple[int, list[Known]]]]
"""Token -> ends and meanings of the phrases that start there."""


def is_definite(doc: Doc, place: int) -> bool:
    if place == 0:
        return False
    before = doc[place - 1]
    return before.lower_ in DEFINITE or (before.pos_ == "ADJ" and place > 1 and doc[place - 2].lower_ in DEFINITE)


def is_owned(doc: Doc, place: int) -> bool:
    """'raad van Oss', 'college van de gemeente Oss'."""
    after = doc[place + 2 : place + 4]
    return doc[place + 1 : place + 2].text == "van" and (
        after.text[:1].isupper()
        or (len(after) > 1 and after[0].text in ("de", "het") and after[1].lower_ in TYPE_WORDS)
    )


def is_specified(doc: Doc, place: int) -> bool:
    """'het college van bestuur', 'de Raad voor Accreditatie': not the organ of a gemeente."""
    following = doc[place + 1 : place + 3].text
    return following.startswith(("voor ", "-")) or following[:1].isupper() or bool(re.match(r"van [a-zA-Z]", following))


def capitals_end(doc: Doc, start: int, *, joined: bool, starts: Starts) -> int:
    """End of a run of words with capitals and the small words between them; 0 where there is none.

    With `joined`, 'en' and commas may stand inside ('Toekomst en Ruimte'), unless a name that is known follows.
    """
    end = place = start
    if place < len(doc) and doc[place].text in PREFIXES:
        place += 1
    while place < len(doc):
        token = doc[place]
        if token.text[:1].isupper() and (token.text[-1:].isalpha() or token.text.endswith("-")):
            end = place = place + 1
            continue
        gap = place
        half = place > start and doc[place - 1].text.endswith("-")  # 'Midden- en West-Brabant'
        small = LINKS | JOINED if joined or half else LINKS
        while gap < len(doc) and gap - place < 3 and doc[gap].lower_ in small:
            gap += 1
        if end == start or gap == place or gap >= len(doc) or not doc[gap].text[:1].isupper():
            break
        enumerated = any(doc[between].text in JOINED for between in range(place, gap))
        another = enumerated and (
            gap - place > 1
            or any(known.type == "gemeente" or known.says == "itself" for _, k in starts.get(gap, ()) for known in k)
        )
        if another or doc[gap].lower_ in TYPE_WORDS or doc[gap].text in CAPITAL_TYPES:
            break
        place = gap
    return end if end > start and doc[end - 1].text[:1].isupper() else 0


def is_part_of_name(doc: Doc, start: int, end: int) -> bool:
    """'Universiteit Utrecht', 'Jan van Breda', 'Groningen Airport': the name of something else."""
    if start:
        before = doc[start - 1]
        if before.lower_ in NOT_A_BODY or (before.text == "-" and not before.whitespace_):
            return True
        if before.text[:1].isupper() and before.pos_ == "PROPN" and not before.is_sent_start and before.is_alpha:
            return True
    return end < len(doc) and doc[end].text[:1].isupper() and doc[end].is_alpha and doc[end].pos_ == "PROPN"


def judged(doc: Doc, start: int, end: int, known: Known) -> str:
    """ORG for a town or province that acts, GPE for a place, nothing where the name alone says too little."""
    if known.says == "with its type":
        return ""
    return "ORG" if _acts(doc, start, end) else "GPE"


def in_company(doc: Doc, names: Sequence[Span], places: Sequence[Span]) -> list[Span]:
    """Towns and provinces among bodies are bodies; what is no place and stands among none is left out."""
    by_end = {span.end: span for span in names if span.label_ == "ORG"}
    by_start = {span.start: span for span in names if span.label_ == "ORG"}
    decided = sorted(places, key=lambda span: span.start)
    for order, neighbour in ((decided, "left"), (decided[::-1], "right")):
        for place, span in enumerate(order):
            beside = _beside(doc, span, neighbour, by_end if neighbour == "left" else by_start)
            if beside is not None and span.label_ != "ORG" and not _is_place(doc, span):
                order[place] = Span(doc, span.start, span.end, label="ORG", kb_id=span.kb_id_)
            if order[place].label_ == "ORG":
                by_end[span.end] = by_start[span.start] = order[place]
        decided = sorted(order, key=lambda span: span.start)
    return [
        span if span.label_ == "ORG" else Span(doc, span.start, span.end, label="GPE")
        for span in decided
        if span.label_
    ]


def _beside(doc: Doc, span: Span, side: str, bodies: dict[int, Span]) -> Span | None:
    """The body that a comma, 'en' or 'of' ties to this span."""
    step = -1 if side == "left" else 1
    place = span.start - 1 if side == "left" else span.end
    steps = 0
    while 0 <= place < len(doc) and steps < 2 and doc[place].lower_ in {",", "en", "of", "de", "het", "&", "+"}:
        place += step
        steps += 1
    return bodies.get(place + 1 if side == "left" else place) if steps else None


def _is_place(doc: Doc, span: Span) -> bool:
    return span.start > 0 and doc[span.start - 1].lower_ in PLACE_BEFORE


def is_year_of_name(span: Span) -> bool:
    """'Groen Kompas 2040', 'GIBIT 2023': a bare year right behind a name belongs to that name."""
    if span.label_ != "DATE" or not YEARS.fullmatch(span.text) or span.start < 1:
        return False
    before = span.doc[span.start - 1]
    return before.text[:1].isupper() and before.pos_ == "PROPN" and not before.is_sent_start and not before.ent_type_


def _acts(doc: Doc, start: int, end: int) -> bool:  # noqa: PLR0911, PLR0912 - one sign after the other
    """Whether a town or province is spoken of as an organisation."""
    before = doc[start - 1] if start else None
    after = doc[end] if end < len(doc) else None
    word = before.lower_ if before is not None else ""
    if word in PLACE_BEFORE:
        return False
    if word == "van":
        head = doc[start - 2].lower_ if start > 1 else ""
        return head not in PLACE_HEADS
    if word == ":" and start > 1:
        return doc[start - 2].lower_ in ACTOR_BEFORE
    if word == "bij" and start > 1 and doc[start - 2].text == "(":
        return False
    if word in ACTOR_BEFORE or (_separates(before) and _separates(after)):
        return True  # by itself in a cell, a gemeente is the one that buys
    if after is not None and _is_finite(after):
        return True
    if before is not None and _is_finite(before):
        return True
    if after is not None and after.lower_ in ("en", ",") and end + 1 < len(doc):
        # in an enumeration: as its last member, or as the verb behind it
        for token in doc[end + 1 : end + 12]:
            if _is_finite(token):
                return True
            if not (token.text[:1].isupper() or token.lower_ in ("en", ",", "de", "het")):
                return False
    if word in ("en", ","):
        opening = start - 1
        while opening > 0 and (doc[opening].lower_ in ("en", ",") or doc[opening].text[:1].isupper()):
            opening -= 1
        return doc[opening].lower_ in ACTOR_BEFORE or (
            doc[opening].lower_ == "van" and doc[opening - 1].lower_ not in PLACE_HEADS
        )
    return False


def _separates(token: Token | None) -> bool:
    return token is None or token.text in {"–", "|", "—", ";", "+"}


def _is_finite(token: Token) -> bool:
    return token.pos_ in ("AUX", "VERB") and (token.tag_.startswith("WW|pv") or "VerbForm=Fin" in token.morph)


def goes_on_in_law(doc: Doc, place: int) -> bool:
    token = doc[place]
    if token.is_punct or token.is_space or token.text in LAW_OPENERS:
        return False
    return (
        token.pos_ in ("NOUN", "ADJ", "PROPN")
        or token.tag_.startswith(("WW|vd|prenom", "WW|od|prenom"))
        or (
            token.pos_ in ("ADP", "DET", "CCONJ")
            and place + 1 < len(doc)
            and doc[place + 1].pos_ in ("NOUN", "ADJ", "DET", "ADP", "PROPN")
            and token.lower_ in ("op", "van", "voor", "tot", "het", "de", "en", "tegen", "inzake")
        )
    )
