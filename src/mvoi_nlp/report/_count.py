from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from mvoi_nlp.records import (
    Cell,
    ErrorCount,
    Page,
    Quote,
    Score,
    Sentence,
    Source,
    Status,
    Tag,
    mask_quotes,
    organisations_elsewhere,
)
from mvoi_nlp.report._rows import (
    Bar,
    Cause,
    CorpusRow,
    Count,
    Entry,
    Figure,
    Listed,
    Material,
    Passage,
    Quality,
    QualitySlice,
    Report,
    Series,
)
from mvoi_nlp.report._wording import FAMILIES, KINDS, TYPES, counted
from mvoi_nlp.scheme import FAMILIES as FAMILY_ORDER
from mvoi_nlp.scheme import Label, Scheme
from mvoi_nlp.settings import ReportSettings

REACHED = ("goal:reached", "goal:exceeded", "goal:ahead")
JUDGED = (*REACHED, "goal:partly", "goal:not_reached")
OWN_THEME = "theme:eigen_thema"  # not one of the Manifest's six: shown in figure 3 only


@dataclass(frozen=True)
class Population:
    """The documents that a number is about."""

    id: str
    name: str
    sources: tuple[Source, ...]


def build_report(material: Material, scheme: Scheme, settings: ReportSettings) -> Report:
    """Count the nine figures, the corpus and the other counts.

    Plans are the documents of kind actieplan of `settings.plan_year`; reports those of kind rapportage over
    `settings.reporting_year`. A document counts once; a cell that waits for an analyst is shown apart from the count.
    """
    if not settings.show_names:
        material = _without_names(material)
    sources = sorted(material.sources, key=lambda source: (source.organisation.casefold(), source.document))
    chosen = [
        s
        for s in sources
        if (s.kind == "actieplan" and s.year == settings.plan_year)
        or (s.kind == "rapportage" and s.reporting_year == settings.reporting_year)
    ]
    plans = Population("plan", f"actieplannen {settings.plan_year}", tuple(s for s in chosen if s.kind == "actieplan"))
    reports = Population(
        "rapportage",
        f"rapportages over {settings.reporting_year}",
        tuple(s for s in chosen if s.kind == "rapportage"),
    )
    others = Population("ander", "andere documenten", tuple(s for s in sources if s not in chosen))
    everything = Population("alle", "alle documenten", tuple(sources))
    counter = Counter(material, scheme)
    figures = _figures(counter, scheme, plans, reports, settings)
    corpus = _corpus(counter, (plans, reports, others, everything))
    counts = _counts(counter, scheme, plans, reports)
    quality = _quality(material)
    shown = [bar for figure in figures for series in figure.series for bar in series.bars]
    shown += [figure.unread for figure in figures]
    shown += [number for row in corpus for number in row.numbers]
    shown += [count.bar for count in counts if count.bar]
    return Report(
        title=settings.title,
        date=max((source.date for source in sources), default=""),
        figures=figures,
        columns=tuple(part.name for part in (plans, reports, others, everything)),
        corpus=corpus,
        counts=counts,
        documents=tuple(_listed(counter, source, plans, reports, material) for source in sources),
        quality=tuple(quality.values()),
        quality_slices=_quality_slices(material.scores, quality),
        causes=_causes(material.causes, list(quality)),
        bars=tuple({bar.key: bar for bar in shown}.values()),
        pipelines=tuple(
            {(row.name, row.version): row for row in sorted(material.pipelines, key=lambda row: row.name)}.values()
        ),
        labels=scheme.labels,
        material=material,
    )


def _without_names(material: Material) -> Material:
    """The same with people, phone numbers and mail addresses masked in every quote."""
    return replace(
        material,
        cells=mask_quotes(material.cells, material.sentences),
        sentences=[row.model_copy(update={"text": row.masked}) for row in material.sentences],
    )


