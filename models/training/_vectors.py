"""Own floret vectors: subword hashes, so that every compound has one."""

from collections.abc import Iterator
from pathlib import Path

import floret
import spacy
from spacy.language import Language
from spacy.training.initialize import convert_vectors
from tqdm import tqdm

from models.training import _corpora as corpora

DIMENSIONS, ROWS = 100, 50_000


def write_text(data: Path, path: Path, lines: int | None = None) -> int:
    """Write the text to learn vectors from, lower case, a paragraph a line; returns its number of lines."""
    nlp = spacy.blank("nl")
    count = 0
    with path.open("w", encoding="utf8") as out:
        for text in tqdm(_paragraphs(data), desc="text for vectors", unit=" lines"):
            words = [token.text.lower() for token in nlp.tokenizer(text[:100_000]) if not token.is_space]
            if len(words) > 2:
                out.write(" ".join(words) + "\n")
                count += 1
            if count == lines:
                break
    return count


def _paragraphs(data: Path) -> Iterator[str]:
    yield from corpora.policy_paragraphs(data)
    yield from corpora.law_paragraphs(data)
    for tree in corpora.training_trees(data):
        yield tree.text
    for tree in corpora.first_version_trees(data):
        yield " ".join(tree.forms)
    for words in corpora.wikipedia_sentences(data):
        yield " ".join(words)
    for words, _ in corpora.wikiann(data, "train"):
        yield " ".join(words)


def train_vectors(text: Path, path: Path, epochs: int = 6) -> None:
    """Train floret on one thread, which alone gives the same vectors every time, and write its table."""
    model = floret.train_unsupervised(
        str(text), model="cbow", mode="floret", hashCount=2, bucket=ROWS, minn=5, maxn=5, dim=DIMENSIONS, minCount=3,
        epoch=epochs, neg=5, lr=0.05, thread=1,
    )  # fmt: skip
    model.save_floret_vectors(str(path))


def vector_pipeline(table: Path) -> Language:
    """An empty Dutch pipeline with the vectors, rounded to half precision so that git and wheels pack them well."""
    nlp = spacy.blank("nl")
    convert_vectors(nlp, table, truncate=0, prune=-1, mode="floret", attr="LOWER")
    vectors = nlp.vocab.vectors
    vectors.data = vectors.data.astype("float16").astype("float32")
    return nlp
