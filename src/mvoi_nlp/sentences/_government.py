"""Entities that need no training: bodies, laws, instruments, amounts, dates, people by their title.

One component before `ner`, the same for every pipeline; `ner` keeps what it finds. A body, law or instrument links to
an id of the register by `Span.kb_id_`. A body that the register lacks ('gemeente Duinzicht') or that is only called
by its type ('de gemeente') has its type alone as id.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from spacy.lang.nl import Dutch
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from mvoi_nlp.scheme import Body, Register
from mvoi_nlp.sentences._context import (
    Known,
    Starts,
    capitals_end,
    goes_on_in_law,
    in_company,
    is_definite,
    is_owned,
    is_part_of_name,
    is_specified,
    is_year_of_name,
    judged,
)
from mvoi_nlp.sentences._forms import (
    ABBREVIATED,
    ALONE,
    ALWAYS,
    ANY_TYPE_WORD,
    BEFORE_TYPE,
    BOARDS,
    BODY_WORD,
    CAPITAL_TYPES,
    FOR,
    FORMS,
    INTRODUCED,
    LAW_OPENERS,
    LONG_BOARDS,
    NO_GEMEENTE,
    NOT_LAW,
    NUMERIC,
    ORGAN_WORDS,
    ORGANS,
    OWNED,
    PLURAL,
    PRIVATE,
    TYPE_WORDS,
    TYPES,
    UNKNOWN,
    YEARS,
)
from mvoi_nlp.sentences._people import find_people
from mvoi_nlp.sentences._quantities import find_quantities

NAME = "government"


class Government:
    """Set entities by name, form and context; deterministic, and the same for every pipeline.

    Parameters
    ----------
    vocab
        Of the pipeline.
    register
        Names to link to; replace it with `use`.
    """

    def __init__(self, vocab: Vocab, register: Register | None = None) -> None:
        self.vocab = vocab
        self._make = Dutch(vocab=vocab).tokenizer
        self.use(register or Register())

    def use(self, register: Register) -> None:
        """Take these names instead of those that the pipeline came with."""
        self.register = register
        self._known: dict[str, list[Known]] = {}
        self._own: tuple[str, ...] = ()
        self._exact = PhraseMatcher(self.vocab, attr="ORTH")
        self._loose = PhraseMatcher(self.vocab, attr="LOWER")
        for matcher, phrases, tag in (
            (self._exact, _exact_phrases(register), "E"),
            (self._loose, _loose_phrases(register), "L"),
        ):
            for phrase, knowns in phrases.items():
                self._known[tag + phrase] = list(dict.fromkeys(knowns))
                matcher.add(tag + phrase, [self._make(phrase)])

    def learn(self, texts: Iterable[str]) -> None:
        """Take the names that a document introduces itself, and forget those of the document before it.

        A body that the register lacks ('gemeente Duinzicht') is known by its bare name from here on, and an
        abbreviation in brackets behind a body ('Omgevingsdienst Veldzoom (OVZ)') as that body.
        """
        for key in self._own:
            self._exact.remove(key)
            del self._known[key]
        names: dict[str, Known] = {}
        known = self.names
        for text in texts:
            for match in ABBREVIATED.finditer(text):
                word = BODY_WORD.search(match["long"])
                if word and not PRIVATE.search(match["long"]):
                    kind = TYPE_WORDS.get(word.group().lower(), UNKNOWN)
                    for name in (match["long"][word.start() :], match["short"]):
                        names.setdefault(name, Known("ORG", kind, kind))
            for match in INTRODUCED.finditer(text):
                kind = TYPE_WORDS[match["type"].lower()]
                plural = match["type"].lower() in PLURAL
                for name in re.split(r",\s|\sen\s", match["names"]) if plural or kind != "ministerie" else ():
                    if len(name) > 3 and not name.isupper():
                        names.setdefault(name, Known("ORG", kind, kind, "by context"))
                    if not plural:
                        break
        names = {name: meaning for name, meaning in names.items() if name not in known}
        self._own = tuple(f"D{name}" for name in names)
        for name, meaning in names.items():
            self._known[f"D{name}"] = [meaning]
            self._exact.add(f"D{name}", [self._make(name)])

    @property
    def names(self) -> set[str]:
        """All names of the register, and those that the document introduced."""
        return {key[1:] for key in self._known}

    # ------------------------------------------------------------ the component

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a Doc; entities that it already has stay where they do not overlap."""
        if not len(doc):
            return doc
        text = doc.text  # spaCy puts it together anew each time
        starts: Starts = {}
        sure: list[Span] = []
        open_names: list[tuple[int, int, Known]] = []
        for matcher in (self._exact, self._loose):
            for key, start, end in matcher(doc):
                knowns = self._known[self.vocab.strings[key]]
                starts.setdefault(start, []).append((end, knowns))
                best = next((known for known in knowns if known.says == "itself"), None)
                if best is None:
                    open_names.append((start, end, knowns[0]))
                elif doc[start].text != "Rijk" or not doc[start].is_sent_start:
                    sure.append(Span(doc, start, end, label=best.label, kb_id=best.id))
        # of spans of one length the first holds: instruments and laws before bodies, names that are known before forms
        sure.sort(key=lambda span: span.label_ == "ORG")
        sure += [
            *self._typed(doc, text, starts),
            *self._by_form(doc, text, {span.start for span in sure if span.label_ == "LAW"}),
        ]
        names = filter_spans(self._with_owner(doc, span, starts) for span in sure)
        taken = {token for span in names for token in range(span.start, span.end)}
        places: list[Span] = []
        for start, end, known in sorted(open_names, key=lambda place: (place[0] - place[1], place[0])):
            if taken.isdisjoint(range(start, end)) and not is_part_of_name(doc, start, end):
                places.append(Span(doc, start, end, label=judged(doc, start, end, known), kb_id=known.id))
                taken.update(range(start, end))
        names += in_company(doc, names, places)
        taken = {token for span in names for token in range(span.start, span.end)}
        for start, end, label in (*find_people(text), *find_quantities(text)):
            span = _aligned(doc, start, end, label)
            if span is None or not taken.isdisjoint(range(span.start, span.end)) or is_year_of_name(span):
                continue
            names.append(span)
            taken.update(range(span.start, span.end))
        kept = [span for span in doc.ents if taken.isdisjoint(range(span.start, span.end))]
        doc.set_ents([*names, *kept])
        doc.spans[NAME] = [span for span in names if span.label_ in NUMERIC]
        return doc

    def _by_form(self, doc: Doc, text: str, known_laws: set[int]) -> Iterator[Span]:
        """Laws, standards and organisations that their form gives away."""
        for pattern, label in FORMS:
            for match in pattern.finditer(text):
                if match.group() not in NOT_LAW:
                    span = _aligned(doc, *match.span(), label)
                    if span is not None:
                        yield span
        for token in doc[:-1]:
            joint = token.i > 0 and token.nbor(-1).text in BEFORE_TYPE
            if token.text in LAW_OPENERS and not joint and token.i not in known_laws:
                end = token.i + 1
                while end < len(doc) and end - token.i <= 7 and goes_on_in_law(doc, end):
                    end += 1
                while end > token.i + 1 and (doc[end - 1].pos_ in ("ADP", "DET", "CCONJ") or doc[end - 1].is_punct):
                    end -= 1
                if end > token.i + 1:
                    if end < len(doc) and YEARS.fullmatch(doc[end].text):
                        end += 1
                    yield Span(doc, token.i, end, label="LAW")

    def _typed(self, doc: Doc, text: str, starts: Starts) -> Iterator[Span]:
        """A type word with the name or names that follow, or alone and definite."""
        if not ANY_TYPE_WORD.search(text):
            return
        for token in doc:
            if token.text in CAPITAL_TYPES or token.lower_ in TYPE_WORDS:
                yield from self._type_word(doc, token.i, starts)
            elif token.text in ORGAN_WORDS or token.lower_ in ORGAN_WORDS:
                yield from self._organ(doc, token.i, starts)

    def _type_word(self, doc: Doc, start: int, starts: Starts) -> Iterator[Span]:
        """'gemeenten Oss en Uden', 'Sociale Dienst Oeverkant', 'het ministerie'."""
        word = doc[start].lower_
        kind = TYPE_WORDS.get(word, UNKNOWN)
        first, place = start, start + 1
        if start and doc[start - 1].text in BEFORE_TYPE:
            first -= 1
        elif doc[start].text == "Regeling":
            return  # a law, unless it is a joint one
        if place < len(doc) and (
            (doc[place].lower_ in FOR and kind in ("ministerie", "waterschap", UNKNOWN)) or doc[place].is_quote
        ):
            place += 1
        end, id_ = self._name(
            doc, place, kind, starts, joined=kind not in ("gemeente", "provincie") and word not in PLURAL
        )
        if not end:
            if first < start and doc[start].text in CAPITAL_TYPES:
                yield Span(doc, first, start + 1, label="ORG", kb_id=kind)  # 'Randstedelijke Rekenkamer'
            elif (word in ALONE or doc[start].text in ALONE) and is_definite(doc, start):
                yield Span(doc, start, start + 1, label="ORG", kb_id=kind)
            return
        yield Span(doc, first, end, label="ORG", kb_id=id_)
        while word in PLURAL and end < len(doc) - 1 and doc[end].lower_ in (",", "en", "of", "&", "/"):
            place = end + 1
            while place < len(doc) - 1 and doc[place].text in ("en", "of", "de", "het"):
                place += 1
            end, id_ = self._name(doc, place, kind, starts)
            if not end or doc[place].lower_ in TYPE_WORDS:
                break
            yield Span(doc, place, end, label="ORG", kb_id=id_)

    def _organ(self, doc: Doc, start: int, starts: Starts) -> Iterator[Span]:
        """'de raad', 'het algemeen bestuur', 'het college van Oss'."""
        word = doc[start].lower_
        if doc[start : start + 2].text in LONG_BOARDS:
            if is_definite(doc, start):
                yield Span(doc, start, start + 2, label="ORG", kb_id=UNKNOWN)
        elif doc[start].text in BOARDS:
            yield Span(doc, start, start + 1, label="ORG", kb_id=UNKNOWN)
        elif word in OWNED and is_owned(doc, start):
            end, id_ = self._owner(doc, start + 2, "gemeente", starts)
            if end and doc[end - 1].lower_ not in NO_GEMEENTE:
                yield Span(doc, start, end, label="ORG", kb_id=id_)
        elif word in OWNED and is_specified(doc, start):
            return
        elif word in ALWAYS or is_definite(doc, start):
            kind = ALONE.get(doc[start].text) or ALONE.get(word)
            if kind:
                yield Span(doc, start, start + 1, label="ORG", kb_id=kind)

    def _owner(self, doc: Doc, place: int, kind: str, starts: Starts) -> tuple[int, str]:
        """End and id of the body at `place`, with or without article and type word; 0 where there is none."""
        while place < len(doc) and doc[place].text in ("de", "het"):
            place += 1
        if place >= len(doc):
            return 0, ""
        if doc[place].lower_ in TYPE_WORDS:
            kind = TYPE_WORDS[doc[place].lower_]
            place += 1
            place += place < len(doc) and doc[place].text == "van" and kind in ("ministerie", "waterschap")
            return self._name(doc, place, kind, starts, joined=kind not in ("gemeente", "provincie"))
        known = [(end, known.id) for end, knowns in starts.get(place, ()) for known in knowns if known.label == "ORG"]
        if known:
            return max(known)
        return (capitals_end(doc, place, joined=False, starts=starts), kind) if kind != UNKNOWN else (0, "")

    def _name(self, doc: Doc, start: int, kind: str, starts: Starts, *, joined: bool = False) -> tuple[int, str]:
        """End of the name at `start` and its id: the register's longest, else a run of capitals; 0 where none is."""
        found = [
            (end, known.id)
            for end, knowns in starts.get(start, ())
            for known in knowns
            if known.label == "ORG" and known.type == kind
        ]
        if found:
            return max(found)
        return capitals_end(doc, start, joined=joined, starts=starts), kind

    def _with_owner(self, doc: Doc, span: Span, starts: Starts) -> Span:
        """An organ goes on with the body that it belongs to: 'college van B&W van Oss'."""
        organ = span.label_ == "ORG" and span.kb_id_ in TYPES
        if not organ or span.end + 1 >= len(doc) or doc[span.end].text != "van" or doc[span.start].lower_ in TYPE_WORDS:
            return span
        end, id_ = self._owner(doc, span.end + 1, span.kb_id_, starts)
        if not end or doc[end - 1].lower_ in NO_GEMEENTE:
            return span
        return Span(doc, span.start, end, label="ORG", kb_id=id_)

    # ------------------------------------------------------------ storing

    def to_bytes(self, **_: Any) -> bytes:
        """The register as JSON."""
        return self.register.model_dump_json().encode()

    def from_bytes(self, data: bytes, **_: Any) -> "Government":
        """Take a stored register."""
        self.use(Register.model_validate_json(data))
        return self

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the register to a folder."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "register.json").write_bytes(self.to_bytes())

    def from_disk(self, path: Path, **_: Any) -> "Government":
        """Read the register from a folder."""
        self.use(Register.model_validate_json((path / "register.json").read_bytes()))
        return self


