from collections import Counter
from collections.abc import Sequence

from mvoi_nlp.records import Cell
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import ReviewSettings

DOUBTFUL = "nog te controleren"


def queue(cells: Sequence[Cell], scheme: Scheme, settings: ReviewSettings) -> list[Cell]:
    """Put the cells that an analyst must see in the order in which they matter.

    A label is one bar in a figure, so questions come label by label: first the label whose bar is least certain,
    that is with the largest share of doubtful cells among all its cells; labels that no figure shows come last. One
    label at a time is also the quickest to answer, since question and definition stay the same. Within a label the
    cells with a probability nearest to 0.5 come first. Ties go by the order of the scheme and by document, so equal
    cells always give an equal queue.
    """
    doubtful = [cell for cell in cells if cell.status == DOUBTFUL and family_of(cell.label) in settings.families]
    total = Counter(cell.label for cell in cells)
    waiting = Counter(cell.label for cell in doubtful)
    place = {label.id: number for number, label in enumerate(scheme.labels)}

    def importance(cell: Cell) -> tuple[bool, float, int, str, float, str]:
        label = scheme.by_id.get(cell.label)
        return (
            not (label and label.charted),
            -waiting[cell.label] / total[cell.label],
            place.get(cell.label, len(place)),
            cell.label,
            abs(cell.probability - 0.5),
            cell.document,
        )

    return sorted(doubtful, key=importance)


def family_of(label: str) -> str:
    """`theme` of `theme:klimaat`."""
    return label.partition(":")[0]
