"""Command line: `python -m bench.challenge`."""

from pathlib import Path
from typing import Annotated

import typer

from bench.challenge import read_pairs, score_pairs
from mvoi_nlp.api import Project

_HERE = Path(__file__).resolve().parent


def main(
    pairs: Annotated[Path, typer.Option(help="The pairs.")] = _HERE / "pairs.jsonl",
    out: Annotated[Path | None, typer.Option(help="CSV to write the scores to.")] = None,
) -> None:
    """Score the project's taggers on minimal pairs."""
    table = score_pairs(read_pairs(pairs), Project.open(_HERE))
    typer.echo(table.to_string(index=False))
    if out:
        table.to_csv(out, index=False)


if __name__ == "__main__":
    typer.run(main)
