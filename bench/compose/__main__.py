"""Command line: `python -m bench.compose [--check]`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.compose import ComposeError, SourceFault, compose
from bench.compose._compose import differences
from mvoi_nlp.errors import MvoiError

_HERE = Path(__file__).resolve().parents[2]


def main(
    sources: Annotated[Path, typer.Option(help="Folder with the sources.")] = _HERE / "bench" / "sources",
    out: Annotated[Path, typer.Option(help="Folder that holds corpus/ and annotations/.")] = _HERE,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what differs.")] = False,
) -> None:
    """Render the sources to corpus/ and write the register and the gold labels."""
    try:
        if check:
            found = differences(sources, out)
            for line in found:
                typer.echo(line)
            typer.echo(f"{len(found)} file(s) differ" if found else "corpus/ and annotations/gold/ are as composed")
            sys.exit(1 if found else 0)
        lost = 0
        for outcome in compose(sources, out):
            typer.echo(
                f"{outcome.source.id}: {outcome.pages} pages, {len(outcome.gold)} units, "
                f"{sum(bool(row.labels) for row in outcome.gold)} with labels, {len(outcome.lost)} not found"
            )
            for unit in outcome.lost:
                typer.echo(f"  line {unit.line}: {unit.text}")
            lost += len(outcome.lost)
    except (ComposeError, SourceFault, MvoiError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
    typer.echo(f"{lost} unit(s) not found -> {out / 'corpus'}, {out / 'annotations' / 'gold'}")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    typer.run(main)
