import pytest

from mvoi_nlp.errors import ModelError
from mvoi_nlp.records import Annotation
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import TagsSettings
from mvoi_nlp.tags import FamilyRollup, Promise, Rollup, decide_cells, decide_tags, fit_rollup, status_of

SETTINGS = TagsSettings(accept_from=0.8, reject_below=0.3, enumeration_from=3)
BEST = FamilyRollup((1.0, 0, 0, 0, 0, 0), {}, Promise(0.8, cells=100, settled=80, wrong=1))
"""The best tag decides, as it is."""
WAITS = "nog te controleren"
ROLLUP = Rollup(dict.fromkeys(("theme", "sector", "topic"), BEST))


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
    cells = decide_cells([source()], tags, sentences, [page()], scheme, SETTINGS, ROLLUP)
    assert [cell.label for cell in cells] == ["theme:klimaat", "theme:social_return", "sector:gww"]
    klimaat = cells[0]
    assert (klimaat.probability, klimaat.status, klimaat.sentences) == (0.9, "ja", 3)
    assert [quote.sentence for quote in klimaat.quotes] == [1, 2, 0]
    assert [cell.status for cell in cells[1:]] == ["nee", "nee"]


def test_a_list_of_themes_chooses_none(source, sentence, tag, page, scheme):
    tags = [tag(label=f"theme:{name}") for name in ("klimaat", "social_return", "circulair")]
    cells = decide_cells([source()], [*tags, tag(label="sector:gww")], [sentence()], [page()], scheme, SETTINGS, ROLLUP)
    assert [cell.status for cell in cells] == ["nee", "nee", "ja"]


@pytest.mark.parametrize("pages", [[], ["niet leesbaar", "niet leesbaar", "gelezen"]])
def test_a_document_that_was_not_read_never_says_nothing(source, sentence, page, scheme, pages):
    rows = [page(number=n, status=status) for n, status in enumerate(pages, start=1)]
    cells = decide_cells([source()], [], [], rows, scheme, SETTINGS, ROLLUP)
    assert {cell.status for cell in cells} == {"nog te controleren"}


def test_a_label_of_reports_gets_no_cell_in_a_plan(source, page, label):
    both = Scheme([label("topic:a", 1), label("topic:b", 2, kinds=["rapportage"])], None)
    plan = decide_cells([source()], [], [], [page()], both, SETTINGS, ROLLUP)
    other = decide_cells([source(kind="overig")], [], [], [page()], both, SETTINGS, ROLLUP)
    assert ([c.label for c in plan], [c.label for c in other]) == (["topic:a"], ["topic:a", "topic:b"])


def test_without_a_rollup_every_cell_waits_for_an_analyst(source, sentence, tag, page, scheme):
    cells = decide_cells([source()], [tag()], [sentence()], [page()], scheme, SETTINGS, Rollup({}))
    assert [(cell.probability, cell.status) for cell in cells] == [(0.9, WAITS), (0.0, WAITS), (0.0, WAITS)]


@pytest.mark.parametrize(
    ("certainty", "probability", "status"),
    [(0.8, 0.9, "ja"), (0.95, 0.9, "nog te controleren"), (0.8, 0.1, "nee"), (None, 0.9, "nog te controleren")],
)
def test_a_cell_needs_no_analyst_from_the_certainty_that_was_promised(
    source, sentence, tag, page, scheme, certainty, probability, status
):
    rollup = Rollup({"theme": FamilyRollup(BEST.weights, {}, Promise(certainty, 100, 80, 1))})
    cells = decide_cells([source()], [tag(probability=probability)], [sentence()], [page()], scheme, SETTINGS, rollup)
    assert cells[0].status == status


def test_a_theme_that_is_only_named_counts_less_than_one_that_is_chosen(source, sentence, evidence, page, scheme):
    def cell(**roles):
        said = [evidence(score=0.9)]
        said += [evidence(label=f"theme:*/{role}", score=p, tagger="classifier") for role, p in roles.items()]
        tags = decide_tags(said, SETTINGS)
        return tags[0], decide_cells([source()], tags, [sentence()], [page()], scheme, SETTINGS, ROLLUP)[0]

    named, one = cell(mention=0.9, focus=0.1)
    chosen, other = cell(mention=0.1, focus=0.9)
    assert (named.role, named.counted, one.probability) == ("mention", 0.1, pytest.approx(0.09))
    assert (chosen.role, chosen.counted, other.status) == ("focus", 0.9, "ja")


def test_roles_decide_which_labels_of_a_sentence_count():
    row = Annotation(
        document="d", sentence=0, kind="paragraph", section="", organisation="A", split="train",
        labels=("instrument:zet", "sector:gww", "theme:circulair", "theme:klimaat"),
        roles=("instrument:zet/mentioned", "theme:circulair/mention", "theme:klimaat/goal", "theme:klimaat/mention"),
    )  # fmt: skip
    assert row.counted == {"instrument:zet", "sector:gww", "theme:klimaat"}


@pytest.fixture
def labelled(source, sentence, tag):
    """Forty documents of as many organisations; every other one has klimaat, and its best tag says so."""
    sources = [source(document=f"d{n}", organisation=f"Gemeente {n}") for n in range(40)]
    sentences = [sentence(document=s.document) for s in sources]
    truth = {s.document: frozenset({"theme:klimaat"} if n % 2 else ()) for n, s in enumerate(sources)}
    return sources, sentences, truth


@pytest.mark.parametrize(("doubt", "kept"), [(0.0, True), (0.5, False)])
def test_the_promise_is_kept_on_documents_not_seen_or_not_made(labelled, tag, label, doubt, kept):
    scheme = Scheme([label("theme:klimaat", 1)], None)
    sources, sentences, truth = labelled
    yes = {s.document for n, s in enumerate(sources) if (n % 2 == 1) != (n % 4 == 0 and doubt > 0)}
    tags = [tag(document=s.document, probability=0.95 if s.document in yes else 0.2) for s in sources]
    learned = fit_rollup(tags, sentences, truth, sources, scheme, TagsSettings(folds=4, surety=0.6)).families["theme"]
    assert (learned.promise.certainty is not None) == kept
    assert learned.promise.cells == 40
    if kept:
        assert learned.promise.wrong == 0
        assert learned.promise.settled > 30


def test_too_few_organisations_teach_no_rollup(labelled, scheme):
    sources, sentences, truth = labelled
    assert fit_rollup([], sentences[:5], truth, sources[:5], scheme, SETTINGS) == Rollup({})


def test_a_stored_rollup_is_the_same(tmp_path):
    ROLLUP.save(tmp_path / "rollup.json")
    assert Rollup.load(tmp_path / "rollup.json") == ROLLUP


def test_a_broken_rollup_says_how_to_make_it(tmp_path):
    path = tmp_path / "rollup.json"
    path.write_text("{")
    with pytest.raises(ModelError, match="cannot be read") as error:
        Rollup.load(path)
    assert "dvc repro tags-train" in error.value.hint