class Counter:
    """Cells, tags and sentences, looked up by document; one number at a time."""

    def __init__(self, material: Material, scheme: Scheme) -> None:
        self.cells = {(cell.document, cell.label): cell for cell in material.cells}
        self.processed = {cell.document for cell in material.cells}
        self.pages: dict[str, list[Page]] = {}
        for page in sorted(material.pages, key=lambda page: (page.document, page.number)):
            self.pages.setdefault(page.document, []).append(page)
        self._scheme = scheme
        self._sentences = {(sentence.document, sentence.number): sentence for sentence in material.sentences}
        self._goals = _goal_sentences(material.tags, scheme)
        self._elsewhere = organisations_elsewhere(material.boilerplate)

    def label(self, part: Population, label: Label) -> Bar:
        """In how many documents a label holds."""
        found = {source.document: self.cells.get((source.document, label.id)) for source in part.sources}

        def entry(source: Source) -> Entry:
            cell = found[source.document]
            if cell is None:
                # a document without any cell was not processed: that is not the same as 'nothing found'
                status: Status = "nee" if source.document in self.processed else "nog te controleren"
                return Entry(
                    source.document,
                    source.organisation,
                    status,
                    "model" if status == "nee" else "",
                    None,
                    note="" if status == "nee" else "Dit document is niet verwerkt.",
                )
            passages = self._passages(cell) if cell.status != "nee" else ()
            return Entry(source.document, source.organisation, cell.status, cell.decided_by, cell.probability, passages)

        return _documents_bar(f"{part.id}-{_slug(label.id)}", label.name, part, entry, label.definition)

    def any_of(self, part: Population, family: str, name: str, definition: str) -> Bar:
        """In how many documents at least one label of a family holds."""
        labels = self._scheme.family(family)

        def entry(source: Source) -> Entry:
            cells = [
                self.cells[source.document, label.id] for label in labels if (source.document, label.id) in self.cells
            ]
            for status in ("ja", "nog te controleren"):
                at_hand = [cell for cell in cells if cell.status == status]
                if at_hand:
                    best = max(at_hand, key=lambda cell: cell.probability)
                    analysts = sorted({cell.decided_by for cell in at_hand} - {"model"})
                    names = ", ".join(self._scheme.name(cell.label) for cell in at_hand)
                    return Entry(
                        source.document,
                        source.organisation,
                        status,
                        " en ".join(analysts) or "model",
                        best.probability,
                        self._passages(best),
                        names,
                    )
            if source.document not in self.processed:
                return Entry(
                    source.document,
                    source.organisation,
                    "nog te controleren",
                    "",
                    None,
                    note="Dit document is niet verwerkt.",
                )
            return Entry(source.document, source.organisation, "nee", "model", None)

        return _documents_bar(f"{part.id}-{family}", name, part, entry, definition)

    def register(self, part: Population, key: str, name: str, test: Callable[[Source], bool]) -> Bar:
        """In how many documents the register says so."""

        def entry(source: Source) -> Entry:
            status: Status = "ja" if test(source) else "nee"
            return Entry(source.document, source.organisation, status, "register", None)

        return _documents_bar(f"{part.id}-{key}", name, part, entry)

    def represented(self, part: Population) -> Bar:
        """For how many organisations the documents speak; one with two documents counts once."""
        speaks: dict[str, int] = {}
        for source in part.sources:
            speaks[source.organisation] = max(speaks.get(source.organisation, 0), source.represents)
        total = sum(speaks.values())
        entries = tuple(
            Entry(
                source.document,
                source.organisation,
                "ja",
                "register",
                None,
                note=f"spreekt namens {counted(source.represents, 'organisatie', 'organisaties')}",
            )
            for source in part.sources
        )
        return Bar(
            f"cell-{part.id}-organisaties",
            "Organisaties vertegenwoordigd",
            part.name,
            "Namens hoeveel organisaties een document spreekt, staat in het register. Een organisatie met meer "
            "documenten telt één keer.",
            total,
            total,
            0,
            len(part.sources),
            entries,
        )

    def read(self, part: Population, status: str, key: str, name: str) -> Bar:
        """How many pages were read, empty or unreadable."""
        entries, k, n = [], 0, 0
        for source in part.sources:
            pages = self.pages.get(source.document, [])
            hits = [page for page in pages if page.status == status]
            n, k = n + len(pages), k + len(hits)
            if hits:
                where = "" if status == "gelezen" else ": " + ", ".join(page.name or str(page.number) for page in hits)
                note = counted(len(hits), "pagina", "pagina's") + where
                entries.append(Entry(source.document, source.organisation, "ja", "register", None, note=note))
        definition = {
            "gelezen": "Pagina's en werkbladen waarvan de tekst is gelezen.",
            "leeg": "Pagina's en werkbladen zonder tekst.",
            "niet leesbaar": "Pagina's die uit een afbeelding bestaan: wat daar staat, is niet meegeteld.",
        }[status]
        return Bar(f"cell-{part.id}-{key}", name, part.name, definition, k, n, 0, len(part.sources), tuple(entries))

    def goals(self, part: Population, theme: Label) -> Bar:
        """Of the sentences that say how a goal for a theme ended, how many say that it was reached."""
        groups: dict[Status, dict[str, list[tuple[Tag, Sentence]]]] = {"ja": {}, "nog te controleren": {}, "nee": {}}
        documents = {source.document: source for source in part.sources}
        for (document, number), (goal, themes) in self._goals.items():
            sentence = self._sentences.get((document, number))
            if document in documents and theme.id in themes and sentence is not None:
                status: Status = goal.status if goal.label in REACHED else "nee"
                groups[status].setdefault(document, []).append((goal, sentence))

        def entries(status: Status) -> tuple[Entry, ...]:
            rows = []
            for document in sorted(groups[status], key=list(documents).index):
                found = groups[status][document]
                passages = tuple(
                    Passage(
                        s.text, s.page, s.section, self._outcome(goal), self._elsewhere.get((document, s.number), 0)
                    )
                    for goal, s in sorted(found, key=lambda pair: pair[1].number)
                )
                organisation = documents[document].organisation
                note = counted(len(found), "zin", "zinnen")
                rows.append(Entry(document, organisation, status, "model", None, passages, note))
            return tuple(rows)

        size = {status: sum(map(len, group.values())) for status, group in groups.items()}
        return Bar(
            f"cell-{part.id}-doel-{_slug(theme.id)}",
            theme.name,
            f"zinnen over doelen in {part.name}",
            "Zinnen over dit thema die zeggen of een doel is gehaald, deels gehaald of niet gehaald.",
            size["ja"],
            sum(size.values()),
            size["nog te controleren"],
            len({document for group in groups.values() for document in group}),
            entries("ja"),
            entries("nog te controleren"),
            entries("nee"),
        )

    def _passages(self, cell: Cell) -> tuple[Passage, ...]:
        return tuple(self._passage(cell.document, quote) for quote in cell.quotes)

    def _passage(self, document: str, quote: Quote) -> Passage:
        sentence = self._sentences.get((document, quote.sentence))
        section = sentence.section if sentence else ""
        elsewhere = self._elsewhere.get((document, quote.sentence), 0)
        return Passage(quote.text, quote.page, section, elsewhere=elsewhere)

    def _outcome(self, goal: Tag) -> str:
        name = self._scheme.name(goal.label)
        return name if goal.status == "ja" else f"{name} (nog te controleren)"


