"""A file is read in a process of its own, which may take so much time and memory and no more.

Documents are hostile input: what hangs, eats memory or brings its reader down costs that one document and nothing else.
One reader process serves one document after the other, since it takes a second to start; it is replaced when a document
was too much for it. `multiprocessing` is no help here: it cannot start children below the workers of joblib. Questions
and answers are lines of JSON: a reader that a document has taken over can lie about its text and do no more.
"""

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mvoi_nlp.errors import MvoiError, TextError

_MEGABYTE = 1024 * 1024
_GRACE = 5  # seconds that a reader gets to say itself that its time is over
_TRUST = "print the document to PDF again, or raise text.max_memory_megabytes in params.yaml when you trust it"


class _Reader:
    """A child process that waits for work."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "mvoi_nlp.text", str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"},
        )
        self._answers: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while True:
            line = self._process.stdout.readline()
            self._answers.put(line)
            if not line:  # the end of the child, in whatever way it comes
                return

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The child's answer; TimeoutError, or ChildProcessError when there is none."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        try:
            answer = json.loads(line)
        except ValueError:
            raise ChildProcessError from None
        return dict(answer)

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        self._process.kill()
        self._process.wait()


_readers: dict[int, _Reader] = {}  # by thread


def ask_reader(question: dict[str, Any], name: str, seconds: float, megabytes: int) -> dict[str, Any]:
    """Ask a child process to read.

    Parameters
    ----------
    question
        What `serve` hands on, as JSON allows.
    name
        Of the file, for messages.
    seconds
        After which the child is killed, if it has not said so itself.
    megabytes
        Of memory beyond what the child starts with.

    Raises
    ------
    TextError
        The file cannot be read, or the child took too long, ran out of memory or died.
    """
    here = threading.get_ident()
    reader = _readers.get(here)
    if reader is None or reader.megabytes != megabytes:
        if reader is not None:
            reader.stop()
        reader = _readers[here] = _Reader(megabytes)
    try:
        answer = reader.ask(question, max(seconds, 0) + _GRACE)
    except TimeoutError:
        _drop(here)
        raise TextError(
            f"{name}: reading took longer than {seconds:g} seconds and was stopped",
            hint="raise text.max_seconds in params.yaml, or save the document again in a simpler form",
        ) from None
    except ChildProcessError:
        _drop(here)
        raise TextError(f"{name}: its reader died: a damaged file, or too little memory", hint=_TRUST) from None
    except BaseException:
        _drop(here)
        raise
    if "error" in answer:
        raise TextError(str(answer["error"]), hint=str(answer.get("hint", "")))
    if "memory" in answer:
        _drop(here)
        raise TextError(f"{name}: reading needs more than {megabytes} MB of memory", hint=_TRUST)
    return answer


def _drop(thread: int) -> None:
    _readers.pop(thread).stop()


@atexit.register
def _stop_all() -> None:
    for reader in _readers.values():
        reader.stop()


def _limit_memory(megabytes: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is set already, or no /proc to read from
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(read: Callable[[dict[str, Any]], dict[str, Any]], megabytes: int) -> None:
    """Answer questions from standard input until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    _limit_memory(megabytes)
    for line in sys.stdin.buffer:
        answer: dict[str, Any]
        try:
            answer = read(json.loads(line))
        except MemoryError:
            answer = {"memory": True}
        except MvoiError as error:
            answer = {"error": error.message, "hint": error.hint}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
