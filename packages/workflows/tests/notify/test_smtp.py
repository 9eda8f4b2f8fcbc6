"""Mails, to a real mail server."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from packages.storage.tests.redis.server import free_port
from packages.workflows.tests.notify.conftest import MESSAGE

from sapwood_shared import DependencyFailed, InvalidInput
from sapwood_workflows.notify import Channels

Start = Callable[..., int]


class Box:
    """Keeps mails; `answers` are given one after another, then all is taken."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def box() -> Box:
    return Box([])


@pytest.fixture
def start(box: Box) -> Iterator[Start]:
    running: list[Controller] = []

    def begin(**options: Any) -> int:
        port = free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return port

    yield begin
    for each in running:
        each.stop()


def _channels(port: int, **more: object) -> Channels:
    settings = {
        "kind": "smtp", "host": "localhost", "port": port, "tls": "none", "sender": "Sapwood <bot@example.org>",
        "to": ["ada@example.org", "bo@example.org"], "timeout_s": 5, **more,
    }  # fmt: skip
    return Channels.read({"ops": settings})


async def test_a_mail_arrives_under_the_id_of_its_message(box: Box, start: Start) -> None:
    await _channels(start()).get("ops").send(MESSAGE.model_copy(update={"html": "<b>now</b>"}))

    (mail,) = box.mails
    assert mail["Message-ID"] == "<msg_1@example.org>"
    assert (mail["Subject"], mail["To"]) == (MESSAGE.subject, "ada@example.org, bo@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    parts = [part.get_content().strip() for part in mail.iter_parts()]
    assert parts == [MESSAGE.text, "<b>now</b>"]


async def test_starttls_with_a_login(box: Box, start: Start, tmp_path: Path) -> None:
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(served)
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))

    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"bot", b"s3cret"), handled=False)

    port = start(tls_context=served, require_starttls=True, authenticator=login, auth_required=True)
    good = {"tls": "starttls", "username": "bot", "password": "s3cret", "ca_file": str(trusted)}
    await _channels(port, **good).get("ops").send(MESSAGE)
    with pytest.raises(InvalidInput, match="for good") as refused:
        await _channels(port, **{**good, "password": "wr0ng"}).get("ops").send(MESSAGE)
    with pytest.raises(InvalidInput, match="certificate"):
        await _channels(port, **{**good, "ca_file": None}).get("ops").send(MESSAGE)

    assert len(box.mails) == 1
    assert "wr0ng" not in str(refused.value)


async def test_a_refusal_for_now_is_worth_another_try_and_one_for_good_is_not(box: Box, start: Start) -> None:
    box.answers = ["451 come back", "554 never"]
    channel = _channels(start()).get("ops")

    with pytest.raises(DependencyFailed, match="451"):
        await channel.send(MESSAGE)
    with pytest.raises(InvalidInput, match="554"):
        await channel.send(MESSAGE)
    await channel.send(MESSAGE)

    assert len(box.mails) == 1


async def test_a_dead_server_is_worth_another_try() -> None:
    with pytest.raises(DependencyFailed):
        await _channels(9).get("ops").send(MESSAGE)