def _documents_bar(
    key: str, name: str, part: Population, entry: Callable[[Source], Entry], definition: str = ""
) -> Bar:
    groups: dict[str, list[Entry]] = {"ja": [], "nog te controleren": [], "nee": []}
    for source in part.sources:
        row = entry(source)
        groups[row.status].append(row)
    n = len(part.sources)
    yes, waiting, no = (tuple(group) for group in groups.values())
    return Bar(f"cell-{key}", name, part.name, definition, len(yes), n, len(waiting), n, yes, waiting, no)


def _slug(label: str) -> str:
    return label.replace(":", "-")


def _goal_sentences(tags: Iterable[Tag], scheme: Scheme) -> dict[tuple[str, int], tuple[Tag, frozenset[str]]]:
    """Sentence -> its most probable statement about how a goal ended, and the themes that it surely has."""
    order = {label.id: place for place, label in enumerate(scheme.labels)}
    goals: dict[tuple[str, int], Tag] = {}
    themes: dict[tuple[str, int], set[str]] = {}
    for tag in sorted(tags, key=lambda tag: (tag.document, tag.sentence, -tag.probability, order.get(tag.label, 0))):
        if tag.label in JUDGED and tag.status != "nee":
            goals.setdefault((tag.document, tag.sentence), tag)
        elif tag.label.startswith("theme:") and tag.status == "ja":
            themes.setdefault((tag.document, tag.sentence), set()).add(tag.label)
    return {key: (goal, frozenset(themes.get(key, ()))) for key, goal in goals.items()}


