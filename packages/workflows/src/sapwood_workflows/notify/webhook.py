"""Signed events to a web address, after the Standard Webhooks specification (standardwebhooks.com, 1.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Final

from sapwood_shared import InvalidInput
from sapwood_workflows.notify.channels import WebhookSettings
from sapwood_workflows.notify.message import Message
from sapwood_workflows.notify.posting import post

_PREFIX: Final = "whsec_"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """One receiver."""

    settings: WebhookSettings

    async def send(self, message: Message) -> None:
        """POST it; the id is the message's, so that the receiver knows it again."""
        event = {
            "type": self.settings.event,
            "timestamp": message.at.isoformat(),
            "data": {"subject": message.subject, "text": message.text, **message.data},
        }
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        moment = str(int(time.time()))
        secrets = [each.get_secret_value() for each in self.settings.secrets]
        signed = " ".join(signature(each, message.id, moment, body) for each in secrets)
        headers = {
            "Content-Type": "application/json", "webhook-id": message.id, "webhook-timestamp": moment,
            "webhook-signature": signed,
        }  # fmt: skip
        await post(
            self.settings.url.get_secret_value(), body, headers, allow_private=self.settings.allow_private,
            timeout_s=self.settings.timeout_s,
        )  # fmt: skip


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body`, in base 64."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise InvalidInput(
            "a secret of the channel is no base 64", hint="make one: whsec_ and 32 random bytes in base 64"
        ) from None
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
