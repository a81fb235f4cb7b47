"""The labels as people described them: families, names, definitions, wording, exceptions and test cases.

One file per label, `scheme/<family>/<label>.yaml`; the id of a label is `family:label`. What a term matches is
decided in `evidence`; here the files are read, checked for form, and normalised the same way for all.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mvoi_nlp.errors import SchemeError, first_problem

Family = Literal["theme", "sector", "instrument", "topic", "goal"]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FAMILIES: tuple[Family, ...] = get_args(Family)
COUNTED_ROLES: Mapping[str, frozenset[str]] = {
    "theme": frozenset({"focus", "goal", "applied"}),
    "sector": frozenset({"focus", "applied"}),
}
"""Roles with which a label counts for its document; in families that are not here every role counts.

A theme that a plan only names, or says not to have chosen, is not one of its themes.
"""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff"))
_QUOTES = str.maketrans("‘’‚‛′“”„‟″‐‑‒–—", "'''''" + '"' * 5 + "-" * 5)


def normal_form(text: str) -> str:
    """One spelling for matching: NFKC (CO₂ -> co2), lower case, plain quotes and hyphens, no soft hyphens."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_QUOTES).lower()


class Example(BaseModel):
    """A sentence that has the label, or looks as if it had."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str = Field(min_length=1)
    has: bool


class Label(BaseModel):
    """One label of the scheme: what it means and how it is worded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """`family:label`."""
    family: Family
    name: str = Field(min_length=1)
    order: int = Field(ge=1)
    definition: str = Field(min_length=1)
    kinds: tuple[str, ...] = ("actieplan", "rapportage")
    """Kinds of document for which a cell is made."""
    category: str = ""
    charted: bool = True
    """False for what the figures leave out, such as policy frameworks."""
    terms: tuple[str, ...] = ()
    """Matched on form or lemma; a `~` at the end matches any word that starts so."""
    exact_terms: tuple[str, ...] = ()
    """Matched with the capitals as written."""
    not_terms: tuple[str, ...] = ()
    """Where one of these matches, no term inside it counts."""
    hints: tuple[str, ...] = ()
    """Wording that makes the label likelier without proving it; written as `terms` are."""
    shared_with: tuple[str, ...] = ()
    """Labels of the same family that may have a term in common with this one."""
    examples: tuple[Example, ...] = ()
    known_failures: tuple[str, ...] = ()
    """Ids of the examples that the terms get wrong: an exact set, held by a test."""


class Scheme:
    """All labels, in the order of families and of `Label.order`.

    Parameters
    ----------
    labels
        The labels; ids are unique.
    root
        The folder that they came from, for messages and fingerprints.
    """

    def __init__(self, labels: Iterable[Label], root: Path) -> None:
        rank = {family: place for place, family in enumerate(FAMILIES)}
        self.labels = tuple(sorted(labels, key=lambda label: (rank[label.family], label.order, label.id)))
        self.root = root

    @cached_property
    def by_id(self) -> Mapping[str, Label]:
        """Labels by `family:label`."""
        return {label.id: label for label in self.labels}

    def family(self, family: str) -> tuple[Label, ...]:
        """Labels of one family, in table order."""
        return tuple(label for label in self.labels if label.family == family)

    @cached_property
    def of_hints(self) -> "Scheme":
        """The same labels with their hints in the place of their terms."""
        bare = {"exact_terms": (), "not_terms": ()}
        return Scheme([label.model_copy(update={"terms": label.hints, **bare}) for label in self.labels], self.root)

    def for_kind(self, kind: str) -> tuple[Label, ...]:
        """Labels for which a document of this kind gets a cell; other documents are asked about everything."""
        return tuple(label for label in self.labels if kind in label.kinds or kind not in ("actieplan", "rapportage"))

    def name(self, label: str) -> str:
        """Dutch name of a label, or the id itself where the scheme does not have it."""
        found = self.by_id.get(label)
        return found.name if found else label


