"""Tokens, spelling, names and places, each alone."""

import pytest
from packages.agents.tests.analyst.language.tables import Asked

from sapwood_agents.analyst.language.places import held, place_names
from sapwood_agents.analyst.language.segments import segments
from sapwood_agents.analyst.language.spelling import abbreviates, is_form, is_typo, lemma, stem
from sapwood_agents.analyst.language.tokens import name_words, tokenize


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1,250.5", 1250.5),
        ("75k", 75_000),
        ("2 million", 2e6),
        ("$1.5m", 1.5e6),
        ("seven", 7),
        (".5", 0.5),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert [token.number for token in tokenize(text)] == [number]


def test_both_ends_of_a_range_share_its_scale() -> None:
    assert [token.number for token in tokenize("between 10 and 20 million") if token.number] == [10e6, 20e6]


@pytest.mark.parametrize("text", ["10-20", "10 – 20"])
def test_a_dash_between_numbers_is_a_range(text: str) -> None:
    assert [token.word for token in tokenize(text)] == ["10", "to", "20"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("names starting with the letter k, please", "k"), ("contains love", "love"), ("ends in 458?", "458"),
     ("with river in the name", "river")],
)  # fmt: skip
def test_what_follows_a_text_operator_is_text(text: str, quoted: str) -> None:
    assert [token.text for token in tokenize(text) if token.kind == "quoted"] == [quoted]


def test_tokens_know_where_they_stand_in_the_question() -> None:
    question = "boats w/o a port (home) i.e. none"

    assert all(
        question[token.start : token.end].casefold().startswith(token.text[:1].casefold())
        for token in tokenize(question)
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("totalBill_USD", ("total", "bill", "usd")),
        ("HTTPStatus", ("http", "status")),
        ("Body Mass (g)", ("body", "mass", "g")),
    ],
)
def test_names_are_cut_at_case_and_signs(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("tripduration", ("trip", "duration")),
        ("bodyweight", ("body", "weight")),
        ("price", ("price",)),
        ("xyzzyq", ("xyzzyq",)),
    ],
)
def test_names_without_a_space_are_cut_into_words(word: str, parts: tuple[str, ...]) -> None:
    assert segments(word) == parts


def test_words_and_their_forms() -> None:
    assert lemma("countries") == "country"
    assert is_typo("lenght", "length")
    assert not is_typo("house", "mouse")
    assert is_form("rated", "rating")
    assert stem("discovered") == stem("discovery")
    assert abbreviates("qty", "quantity")


def test_places_have_several_names() -> None:
    assert "germany" in place_names()["german"]
    assert "united states" in place_names()["us"]
    assert held(["DE", "FR", "IT", "ES"]) == ("country", "nation")
    assert held(["x", "y"]) == ()


def test_a_column_is_found_by_what_it_holds(boats: Asked) -> None:
    assert boats.reader.linker.columns(tokenize("nation"))[0][0] == "country"
    assert boats.reader.linker.columns(tokenize("home port"))[0] == ("home_port", 1.0)
    assert boats.reader.linker.declared_units("length_m") == ("m",)
