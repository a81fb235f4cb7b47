import json
import zipfile

import numpy as np
import pytest

from mvoi_nlp.errors import ModelError
from mvoi_nlp.evidence import Classifier, KeywordTagger, Taggers, measure_folds, train_classifier
from mvoi_nlp.evidence._classifier import fit_sigmoid
from mvoi_nlp.evidence._features import Place, feature_table
from mvoi_nlp.records import Annotation, TrainingText, fingerprint
from mvoi_nlp.settings import EvidenceSettings, EvidenceTrainSettings, ValidationSettings

YES = ["De bussen rijden op stroom.", "Wij stoten minder broeikasgas uit.", "De daken krijgen panelen voor stroom."]
NO = ["De vergadering begint om negen uur.", "Het college stelt de nota vast.", "De raad krijgt een brief."]
SETTINGS = EvidenceTrainSettings(folds=3, min_positives=3, min_frequency=1)


@pytest.fixture
def train(scheme, nlp):
    """Train a classifier for klimaat, trained on twelve sentences of each of three organisations."""
    rows, docs = [], []
    for organisation in ("A", "B", "C"):
        for n, text in enumerate(YES * 2 + NO * 2):
            label = ("theme:klimaat",) if text in YES else ()
            row = {"document": organisation, "sentence": n, "kind": "paragraph", "section": "", "split": "train"}
            rows.append(Annotation(organisation=organisation, labels=label, **row))
            docs.append(nlp(f"{text[:-1]} in {organisation}."))
    return lambda: train_classifier(rows, docs, [], scheme, nlp.vocab, SETTINGS)


@pytest.fixture
def trained(train):
    return train()


@pytest.fixture
def speak(scheme, nlp, trained, tmp_path, sentence):
    """Tag a text with the stored and reloaded classifier."""
    trained.classifier.save(tmp_path)
    taggers = Taggers(scheme, nlp.vocab, EvidenceSettings(min_score=0.0), tmp_path)
    return lambda text: taggers.tag([sentence(text)], [nlp(text)])


def test_it_learns_wording_that_no_term_has(speak):
    def klimaat(text):
        return next(row.score for row in speak(text) if (row.label, row.tagger) == ("theme:klimaat", "classifier"))

    assert klimaat("De auto's rijden op stroom.") > 0.5 > klimaat("De raad stelt de nota vast.")


def test_labels_with_too_few_sentences_are_left_to_the_rules(trained):
    assert set(trained.skipped) == {"theme:social_return", "sector:gww"}


def test_a_keyword_scores_its_precision_on_the_training_documents(scheme, nlp, sentence, tmp_path):
    rows = [
        Annotation(document="d", sentence=n, kind="paragraph", section="", organisation=o, split="train", labels=labels)
        for n, (o, labels) in enumerate([("A", ("theme:klimaat",)), ("A", ()), ("B", ()), ("B", ())])
    ]
    docs = [nlp("Het klimaat warmt op.") for _ in rows]
    trained = train_classifier(rows, docs, [], scheme, nlp.vocab, SETTINGS)
    assert 0.2 < trained.classifier.keyword_precision["theme:klimaat"] < 0.4


def test_training_twice_gives_the_same_bytes(trained, train, tmp_path):
    trained.classifier.save(tmp_path / "a")
    train().classifier.save(tmp_path / "b")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")


def test_nothing_to_learn_from_is_an_error_with_a_way_out(scheme, nlp):
    with pytest.raises(ModelError, match="at least two organisations"):
        train_classifier([], [], [], scheme, nlp.vocab, SETTINGS)


def test_texts_of_no_document_are_enough_to_start_with(scheme, nlp):
    texts = [
        (TrainingText(id=str(n), text=t, labels=("theme:klimaat",) if t in YES else (), families=("theme",)), nlp(t))
        for n, t in enumerate((YES + NO) * 3)
    ]
    assert list(train_classifier([], [], texts, scheme, nlp.vocab, SETTINGS).classifier.families) == ["theme"]


def test_a_file_with_strange_types_is_refused(trained, tmp_path):
    trained.classifier.save(tmp_path)
    path = tmp_path / "classifier.skops"
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
        others = {name: archive.read(name) for name in archive.namelist() if name != "schema.json"}
    schema["__class__"], schema["__module__"] = "Popen", "subprocess"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
        for name, content in others.items():
            archive.writestr(name, content)
    with pytest.raises(ModelError):
        Classifier.load(tmp_path)


def test_a_missing_classifier_says_how_to_make_one(tmp_path):
    with pytest.raises(ModelError) as caught:
        Classifier.load(tmp_path)
    assert "evidence-train" in caught.value.hint


def test_calibration_gives_back_the_shares_that_it_saw():
    random = np.random.default_rng(0)
    scores = random.normal(size=4000)
    truth = random.random(4000) < 1 / (1 + np.exp(-(2 * scores - 1)))
    slope, intercept = fit_sigmoid(scores, truth)
    assert slope == pytest.approx(2, abs=0.2)
    assert intercept == pytest.approx(-1, abs=0.2)


