"""The command line: read, call one step, write, say what happened.

Every step is a command of the same name; paths come from dvc.yaml. Errors are printed with the way out, and the exit
code is 1.
"""

import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from tqdm import tqdm

import mvoi_nlp
from mvoi_nlp import records
from mvoi_nlp.engine import Outcome, Task, run_documents
from mvoi_nlp.errors import DocumentsFailed, ModelError, MvoiError
from mvoi_nlp.records import (
    Agreement,
    Annotation,
    Block,
    Boilerplate,
    Cell,
    Counted,
    ErrorCount,
    Evidence,
    FormatUse,
    Measure,
    Page,
    Pipeline,
    Problem,
    Score,
    Sentence,
    Source,
    Tag,
    TenderCount,
    TenderRecord,
    TrainingText,
)
from mvoi_nlp.scheme import FAMILIES, Scheme, load_formats, load_scheme
from mvoi_nlp.settings import Settings, TagsSettings, TextSettings, load_settings

if TYPE_CHECKING:
    from mvoi_nlp.api import Project
    from mvoi_nlp.evidence import Taggers
    from mvoi_nlp.tags import Promise, Rollup

UNREGISTERED = ("overig", None)
"""Kind of a document without a row in the register, and the year that it reports on."""

app = typer.Typer(
    help="Find what Dutch MVOI plans and reports say. `dvc repro` runs all steps; each is a command of its own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=0, help="Processes; 0 is one per core. Default: params.yaml."),
]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler (tcp://host:port) to work on instead of here.")
]
KeepGoing = Annotated[
    bool,
    typer.Option(
        "--keep-going",
        help="Exit with 0 also when documents fail; `mvoi report` then ends with 1 and names them.",
    ),
]


def main() -> None:
    """Run the command line; print an error of ours as `error:` and `hint:`."""
    try:
        app()
    except MvoiError as error:
        _print_error(error)
        sys.exit(1)


# ---------------------------------------------------------------- steps


@app.command()
def sources(
    corpus: Annotated[Path, typer.Argument(help="Folder with register.csv and the documents.")],
    out: Annotated[Path, typer.Argument(help="Folder for the checked register.")],
    keep_going: KeepGoing = False,
) -> None:
    """Check the register: every row, its file and its hash."""
    from mvoi_nlp.sources import check_register

    checked = check_register(corpus / "register.csv")
    records.write_rows(out / "sources.parquet", checked.sources, Source)
    typer.echo(
        f"{len(checked.sources)} documents for {sum(s.represents for s in checked.sources)} organisations -> {out}"
    )
    for name in checked.unregistered:
        typer.echo(f"note: {corpus / name} is in no row of the register and is not read", err=True)
    _finish(out, checked.problems, keep_going)


@app.command()
def text(
    corpus: Annotated[Path, typer.Argument(help="Folder with the documents; with --draw, one PDF.")],
    register: Annotated[
        Path | None, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")
    ] = None,
    out: Annotated[Path | None, typer.Argument(help="Folder for pages and blocks.")] = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    keep_going: KeepGoing = False,
    draw: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the pages of one PDF as pictures with its blocks on them.")
    ] = None,
    quote: Annotated[str, typer.Option(help="With --draw: only the pages that hold this text, with it marked.")] = "",
) -> None:
    """Read every document: pages, and blocks in reading order."""
    from mvoi_nlp.text import count_pages, draw_reading, ocr_version, read_document

    if draw is not None:
        settings = load_settings().text if Path("params.yaml").exists() else TextSettings()
        drawn = list(draw_reading(corpus, read_document(corpus, corpus.stem, settings), draw, quote))
        typer.echo(f"{len(drawn)} pages drawn -> {draw}")
        return
    if register is None or out is None:
        raise MvoiError(
            "SOURCES and OUT are missing", hint="mvoi text CORPUS SOURCES OUT, or mvoi text FILE --draw DIR"
        )
    settings = load_settings().text
    rows = _sources(register)
    files = {row.document: str(corpus / row.file) for row in rows}
    key = records.fingerprint(settings.model_dump(), ocr_version(), *_code("text"), *_words())
    tasks = [Task(row.document, records.fingerprint(row.sha256, Path(row.file).suffix, key)) for row in rows]
    _per_document(
        "text",
        partial(_read_one, files=files, out=out),
        tasks,
        out,
        jobs,
        scheduler,
        keep_going,
        size=lambda document: count_pages(Path(files[document]), settings),
        unit="pages",
    )


@app.command()
def sentences(
    read: Annotated[Path, typer.Argument(metavar="TEXT", help="Folder written by `mvoi text`.")],
    written: Annotated[Path, typer.Argument(help="Folder with labelled sentences that belong to no document.")],
    out: Annotated[Path, typer.Argument(help="Folder for sentences and spaCy Docs.")],
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    keep_going: KeepGoing = False,
) -> None:
    """Cut the text into sentences with lemmas and entities."""
    used = _here().pipeline_record
    _note_fallback(used)
    key = records.fingerprint(
        used.model_dump(), _here().register.model_dump(), *_code("sentences"), *_words(), Path(_module("scheme.py"))
    )
    blocks = sorted(path.name.removesuffix(".blocks.jsonl") for path in read.glob("*.blocks.jsonl"))
    tasks = [Task(document, records.fingerprint(read / f"{document}.blocks.jsonl", key)) for document in blocks]
    texts = [Task(path.stem, records.fingerprint(path, key)) for path in sorted(written.glob("*.jsonl"))]
    run_documents(
        partial(_analyse_texts, written=written, out=out / "written"),
        texts,
        out / "written",
        step="written",
        jobs=1,
    )
    records.write_rows(out / "pipeline.jsonl", [used], Pipeline)
    _per_document(
        "sentences",
        partial(_split_one, read=read, out=out),
        tasks,
        out,
        jobs,
        scheduler,
        keep_going,
    )


