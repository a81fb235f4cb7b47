import hashlib

import pytest

from mvoi_nlp.errors import SourceError
from mvoi_nlp.sources import COLUMNS, check_register, unregistered_source

HEADER = ",".join(COLUMNS)
GOOD = "plan-a,a.txt,Gemeente Aadorp,gemeente,actieplan,2024,,2024-05-01,test,1"


@pytest.fixture
def corpus(tmp_path):
    """Make a register with these rows, and files a.txt and b.txt."""
    (tmp_path / "a.txt").write_text("Plan van A.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Plan van B.", encoding="utf-8")

    def make(*rows, header=HEADER):
        path = tmp_path / "register.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return make


def test_a_row_becomes_a_source_with_the_hash_of_its_file(corpus):
    [source] = check_register(corpus(GOOD)).sources
    assert (source.document, source.year, source.reporting_year, source.represents) == ("plan-a", 2024, None, 1)
    assert source.sha256 == hashlib.sha256(b"Plan van A.").hexdigest()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("plan-b,weg.txt,Gemeente B,gemeente,actieplan,2024,,,,1", "weg.txt does not exist"),
        ("plan-b,b.txt,Gemeente B,gemente,actieplan,2024,,,,1", "organisation_type"),
        ("plan-b,b.txt,Gemeente B,gemeente,actieplan,tweeduizend,,,,1", "year"),
        ("plan-b,b.txt,,gemeente,actieplan,2024,,,,1", "organisation"),
        ("plan-a,b.txt,Gemeente B,gemeente,actieplan,2024,,,,1", "same document id as row 2"),
        ("plan-b,a.txt,Gemeente B,gemeente,actieplan,2024,,,,1", "same file as row 2"),
        ("plan-b,../geheim.txt,Gemeente B,gemeente,actieplan,2024,,,,1", "outside"),
        ("Plan B,b.txt,Gemeente B,gemeente,actieplan,2024,,,,1", "document"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_go_on(corpus, row, says):
    checked = check_register(corpus(GOOD, row))
    assert [source.document for source in checked.sources] == ["plan-a"]
    [problem] = checked.problems
    assert "row 3" in problem.message
    assert says in problem.message


def test_two_files_with_the_same_content_are_one_document_too_many(corpus, tmp_path):
    (tmp_path / "b.txt").write_bytes((tmp_path / "a.txt").read_bytes())
    checked = check_register(corpus(GOOD, GOOD.replace("plan-a,a.txt", "plan-b,b.txt")))
    assert "same content as row 2" in checked.problems[0].message


def test_a_file_in_no_row_is_mentioned(corpus):
    assert check_register(corpus(GOOD)).unregistered == ("b.txt",)


def test_a_register_saved_by_dutch_excel_is_read(corpus):
    checked = check_register(corpus(GOOD.replace(",", ";"), header="\ufeff" + ";".join(COLUMNS)))
    assert [source.document for source in checked.sources] == ["plan-a"]


def test_a_register_without_a_needed_column_cannot_be_read(corpus):
    with pytest.raises(SourceError, match="organisation_type"):
        check_register(corpus(header="document,file,organisation,kind,year"))


def test_an_unregistered_file_is_known_by_what_it_says(tmp_path):
    path = tmp_path / "stuk.txt"
    path.write_text("x", encoding="utf-8")
    guess = unregistered_source(path, ["Rapportage MVOI 2024", "De gemeente Aan Zee meldt ...", "Gemeente Aan Zee"])
    assert (guess.kind, guess.organisation, guess.organisation_type) == ("rapportage", "Gemeente Aan Zee", "gemeente")
    assert unregistered_source(path, ["Notulen"]).kind == "overig"


@pytest.mark.parametrize(
    ("name", "text", "kind", "organisation"),
    [
        (
            "raadsinformatiebrief.txt",
            "Vorig jaar stelde gemeente Aadorp het actieplan vast.",
            "rapportage",
            "Gemeente Aadorp",
        ),
        ("plan.txt", "Actieplan van de Hogeschool Beewoud; de evaluatie volgt.", "actieplan", "Hogeschool Beewoud"),
        ("stuk.txt", "Jaarverslag Waterschappen Cee en Dee", "rapportage", "Waterschappen Cee en Dee"),
    ],
)
def test_kind_and_body_are_guessed_from_name_and_opening(tmp_path, name, text, kind, organisation):
    (tmp_path / name).write_text(text, encoding="utf-8")
    guess = unregistered_source(tmp_path / name, [text])
    assert (guess.kind, guess.organisation) == (kind, organisation)
