"""The row types that steps hand on, and alone how rows are stored.

A table is a Parquet file or a JSON-lines file of one row type; spaCy Docs are stored as a DocBin. Reading checks
every row against its type, so a step never works on something that another step did not promise. pandas and spaCy
are imported where they are needed: they take seconds, and every command reads this module.
"""

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mvoi_nlp.errors import RecordError, first_problem
from mvoi_nlp.scheme import COUNTED_ROLES

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Kind = Literal["actieplan", "rapportage", "overig"]
OrganisationType = Literal["gemeente", "provincie", "waterschap", "ministerie", "overig"]
Split = Literal["train", "dev", "test"]
Status = Literal["ja", "nee", "nog te controleren"]
OCR = "tesseract"
"""Engine of a page that is a picture, of which the text was recognised."""
Box = tuple[float, float, float, float]


class Record(BaseModel):
    """Base of all rows: frozen, and no field that its type does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """One document of the register, checked; the rows are the only source of every denominator."""

    document: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    file: str
    """Path below the folder of the register."""
    organisation: str = Field(min_length=1)
    organisation_type: OrganisationType
    kind: Kind
    year: int = Field(ge=2000, le=2100)
    """Year of the document itself: plans are counted by it."""
    reporting_year: int | None = Field(default=None, ge=2000, le=2100)
    """Year that a report is about; never the year in which it was filed."""
    date: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    source: str = ""
    """Where the document was found, in the words of the register."""
    represents: int = Field(default=1, ge=1)
    """Number of organisations that it speaks for; charts count documents, the register counts these."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    """Bytes."""

    @property
    def reports_on(self) -> int | None:
        """Year that a report is about; None for any other document."""
        return self.reporting_year if self.kind == "rapportage" else None

    @property
    def year_covered(self) -> int:
        """Year that it counts for: the one that a report is about, of other documents their own."""
        return self.reporting_year or self.year


class Problem(Record):
    """What went wrong with one document in one step; the others go on."""

    step: str
    document: str
    message: str
    hint: str = ""


class Page(Record):
    """One page (PDF), sheet, slide or part between page breaks (Word, ODT) and what could be read of it."""

    document: str
    number: int = Field(ge=1)
    name: str = ""
    """Name of a sheet, or of a slide where hidden ones shift the count; empty for a page."""
    width: float = Field(ge=0)
    """Points (1/72 inch); 0 where the format has no pages of a fixed size."""
    height: float = Field(ge=0)
    characters: int = Field(ge=0)
    status: Literal["gelezen", "leeg", "niet leesbaar"]
    """`niet leesbaar` is a picture without text: it never counts as 'niets genoemd'."""
    engine: str = ""
    """What read a page of a PDF; empty for other formats."""
    note: str = ""

    @property
    def scanned(self) -> bool:
        """True for a picture, whether its text was recognised or not."""
        return self.engine == OCR or self.status == "niet leesbaar"


class TableCell(Record):
    """One cell of a table row, by its place in the text of the row's block."""

    start: int = Field(ge=0)
    """First character in `Block.text`."""
    end: int = Field(ge=0)
    column: int = Field(ge=0)
    header: str = ""
    """Text of the header above it, where the reader knows one."""


class BlockLine(Record):
    """A line of the page that a block was made of: how a quote leads back to the page's own letters.

    Between page and block hyphens at line ends, ligatures, bullets and raised numbers of notes are undone; the box is
    that of the line as it is printed.
    """

    start: int = Field(ge=0)
    """Its first character in `Block.text`; it ends where the next one starts."""
    page: int = Field(ge=1)
    """Another than the block's where a paragraph goes on over the page."""
    box: Box


