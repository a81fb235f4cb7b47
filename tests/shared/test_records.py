import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvoi_nlp.errors import MvoiError, RecordError, SettingsError, SourceError
from mvoi_nlp.records import Cell, Quote, Source, Tag, fingerprint, read_rows, write_rows
from mvoi_nlp.scheme import normal_form, term_variants
from mvoi_nlp.settings import Settings, load_settings


@pytest.mark.parametrize("extension", ["jsonl", "parquet"])
def test_rows_come_back_as_they_were(tmp_path, source, cell, extension):
    quote = Quote(sentence=3, page=2, text='Met "aanhaling", komma en\nregel', probability=0.5)
    for rows, kind in (
        ([cell(quotes=(quote, quote)), cell()], Cell),
        ([source(), source(reporting_year=2024)], Source),
    ):
        path = tmp_path / f"rows.{extension}"
        write_rows(path, rows, kind)
        assert read_rows(path, kind) == rows


@pytest.mark.parametrize("extension", ["jsonl", "parquet"])
def test_no_rows_is_a_table_too(tmp_path, extension):
    write_rows(tmp_path / f"rows.{extension}", [], Tag)
    assert read_rows(tmp_path / f"rows.{extension}", Tag) == []


def test_the_same_rows_give_the_same_bytes(tmp_path, tag):
    for name in ("a.parquet", "b.parquet"):
        write_rows(tmp_path / name, [tag(), tag(sentence=2)], Tag)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_row_of_another_type_is_refused_on_both_sides(tmp_path, tag):
    with pytest.raises(RecordError, match="Tag does not belong"):
        write_rows(tmp_path / "x.jsonl", [tag()], Cell)
    (tmp_path / "y.jsonl").write_text(tag().model_dump_json() + '\n{"document": "d"}\n', encoding="utf-8")
    with pytest.raises(RecordError, match=r"y.jsonl, row 2: sentence"):
        read_rows(tmp_path / "y.jsonl", Tag)


def test_a_fingerprint_changes_with_every_part(tmp_path):
    (tmp_path / "f").write_text("een", encoding="utf-8")
    first = fingerprint({"a": 1}, tmp_path / "f")
    (tmp_path / "f").write_text("twee", encoding="utf-8")
    assert len({first, fingerprint({"a": 1}, tmp_path / "f"), fingerprint({"a": 2}, tmp_path / "f")}) == 3


def test_an_unknown_setting_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("tags: {accept_form: 0.9}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"tags.accept_form"):
        load_settings(path)
    path.write_text("tags: {accept_from: 0.2, reject_below: 0.5}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="reject_below is above accept_from"):
        load_settings(path)


def test_settings_cannot_be_changed_after_reading():
    with pytest.raises(ValueError, match="frozen"):
        Settings().tags.accept_from = 0.1


@pytest.mark.parametrize("text", ["CO₂-Uitstoot", "co2-uitstoot", "CO2‑uitstoot", "co\u00ad2-uitstoot"])
def test_spellings_of_one_word_are_one(text):
    assert normal_form(text) == "co2-uitstoot"


@given(st.text())
def test_a_normal_form_is_its_own_normal_form_in_lower_case(text):
    once = normal_form(text)
    assert normal_form(once) == normal_form(normal_form(once))


def test_compounds_are_written_in_three_ways():
    assert set(term_variants("Social return")) == {"social return", "social-return", "socialreturn"}
    assert term_variants("MVI-criteriatool")[0] == "mvi-criteriatool"


def test_an_error_survives_the_way_back_from_a_worker():
    import pickle

    error = pickle.loads(pickle.dumps(SourceError("rij 3", hint="herstel")))
    assert (type(error), error.message, error.hint, isinstance(error, MvoiError)) == (
        SourceError,
        "rij 3",
        "herstel",
        True,
    )
