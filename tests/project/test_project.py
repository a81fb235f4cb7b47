"""What the project says about itself is so: README, dvc.yaml, lock file, import rules, front doors."""

import ast
import importlib
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import grimp
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "mvoi_nlp"
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
STEPS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def paths_of(stage: dict, *keys: str) -> list[str]:
    """Paths under some keys of a stage; DVC writes one with options as `{path: {options}}`."""
    entries = [entry for key in keys for entry in stage.get(key, [])]
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]


@pytest.fixture(scope="module")
def step_table() -> list[dict[str, str]]:
    """Rows of the table of steps in the README, by column."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if re.match(r"\|\s*step\s*\|", line))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    header, _, *body = rows
    return [dict(zip(header, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("mvoi_nlp", cache_dir=None)


def test_the_readme_names_the_stages_in_their_order(step_table):
    assert [row["step"] for row in step_table] == list(STAGES)


def test_the_readme_names_what_every_stage_writes(step_table):
    for row in step_table:
        promised = set(re.findall(r"`([^`]+)`", row["writes"]))
        written = {Path(path) for path in paths_of(STAGES[row["step"]], "outs", "metrics", "plots")}
        homes = {name for name in promised for path in written if path.is_relative_to(name)}
        strays = {path for path in written if not any(path.is_relative_to(name) for name in promised)}
        assert homes == promised, f"{row['step']}: the README promises what dvc.yaml does not write"
        assert not strays, f"{row['step']}: dvc.yaml writes what the README does not name"


def test_the_readme_names_the_command_of_every_stage(step_table):
    for row in step_table:
        [command] = re.findall(r"`mvoi ([a-z-]+)`", row["command"])
        assert re.search(rf"\bmvoi {command}(\s|$)", str(STAGES[row["step"]]["cmd"])), row["step"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_the_code_that_its_folder_imports_and_on_no_other(stage, imports):
    step = stage.split("-")[0]
    used = {step} | {
        module.split(".")[1]
        for module in imports.find_upstream_modules(f"mvoi_nlp.{step}", as_package=True)
        if module != "mvoi_nlp"
    }
    expected = {f"src/mvoi_nlp/{name}" + ("" if (PACKAGE / name).is_dir() else ".py") for name in used}
    paths = paths_of(STAGES[stage], "deps")  # a .txt is data of the module beside it
    named = {path.rstrip("/") for path in paths if path.startswith("src/") and not path.endswith(".txt")}
    assert named == expected


def test_every_step_folder_has_a_stage():
    assert {stage.split("-")[0] for stage in STAGES} == set(STEPS)


def test_the_import_rules_hold():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_locked_package_has_one_version_and_a_hash_and_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 100
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^]]+\])?==\S+", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]
    assert "://" not in text
    assert re.search(r"^uv==", text, flags=re.MULTILINE), "the Makefile installs with the uv that is locked"


@pytest.mark.parametrize("step", STEPS)
def test_every_public_name_of_a_step_is_explained(step):
    module = importlib.import_module(f"mvoi_nlp.{step}")
    assert module.__doc__
    silent = [name for name in module.__all__ if not explained(module, name)]
    assert not silent


def explained(module: ModuleType, name: str) -> bool:
    """True if a function or class has a docstring of its own, and a constant one below it."""
    value = getattr(module, name)
    if isinstance(value, type) or callable(value):
        text = value.__doc__ or ""
        return bool(text) and not text.startswith(f"{name}(")  # what a dataclass makes up when it has none
    files = sorted(PACKAGE.joinpath(module.__name__.rsplit(".", 1)[1]).glob("*.py"))
    return any(name in documented_constants(path) for path in files)


def documented_constants(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = set()
    for statement, following in pairwise(body):
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        text = following.value if isinstance(following, ast.Expr) else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names
