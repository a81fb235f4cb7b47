"""How far two people agree who labelled the same units: the ceiling for every tagger."""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from mvoi_nlp.annotations._codes import split_label
from mvoi_nlp.rates import draw_groups, interval, micro_f1
from mvoi_nlp.records import Agreement, Gold

RESAMPLES = 2000
ANY = "*"


def nominal_alpha(units: Sequence[Sequence[Hashable]]) -> float:
    """Krippendorff's alpha for nominal values, any number of coders, values missing or not.

    Parameters
    ----------
    units
        Per unit the values that its coders gave; units with fewer than two values do not count.

    Returns
    -------
        1 for full agreement, 0 for what chance gives, below 0 for worse; 1 where only one value occurs.

    References
    ----------
    K. Krippendorff, Content Analysis: An Introduction to Its Methodology (4th ed., 2019), chapter 12.
    """
    pairable = [Counter(values) for values in units if len(values) > 1]
    total = Counter[Hashable]()
    for counts in pairable:
        total.update(counts)
    n = sum(total.values())
    expected = n * n - sum(count * count for count in total.values())
    if expected == 0:
        return 1.0
    observed = 0.0
    for counts in pairable:
        size = sum(counts.values())
        observed += (size * size - sum(count * count for count in counts.values())) / (size - 1)
    return 1 - (n - 1) * observed / expected


def agreement(first: Sequence[Gold], second: Sequence[Gold], seed: int = 0) -> list[Agreement]:
    """Compare two coders on the units that both labelled, label by label and per family.

    Only presence of a label counts here; what role stood behind it has a row of its own, `family:*/role`, over the
    labels that both gave. Intervals (95 %) come from documents drawn again, since units of a document resemble each
    other.

    Parameters
    ----------
    first, second
        Units are the same when document, place and quote are.
    seed
        Of the draws.
    """
    key = {(unit.document, unit.start, unit.quote): unit for unit in first}
    pairs = [(key[place], unit) for unit in second if (place := (unit.document, unit.start, unit.quote)) in key]
    documents = sorted({unit.document for _, unit in pairs})
    sets = [
        (unit.document, {split_label(x)[0] for x in one.labels}, {split_label(x)[0] for x in unit.labels})
        for one, unit in pairs
    ]
    labels = sorted({label for _, one, two in sets for label in one | two})
    draws = draw_groups(len(documents), resamples=RESAMPLES, seed=seed)
    sizes = np.array([sum(document == name for document, _, _ in sets) for name in documents])
    counts = {label: _counts(label, sets, documents) for label in labels}
    rows = [_row(label, counts[label], sizes, draws) for label in labels]
    for family in sorted({label.partition(":")[0] for label in labels}):
        members = [label for label in labels if label.startswith(f"{family}:")]
        together = np.sum([counts[label] for label in members], axis=0)
        rows.append(_row(f"{family}:{ANY}", together, sizes * len(members), draws))
        roles = _roles(family, pairs)
        if roles:
            same = sum(one == two for one, two in roles)
            rows.append(
                Agreement(
                    label=f"{family}:{ANY}/role",
                    units=len(roles),
                    first=len(roles),
                    second=len(roles),
                    both=same,
                    alpha=round(nominal_alpha(roles), 4),
                    f1=round(same / len(roles), 4),
                )
            )
    return rows


def _counts(label: str, sets: Sequence[tuple[str, set[str], set[str]]], documents: Sequence[str]) -> NDArray[np.int64]:
    """Per document: given by both, by the second alone, by the first alone."""
    found = {document: [0, 0, 0] for document in documents}
    for document, one, two in sets:
        if label in one and label in two:
            found[document][0] += 1
        elif label in two:
            found[document][1] += 1
        elif label in one:
            found[document][2] += 1
    return np.array([found[document] for document in documents])


def _roles(family: str, pairs: Sequence[tuple[Gold, Gold]]) -> list[tuple[str, str]]:
    found = []
    for one, two in pairs:
        roles = [{name: role for name, role in map(split_label, unit.labels) if role} for unit in (one, two)]
        found += [
            (roles[0][name], roles[1][name])
            for name in sorted(roles[0].keys() & roles[1].keys())
            if name.startswith(f"{family}:")
        ]
    return found


def _row(label: str, counts: NDArray[np.int64], sizes: NDArray[np.int64], draws: NDArray[np.int64]) -> Agreement:
    rates = micro_f1(counts, draws, empty=np.nan)  # a resample without the label says nothing of agreement on it
    alpha_low, alpha_high = interval(_alpha(counts[draws].sum(axis=1), sizes[draws].sum(axis=1)))
    return Agreement(
        label=label,
        units=int(sizes.sum()),
        first=rates.tp + rates.fn,
        second=rates.tp + rates.fp,
        both=rates.tp,
        alpha=round(float(_alpha(counts.sum(axis=0)[None], sizes.sum()[None])[0]), 4),
        alpha_low=round(alpha_low, 4),
        alpha_high=round(alpha_high, 4),
        f1=round(rates.f1, 4),
        f1_low=round(rates.low, 4),
        f1_high=round(rates.high, 4),
    )


def _alpha(counts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Alpha of yes and no by two coders, for many samples at once; 1 where nobody gave the label."""
    both, two, one = counts.T
    yes = 2 * both + one + two
    expected = (yes * (2 * sizes - yes)).astype(float)
    apart = (one + two) * (2 * sizes - 1)
    return np.where(expected > 0, 1 - apart / np.where(expected > 0, expected, 1), 1.0)
