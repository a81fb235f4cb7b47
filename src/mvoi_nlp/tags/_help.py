import re
from collections.abc import Iterator, Sequence
from typing import Literal

from mvoi_nlp.records import Sentence

Form = Literal["sure", "likely"]
"""`sure` is help text by its form alone; `likely` only where other organisations have it too."""

LONGEST = 6  # sentences between a bracket and its partner; more is a bracket that somebody forgot to close
_PAIRS = {"[": "]", "<": ">", "(": ")"}
_AFTER = " .;:,"

# What a format asks of its writer. Between brackets any order is one; in running text a plan gives orders as well
# ("Neem Samir", "Benoem per thema een trekker"), and letters to a council say u and uw throughout.
_WRITE = (
    r"(?:beschrijf|omschrijf|geef|vul|noem|benoem|licht|vermeld|formuleer|onderbouw|motiveer|kruis|specificeer|"
    r"beantwoord|voeg)"
)
_ORDER = re.compile(
    rf"{_WRITE}\b|(?:kies|denk|houd|klik|tik|typ|zet|neem|schets|maak|selecteer|vink|streep|plaats|plak|leg|som|werk|"
    r"gebruik|let|schrijf|stel|verwijder|verwijs|vervang|pas|begin|sluit|bepaal|laat|lever|stuur|zorg)\b"
)
_WRITTEN_ORDER = re.compile(rf"{_WRITE}\b")
_LEAD = re.compile(
    r"(?:toelichting|instructies?|invulinstructie|schrijfinstructie|uitleg|hulptekst|invulhulp|optioneel|"
    r"indien van toepassing|let op|tip)\s*[:–-]\s*"
)
_HELP_LEAD = re.compile(r"(?:toelichting|instructies?|uitleg)\s*[:–-]\s*")
_NAMED_HELP = re.compile(r"(?:invulinstructie|schrijfinstructie|hulptekst|invulhulp)\s*:")
_PLACEHOLDER = re.compile(
    r"(?:uw (?:organisatie|naam|logo|tekst)|ruimte voor|naam|datum|versie(?:nummer)?|titel|jaartal|"
    r"invullen|in te vullen)\b"
)
_EXAMPLE = re.compile(r"(?:voorbeeld|bijvoorbeeld|bijv|bv)\b")
_TELEGRAM = re.compile(r"\b(?:toevoegen|invullen|invoegen|aanvullen|aankruisen|beschrijven|verwijderen)[.!]?$")
_WORD_PROCESSOR = re.compile(r"(?:klik(?: hier| of tik(?: hier)?)? om (?:een |de )?(?:tekst|datum)\b|kies een item\b)")
_HERE = re.compile(
    rf"{_WRITE} (?:hier(?:onder)?\b|in (?:dit|deze|onderstaande|bovenstaande) (?:tabel|veld|kolom|format))"
)
_FORMAT = re.compile(
    r"\buw organisatie\b.*\b(?:actieplan|plan|thema|doel|mvoi|manifest|inkoop)|"
    r"\b(?:actieplan|plan|thema|doel|mvoi|manifest|inkoop).*\buw organisatie\b"
)
_BIDDER = re.compile(r"\b(?:inschrijv|leverancier|opdrachtnemer|aanbieding|offerte|gunning|aannemer)")
_WRITER = re.compile(r"\b(?:u|uw)\b|\bper (?:thema|doel|sector)\b|\b(?:geef|vul|licht)\b.* (?:aan|in|toe)\b")
_ASKED = re.compile(r"(?:hoe|wat|welke?|waar\w*|wie|wanneer|in hoeverre|op welke)\b.*\b(?:u|uw organisatie)\b.*\?$")


def help_forms(sentences: Sequence[Sentence]) -> dict[int, Form]:
    """Which sentences of one document have the form of help text, by their place in `sentences`."""
    forms: dict[int, Form] = {}
    for place, sentence in enumerate(sentences):
        form = _running(sentence.text)
        previous = sentences[place - 1] if place else None
        if (
            previous is not None
            and forms.get(place - 1) == "sure"
            and previous.block == sentence.block
            and _ORDER.match(_plain(sentence.text))
        ):
            form = "sure"  # "Beschrijf hier uw doelen. Denk aan ..."
        if form:
            forms[place] = form
    for run in _bracketed(sentences):
        inner = " ".join(sentences[place].text.strip() for place in run).strip(_AFTER)
        form = _between(inner)
        forms.update({place: form for place in run if form})
    return forms


def _plain(text: str) -> str:
    return text.strip(" []()<>").casefold()


def _running(text: str) -> Form | None:
    """The form of a sentence without brackets around it: to be sure, it must speak of the form that is filled in."""
    plain = _plain(text)
    if _WORD_PROCESSOR.match(plain) or _NAMED_HELP.match(plain):
        return "sure"
    order = _LEAD.sub("", plain, count=1) if _LEAD.match(plain) else plain
    if _BIDDER.search(order):
        return None  # "Geef aan hoe u afval beperkt" to a bidder is the plan's own
    if _WRITTEN_ORDER.match(order) and (_HELP_LEAD.match(plain) or _HERE.match(order) or _FORMAT.search(order)):
        return "sure"
    if (_ORDER.match(order) and _WRITER.search(order)) or _ASKED.match(order):
        return "likely"
    return None


def _between(text: str) -> Form | None:
    """The form of what stands between brackets, brackets included."""
    inner = text[1:-1].strip()
    parts = [_plain(part) for part in re.split(r"(?<=[.?!;:])\s+", inner) if part.strip()]
    if text[0] == "(":  # in prose a whole sentence may stand between these
        found = {_running(part) for part in parts}
        return "sure" if "sure" in found else "likely" if "likely" in found else None
    whole = inner.casefold()
    asks = any(_ORDER.match(part) or part.endswith("?") for part in parts)
    if asks or _EXAMPLE.match(whole) or _PLACEHOLDER.match(whole) or _TELEGRAM.search(whole):
        return "sure"
    return "likely" if text[0] == "[" else None


def _bracketed(sentences: Sequence[Sentence]) -> Iterator[range]:
    """Runs of sentences that as a whole stand between one pair of brackets."""
    for place, sentence in enumerate(sentences):
        text = sentence.text.strip()
        closing = _PAIRS.get(text[:1])
        if closing is None:
            continue
        for last in range(place, min(place + LONGEST, len(sentences))):
            text = sentences[last].text.strip().rstrip(_AFTER)
            if last > place and (sentences[last].kind == "heading" or sentence.text.strip()[0] in text):
                break
            if closing in text:
                if text.index(closing) == len(text) - 1:
                    yield range(place, last + 1)
                break
