import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from mvoi_nlp.errors import SourceError
from mvoi_nlp.records import Problem, Source

COLUMNS = (
    "document",
    "file",
    "organisation",
    "organisation_type",
    "kind",
    "year",
    "reporting_year",
    "date",
    "source",
    "represents",
)
"""Columns of `register.csv`, in order."""

MEANING = {
    "document": "document: an id of small letters, digits, '-', '_' and '.', such as plan-aadorp-2024",
    "organisation": "organisation: empty",
    "organisation_type": "organisation_type: gemeente, provincie, waterschap, ministerie or overig",
    "kind": "kind: actieplan, rapportage or overig",
    "year": "year: the year of the document, such as 2024",
    "reporting_year": "reporting_year: the year that a report is about, such as 2024, or empty",
    "date": "date: year-month-day, such as 2024-05-31, or empty",
    "represents": "represents: the number of organisations that it speaks for, from 1",
}
OPTIONAL = ("reporting_year", "date", "source", "represents")
BESIDE = {"register.csv", "readme.md"}  # files of the folder that are no documents


@dataclass(frozen=True)
class Checked:
    """The outcome of checking a register."""

    sources: tuple[Source, ...]
    """Rows in order, in the order of the register."""
    problems: tuple[Problem, ...]
    """What is wrong, one row each; these documents are left out."""
    unregistered: tuple[str, ...]
    """Files in the folder that no row names."""


def check_register(register: Path) -> Checked:
    """Read a register and check every row and the file that it names.

    Parameters
    ----------
    register
        `register.csv` (UTF-8; comma or semicolon); its files lie in the same folder or below it.

    Raises
    ------
    SourceError
        The register itself cannot be read: missing, not UTF-8, or without a column that it needs.
    """
    rows = _read_csv(register)
    sources: list[Source] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for number, row in rows:
        try:
            source = _check_row(row, register.parent)
            for value, what in (
                (source.document, "document id"),
                (source.file, "file"),
                (source.sha256, "content"),
            ):
                if value in seen:
                    raise SourceError(f"the same {what} as {seen[value]}", hint="remove one of the two rows")
            for value in (source.document, source.file, source.sha256):
                seen[value] = f"row {number}"
            sources.append(source)
        except SourceError as error:
            name = row.get("document") or row.get("file") or "?"
            message = f"{register.name}, row {number} ({name}): {error.message}"
            problems.append(Problem(step="sources", document=f"row {number}", message=message, hint=error.hint))
    named = {(register.parent / row.get("file", "")).resolve() for _, row in rows}
    unregistered = [
        path.relative_to(register.parent).as_posix()
        for path in sorted(register.parent.rglob("*"))
        if path.is_file()
        and not path.name.startswith((".", "~"))
        and path.name.lower() not in BESIDE
        and path.resolve() not in named
    ]
    return Checked(tuple(sources), tuple(problems), tuple(unregistered))


def _read_csv(register: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with their line number, the header being line 1."""
    try:
        text = register.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SourceError(
            f"{register} does not exist", hint="write it, or make a project with `mvoi init DIR`"
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{register} is not UTF-8 (byte {error.start})", hint="in Excel: save as 'CSV UTF-8'"
        ) from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # Dutch Excel writes semicolons
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter, restkey="")
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ()) and column not in OPTIONAL]
    if missing:
        raise SourceError(
            f"{register}: column(s) {', '.join(missing)} missing", hint=f"the columns are {','.join(COLUMNS)}"
        )
    return [(reader.line_num, {key: value for key, value in row.items() if isinstance(value, str)}) for row in reader]


def _check_row(row: Mapping[str, str], folder: Path) -> Source:
    values: dict[str, object] = {column: (row.get(column) or "").strip() for column in COLUMNS}
    for column in OPTIONAL:
        if values[column] == "":
            del values[column]
    path = (folder / str(values["file"])).resolve()
    if not values["file"]:
        raise SourceError("file: empty", hint="name the file in the folder of the register")
    if not path.is_relative_to(folder.resolve()):
        raise SourceError(
            f"file: {values['file']} lies outside {folder.name}/",
            hint="put the document in the folder of the register",
        )
    if not path.is_file():
        raise SourceError(f"file: {values['file']} does not exist", hint=f"put it in {folder.name}/, or remove the row")
    content = path.read_bytes()
    if not content:
        raise SourceError(f"file: {values['file']} is empty (0 bytes)", hint="put the right document in its place")
    try:
        return Source.model_validate(values | {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})
    except ValidationError as error:
        wrong = "; ".join(MEANING.get(str(p["loc"][0]), f"{p['loc'][0]}: {p['msg']}") for p in error.errors())
        raise SourceError(wrong, hint="correct this row; the README says what the columns mean") from error
