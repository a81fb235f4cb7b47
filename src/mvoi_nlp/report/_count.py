from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mvoi_nlp.records import Cell, Page, Pipeline, Problem, Quote, Score, Sentence, Source, Tag
from mvoi_nlp.scheme import Label, Scheme
from mvoi_nlp.settings import ReportSettings

TYPES = ("ministerie", "provincie", "waterschap", "gemeente", "overig")
REACHED = ("goal:reached", "goal:exceeded", "goal:ahead")
JUDGED = (*REACHED, "goal:partly", "goal:not_reached")


ONCE = "Een document telt één keer, hoe vaak het onderwerp er ook in staat."
LISTED = "Een zin die de zes thema's alleen opsomt, telt niet als keuze."
FRAMEWORKS = "Beleidskaders (Manifest, SDG's) blijven buiten de figuur."
TWO_BASES = "Twee noemers: n van de rapportages en n van de plannen staan bij elke balk."
GOALS = (
    "k: zinnen over een gehaald doel; n: alle zinnen die zeggen of een doel is gehaald, deels gehaald of gemist. "
    "Zinnen, geen documenten; een zin met twee thema's telt bij beide."
)
NOT_SPLIT = "Nog niet uitgesplitst naar gebruik in een aanbesteding."


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
    scores: Sequence[Score] = ()
    problems: Sequence[Problem] = ()
    """Documents that a step could not process."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Taggers, scheme version and the like, shown in the colophon."""


@dataclass(frozen=True)
class Entry:
    """A document, or one sentence of it, behind a number."""

    document: str
    organisation: str
    status: str
    decided_by: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Bar:
    """One number: k of n, with what it rests on."""

    key: str
    """Anchor, unique in the report."""
    name: str
    n: int
    certain: tuple[Entry, ...]
    """Counted in k."""
    doubtful: tuple[Entry, ...]
    """Still to check; drawn apart, never counted in k."""
    others: tuple[Entry, ...]
    """The rest of the denominator."""

    @property
    def k(self) -> int:
        """The number itself."""
        return len(self.certain)


@dataclass(frozen=True)
class Series:
    """Bars with one denominator."""

    name: str
    bars: tuple[Bar, ...]
    documents: int
    """Documents in the denominator."""


@dataclass(frozen=True)
class Figure:
    """One figure and its table."""

    number: int
    title: str
    unit: str
    """What n counts."""
    series: tuple[Series, ...]
    note: str
    unread: int
    """Pages of these documents that could not be read."""


@dataclass(frozen=True)
class Report:
    """Everything that is shown, counted."""

    title: str
    date: str
    """Date of the newest document: the report changes with its documents, not with the day."""
    figures: tuple[Figure, ...]
    material: Material
    plans: tuple[Source, ...]
    reports: tuple[Source, ...]
    labels: tuple[Label, ...]
    max_bars: int
    """Bars in a chart at most; tables have all."""


def build_report(material: Material, scheme: Scheme, settings: ReportSettings) -> Report:
    """Count the nine figures.

    Plans are the documents of kind actieplan of `settings.plan_year`; reports those of kind rapportage over
    `settings.reporting_year`. A document counts once; a cell that waits for an analyst is shown apart from the count.
    """
    plans = [s for s in material.sources if s.kind == "actieplan" and s.year == settings.plan_year]
    reports = [s for s in material.sources if s.kind == "rapportage" and s.reporting_year == settings.reporting_year]
    count = _Counter(material, scheme)
    plan_name = f"Actieplannen {settings.plan_year}"
    report_name = f"Rapportages over {settings.reporting_year}"
    themes, sectors, instruments = (
        [label for label in scheme.family(family) if label.charted] for family in ("theme", "sector", "instrument")
    )
    topics = [label for label in scheme.family("topic") if "actieplan" in label.kinds]

    def in_plans(number: int, labels: Sequence[Label], *, suffix: str = "", largest: bool = False) -> Series:
        return count.labels(f"f{number}{suffix}", plan_name, plans, labels, largest=largest)

    def in_reports(number: int, labels: Sequence[Label], *, suffix: str = "", largest: bool = False) -> Series:
        return count.labels(f"f{number}{suffix}", report_name, reports, labels, largest=largest)

    def of_plans(number: int, title: str, series: Series, note: str = "") -> Figure:
        return Figure(number, title, "plannen", (series,), f"{ONCE} {note}".strip(), count.unread(plans))

    def of_reports(number: int, title: str, series: Series, note: str = "") -> Figure:
        return Figure(number, title, "rapportages", (series,), f"{ONCE} {note}".strip(), count.unread(reports))

    both = (in_reports(6, themes, suffix="r"), in_plans(6, themes, suffix="p"))
    goals = count.goals("f8", report_name, reports, themes)
    named_in_reports = in_reports(9, instruments, largest=True)
    figures = (
        of_plans(1, "Soort organisatie van de actieplannen", count.types("f1", plan_name, plans), "Uit het register."),
        of_plans(2, "Onderwerpen in de actieplannen", in_plans(2, topics)),
        of_plans(3, "Thema's in de actieplannen", in_plans(3, themes), LISTED),
        of_plans(4, "Sectoren in de actieplannen", in_plans(4, sectors)),
        of_plans(5, "Instrumenten in de actieplannen", in_plans(5, instruments, largest=True), FRAMEWORKS),
        Figure(
            6, "Thema's in rapportages en in plannen", "documenten", both, TWO_BASES, count.unread([*reports, *plans])
        ),
        of_reports(7, "Sectoren in de rapportages", in_reports(7, sectors)),
        Figure(8, "Gehaalde doelen per thema in de rapportages", "doelzinnen", (goals,), GOALS, count.unread(reports)),
        of_reports(9, "Instrumenten in de rapportages", named_in_reports, NOT_SPLIT),
    )
    date = max((source.date for source in material.sources), default="")
    return Report(
        settings.title, date, figures, material, tuple(plans), tuple(reports), scheme.labels, settings.max_bars
    )


