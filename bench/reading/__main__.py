"""Command line: `python -m bench.reading`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from bench.compose import read_sources
from bench.reading import measure, measure_scale, scramble

_HERE = Path(__file__).resolve().parents[2]


def main(
    corpus: Annotated[Path, typer.Option(help="The made corpus.")] = _HERE / "corpus",
    sources: Annotated[Path, typer.Option(help="Its sources.")] = _HERE / "bench" / "sources",
    out: Annotated[Path | None, typer.Option(help="CSV to write the table to.")] = None,
    copies: Annotated[int, typer.Option(min=1, help="How often documents are read to compare processes.")] = 5,
) -> None:
    """Measure our engines and bare libraries on every layout of the made corpus, and on lines in random order."""
    made = [s for s in read_sources(sources) if s.file.endswith(".pdf")]
    with tempfile.TemporaryDirectory() as folder:
        files = [(s.head["layout"], s, corpus / s.file) for s in made]
        for source in tqdm(
            [s for s in made if "scan" not in s.head["layout"]], desc="scramble", unit=" doc", disable=None
        ):
            path = Path(folder) / source.file
            scramble(corpus / source.file, path)
            files.append(("random order", source, path))
        table = measure(files)
    typer.echo(table.to_string(index=False))
    plain = [path for layout, _, path in files if "scan" not in layout and layout != "random order"]
    typer.echo(measure_scale(plain, copies).to_string(index=False))
    if out:
        table.to_csv(out, index=False)


if __name__ == "__main__":
    typer.run(main)
