"""The task `notify.send`: tells something over a channel, under the same id however often it is tried."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sapwood_shared import Work, WorkspaceId
from sapwood_workflows.notify.channels import Channels
from sapwood_workflows.notify.message import Message
from sapwood_workflows.tasks.policy import Backoff, RetryPolicy
from sapwood_workflows.tasks.task import Task, task

_MOST_DATA: Final = 256 << 10
_RETRY: Final = RetryPolicy(attempts=8, backoff=Backoff(first_s=2.0, most_s=300.0))


class Notification(BaseModel):
    """What to tell, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str = Field(description="The name of a channel of this installation.")
    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=100_000)
    html: str | None = Field(default=None, max_length=500_000)
    data: dict[str, Any] = Field(default_factory=dict[str, Any], description="For a webhook.")
    id: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9._-]{1,128}$", description="In place of one made of the step."
    )

    @field_validator("subject")
    @classmethod
    def _one_line(cls, subject: str) -> str:
        """A line break in it would begin another header of a mail."""
        return " ".join(subject.split())

    @field_validator("data")
    @classmethod
    def _bounded(cls, data: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(data)) > _MOST_DATA:
            raise ValueError("more than 256 KiB: give the name of a file instead")
        return data


class Sent(BaseModel):
    """Under which id it went out."""

    id: str


def notify_task(channels: Channels) -> Task[Notification, Sent]:
    """The task over the channels of an installation."""

    @task("notify.send", timeout_s=600.0, retry=_RETRY)
    async def send(workspace: WorkspaceId, given: Notification, work: Work) -> Sent:
        """Tell somebody: by mail, by a signed webhook, in a Slack-compatible channel."""
        channel = channels.get(given.channel)
        message_id = given.id or _id_of(workspace, given, work)
        message = Message(
            id=message_id, subject=given.subject, text=given.text or given.subject, html=given.html,
            data=given.data, at=datetime.now(UTC),
        )  # fmt: skip
        await channel.send(message)
        return Sent(id=message_id)

    return send


def _id_of(workspace: WorkspaceId, given: Notification, work: Work) -> str:
    """Of the step, whatever the attempt; of what is told, where no step is."""
    identity = getattr(work, "identity", None)
    told = identity.name if identity is not None else f"{workspace}/{given.model_dump_json()}"
    return "msg_" + hashlib.sha256(told.encode()).hexdigest()[:32]
