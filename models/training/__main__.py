"""Command line of the recipe: `python -m models.training make`."""

from pathlib import Path
from typing import Annotated

import typer

from models.training import _package, _train, _vectors, _words
from mvoi_nlp.scheme import load_register

ROOT = Path(__file__).resolve().parents[2]
STEPS = {"first": 1500, "teacher": 2000, "tagging": 6000, "senter": 3000, "ner": 3000}
PASSAGES = (6000, 10000)

app = typer.Typer(help="Make nl_mvoi_core anew from the shared data.", no_args_is_help=True, add_completion=False)
Data = Annotated[Path, typer.Option(help="Folder with dutch-nlp/ and dutch-policy-text/.")]
Work = Annotated[Path, typer.Option(help="Folder for what is made on the way.")]
Most = Annotated[
    int | None, typer.Option("--steps", min=1, help="No training run makes more steps; to try the recipe.")
]
DATA, WORK = ROOT / "../shared/data", ROOT / "build/dutch"


@app.command()
def vectors(data: Data = DATA, work: Work = WORK, epochs: int = 6) -> None:
    """Text, floret vectors, and the word lists of the package."""
    work.mkdir(parents=True, exist_ok=True)
    _vectors.write_text(data, work / "text.txt")
    for name, count in _words.write_lists(data, work / "text.txt", ROOT / "src/mvoi_nlp/sentences").items():
        typer.echo(f"{name}: {count}")
    _vectors.train_vectors(work / "text.txt", work / "floret.vec", epochs)
    _vectors.vector_pipeline(work / "floret.vec").to_disk(work / "vectors")


@app.command()
def tagging(data: Data = DATA, work: Work = WORK, most: Most = None) -> None:
    """Tags, morphology, lemmas and sentence starts."""
    _train.train_tagging(data, work, {name: min(count, most or count) for name, count in STEPS.items()})


@app.command()
def ner(data: Data = DATA, work: Work = WORK, most: Most = None) -> None:
    """Entities, in rounds of silver labels."""
    steps = min(STEPS["ner"], most or STEPS["ner"])
    _train.train_entities(data, work, load_register(ROOT / "scheme"), steps, PASSAGES)


@app.command()
def package(
    work: Work = WORK,
    out: Annotated[Path, typer.Option(help="Folder of the package.")] = ROOT / "models/nl_mvoi_core",
    version: str = "0.1.0",
) -> None:
    """Put the trained parts together as an installable package."""
    nlp = _train.assemble(work, work / f"ner-{len(PASSAGES)}/model/model-last", load_register(ROOT / "scheme"))
    size = _package.write_package(nlp, out, version)
    typer.echo(f"nl_mvoi_core {version}: {size / 1e6:.1f} MB -> {out}")


@app.command()
def make(data: Data = DATA, work: Work = WORK, version: str = "0.1.0") -> None:
    """All of it, one after the other; about an hour and a half on one core."""
    vectors(data, work)
    tagging(data, work)
    ner(data, work)
    package(work, version=version)


if __name__ == "__main__":
    app()
