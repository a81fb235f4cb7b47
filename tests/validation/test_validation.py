import io

import pandas as pd
import pytest
from PIL import Image

from mvoi_nlp.records import Agreement
from mvoi_nlp.settings import ValidationSettings
from mvoi_nlp.validation import Material, draw_reliability, validate

SETTINGS = ValidationSettings(resamples=50)


@pytest.fixture
def measure(scheme, sentence):
    """Validate some labels; every document has thirty sentences, those that `kinds` names of another kind."""

    def go(annotations, tags=(), *, kinds=(), **material):
        documents = {row.document for row in annotations}
        kinds = dict(kinds)
        sentences = [
            sentence(document=d, number=n, kind=kinds.get(n, "paragraph")) for d in documents for n in range(30)
        ]
        return validate(Material(annotations, tags=tags, sentences=sentences, **material), scheme, SETTINGS)

    return go


def score(result, label, level="sentence", split="test", tagger="all", slice=""):
    wanted = (label, level, split, tagger, slice)
    [found] = [s for s in result.scores if (s.label, s.level, s.split, s.tagger, s.slice) == wanted]
    return found


def measured(result, name, family="theme", split="test"):
    [found] = [m for m in result.measures if (m.name, m.family, m.split) == (name, family, split)]
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
    result = measure([annotation(split="test")], [tag()], agreement=agreed)
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
    [bin_] = result.calibration[result.calibration["family"] == "theme"].itertuples()
    assert (bin_.low, bin_.high, bin_.n, bin_.mean_probability, bin_.share_right) == (0.9, 1.0, 4, 0.95, 0.75)
    assert result.calibration["family"].tolist() == ["alle", "theme"]


def test_what_was_settled_without_an_analyst_is_measured_apart(measure, annotation, cell):
    rows = [annotation(split="test")]
    cells = [cell(), cell(label="theme:social_return", status="nog te controleren", probability=0.6)]
    cells.append(cell(label="sector:gww", status="nee", probability=0.1))
    metrics = measure(rows, cells=cells).metrics
    assert (metrics["test.cell.theme.settled"], metrics["test.cell.theme.settled_right"]) == (0.5, 1.0)
    assert metrics["test.cell.sector.settled_right"] == 1.0


def test_families_are_scored_by_kind_type_year_and_scan_as_well(measure, annotation, tag, cell, source, page):
    rows = [annotation(document=d, split="test") for d in ("plan", "verslag", "oud")]
    report = {"kind": "rapportage", "organisation_type": "provincie", "year": 2025, "reporting_year": 2024}
    result = measure(
        rows,
        [tag(document="plan"), tag(document="oud", label="sector:gww")],
        cells=[cell(document="verslag")],
        sources=[source(), source(document="verslag", **report), source(document="oud", year=2022)],
        pages=[
            *(page(document="plan", number=n, engine="tesseract" if n < 3 else "pdfium") for n in range(1, 5)),
            *(page(document="verslag", number=n, engine="tesseract" if n < 2 else "pdfium") for n in range(1, 5)),
            page(document="oud", status="niet leesbaar"),
        ],
    )
    found = {s.slice: s for s in result.scores if (s.label, s.level) == ("theme:*", "sentence") and s.tagger == "all"}
    assert {name: (s.documents, s.tp, s.fn) for name, s in found.items()} == {
        "": (3, 1, 2),
        "kind:actieplan": (2, 1, 1),
        "kind:rapportage": (1, 0, 1),
        "scan:ja": (2, 1, 1),  # half of its pages; not to be read at all
        "scan:nee": (1, 0, 1),
        "type:gemeente": (2, 1, 1),
        "type:provincie": (1, 0, 1),
        "year:2022": (1, 0, 1),
        "year:2024": (2, 1, 1),
    }
    assert score(result, "theme:*", "cell", slice="kind:rapportage").tp == 1
    assert score(result, "sector:*", slice="year:2022").fp == 1
    assert {s.label for s in result.scores if s.slice} == {"theme:*", "sector:*"}
    assert result.metrics["test.sentence.theme.f1"] == score(result, "theme:*").f1 == 0.5


def test_a_macro_average_takes_labels_with_ten_positives(measure, annotation, tag):
    both = [annotation(sentence=n, split="test", labels=("theme:klimaat", "theme:social_return")) for n in range(9)]
    rows = [*both, annotation(sentence=9, split="test")]
    tags = [tag(sentence=n) for n in range(5)]
    result = measure(rows, tags)
    found = measured(result, "macro_f1")
    assert (found.n, found.value) == (1, 0.6667)
    assert (found.low, found.high) == (0.6667, 0.6667)
    assert score(result, "theme:*").f1 == pytest.approx(10 / 24, abs=1e-4)
    assert result.metrics["test.sentence.theme.macro_f1_low"] == 0.6667
    assert not any(row.name == "macro_f1" for row in measure(both, tags).measures)


def test_recall_without_a_term_is_over_labels_that_no_keyword_hits(measure, annotation, tag, evidence):
    rows = [annotation(sentence=n, split="test") for n in range(5)]
    said = [
        evidence(sentence=0),
        evidence(sentence=1, label="sector:gww"),
        *(evidence(sentence=n, tagger="classifier", score=0.9) for n in range(2)),
    ]
    found = measured(measure(rows, [tag(sentence=0), tag(sentence=1)], evidence=said), "recall_without_term")
    assert (found.n, found.value) == (4, 0.25)