@app.command()
def annotations(
    labels: Annotated[Path, typer.Argument(help="Folder that people write: gold/, second/, written/, splits.csv.")],
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    read: Annotated[Path, typer.Argument(metavar="TEXT", help="Folder written by `mvoi text`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    out: Annotated[Path, typer.Argument(help="Folder for the labels of every sentence.")],
) -> None:
    """Check the hand labels, fit them to the sentences, and compare two coders where there are two."""
    from mvoi_nlp import annotations as labelling

    scheme = load_scheme(Path("scheme"))
    gold = labelling.read_gold(labels, scheme)
    agreed = labelling.agreement(gold, labelling.read_second(labels, scheme))
    wanted = {unit.document for unit in gold}
    blocks = [block for document in wanted for block in _rows(read / f"{document}.blocks.jsonl", Block)]
    cut = [sentence for document in wanted for sentence in _rows(split / f"{document}.jsonl", Sentence)]
    fitted = labelling.fit_gold(gold, _sources(register), labelling.read_splits(labels / "splits.csv"), blocks, cut)
    texts = labelling.read_training_texts(labels, scheme)
    documents = sorted({row.document for row in fitted.annotations})
    docs = {document: records.read_docs(split / f"{document}.spacy") for document in documents}
    records.write_rows(out / "annotations.parquet", fitted.annotations, Annotation)
    records.write_docs(out / "annotations.spacy", [docs[row.document][row.sentence] for row in fitted.annotations])
    records.write_rows(out / "agreement.jsonl", agreed, Agreement)
    records.write_rows(out / "texts.jsonl", texts, TrainingText)
    records.write_docs(
        out / "texts.spacy",
        [d for path in sorted((split / "written").glob("*.spacy")) for d in records.read_docs(path)],
    )
    count = {part: sum(row.split == part for row in fitted.annotations) for part in ("train", "dev", "test")}
    typer.echo(
        f"{len(gold)} labelled units on {len(fitted.annotations)} sentences {count}, "
        f"{fitted.moved} moved, {len(fitted.lost)} lost -> {out}"
    )
    for document, lost in groupby(fitted.lost, key=lambda unit: unit.partition(", ")[0]):
        units = list(lost)
        labelled = sum(unit.document == document for unit in gold)
        typer.echo(
            f"note: {document}: {len(units)} of {labelled} labelled units are not in the text as read, "
            f"first{units[0].removeprefix(document)}",
            err=True,
        )


@app.command("evidence-train")
def evidence_train(
    labelled: Annotated[Path, typer.Argument(metavar="ANNOTATIONS", help="Folder written by `mvoi annotations`.")],
    out: Annotated[Path, typer.Argument(help="Folder for the classifier.")],
) -> None:
    """Train the classifier on the labelled sentences of split `train`."""
    from mvoi_nlp.evidence import train_classifier
    from mvoi_nlp.tracking import log_run

    speaking, settings = load_settings().evidence, load_settings().evidence_train
    scheme = load_scheme(Path("scheme"))
    rows, docs, texts = _labelled(labelled)
    out.mkdir(parents=True, exist_ok=True)
    try:
        trained = train_classifier(rows, docs, texts, scheme, records.dutch_vocab(), settings)
    except ModelError as error:  # an empty project is no mistake: the rules speak alone, and say so
        (out / "card.json").write_text(
            json.dumps({"trained": False, "why": error.message}, indent=1) + "\n", encoding="utf-8"
        )
        typer.echo(f"note: no classifier: {error.message}; {error.hint}", err=True)
        return
    trained.classifier.save(out)
    records.write_rows(out / "held_out.parquet", trained.unseen(speaking.min_score), Evidence)
    log_run(
        "evidence-train",
        params=settings.model_dump(),
        metrics=trained.scores,
        tags=_facts(labelled),
        artifacts=out,
        register=True,
    )
    learned = sum(len(family.labels) for family in trained.classifier.families.values())
    typer.echo(f"{learned} labels learned, {len(trained.skipped)} left to the rules (too few sentences) -> {out}")


@app.command()
def evidence(
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    model: Annotated[Path, typer.Argument(help="Folder written by `mvoi evidence-train`.")],
    out: Annotated[Path, typer.Argument(help="Folder for the evidence.")],
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    keep_going: KeepGoing = False,
) -> None:
    """Let every tagger say what it finds in every sentence."""
    settings = load_settings().evidence
    key = records.fingerprint(
        settings.model_dump(), Path("scheme"), model, *_code("evidence"), Path(_module("scheme.py"))
    )
    registered = {row.document: (row.kind, row.reports_on) for row in _sources(register)}
    documents = sorted(path.stem for path in split.glob("*.spacy"))
    tasks = [
        Task(d, records.fingerprint(split / f"{d}.spacy", split / f"{d}.jsonl", *registered.get(d, UNREGISTERED), key))
        for d in documents
    ]
    _per_document(
        "evidence",
        partial(_tag_one, registered=registered, split=split, model=model, out=out),
        tasks,
        out,
        jobs,
        scheduler,
        keep_going,
    )


@app.command("tags-train")
def tags_train(
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    labelled: Annotated[Path, typer.Argument(metavar="ANNOTATIONS", help="Folder written by `mvoi annotations`.")],
    model: Annotated[Path, typer.Argument(help="Folder written by `mvoi evidence-train`.")],
    found: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="Folder written by `mvoi evidence`.")],
    out: Annotated[Path, typer.Argument(help="File for the roll-up (.json).")],
) -> None:
    """Learn how tags make a cell, and from which certainty a cell needs no analyst, on splits `train` and `dev`."""
    from mvoi_nlp.tags import mark_boilerplate

    settings = load_settings().tags
    sources = _sources(register)
    rows = [
        row for row in records.read_rows(labelled / "annotations.parquet", Annotation) if row.split in ("train", "dev")
    ]
    documents = {row.document for row in rows}
    chosen = [source for source in sources if source.document in documents]
    said = [row for source in chosen for row in _rows(found / f"{source.document}.parquet", Evidence)]
    unseen = model / "held_out.parquet"
    held_out = records.read_rows(unseen, Evidence) if unseen.exists() else []
    cut = _all(sources, split, "jsonl", Sentence)
    marked = mark_boilerplate(cut, sources, settings)
    of_chosen = [sentence for sentence in cut if sentence.document in documents]
    rollup = _learn_rollup(chosen, rows, said, held_out, of_chosen, marked, load_scheme(Path("scheme")), settings)
    rollup.save(out)
    if not rollup.families:
        typer.echo("note: too few labelled documents to learn from: every cell waits for an analyst", err=True)
    for name, family in rollup.families.items():
        typer.echo(f"{name}: {_promise(family.promise, settings.most_wrong, settings.surety)}")
    typer.echo(f"{len(rollup.families)} families, {len(documents)} documents -> {out}")


