"""The contract's worked examples, asked."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from packages.agents.tests.analyst.house import House, rows

from sapwood_agents.analyst.ports import Dataset

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCUMENT = (Path(__file__).parents[4] / "docs" / "answers.md").read_text(encoding="utf-8")
EXAMPLES = [
    json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
]
SOURCE = Path(__file__).parents[2] / "src" / "sapwood_agents" / "analyst"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["question"])
async def test_an_example_of_the_contract_holds(
    house: House, flights: Dataset, example: dict[str, Any]
) -> None:
    answer = await house.ask(flights, example["question"])
    found = rows(answer)

    assert list(answer.columns) == example["columns"]
    assert len(found) == len(example["rows"]) + example.get("more", 0)
    for row, expected in zip(found, example["rows"], strict=False):
        assert len(row) == len(expected)
        assert all(alike(cell, other) for cell, other in zip(row, expected, strict=True)), row


async def test_the_document_has_an_example_for_each_kind() -> None:
    assert len(EXAMPLES) >= 25
    assert len({example["question"] for example in EXAMPLES}) == len(EXAMPLES)


async def test_every_check_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE))
    opening = Path(__file__).parents[4] / "apps" / "cli" / "src" / "sapwood_cli" / "opening.py"
    text = "".join(path.read_text() for path in (SOURCE / "ask.py", SOURCE / "instrument.py", opening))
    given = set(re.findall(r"code=\"(\w+)\"", text)) | set(re.findall(r"\"(nulls?_\w+)\"", text))

    assert given - {"unsupported", "unplaced", "ambiguous"} == explained


def alike(cell: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return isinstance(cell, float) and math.isclose(cell, expected, rel_tol=1e-9)
    return type(cell) is type(expected) and cell == expected
