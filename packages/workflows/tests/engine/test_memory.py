"""Workflows run to their end in this process: what runs, what it sees, and what becomes of failures."""

import asyncio
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from packages.workflows.tests.engine.flows import flow
from pydantic import BaseModel

from sapwood_shared import DependencyFailed, InvalidInput, Work, WorkspaceId
from sapwood_workflows import Tasks, task
from sapwood_workflows.engine import MemoryRunner, RunResult, RunState, StepState
from sapwood_workflows.spec import Workflow, read_workflow
from sapwood_workflows.tasks import ONCE, Backoff, RetryPolicy


class Note(BaseModel):
    text: str


class Numbers(BaseModel):
    numbers: list[int]


class Number(BaseModel):
    n: int


class Sum(BaseModel):
    total: int


class Book:
    """Remembers what its tasks did."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.beside = self.most_beside = 0
        self.slept: list[float] = []

    async def note(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        self.notes.append(note.text)
        return note

    async def square(self, workspace: WorkspaceId, number: Number, work: Work) -> Number:
        self.beside += 1
        self.most_beside = max(self.most_beside, self.beside)
        await asyncio.sleep(0.001 * (5 - number.n % 5))
        self.beside -= 1
        return Number(n=number.n**2)

    async def add(self, workspace: WorkspaceId, given: Numbers, work: Work) -> Sum:
        return Sum(total=sum(given.numbers))

    async def fail(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        self.notes.append(note.text)
        raise ValueError(f"no {note.text}")

    async def flaky(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        self.notes.append(note.text)
        if self.notes.count(note.text) < 3:
            raise DependencyFailed("gone for a moment")
        return note

    async def refuse(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        self.notes.append(note.text)
        raise InvalidInput("it is wrong")

    async def hang(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        await asyncio.sleep(60)
        return note

    def blocking(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        time.sleep(0.001)
        return Note(text=threading.current_thread().name)

    async def lie(self, workspace: WorkspaceId, note: Note, work: Work) -> Note:
        return Number(n=1)  # type: ignore[return-value] # as a careless task does

    async def sleep(self, span_s: float) -> None:
        self.slept.append(span_s)

    def tasks(self) -> Tasks:
        slow = RetryPolicy(attempts=5, backoff=Backoff(first_s=1, jitter=0))
        return Tasks(
            [
                task("note")(self.note), task("square")(self.square), task("add")(self.add),
                task("fail", retry=ONCE)(self.fail), task("flaky", retry=slow)(self.flaky), task("refuse")(self.refuse),
                task("hang", timeout_s=0.05, retry=ONCE)(self.hang), task("lie", retry=ONCE)(self.lie),
                task("blocking", runs="thread")(self.blocking),
            ]
        )  # fmt: skip

    async def run(
        self, spec: str | Workflow, given: Mapping[str, Any] | None = None, **more: Any
    ) -> RunResult:
        workflow = read_workflow(spec)[0] if isinstance(spec, str) else spec
        return await MemoryRunner(self.tasks(), sleep=self.sleep, **more).run(workflow, given)


@pytest.fixture
def book() -> Book:
    return Book()


FAN_OUT = """
name: squares
input: {numbers: {type: array}, least: {type: integer, default: 0}}
steps:
  each:
    task: square
    foreach: ${input.numbers}
    with: {n: "${item}"}
  first: {task: note, with: {text: "first of ${input.numbers} is ${steps.each.output[0].n}"}}
  largest:
    task: note
    when: len(steps.each.output) > input.least
    with: {text: "${steps.each.output[-1].n} in ${run.workflow}"}
