"""Webhooks: what is sent, to where, and what becomes of refusals."""

from __future__ import annotations

import ipaddress
import json

import pytest
from aiohttp import web
from packages.workflows.tests.notify.conftest import MESSAGE, Receiver, hang
from standardwebhooks import Webhook

from sapwood_shared import DependencyFailed, Forbidden, InvalidInput
from sapwood_workflows.notify import Channels
from sapwood_workflows.notify.posting import is_public

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_b3RoZXIgc2VjcmV0IG9mIHRoaXMgdGVzdCBoZXJl"


def _channel(url: str, **more: object) -> Channels:
    settings = {"kind": "webhook", "url": url, "secrets": [SECRET], "allow_private": True, **more}
    return Channels.read({"ops": settings})


async def test_a_receiver_that_follows_the_standard_takes_it(receiver: Receiver) -> None:
    await _channel(receiver.url(), secrets=[OTHER, SECRET]).get("ops").send(MESSAGE)

    ((headers, body),) = receiver.got
    lowered = {name.lower(): value for name, value in headers.items()}
    for secret in (SECRET, OTHER):  # an old secret and a new one sign beside each other
        event = Webhook(secret).verify(body, lowered)
        assert event["data"] == {"subject": MESSAGE.subject, "text": MESSAGE.text, "mills": 3}
    assert lowered["webhook-id"] == "msg_1"
    assert json.loads(body)["timestamp"] == "2026-03-01T12:30:00+00:00"


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (503, True), (429, True), (408, True), (404, False), (410, False)]
)
async def test_a_refusal_is_worth_another_try_or_not(receiver: Receiver, status: int, again: bool) -> None:
    async def answer() -> web.StreamResponse:
        return web.Response(status=status, headers={"Retry-After": "7"})

    receiver.answer = answer
    with pytest.raises(DependencyFailed if again else InvalidInput) as caught:
        await _channel(receiver.url()).get("ops").send(MESSAGE)

    assert getattr(caught.value, "retry_after_s", 7.0) == 7.0
    assert "T0KEN" not in str(caught.value)


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    async def answer() -> web.StreamResponse:
        raise web.HTTPFound("http://169.254.169.254/latest")

    receiver.answer = answer
    with pytest.raises(InvalidInput, match="redirect"):
        await _channel(receiver.url()).get("ops").send(MESSAGE)


async def test_one_that_hangs_and_one_that_is_dead_are_worth_another_try(receiver: Receiver) -> None:
    receiver.answer = hang
    with pytest.raises(DependencyFailed, match="did not answer within"):
        await _channel(receiver.url(), timeout_s=0.3).get("ops").send(MESSAGE)
    with pytest.raises(DependencyFailed, match="cannot be reached"):
        await _channel("http://127.0.0.1:9/hook").get("ops").send(MESSAGE)


async def test_what_answers_without_end_is_read_to_a_bound(receiver: Receiver) -> None:
    async def answer() -> web.StreamResponse:
        return web.Response(body=b"x" * (8 << 20))

    receiver.answer = answer
    await _channel(receiver.url()).get("ops").send(MESSAGE)

    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.8", "[::ffff:127.0.0.1]"]
)
async def test_an_address_of_this_machine_or_its_network_is_refused(receiver: Receiver, host: str) -> None:
    channel = _channel(f"https://{host}:{receiver.port}/hook/T0KEN", allow_private=False)

    with pytest.raises(Forbidden, match="network"):
        await channel.get("ops").send(MESSAGE)

    assert not receiver.got


async def test_an_address_without_tls_is_refused(receiver: Receiver) -> None:
    with pytest.raises(InvalidInput, match="TLS"):
        await _channel("http://example.org/hook", allow_private=False).get("ops").send(MESSAGE)


def test_what_is_public() -> None:
    assert is_public(ipaddress.ip_address("93.184.216.34"))
    assert not is_public(ipaddress.ip_address("100.64.0.1"))
    assert not is_public(ipaddress.ip_address("fd00::1"))
    assert not is_public(ipaddress.ip_address("2002:7f00:1::"))


async def test_slack_gets_text_that_mentions_nobody(receiver: Receiver) -> None:
    channels = Channels.read({"team": {"kind": "slack", "url": receiver.url(), "allow_private": True}})

    await channels.get("team").send(MESSAGE.model_copy(update={"text": "<!channel> A & B"}))

    ((_, body),) = receiver.got
    assert json.loads(body)["text"] == "*Three mills stopped*\n&lt;!channel&gt; A &amp; B"
    assert json.loads(body)["metadata"]["event_payload"] == {"id": "msg_1"}


def test_channels_that_are_wrong_say_where_and_quote_nothing() -> None:
    with pytest.raises(InvalidInput) as caught:
        Channels.read({"ops": {"kind": "webhook", "url": "https://secret.example/abc", "secrets": []}})
    assert "ops.webhook.secrets" in caught.value.message
    assert "abc" not in caught.value.message
    with pytest.raises(InvalidInput, match="no channel 'x'") as unknown:
        Channels.read({}).get("x")
    assert "SAPWOOD_NOTIFY" in (unknown.value.hint or "")
