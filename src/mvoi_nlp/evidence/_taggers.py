from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from mvoi_nlp.evidence._classifier import Classifier, is_role
from mvoi_nlp.evidence._features import Place, feature_table, ticked_themes
from mvoi_nlp.evidence._keywords import KeywordTagger
from mvoi_nlp.evidence._stated import count_tenders
from mvoi_nlp.evidence._tenders import TenderReader, tender_evidence
from mvoi_nlp.records import Evidence, Sentence, TenderCount, TenderRecord
from mvoi_nlp.scheme import Scheme, load_tender_wording
from mvoi_nlp.settings import EvidenceSettings

UNMEASURED = 0.8  # precision of a keyword hit where no labels have measured it
UNMEASURED_HEADING = 0.5
NAMED = 0.95  # an instrument by its full official name


class Taggers:
    """The taggers that a run uses, ready to read Docs.

    Parameters
    ----------
    scheme
        Labels and their wording.
    vocab
        Vocabulary of the Docs.
    settings
        Which taggers speak, and from which probability.
    model
        Folder of a trained classifier; None leaves the classifier out and scores keywords alike.
    """

    def __init__(self, scheme: Scheme, vocab: Vocab, settings: EvidenceSettings, model: Path | None) -> None:
        self._settings = settings
        self._scheme = scheme
        self._keywords = KeywordTagger(scheme, vocab)
        self._hints = KeywordTagger(scheme.of_hints, vocab)
        self._wording = load_tender_wording(scheme.root)
        self._reader = TenderReader(scheme, self._wording, self._keywords)
        self._classifier = Classifier.load(model) if model else None
        self._names = PhraseMatcher(vocab, attr="ORTH")
        for label in scheme.family("instrument"):
            words = label.name.split()
            if any(letter.isupper() for letter in label.name[1:]) or len(words) > 2:  # a name, not an ordinary word
                self._names.add(label.id, [Doc(vocab, words=words)])
        speaking = [name for name in settings.taggers if name != "classifier" or self._classifier]
        self.names: tuple[str, ...] = tuple(speaking)
        """Taggers that speak."""

    def tag(self, sentences: Sequence[Sentence], docs: Sequence[Doc], document_kind: str = "overig") -> list[Evidence]:
        """What all taggers say, sentence by sentence.

        Parameters
        ----------
        sentences, docs
            One document (or part of it), in the same order.
        document_kind
            Kind of the document, as the register names it: plans and reports speak of other things.
        """
        found: list[Evidence] = []
        if "keywords" in self.names:
            found += self._keyword_evidence(sentences, docs)
        if "headings" in self.names:
            found += self._heading_evidence(sentences)
        if "columns" in self.names:
            found += self._column_evidence(sentences)
        if "entities" in self.names:
            found += self._entity_evidence(sentences, docs)
        if "tenders" in self.names:
            found += tender_evidence(self._reader.read(sentences), sentences, self._scheme)
        if "classifier" in self.names:
            contested = {(row.document, row.sentence, row.label) for row in found}
            found += self._classifier_evidence(sentences, docs, document_kind, contested)
        return sorted(found, key=lambda row: (row.sentence, row.label, row.tagger, row.start, row.end))

    def tenders(
        self, document: str, sentences: Sequence[Sentence], year: int | None = None
    ) -> tuple[list[TenderRecord], TenderCount]:
        """The tenders that a document lists, and how many it reports.

        Parameters
        ----------
        sentences
            All of the document, in order.
        year
            The year that it reports on, so that it is not counted by an earlier one; None for a plan.
        """
        records = self._reader.read(sentences)
        return records, count_tenders(document, records, sentences, self._wording, year=year)

    def _keyword_evidence(self, sentences: Sequence[Sentence], docs: Sequence[Doc]) -> list[Evidence]:
        precision = self._classifier.keyword_precision if self._classifier else {}
        return [
            _row(sentence, hit.label, doc, hit.start, hit.end, precision.get(hit.label, UNMEASURED), "keywords")
            for sentence, doc in zip(sentences, docs, strict=True)
            for hit in self._keywords.find(doc)
        ]

    def _heading_evidence(self, sentences: Sequence[Sentence]) -> list[Evidence]:
        """Topics only: a passage treats the subject of its heading, also where no sentence names it."""
        precision = self._classifier.heading_precision if self._classifier else UNMEASURED_HEADING
        return [
            _whole(sentence, label, precision, "headings")
            for sentence in sentences
            if sentence.kind != "heading"
            for label in sorted(self._keywords.find_in_heading(sentence.section))
            if label.startswith("topic:")
        ]

    def _column_evidence(self, sentences: Sequence[Sentence]) -> list[Evidence]:
        """Themes only: a cross in a table speaks of the theme above it."""
        precision = self._classifier.column_precision if self._classifier else UNMEASURED
        return [
            _at(sentence, label, start, end, precision, "columns")
            for sentence in sentences
            for label, start, end in ticked_themes(sentence.headers, sentence.text, self._keywords)
        ]

    def _entity_evidence(self, sentences: Sequence[Sentence], docs: Sequence[Doc]) -> list[Evidence]:
        found = []
        for sentence, doc in zip(sentences, docs, strict=True):
            for entity in doc.ents:
                found.append(_row(sentence, f"entity:{entity.label_}", doc, entity.start, entity.end, 1.0, "entities"))
            for key, start, end in self._names(doc):
                found.append(_row(sentence, doc.vocab.strings[key], doc, start, end, NAMED, "entities"))
        return found

    def _classifier_evidence(
        self,
        sentences: Sequence[Sentence],
        docs: Sequence[Doc],
        document_kind: str,
        contested: Set[tuple[str, int, str]],
    ) -> list[Evidence]:
        assert self._classifier is not None
        places = [Place.of(sentence, document_kind) for sentence in sentences]
        by_label = self._classifier.probabilities(feature_table(docs, places, self._keywords, self._hints))
        whole = [(sentence.document, sentence.number, len(sentence.text)) for sentence in sentences]
        return classifier_evidence(whole, by_label, self._settings.min_score, contested)


