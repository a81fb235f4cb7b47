"""What the project says of loose sentences: for the sets that are not documents."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from mvoi_nlp.api import Project, Tagged
from mvoi_nlp.validation import SAID

TAGGERS = ("all", "keywords", "classifier")


def tag_sentences(texts: Sequence[str], project: Project) -> dict[str, list[frozenset[str]]]:
    """Tag sentences, each on its own.

    Parameters
    ----------
    texts
        Sentences without line breaks.
    project
        With its taggers; a classifier that was not trained yet says nothing.

    Returns
    -------
        For all taggers together and for keywords and classifier alone: the labels of every sentence.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zinnen.txt"
        path.write_text("\n".join(" ".join(text.split()) for text in texts) + "\n", encoding="utf-8")
        tagged = project.tag(project.read(path, one_sentence_per_line=True))
    assert len(tagged.document.sentences) == len(texts), "a line was cut or lost"
    return {name: _labels(tagged, name) for name in TAGGERS}


def _labels(tagged: Tagged, tagger: str) -> list[frozenset[str]]:
    if tagger == "all":
        rows = [(tag.sentence, tag.label) for tag in tagged.tags if tag.probability >= SAID]
    else:
        rows = [(e.sentence, e.label) for e in tagged.evidence if e.tagger == tagger and e.score >= SAID]
    found: dict[int, set[str]] = {}
    for number, label in rows:
        found.setdefault(number, set()).add(label)
    return [frozenset(found.get(sentence.number, set())) for sentence in tagged.document.sentences]
