"""Command line: `python -m bench.compose make|check|lint|table`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.compose import ComposeError, SourceFault, compose, read_source
from bench.compose._compose import differences, read_sources
from bench.compose._sheet import contact_sheet
from bench.compose._table import corpus_table, describe, shape_table, word_runs
from mvoi_nlp.annotations import read_splits
from mvoi_nlp.errors import MvoiError
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import read_document

_HERE = Path(__file__).resolve().parents[2]
_Sources = Annotated[Path, typer.Option(help="Folder with the sources.")]
_Out = Annotated[Path, typer.Option(help="Folder that holds corpus/, annotations/ and bench/.")]

app = typer.Typer(help="The made corpus: documents whose truth is known.", no_args_is_help=True)


@app.command()
def make(sources: _Sources = _HERE / "bench" / "sources", out: _Out = _HERE) -> None:
    """Render the sources to corpus/ and write the register, the truth and the gold labels."""
    lost = 0
    for outcome in compose(sources, out):
        typer.echo(
            f"{outcome.source.id}: {outcome.pages} pages, {len(outcome.gold)} units, "
            f"{sum(bool(row.labels) for row in outcome.gold)} with labels, {len(outcome.lost)} not read as written"
        )
        for unit in outcome.lost:
            typer.echo(f"  line {unit.line}: {unit.text}")
        lost += len(outcome.lost)
    typer.echo(f"{lost} unit(s) not read as written -> {out / 'corpus'}, {out / 'annotations' / 'gold'}")


@app.command()
def check(sources: _Sources = _HERE / "bench" / "sources", out: _Out = _HERE) -> None:
    """Write nothing; say which files are not what the sources give."""
    found = differences(sources, out)
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(found)} file(s) differ" if found else "corpus/ and annotations/gold/ are as composed")
    sys.exit(1 if found else 0)


@app.command()
def table(sources: _Sources = _HERE / "bench" / "sources", out: _Out = _HERE) -> None:
    """Count what the corpus holds; writes bench/corpus.csv and bench/shape.csv."""
    made = read_sources(sources)
    splits = read_splits(out / "annotations" / "splits.csv")
    pages = {s.id: len(read_document(out / "corpus" / s.file, s.id, TextSettings()).pages) for s in made}
    counted, shape = corpus_table(made, splits, pages), shape_table(made)
    runs = {split: word_runs(s for s in made if splits[s.head["organisation"]] == split) for split in ("train", "test")}
    shared = len(runs["train"] & runs["test"])
    counted["runs_shared_with_train"] = [shared if split == "test" else "" for split in counted["split"]]
    counted["runs"] = [len(runs[split]) if split in runs else "" for split in counted["split"]]
    counted.T.to_csv(out / "bench" / "corpus.csv", header=False)
    shape.to_csv(out / "bench" / "shape.csv", index=False)
    typer.echo(counted.T.to_string(header=False))
    typer.echo(f"\n{shared} of {len(runs['test'])} five-word sequences of test occur in train")
    typer.echo("\n" + shape.to_string(index=False))


@app.command()
def sheet(sources: _Sources = _HERE / "bench" / "sources", out: _Out = _HERE) -> None:
    """Draw one page of each layout to docs/corpus.png."""
    missing = contact_sheet(read_sources(sources), out / "corpus", out / "docs" / "corpus.png")
    typer.echo(f"{out / 'docs' / 'corpus.png'}" + (f"; not drawn: {', '.join(missing)}" if missing else ""))


@app.command()
def lint(
    paths: Annotated[list[Path], typer.Argument(help="Sources.")],
    passages: Annotated[Path | None, typer.Option(help="Folder with shared passages.")] = None,
) -> None:
    """Check sources while you write them: format, codebook, sizes and shares."""
    faults = 0
    for path in paths:
        try:
            typer.echo("\n".join(describe(read_source(path, passages))))
        except SourceFault as fault:
            typer.echo(f"error: {fault}", err=True)
            faults += 1
    sys.exit(1 if faults else 0)


def main() -> None:
    """Run the command line; what is wrong with the input is said in one line."""
    try:
        app()
    except (ComposeError, SourceFault, MvoiError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
