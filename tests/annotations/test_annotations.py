import pytest

from mvoi_nlp.annotations import fit_gold, read_gold, read_splits
from mvoi_nlp.errors import AnnotationError
from mvoi_nlp.records import Block, Gold, write_rows

TEXT = "Wij kiezen voor klimaat. Daarna volgt de rest."
SPLITS = {"Gemeente Testdam": "train"}


def block(text=TEXT):
    return Block(document="plan", page=1, number=0, kind="paragraph", text=text, start=0, end=len(text))


@pytest.fixture
def sentences(sentence):
    return [sentence(TEXT[:24], 0, number=0), sentence(TEXT[25:], 25, number=1)]


def test_labels_fall_on_the_sentence_that_the_quote_is(gold, source, sentences):
    fitted = fit_gold([gold(labels=("theme:klimaat/focus",))], [source()], SPLITS, [block()], sentences)
    [row] = fitted.annotations
    assert (row.sentence, row.labels, row.roles) == (0, ("theme:klimaat",), ("theme:klimaat/focus",))
    assert (fitted.moved, fitted.lost) == (0, ())


def test_a_unit_without_labels_is_a_judgement_too(gold, source, sentences):
    fitted = fit_gold([gold(labels=())], [source()], SPLITS, [block()], sentences)
    assert [row.labels for row in fitted.annotations] == [()]


def test_a_new_splitter_orphans_nothing(gold, source, sentence):
    fitted = fit_gold([gold()], [source()], SPLITS, [block()], [sentence(TEXT, 0)])
    assert fitted.annotations[0].labels == ("theme:klimaat",)


def test_a_quote_that_moved_is_found_and_counted(gold, source, sentence):
    text = "Nieuwe inleiding. " + TEXT
    fitted = fit_gold([gold()], [source()], SPLITS, [block(text)], [sentence(TEXT[:24], 18)])
    assert (fitted.moved, fitted.annotations[0].labels) == (1, ("theme:klimaat",))


def test_a_quote_that_is_gone_is_reported(gold, source, sentences):
    fitted = fit_gold([gold(quote="Dit staat er niet.")], [source()], SPLITS, [block()], sentences)
    assert fitted.annotations == ()
    assert "Dit staat er niet" in fitted.lost[0]


def test_an_organisation_without_split_is_an_error(gold, source, sentences):
    with pytest.raises(AnnotationError, match="Gemeente Testdam has no split"):
        fit_gold([gold()], [source()], {}, [block()], sentences)


def test_a_label_outside_the_scheme_is_named_with_its_row(scheme, tmp_path, gold):
    write_rows(tmp_path / "gold" / "plan.jsonl", [gold(), gold(labels=("theme:klimat/focus",))], Gold)
    with pytest.raises(AnnotationError, match=r"row 2: label 'theme:klimat'"):
        read_gold(tmp_path, scheme)


def test_an_organisation_stands_in_one_split(tmp_path):
    path = tmp_path / "splits.csv"
    path.write_text("organisation,split\nA,train\nA,test\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="row 3: A stands there twice"):
        read_splits(path)