class Block(Record):
    """A piece of a page in reading order: a heading, paragraph, list item or table row."""

    document: str
    page: int = Field(ge=1)
    number: int = Field(ge=0)
    """Place in the reading order of the document, from 0."""
    kind: Literal["heading", "paragraph", "list_item", "table_row", "running_head", "contents", "footnote"]
    level: int = Field(default=0, ge=0)
    """Depth of a heading from 1; 0 for all else."""
    text: str
    start: int = Field(ge=0)
    """First character in the text of the document: all blocks joined by one line break."""
    end: int = Field(ge=0)
    box: Box | None = None
    """x0, y0, x1, y1 in points from the lower left corner of the page."""
    table: int | None = None
    """Number of the table in the document, for table rows."""
    cells: tuple[TableCell, ...] = ()
    lines: tuple[BlockLine, ...] = ()
    """Of running text in a PDF, in order."""

    def boxes(self, start: int, end: int) -> list[tuple[int, Box]]:
        """Page and box of every printed line that holds a part of `text[start:end]`; for a table row that of the row.

        Empty where the format has no places on a page.
        """
        if not self.lines:
            return [(self.page, self.box)] if self.box else []
        ends = [line.start for line in self.lines[1:]] + [len(self.text)]
        return [
            (line.page, line.box)
            for line, last in zip(self.lines, ends, strict=True)
            if line.start < end and start < last
        ]

    @model_validator(mode="after")
    def _offsets_fit(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"block {self.number}: {self.start}-{self.end} is not the length of its text")
        return self


class Personal(Record):
    """A piece of a sentence that names a person or tells how to reach one."""

    start: int = Field(ge=0)
    """First character in `Sentence.text`."""
    end: int = Field(ge=0)
    kind: Literal["naam", "telefoon", "e-mail"]


def cells_of(row: str) -> list[str]:
    """Cells of a table row by its text; a row whose outer cells are empty has lost the space beside their bars."""
    opened = f" {row}" if row.startswith("| ") else row
    return (f"{opened} " if opened.endswith(" |") else opened).split(" | ")


def mask(text: str, personal: Iterable[Personal]) -> str:
    """The text with `[naam]`, `[telefoon]` or `[e-mail]` in the place of what is personal."""
    for part in sorted(personal, key=lambda part: part.start, reverse=True):
        text = f"{text[: part.start]}[{part.kind}]{text[part.end :]}"
    return text


class Sentence(Record):
    """One sentence, heading, list item or table row; its spaCy Doc is stored beside it."""

    document: str
    number: int = Field(ge=0)
    """Place in the document, from 0; the sentence's Doc has the same place in the DocBin."""
    page: int = Field(ge=1)
    block: int = Field(ge=0)
    kind: str
    """Kind of its block."""
    section: str = ""
    """Headings above it, outermost first, joined by ' > '; personal names masked."""
    text: str
    headers: tuple[str, ...] = ()
    """Of a table row: what stands above each of its cells (see `cells_of`), empty where the reader knows nothing."""
    start: int = Field(ge=0)
    """First character in the text of the document."""
    end: int = Field(ge=0)
    personal: tuple[Personal, ...] = ()
    """What an export masks; spans do not overlap."""

    @property
    def masked(self) -> str:
        """The text as an export shows it."""
        return mask(self.text, self.personal)


class Pipeline(Record):
    """Which spaCy pipeline made the Docs, stored beside them."""

    name: str
    version: str
    asked: str
    """The name in params.yaml; differs from `name` after a fall-back."""
    fallback: bool


class Annotation(Record):
    """The hand labels of one sentence, fitted to the sentence as the pipeline cut it."""

    document: str
    sentence: int = Field(ge=0)
    kind: str
    section: str
    """Kind and section of the sentence: what a model may know of its place."""
    document_kind: str = "overig"
    headers: tuple[str, ...] = ()
    organisation: str
    split: Split
    labels: tuple[str, ...]
    """`family:label`, sorted."""
    roles: tuple[str, ...] = ()
    """`family:label/role` for the labels that have one, sorted."""

    @property
    def counted(self) -> frozenset[str]:
        """Labels that count for the document: not those that stand here in roles that do not count alone."""
        roles: dict[str, set[str]] = {}
        for mark in self.roles:
            label, _, role = mark.partition("/")
            roles.setdefault(label, set()).add(role)
        return frozenset(
            label
            for label in self.labels
            if label not in roles or roles[label] & COUNTED_ROLES.get(label.partition(":")[0], roles[label])
        )


