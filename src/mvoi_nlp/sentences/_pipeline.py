import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex

from mvoi_nlp.errors import PipelineError
from mvoi_nlp.records import Pipeline
from mvoi_nlp.scheme import Register
from mvoi_nlp.sentences import _components, _government

CORE = "nl_mvoi_core"
"""Name of the project's own Dutch pipeline, installed from `models/nl_mvoi_core`."""

LABELS = (
    "CARDINAL", "DATE", "EVENT", "FAC", "GPE", "LANGUAGE", "LAW", "LOC", "MONEY", "NORP", "ORDINAL", "ORG", "PERCENT",
    "PERSON", "PRODUCT", "QUANTITY", "TIME", "WORK_OF_ART",
)  # fmt: skip
"""Entity labels, those of `nl_core_news_lg`; no pipeline gives others."""


def load_pipeline(name: str = CORE, register: Register | None = None) -> Language:
    """Load the pipeline with this name, or the project's own where it is not installed.

    Parameters
    ----------
    name
        An installed spaCy package such as `nl_core_news_lg`.
    register
        Names of bodies, laws and instruments; None keeps those that `nl_mvoi_core` was made with.

    Returns
    -------
        A pipeline that sets sentence starts, tags, plain lemmas, norms and entities with `LABELS`, without a parser.
        `nlp.meta["mvoi_asked"]` holds `name`; compare with `pipeline_record` to see a fall-back.

    Raises
    ------
    PipelineError
        A package does not load, is not Dutch, or lacks what later steps need; or none is installed.
    """
    used = name if spacy.util.is_package(name) else CORE
    if not spacy.util.is_package(used):
        raise PipelineError(
            f"neither {name} nor {CORE} is installed", hint="`make run` installs it; or pip install models/nl_mvoi_core"
        )
    try:
        nlp = spacy.load(used, disable=["parser"])
    except Exception as error:
        raise PipelineError(
            f"{used} is installed but does not load: {error}", hint="reinstall it, or name another in params.yaml"
        ) from error
    if nlp.lang != "nl":
        raise PipelineError(
            f"{used} is a pipeline for '{nlp.lang}', not for Dutch", hint="name a Dutch one in params.yaml"
        )
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    missing = {"senter", "ner", "lemmatizer"} - set(nlp.pipe_names)
    if missing:
        raise PipelineError(
            f"{used} has no {' and no '.join(sorted(missing))}", hint=f"name {CORE} or nl_core_news_lg in params.yaml"
        )
    if _government.NAME not in nlp.pipe_names:
        split_at_slashes(nlp)
        nlp.add_pipe(_government.NAME, before="ner")
    if register is not None:
        nlp.get_pipe(_government.NAME).use(register)  # type: ignore[attr-defined]
    _free_names(nlp, nlp.get_pipe(_government.NAME).names)  # type: ignore[attr-defined]
    nlp.add_pipe(_components.BORDERS, before=_government.NAME)
    nlp.add_pipe(_components.WORDS, last=True)
    nlp.meta["mvoi_asked"] = name
    return nlp


def split_at_slashes(nlp: Language) -> None:
    """Let the tokenizer cut 'FSC/PEFC' into two names; 'm/s' stays one unit."""
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=\w\w)/(?=\w)"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[union-attr]


def _free_names(nlp: Language, names: set[str]) -> None:
    """Let the tokenizer cut the stop from a name: it takes 'Best.' at the end of a sentence for an abbreviation."""
    rules = nlp.tokenizer.rules or {}  # type: ignore[union-attr]
    nlp.tokenizer.rules = {  # type: ignore[union-attr]
        text: rule for text, rule in rules.items() if not (text.endswith(".") and text[:-1] in names)
    }


def pipeline_record(nlp: Language) -> Pipeline:
    """Which pipeline this is, and whether it stands in for the one that was asked for."""
    meta = nlp.meta
    full = f"{nlp.lang}_{meta['name']}"
    asked = str(meta["mvoi_asked"])
    return Pipeline(name=full, version=str(meta["version"]), asked=asked, fallback=full != asked)
