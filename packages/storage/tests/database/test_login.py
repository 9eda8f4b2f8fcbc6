import struct

import pytest
from packages.storage.tests.database.login import Login

NONCE = "rOprNGfwEbeRWgbNEkqO"
CHALLENGE = f"r={NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"


def asks(code: int, body: bytes = b"") -> bytes:
    return b"R" + struct.pack("!ii", len(body) + 8, code) + body


def test_scram_gives_the_answers_of_the_example_in_rfc_7677() -> None:
    login = Login("user", "pencil", NONCE, scram_user="user")

    first = login.answer(asks(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))
    final = login.answer(asks(11, CHALLENGE.encode()))

    assert first is not None
    assert final is not None
    assert first.endswith(f"n,,n=user,r={NONCE}".encode())
    assert final.endswith(b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    assert login.answer(asks(12, b"v=")) is None


def test_a_server_may_ask_for_the_password_itself_or_for_its_md5() -> None:
    login = Login("postgres", "secret")

    assert login.answer(asks(3)) == b"p\0\0\0\x0bsecret\0"
    # md5(md5("secretpostgres") + salt), as the server's own documentation puts it.
    assert login.answer(asks(5, b"salt")) == b"p\0\0\0\x28md5" + b"84c038d2ecb3d1025e697333e1660011" + b"\0"


def test_a_login_of_another_kind_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="kind 7"):
        Login("user", "pencil").answer(asks(7))
