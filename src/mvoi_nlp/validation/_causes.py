"""Why a sentence got a wrong label or lacks one, as far as the evidence shows: where mending starts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mvoi_nlp.records import ErrorCount, Evidence, Sentence, Tag
from mvoi_nlp.scheme import FAMILIES, Scheme

SAID = 0.5
"""A tagger, tag or cell says a label from this probability, review aside."""


class WrongTag(NamedTuple):
    """A label that a sentence should have had, or should not."""

    split: str
    document: str
    page: int
    sentence: int
    label: str
    name: str
    error: str
    """`gemist` or `ten onrechte`."""
    cause: str
    probability: float
    """Of the tag; 0 where there is none."""
    text: str


def list_errors(
    split: str,
    truth: Mapping[str, set[tuple[int | None, str]]],
    said: Mapping[str, set[tuple[int | None, str]]],
    evidence: Sequence[Evidence],
    tags: Sequence[Tag],
    sentences: Sequence[Sentence],
    scheme: Scheme,
) -> list[WrongTag]:
    """All that was missed or said wrongly, by document in reading order, each with the first cause that holds.

    ================================  ==================================================================================
    invulhulp                         rejected as help text of a format
    term en classifier                a term stands there and the classifier says yes: the wording means something else
                                      here, or a term that is mostly wrong weighs a right classifier down
    term, maar classifier zegt nee    a term stands there: an exception is missing, or the classifier must learn it
    alleen kop                        the heading above names it, and nothing in the sentence does
    kruisje of naam                   a tick in a table or an official name speaks alone
    tabelrij                          a row of a table: its meaning stands in the headers
    buurzin heeft het label           no term, but the sentence before or after has the label: it refers, or runs on
    classifier zonder term            the classifier alone
    geen term                         nothing speaks
    ================================  ==================================================================================
    """
    cut = {(sentence.document, sentence.number): sentence for sentence in sentences}
    probability = {(tag.document, tag.sentence, tag.label): tag for tag in tags}
    spoken: dict[tuple[str, int, str], set[str]] = {}
    for row in evidence:
        if row.tagger != "classifier" or row.score >= SAID:
            spoken.setdefault((row.document, row.sentence, row.label), set()).add(row.tagger)
    rows = []
    for document, true in truth.items():
        wrong = [(pair, "gemist") for pair in true - said[document]]
        wrong += [(pair, "ten onrechte") for pair in said[document] - true]
        for (number, label), error in wrong:
            assert number is not None
            key = (document, number, label)
            tag, sentence = probability.get(key), cut[document, number]
            near = (number - 1, label) in true or (number + 1, label) in true
            helped = tag is not None and bool(tag.reason)
            cause = _cause(spoken.get(key, set()), helped=helped, row=sentence.kind == "table_row", near=near)
            chance = tag.probability if tag else 0.0
            what = (label, scheme.name(label), error, cause, chance, sentence.masked)
            rows.append(WrongTag(split, document, sentence.page, number, *what))
    return sorted(rows)


def _cause(spoken: set[str], *, helped: bool, row: bool, near: bool) -> str:
    classifier = "classifier" in spoken
    if helped:
        return "invulhulp"
    if "keywords" in spoken:
        return "term en classifier" if classifier else "term, maar classifier zegt nee"
    if not classifier and spoken:
        return "alleen kop" if "headings" in spoken else "kruisje of naam"
    if row:
        return "tabelrij"
    if near:
        return "buurzin heeft het label"
    return "classifier zonder term" if classifier else "geen term"


def count_errors(rows: Iterable[WrongTag]) -> tuple[ErrorCount, ...]:
    """Errors per split, family, kind and cause, the most frequent first."""
    counted = Counter((row.split, row.label.partition(":")[0], row.error, row.cause) for row in rows)
    families = list[str](FAMILIES)

    def order(key: tuple[str, str, str, str]) -> tuple[object, ...]:
        split, family, error, cause = key
        return split, families.index(family), error, -counted[key], cause

    names = ("split", "family", "error", "cause")
    return tuple(
        ErrorCount.model_validate(dict(zip(names, key, strict=True)) | {"n": counted[key]})
        for key in sorted(counted, key=order)
    )
