import asyncio
import dataclasses
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nicegui import ui
from nicegui.testing.user_simulation import user_simulation

import mvoi_nlp.review
from browser import chromium
from mvoi_nlp.errors import ReviewError
from mvoi_nlp.records import Boilerplate, Cell, Verdict
from mvoi_nlp.review import Reviewed, append_verdict, apply_verdicts, queue, read_verdicts, serve
from mvoi_nlp.review import _page as page_module
from mvoi_nlp.review._page import build_page
from mvoi_nlp.review._session import Session
from mvoi_nlp.review._wording import document_name, moment
from mvoi_nlp.settings import ReviewSettings

DOUBTFUL = "nog te controleren"


def test_the_front_door_names_what_there_is():
    assert mvoi_nlp.review.__all__ == [
        "ReviewState", "Reviewed", "append_verdict", "apply_verdicts", "queue", "read_verdicts", "serve",
    ]  # fmt: skip


def test_the_step_does_not_load_the_page_to_apply_verdicts():
    code = "import sys, mvoi_nlp.review; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# verdicts on cells


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ([], DOUBTFUL),
        (["ja"], "ja"),
        (["ja", "nee"], "nee"),
        (["overslaan"], DOUBTFUL),
        (["ja", "overslaan"], "ja"),
        (["ja", "ongedaan"], DOUBTFUL),
        (["ja", "nee", "ongedaan"], "ja"),
        (["ja", "nee", "ongedaan", "ongedaan"], DOUBTFUL),
        (["ja", "overslaan", "ongedaan"], "ja"),
        (["ja", "overslaan", "ongedaan", "ongedaan"], DOUBTFUL),
        (["ongedaan", "ja"], "ja"),
        (["ja", "ongedaan", "ongedaan", "nee"], "nee"),
    ],
)
def test_the_order_of_lines_decides(cell, verdict, said, status):
    [reviewed] = apply_verdicts([cell()], [verdict(verdict=word) for word in said]).cells
    assert reviewed.status == status


def test_a_verdict_sets_status_and_analyst_and_keeps_the_probability(cell, verdict):
    [reviewed] = apply_verdicts([cell(status="ja", probability=0.97)], [verdict(verdict="nee", analyst="AB")]).cells
    assert (reviewed.status, reviewed.decided_by, reviewed.probability) == ("nee", "AB", 0.97)


def test_an_undone_verdict_gives_the_cell_back_to_the_model(cell, verdict):
    before = cell(status="ja")
    assert apply_verdicts([before], [verdict(verdict="nee"), verdict(verdict="ongedaan")]).cells == (before,)


def test_verdicts_on_what_is_gone_are_reported_in_order(cell, verdict):
    gone = [verdict(document="weg"), verdict(label="theme:weg"), verdict(document="weg", verdict="ongedaan")]
    assert apply_verdicts([cell()], [gone[0], verdict(), *gone[1:]]).unused == tuple(gone)


def test_no_verdicts_change_nothing(cell):
    assert apply_verdicts([cell()], []) == Reviewed(cells=(cell(),), unused=())


WORDS = st.sampled_from(["ja", "nee", "overslaan", "ongedaan"])


@given(st.lists(st.tuples(st.sampled_from("abc"), WORDS, st.sampled_from(["JV", "AB"])), max_size=40))
def test_any_sequence_leads_where_a_simple_model_says(said):
    cells = [Cell(document=name, label="theme:x", probability=0.5, status=DOUBTFUL, sentences=0) for name in "ab"]
    verdicts = [
        Verdict(time="", analyst=who, document=name, label="theme:x", verdict=word, replaced="")
        for name, word, who in said
    ]

    def model(name):
        words = [(word, who) for cell, word, who in said if cell == name]
        while any(word == "ongedaan" for word, _ in words):  # strike out each undo with what stands before it
            at = next(number for number, (word, _) in enumerate(words) if word == "ongedaan")
            del words[max(at - 1, 0) : at + 1]
        answers = [(word, who) for word, who in words if word != "overslaan"]
        return answers[-1] if answers else (DOUBTFUL, "model")

    reviewed = apply_verdicts(cells, verdicts)
    assert [(cell.status, cell.decided_by) for cell in reviewed.cells] == [model("a"), model("b")]
    assert len(reviewed.unused) == sum(name == "c" for name, _, _ in said)


