"""The project's own small components around a trained pipeline."""

import re

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from mvoi_nlp.dutch import common_words
from mvoi_nlp.scheme import normal_form
from mvoi_nlp.sentences._forms import NUMERIC
from mvoi_nlp.sentences._government import NAME as GOVERNMENT
from mvoi_nlp.sentences._lemmas import join_separated, plain_lemma

BORDERS, WORDS = "mvoi_borders", "mvoi_words"

ENDS = {".", "!", "?", "…"}
STREET = re.compile(r"\w{3,}(?:straat|plein|buurt|gracht|kade|laan|park|terrein)", re.IGNORECASE)  # but Van der Laan
LONGEST_FIRST_NAME = 6  # letters of a first name that is an ordinary word too: Roos, Mark, Wil
BRACKETED = 40  # tokens
_ARTICLE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?")
CLOSERS = {'"', "'", "”", "’", "»", ")", "]"}
FUNCTIONS = {
    "wethouder", "burgemeester", "gedeputeerde", "minister", "staatssecretaris", "dijkgraaf", "directeur", "voorzitter",
    "inkoper", "adviseur", "projectleider", "teamleider", "manager", "secretaris", "coördinator", "contractmanager",
    "mevrouw", "meneer", "dhr.", "mevr.", "mw.", "dr.", "drs.", "ir.", "mr.", "ing.", "prof.", "raadslid", "kamerlid",
}  # fmt: skip
# after these a full stop ends no sentence, whatever follows
ABBREVIATIONS = {
    "art", "bijl", "bv", "ca", "dhr", "dr", "drs", "excl", "fig", "incl", "ing", "ir", "mevr", "mgr", "mw", "min",
    "mr", "nr", "nrs", "par", "pag", "prof", "red", "resp", "sr", "tel", "vgl", "vs", "zgn", "bijv", "o.a", "d.d",
    "i.v.m",
    "m.b.t", "t.a.v", "t.b.v", "d.w.z", "i.p.v", "n.a.v", "o.b.v", "i.c", "c.q", "m.n", "m.u.v", "t.o.v", "e.v",
    "blz", "hfst",
    "lid", "st", "div", "evt", "i.h.k.v", "o.m", "p/a",
}  # fmt: skip
# after these it may, before a capital
MAYBE = {"etc", "enz", "mln", "mld", "e.d", "c.s", "jl", "a.s", "m.a.w", "fte", "excl.btw"}


@Language.component(BORDERS)
def mend_borders(doc: Doc) -> Doc:
    """Mend sentence starts where layout and abbreviations mislead a model that was trained on running text.

    A start right after an abbreviation, an initial, the number of an item or inside brackets goes; one after closing
    punctuation before a capital comes.
    """
    bracketed = _bracketed(doc)
    for token in doc[:-1]:
        following = doc[token.i + 1]
        if _opens_article(token):
            token.is_sent_start = True
            following.is_sent_start = False
            continue
        if following.i in bracketed or _opens_item(token) or _abbreviates(token):
            following.is_sent_start = False
            continue
        if following.text in CLOSERS | ENDS and not token.whitespace_:
            following.is_sent_start = False
        if token.text in ENDS and not following.is_sent_start:
            opening = following.i
            while opening < len(doc) and doc[opening].text in CLOSERS and not doc[opening - 1].whitespace_:
                opening += 1
            if opening < len(doc) and doc[opening - 1].whitespace_ and _can_open(doc[opening]):
                doc[opening].is_sent_start = True
    return doc


def _bracketed(doc: Doc) -> set[int]:
    """Tokens between round brackets that close again within a sentence's length."""
    inside: set[int] = set()
    opened: list[int] = []
    for token in doc:
        if token.text == "(":
            opened.append(token.i)
        elif token.text == ")" and opened:
            start = opened.pop()
            if token.i - start <= BRACKETED:
                inside.update(range(start + 1, token.i + 1))
    return inside


