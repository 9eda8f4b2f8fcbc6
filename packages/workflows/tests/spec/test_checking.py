"""Everything that is sure to be wrong is said before anything runs, each fault with its step and field."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packages.workflows.tests.spec.crawl import CRAWL, TASKS

from sapwood_shared import InvalidInput
from sapwood_workflows.spec import Workflow, check, faults, read_workflow
from sapwood_workflows.spec.graph import ancestors, cycle, dependencies, in_order, layers
from sapwood_workflows.spec.model import MOST_STEPS

FETCH = 'first: {task: web.fetch, with: {url: "x"}}'
OTHER, _ = read_workflow("name: other\ninput: {a: {}, b: {default: 'x'}}\nsteps: {s: {sleep: 1s}}")


def spec(steps: str, head: str = "input: {n: {type: integer}, files: {type: array}}") -> Workflow:
    body = "\n".join(f"  {line}" for line in steps.splitlines())
    return read_workflow(f"name: tried\n{head}\nsteps:\n{body}\n")[0]


@pytest.mark.parametrize(
    ("steps", "code", "step", "field"),
    [
        ("a: {task: nope}", "unknown_task", "a", "task"),
        ("a: {task: web.fetch, version: 2, with: {url: x}}", "unknown_version", "a", "version"),
        ("a: {workflow: nope}", "unknown_workflow", "a", "workflow"),
        ("a: {workflow: other}", "missing_field", "a", "with.a"),
        ("a: {workflow: other, with: {a: x, c: 1}}", "unknown_field", "a", "with.c"),
        ("a: {sleep: 1s, needs: [b]}", "unknown_step", "a", "needs"),
        ("a: {sleep: 1s, join: 2}", "impossible_join", "a", "join"),
        (FETCH + "\na: {sleep: 1s, needs: [first], join: 2}", "impossible_join", "a", "join"),
        ("a: {sleep: 1s, needs: [b]}\nb: {sleep: 1s, needs: [a]}", "cycle", "a", "needs"),
        ("a: {sleep: 1s, needs: [a]}", "cycle", "a", "needs"),
        ("a: {task: tell, with: {text: '${steps.a.status}'}}", "cycle", "a", "needs"),
        ("a: {task: web.fetch}", "missing_field", "a", "with.url"),
        ("a: {task: web.fetch, with: {url: x, dept: 2}}", "unknown_field", "a", "with.dept"),
        ("a: {task: web.fetch, with: {url: 3}}", "wrong_value", "a", "with.url"),
        ("a: {task: web.fetch, with: {url: x, depth: 0}}", "wrong_value", "a", "with.depth"),
        ("a: {task: web.fetch, with: {url: x, how: odd}}", "wrong_value", "a", "with.how"),
        ("a: {task: tell, with: {text: x, numbers: [1, x]}}", "wrong_value", "a", "with.numbers.1"),
        ("a: {task: web.fetch, with: {url: '${input.n}'}}", "wrong_type", "a", "with.url"),
        ("a: {task: web.fetch, with: {url: x, depth: 'no ${input.n}'}}", "wrong_type", "a", "with.depth"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.output.links}'}}", "wrong_type", "a", "with.text"),
        ("a: {task: tell, with: {text: '${input.m}'}}", "bad_reference", "a", "with"),
        ("a: {task: tell, with: {text: '${steps.b.output}'}}", "bad_reference", "a", "with"),
        ("a: {task: tell, with: {text: '${steps}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.result}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.output.titel}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.output.links[0].form}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.output.links.to}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {task: tell, with: {text: '${steps.first.output.size.x}'}}", "bad_reference", "a", "with"),
        (FETCH + "\na: {sleep: 1s, when: steps.first.output.size.x}", "bad_reference", "a", "when"),
        ("a: {task: tell, with: {text: '${item}'}}", "bad_reference", "a", "with"),
        ("a: {task: tell, with: {text: '${index}'}}", "bad_reference", "a", "with"),
        ("a: {task: tell, with: {text: '${run.owner}'}}", "bad_reference", "a", "with"),
        ("a: {sleep: 1s}\nb: {sleep: 1s, when: steps.a.output.x}", "bad_reference", "b", "when"),
        ("a: {task: tell, with: {text: '${1 + 1}'}}", "unreadable", "a", "with"),
        ("a: {sleep: 1s, when: input.n +}", "unreadable", "a", "when"),
        ("a: {wait_for_event: {event: e, when: item.f(1)}}", "unreadable", "a", "wait_for_event.when"),
        ("a: {approval: 'for ${input.m}'}", "bad_reference", "a", "approval.message"),
        ("a: {task: tell, with: {text: x}, foreach: 3}", "no_list", "a", "foreach.over"),
        ("a: {task: tell, with: {text: x}, foreach: '${input.n}'}", "no_list", "a", "foreach.over"),
        (FETCH + "\na: {task: tell, with: {text: x}, foreach: '${steps.first.output}'}", "no_list", "a", "foreach.over"),
        (FETCH + "\na: {task: tell, with: {text: x}, foreach: '${steps.first.output.extra}'}", "no_list", "a",
         "foreach.over"),
        ("a: {task: tell, with: {text: x}, foreach: {over: [1, 2, 3], at_most: 2}}", "too_many_items", "a",
         "foreach.at_most"),
        (FETCH + "\na: {task: tell, foreach: '${steps.first.output.links}', with: {text: '${item.form}'}}",
         "bad_reference", "a", "with"),
        ("a: {task: tell, with: {text: x}, undo: {task: nope}}", "unknown_task", "a", "undo.task"),
        ("a: {task: tell, with: {text: x}, undo: {task: web.fetch}}", "missing_field", "a", "undo.with.url"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_step_and_field(steps: str, code: str, step: str, field: str) -> None:
    found = faults(spec(steps), TASKS, {"other": OTHER})

    assert [(fault.code, fault.step, fault.field) for fault in found] == [(code, step, field)], found


@pytest.mark.parametrize(
    "steps",
    [
        FETCH
        + "\na: {task: tell, with: {text: '${steps.first.output.title}', share: '${steps.first.output.size}'}}",
        FETCH + "\na: {task: tell, with: {text: '${steps.first.output.extra.x.y}'}}",
        FETCH + "\na: {task: tell, with: {text: '${steps.first.error}', from: '${run.id}'}}",
        "a: {task: web.fetch, foreach: '${input.files}', with: {url: '${item.path}', depth: '${index}'}}",
        "a: {task: web.fetch, foreach: [x], with: {url: '${item}'}}\n"
        "b: {task: tell, with: {text: '${steps.a.output[0].title}'}}",
        "a: {wait_for_event: paid}\nb: {task: tell, with: {text: '${steps.a.output.anything}'}}",
        "a: {approval: Sure}\nb: {task: tell, with: {text: '${steps.a.output.by}'}, when: steps.a.output.approved}",
        "a: {workflow: other, with: {a: x}}\nb: {task: tell, with: {text: '${steps.a.output.z}'}}",
        "a: {task: tell, with: {text: x, numbers: ['${input.n}', 2]}}",
        "a: {sleep: 1s}\nb: {sleep: 1s}\nc: {sleep: 1s, needs: [a, b], join: 2}",
    ],
)
def test_what_may_well_be_right_passes(steps: str) -> None:
    assert faults(spec(steps), TASKS, {"other": OTHER}) == []


@pytest.mark.parametrize(
    ("field", "where"),
    [("{type: integer, default: x}", "input.n.default"), ("{enum: [1]}", "input.n.enum"),
     ("{type: integer, enum: [1, 2], default: 3}", "input.n.default"), ("{type: boolean, default: 1}", "input.n.default")],
)  # fmt: skip
def test_a_default_of_another_type_is_a_fault(field: str, where: str) -> None:
    found = faults(spec("a: {sleep: 1s}", head=f"input: {{n: {field}}}"), TASKS)

    assert [(fault.code, fault.field) for fault in found] == [("wrong_value", where)]


def test_a_fault_in_what_the_run_gives_has_no_step() -> None:
    workflow, source = read_workflow("name: a\nsteps:\n  s: {sleep: 1s}\noutput:\n  x: ${steps.t.output}\n")

    found = faults(workflow, TASKS, source=source)

    assert [(fault.code, fault.step, fault.field, fault.line) for fault in found] == [
        ("bad_reference", None, "output", 4)
    ]


def test_all_faults_are_raised_at_once_with_what_to_do() -> None:
    with pytest.raises(InvalidInput) as refused:
        check(spec("a: {task: nope}\nb: {sleep: 1s, needs: [c]}"), TASKS)

    assert "b.needs: there is no step 'c'" in refused.value.message
    assert "a.task: no task is called 'nope'" in refused.value.message
    assert refused.value.hint == "known are: web.fetch, tell"


def test_of_very_many_faults_some_are_shown() -> None:
    steps = "\n".join(f"s{n}: {{task: nope}}" for n in range(30))

    with pytest.raises(InvalidInput, match=r"… and 10 more"):
        check(spec(steps), TASKS)


def test_a_workflow_that_runs_itself_would_have_no_end() -> None:
    one = read_workflow("name: one\nsteps: {s: {workflow: two}}")[0]
    two = read_workflow("name: two\nsteps: {s: {workflow: one}, t: {workflow: other, with: {a: x}}}")[0]
    known = {"one": one, "two": two, "other": OTHER}

    assert [(fault.code, fault.field) for fault in faults(one, TASKS, known)] == [("endless", "steps")]
    assert faults(OTHER, TASKS, known) == []


def test_a_long_chain_is_checked_without_recursion() -> None:
    steps = "\n".join(f"s{n}: {{sleep: 1s, needs: [s{n - 1}]}}" for n in range(1, MOST_STEPS))
    workflow = spec(f"s0: {{sleep: 1s}}\n{steps}")

    assert faults(workflow, TASKS) == []
    assert len(layers(dependencies(workflow))) == MOST_STEPS


def test_a_long_ring_is_shown_in_short() -> None:
    steps = "\n".join(f"s{n}: {{sleep: 1s, needs: [s{(n - 1) % 50}]}}" for n in range(50))

    found = faults(spec(steps), TASKS)

    assert [fault.code for fault in found] == ["cycle"]
    assert found[0].message.count("▸") == 8


def test_references_are_edges_and_columns_show_them() -> None:
    graph = dependencies(read_workflow(CRAWL)[0])

    assert graph["told"] == {"paid", "agreed", "first"}
    assert layers(graph) == [["first"], ["rest"], ["rested"], ["paid", "agreed"], ["told"]]
    assert ancestors(graph)["paid"] == {"first", "rest", "rested"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.frozensets(st.sampled_from("abcdefgh")), max_size=8))
def test_a_graph_has_a_ring_or_an_order(edges: dict[str, frozenset[str]]) -> None:
    graph = {step: frozenset(before & edges.keys()) for step, before in edges.items()}

    ring = cycle(graph)

    if ring:
        assert all(first in graph[second] or second in graph[first] for first, second in pairwise(ring))
        assert ring[0] == ring[-1]
    else:
        order = in_order(graph)
        assert sorted(order) == sorted(graph)
        assert all(order.index(before) < order.index(step) for step in graph for before in graph[step])
        assert all(step not in before for step, before in ancestors(graph).items())
