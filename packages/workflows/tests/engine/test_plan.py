"""What follows from the states of a run's steps, whatever order they end in."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages.workflows.tests.engine.flows import flow

from sapwood_workflows.engine import Plan, RunState, StepState
from sapwood_workflows.spec.model import Workflow

S, F, K, W = StepState.SUCCEEDED, StepState.FAILED, StepState.SKIPPED, StepState.WAITING


def states(workflow: Workflow, **known: StepState) -> dict[str, StepState]:
    return {**Plan(workflow).start(), **known}


DIAMOND = flow("a:", "b: a", "c: a", "d: b c")


def test_steps_that_wait_for_none_start_at_once() -> None:
    plan = Plan(flow("a:", "b:", "c: a"))

    decision = plan.decide(plan.start())

    assert decision.ready == ("a", "b")
    assert decision.skipped == ()
    assert plan.after == {"a": ("c",), "b": (), "c": ()}


@pytest.mark.parametrize(
    ("join", "known", "ready", "skipped"),
    [
        ("all", {"b": S}, (), ()),
        ("all", {"b": S, "c": S}, ("d",), ()),
        ("all", {"b": S, "c": K}, (), ("d",)),
        ("all", {"b": K}, (), ("d",)),
        ("any", {"b": S}, ("d",), ()),
        ("any", {"b": K}, (), ()),
        ("any", {"b": K, "c": K}, (), ("d",)),
        ("2", {"b": S, "c": W}, (), ()),
        ("2", {"b": S, "c": S}, ("d",), ()),
        ("2", {"b": S, "c": K}, (), ("d",)),
    ],
)
def test_a_join_counts_those_that_ended_well(
    join: str, known: Mapping[str, StepState], ready: tuple[str, ...], skipped: tuple[str, ...]
) -> None:
    workflow = flow("a:", "b: a", "c: a", f"d: b c join={join}")

    decision = Plan(workflow).decide(states(workflow, a=S, **known))

    ready = tuple(step for step in ready)
    found = tuple(step for step in decision.ready if step == "d")
    assert (found, decision.skipped) == (ready, skipped)


def test_a_skipped_step_skips_those_after_it_at_once() -> None:
    workflow = flow("a:", "b: a", "c: b", "d: c", "e: a d join=any")

    decision = Plan(workflow).decide(states(workflow, a=S, b=K))

    assert decision.skipped == ("c", "d")
    assert decision.ready == ("e",)


def test_a_failure_that_is_let_pass_lets_others_go_on_and_any_other_ends_the_run() -> None:
    lenient = flow("a: on_failure=continue", "b: a")
    strict = flow("a:", "b: a", "c:")

    assert Plan(lenient).decide(states(lenient, a=F)).ready == ("b",)
    assert Plan(lenient).outcome(states(lenient, a=F, b=S)) is RunState.SUCCEEDED
    assert Plan(strict).decide(states(strict, a=F)).ready == ()
    assert Plan(strict).outcome(states(strict, a=F, c=StepState.RUNNING)) is RunState.RUNNING
    assert Plan(strict).outcome(states(strict, a=F, c=S)) is RunState.FAILED


def test_a_run_ends_when_all_of_it_has() -> None:
    plan = Plan(DIAMOND)

    assert plan.outcome(plan.start()) is RunState.RUNNING
    assert plan.outcome(dict.fromkeys("abcd", S)) is RunState.SUCCEEDED
    assert plan.outcome(dict.fromkeys("abcd", K)) is RunState.SUCCEEDED
    assert plan.outcome({**dict.fromkeys("abc", S), "d": StepState.CANCELLED}) is RunState.CANCELLED


def test_what_was_done_is_undone_backwards() -> None:
    workflow = flow("a: undo", "b: undo", "c:", "d: undo")
    known = states(workflow, a=S, b=S, c=S, d=F)

    assert Plan(workflow).to_undo(["b", "c", "a", "d"], known) == ("a", "b")


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    lines: list[str] = []
    for number in range(draw(st.integers(1, 9))):
        before = draw(
            st.lists(st.sampled_from([f"s{n}" for n in range(number)]), unique=True)
            if number
            else st.just([])
        )
        join = draw(st.sampled_from(["all", "any", *(str(n) for n in range(1, len(before) + 1))]))
        lines.append(
            f"s{number}: {' '.join(before)} join={join} on_failure={draw(st.sampled_from(['fail', 'continue']))}"
        )
    return flow(*lines)


def run(plan: Plan, ends: Mapping[str, StepState], dice: random.Random) -> dict[str, StepState]:
    """Every step ends as `ends` says, in an order that the dice choose; decisions are made as steps end."""
    now = plan.start()
    running: list[str] = []
    while True:
        decision = plan.decide(now)
        assert plan.decide(now) == decision
        assert all(now[step] is W for step in (*decision.ready, *decision.skipped))
        now |= dict.fromkeys(decision.skipped, K) | dict.fromkeys(decision.ready, StepState.RUNNING)
        running += decision.ready
        if not running:
            return now
        step = running.pop(dice.randrange(len(running)))
        now[step] = ends[step]


@settings(max_examples=300)
@given(workflows(), st.data(), st.integers(), st.integers())
def test_the_order_of_ending_changes_nothing_when_no_failure_ends_the_run(
    workflow: Workflow, data: st.DataObject, one: int, other: int
) -> None:
    plan = Plan(workflow)
    ends = {
        step: data.draw(st.sampled_from([S, K, F] if plan.passes(step, F) else [S, K]))
        for step in workflow.steps
    }

    first, second = run(plan, ends, random.Random(one)), run(plan, ends, random.Random(other))

    assert first == second
    assert all(state.has_ended for state in first.values())
    assert plan.outcome(first) is RunState.SUCCEEDED


@settings(max_examples=300)
@given(workflows(), st.data(), st.integers())
def test_no_step_starts_before_what_it_waits_for_has_ended_well(
    workflow: Workflow, data: st.DataObject, seed: int
) -> None:
    plan = Plan(workflow)
    ends = {step: data.draw(st.sampled_from([S, S, K, F])) for step in workflow.steps}

    end = run(plan, ends, random.Random(seed))

    for step, state in end.items():
        before = [plan.passes(earlier, end[earlier]) for earlier in plan.before[step]]
        join = workflow.steps[step].join
        wanted = len(before) if join == "all" else min(len(before), 1 if join == "any" else join)
        if state in (S, F):
            assert sum(before) >= wanted
    assert plan.outcome(end) is (RunState.FAILED if plan.has_failed(end) else RunState.SUCCEEDED)
