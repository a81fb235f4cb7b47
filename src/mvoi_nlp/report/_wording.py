from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from mvoi_nlp.records import Counted
from mvoi_nlp.report._rows import Bar, Entry

LOCALE = "nl_NL"
TYPES = {
    "ministerie": "Ministerie",
    "provincie": "Provincie",
    "waterschap": "Waterschap",
    "gemeente": "Gemeente",
    "overig": "Overig",
}
KINDS = {"actieplan": "Actieplan", "rapportage": "Rapportage", "overig": "Overig document"}
FAMILIES = {
    "theme": "Thema's",
    "sector": "Sectoren",
    "instrument": "Instrumenten",
    "topic": "Onderwerpen",
    "goal": "Doelen",
}
FACTS = {
    "taggers": "Herkenners",
    "scheme": "Versie van het begrippenschema",
    "version": "Versie van mvoi-nlp",
    "names": "Namen, telefoonnummers en e-mailadressen",
    "pipeline": "Taalmodel",
}


def decimal(value: float, digits: int = 2) -> str:
    """0.5 -> '0,50'."""
    return str(format_decimal(value, format="0." + "0" * digits, locale=LOCALE))


def percentage(share: float | None) -> str:
    """0.777 -> '77,7%'; a dash where there is nothing to divide by."""
    return "–" if share is None else str(format_percent(share, format="0.0%", locale=LOCALE))


def day(iso: str, form: str = "d MMMM y") -> str:
    """'2025-06-24' -> '24 juni 2025'; empty stays empty."""
    return str(format_date(date.fromisoformat(iso), form, locale=LOCALE)) if iso else ""


def answer(bar: Bar | Counted) -> str:
    """'14 van 18', with what an analyst must still check."""
    if not bar.n:
        return "geen"
    return f"{bar.k} van {bar.n}" + (f" ({bar.doubtful} nog te controleren)" if bar.doubtful else "")


def decision(entry: Entry) -> str:
    """Who decided, in words."""
    if entry.decided_by == "model":
        return "model" if entry.probability is None else f"model, kans {decimal(entry.probability)}"
    if entry.decided_by == "register":
        return "volgens het register"
    return f"oordeel van {entry.decided_by}" if entry.decided_by else "niet verwerkt"


def counted(number: int, one: str, many: str) -> str:
    """'1 pagina', '2 pagina's'."""
    return f"{number} {one if number == 1 else many}"


def elsewhere(organisations: int) -> str:
    """3 -> 'ook in documenten van 3 andere organisaties'."""
    return f"ook in documenten van {counted(organisations, 'andere organisatie', 'andere organisaties')}"