@Language.factory(NAME, assigns=["doc.ents"])
def make_government(nlp: Language, name: str) -> Government:  # noqa: ARG001 - the form that spaCy asks for
    """Make the component with an empty register."""
    return Government(nlp.vocab)


def _exact_phrases(register: Register) -> dict[str, list[Known]]:
    """Phrases that are found with their capitals, and what each may stand for."""
    phrases = {"Rijk": [Known("ORG", "overig-rijksoverheid", UNKNOWN)]}
    for body in register.bodies:
        for phrase, known in _body_phrases(body):
            phrases.setdefault(phrase, []).append(known)
    for law in register.laws:
        for name in (law.name, *law.variants):
            phrases.setdefault(name, []).append(Known("LAW", f"law:{law.id}"))
    for organ, kind in ORGANS.items():
        for spelling in (organ, organ[0].upper() + organ[1:]):
            phrases.setdefault(spelling, []).append(Known("ORG", kind, kind))
    for instrument in register.instruments:
        for name in instrument.exact:
            phrases.setdefault(name, []).append(Known("PRODUCT", instrument.id))
    return phrases


def _loose_phrases(register: Register) -> dict[str, list[Known]]:
    """Names of instruments in lower case, with the endings that a `~` allows."""
    phrases: dict[str, list[Known]] = {}
    for instrument in register.instruments:
        for name in instrument.names:
            endings = ("", "s", "en", "'s", "’s") if name.endswith("~") else ("",)
            for spelling in _spellings(name.removesuffix("~")):
                for ending in endings:
                    phrases.setdefault(spelling.lower() + ending, []).append(Known("PRODUCT", instrument.id))
    return phrases