output: {squares: "${steps.each.output}", said: "${steps.largest.output.text}"}
"""


async def test_a_step_for_each_item_keeps_their_order(book: Book) -> None:
    ended = await book.run(FAN_OUT, {"numbers": [3, 1, 2]})

    assert ended.state is RunState.SUCCEEDED
    assert ended.output == {"squares": [{"n": 9}, {"n": 1}, {"n": 4}], "said": "4 in squares"}
    assert book.notes == ["first of [3, 1, 2] is 9", "4 in squares"]
    assert book.most_beside == 3


async def test_a_false_condition_skips_and_its_output_is_nothing(book: Book) -> None:
    ended = await book.run(FAN_OUT, {"numbers": [3], "least": 1})

    assert ended.steps["largest"].state is StepState.SKIPPED
    assert ended.output["said"] is None


async def test_so_many_items_run_beside_each_other_and_more_than_allowed_fail(book: Book) -> None:
    spec = FAN_OUT.replace(
        "foreach: ${input.numbers}", "foreach: {over: '${input.numbers}', at_once: 2, at_most: 9}"
    )

    await book.run(spec, {"numbers": list(range(8))})
    over = await book.run(spec, {"numbers": list(range(10))})

    assert book.most_beside == 2
    assert over.state is RunState.FAILED
    assert over.errors == {"each": "10 items, and 9 are allowed"}


async def test_an_empty_list_is_done_at_once(book: Book) -> None:
    ended = await book.run("name: a\nsteps: {e: {task: square, foreach: [], with: {n: '${item}'}}}")

    assert ended.steps["e"].output == []


async def test_steps_run_in_the_order_of_the_graph(book: Book) -> None:
    ended = await book.run(flow("d: b c", "c: a", "b: a", "a:"))

    assert book.notes[0] == "a"
    assert book.notes[-1] == "d"
    assert ended.ended[0] == "a"
    assert sorted(ended.ended) == ["a", "b", "c", "d"]


async def test_an_error_is_tried_again_with_growing_waits_when_it_is_worth_it(book: Book) -> None:
    ended = await book.run("name: a\nsteps: {f: {task: flaky, with: {text: x}}}")

    assert ended.state is RunState.SUCCEEDED
    assert book.notes == ["x", "x", "x"]
    assert book.slept == [1, 2]


async def test_an_error_that_is_not_worth_it_fails_at_once(book: Book) -> None:
    ended = await book.run("name: a\nsteps: {f: {task: refuse, with: {text: x}}}")

    assert ended.errors == {"f": "it is wrong"}
    assert book.notes == ["x"]


async def test_a_step_may_have_a_policy_and_a_limit_of_its_own(book: Book) -> None:
    spec = "name: a\nsteps: {f: {task: refuse, with: {text: x}, retry: {attempts: 3, only: [invalid_input]}}}"

    await book.run(spec)
    slow = await book.run("name: a\nsteps: {h: {task: hang, with: {text: x}, timeout: 10ms}}")

    assert book.notes == ["x"] * 3
    assert slow.errors == {"h": "TimeoutError"}


async def test_a_failure_ends_the_run_and_what_was_done_is_undone(book: Book) -> None:
    ended = await book.run(
        "name: a\nsteps:\n"
        "  one: {task: note, with: {text: one}, undo: {task: note, with: {text: 'not ${steps.one.output.text}'}}}\n"
        "  two: {task: note, needs: [one], with: {text: two}, undo: {task: fail, with: {text: undo}}}\n"
        "  bad: {task: fail, needs: [two], with: {text: luck}}\n"
        "  after: {task: note, needs: [bad], with: {text: after}}\n"
    )

    assert ended.state is RunState.FAILED
    assert ended.errors == {"bad": "ValueError: no luck"}
    assert ended.steps["after"].state is StepState.CANCELLED
    assert book.notes == ["one", "two", "luck", "undo", "not one"]
    assert ended.undone == ("one",)


async def test_a_failure_that_is_let_pass_is_seen_by_those_after_it(book: Book) -> None:
    ended = await book.run(
        "name: a\nsteps:\n"
        "  bad: {task: fail, on_failure: continue, with: {text: luck}}\n"
        "  told: {task: note, when: steps.bad.status == 'failed', with: {text: '${steps.bad.error}'}}\n"
    )

    assert ended.state is RunState.SUCCEEDED
    assert book.notes == ["luck", "ValueError: no luck"]


async def test_a_function_that_blocks_runs_in_a_thread(book: Book) -> None:
    ended = await book.run("name: a\nsteps: {b: {task: blocking, with: {text: x}}}")

    assert ended.steps["b"].output["text"] != threading.main_thread().name


async def test_a_task_that_gives_something_else_fails(book: Book) -> None:
    ended = await book.run("name: a\nsteps: {l: {task: lie, with: {text: x}}}")

    assert ended.errors == {"l": "lie gave Number instead of Note"}


async def test_a_reference_that_leads_nowhere_fails_its_step(book: Book) -> None:
    ended = await book.run(
        "name: a\ninput: {o: {type: object}}\nsteps: {n: {task: note, with: {text: '${input.o.x}'}}}",
        {"o": {"y": 1}},
    )

    assert ended.errors == {"n": "input.o has no 'x'"}


async def test_an_input_that_turns_out_wrong_fails_its_step_with_the_field(book: Book) -> None:
    ended = await book.run(
        "name: a\ninput: {o: {type: object}}\nsteps: {n: {task: square, with: {n: '${input.o.x}'}}}",
        {"o": {"x": "?"}},
    )

    assert "the input of square is wrong: n: " in ended.errors["n"]


async def test_waits_take_the_answers_that_were_given(book: Book) -> None:
    spec = (
        "name: a\nsteps:\n  s: {sleep: 1h}\n  e: {wait_for_event: paid, needs: [s]}\n"
        "  y: {approval: Sure, needs: [e]}\n  n: {approval: Really, needs: [y]}\n"
        "  t: {task: note, with: {text: '${steps.e.output.amount} by ${steps.y.output.by}'}}\n"
    )
    answers = {"e": {"amount": 3}, "y": {"approved": True, "by": "Kay"}, "n": False}

    ended = await book.run(spec, answers=answers)

    assert book.slept == [3600]
    assert book.notes == ["3 by Kay"]
    assert ended.errors == {"n": "somebody said no"}
    with pytest.raises(InvalidInput, match="these steps wait for somebody: e, y, n"):
        await book.run(spec)


async def test_a_workflow_within_a_workflow(book: Book) -> None:
    inner = read_workflow(
        "name: inner\ninput: {n: {type: integer}}\nsteps: {s: {task: square, with: {n: '${input.n}'}}}\n"
        "output: {n: '${steps.s.output.n}'}"
    )[0]
    broken = read_workflow("name: broken\nsteps: {f: {task: fail, with: {text: x}}}")[0]
    outer = (
        "name: outer\nsteps:\n  all: {workflow: inner, foreach: [2, 3], with: {n: '${item}'}}\n"
        "  sum: {task: add, with: {numbers: ['${steps.all.output[0].n}', '${steps.all.output[1].n}']}}\n"
        "output: {total: '${steps.sum.output.total}'}"
    )

    ended = await book.run(outer, workflows={"inner": inner})
    failed = await book.run("name: o\nsteps: {b: {workflow: broken}}", workflows={"broken": broken})

    assert ended.output == {"total": 13}
    assert failed.errors == {"b": "the workflow broken failed in f: ValueError: no x"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "squares needs 'numbers'"),
        ({"numbers": [1], "more": 2}, "squares takes no 'more'"),
        ({"numbers": 3}, "numbers: 3 is no array"),
        ({"numbers": [1], "least": "x"}, "least: 'x' is no integer"),
    ],
)
async def test_an_input_that_is_wrong_runs_nothing(book: Book, given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        await book.run(FAN_OUT, given)

    assert book.notes == []


async def test_a_spec_that_is_wrong_runs_nothing(book: Book) -> None:
    with pytest.raises(InvalidInput, match="no task is called 'nope'"):
        await book.run("name: a\nsteps: {n: {task: note, with: {text: x}}, o: {task: nope}}")

    assert book.notes == []
