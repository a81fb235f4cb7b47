"""What a report found, small enough to keep with every run; and what differs between two of them."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mvoi_nlp.records import Cell, Counted
from mvoi_nlp.report._rows import Report
from mvoi_nlp.report._wording import answer

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Change:
    """One cell or number that is not what it was."""

    place: tuple[str, ...]
    """Document and label; or figure, population and name."""
    before: str
    """In words; `–` where it did not exist."""
    after: str


def counts_of(report: Report) -> list[Counted]:
    """Every number of the figures and the other counts."""
    bars = [(f"Figuur {figure.number}", bar) for figure in report.figures for row in figure.series for bar in row.bars]
    bars += [(f"Vraag {count.number}", count.bar) for count in report.counts if count.bar]
    return [
        Counted(figure=figure, population=bar.population, name=bar.name, k=bar.k, n=bar.n, doubtful=bar.doubtful)
        for figure, bar in bars
    ]


def changed_cells(before: Iterable[Cell], after: Iterable[Cell]) -> list[Change]:
    """Cells with another status, or that only one of the two has; in the order of the first."""

    def worded(cell: Cell) -> str:
        return cell.status if cell.decided_by == "model" else f"{cell.status} ({cell.decided_by})"

    old, new = ({(cell.document, cell.label): cell for cell in cells} for cells in (before, after))
    return [
        Change(key, worded(old[key]) if key in old else "–", worded(new[key]) if key in new else "–")
        for key in _differing({k: c.status for k, c in old.items()}, {k: c.status for k, c in new.items()})
    ]


def changed_counts(before: Iterable[Counted], after: Iterable[Counted]) -> list[Change]:
    """Numbers that differ, or that only one of the two has; in the order of the first."""
    old, new = ({(row.figure, row.population, row.name): answer(row) for row in rows} for rows in (before, after))
    return [Change(key, old.get(key, "–"), new.get(key, "–")) for key in _differing(old, new)]


def _differing(old: Mapping[Key, object], new: Mapping[Key, object]) -> list[Key]:
    return [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
