import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_shared.redaction import REDACTED, redact, redact_field, redact_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "key",
    [
        *(
            "password",
            "PASSWORD",
            "db_password",
            "apiKey",
            "api_key",
            "OPENAI_API_KEY",
            "token",
            "access_token",
        ),
        "Authorization",
        "client-secret",
        "secretName",
        "cookie",
        "private_key",
        "credentials",
        "passwordHash",
        "dsn",
        "DATABASE_DSN",
        "session",
        "sessionId",
        "access_token_value",
    ],
)
def test_what_is_called_like_a_secret_is_left_out(key: str) -> None:
    assert redact_field(key, "x") == REDACTED
    assert redact({"outer": [{key: {"deep": 1}}]}) == {"outer": [{key: REDACTED}]}


@pytest.mark.parametrize(
    "key",
    [
        *("prompt_tokens", "token_count", "tokens", "author", "passenger", "keyboard", "monkey"),
        *("sessions", "session_length"),
    ],
)
def test_what_only_sounds_like_a_secret_stays(key: str) -> None:
    assert redact_field(key, 12) == 12


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-" + "a1B2" * 8,
        "ghp_" + "a1B2" * 9,
        "AKIA" + "ABCD" * 4,
        "xoxb-" + "123456-abcdef",
        "eyJhbGciOiJI." + "eyJzdWIiOiIx." + "abc_def-ghi",
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMII\n-----END RSA " + "PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_left_out_of_a_sentence(secret: str) -> None:
    said = redact_text(f"asked with {secret} and failed")

    assert said == f"asked with {REDACTED} and failed"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abcdefgh123", f"Authorization: Bearer {REDACTED}"),
        ("postgresql://ada:hunter2@db/sapwood", f"postgresql://{REDACTED}@db/sapwood"),
        ("postgresql://ada:hunt@er2@db/sapwood", f"postgresql://{REDACTED}@db/sapwood"),
        ("redis://:hunter2@cache:6379/0", f"redis://{REDACTED}@cache:6379/0"),
        ("connect password=hunter2 host=db", f"connect password={REDACTED} host=db"),
        ('{"api_key": "hunter2", "n": 1}', f'{{"api_key": "{REDACTED}", "n": 1}}'),
        ("passphrase: hunter2", f"passphrase: {REDACTED}"),
        ("passphrase: 'correct horse', then", f"passphrase: '{REDACTED}', then"),
        ('password="correct \\"horse\\" battery" host=db', f'password="{REDACTED}" host=db'),
        (
            '{\\"password\\": \\"correct horse\\", \\"n\\": 1}',
            f'{{\\"password\\": \\"{REDACTED}\\", \\"n\\": 1}}',
        ),
        ('password="cut off at', f'password="{REDACTED}'),
        ("access_token_value=hunter2", f"access_token_value={REDACTED}"),
        ("session=hunter2; path=/", f"session={REDACTED}; path=/"),
        ("dsn=host=db", f"dsn={REDACTED}"),
        ("in one session: 12 questions", "in one session: 12 questions"),
        ("the mean of dep_delay is 12.6 at 10:30", "the mean of dep_delay is 12.6 at 10:30"),
        ("https://example.org/a:b?c=d", "https://example.org/a:b?c=d"),
    ],
)
def test_addresses_headers_and_assignments_lose_only_the_secret(text: str, shown: str) -> None:
    assert redact_text(text) == shown


def test_bytes_and_objects_are_read_as_text() -> None:
    class Connection:
        def __str__(self) -> str:
            return "password=hunter2"

    assert redact(b"token=abc") == f"token={REDACTED}"
    assert redact(Connection()) == f"password={REDACTED}"


def test_a_structure_without_end_has_one() -> None:
    loop: list[object] = []
    loop.append(loop)

    assert REDACTED in str(redact(loop))


@given(JSON)
def test_redacting_twice_changes_nothing_more(value: object) -> None:
    once = redact(value)

    assert redact(once) == once


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"])))
def test_plain_words_are_never_touched(text: str) -> None:
    if not any(word in text.lower() for word in ("akia", "asia", "aiza", "bearer ", "basic ")):
        assert redact_text(text) == text
