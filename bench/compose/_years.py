"""Made years: documents drawn from labelled units, with figures that are planted beforehand.

For tests that need a thousand years and no rendering: whether an interval covers the true count as often as it says,
whether a rule for ending a review holds its promise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.compose._source import Source, Unit
from mvoi_nlp.annotations import split_label
from mvoi_nlp.scheme import COUNTED_ROLES

PASSAGES = (1, 6)  # units for a planted label, from - to
FILLING = (8, 40)  # units without any counted label


class YearError(Exception):
    """The figures that were asked for cannot be planted."""


@dataclass(frozen=True)
class YearDocument:
    """A document of a made year: units in random order, and the labels that count for it."""

    id: str
    units: tuple[Unit, ...]
    labels: frozenset[str]


class YearMaker:
    """Draws years from the units of sources of one kind.

    Parameters
    ----------
    sources
        Where the units come from, usually those of one split and kind.
    families
        Families whose figures are planted; other labels of a unit come along.
    """

    def __init__(self, sources: Sequence[Source], families: Sequence[str] = ("theme", "sector")) -> None:
        self._families = tuple(families)
        self._units: list[Unit] = []
        self._counted: list[frozenset[str]] = []
        for source in sources:
            for unit in source.units:
                self._units.append(unit)
                self._counted.append(counted_labels(unit, self._families))
        self._bearing: dict[str, np.ndarray] = {
            label: np.array([n for n, found in enumerate(self._counted) if label in found])
            for label in sorted(set().union(*self._counted))
        }
        self._plain = np.array([n for n, found in enumerate(self._counted) if not found])

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that can be planted."""
        return tuple(self._bearing)

    def make(self, documents: int, figures: Mapping[str, int], seed: int) -> list[YearDocument]:
        """Draw one year.

        Parameters
        ----------
        documents
            How many, 1 or more.
        figures
            Label -> in how many documents it counts, 0 to `documents`; labels that are not named count in none.
        seed
            Equal seeds give equal years.

        Raises
        ------
        YearError
            A figure is larger than the number of documents, or no unit bears its label.
        """
        random = np.random.default_rng(seed)
        holding: list[set[str]] = [set() for _ in range(documents)]
        for label, figure in figures.items():
            if not 0 <= figure <= documents:
                raise YearError(f"{label}: {figure} of {documents} documents")
            if figure and label not in self._bearing:
                raise YearError(f"{label}: no unit of the sources bears it")
            for number in random.choice(documents, size=figure, replace=False):
                holding[number].add(label)
        return [
            YearDocument(f"document-{number + 1:03}", self._draw(labels, random), frozenset(labels))
            for number, labels in enumerate(holding)
        ]

    def _draw(self, labels: set[str], random: np.random.Generator) -> tuple[Unit, ...]:
        chosen: list[int] = []
        for label in sorted(labels):
            fitting = [n for n in self._bearing[label] if self._counted[n] <= labels]
            if not fitting:
                raise YearError(f"{label}: every unit that bears it bears a label that must not count")
            chosen += random.choice(fitting, size=random.integers(*PASSAGES)).tolist()
        if len(self._plain):
            chosen += random.choice(self._plain, size=random.integers(*FILLING)).tolist()
        random.shuffle(chosen)
        return tuple(self._units[n] for n in dict.fromkeys(chosen))


def counted_labels(unit: Unit, families: Sequence[str]) -> frozenset[str]:
    """Labels that make a document count, by their role."""
    found = set()
    for label in unit.labels:
        name, role = split_label(label)
        family = name.partition(":")[0]
        roles = COUNTED_ROLES.get(family)
        if family in families and (roles is None or not role or role in roles):
            found.add(name)
    return frozenset(found)
