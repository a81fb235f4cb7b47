"""Command line: `python -m bench.dutch`, or `make bench-dutch`."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from models.training import _corpora as corpora

from bench.dutch import entity_scores, read_gold, speed, treebank_scores, wikiann_scores
from mvoi_nlp.scheme import load_register
from mvoi_nlp.sentences import CORE, load_pipeline, pipeline_record

_HERE = Path(__file__).resolve().parents[2]
# meta/nl_core_news_{lg,sm}-3.8.0.json of explosion/spacy-models; their own test data, UD v2.8 and LassySmall
PUBLISHED = {
    "nl_core_news_lg 3.8.0": {
        "upos": 96.7,
        "xpos": 95.4,
        "morph": 96.6,
        "lemma": 95.5,
        "sentences": 86.9,
        "entities": 76.4,
    },
    "nl_core_news_sm 3.8.0": {
        "upos": 95.8,
        "xpos": 94.0,
        "morph": 95.1,
        "lemma": 95.0,
        "sentences": 86.5,
        "entities": 71.5,
    },
}
COLUMNS = ("upos", "xpos", "morph", "lemma", "separated", "sentences")


def main(
    pipeline: Annotated[str, typer.Option(help="Installed spaCy package to measure.")] = CORE,
    data: Annotated[
        Path, typer.Option(help="Folder with dutch-nlp/; without it only the own gold is measured.")
    ] = _HERE / "../shared/data",
    errors: Annotated[bool, typer.Option("--errors", help="Print the errors on the dev part of the own gold.")] = False,
    out: Annotated[Path, typer.Option(help="File for the figures.")] = _HERE / "bench/dutch/scores.json",
) -> None:
    """Measure the Dutch pipeline: treebanks, own entity gold, speed."""
    register = load_register(_HERE / "scheme")
    nlp = load_pipeline(pipeline, register)
    record = pipeline_record(nlp)
    result: dict[str, object] = {"pipeline": f"{record.name} {record.version}"}
    typer.echo(f"{record.name} {record.version}\n")
    if (data / "dutch-nlp").is_dir():
        treebanks = {name: treebank_scores(nlp, data, name) for name in ("lassysmall", "alpino")}
        result["treebanks"] = treebanks
        typer.echo(f"{'raw text, percent':26}" + "".join(f"{column:>11}" for column in COLUMNS))
        rows: Mapping[str, Mapping[str, float]] = {
            f"UD {name} test": row for name, row in treebanks.items()
        } | PUBLISHED
        for name, row in rows.items():
            cells = "".join(f"{row[column]:11.1f}" if column in row else f"{'-':>11}" for column in COLUMNS)
            typer.echo(f"{name:26}{cells}" + ("  (published)" if name in PUBLISHED else ""))
        texts = list(itertools.islice(corpora.policy_passages(data, since=2012), 3000, 4500))
        result["speed"] = fast = speed(nlp, texts)
        typer.echo(
            f"\n{fast['words_per_second']:,.0f} words a CPU second, one process, "
            f"{fast['words']:,.0f} words of policy prose"
        )
        result["wikiann"] = wiki = wikiann_scores(nlp, data)
        typer.echo(
            "\nWikiANN test, automatic labels, sentences only: "
            + ", ".join(f"{k} {v['f1']:.3f}" for k, v in wiki.items())
        )
    for part in ("dev", "test"):
        scores, wrong = entity_scores(nlp, read_gold(_HERE / "bench/dutch/gold" / part), register)
        result[f"entities_{part}"] = scores
        typer.echo(f"\nown gold, {part}: exact spans       n  precision  recall     F1  95 % interval (documents)")
        for label, row in scores.items():
            interval = f"{row['low']:.3f}-{row['high']:.3f}"
            typer.echo(
                f"{label:24}{row['n']:10}{row['precision']:11.3f}{row['recall']:8.3f}{row['f1']:7.3f}  {interval}"
            )
        if errors and part == "dev":
            typer.echo("\n".join(["", *wrong]))
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"\n-> {out}")


if __name__ == "__main__":
    typer.run(main)