def load_scheme(root: Path) -> Scheme:
    """Read `scheme/<family>/<label>.yaml`.

    Raises
    ------
    SchemeError
        The folder is missing or empty, or a file is not valid YAML or does not fit `Label`; names the file.
    """
    labels = [_load_label(path, family) for family in FAMILIES for path in sorted((root / family).glob("*.yaml"))]
    if not labels:
        raise SchemeError(
            f"{root}: no label files found",
            hint="a project needs scheme/<family>/<label>.yaml; `mvoi init` makes them",
        )
    return Scheme(labels, root)


def _load_label(path: Path, family: str) -> Label:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
        return Label.model_validate({"id": f"{family}:{path.stem}", "family": family, **content})
    except yaml.YAMLError as error:
        raise SchemeError(f"{path}: not valid YAML: {error}", hint="quote texts that hold a colon") from error
    except (ValidationError, TypeError) as error:
        problem = first_problem(error) if isinstance(error, ValidationError) else "not a mapping"
        raise SchemeError(f"{path}: {problem}", hint="see an existing label for the form") from error


class Body(BaseModel):
    """An organisation that documents speak of."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """`type-name`; the type stands before the first hyphen."""
    name: str = Field(min_length=1)
    type: str
    """gemeente, provincie, waterschap, ministerie or overig."""
    variants: tuple[str, ...] = ()
    ambiguous: bool = False
    """The name is also an ordinary word (Best, Goes): it only counts after 'gemeente'."""
    government: bool = True
    """False for companies, foundations, schools and other bodies outside government."""


class Law(BaseModel):
    """A law, decree or directive by its name."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    variants: tuple[str, ...] = ()


class Instrument(BaseModel):
    """The names of an instrument, taken from its label."""

    model_config = ConfigDict(frozen=True)

    id: str
    """Id of the label, `instrument:...`."""
    names: tuple[str, ...]
    """Found whatever the capitals; a `~` at the end lets the last word go on."""
    exact: tuple[str, ...]
    """Found with the capitals as written."""


class Register(BaseModel):
    """What is known by name: the entities that need no training and link to an id."""

    model_config = ConfigDict(frozen=True)

    bodies: tuple[Body, ...] = ()
    laws: tuple[Law, ...] = ()
    instruments: tuple[Instrument, ...] = ()


def load_register(root: Path) -> Register:
    """Read `organisations.csv`, `laws.csv` and the names of the instruments of a scheme.

    A missing file gives an empty list: a project may do without.

    Raises
    ------
    SchemeError
        A row does not fit; names the file and the row.
    """
    instruments = []
    for path in sorted((root / "instrument").glob("*.yaml")):
        label = _load_label(path, "instrument")
        proper = [term for term in label.terms if _is_proper_name(term)]
        if proper or label.exact_terms:
            instruments.append(Instrument(id=label.id, names=tuple(dict.fromkeys(proper)), exact=label.exact_terms))
    return Register(
        bodies=_read_names(root / "organisations.csv", Body),
        laws=_read_names(root / "laws.csv", Law),
        instruments=tuple(instruments),
    )


def _is_proper_name(term: str) -> bool:
    """Written with a capital (or '10R-model') in the scheme; 'life cycle costing' and 'CO2-voetafdruk' are no names."""
    word = term.removeprefix("CO2").removeprefix("CO₂").lstrip("- ")
    if "%" in term or not word:
        return False
    capital = any(letter.isupper() for letter in word)
    return capital and (word[0].isupper() or term[0].isdigit() or word != term)


Named = TypeVar("Named", bound=BaseModel)


def _read_names(path: Path, kind: type[Named]) -> tuple[Named, ...]:
    if not path.exists():
        return ()
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            known = {name: value for name, value in row.items() if name in kind.model_fields and value is not None}
            known["variants"] = tuple(part.strip() for part in (row.get("variants") or "").split(";") if part.strip())
            try:
                rows.append(kind.model_validate(known))
            except ValidationError as error:
                raise SchemeError(
                    f"{path}, row {number}: {first_problem(error)}",
                    hint="mend the row; the first row names the columns",
                ) from error
    return tuple(rows)