def _learn_rollup(
    sources: Sequence[Source],
    rows: Sequence[Annotation],
    said: Sequence[Evidence],
    held_out: Sequence[Evidence],
    sentences: Sequence[Sentence],
    marked: Sequence[Boilerplate],
    scheme: Scheme,
    settings: TagsSettings,
) -> "Rollup":
    """The roll-up of labelled documents.

    Of those that the classifier has read, it learns from `held_out`: what models said that had not.
    """
    from mvoi_nlp.tags import decide_tags, fit_rollup

    replaced = {row.document for row in held_out}
    honest = [row for row in said if row.tagger != "classifier" or row.document not in replaced]
    decided = decide_tags([*honest, *held_out], settings, marked)
    return fit_rollup(decided, sentences, records.counted_labels(rows), sources, scheme, settings)


def _promise(promise: "Promise", most_wrong: float, surety: float) -> str:
    """What the thresholds promise, and on how many cells that rests."""
    goal = f"at most {most_wrong:.0%} of the settled cells wrong, with probability {surety:.0%}"
    if promise.certainty is None:
        return f"no certainty keeps the promise ({goal}; {promise.cells} labelled cells): all wait for an analyst"
    return (
        f"settled from certainty {promise.certainty:.2f}: {goal}; on {promise.cells} labelled cells of documents "
        f"not seen, {promise.settled} were settled, {promise.wrong} of them wrongly"
    )


