"""Which SQL a bound worker runs: one SELECT that reads `data` and numbers, by DuckDB's own parser.

The process under this is what holds an attacker. The gate gives an honest person a clear answer, and keeps
from everybody the functions that take raw pointers, run text as SQL or change the state of the engine.
"""

import json
from typing import Any, Final

import _duckdb

# Sources of rows that read no file and keep no state.
_ROW_SOURCES: Final = frozenset({
    "generate_series", "json_each", "json_tree", "pragma_table_info", "range", "repeat", "repeat_row",
    "summary", "unnest",
})  # fmt: skip

_QUERY_NODES: Final = frozenset({"CTE_NODE", "RECURSIVE_CTE_NODE", "SELECT_NODE", "SET_OPERATION_NODE"})


class Refused(Exception):
    """The SQL is not one SELECT over `data`; the text says what it is instead."""


def check(connection: _duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the text of the only statement, without a closing semicolon, or raise `Refused`."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"one SELECT is expected, {len(statements)} statements were given")
    kind = statements[0].type
    if kind != _duckdb.StatementType.SELECT:
        raise Refused(f"only SELECT may run here, not {kind.name}")
    tree = _tree(connection, sql)
    _walk(tree)
    return _without_semicolon(connection, sql, tree)


def _tree(connection: _duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    row = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    try:
        tree = json.loads(row[0]) if row else {}
    except RecursionError as error:
        raise Refused("the SELECT is nested too deeply") from error
    if tree.get("error", True):
        raise Refused(f"only SELECT may run here: {tree.get('error_message', 'it has no syntax tree')}")
    return tree


def _walk(tree: dict[str, Any]) -> None:
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            _check_node(node)
            pending.extend(node.values())


def _check_node(node: dict[str, Any]) -> None:
    kind = node.get("type")
    if isinstance(kind, str) and kind.endswith("_NODE") and kind not in _QUERY_NODES:
        raise Refused(f"only SELECT may run here, not {kind.removesuffix('_NODE').replace('_', ' ')}")
    if kind == "TABLE_FUNCTION":
        function = node.get("function")
        name = str(function.get("function_name")) if isinstance(function, dict) else "an unnamed function"
        if name.lower() not in _ROW_SOURCES:
            raise Refused(f"{name}() is not available here")


def _without_semicolon(connection: _duckdb.DuckDBPyConnection, sql: str, tree: dict[str, Any]) -> str:
    # The text goes into a subquery. A semicolon may also stand in a string or a comment, so a cut counts
    # only if what remains means the same.
    end = len(sql)
    while (end := sql.rfind(";", 0, end)) >= 0:
        try:
            if _tree(connection, sql[:end]) == tree:
                return _without_semicolon(connection, sql[:end], tree)
        except (Refused, _duckdb.Error):
            continue
    return sql
