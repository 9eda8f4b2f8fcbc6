"""The analyst over real files in a real sandbox, as the service tests use it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Analyst, Question
from sapwood_agents.analyst.ports import Dataset
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ReaderOptions, ResultTable
from sapwood_storage.tabular.sandbox.pool import SandboxPool

WORKSPACE = WorkspaceId("local")
FLIGHTS = Path(__file__).parents[4] / "examples" / "flights.csv"

# Names that quote badly, a tie, missing keys and values, a month without rows.
SHOP = '''\
order id,City,Größe (cm),"the ""price""",select,sold on,note,vip
1,Rome,10,5.5,a,2024-01-05,fine,true
2,Rome,20,4.5,b,2024-01-20,fine,false
3,Oslo,30,,a,2024-02-03,,true
4,Oslo,15,7.0,c,2024-02-10,late,false
5,Lima,25,7.0,a,2024-03-01,late,true
6,Lima,5,3.0,b,2025-03-02,fine,false
7,,12,9.0,b,2025-03-09,it's broken,true
8,Rome,40,2.0,c,2025-05-05,,false
'''

# A panel: each orchard once a year; two yields missing, and no pickers counted in 2023.
ORCHARDS = """\
orchard,region,crop,year,yield,pickers,certified on,irrigated
Ardley,Valley,apple,2020,10,4,2020-05-01,yes
Ardley,Valley,apple,2021,12,4,2021-05-01,yes
Ardley,Valley,apple,2022,14,5,2022-05-01,yes
Ardley,Valley,apple,2023,12,,2023-05-01,yes
Bexhill,Valley,pear,2020,20,8,2020-06-01,no
Bexhill,Valley,pear,2021,24,8,2021-06-01,no
Bexhill,Valley,pear,2022,22,9,2022-06-01,no
Bexhill,Valley,pear,2023,26,,2023-06-01,no
Corby,Valley,plum,2020,6,2,2020-07-01,yes
Corby,Valley,plum,2021,,3,2021-07-01,yes
Corby,Valley,plum,2022,8,3,2022-07-01,yes
Corby,Valley,plum,2023,7,,2023-07-01,yes
Dunmore,Hill,apple,2020,15,6,2020-05-02,no
Dunmore,Hill,apple,2021,18,6,2021-05-02,no
Dunmore,Hill,apple,2022,16,6,2022-05-02,no
Dunmore,Hill,apple,2023,17,,2023-05-02,no
Elston,Hill,pear,2020,30,11,2020-06-02,yes
Elston,Hill,pear,2021,33,12,2021-06-02,yes
Elston,Hill,pear,2022,36,12,2022-06-02,yes
Elston,Hill,pear,2023,,,2023-06-02,yes
Farnham,Coast,plum,2020,5,2,2020-07-02,no
Farnham,Coast,plum,2021,3,2,2021-07-02,no
Farnham,Coast,plum,2022,4,2,2022-07-02,no
Farnham,Coast,plum,2023,4,,2023-07-02,no
"""

# One entry is there four times.
PICKINGS = """\
picker,baskets,weather
Abel,40,dry
Abel,40,dry
Abel,40,dry
Abel,40,dry
Bruno,31,dry
Clara,22,wet
Dora,24,wet
Edda,26,dry
Franz,18,wet
Gerda,12,wet
"""


@dataclass
class CountedTables:
    """Each query in the worker of its dataset, written down."""

    datasets: Datasets
    sandbox: SandboxPool
    asked: list[str] = field(default_factory=list[str])

    async def query(self, workspace: WorkspaceId, version: str, sql: str) -> ResultTable:
        self.asked.append(sql)
        directory = self.datasets.directory(workspace, version)
        return await self.sandbox.query(workspace, version, directory, sql)


@dataclass
class House:
    """An analyst with its storage."""

    datasets: Datasets
    tables: CountedTables
    analyst: Analyst
    shelf: Path

    async def read(self, name: str, text: str | bytes) -> Dataset:
        """A file of this content as a dataset."""
        file = self.shelf / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return await self.open(file)

    async def open(self, file: Path) -> Dataset:
        version = await self.datasets.ingest(WORKSPACE, file, ReaderOptions(), DetachedWork())
        report = version.report
        return Dataset(version.id, file.stem, report.columns, report.rows, report.quarantined)

    async def ask(self, dataset: Dataset, text: str, **more: Any) -> Answer:
        return await self.analyst.ask(WORKSPACE, dataset, Question(text=text, **more), DetachedWork())

    def without_cache(self) -> Analyst:
        """Another analyst over the same tables, who remembers nothing."""
        return Analyst(self.tables, SingleFlight(MemoryCache()))


def rows(answer: Answer) -> list[list[Any]]:
    """The rows of an answer; one that was not given says why it was not."""
    assert answer.answer is not None, answer.reason
    return [list(row) for row in answer.rows]


def counts(answer: Answer) -> dict[str, int | None]:
    """What the checks of an answer found, by code."""
    assert answer.answer is not None, answer.reason
    return {check.code: check.count for check in answer.checks}
