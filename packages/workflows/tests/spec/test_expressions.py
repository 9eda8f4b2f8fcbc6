"""References and conditions: read, filled, and refused when they are anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_workflows.spec.expressions import (
    Reference,
    Unreadable,
    Unresolved,
    expression,
    filled,
    reference,
    references_in,
)

VALUES = {
    "input": {"threshold": 0.1, "name": "Ada", "on": True, "none": None},
    "steps": {"route": {"output": {"model": "small", "tries": [3, 5]}, "status": "succeeded"}},
    "item": {"path": "a.csv"},
    "index": 4,
}


def test_a_reference_alone_keeps_its_type_and_in_a_text_becomes_text() -> None:
    given = {
        "tries": "${steps.route.output.tries}",
        "last": "${steps.route.output.tries[-1]}",
        "file": ["${item.path}", {"at": "no ${index}: ${ input.name }, ${input.on}, ${input.none}."}],
        "plain": 3,
    }

    assert filled(given, VALUES) == {
        "tries": [3, 5], "last": 5, "file": ["a.csv", {"at": "no 4: Ada, true, ."}], "plain": 3,
    }  # fmt: skip


def test_every_reference_of_a_value_is_found() -> None:
    found = {
        str(each) for each in references_in({"a": ["${input.name}", "x ${index} ${item['p q']}"], "b": 1})
    }

    assert found == {"input.name", "index", "item['p q']"}


PARTS = st.one_of(
    st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.integers(-9, 9), st.text(min_size=1, max_size=8)
)


@given(st.lists(PARTS, max_size=5))
def test_a_reference_written_out_reads_back(path: list[str | int]) -> None:
    wanted = Reference("steps", tuple(path))

    assert reference(str(wanted)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "steps.",
        "foo.bar",
        "steps.a()",
        "steps[0:2]",
        "steps[input.name]",
        "__import__('os')",
        "a" * 3_000,
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        reference(text)


@pytest.mark.parametrize("value", ["${input.name", "a ${b", ["${}"], {"x": "${1 + 1}"}])
def test_a_hole_that_holds_none_is_refused(value: object) -> None:
    with pytest.raises(Unreadable):
        list(references_in(value))


@pytest.mark.parametrize(
    ("text", "so_far"),
    [("steps.other", "steps"), ("steps.route.output.cost", "steps.route.output"), ("input.name.first", "input.name"),
     ("steps.route.output.tries[9]", "steps.route.output.tries"), ("run.id", "run")],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_says_how_far_it_led(text: str, so_far: str) -> None:
    with pytest.raises(Unresolved, match=so_far.replace(".", r"\.")):
        reference(text).of(VALUES)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("input.threshold < 0.2", True),
        ("${input.threshold} >= 0.2", False),
        ("0 < index <= 4", True),
        ("0 < index < 4", False),
        ("steps.route.output.model == 'small' and not input.on", False),
        ("steps.route.output.model == 'large' or input.on", True),
        ("input.on == true and input.none == null", True),
        ("input.none is null", True),
        ("3 in steps.route.output.tries", True),
        ("4 not in steps.route.output.tries", True),
        ("steps.route.output.model in ['small', \"tiny\"]", True),
        ("len(steps.route.output.tries) == 2", True),
        ("len(index) > 0", False),
        ("-index == -4", True),
        ("-input.name == 1", False),
        ("input.name > 3", False),
        ("index in index", False),
        ("input.on", True),
        ("input['none']", False),
    ],
)
def test_whether_a_condition_holds(text: str, holds: bool) -> None:
    assert expression(text).holds(VALUES) is holds


def test_a_condition_tells_what_it_refers_to() -> None:
    found = expression("${steps.a.output} > input.n and steps.a.output < len(item.x)").references

    assert [str(each) for each in found] == ["steps.a.output", "input.n", "item.x"]


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "input.a + 1", "f(1)", "len(1, 2)", "len(input.a, key=3)", "lambda: 1", "[x for x in input.a]", "b'x'",
     "input.a if input.b else 1", "name > 3", "${input.a", "input.a := 3", "f'{input.a}'", "~index", "{1: 2}",
     "not " * 60 + "index", "(" * 300 + "index" + ")" * 300],
)  # fmt: skip
def test_what_has_no_place_in_a_condition_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        expression(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = expression(text)
    except Unreadable:
        return
    try:
        assert read.holds(VALUES) in (True, False)
    except Unresolved:
        return
