"""Plain lemmas: dictionary words without `_`, separable verbs whole."""

from functools import lru_cache
from importlib.resources import files

from spacy.tokens import Doc, Token

PARTICLE = "VZ|fin"  # CGN tag of the loose part: 'voert ... uit'
_LOOSE_ADVERBS = {
    "terug", "samen", "weg", "vast", "door", "neer", "rond", "mee", "tegen", "voort", "vooruit", "plaats", "deel",
    "heen", "thuis", "open", "vrij", "teleur", "gelijk", "bijeen", "aaneen", "los", "bloot", "klaar", "goed", "stil",
}  # fmt: skip
_CLAUSE_ENDS = {";", ":", ".", "?", "!"}
_REACH = 25  # tokens between a verb and its loose part


def plain_lemma(form: str, lemma: str) -> str:
    """The dictionary word behind a lemma as the UD v2 treebanks write it.

    Compounds take the linking letters and capitals of the form (bestuurszaken, bestuur_zaak -> bestuurszaak); a
    separable verb is whole, also where the form lacks its first part (dook, op_duiken -> opduiken).

    >>> plain_lemma("verzekeringsmaatschappijen", "verzekering_maatschappij")
    'verzekeringsmaatschappij'
    >>> plain_lemma("dook", "op_duiken"), plain_lemma("opgedoken", "op_duiken"), plain_lemma("opgerold", "op_rollen")
    ('opduiken', 'opduiken', 'oprollen')
    """
    if "_" not in lemma or "_" in form:
        return lemma
    *first, last = lemma.split("_")
    joined = "".join(first)
    low, start = form.lower(), joined.lower()
    if not low.startswith(start[:2]):
        return joined + last
    written = form if joined[:1].isupper() else low
    for length in (3, 2):
        place = low.find(last[:length].lower(), max(len(start) - 2, 1))
        between = low[len(start) : place] if low.startswith(start) else ""
        if between in ("ge", "te") and last.endswith("n"):
            return joined + last  # opgerold, in te voeren
        if 0 <= place <= len(start) + 3:
            return written[:place] + last
    return joined + last


@lru_cache(maxsize=1)
def separable_verbs() -> frozenset[str]:
    """Verbs whose first part can stand loose, as `op_duiken`; counted in the treebanks by models/training."""
    return frozenset(files(__package__).joinpath("separable_verbs.txt").read_text(encoding="utf-8").split())


def join_separated(doc: Doc) -> None:
    """Give a verb and its loose part ('voert ... uit') the lemma of the whole verb, on the verb."""
    verbs = separable_verbs()
    for token in doc:
        if token.tag_ == PARTICLE or (token.lower_ in _LOOSE_ADVERBS and token.pos_ == "ADV"):
            verb = _verb_before(token)
            if verb is not None and f"{token.lower_}_{verb.lemma_.lower()}" in verbs:
                verb.lemma_ = token.lower_ + verb.lemma_.lower()


def _verb_before(particle: Token) -> Token | None:
    """The nearest finite verb to the left in the same clause."""
    doc = particle.doc
    for place in range(particle.i - 1, max(particle.i - _REACH, 0) - 1, -1):
        token = doc[place]
        if token.text in _CLAUSE_ENDS or (token.is_sent_start and place < particle.i - 1 and token.pos_ != "VERB"):
            finite = token.pos_ == "VERB" and token.tag_.startswith("WW|pv")
            return token if finite else None
        if token.pos_ == "VERB" and token.tag_.startswith("WW|pv"):
            return token
    return None
