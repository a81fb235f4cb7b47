"""Two coders: what they share is the ceiling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvoi_nlp.annotations import agreement, nominal_alpha
from mvoi_nlp.records import Gold


def test_alpha_of_the_textbook():
    """Reliability data of four observers on twelve units, with gaps: alpha is 0.743 (Krippendorff 2011, section C)."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[value for value in unit if value is not None] for unit in zip(*observers, strict=True)]
    assert nominal_alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_two_observers_and_two_values():
    """Binary data of two observers on ten units: alpha is 0.095 (Krippendorff 2011, section A)."""
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert nominal_alpha(list(zip(a, b, strict=True))) == pytest.approx(0.095, abs=0.0005)


def units(labels, annotator="een"):
    return [
        Gold(document=f"plan-{n % 3}", page=1, start=n * 10, quote=f"zin {n}", labels=given, annotator=annotator)
        for n, given in enumerate(labels)
    ]


def row(rows, label):
    return next(found for found in rows if found.label == label)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
def test_the_short_way_for_two_values_gives_what_the_definition_gives(pairs):
    mark = lambda yes: ("theme:klimaat/focus",) if yes else ()  # noqa: E731
    rows = agreement(units([mark(a) for a, _ in pairs]), units([mark(b) for _, b in pairs]))
    if any(a or b for a, b in pairs):
        assert row(rows, "theme:klimaat").alpha == pytest.approx(nominal_alpha(pairs), abs=1e-4)
    else:
        assert rows == []


def test_labels_families_and_roles_are_compared():
    first = units([("theme:klimaat/focus",), ("theme:klimaat/goal", "theme:circulair/focus"), (), ()])
    second = units([("theme:klimaat/focus",), ("theme:klimaat/focus",), ("theme:circulair/focus",), ()], "twee")
    rows = agreement(first, second)
    climate, circular = row(rows, "theme:klimaat"), row(rows, "theme:circulair")
    assert (climate.both, climate.f1, climate.alpha) == (2, 1.0, 1.0)
    assert (circular.first, circular.second, circular.both, circular.f1) == (1, 1, 0, 0.0)
    assert circular.alpha < 0
    family = row(rows, "theme:*")
    assert (family.units, family.first, family.second, family.both) == (8, 3, 3, 2)
    assert family.f1_low <= family.f1 <= family.f1_high
    roles = row(rows, "theme:*/role")
    assert (roles.units, roles.both, roles.f1) == (2, 1, 0.5)


def test_what_each_coder_gave_is_told_apart():
    label = ("theme:klimaat/focus",)
    found = row(agreement(units([label, label, label]), units([label, (), ()], "twee")), "theme:klimaat")
    assert (found.first, found.second, found.both, found.f1) == (3, 1, 1, 0.5)


def test_an_interval_leaves_out_the_resamples_that_lack_the_label():
    given = units([("theme:klimaat/focus",), (), ()])  # of three documents, one has it
    found = row(agreement(given, given), "theme:klimaat")
    assert (found.f1_low, found.f1, found.f1_high) == (1, 1, 1)


def test_only_units_that_both_labelled_count():
    first = units([("theme:klimaat/focus",), ("theme:klimaat/focus",)])
    assert row(agreement(first, first[:1]), "theme:klimaat").units == 1
    assert agreement(first, []) == []
