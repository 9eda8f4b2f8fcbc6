import subprocess
import sys

from sapwood_agents.analyst.profile.templates import fill, literal, literals, named, struct


def test_what_is_put_into_a_gap_is_not_read_again() -> None:
    assert fill("SELECT $x FROM $rows", x='"$rows"', rows="data") == 'SELECT "$rows" FROM data'


def test_a_name_is_quoted_where_it_stands() -> None:
    assert named('a"; DROP TABLE data; --', "c0") == '"a""; DROP TABLE data; --" AS c0'


def test_numbers_are_doubles_as_they_are() -> None:
    assert literal(0.1) == "0.1e0"
    assert literals([1e300, -2.0]) == "[1e+300, (-2.0e0)]"


def test_fields_make_a_struct() -> None:
    assert struct({"a": "1", "b": "min(x)"}) == "{'a': 1, 'b': min(x)}"


def test_profiling_and_cleaning_load_no_parser_of_sql() -> None:
    loaded = (
        "import sys, sapwood_agents.analyst.profile.service, sapwood_agents.analyst.clean.service;"
        "print('sqlglot' in sys.modules)"
    )

    assert subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout == ("False\n")
