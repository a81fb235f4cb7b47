"""What one cell of a table says: an amount, a moment, a tick, a code, or words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeVar

from mvoi_nlp.evidence._features import TICKS
from mvoi_nlp.scheme import normal_form

Content = Literal["empty", "tick", "money", "date", "code", "number", "text"]

NOTHING = frozenset(
    {"", "-", "–", "—", "--", "n.v.t.", "nvt", "n.v.t", "pm", "p.m.", "n.t.b.", "ntb", "n.b.", "nb", "?"}
)
"""A cell that leaves open what its column asks."""
_NO = frozenset({"0", "nee", "n", "✗", "o", "○"})
MARKS = TICKS | _NO | {"-", "–", "—", ""}
"""What stands in a column of ticks."""

_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_SHORT = {month: number for number, month in enumerate(_MONTHS, start=1)} | {"maa": 3}
_MONTH = r"(?P<month>jan|feb|mrt|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d|['’]\d\d)"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d\d|['’]?\d\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<m>[01]?\d)(?:-(?P<day>[0-3]?\d))?(?!\d)",
        rf"(?<!\d)(?P<day>[0-3]?\d)[-/.](?P<m>[01]?\d)[-/.]{_SHORT_YEAR}(?!\d)",
        r"(?<!\d)(?P<m>0?[1-9]|1[0-2])[-/](?P<year>(?:19|20)\d\d)(?!\d)",
        rf"(?:(?P<day>[0-3]?\d)(?:e)?\s+)?\b{_MONTH}\s*[-/]?\s*{_SHORT_YEAR}(?!\d)",
        rf"(?:\bq|\bkw(?:artaal)?\.?\s*)\s*(?P<quarter>[1-4])\s*[-/,]?\s*(?:van\s+)?{_YEAR}",
        rf"(?P<quarter>[1-4])(?:e|ste|de)\s*(?:kw\.?|kwartaal)?\s*,?\s*(?:van\s+)?{_YEAR}",
        rf"{_YEAR}\s*[-/,]?\s*(?:q|kw\.?|k)\s*(?P<quarter>[1-4])",
        rf"{_YEAR}\s*,?\s*(?P<quarter>[1-4])(?:e|ste|de)\s*(?:kwartaal|kw\.?)",
        rf"(?P<half>[12])(?:e|ste|de)\s*helft\s*(?:van\s+)?{_YEAR}",
        rf"(?:eerste|(?P<second>tweede))\s*helft\s*(?:van\s+)?{_YEAR}",
        rf"(?:medio|begin|eind|najaar|voorjaar|zomer|winter|herfst|vanaf|na|voor)?\s*{_YEAR}(?!\d)",
    )
)
_BARE_DATE = re.compile(
    rf"(?:{_MONTH}|(?:q|kw|kwartaal)\s*[1-4]|[1-4]e?\s*(?:kw\.?|kwartaal)|(?:voor|na)jaar|zomer|winter|doorlopend)"
)
_MONEY = re.compile(
    r"(?P<sign>k€|m€|€|\beur(?:o)?\b)?\s*(?<![\w.,])(?P<whole>\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(?P<part>\d+|-{1,2}|=))?"
    r"\s*(?P<scale>mln|miljoen|mio|mld|miljard|duizend|k€|m€|k\b|m\b|mille)?\.?\s*(?P<after>€|\beuro?\b)?"
)
_SCALES = {"mln": 1e6, "miljoen": 1e6, "mio": 1e6, "m": 1e6, "m€": 1e6, "mld": 1e9, "miljard": 1e9}
_SCALES |= {"duizend": 1e3, "k": 1e3, "k€": 1e3, "mille": 1e3}
_THOUSANDS = re.compile(r"k€|€\s*k\b|(?:x|×)\s*€?\s*1[. ]?000\b|duizend")
_MILLIONS = re.compile(r"\bmln\b|miljoen|m€")
_CODE = re.compile(r"[a-z]{0,6}[-. ]?\d{1,4}(?:[-/ ]\d{1,5}){1,2}[a-z]?|[a-z]{1,5}[-. ]?\d{2,6}(?:[-./]\d{1,5})*")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*\s*%?|\d+\s*(?:van|/)\s*\d+")


def content_of(cell: str) -> Content:
    """What kind of thing a cell holds; a cell that only leaves its answer open is empty."""
    plain = normal_form(cell).strip()
    if plain in NOTHING:
        return "empty"
    if plain in TICKS:
        return "tick"
    found = _MONEY.search(plain)
    if found and (found["sign"] or found["scale"] or found["after"]):
        rest = plain[: found.start()] + plain[found.end() :]
        if not re.search(r"[a-z]{4,}", rest.replace("jaar", "").replace("excl", "").replace("incl", "")):
            return "money"
    if is_date(plain):
        return "date"
    if _CODE.fullmatch(plain):
        return "code"
    return "number" if _NUMBER.fullmatch(plain) else "text"


def is_date(plain: str) -> bool:
    """Whether a cell is a moment and little else."""
    rest = plain
    for pattern in (*_DATES, _BARE_DATE):
        rest = pattern.sub(" ", rest)
    return rest != plain and not re.search(r"[a-z]{3,}|\d{3}|[€%]", rest)


def date_of(cell: str) -> str:
    """A moment as ISO 8601 as far as it goes (2024, 2024-Q3, 2024-H2, 2024-09, 2024-09-15); as written without a year.

    >>> date_of("sept. '24"), date_of("4e kw. 2024"), date_of("15-02-2023"), date_of("maart"), date_of("n.t.b.")
    ('2024-09', '2024-Q4', '2023-02-15', 'maart', '')
    """
    plain = normal_form(cell).strip()
    for pattern in _DATES:
        found = pattern.search(plain)
        if found is None:
            continue
        part = found.groupdict()
        year = int(part["year"].lstrip("'’"))
        year += 2000 if year < 100 else 0
        month = int(part["m"]) if part.get("m") else _SHORT.get((part.get("month") or "")[:3], 0)
        if part.get("quarter"):
            return f"{year}-Q{part['quarter']}"
        if "half" in part or "second" in part:
            return f"{year}-H{part.get('half') or (2 if part['second'] else 1)}"
        if not 0 < month < 13:
            return str(year)
        return f"{year}-{month:02d}-{int(part['day']):02d}" if part.get("day") else f"{year}-{month:02d}"
    return "" if plain in NOTHING else cell.strip()


def euros_of(cell: str, header: str = "") -> float | None:
    """An amount in euros; the header may say in which unit ('Waarde (k€)'). None where no amount stands.

    >>> euros_of("€ 2,3 mln."), euros_of("140k p/j"), euros_of("1.240", "Waarde (k€)"), euros_of("PM")
    (2300000.0, 140000.0, 1240000.0, None)
    """
    found = _MONEY.search(normal_form(cell))
    if found is None:
        return None
    part = found["part"] if (found["part"] or "").isdigit() else ""
    value = float(re.sub(r"[. ]", "", found["whole"]) + (f".{part}" if part else ""))
    scale = found["scale"] or (found["sign"] if found["sign"] in _SCALES else "")
    if scale:
        return round(value * _SCALES[scale], 2)
    above = normal_form(header)
    unit = 1e3 if _THOUSANDS.search(above) else 1e6 if _MILLIONS.search(above) else 1.0
    return round(value * (1.0 if found["sign"] or found["after"] else unit), 2)


def per_year(cell: str) -> bool:
    """Whether an amount is of one year."""
    return bool(re.search(r"\bp\s?[/.]\s?j|per jaar|jaarlijks", normal_form(cell)))


Key = TypeVar("Key", bound=str)


class Words:
    """A list of words and names to find in a cell, by key.

    Parameters
    ----------
    wording
        Key -> terms; a `~` before or after a word lets it begin or go on.
    """

    def __init__(self, wording: Mapping[Key, Iterable[str]]) -> None:
        self._terms = [
            (key, normal_form(term).strip(), _pattern(term)) for key, terms in wording.items() for term in terms
        ]
        self._exact = {plain.strip("~"): key for key, plain, _ in reversed(self._terms)}

    def first(self, text: str) -> str:
        """Key of the term that is the text, else of the one that begins first in it, the longest of those; or ''."""
        plain = normal_form(text).strip(" :.?*")
        if plain in self._exact:
            return self._exact[plain]
        hits = []
        for key, term, pattern in self._terms:
            found = pattern.search(plain)
            if found:
                hits.append((found.start(), -len(term), key))
        return min(hits)[2] if hits else ""

    def has(self, text: str) -> bool:
        """Whether any term stands in the text."""
        plain = normal_form(text)
        return any(pattern.search(plain) for _, _, pattern in self._terms)

    def opens(self, text: str) -> bool:
        """Whether the text begins with a term."""
        plain = normal_form(text).strip()
        return any(pattern.match(plain) for _, _, pattern in self._terms)

    def is_one(self, text: str) -> str:
        """Key of the term that the text is as a whole, or ''."""
        return self._exact.get(normal_form(text).strip(" :."), "")


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    plain = normal_form(term).strip()
    inner = re.escape(plain.strip("~")).replace(r"\ ", r"\s+")
    before = r"(?<!\w)[\w-]*" if plain.startswith("~") else r"(?<![\w-])"
    after = r"[\w-]*" if plain.endswith("~") else r"(?![\w-])"
    return re.compile(before + inner + after)


_ONES = (
    *("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    *("dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"),
)
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")


def _below_hundred() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_ONES) if value > 1} | {"één": 1}
    for place, ten in enumerate(_TENS, start=2):
        words[ten] = place * 10
        for value in range(1, 10):
            joint = "ën" if _ONES[value].endswith("e") else "en"
            words[f"{_ONES[value]}{joint}{ten}"] = place * 10 + value
    return words


_SMALL = _below_hundred()
NUMBER_WORDS: Mapping[str, int] = _SMALL | {
    f"{many}honderd{joint}{word}": hundred * 100 + value
    for hundred, many in enumerate(("", "twee", "drie", "vier", "vijf"), start=1)
    for joint in ("", "en")
    for word, value in [("", 0), *_SMALL.items()]
    if word or not joint
}
"""Dutch cardinal numbers from 1 to 599, without 'een' (the article)."""


def whole_number(word: str) -> int | None:
    """A count in digits or as a word; None for anything else.

    >>> whole_number("1.250"), whole_number("zesentwintig"), whole_number("honderdvijfendertig"), whole_number("3,5")
    (1250, 26, 135, None)
    """
    plain = normal_form(word)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+|\d+", plain):
        return int(plain.replace(".", ""))
    return NUMBER_WORDS.get(plain)


def distinct(values: Sequence[str]) -> float:
    """Share (0-1) of the filled values that are unlike all others."""
    filled = [normal_form(value) for value in values if normal_form(value).strip() not in NOTHING]
    return len(set(filled)) / len(filled) if filled else 0.0
