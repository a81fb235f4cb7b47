"""Every training, validation and report as an MLflow run in SQLite; alone imports MLflow.

Nothing leaves the machine: telemetry is switched off before MLflow is imported.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mvoi_nlp.errors import TrackingError

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ.setdefault("DO_NOT_TRACK", "1")

STORE = Path("mlflow.db")
ARTIFACTS = Path("mlruns")
EXPERIMENT = "mvoi-nlp"
MODEL = "mvoi-classifier"
RECENT = ("laatste", "vorige")
"""Names for the newest run of a kind and the one before it."""


@dataclass(frozen=True)
class Logged:
    """A run that was stored, as `find_run` gives it."""

    id: str
    started: datetime
    facts: Mapping[str, str]
    """Settings (`tags.accept_from`) and what was logged as tags (scheme, version, pipeline)."""
    files: Path
    """Folder with what was stored along."""


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
        `evidence-train`, `evidence-folds`, `validation` or `report`; also the name of the run.
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


def find_run(name: str, kind: str, *, holding: Collection[str] = (), root: Path = Path()) -> Logged:
    """Find a run of one kind.

    Parameters
    ----------
    name
        Its id or the first characters of it, `laatste` for the newest of this kind, or `vorige` for the one before.
    holding
        Files that it must have stored along.

    Raises
    ------
    TrackingError
        There is no such run, it is of another kind or lacks a file, or the name fits several.
    """
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=store_uri(root)) if (root / STORE).exists() else None
    experiment = client.get_experiment_by_name(EXPERIMENT) if client else None
    if client is None or experiment is None:
        raise TrackingError("no run was stored here yet", hint="`dvc repro` makes runs")
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time DESC"], max_results=50_000)
    wanted = [run for run in runs if run.data.tags.get("kind") == kind]
    shown = ", ".join(f"{run.info.run_id[:8]} ({_moment(run):%d-%m-%Y %H:%M})" for run in wanted[:3]) or "none"
    hint = f"name a run of the kind '{kind}', {' or '.join(RECENT)}; the newest: {shown}"
    if name in RECENT:
        place = RECENT.index(name)
        if place >= len(wanted):
            raise TrackingError(f"there is no '{name}' run: {len(wanted)} of the kind '{kind}' are stored", hint=hint)
        found = [wanted[place]]
    else:
        found = [run for run in runs if name and run.info.run_id.startswith(name)]
    if not found:
        raise TrackingError(f"no run has an id that starts with '{name}'", hint=hint)
    if len(found) > 1:
        raise TrackingError(
            f"{len(found)} runs have an id that starts with '{name}'", hint="give more characters of it"
        )
    [run] = found
    if run.data.tags.get("kind") != kind:
        raise TrackingError(f"run {run.info.run_id[:8]} is of the kind '{run.data.tags.get('kind')}'", hint=hint)
    # MLflow remembers a place for good; the files of a project that was moved or copied lie below it all the same
    places = (root / ARTIFACTS / run.info.run_id / "artifacts", Path(unquote(urlsplit(run.info.artifact_uri).path)))
    folder = next((place for place in places if place.exists()), places[0])
    absent = [name for name in holding if not (folder / name).exists()]
    if absent:
        raise TrackingError(f"run {run.info.run_id[:8]} holds no {', '.join(absent)}", hint=hint)
    facts = dict(run.data.params) | {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")}
    return Logged(run.info.run_id, _moment(run), facts, folder)


def _moment(run: Any) -> datetime:
    return datetime.fromtimestamp(run.info.start_time / 1000, tz=UTC).astimezone()


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
