"""The project's own spaCy components."""

import simplemma
from spacy.language import Language
from spacy.tokens import Doc, Token

from mvoi_nlp.scheme import normal_form

SENTENCES, LEMMAS, NORMS = "mvoi_sentences", "mvoi_lemmas", "mvoi_norms"

ADJECTIVES = (
    ("aire", "air"),
    ("loze", "loos"),
    ("vrije", "vrij"),
    ("arme", "arm"),
    ("bare", "baar"),
    ("trale", "traal"),
)
ENDS = {".", "!", "?", "…"}
CLOSERS = {'"', "'", "”", "’", "»", ")", "]"}
# after these a full stop ends no sentence; those that the tokenizer keeps in one piece are not needed here
ABBREVIATIONS = {
    "art", "bijl", "bv", "ca", "dhr", "dr", "drs", "etc", "excl", "fig", "incl", "ing", "ir", "jl", "mevr", "mgr",
    "min",
    "mln", "mld", "mr", "nr", "nrs", "par", "pag", "prof", "red", "resp", "sr", "tel", "vgl", "vs", "zgn",
}  # fmt: skip


@Language.component(SENTENCES)
def set_sentence_starts(doc: Doc) -> Doc:
    """Start a sentence after closing punctuation when what follows can open one."""
    for token in doc:
        token.is_sent_start = token.i == 0
    for token in doc[:-1]:
        if token.text not in ENDS and not _ends_inside(token):
            continue
        if token.text == "." and token.i and _abbreviates(doc[token.i - 1]):
            continue
        following = token.i + 1
        while following < len(doc) and doc[following].text in CLOSERS and not doc[following - 1].whitespace_:
            following += 1
        while following < len(doc) and doc[following].is_space:
            following += 1
        if following < len(doc) and _opens(doc[following]):
            doc[following].is_sent_start = True
    return doc


def _ends_inside(token: Token) -> bool:
    """The tokenizer kept the stop with the word ('etc.', 'enz.'): an end only before a capital."""
    return token.text.lower() in {"etc.", "enz.", "e.d.", "c.s."}


def _abbreviates(token: Token) -> bool:
    text = token.lower_
    return (
        text in ABBREVIATIONS
        or (len(text) == 1 and text.isalpha())
        or (text.isdigit() and len(text) <= 2 and token.i == 0)
    )


def _opens(token: Token) -> bool:
    first = token.text[0]
    return first.isupper() or first.isdigit() or first in "\"'“‘«(€•-–" or token.text[:2] in ("'s", "’s", "'t", "’t")


@Language.component(LEMMAS)
def set_lemmas(doc: Doc) -> Doc:
    """Plain lower-case lemmas by look-up; adjectives that the table lacks lose their -e (circulaire, emissieloze)."""
    for token in doc:
        form = token.lower_
        lemma = simplemma.lemmatize(form, lang="nl").lower() if token.is_alpha or "-" in form else form
        if lemma == form:  # not in the table: inflected adjectives of this field keep their ending otherwise
            lemma = next((form.removesuffix(end) + base for end, base in ADJECTIVES if form.endswith(end)), lemma)
        token.lemma_ = lemma
    return doc


@Language.component(NORMS)
def set_norms(doc: Doc) -> Doc:
    """Write the normal form of `scheme.normal_form` where matchers look, and plain lemmas without `_`."""
    for token in doc:
        token.norm_ = normal_form(token.text)
        if "_" in token.lemma_ and "_" not in token.text:
            token.lemma_ = token.lemma_.replace("_", "")
        if token.pos_ != "PROPN":
            token.lemma_ = token.lemma_.lower()
    return doc
