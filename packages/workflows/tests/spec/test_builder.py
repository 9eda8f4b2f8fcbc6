"""Workflows built in Python are those of YAML."""

import pytest
from packages.workflows.tests.spec.crawl import CRAWL, TASKS

from sapwood_shared import Conflict
from sapwood_workflows.spec import WorkflowBuilder, faults, read_workflow
from sapwood_workflows.spec.model import InputField, InputType
from sapwood_workflows.tasks import RetryPolicy


def test_a_builder_makes_the_spec_that_a_person_writes() -> None:
    flow = WorkflowBuilder(
        "crawl", version=2, description="Fetch a page and all that it leads to.",
        input={"start": "string", "deep": InputField(type=InputType.INTEGER, default=2),
               "tell": InputField(type=InputType.BOOLEAN, default=True)},
    )  # fmt: skip
    retry = RetryPolicy.model_validate({"attempts": 5, "backoff": {"first_s": 0.1}})
    first = flow.step("first", TASKS.get("web.fetch"), url=flow.input.start, retry=retry, timeout="30s")
    rest = flow.step(
        "rest", "web.fetch", version=1, foreach=first.output.links, url=flow.item.to, depth=flow.input["deep"],
        on_failure="continue",
    )  # fmt: skip
    rested = flow.sleep("rested", "1h30m", needs=[rest])
    paid = flow.wait_for_event("paid", "paid", timeout="2d", needs=[rested])
    agreed = flow.approval(
        "agreed", f"Tell of {flow.input.start}?", needs=["rested"], when=flow.input.tell.holds
    )
    flow.step(
        "told", "tell", needs=[paid, agreed], join="any", text=f"${{index}} at {flow.input.start}: {first.output.title}",
        share=first.output.size, foreach=[1, 2], undo={"task": "tell", "with": {"text": "not ${steps.told.output[0]}"}},
    )  # fmt: skip
    flow.gives(pages=rest)

    built = flow.build()

    written = read_workflow(CRAWL.replace(", when: item.amount > 3", "").replace(", by: [owner]", ""))[0]
    assert built == written
    assert faults(built, TASKS) == []


def test_comparisons_make_conditions() -> None:
    flow = WorkflowBuilder("a", input={"n": "integer", "s": "string"})
    n, s = flow.input.n, flow.input.s
    made = flow.step("one", "web.fetch", url="x")
    conditions = {
        "input.n > 3": n > 3, "input.n >= 3": n >= 3, "input.n < 3.5": n < 3.5, "input.n <= input.s": n <= s,
        "input.s == 'it\\'s'": s == "it's", "input.s != null": s != None,  # noqa: E711 - builds a condition
        "input.n == true": n == True,  # noqa: E712
        "input.s in ['a', 'b']": s.is_in("a", "b"), "(input.n > 3) and (not (input.s))": (n > 3) & ~s.holds,
        "(input.n > 3) or (steps.one.status == 'failed')": (n > 3) | (made.status == "failed"),
        "steps.one.error": made.error.holds,
    }  # fmt: skip

    for number, condition in enumerate(conditions.values()):
        flow.sleep(f"s{number}", 1, when=condition)
    built = flow.build()

    wanted = [text.replace("'it\\'s'", '"it\'s"') for text in conditions]
    assert [step.when for name, step in built.steps.items() if name != "one"] == wanted
    assert faults(built, TASKS) == []


def test_what_is_not_known_before_the_run_cannot_be_asked() -> None:
    flow = WorkflowBuilder("a", input={"n": "integer"})

    with pytest.raises(TypeError, match=r"\.holds"):
        bool(flow.input.n)
    with pytest.raises(TypeError, match="&"):
        bool(flow.input.n > 3)
    with pytest.raises(TypeError, match="foreach"):
        list(flow.input.n)
    with pytest.raises(AttributeError):
        flow.input.n.__len__()  # pyright: ignore[reportCallIssue] # nothing has a length here
    assert {flow.input.n}


def test_two_steps_of_one_name_are_a_conflict() -> None:
    flow = WorkflowBuilder("a")
    flow.sleep("s", 1)

    with pytest.raises(Conflict, match="two steps 's'"):
        flow.sleep("s", 2)


def test_a_sub_workflow_is_a_step_and_options_may_also_be_input() -> None:
    flow = WorkflowBuilder("a")
    flow.workflow("sub", "other", a="x", with_={"timeout": 3}, priority=5)

    step = flow.build().steps["sub"]

    assert (step.workflow, step.with_, step.priority) == ("other", {"a": "x", "timeout": 3}, 5)
