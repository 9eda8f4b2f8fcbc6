from typing import Any

import pytest

from sapwood_storage.tabular.model import QueryLimits
from sapwood_storage.tabular.sandbox.protocol import ProtocolError
from sapwood_storage.tabular.sandbox.results import ResultBuilder

COLUMNS = {"kind": "columns", "columns": [["n", "integer"]]}


def rows(*values: object) -> dict[str, Any]:
    return {"kind": "rows", "rows": [[value] for value in values]}


def test_rows_of_several_frames_become_one_table() -> None:
    builder = ResultBuilder(QueryLimits())
    for message in (COLUMNS, rows(1, 2), rows(3)):
        builder.take(message, 10)

    table = builder.finish({"truncated": True, "nonfinite": 2, "elapsed_ms": 1.5})

    assert table.rows == [[1], [2], [3]]
    assert (table.truncated, table.nonfinite, table.elapsed_ms) == (True, 2, 1.5)


def test_more_rows_than_were_asked_for_are_refused() -> None:
    builder = ResultBuilder(QueryLimits(rows=2))
    builder.take(COLUMNS, 10)

    with pytest.raises(ProtocolError):
        builder.take(rows(1, 2, 3), 10)


def test_more_bytes_than_were_asked_for_are_refused() -> None:
    builder = ResultBuilder(QueryLimits(result_bytes=1))
    builder.take(COLUMNS, 10)

    with pytest.raises(ProtocolError):
        builder.take(rows(1), 2 << 20)


@pytest.mark.parametrize(
    "messages",
    [
        [rows(1)],
        [COLUMNS, COLUMNS],
        [COLUMNS, {"kind": "tell"}],
        [{"kind": "columns", "columns": [["n", "nonsense"]]}],
        [{"kind": "columns", "columns": [[1, "integer"]]}],
        [{"kind": "columns", "columns": [["n"]]}],
        [{"kind": "columns", "columns": 3}],
        [{"kind": "columns"}],
    ],
)
def test_answers_out_of_order_or_shape_are_refused(messages: list[dict[str, Any]]) -> None:
    builder = ResultBuilder(QueryLimits())
    for message in messages[:-1]:
        builder.take(message, 10)

    with pytest.raises(ProtocolError):
        builder.take(messages[-1], 10)


@pytest.mark.parametrize(
    "summary", [{}, {"nonfinite": "many", "elapsed_ms": None}, {"nonfinite": -1, "elapsed_ms": -1}]
)
def test_a_nonsensical_summary_counts_for_nothing(summary: dict[str, Any]) -> None:
    table = ResultBuilder(QueryLimits()).finish(summary)

    assert (table.truncated, table.nonfinite, table.elapsed_ms) == (False, 0, 0.0)


def test_progress_reaches_who_asked_for_it() -> None:
    told: list[float] = []
    builder = ResultBuilder(QueryLimits(), told.append)

    for share in (0, 0.25, 1):
        builder.take({"kind": "progress", "share": share}, 2 << 30)

    assert told == [0, 0.25, 1]


@pytest.mark.parametrize("share", ["1", None, -0.1, 1.5, [0.5]])
def test_progress_that_is_no_share_is_refused(share: object) -> None:
    with pytest.raises(ProtocolError):
        ResultBuilder(QueryLimits(), [].append).take({"kind": "progress", "share": share}, 10)


def test_progress_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(ProtocolError):
        ResultBuilder(QueryLimits()).take({"kind": "progress", "share": 0.5}, 10)
