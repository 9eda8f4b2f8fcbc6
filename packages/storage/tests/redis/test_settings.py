import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.redis.link import RedisLink
from sapwood_storage.redis.settings import RedisSettings


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://ann:s3cret@cache.example:6379/2?timeout=5", "redis://cache.example:6379/2"),
        ("rediss://:s3cret@cache.example", "rediss://cache.example"),
        ("unix://:s3cret@/run/redis.sock?db=1", "unix:///run/redis.sock"),
    ],
)
def test_an_address_is_shown_without_what_is_secret(address: str, shown: str) -> None:
    settings = RedisSettings(address)

    assert settings.shown == shown
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("address", ["", "localhost:6379", "http://:s3cret@cache.example"])
def test_another_kind_of_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(InvalidInput, match="address of Redis") as caught:
        RedisSettings(address)

    assert "s3cret" not in str(caught.value)


async def test_an_address_that_the_library_refuses_is_the_callers_mistake() -> None:
    with pytest.raises(InvalidInput, match="address of Redis"):
        RedisLink(RedisSettings("redis://cache.example?socket_timeout=long"))


@pytest.mark.parametrize("wrong", [{"timeout_s": 0.001}, {"connections": 0}])
def test_what_no_call_can_do_with_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="needs a connection"):
        RedisSettings("redis://cache.example", **wrong)  # pyright: ignore[reportArgumentType]