def counted_labels(annotations: Iterable[Annotation]) -> dict[str, set[str]]:
    """Labelled document -> the labels that count for it: what is true of its cells."""
    found: dict[str, set[str]] = {}
    for row in annotations:
        found.setdefault(row.document, set()).update(row.counted)
    return found


class Goal(Record):
    """What a unit says of one goal; a field is None or empty where the unit is silent."""

    status: str
    """`set`, `on_track`, `reached`, `exceeded`, `ahead`, `partly`, `not_reached`, `not_measured` or `adjusted`."""
    themes: tuple[str, ...] = ()
    level: Literal["", "aanbesteding", "organisatie", "beleid", "contract"] = ""
    comparator: Literal["", "=", ">=", "<="] = ""
    """How the target binds: a ceiling is `<=`."""
    target: float | None = None
    realised: float | None = None
    baseline: float | None = None
    unit: str = ""
    year: int | None = None
    hedged: bool = False


class Gold(Record):
    """One labelled unit as people wrote it: anchored by page, offset *and* quote."""

    document: str
    page: int = Field(ge=1)
    start: int = Field(ge=0)
    """First character of the quote in the text of the document when it was labelled."""
    quote: str
    labels: tuple[str, ...] = ()
    """`family:label` or `family:label/role`, as `annotations/guide.md` defines them."""
    goals: tuple[Goal, ...] = ()
    """One a goal that the unit speaks of; each status also stands among the labels."""
    annotator: str = ""


class Agreement(Record):
    """How far two coders agree on one label, with 95 % bootstrap intervals by document."""

    label: str
    """A label, `family:*` for all labels of a family, or `family:*/role` for the roles behind labels that both gave."""
    units: int
    """Decisions that both took."""
    first: int
    second: int
    both: int
    """How often each gave the label, and how often both did."""
    alpha: float
    """Krippendorff's alpha."""
    f1: float
    """F1 of the second coder against the first; for roles, the share that is the same."""
    alpha_low: float | None = None
    alpha_high: float | None = None
    f1_low: float | None = None
    f1_high: float | None = None


class TrainingText(Record):
    """A labelled sentence that belongs to no document: written to learn from, never to score on."""

    id: str
    text: str
    labels: tuple[str, ...]
    """`family:label` or `family:label/role`."""
    families: tuple[str, ...]
    """The families for which it was labelled; it says nothing about labels of others."""
    group: str = ""
    """What it was written with (a made-up document): texts of one group stay in one fold."""
    kind: str = "paragraph"
    section: str = ""
    document_kind: str = "overig"
    headers: tuple[str, ...] = ()
    """As of a sentence in a document: what a model may know of its place."""


class Evidence(Record):
    """What one tagger says about one sentence, and where in it."""

    document: str
    sentence: int = Field(ge=0)
    label: str
    """`family:label` of the scheme, `family:*/role` (what part the labels of a family play), or `entity:TYPE`."""
    start: int = Field(ge=0)
    """First character of the trigger in `Sentence.text` as stored, never in a cleaned copy."""
    end: int = Field(ge=0)
    score: float = Field(ge=0, le=1)
    """Probability that the label holds; for a keyword, its precision on the training documents."""
    tagger: str
    """keywords, headings, entities or classifier."""


TenderUnit = Literal["aanbesteding", "perceel"]
Level = Literal["", "basis", "significant", "ambitieus"]