_SPACE = re.compile(r"[\s-]+")


def term_variants(term: str) -> tuple[str, ...]:
    """Spellings of one term with spaces, hyphens or nothing between its parts, normalised, the term itself first.

    >>> term_variants("social return")
    ('social return', 'social-return', 'socialreturn')
    """
    plain = normal_form(term).strip()
    parts = [part for part in _SPACE.split(plain) if part]
    if len(parts) == 1 or len(parts) > 3:
        return (plain,)
    return tuple(dict.fromkeys([plain, " ".join(parts), "-".join(parts), "".join(parts)]))


class TenderWording(BaseModel):
    """How lists of tenders are worded: headings of columns, procedures, rows that are no tender, stated numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, tuple[str, ...]] = {}
    """What a column holds -> its headings; a `~` before or after a word lets it begin or go on."""
    procedures: dict[str, tuple[str, ...]] = {}
    levels: dict[str, tuple[str, ...]] = {}
    outcomes: tuple[str, ...] = ()
    """Words of a cell that says how a tender ended."""
    themes: dict[str, tuple[str, ...]] = {}
    """Label -> short names above a column, beside the wording of the theme itself."""
    cpv: dict[str, str] = {}
    """First digits of a CPV code -> sector."""
    not_rows: dict[str, tuple[str, ...]] = {}
    """Why a row of a list is no tender (`total`, `extension`, `no_procedure`, `hire`) -> its words."""
    units: dict[Literal["aanbesteding", "perceel"], tuple[str, ...]] = {}
    """What a stated number counts."""
    around: tuple[str, ...] = ()
    """What beside those says, above a table, that it lists tenders."""
    claims: tuple[str, ...] = ()
    """Words that say that a number is of all."""
    targets: tuple[str, ...] = ()
    """Words that make a number a goal."""
    others: tuple[str, ...] = ()
    """What a number beside the tenders counts."""


def load_tender_wording(root: Path) -> TenderWording:
    """Read `tenders.yaml`; a project without one finds no tenders.

    Raises
    ------
    SchemeError
        The file is not valid YAML or does not fit; names the file.
    """
    return _load_wording(root / "tenders.yaml", TenderWording)


class ReferenceHeading(BaseModel):
    """A heading of a format, in the words under which it occurs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...] = ()
    """Said so in the format above all."""
    short: tuple[str, ...] = ()
    """Common without the format too: counts for half."""

    @property
    def name(self) -> str:
        """By which it is shown."""
        return (*self.names, *self.short)[0]


class Format(BaseModel):
    """A template of plans or reports, by its headings in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    kinds: tuple[str, ...]
    """Kinds of document that are written in it."""
    headings: tuple[ReferenceHeading, ...] = Field(min_length=1)


class FormatWording(BaseModel):
    """By what the formats of PIANOo are recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    formats: tuple[Format, ...] = ()
    themes: tuple[tuple[str, ...], ...] = ()
    """Names of the themes as rows of a table, in the order of the Manifest."""


def load_formats(root: Path) -> FormatWording:
    """Read `formats.yaml`; a project without one sees no format used.

    Raises
    ------
    SchemeError
        The file is not valid YAML or does not fit; names the file.
    """
    return _load_wording(root / "formats.yaml", FormatWording)


Wording = TypeVar("Wording", bound=BaseModel)


def _load_wording(path: Path, kind: type[Wording]) -> Wording:
    if not path.exists():
        return kind()
    try:
        return kind.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER))  # noqa: S506
    except yaml.YAMLError as error:
        raise SchemeError(f"{path}: not valid YAML: {error}", hint="quote texts that hold a colon") from error
    except ValidationError as error:
        raise SchemeError(f"{path}: {first_problem(error)}", hint="see the file of the project's template") from error
