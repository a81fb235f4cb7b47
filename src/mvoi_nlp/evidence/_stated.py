"""How many tenders or lots a document reports: by the rows of its lists, and by what it says itself."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Literal, cast

from mvoi_nlp.evidence._cell import Words, whole_number
from mvoi_nlp.records import Sentence, TenderCount, TenderRecord, TenderUnit
from mvoi_nlp.scheme import TenderWording, normal_form

ENOUGH = 3.0
"""Points that a number needs: one sentence that claims it, or several that lean on it."""
CLAIM, OPENING, PART_OF, BARE_PART, BESIDE_LIST, IN_TOTAL = 3.0, 2.0, 1.5, 1.0, 1.0, 1.0

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|opdr\.|[^\W\d_]+(?:['’-][^\W\d_]+)*|[€%]|[^\w\s]")
_SUBSET = frozenset(
    {"in", "bij", "voor", "op", "aan", "met", "tegen", "onder", "boven", "na", "per", "waarvan", "daarvan"}
)
_NUMBERED = re.compile(r"^(?:artikel |hoofdstuk |bijlage )?[\da-z]{1,2}(?:\.\d+)*[.:]?\s+(?=\w)")
_OF = re.compile(
    r"(?:^|(?P<part>[\w-]+)\s+)(?:van|uit)\s+(?:(?:de|onze|alle|die|deze)\s+)?(?P<whole>[\w-]+)(?:\s+(?P<noun>[\w-]+))?"
)
_PARTS = frozenset({"aantal", "greep", "selectie", "uittreksel", "deel", "opdr", "opdrachten", "aanbestedingen"})
_SHARES = frozenset({2, 3, 4, 5, 10, 100})  # 'acht van de tien' is a share
_STOPS = frozenset(
    ["van", "op", "in", "de", "het", "een", "die", "dat", "met", "voor", "bij", "uit", "tot", "en", "of"]
)
_LEADS = frozenset({"de", "alle", "onze", "deze", "totaal", "samen", "in", ":"})
_AFTER = frozenset(["dus", "in", "over", "gegund", "gepubliceerd", "gehouden", "afgerond", "aanbesteed"])
_PART = frozenset(["met", "waarin", "waarbij", "zonder", "waarvoor"])
_BETWEEN = 2  # words that may stand between a number and what it counts: 'grote', 'Europese'
_WHOLE_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EARLIER = re.compile(r"\b(?:vorig jaar|het jaar ervoor|een jaar eerder|jaar daarvoor)\b")
_NOW = re.compile(r"\b(?:dit jaar|verslagjaar|afgelopen jaar)\b")
_TOTAL = re.compile(r"\b(?:in totaal|totaal|samen|gezamenlijk|alle|alles bij elkaar)\b")
_CLAUSE = re.compile(r"[,;:()]|\b(?:tegen|terwijl|waar|maar|en in|was het|waren het|waren er)\b")


@dataclass(frozen=True)
class Stated:
    """A number of tenders or lots and the sentence that says so."""

    number: int
    unit: TenderUnit
    sentence: Sentence


@dataclass(frozen=True)
class _Mention:
    number: int
    unit: TenderUnit
    points: float
    sentence: Sentence


def count_tenders(
    document: str,
    records: Sequence[TenderRecord],
    sentences: Sequence[Sentence],
    wording: TenderWording,
    *,
    year: int | None,
) -> TenderCount:
    """Count what a document reports, and say whether the rows or the text hold.

    A list often shows a part, so a larger number in the text holds; a smaller one speaks of something else than the
    list, or is wrong, so then the rows hold. Both are kept.

    Parameters
    ----------
    records
        Of this document.
    sentences
        All of it.
    year
        The year that it reports on; None for a plan, whose numbers may be of any year.
    """
    rows = {record.sentence for record in records}
    beside = {sentence.section for sentence in sentences if sentence.number in rows}
    stated = stated_number(sentences, wording, year=year, beside=beside)
    lots = sum(record.unit == "perceel" for record in records)
    count = TenderCount(document=document, tenders=len(records) - lots, lots=lots)
    if stated is not None:
        said = {"stated": stated.number, "stated_unit": stated.unit, "sentence": stated.sentence.number}
        count = count.model_copy(update=said | {"page": stated.sentence.page, "quote": stated.sentence.text})
    if stated is not None and stated.number > len(records):
        why = "de tekst noemt het geheel; de lijst toont een deel" if records else "er is geen lijst"
        return count.model_copy(update={"number": stated.number, "unit": stated.unit, "basis": "tekst", "why": why})
    if not records:
        return count
    if stated is None:
        why = "de tekst noemt geen aantal"
    else:
        why = (
            "de tekst noemt hetzelfde aantal"
            if stated.number == len(records)
            else "de lijst is langer dan de tekst zegt"
        )
    unit = "perceel" if 2 * lots > len(records) else "aanbesteding"
    return count.model_copy(update={"number": len(records), "unit": unit, "basis": "rijen", "why": why})


def stated_number(
    sentences: Sequence[Sentence], wording: TenderWording, *, year: int | None, beside: Set[str] = frozenset()
) -> Stated | None:
    """The number of tenders or lots that a document claims as a whole; None where it claims none.

    Sentences that claim the whole ('In 2024 zijn 42 aanbestedingen gegund') and those that take a part of it ('elf van
    de 42 dossiers') add up for a number; goals, parts, and numbers of another year do not count.

    Parameters
    ----------
    sentences
        All sentences of one document.
    year
        The year that it reports on; None leaves years out of account.
    beside
        Sections in which its list of tenders stands: what opens there with a number speaks of that list.
    """
    finder = _Finder(wording, year, beside)
    points: dict[int, float] = {}
    mentions: dict[int, list[_Mention]] = {}
    for sentence in sentences:
        for mention in finder.mentions(sentence):
            points[mention.number] = points.get(mention.number, 0.0) + mention.points
            mentions.setdefault(mention.number, []).append(mention)
    enough = [number for number, total in points.items() if total >= ENOUGH]
    if not enough:
        return None
    number = max(enough, key=lambda one: (points[one], one))
    best = max(mentions[number], key=lambda mention: (mention.points, -mention.sentence.number))
    return Stated(number, best.unit, best.sentence)


class _Finder:
    def __init__(self, wording: TenderWording, year: int | None, beside: Set[str]) -> None:
        self._year, self._beside = year, beside
        self._units = Words(wording.units)
        self._claims = Words({"claim": wording.claims})
        self._targets = Words({"target": wording.targets})
        self._others = Words({"other": wording.others})

    def mentions(self, sentence: Sentence) -> Iterator[_Mention]:
        """What one sentence says of numbers of tenders."""
        if sentence.kind == "table_row":
            for header in dict.fromkeys(sentence.headers if sentence.headers else ()):
                yield from self._part_of(normal_form(header), sentence, 0.5)
            return
        text = normal_form(sentence.text)
        if sentence.kind == "heading":
            text = _NUMBERED.sub("", text)
        if self._targets.has(text):
            return
        yield from self._part_of(text, sentence, 1.0)
        claims = self._claims.has(text)
        tokens = list(_TOKEN.finditer(text))
        words = [token.group() for token in tokens]
        for place, token in enumerate(tokens):
            number = whole_number(token.group())
            unit, end = self._counts(words, place) if number is not None and number > 1 else ("", 0)
            if number is None or not unit or self._of_another_year(text, token.start()):
                continue
            before, after = words[max(0, place - 2) : place], words[end] if end < len(words) else ""
            if (before[-1:] and before[-1] in _SUBSET) or before == ["van", "de"]:
                continue  # a part, or the whole behind a part, counted above
            alone = not after or not after[0].isalnum() or after in _AFTER
            points = CLAIM if claims else OPENING if alone and _opens(words[:place]) else 0.0
            if not points:
                continue
            points += IN_TOTAL * bool(_TOTAL.search(text)) + BESIDE_LIST * (sentence.section in self._beside)
            yield _Mention(number, unit, points / 2 if after in _PART else points, sentence)

    def _counts(self, words: Sequence[str], place: int) -> tuple[TenderUnit | Literal[""], int]:
        """What the number counts and the place after it: the first unit among the next words of its phrase."""
        for at in range(place + 1, min(place + 2 + _BETWEEN, len(words))):
            word = words[at]
            if not word[0].isalpha() or word in _STOPS or self._others.is_one(word):
                break
            unit = self._units.is_one(word)
            if unit:
                return cast(TenderUnit, unit), at + 1
        return "", 0

    def _part_of(self, text: str, sentence: Sentence, weight: float) -> Iterator[_Mention]:
        """The whole that a part is of: '12 van de 38', 'elf van de 43 dossiers', 'Aantal van 19'."""
        for found in _OF.finditer(text):
            number = whole_number(found["whole"])
            if number is None or number < 2 or number in _SHARES or self._of_another_year(text, found.start("whole")):
                continue
            unit = self._units.is_one(found["noun"] or "")
            part = whole_number(found["part"] or "")
            if unit or found["part"] in _PARTS or (part is not None and part <= number):
                points = PART_OF if unit else BARE_PART
                if unit and found["part"] is None and self._year is not None and str(self._year) in text:
                    points = CLAIM  # 'Van de 42 aanbestedingen in 2024 ...'
                yield _Mention(number, cast(TenderUnit, unit or "aanbesteding"), points * weight, sentence)

    def _of_another_year(self, text: str, at: int) -> bool:
        """Whether the clause in which a number stands speaks of a year that is not reported on."""
        if self._year is None:
            return False
        start = max((found.end() for found in _CLAUSE.finditer(text, 0, at)), default=0)
        end = next((found.start() for found in _CLAUSE.finditer(text, at)), len(text))
        clause = text[start:end]
        years = {int(found) for found in _WHOLE_YEAR.findall(clause)} or {
            int(y) for y in _WHOLE_YEAR.findall(text[:at])
        }
        if years:
            return self._year not in years
        return bool(_EARLIER.search(clause)) and not _NOW.search(clause)


def _opens(before: Sequence[str]) -> bool:
    """Whether a sentence or clause begins here, or with 'Totaal:', 'Alle' and the like before it."""
    rest = [word for word in before if word not in _LEADS]
    return not rest or rest[-1] in (".", ";", "!", "?")