# which come first


def test_the_label_with_the_largest_share_of_doubt_comes_first_and_uncharted_labels_last(cell, scheme):
    sure = cell(document="best", status="ja")
    cells = [
        cell(document="goes", label="topic:kader"),
        cell(document="goes", probability=0.7),
        sure,
        cell(document="goes", label="sector:ict", probability=0.4),
        cell(document="best", label="sector:ict", probability=0.55),
        cell(document="best", label="goal:doel"),
    ]
    order = [(c.label, c.document) for c in queue(cells, scheme, ReviewSettings())]
    assert order == [
        ("sector:ict", "best"), ("sector:ict", "goes"), ("theme:klimaat", "goes"), ("topic:kader", "goes"),
    ]  # fmt: skip


@given(st.randoms())
@settings(max_examples=20)
def test_the_order_does_not_depend_on_the_order_of_the_cells(random):
    from mvoi_nlp.scheme import Scheme

    cells = [
        Cell(document=d, label=f"theme:{label}", probability=p / 4, status=DOUBTFUL, sentences=0)
        for d in "ab"
        for label in "xy"
        for p in [ord(d) % 4]
    ]
    shuffled = random.sample(cells, len(cells))
    empty = Scheme([], Path("scheme"))
    assert queue(shuffled, empty, ReviewSettings()) == queue(cells, empty, ReviewSettings())


# the file


def test_what_is_appended_is_read_back_in_order(tmp_path, verdict):
    path = tmp_path / "new" / "decisions.jsonl"
    said = [verdict(note="één\nregel “kort”\u2028"), verdict(verdict="ongedaan"), verdict(document="goes")]
    for one in said:
        append_verdict(path, one)
    assert read_verdicts(path) == said
    assert path.read_bytes().count(b"\n") == len(said)


def test_no_file_is_no_verdicts(tmp_path):
    assert read_verdicts(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize("length", [1, 20, 60, -2])
def test_a_torn_last_line_does_not_count_and_the_next_verdict_stands_on_its_own_line(tmp_path, verdict, length):
    path = tmp_path / "decisions.jsonl"
    append_verdict(path, verdict())
    torn = verdict(note="één").model_dump_json().encode()[:length]
    path.write_bytes(path.read_bytes() + torn)
    with pytest.warns(UserWarning, match="broken off"):
        assert read_verdicts(path) == [verdict()]
    with pytest.warns(UserWarning, match="broken off"):
        append_verdict(path, verdict(verdict="nee"))
    assert read_verdicts(path) == [verdict(), verdict(verdict="nee")]


def test_a_finished_verdict_without_its_line_break_counts(tmp_path, verdict):
    path = tmp_path / "decisions.jsonl"
    path.write_text(verdict().model_dump_json())
    assert read_verdicts(path) == [verdict()]
    append_verdict(path, verdict(verdict="nee"))
    assert read_verdicts(path) == [verdict(), verdict(verdict="nee")]


@pytest.mark.parametrize("broken", ['{"time": "2026', "<<<<<<< HEAD", '{"verdict": "misschien"}', "\x00"])
def test_any_other_broken_line_is_named_by_its_row(tmp_path, verdict, broken):
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{verdict().model_dump_json()}\n{broken}\n{verdict().model_dump_json()}\n")
    with pytest.raises(ReviewError, match="row 2") as caught:
        read_verdicts(path)
    assert caught.value.hint


def test_a_verdict_that_cannot_be_stored_is_an_error_with_a_way_out(tmp_path, verdict):
    with pytest.raises(ReviewError, match="was not stored") as caught:
        append_verdict(tmp_path, verdict())  # a folder is no file
    assert caught.value.hint


def test_a_full_disk_leaves_no_half_line(tmp_path, verdict, monkeypatch):
    path = tmp_path / "decisions.jsonl"
    append_verdict(path, verdict())

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReviewError, match="No space left"):
        append_verdict(path, verdict(verdict="nee"))
    assert read_verdicts(path) == [verdict()]


