"""Dutch amounts, percentages, dates and quantities as patterns over text; nothing here needs training."""

import re
from collections.abc import Iterator

_SPACE = r"[ \u00a0\u2009\u202f]"
_DASH = r"[-–—]"

_ONES = "één|een|twee|drie|vier|vijf|zes|zeven|acht|negen"
_TEENS = "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_BELOW_100 = rf"(?:(?:{_ONES})(?:en|ën)(?:{_TENS})|{_TENS}|{_TEENS}|{_ONES})"
_BELOW_1000 = rf"(?:(?:{_BELOW_100})?honderd(?:en)?(?:{_BELOW_100})?|{_BELOW_100})"
_WORD = (
    rf"(?:(?:{_BELOW_1000})?duizend(?:{_BELOW_1000})?|{_BELOW_1000}|anderhalve|anderhalf|tweeënhalf|tweeëneenhalf"
    r"|driekwart|een\shalf|een\skwart|half|tientallen|honderden|duizenden)"
)
NUMBER_WORD = rf"(?<![\w-]){_WORD}(?![\w-])"

_DIGITS = r"(?:\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:,\d+|\.\d{1,2}(?![\d.])|[½¼¾])?"
_NUMBER = rf"(?:(?<![\w,.]){_DIGITS}|{NUMBER_WORD})"
_SCALE = rf"(?:{_SPACE}?(?:miljoen|miljard|mln\b\.?|mld\b\.?|mio\b|mille|duizend|honderd)(?!\w)|[kKM]\b)"
_TON = rf"(?:{_SCALE}|{_SPACE}ton(?!\w))"  # 'twee ton euro': a hundred thousand each
_TO = rf"(?:{_SPACE}?(?:{_DASH}|/){_SPACE}?|{_SPACE}(?:à|a|tot(?:{_SPACE}en{_SPACE}met)?|t/m){_SPACE})"
_OR = rf"(?:{_TO}|{_SPACE}of{_SPACE})"  # between two numbers of which the last alone has the unit
_CENTS = rf"(?:,{_DASH}{{1,2}}|,=)"

_SIGN = r"(?:€|(?<!\w)EUR(?!\w)|(?<!\w)(?:k|M)€)"
_EURO = rf"(?:€(?!{_SPACE}?[\d-])|EUR(?!\w)|euro(?:['’]?s)?(?!\w)|eurocent(?!\w)|cent(?!\w))"
_AMOUNT = rf"(?:-/-{_SPACE}?|-)?{_DIGITS}{_CENTS}?(?:{_TON}|{_SPACE}(?-i:[KM])\b)?"
_NO_OTHER_UNIT = rf"(?!\w|{_SPACE}?(?:%|procent|jr|jaar|maand))"
# a second amount without a sign: '€ 5-10', '€ 12 à 14 mln', but '€ 1,8M – 8 jr' are two things
_AND_AMOUNT = (
    rf"(?:{_TO}{_SIGN}{_SPACE}?{_AMOUNT}"
    rf"|(?:{_DASH}|/|{_SPACE}(?:à|a|tot|t/m){_SPACE}){_AMOUNT}{_NO_OTHER_UNIT}|{_SPACE}{_DASH}{_SPACE}{_DIGITS}{_SCALE})"
)
MONEY = re.compile(
    rf"(?<=tussen ){_SIGN}{_SPACE}?{_AMOUNT} en (?:{_SIGN}{_SPACE}?)?{_AMOUNT}{_NO_OTHER_UNIT}"
    rf"|{_SIGN}{_SPACE}?{_AMOUNT}{_AND_AMOUNT}?"
    rf"|{_NUMBER}{_TON}?(?:{_TO}{_NUMBER}{_TON}?)?{_CENTS}?{_SPACE}?{_EURO}",
    re.IGNORECASE,
)

