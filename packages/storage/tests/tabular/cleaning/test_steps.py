"""Each step forward, on a real file, through the sandbox."""

from datetime import date
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.casts import BLANKS


async def test_trim_removes_every_kind_of_blank_and_counts_cells(bench: Any) -> None:
    text = 'name,n\n"  Ann ",1\nBob,2\n"\u00a0Cy\u3000",3\n"\t",4\n'

    made = await bench.clean(text, bench.step("trim", columns=["name"], blank_is_null=True))

    assert bench.column(made, "name") == ["Ann", "Bob", "Cy", None]
    assert bench.outcome(made).cells_changed == 3


async def test_trim_can_collapse_blanks_inside(bench: Any) -> None:
    made = await bench.clean(
        'name,n\n"New   York",1\n"Rio",2\n', bench.step("trim", columns=["name"], collapse=True)
    )

    assert bench.column(made, "name") == ["New York", "Rio"]


async def test_dedupe_keeps_the_first_in_order_and_says_which_went(bench: Any) -> None:
    text = "k,v\nb,1\na,2\nb,1\n,3\n,3\na,9\n"

    made = await bench.clean(text, bench.step("dedupe"))

    assert bench.rows(made) == [("b", 1), ("a", 2), (None, 3), ("a", 9)]
    assert bench.outcome(made).rows_removed == 2
    assert bench.outcome(made).duplicates == ((3, 1), (5, 4))


async def test_dedupe_by_key_can_keep_the_last(bench: Any) -> None:
    made = await bench.clean("k,v\nb,1\na,2\nb,3\n", bench.step("dedupe", columns=["k"], keep="last"))

    assert bench.rows(made) == [("a", 2), ("b", 3)]
    assert bench.outcome(made).duplicates == ((1, 3),)


@pytest.mark.parametrize(
    ("strategy", "value", "expected"),
    [("mean", None, 3), ("median", None, 2), ("mode", None, 2), ("value", 0, 0)],
)
async def test_impute_fills_and_marks(bench: Any, strategy: str, value: Any, expected: int) -> None:
    fill = bench.step("impute", column="x", strategy=strategy, value=value, flag="x was missing")

    made = await bench.clean("x,n\n2,a\n,b\n2,c\n5,d\n", fill)

    assert bench.column(made, "x") == [2, expected, 2, 5]
    assert bench.column(made, "x was missing") == [False, True, False, False]
    assert bench.outcome(made).cells_changed == 1


async def test_impute_reports_what_it_filled_with(bench: Any) -> None:
    made = await bench.clean(
        "x,c\n1.5,a\n,b\n3,b\n,\n",
        bench.step("impute", column="x", strategy="mean"),
        bench.step("impute", column="c", strategy="mode"),
    )

    assert bench.rows(made) == [(1.5, "a"), (2.25, "b"), (3.0, "b"), (2.25, "b")]
    assert [bench.outcome(made, place).filled for place in (0, 1)] == [{"x": "2.25"}, {"c": "b"}]


async def test_a_column_without_a_value_has_no_mean(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="step 1, impute: x has no value to take a mean of"):
        await bench.clean(
            "x,n\n,1\n,2\n", bench.step("impute", column="x", strategy="mean"), types={"x": "number"}
        )


async def test_a_fill_sees_what_the_steps_before_left(bench: Any) -> None:
    made = await bench.clean(
        "x,k\n1,a\n1,a\n100,b\n,c\n",
        bench.step("dedupe"),
        bench.step("drop_rows", where=[{"column": "k", "operator": "=", "values": ["b"]}]),
        bench.step("impute", column="x", strategy="median"),
    )

    assert bench.rows(made) == [(1, "a"), (1, "c")]


async def test_split_loses_nothing(bench: Any) -> None:
    split = bench.step("split", column="x", separator="-", into=["a", "b"], keep=False)

    made = await bench.clean("x,n\n1-2-3,1\n4,2\n,3\n", split, types={"x": "text"})

    assert bench.types(made) == {"a": "text", "b": "text", "n": "integer"}
    assert bench.rows(made) == [("1", "2-3", 1), ("4", None, 2), (None, None, 3)]


async def test_regex_replaces_with_groups(bench: Any) -> None:
    replace = bench.step("regex_replace", columns=["x"], pattern=r"(\d+) ?kg", replacement=r"\1 kilograms")

    made = await bench.clean("x,n\n5kg and 6 kg,1\nnone,2\n", replace)

    assert bench.column(made, "x") == ["5 kilograms and 6 kilograms", "none"]
    assert bench.outcome(made).cells_changed == 1


