import itertools
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from models.training import _corpora as corpora
from models.training._tagging import grouped, tree_doc
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from bench.dutch._gold import LABELS, Unit
from mvoi_nlp.rates import draw_groups, micro_f1
from mvoi_nlp.scheme import Register
from mvoi_nlp.sentences import plain_lemma, read_document_texts

FIGURES = ("MONEY", "PERCENT", "DATE")
"""What a published figure is made of."""
TYPES = {"gemeente", "provincie", "waterschap", "ministerie", "overig"}


def gold_label(label: str, link: str, register: Register) -> str:
    """The label of the guide for an entity of the pipeline."""
    if label == "ORG":
        government = {body.id for body in register.bodies if body.government} | TYPES
        return "BODY" if link in government else "ORG"
    return {"PRODUCT": "INSTRUMENT", "FAC": "LOC"}.get(label, label)


@dataclass
class Counts:
    """Right, wrong and missed entities of one label, by document."""

    by_document: dict[str, list[int]] = field(default_factory=dict)

    def add(self, document: str, tp: int, fp: int, fn: int) -> None:
        """Count one unit."""
        known = self.by_document.setdefault(document, [0, 0, 0])
        for place, value in enumerate((tp, fp, fn)):
            known[place] += value

    def f1(self, resamples: int = 1000) -> dict[str, float]:
        """Precision, recall, F1 and its 95 % interval by bootstrap over documents."""
        table = np.array(list(self.by_document.values()) or [[0, 0, 0]])
        rates = micro_f1(table, draw_groups(len(table), resamples=resamples))
        return {
            "n": rates.tp + rates.fn,
            "precision": rates.precision,
            "recall": rates.recall,
            "f1": rates.f1,
            "low": rates.low,
            "high": rates.high,
        }


def entity_scores(
    nlp: Language, units: Sequence[Unit], register: Register
) -> tuple[Mapping[str, Mapping[str, float]], list[str]]:
    """Exact-span scores by label of the guide and of `FIGURES` together, and the errors as lines of text."""
    counts = {label: Counts() for label in (*LABELS, "FIGURES")}
    errors = []
    for unit, doc in zip(units, _read(nlp, units), strict=True):
        found = {(e.start_char, e.end_char, gold_label(e.label_, e.kb_id_, register)) for e in doc.ents}
        found = {span for span in found if span[2] in LABELS}
        gold = set(unit.spans)
        for label in LABELS:
            ours, theirs = ({span for span in spans if span[2] == label} for spans in (found, gold))
            for name in (label, "FIGURES") if label in FIGURES else (label,):
                counts[name].add(unit.document, len(ours & theirs), len(ours - theirs), len(theirs - ours))
        wrong = sorted((s, e, f"+{label}") for s, e, label in found - gold)
        missed = sorted((s, e, f"-{label}") for s, e, label in gold - found)
        if wrong or missed:
            said = ", ".join(f"{mark} '{unit.text[s:e]}'" for s, e, mark in sorted(wrong + missed))
            errors.append(f"{unit.document}:{unit.number}: {unit.text}\n    {said}")
    return {label: count.f1() for label, count in counts.items()}, errors


def _read(nlp: Language, units: Sequence[Unit]) -> Iterable[Doc]:
    """Docs of the units, read document by document as the sentences step does."""
    for _, group in itertools.groupby(units, key=lambda unit: unit.document):
        yield from read_document_texts(nlp, [unit.text for unit in group])


def treebank_scores(nlp: Language, data: Path, name: str) -> dict[str, float]:
    """Scores (percent) from raw text on an official UD test file, `lassysmall` or `alpino`.

    Sentences are joined by a space, ten a Doc. Lemmas are compared as plain words: without `_`, and a separable
    verb whole.
    """
    examples = []
    groups = grouped(corpora.test_trees(data, name))
    for trees in groups:
        gold = tree_doc(nlp.vocab, trees)
        for token, word in zip(gold, [word for tree in trees for word in tree.words], strict=True):
            token.lemma_ = plain_lemma(word.form, word.lemma)
        examples.append(Example(nlp.make_doc(gold.text), gold))
    for example, doc in zip(examples, nlp.pipe(example.reference.text for example in examples), strict=True):
        example.predicted = doc
    scores = {
        **Scorer.score_tokenization(examples),
        **Scorer.score_token_attr(examples, "pos"),
        **Scorer.score_token_attr(examples, "tag"),
        **Scorer.score_token_attr(examples, "morph"),
        **Scorer.score_spans(examples, "sents", has_annotation=lambda doc: doc.has_annotation("SENT_START")),
    }
    lemmas = [pair for example in examples for pair in _aligned_lemmas(example)]
    wholes = [(said, gold) for said, gold, form in lemmas if _is_separated(form, gold)]
    return {
        "tokens": 100 * scores["token_acc"],
        "upos": 100 * scores["pos_acc"],
        "xpos": 100 * scores["tag_acc"],
        "morph": 100 * scores["morph_acc"],
        "lemma": 100 * sum(said.lower() == gold.lower() for said, gold, _ in lemmas) / len(lemmas),
        "lemma_cased": 100 * sum(said == gold for said, gold, _ in lemmas) / len(lemmas),
        "separated": 100 * sum(said == gold for said, gold in wholes) / max(len(wholes), 1),
        "sentences": 100 * scores["sents_f"],
    }


def _aligned_lemmas(example: Example) -> Iterable[tuple[str, str, str]]:
    aligned = example.get_aligned("LEMMA", as_string=True)
    for token, gold in zip(example.predicted, aligned, strict=True):
        if gold and not token.is_space:
            yield token.lemma_, gold, token.text


def _is_separated(form: str, lemma: str) -> bool:
    """The lemma is a whole verb of which the form is the second part alone."""
    return lemma.endswith("en") and len(lemma) > len(form) + 2 and not lemma.startswith(form[:1].lower())


def wikiann_scores(nlp: Language, data: Path, limit: int = 2000) -> Mapping[str, Mapping[str, float]]:
    """Exact-span scores on whole sentences of WikiANN's test part: people, organisations, places together.

    Its labels were made by a program from links, so this says how near the model is to that program.
    """
    same = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "PERSON": "PERSON", "ORG": "ORG"}
    counts = {label: Counts() for label in ("PERSON", "ORG", "PLACE")}
    kinds = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
    for words, tags in itertools.islice(corpora.wikiann_sentences(data, "test"), limit):
        gold = {(start, end, kinds[kind]) for start, end, kind in corpora.iob_spans(tags)}
        doc = Doc(nlp.vocab, words=words, spaces=corpora.spaces(words))
        for _, component in nlp.pipeline:
            doc = component(doc)
        found = {(e.start, e.end, same[e.label_]) for e in doc.ents if e.label_ in same}
        for label, count in counts.items():
            ours, theirs = ({span for span in spans if span[2] == label} for spans in (found, gold))
            count.add("wikiann", len(ours & theirs), len(ours - theirs), len(theirs - ours))
    return {label: count.f1(resamples=1) for label, count in counts.items()}


def speed(nlp: Language, texts: Iterable[str]) -> dict[str, float]:
    """Words a second of processor time in one process, and how many words were read."""
    docs: list[Doc] = []
    texts = list(texts)
    list(nlp.pipe(texts[:20]))  # warm up
    started = time.process_time()
    docs = list(nlp.pipe(texts, batch_size=64))
    seconds = time.process_time() - started
    words = sum(not token.is_space for doc in docs for token in doc)
    return {"words": words, "words_per_second": words / seconds}
