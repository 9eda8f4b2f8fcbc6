"""The task: one message an event, however often its step is tried."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from packages.workflows.tests.notify.conftest import Receiver
from pydantic import ValidationError

from sapwood_shared import DetachedWork, SystemClock, WorkspaceId
from sapwood_workflows.notify import Channels, notify_task
from sapwood_workflows.notify.task import Notification
from sapwood_workflows.worker.work import StepIdentity, StepWork

MINE = WorkspaceId("mine")
TOLD = Notification(channel="ops", subject="Drift", text="rent rose")


def _attempt(number: int, step: str = "tell") -> StepWork:
    identity = StepIdentity(MINE, "run_1", step, -1, number)
    return StepWork(timeout_s=60, clock=SystemClock(), tell=lambda _: None, identity=identity)


def _channels(receiver: Receiver) -> Channels:
    hook = {"kind": "webhook", "url": receiver.url(), "secrets": ["whsec_c2VjcmV0"], "allow_private": True}
    return Channels.read({"ops": hook})


async def test_a_crash_between_the_send_and_its_record_sends_the_same_id_again(receiver: Receiver) -> None:
    send = notify_task(_channels(receiver))

    first = await send(MINE, TOLD, _attempt(1))
    second = await send(MINE, TOLD, _attempt(2))
    other = await send(MINE, TOLD, _attempt(1, step="tell_again"))

    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids == [first.id, second.id, other.id]
    assert first.id == second.id != other.id


async def test_where_there_is_no_step_what_is_told_makes_the_id(receiver: Receiver) -> None:
    send = notify_task(_channels(receiver))

    same = [await send(MINE, TOLD, DetachedWork()) for _ in range(2)]
    other = await send(MINE, TOLD.model_copy(update={"text": "rent fell"}), DetachedWork())

    assert same[0].id == same[1].id != other.id


async def test_it_asks_for_another_try_no_sooner_than_the_receiver_wants(receiver: Receiver) -> None:
    async def answer() -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "30"})

    receiver.answer = answer
    from sapwood_workflows.worker.calling import Calling
    from sapwood_workflows.worker.processes import Processes
    from sapwood_workflows.worker.step_log import StepLog

    send = notify_task(_channels(receiver))
    found = await Calling(Processes()).call(
        send, MINE, TOLD.model_dump(), _attempt(1), StepLog(), timeout_s=10
    )

    assert (found.retryable, found.retry_after_s) == (True, 30.0)


def test_a_subject_is_one_line_and_data_has_a_bound() -> None:
    assert (
        Notification(channel="ops", subject="a\r\nBcc: all@example.org").subject == "a Bcc: all@example.org"
    )
    with pytest.raises(ValidationError):
        Notification(channel="ops", subject="x", data={"much": "x" * 300_000})
    with pytest.raises(ValidationError):
        Notification(channel="ops", subject="x", id="no spaces")
    assert json.loads(TOLD.model_dump_json())["channel"] == "ops"
