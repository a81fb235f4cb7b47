import csv
from pathlib import Path
from typing import get_args

from mvoi_nlp.annotations._codes import label_fault
from mvoi_nlp.errors import AnnotationError
from mvoi_nlp.records import Gold, Split, TrainingText, read_rows
from mvoi_nlp.scheme import Scheme


def read_gold(folder: Path, scheme: Scheme) -> list[Gold]:
    """Read `gold/<document>.jsonl`, each line a labelled unit.

    Raises
    ------
    AnnotationError
        A label is neither in the scheme nor in the codebook; names file, row and label.
    RecordError
        A row does not have the form of `Gold`.
    """
    return _read_units(folder / "gold", scheme)


def read_second(folder: Path, scheme: Scheme) -> list[Gold]:
    """Read `second/*.jsonl`: units that another coder labelled without sight of the first labels.

    Raises
    ------
    AnnotationError, RecordError
        As `read_gold`.
    """
    return _read_units(folder / "second", scheme)


def _read_units(folder: Path, scheme: Scheme) -> list[Gold]:
    units: list[Gold] = []
    for path in sorted(folder.glob("*.jsonl")):
        rows = read_rows(path, Gold)
        for number, unit in enumerate(rows, start=1):
            _check_labels(unit.labels, scheme, f"{path}, row {number}")
        units += rows
    return units


def read_training_texts(folder: Path, scheme: Scheme) -> list[TrainingText]:
    """Read `written/*.jsonl`: labelled sentences that belong to no document, to learn from and never to score on."""
    texts: list[TrainingText] = []
    for path in sorted((folder / "written").glob("*.jsonl")):
        rows = read_rows(path, TrainingText)
        for number, row in enumerate(rows, start=1):
            _check_labels(row.labels, scheme, f"{path}, row {number}")
        texts += rows
    return texts


def read_splits(path: Path) -> dict[str, Split]:
    """Read `splits.csv` (organisation,split): an organisation is in one split with all its documents.

    Raises
    ------
    AnnotationError
        A split is unknown, or an organisation stands there twice; names the row.
    """
    if not path.exists():
        return {}
    splits: dict[str, Split] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            organisation, split = row.get("organisation") or "", row.get("split") or ""
            if split not in get_args(Split):
                raise AnnotationError(
                    f"{path}, row {number}: split '{split}' is unknown", hint="use train, dev or test"
                )
            if organisation in splits:
                raise AnnotationError(
                    f"{path}, row {number}: {organisation} stands there twice",
                    hint="keep one of the two rows",
                )
            splits[organisation] = split  # type: ignore[assignment]
    return splits


def _check_labels(labels: list[str] | tuple[str, ...], scheme: Scheme, where: str) -> None:
    for label in labels:
        fault = label_fault(label, scheme)
        if fault:
            raise AnnotationError(f"{where}: {fault}", hint="correct it, or add scheme/<family>/<label>.yaml")