@app.command()
def tags(
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    read: Annotated[Path, typer.Argument(metavar="TEXT", help="Folder written by `mvoi text`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    found: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="Folder written by `mvoi evidence`.")],
    rollup: Annotated[Path, typer.Argument(help="File written by `mvoi tags-train`.")],
    out: Annotated[Path, typer.Argument(help="Folder for tags and cells.")],
) -> None:
    """Mark what a document did not say itself; decide per sentence and label, then per document and label."""
    from mvoi_nlp.tags import Rollup, decide_cells, decide_tags, find_format_use, mark_boilerplate

    settings = load_settings().tags
    rows = _sources(register)
    cut = _all(rows, split, "jsonl", Sentence)
    marked = mark_boilerplate(cut, rows, settings)
    said = [row for source in rows for row in _rows(found / f"{source.document}.parquet", Evidence)]
    decided = decide_tags(said, settings, marked)
    cells = decide_cells(
        rows,
        decided,
        cut,
        _all(rows, read, "pages.jsonl", Page),
        load_scheme(Path("scheme")),
        settings,
        Rollup.load(rollup),
    )
    formats = find_format_use(cut, rows, marked, load_formats(Path("scheme")), settings)
    records.write_rows(out / "shared.jsonl", marked, Boilerplate)
    records.write_rows(out / "format.jsonl", formats, FormatUse)
    records.write_rows(out / "tags.parquet", decided, Tag)
    records.write_rows(out / "cells.parquet", cells, Cell)
    waiting = _waiting(cells)
    helped = sum(mark.kind == "invulhulp" for mark in marked)
    rejected = sum(bool(tag.reason) for tag in decided)
    typer.echo(
        f"{len(marked) - helped} sentences shared by organisations; {helped} of help text, {rejected} tags rejected"
    )
    typer.echo(f"{len(decided)} tags, {len(cells)} cells, {waiting} of them to check -> {out}")


@app.command()
def validation(
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    read: Annotated[Path, typer.Argument(metavar="TEXT", help="Folder written by `mvoi text`.")],
    labelled: Annotated[Path, typer.Argument(metavar="ANNOTATIONS", help="Folder written by `mvoi annotations`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    found: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="Folder written by `mvoi evidence`.")],
    decided: Annotated[Path, typer.Argument(metavar="TAGS", help="Folder written by `mvoi tags`.")],
    out: Annotated[Path, typer.Argument(help="Folder for scores, metrics, reliability plots and errors.")],
) -> None:
    """Measure tags and cells against the hand labels."""
    from mvoi_nlp.tracking import log_run
    from mvoi_nlp.validation import Material, draw_reliability, validate

    settings = load_settings()
    rows = records.read_rows(labelled / "annotations.parquet", Annotation)
    documents = {row.document for row in rows}
    labelled_sources = [source for source in _sources(register) if source.document in documents]
    material = Material(
        annotations=rows,
        evidence=_all(labelled_sources, found, "parquet", Evidence),
        tags=records.read_rows(decided / "tags.parquet", Tag),
        cells=records.read_rows(decided / "cells.parquet", Cell),
        sentences=_all(labelled_sources, split, "jsonl", Sentence),
        agreement=records.read_rows(labelled / "agreement.jsonl", Agreement),
        sources=labelled_sources,
        pages=_all(labelled_sources, read, "pages.jsonl", Page),
    )
    result = validate(material, load_scheme(Path("scheme")), settings.validation)
    records.write_rows(out / "scores.parquet", result.scores, Score)
    records.write_rows(out / "measures.jsonl", result.measures, Measure)
    records.write_rows(out / "causes.jsonl", result.causes, ErrorCount)
    (out / "metrics.json").write_text(json.dumps(result.metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    result.calibration.to_csv(out / "calibration.csv", index=False)
    result.errors.to_csv(out / "errors.csv", index=False)
    (out / "reliability").mkdir(exist_ok=True)
    for family in FAMILIES:
        (out / "reliability" / f"{family}.png").write_bytes(draw_reliability(result.calibration, family))
    whole = [score for score in result.scores if score.tagger == "all" and not score.slice]
    (out / "labels.csv").write_text(
        _csv(
            [score.model_dump() for score in whole if not score.label.endswith(":*")],
            ["split", "level", "label", "n", "precision", "recall", "f1", "f1_low", "f1_high"],
        ),
        encoding="utf-8",
    )
    log_run(
        "validation",
        params=_settings_of(settings, "evidence", "evidence_train", "tags", "sentences"),
        metrics=result.metrics | {f"{s.split}.{s.level}.{s.label}.f1": s.f1 for s in whole},
        tags=_facts(labelled) | {"pipeline": _used_pipeline(split)},
        artifacts=out,
    )
    for name, value in sorted(result.metrics.items()):
        if not name.endswith(("_low", "_high")):
            typer.echo(f"{name:44} {value:.3f}")


@app.command()
def review(
    decided: Annotated[Path, typer.Argument(metavar="TAGS", help="Folder written by `mvoi tags`.")],
    verdicts: Annotated[Path, typer.Argument(help="decisions.jsonl, to which the review page appends.")],
    out: Annotated[Path, typer.Argument(help="Folder for the reviewed cells.")],
) -> None:
    """Put the analyst's verdicts over the cells."""
    from mvoi_nlp.review import apply_verdicts, read_verdicts

    cells = records.read_rows(decided / "cells.parquet", Cell)
    reviewed = apply_verdicts(cells, read_verdicts(verdicts))
    records.write_rows(out / "cells.parquet", reviewed.cells, Cell)
    by_people = sum(cell.decided_by != "model" for cell in reviewed.cells)
    waiting = _waiting(reviewed.cells)
    typer.echo(f"{by_people} cells decided by people, {waiting} to check -> {out}")
    for verdict in reviewed.unused:
        typer.echo(
            f"note: the verdict on {verdict.document} / {verdict.label} has no cell any more; it is kept in {verdicts}",
            err=True,
        )


@app.command("review-page")
def review_page(
    analyst: Annotated[str, typer.Option(help="Your initials, stored with every verdict.")] = "",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on this machine.")] = 8080,
    show: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    data: Annotated[Path, typer.Option(help="Folder with the steps' output.")] = Path("data"),
    verdicts: Annotated[Path, typer.Option(help="File to which verdicts are appended.")] = Path(
        "annotations/decisions.jsonl"
    ),
) -> None:
    """Open the page on which an analyst settles the doubtful cells."""
    from mvoi_nlp.review import ReviewState, serve

    rows = _sources(data / "1_sources")
    state = ReviewState(
        cells=records.read_rows(data / "5_tags" / "cells.parquet", Cell),
        sentences=records.by_document(_all(rows, data / "3_sentences", "jsonl", Sentence)),
        sources=rows,
        scheme=load_scheme(Path("scheme")),
        settings=load_settings().review,
        decisions=verdicts,
        pages=_all(rows, data / "2_text", "pages.jsonl", Page),
        evidence=_all(rows, data / "4_evidence", "parquet", Evidence),
        analyst=analyst or os.environ.get("USER", "") or "analist",
        boilerplate=records.read_rows(data / "5_tags" / "shared.jsonl", Boilerplate),
    )
    typer.echo(f"review page: http://127.0.0.1:{port} (stop with Ctrl+C); verdicts -> {verdicts}")
    serve(state, port=port, show=show)


@app.command()
def report(
    register: Annotated[Path, typer.Argument(metavar="SOURCES", help="Folder written by `mvoi sources`.")],
    read: Annotated[Path, typer.Argument(metavar="TEXT", help="Folder written by `mvoi text`.")],
    split: Annotated[Path, typer.Argument(metavar="SENTENCES", help="Folder written by `mvoi sentences`.")],
    found: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="Folder written by `mvoi evidence`.")],
    decided: Annotated[Path, typer.Argument(metavar="TAGS", help="Folder written by `mvoi tags`.")],
    checked: Annotated[Path, typer.Argument(metavar="REVIEW", help="Folder written by `mvoi review`.")],
    measured: Annotated[Path, typer.Argument(metavar="VALIDATION", help="Folder written by `mvoi validation`.")],
    out: Annotated[Path, typer.Argument(help="Folder for report.html, report.xlsx and the figures.")],
) -> None:
    """Make the report: nine figures, their tables, and the sentence behind every number."""
    from mvoi_nlp.report import Material, build_report, counts_of, write_report
    from mvoi_nlp.tracking import log_run

    settings = load_settings()
    rows = _sources(register)
    problems = [row for folder in (register, read, split, found) for row in _rows(folder / "problems.jsonl", Problem)]
    material = Material(
        sources=rows,
        cells=records.read_rows(checked / "cells.parquet", Cell),
        tags=records.read_rows(decided / "tags.parquet", Tag),
        sentences=_all(rows, split, "jsonl", Sentence),
        pages=_all(rows, read, "pages.jsonl", Page),
        pipelines=records.read_rows(split / "pipeline.jsonl", Pipeline),
        scores=records.read_rows(measured / "scores.parquet", Score),
        measures=records.read_rows(measured / "measures.jsonl", Measure),
        causes=records.read_rows(measured / "causes.jsonl", ErrorCount),
        reliability={path.stem: path.read_bytes() for path in sorted((measured / "reliability").glob("*.png"))},
        problems=problems,
        boilerplate=records.read_rows(decided / "shared.jsonl", Boilerplate),
        facts={
            "taggers": ", ".join(settings.evidence.taggers),
            "scheme": records.fingerprint(Path("scheme"))[:12],
            "version": _version(),
            "names": "zichtbaar" if settings.report.show_names else "afgeschermd in de citaten",
        },
    )
    made = build_report(material, load_scheme(Path("scheme")), settings.report)
    write_report(made, out)
    with tempfile.TemporaryDirectory() as folder:  # without quotes: what changed is small, and names nobody
        bare = [cell.model_copy(update={"quotes": ()}) for cell in material.cells]
        records.write_rows(Path(folder) / "cells.parquet", bare, Cell)
        records.write_rows(Path(folder) / "counts.jsonl", counts_of(made), Counted)
        log_run(
            "report",
            params=_settings_of(settings, "sentences", "evidence", "evidence_train", "tags", "report"),
            metrics={},
            tags={
                "scheme": material.facts["scheme"],
                "corpus": records.fingerprint([(row.document, row.sha256) for row in rows])[:12],
                "version": _version(),
                "pipeline": _used_pipeline(split),
            },
            artifacts=Path(folder),
        )
    typer.echo(f"report -> {out / 'report.html'} and {out / 'report.xlsx'}")
    if problems:
        raise DocumentsFailed(
            {row.document: MvoiError(f"{row.step}: {row.message}", hint=row.hint) for row in problems}
        )


# ---------------------------------------------------------------- beside the steps


@app.command()
def tag(
    files: Annotated[
        list[Path], typer.Argument(help="PDF, Word, Excel, PowerPoint, OpenDocument, e-mail, HTML or text files.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for sentences.jsonl and documents.jsonl.")],
    one_sentence_per_line: Annotated[
        bool, typer.Option("--one-sentence-per-line", help="Keep the lines of a .txt file as sentences.")
    ] = False,
    project: Annotated[
        Path | None,
        typer.Option(help="The project whose scheme and classifier to use; default: here or above."),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Show names of people, phone numbers and mail addresses; else masked.")
    ] = False,
    jobs: Jobs = 0,
) -> None:
    """Tag documents outside the corpus."""
    from mvoi_nlp.api import Project

    opened = Project.open(project)
    if opened.model is None and "classifier" in opened.settings.evidence.taggers:
        typer.echo("note: no trained classifier here, so only the rules speak; `dvc repro` makes one", err=True)
    if out.exists() and not out.is_dir():
        raise MvoiError(f"--out {out} is a file", hint="name a folder; it is made when it does not exist")
    _note_fallback(opened.pipeline_record)
    started = time.perf_counter()
    tasks = {f"{number:05d}": path for number, path in enumerate(files)}
    failures: dict[str, MvoiError] = {}
    with tempfile.TemporaryDirectory() as folder:  # never below `out`, which is the user's
        parts = Path(folder)
        work = partial(
            _tag_file, files=tasks, root=opened.root, per_line=one_sentence_per_line, show_names=names, out=parts
        )
        try:
            run_documents(work, [Task(task, "") for task in tasks], parts, step="tag", jobs=jobs or 0)
        except DocumentsFailed as error:
            failures = {str(tasks[task]): problem for task, problem in error.failures.items()}
        finished = [parts / f"{task}.json" for task in tasks if (parts / f"{task}.json").exists()]
        done = [json.loads(path.read_text(encoding="utf-8")) for path in finished]
    _write_lines(out / "sentences.jsonl", [row for part in done for row in part["sentences"]])
    _write_lines(out / "documents.jsonl", [part["document"] for part in done])
    seconds = time.perf_counter() - started
    pages = sum(part["document"]["pages_read"] + part["document"]["pages_not_read"] for part in done)
    unread = sum(part["document"]["pages_not_read"] for part in done)
    count = sum(len(part["sentences"]) for part in done)
    typer.echo(
        f"{len(done)} documents, {pages} pages ({unread} not read), {count} sentences in {seconds:.1f} s -> {out}"
    )
    if failures:
        raise DocumentsFailed(failures)


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the new project; made when it does not exist.")
    ],
) -> None:
    """Make an empty project for documents of your own, in which `dvc repro` works."""
    from mvoi_nlp.api import template_root
    from mvoi_nlp.sources import COLUMNS

    template = template_root()
    if template is None:
        raise MvoiError("the package lacks its template", hint="install mvoi-nlp again")
    if (folder / "params.yaml").exists():
        raise MvoiError(f"{folder} already holds a project", hint="choose an empty folder")
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for name in ("gold", "second"):
        (folder / "annotations" / name).mkdir(parents=True, exist_ok=True)
    (folder / ".dvc").mkdir(exist_ok=True)
    shutil.copytree(template / "scheme", folder / "scheme", dirs_exist_ok=True)
    shutil.copytree(template / "annotations" / "written", folder / "annotations" / "written", dirs_exist_ok=True)
    shutil.copy(template / "params.yaml", folder / "params.yaml")
    stages = (template / "dvc.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    own = "".join(
        line for line in stages if not line.strip().startswith(("- src/", "- models/nl_mvoi_core"))
    )  # the code and the pipeline are installed packages there
    (folder / "dvc.yaml").write_text(own, encoding="utf-8")
    (folder / "corpus" / "register.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    (folder / "annotations" / "splits.csv").write_text("organisation,split\n", encoding="utf-8")
    (folder / "annotations" / "decisions.jsonl").touch()
    (folder / ".dvc" / "config").write_text(
        "[core]\n    analytics = false\n    check_update = false\n    no_scm = true\n", encoding="utf-8"
    )
    (folder / ".gitignore").write_text(
        "/data/\n/models/classifier/\n/mlflow.db*\n/mlruns/\n/.dvc/cache/\n/.dvc/tmp/\n", encoding="utf-8"
    )
    typer.echo(
        f"project -> {folder}\n"
        f"next: put documents in {folder / 'corpus'}, a row each in register.csv, and run `dvc repro` there\n"
        f"(with this environment active, so that `dvc` and `mvoi` are found)"
    )


@app.command("scheme-check")
def scheme_check(
    folder: Annotated[Path, typer.Argument(help="Folder with the labels.")] = Path("scheme"),
) -> None:
    """Check the labels: terms twice or in two labels, examples that fail, ids that refer to nothing."""
    from mvoi_nlp.evidence import lint_scheme
    from mvoi_nlp.sentences import load_pipeline

    scheme = load_scheme(folder)
    nlp = load_pipeline()
    findings = lint_scheme(scheme, nlp.vocab, nlp)
    for finding in findings:
        typer.echo(f"{finding.label}: {finding.message}")
    terms = sum(len(label.terms) + len(label.exact_terms) for label in scheme.labels)
    examples = sum(len(label.examples) for label in scheme.labels)
    typer.echo(f"{len(scheme.labels)} labels, {terms} terms, {examples} examples: {len(findings)} findings")
    if findings:
        raise typer.Exit(1)


@app.command("evidence-folds")
def evidence_folds(
    data: Annotated[Path, typer.Option(help="Folder with the steps' output.")] = Path("data"),
    out: Annotated[Path, typer.Option(help="Folder for the scores.")] = Path("data/folds"),
) -> None:
    """Measure what a score owes to leaks, and how well the last year is found with what earlier years teach.

    Three trainings, so minutes: no stage of `dvc repro`.
    """
    from mvoi_nlp.evidence import measure_folds
    from mvoi_nlp.tracking import log_run

    settings = load_settings()
    rows, docs, texts = _labelled(data / "annotations")
    typer.echo("F1 per sentence of the classifier on the documents to learn from, dealt over folds in two ways")
    measuring = (load_scheme(Path("scheme")), records.dutch_vocab(), settings.evidence_train, settings.validation)
    scores = measure_folds(rows, docs, texts, *measuring)
    metrics: dict[str, float] = {}
    for family in FAMILIES:
        ways = {score.split: score for score in scores if score.label == f"{family}:*"}
        if ways:
            gap = metrics[f"gap.{family}.f1"] = round(ways["naive"].f1 - ways["organisation"].f1, 4)
            both = "   ".join(f"{name} {_f1(score)}" for name, score in ways.items())
            typer.echo(f"  {family:11} {both}   gap {gap:+.3f}")
    last = _last_year(data, rows, docs, texts)
    scores += last
    columns = {
        "sentences": ("last_year", "sentence", "all"),
        "keywords alone": ("last_year", "sentence", "keywords"),
        "documents": ("last_year", "cell", "all"),
        "sentences of new organisations": ("new_organisations", "sentence", "all"),
    }
    for family in FAMILIES:
        of_family = [score for score in last if score.label == f"{family}:*" and not score.slice]
        found = {(score.split, str(score.level), score.tagger): score for score in of_family}
        row = "   ".join(f"{name} {_f1(found[key])}" for name, key in columns.items() if key in found)
        if row:
            typer.echo(f"  {family:11} {row}")
    records.write_rows(out / "scores.parquet", scores, Score)
    families = [score for score in scores if score.label.endswith(":*") and not score.slice]
    metrics |= {f"{s.split}.{s.level}.{s.tagger}.{s.label.removesuffix(':*')}.f1": s.f1 for s in families}
    log_run(
        "evidence-folds",
        params=_settings_of(settings, "evidence", "evidence_train", "tags"),
        metrics=metrics,
        tags=_facts(data / "annotations"),
        artifacts=out,
    )
    typer.echo(f"-> {out}")


def _last_year(
    data: Path, rows: Sequence[Annotation], docs: Sequence[Any], texts: Sequence[tuple[TrainingText, Any]]
) -> list[Score]:
    """Learn from the documents of earlier years, tag those of the last and score them, as `validation` does.

    Split `last_year` is that year whole; `new_organisations` the part of it by bodies of which nothing was learned.
    """
    from mvoi_nlp.evidence import Taggers, train_classifier
    from mvoi_nlp.tags import decide_cells, decide_tags
    from mvoi_nlp.validation import Material, validate

    settings, scheme, vocab = load_settings(), load_scheme(Path("scheme")), records.dutch_vocab()
    labelled = {row.document for row in rows}
    sources = [source for source in _sources(data / "1_sources") if source.document in labelled]
    last = max(source.year_covered for source in sources)
    held = [source for source in sources if source.year_covered == last]
    late = {source.document for source in held}
    dealt = [row.model_copy(update={"split": "test" if row.document in late else "train"}) for row in rows]
    known = {row.organisation for row in dealt if row.split == "train"}
    if not known:
        typer.echo(f"note: all labelled documents are of {last}; no year can be held out", err=True)
        return []
    early = sorted(source.year_covered for source in sources if source.document not in late)
    typer.echo(f"F1 on the {len(held)} documents of {last}, learned from {len(early)} of {early[0]} to {early[-1]}")
    trained = train_classifier(dealt, docs, texts, scheme, vocab, settings.evidence_train)
    with tempfile.TemporaryDirectory() as folder:
        trained.classifier.save(Path(folder))
        speaking = Taggers(scheme, vocab, settings.evidence, Path(folder))
    cut = records.by_document(_all(sources, data / "3_sentences", "jsonl", Sentence))
    found: list[Evidence] = []
    earlier: list[Evidence] = []
    for source in tqdm(sources, desc="tag", unit=" doc", disable=None):
        stored = records.read_docs(data / "3_sentences" / f"{source.document}.spacy")
        said = speaking.tag(cut[source.document], stored, source.kind)
        (found if source.document in late else earlier).extend(said)
    marked = records.read_rows(data / "5_tags" / "shared.jsonl", Boilerplate)
    old = [source for source in sources if source.document not in late]
    of_old = [sentence for source in old for sentence in cut[source.document]]
    learned = [row for row in dealt if row.split == "train"]
    unseen = trained.unseen(settings.evidence.min_score)
    rollup = _learn_rollup(old, learned, earlier, unseen, of_old, marked, scheme, settings.tags)
    sentences = [sentence for source in held for sentence in cut[source.document]]
    pages = _all(held, data / "2_text", "pages.jsonl", Page)
    tags = decide_tags(found, settings.tags, marked)
    cells = decide_cells(held, tags, sentences, pages, scheme, settings.tags, rollup)
    material = Material(dealt, found, tags, cells, sentences, sources=held, pages=pages)
    new = [row for row in dealt if row.organisation not in known]
    scores = []
    for name, part in (("last_year", dealt), ("new_organisations", new)):
        result = validate(dataclasses.replace(material, annotations=part), scheme, settings.validation)
        scores += [score.model_copy(update={"split": name}) for score in result.scores]
    return scores


@app.command("evidence-compare")
def evidence_compare(
    before: Annotated[
        str, typer.Argument(metavar="RUN", help="A report run: its id, the first characters of it, vorige or laatste.")
    ] = "vorige",
    after: Annotated[str, typer.Argument(metavar="RUN", help="The run to hold against it.")] = "laatste",
) -> None:
    """Print which cells and which numbers of the report change between two runs."""
    from mvoi_nlp.report import changed_cells, changed_counts
    from mvoi_nlp.tracking import find_run

    runs = [find_run(name, "report", holding=("cells.parquet", "counts.jsonl")) for name in (before, after)]
    for run in runs:
        typer.echo(f"{run.id[:8]}  {run.started:%d-%m-%Y %H:%M}")
    old, new = (run.facts for run in runs)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            typer.echo(f"  {name}: {old.get(name, '–')} -> {new.get(name, '–')}")
    cells = changed_cells(*(records.read_rows(run.files / "cells.parquet", Cell) for run in runs))
    counts = changed_counts(*(records.read_rows(run.files / "counts.jsonl", Counted) for run in runs))
    for what, changes in (("cells", cells), ("numbers of the report", counts)):
        typer.echo(f"{len(changes)} {what} change")
        for change in changes:
            typer.echo(f"  {', '.join(change.place)}: {change.before} -> {change.after}")


@app.command("evidence-promote")
def evidence_promote(
    version: Annotated[int, typer.Argument(min=1, help="Version of the registered model, as MLflow numbers them.")],
) -> None:
    """Mark a version of the registered classifier as the one in production."""
    from mvoi_nlp.tracking import promote

    promote(version)
    typer.echo(f"version {version} now has the alias 'productie'")


# ---------------------------------------------------------------- one document, in a worker


def _read_one(document: str, *, files: dict[str, str], out: Path) -> None:
    from mvoi_nlp.text import read_document

    reading = read_document(Path(files[document]), document, load_settings().text)
    records.write_rows(out / f"{document}.pages.jsonl", reading.pages, Page)
    records.write_rows(out / f"{document}.blocks.jsonl", reading.blocks, Block)


def _split_one(document: str, *, read: Path, out: Path) -> None:
    from mvoi_nlp.sentences import split_blocks

    cut, docs = split_blocks(_here().pipeline, records.read_rows(read / f"{document}.blocks.jsonl", Block))
    records.write_rows(out / f"{document}.jsonl", cut, Sentence)
    records.write_docs(out / f"{document}.spacy", docs)


def _analyse_texts(stem: str, *, written: Path, out: Path) -> None:
    nlp = _here().pipeline
    rows = records.read_rows(written / f"{stem}.jsonl", TrainingText)
    records.write_docs(out / f"{stem}.spacy", [nlp(row.text) for row in rows])


def _tag_one(
    document: str,
    *,
    registered: Mapping[str, tuple[str, int | None]],
    split: Path,
    model: Path,
    out: Path,
) -> None:
    speaking = _taggers(model)
    kind, year = registered.get(document, UNREGISTERED)
    cut = records.read_rows(split / f"{document}.jsonl", Sentence)
    found = speaking.tag(cut, records.read_docs(split / f"{document}.spacy"), kind)
    listed, count = speaking.tenders(document, cut, year)
    records.write_rows(out / f"{document}.parquet", found, Evidence)
    records.write_rows(out / f"{document}.tenders.jsonl", listed, TenderRecord)
    records.write_rows(out / f"{document}.tender_count.jsonl", [count], TenderCount)


def _tag_file(name: str, *, files: dict[str, Path], root: Path, per_line: bool, show_names: bool, out: Path) -> None:
    path = files[name]
    project = _project(root)
    tagged = project.tag(project.read(path, one_sentence_per_line=per_line and path.suffix.lower() == ".txt"))
    source = tagged.document.source
    helped = {mark.sentence for mark in tagged.boilerplate}
    by_sentence: dict[int, list[Tag]] = {}
    for row in tagged.tags:
        if row.status != "nee":
            by_sentence.setdefault(row.sentence, []).append(row)
    lines = [
        {
            "document": str(path),
            "page": s.page,
            "number": s.number,
            "text": s.text if show_names else s.masked,
            "start": s.start,
            "end": s.end,
        }
        | {
            "labels": [
                row.model_dump(mode="json", include={"label", "probability", "status", "taggers"})
                for row in by_sentence.get(s.number, ())
            ],
            "goal": tagged.goals.get(s.number, "none"),
            "help_text": s.number in helped,
        }
        for s in tagged.document.sentences
    ]
    unread = sum(page.status == "niet leesbaar" for page in tagged.document.pages)
    cells = tagged.cells if show_names else records.mask_quotes(tagged.cells, tagged.document.sentences)
    document = {
        "document": str(path),
        "kind": source.kind,
        "organisation": source.organisation,
        "organisation_type": source.organisation_type,
        "pages_read": len(tagged.document.pages) - unread,
        "pages_not_read": unread,
        "pipeline": project.pipeline_record.name,
        "taggers": project.taggers.names,
        "format_use": tagged.format_use.model_dump(mode="json", include={"use", "score", "why"}),
        "tenders": tagged.tender_count.model_dump(
            mode="json", include={"tenders", "lots", "stated", "number", "unit", "basis"}
        ),
        "cells": [cell.model_dump(mode="json", exclude={"document", "decided_by"}) for cell in cells],
    }
    (out / f"{name}.json").write_text(
        json.dumps({"sentences": lines, "document": document}, ensure_ascii=False), encoding="utf-8"
    )


# ---------------------------------------------------------------- shared by the commands


@lru_cache(maxsize=1)
def _taggers(model: Path) -> "Taggers":
    from mvoi_nlp.evidence import Taggers

    trained = model if (model / "classifier.skops").exists() else None
    return Taggers(load_scheme(Path("scheme")), records.dutch_vocab(), load_settings().evidence, trained)


def _here() -> "Project":
    """The project in the current folder, in which the steps run."""
    return _project(Path())


@lru_cache(maxsize=1)
def _project(root: Path) -> "Project":
    from mvoi_nlp.api import Project

    return Project.open(root)


def _per_document(
    step: str,
    work: Callable[[str], object],
    tasks: Sequence[Task],
    out: Path,
    jobs: int | None,
    scheduler: str | None,
    keep_going: bool,
    *,
    size: Callable[[str], int] | None = None,
    unit: str = "doc",
) -> None:
    engine = load_settings().engine
    problems: list[Problem] = []
    try:
        outcome = run_documents(
            work,
            tasks,
            out,
            step=step,
            jobs=engine.jobs if jobs is None else jobs,
            scheduler=engine.scheduler if scheduler is None else scheduler,
            size=size,
            unit=unit,
        )
        typer.echo(_outcome(step, outcome, out))
    except DocumentsFailed as error:
        problems = [
            Problem(step=step, document=name, message=e.message, hint=e.hint)
            for name, e in sorted(error.failures.items())
        ]
        typer.echo(f"{step}: {len(tasks) - len(problems)} of {len(tasks)} documents done -> {out}")
    _finish(out, problems, keep_going)


def _outcome(step: str, outcome: Outcome, out: Path) -> str:
    which = f" ({', '.join(outcome.done)})" if 0 < len(outcome.done) <= 5 else ""
    left = f"{len(outcome.kept)} unchanged, {len(outcome.removed)} removed"
    return f"{step}: {len(outcome.done)} documents done{which}, {left} -> {out}"


def _note_fallback(used: Pipeline) -> None:
    """A fall-back is never silent."""
    if used.fallback:
        typer.echo(f"note: {used.asked} is not installed; {used.name} {used.version} is used instead", err=True)


def _waiting(cells: Iterable[Cell]) -> int:
    """Cells for the review page: doubtful, and of a family that is reviewed."""
    families = load_settings().review.families
    return sum(cell.status == "nog te controleren" and cell.label.partition(":")[0] in families for cell in cells)


def _finish(out: Path, problems: Sequence[Problem], keep_going: bool) -> None:
    """Store what went wrong beside what went right, print it, and choose the exit code."""
    records.write_rows(out / "problems.jsonl", problems, Problem)
    for problem in problems:
        _print_error(MvoiError(problem.message, hint=problem.hint))
    if problems and not keep_going:
        raise typer.Exit(1)


def _print_error(error: MvoiError) -> None:
    typer.secho(f"error: {error.message}", fg="red", err=True)
    if error.hint:
        typer.echo(f"hint: {error.hint}", err=True)


def _sources(folder: Path) -> list[Source]:
    return records.read_rows(folder / "sources.parquet", Source)


def _rows(path: Path, kind: type[records.Row]) -> list[records.Row]:
    """Rows of a file that a document may lack because an earlier step could not read it."""
    return records.read_rows(path, kind) if path.exists() else []


def _all(rows: Iterable[Source], folder: Path, extension: str, kind: type[records.Row]) -> list[records.Row]:
    return [row for source in rows for row in _rows(folder / f"{source.document}.{extension}", kind)]


def _module(name: str) -> str:
    return str(Path(mvoi_nlp.__file__).parent / name)


def _words() -> tuple[Path, ...]:
    """The list of Dutch words and what reads it, for the steps that ask it."""
    return tuple(Path(_module(name)) for name in ("dutch.py", "common_words.txt"))


def _code(step: str) -> tuple[Path, ...]:
    """The code that a document's output of a step depends on."""
    return tuple(Path(_module(name)) for name in (step, "records.py"))


def _facts(labelled: Path) -> dict[str, str]:
    return {
        "scheme": records.fingerprint(Path("scheme"))[:12],
        "data": records.fingerprint(labelled / "annotations.parquet", labelled / "texts.jsonl")[:12],
        "version": _version(),
    }


def _labelled(folder: Path) -> tuple[list[Annotation], list[Any], list[tuple[TrainingText, Any]]]:
    """Labelled sentences, their Docs, and labelled texts of no document with theirs."""
    texts = zip(
        records.read_rows(folder / "texts.jsonl", TrainingText), records.read_docs(folder / "texts.spacy"), strict=True
    )
    rows = records.read_rows(folder / "annotations.parquet", Annotation)
    return rows, records.read_docs(folder / "annotations.spacy"), list(texts)


def _f1(score: Score) -> str:
    return f"{score.f1:.3f} ({score.f1_low:.3f}-{score.f1_high:.3f})"


def _settings_of(settings: Settings, *sections: str) -> dict[str, object]:
    """Settings as the parameters of a run: `section.name` -> value."""
    return {
        f"{section}.{name}": value
        for section in sections
        for name, value in getattr(settings, section).model_dump().items()
    }


def _used_pipeline(split: Path) -> str:
    return ", ".join(f"{row.name} {row.version}" for row in records.read_rows(split / "pipeline.jsonl", Pipeline))


def _version() -> str:
    from importlib.metadata import version

    return version("mvoi-nlp")


def _csv(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    lines = [",".join(columns)] + [",".join(str(row[column]) for column in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
