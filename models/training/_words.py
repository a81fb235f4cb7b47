"""Word lists counted in text: separable verbs, and words that are no names."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

from models.training import _corpora as corpora

SEEN = 2
"""Times that running text must have both 'uit te voeren' and 'uitvoeren'."""


def separable_verbs(data: Path, text: Path) -> list[str]:
    """Verbs as `uit_voeren`, sorted.

    A treebank says so by its lemma; running text by the verb written apart around 'te' and as one word.

    Parameters
    ----------
    data
        The shared data.
    text
        The text for the vectors: lower case, words apart.
    """
    trees = corpora.training_trees(data)
    lemmas = {word.lemma.lower() for tree in trees for word in tree.words if word.upos == "VERB"}
    loose = {word.form.lower() for tree in trees for word in tree.words if word.deprel == "compound:prt"}
    known = {lemma for lemma in lemmas if lemma.count("_") == 1 and lemma.partition("_")[0] in loose}
    first = {lemma.partition("_")[0] for lemma in known}
    bases = {lemma.rpartition("_")[2] for lemma in lemmas}
    apart: Counter[tuple[str, str]] = Counter()
    together: Counter[str] = Counter()
    with text.open(encoding="utf8") as lines:
        for line in lines:
            words = line.split()
            together.update(word for word in words if word.endswith("n"))
            for before, te, base in zip(words, words[1:], words[2:], strict=False):
                if te == "te" and before in first and base in bases:
                    apart[before, base] += 1
    heard = {f"{a}_{b}" for (a, b), n in apart.items() if n >= SEEN and together[a + b] >= SEEN}
    return sorted(verb for verb in known | heard if verb.replace("_", "").isalpha())


_INSIDE = re.compile(r"(?<=[a-zà-ÿ,;] )[A-Za-zÀ-ÿ]{3,}")  # not at the start of a sentence


def common_words(data: Path, least: int = 5, share: float = 0.9) -> list[str]:
    """Words that inside sentences are written `least` times or more, and nearly always without a capital.

    Parameters
    ----------
    least
        Times that a word must be seen in small letters.
    share
        Share (0-1) of its appearances inside sentences that have no capital.
    """
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    wikipedia = (" ".join(words) for words in corpora.wikipedia_sentences(data))
    for text in chain(corpora.policy_paragraphs(data), corpora.law_paragraphs(data), wikipedia):
        for word in _INSIDE.findall(text):
            (small if word.islower() else capital)[word.lower()] += 1
    return sorted(word for word, n in small.items() if n >= least and n >= share * (n + capital[word]))


def write_lists(data: Path, text: Path, folder: Path) -> dict[str, int]:
    """Write both lists, a word a line: verbs to `folder`, words to the one above; returns how many words each has."""
    lists = {"separable_verbs.txt": separable_verbs(data, text), "../common_words.txt": common_words(data)}
    for name, words in lists.items():
        (folder / name).write_text("\n".join(words) + "\n", encoding="utf8")
    return {name: len(words) for name, words in lists.items()}
