import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_

from mvoi_nlp.records import Boilerplate, Sentence, Source, by_document
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags._help import help_forms

RUN = 3  # words; shorter runs stand everywhere, longer ones make one changed word cost too much
DRIFT = 8  # words that a copy may have gained or lost before the place where it is compared
OWN = 0.75  # share of the runs through a short sentence itself that a copy must have, whatever surrounds it
ROW = 0.8  # share of the runs of a table row: rows of one table begin alike ("Social return | ja | ...")
LETTERS = 4  # words from which help text of another organisation counts as the same
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_TYPES = frozenset(
    {"gemeente", "gemeenten", "provincie", "provincies", "waterschap", "waterschappen", "hoogheemraadschap"}
    | {"ministerie", "ministeries", "omgevingsdienst", "veiligheidsregio", "hogeschool", "universiteit"}
    | {"rijksinstituut", "bond"}
)
_NUMBER, _BODY = "0", "§"
_NO_TEXT = frozenset({"heading", "running_head", "contents"})  # structure that plans have alike without copying


def mark_boilerplate(
    sentences: Iterable[Sentence], sources: Sequence[Source], settings: TagsSettings
) -> list[Boilerplate]:
    """Find what a plan did not say itself: passages that other organisations have too, and help text of a format.

    Texts are compared without case, punctuation, numbers and names of bodies, by their runs of three words, so a copy
    may differ in some words. A sentence of fewer than `shared_words` words counts only together with its neighbours.
    Documents of one organisation never mark each other.

    Returns
    -------
        At most one a sentence, sorted by document and sentence, whatever the order of what came in.

    Notes
    -----
    The documents with enough runs of a sentence are counted for all documents at once, a bit each; only in those is
    looked where the runs stand, and equal passages are compared once. Pairs of documents are never compared.
    """
    organisations = {source.document: source.organisation.casefold() for source in sources}
    texts = {
        document: sorted(rows, key=lambda row: row.number)
        for document, rows in sorted(by_document(list(sentences)).items())
        if document in organisations
    }
    forms = {document: help_forms(rows) for document, rows in texts.items()}
    copies = _copies(texts, forms, sources, settings) if len(set(organisations.values())) > 1 else {}
    marks = []
    for document, rows in texts.items():
        for place, row in enumerate(rows):
            own = organisations[document]
            found = sorted(d for d in copies.get((document, place), ()) if organisations[d] != own)
            form = forms[document].get(place)
            if form == "sure" or (form and found):
                kind = "invulhulp"
            elif found and row.kind not in _NO_TEXT:
                kind = "gedeeld"
            else:
                continue
            marks.append(
                Boilerplate(
                    document=document,
                    sentence=row.number,
                    kind=kind,
                    documents=tuple(found),
                    organisations=len({organisations[d] for d in found}),
                )
            )
    return marks


def _copies(
    texts: Mapping[str, Sequence[Sentence]],
    forms: Mapping[str, Mapping[int, object]],
    sources: Sequence[Source],
    settings: TagsSettings,
) -> dict[tuple[str, int], set[str]]:
    """Document and place -> the documents, its own among them, in which the sentence stands too."""
    names = _names(sources)
    words = {document: [_words(row.text, names) for row in rows] for document, rows in texts.items()}
    corpus = _Corpus(
        {d: [() if r.kind in _NO_TEXT else w for r, w in zip(texts[d], words[d], strict=True)] for d in texts}
    )
    asked: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for document, places in forms.items():
        for place in places:
            asked[words[document][place]].add(document)
    copies: dict[tuple[str, int], set[str]] = {}
    for document, rows in texts.items():
        for place, row in enumerate(rows):
            found: set[str] = set()
            if place in forms[document] and _length(words[document][place]) >= LETTERS:
                found |= asked[words[document][place]]
            if row.kind not in _NO_TEXT:
                share = max(settings.shared_from, ROW) if row.kind == "table_row" else settings.shared_from
                for first, last in _windows(rows, words[document], place, settings.shared_words):
                    found |= corpus.holding(document, first, last, place, share, settings.shared_words - RUN + 1)
            if found:
                copies[document, place] = found
    return copies


def _windows(
    rows: Sequence[Sentence], words: Sequence[tuple[str, ...]], place: int, least: int
) -> list[tuple[int, int]]:
    """The sentence itself if it is long enough; else with what follows it, and with what goes before it."""
    size = _length(words[place])
    if size >= least:
        return [(place, place)]
    if not size or rows[place].kind == "table_row":
        return []
    windows = []
    for step in (1, -1):
        end, total = place, size
        while total < least:
            end += step
            if not 0 <= end < len(rows) or rows[end].kind in _NO_TEXT or rows[end].section != rows[place].section:
                break
            total += _length(words[end])
        else:
            windows.append((min(place, end), max(place, end)))
    return windows


