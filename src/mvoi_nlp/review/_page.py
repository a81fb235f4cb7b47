import time
from collections.abc import Callable
from html import escape
from typing import Any, Literal

from nicegui import ui
from nicegui.events import GenericEventArguments, KeyEventArguments

from mvoi_nlp.errors import ReviewError
from mvoi_nlp.records import Cell, Quote, Sentence
from mvoi_nlp.review._queue import DOUBTFUL, family_of
from mvoi_nlp.review._serve import ReviewState
from mvoi_nlp.review._session import Passage, Session
from mvoi_nlp.review._style import BLUE, GREEN, RED, STYLE
from mvoi_nlp.review._wording import (
    document_name,
    elsewhere,
    family_name,
    kind_name,
    moment,
    organisation_name,
    percentage,
    question,
)

DOUBLE_TAP = 0.15  # seconds in which a second key would answer a question that nobody has read
ASIDE = 200  # characters of context beside a quote; a click shows all
WIDE = 8  # sentences before and after a quote in the window that a click opens
EVERYTHING = "alles"

KEYS = (
    ("j", "ja"),
    ("n", "nee"),
    ("o", "overslaan: later beslissen"),
    ("u  of  Backspace", "laatste oordeel ongedaan maken"),
    ("←  →", "vorige of volgende vraag"),
    ("t", "toelichting schrijven; Enter gaat terug naar de vraag"),
    ("1  2  3", "citaat in ruimer verband lezen"),
    ("?", "deze hulp; Esc sluit"),
)


def build_page(state: ReviewState) -> None:
    """Build the page for one browser window."""
    _Page(Session(state))


