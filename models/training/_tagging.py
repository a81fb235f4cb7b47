"""Gold Docs for tags, lemmas and sentence starts, and the tags of LassySmall's first version made new."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from models.training import _corpora as corpora
from models.training._corpora import Tree
from mvoi_nlp.sentences import plain_lemma

GROUP = 10
"""Sentences in a Doc, so that the senter sees borders."""


def tree_doc(vocab: Vocab, trees: Sequence[Tree]) -> Doc:
    """One Doc of some sentences with a space between them; absent tags stay missing values."""
    words = [word for tree in trees for word in tree.words]
    starts = {sum(len(tree.words) for tree in trees[:place]) for place in range(len(trees))}
    spaces = [word.space_after for word in words]
    for start in starts - {0}:
        spaces[start - 1] = True
    doc = Doc(vocab, words=[word.form for word in words], spaces=spaces)
    for token, word in zip(doc, words, strict=True):
        token.is_sent_start = token.i in starts
        token.lemma_ = own_lemma(word.form, word.lemma)
        if word.xpos:
            token.tag_ = word.xpos
        if word.upos:
            token.set_morph(word.feats)  # type: ignore[attr-defined]
            token.pos_ = word.upos
    return doc


def own_lemma(form: str, lemma: str) -> str:
    """The lemma that a word can have by itself: plain, and without the loose part of a separable verb."""
    first = lemma.partition("_")[0]
    if first and not form.lower().startswith(first[:2].lower()):
        return lemma.rpartition("_")[2]
    return plain_lemma(form, lemma)


def grouped(trees: Sequence[Tree]) -> list[Sequence[Tree]]:
    """Runs of sentences in the order of their text."""
    return [trees[start : start + GROUP] for start in range(0, len(trees), GROUP)]


def write_tagging(
    data: Path, folder: Path, extra: Sequence[Tree] = (), silver: Sequence[Doc] = (), seed: int = 0
) -> None:
    """Write train.spacy and dev.spacy; `extra` are further training sentences, `silver` further training Docs."""
    vocab = Vocab()
    docs = [tree_doc(vocab, group) for part in (corpora.training_trees(data), extra) for group in grouped(part)]
    dev = [tree_doc(vocab, group) for group in grouped(corpora.development_trees(data))]
    store(folder, {"train": shuffled([*docs, *silver], seed), "dev": dev})


def shuffled(docs: Sequence[Doc], seed: int = 0) -> list[Doc]:
    """The same Docs in a random order that is always the same."""
    return random.Random(seed).sample(list(docs), len(docs))


def store(folder: Path, parts: Mapping[str, Iterable[Doc]]) -> None:
    """Write `<part>.spacy` files with all that a component can learn."""
    folder.mkdir(parents=True, exist_ok=True)
    attributes = ["ORTH", "SPACY", "LEMMA", "TAG", "POS", "MORPH", "SENT_START", "ENT_TYPE", "ENT_IOB"]
    for part, docs in parts.items():
        DocBin(attrs=attributes, docs=docs).to_disk(folder / f"{part}.spacy")


def renewed(data: Path, nlp: Language) -> list[Tree]:
    """LassySmall's first version with tags of the present guidelines.

    The first version has gold lemmas and coarse tags. Which present tag each coarse tag may have become is counted on
    the sentences that the present dev file has too; among these the model's best choice is taken. The other
    sentences of the dev file are learned from as they are, so those are left out here.

    Parameters
    ----------
    data
        The shared data.
    nlp
        A pipeline trained on the treebanks without this part.
    """
    present = {tree.forms: tree for tree in corpora.training_trees(data)}
    first = sorted(corpora.first_version_trees(data), key=lambda tree: _place(tree.id))
    became: dict[str, Counter[str]] = defaultdict(Counter)
    for tree in first:
        for old, new in zip(tree.words, present[tree.forms].words if tree.forms in present else (), strict=False):
            became[old.upos][new.upos] += 1
    allowed = {old: {new for new, n in news.items() if n >= 2} for old, news in became.items()}
    fine: dict[str, set[str]] = defaultdict(set)  # coarse tag -> fine tags that go with it
    for tree in present.values():
        for word in tree.words:
            fine[word.upos].add(word.xpos)
    morphologizer: Any = nlp.get_pipe("morphologizer")
    tagger: Any = nlp.get_pipe("tagger")
    coarse_of = [_pos(label) for label in morphologizer.labels]
    missing = [tree for tree in first if tree.forms not in present]
    for tree in missing:
        corpora.close_up(tree.words)
        doc = Doc(nlp.vocab, words=[word.form for word in tree.words])
        doc = nlp.get_pipe("tok2vec")(doc)
        coarse_scores = morphologizer.model.predict([doc])[0]
        fine_scores = tagger.model.predict([doc])[0]
        for word, by_coarse, by_fine in zip(tree.words, coarse_scores, fine_scores, strict=True):
            may = allowed.get(word.upos, {word.upos})
            best = int(np.argmax(np.where([pos in may for pos in coarse_of], by_coarse, -np.inf)))
            label = morphologizer.labels[best]
            word.upos = coarse_of[best]
            word.feats = "|".join(part for part in label.split("|") if part and not part.startswith("POS="))
            word.xpos = tagger.labels[
                int(np.argmax(np.where([tag in fine[word.upos] for tag in tagger.labels], by_fine, -np.inf)))
            ]
    return missing


def agreed(data: Path, teachers: Sequence[Language]) -> list[Doc]:
    """Wikipedia sentences with the tags and lemmas on which two teachers agree; the rest is missing.

    Sentences that a UD test file holds are left out.
    """
    held_out = corpora.held_out(data)
    sentences = [words for words in corpora.wikipedia_sentences(data) if tuple(words) not in held_out]
    one, other = (_tagged(nlp, sentences) for nlp in teachers)
    vocab = Vocab()
    docs = []
    for start in range(0, len(sentences), GROUP):
        pairs = [
            pair for both in zip(one[start : start + GROUP], other[start : start + GROUP], strict=True)
            for pair in zip(*both, strict=True)
        ]  # fmt: skip
        doc = Doc(vocab, words=[a.text for a, _ in pairs], spaces=[bool(a.whitespace_) for a, _ in pairs])
        for token, (a, b) in zip(doc, pairs, strict=True):
            if a.pos_ != b.pos_ or str(a.morph) != str(b.morph):
                continue
            token.set_morph(str(a.morph))  # type: ignore[attr-defined]
            token.pos_ = a.pos_
            if a.tag_ == b.tag_:
                token.tag_ = a.tag_
            if a.lemma_ == b.lemma_:
                token.lemma_ = a.lemma_
        docs.append(doc)
    return docs


def _tagged(nlp: Language, sentences: Sequence[list[str]]) -> list[Doc]:
    docs = [Doc(nlp.vocab, words=words, spaces=[*corpora.spaces(words)[:-1], True]) for words in sentences]
    for _, component in nlp.pipeline:
        docs = list(component.pipe(iter(docs), batch_size=256))  # type: ignore[attr-defined]
    return docs


def _pos(label: str) -> str:
    return next((part.removeprefix("POS=") for part in label.split("|") if part.startswith("POS=")), "")


def _place(sentence_id: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"[-.]", sentence_id)]