_PERCENT_SIGN = (
    rf"(?:{_SPACE}?(?:%{_DASH}?{_SPACE}?punt(?:en)?(?!\w)|%|‰)"
    rf"|{_SPACE}?(?:procent(?:punt(?:en)?)?|percent|pct\b\.?|promille)(?!\w))"
)
PERCENT = re.compile(
    rf"{_NUMBER}(?:{_OR}|{_PERCENT_SIGN}{_TO}){_NUMBER}{_PERCENT_SIGN}"
    rf"|(?<=tussen ){_NUMBER}(?:{_PERCENT_SIGN})? en {_NUMBER}{_PERCENT_SIGN}"
    rf"|{_NUMBER}{_PERCENT_SIGN}",
    re.IGNORECASE,
)

_UNITS = (
    # weight and volume
    "kton", "kiloton", "megaton", "ton", "tonnen", "kg", "kilo", "kilo's", "kilogram", "kilogrammen", "gram", "gr",
    "mg", "g",
    "l", "liter", "liters", "hl", "ml", "m3", "m³", "kuub", "kubieke meter", "kubieke meters",
    # length and surface
    "km", "kilometer", "kilometers", "km2", "km²", "m", "meter", "meters", "cm", "centimeter", "mm", "m1", "m2", "m²",
    "ha", "hectare", "hectaren", "hectares", "vierkante meter", "vierkante meters", "vierkante kilometer",
    "strekkende meter", "vkm", "voertuigkilometer", "voertuigkilometers",
    # energy
    "kwh", "mwh", "gwh", "twh", "kw", "mw", "gw", "kwp", "mwp", "wp", "w", "watt", "mj", "gj", "tj", "pj", "joule",
    "kv", "volt", "°c", "graden", "graden celsius", "lux", "db", "decibel", "db(a)", "ppm", "bar",
    # data
    "gb", "tb", "mb", "mbit",
    # work and time
    "fte", "fte's", "fte’s", "voltijdplaatsen", "arbeidsjaar", "arbeidsjaren", "mensjaar", "mensjaren",
    "arbeidsplaatsen",
    "uur", "uren", "uurtjes", "manuren", "draaiuren", "minuten", "minuut", "seconden", "dag", "dagen", "werkdag",
    "werkdagen", "dagdeel", "dagdelen", "week", "weken", "wk", "wk.", "maand", "maanden", "mnd", "mnd.",
    "kwartalen", "jaar", "jaren", "jr", "jr.",
    "decennia", "schooljaren",
)  # fmt: skip
_PREFIXED = r"(?:(?:werk|kalender|man|mens|arbeids|draai)(?:uren|dagen|weken|jaren|jaar))"
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_PER = rf"(?:/(?:{_UNIT}|km|jaar|uur)(?!\w))?"
QUANTITY = re.compile(
    rf"(?!(?:een|één){_SPACE}\w+{_SPACE}(?:eerder|later|geleden|ervoor|daarvoor|daarna|terug)(?!\w))"
    rf"{_NUMBER}{_SCALE}?(?:{_OR}{_NUMBER}{_SCALE}?)?(?:{_SPACE}|-(?=uur))?"
    rf"(?:(?:{_UNIT})(?![\w’'²³])|{_PREFIXED}(?!\w)){_PER}"
    rf"|(?<=tussen ){_NUMBER} en {_NUMBER}{_SPACE}(?:{_UNIT})(?![\w’'])",
    re.IGNORECASE,
)
_CLOCK = r"(?:[01]?\d|2[0-3])[.:][0-5]\d"
TIME = re.compile(
    rf"(?<![\w.:]){_CLOCK}(?:{_SPACE}?{_DASH}{_SPACE}?{_CLOCK})?{_SPACE}?(?:uur|u\b\.?)(?!\w)", re.IGNORECASE
)

