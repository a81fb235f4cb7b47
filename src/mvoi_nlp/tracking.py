"""Every training and validation as an MLflow run in SQLite; alone imports MLflow.

Nothing leaves the machine: telemetry is switched off before MLflow is imported.
"""

import os
from collections.abc import Mapping
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ.setdefault("DO_NOT_TRACK", "1")

STORE = Path("mlflow.db")
ARTIFACTS = Path("mlruns")
EXPERIMENT = "mvoi-nlp"
MODEL = "mvoi-classifier"


def log_run(
    kind: str,
    *,
    params: Mapping[str, object],
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
    artifacts: Path | None = None,
    register: bool = False,
    root: Path = Path(),
) -> str:
    """Store one run.

    Parameters
    ----------
    kind
        `evidence-train` or `validation`; also the name of the run.
    params, metrics, tags
        Settings, figures (per label: `label.f1`) and facts such as scheme version, data hash and pipeline.
    artifacts
        Folder whose files go along (model, plots, tables).
    register
        Register the artifacts as a new version of the model `MODEL`.
    root
        The project; the store is `mlflow.db` in it.

    Returns
    -------
        The id of the run.
    """
    import mlflow

    uri = store_uri(root)
    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    place = (root / ARTIFACTS).resolve()
    number = (
        experiment.experiment_id
        if experiment
        else client.create_experiment(EXPERIMENT, artifact_location=place.as_uri())
    )
    run = client.create_run(number, run_name=kind, tags={"kind": kind, **tags})
    identity = str(run.info.run_id)
    for name, value in params.items():
        client.log_param(identity, name, str(value)[:6000])
    entities = mlflow.entities
    moment = run.info.start_time
    found = [entities.Metric(_allowed(name), float(value), moment, 0) for name, value in metrics.items()]
    for first in range(0, len(found), 900):  # the store takes at most 1,000 at a time
        client.log_batch(identity, metrics=found[first : first + 900])
    if artifacts is not None:
        client.log_artifacts(identity, str(artifacts), artifact_path="model" if register else None)
    if register:
        _register(client, identity)
    client.set_terminated(identity)
    return identity


def store_uri(root: Path = Path()) -> str:
    """Address of the SQLite store of a project."""
    return f"sqlite:///{(root / STORE).resolve()}"


def promote(version: int, *, root: Path = Path()) -> None:
    """Give a version of the model the alias `productie`, which tells people which one the figures rest on."""
    import mlflow

    mlflow.MlflowClient(tracking_uri=store_uri(root)).set_registered_model_alias(MODEL, "productie", str(version))


def _register(client: object, run: str) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    assert isinstance(client, MlflowClient)
    try:
        client.create_registered_model(MODEL, description="Calibrated logistic regression per label, stored with skops")
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    source = f"{client.get_run(run).info.artifact_uri}/model"
    client.create_model_version(MODEL, source=source, run_id=run)


def _allowed(name: str) -> str:
    """A metric's name in the characters that the store takes."""
    return "".join(letter if letter.isalnum() or letter in "_-. /" else "." for letter in name)
