import pytest

from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags import decide_cells, decide_tags, status_of

SETTINGS = TagsSettings(
    accept_from=0.8, reject_below=0.3, enumeration_from=3, support={}, trust_silence=("theme", "sector", "topic")
)


@pytest.mark.parametrize(
    ("probability", "status"), [(0.8, "ja"), (0.79, "nog te controleren"), (0.3, "nog te controleren"), (0.29, "nee")]
)
def test_the_thresholds_belong_to_the_side_that_the_settings_say(probability, status):
    assert status_of(probability, SETTINGS) == status


def test_two_weak_taggers_that_agree_still_go_to_an_analyst(evidence):
    [tag] = decide_tags([evidence(score=0.6), evidence(score=0.5, tagger="classifier")], SETTINGS)
    assert (tag.probability, tag.status, tag.taggers) == (0.55, "nog te controleren", ("classifier", "keywords"))


def test_the_best_rule_hit_speaks_for_the_rules(evidence):
    [tag] = decide_tags([evidence(score=0.4), evidence(score=0.9, start=5, end=8)], SETTINGS)
    assert tag.probability == 0.9


def test_an_entity_is_no_label(evidence):
    assert decide_tags([evidence(label="entity:MONEY", tagger="entities")], SETTINGS) == []


def test_a_document_counts_once_however_often_it_says_so(source, sentence, tag, page, scheme):
    sentences = [sentence(number=n) for n in range(3)]
    tags = [tag(sentence=n, probability=p) for n, p in enumerate((0.5, 0.9, 0.7))]
    cells = decide_cells([source()], tags, sentences, [page()], scheme, SETTINGS)
    assert [cell.label for cell in cells] == ["theme:klimaat", "theme:social_return", "sector:gww"]
    klimaat = cells[0]
    assert (klimaat.probability, klimaat.status, klimaat.sentences) == (0.9, "ja", 3)
    assert [quote.sentence for quote in klimaat.quotes] == [1, 2, 0]
    assert [cell.status for cell in cells[1:]] == ["nee", "nee"]


def test_a_list_of_themes_chooses_none(source, sentence, tag, page, scheme):
    tags = [tag(label=f"theme:{name}") for name in ("klimaat", "social_return", "circulair")]
    cells = decide_cells([source()], [*tags, tag(label="sector:gww")], [sentence()], [page()], scheme, SETTINGS)
    assert [cell.status for cell in cells] == ["nee", "nee", "ja"]


@pytest.mark.parametrize("pages", [[], ["niet leesbaar", "niet leesbaar", "gelezen"]])
def test_a_document_that_was_not_read_never_says_nothing(source, sentence, page, scheme, pages):
    rows = [page(number=n, status=status) for n, status in enumerate(pages, start=1)]
    cells = decide_cells([source()], [], [], rows, scheme, SETTINGS)
    assert {cell.status for cell in cells} == {"nog te controleren"}


def test_a_label_of_reports_gets_no_cell_in_a_plan(source, page, label):
    from mvoi_nlp.scheme import Scheme

    both = Scheme([label("topic:a", 1), label("topic:b", 2, kinds=["rapportage"])], None)
    plan = decide_cells([source()], [], [], [page()], both, SETTINGS)
    other = decide_cells([source(kind="overig")], [], [], [page()], both, SETTINGS)
    assert ([c.label for c in plan], [c.label for c in other]) == (["topic:a"], ["topic:a", "topic:b"])


@pytest.mark.parametrize(("sentences", "status"), [(1, "nog te controleren"), (2, "ja")])
def test_a_theme_that_is_named_once_waits_for_an_analyst(source, sentence, tag, page, scheme, sentences, status):
    settings = TagsSettings(support={"theme": 2})
    rows = [sentence(number=n) for n in range(sentences)]
    tags = [tag(sentence=n) for n in range(sentences)] + [tag(sentence=0, label="sector:gww")]
    cells = decide_cells([source()], tags, rows, [page()], scheme, settings)
    assert (cells[0].status, cells[0].probability) == (status, 0.9)
    assert cells[2].status == "ja"


def test_silence_is_no_answer_where_it_is_not_trusted(source, page, scheme):
    cells = decide_cells([source()], [], [], [page()], scheme, TagsSettings(trust_silence=("sector",)))
    assert [cell.status for cell in cells] == ["nog te controleren", "nog te controleren", "nee"]
