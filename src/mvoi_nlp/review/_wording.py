from datetime import datetime

from mvoi_nlp.records import Source, Verdict

FAMILY = {
    "theme": ("Thema", "Thema’s"),
    "sector": ("Sector", "Sectoren"),
    "instrument": ("Instrument", "Instrumenten"),
    "topic": ("Onderwerp", "Onderwerpen"),
    "goal": ("Doel", "Doelen"),
}
_QUESTION = {
    "theme": "Speelt het thema {label} een rol in {document}?",
    "sector": "Noemt {document} de sector {label}?",
    "instrument": "Noemt {document} het instrument {label}?",
    "topic": "Komt het onderwerp {label} aan bod in {document}?",
}
_OTHER_QUESTION = "Gaat het in {document} over {label}?"
_ARTICLE = {"ministerie": "het ", "waterschap": "het ", "hoogheemraadschap": "het ", "unie": "de "}
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def question(family: str, label: str, document: str) -> str:
    """Word the question about one cell; `label` and `document` are put in as they come."""
    return _QUESTION.get(family, _OTHER_QUESTION).format(label=label, document=document)


def family_name(family: str, *, plural: bool = False) -> str:
    """Dutch name of a family, or its id where there is none."""
    return FAMILY.get(family, (family, family))[plural]


def document_name(source: Source | None, document: str) -> str:
    """Such as 'het actieplan 2024 van Gemeente Zutphen'."""
    if source is None:
        return f"document {document}"
    article = "de" if source.kind == "rapportage" else "het"
    organisation = organisation_name(source)
    its = _ARTICLE.get(organisation.lower().partition(" ")[0], "")
    return f"{article} {kind_name(source)} van {its}{organisation}"


def kind_name(source: Source) -> str:
    """Such as 'rapportage over 2024'."""
    if source.kind == "rapportage":
        return f"rapportage over {source.reporting_year}" if source.reporting_year else f"rapportage {source.year}"
    return f"{'actieplan' if source.kind == 'actieplan' else 'document'} {source.year}"


def organisation_name(source: Source) -> str:
    """Name with 'Gemeente' or 'Provincie' before it where the register leaves that out."""
    kind = source.organisation_type
    if kind in ("gemeente", "provincie") and kind not in source.organisation.lower():
        return f"{kind.capitalize()} {source.organisation}"
    return source.organisation


def moment(verdict: Verdict) -> str:
    """Such as '3 maart 2026, 14:05', or the text as it stands when it is no date."""
    try:
        time = datetime.fromisoformat(verdict.time)
    except ValueError:
        return verdict.time
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M}"


def percentage(probability: float) -> str:
    """Such as '54 %'."""
    return f"{round(100 * probability)} %"


def elsewhere(organisations: int) -> str:
    """Such as 'ook in documenten van 3 andere organisaties'."""
    return f"ook in documenten van {organisations} andere organisatie{'' if organisations == 1 else 's'}"