class TenderRecord(Record):
    """A row of a tender calendar or list: one tender, or one lot of a tender."""

    document: str
    sentence: int = Field(ge=0)
    page: int = Field(ge=1)
    unit: TenderUnit
    code: str = ""
    """Number or code that the list gives it."""
    name: str = ""
    """As written; empty in a list of codes."""
    lots: int | None = None
    """Number of lots, where the row counts them."""
    value: float | None = Field(default=None, ge=0)
    """Euros: estimate, or what it was awarded for."""
    per_year: bool = False
    """The value is of one year."""
    procedure: str = ""
    """Id of `scheme/tenders.yaml`, such as `europees_openbaar`."""
    date: str = ""
    """ISO 8601 as far as it goes (2024, 2024-Q3, 2024-09, 2024-09-15); as written where no year stands."""
    sectors: tuple[str, ...] = ()
    """`sector:id`: of its own column, of a CPV code, else of the wording of its name."""
    themes: tuple[str, ...] = ()
    """`theme:id` that the row ticks or names in a column of themes."""
    level: Level = ""
    result: str = ""
    """As written."""


class TenderCount(Record):
    """How many tenders or lots a document reports: rows that were found, a number that it states, and which holds."""

    document: str
    tenders: int = Field(ge=0)
    """Rows that are a tender."""
    lots: int = Field(ge=0)
    """Rows that are a lot."""
    stated: int | None = Field(default=None, ge=0)
    """What the text says; kept also where the rows are counted."""
    stated_unit: TenderUnit | Literal[""] = ""
    sentence: int | None = None
    page: int | None = None
    quote: str = ""
    """Where the stated number stands."""
    number: int | None = Field(default=None, ge=0)
    """What holds; None where a document neither lists nor counts."""
    unit: TenderUnit | Literal[""] = ""
    basis: Literal["", "rijen", "tekst"] = ""
    why: str = ""
    """Why that holds, in Dutch."""


class Boilerplate(Record):
    """A sentence that a document did not say itself."""

    document: str
    sentence: int = Field(ge=0)
    kind: Literal["gedeeld", "invulhulp"]
    """`gedeeld` stands in a document of another organisation too; `invulhulp` is what a format asks of its writer."""
    documents: tuple[str, ...] = ()
    """Where else it stands: documents of other organisations, sorted; none for help text known by its form alone."""
    organisations: int = Field(ge=0)
    """Number of other organisations of which those are."""


class FormatHeading(Record):
    """A heading of a document that a format has too."""

    reference: str
    """Name of the heading in the format."""
    text: str
    sentence: int = Field(ge=0)
    page: int = Field(ge=1)


class FormatUse(Record):
    """How far a document visibly uses a format of PIANOo; a judgement, so what it rests on is kept."""

    document: str
    use: Literal["none", "partly", "full", "numbers_only"]
    format: str = ""
    """Id in `scheme/formats.yaml` of the format that fits best; empty where no heading does."""
    score: float = Field(ge=0, le=1)
    """Share of the headings of that format that the document has, in its order; common headings count for half."""
    headings: tuple[FormatHeading, ...] = ()
    """In the order of the document."""
    help_texts: int = Field(default=0, ge=0)
    """Sentences of help text left in."""
    theme_table: int | None = None
    """Page of a table with the six themes as rows, in the order of the Manifest."""
    mention: int | None = None
    """Page on which it says that it uses the format."""
    figures: float = Field(default=0.0, ge=0)
    """Figures in tables for every word of prose."""
    why: str = ""
    """What decided, in Dutch."""


def organisations_elsewhere(marks: Iterable[Boilerplate]) -> dict[tuple[str, int], int]:
    """Document and sentence -> number of other organisations that have the sentence in a document too."""
    return {(mark.document, mark.sentence): mark.organisations for mark in marks}


class Tag(Record):
    """The decision about one label of one sentence."""

    document: str
    sentence: int = Field(ge=0)
    label: str
    probability: float = Field(ge=0, le=1)
    """Of all taggers together; 0 where there is a `reason`, and the evidence keeps what they said."""
    status: Status
    taggers: tuple[str, ...]
    role: str = ""
    """What part the label most probably plays in the sentence; empty where nobody says so."""
    counted: float = Field(default=1.0, ge=0, le=1)
    """Probability that this is a role with which a label counts for its document."""
    reason: Literal["", "invulhulp"] = ""
    """Why it is `nee` whatever the taggers say."""

    @property
    def counting(self) -> float:
        """Probability that the label holds in a role that counts for its document."""
        return self.probability * self.counted


