import pytest

from mvoi_nlp.tracking import MODEL, log_run, promote, store_uri


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
