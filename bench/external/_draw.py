import hashlib
import json
import lzma
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

SINCE = 1986  # programmes of before then are in another Dutch
WINDOW = 1200  # characters around a drawn place in which sentences are cut
LENGTHS = (5, 60)  # words
BROAD = re.compile(
    r"\b(?:klimaat|co2|uitstoot|energie|zonne|wind|elektrisch|isol|natuur|milieu|bodem|water|stikstof|dier|bos|gif|"
    r"circulair|hergebruik|recycl|afval|grondstof|repar|keten|kinderarbeid|mensenrecht|fair|handel|gelijk|discrimin|"
    r"toegankelijk|vrouw|handicap|beperking|divers|bijstand|arbeidsmarkt|werkloo|re-?integr|statushouder|uitkering|"
    r"lokale|mkb|regio|aanbested|inkoop|inkop|overheid als|bouw|wegen|vervoer|zorg|ict|digital)\w*",
    re.I,
)
"""A broad net: half of the sentences come from around one of its words, so that every label occurs."""


@dataclass(frozen=True)
class Drawn:
    """A sentence by its place in a programme."""

    id: str
    """`party|year|start|end`, in characters of the text."""
    sha256: str
    text: str


def read_programmes(path: Path) -> dict[str, str]:
    """`party|year` -> text of the programmes; of two with the same name, the first.

    Raises
    ------
    OSError
        The file is not there.
    """
    found: dict[str, str] = {}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if int(row["year"]) >= SINCE and row["text"]:
                found.setdefault(f"{row['party']}|{row['year']}", row["text"])
    return found


def fingerprint(text: str) -> str:
    """Hash of a sentence, white space aside."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def draw(programmes: Mapping[str, str], nlp: Language, count: int, seed: int, known: frozenset[str]) -> list[Drawn]:
    """Draw sentences at random: half at any place of any programme, half around a word of a broad list.

    Parameters
    ----------
    programmes
        Name -> text; see `read_programmes`.
    nlp
        Cuts sentences.
    count
        How many; even.
    seed
        Of the draw.
    known
        Sentences (white space set to one space) that have labels elsewhere, and are left out.
    """
    places = random.Random(seed)
    names = sorted(programmes)
    weights = [len(programmes[name]) for name in names]
    hits = [(name, match.start()) for name in names for match in BROAD.finditer(programmes[name])]
    found: dict[str, Drawn] = {}
    for broad in (False, True):
        goal = count // 2 * (1 + broad)
        while len(found) < goal:
            if broad:
                name, at = places.choice(hits)
            else:
                [name] = places.choices(names, weights)
                at = places.randrange(len(programmes[name]))
            drawn = _sentence_at(name, programmes[name], at, nlp, places, around=not broad)
            if drawn and " ".join(drawn.text.split()) not in known:
                found.setdefault(drawn.sha256, drawn)
    return list(found.values())


def _sentence_at(name: str, text: str, at: int, nlp: Language, places: random.Random, *, around: bool) -> Drawn | None:
    """The sentence that holds a place, or any whole one around it, so that long ones have no more chance."""
    first = max(at - WINDOW, 0)
    doc = nlp(text[first : at + WINDOW].replace("\n", " "))
    sentences = list(doc.sents)[1:-1]
    if not around:
        sentences = [s for s in sentences if s.start_char <= at - first < s.end_char]
    if not sentences:
        return None
    chosen = places.choice(sentences)
    words = [token for token in chosen if token.is_alpha]
    if not LENGTHS[0] <= len(words) <= LENGTHS[1]:
        return None
    start, end = first + chosen.start_char, first + chosen.end_char
    sentence = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Drawn(f"{name}|{start}|{start + len(sentence)}", fingerprint(sentence), sentence)


def texts_of(rows: Sequence[tuple[str, str]], programmes: Mapping[str, str]) -> list[str | None]:
    """Text of every (id, hash); None where the programmes do not have it any more."""
    found: list[str | None] = []
    for place, sha256 in rows:
        name, start, end = place.rsplit("|", 2)
        text = programmes.get(name, "")[int(start) : int(end)]
        found.append(" ".join(text.split()) if fingerprint(text) == sha256 else None)
    return found