def classifier_evidence(
    places: Sequence[tuple[str, int, int]],
    by_label: Mapping[str, NDArray[np.float64]],
    least: float,
    contested: Set[tuple[str, int, str]],
) -> list[Evidence]:
    """The classifier's probabilities from `least` up; roles of a family only where one of its labels was said.

    Where a rule says a label, the classifier says what it thinks of it however little that is: its doubt weighs.

    Parameters
    ----------
    places
        Document, number and length of every sentence.
    by_label
        Label -> (n_sentences,), probability 0-1.
    contested
        Document, number and label of which a rule says something.
    """
    spoken: set[tuple[str, int]] = set()
    found = []
    for label in sorted(by_label, key=is_role):  # labels before roles
        family = label.partition(":")[0]
        for number, (value, (document, sentence, length)) in enumerate(zip(by_label[label], places, strict=True)):
            if is_role(label) and (family, number) not in spoken:
                continue
            if value >= least or is_role(label) or (document, sentence, label) in contested:
                spoken.add((family, number))
                found.append(
                    Evidence(
                        document=document,
                        sentence=sentence,
                        label=label,
                        start=0,
                        end=length,
                        score=round(float(value), 6),  # the same on every machine
                        tagger="classifier",
                    )
                )
    return found


def _whole(sentence: Sentence, label: str, score: float, tagger: str) -> Evidence:
    """Evidence that rests on a sentence as a whole."""
    return _at(sentence, label, 0, len(sentence.text), score, tagger)


def _at(sentence: Sentence, label: str, start: int, end: int, score: float, tagger: str) -> Evidence:
    row = {"document": sentence.document, "sentence": sentence.number, "label": label, "tagger": tagger}
    return Evidence.model_validate(row | {"start": start, "end": end, "score": score})


def _row(sentence: Sentence, label: str, doc: Doc, start: int, end: int, score: float, tagger: str) -> Evidence:
    span = doc[start:end]
    return Evidence(
        document=sentence.document,
        sentence=sentence.number,
        label=label,
        start=span.start_char,
        end=span.end_char,
        score=score,
        tagger=tagger,
    )