def test_the_calibration_error_over_all_decisions_counts_silence_as_a_no(measure, annotation, tag):
    rows = [annotation(sentence=n, split="test", labels=("theme:klimaat",) if n < 6 else ()) for n in range(10)]
    result = measure(rows, [tag(sentence=n, probability=0.8) for n in range(4)])
    every, tags = measured(result, "ece"), measured(result, "ece_tags")
    assert (tags.n, tags.value) == (4, 0.2)
    assert every.n == 20  # ten sentences, two themes
    assert every.value == pytest.approx((4 * 0.2 + 2) / 20)  # two of the silent pairs do have the label
    assert result.metrics["test.sentence.theme.ece"] == every.value


KEYWORD, HEADING = {"tagger": "keywords"}, {"tagger": "headings", "score": 0.5}
YES, NO = {"tagger": "classifier", "score": 0.7}, {"tagger": "classifier", "score": 0.3}
MISSED, WRONG = 0.4, 0.6


@pytest.mark.parametrize(
    ("spoken", "probability", "changes", "cause"),
    [
        ([], MISSED, {}, "geen term"),
        ([NO], MISSED, {}, "geen term"),
        ([NO], MISSED, {"kind": "table_row"}, "tabelrij"),
        ([NO], MISSED, {"near": True}, "buurzin heeft het label"),
        ([NO], MISSED, {"kind": "table_row", "near": True}, "tabelrij"),
        ([KEYWORD, NO], MISSED, {"near": True}, "term, maar classifier zegt nee"),
        ([KEYWORD, YES], MISSED, {}, "term en classifier"),
        ([HEADING], MISSED, {"near": True}, "alleen kop"),
        ([YES], 0.0, {"reason": "invulhulp"}, "invulhulp"),
        ([KEYWORD], WRONG, {}, "term, maar classifier zegt nee"),
        ([KEYWORD, YES], WRONG, {"kind": "table_row"}, "term en classifier"),
        ([HEADING, NO], WRONG, {"kind": "table_row"}, "alleen kop"),
        ([{"tagger": "columns"}], WRONG, {"kind": "table_row"}, "kruisje of naam"),
        ([YES], WRONG, {}, "classifier zonder term"),
        ([HEADING, YES], WRONG, {}, "classifier zonder term"),
        ([YES], WRONG, {"near": True}, "buurzin heeft het label"),
        ([YES], WRONG, {"kind": "table_row"}, "tabelrij"),
    ],
)
def test_every_error_has_the_cause_that_the_evidence_shows(
    measure, annotation, tag, evidence, spoken, probability, changes, cause
):
    missed = probability < 0.5
    rows = [annotation(sentence=5, split="test", labels=("theme:klimaat",) if missed else ())]
    if changes.get("near"):
        rows.append(annotation(sentence=4, split="test"))
    tags = [tag(sentence=5, probability=probability, reason=changes.get("reason", "")), tag(sentence=4)]
    result = measure(
        rows,
        tags,
        evidence=[evidence(sentence=5, **row) for row in spoken],
        kinds={5: changes.get("kind", "paragraph")},
    )
    [error] = result.errors.itertuples()
    assert (error.sentence, error.error, error.cause) == (5, "gemist" if missed else "ten onrechte", cause)
    [count] = result.causes
    assert (count.family, count.error, count.cause, count.n) == ("theme", error.error, cause, 1)


def test_a_label_two_sentences_away_is_no_neighbour(measure, annotation, tag):
    errors = measure([annotation(sentence=n, split="test") for n in (3, 5)], [tag(sentence=3)]).errors
    assert errors["cause"].tolist() == ["geen term"]


def test_causes_are_counted_by_family_and_stand_most_frequent_first(measure, annotation):
    rows = [annotation(sentence=n, split="test", labels=("sector:gww", "theme:klimaat")) for n in (0, 1, 2, 9)]
    found = measure(rows, kinds={9: "table_row"}).causes
    assert [(row.family, row.cause, row.n) for row in found] == [
        ("theme", "buurzin heeft het label", 3),
        ("theme", "tabelrij", 1),
        ("sector", "buurzin heeft het label", 3),
        ("sector", "tabelrij", 1),
    ]


def test_errors_stand_in_reading_order(measure, annotation):
    errors = measure([annotation(sentence=n, split="test") for n in (10, 9, 2)]).errors
    assert errors["sentence"].tolist() == [2, 9, 10]


def test_a_probability_on_the_edge_belongs_to_the_bin_that_it_opens(measure, annotation, tag):
    rows = [annotation(sentence=n, split="test") for n in range(11)]
    bins = measure(rows, [tag(sentence=n, probability=n / 10) for n in range(11)]).calibration
    theme = bins[bins["family"] == "theme"]
    assert theme["low"].tolist() == [n / 10 for n in range(10)]
    assert theme["n"].tolist() == [1] * 9 + [2]


def test_a_reliability_plot_changes_with_its_family_and_with_nothing_else(measure, annotation, tag):
    rows = [annotation(document=f"d{n}", split="test", labels=("theme:klimaat",) if n else ()) for n in range(4)]
    tags = [tag(document=f"d{n}", probability=0.3 * n + 0.05) for n in range(4)]
    bins = measure(rows, tags).calibration
    drawn = draw_reliability(bins, "theme")
    assert drawn == draw_reliability(bins, "theme")
    assert drawn != draw_reliability(bins, "sector")
    assert draw_reliability(bins, "theme", "dev") == draw_reliability(bins, "sector")
    assert draw_reliability(bins, "sector") == draw_reliability(pd.DataFrame(columns=bins.columns), "theme")
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (660, 735)