def test_calibration_of_scores_that_say_nothing_is_the_base_rate():
    scores, truth = np.linspace(-1, 1, 200), np.arange(200) % 10 == 0
    slope, intercept = fit_sigmoid(scores, truth)
    assert 1 / (1 + np.exp(-(slope * scores + intercept))) == pytest.approx(np.full(200, 0.1), abs=0.06)


def test_entities_and_official_names_are_evidence(label, nlp, sentence, tmp_path):
    from mvoi_nlp.scheme import Scheme

    tool = label("instrument:mvi_criteriatool", 1, name="MVI-criteriatool", terms=["criteriatool"])
    scheme = Scheme([tool], tmp_path)
    text = "De MVI-criteriatool kostte € 300."
    rows = Taggers(scheme, nlp.vocab, EvidenceSettings(), None).tag([sentence(text)], [nlp(text)])
    assert [(r.label, text[r.start : r.end]) for r in rows] == [
        ("entity:MONEY", "€ 300"),
        ("entity:PRODUCT", "MVI-criteriatool"),
        ("instrument:mvi_criteriatool", "MVI-criteriatool"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Maaien | x | -", {"theme:klimaat": (9, 10)}),
        ("| ja | -", {"theme:klimaat": (2, 4)}),  # an empty first cell has lost its space
        ("Maaien | - | x", {"theme:social_return": (13, 14)}),
        ("Maaien | 12 | nee", {}),
    ],
)
def test_a_tick_in_a_table_speaks_of_the_theme_above_it(scheme, nlp, sentence, row, said):
    taggers = Taggers(scheme, nlp.vocab, EvidenceSettings(taggers=("columns",)), None)
    headers = ("Opdracht", "Klimaat", "Social return")
    rows = taggers.tag([sentence(row, kind="table_row", headers=headers)], [nlp(row)])
    assert {found.label: (found.start, found.end) for found in rows} == said


def test_the_classifier_knows_headers_cut_short_and_the_kind_of_document(scheme, nlp):
    keywords = KeywordTagger(scheme, nlp.vocab)
    row = "Maaien | x | - | 2025"
    place = Place("", "table_row", "rapportage", ("Opdracht", "KL", "SR", "Start"))
    [seen] = feature_table([nlp(row)], [place], keywords, KeywordTagger(scheme.of_hints, nlp.vocab)).to_dict("records")
    assert seen["document"] == "rapportage"
    assert {"ticked__kl", "column__opdracht", "column__start"} <= set(seen["columns"].split())
    assert "ticked__sr" not in seen["columns"]


def test_what_was_said_out_of_fold_is_what_the_fold_scores_count(trained):
    said = trained.held_out["theme:klimaat"] > 0.5
    true = np.array([text in YES for _ in "ABC" for text in YES * 2 + NO * 2])
    both, either = (said & true).sum(), said.sum() + true.sum()
    assert set(trained.held_out) == {"theme:klimaat"}
    assert trained.scores["theme:klimaat.f1"] == pytest.approx(2 * both / either)


@pytest.fixture
def own_words(nlp):
    """Labelled sentences of four organisations, each with a word of its own for klimaat that says nothing elsewhere."""
    rows, docs = [], []
    for organisation, word in (("A", "stroom"), ("B", "panelen"), ("C", "warmtepomp"), ("D", "fietsen")):
        for n in range(20):
            place = {"document": organisation, "sentence": n, "organisation": organisation, "kind": "paragraph"}
            labels = ("theme:klimaat",) if n % 2 else ()
            rows.append(Annotation(section="", split="train", labels=labels, **place))
            docs.append(nlp(f"Het college kiest {word}." if n % 2 else "Het college kiest."))
    return rows, docs


def test_naive_folds_score_higher_where_organisations_have_words_of_their_own(scheme, nlp, own_words):
    measuring = ValidationSettings(resamples=50)
    scores = measure_folds(*own_words, [], scheme, nlp.vocab, SETTINGS, measuring)
    f1 = {score.split: score.f1 for score in scores}
    assert f1["naive"] > 0.95
    assert f1["organisation"] < 0.8
    assert {(score.label, score.tagger, score.n, score.documents) for score in scores} == {
        ("theme:*", "classifier", 40, 4)
    }
    assert scores == measure_folds(*own_words, [], scheme, nlp.vocab, SETTINGS, measuring)


def test_folds_without_a_labelled_document_are_an_error_with_a_way_out(scheme, nlp, own_words):
    others = [row.model_copy(update={"split": "test"}) for row in own_words[0]]
    with pytest.raises(ModelError, match="no document is labelled"):
        measure_folds(others, own_words[1], [], scheme, nlp.vocab, SETTINGS, ValidationSettings())
