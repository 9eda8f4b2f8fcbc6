"""Telling people: by mail, by a signed webhook, in a Slack-compatible channel; one message an event."""

from sapwood_workflows.notify.channels import Channels
from sapwood_workflows.notify.message import Message
from sapwood_workflows.notify.task import notify_task

__all__ = ["Channels", "Message", "notify_task"]
