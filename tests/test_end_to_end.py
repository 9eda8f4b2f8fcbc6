"""What no single member owns: a file in, an answer out, through every part, as it is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FLIGHTS = ROOT / "examples" / "flights.csv"


def sapwood(home: Path, *arguments: str, code: int = 0) -> Any:
    """The object that the installed command prints."""
    script = str(Path(sys.executable).parent / "sapwood")
    env = os.environ | {"SAPWOOD_HOME": str(home)}
    done = subprocess.run(
        [script, *arguments, "--json"], env=env, capture_output=True, check=False, text=True, timeout=120
    )
    assert done.returncode == code, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_a_stranger_asks_checks_the_sql_and_empties_the_house(tmp_path: Path) -> None:
    home = tmp_path / "home"

    answer = sapwood(home, "ask", str(FLIGHTS), "average dep_delay by carrier")
    again = sapwood(home, "ask", str(FLIGHTS), "average dep_delay by carrier")
    by_hand = sapwood(home, "sql", str(FLIGHTS), answer["sql"])

    assert len(answer["rows"]) == 15
    assert answer["rows"] == by_hand["rows"]
    assert again == answer | {"cached": True, "timings_ms": again["timings_ms"]}

    assert sapwood(home, "data", "du")["bytes"]["datasets"] > 0
    assert sapwood(home, "data", "prune")["datasets_removed"] == 1
    assert list((home / "workspaces/local/datasets").glob("dv_*")) == []


def test_what_one_command_writes_another_reads(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "origins.parquet"

    asked = sapwood(home, "ask", str(FLIGHTS), "median distance by origin", "--out", str(out))
    read = sapwood(home, "sql", str(out), "SELECT * FROM data")

    assert [column["name"] for column in read["columns"]] == asked["columns"]
    assert read["rows"] == asked["rows"]


def test_an_abstention_offers_questions_that_are_answered(tmp_path: Path) -> None:
    home = tmp_path / "home"

    declined = sapwood(home, "ask", str(FLIGHTS), "average ticket price", code=3)

    for question in declined["reason"]["can_answer"]:
        assert sapwood(home, "ask", str(FLIGHTS), question)["answer"]
