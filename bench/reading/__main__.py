"""Command line: `python -m bench.reading`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from bench.compose import read_sources
from bench.compose._pdf import write_pdf
from bench.reading import UNRULED, measure, measure_scale, scramble

_HERE = Path(__file__).resolve().parents[2]


def main(
    corpus: Annotated[Path, typer.Option(help="The made corpus.")] = _HERE / "corpus",
    sources: Annotated[Path, typer.Option(help="Its sources.")] = _HERE / "bench" / "sources",
    out: Annotated[Path | None, typer.Option(help="CSV to write the table to.")] = None,
    copies: Annotated[int, typer.Option(min=1, help="How often documents are read to compare processes.")] = 5,
) -> None:
    """Measure our engines and bare libraries on the made corpus, and on it in random order and without ruled tables."""
    made = [s for s in read_sources(sources) if s.file.endswith(".pdf")]
    drawn = [s for s in made if "scan" not in s.head["layout"]]
    with tempfile.TemporaryDirectory() as folder:
        files = [(s.head["layout"], s, corpus / s.file) for s in made]
        for source in tqdm(drawn, desc="scramble", unit=" doc", disable=None):
            path = Path(folder) / source.file
            scramble(corpus / source.file, path)
            files.append(("random order", source, path))
        for source in drawn:
            if any(chunk.kind == "table" for chunk in source.chunks):
                path = Path(folder) / f"unruled-{source.file}"
                write_pdf(source, path, ruled=False)
                files.append((UNRULED, source, path))
        table = measure(files)
    typer.echo(table.to_string(index=False))
    typer.echo(measure_scale([corpus / s.file for s in drawn], copies).to_string(index=False))
    if out:
        table.to_csv(out, index=False)


if __name__ == "__main__":
    typer.run(main)
