"""Readers of the shared data: treebanks, Wikipedia fragments, laws and policy prose."""

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TREEBANKS = ("cdb", "qa", "eans", "extra", "wpspel", "g_suite", "h_suite", "qtleap1q", "qtleap1a")
"""Alpino folders to learn from; the yellow pages are addresses without sentences."""


FOREIGN = {"SPEC|vreemd", "SPEC|afgebr"}
"""Fine tags that the converted treebanks call SYM where the official files say X."""


@dataclass
class Word:
    """A row of CoNLL-U; empty text where the file has `_`."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool = True


@dataclass
class Tree:
    """A sentence of a treebank."""

    id: str
    words: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The sentence with its spaces, as far as the file knows them."""
        return "".join(word.form + " " * word.space_after for word in self.words).strip()

    @property
    def forms(self) -> tuple[str, ...]:
        """The words alone, to find a sentence back in another file."""
        return tuple(word.form for word in self.words)


def read_trees(path: Path) -> Iterator[Tree]:
    """Sentences of a CoNLL-U file (xz); multiword ranges and empty nodes are passed over."""
    tree = Tree("")
    with lzma.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            if line.startswith("# sent_id = "):
                tree.id = line.removeprefix("# sent_id = ").strip()
            elif line.startswith("# ") and line.rstrip().endswith(".xml"):  # UD v1 has the bare file name
                tree.id = line.removeprefix("# ").strip().removesuffix(".xml")
            elif not line.strip():
                if tree.words:
                    yield tree
                tree = Tree("")
            elif line[0].isdigit():
                cells = line.rstrip("\n").split("\t")
                if not cells[0].isdigit():
                    continue
                lemma, upos, xpos, feats = (cell if cell != "_" else "" for cell in cells[2:6])
                head = int(cells[6]) if cells[6].isdigit() else 0
                word = Word(cells[1], lemma, upos, xpos, feats, head, cells[7], "SpaceAfter=No" not in cells[9])
                tree.words.append(word)
    if tree.words:
        yield tree


def close_up(words: list[Word]) -> None:
    """Take the spaces before closing and after opening punctuation from words whose file does not know them."""
    for word, following in zip(words, [*words[1:], None], strict=True):
        closes = following is not None and following.form in {",", ".", ";", ":", "!", "?", ")", "]", "»", "...", "%"}
        if closes or word.form in {"(", "[", "«"}:
            word.space_after = False


def training_trees(data: Path) -> list[Tree]:
    """Treebank sentences to learn tags and lemmas from, without any sentence of the UD test files.

    LassySmall, which is the smaller part and nearer to prose of today, stands at the end and counts twice.
    """
    nlp = data / "dutch-nlp"
    tested = held_out(data)
    trees = [tree for name in TREEBANKS for tree in read_trees(nlp / f"alpino-treebank/{name}.conllu.xz")]
    for tree in trees:
        for word in tree.words:
            if word.xpos in FOREIGN:
                word.upos = "X"
    trees += 2 * list(read_trees(_ud(nlp, "lassysmall", "dev")))
    return [tree for tree in trees if tree.forms not in tested]


def held_out(data: Path) -> set[tuple[str, ...]]:
    """Words of every sentence of the UD test files: nothing may be learned from these."""
    return {tree.forms for name in ("lassysmall", "alpino") for tree in test_trees(data, name)}


def development_trees(data: Path) -> list[Tree]:
    """Treebank sentences to choose a model by: UD Alpino dev."""
    return list(read_trees(_ud(data / "dutch-nlp", "alpino", "dev")))


def test_trees(data: Path, name: str) -> list[Tree]:
    """Sentences of an official test file, `lassysmall` or `alpino`."""
    return list(read_trees(_ud(data / "dutch-nlp", name, "test")))


def first_version_trees(data: Path) -> list[Tree]:
    """LassySmall as UD v1.4 had it, without the sentences that its v2.16 test file holds."""
    nlp = data / "dutch-nlp"
    test = list(read_trees(_ud(nlp, "lassysmall", "test")))
    ids, forms = {tree.id for tree in test}, {tree.forms for tree in test}
    trees = [
        tree
        for part in ("train", "dev", "test")
        for tree in read_trees(nlp / f"ud-lassysmall-1.4/nl_lassysmall-ud-{part}.conllu.xz")
    ]
    return [tree for tree in trees if tree.id not in ids and tree.forms not in forms]


