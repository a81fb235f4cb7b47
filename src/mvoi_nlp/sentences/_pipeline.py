import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex

from mvoi_nlp.errors import PipelineError
from mvoi_nlp.records import Pipeline
from mvoi_nlp.scheme import Organisation
from mvoi_nlp.sentences import _components
from mvoi_nlp.sentences._gazetteer import patterns

RULES = "mvoi_rules"
"""Name of the project's own pipeline: rules and look-ups, nothing to install."""

RULES_VERSION = "1"


def load_pipeline(name: str, organisations: tuple[Organisation, ...] = ()) -> Language:
    """Load the pipeline with this name, or the project's own rules where it is not installed.

    Parameters
    ----------
    name
        An installed spaCy package such as `nl_core_news_lg`, or `RULES`.
    organisations
        Names for the gazetteer, set before the entities of a trained `ner`.

    Returns
    -------
        A pipeline that sets sentence starts, lemmas, norms and entities. `nlp.meta["mvoi_asked"]` holds `name`;
        compare with `pipeline_record` to see a fall-back.

    Raises
    ------
    PipelineError
        The package is installed but cannot be loaded, or is not Dutch.
    """
    if name != RULES and spacy.util.is_package(name):
        try:
            nlp = spacy.load(name, disable=["parser"])
        except Exception as error:
            raise PipelineError(
                f"{name} is installed but does not load: {error}",
                hint="reinstall it, or name another in params.yaml",
            ) from error
        if nlp.lang != "nl":
            raise PipelineError(
                f"{name} is a pipeline for '{nlp.lang}', not for Dutch",
                hint="name a Dutch one in params.yaml",
            )
        if "senter" in nlp.disabled:
            nlp.enable_pipe("senter")
        if not {"senter", "sentencizer"} & set(nlp.pipe_names):
            nlp.add_pipe(_components.SENTENCES, first=True)
        before = "ner" if "ner" in nlp.pipe_names else None
    else:
        nlp = spacy.blank("nl")
        nlp.meta.update(name=RULES, version=RULES_VERSION)
        nlp.add_pipe(_components.SENTENCES)
        nlp.add_pipe(_components.LEMMAS)
        before = None
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=\w\w)/(?=\w)"]  # 'FSC/PEFC' is two names, 'm/s' one unit
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[union-attr]
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"}, before=before)
    with nlp.select_pipes(enable=[]):  # patterns need the tokenizer only
        ruler.add_patterns(patterns(organisations))  # type: ignore[attr-defined]
    nlp.add_pipe(_components.NORMS, last=True)
    nlp.meta["mvoi_asked"] = name
    return nlp


def pipeline_record(nlp: Language) -> Pipeline:
    """Which pipeline this is, and whether it stands in for the one that was asked for."""
    meta = nlp.meta
    name = str(meta["name"])
    full = name if name == RULES or name.startswith("nl_") else f"{nlp.lang}_{name}"
    asked = str(meta["mvoi_asked"])
    return Pipeline(name=full, version=str(meta["version"]), asked=asked, fallback=full != asked)
