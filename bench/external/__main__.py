"""Command line: `python -m bench.external`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.external import ExternalError, read_programmes, score_external
from bench.external._score import read_coded
from mvoi_nlp.api import Project

_HERE = Path(__file__).resolve().parent
_TEXT = _HERE.parents[2] / "shared" / "data" / "dutch-policy-text" / "programmes.jsonl.xz"


def main(
    programmes: Annotated[Path, typer.Option(help="The programmes, which are not part of the project.")] = _TEXT,
    labels: Annotated[Path, typer.Option(help="The coded sentences.")] = _HERE / "labels.jsonl",
    out: Annotated[Path | None, typer.Option(help="CSV to write the scores to.")] = None,
) -> None:
    """Score the project's taggers on real sentences that nobody on the project wrote."""
    if not programmes.is_file():
        typer.echo(f"{programmes} is not there: the external set can only be scored where that text lies.", err=True)
        sys.exit(1)
    try:
        table = score_external(read_coded(labels), read_programmes(programmes), Project.open(_HERE))
    except ExternalError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
    typer.echo(table.to_string(index=False))
    if out:
        table.to_csv(out, index=False)


if __name__ == "__main__":
    typer.run(main)
