"""Keeps keys and passwords out of whatever is written down."""

import re
from collections.abc import Mapping
from typing import Final, cast

REDACTED: Final = "[redacted]"

_DEEPEST: Final = 8

# `token` counts as the last word, or after what says that it is no word of a text: `prompt_tokens` and
# `token_count` are sizes, not keys; so is `session_length`.
_SECRET_KEY: Final = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|passphrase|pwd|secrets?|api_?key|private_?key|access_?key|authorization"
    r"|cookie|credentials?|dsn|(?:access|refresh|auth|bearer|api|id|session|csrf)_?token|session_?(?:id|key))"
    r"(?:[_\-.]|$)|(?:^|[_\-.])(?:token|session)$",
)
_WORD_STARTS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET_VALUE: Final = re.compile(
    r"""
      -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    | \b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}     # OpenAI, Anthropic, Stripe
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b | \bAIza[\w-]{30,} | \bxox[abprs]-[\w-]{10,} | \bhf_[A-Za-z0-9]{20,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*                           # a JSON web token
    | (?<=bearer\ )[\w.~+/=-]{8,} | (?<=basic\ )[A-Za-z0-9+/=]{8,}
    | (?<=://)[^\s/:@]*:[^\s/]+(?=@)                              # the user and password of an address
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ASSIGNMENT: Final = re.compile(
    r"""
    (
        \b[\w-]*(?:
            password | passwd | passphrase | secret | (?:api|access|private|secret|session)[_-]?key
          | token(?:[_-]?value)? | credentials? | dsn | session[_-]?id | session(?=\\?["']?\s*=)
        )
        \\?["']?\s*[=:]\s*
    )
    (?:(\\?["'])(?:(?!\2)(?:\\.|.))*(\2|\Z) | [^\s"'&,;\\]+)        # to its closing quote, or one word
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def redact(value: object, _depth: int = 0) -> object:
    """Return `value` without what its keys or its looks say is a secret; collections are copied."""
    if isinstance(value, str):
        return redact_text(value)
    if _depth > _DEEPEST:
        return REDACTED
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return {key: redact_field(str(key), field, _depth + 1) for key, field in fields.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, _depth + 1) for item in cast("list[object]", value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact_text(value.decode(errors="replace") if isinstance(value, bytes) else str(value))


def redact_field(key: str, value: object, _depth: int = 0) -> object:
    """Return `value`, or nothing of it when it is called something like `api_key`."""
    if value is not None and _SECRET_KEY.search(_WORD_STARTS.sub("_", key).lower()):
        return REDACTED
    return redact(value, _depth)


def redact_text(text: str) -> str:
    """Return `text` with everything that looks like a secret replaced."""
    return _ASSIGNMENT.sub(rf"\g<1>\g<2>{REDACTED}\g<3>", _SECRET_VALUE.sub(REDACTED, text))
