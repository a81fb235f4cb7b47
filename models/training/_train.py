"""Training runs: a configuration, a corpus, a number of steps."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.cli.train import train
from spacy.language import Language

from models.training import _entities as entities
from models.training import _tagging as tagging
from mvoi_nlp.scheme import Register
from mvoi_nlp.sentences import LABELS, split_at_slashes

HERE = Path(__file__).parent
GOVERNMENT, NER = "government", "ner"


def run(
    config: str, corpus: Path, out: Path, vectors: Path, steps: int, change: Mapping[str, Any] | None = None
) -> Path:
    """Train one configuration on train.spacy and dev.spacy of a folder; returns the folder of the last model."""
    overrides: dict[str, Any] = {
        "paths.train": str(corpus / "train.spacy"),
        "paths.dev": str(corpus / "dev.spacy"),
        "paths.vectors": str(vectors),
        "training.max_steps": steps,
        "training.eval_frequency": min(500, steps),
    }
    train(HERE / f"{config}.cfg", out, overrides=overrides | dict(change or {}))
    return out / "model-last"


FIRST, TAGGING, SENTER = "tagging-first/model/model-last", "tagging/model/model-last", "senter/model/model-last"
TEACHERS: tuple[Mapping[str, int], ...] = (
    {"components.tok2vec.model.encode.width": 128, "components.tok2vec.model.encode.window_size": 1},
    {},
)
"""What makes the two teachers differ: where they agree, they are rarely wrong."""


SURER = 1.2
"""How much surer a sentence start must be, in logits; on held-out sentences F goes from 81 to 85 (LassySmall) and from
87 to 89 (Alpino), because one wrong start spoils two sentences."""


def train_tagging(data: Path, work: Path, steps: Mapping[str, int]) -> None:
    """Tags and lemmas, then sentence starts.

    A first model renews the tags of LassySmall 1.4 (and reads the silver text of `ner`); two teachers learn from all
    and tag Wikipedia; the last model learns from the treebanks and from what the teachers agree on.
    """
    vectors = work / "vectors"
    tagging.write_tagging(data, work / "tagging-first")
    run("tagging", work / "tagging-first", work / "tagging-first/model", vectors, steps["first"])
    renewed = tagging.renewed(data, spacy.load(work / FIRST))
    tagging.write_tagging(data, work / "tagging-gold", extra=renewed)
    teachers = [
        run("tagging", work / "tagging-gold", work / f"teacher-{number}", vectors, steps["teacher"], change)
        for number, change in enumerate(TEACHERS)
    ]
    silver = tagging.agreed(data, [spacy.load(teacher) for teacher in teachers])
    tagging.write_tagging(data, work / "tagging", extra=renewed, silver=silver)
    run("tagging", work / "tagging", work / "tagging/model", vectors, steps["tagging"])
    run("senter", work / "tagging-gold", work / "senter/model", vectors, steps["senter"])


def ruled_pipeline(tagger: Path, register: Register) -> Language:
    """A trained tagger with `government` behind it."""
    nlp = spacy.load(tagger)
    split_at_slashes(nlp)
    nlp.add_pipe(GOVERNMENT).use(register)  # type: ignore[attr-defined]
    return nlp


def train_entities(data: Path, work: Path, register: Register, steps: int, passages: Sequence[int]) -> Path:
    """`ner` in rounds: each labels further policy prose with the model of the round before.

    Parameters
    ----------
    passages
        Passages of policy prose a round; the first round labels by rules and lists.
    """
    nlp = ruled_pipeline(work / FIRST, register)
    made = [*entities.treebank_docs(nlp, data), *entities.wikiann_docs(nlp, data, "train")]
    made += list(entities.renamed(nlp, made, data))
    dev = list(entities.wikiann_docs(nlp, data, "dev", 1500))
    texts = entities.policy_texts(data, max(passages))
    model = None
    for number, count in enumerate(passages, start=1):
        if model is None:
            silver = list(entities.first_round(nlp, data, texts[: count + count // 8]))
        else:
            labeller = ruled_pipeline(work / FIRST, register)
            labeller.add_pipe(NER, source=spacy.load(model))
            silver = list(entities.later_round(labeller, texts[: count + count // 8]))
        silver += list(entities.renamed(nlp, silver, data, seed=number))
        folder = work / f"ner-{number}"
        tagging.store(folder, {"train": tagging.shuffled([*made, *silver]), "dev": dev})
        model = run("ner", folder, folder / "model", work / "vectors", steps)
    assert model is not None
    return model


def assemble(work: Path, ner: Path, register: Register) -> Language:
    """The whole pipeline: tagger, `government` with its register, `ner` with all labels."""
    nlp = ruled_pipeline(work / TAGGING, register)
    nlp.add_pipe("senter", source=spacy.load(work / SENTER), before=GOVERNMENT)
    _make_surer(nlp.get_pipe("senter"), SURER)
    nlp.add_pipe(NER, source=spacy.load(ner))
    missing = set(LABELS) - set(nlp.get_pipe(NER).labels)  # type: ignore[attr-defined]
    if missing:
        raise ValueError(f"no training example of {', '.join(sorted(missing))}")
    return nlp


def _make_surer(senter: Any, logits: float) -> None:
    """Lower the bias of the label that starts a sentence."""
    [output] = [node for node in senter.model.walk() if node.name == "softmax"]
    bias = output.get_param("b").copy()
    bias[senter.labels.index("S")] -= logits
    output.set_param("b", bias)