class _Page:
    """The visible side of a session: shows where it is, and passes on what the analyst does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.view: Literal["questions", "cells"] = "questions"
        self.back_to_cells = False
        self.last_key = 0.0
        self.search = ""
        self.filters = {"document": EVERYTHING, "family": EVERYTHING, "status": EVERYTHING}
        ui.add_css(STYLE)
        ui.colors(primary=BLUE)
        self.dialog = ui.dialog()
        with ui.element("div").classes("rv"):
            self._top()
            self.progress()
            with ui.element("main").classes("rv-main") as self.questions:
                self.question()
            with ui.element("div").classes("rv-actions") as self.actions:
                self._buttons()
            with ui.element("main").classes("rv-main") as self.table_view:
                self._table()
        ui.keyboard(self._key, repeating=False, ignore=["input", "select", "textarea"])
        self._show("questions")

    # what is on the page

    def _top(self) -> None:
        with ui.element("header").classes("rv-top"):
            ui.label("Controle MVOI").classes("name")
            self.tabs = {
                "questions": ui.button("Vragen", on_click=lambda: self._show("questions"), color=None),
                "cells": ui.button("Alle cellen", on_click=lambda: self._show("cells"), color=None),
            }
            for tab in self.tabs.values():
                tab.props("flat no-caps color=white").classes("tab")
            ui.label(f"U beoordeelt als {self.session.state.analyst}").classes("who")
            ui.button("Hulp (?)", on_click=self._help, color=None).props("flat no-caps color=white").classes("tab")

    @ui.refreshable_method
    def progress(self) -> None:
        """Show how far the questions are."""
        count = self.session.progress()
        share = 100 * count.done / count.total if count.total else 100
        with ui.element("div").classes("rv-progress"):
            with ui.element("div").classes("bar"):
                ui.element("div").style(f"width: {share:.1f}%")
            ui.html(f"<b>{count.done} van {count.total}</b> beoordeeld, nog {count.total - count.done}", tag="span")
            if count.skipped:
                ui.label(f"{count.skipped} overgeslagen")
            for family, (done, total) in count.families.items():
                ui.html(f"{escape(family_name(family, plural=True))} <b>{done}/{total}</b>", tag="span")

    @ui.refreshable_method
    def question(self) -> None:
        """Show the current question with everything that is needed to answer it, or the end."""
        cell = self.session.cell
        if cell is None:
            self._end()
            return
        scheme, source = self.session.state.scheme, self.session.sources.get(cell.document)
        label = scheme.by_id.get(cell.label)
        family = family_of(cell.label)
        with ui.element("div").classes("rv-where"):
            number = self.session.number
            ui.label(f"Vraag {number} van {len(self.session.questions)}" if number else "Opgezocht in alle cellen")
            ui.label(family_name(family))
            ui.label(f"Kans volgens het model: {percentage(cell.probability)}")
            ui.label(_supported(cell))
        name = f"<strong>{escape(scheme.name(cell.label))}</strong>"
        document = f"<strong>{escape(document_name(source, cell.document))}</strong>"
        ui.html(question(family, name, document), tag="h1").classes("rv-question").mark("question")
        if label:
            ui.label(label.definition).classes("rv-definition")
        self._earlier(cell)
        unreadable = self.session.unreadable(cell.document)
        if unreadable:
            ui.label(_unreadable(unreadable)).classes("rv-warning")
        if not self.session.was_read(cell.document):
            ui.label(NOT_READ).classes("rv-warning")
        elif not cell.quotes:
            ui.label("Geen enkele zin in dit document wijst op dit label.").classes("rv-none")
        with ui.element("div").classes("rv-quotes" + (" one" if len(cell.quotes) == 1 else "")):
            for quote in cell.quotes[:3]:
                card = ui.element("article").classes("rv-quote")
                card.on("click", lambda quote=quote: self._wide(cell, quote))
                with card:
                    _passage(self.session.passage(cell, quote), shorten=True)

    def _earlier(self, cell: Cell) -> None:
        history = self.session.history((cell.document, cell.label))
        if history:
            last = history[-1]
            words = {"ja": "ja", "nee": "nee"}.get(last.verdict, "overgeslagen")
            text = f"Eerder: {words}, door {last.analyst} op {moment(last)}"
            decided = self.session.deciding((cell.document, cell.label))
            if decided and decided is not last:
                text += f"; {decided.verdict} van {decided.analyst} ({moment(decided)}) blijft gelden"
            ui.label(text + (f" – “{last.note}”" if last.note else "")).classes("rv-earlier").mark("earlier")
        elif cell.status != DOUBTFUL:
            ui.label(f"Het model besliste zelf: {cell.status}.").classes("rv-earlier").mark("earlier")

    def _end(self) -> None:
        count = self.session.progress()
        with ui.element("div").classes("rv-end"):
            if count.skipped:
                ui.html("Alle vragen gehad", tag="h2")
                ui.label(f"{count.done} beoordeeld; {count.skipped} overgeslagen en dus nog onbeslist.")
                ui.button("Bekijk de overgeslagen vragen", on_click=self._revisit).props("no-caps unelevated").style(
                    "margin: 12px 0"
                )
            elif count.total:
                ui.html("Klaar, dank u wel!", tag="h2")
                ui.label(f"Alle {count.total} vragen zijn beantwoord en bewaard.")
            else:
                ui.html("Niets te controleren", tag="h2")
                ui.label("Het model twijfelt over geen enkele cel.")
            ui.html(
                "Sluit dit venster en draai <code>dvc repro</code>: dan staan uw oordelen in de tabellen, de figuren "
                "en het rapport. Onder ‘Alle cellen’ kunt u elk antwoord nog wijzigen; met "
                "<kbd>u</kbd> maakt u uw laatste oordeel ongedaan.",
                tag="p",
            ).style("margin: 12px 0 0")

    def _buttons(self) -> None:
        with ui.element("div").classes("row"):
            _button("Ja", "j", lambda: self._give("ja"), GREEN).props("unelevated").classes("answer")
            _button("Nee", "n", lambda: self._give("nee"), RED).props("unelevated").classes("answer")
            _button("Overslaan", "o", lambda: self._give("overslaan")).props("outline")
            self.note = ui.input(placeholder="Toelichting, niet verplicht (t)").props(
                "outlined dense maxlength=1000 aria-label=Toelichting"
            )
            self.note.classes("note")
            for key in ("enter", "escape"):
                self.note.on(f"keydown.{key}", js_handler="(event) => event.target.blur()")
            _button("Ongedaan maken", "u", self._undo).props("flat")
            _button("", "←", lambda: self._walk(-1)).props("flat aria-label='Vorige vraag'")
            _button("", "→", lambda: self._walk(1)).props("flat aria-label='Volgende vraag'")

    def _table(self) -> None:
        session = self.session
        documents = {EVERYTHING: "Alle documenten"}
        for document in dict.fromkeys(cell.document for cell in session.state.cells):
            source = session.sources.get(document)
            documents[document] = f"{organisation_name(source)} – {kind_name(source)}" if source else document
        families = dict.fromkeys(family_of(cell.label) for cell in session.state.cells)
        choices = {
            "document": documents,
            "family": {EVERYTHING: "Alles"} | {family: family_name(family, plural=True) for family in families},
            "status": {EVERYTHING: "Elke status"} | {status: status for status in ("ja", "nee", DOUBTFUL)},
        }
        headings = {"document": "Document", "family": "Soort", "status": "Status"}
        with ui.element("div").classes("rv-filters"):
            for name, options in choices.items():
                select = ui.select(options, value=EVERYTHING, label=headings[name], on_change=self._filter(name))
                select.props("outlined dense options-dense").style("min-width: 180px").mark(f"filter-{name}")
            find = ui.input("Zoek in label, organisatie en citaten", on_change=self._search)
            find.props("outlined dense clearable debounce=250").style("flex: 1").mark("search")
            self.found = ui.label()
        columns = [
            {"name": name, "field": name, "label": label, "sortable": True, "align": align}
            for name, label, align in (
                ("organisation", "Organisatie", "left"),
                ("kind", "Document", "left"),
                ("family", "Soort", "left"),
                ("name", "Label", "left"),
                ("status", "Status", "left"),
                ("probability", "Kans (%)", "right"),
                ("decided_by", "Door", "left"),
                ("when", "Wanneer", "left"),
            )
        ]
        self.table = ui.table(rows=[], columns=columns, row_key="id", pagination={"rowsPerPage": 50})
        self.table.props("dense flat bordered virtual-scroll").classes("rv-table").mark("cells")
        self.table.props["no-data-label"] = "Geen cellen gevonden"
        self.table.on("rowClick", self._open)

    # what the analyst does

    def _key(self, event: KeyEventArguments) -> None:
        modifiers = event.modifiers
        if not event.action.keydown or modifiers.alt or modifiers.ctrl or modifiers.meta or self.dialog.value:
            return
        key = event.key.name.lower()
        if key == "?":
            self._help()
            return
        if self.view != "questions":
            return
        if key in ("j", "n", "o", "u", "backspace"):
            now = time.monotonic()
            if now - self.last_key < DOUBLE_TAP:
                return
            self.last_key = now
        cell = self.session.cell
        if key in ("1", "2", "3") and cell and int(key) <= len(cell.quotes):
            self._wide(cell, cell.quotes[int(key) - 1])
        elif key in self._actions:
            self._actions[key]()

    @property
    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "j": lambda: self._give("ja"),
            "n": lambda: self._give("nee"),
            "o": lambda: self._give("overslaan"),
            "u": self._undo,
            "backspace": self._undo,
            "arrowleft": lambda: self._walk(-1),
            "arrowright": lambda: self._walk(1),
            "t": self._write_note,
        }

    def _give(self, verdict: Literal["ja", "nee", "overslaan"]) -> None:
        if self.session.cell is None:
            return
        try:
            self.session.give(verdict, self.note.value or "")
        except ReviewError as error:
            _complain(error)
            return
        if self.back_to_cells:
            ui.notify(f"Bewaard: {verdict}", position="top", timeout=1500)
            self.session.go_to_open()
            self._show("cells")
        else:
            self._show("questions")

    def _undo(self) -> None:
        try:
            undone = self.session.undo()
        except ReviewError as error:
            _complain(error)
            return
        if undone is None:
            ui.notify("Er is niets om ongedaan te maken", position="top", timeout=1500)
            return
        ui.notify(f"Ongedaan gemaakt: {undone.verdict}", position="top", timeout=1500)
        self._show("questions")

    def _write_note(self) -> None:
        self.note.run_method("focus")

    def _walk(self, step: Literal[-1, 1]) -> None:
        self.session.walk(step)
        self._show("questions")

    def _revisit(self) -> None:
        self.session.revisit_skipped()
        self._show("questions")

    def _open(self, event: GenericEventArguments) -> None:
        row = event.args[1]
        self.session.open((row["document"], row["label"]))
        self._show("questions", back_to_cells=True)

    def _filter(self, name: str) -> Callable[[Any], None]:
        def change(event: Any) -> None:
            self.filters[name] = event.value
            self._fill_table()

        return change

    def _search(self, event: Any) -> None:
        self.search = (event.value or "").strip().lower()
        self._fill_table()

    def _show(self, view: Literal["questions", "cells"], *, back_to_cells: bool = False) -> None:
        self.view = view
        self.back_to_cells = back_to_cells
        for name, tab in self.tabs.items():
            tab.classes(add="on" if name == view else "", remove="" if name == view else "on")
        self.questions.set_visibility(view == "questions")
        self.actions.set_visibility(view == "questions" and self.session.cell is not None)
        self.table_view.set_visibility(view == "cells")
        self.note.value = ""
        self.progress.refresh()
        if view == "cells":
            self._fill_table()
        else:
            self.question.refresh()

    def _fill_table(self) -> None:
        rows = [self._row(cell) for cell in self.session.cells.values() if self._fits(cell)]
        self.table.rows = rows
        self.found.text = f"{len(rows)} cellen"

    def _fits(self, cell: Cell) -> bool:
        chosen = {"document": cell.document, "family": family_of(cell.label), "status": cell.status}
        if any(self.filters[name] not in (EVERYTHING, value) for name, value in chosen.items()):
            return False
        source = self.session.sources.get(cell.document)
        texts = [
            self.session.state.scheme.name(cell.label),
            source.organisation if source else cell.document,
            *(quote.text for quote in cell.quotes),
        ]
        return not self.search or any(self.search in text.lower() for text in texts)

    def _row(self, cell: Cell) -> dict[str, object]:
        source = self.session.sources.get(cell.document)
        verdict = self.session.deciding((cell.document, cell.label))
        return {
            "id": f"{cell.document} {cell.label}",
            "document": cell.document,
            "label": cell.label,
            "organisation": organisation_name(source) if source else cell.document,
            "kind": kind_name(source) if source else "",
            "family": family_name(family_of(cell.label)),
            "name": self.session.state.scheme.name(cell.label),
            "status": cell.status,
            "probability": round(100 * cell.probability),
            "decided_by": cell.decided_by if cell.status != DOUBTFUL else "",
            "when": moment(verdict) if verdict else "",
        }

    # windows over the page

    def _wide(self, cell: Cell, quote: Quote) -> None:
        self.dialog.clear()
        with self.dialog, ui.card().classes("rv-wide"):
            _passage(self.session.passage(cell, quote, around=WIDE), shorten=False)
        self.dialog.open()

    def _help(self) -> None:
        self.dialog.clear()
        cell = self.session.cell
        label = self.session.state.scheme.by_id.get(cell.label) if cell and self.view == "questions" else None
        with self.dialog, ui.card().classes("rv-wide"):
            ui.html("Toetsen", tag="h3")
            with ui.element("div").classes("rv-keys two"):
                for key, meaning in KEYS:
                    ui.html(escape(key), tag="kbd")
                    ui.label(meaning)
            if label:
                ui.html(f"Wat telt als {escape(label.name)}", tag="h3").style("margin-top: 10px")
                ui.label(label.definition)
                with ui.element("div").classes("rv-keys"):
                    for example in [e for e in label.examples if e.has][:3]:
                        ui.html("wel", tag="b")
                        ui.label(example.text)
                    for example in [e for e in label.examples if not e.has][:3]:
                        ui.html("niet", tag="b")
                        ui.label(example.text)
        self.dialog.open()


def _button(text: str, key: str, action: Callable[[], None], color: str = "primary") -> ui.button:
    with ui.button(text, on_click=action, color=color).props("no-caps") as button:
        ui.html(escape(key), tag="kbd")
    return button


def _complain(error: ReviewError) -> None:
    ui.notify(
        f"Niet bewaard. {error.message} – {error.hint}",
        type="negative",
        position="top",
        timeout=0,
        close_button="Sluit",
    )


def _supported(cell: Cell) -> str:
    shown = min(len(cell.quotes), 3)
    if cell.sentences <= shown:
        return f"{cell.sentences} {'zin' if cell.sentences == 1 else 'zinnen'} gevonden"
    return f"{cell.sentences} zinnen gevonden, de {shown} sterkste hieronder"


NOT_READ = "Let op: dit document kon niet worden gelezen. Beslis alleen als u het zelf hebt ingezien."


def _unreadable(pages: list[int]) -> str:
    numbers = ", ".join(map(str, pages[:8])) + (", …" if len(pages) > 8 else "")
    return f"Let op: van dit document is {len(pages)} blz. niet leesbaar (blz. {numbers}); kijk daar zelf."


def _passage(passage: Passage, *, shorten: bool) -> None:
    section = f" – {escape(passage.section)}" if passage.section else ""
    ui.html(f"<b>{escape(passage.place)}</b>{section}").classes("place")
    if passage.elsewhere:
        ui.label(elsewhere(passage.elsewhere)).classes("elsewhere").mark("elsewhere")
    before, after = passage.before, passage.after
    if shorten:
        before, after = _nearest(before[::-1])[::-1], _nearest(after)
    for sentence in before:
        _aside(sentence)
    ui.html(_marked(passage), tag="p").classes("hit")
    for sentence in after:
        _aside(sentence)


def _nearest(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Take whole sentences as long as they fit, and always the first."""
    kept: list[Sentence] = []
    for sentence in sentences:
        if kept and sum(len(s.text) for s in kept) + len(sentence.text) > ASIDE:
            break
        kept.append(sentence)
    return tuple(kept)


def _aside(sentence: Sentence) -> None:
    ui.html(escape(sentence.text), tag="p").classes("heading" if sentence.kind == "heading" else "")


def _marked(passage: Passage) -> str:
    parts, end = [], 0
    for start, stop in passage.marks:
        parts += [escape(passage.text[end:start]), f"<mark>{escape(passage.text[start:stop])}</mark>"]
        end = stop
    return "".join([*parts, escape(passage.text[end:])])
