from pathlib import Path

import pytest

from mvoi_nlp.records import Cell, Evidence, Page, Quote, Sentence, Source, Verdict
from mvoi_nlp.review import ReviewState
from mvoi_nlp.scheme import Label, Scheme
from mvoi_nlp.settings import ReviewSettings

TEXTS = (
    "Dit plan geldt voor 2024.",
    "De raad stelde het vast.",
    "Wij rijden <emissievrij> & stil.",
    "Dat scheelt.",
    "Tot zover.",
)


@pytest.fixture
def cell():
    """Make a doubtful cell; a test names only what it is about."""
    row = {"document": "aadorp", "label": "theme:klimaat", "probability": 0.5, "status": "nog te controleren"}
    return lambda **changes: Cell(**{"sentences": 0} | row | changes)


@pytest.fixture
def verdict():
    """Make a verdict; a test names only what it is about."""
    row = {"time": "2026-03-03T14:05:00+01:00", "analyst": "JV", "document": "aadorp", "label": "theme:klimaat"}
    return lambda **changes: Verdict(**{"verdict": "ja", "replaced": "nog te controleren"} | row | changes)


@pytest.fixture
def scheme():
    """Three labels, of which one is in no figure."""
    return Scheme(
        [
            Label(id="theme:klimaat", family="theme", name="Klimaat", order=1, definition="Over uitstoot."),
            Label(id="sector:ict", family="sector", name="ICT", order=1, definition="Over computers."),
            Label(id="topic:kader", family="topic", name="Kader", order=1, definition="Over beleid.", charted=False),
            Label(id="goal:doel", family="goal", name="Doel", order=1, definition="Een doel."),
        ],
        Path("scheme"),
    )


@pytest.fixture
def state(tmp_path, cell, scheme):
    """Two doubtful cells with their text, and one that the model decided."""
    quote = Quote(sentence=2, page=4, text=TEXTS[2], probability=0.5)
    return ReviewState(
        cells=[
            cell(quotes=(quote,), sentences=1),
            cell(label="sector:ict", probability=0.6),
            cell(document="min-water", label="sector:ict", status="nee", probability=0.1),
        ],
        sentences={
            "aadorp": [
                Sentence(
                    document="aadorp",
                    number=number,
                    page=4,
                    block=number,
                    kind="paragraph",
                    section="2 Doelen",
                    text=text,
                    start=0,
                    end=len(text),
                )
                for number, text in enumerate(TEXTS)
            ]
        },
        sources=[_source("aadorp", "Aadorp", "gemeente"), _source("min-water", "Ministerie van Water", "ministerie")],
        scheme=scheme,
        settings=ReviewSettings(),
        decisions=tmp_path / "decisions.jsonl",
        analyst="JV",
        pages=[Page(document="aadorp", number=7, width=1, height=1, characters=0, status="niet leesbaar")],
        evidence=[
            Evidence(
                document="aadorp", sentence=2, label="theme:klimaat", start=12, end=23, score=0.5, tagger="keywords"
            )
        ],
    )


def _source(document, organisation, organisation_type):
    return Source(
        document=document,
        file=f"{document}.pdf",
        organisation=organisation,
        organisation_type=organisation_type,
        kind="actieplan",
        year=2024,
        sha256="0" * 64,
        size=1,
    )
