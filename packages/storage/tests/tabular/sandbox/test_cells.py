from typing import Any

import pytest

from sapwood_storage.tabular.model import ColumnType, ResultTable

T = ColumnType


CASES: list[tuple[str, ColumnType, object]] = [
    ("42::TINYINT", T.INTEGER, 42),
    ("9223372036854775807", T.INTEGER, 9223372036854775807),
    (
        "170141183460469231731687303715884105727::HUGEINT",
        T.INTEGER,
        170141183460469231731687303715884105727,
    ),
    ("sum(1)", T.INTEGER, 1),
    ("12.50::DECIMAL(9, 2)", T.NUMBER, 12.5),
    ("12345678901234567.89::DECIMAL(19, 2)", T.NUMBER, 12345678901234567.89),
    ("7::DECIMAL(38, 0)", T.INTEGER, 7),
    ("0.1::DOUBLE", T.NUMBER, 0.1),
    ("true", T.BOOLEAN, True),
    ("'a ; \"b\" é 😀'", T.TEXT, 'a ; "b" é 😀'),
    ("NULL", T.TEXT, None),
    ("DATE '2024-02-29'", T.DATE, "2024-02-29"),
    ("TIMESTAMP '2024-02-29 10:00:00.5'", T.TIMESTAMP, "2024-02-29T10:00:00.5"),
    ("TIMESTAMPTZ '2024-02-29 10:00:00+02'", T.TIMESTAMP, "2024-02-29T08:00:00+00"),
    ("TIMESTAMP_NS '2024-02-29 10:00:00.123456789'", T.TIMESTAMP, "2024-02-29T10:00:00.123456789"),
    ("TIMESTAMP 'infinity'", T.TIMESTAMP, "infinity"),
    ("TIME '10:00:00'", T.TEXT, "10:00:00"),
    ("INTERVAL 1 MONTH", T.TEXT, "1 month"),
    ("'\\xAB\\x00'::BLOB", T.TEXT, "ab00"),
    ("[1, NULL, 3]", T.TEXT, "[1,null,3]"),
    ("[1, 2]::INTEGER[2]", T.TEXT, "[1,2]"),
    ("{'a': 1, 'b': ['x']}", T.TEXT, '{"a":1,"b":["x"]}'),
    ("MAP {'k': 1}", T.TEXT, '{"k":1}'),
    ("'{\"a\": 1}'::JSON", T.TEXT, '{"a": 1}'),
    ("'a'::ENUM('a', 'b')", T.TEXT, "a"),
    ("'10'::BIT", T.TEXT, "10"),
    ("'00000000-0000-0000-0000-000000000001'::UUID", T.TEXT, "00000000-0000-0000-0000-000000000001"),
]


async def test_every_type_becomes_a_plain_cell(ask: Any) -> None:
    for expression, kind, cell in CASES:
        result: ResultTable = await ask(f"SELECT {expression} AS cell")

        assert result.columns[0].type is kind, expression
        assert result.rows == [[cell]], expression
        assert type(result.rows[0][0]) is type(cell), expression


async def test_what_is_not_finite_is_null_and_counted(ask: Any) -> None:
    result: ResultTable = await ask("SELECT * FROM (VALUES (1.5), ('NaN'::DOUBLE), ('-inf'::DOUBLE)) t(x)")

    assert result.rows == [[1.5], [None], [None]]
    assert result.nonfinite == 2


async def test_an_order_survives_the_change_of_types(ask: Any) -> None:
    result: ResultTable = await ask(
        "SELECT DATE '2024-01-01' + n::INT AS day FROM range(50000) t(n) ORDER BY n DESC"
    )

    days = [str(row[0]) for row in result.rows]
    assert days == sorted(days, reverse=True)
    assert len(days) == 50_000


async def test_an_empty_result_still_has_its_columns(ask: Any) -> None:
    result: ResultTable = await ask("SELECT n, name FROM data WHERE false; -- none")

    assert [column.name for column in result.columns] == ["n", "name"]
    assert result.rows == []


async def test_an_error_points_at_the_line_that_was_written(ask: Any) -> None:
    with pytest.raises(Exception, match=r"LINE 2: +nope"):
        await ask("SELECT n,\n  nope\nFROM data")
