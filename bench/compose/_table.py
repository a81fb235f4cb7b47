"""What the corpus holds, counted: the table of `bench/README.md` and the check that a writer runs on a source."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from spacy.language import Language

from bench.compose._source import Source, Unit, codebook
from bench.compose._years import counted_labels
from mvoi_nlp.annotations import CODED, split_label
from mvoi_nlp.evidence import KeywordTagger
from mvoi_nlp.scheme import FAMILIES
from mvoi_nlp.sentences import load_pipeline

_WORD = re.compile(r"\w+")
RUN = 5  # words of a sequence that two splits should not share


@dataclass(frozen=True)
class Positives:
    """Labels of units, and how many stand in a unit without any term of the scheme for that label."""

    total: int
    hidden: int


def hidden_positives(units: Sequence[Unit], nlp: Language | None = None) -> dict[str, Positives]:
    """Per family of the scheme: labels that a keyword cannot find.

    Parameters
    ----------
    units
        Units of any number of sources.
    nlp
        A loaded pipeline; the project's own by default.
    """
    nlp = nlp or load_pipeline()
    tagger = KeywordTagger(codebook(), nlp.vocab)
    total, hidden = Counter[str](), Counter[str]()
    labelled = [unit for unit in units if unit.labels]
    for unit, doc in zip(labelled, nlp.pipe((unit.text for unit in labelled), batch_size=64), strict=True):
        found = {hit.label for hit in tagger.find(doc)}
        for label in {split_label(label)[0] for label in unit.labels}:
            family = label.partition(":")[0]
            if family in FAMILIES:
                total[family] += 1
                hidden[family] += label not in found
    return {family: Positives(total[family], hidden[family]) for family in FAMILIES}


def word_runs(sources: Iterable[Source], *, shared: bool = False) -> set[tuple[str, ...]]:
    """Distinct sequences of five words within a unit; shared passages only when asked for."""
    runs: set[tuple[str, ...]] = set()
    for source in sources:
        for unit in source.units:
            if shared or not unit.passage:
                words = [word.lower() for word in _WORD.findall(unit.text)]
                runs |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return runs


def corpus_table(sources: Sequence[Source], splits: Mapping[str, str], pages: Mapping[str, int]) -> pd.DataFrame:
    """One row a split and one for all: documents, pages, units, labels per family, and what no keyword finds.

    Parameters
    ----------
    splits
        Organisation -> split.
    pages
        Document -> its number of pages.
    """
    nlp = load_pipeline()
    rows = []
    for split in ("train", "dev", "test", "all"):
        members = [s for s in sources if split in ("all", splits[s.head["organisation"]])]
        units = [unit for source in members for unit in source.units]
        row: dict[str, object] = {
            "split": split,
            "organisations": len({s.head["organisation"] for s in members}),
            "documents": len(members),
            "pages": sum(pages[s.id] for s in members),
            "units": len(units),
            "labelled_units": sum(bool(unit.labels) for unit in units),
        }
        row["without_label"] = round(1 - int(str(row["labelled_units"])) / max(len(units), 1), 3)
        families = Counter(label.partition(":")[0] for unit in units for label in unit.labels)
        row |= {family: families[family] for family in [*FAMILIES, *CODED]}
        row["goal_records"] = sum(len(unit.goals) for unit in units)
        hidden = hidden_positives(units, nlp)
        row["positives_without_term"] = _share(hidden.values())
        row |= {f"{family}_without_term": _share([found]) for family, found in hidden.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _share(found: Iterable[Positives]) -> float:
    members = list(found)
    return round(sum(p.hidden for p in members) / max(sum(p.total for p in members), 1), 3)


def shape_table(sources: Sequence[Source]) -> pd.DataFrame:
    """Counts of the made corpus beside those that the report of April 2026 states, over the same kind of documents."""
    plans = [s for s in sources if s.head["kind"] == "actieplan" and s.head["year"] == "2024"]
    early = [s for s in sources if s.head["kind"] == "actieplan" and s.head["year"] != "2024"]
    reports = [s for s in sources if s.head["kind"] == "rapportage"]
    rows = []
    for what, group, stated, holds in _figures():
        members = {"plans 2024": plans, "plans 2022-2023": early, "reports 2024": reports}[group]
        rows.append(
            {"what": what, "over": group, "n": len(members), "stated": stated, "made": sum(map(holds, members))}
        )
    said = [int(s.head["tenders"].split()[0]) for s in reports if s.head.get("tenders")]
    mean = round(sum(said) / max(len(said), 1))
    rows.append(
        {"what": "mean number of tenders", "over": "reports 2024", "n": len(said), "stated": "55", "made": mean}
    )
    return pd.DataFrame(rows)


def _figures() -> list[tuple[str, str, str, Callable[[Source], bool]]]:
    """What the report states, rows of the dossier's list in brackets; words where it gives no number."""
    plans, early, reports = "plans 2024", "plans 2022-2023", "reports 2024"
    return [
        ("documents [3, 1, 4]", plans, "18", lambda _: True),
        ("documents", early, "27", lambda _: True),
        ("documents", reports, "20", lambda _: True),
        ("of gemeenten [10]", plans, "14", _of_type("gemeente")),
        ("of gemeenten [20]", early, "just over half", _of_type("gemeente")),
        ("of gemeenten [11]", reports, "14", _of_type("gemeente")),
        ("of provincies [11]", reports, "3", _of_type("provincie")),
        ("format used [14]", plans, "10", lambda s: s.head["format_use"] != "none"),
        ("format used [31]", reports, "11", lambda s: s.head["format_use"] != "none"),
        ("figures only [32]", reports, "2", lambda s: s.head["format_use"] == "numbers_only"),
        ("goals and themes [13]", plans, "18", _has("topic:doelen_themas")),
        ("goals and themes [21]", early, "three quarters", _has("topic:doelen_themas")),
        ("borging [13]", plans, "18", _has("topic:borging")),
        ("borging [21]", early, "three quarters", _has("topic:borging")),
        ("monitoring [13]", plans, "more than half", _has("topic:monitoring")),
        ("calendar [22]", plans, "more than half", _has("topic:aanbestedingskalender")),
        ("calendar [22]", early, "a quarter", _has("topic:aanbestedingskalender")),
        ("year plan [23]", plans, "almost three quarters", _has("topic:jaarplanning")),
        ("evaluation [24]", plans, "half", _has("topic:evaluatie")),
        ("evaluation [24]", early, "less than one fifth", _has("topic:evaluatie")),
        ("capacity [13]", plans, "a small part", _has("topic:capaciteit")),
        ("budget [13]", plans, "a small part", _has("topic:budget")),
        ("klimaat [15]", plans, "among the highest", _counts("theme:klimaat")),
        ("circulair [15]", plans, "among the highest", _counts("theme:circulair")),
        ("social return [15]", plans, "among the highest", _counts("theme:social_return")),
        ("milieu en biodiversiteit [25]", plans, "16", _counts("theme:milieu_biodiversiteit")),
        ("milieu en biodiversiteit [25]", early, "about half", _counts("theme:milieu_biodiversiteit")),
        ("diversiteit en inclusie [15]", plans, "lags", _counts("theme:diversiteit_inclusie")),
        ("ketenverantwoordelijkheid [15]", plans, "lags", _counts("theme:keten_isv")),
        ("eigen thema [15, 26]", plans, "3", _counts("theme:eigen_thema")),
        ("eigen thema [26]", early, "more than half", _counts("theme:eigen_thema")),
        ("sectors named [16]", plans, "14", _has("sector:", roles={"focus", "applied"})),
        ("MVI-criteriatool [19]", plans, "almost half", _has("instrument:mvi_criteriatool")),
        ("concrete tenders [29]", reports, "13", lambda s: bool(s.head.get("tenders"))),
        ("themes in tenders [48]", reports, "19", _has("topic:rol_themas_in_aanbestedingen")),
        ("ZET shown [33]", reports, "6", _has("instrument:mvi_zet", roles={"used_for_monitoring"})),
        ("SIA shown [34]", reports, "3", _has("instrument:sia", roles={"used_for_monitoring"})),
        ("successes [35]", reports, "almost all", _has("topic:successen")),
        ("sectors as a subject [45]", reports, "almost half", _has("topic:sectoren")),
        ("practice cases [46]", reports, "9", _has("topic:praktijkvoorbeelden")),
        ("calendar with results [47]", reports, "6", _has("topic:kalender_met_resultaten")),
        ("goals reached or not [56]", reports, "10", _has("topic:doelrealisatie")),
        ("2030 goals reached early [41]", reports, "1", _has("goal:ahead")),
        (
            "MVI-criteriatool in tenders [61]",
            reports,
            "almost a third",
            _has("instrument:mvi_criteriatool/used_in_tender"),
        ),
    ]