WRITER = """
import sys
from pathlib import Path
from mvoi_nlp.records import Verdict
from mvoi_nlp.review import append_verdict
path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    append_verdict(path, Verdict(time=str(number), analyst=who, document="d", label="theme:x", verdict="ja",
                                 replaced="", note="x" * 500))
    print(number, flush=True)
"""


def start_writer(path, who, count):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), who, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_a_kill_in_the_middle_loses_no_finished_verdict(tmp_path, verdict):
    path = tmp_path / "decisions.jsonl"
    for round_ in range(3):
        writer = start_writer(path, f"K{round_}", 1_000_000)
        finished = -1
        for line in writer.stdout:
            finished = int(line)
            if finished >= 20 + 7 * round_:
                writer.send_signal(signal.SIGKILL)
                break
        rest = writer.stdout.read().split()
        finished = int(rest[-1]) if rest else finished
        writer.wait()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            times = [int(one.time) for one in read_verdicts(path) if one.analyst == f"K{round_}"]
            append_verdict(path, verdict())
        assert times[: finished + 1] == list(range(finished + 1))
        assert read_verdicts(path)[-1] == verdict()


def test_two_pages_at_once_do_not_write_through_each_other(tmp_path):
    path = tmp_path / "decisions.jsonl"
    writers = [start_writer(path, who, 60) for who in ("AB", "CD")]
    for writer in writers:
        writer.communicate(timeout=120)
    said = read_verdicts(path)
    for who in ("AB", "CD"):
        assert [one.time for one in said if one.analyst == who] == [str(number) for number in range(60)]


def test_a_page_waits_for_another_that_is_writing(tmp_path, verdict):
    path = tmp_path / "decisions.jsonl"
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = threading.Thread(target=append_verdict, args=(path, verdict(verdict="nee")))
        waiting.start()
        other.write(verdict().model_dump_json().encode()[:30])  # so far half a line
        other.flush()
        waiting.join(0.3)
        assert waiting.is_alive()
        other.write(verdict().model_dump_json().encode()[30:] + b"\n")
    waiting.join(10)
    assert read_verdicts(path) == [verdict(), verdict(verdict="nee")]


# where an analyst is


def test_a_session_goes_through_the_questions_and_ends(state):
    session = Session(state)
    asked = []
    while session.cell:
        asked.append(session.cell.label)
        session.give("ja")
    assert asked == ["theme:klimaat", "sector:ict"]
    assert (session.progress().done, session.progress().total) == (2, 2)


def test_a_new_session_continues_where_the_file_ends(state):
    Session(state).give("nee", " niet echt ")
    assert [one.note for one in read_verdicts(state.decisions)] == ["niet echt"]
    assert Session(state).cell.label == "sector:ict"


def test_undo_goes_back_to_the_cell_and_never_takes_back_what_another_said(state, verdict):
    session = Session(state)
    session.give("ja")
    append_verdict(state.decisions, verdict(label="sector:ict", analyst="AB", verdict="nee"))
    assert session.undo().verdict == "ja"
    assert session.cell.label == "theme:klimaat"
    assert session.cells["aadorp", "sector:ict"].status == "nee"
    assert session.undo() is None


def test_skipped_questions_come_back_only_when_asked_for(state):
    session = Session(state)
    session.give("overslaan")
    session.give("overslaan")
    assert session.cell is None
    assert session.progress().skipped == 2
    session.revisit_skipped()
    session.give("overslaan")
    session.give("ja")
    assert session.cell is None
    assert (session.progress().done, session.progress().skipped) == (1, 1)


def test_arrows_walk_past_answered_questions_and_stop_at_the_ends(state):
    session = Session(state)
    session.give("ja")
    session.walk(-1)
    session.walk(-1)
    assert session.number == 1
    session.walk(1)
    session.walk(1)
    assert session.number == 2
    session.give("ja")
    session.walk(-1)
    assert session.number == 2