def _ud(nlp: Path, name: str, part: str) -> Path:
    version = {"lassysmall": "ud-lassysmall-2.16", "alpino": "ud-alpino-2.16"}[name]
    return nlp / version / f"nl_{name}-ud-{part}.conllu.xz"


_LETTER_SPACE = re.compile(r"[ \t\u00a0]+")


def policy_paragraphs(data: Path, since: int = 1946) -> Iterator[str]:
    """Paragraphs of the election programmes from `since` on."""
    with lzma.open(data / "dutch-policy-text/programmes.jsonl.xz", "rt", encoding="utf8") as lines:
        for line in lines:
            programme = json.loads(line)
            if int(programme["year"]) >= since:
                for paragraph in programme["text"].splitlines():
                    if paragraph.strip():
                        yield _LETTER_SPACE.sub(" ", paragraph).strip()


def policy_passages(data: Path, since: int = 1994) -> Iterator[str]:
    """Passages of some forty words or more from the programmes, with broken lines made whole."""
    passage = ""
    for line in policy_paragraphs(data, since):
        if "...." in line or sum(letter.isalpha() for letter in line) < 0.5 * len(line):
            continue
        broken = passage.endswith("-") and line[:1].islower()
        passage = passage[:-1] + line if broken else f"{passage} {line}".strip()
        if passage[-1] in ".!?" and passage.count(" ") >= 40:
            yield passage
            passage = ""


def law_paragraphs(data: Path) -> Iterator[str]:
    """Paragraphs of the laws, titles included."""
    with lzma.open(data / "dutch-nlp/wetten-nl/wetten.txt.xz", "rt", encoding="utf8") as lines:
        for line in lines:
            text = re.sub(r"^#+ (?:BWB\w+ )?", "", line.strip())
            if text:
                yield text


def wikipedia_sentences(data: Path) -> Iterator[list[str]]:
    """Tokenised Wikipedia sentences without labels."""
    with lzma.open(data / "dutch-nlp/wikipedia-selectie-nl/nlwikipedia-selection.sents.xz", "rt", encoding="utf8") as f:
        for line in f:
            yield line.split()


def wikiann(data: Path, part: str) -> Iterator[tuple[list[str], list[str]]]:
    """Fragments of WikiANN: words and their IOB tags (PER, ORG, LOC)."""
    words: list[str] = []
    tags: list[str] = []
    with lzma.open(data / f"dutch-nlp/wikiann-nl/{part}.iob.xz", "rt", encoding="utf8") as lines:
        for line in lines:
            if not line.strip():
                if words:
                    yield words, tags
                words, tags = [], []
                continue
            word, tag = line.rstrip("\n").rsplit("\t", 1)
            words.append(word.removeprefix("nl:"))
            tags.append(tag)
    if words:
        yield words, tags


def wikiann_sentences(data: Path, part: str) -> Iterator[tuple[list[str], list[str]]]:
    """The fragments of WikiANN that are sentences: seven words or more, closed, mostly outside names, no markup."""
    for words, tags in wikiann(data, part):
        outside = tags.count("O") / len(tags)
        if len(words) >= 7 and words[-1] in ".!?" and outside >= 0.45 and not _MARKUP.search(" ".join(words)):
            yield words, tags


def iob_spans(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """First word, end and type of every name in IOB tags."""
    start = 0
    while start < len(tags):
        end = start + 1
        if tags[start].startswith("B-"):
            while end < len(tags) and tags[end].startswith("I-"):
                end += 1
            yield start, end, tags[start][2:]
        start = end


_MARKUP = re.compile(r"''|\[\[|==|\|")


def spaces(words: list[str]) -> list[bool]:
    """Whether a space stands behind each of these words."""
    parts = [Word(word, "", "", "", "", 0, "") for word in words]
    close_up(parts)
    return [part.space_after for part in parts]


def name_list(data: Path, kind: str) -> set[str]:
    """Names of one kind: `per`, `geo`, `org` or `misc`."""
    with lzma.open(data / f"dutch-nlp/alpino-names/{kind}.txt.xz", "rt", encoding="utf8") as lines:
        return {line.strip() for line in lines if line.strip()}