class _Corpus:
    """All documents as one row of words, and where every run of `RUN` words stands in it."""

    def __init__(self, documents: Mapping[str, Sequence[tuple[str, ...]]]) -> None:
        self._documents = list(documents)
        self._rank = {document: rank for rank, document in enumerate(self._documents)}
        self._bounds = [0]
        self._words: list[int] = []
        self._sentences: dict[str, list[int]] = {}
        """Where every sentence starts, and where the last one ends."""
        self._places: dict[int, list[int]] = defaultdict(list)
        self._masks: dict[int, int] = {}
        self._known: dict[tuple[object, ...], frozenset[str]] = {}
        numbers: dict[str, int] = {}
        for document, sentences in documents.items():
            starts = [len(self._words)]
            for sentence in sentences:
                self._words += [numbers.setdefault(word, len(numbers)) for word in sentence]
                starts.append(len(self._words))
            self._sentences[document] = starts
            self._bounds.append(len(self._words))
        self._owner = list(
            chain.from_iterable(
                [rank] * (self._bounds[rank + 1] - self._bounds[rank]) for rank in range(len(self._documents))
            )
        )
        for start, end in zip(self._bounds, self._bounds[1:], strict=False):
            for place in range(start, end - RUN + 1):
                self._places[self._run(place)].append(place)

    def _run(self, place: int) -> int:
        a, b, c = self._words[place : place + RUN]
        return (a << 48) | (b << 24) | c

    def holding(self, document: str, first: int, last: int, own: int, share: float, least: int) -> frozenset[str]:
        """Documents with the runs from sentence `first` to `last`, close together and in order.

        They have `share` (0-1) of those runs, and `least` of them; where that is more than the sentence `own`, also
        `OWN` of the runs through that one.
        """
        starts = self._sentences[document]
        start, end = starts[first], starts[last + 1]
        inside = (starts[own] - start, starts[own + 1] - start)
        key = (tuple(self._words[start:end]), inside, share)
        if key not in self._known:  # a passage that many have is compared once
            runs = [self._run(place) for place in range(start, end - RUN + 1)]
            through = {n for n in range(len(runs)) if n + RUN > inside[0] and n < inside[1]} if first < last else set()
            need = max(math.ceil(share * len(runs)), least)
            self._known[key] = frozenset(self._search(runs, through, need))
        return self._known[key]

    def _search(self, runs: Sequence[int], through: set[int], need: int) -> Iterable[str]:
        places = [self._places[run] for run in runs]
        if sum(len(found) > 1 for found in places) < need:  # most sentences stand nowhere else
            return ()
        enough = _at_least(need, [self._mask(run) for run in runs])
        if enough.bit_count() == 1:  # its own document
            return ()
        need_own = math.ceil(OWN * len(through))
        ranks = [rank for rank in range(enough.bit_length()) if enough >> rank & 1]
        return [self._documents[rank] for rank in ranks if self._holds(rank, places, need, through, need_own)]

    def _mask(self, run: int) -> int:
        """Documents with the run, a bit each: what is common is common to many, and then this is small and fast."""
        if run not in self._masks:
            self._masks[run] = reduce(or_, {1 << self._owner[place] for place in self._places[run]})
        return self._masks[run]

    def _holds(self, rank: int, places: Sequence[Sequence[int]], need: int, through: set[int], need_own: int) -> bool:
        start, end = self._bounds[rank], self._bounds[rank + 1]
        hits = []
        for number, found in enumerate(places):
            hits += [(place - number, number) for place in found[bisect_left(found, start) : bisect_left(found, end)]]
        hits.sort()
        for at, (shift, _) in enumerate(hits):
            near = set()
            for other, number in hits[at:]:
                if other > shift + DRIFT:
                    break
                near.add(number)
            if len(near) >= need and len(near & through) >= need_own:
                return True
        return False


def _at_least(need: int, masks: Iterable[int]) -> int:
    """Which bits are set in `need` of the masks or more: all bits are counted at once, in binary."""
    digits: list[int] = []
    for mask in masks:
        carry = mask
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
            if not carry:
                break
        if carry:
            digits.append(carry)
    if need >> len(digits):
        return 0
    more, equal = 0, reduce(or_, digits, 0)
    for place in reversed(range(len(digits))):
        if need >> place & 1:
            equal &= digits[place]
        else:
            more |= equal & digits[place]
            equal &= ~digits[place]
    return more | equal


def _words(text: str, names: Mapping[str, Sequence[tuple[str, ...]]]) -> tuple[str, ...]:
    """The words of a text as they are compared: every number is one word, every body another."""
    raw = [_NUMBER if word[0].isdigit() else word for word in _WORD.findall(text.casefold())]
    words: list[str] = []
    at = 0
    while at < len(raw):
        name = next((name for name in names.get(raw[at], ()) if tuple(raw[at : at + len(name)]) == name), None)
        word = _BODY if name or raw[at] in _TYPES else raw[at]
        if not (word == _BODY and words and words[-1] == _BODY):
            words.append(word)
        at += len(name or (word,))
    return tuple(words)


def _names(sources: Sequence[Source]) -> dict[str, list[tuple[str, ...]]]:
    """First word -> the names of the register that start with it, longest first; with and without 'gemeente'."""
    names = set()
    for source in sources:
        whole = _WORD.findall(source.organisation.casefold())
        names.add(tuple(whole))
        bare = list(whole)
        while len(bare) > 1 and (bare[0] in _TYPES or bare[0] in ("van", "voor", "de", "het")):
            bare.pop(0)
        names.add(tuple(bare))
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if name:
            found.setdefault(name[0], []).append(name)
    return found


def _length(words: Sequence[str]) -> int:
    """Words that say something: numbers, single letters and names of bodies are alike in texts that are not."""
    return sum(len(word) > 1 and word != _BODY for word in words)
