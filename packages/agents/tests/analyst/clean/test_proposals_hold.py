"""What any proposal promises: applied it loses no row that it did not count, and nothing is said twice."""

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sapwood_agents.analyst.clean.proposal import ProposeRequest
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import ColumnType

WORKSPACE = WorkspaceId("local")
pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXTS = st.sampled_from([
    "Rio", "RIO ", " rio", "Oslo", "nil", "unknown", "-", "  ", "", "$1,200.50", "$3", "($4)", "12%", "7 kg",
    "8 g", "2021-03-04", "04/03/2021", "25/12/2021", "12/25/2021", "March 4, 2021", "4.3.21", "yes", "No",
    "Y", "2021-03-04 10:11", "1", "2.5", "007", "O'Hara", 'say "x"', "a,b", "\u00a0x\u3000", "31/02/2021",
])  # fmt: skip
COLUMNS = st.lists(st.lists(TEXTS, min_size=1, max_size=4, unique=True), min_size=1, max_size=3)


@given(columns=COLUMNS, picks=st.lists(st.integers(0, 11), min_size=2, max_size=14))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_proposal_applied_leaves_none_of_its_kind_and_counts_every_row(
    laundry: Any, columns: list[list[str]], picks: list[int]
) -> None:
    table = await laundry.read(
        written(columns, picks), {f"x{n}": ColumnType.TEXT for n in range(len(columns))}
    )
    first = await laundry.cleaner.propose(WORKSPACE, table, ProposeRequest(), DetachedWork())

    made = await laundry.apply(table.version, first.recipe)

    removed = sum(one.rows_removed for one in first.proposed)
    assert made.rows == table.rows - removed
    assert removed == 0 or any(one.step.kind == "dedupe" for one in first.proposed)
    assert sum(one.cells_emptied for one in made.steps) == 0
    again = await laundry.cleaner.propose(
        WORKSPACE, laundry.table(made.version), ProposeRequest(), DetachedWork()
    )
    assert about(again) & about(first) == set()


def about(proposal: Any) -> set[tuple[str, str]]:
    """What is proposed: each kind with each column that it is about."""
    return {
        (one.step.kind, name)
        for one in proposal.proposed
        for name in (getattr(one.step, "columns", ()) or ("",))
    }


def written(columns: list[list[str]], picks: list[int]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", *(f"x{number}" for number in range(len(columns)))])
    for row, pick in enumerate(picks):
        writer.writerow([row // 2, *(texts[pick % len(texts)] for texts in columns)])
    return out.getvalue()