class Quote(Record):
    """A sentence that a cell rests on, as an analyst reads it."""

    sentence: int = Field(ge=0)
    page: int = Field(ge=1)
    text: str
    probability: float = Field(ge=0, le=1)


class Cell(Record):
    """One document x label: the unit that the figures count, once."""

    document: str
    label: str
    probability: float = Field(ge=0, le=1)
    """Probability that the document has the label."""
    status: Status
    sentences: int = Field(ge=0)
    """Number of sentences that support it."""
    quotes: tuple[Quote, ...] = ()
    """The best sentences, strongest first."""
    decided_by: str = "model"
    """`model`, or the initials of the analyst whose verdict holds."""


class Verdict(Record):
    """What an analyst said of one cell; verdicts are only ever appended."""

    time: str
    """ISO 8601 with offset."""
    analyst: str = Field(min_length=1)
    document: str
    label: str
    verdict: Literal["ja", "nee", "overslaan", "ongedaan"]
    """`ongedaan` takes the last verdict on this cell back."""
    replaced: str
    """Status or verdict that held before."""
    note: str = ""


class Score(Record):
    """Precision, recall and F1 of one label at one level, with 95 % bootstrap intervals by document."""

    level: Literal["sentence", "cell"]
    split: str
    tagger: str
    label: str
    """A label, or `family:*` for the micro average of a family."""
    slice: str = ""
    """Of which documents: `kind:actieplan`, `type:gemeente`, `scan:ja`, `year:2024`; empty for all of the split."""
    documents: int = Field(default=0, ge=0)
    """Number of documents it was measured on, 0 where unknown; on one the interval says nothing."""
    n: int
    """Rows that carry the label in the gold."""
    tp: int
    fp: int
    fn: int
    precision: float
    recall: float
    f1: float
    f1_low: float
    f1_high: float


class Measure(Record):
    """A figure on the sentences of one family that is not the score of a label, from 0 to 1."""

    split: str
    family: str
    name: Literal["macro_f1", "recall_without_term", "ece", "ece_tags"]
    value: float = Field(ge=0, le=1)
    low: float | None = None
    """Ends of the 95 % bootstrap interval by document, where there is one."""
    high: float | None = None
    n: int = Field(ge=1)
    """What it was measured over: labels, gold labels without a term, decisions, tags."""


class ErrorCount(Record):
    """How many errors of one kind and cause a family has."""

    split: str
    family: str
    error: Literal["gemist", "ten onrechte"]
    cause: str
    n: int = Field(ge=1)


class Counted(Record):
    """One number of a report, as a run keeps it: k of n documents or sentences."""

    figure: str
    """`Figuur 3`, or `Vraag 21` for the other counts."""
    population: str
    """Over which documents, in words."""
    name: str
    k: int = Field(ge=0)
    n: int = Field(ge=0)
    doubtful: int = Field(ge=0)
    """Waits for an analyst; not part of k."""


Row = TypeVar("Row", bound=Record)


