import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz

from mvoi_nlp.records import Boilerplate, FormatHeading, FormatUse, Sentence, Source, by_document, cells_of
from mvoi_nlp.scheme import Format, FormatWording, normal_form
from mvoi_nlp.settings import TagsSettings

ALIKE = 88.0  # of 100: lets through a typing error and another order of words, not another word
SHORT = 0.5  # what a heading that is common without the format too counts for
ALL, SOME = 6, 3  # themes in the order of the Manifest: all is a sign of the format, some are figures by theme
PROSE = 4  # words from which a cell is prose
_NUMBERING = re.compile(r"^(?:(?:artikel|hoofdstuk|afdeling|deel)\s+)?(?:\d+(?:\.\d+)*[.)]?|[ivx]+\.|[a-z]\.)\s+(?=\w)")
_FIGURE = re.compile(r"\d|^(?:x|✓|v|ja|nee|●|■|-|–|groen|oranje|rood|geel)$")
_MENTION = re.compile(
    r"\b(?:format|sjabloon|template)\w*\b.{0,40}\bpianoo|\bpianoo\w*(?:-|\s).{0,25}\b(?:format|sjabloon)"
)
_DENIED = re.compile(r"\b(?:niet|geen|zonder|in plaats van|los van|buiten)\b")


def find_format_use(
    sentences: Iterable[Sentence],
    sources: Sequence[Source],
    boilerplate: Iterable[Boilerplate],
    wording: FormatWording,
    settings: TagsSettings,
) -> list[FormatUse]:
    """Judge for every document how far it visibly uses a format of PIANOo.

    Four signs: the headings of the format in its order, help text left in, a table with the six themes in the order of
    the Manifest, and a sentence that says so. The whole format needs its headings and its help texts (or nearly all
    headings); a report that is tables with figures by theme and hardly a word is `numbers_only`.

    Parameters
    ----------
    sentences
        Of all documents.
    boilerplate
        What `mark_boilerplate` found: it knows the help texts.

    Returns
    -------
        One a source, in their order; documents that were not read have no sign, so `none`.
    """
    by_source = by_document(list(sentences))
    helped: dict[str, int] = {}
    for mark in boilerplate:
        if mark.kind == "invulhulp":
            helped[mark.document] = helped.get(mark.document, 0) + 1
    return [
        _judge(source, by_source.get(source.document, []), helped.get(source.document, 0), wording, settings)
        for source in sources
    ]


@dataclass(frozen=True)
class _Fit:
    """How a format fits the headings of a document."""

    format: str
    score: float
    named: int
    """Headings with a name that above all the format has."""
    headings: tuple[FormatHeading, ...]


def _judge(
    source: Source, sentences: Sequence[Sentence], helped: int, wording: FormatWording, settings: TagsSettings
) -> FormatUse:
    headings = [sentence for sentence in sentences if sentence.kind == "heading"]
    fits = [_fit(format_, headings) for format_ in wording.formats if source.kind in format_.kinds]
    best = max(fits, key=lambda fit: fit.score, default=_Fit("", 0.0, 0, ()))
    in_order = max(_theme_rows(sentences, wording.themes), default=(0, 0))
    table = -in_order[1] if in_order[0] >= ALL else None
    mention = next((sentence.page for sentence in sentences if _mentions(sentence.text)), None)
    figures = _figures(sentences)

    def verdict() -> tuple[str, str]:
        if best.score >= settings.format_full_from and helped >= settings.format_help_texts:
            return "full", "koppen van het format in volgorde, met de invulhulp erbij"
        if best.score >= settings.format_full_alone_from:
            return "full", "vrijwel alle koppen van het format in volgorde"
        few = best.score < settings.format_headings_from
        if source.kind == "rapportage" and few and in_order[0] >= SOME and figures >= settings.format_figures_from:
            return "numbers_only", "tabellen met cijfers per thema en vrijwel geen tekst"
        signs = [
            (not few or (best.named > 0 and len(best.headings) > 1), "koppen van het format"),
            (helped > 0, "invulhulp"),
            (table is not None, "tabel met de zes thema's in de volgorde van het Manifest"),
            (mention is not None, "het document zegt het zelf"),
        ]
        seen = [words for there, words in signs if there]
        return ("partly", "; ".join(seen)) if seen else ("none", "")

    use, why = verdict()
    return FormatUse.model_validate(
        {
            "document": source.document,
            "use": use,
            "format": best.format if best.headings else "",
            "score": round(best.score, 3),
            "headings": best.headings,
            "help_texts": helped,
            "theme_table": table,
            "mention": mention,
            "figures": round(figures, 3),
            "why": why,
        }
    )


