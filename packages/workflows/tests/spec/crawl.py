"""Tasks and a workflow that the tests of specs share."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from sapwood_shared import Work, WorkspaceId
from sapwood_workflows import Task, Tasks, task
from sapwood_workflows.tasks import TaskOptions


class Page(BaseModel):
    """A page to fetch."""

    model_config = ConfigDict(extra="forbid")

    url: str
    depth: int = Field(default=1, ge=1)
    how: Literal["fast", "slow"] = "fast"


class Link(BaseModel):
    """Where a page leads."""

    to: str
    weight: float = 1.0


class Text(BaseModel):
    """A fetched page."""

    words: list[str]
    links: list[Link]
    title: str | None = None
    extra: dict[str, Any] = {}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def size(self) -> int:
        """How many words."""
        return len(self.words)


class Report(BaseModel):
    """What is told."""

    text: str
    numbers: list[float] = []
    share: float = 0.0
    from_: str = Field(default="", alias="from")


class Nothing(BaseModel):
    """Nothing."""


async def _fetch(workspace: WorkspaceId, page: Page, work: Work) -> Text:
    return Text(words=[page.url], links=[])


async def _tell(workspace: WorkspaceId, report: Report, work: Work) -> Nothing:
    return Nothing()


def versioned(number: int) -> Task[Page, Text]:
    """The same task in another version."""
    return task("web.fetch", options=TaskOptions(version=number))(_fetch)


TASKS = Tasks([versioned(1), versioned(3), task("tell")(_tell)])

CRAWL = """\
name: crawl
version: 2
description: Fetch a page and all that it leads to.
input:
  start: {type: string}
  deep: {type: integer, default: 2}
  tell: {type: boolean, default: true}
steps:
  first:
    task: web.fetch
    with: {url: "${input.start}"}
    retry: {attempts: 5, backoff: {first_s: 0.1}}
    timeout: 30s
  rest:
    task: web.fetch
    version: 1
    foreach: ${steps.first.output.links}
    with: {url: "${item.to}", depth: "${input.deep}"}
    on_failure: continue
  rested:
    sleep: 1h30m
    needs: [rest]
  paid:
    wait_for_event: {event: paid, timeout: 2d, when: item.amount > 3}
    needs: [rested]
  agreed:
    approval: {message: "Tell of ${input.start}?", by: [owner]}
    needs: [rested]
    when: input.tell
  told:
    task: tell
    needs: [paid, agreed]
    join: any
    with:
      text: "${index} at ${input.start}: ${steps.first.output.title}"
      share: ${steps.first.output.size}
    foreach: [1, 2]
    undo: {task: tell, with: {text: "not ${steps.told.output[0]}"}}
output:
  pages: ${steps.rest.output}
"""
