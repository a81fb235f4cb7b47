from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mvoi_nlp.records import Cell, Quote, Sentence, Verdict, organisations_elsewhere
from mvoi_nlp.review._queue import DOUBTFUL, family_of, queue
from mvoi_nlp.review._serve import ReviewState
from mvoi_nlp.review._store import append_verdict, read_verdicts
from mvoi_nlp.review._verdicts import CellKey, apply_verdicts, deciding, last_of, standing_verdicts

AROUND = 2  # sentences of context before and after a quote
_FURNITURE = ("running_head", "contents")  # kinds that break a line of thought and say nothing


@dataclass(frozen=True)
class Passage:
    """A quote where it stands."""

    place: str
    """Page or sheet."""
    section: str
    before: tuple[Sentence, ...]
    text: str
    after: tuple[Sentence, ...]
    marks: tuple[tuple[int, int], ...]
    """Characters of `text` that triggered a tagger."""
    elsewhere: int = 0
    """Number of other organisations that have it in a document too."""


@dataclass(frozen=True)
class Progress:
    """How far the questions are."""

    done: int
    total: int
    skipped: int
    families: Mapping[str, tuple[int, int]]
    """Family -> done and total."""


class Session:
    """Where one analyst is among the questions, and what a verdict does; knows nothing of buttons.

    The file of verdicts is the only memory: it is read again after every verdict, so a second page sees the same, and
    nothing is lost when the process dies.
    """

    def __init__(self, state: ReviewState) -> None:
        self.state = state
        self.sources = {source.document: source for source in state.sources}
        self._sheets = {(page.document, page.number): page.name for page in state.pages}
        self._places = {
            document: {sentence.number: place for place, sentence in enumerate(sentences)}
            for document, sentences in state.sentences.items()
        }
        self._marks: dict[tuple[str, str, int], set[tuple[int, int]]] = {}
        for row in state.evidence:
            self._marks.setdefault((row.document, row.label, row.sentence), set()).add((row.start, row.end))
        self._elsewhere = organisations_elsewhere(state.boilerplate)
        self.questions = [_key(cell) for cell in queue(state.cells, state.scheme, state.settings)]
        self._again: set[CellKey] = set()
        self.reload()
        self.current = self._next_open(None)

    def reload(self) -> None:
        """Read the verdicts again, also those of another page."""
        self._verdicts = read_verdicts(self.state.decisions)
        self._standing = standing_verdicts(self._verdicts)
        self.cells = {_key(cell): cell for cell in apply_verdicts(self.state.cells, self._verdicts).cells}

    @property
    def cell(self) -> Cell | None:
        """The cell that is asked about; None when all questions are answered."""
        return self.cells.get(self.current) if self.current else None

    @property
    def number(self) -> int | None:
        """Place of the current cell among the questions, from 1; None for a cell that was looked up."""
        return self.questions.index(self.current) + 1 if self.current in self.questions else None

    def give(self, verdict: Literal["ja", "nee", "overslaan"], note: str = "") -> None:
        """Store a verdict on the current cell and go to the next question.

        Raises
        ------
        ReviewError
            It could not be stored; the session stays where it is.
        """
        if self.current is None:
            return
        self.reload()
        self._append(self.current, verdict, replaced=self.cells[self.current].status, note=note)
        self._again.discard(self.current)
        self.current = self._next_open(self.current)

    def undo(self) -> Verdict | None:
        """Take back this analyst's latest verdict, go to its cell, and return what was taken back."""
        self.reload()
        last = last_of(self._verdicts, self._standing, self.state.analyst)
        if last is None:
            return None
        key = (last.document, last.label)
        self._append(key, "ongedaan", replaced=last.verdict)
        self.current = key if key in self.cells else self.current
        return last

    def walk(self, step: Literal[-1, 1]) -> None:
        """Go to the question before or after this one, answered or not."""
        if not self.questions:
            return
        number = self.number or (len(self.questions) + 1 if self.current is None else 0)
        self.current = self.questions[min(max(number - 1 + step, 0), len(self.questions) - 1)]

    def open(self, key: CellKey) -> None:
        """Go to any cell."""
        if key in self.cells:
            self.current = key

    def revisit_skipped(self) -> None:
        """Ask the skipped questions once more."""
        self._again = {key for key in self.questions if self.is_skipped(key)}
        self.current = self._next_open(None)

    def go_to_open(self) -> None:
        """Go to the first question without an answer."""
        self.current = self._next_open(None)

    def is_skipped(self, key: CellKey) -> bool:
        """Whether the last word on a cell is `overslaan`, and it still waits for an answer."""
        stack = self._standing.get(key, ())
        return bool(stack) and stack[-1].verdict == "overslaan" and self.cells[key].status == DOUBTFUL

    def history(self, key: CellKey) -> tuple[Verdict, ...]:
        """Verdicts on a cell that were not taken back, oldest first."""
        return self._standing.get(key, ())

    def deciding(self, key: CellKey) -> Verdict | None:
        """Return the verdict that holds on a cell."""
        return deciding(self._standing.get(key, ()))

    def progress(self) -> Progress:
        """Count the questions that are answered, per family."""
        families = dict.fromkeys(self.state.settings.families, (0, 0))
        for key in self.questions:
            done, total = families[family_of(key[1])]
            families[family_of(key[1])] = (done + (self.cells[key].status != DOUBTFUL), total + 1)
        return Progress(
            done=sum(done for done, _ in families.values()),
            total=len(self.questions),
            skipped=sum(self.is_skipped(key) for key in self.questions),
            families={family: counts for family, counts in families.items() if counts[1]},
        )

    def was_read(self, document: str) -> bool:
        """Whether any sentence of the document is known; one that failed has none."""
        return bool(self.state.sentences.get(document))

    def unreadable(self, document: str) -> list[int]:
        """Pages of which nothing could be read: there a 'niets genoemd' says nothing."""
        return [
            page.number for page in self.state.pages if page.document == document and page.status == "niet leesbaar"
        ]

    def passage(self, cell: Cell, quote: Quote, around: int = AROUND) -> Passage:
        """Put a quote back between its neighbours."""
        sheet = self._sheets.get((cell.document, quote.page))
        place = f"blad {sheet}" if sheet else f"blz. {quote.page}"
        position = self._places.get(cell.document, {}).get(quote.sentence)
        sentences = self.state.sentences.get(cell.document, ())
        if position is None or sentences[position].text != quote.text:
            return Passage(place, "", (), quote.text, (), ())
        return Passage(
            place=place,
            section=sentences[position].section,
            before=_told(sentences[max(position - around, 0) : position]),
            text=quote.text,
            after=_told(sentences[position + 1 : position + 1 + around]),
            marks=_merged(self._marks.get((cell.document, cell.label, quote.sentence), set())),
            elsewhere=self._elsewhere.get((cell.document, quote.sentence), 0),
        )

    def _append(self, key: CellKey, verdict: str, *, replaced: str, note: str = "") -> None:
        row = {
            "time": datetime.now().astimezone().isoformat(timespec="seconds"),
            "analyst": self.state.analyst,
            "document": key[0],
            "label": key[1],
            "verdict": verdict,
            "replaced": replaced,
            "note": note.strip(),
        }
        append_verdict(self.state.decisions, Verdict.model_validate(row))
        self.reload()

    def _next_open(self, after: CellKey | None) -> CellKey | None:
        start = self.questions.index(after) + 1 if after in self.questions else 0
        for key in self.questions[start:] + self.questions[:start]:
            if self.cells[key].status == DOUBTFUL and (key in self._again or not self.is_skipped(key)):
                return key
        return None


def _key(cell: Cell) -> CellKey:
    return cell.document, cell.label


def _told(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sentence for sentence in sentences if sentence.kind not in _FURNITURE)


def _merged(spans: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
