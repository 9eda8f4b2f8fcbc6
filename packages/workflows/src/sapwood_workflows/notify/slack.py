"""A message in a channel of Slack, or of what takes Slack's incoming webhooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from sapwood_workflows.notify.channels import SlackSettings
from sapwood_workflows.notify.message import Message
from sapwood_workflows.notify.posting import post

_MOST: Final = 3_000
"""Characters of a section's text."""


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """One incoming webhook. It knows no message again: one that was sent and not recorded may come twice."""

    settings: SlackSettings

    async def send(self, message: Message) -> None:
        """POST it as text with a heading; Slack shows the id to nobody, and keeps it with the message."""
        text = message.text if len(message.text) <= _MOST else message.text[: _MOST - 1] + "…"
        body = {
            "text": f"*{_escaped(message.subject)}*\n{_escaped(text)}",
            "metadata": {"event_type": "sapwood_notification", "event_payload": {"id": message.id}},
        }
        await post(
            self.settings.url.get_secret_value(), json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json"}, allow_private=self.settings.allow_private,
            timeout_s=self.settings.timeout_s,
        )  # fmt: skip


def _escaped(text: str) -> str:
    """What Slack takes for markup of its own: a mention of everybody is not for a file's name to make."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
