"""What can go wrong, as a tree; each error says which thing it is about and what to do now.

::

    MvoiError
    ├── SchemeError        a label file that cannot be used
    ├── SettingsError      params.yaml
    ├── RecordError        a stored file that does not have the promised rows
    ├── SourceError        the register, or a file that it names
    ├── TextError          a document that cannot be read
    ├── PipelineError      the Dutch spaCy pipeline
    ├── AnnotationError    hand labels that do not fit scheme or text
    ├── ModelError         the trained classifier
    ├── ReviewError        verdicts of an analyst
    ├── TrackingError      a run that is asked for
    └── DocumentsFailed    some documents went wrong, the others are done
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

from collections.abc import Mapping


class MvoiError(Exception):
    """Base of all errors that a user can do something about.

    Parameters
    ----------
    message
        What is wrong and with which file, row, page or label.
    hint
        What to do now; printed on its own line.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # subclasses have signatures of their own; rebuild from the state so that workers can send errors back
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[MvoiError], message: str, hint: str) -> MvoiError:
    error = kind.__new__(kind)
    MvoiError.__init__(error, message, hint=hint)
    return error


class SchemeError(MvoiError):
    """A label file under `scheme/` cannot be used."""


class SettingsError(MvoiError):
    """`params.yaml` holds a wrong value or an unknown key."""


class RecordError(MvoiError):
    """A stored file does not hold the rows that its step promised."""


class SourceError(MvoiError):
    """The register or a file that it names is not in order."""


class TextError(MvoiError):
    """A document cannot be read."""


class PipelineError(MvoiError):
    """The Dutch spaCy pipeline cannot be loaded."""


class AnnotationError(MvoiError):
    """Hand labels do not fit the scheme or the text."""


class ModelError(MvoiError):
    """The classifier cannot be trained or loaded."""


class ReviewError(MvoiError):
    """A verdict of an analyst cannot be stored or used."""


class TrackingError(MvoiError):
    """A run that is asked for is not in the store, or does not hold what is asked of it."""


class DocumentsFailed(MvoiError):
    """Some documents went wrong; the others are done and stored.

    Parameters
    ----------
    failures
        Document id -> what went wrong.
    """

    def __init__(self, failures: Mapping[str, MvoiError]) -> None:
        lines = [f"{len(failures)} document(s) went wrong; the rest is done"]
        for document, error in sorted(failures.items()):
            lines.append(f"  {document}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
        super().__init__(
            "\n".join(lines),
            hint="mend or remove what is named above and run again; finished documents are kept",
        )
        self.failures = dict(failures)


def first_problem(error: "ValidationError") -> str:
    """One line for people: field and complaint of the first problem that pydantic found."""
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])
