import pytest

from mvoi_nlp.records import Agreement
from mvoi_nlp.settings import ValidationSettings
from mvoi_nlp.validation import validate

SETTINGS = ValidationSettings(resamples=50)


@pytest.fixture
def measure(scheme, sentence):
    def go(annotations, tags=(), cells=(), evidence=(), agreed=()):
        documents = {row.document for row in annotations}
        sentences = [sentence(document=d, number=n) for d in documents for n in range(5)]
        return validate(annotations, list(evidence), list(tags), list(cells), sentences, agreed, scheme, SETTINGS)

    return go


def score(result, label, level="sentence", split="test", tagger="all"):
    [found] = [s for s in result.scores if (s.label, s.level, s.split, s.tagger) == (label, level, split, tagger)]
    return found


def test_right_wrong_and_missed_are_counted(measure, annotation, tag):
    rows = [annotation(sentence=n, split="test", labels=("theme:klimaat",) if n < 3 else ()) for n in range(5)]
    found = score(measure(rows, [tag(sentence=0), tag(sentence=1), tag(sentence=4)]), "theme:klimaat")
    assert (found.n, found.tp, found.fp, found.fn) == (3, 2, 1, 1)
    assert (found.precision, found.recall, found.f1) == (0.6667, 0.6667, 0.6667)


def test_a_second_coder_is_scored_as_a_tagger(measure, annotation, tag):
    agreed = [
        Agreement(label=label, units=40, first=10, second=8, both=6, alpha=0.6, f1=0.6667, f1_low=0.5, f1_high=0.8)
        for label in ("theme:*", "theme:*/role", "reason:extern")
    ]
    result = measure([annotation(split="test")], [tag()], agreed=agreed)
    [found] = [score for score in result.scores if score.tagger == "second_coder"]
    assert (found.label, found.n, found.tp, found.fp, found.fn) == ("theme:*", 10, 6, 2, 4)
    assert (found.f1, found.f1_low, found.f1_high) == (0.6667, 0.5, 0.8)


def test_what_the_classifier_was_trained_on_is_not_scored(measure, annotation, tag):
    assert measure([annotation(split="train")], [tag()]).scores == ()


def test_sentences_that_nobody_labelled_are_left_out(measure, annotation, tag):
    found = score(measure([annotation(split="test")], [tag(), tag(sentence=3)]), "theme:klimaat")
    assert (found.tp, found.fp) == (1, 0)


def test_a_doubtful_tag_below_one_half_is_not_said(measure, annotation, tag):
    found = score(measure([annotation(split="test")], [tag(probability=0.49)]), "theme:klimaat")
    assert (found.tp, found.fn) == (0, 1)


def test_a_theme_that_is_only_mentioned_makes_no_cell_true(measure, annotation, cell):
    mentioned = annotation(split="test", roles=("theme:klimaat/mention",))
    assert score(measure([mentioned], cells=[cell()]), "theme:klimaat", "cell").fp == 1
    chosen = annotation(split="test", roles=("theme:klimaat/focus",))
    assert score(measure([chosen], cells=[cell()]), "theme:klimaat", "cell").tp == 1


def test_the_interval_holds_the_estimate_and_is_a_point_for_one_document(measure, annotation, tag):
    rows = [annotation(document=f"d{n}", split="test") for n in range(6)]
    found = score(measure(rows, [tag(document=f"d{n}") for n in range(3)]), "theme:*")
    assert found.f1_low < found.f1 < found.f1_high
    alone = score(measure(rows[:1], [tag(document="d0")]), "theme:*")
    assert alone.f1_low == alone.f1 == alone.f1_high == 1


def test_parts_are_measured_beside_the_whole(measure, annotation, evidence):
    said = [evidence(score=0.9), evidence(score=0.2, tagger="classifier")]
    result = measure([annotation(split="test")], evidence=said)
    assert score(result, "theme:klimaat", tagger="keywords").tp == 1
    assert score(result, "theme:klimaat", tagger="classifier").fn == 1


def test_every_error_is_listed_with_its_sentence(measure, annotation, tag):
    errors = measure(
        [annotation(split="dev"), annotation(split="dev", sentence=1, labels=())], [tag(sentence=1)]
    ).errors
    assert sorted(errors["error"]) == ["gemist", "ten onrechte"]
    assert set(errors["text"]) == {"Wij kiezen voor klimaat."}


def test_the_calibration_error_is_the_gap_between_saying_and_being_right(measure, annotation, tag):
    rows = [annotation(sentence=n, split="test", labels=("theme:klimaat",) if n < 3 else ()) for n in range(4)]
    result = measure(rows, [tag(sentence=n, probability=0.95) for n in range(4)])
    assert result.metrics["test.calibration_error"] == pytest.approx(0.2)
    assert result.calibration["n"].tolist() == [4]


def test_what_was_settled_without_an_analyst_is_measured_apart(measure, annotation, cell):
    rows = [annotation(split="test")]
    cells = [cell(), cell(label="theme:social_return", status="nog te controleren", probability=0.6)]
    cells.append(cell(label="sector:gww", status="nee", probability=0.1))
    metrics = measure(rows, cells=cells).metrics
    assert (metrics["test.cell.theme.settled"], metrics["test.cell.theme.settled_right"]) == (0.5, 1.0)
    assert metrics["test.cell.sector.settled_right"] == 1.0
