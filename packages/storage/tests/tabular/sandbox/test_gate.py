import _duckdb
import pytest

from sapwood_storage.tabular.sandbox import engine, gate


@pytest.fixture(scope="module")
def connection() -> _duckdb.DuckDBPyConnection:
    return engine.open_engine()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "FROM data",
        "VALUES (1), (2)",
        "TABLE data",
        "DESCRIBE data",
        "SUMMARIZE data",
        "SHOW TABLES",
        "WITH t AS (SELECT 1) SELECT * FROM t",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT * FROM t",
        "SELECT 1 UNION SELECT 2 EXCEPT SELECT 3",
        "SELECT * FROM range(3), unnest([1, 2]) u(x)",
        "PIVOT data ON a IN (1, 2) USING sum(b)",
        "UNPIVOT data ON a, b",
        "SELECT *, row_number() OVER (PARTITION BY a ORDER BY b) FROM data QUALIFY 1 = 1",
        "SELECT list_transform([1, 2], lambda x: x + 1)",
        "SELECT * FROM data a ASOF JOIN data b ON a.n >= b.n",
    ],
)
def test_one_select_passes_unchanged(connection: _duckdb.DuckDBPyConnection, sql: str) -> None:
    assert gate.check(connection, sql) == sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1;",
        "SELECT 1 ;  \n",
        "SELECT 1;;",
        "SELECT ';';",
        "SELECT 1; -- one; or two",
        "SELECT 1 -- one; or two",
        "SELECT 1 /* one; */ ; /* two; */",
        'SELECT 1 AS "a;b"',
    ],
)
def test_a_closing_semicolon_is_taken_off(connection: _duckdb.DuckDBPyConnection, sql: str) -> None:
    checked = gate.check(connection, sql)

    whole = connection.execute(sql).fetchall()
    assert connection.execute(f"SELECT * FROM (\n{checked}\n)").fetchall() == whole


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT 1; SELECT 2", "2 statements"),
        ("", "0 statements"),
        ("DROP TABLE data", "not DROP"),
        ("COPY (SELECT 1) TO 'x'", "not COPY"),
        ("PRAGMA version", "not PRAGMA"),
        ("EXPLAIN SELECT 1", "not EXPLAIN"),
        ("WITH t AS (INSERT INTO data VALUES (1) RETURNING *) SELECT * FROM t", "not INSERT"),
        ("SELECT * FROM (WITH t AS (DELETE FROM data RETURNING *) SELECT * FROM t)", "not DELETE"),
        ("SELECT * FROM READ_CSV('x')", "READ_CSV"),
        ("SELECT * FROM main.read_csv('x')", "read_csv"),
        ("SELECT (SELECT max(a) FROM read_csv('x'))", "read_csv"),
        ("SELECT 1 WHERE EXISTS (FROM glob('*'))", "glob"),
        ("SELECT * FROM query('SELECT 1')", "query"),
        ("SELECT * FROM pandas_scan(1::POINTER)", "pandas_scan"),
        ("SELECT 1 UNION (FROM duckdb_secrets())", "duckdb_secrets"),
    ],
)
def test_anything_else_is_refused_by_name(
    connection: _duckdb.DuckDBPyConnection, sql: str, reason: str
) -> None:
    with pytest.raises(gate.Refused, match=f"(?i){reason}"):
        gate.check(connection, sql)


def test_a_select_nested_without_end_is_an_error_and_no_crash(connection: _duckdb.DuckDBPyConnection) -> None:
    with pytest.raises((gate.Refused, _duckdb.Error)):
        gate.check(connection, "SELECT " + "(" * 20_000 + "1" + ")" * 20_000)


def test_words_that_are_no_sql_are_a_parser_error(connection: _duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(_duckdb.ParserException):
        gate.check(connection, "how many rows are there")
