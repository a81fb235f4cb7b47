import fcntl
import json
import os
import warnings
from io import FileIO
from pathlib import Path

from pydantic import ValidationError

from mvoi_nlp.errors import ReviewError, first_problem
from mvoi_nlp.records import Verdict


def append_verdict(path: Path, verdict: Verdict) -> None:
    """Write one verdict behind the others; when this returns it is on disk.

    A lock keeps two pages from writing through each other. Where a kill left half a line at the end, that half, which
    never was a verdict, is cut off with a warning: the file holds nothing but whole lines.

    Raises
    ------
    ReviewError
        The file cannot be written; nothing was stored.
    """
    line = verdict.model_dump_json().encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes, also by a kill
            file.seek(0)
            end, line_break = _sound_end(path, file.readall())
            file.truncate(end)
            try:
                _write_all(file, line_break + line)
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise
        if is_new:
            _sync_folder(path.parent)
    except OSError as error:
        raise ReviewError(
            f"{path}: the verdict on {verdict.document}, {verdict.label} was not stored ({error.strerror})",
            hint="free disk space or mend the rights on the file, then give the verdict again",
        ) from error


def read_verdicts(path: Path) -> list[Verdict]:
    """Read all verdicts in the order of the file; no file means no verdicts.

    Half a line at the end, left by a kill, is passed over with a warning.

    Raises
    ------
    ReviewError
        Any other row is not a verdict; names the row.
    """
    if not path.exists():
        return []
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # not in the middle of what another page writes
            content = file.read()
    except OSError as error:
        raise ReviewError(f"{path}: cannot be read ({error.strerror})", hint="mend the rights on the file") from error
    end, _ = _sound_end(path, content)
    verdicts = []
    for number, line in enumerate(content[:end].split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            verdicts.append(Verdict.model_validate_json(line))
        except ValidationError as error:
            raise ReviewError(
                f"{path}, row {number}: {first_problem(error)}",
                hint="mend that row by hand, or take the file back from git; every row is one verdict",
            ) from error
    return verdicts


def _sound_end(path: Path, content: bytes) -> tuple[int, bytes]:
    """Where the whole lines end, and what must come before the next one."""
    start = content.rfind(b"\n") + 1
    tail = content[start:]
    if not tail.strip():
        return start, b""
    try:
        json.loads(tail)
    except ValueError:  # also bytes that are not UTF-8
        warnings.warn(
            f"{path}: the last line is broken off and does not count: {tail.decode(errors='replace')}", stacklevel=3
        )
        return start, b""
    return len(content), b"\n"  # whole, only the line break is missing


def _write_all(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
