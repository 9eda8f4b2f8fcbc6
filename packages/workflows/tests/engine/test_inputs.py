"""Input that was typed becomes what the workflow takes."""

import pytest

from sapwood_shared import InvalidInput
from sapwood_workflows.engine import run_input, written_input
from sapwood_workflows.spec import read_workflow

WORKFLOW = read_workflow(
    "name: a\nsteps: {s: {sleep: 1s}}\n"
    "input: {name: {}, n: {type: integer, default: 2}, x: {type: number, default: 1}, on: {type: boolean, default: false},"
    " files: {type: array, default: []}, how: {enum: [fast, slow], default: fast}, o: {type: object, required: false}}"
)[0]


def test_typed_text_is_read_by_the_type_of_its_field() -> None:
    typed = {"name": "7", "n": "3", "x": "2", "on": "true", "files": '["a", "b"]', "o": '{"k": 1}'}

    assert run_input(WORKFLOW, written_input(WORKFLOW, typed)) == {
        "name": "7", "n": 3, "x": 2.0, "on": True, "files": ["a", "b"], "how": "fast", "o": {"k": 1},
    }  # fmt: skip


def test_what_is_left_out_has_its_default() -> None:
    assert run_input(WORKFLOW, {"name": "x"}) == {
        "name": "x", "n": 2, "x": 1, "on": False, "files": [], "how": "fast", "o": None,
    }  # fmt: skip


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        run_input(
            WORKFLOW, written_input(WORKFLOW, {"n": "many", "how": "odd", "on": "perhaps", "nmae": "x"})
        )

    assert "the input of a has 5 faults" in refused.value.message
    for said in ("a takes no 'nmae'", "a needs 'name'", "n: 'many' is no integer", "on: 'perhaps' is no boolean",
                 "how: 'odd' is none of 'fast', 'slow'"):  # fmt: skip
        assert said in refused.value.message
