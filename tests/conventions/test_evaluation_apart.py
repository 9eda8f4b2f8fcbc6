"""The product is written from English and the table at hand, never from the questions it is measured by."""

import json
import re
from functools import cache
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
EVALUATION = ROOT / "benchmarks" / "instant"
FOLDERS = sorted(path.parent for path in EVALUATION.glob("*/*/questions.jsonl"))
ENGLISH = Path(__file__).parent / "english_words.txt"
COMPILED = {".pyc", ".so"}

ALLOWED = {
    "words of programs, which the sources speak of": "dataset lstat math milliseconds num pid runtime scrape "
    "subtype url",
    "abbreviations that readers expand in any table": "abbr cond cyl dest dob edu humid lng msrp precip sqft "
    "trt zipcode",
    "endings of words, by which their kind is told": "ent",
    "codes of standards": "cas dst faa fips geoid iata icao mcc mnc noc sku tld tmax tmin usa",
    "quantities with an English name": "acidity bmi eccentricity electronegativity gdp gpa loudness parallax "
    "redshift snowfall sweetness",
    "English words that questions ask of": "assignee attrition birthdate churn demonym drivetrain "
    "extinguished honors neighborhood nuclide pollster requester segmented seniority subregion takings "
    "tourney tumor undecided valence",
    "words of headers in Spanish and Italian": "año denominacion monto codice nome popolazione provincia "
    "regione",
    "kinds of personal data and columns of the product's own": "created_at date_of_birth duration_ms "
    "engine_version opened_at",
}
"""Names that no table has for itself, by the reason."""


def is_text(path: Path) -> bool:
    return path.is_file() and path.suffix not in COMPILED


@cache
def sources() -> dict[Path, str]:
    """Whatever is shipped, code or data."""
    roots = [*ROOT.glob("packages/*/src"), *ROOT.glob("apps/*/src")]
    return {
        path: path.read_text(encoding="utf-8") for root in roots for path in root.rglob("*") if is_text(path)
    }


@cache
def said() -> str:
    return " ".join(sources().values()).casefold()


@cache
def words() -> dict[str, frozenset[str]]:
    """The words of the sources in lower case, each with the names of its files."""
    found: dict[str, set[str]] = {}
    for path, text in sources().items():
        for word in re.findall(r"\w+", text.casefold()):
            found.setdefault(word, set()).add(path.name)
    return {word: frozenset(files) for word, files in found.items()}


@cache
def ordinary() -> frozenset[str]:
    """Words of common English, which any source may say."""
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def names(folder: Path) -> set[str]:
    """The table's columns as they stand in its file."""
    file = next(path for path in folder.iterdir() if path.stem == "table")
    match file.suffix:
        case ".csv" | ".tsv":
            read = "read_csv($file, header = true, all_varchar = true)"
        case ".json":
            read = "read_json($file)"
        case ".parquet":
            read = "read_parquet($file)"
        case _:
            raise ValueError(f"say how the header of {file} is read")
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM {read}", {"file": str(file)}).fetchall()
    return {name for name, *_ in described}


def is_distinctive(name: str) -> bool:
    """Whether a name is no common English: `trqvl`, `berry_wt`, `JarCost`, `Seed Mass (g)`.

    Of four signs and less, two in a single word, any may be an abbreviation of something else.
    """
    if any(name.casefold() in allowed.split() for allowed in ALLOWED.values()):
        return False
    if name.isalpha():
        return len(name) > 2 and name.casefold() not in ordinary()
    return len(name) > 4


def occurrences(name: str) -> set[str]:
    """The files that have the name; a single word in any case, since lists of words are in lower case."""
    if name.isalpha():
        return set(words().get(name.casefold(), ()))
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return {path.name for path, text in sources().items() if name in text and whole.search(text)}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_question_occurs_in_the_sources(folder: Path) -> None:
    questions = [
        json.loads(line)["q"].strip(" ?.!").casefold()
        for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]

    found = [question for question in questions if len(question.split()) >= 4 and question in said()]

    assert found == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_column_or_table_name_occurs_in_the_sources(folder: Path) -> None:
    wanted = {name for name in names(folder) | {folder.name} if is_distinctive(name)}

    assert {name: files for name in wanted if (files := occurrences(name))} == {}


@pytest.mark.parametrize("name", ["trqvl", "Jarwt", "JarCost", "berry_wt", "Seed Mass (g)"])
def test_a_name_that_is_no_common_english_is_distinctive(name: str) -> None:
    assert is_distinctive(name)


@pytest.mark.parametrize("name", ["price", "Weight", "ID", "km2", "abbr"])
def test_common_english_and_short_names_are_not_distinctive(name: str) -> None:
    assert not is_distinctive(name)


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("csv", "(header)"), ("tsv", "(header, delimiter '\t')"), ("json", "(array)"), ("parquet", "")],
)
def test_the_columns_of_every_kind_of_table_are_read(suffix: str, options: str, tmp_path: Path) -> None:
    rows = "SELECT 'plum' AS \"jar, big\", 3 AS trqvl"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({rows}) TO '{tmp_path / f'table.{suffix}'}' {options}")

    assert names(tmp_path) == {"jar, big", "trqvl"}


def test_code_and_data_of_every_member_are_looked_through() -> None:
    seen = {path.relative_to(ROOT).as_posix() for path in sources()}

    assert {path.split("/")[1] for path in seen} >= {"shared", "storage", "agents", "runtime", "cli"}
    assert any(path.endswith("rows/described_by.txt") for path in seen)


def test_a_single_word_is_found_in_any_case_and_a_longer_name_as_it_stands() -> None:
    assert "described_by.txt" in occurrences("Pupil")
    assert occurrences("TableCard")
    assert occurrences("table_card") == set()
