import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mvoi_nlp.errors import ReviewError
from mvoi_nlp.records import Boilerplate, Cell, Evidence, Page, Sentence, Source
from mvoi_nlp.scheme import Scheme
from mvoi_nlp.settings import ReviewSettings

HOST = "127.0.0.1"
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" '
    'fill="#154273"/><path d="M4 8.5l3 3 5-6.5" fill="none" stroke="#fff" stroke-width="2"/></svg>'
)


@dataclass(frozen=True)
class ReviewState:
    """What the page shows and where it writes."""

    cells: Sequence[Cell]
    """As the tags step decided them, without verdicts; the page adds those of `decisions` itself."""
    sentences: Mapping[str, Sequence[Sentence]]
    """Document -> its sentences in reading order, for the context of a quote."""
    sources: Sequence[Source]
    scheme: Scheme
    settings: ReviewSettings
    decisions: Path
    """The file of verdicts."""
    analyst: str
    """Initials of who sits at the page."""
    pages: Sequence[Page] = ()
    """For names of sheets, and to warn of pages that could not be read."""
    evidence: Sequence[Evidence] = ()
    """To mark the words that triggered a quote; without it only the sentence is marked."""
    boilerplate: Sequence[Boilerplate] = ()
    """To say of a quote that other organisations have it too."""


def serve(state: ReviewState, *, port: int, show: bool) -> None:
    """Run the page on this computer until it is stopped; other computers cannot reach it.

    Parameters
    ----------
    state
        What to review.
    port
        Port on 127.0.0.1.
    show
        Open the page in the browser.

    Raises
    ------
    ReviewError
        The port is taken, the analyst has no initials, or the verdicts cannot be read.
    """
    from nicegui import ui  # noqa: PLC0415 - seconds to load, and only the page needs it

    from mvoi_nlp.review._page import build_page  # noqa: PLC0415
    from mvoi_nlp.review._session import Session  # noqa: PLC0415

    if not state.analyst.strip():
        raise ReviewError("nobody is named as the analyst", hint="say who decides: initials, such as --analyst JV")
    Session(state)  # what cannot be read is said here, not in the browser
    _check_port(port)
    ui.run(
        lambda: build_page(state),
        host=HOST,
        port=port,
        show=show,
        reload=False,
        title="Controle MVOI",
        favicon=_ICON,
        language="nl",
        tailwind=False,
        show_welcome_message=False,
    )


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ReviewError(
                f"port {port} cannot be used ({error.strerror})",
                hint="the page may already be open in another window; else choose another port, such as 8081",
            ) from error