_MONTH = "(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?!\\w)"
_MONTH_SHORT = r"(?:jan|feb|febr|mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec)\b\.?"
_ANY_MONTH = rf"(?:{_MONTH}|{_MONTH_SHORT})"
_DAY = r"(?<![\w.,])(?:[0-3]?\d)(?:e|ste|de)?"
_WEEKDAY = r"(?:(?<!\w)(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:ma|di|wo|do|vr|za|zo)\b\.?))"
_TILL = rf"(?:{_SPACE}?(?:{_DASH}|/){_SPACE}?|{_SPACE}(?:t/m|tot{_SPACE}en{_SPACE}met|tot|en{_SPACE}met){_SPACE})"
_QUOTED = r"['’‘`]\d\d(?!\w)"
_FULL_YEAR = r"(?:19|20)\d\d(?!\w|[.,]\d)"
_YEAR = rf"(?:(?<![\w.,'’/-]){_FULL_YEAR}|(?<!\w){_QUOTED})"
_YEARS = (
    rf"(?:{_YEAR}(?:{_SPACE}?(?:{_DASH}|/){_SPACE}?(?:{_QUOTED}|(?:(?:19|20)?\d\d)(?![\w-]|[.,]\d))"
    rf"|{_SPACE}(?:t/m|tot{_SPACE}en{_SPACE}met|tot|en{_SPACE}met){_SPACE}(?:eind{_SPACE})?(?:{_FULL_YEAR}|{_QUOTED}))?)"
)
_OF_YEAR = rf"(?:{_SPACE}(?:van{_SPACE})?{_YEARS})"
_NUMERIC = (
    r"(?<![\w.,/])(?<!\w-)(?:[0-3]?\d[-./][01]?\d[-./](?:(?:19|20)\d\d|['’]?\d\d)|(?:19|20)\d\d-[01]\d-[0-3]\d)"
    r"(?![\w-])"
)
_NUMERIC_DAY = r"(?:(?<=per )|(?<=op )|(?<=tot )|(?<=van )|(?<=voor )|(?<=vóór ))[0-3]\d[-/][01]\d(?![-/\d])"
_DAY_MONTH = (
    rf"(?:{_WEEKDAY}{_SPACE})?(?:{_DAY}(?:{_OR}|{_SPACE}en{_SPACE}))?{_DAY}{_SPACE}{_ANY_MONTH}(?:{_SPACE}{_YEAR})?"
)
_SEASON = (
    r"(?:begin|half|medio|eind|einde|halverwege|ultimo|primo|voorjaar|najaar|zomer|herfst|winter|lente|jaarwisseling)"
)
_SEASON_ALONE = r"(?:(?<=het )|(?<=dit )|(?<=vorig )|(?<=komend ))(?:voorjaar|najaar)(?!\w)"
_MONTHS = (
    rf"(?<!\w)(?:{_SEASON}{_SPACE})?(?:{_ANY_MONTH}(?:{_SPACE}{_YEAR})?{_TILL}(?:{_SEASON}{_SPACE})?{_ANY_MONTH}{_SPACE}{_YEAR}"
    rf"|{_MONTH}{_TILL}(?:{_SEASON}{_SPACE})?{_MONTH}"
    rf"|(?:{_MONTH}|{_MONTH_SHORT}(?={_SPACE}?['’]?\d\d))(?:{_TILL}{_MONTH})?(?:{_SPACE}{_YEAR})?"
    rf"(?:{_TO}{_MONTH}{_SPACE}{_YEAR})?)"
)
_NTH = "(?:eerste|tweede|derde|vierde|laatste|[1-4](?:e|ste|de))"
_PART = (
    rf"(?<!\w){_NTH}(?:{_SPACE}(?:en|t/m|of){_SPACE}{_NTH})?{_SPACE}"
    rf"(?:(?:kwartaal|halfjaar|half{_SPACE}jaar|trimester|kwartalen|helft)(?:{_SPACE}van{_SPACE}{_MONTH}(?:{_SPACE}{_YEAR})?|{_OF_YEAR})"
    rf"|(?:kwartaal|halfjaar|half{_SPACE}jaar|trimester|kwartalen)(?!\w))"
)
_QUARTER = (
    rf"(?<!\w)(?:[QK][1-4](?:{_SPACE}?(?:{_DASH}|/|t/m){_SPACE}?[QK]?[1-4](?!\d))?(?!\w)"
    rf"(?:{_OF_YEAR}|[-/]?(?:{_FULL_YEAR}|{_QUOTED}))?(?:{_TILL}[QK][1-4]{_OF_YEAR})?|H[12](?:{_SPACE}|-)?(?:{_FULL_YEAR}|{_QUOTED}))"
)
_WEEK = rf"(?<!\w)(?:week|wk\.?|weken){_SPACE}\d\d?(?:{_TILL}\d\d?)?(?!\w|[.,]\d)(?:{_OF_YEAR})?"
_KIND_OF_YEAR = (
    r"(?:(?:school|studie|boek|begrotings|kalender|verslag|rapportage|plan|contract|uitvoerings)jaar|jaren|periode)"
)
DATE = re.compile(
    rf"(?<=tussen )(?:{_NUMERIC} en {_NUMERIC}|{_FULL_YEAR} en {_FULL_YEAR}|{_DAY_MONTH} en {_DAY_MONTH}"
    rf"|{_SEASON}{_OF_YEAR} en {_SEASON}{_OF_YEAR})"
    rf"|(?:{_WEEKDAY}{_SPACE})?{_NUMERIC}(?:{_SPACE}?(?:{_DASH}|t/m|tot){_SPACE}?{_NUMERIC})?"
    rf"|(?:(?<!\w){_SEASON}{_SPACE})?{_DAY_MONTH}(?:{_TO}{_DAY_MONTH})?"
    rf"|{_MONTHS}|{_PART}|{_QUARTER}|{_NUMERIC_DAY}|{_SEASON_ALONE}|{_WEEK}"
    rf"|(?<!\w){_YEARS}{_SPACE}?[-/]?{_SPACE}?[QK][1-4](?!\w)"
    rf"|(?<!\w){_SEASON}{_OF_YEAR}"
    rf"|(?<!\w)(?:{_SEASON}{_SPACE})?jaren{_SPACE}(?:{_TENS}|{_QUOTED})(?!\w)"
    rf"|(?<!\w)(?:{_KIND_OF_YEAR}{_SPACE})?{_YEARS}",
    re.IGNORECASE,
)
ORDINAL = re.compile(
    r"(?<![\w,.])\d+(?:e|ste|de)(?![\w-])|(?<![\w-])(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende"
    r"|tiende|elfde|twaalfde|twintigste)(?![\w-])",
    re.IGNORECASE,
)
CARDINAL = re.compile(
    rf"(?<![\w,.+€-]){_DIGITS}(?![\w%]|[-.,]\d)|(?<![\w-])(?!een(?!\w)){_WORD}(?![\w-])", re.IGNORECASE
)

