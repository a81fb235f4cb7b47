"""The trained pipeline as a Python package, small and the same bytes for the same weights."""

import json
import shutil
import tempfile
from pathlib import Path

from spacy.cli.package import package
from spacy.language import Language

CARD = Path(__file__).parent / "card"
"""README.md, LICENSE and attribution that go with the package."""


def write_package(nlp: Language, out: Path, version: str) -> int:
    """Write an installable package with its model card and licence; returns its size in bytes.

    Parameters
    ----------
    nlp
        The whole pipeline.
    out
        Folder of the package; what stands there is replaced.
    version
        Of the package.
    """
    nlp.meta.update(
        name="mvoi_core",
        version=version,
        description="Dutch for policy and procurement: tags, lemmas, sentences, entities, government bodies.",
        author="mvoi-nlp",
        license="CC BY-SA 4.0",
        sources=json.loads((CARD / "sources.json").read_text(encoding="utf8")),
        requirements=["mvoi-nlp"],
    )
    nlp.meta.pop("performance", None)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        nlp.to_disk(made / "model")
        package(made / "model", made, create_sdist=False, create_wheel=False, silent=True)
        [written] = made.glob("nl_mvoi_core-*")
        for name in ("README.md", "LICENSE"):
            shutil.copy(CARD / name, written / name)
            shutil.copy(CARD / name, next(written.glob("nl_mvoi_core/nl_mvoi_core-*")) / name)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(written, out, ignore=shutil.ignore_patterns("__pycache__"))
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
