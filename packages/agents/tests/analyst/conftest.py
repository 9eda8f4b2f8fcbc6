"""One house for all tests of the session: workers start slowly."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from packages.agents.tests.analyst.house import FLIGHTS, ORCHARDS, PICKINGS, SHOP, CountedTables, House

from sapwood_agents.analyst.ask import Analyst
from sapwood_agents.analyst.ports import Dataset
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    home, shelf = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    async with SandboxPool(settings=SandboxSettings(spares=1, bound=8)) as sandbox:
        datasets = Datasets(home, sandbox)
        tables = CountedTables(datasets, sandbox)
        yield House(datasets, tables, Analyst(tables, SingleFlight(MemoryCache())), shelf)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def flights(house: House) -> Dataset:
    return await house.open(FLIGHTS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop(house: House) -> Dataset:
    return await house.read("shop.csv", SHOP)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def orchards(house: House) -> Dataset:
    return await house.read("panel.csv", ORCHARDS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pickings(house: House) -> Dataset:
    return await house.read("pickings.csv", PICKINGS)
