"""Tables that list tenders: which they are, which of their rows is a tender, and what such a row says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast, get_args

from mvoi_nlp.evidence._cell import (
    MARKS,
    NOTHING,
    Content,
    Words,
    content_of,
    date_of,
    distinct,
    euros_of,
    per_year,
)
from mvoi_nlp.evidence._features import TICKS
from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.records import Evidence, Level, Sentence, TenderRecord, TenderUnit, cells_of
from mvoi_nlp.scheme import Scheme, TenderWording, normal_form

LIST_FROM = 3.5
"""Points from which a table is a list of tenders: on train and dev documents lists have 4 or more, others 3 or less."""
POINTS: Mapping[str, float] = {
    "naam": 3.0, "perceel": 3.0, "weak": 1.0, "codes": 1.5,
    "procedure": 2.0, "cpv": 2.0, "waarde": 1.5, "datum": 1.0, "uitkomst": 1.0, "vraag": 1.0, "niveau": 0.5,
    "tick": 1.0, "ticks": 1.5, "thema": 1.0, "sector": 0.5, "voor": 0.5, "heading": 1.0, "caption": 0.5,
    "ander": -3.0, "doel": -2.0, "telling": -1.5, "wie": -1.0,
}  # fmt: skip
"""What each thing that a table shows is worth; a name alone, or dates alone, are not enough."""
FACTS = ("procedure", "cpv", "waarde", "datum", "uitkomst", "vraag", "niveau", "thema", "sector", "voor")
OTHER_LISTS = frozenset({"ander", "thema", "sector", "doel", "telling", "vraag", "voor", "wie"})
"""What a first column holds in a list of something else, unless procedures and amounts or moments stand beside it."""
HALF, UNLIKE = 0.5, 0.9  # shares of the cells of a column: of one kind; no two the same
CAPTION = 3  # sentences before a table that may say what it lists
PRECISION = 0.95
"""Score of a row as evidence: share of right rows, rounded down, on the train documents."""
TAGGER = "tenders"

_APART = frozenset({"footnote", "running_head"})  # between the parts of a table that goes on over the page
_LOT = re.compile(r"\b(?:perceel|perc\.?|kavel|lot)\s*\d", re.IGNORECASE)
_LOTS = re.compile(r"(\d+)\s+percelen\b", re.IGNORECASE)
_TOPICS = frozenset({"topic:aanbestedingskalender", "topic:kalender_met_resultaten"})


@dataclass
class _Table:
    """Rows below one header, wherever the page breaks."""

    headers: tuple[str, ...]
    before: tuple[Sentence, ...]
    """The last sentences before it, in its section."""
    section: str
    rows: list[tuple[Sentence, tuple[str, ...]]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(cells) for _, cells in self.rows), default=len(self.headers))

    def column(self, place: int) -> list[str]:
        return [cells[place] if place < len(cells) else "" for _, cells in self.rows]

    def header(self, place: int) -> str:
        return self.headers[place] if place < len(self.headers) else ""


@dataclass(frozen=True)
class _Columns:
    """What stands where in a table that lists tenders."""

    roles: tuple[str, ...]
    ticks: tuple[int, ...]
    unit: TenderUnit

    def of(self, role: str) -> list[int]:
        return [place for place, name in enumerate(self.roles) if name == role]

    @property
    def identity(self) -> list[int]:
        """The columns that name a row, best first."""
        return [place for role in ("naam", "onderwerp", "perceel", "kenmerk") for place in self.of(role)]


class TenderReader:
    """Finds the tables of a document that list tenders, and reads their rows.

    A table is a list of tenders by what its headers and cells show together: a column that names the tender or gives
    it a code, and beside it procedures, amounts, moments, ticks below themes, results. Headers repeated on a next page,
    groups of headers and tables without headers are read alike.

    Parameters
    ----------
    scheme
        For the wording of themes and sectors.
    wording
        How such lists are worded.
    keywords
        The tagger of the same scheme.
    """

    def __init__(self, scheme: Scheme, wording: TenderWording, keywords: KeywordTagger) -> None:
        self._keywords = keywords
        self._sectors = [label.id for label in scheme.family("sector")]
        self._cpv = dict(sorted(wording.cpv.items(), key=lambda item: -len(item[0])))
        self._columns = Words(wording.columns)
        self._procedures = Words(wording.procedures)
        self._levels = Words(wording.levels)
        self._outcomes = Words({"outcome": wording.outcomes})
        self._themes = Words(wording.themes)
        reasons = ("total", "extension", "no_procedure", "hire")
        self._not = {why: Words({why: wording.not_rows.get(why, ())}) for why in reasons}
        self._units = Words(wording.units)
        self._around = Words({"around": wording.around})

    def read(self, sentences: Sequence[Sentence]) -> list[TenderRecord]:
        """Tenders and lots of one document, in its order.

        Parameters
        ----------
        sentences
            All sentences of the document, in order.
        """
        found = []
        for table in self._tables(sentences):
            columns = self._list_of_tenders(table)
            if columns is not None:
                found += [self._record(table, columns, row, cells) for row, cells in self._tenders(table, columns)]
        return found

    # ------------------------------------------------------------ tables

    def _tables(self, sentences: Sequence[Sentence]) -> Iterator[_Table]:
        table: _Table | None = None
        own: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # a header row, and what the reader had above it
        before: list[Sentence] = []
        for sentence in sentences:
            if sentence.kind in _APART:
                continue
            if sentence.kind != "table_row":
                if table is not None:
                    yield table
                    table, own, before = None, None, []
                before = [] if sentence.kind == "heading" else [*before, sentence][-CAPTION:]
                continue
            cells = tuple(cell.strip() for cell in cells_of(sentence.text))
            if self._is_header(cells):
                own = (sentence.headers, cells)
                if table is not None and table.headers != cells:
                    yield table
                    table = None
                continue
            headers = sentence.headers
            if own is not None and headers in (own[0], ()):
                headers = own[1]  # the reader took a group of headers for the header, or saw none
            if table is not None and headers and headers != table.headers:
                if table.rows and table.rows[-1][1] == headers:
                    table.rows.pop()  # it was the header of what follows
                yield table
                table = None
            if table is None:
                table = _Table(headers, tuple(before), sentence.section)
            table.rows.append((sentence, cells))
        if table is not None:
            yield table

    def _is_header(self, cells: Sequence[str]) -> bool:
        filled = [cell for cell in cells if cell]
        known = [cell for cell in filled if self._columns.is_one(cell) or self._themes.is_one(cell)]
        return len(known) >= 2 and 2 * len(known) > len(filled) and all(content_of(cell) == "text" for cell in filled)

    def _list_of_tenders(self, table: _Table) -> _Columns | None:
        """The columns of a table that lists tenders; None for any other table."""
        if table.width < 2:
            return None
        places = range(table.width)
        contents = [[content_of(cell) for cell in table.column(place)] for place in places]
        ticks = tuple(place for place in places if _ticks(table.column(place)))
        roles = tuple("" if place in ticks else self._role(table, place, contents[place]) for place in places)
        roles = _with_identity(roles, ticks, contents)
        first = next((place for place, role in enumerate(roles) if role != "kenmerk"), 0)
        shown = {role for role in roles if role in FACTS} | {"ticks" if len(ticks) > 1 else "tick" for _ in ticks}
        if not shown:
            return None
        if "naam" in roles or "perceel" in roles[: first + 1]:
            shown.add("naam")
        elif roles[first] in OTHER_LISTS and not ("procedure" in shown and shown & {"waarde", "datum"}):
            shown.add("ander")
        elif roles[first] in OTHER_LISTS:
            shown.add("weak")
            roles = (*roles[:first], "onderwerp", *roles[first + 1 :])
        elif {"onderwerp", "kenmerk"} & set(roles[: first + 1]):
            shown.add("weak")
        else:
            return None
        for place in [place for place in places if roles[place] in ("kenmerk", "perceel")][:1]:
            codes = sum(kind == "code" for kind in contents[place]) / len(table.rows)
            shown |= {"codes"} if codes > HALF and distinct(table.column(place)) > UNLIKE else set()
        shown |= {role for role in ("doel", "telling", "wie") if role in roles}
        shown |= self._context(table)
        if sum(POINTS[sign] for sign in shown) < LIST_FROM:
            return None
        return _Columns(roles, ticks, self._unit(table, roles))

    def _role(self, table: _Table, place: int, contents: Sequence[Content]) -> str:
        """What a column holds, by its header, unless its cells say otherwise; by its cells where it has no header."""
        role = self._columns.first(table.header(place)) if table.header(place) else ""
        column = table.column(place)
        filled = [
            (cell, kind)
            for cell, kind in zip(column, contents, strict=True)
            if kind != "empty" and not self._not["total"].opens(cell)
        ]
        if not filled:
            return role

        def share(test: Callable[[str], object]) -> float:
            return sum(bool(test(cell)) for cell, _ in filled) / len(filled)

        kinds = {kind: sum(one == kind for _, one in filled) / len(filled) for kind in get_args(Content)}
        by_cells = [
            ("waarde", kinds["money"]),
            ("datum", kinds["date"]),
            ("procedure", share(self._procedures.first)),
            ("uitkomst", share(self._outcomes.has)),
        ]
        if not any(table.headers) and distinct(column) > UNLIKE:
            by_cells += [("kenmerk", kinds["code"]), ("onderwerp", kinds["text"] - 0.3)]
        likely = next((name for name, part in by_cells if part > HALF), "")
        if role == "procedure" and likely != role:
            return ""  # 'Soort' and 'Wijze' may be of anything
        if role == "waarde" and not share(lambda cell: euros_of(cell) is not None):
            return ""
        if role in ("naam", "onderwerp") and kinds["text"] + kinds["code"] < HALF:
            return "telling"
        return role or likely

    def _context(self, table: _Table) -> set[str]:
        """What stands around the table: a heading or a sentence that speaks of tenders."""
        signs = set()
        headings = table.section.split(" > ")[-2:]
        if any(self._speaks_of_tenders(text) or _TOPICS & self._keywords.find_in_heading(text) for text in headings):
            signs.add("heading")
        if any(self._speaks_of_tenders(sentence.text) for sentence in table.before):
            signs.add("caption")
        return signs

    def _speaks_of_tenders(self, text: str) -> bool:
        return self._units.has(text) or self._around.has(text)

    def _unit(self, table: _Table, roles: Sequence[str]) -> TenderUnit:
        """What a row is, where it does not say so itself."""
        if "naam" in roles or "onderwerp" in roles:
            return "aanbesteding"
        if "perceel" in roles:
            return "perceel"
        around = [table.section.rpartition(" > ")[2], *(sentence.text for sentence in reversed(table.before))]
        for text in around:  # the nearest text that names one of the two
            unit = self._units.first(text)
            if unit == "perceel":
                return "perceel"
            if unit:
                break
        return "aanbesteding"

    # ------------------------------------------------------------ rows

    def _tenders(self, table: _Table, columns: _Columns) -> Iterator[tuple[Sentence, tuple[str, ...]]]:
        for row, cells in table.rows:
            filled = [cell for cell in cells if not _open(cell)]
            names = [cells[place] for place in columns.identity if place < len(cells) and not _open(cells[place])]
            procedures = [cells[place] for place in columns.of("procedure") if place < len(cells)]
            said = [*names, *procedures]
            if len(cells) > 2 and sum(bool(cell) for cell in cells) < 2:
                continue  # a heading between the rows, or a remark below them
            if not names or (len(filled) > 1 and len(set(filled)) == 1):
                continue  # nothing named, or one text over merged cells
            if any(self._not["total"].opens(cell) for cell in filled[:2]) or self._says("extension", said):
                continue
            hired = self._says("hire", names) and all(_open(cell) for cell in procedures)
            if self._says("no_procedure", said) or (procedures and hired):
                continue
            yield row, cells

    def _says(self, why: str, cells: Iterable[str]) -> bool:
        return any(self._not[why].has(cell) for cell in cells)

    def _record(self, table: _Table, columns: _Columns, row: Sentence, cells: tuple[str, ...]) -> TenderRecord:
        def filled(role: str) -> list[tuple[int, str]]:
            places = [place for place in columns.of(role) if place < len(cells)]
            return [(place, cells[place]) for place in places if not _open(cells[place])]

        def text(role: str) -> str:
            return next((cell for _, cell in filled(role)), "")

        lot = text("perceel")
        name = text("naam") or text("onderwerp") or (self._name_above(table, columns, row) if lot else "")
        place, amount = next(iter(filled("waarde")), (0, ""))
        value = euros_of(amount, table.header(place))
        unit, lots = self._lots(table, columns, name, lot)
        return TenderRecord(
            document=row.document,
            sentence=row.number,
            page=row.page,
            unit=unit,
            code=text("kenmerk") or ("" if lots else lot),
            name=name,
            lots=lots,
            value=value,
            per_year=value is not None and per_year(amount),
            procedure=self._procedures.first(text("procedure")),
            date=date_of(text("datum")),
            sectors=self._sectors_of(text("cpv"), text("sector"), name),
            themes=self._themes_of(table, columns, cells),
            level=cast(Level, self._levels.is_one(text("niveau"))),
            result="; ".join(cell for _, cell in filled("uitkomst")),
        )

    def _name_above(self, table: _Table, columns: _Columns, row: Sentence) -> str:
        """The name that a cell over several rows gives to a lot."""
        name = ""
        for other, cells in table.rows:
            if other.number == row.number:
                break
            named = [cells[place] for place in columns.of("naam") + columns.of("onderwerp") if place < len(cells)]
            name = next((cell for cell in named if not _open(cell)), name)
        return name

    def _lots(self, table: _Table, columns: _Columns, name: str, lot: str) -> tuple[TenderUnit, int | None]:
        """Whether a row is a tender or a lot, and the number of its lots where it is a tender."""
        if _LOT.search(name):
            return "perceel", None
        counted = _LOTS.search(name)
        if counted:
            return "aanbesteding", int(counted[1])
        if not name or not lot:
            return columns.unit, None
        # a column of lots beside the names: it numbers them (1, 2, 3 below each other), or counts those of each name
        numbers = [cell for cell in table.column(columns.of("perceel")[0]) if not _open(cell)]
        numbered = any(b == str(int(a) + 1) for a, b in pairwise(numbers) if a.isdigit()) and "1" in numbers
        return ("perceel", None) if numbered or not lot.isdigit() else ("aanbesteding", int(lot))

    def _sectors_of(self, cpv: str, sector: str, name: str) -> tuple[str, ...]:
        digits = re.sub(r"\D", "", cpv or (sector if re.search(r"\d{4}", sector) else ""))
        by_code = next((label for start, label in self._cpv.items() if digits.startswith(start)), "") if digits else ""
        for text in (sector, name):
            found = self._keywords.find_in_heading(text) if text else frozenset()
            labels = tuple(label for label in self._sectors if label in found)
            if labels:
                return labels
        return (by_code,) if by_code else ()

    def _themes_of(self, table: _Table, columns: _Columns, cells: Sequence[str]) -> tuple[str, ...]:
        found: set[str] = set()
        for place in columns.ticks:
            if place < len(cells) and normal_form(cells[place]).strip() in TICKS:
                found |= self._theme_names(table.header(place))
        for place in columns.of("thema"):
            for part in re.split(r"[,;/+]| en ", cells[place] if place < len(cells) else ""):
                found |= self._theme_names(part)
        return tuple(sorted(found))

    def _theme_names(self, text: str) -> set[str]:
        short = self._themes.is_one(text)
        named = {label for label in self._keywords.find_in_heading(text) if label.startswith("theme:")}
        return {short} if short else named


def _with_identity(
    roles: tuple[str, ...], ticks: Sequence[int], contents: Sequence[Sequence[Content]]
) -> tuple[str, ...]:
    """The roles, where nothing names a row with the first column of words for its subject."""
    if {"naam", "onderwerp", "kenmerk", "perceel"} & set(roles) or not roles or 0 in ticks or roles[0]:
        return roles
    words = sum(kind in ("text", "code") for kind in contents[0])
    return ("onderwerp", *roles[1:]) if 2 * words > len(contents[0]) else roles


def _open(cell: str) -> bool:
    """Whether a cell says nothing yet, or nothing at all."""
    return normal_form(cell).strip() in NOTHING


def _ticks(column: Iterable[str]) -> bool:
    """Whether a column holds ticks: nothing but yes and no, and at least one yes."""
    plain = [normal_form(cell).strip() for cell in column]
    marked = [cell for cell in plain if cell in MARKS]
    # the cell of the total is a number
    return bool(set(plain) & TICKS) and len(plain) - len(marked) <= max(1, len(plain) // 5)


def tender_evidence(records: Sequence[TenderRecord], sentences: Sequence[Sentence], scheme: Scheme) -> list[Evidence]:
    """Rows `tender:aanbesteding` and `tender:perceel`, as far as the scheme has these labels."""
    lengths = {sentence.number: len(sentence.text) for sentence in sentences}
    return [
        Evidence(
            document=record.document,
            sentence=record.sentence,
            label=f"tender:{record.unit}",
            start=0,
            end=lengths[record.sentence],
            score=PRECISION,
            tagger=TAGGER,
        )
        for record in records
        if f"tender:{record.unit}" in scheme.by_id
    ]
