import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvoi_nlp.evidence import KeywordTagger, lint_scheme
from mvoi_nlp.scheme import Scheme


@pytest.fixture
def find(scheme, nlp):
    """Labels found in a text, with the words that triggered them."""
    keywords = KeywordTagger(scheme, nlp.vocab)

    def go(text):
        doc = nlp(text)
        return [(hit.label, doc[hit.start : hit.end].text) for hit in keywords.find(doc)]

    return go


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Het klimaat telt mee.", [("theme:klimaat", "klimaat")]),
        ("Minder CO₂-uitstoot is het doel.", [("theme:klimaat", "CO₂-uitstoot")]),
        ("Wij vragen om social-return.", [("theme:social_return", "social-return")]),
        ("Socialreturn is een eis.", [("theme:social_return", "Socialreturn")]),
        ("Het werkklimaat is goed.", []),
        ("Het ministerie van Klimaat schreef dit.", []),
        ("De sector GWW doet mee.", [("sector:gww", "GWW")]),
        ("de gww doet mee", []),
        ("Asfaltonderhoud en asfalt", [("sector:gww", "Asfaltonderhoud"), ("sector:gww", "asfalt")]),
    ],
)
def test_a_term_is_found_in_its_spellings_and_not_inside_an_exception(find, text, found):
    assert find(text) == found


def test_an_exception_of_one_label_leaves_another_alone(label, nlp):
    scheme = Scheme(
        [label("theme:a", 1, terms=["asfalt"], not_terms=["asfalt storten"]), label("theme:b", 2, terms=["asfalt"])],
        None,
    )
    hits = KeywordTagger(scheme, nlp.vocab).find(nlp("Wij gaan asfalt storten."))
    assert [hit.label for hit in hits] == ["theme:b"]


def test_inflected_words_are_found_by_their_lemma(label, nlp):
    scheme = Scheme([label("theme:a", 1, terms=["aanbesteding", "circulair"])], None)
    keywords = KeywordTagger(scheme, nlp.vocab)
    assert len(keywords.find(nlp("Alle aanbestedingen worden circulaire projecten."))) == 2


@settings(max_examples=60, deadline=None)
@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_span_points_at_the_term_whatever_stands_around_it(real_scheme, nlp, before, after):
    keywords = _real_keywords(real_scheme, nlp)
    doc = nlp(f"{before} circulariteit {after}")
    assert "circulariteit" in [doc[h.start : h.end].text for h in keywords.find(doc) if h.label == "theme:circulair"]


def _real_keywords(scheme, nlp, made={}):  # noqa: B006 - made once
    return made.setdefault("keywords", KeywordTagger(scheme, nlp.vocab))


def test_the_wording_of_every_label_does_what_its_examples_say(real_scheme, nlp):
    assert lint_scheme(real_scheme, nlp.vocab, nlp) == []


def test_the_scheme_has_what_the_dossier_asks(real_scheme):
    count = {family: len(real_scheme.family(family)) for family in ("theme", "sector", "instrument", "topic", "goal")}
    assert count["theme"] == 7
    assert count["sector"] == 10
    assert count["instrument"] >= 60
    assert count["topic"] == 19
    assert count["goal"] == 9


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"terms": ["klimaat", "Klimaat"]}, "stands there twice"),
        ({"terms": ["klimaat~", "klimaatdoel"]}, "shadowed"),
        ({"terms": ["co~"]}, "shorter than 3"),
        ({"terms": []}, "no terms"),
        ({"known_failures": ["zoek"]}, "is no example"),
        ({"shared_with": ["theme:zoek"]}, "not in the scheme"),
    ],
)
def test_the_linter_finds_what_is_wrong_with_a_label(label, nlp, example, changes, says):
    row = {"terms": ["klimaat"], "examples": [example("a", "Het klimaat.", True), example("b", "Het weer.", False)]}
    findings = lint_scheme(Scheme([label(**row | changes)], None), nlp.vocab, nlp)
    assert any(says in finding.message for finding in findings)


def test_the_linter_finds_examples_that_come_out_otherwise_in_both_directions(label, nlp, example):
    examples = [example("a", "Het klimaat.", True), example("b", "Het weer.", False), example("c", "De zon.", True)]
    right = label(terms=["klimaat"], examples=examples, known_failures=["c"])
    assert lint_scheme(Scheme([right], None), nlp.vocab, nlp) == []
    for failures in ([], ["a", "c"]):
        wrong = right.model_copy(update={"known_failures": tuple(failures)})
        assert len(lint_scheme(Scheme([wrong], None), nlp.vocab, nlp)) == 1


def test_the_linter_finds_a_term_of_two_labels(label, nlp, example):
    examples = [example("a", "Het klimaat.", True), example("b", "Het weer.", False)]
    one = label("theme:a", 1, terms=["klimaat"], examples=examples)
    two = label("theme:b", 2, terms=["klimaat"], examples=examples)
    assert [f.label for f in lint_scheme(Scheme([one, two], None), nlp.vocab, nlp)] == ["theme:a"]
    shared = two.model_copy(update={"shared_with": ("theme:a",)})
    assert lint_scheme(Scheme([one, shared], None), nlp.vocab, nlp) == []