ONCE = "Een document telt één keer, hoe vaak het onderwerp er ook in staat."


def _figures(
    counter: Counter, scheme: Scheme, plans: Population, reports: Population, settings: ReportSettings
) -> tuple[Figure, ...]:
    def labels(part: Population, family: str) -> Series:
        kind = "actieplan" if part is plans else "rapportage"
        chosen = [label for label in scheme.family(family) if label.charted and kind in label.kinds]
        return series(part, [counter.label(part, label) for label in chosen])

    def series(part: Population, bars: Iterable[Bar]) -> Series:
        return Series(part.name, len(part.sources), tuple(bars))

    def ranked(rows: Series) -> Series:
        return replace(rows, bars=tuple(sorted(rows.bars, key=lambda bar: (-bar.k, -bar.doubtful))))

    def six(rows: Series) -> Series:
        return replace(rows, bars=tuple(bar for bar in rows.bars if not bar.key.endswith(_slug(OWN_THEME))))

    def unread(*parts: Population) -> Bar:
        if len(parts) == 1:
            [part] = parts
        else:
            part = Population("beide", f"{plans.name} en {reports.name}", (*plans.sources, *reports.sources))
        return counter.read(part, "niet leesbaar", "ongelezen", "Pagina's niet gelezen")

    types = [
        counter.register(plans, f"type-{kind}", name, lambda source, kind=kind: source.organisation_type == kind)  # type: ignore[misc]
        for kind, name in TYPES.items()
    ]
    themes = [label for label in scheme.family("theme") if label.charted and label.id != OWN_THEME]
    in_plans, in_reports = f"in de {plans.name}", f"in de {reports.name}"
    tools = "Kaders en afspraken, zoals het Manifest zelf, staan niet in de figuur."
    return (
        Figure(
            1,
            f"Soort organisatie van de {plans.name}",
            "plannen",
            "Soort organisatie",
            "Een plan telt bij de organisatie die het heeft opgesteld.",
            (series(plans, types),),
            unread(plans),
        ),
        Figure(
            2,
            f"Onderwerpen {in_plans}",
            "plannen",
            "Onderwerp",
            ONCE,
            (labels(plans, "topic"),),
            unread(plans),
        ),
        Figure(
            3,
            f"Thema's {in_plans}",
            "plannen",
            "Thema",
            f"{ONCE} Een zin die de thema's alleen opsomt, telt niet mee.",
            (labels(plans, "theme"),),
            unread(plans),
        ),
        Figure(
            4,
            f"Sectoren {in_plans}",
            "plannen",
            "Sector",
            ONCE,
            (labels(plans, "sector"),),
            unread(plans),
        ),
        Figure(
            5,
            f"Instrumenten {in_plans}",
            "plannen",
            "Instrument",
            f"{ONCE} {tools}",
            (ranked(labels(plans, "instrument")),),
            unread(plans),
            settings.max_bars,
        ),
        Figure(
            6,
            "Thema's in rapportages en in plannen",
            "documenten",
            "Thema",
            f"{ONCE} De rapportages en de plannen hebben elk hun eigen noemer.",
            (six(labels(reports, "theme")), six(labels(plans, "theme"))),
            unread(reports, plans),
        ),
        Figure(
            7,
            f"Sectoren {in_reports}",
            "rapportages",
            "Sector",
            ONCE,
            (labels(reports, "sector"),),
            unread(reports),
        ),
        Figure(
            8,
            f"Gehaalde doelen per thema {in_reports}",
            "doelzinnen",
            "Thema",
            "Geteld zijn zinnen, geen documenten: n is het aantal zinnen over het thema die zeggen hoe een doel is "
            "afgelopen, k het aantal daarvan waarin het is gehaald, overtroffen of eerder gehaald. Een zin over twee "
            "thema's telt bij beide.",
            (series(reports, [counter.goals(reports, theme) for theme in themes]),),
            unread(reports),
        ),
        Figure(
            9,
            f"Instrumenten {in_reports}",
            "rapportages",
            "Instrument",
            f"{ONCE} {tools} Of een instrument ook in een aanbesteding is gebruikt, wordt nog niet onderscheiden.",
            (ranked(labels(reports, "instrument")),),
            unread(reports),
            settings.max_bars,
        ),
    )


