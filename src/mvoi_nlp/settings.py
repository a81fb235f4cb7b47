"""The settings of a run, typed and frozen; alone reads params.yaml.

Every section belongs to the step of the same name; an unknown key is an error, so a typing mistake never passes
for a setting.
"""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mvoi_nlp.errors import SettingsError, first_problem


class Section(BaseModel):
    """Base of the sections: frozen, and forbids unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EngineSettings(Section):
    """Where per-document work runs."""

    jobs: int = Field(default=0, ge=0)
    """Processes; 0 means one per core."""
    scheduler: str = ""
    """Address of a Dask scheduler (tcp://host:port); empty means this machine."""


class TextSettings(Section):
    """Limits of what is read from one file, and what reads a PDF."""

    engine: Literal["pdfium", "pdfminer"] = "pdfium"
    """What gives the letters and lines of a PDF page; the layout is ours with both."""
    max_pages: int = Field(default=2000, ge=1)
    max_megabytes: float = Field(default=200, gt=0)
    """Size of a file, and of what a file of Office or OpenDocument unpacks to."""
    max_seconds: int = Field(default=600, ge=1)
    """Time for one file."""
    max_memory_megabytes: int = Field(default=3000, ge=200)
    """Memory for reading one file, in a process of its own."""


class SentencesSettings(Section):
    """Which spaCy pipeline cuts and analyses the text."""

    pipeline: str = "nl_core_news_lg"
    """Name of an installed spaCy package; where it is not installed, `nl_mvoi_core` takes its place."""


class EvidenceSettings(Section):
    """How the taggers speak."""

    taggers: tuple[str, ...] = ("keywords", "headings", "columns", "entities", "tenders", "classifier")
    min_score: float = Field(default=0.15, ge=0, le=1)
    """The classifier says nothing below this probability."""


class EvidenceTrainSettings(Section):
    """How the classifier is trained."""

    folds: int = Field(default=5, ge=2)
    """Folds for calibration, grouped by organisation."""
    min_positives: int = Field(default=8, ge=2)
    """A label with fewer training sentences is left to the rules."""
    regularisation: float = Field(default=4.0, gt=0)
    """C of the logistic regression; larger is looser."""
    min_frequency: int = Field(default=2, ge=1)
    """Sentences in which a word must occur to be a feature."""
    character_ngrams: bool = True
    keyword_features: bool = True
    extra_texts: bool = True
    """Learn also from `annotations/written/`."""
    seed: int = 0


class TagsSettings(Section):
    """How evidence becomes a decision."""

    accept_from: float = Field(default=0.8, ge=0, le=1)
    """Probability from which a tag is `ja` without review."""
    reject_below: float = Field(default=0.35, ge=0, le=1)
    """Probability below which it is `nee` without review."""
    most_wrong: float = Field(default=0.05, gt=0, lt=1)
    """Share (0-1) of the cells that need no analyst that may be wrong: the promise that the thresholds are set by."""
    surety: float = Field(default=0.9, gt=0, lt=1)
    """Probability (0-1) with which the promise is kept, over draws of labelled documents."""
    folds: int = Field(default=7, ge=2)
    """Folds over which the roll-up is learned and its thresholds are set, grouped by organisation."""
    enumeration_from: int = Field(default=4, ge=2)
    """A sentence with this many themes lists them (the Manifest's six) and chooses none: it supports no theme cell."""
    quotes: int = Field(default=3, ge=1)
    """Sentences kept with a cell."""
    shared_words: int = Field(default=8, ge=3)
    """Words that a passage has at least, to be one that organisations share."""
    shared_from: float = Field(default=0.5, gt=0, le=1)
    """Share (0-1) of the runs of three words in a passage that another document must hold to be a copy of it.

    Those runs must be as many as a passage of `shared_words` has, so the shortest passages are copies word for word.
    """

    format_headings_from: float = Field(default=0.25, ge=0, le=1)
    """Share (0-1) of a format's headings from which headings alone say that it is used in part."""
    format_full_from: float = Field(default=0.3, ge=0, le=1)
    """The same for the whole format, where its help texts were left in too.

    On the train and dev documents whole formats have 0.32 and more, and six help texts and more.
    """
    format_full_alone_from: float = Field(default=0.75, ge=0, le=1)
    """The same for the whole format where nobody left a help text."""
    format_help_texts: int = Field(default=5, ge=1)
    """Help texts from which a format counts as filled in whole; used in part it has three or less on train and dev."""
    format_figures_from: float = Field(default=0.3, ge=0)
    """Figures in tables for every word of prose from which a report is the figures of the format and no more."""

    @model_validator(mode="after")
    def _in_order(self) -> "TagsSettings":
        if self.reject_below > self.accept_from:
            raise ValueError("reject_below is above accept_from")
        return self


class ValidationSettings(Section):
    """How the scores are measured."""

    resamples: int = Field(default=500, ge=10)
    """Bootstrap resamples of documents."""
    seed: int = 0


class ReviewSettings(Section):
    """What the review page shows first."""

    families: tuple[str, ...] = ("theme", "sector", "instrument", "topic")
    """Families of which cells are reviewed."""


class ReportSettings(Section):
    """What the report shows."""

    title: str = "Analyse actieplannen en rapportages MVOI"
    plan_year: int = 2024
    reporting_year: int = 2024
    max_bars: int = Field(default=15, ge=3)
    """Bars in a chart of instruments; the table has all."""
    show_names: bool = False
    """True shows names of people, phone numbers and mail addresses in the quotes; otherwise they are masked."""


class Settings(Section):
    """All of params.yaml."""

    engine: EngineSettings = EngineSettings()
    text: TextSettings = TextSettings()
    sentences: SentencesSettings = SentencesSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    evidence_train: EvidenceTrainSettings = Field(default=EvidenceTrainSettings(), alias="evidence-train")
    tags: TagsSettings = TagsSettings()
    validation: ValidationSettings = ValidationSettings()
    review: ReviewSettings = ReviewSettings()
    report: ReportSettings = ReportSettings()


def load_settings(path: Path = Path("params.yaml")) -> Settings:
    """Read the settings.

    Raises
    ------
    SettingsError
        The file is missing or not YAML, or a key is unknown or has a wrong value; names the key.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return Settings.model_validate(content)
    except FileNotFoundError as error:
        raise SettingsError(
            f"{path} does not exist", hint="run inside a project, or make one with `mvoi init DIR`"
        ) from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        raise SettingsError(
            f"{path}: {first_problem(error)}",
            hint="the keys and their meaning are in src/mvoi_nlp/settings.py",
        ) from error
