"""`sapwood profile` as a person runs it.

Renew its schema with `python -m apps.cli.tests.test_profile_command`.
"""

import json
from pathlib import Path
from typing import Any

from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS, SCHEMAS, spawned

from sapwood_agents.analyst.profile.model import Bin, Profile
from sapwood_cli.profile_text import sparkline

SCHEMA = SCHEMAS / "profile.json"
TYPES = {"integer", "number", "text", "boolean", "date", "timestamp"}


def profile_schema() -> dict[str, Any]:
    made = Profile.model_json_schema(mode="serialization")
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **made, "title": "sapwood profile --json"}


def test_the_published_schema_is_that_of_the_model() -> None:
    published = json.loads(SCHEMA.read_text())

    assert published == profile_schema(), "renew it: python -m apps.cli.tests.test_profile_command"


def test_a_profile_in_json_is_one_object_that_fits_the_schema(sapwood: Sapwood) -> None:
    said = sapwood("profile", FLIGHTS, "--json")

    found = said.json("profile")
    assert (said.code, said.err) == (0, "")
    assert (found["schema_version"], found["rows"], len(found["columns"])) == (1, 6099, 19)
    assert {column["type"] for column in found["columns"]} <= TYPES
    delay = next(column for column in found["columns"] if column["name"] == "dep_delay")
    assert (delay["nulls"], delay["distinct"], delay["approximate"]) == (35, 197, {})


def test_a_profile_is_read_in_100_columns(sapwood: Sapwood) -> None:
    said = sapwood("profile", FLIGHTS)

    assert said.code == 0
    assert said.out.startswith("flights: 6,099 rows, 19 columns, no duplicate rows\n")
    assert "year has one value only: 2013" in said.out
    assert "█" in said.out
    assert max(map(len, said.out.splitlines())) <= 100
    assert "\x1b" not in said.out


def test_columns_that_grow_together_take_few_lines(sapwood: Sapwood, tmp_path: Path) -> None:
    file = tmp_path / "growing.csv"
    rows = [[i * k + i % (k + 1) for k in range(1, 9)] for i in range(40)]
    file.write_text("\n".join(",".join(map(str, row)) for row in [list("abcdefgh"), *rows]) + "\n")

    said = sapwood("profile", str(file)).out
    found = sapwood("profile", str(file), "--json").json("profile")["warnings"]

    pairs = [one["text"] for one in found if one["code"] == "correlated"]
    assert said.count("say almost the same") == 5
    assert pairs[4] in said
    assert f"… {len(pairs) - 5} more, in --json and --html" in said


def test_a_repeated_profile_comes_from_the_cache(sapwood: Sapwood) -> None:
    first = sapwood("profile", FLIGHTS, "--json").json("profile")
    again = sapwood("profile", FLIGHTS, "--json").json("profile")

    assert again["cached"] is True
    assert again == first | {"cached": True, "timings_ms": again["timings_ms"]}
    assert set(again["timings_ms"]) == {"cache"}


def test_the_page_is_written_beside_what_is_printed(sapwood: Sapwood, tmp_path: Path) -> None:
    said = sapwood("profile", FLIGHTS, "--html", str(tmp_path / "flights.html"))

    text = (tmp_path / "flights.html").read_text(encoding="utf-8")
    assert said.code == 0
    assert text.startswith("<!doctype html>")
    assert text.count("<svg") > 10


def test_a_page_that_cannot_be_written_is_refused_before_the_work(sapwood: Sapwood, tmp_path: Path) -> None:
    ending = sapwood("profile", "not-there.csv", "--html", str(tmp_path / "page.pdf"), "--json")
    nowhere = sapwood("profile", "not-there.csv", "--html", str(tmp_path / "no" / "page.html"))

    assert (ending.code, nowhere.code) == (2, 2)
    assert "cannot write .pdf" in json.loads(ending.out)["error"]["message"]
    assert "there is no directory" in nowhere.err


def test_a_file_that_is_not_there_is_bad_input(sapwood: Sapwood) -> None:
    said = sapwood("profile", "not-there.csv", "--json")

    assert said.code == 2
    assert said.json("error")["error"]["hint"]


def test_a_table_from_a_pipe_is_profiled_without_estimates(home: Path) -> None:
    said = spawned(home, "profile", "-", "--json", "--exact", stdin="a,b\n1,x\n2,\n2,\n")

    found = said.json("profile")
    assert said.code == 0
    assert [(one["name"], one["nulls"], one["distinct"]) for one in found["columns"]] == [
        ("a", 0, 2),
        ("b", 2, 1),
    ]
    assert found["duplicates"]["rows"] == 1


def test_a_sparkline_shows_every_bin_that_is_not_empty() -> None:
    bins = [Bin(low=n, high=n, count=count) for n, count in enumerate([1_000_000, 0, 1, 500_000])]

    assert sparkline(bins) == "█ ▁▅"
    assert len(sparkline(bins * 20, width=14)) <= 14
    assert sparkline([]) == ""


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(profile_schema(), indent=2, ensure_ascii=False) + "\n")
