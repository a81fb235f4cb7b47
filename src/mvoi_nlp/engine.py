"""Where per-document work runs, and which documents still need it.

One document gives one output and one key: a fingerprint of all that the output was made from. A document whose key
has not changed is left alone, so a new document costs one document, a killed run goes on where it was, and the
result equals a run from scratch. Work runs in processes of this machine or on a Dask cluster, by joblib.
"""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
from tqdm import tqdm

from mvoi_nlp.errors import DocumentsFailed, MvoiError


@dataclass(frozen=True)
class Task:
    """One document to work on."""

    document: str
    key: str
    """Fingerprint of input, settings, code and model."""


@dataclass(frozen=True)
class Outcome:
    """What a run did."""

    done: tuple[str, ...]
    kept: tuple[str, ...]
    """Documents whose key had not changed."""
    removed: tuple[str, ...]
    """Documents that left the register; their outputs are deleted."""


def run_documents(
    work: Callable[[str], object],
    tasks: Sequence[Task],
    folder: Path,
    *,
    step: str,
    jobs: int = 1,
    scheduler: str = "",
    size: Callable[[str], int] | None = None,
    unit: str = "doc",
) -> Outcome:
    """Do the work for every document whose output in `folder` is missing or was made from something else.

    Parameters
    ----------
    work
        Called with a document id; writes `folder/<id>.*`. Must be importable by another process.
    tasks
        All documents that `folder` must hold afterwards.
    folder
        Outputs; `folder/.keys/<id>` remembers what each was made from, written after the output itself.
    step
        Name shown with the progress bar.
    jobs
        Processes; 0 means one per core.
    scheduler
        Address of a Dask scheduler, with a file system in common; empty means this machine.
    size, unit
        How far a document moves the progress bar, and of what; asked of those that wait, where a bar is shown. One by
        itself.

    Raises
    ------
    DocumentsFailed
        After all others are done and stored, if any document failed.
    """
    keys = folder / ".keys"
    keys.mkdir(parents=True, exist_ok=True)
    removed = _remove_others(folder, {task.document for task in tasks})
    waiting = [task for task in tasks if _stored_key(keys, task.document) != task.key]
    for task in waiting:  # a kill from here on must not leave an old key beside a new output
        (keys / task.document).unlink(missing_ok=True)
    failures: dict[str, MvoiError] = {}
    shown = bool(waiting) and sys.stderr.isatty()
    sizes = {task.document: size(task.document) if size and shown else 1 for task in waiting}
    with tqdm(total=sum(sizes.values()), desc=step, unit=f" {unit}", disable=not shown) as bar:
        for document, key, error in _results(work, waiting, jobs, scheduler):
            if error is None:
                (keys / document).write_text(key, encoding="utf-8")
            else:
                failures[document] = error
            bar.update(sizes[document])
    if failures:
        raise DocumentsFailed(failures)
    done = tuple(task.document for task in waiting)
    return Outcome(done, tuple(task.document for task in tasks if task.document not in set(done)), removed)


def _results(
    work: Callable[[str], object], tasks: Sequence[Task], jobs: int, scheduler: str
) -> Iterable[tuple[str, str, MvoiError | None]]:
    calls = [joblib.delayed(_guarded)(work, task.document, task.key) for task in tasks]
    if scheduler:
        from distributed import Client  # noqa: PLC0415 - an optional extra

        client = Client(scheduler)  # type: ignore[no-untyped-call]
        with client, joblib.parallel_config(backend="dask", client=client):
            yield from joblib.Parallel(return_as="generator_unordered")(calls)
        return
    workers = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    yield from joblib.Parallel(n_jobs=workers, return_as="generator_unordered")(calls)


def _guarded(work: Callable[[str], object], document: str, key: str) -> tuple[str, str, MvoiError | None]:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        work(document)
    except MvoiError as error:
        return document, key, error
    except Exception as error:
        return (
            document,
            key,
            MvoiError(f"unexpected {type(error).__name__}: {error}", hint="please report this with the document"),
        )
    return document, key, None


def _stored_key(keys: Path, document: str) -> str | None:
    path = keys / document
    return path.read_text(encoding="utf-8") if path.exists() else None


def _remove_others(folder: Path, documents: set[str]) -> tuple[str, ...]:
    """Delete outputs of documents that are not among `documents`."""
    gone = sorted(path.name for path in (folder / ".keys").iterdir() if path.name not in documents)
    for document in gone:
        for path in folder.glob(f"{document}.*"):
            # ids may hold dots: 'plan-a' must not take 'plan-a.b.jsonl' along
            if not any(path.name.startswith(f"{other}.") for other in documents if other.startswith(f"{document}.")):
                path.unlink()
        (folder / ".keys" / document).unlink()
    return tuple(gone)