def _body_phrases(body: Body) -> Iterator[tuple[str, Known]]:
    for name in (body.name, *body.variants):
        opening = name.split()[0].lower()
        if body.type not in ("gemeente", "provincie") or opening in TYPE_WORDS:
            says: Literal["itself", "by context", "with its type"] = "itself"
        else:
            says = "with its type" if body.ambiguous else "by context"
        known = Known("ORG", body.id, body.type, says)
        for spelling in _spellings(name):
            yield spelling, known
            for article in ("De", "Het"):  # 'Omgevingsdienst De Vallei' and 'Omgevingsdienst de Vallei'
                yield spelling.replace(f" {article} ", f" {article.lower()} "), known
                yield spelling.replace(f" {article.lower()} ", f" {article} "), known
            if opening in TYPE_WORDS:
                yield spelling[0].lower() + spelling[1:], known
            if len(spelling) > 4 and not spelling.isupper():
                yield spelling.upper(), known


def _spellings(name: str) -> Iterable[str]:
    """The name with straight and curly apostrophes, and its subscript digits as plain ones."""
    plain = name.replace("’", "'").replace("₂", "2")
    return dict.fromkeys((name, plain, plain.replace("'", "’"), plain.replace("CO2", "CO₂")))


def _aligned(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """The span of whole tokens that says the same; None where a token holds more than the match."""
    span = doc.char_span(start, end, label=label)
    if span is None:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            extra = span.text[: start - span.start_char] + span.text[end - span.start_char :]
            if any(letter.isalnum() for letter in extra):
                return None
    return span