def _fit(format_: Format, headings: Sequence[Sentence]) -> _Fit:
    matched = []
    for heading in headings:
        found = _reference(heading.text, format_)
        if found is not None:
            matched.append((heading, *found))
    named = {place for _, place, weight in matched if weight == 1.0}
    rows = tuple(
        FormatHeading(
            reference=format_.headings[place].name, text=heading.text, sentence=heading.number, page=heading.page
        )
        for heading, place, _ in matched
    )
    score = _in_order([(place, weight) for _, place, weight in matched]) / len(format_.headings)
    return _Fit(format_.id, score, len(named), rows)


def _reference(heading: str, format_: Format) -> tuple[int, float] | None:
    """Place of the reference heading that a heading is, and what it counts for; None where it is none."""
    plain = _NUMBERING.sub("", normal_form(heading).strip()).strip(" .:")
    hits = [
        (max(fuzz.ratio(plain, normal_form(name)), fuzz.token_sort_ratio(plain, normal_form(name))), weight, -place)
        for place, reference in enumerate(format_.headings)
        for names, weight in ((reference.names, 1.0), (reference.short, SHORT))
        for name in names
    ]
    likeness, weight, place = max(hits, default=(0.0, 0.0, 0))
    return (-place, weight) if likeness >= ALIKE else None


def _in_order(matched: Sequence[tuple[int, float]]) -> float:
    """Most weight of headings that can be kept so that the others stand in the order of the format."""
    best: list[float] = []
    for at, (place, weight) in enumerate(matched):
        best.append(weight + max((best[k] for k in range(at) if matched[k][0] < place), default=0.0))
    return max(best, default=0.0)


def _theme_rows(sentences: Sequence[Sentence], themes: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Per table, how many themes stand below each other in the order of the Manifest, and its page (negated)."""
    for rows, group in groupby(sentences, key=lambda sentence: sentence.kind == "table_row"):
        if not rows:
            continue
        last = length = 0
        for row in group:
            place = next((p for p in (_theme(cell, themes) for cell in cells_of(row.text)[:2]) if p), 0)
            length = length + 1 if place > last else int(place > 0)
            last = place
            if length:
                yield length, -row.page


def _theme(cell: str, themes: Sequence[Sequence[str]]) -> int:
    """Place of the theme that a cell names, from 1; 0 for none."""
    plain = normal_form(cell).strip()
    for place, names in enumerate(themes, start=1):
        if plain and any(fuzz.ratio(plain, normal_form(name)) >= ALIKE for name in names):
            return place
    return 0


def _mentions(text: str) -> bool:
    plain = normal_form(text)
    return bool(_MENTION.search(plain)) and not _DENIED.search(plain)


def _figures(sentences: Sequence[Sentence]) -> float:
    """Figures, ticks and colours in tables for every word of prose, in or outside of tables."""
    cells = [
        cell.strip().lower()
        for sentence in sentences
        if sentence.kind == "table_row"
        for cell in cells_of(sentence.text)
    ]
    sizes = [len(cell.split()) for cell in cells]
    figures = sum(size < PROSE and bool(_FIGURE.search(cell)) for cell, size in zip(cells, sizes, strict=True))
    prose = sum(size for size in sizes if size >= PROSE)
    prose += sum(len(s.text.split()) for s in sentences if s.kind not in ("table_row", "heading"))
    return figures / max(prose, 1)