def _corpus(counter: Counter, parts: Sequence[Population]) -> tuple[CorpusRow, ...]:
    def row(name: str, count: Callable[[Population], Bar]) -> CorpusRow:
        return CorpusRow(name, tuple(count(part) for part in parts))

    rows = [
        row(
            "Documenten",
            lambda part: counter.register(part, "documenten", "Documenten", lambda source: source in part.sources),
        ),
        row("Organisaties vertegenwoordigd", counter.represented),
    ]
    for kind, name in TYPES.items():
        rows.append(
            row(
                f"Soort organisatie: {name.lower()}",
                lambda part, kind=kind, name=name: counter.register(  # type: ignore[misc]
                    part, f"type-{kind}", name, lambda source: source.organisation_type == kind
                ),
            )
        )
    for kind, name in KINDS.items():
        rows.append(
            row(
                f"Soort document: {name.lower()}",
                lambda part, kind=kind, name=name: counter.register(  # type: ignore[misc]
                    part, f"soort-{kind}", name, lambda source: source.kind == kind
                ),
            )
        )
    for status, key, name in (
        ("gelezen", "gelezen", "Pagina's gelezen"),
        ("leeg", "leeg", "Pagina's zonder tekst"),
        ("niet leesbaar", "ongelezen", "Pagina's niet gelezen"),
    ):
        rows.append(
            row(name, lambda part, status=status, key=key, name=name: counter.read(part, status, key, name))  # type: ignore[misc]
        )
    return tuple(rows)


def _counts(counter: Counter, scheme: Scheme, plans: Population, reports: Population) -> tuple[Count, ...]:
    """The other questions of the yearly analysis, by their number there."""
    role = "wacht op de rol van een vermelding (genoemd, gekozen, toegepast); volgt in een latere versie"

    def of(number: str, text: str, part: Population, label: str, note: str = "") -> Count:
        found = scheme.by_id.get(label)
        if found is None:
            return Count(number, text, None, "het begrip staat niet in het schema")
        return Count(number, text, counter.label(part, found), note)

    def sectors(number: str, text: str, part: Population, note: str) -> Count:
        name = "Minstens één sector"
        return Count(number, text, counter.any_of(part, "sector", name, "Minstens één sector of productgroep."), note)

    rows, later = "wacht op het tellen van rijen in tabellen", "volgt in een latere versie"
    named = "genoemd; of het is gebruikt, wordt nog niet onderscheiden"
    return (
        of("14", "Plannen met het PIANOo-format", plans, "instrument:format_actieplan", "geheel of deels is nog één"),
        sectors("16", "Plannen die een sector noemen", plans, ""),
        Count("18", "Onderbouwing van de sectorkeuze", None, role),
        of("21", "Plannen met doelen en thema's", plans, "topic:doelen_themas"),
        of("21", "Plannen met borging", plans, "topic:borging"),
        of("22", "Plannen met een aanbestedingskalender", plans, "topic:aanbestedingskalender"),
        of("23", "Plannen met een jaarplanning", plans, "topic:jaarplanning"),
        of("24", "Plannen met evaluatie", plans, "topic:evaluatie"),
        of("25", "Plannen met milieu en biodiversiteit", plans, "theme:milieu_biodiversiteit"),
        of("26", "Plannen met een eigen thema", plans, OWN_THEME),
        Count("29–30", "Rapportages met concrete aanbestedingen, en hoeveel gemiddeld", None, rows),
        of("31", "Rapportages met het PIANOo-format", reports, "instrument:format_rapportage"),
        Count("32", "Rapportages met alleen de cijfers van het format", None, rows),
        of("33", "Rapportages met de MVI-zelfevaluatietool (ZET)", reports, "instrument:mvi_zet", named),
        of("34", "Rapportages met een Spend Impact Analyse", reports, "instrument:sia", named),
        of("35", "Rapportages met successen", reports, "topic:successen", "concreet of algemeen is nog één"),
        of("44", "Rapportages over de rol van thema's", reports, "topic:rol_themas_in_aanbestedingen"),
        sectors("45", "Rapportages die een sector noemen", reports, named),
        of("46", "Rapportages met praktijkvoorbeelden", reports, "topic:praktijkvoorbeelden"),
        of("47", "Rapportages met een kalender met resultaten", reports, "topic:kalender_met_resultaten"),
        of("56", "Rapportages die zeggen hoever doelen zijn gehaald", reports, "topic:doelrealisatie"),
        Count("36–43", "Soorten successen en manieren van borging", None, later),
        Count("48–49, 61", "Thema's en instrumenten die in aanbestedingen zijn toegepast", None, role),
        Count("51–55, 58–60, 62", "Soort monitoring en doel, redenen, effecten en verbeterpunten", None, later),
    )  # fmt: skip