def test_a_quote_stands_between_its_neighbours_with_the_trigger_marked(state):
    session = Session(state)
    passage = session.passage(session.cell, session.cell.quotes[0])
    assert [len(passage.before), len(passage.after)] == [2, 2]
    assert [passage.text[start:end] for start, end in passage.marks] == ["emissievrij"]
    assert (passage.place, passage.section) == ("blz. 4", "2 Doelen")


def test_documents_are_called_by_their_dutch_names(state):
    aadorp, water = state.sources
    report = aadorp.model_copy(update={"kind": "rapportage", "reporting_year": 2023})
    assert document_name(aadorp, "") == "het actieplan 2024 van Gemeente Aadorp"
    assert document_name(report, "") == "de rapportage over 2023 van Gemeente Aadorp"
    assert document_name(water, "") == "het actieplan 2024 van het Ministerie van Water"
    assert document_name(None, "x") == "document x"


def test_a_moment_reads_as_dutch(verdict):
    assert moment(verdict()) == "3 maart 2026, 14:05"
    assert moment(verdict(time="gisteren")) == "gisteren"


# the page, without a browser


@pytest.fixture(autouse=True)
def fast_fingers(monkeypatch):
    monkeypatch.setattr(page_module, "DOUBLE_TAP", 0)


def on_page(state, steps):
    """Run `steps(user)` on an open page."""

    async def run():
        async with user_simulation(root=lambda: build_page(state)) as user:
            await user.open("/")
            await steps(user)

    asyncio.run(run())


def press(user, key, **modifiers):
    event = {"action": "keydown", "repeat": False, "key": key, "code": "", "location": 0}
    held = {f"{name}Key": modifiers.get(name, False) for name in ("alt", "ctrl", "meta", "shift")}
    user.find(ui.keyboard).trigger("key", event | held)


def said(state):
    return [(one.verdict, one.label) for one in read_verdicts(state.decisions)]


def test_a_key_stores_the_verdict_and_shows_the_next_question_and_undo_brings_it_back(state):
    async def steps(user):
        await user.should_see("Speelt het thema <strong>Klimaat</strong> een rol in")
        await user.should_see("<mark>emissievrij</mark>")
        await user.should_see("van dit document is 1 blz. niet leesbaar")
        press(user, "j")
        await user.should_see("de sector <strong>ICT</strong>")
        assert said(state) == [("ja", "theme:klimaat")]
        await user.should_see("<b>1 van 2</b>")
        press(user, "Backspace")
        await user.should_see("Speelt het thema <strong>Klimaat</strong>")
        await user.should_see("<b>0 van 2</b>")
        assert said(state) == [("ja", "theme:klimaat"), ("ongedaan", "theme:klimaat")]

    on_page(state, steps)


def test_a_quote_that_others_have_too_says_so(state):
    mark = Boilerplate(document="aadorp", sentence=2, kind="gedeeld", documents=("b", "c"), organisations=2)

    async def told(user):
        await user.should_see("ook in documenten van 2 andere organisaties")

    async def not_told(user):
        await user.should_see("<mark>emissievrij</mark>")
        await user.should_not_see(marker="elsewhere")

    on_page(dataclasses.replace(state, boilerplate=[mark]), told)
    on_page(state, not_told)


def test_what_a_document_says_is_never_read_as_html(state):
    async def steps(user):
        await user.should_see("&lt;<mark>emissievrij</mark>&gt; &amp; stil")

    on_page(state, steps)


def test_after_the_last_question_the_page_says_what_to_do(state):
    async def steps(user):
        press(user, "n")
        press(user, "J")
        await user.should_see("Klaar, dank u wel!")
        await user.should_see("dvc repro")
        press(user, "j")
        assert len(said(state)) == 2

    on_page(state, steps)


def test_a_note_goes_with_the_verdict_and_not_with_the_next(state):
    async def steps(user):
        user.find(kind=ui.input, content="Toelichting").type("twijfel")
        user.find("Ja").click()
        await user.should_see("ICT")
        user.find("Nee").click()
        assert [one.note for one in read_verdicts(state.decisions)] == ["twijfel", ""]

    on_page(state, steps)


