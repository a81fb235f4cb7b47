from collections.abc import Callable, Iterable
from dataclasses import dataclass

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from mvoi_nlp.scheme import Label, Scheme, normal_form, term_variants

PREFIX_LENGTH = 3  # shortest text before `~`


@dataclass(frozen=True)
class Hit:
    """A term found in a Doc, by token; `term` is the scheme's own spelling."""

    label: str
    term: str
    start: int
    end: int


class KeywordTagger:
    """Find the wording of the scheme in Docs.

    A term matches on the normal form or the lemma of its words; `exact_terms` on the form with its capitals; a `~`
    lets the last word go on. A hit inside the span of an exception (`not_terms`) does not count.

    Parameters
    ----------
    scheme
        Labels with their terms.
    vocab
        Vocabulary of the Docs to be read.
    """

    def __init__(self, scheme: Scheme, vocab: Vocab) -> None:
        self._norm = PhraseMatcher(vocab, attr="NORM")
        self._lemma = PhraseMatcher(vocab, attr="LEMMA")
        self._exact = PhraseMatcher(vocab, attr="ORTH")
        self._meaning: dict[str, tuple[str, str, bool]] = {}  # match key -> label, term, is an exception
        self._prefixes: dict[str, list[tuple[str, tuple[str, ...], str, str, bool]]] = {}
        self._cache: dict[str, tuple[tuple[str, tuple[str, ...], str, str, bool], ...]] = {}
        self._headings: dict[str, frozenset[str]] = {}
        self._tokenize = _tokenizer(vocab)
        for label in scheme.labels:
            for term in label.terms:
                self._add(label, term, exception=False)
            for term in label.not_terms:
                self._add(label, term, exception=True)
            for term in label.exact_terms:
                self._remember(self._exact, label, term, [self._tokenize(term)], exception=False)

    def find(self, doc: Doc) -> list[Hit]:
        """All hits, longest first where hits of one label overlap; at most one a place and label."""
        counted: dict[str, list[tuple[int, int, str]]] = {}
        excepted: dict[str, list[tuple[int, int]]] = {}
        for label, term, exception, start, end in self._all(doc):
            if exception:
                excepted.setdefault(label, []).append((start, end))
            else:
                counted.setdefault(label, []).append((start, end, term))
        hits = []
        for label, spans in counted.items():
            taken: list[tuple[int, int]] = []
            for start, end, term in sorted(spans, key=lambda span: (span[0] - span[1], span[0], span[2])):
                inside = any(first <= start and end <= last for first, last in excepted.get(label, ()))
                if not inside and all(end <= first or start >= last for first, last in taken):
                    taken.append((start, end))
                    hits.append(Hit(label, term, start, end))
        return sorted(hits, key=lambda hit: (hit.start, hit.label, hit.end))

    def find_in_heading(self, section: str) -> frozenset[str]:
        """Labels that the innermost heading of a section names; what stands below it treats its subject."""
        heading = section.rpartition(" > ")[2]
        found = self._headings.get(heading)
        if found is None:
            found = frozenset(hit.label for hit in self.find(self._tokenize(heading)))
            self._headings[heading] = found
        return found

    def _all(self, doc: Doc) -> Iterable[tuple[str, str, bool, int, int]]:
        for matcher in (self._norm, self._lemma, self._exact):
            for key, start, end in matcher(doc):
                label, term, exception = self._meaning[doc.vocab.strings[key]]
                yield label, term, exception, start, end
        for token in doc:
            for _, before, label, term, exception in self._prefixed(token.norm_):
                start = token.i - len(before)
                if start >= 0 and all(
                    word in (doc[start + place].norm_, doc[start + place].lemma_) for place, word in enumerate(before)
                ):
                    yield label, term, exception, start, token.i + 1

    def _prefixed(self, norm: str) -> tuple[tuple[str, tuple[str, ...], str, str, bool], ...]:
        """Prefix terms that this word goes on from; remembered, since texts repeat their words."""
        found = self._cache.get(norm)
        if found is None:
            found = tuple(entry for entry in self._prefixes.get(norm[:PREFIX_LENGTH], ()) if norm.startswith(entry[0]))
            self._cache[norm] = found
        return found

    def _add(self, label: Label, term: str, *, exception: bool) -> None:
        if term.endswith("~"):
            for variant in term_variants(term[:-1]):
                *before, last = [token.text for token in self._tokenize(variant)]
                self._prefixes.setdefault(last[:PREFIX_LENGTH], []).append(
                    (last, tuple(before), label.id, term, exception)
                )
            return
        docs = [self._tokenize(variant) for variant in term_variants(term)]
        self._remember(self._norm, label, term, docs, exception=exception)
        self._remember(self._lemma, label, term, docs, exception=exception)

    def _remember(self, matcher: PhraseMatcher, label: Label, term: str, docs: list[Doc], *, exception: bool) -> None:
        key = f"{label.id}\t{term}\t{exception}"
        self._meaning[key] = (label.id, term, exception)
        matcher.add(key, docs)


def _tokenizer(vocab: Vocab) -> Callable[[str], Doc]:
    tokenizer = spacy.blank("nl", vocab=vocab).tokenizer

    def tokenize(text: str) -> Doc:
        doc = tokenizer(text.replace("/", " / "))  # the pipelines split there too
        for token in doc:
            token.norm_ = normal_form(token.text)
            token.lemma_ = token.norm_
        return doc

    return tokenize