def write_rows(path: Path, rows: Iterable[Record], kind: type[Record]) -> None:
    """Store rows of one type as JSON lines or Parquet, by the file's extension.

    The file appears whole or not at all: a reader never sees half of it, also after a kill.

    Raises
    ------
    RecordError
        A row is not of `kind`, or the extension is neither `.jsonl` nor `.parquet`.
    """
    rows = list(rows)
    for row in rows:
        if not isinstance(row, kind):
            raise RecordError(f"{path}: a {type(row).__name__} does not belong among the {kind.__name__} rows")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    if path.suffix == ".jsonl":
        temporary.write_text("".join(row.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".parquet":
        import pandas as pd

        names = list(kind.model_fields)
        table = pd.DataFrame([row.model_dump(mode="json") for row in rows], columns=names)
        for name in names:  # nested values travel as JSON text: one plain schema for every reader
            nested = table[name].map(lambda value: isinstance(value, (list, dict)))
            if nested.any():
                table[name] = [json.dumps(value, ensure_ascii=False) for value in table[name]]
        table.to_parquet(temporary, index=False)
    else:
        raise RecordError(f"{path}: rows are stored as .jsonl or .parquet")
    os.replace(temporary, path)  # noqa: PTH105 - atomic also where the target exists


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """Read rows of one type and check each.

    Raises
    ------
    RecordError
        The file is missing, or a row (named by its number) does not fit `kind`.
    """
    if not path.exists():
        raise RecordError(f"{path} does not exist", hint="run `dvc repro`; the step before this one writes it")
    if path.suffix == ".parquet":
        import pandas as pd

        values = [_unpack(row, kind) for row in pd.read_parquet(path).to_dict(orient="records")]
    else:
        values = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                values.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise RecordError(
                    f"{path}, row {number}: not JSON ({error})", hint="delete the file and run `dvc repro`"
                ) from error
    rows = []
    for number, value in enumerate(values, start=1):
        try:
            rows.append(kind.model_validate(value))
        except ValidationError as error:
            raise RecordError(
                f"{path}, row {number}: {first_problem(error)}", hint="delete the file and run `dvc repro`"
            ) from error
    return rows


def _unpack(row: Mapping[Any, Any], kind: type[Record]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in row.items():
        field = kind.model_fields.get(str(name))
        if isinstance(value, str) and field is not None and "tuple" in str(field.annotation):
            plain[str(name)] = json.loads(value)
        elif isinstance(value, float) and math.isnan(value):  # Parquet turns None into NaN
            plain[str(name)] = None
        else:
            plain[str(name)] = value.tolist() if hasattr(value, "tolist") else value
    return plain


def write_docs(path: Path, docs: "Iterable[Doc]") -> None:
    """Store spaCy Docs, one a sentence, with forms, norms, lemmas, part of speech and entities."""
    attributes = [
        "ORTH",
        "NORM",
        "LEMMA",
        "POS",
        "TAG",
        "MORPH",
        "ENT_TYPE",
        "ENT_IOB",
        "ENT_KB_ID",
        "SPACY",
    ]
    from spacy.tokens import DocBin

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(DocBin(attrs=attributes, docs=docs).to_bytes())
    os.replace(temporary, path)  # noqa: PTH105


@lru_cache(maxsize=1)
def dutch_vocab() -> "Vocab":
    """The vocabulary into which stored Docs are read; no pipeline is needed for it."""
    import spacy

    return spacy.blank("nl").vocab


def read_docs(path: Path) -> "list[Doc]":
    """Read what `write_docs` stored, into `dutch_vocab()`.

    The n-th Doc belongs to the n-th Sentence of the document.
    """
    if not path.exists():
        raise RecordError(f"{path} does not exist", hint="run `dvc repro`; the sentences step writes it")
    from spacy.tokens import DocBin

    return list(DocBin().from_bytes(path.read_bytes()).get_docs(dutch_vocab()))


def fingerprint(*parts: object) -> str:
    """Sha256 over values (as sorted JSON) and files (by their bytes); equal inputs give equal text everywhere."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
                if path.is_file() and "__pycache__" not in path.parts:
                    digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode() + b"\0")
    return digest.hexdigest()


def mask_quotes(cells: Iterable[Cell], sentences: Iterable[Sentence]) -> list[Cell]:
    """The cells with quotes as an export shows them."""
    shown = {(s.document, s.number): s.masked for s in sentences if s.personal}
    return [
        cell.model_copy(
            update={
                "quotes": tuple(
                    quote.model_copy(update={"text": shown.get((cell.document, quote.sentence), quote.text)})
                    for quote in cell.quotes
                )
            }
        )
        for cell in cells
    ]


def by_document(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Group rows that have a `document` field, in the order of first appearance."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.document, []).append(row)  # type: ignore[attr-defined]
    return groups
