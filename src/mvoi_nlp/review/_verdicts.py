from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mvoi_nlp.records import Cell, Verdict

CellKey = tuple[str, str]
"""Document and label."""


@dataclass(frozen=True)
class Reviewed:
    """Cells as they stand after review."""

    cells: tuple[Cell, ...]
    """All cells that came in, in the same order; a verdict sets status and `decided_by`, never the probability."""
    unused: tuple[Verdict, ...]
    """Verdicts, in order, on a document or label that has no cell any more: to report, not to lose."""


def apply_verdicts(cells: Sequence[Cell], verdicts: Sequence[Verdict]) -> Reviewed:
    """Let the verdicts of analysts overrule the cells.

    The order of the verdicts decides, not their time. `overslaan` leaves a cell as it was; `ongedaan` takes back the
    latest `ja`, `nee` or `overslaan` on its cell that was not yet taken back, whoever gave it, and does nothing when
    there is none.
    """
    standing = standing_verdicts(verdicts)
    known = {(cell.document, cell.label) for cell in cells}
    return Reviewed(
        cells=tuple(_overrule(cell, standing.get((cell.document, cell.label), ())) for cell in cells),
        unused=tuple(verdict for verdict in verdicts if (verdict.document, verdict.label) not in known),
    )


def standing_verdicts(verdicts: Sequence[Verdict]) -> dict[CellKey, tuple[Verdict, ...]]:
    """Per cell the verdicts that were not taken back, oldest first; a cell without any has no entry."""
    stacks: dict[CellKey, list[Verdict]] = {}
    for verdict in verdicts:
        stack = stacks.setdefault((verdict.document, verdict.label), [])
        if verdict.verdict != "ongedaan":
            stack.append(verdict)
        elif stack:
            stack.pop()
    return {key: tuple(stack) for key, stack in stacks.items() if stack}


def deciding(stack: Sequence[Verdict]) -> Verdict | None:
    """Return the verdict that holds on a cell: the latest that says `ja` or `nee`."""
    return next((verdict for verdict in reversed(stack) if verdict.verdict in ("ja", "nee")), None)


def last_of(verdicts: Sequence[Verdict], standing: Mapping[CellKey, Sequence[Verdict]], analyst: str) -> Verdict | None:
    """Return what `ongedaan` takes back for this analyst: the latest verdict that is the last word on its cell."""
    tops = {id(stack[-1]) for stack in standing.values() if stack[-1].analyst == analyst}
    return next((verdict for verdict in reversed(verdicts) if id(verdict) in tops), None)


def _overrule(cell: Cell, stack: Sequence[Verdict]) -> Cell:
    verdict = deciding(stack)
    if verdict is None:
        return cell
    return cell.model_copy(update={"status": verdict.verdict, "decided_by": verdict.analyst})
