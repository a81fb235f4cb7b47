import shutil
from collections import Counter

import pytest

from mvoi_nlp.errors import TrackingError
from mvoi_nlp.tracking import MODEL, find_run, log_run, promote, store_uri


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A project with two training runs, the second with other settings."""
    root = tmp_path_factory.mktemp("project")
    (root / "model").mkdir()
    (root / "model" / "card.json").write_text("{}", encoding="utf-8")
    for c, f1 in ((1.0, 0.5), (4.0, 0.7)):
        log_run(
            "evidence-train",
            params={"regularisation": c},
            metrics={"theme:klimaat.f1": f1},
            tags={"scheme": "abc"},
            artifacts=root / "model",
            register=True,
            root=root,
        )
    return root


def test_runs_can_be_compared_by_label(store):
    import mlflow

    mlflow.set_tracking_uri(store_uri(store))
    runs = mlflow.search_runs(experiment_names=["mvoi-nlp"], order_by=["params.regularisation"])
    assert runs["metrics.theme.klimaat.f1"].tolist() == [0.5, 0.7]
    assert runs["tags.scheme"].tolist() == ["abc", "abc"]
    assert set(runs["status"]) == {"FINISHED"}


def test_every_training_is_a_version_of_the_model_and_one_can_be_promoted(store):
    from mlflow import MlflowClient

    promote(1, root=store)
    client = MlflowClient(tracking_uri=store_uri(store))
    assert sorted(v.version for v in client.search_model_versions(f"name='{MODEL}'")) in ([1, 2], ["1", "2"])
    assert str(client.get_model_version_by_alias(MODEL, "productie").version) == "1"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A project with two report runs, the second without its counts, and a training between them; and their ids."""
    root = tmp_path_factory.mktemp("verslagen")
    ids = []
    for kind, files in (("report", ("cells", "counts")), ("evidence-train", ()), ("report", ("cells",))):
        folder = root / f"{kind}-{len(ids)}"
        folder.mkdir()
        for name in files:
            (folder / name).write_text(f"{name} {len(ids)}", encoding="utf-8")
        params, tags = {"tags.accept_from": 0.8 + len(ids)}, {"scheme": "abc"}
        ids.append(log_run(kind, params=params, metrics={}, tags=tags, artifacts=folder, root=root))
    return root, ids


def test_a_run_is_found_by_its_age_its_id_or_the_start_of_it(reports):
    root, (first, _, last) = reports
    found = {name: find_run(name, "report", root=root) for name in ("vorige", "laatste", first, last[:9])}
    assert {name: run.id for name, run in found.items()} == {
        "vorige": first, "laatste": last, first: first, last[:9]: last
    }  # fmt: skip
    assert (found["laatste"].files / "cells").read_text(encoding="utf-8") == "cells 2"
    assert found["vorige"].facts == {"tags.accept_from": "0.8", "scheme": "abc", "kind": "report"}
    assert found["vorige"].started <= found["laatste"].started


def test_the_files_of_a_project_that_was_moved_are_found(reports, tmp_path):
    root, (first, *_) = reports
    shutil.copytree(root, tmp_path / "p")
    assert find_run(first, "report", root=tmp_path / "p").files.is_relative_to(tmp_path / "p")


@pytest.mark.parametrize(
    ("name", "holding", "complaint"),
    [
        ("zzz", (), "no run has an id that starts with 'zzz'"),
        ("", (), "no run has an id that starts with ''"),
        ("training", (), "is of the kind 'evidence-train'"),
        ("laatste", ("cells", "counts"), "holds no counts"),
    ],
)
def test_a_run_that_cannot_be_used_is_refused_with_the_newest_that_can(reports, name, holding, complaint):
    root, (_, training, last) = reports
    with pytest.raises(TrackingError, match=complaint) as caught:
        find_run(training if name == "training" else name, "report", holding=holding, root=root)
    assert last[:8] in caught.value.hint


def test_too_few_runs_and_too_short_an_id_are_refused(reports, tmp_path):
    root, _ = reports
    with pytest.raises(TrackingError, match="1 of the kind 'evidence-train' are stored"):
        find_run("vorige", "evidence-train", root=root)
    for number in range(17):  # of seventeen ids two start alike
        log_run("validation", params={}, metrics={}, tags={"number": str(number)}, root=tmp_path)
    from mlflow import MlflowClient

    starts = Counter(run.info.run_id[0] for run in MlflowClient(store_uri(tmp_path)).search_runs(["1"]))
    with pytest.raises(TrackingError, match="runs have an id that starts with"):
        find_run(starts.most_common()[0][0], "validation", root=tmp_path)


def test_a_project_without_runs_says_so_and_makes_no_store(tmp_path):
    with pytest.raises(TrackingError, match="no run was stored here yet"):
        find_run("laatste", "report", root=tmp_path)
    assert list(tmp_path.iterdir()) == []
