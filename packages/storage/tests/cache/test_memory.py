from hypothesis import given
from hypothesis import strategies as st

from sapwood_shared.clock import FixedClock
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache.memory import MemoryCache

ANN = WorkspaceId("ann")
VALUE = b"x" * 600  # about a kilobyte with its bookkeeping


async def test_the_least_recently_used_goes_first() -> None:
    cache = MemoryCache(max_bytes=3100)
    for key in "abc":
        await cache.put(ANN, key, VALUE, ttl_s=10)

    await cache.get(ANN, "a")
    await cache.put(ANN, "d", VALUE, ttl_s=10)

    assert [await cache.get(ANN, key) is not None for key in "abcd"] == [True, False, True, True]


async def test_a_value_too_large_is_not_kept_and_leaves_no_older_one() -> None:
    cache = MemoryCache(max_bytes=2000)
    await cache.put(ANN, "k", b"small", ttl_s=10)
    await cache.put(ANN, "other", b"small", ttl_s=10)

    await cache.put(ANN, "k", b"x" * 5000, ttl_s=10)

    assert await cache.get(ANN, "k") is None
    assert await cache.get(ANN, "other") is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"), st.integers(0, 900), st.sampled_from(["put", "get", "tag", "wait"])
        )
    )
)
async def test_the_bound_holds_and_bookkeeping_ends_at_nought(steps: list[tuple[str, int, str]]) -> None:
    clock = FixedClock()
    cache = MemoryCache(max_bytes=2500, clock=clock)

    for key, size, step in steps:
        match step:
            case "put":
                await cache.put(ANN, key, b"x" * size, ttl_s=size / 100, tags=[key, "all"])
            case "get":
                await cache.get(ANN, key)
            case "tag":
                await cache.delete_tag(ANN, key)
            case _:
                clock.advance(1)
        assert cache.size_bytes <= 2500

    await cache.delete_tag(ANN, "all")
    assert cache.size_bytes == 0
    assert not cache._tagged
