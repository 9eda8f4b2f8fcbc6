"""What a worker is before anything hostile happens: small, naked, bound once, and refused without layers."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import DependencyFailed, Forbidden
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.sandbox import launcher, layers, protocol
from sapwood_storage.tabular.sandbox.layers import LayerStatus
from sapwood_storage.tabular.sandbox.pool import SandboxPool

HEAVY = {
    "asyncio",
    "pydantic",
    "dataclasses",
    "inspect",
    "logging",
    "numpy",
    "duckdb",
}
WORKSPACE = WorkspaceId("ws_test")


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _descriptors(pid: int) -> list[str]:
    return sorted(str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir())


def _environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def _pid(pool: SandboxPool, dataset: Path) -> int:
    await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")
    (slot,) = pool._slots.values()
    assert slot.worker is not None
    return slot.worker.pid


async def test_a_bound_worker_wears_every_layer(pool: SandboxPool, dataset: Path) -> None:
    status = _status(await _pid(pool, dataset))

    assert status["Seccomp"] == "2"
    assert status["NoNewPrivs"] == "1"
    assert int(status["CapEff"], 16) == 0
    if os.geteuid() == 0:
        assert int(status["Uid"].split()[0]) > 60_000
        assert status["Groups"] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="the kernel shows these of an undumpable process to root only")
async def test_a_bound_worker_holds_its_dataset_its_scratch_and_its_socket(
    pool: SandboxPool, dataset: Path
) -> None:
    pid = await _pid(pool, dataset)
    held = _descriptors(pid)

    assert _environment(pid) == b""
    assert [name.split(":")[0] for name in held if ":" in name] == ["pipe", "socket"]
    named = [name for name in held if name.startswith("/") and name != "/dev/null"]
    assert named == sorted([str(dataset / "data.parquet"), str(next(dataset.parent.glob("scratch/*")))])


async def test_a_worker_loads_nothing_heavy(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="telling_worker")

    result = await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")

    loaded = set(json.loads(str(result.rows[0][0])))
    assert sorted(loaded & HEAVY) == []


async def test_a_worker_is_bound_once(tmp_path: Path, make_pool: Any, dataset: Path) -> None:
    make_pool()
    started = launcher.start(tmp_path / "scratch")
    binding = {
        "op": "bind", "mode": "query", "directory": str(dataset), "scratch": str(started.scratch),
        "memory_mb": 64, "threads": 1, "temp_mb": 64, "output_mb": 64, "unsafe": False,
    }  # fmt: skip
    fd = started.socket.fileno()
    answers = protocol.read_frames(fd)
    assert next(answers)["kind"] == "ready"

    protocol.write_frame(fd, protocol.encode(binding))
    first = next(answers)
    protocol.write_frame(fd, protocol.encode({**binding, "id": 1, "directory": "/etc"}))
    second = next(answers)
    started.discard()

    assert first == {"kind": "bound"}
    assert (second["kind"], second["code"]) == ("failed", "forbidden")


async def test_a_worker_without_layers_is_refused(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="layerless_worker")

    with pytest.raises(Forbidden, match=r"Landlock.*seccomp") as refusal:
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")

    assert "--unsafe-no-sandbox" in str(refusal.value.hint)


async def test_who_accepts_the_risk_gets_an_answer_without_layers(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="layerless_worker", unsafe=True)

    assert (await pool.query(WORKSPACE, "dv_1", dataset, "SELECT count(*) FROM data")).rows == [[10]]
    with pytest.raises(Forbidden):
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT * FROM read_csv('/etc/passwd')")


async def test_a_thread_that_was_started_too_early_is_refused(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="threaded_worker")

    with pytest.raises(Exception, match="a thread was started before"):
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")


async def test_a_worker_that_cannot_start_says_why(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="no_such_worker")

    with pytest.raises(DependencyFailed, match="No module named 'no_such_worker'"):
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")


async def test_a_worker_that_says_nothing_is_given_up(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="silent_worker", start_s=0.3)

    with pytest.raises(DependencyFailed, match=r"not ready within 0\.3 s"):
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT 1")


async def test_a_worker_that_talks_nonsense_is_ended(make_pool: Any, dataset: Path) -> None:
    pool: SandboxPool = make_pool(module="babbling_worker")

    for sql in ("frame", "kind", "id", "rows", "summary", "flood", "size"):
        async with asyncio.timeout(20):
            with pytest.raises(DependencyFailed):
                await pool.query(WORKSPACE, "dv_1", dataset, sql)


def test_the_layers_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert layers.available().complete
    assert LayerStatus(landlock_abi=0, seccomp=True).missing[0].startswith("Landlock")

    monkeypatch.setattr("sys.platform", "darwin")
    assert not layers.available().complete
    assert "Linux" in layers.available().missing[0]
