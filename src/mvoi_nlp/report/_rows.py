from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mvoi_nlp.records import (
    Boilerplate,
    Cell,
    ErrorCount,
    Measure,
    Page,
    Pipeline,
    Problem,
    Score,
    Sentence,
    Source,
    Status,
    Tag,
)
from mvoi_nlp.scheme import Label


@dataclass(frozen=True)
class Material:
    """All that a report is made from."""

    sources: Sequence[Source]
    cells: Sequence[Cell]
    """After review; one per document and label."""
    tags: Sequence[Tag]
    sentences: Sequence[Sentence]
    pages: Sequence[Page]
    pipelines: Sequence[Pipeline]
    """Of the run: one, as long as a run has one."""
    scores: Sequence[Score] = ()
    measures: Sequence[Measure] = ()
    causes: Sequence[ErrorCount] = ()
    reliability: Mapping[str, bytes] = field(default_factory=dict)
    """Family -> a PNG of how far its probabilities can be trusted."""
    problems: Sequence[Problem] = ()
    """Documents that a step could not process."""
    boilerplate: Sequence[Boilerplate] = ()
    """Sentences that a document did not say itself."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Taggers, scheme version and the like, shown with the account of the method."""


@dataclass(frozen=True)
class Passage:
    """A sentence behind a number, and where it stands."""

    text: str
    page: int
    section: str
    outcome: str = ""
    """What it says of a goal, in figure 8."""
    elsewhere: int = 0
    """Number of other organisations that have it too."""


@dataclass(frozen=True)
class Entry:
    """One document behind a number."""

    document: str
    organisation: str
    status: Status
    decided_by: str
    """`model`, `register`, the initials of an analyst, or empty for a document that was not processed."""
    probability: float | None
    passages: tuple[Passage, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One number: k of n, and everything that it rests on."""

    key: str
    """Anchor of the list of documents; the same count in two figures has one list."""
    name: str
    population: str
    """Over which documents, in words."""
    definition: str
    k: int
    """Certain."""
    n: int
    doubtful: int
    """Waits for an analyst; shown apart, never part of k."""
    documents: int
    """Documents behind n."""
    yes: tuple[Entry, ...] = ()
    waiting: tuple[Entry, ...] = ()
    no: tuple[Entry, ...] = ()

    @property
    def share(self) -> float | None:
        """k/n from 0 to 1; None where n is 0."""
        return self.k / self.n if self.n else None

    @property
    def found(self) -> bool:
        """True if anything was counted, certain or not."""
        return self.k + self.doubtful > 0


@dataclass(frozen=True)
class Series:
    """Bars over one set of documents."""

    name: str
    documents: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Figure:
    """One figure and its table."""

    number: int
    title: str
    unit: str
    """What k and n count."""
    column: str
    """What a bar stands for: heading of the first column."""
    note: str
    series: tuple[Series, ...]
    unread: Bar
    """Pages of these documents that could not be read."""
    max_bars: int | None = None
    """Rows at most in the chart; None draws all. With a limit, rows without a find are listed in one line."""

    @property
    def rows(self) -> list[tuple[Bar, ...]]:
        """What the chart shows: one row per label, one bar per series."""
        rows = list(zip(*(series.bars for series in self.series), strict=True))
        if self.max_bars is not None:
            rows = [row for row in rows if any(bar.found for bar in row)][: self.max_bars]
        return rows

    @property
    def percent(self) -> bool:
        """True if a bar is a share of sentences, not a number of documents."""
        return self.unit == "doelzinnen"


@dataclass(frozen=True)
class CorpusRow:
    """One line of the corpus table, a number per column."""

    name: str
    numbers: tuple[Bar, ...]


@dataclass(frozen=True)
class Count:
    """One of the other counts of the analysis."""

    number: str
    """As in the list of questions of the yearly analysis."""
    text: str
    bar: Bar | None
    """None while it cannot be counted yet."""
    note: str = ""


@dataclass(frozen=True)
class Listed:
    """A line of the table of documents."""

    source: Source
    part: str
    """In which figures it counts."""
    read: int
    empty: int
    unread: int
    yes: int
    waiting: int
    pipeline: str
    problem: str
    shared: int
    """Sentences that other organisations have too."""
    helped: int
    """Sentences of help text, which count nowhere."""


@dataclass(frozen=True)
class Quality:
    """How well one family is found, on the test documents."""

    family: str
    sentence: Score | None
    cell: Score | None
    keywords: Score | None = None
    classifier: Score | None = None
    """Per sentence, as is the next: what each tagger would have said alone."""
    people: Score | None = None
    """A second coder against the first, on the units that both labelled."""
    measures: Mapping[str, Measure] = field(default_factory=dict)
    """By name."""
    reliability: bytes = b""
    """A PNG; empty where there is none."""

    @property
    def beside(self) -> tuple[Score | None, ...]:
        """What the score per sentence is to be held against: keywords, classifier, people."""
        return self.keywords, self.classifier, self.people


@dataclass(frozen=True)
class QualitySlice:
    """How well families are found in some of the test documents."""

    name: str
    documents: int
    scores: tuple[Score | None, ...]
    """Per sentence, a family each, in the order of the qualities."""


@dataclass(frozen=True)
class Cause:
    """How often a kind of error has one cause on the test documents."""

    error: str
    cause: str
    counts: tuple[int, ...]
    """A family each, in the order of the qualities."""


@dataclass(frozen=True)
class Report:
    """Everything that is shown, counted."""

    title: str
    date: str
    """Of the newest document (ISO): the report changes with its documents, not with the day."""
    figures: tuple[Figure, ...]
    columns: tuple[str, ...]
    """Headings of the corpus table."""
    corpus: tuple[CorpusRow, ...]
    counts: tuple[Count, ...]
    documents: tuple[Listed, ...]
    quality: tuple[Quality, ...]
    quality_slices: tuple[QualitySlice, ...]
    causes: tuple[Cause, ...]
    bars: tuple[Bar, ...]
    """Every number with a list of documents, once, in the order of the report."""
    pipelines: tuple[Pipeline, ...]
    labels: tuple[Label, ...]
    material: Material