async def test_regex_extracts_into_a_new_column(bench: Any) -> None:
    extract = bench.step("regex_extract", column="x", pattern=r"(\d{4})", into="year", on_failure="null")

    made = await bench.clean("x,n\nin 1999,1\nnever,2\n", extract)

    assert bench.rows(made) == [("in 1999", "1999", 1), ("never", None, 2)]


async def test_regex_that_finds_nothing_in_place_fails_unless_told(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="'never' in row 2"):
        await bench.clean(
            "x,n\nin 1999,1\nnever,2\n", bench.step("regex_extract", column="x", pattern=r"(\d{4})")
        )


async def test_clip_brings_values_to_the_bounds(bench: Any) -> None:
    made = await bench.clean(
        "x,d\n-5,1999-01-01\n5,2024-01-01\n500,2024-01-01\n,2024-01-01\n",
        bench.step("clip", columns=["x"], low=0, high=100),
        bench.step("clip", columns=["d"], low="2000-01-01"),
    )

    assert bench.column(made, "x") == [0, 5, 100, None]
    assert bench.column(made, "d")[0] == date(2000, 1, 1)
    assert [bench.outcome(made, place).cells_changed for place in (0, 1)] == [2, 1]


async def test_columns_change_places_when_renamed_at_once(bench: Any) -> None:
    made = await bench.clean("a,b\n1,x\n", bench.step("rename", names={"a": "b", "b": "a"}))

    assert bench.types(made) == {"b": "integer", "a": "text"}
    assert bench.rows(made) == [(1, "x")]


async def test_columns_are_dropped(bench: Any) -> None:
    made = await bench.clean("a,b,c\n1,2,3\n", bench.step("drop_columns", columns=["a", "c"]))

    assert bench.types(made) == {"b": "integer"}


@pytest.mark.parametrize(
    ("where", "match", "left"),
    [
        ([("x", ">=", [3])], "all", [1, 2, 6]),
        ([("k", "missing", [])], "all", [1, 2, 4, 5, 6]),
        ([("k", "in", ["a", "b"]), ("x", ">", [3])], "all", [1, 2, 3, 5, 6]),
        ([("k", "=", ["a"]), ("x", "missing", [])], "any", [2, 3, 4, 5]),
        ([("k", "!=", ["a"])], "all", [1, 3]),
    ],
)
async def test_rows_are_dropped_by_condition(
    bench: Any, where: list[tuple[str, str, list[Any]]], match: str, left: list[int]
) -> None:
    text = "n,x,k\n1,1,a\n2,2,b\n3,3,\n4,4,b\n5,5,c\n6,,d\n"
    conditions = [{"column": c, "operator": o, "values": v} for c, o, v in where]

    made = await bench.clean(text, bench.step("drop_rows", where=conditions, match=match))

    assert bench.column(made, "n") == left
    assert bench.outcome(made).rows_removed == 6 - len(left)


async def test_categories_are_mapped_and_others_kept(bench: Any) -> None:
    mapping = {"NYC": "New York", "?": None}

    made = await bench.clean(
        "c,n\nNYC,1\n?,2\nRio,3\n", bench.step("map_categories", columns=["c"], mapping=mapping)
    )

    assert bench.column(made, "c") == ["New York", None, "Rio"]
    assert bench.outcome(made).cells_changed == 2


async def test_a_category_without_a_place_fails_or_is_counted(bench: Any) -> None:
    step = bench.step("map_categories", columns=["c"], mapping={"a": "A"}, others="fail")

    with pytest.raises(InvalidInput, match="1 values of c do not fit, for example 'b' in row 2"):
        await bench.clean("c,n\na,1\nb,2\n", step)
    made = await bench.clean("c,n\na,1\nb,2\n", {**step, "others": "null"})

    assert bench.column(made, "c") == ["A", None]
    assert bench.outcome(made).cells_emptied == 1


@pytest.mark.parametrize(
    "value", ["", " ", "\t", "a", " a", "a\u200b", "\u3000é\u3000", "é", "\u00a0", "a b", "\x7f"]
)
async def test_trimming_asks_the_ends_of_a_text_and_finds_every_blank(bench: Any, value: str) -> None:
    made = await bench.clean(
        f'x,n\n"{value}",1\nb,2\n',
        bench.step("trim", columns=["x"]),
        types={"x": "text"},
        null_tokens=(),
    )

    assert bench.column(made, "x") == [value.strip(BLANKS), "b"]
