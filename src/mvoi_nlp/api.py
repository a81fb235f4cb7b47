"""A project and its documents, for Python users, notebooks and `mvoi tag`.

>>> from mvoi_nlp.api import Project                                     # doctest: +SKIP
>>> project = Project.open()
>>> tagged = project.tag("plan.pdf")
>>> tagged.sentence_tags("theme:klimaat")
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from mvoi_nlp.errors import SchemeError, SettingsError, TextError
from mvoi_nlp.evidence import Taggers
from mvoi_nlp.records import (
    Block,
    Boilerplate,
    Cell,
    Evidence,
    FormatUse,
    Page,
    Pipeline,
    Sentence,
    Source,
    Tag,
    TenderCount,
    TenderRecord,
)
from mvoi_nlp.scheme import FormatWording, Register, Scheme, load_formats, load_register, load_scheme
from mvoi_nlp.sentences import load_pipeline, pipeline_record, split_blocks
from mvoi_nlp.settings import Settings, load_settings
from mvoi_nlp.sources import unregistered_source
from mvoi_nlp.tags import Rollup, decide_cells, decide_tags, find_format_use, mark_boilerplate
from mvoi_nlp.text import read_document

OPENING = 60  # blocks in which an unregistered document is expected to say what and whose it is


@dataclass(frozen=True)
class Document:
    """A document as it was read: pages, blocks and sentences with their Docs."""

    source: Source
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    docs: tuple[Doc, ...]


@dataclass(frozen=True)
class Tagged:
    """A document with what was found in it."""

    document: Document
    scheme: Scheme
    evidence: tuple[Evidence, ...]
    tags: tuple[Tag, ...]
    cells: tuple[Cell, ...]
    tenders: tuple[TenderRecord, ...]
    tender_count: TenderCount
    format_use: FormatUse
    boilerplate: tuple[Boilerplate, ...] = ()
    """Help text of a format, known by its form alone: what organisations share shows only beside other documents."""

    def sentence_tags(self, label: str) -> list[tuple[Sentence, Tag]]:
        """Sentences with this label (`family:label`), the most probable first, rejected ones left out.

        Raises
        ------
        SchemeError
            The scheme has no such label.
        """
        if label not in self.scheme.by_id:
            raise SchemeError(f"'{label}' is no label of the scheme", hint="see `Project.scheme.by_id`")
        texts = {sentence.number: sentence for sentence in self.document.sentences}
        found = [tag for tag in self.tags if tag.label == label and tag.status != "nee"]
        return [(texts[tag.sentence], tag) for tag in sorted(found, key=lambda tag: (-tag.probability, tag.sentence))]

    def evidence_for(self, sentence: Sentence) -> list[Evidence]:
        """What each tagger said about a sentence, and where in it."""
        return [row for row in self.evidence if row.sentence == sentence.number]

    @cached_property
    def goals(self) -> dict[int, str]:
        """Sentence number -> status of the goal that it states (`reached`); only sentences that state one."""
        best: dict[int, Tag] = {}
        for tag in self.tags:
            if tag.label.startswith("goal:") and tag.status != "nee":
                known = best.get(tag.sentence)
                if known is None or tag.probability > known.probability:
                    best[tag.sentence] = tag
        return {number: tag.label.removeprefix("goal:") for number, tag in best.items()}


class Project:
    """A folder with `params.yaml`, `scheme/` and, after `dvc repro`, a trained classifier.

    Parameters
    ----------
    root
        The folder; see `open` to find it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings: Settings = load_settings(root / "params.yaml")

    @classmethod
    def open(cls, start: Path | str | None = None) -> "Project":
        """Open the project in `start` or the nearest folder above it.

        Without `start`: `MVOI_PROJECT` where that is set, else the current folder, else the project that the package
        itself came with.

        Raises
        ------
        SettingsError
            No project there.
        """
        given = start or os.environ.get("MVOI_PROJECT")
        first = Path(given or ".").resolve()
        for folder in (first, *first.parents):
            if (folder / "params.yaml").is_file() and (folder / "scheme").is_dir():
                return cls(folder)
        template = template_root()
        if given is None and template is not None:
            return cls(template)
        raise SettingsError(
            f"{first}: no project here or above (params.yaml and scheme/)",
            hint="make one with `mvoi init DIR`",
        )

    @cached_property
    def scheme(self) -> Scheme:
        """The labels of the project."""
        return load_scheme(self.root / "scheme")

    @cached_property
    def formats(self) -> FormatWording:
        """By what the formats of PIANOo are recognised."""
        return load_formats(self.root / "scheme")

    @cached_property
    def register(self) -> Register:
        """The bodies, laws and instruments that entities link to."""
        return load_register(self.root / "scheme")

    @cached_property
    def pipeline(self) -> Language:
        """The spaCy pipeline that params.yaml names, or the one that stands in for it."""
        return load_pipeline(self.settings.sentences.pipeline, self.register)

    @property
    def pipeline_record(self) -> Pipeline:
        """Name and version of the pipeline, and whether it is a fall-back."""
        return pipeline_record(self.pipeline)

    @property
    def model(self) -> Path | None:
        """Folder of the trained classifier; None before `dvc repro` has made one."""
        folder = self.root / "models" / "classifier"
        return folder if (folder / "classifier.skops").exists() else None

    @cached_property
    def taggers(self) -> Taggers:
        """The taggers, without the classifier where none was trained yet (see `Taggers.names`)."""
        return Taggers(self.scheme, self.pipeline.vocab, self.settings.evidence, self.model)

    @cached_property
    def rollup(self) -> Rollup:
        """How tags make a cell; without families where nothing was learned yet, so that every cell waits."""
        path = self.root / "models" / "rollup.json"
        return Rollup.load(path) if path.exists() else Rollup({})

    def read(self, path: Path | str, *, source: Source | None = None, one_sentence_per_line: bool = False) -> Document:
        """Read one file: text, sentences, spaCy Docs.

        Parameters
        ----------
        source
            Its row of the register; made up from the file where it has none (kind `overig`).
        one_sentence_per_line
            For a text file: keep its lines as sentences.

        Raises
        ------
        TextError
            The file cannot be read.
        """
        path = Path(path)
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise TextError(f"{path} {what}", hint="name a file")
        registered = source or unregistered_source(path)
        reading = read_document(
            path, registered.document, self.settings.text, one_sentence_per_line=one_sentence_per_line
        )
        source = source or unregistered_source(path, [block.text for block in reading.blocks[:OPENING]])
        if one_sentence_per_line:
            kept = [block.model_copy(update={"kind": "table_row"}) for block in reading.blocks]  # rows are never cut
            sentences, docs = split_blocks(self.pipeline, kept)
            sentences = [sentence.model_copy(update={"kind": "paragraph"}) for sentence in sentences]
        else:
            sentences, docs = split_blocks(self.pipeline, reading.blocks)
        return Document(source, tuple(reading.pages), tuple(reading.blocks), tuple(sentences), tuple(docs))

    def tag(self, document: Document | Path | str) -> Tagged:
        """Tag a document, or read and tag a file."""
        if not isinstance(document, Document):
            document = self.read(document)
        evidence = self.taggers.tag(document.sentences, document.docs, document.source.kind)
        boilerplate = mark_boilerplate(document.sentences, [document.source], self.settings.tags)
        tags = decide_tags(evidence, self.settings.tags, boilerplate)
        cells = decide_cells(
            [document.source], tags, document.sentences, document.pages, self.scheme, self.settings.tags, self.rollup
        )
        source = document.source
        tenders, count = self.taggers.tenders(source.document, document.sentences, source.reports_on)
        [use] = find_format_use(document.sentences, [source], boilerplate, self.formats, self.settings.tags)
        return Tagged(
            document,
            self.scheme,
            tuple(evidence),
            tuple(tags),
            tuple(cells),
            tuple(tenders),
            count,
            use,
            tuple(boilerplate),
        )


def template_root() -> Path | None:
    """Folder with the scheme and settings that the package came with: in the wheel, or the repository itself."""
    package = Path(__file__).parent
    for folder in (package / "template", package.parents[1]):
        if (folder / "scheme").is_dir() and (folder / "params.yaml").is_file():
            return folder
    return None