def _abbreviates(token: Token) -> bool:
    """The token is an abbreviation with its stop, or the stop behind one, in mid-sentence."""
    if token.text == "." and token.i:
        before = token.nbor(-1)
        if before.whitespace_:
            return False
        return before.lower_ in ABBREVIATIONS or (len(before.text) == 1 and before.text.isupper())
    word = token.lower_.removesuffix(".")
    if not token.text.endswith(".") or len(token.text) == 1:
        return False
    initials = len(word) <= 5 and all(len(part) <= 2 for part in word.split(".")) and token.text[0].isupper()
    if word in ABBREVIATIONS or initials:
        return True
    following = token.nbor(1)
    return word in MAYBE and not following.text[:1].isupper()


def _opens_item(token: Token) -> bool:
    """'1.', 'a.' or a bullet at the start of a block."""
    if token.i > 1:
        return False
    if token.i == 1:
        return token.text in (".", ")") and not token.nbor(-1).whitespace_ and _is_number(token.nbor(-1).text)
    return token.text in ("•", "-", "–", "▪", "*", "") or (
        token.text[-1:] in ".)" and len(token.text) > 1 and _is_number(token.text[:-1])
    )


def _opens_article(token: Token) -> bool:
    """'3.5' before a capital, at the start of a block or behind a sentence: it numbers what follows."""
    if not _ARTICLE.fullmatch(token.text) or not _can_open(token.nbor(1)):
        return False
    return token.i == 0 or token.nbor(-1).text[-1] in ENDS | CLOSERS


def _is_number(text: str) -> bool:
    return (text.replace(".", "").isdigit() and len(text) <= 5) or (len(text) == 1 and text.isalpha())


def _can_open(token: Token) -> bool:
    first = token.text[0]
    return first.isupper() or first in '"“‘«(•' or token.text[:2] in ("'s", "’s", "'t", "’t")


@Language.component(WORDS)
def set_words(doc: Doc) -> Doc:
    """Write the normal form where matchers look and plain lemmas; leave out of the entities what can be none."""
    for token in doc:
        token.norm_ = normal_form(token.text)
        lemma = plain_lemma(token.text, token.lemma_ or token.lower_)
        token.lemma_ = lemma if token.pos_ == "PROPN" else lemma.lower()
    join_separated(doc)
    ruled = doc.spans.pop(GOVERNMENT, [])
    numbers = {(span.start, span.end) for span in ruled}
    doc.ents = [
        _without_function(entity) if entity.label_ == "PERSON" else entity
        for entity in doc.ents
        if entity.kb_id
        or (entity.label_ in NUMERIC and (entity.start, entity.end) in numbers)
        or (entity.label_ not in NUMERIC and _can_be_name(entity))
    ]
    return doc


def _can_be_name(entity: Span) -> bool:
    """A name has a capital, and is no ordinary word that has one because a sentence or an item starts there."""
    if not any(letter.isupper() for letter in entity.text):
        return False
    first = entity[0]
    opens = bool(first.is_sent_start) or first.i == 0 or not (first.nbor(-1).is_alpha or first.nbor(-1).text == ",")
    ordinary = first.is_title and first.lower_ in common_words()
    if entity.label_ == "PERSON" and len(entity) > 1:  # 'Herinrichting Turfstraat'; short words may be first names
        return not (ordinary and len(first) > LONGEST_FIRST_NAME) and not STREET.fullmatch(entity[-1].text)
    return not (ordinary and len(entity) == 1 and (opens or entity.label_ == "NORP"))


def _without_function(entity: Span) -> Span:
    """'Wethouder Nadia Kruis' is a function and a person."""
    start = entity.start
    while start < entity.end - 1 and entity.doc[start].lower_ in FUNCTIONS:
        start += 1
    return entity if start == entity.start else Span(entity.doc, start, entity.end, label=entity.label)
