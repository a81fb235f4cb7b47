from functools import partial
from pathlib import Path

import pytest

from mvoi_nlp.engine import Task, run_documents
from mvoi_nlp.errors import DocumentsFailed, TextError


def copy(document, *, inputs, out):
    text = (Path(inputs) / document).read_text(encoding="utf-8")
    if text == "kapot":
        raise TextError(f"{document}: kapot", hint="herstel het")
    (Path(out) / f"{document}.txt").write_text(text.upper(), encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    """Write these documents as inputs and run the step over them; the key is the text."""
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()

    def go(documents, **options):
        for name, text in documents.items():
            (inputs / name).write_text(text, encoding="utf-8")
        tasks = [Task(name, text) for name, text in documents.items()]
        return run_documents(partial(copy, inputs=str(inputs), out=str(out)), tasks, out, step="test", **options)

    go.out = out
    return go


def outputs(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_run_does_nothing(run):
    run({"a": "x", "b": "y"})
    assert run({"a": "x", "b": "y"}).done == ()


def test_only_what_is_new_or_changed_is_done_and_the_result_equals_a_run_from_scratch(run, tmp_path):
    run({"a": "x", "b": "y"})
    outcome = run({"a": "x", "b": "z", "c": "w"})
    assert (outcome.done, outcome.kept) == (("b", "c"), ("a",))
    incremental = outputs(run.out)
    for path in run.out.rglob("*.txt"):
        path.unlink()
    for path in (run.out / ".keys").iterdir():
        path.unlink()
    run({"a": "x", "b": "z", "c": "w"})
    assert outputs(run.out) == incremental


def test_a_document_that_left_takes_its_output_along_and_nothing_else(run):
    run({"a": "x", "a.b": "y"})
    assert run({"a.b": "y"}).removed == ("a",)
    assert set(outputs(run.out)) == {"a.b.txt", "a.b"}


def test_one_broken_document_stops_no_other_and_is_tried_again(run):
    with pytest.raises(DocumentsFailed, match="b: kapot") as caught:
        run({"a": "x", "b": "kapot", "c": "y"})
    assert list(caught.value.failures) == ["b"]
    assert {"a.txt", "c.txt"} <= set(outputs(run.out))
    assert run({"a": "x", "b": "heel", "c": "y"}).done == ("b",)


def test_two_processes_give_the_same_as_one(run, tmp_path):
    run({"a": "x", "b": "y", "c": "z"}, jobs=2)
    two = outputs(run.out)
    for path in (run.out / ".keys").iterdir():
        path.unlink()
    run({"a": "x", "b": "y", "c": "z"}, jobs=1)
    assert outputs(run.out) == two


def test_a_dask_scheduler_gives_the_same(run):
    from distributed import LocalCluster

    run({"a": "x", "b": "y"})
    here = outputs(run.out)
    for path in (run.out / ".keys").iterdir():
        path.unlink()
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        outcome = run({"a": "x", "b": "y"}, scheduler=cluster.scheduler_address)
    assert sorted(outcome.done) == ["a", "b"]
    assert outputs(run.out) == here
