"""What a task is made of, and what is refused before it can lose a run."""

import inspect

import pytest
from pydantic import BaseModel

from sapwood_shared import Conflict, DetachedWork, InvalidInput, NotFound, Work, WorkspaceId
from sapwood_workflows import Tasks, task
from sapwood_workflows.tasks import QueueClass, RunsOn, TaskOptions

LOCAL = WorkspaceId("local")


class Page(BaseModel):
    url: str


class Text(BaseModel):
    words: int


@task("web.fetch", version=2, timeout_s=5, queue=QueueClass.SLOW)
async def fetch(workspace: WorkspaceId, page: Page, work: Work) -> Text:
    """Fetch a page.

    And count its words.
    """
    await work.checkpoint()
    return Text(words=len(page.url))


async def test_a_task_is_called_as_the_function_that_it_was() -> None:
    given = await fetch(LOCAL, Page(url="abc"), DetachedWork())

    assert given == Text(words=3)
    assert (fetch.name, fetch.version, fetch.summary) == ("web.fetch", 2, "Fetch a page.")
    assert (fetch.takes, fetch.gives) == (Page, Text)
    assert fetch.options.queue is QueueClass.SLOW


def test_a_task_without_a_name_is_called_as_its_function() -> None:
    @task(runs="thread")
    def count(workspace: WorkspaceId, page: Page, work: Work) -> Text:
        return Text(words=1)

    assert count.name == "count"
    assert count.options.runs is RunsOn.THREAD
    assert count.summary == ""


class Counter:
    """What holds parts that its tasks need."""

    async def count(self, workspace: WorkspaceId, page: Page, work: Work) -> Text:
        """Count."""
        return Text(words=7)


async def test_a_bound_method_is_a_task_too() -> None:
    bound = task("count")(Counter().count)

    assert await bound(LOCAL, Page(url=""), DetachedWork()) == Text(words=7)
    assert inspect.ismethod(bound.function)


async def a_coroutine(workspace: WorkspaceId, page: Page, work: Work) -> Text:
    return Text(words=0)


def a_function(workspace: WorkspaceId, page: Page, work: Work) -> Text:
    return Text(words=0)


async def of_two(workspace: WorkspaceId, page: Page) -> Text:
    return Text(words=0)


async def of_plain_types(workspace: WorkspaceId, page: str, work: Work) -> Text:
    return Text(words=0)


async def of_no_output(workspace: WorkspaceId, page: Page, work: Work) -> None: ...


async def of_unknown_types(workspace: WorkspaceId, page: "Nowhere", work: Work) -> Text:  # type: ignore[name-defined] # noqa: F821
    return Text(words=0)


@pytest.mark.parametrize(
    ("function", "given", "said"),
    [
        (of_two, {}, "takes 2 parameters"),
        (of_plain_types, {}, "the input of the task"),
        (of_no_output, {}, "the output of the task"),
        (of_unknown_types, {}, "cannot be read"),
        (a_function, {}, "runs on a loop and is not async"),
        (a_coroutine, {"runs": "thread"}, "runs on a thread and is async"),
        (a_coroutine, {"runs": "gpu"}, "choose one of loop, thread, process"),
        (a_coroutine, {"name": "Web Fetch"}, "is no name of a task"),
        (a_coroutine, {"version": 0}, "versions count from 1"),
        (a_coroutine, {"timeout_s": 0}, "a week at most"),
        (a_coroutine, {"timeout_s": float("inf")}, "a week at most"),
        (a_coroutine, {"concurrency": 0}, "give 1 or more"),
    ],
)
def test_a_task_of_another_form_is_refused_and_said_why(
    function: object, given: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        task(**given)(function)  # type: ignore[arg-type]

    assert said in f"{refused.value.message} {refused.value.hint}"


def versions(*numbers: int) -> Tasks:
    return Tasks(task("count", options=TaskOptions(version=number))(a_coroutine) for number in numbers)


def test_the_newest_version_is_found_unless_one_is_asked_for() -> None:
    tasks = versions(1, 10, 9)

    assert tasks.get("count").version == 10
    assert tasks.get("count", 9).version == 9
    assert [each.version for each in tasks] == [1, 9, 10]
    assert "count" in tasks


def test_what_is_not_known_is_said_with_what_is() -> None:
    tasks = versions(1)

    with pytest.raises(NotFound, match="no task is called 'sum'"):
        tasks.get("sum")
    with pytest.raises(NotFound, match="no version 3"):
        tasks.get("count", 3)


def test_two_tasks_of_one_name_and_version_are_a_conflict_and_one_twice_is_none() -> None:
    tasks = Tasks([fetch, fetch])

    with pytest.raises(Conflict, match=r"web\.fetch"):
        tasks.add(task("web.fetch", version=2)(a_coroutine))
