"""Names of people by their form, and how to reach them: what an export masks."""

import re
from collections.abc import Iterator
from typing import Literal

_CAPITAL = r"[A-ZÀ-ÖØ-ÞŠŽĆČĐŁİŞ]"
_SMALL_WORD = (
    r"(?:van|de|den|der|ter|ten|te|het|'t|’t|’s|'s|in|op|el|al|la|le|von|du|da|dos"
    r"|bin|ben|El|Al|Van|De|Den|Der|Ter|Ten|Te)"
)
_SURNAME = rf"(?:{_SMALL_WORD}[  ])*{_CAPITAL}[\w'’]+(?:-(?:{_SMALL_WORD}[- ])*{_CAPITAL}[\w'’]+)*"
_INITIALS = rf"(?:{_CAPITAL}(?:h|s|j|ph)?\.[  ]?){{1,6}}"
_LEGAL_FORM = r"(?:[BNC]\.[VA]\.|U\.A\.|V\.O\.F\.|S\.A\.)"
_BY_INITIALS = (
    rf"(?<![\w.])(?!{_LEGAL_FORM}){_INITIALS}(?:[  ]?\((?:{_CAPITAL}\w+)\)[  ]?)?"
    rf"{_SURNAME}(?:[  ]{_CAPITAL}[a-zà-ü’'-]+)?"
)
_TITLE = (
    r"(?:dhr\.?|de heer|mevr\.?|mevrouw|mw\.?|meneer|drs\.|ir\.|mr\.|dr\."
    r"|prof\.|ing\.|Dhr\.?|De heer|Mevr\.?|Mevrouw|Mw\.?|Meneer)"
)
_BY_TITLE = re.compile(
    rf"(?<!\w)(?:{_TITLE}[  ]+)+(?P<name>(?:{_INITIALS}[  ]?)?(?:{_CAPITAL}[\w'’-]+[  ]+){{0,2}}{_SURNAME})"
)
_INITIALLED = re.compile(_BY_INITIALS)

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w-])")
PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+31|0031|\(?0\)?)[ -]?(?:\(0\))?[ -]?"
    r"(?:6[ -]?(?:\d[ ]?){8}|[1-9]\d{1,2}\)?[ -]?(?:\d[ ]?){6,7})(?![\w/-]|[.,]\d)"
)


def find_people(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and PERSON of names behind a title (mevrouw, dhr., drs.) or with initials (J. de Vries)."""
    for match in _BY_TITLE.finditer(text):
        yield (*match.span("name"), "PERSON")
    for match in _INITIALLED.finditer(text):
        yield (*match.span(), "PERSON")


def find_contacts(text: str) -> Iterator[tuple[int, int, Literal["e-mail", "telefoon"]]]:
    """Start, end and kind (`e-mail`, `telefoon`) of mail addresses and Dutch phone numbers."""
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield (*match.span(), "e-mail")
    for match in PHONE.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip()), "telefoon"
