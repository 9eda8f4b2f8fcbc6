"""The page: whole in itself, and safe whatever stands in the data."""

from html.parser import HTMLParser

import pytest
from packages.agents.tests.analyst.profile.bare import BareTables

from sapwood_agents.analyst.profile.html import page
from sapwood_agents.analyst.profile.words import cell, percent

HOSTILE = '<script>alert("x")</script><img src=http://evil.example/x onerror=alert(1)>'
VOID = {"meta", "rect"}


class Elements(HTMLParser):
    """Notes every element with its attributes, and refuses one that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def elements(text: str) -> Elements:
    parser = Elements()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def hostile() -> str:
    quoted = HOSTILE.replace('"', '""')
    tables = BareTables(
        f"""SELECT i AS "{quoted}", 'v' || i % 3 || '{HOSTILE}' AS b, i / 7 AS x, i % 5 AS n,
                   TIMESTAMP '2024-01-01' + to_hours(i) AS t FROM range(300) AS numbers(i)"""
    )
    return page(tables.profile())


def test_the_page_is_whole_and_loads_nothing(hostile: str) -> None:
    found = elements(hostile).found

    assert {tag for tag, _ in found} & {"script", "link", "img", "iframe", "object", "a"} == set()
    for _, attributes in found:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "href")}
    assert "url(" not in hostile
    assert "@import" not in hostile


def test_what_stands_in_the_data_is_text(hostile: str) -> None:
    assert "<script" not in hostile
    assert "&lt;script&gt;" in hostile


def test_columns_with_numbers_and_times_have_a_picture(hostile: str) -> None:
    pictures = [attributes for tag, attributes in elements(hostile).found if tag == "svg"]

    assert len(pictures) == 4
    assert all(str(one["aria-label"]).startswith("histogram of ") for one in pictures)


def test_the_page_is_light_and_dark(hostile: str) -> None:
    assert "color-scheme: light dark" in hostile
    assert "prefers-color-scheme: dark" in hostile


def test_a_page_of_nothing_is_a_page() -> None:
    text = page(BareTables("SELECT 1::BIGINT AS a WHERE false").profile())

    assert "the table has no rows" in text
    assert elements(text).found


def test_estimates_are_marked_on_the_page() -> None:
    tables = BareTables("SELECT i AS id, hash(i) % 9000 / 7.0 AS x FROM range(20000) AS t(i)")
    made = "SELECT id, x::DOUBLE AS x FROM data"
    tables.connection.execute(f"CREATE OR REPLACE TABLE data AS {made}")

    text = page(tables.profile(exact_rows=0, sample_rows=1000))

    assert "~ marks estimates" in text
    assert "<dt>median</dt><dd>~" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"), (True, "yes"), (2013, "2013"), (20130, "20,130"), (-1234567, "-1,234,567"), (0.5, "0.5"),
        (1234.56, "1234.6"), (123456.0, "123,456"), (1e-9, "1e-09"), (10**18, "1e+18"), ("x", "x"),
        ("2024-01-05T00:00:00", "2024-01-05"), ("2024-01-05T10:00:00", "2024-01-05 10:00:00"),
    ],
)  # fmt: skip
def test_cells_are_written_for_a_person(value: object, shown: str) -> None:
    assert cell(value) == shown  # pyright: ignore[reportArgumentType]  # every kind of cell in one list


def test_shares_are_neither_rounded_to_nothing_nor_to_all() -> None:
    assert [percent(share) for share in (0, 0.0001, 0.5, 0.99999, 1)] == [
        "0 %", "<0.1 %", "50.0 %", ">99.9 %", "100 %",
    ]  # fmt: skip