_NUMBERS = rf"\d|{_ONES}|{_TENS}|tien|elf|twaalf|honderd|duizend|anderhal|driekwart"
PATTERNS = tuple(
    (label, pattern, re.compile(needed, re.IGNORECASE))
    for label, pattern, needed in (
        ("MONEY", MONEY, "€|eur|cent"),
        ("PERCENT", PERCENT, "%|‰|procent|percent|pct|promille"),
        ("TIME", TIME, r"\d ?u"),
        ("DATE", DATE, rf"\d|{_MONTH}|kwartaal|kwartalen|helft|halfjaar|jaren|trimester|jaar van"),
        ("QUANTITY", QUANTITY, _NUMBERS),
        ("ORDINAL", ORDINAL, r"\d[esd]|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|[ntf]de"),
        ("CARDINAL", CARDINAL, _NUMBERS),
    )
)
"""Label, pattern, and what a text must hold at the least, which is quick to see. Most telling first: where two overlap,
the earlier holds."""


def find_quantities(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and label of every amount, percentage, time, date, quantity and number, without overlaps.

    Offsets are characters of `text`; labels are those of OntoNotes (MONEY, PERCENT, TIME, DATE, QUANTITY, ORDINAL,
    CARDINAL).
    """
    taken = bytearray(len(text))
    for label, pattern, needed in PATTERNS:
        match = pattern.search(text) if needed.search(text) else None
        while match:
            start, end = match.span()
            while start < end and text[start].isspace():
                start += 1
            hit = taken.rfind(1, start, end)
            if start < end and hit < 0:
                taken[start:end] = b"\1" * (end - start)
                yield start, end, label
            # behind what an earlier pattern took the match may go on: '2025 – 4 jr'
            match = pattern.search(text, max(match.start() + 1, hit + 1 if hit >= 0 else end))
