import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from mvoi_nlp import records
from mvoi_nlp.engine import Task, run_documents
from mvoi_nlp.settings import TextSettings
from mvoi_nlp.text import count_pages, read_document


def _read(document: str, *, files: dict[str, str], out: str) -> None:
    reading = read_document(Path(files[document]), document, TextSettings())
    records.write_rows(Path(out) / f"{document}.jsonl", reading.blocks, records.Block)


def measure_scale(files: Sequence[Path], copies: int) -> pd.DataFrame:
    """Seconds on the clock for one process, two, and two with nothing left to do; start-up is paid before.

    Parameters
    ----------
    files
        Documents of any format.
    copies
        How often each is read, so that the work is long beside its start.
    """
    named = {f"{n}-{copy}": str(path) for n, path in enumerate(files) for copy in range(copies)}
    pages = sum(count_pages(path, TextSettings()) for path in files) * copies
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, jobs, out in (("one process", 1, "one"), ("two processes", 2, "two"), ("nothing new", 2, "two")):
            work = partial(_read, files=named, out=str(Path(folder) / out))
            (Path(folder) / out).mkdir(exist_ok=True)
            if name != "nothing new":  # starts the workers and their readers
                warm = [Task(document, "warm") for document in list(named)[: 2 * jobs]]
                run_documents(work, warm, Path(folder) / out, step="start", jobs=jobs)
            started = time.perf_counter()
            keys = {document: records.fingerprint(Path(path)) for document, path in named.items()}
            tasks = [Task(document, key) for document, key in keys.items()]
            run_documents(work, tasks, Path(folder) / out, step=name, jobs=jobs)
            spent = time.perf_counter() - started
            rows.append({"run": name, "pages": pages, "seconds": round(spent, 2), "pages_a_second": pages / spent})
    table = pd.DataFrame(rows).round({"pages_a_second": 1})
    table["times_one_process"] = (table["seconds"].iloc[0] / table["seconds"].clip(lower=0.01)).round(2)
    return table
