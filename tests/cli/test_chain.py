"""The commands of dvc.yaml, run in order over a small project; and `dvc repro` itself, once."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
import yaml
from typer.testing import CliRunner

from mvoi_nlp import cli
from mvoi_nlp.api import Project
from mvoi_nlp.errors import MvoiError
from mvoi_nlp.evidence import train_classifier
from mvoi_nlp.records import (
    Annotation,
    Cell,
    Pipeline,
    Score,
    Sentence,
    Source,
    TrainingText,
    Verdict,
    read_docs,
    read_rows,
    write_docs,
    write_rows,
)
from mvoi_nlp.review import append_verdict

PLAN = """# Actieplan MVOI 2024

Wij kiezen voor klimaat en voor social return. Alle nieuwe bussen rijden in 2026 op stroom.

# Aanbestedingskalender

Het bestek groenonderhoud komt in het voorjaar op de markt.
"""
REPORT = """# Rapportage MVOI 2024

Het doel voor circulair inkopen is gehaald. In zeven bestekken stond de CO2-Prestatieladder als gunningscriterium.
"""
HEADER = "document,file,organisation,organisation_type,kind,year,reporting_year,date,source,represents\n"
ROWS = {
    "plan-a.md": "plan-a,plan-a.md,Gemeente Aadorp,gemeente,actieplan,2024,,2024-03-01,test,1\n",
    "plan-b.md": "plan-b,plan-b.md,Gemeente Beewoud,gemeente,actieplan,2024,,2024-04-01,test,1\n",
    "verslag.md": "verslag,verslag.md,Provincie Ceeland,provincie,rapportage,2025,2024,2025-02-01,test,1\n",
}


def call(*arguments):
    """Run a command in this process; return exit code and everything it printed."""
    for cached in (cli._project, cli._taggers):
        cached.cache_clear()
    result = CliRunner().invoke(cli.app, list(arguments))
    if isinstance(result.exception, MvoiError):
        return 1, result.output + f"error: {result.exception.message}\nhint: {result.exception.hint}\n"
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def run_stages(*, after="", until="report"):
    """Run the stages as dvc.yaml words them, one process; return exit code of the last and all output."""
    output, code = "", 0
    stages = list(yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"].items())
    first = [name for name, _ in stages].index(after) + 1 if after else 0
    for name, stage in stages[first:]:
        command = stage["cmd"].split()[1:]
        jobs = ["--jobs", "1"] if name in ("text", "sentences", "evidence") else []
        code, printed = call(*command, *jobs)
        output += printed
        if code or name == until:
            break
    return code, output


def write_corpus(folder, names=ROWS, extra=""):
    for name in names:
        text = REPORT if name.startswith("verslag") else PLAN.replace("2024", "2024 van " + ROWS[name].split(",")[2])
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    register = HEADER + "".join(ROWS[name] for name in names) + extra
    (folder / "corpus" / "register.csv").write_text(register, encoding="utf-8")


def json_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cell_of(folder, document, label):
    [cell] = [c for c in read_rows(folder / "cells.parquet", Cell) if (c.document, c.label) == (document, label)]
    return cell


def contents(folder):
    """Bytes of every file, the moment of writing aside."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def learn_from_few_texts(project):
    """Enough to learn from, and every test here that trains is much shorter."""
    for path in (project / "annotations" / "written").glob("*.jsonl"):
        if path.stem != "themes":
            path.unlink()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A project that `mvoi init` made, with two plans and a report, all steps done; not to be changed."""
    folder = tmp_path_factory.mktemp("project")
    before = Path.cwd()
    assert call("init", str(folder))[0] == 0
    learn_from_few_texts(folder)
    os.chdir(folder)
    write_corpus(folder)
    code, output = run_stages()
    os.chdir(before)
    assert code == 0, output
    return folder


@pytest.fixture
def project(finished, tmp_path, monkeypatch):
    """A copy of the finished project, as the current folder."""
    shutil.copytree(finished, tmp_path / "p", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def test_the_report_has_every_document_of_the_register(finished):
    page = (finished / "data" / "7_report" / "report.html").read_text(encoding="utf-8")
    missing = [name for name in ("Gemeente Aadorp", "Gemeente Beewoud", "Provincie Ceeland") if name not in page]
    assert missing == []
    assert "Wij kiezen voor klimaat en voor social return." in page
    assert "Figuur 9" in [sheet.title for sheet in openpyxl.load_workbook(finished / "data/7_report/report.xlsx")]


def test_one_new_document_costs_one_document_and_gives_what_a_run_from_scratch_gives(project):
    write_corpus(project, ["plan-a.md", "verslag.md"])
    assert run_stages()[0] == 0
    write_corpus(project)
    _, output = run_stages()
    for step in ("text", "sentences", "evidence"):
        assert f"{step}: 1 documents done (plan-b), 2 unchanged, 0 removed" in output
    incremental = contents(project / "data")
    shutil.rmtree(project / "data")
    shutil.rmtree(project / "models")
    run_stages()
    assert contents(project / "data") == incremental


def test_what_is_broken_is_named_and_the_rest_goes_on_but_the_exit_code_tells(project):
    extra = (
        "kapot,kapot.pdf,Gemeente Dorp,gemeente,actieplan,2024,,,test,1\n"
        "weg,weg.pdf,Gemeente Eedorp,gemeente,actieplan,2024,,,test,1\n"
        "fout,plan-b.md,Gemeente Effen,stad,actieplan,2024,,,test,1\n"
    )
    write_corpus(project, extra=extra)
    (project / "corpus" / "kapot.pdf").write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog")
    code, output = run_stages()
    assert code == 1
    assert "kapot.pdf" in output
    assert "row 6 (weg): file: weg.pdf does not exist" in output
    assert "row 7 (fout): organisation_type" in output
    page = (project / "data" / "7_report" / "report.html").read_text(encoding="utf-8")
    assert "Gemeente Beewoud" in page
    assert "kapot.pdf" in page
    cells = read_rows(project / "data" / "6_review" / "cells.parquet", Cell)
    assert {cell.status for cell in cells if cell.document == "kapot"} == {"nog te controleren"}


def test_a_step_on_its_own_fails_when_a_document_fails(project):
    write_corpus(project, extra="kapot,kapot.pdf,Gemeente Dorp,gemeente,actieplan,2024,,,test,1\n")
    (project / "corpus" / "kapot.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    assert call("sources", "corpus", "data/1_sources")[0] == 0
    code, output = call("text", "corpus", "data/1_sources", "data/2_text", "--jobs", "1")
    assert code == 1
    assert "kapot.pdf" in output


def test_a_verdict_changes_the_report(project):
    table = project / "data" / "7_report" / "tables" / "figuur-3.csv"
    before = table.read_text(encoding="utf-8")
    cell = cell_of(project / "data" / "5_tags", "plan-a", "theme:klimaat")
    other = "nee" if cell.status == "ja" else "ja"
    row = {"time": "2026-11-23T12:00:00+00:00", "analyst": "PV", "replaced": cell.status}
    verdict = Verdict(document="plan-a", label="theme:klimaat", verdict=other, **row)
    append_verdict(project / "annotations" / "decisions.jsonl", verdict)
    assert run_stages()[0] == 0
    assert table.read_text(encoding="utf-8") != before
    after = cell_of(project / "data" / "6_review", "plan-a", "theme:klimaat")
    assert (after.status, after.decided_by, after.probability) == (other, "PV", cell.probability)


def test_two_reports_are_compared_cell_by_cell_and_number_by_number(project):
    cell = cell_of(project / "data" / "5_tags", "plan-a", "theme:klimaat")
    other = "nee" if cell.status == "ja" else "ja"
    row = {"time": "2026-11-23T12:00:00+00:00", "analyst": "PV", "replaced": cell.status}
    verdict = Verdict(document="plan-a", label="theme:klimaat", verdict=other, **row)
    append_verdict(project / "annotations" / "decisions.jsonl", verdict)
    params = project / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("max_bars: 15", "max_bars: 14"), encoding="utf-8")
    assert run_stages(after="validation")[0] == 0
    code, output = call("evidence-compare")
    assert code == 0, output
    _, _, *lines = output.splitlines()
    assert lines[:3] == [
        "  report.max_bars: 15 -> 14",
        "1 cells change",
        f"  plan-a, theme:klimaat: {cell.status} -> {other} (PV)",
    ]
    assert any(line.startswith("  Figuur 3, actieplannen 2024, Klimaat") for line in lines)
    assert call("evidence-compare", "laatste", "laatste")[1].splitlines()[2:] == [
        "0 cells change",
        "0 numbers of the report change",
    ]
    stored = list(project.parent.parent.rglob("mlruns/*/artifacts/cells.parquet"))
    assert stored and all(cell.quotes == () for path in stored for cell in read_rows(path, Cell))


def test_a_run_that_holds_no_cells_is_named_with_the_way_out(project):
    rows = sqlite3.connect("mlflow.db").execute("select run_uuid from tags where value = 'validation'").fetchall()
    code, output = call("evidence-compare", rows[0][0], "laatste")
    assert code == 1
    assert "is of the kind 'validation'" in output
    assert "the newest: " in output


@pytest.fixture
def labelled(project):
    """Labels for the three documents: plan-a is of 2022, plan-b of the same body and 2024, the report over 2024."""
    data = project / "data"
    changes = {"plan-a": {"year": 2022}, "plan-b": {"organisation": "Gemeente Aadorp"}}
    path = data / "1_sources" / "sources.parquet"
    sources = [row.model_copy(update=changes.get(row.document, {})) for row in read_rows(path, Source)]
    write_rows(path, sources, Source)
    rows, docs = [], []
    for source in sources:
        for sentence in read_rows(data / "3_sentences" / f"{source.document}.jsonl", Sentence):
            label = ("theme:klimaat",) if "klimaat" in sentence.text or "CO2" in sentence.text else ()
            place = {"document": source.document, "sentence": sentence.number, "organisation": source.organisation}
            rows.append(Annotation(kind=sentence.kind, section=sentence.section, split="train", labels=label, **place))
        docs += read_docs(data / "3_sentences" / f"{source.document}.spacy")
    write_rows(data / "annotations" / "annotations.parquet", rows, Annotation)
    write_docs(data / "annotations" / "annotations.spacy", docs)
    texts = read_rows(data / "annotations" / "texts.jsonl", TrainingText)
    stored = read_docs(data / "annotations" / "texts.spacy")
    write_rows(data / "annotations" / "texts.jsonl", texts[:200], TrainingText)  # enough to learn from
    write_docs(data / "annotations" / "texts.spacy", stored[:200])
    return project


def test_the_last_year_is_tagged_by_what_earlier_years_teach_and_by_nothing_else(labelled, monkeypatch):
    taught = []

    def train(rows, *rest):
        taught.append({row.document for row in rows if row.split == "train"})
        return train_classifier(rows, *rest)

    monkeypatch.setattr("mvoi_nlp.evidence.train_classifier", train)
    code, output = call("evidence-folds")
    assert code == 0, output
    assert taught == [{"plan-a"}]
    assert "F1 on the 2 documents of 2024, learned from 1 of 2022 to 2022" in output
    assert re.search(r"^  theme +organisation \d\.\d+ \(.*   naive .*   gap [+-]\d\.\d+$", output, re.M)
    assert re.search(r"^  theme +sentences .*   documents .*   sentences of new organisations ", output, re.M)
    scores = read_rows(labelled / "data" / "folds" / "scores.parquet", Score)
    found = {s.split: s for s in scores if s.label == "theme:*" and s.level == "sentence" and not s.slice}
    assert {name: score.documents for name, score in found.items()} == {
        "organisation": 3,
        "naive": 3,
        "last_year": 2,
        "new_organisations": 1,
    }
    logged = sqlite3.connect("mlflow.db").execute("select key from metrics").fetchall()
    assert {("gap.theme.f1",), ("last_year.sentence.all.theme.f1",)} <= set(logged)


def test_a_corpus_of_one_year_has_no_year_to_hold_out(labelled):
    path = labelled / "data" / "1_sources" / "sources.parquet"
    one = [row.model_copy(update={"year": 2024}) for row in read_rows(path, Source)]
    write_rows(path, one, Source)
    code, output = call("evidence-folds")
    assert code == 0
    assert "all labelled documents are of 2024; no year can be held out" in output
    splits = {score.split for score in read_rows(labelled / "data" / "folds" / "scores.parquet", Score)}
    assert splits == {"organisation", "naive"}


def test_folds_of_a_project_without_labels_are_refused_with_the_way_out(project):
    code, output = call("evidence-folds")
    assert code == 1
    assert "no document is labelled to learn from" in output
    assert "annotations/guide.md" in output


def test_a_run_that_is_killed_loses_nothing_that_was_finished(project, tmp_path):
    names = [f"lang-{n}" for n in range(6)]
    for name in names:
        (project / "corpus" / f"{name}.md").write_text(f"{name}\n\n{PLAN * 400}", encoding="utf-8")
    rows = "".join(f"{n},{n}.md,Gemeente {n},gemeente,actieplan,2024,,2024-04-01,test,1\n" for n in names)
    write_corpus(project, extra=rows)
    assert call("sources", "corpus", "data/1_sources")[0] == 0
    out = tmp_path / "tekst"
    command = [sys.executable, "-c", "from mvoi_nlp.cli import app; app()", "text", "--jobs", "2"]
    run = subprocess.Popen([*command, "corpus", "data/1_sources", str(out)], start_new_session=True)
    keys, wanted = out / ".keys", len(names) + len(ROWS)
    while run.poll() is None and not (keys.is_dir() and len(list(keys.iterdir())) > 1):
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    finished = {path.name for path in keys.iterdir()}
    assert 1 < len(finished) < wanted, "killed too late to show anything"
    written = {name: (out / f"{name}.blocks.jsonl").stat().st_mtime_ns for name in finished}
    code, printed = call("text", "--jobs", "1", "corpus", "data/1_sources", str(out))
    assert code == 0
    assert f"{wanted - len(finished)} documents done" in printed
    assert f"{len(finished)} unchanged" in printed
    assert written == {name: (out / f"{name}.blocks.jsonl").stat().st_mtime_ns for name in finished}
    assert call("text", "--jobs", "1", "corpus", "data/1_sources", str(tmp_path / "opnieuw"))[0] == 0
    assert contents(out) == contents(tmp_path / "opnieuw")


def test_any_file_can_be_tagged_and_the_api_says_the_same(project, tmp_path):
    path = tmp_path / "plan gemeente.md"
    path.write_text(PLAN.replace("MVOI 2024", "MVOI 2024 van de gemeente Zeedam"), encoding="utf-8")
    code, output = call("tag", str(path), "--out", str(tmp_path / "out"), "--jobs", "1")
    assert code == 0, output
    rows = json_lines(tmp_path / "out" / "sentences.jsonl")
    [document] = json_lines(tmp_path / "out" / "documents.jsonl")
    assert set(rows[0]) == {"document", "page", "number", "text", "start", "end", "labels", "goal", "help_text"}
    chosen = next(row for row in rows if row["text"].startswith("Wij kiezen"))
    labels = {label["label"]: label for label in chosen["labels"]}
    assert {"theme:klimaat", "theme:social_return"} <= set(labels)
    assert set(labels["theme:klimaat"]) == {"label", "probability", "status", "taggers"}
    assert (document["kind"], document["organisation"], document["pages_read"]) == ("actieplan", "Gemeente Zeedam", 1)
    assert document["cells"][0]["label"] == "theme:milieu_biodiversiteit"

    tagged = Project.open(project).tag(path)
    assert [row["text"] for row in rows] == [sentence.text for sentence in tagged.document.sentences]
    assert [row["goal"] for row in rows] == [tagged.goals.get(s.number, "none") for s in tagged.document.sentences]
    [(sentence, tag)] = tagged.sentence_tags("theme:social_return")[:1]
    assert sentence.text == chosen["text"]
    assert tag.probability == labels["theme:social_return"]["probability"]
    assert {row.tagger for row in tagged.evidence_for(sentence)} >= {"keywords"}


def test_people_are_masked_in_what_is_exported_unless_asked(project, tmp_path):
    path = tmp_path / "plan.md"
    contact = "Wij kiezen voor klimaat, zegt mevrouw S. Ypma (s.ypma@zeedam.nl, 06-12345678)."
    path.write_text(f"# Actieplan MVOI 2024\n\n{contact}\n", encoding="utf-8")
    for options, shown in (((), False), (("--names",), True)):
        code, output = call("tag", str(path), "--out", str(tmp_path / "out"), "--jobs", "1", *options)
        assert code == 0, output
        exported = "".join(
            (tmp_path / "out" / f"{name}.jsonl").read_text("utf-8") for name in ("sentences", "documents")
        )
        assert all((private in exported) == shown for private in ("Ypma", "ypma@", "06-12345678"))
        assert ("mevrouw [naam] ([e-mail], [telefoon])" in exported) != shown
    assert contact.startswith(Project.open(project).tag(path).document.sentences[1].text[:60])  # in Python all is there


def test_an_installed_nl_core_news_lg_carries_the_whole_chain(project, stand_in):
    before = {path.name for path in Path("data/3_sentences").iterdir()}
    assert read_rows(Path("data/3_sentences/pipeline.jsonl"), Pipeline)[0].name == "nl_mvoi_core"
    code, output = run_stages()
    assert code == 0, output
    [used] = read_rows(Path("data/3_sentences/pipeline.jsonl"), Pipeline)
    assert (used.name, used.version, used.fallback) == ("nl_core_news_lg", "3.8.0", False)
    assert {path.name for path in Path("data/3_sentences").iterdir()} == before
    for document in ("plan-a", "verslag"):
        docs = read_docs(Path(f"data/3_sentences/{document}.spacy"))
        assert len(docs) == len(read_rows(Path(f"data/3_sentences/{document}.jsonl"), Sentence))
        assert all(token.lemma_ and "_" not in token.lemma_ and token.norm_ for doc in docs for token in doc)
    page = Path("data/7_report/report.html").read_text(encoding="utf-8")
    assert "nl_core_news_lg 3.8.0" in page and "Ander taalmodel gebruikt" not in page
    logged = sqlite3.connect("mlflow.db").execute("select value from tags where key = 'pipeline'").fetchall()
    assert {("nl_mvoi_core 0.1.0",), ("nl_core_news_lg 3.8.0",)} <= set(logged)


def test_tagging_leaves_what_stands_in_the_output_folder_alone(project, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text("Wij kiezen voor klimaat.", encoding="utf-8")
    own = tmp_path / "out" / "parts" / "van mij.txt"
    own.parent.mkdir(parents=True)
    own.write_text("bewaren", encoding="utf-8")
    code, output = call("tag", str(path), "--out", str(tmp_path / "out"), "--jobs", "1")
    assert code == 0, output
    assert own.read_text(encoding="utf-8") == "bewaren"
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"parts", "sentences.jsonl", "documents.jsonl"}


def test_lines_can_be_kept_as_sentences(project, tmp_path):
    path = tmp_path / "zinnen.txt"
    lines = ["Eén regel. Met twee zinnen.", "klimaat", "", "Nog een: punt; komma."]
    path.write_text("\n".join(lines), encoding="utf-8")
    call("tag", str(path), "--out", str(tmp_path / "out"), "--one-sentence-per-line", "--jobs", "1")
    rows = json_lines(tmp_path / "out" / "sentences.jsonl")
    assert [row["text"] for row in rows] == [line for line in lines if line]


def test_a_file_that_cannot_be_tagged_stops_no_other(project, tmp_path):
    good, bad = tmp_path / "goed.txt", tmp_path / "slecht.pdf"
    good.write_text("Wij kiezen voor klimaat.", encoding="utf-8")
    bad.write_bytes(b"%PDF-1.4 niets")
    code, output = call(
        "tag", str(bad), str(good), str(tmp_path / "weg.txt"), "--out", str(tmp_path / "out"), "--jobs", "1"
    )
    assert code == 1
    assert "slecht.pdf" in output
    assert "weg.txt does not exist" in output
    assert len((tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_every_command_has_help_that_says_what_it_does():
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__
        code, output = call(name, "--help")
        assert code == 0
        assert command.callback.__doc__.split(".")[0].split(":")[0][:20] in " ".join(output.split())


def test_init_does_not_overwrite_a_project(project):
    code, output = call("init", ".")
    assert code == 1
    assert "already holds a project" in output


def test_dvc_repro_runs_in_a_new_project_and_then_has_nothing_to_do(tmp_path):
    folder = tmp_path / "nieuw"
    assert call("init", str(folder))[0] == 0
    learn_from_few_texts(folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for expected in ("Running stage 'report'", "Data and pipelines are up to date"):
        done = subprocess.run(
            ["dvc", "repro"], cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert expected in done.stdout
    assert (folder / "data" / "7_report" / "report.html").exists()