def _listed(counter: Counter, source: Source, plans: Population, reports: Population, material: Material) -> Listed:
    pages = counter.pages.get(source.document, [])
    cells = [cell for (document, _), cell in counter.cells.items() if document == source.document]
    pipeline = material.pipelines[0] if len(material.pipelines) == 1 else None
    part = "figuur 1–6" if source in plans.sources else "figuur 6–9" if source in reports.sources else "niet geteld"
    problems = [f"{row.step}: {row.message}" for row in material.problems if row.document == source.document]
    marks = [mark.kind for mark in material.boilerplate if mark.document == source.document]
    return Listed(
        source=source,
        part=part,
        read=sum(page.status == "gelezen" for page in pages),
        empty=sum(page.status == "leeg" for page in pages),
        unread=sum(page.status == "niet leesbaar" for page in pages),
        yes=sum(cell.status == "ja" for cell in cells),
        waiting=sum(cell.status == "nog te controleren" for cell in cells),
        pipeline=f"{pipeline.name} {pipeline.version}" if pipeline and cells else "",
        problem="; ".join(problems) or ("" if cells else "niet verwerkt"),
        shared=marks.count("gedeeld"),
        helped=marks.count("invulhulp"),
    )


def _quality(material: Material) -> dict[str, Quality]:
    """Per family with a score on the test documents: of all taggers together, and what to hold that against."""
    rows = [row for row in material.scores if (row.split == "test" or row.tagger == "second_coder") and not row.slice]
    whole = "all" if any(score.tagger == "all" for score in rows) else "keywords"
    found = {(score.tagger, score.label, score.level): score for score in rows}
    quality = {
        family: Quality(
            FAMILIES[family],
            sentence=found.get((whole, f"{family}:*", "sentence")),
            cell=found.get((whole, f"{family}:*", "cell")),
            keywords=found.get(("keywords", f"{family}:*", "sentence")),
            classifier=found.get(("classifier", f"{family}:*", "sentence")),
            people=found.get(("second_coder", f"{family}:*", "sentence")),
            measures={row.name: row for row in material.measures if (row.split, row.family) == ("test", family)},
            reliability=material.reliability.get(family, b""),
        )
        for family in FAMILY_ORDER
    }
    return {family: row for family, row in quality.items() if row.sentence or row.cell}


def _quality_slices(scores: Sequence[Score], families: Iterable[str]) -> tuple[QualitySlice, ...]:
    """By kind of document, type of organisation, scan or not, and year."""
    rows = {(s.slice, s.label): s for s in scores if s.split == "test" and s.level == "sentence" and s.slice}
    years = sorted({name for name, _ in rows if name.startswith("year:")})
    names = {f"kind:{kind}": f"Soort document: {name.lower()}" for kind, name in KINDS.items()}
    names |= {f"type:{kind}": f"Soort organisatie: {name.lower()}" for kind, name in TYPES.items()}
    names |= {"scan:ja": "Scan", "scan:nee": "Geen scan"} | {year: year.replace("year:", "Jaar: ") for year in years}
    slices = []
    for key, name in names.items():
        found = tuple(rows.get((key, f"{family}:*")) for family in families)
        documents = max((score.documents for score in found if score), default=0)
        if documents:
            slices.append(QualitySlice(name, documents, found))
    return tuple(slices)


def _causes(counts: Sequence[ErrorCount], families: Sequence[str]) -> tuple[Cause, ...]:
    """Missed first, then said wrongly; the most frequent cause of each first."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in counts:
        if row.split == "test":
            found.setdefault((row.error, row.cause), {})[row.family] = row.n
    rows = [Cause(*key, tuple(by.get(family, 0) for family in families)) for key, by in found.items()]
    return tuple(sorted(rows, key=lambda row: (row.error, -sum(row.counts), row.cause)))