def test_keys_with_control_or_under_the_help_decide_nothing(state):
    async def steps(user):
        press(user, "n", ctrl=True)
        press(user, "?", shift=True)
        await user.should_see("Wat telt als Klimaat")
        press(user, "j")
        assert said(state) == []

    on_page(state, steps)


def test_a_second_key_in_a_blink_does_not_answer_an_unread_question(state, monkeypatch):
    monkeypatch.setattr(page_module, "DOUBLE_TAP", 5)

    async def steps(user):
        press(user, "j")
        press(user, "j")
        assert len(said(state)) == 1

    on_page(state, steps)


def test_a_decided_cell_can_be_found_opened_and_overruled(state):
    async def steps(user):
        user.find("Alle cellen").click()
        await user.should_see("3 cellen")
        user.find(marker="search").type("ministerie")
        await user.should_see("1 cellen")
        table = user.find(ui.table)
        [row] = next(iter(table.elements)).rows
        assert (row["status"], row["decided_by"]) == ("nee", "model")
        table.trigger("rowClick", [{}, row, 0])
        await user.should_see("het actieplan 2024 van het Ministerie van Water")
        await user.should_see("Het model besliste zelf: nee.")
        press(user, "j")
        await user.should_see("1 cellen")
        [row] = next(iter(user.find(ui.table).elements)).rows
        assert (row["status"], row["decided_by"]) == ("ja", "JV")
        table.trigger("rowClick", [{}, row, 0])
        await user.should_see("Eerder: ja, door JV op")

    on_page(state, steps)


def test_a_verdict_that_is_not_stored_leaves_the_question_where_it_is(state):
    async def steps(user):
        state.decisions.mkdir()
        press(user, "j")
        await user.should_see("Niet bewaard.")
        await user.should_see("Speelt het thema <strong>Klimaat</strong>")

    on_page(state, steps)


# the server


def test_a_port_in_use_and_a_nameless_analyst_are_told_before_the_page_starts(state):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ReviewError, match="cannot be used"):
            serve(state, port=taken.getsockname()[1], show=False)
    with pytest.raises(ReviewError, match="analyst"):
        serve(dataclasses.replace(state, analyst=" "), port=1, show=False)


PAGE = """
import pickle, sys
from pathlib import Path
from mvoi_nlp.review import serve
serve(pickle.loads(Path(sys.argv[1]).read_bytes()), port=int(sys.argv[2]), show=False)
"""


@contextmanager
def served(state, folder):
    import pickle

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stored = folder / "state.pickle"
    stored.write_bytes(pickle.dumps(state))
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))}
    server = subprocess.Popen([sys.executable, "-c", PAGE, str(stored), str(port)], cwd=folder, env=quiet)
    try:
        address = f"http://127.0.0.1:{port}/"
        wait_for(lambda: urllib.request.urlopen(address, timeout=30).status == 200)
        yield address, server
    finally:
        server.kill()
        server.wait()


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except Exception:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_in_a_real_browser_a_key_reaches_the_disk_and_survives_a_kill(state, tmp_path):
    import json

    with served(state, tmp_path) as (address, server), chromium() as driver:
        driver.get(address)
        question = "return document.querySelector('h1')?.innerText ?? ''"
        wait_for(lambda: "Klimaat" in driver.execute_script(question))
        time.sleep(1)  # the page is drawn before its socket listens
        driver.switch_to.active_element.send_keys("j")
        wait_for(lambda: "ICT" in driver.execute_script(question))
        server.send_signal(signal.SIGKILL)
        assert said(state) == [("ja", "theme:klimaat")]
        assert not driver.execute_script("return document.documentElement.scrollHeight > innerHeight")
        messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        elsewhere = [url for url in asked if url.startswith(("http", "ws")) and not url.startswith(address)]
        assert elsewhere == []
    assert not (tmp_path / ".nicegui").exists()


def test_a_document_without_sentences_is_said_to_be_unread(state):
    document = state.cells[0].document
    assert Session(state).was_read(document)
    assert not Session(dataclasses.replace(state, sentences={})).was_read(document)
