"""Entity patterns that need no training: bodies by name, money, percentages, quantities, dates."""

from typing import Any

from mvoi_nlp.scheme import Organisation

MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
NUMBER = {"TEXT": {"REGEX": r"^\d{1,3}(?:[. ]\d{3})*(?:,\d+)?$|^\d+(?:,\d+)?$"}}
SCALE = {"LOWER": {"IN": ["mln", "mln.", "miljoen", "mld", "mld.", "miljard", "duizend", "k"]}}
UNITS = [
    "ton",
    "kiloton",
    "kton",
    "kg",
    "kilo",
    "fte",
    "uur",
    "uren",
    "kwh",
    "mwh",
    "gwh",
    "gj",
    "m2",
    "m²",
    "m3",
    "m³",
    "liter",
    "km",
    "kilometer",
]


def patterns(organisations: tuple[Organisation, ...]) -> list[dict[str, Any]]:
    """Patterns for spaCy's entity_ruler; bodies carry their id in the register of bodies."""
    found: list[dict[str, Any]] = [
        {"label": "MONEY", "pattern": [{"TEXT": {"IN": ["€", "EUR"]}}, NUMBER, {**SCALE, "OP": "?"}]},
        {"label": "MONEY", "pattern": [NUMBER, {**SCALE, "OP": "?"}, {"LOWER": {"IN": ["euro", "eur"]}}]},
        {"label": "PERCENT", "pattern": [NUMBER, {"LOWER": {"IN": ["%", "procent", "procentpunt"]}}]},
        {"label": "PERCENT", "pattern": [{"TEXT": {"REGEX": r"^\d+(?:,\d+)?%$"}}]},
        {"label": "QUANTITY", "pattern": [NUMBER, {"LOWER": {"IN": UNITS}}]},
        {
            "label": "DATE",
            "pattern": [
                {"IS_DIGIT": True},
                {"LOWER": {"IN": MONTHS}},
                {"TEXT": {"REGEX": r"^(?:19|20)\d\d$"}, "OP": "?"},
            ],
        },
        {"label": "DATE", "pattern": [{"LOWER": {"IN": MONTHS}}, {"TEXT": {"REGEX": r"^(?:19|20)\d\d$"}}]},
        {"label": "DATE", "pattern": [{"TEXT": {"REGEX": r"^\d{1,2}-\d{1,2}-(?:19|20)\d\d$"}}]},
        {"label": "DATE", "pattern": [{"TEXT": {"REGEX": r"^(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?$"}}]},
    ]
    for body in organisations:
        prefixes = {"gemeente": "gemeente", "provincie": "provincie", "waterschap": "waterschap"}
        names = (body.name, *body.variants)
        if body.type in prefixes:
            found += [{"label": "ORG", "pattern": f"{prefixes[body.type]} {name}", "id": body.id} for name in names]
        if body.type in ("gemeente", "provincie"):
            # the bare name is a place; ordinary words (Best, Goes) are none without 'gemeente' before them
            found += [{"label": "GPE", "pattern": name, "id": body.id} for name in names if not body.ambiguous]
        else:
            found += [{"label": "ORG", "pattern": name, "id": body.id} for name in names if len(name) > 3]
    return found