def _of_type(wanted: str) -> Callable[[Source], bool]:
    return lambda source: source.head["organisation_type"] == wanted


def _has(start: str, roles: frozenset[str] | set[str] = frozenset()) -> Callable[[Source], bool]:
    def holds(source: Source) -> bool:
        labels = {label for unit in source.units for label in unit.labels if label.startswith(start)}
        return any(not roles or split_label(label)[1] in roles for label in labels)

    return holds


def _counts(label: str) -> Callable[[Source], bool]:
    family = label.partition(":")[0]
    return lambda source: any(label in counted_labels(unit, (family,)) for unit in source.units)


def describe(source: Source) -> list[str]:
    """A writer's check of one source: sizes, shares and the labels that the document as a whole carries."""
    units = source.units
    labelled = [unit for unit in units if unit.labels]
    hidden = hidden_positives(units)
    lengths = sorted(len(unit.text.split()) for unit in units if unit.kind in {"sentence", "bullet", "box"})
    spread = f"{lengths[0]} to {lengths[-1]}, median {lengths[len(lengths) // 2]}" if lengths else "-"
    plain = f"{1 - len(labelled) / len(units):.0%} without label"
    lines = [
        f"{source.id}: {len(units)} units, {len(labelled)} labelled, {plain}",
        f"words a sentence: {spread}",
        f"labels without a term of the scheme: {_share(hidden.values()):.0%} ("
        + ", ".join(f"{family} {found.hidden} of {found.total}" for family, found in hidden.items() if found.total)
        + ")",
    ]
    present: dict[str, Counter[str]] = {}
    for label in (label for unit in units for label in unit.labels):
        family, _, value = label.partition(":")
        present.setdefault(family, Counter())[value] += 1
    for family, values in present.items():
        lines.append(f"  {family}: " + ", ".join(f"{value} {count}" for value, count in sorted(values.items())))
    return lines
