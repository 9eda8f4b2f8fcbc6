"""How a client shows a PostgreSQL server that it knows the password, in the ways a server asks for it."""

import base64
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field

_CLEAR, _MD5, _SASL, _SASL_CONTINUE, _SASL_FINAL = 3, 5, 10, 11, 12
_WITHOUT_CHANNEL_BINDING = "n,,"


@dataclass
class Login:
    """One login: `answer` takes what the server asks (RFC 5802 and 7677 for SCRAM) and gives what to send."""

    user: str
    password: str
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    scram_user: str = ""
    """PostgreSQL ignores the name that SCRAM sends: it knows the one from the client's start."""

    def answer(self, asked: bytes) -> bytes | None:
        """Return the message that answers this AuthenticationRequest, or `None` if it asks for nothing."""
        (code,), body = struct.unpack("!i", asked[5:9]), asked[9:]
        if code == _CLEAR:
            return _password(self.password.encode() + b"\0")
        if code == _MD5:
            return _password(b"md5" + _md5(_md5((self.password + self.user).encode()) + body) + b"\0")
        if code == _SASL and b"SCRAM-SHA-256" in body.split(b"\0"):
            first = (_WITHOUT_CHANNEL_BINDING + self._first).encode()
            return _password(b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        if code == _SASL_CONTINUE:
            return _password(self._final(body.decode()).encode())
        if code in (0, _SASL_FINAL):
            return None
        raise ValueError(f"the server asks for a login of kind {code}, which the tests do not know")

    @property
    def _first(self) -> str:
        return f"n={self.scram_user},r={self.nonce}"

    def _final(self, challenge: str) -> str:
        said = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", self.password.encode(), base64.b64decode(said["s"]), int(said["i"])
        )
        bound = base64.b64encode(_WITHOUT_CHANNEL_BINDING.encode()).decode()
        final = f"c={bound},r={said['r']}"
        key = _hmac(salted, b"Client Key")
        signature = _hmac(hashlib.sha256(key).digest(), f"{self._first},{challenge},{final}".encode())
        proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
        return f"{final},p={base64.b64encode(proof).decode()}"


def _password(body: bytes) -> bytes:
    return b"p" + struct.pack("!i", len(body) + 4) + body


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _md5(text: bytes) -> bytes:
    return hashlib.md5(text).hexdigest().encode()
