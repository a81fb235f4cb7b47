"""What an unregistered file seems to be: an aid for `mvoi tag`, never a denominator."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mvoi_nlp.records import Kind, OrganisationType, Source

REPORT = re.compile(
    r"rapportage|voortgangsrapport|evaluatie|verslag|jaarrapport|monitor|verantwoording|terugblik|informatiebrief|statenbrief",
    re.IGNORECASE,
)
PLAN = re.compile(
    r"actieplan|uitvoeringsplan|ambitiedocument|werkplan|planperiode|meerjarenplan|strategie", re.IGNORECASE
)
YEAR = re.compile(r"\b(20[0-4]\d)\b")
_LINK = r"(?:aan|op|en|van|de|den|der|bij|ter|het|in)"
_NAME = rf"((?:['’]s[- ]|[Dd]e |[Hh]et )?[A-ZÀ-Ý][\w'’-]+(?:(?: {_LINK})* [A-ZÀ-Ý][\w'’-]+){{0,3}})"
BODIES: tuple[tuple[OrganisationType, re.Pattern[str]], ...] = (
    ("gemeente", re.compile(rf"\b[Gg]emeente {_NAME}")),
    ("provincie", re.compile(rf"\b[Pp]rovincie {_NAME}")),
    ("waterschap", re.compile(rf"\b(?:[Ww]aterschap(?:pen)?|[Hh]oogheemraadschap(?: van)?) {_NAME}")),
    ("ministerie", re.compile(rf"\b[Mm]inisterie van {_NAME}")),
    ("overig", re.compile(rf"\b(?:[Hh]ogeschool|[Uu]niversiteit|[Rr]ijksinstituut) {_NAME}")),
)


def unregistered_source(path: Path, texts: Iterable[str] = ()) -> Source:
    """Make a row for a file that no register names, from its name and its first texts.

    The organisation is the body named most often in `texts` (a title counts like any other text), 'onbekend' where
    none is named. The kind is that whose words come first in file name and texts.

    Parameters
    ----------
    path
        The file; must exist.
    texts
        Its first blocks, in reading order.
    """
    opening = [path.stem.replace("_", " ").replace("-", " "), *texts]
    words = "\n".join(opening)
    plan, report = PLAN.search(words), REPORT.search(words)
    kind: Kind = "overig"
    if plan or report:
        kind = "actieplan" if plan and (not report or plan.start() <= report.start()) else "rapportage"
    named: Counter[tuple[OrganisationType, str]] = Counter()
    for body, pattern in BODIES:
        for match in (match for text in opening for match in pattern.finditer(text)):
            whole = match.group(0)
            named[body, whole[0].upper() + whole[1:]] += 1
    (body, organisation), _ = (named.most_common(1) or [(("overig", "onbekend"), 0)])[0]
    years = [int(year) for year in YEAR.findall(words)]
    content = path.read_bytes()
    return Source(
        document=re.sub(r"[^a-z0-9._-]+", "-", path.name.lower()).strip("-._") or "document",
        file=path.name,
        organisation=organisation,
        organisation_type=body,
        kind=kind,
        year=years[0] if years else 2000,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
