from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc
from spacy.vocab import Vocab

from mvoi_nlp.evidence._keywords import PREFIX_LENGTH, KeywordTagger
from mvoi_nlp.scheme import Label, Scheme, normal_form


@dataclass(frozen=True)
class Finding:
    """Something in the scheme that a person must look at."""

    label: str
    message: str


def lint_scheme(scheme: Scheme, vocab: Vocab, analyse: Callable[[str], Doc]) -> list[Finding]:
    """Check the wording of the scheme and run its examples.

    Found are: a term twice, or shadowed by a shorter `prefix~`; a term of two labels of one family; an `order` used
    twice; a prefix that is too short; ids that refer to nothing; and examples that come out other than
    `known_failures` says, in either direction.

    Parameters
    ----------
    analyse
        A text to a Doc with lemmas and norms, as the sentences step makes them.
    """
    findings: list[Finding] = []
    keywords = KeywordTagger(scheme, vocab)
    for label in scheme.labels:
        findings += [
            Finding(label.id, message) for message in (*_form(label, scheme), *_examples(label, keywords, analyse))
        ]
    return findings + _between(scheme)


def _form(label: Label, scheme: Scheme) -> list[str]:
    messages = []
    for kind, terms in (("terms", label.terms), ("not_terms", label.not_terms)):
        plain = [normal_form(term) for term in terms]
        messages += [
            f"{kind}: '{term}' stands there twice" for term in sorted({term for term in plain if plain.count(term) > 1})
        ]
        prefixes = [term[:-1] for term in plain if term.endswith("~")]
        messages += [
            f"{kind}: '{prefix}~' is shorter than {PREFIX_LENGTH} letters"
            for prefix in prefixes
            if len(prefix.split()[-1]) < PREFIX_LENGTH
        ]
        for term in plain:
            for prefix in prefixes:
                if term != f"{prefix}~" and term.startswith(prefix) and " " not in term:
                    messages.append(f"{kind}: '{term}' is shadowed by '{prefix}~'")
    if not (label.terms or label.exact_terms):
        messages.append("has no terms at all")
    messages += [
        f"shared_with: '{other}' is not in the scheme" for other in label.shared_with if other not in scheme.by_id
    ]
    ids = [example.id for example in label.examples]
    messages += [
        f"examples: id '{name}' stands there twice" for name in sorted({name for name in ids if ids.count(name) > 1})
    ]
    messages += [f"known_failures: '{name}' is no example" for name in label.known_failures if name not in ids]
    if {example.has for example in label.examples} != {True, False}:
        messages.append("examples: needs both a sentence that has the label and one that only seems to")
    return messages


def _examples(label: Label, keywords: KeywordTagger, analyse: Callable[[str], Doc]) -> list[str]:
    messages = []
    for example in label.examples:
        hits = [hit.term for hit in keywords.find(analyse(example.text)) if hit.label == label.id]
        fails = bool(hits) != example.has
        if fails and example.id not in label.known_failures:
            what = f"is found by {', '.join(map(repr, hits))}" if hits else "is found by no term"
            messages.append(f"example '{example.id}' {what}")
        elif not fails and example.id in label.known_failures:
            messages.append(f"example '{example.id}' comes out right: take it from known_failures")
    return messages


def _between(scheme: Scheme) -> list[Finding]:
    findings = []
    owners: dict[tuple[str, str], list[Label]] = defaultdict(list)
    orders: dict[tuple[str, int], list[Label]] = defaultdict(list)
    for label in scheme.labels:
        orders[label.family, label.order].append(label)
        for term in {*map(normal_form, label.terms), *label.exact_terms}:
            owners[label.family, term].append(label)
    for (_, term), labels in sorted(owners.items()):
        for first, second in pairwise(labels):
            if second.id not in first.shared_with and first.id not in second.shared_with:
                findings.append(
                    Finding(
                        first.id,
                        f"'{term}' is also a term of {second.id}; choose, or say so under shared_with",
                    )
                )
    for (_, order), labels in sorted(orders.items()):
        if len(labels) > 1:
            findings.append(Finding(labels[1].id, f"order {order} is also that of {labels[0].id}"))
    return findings