class _Counter:
    """Cells, tags and sentences, looked up by document."""

    def __init__(self, material: Material, scheme: Scheme) -> None:
        self._cells = {(cell.document, cell.label): cell for cell in material.cells}
        self._sentences = {(s.document, s.number): s for s in material.sentences}
        self._unread: dict[str, int] = {}
        for page in material.pages:
            self._unread[page.document] = self._unread.get(page.document, 0) + (page.status == "niet leesbaar")
        self._goals = _goal_sentences(material.tags)
        self._scheme = scheme

    def unread(self, documents: Sequence[Source]) -> int:
        return sum(self._unread.get(document, 0) for document in {source.document for source in documents})

    def types(self, figure: str, name: str, documents: Sequence[Source]) -> Series:
        bars = []
        for kind in TYPES:
            status = {s.document: "ja" if s.organisation_type == kind else "nee" for s in documents}
            entries = [Entry(s.document, s.organisation, status[s.document], "register", ()) for s in documents]
            bars.append(_bar(f"{figure}-{kind}", kind, entries))
        return Series(name, tuple(bars), len(documents))

    def labels(
        self, figure: str, name: str, documents: Sequence[Source], labels: Sequence[Label], *, largest: bool = False
    ) -> Series:
        bars = []
        for label in labels:
            entries = [self._entry(source, label) for source in documents]
            bars.append(_bar(f"{figure}-{label.id.replace(':', '-')}", label.name, entries))
        if largest:  # instruments: those that are named, most named first
            named = [bar for bar in bars if bar.certain or bar.doubtful]
            bars = sorted(named, key=lambda bar: (-bar.k, -len(bar.doubtful)))
        return Series(name, tuple(bars), len(documents))

    def _entry(self, source: Source, label: Label) -> Entry:
        cell = self._cells.get((source.document, label.id))
        if cell is None:  # the label is not asked of this kind of document
            return Entry(source.document, source.organisation, "nee", "model", ())
        return Entry(source.document, source.organisation, cell.status, cell.decided_by, cell.quotes)

    def goals(self, figure: str, name: str, documents: Sequence[Source], themes: Sequence[Label]) -> Series:
        organisations = {source.document: source.organisation for source in documents}
        bars = []
        for theme in themes:
            groups: dict[bool, list[Entry]] = {True: [], False: []}
            for (document, number), (goal, themed) in self._goals.items():
                if document not in organisations or theme.id not in themed:
                    continue
                sentence = self._sentences[document, number]
                quote = Quote(sentence=number, page=sentence.page, text=sentence.text, probability=goal.probability)
                entry = Entry(document, organisations[document], self._scheme.name(goal.label), "model", (quote,))
                groups[goal.label in REACHED].append(entry)
            key = f"{figure}-{theme.id.replace(':', '-')}"
            bars.append(
                Bar(
                    key,
                    theme.name,
                    len(groups[True]) + len(groups[False]),
                    tuple(groups[True]),
                    (),
                    tuple(groups[False]),
                )
            )
        return Series(name, tuple(bars), len(documents))


def _bar(key: str, name: str, entries: Sequence[Entry]) -> Bar:
    certain, doubtful, others = (
        tuple(entry for entry in entries if entry.status == status) for status in ("ja", "nog te controleren", "nee")
    )
    return Bar(key, name, len(entries), certain, doubtful, others)


def _goal_sentences(tags: Sequence[Tag]) -> dict[tuple[str, int], tuple[Tag, frozenset[str]]]:
    """Sentence -> its most probable statement about a goal's outcome, and its themes."""
    goals: dict[tuple[str, int], Tag] = {}
    themes: dict[tuple[str, int], set[str]] = {}
    for tag in tags:
        key = (tag.document, tag.sentence)
        if tag.status == "nee":
            continue
        if tag.label in JUDGED and (key not in goals or tag.probability > goals[key].probability):
            goals[key] = tag
        elif tag.label.startswith("theme:"):
            themes.setdefault(key, set()).add(tag.label)
    return {key: (goal, frozenset(themes.get(key, ()))) for key, goal in goals.items()}
