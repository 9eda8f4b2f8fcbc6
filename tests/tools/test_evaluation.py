import ast
import inspect
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from evaluate import names
from figures import Figures, checks_of_answers, report, wilson
from gold import run_gold
from guards import NAMES, PLAUSIBLE, WatchedAnalyst, public, watched
from likeness import equal, is_right

from sapwood_agents.analyst import reader
from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.language import plausible
from sapwood_agents.analyst.reader import Outcome
from sapwood_runtime.parts import open_parts
from sapwood_runtime.settings import load
from sapwood_shared import DetachedWork, WorkspaceId
from sapwood_storage.tabular.model import ReaderOptions

ROOT = Path(__file__).parents[2]
LOCAL = WorkspaceId("local")
PLUM, FIG, DATE = ["plum", 4], ["Fig", 4], ["date", 1]
JARS = (
    "CREATE TABLE data AS SELECT * FROM (VALUES ('plum', 4), ('Fig', 4), ('date', 1)) AS rows (fruit, jars)"
)


@pytest.fixture
def jars() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(JARS)
    return connection


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT fruit, jars FROM data ORDER BY 2 DESC LIMIT 3",
        "SELECT fruit, jars FROM data ORDER BY data.jars DESC LIMIT 3",
        "SELECT fruit, sum(jars) AS n FROM data GROUP BY 1 ORDER BY n DESC",
        "SELECT fruit, sum(jars) FROM data GROUP BY 1 ORDER BY sum(jars) DESC",
        "SELECT fruit, any_value(jars) FROM data GROUP BY 1 ORDER BY CASE WHEN max(jars) > 2 THEN 0 END",
        "SELECT fruit, jars FROM data WHERE jars > 2 UNION ALL "
        "SELECT fruit, jars FROM data WHERE jars < 2 ORDER BY 2 DESC",
    ],
)
def test_what_ranks_alike_may_stand_in_any_order_and_nothing_else(
    sql: str, jars: duckdb.DuckDBPyConnection
) -> None:
    gold = run_gold(jars, sql)

    assert is_right([PLUM, FIG, DATE], gold)
    assert is_right([FIG, PLUM, DATE], gold)
    assert not is_right([FIG, DATE, PLUM], gold)
    assert not is_right([FIG, PLUM], gold)
    assert not is_right([FIG, PLUM, DATE, DATE], gold)


def test_all_columns_may_be_what_rows_are_ordered_by(jars: duckdb.DuckDBPyConnection) -> None:
    gold = run_gold(jars, "SELECT DISTINCT jars, fruit FROM data ORDER BY ALL DESC")

    assert is_right([[4, "plum"], [4, "Fig"], [1, "date"]], gold)
    assert not is_right([[4, "Fig"], [4, "plum"], [1, "date"]], gold)


def test_a_list_picked_by_a_condition_has_no_order_unless_one_is_asked_for(
    jars: duckdb.DuckDBPyConnection,
) -> None:
    rows = "SELECT fruit, jars FROM data WHERE jars > 0 ORDER BY 2 DESC"
    groups = "SELECT fruit, sum(jars) FROM data GROUP BY 1 HAVING sum(jars) > 0 ORDER BY 2 DESC"

    assert is_right([DATE, FIG, PLUM], run_gold(jars, rows, "fruit with more than 0 jars"))
    assert is_right([DATE, FIG, PLUM], run_gold(jars, groups, "fruit with more than 0 jars"))
    assert not is_right([DATE, FIG, PLUM], run_gold(jars, rows, "fruit with any jars, most jars first"))
    assert not is_right([DATE, FIG, PLUM], run_gold(jars, groups, "fruit with any jars, sorted by jars"))


def test_an_order_by_what_is_out_of_reach_says_what_to_select(jars: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT DISTINCT ON (fruit) fruit FROM data ORDER BY fruit, length(fruit)"

    with pytest.raises(ValueError, match=r"select LENGTH\(fruit\) too"):
        run_gold(jars, sql)


def test_text_is_compared_letter_by_letter_unless_the_gold_folds_it(jars: duckdb.DuckDBPyConnection) -> None:
    asked_so = run_gold(jars, "SELECT fruit FROM data WHERE lower(fruit) = 'fig'")
    picked_so = run_gold(jars, "SELECT max(fruit) FILTER (WHERE lower(fruit) = 'fig') FROM data")
    folded = run_gold(jars, "SELECT lower(fruit) FROM data WHERE fruit = 'Fig'")

    assert is_right([["Fig"]], asked_so)
    assert not is_right([["fig"]], asked_so)
    assert not is_right([["fig"]], picked_so)
    assert is_right([["Fig"]], folded)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (1, 1.0000001, True),
        (1, 1.00001, False),
        (None, 0, False),
        (True, "Yes", True),
        (False, "true", False),
        ("2021-03-04", "2021-03-04T00:00:00", True),
        ("1", 1, True),
    ],
)
def test_cells_are_compared_by_what_they_say(a: object, b: object, same: bool) -> None:
    assert equal(a, b) is same
    assert equal(b, a) is same


def test_every_ground_that_a_reading_is_refused_on_can_be_switched_off() -> None:
    calls = [
        node.func for node in ast.walk(ast.parse(inspect.getsource(plausible))) if isinstance(node, ast.Call)
    ]
    asked = {ast.unparse(call) for call in calls} - {"unknown_rows"}

    assert asked == {
        f"{module.__name__.rpartition('.')[2]}.{name}" for module in PLAUSIBLE for name in public(module)
    }
    assert asked < set(NAMES)


async def test_without_a_guard_that_spoke_the_question_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "jars.csv"
    file.write_text("shelf,fruit,price\n1,plum,2.5\n2,fig,3.5\n3,plum,4.5\n")
    question = Question(text="how many winners are plum")
    heard = vars(reader)["unused"], vars(plausible)["unknown_rows"], vars(Outcome)["settled"]

    async with open_parts(load({"SAPWOOD_HOME": str(tmp_path / "home")})) as parts:
        dataset = await parts.dataset(LOCAL, file, ReaderOptions(), DetachedWork())
        with watched() as watch:
            asking = WatchedAnalyst(parts.tables, parts.analyst.cache, watch=watch)
            declined = await asking.ask(LOCAL, dataset, question, DetachedWork())
            spoke = asking.spoke
            answered = await asking.without("strangers", LOCAL, dataset, question)
            still_declined = await asking.without("vacuous", LOCAL, dataset, question)
        plain = await parts.analyst.ask(LOCAL, dataset, question, DetachedWork())

    assert declined.answer is None
    assert spoke == {"strangers"}
    assert answered is not None
    assert answered.rows == ((2,),)
    assert still_declined is None
    assert plain.answer is None
    assert heard == (vars(reader)["unused"], vars(plausible)["unknown_rows"], vars(Outcome)["settled"])


def test_the_report_names_what_a_guard_costs_and_what_never_spoke() -> None:
    figures = Figures()
    figures.counts.update({"answerable answered": 9, "unanswerable answered": 1, "right": 8})
    figures.spoke["hedge"] = 3
    figures.more.update({("hedge", "answered"): 2, ("hedge", "right"): 1})
    figures.spoke["ditch"] = 1
    figures.more.update({("ditch", "answered"): -2, ("ditch", "right"): -1})
    figures.checks["ties"] = 4

    lines = report(figures, ["hedge", "fence", "ditch"], guarded=True).splitlines()

    assert "right of the answered  8 of 10 = 0.800 (95 %: 0.490 to 0.943)" in lines
    assert [line.split() for line in lines if line.startswith("hedge")] == [
        ["hedge", "3", "+2", "+1", "9", "of", "12", "=", "0.7500"]
    ]
    assert "never spoke: fence" in lines
    assert "no less precise without: ditch" in lines
    assert next(line for line in lines if line.startswith("ties")).split() == ["ties", "4"]
    assert "ties" not in lines[-1]
    assert "quarantined" in lines[-1]


def test_the_checks_reported_are_those_documented() -> None:
    assert {"rows_used", "nonfinite", "quarantined"} <= set(checks_of_answers())


def test_nothing_answered_leaves_the_interval_open() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_tables_are_called_as_their_folder_or_as_chosen_or_as_nothing_in_particular() -> None:
    folders = [Path("orchards"), Path("cellars")]

    assert names(folders, named=None, nameless=False) == ["orchards", "cellars"]
    assert names(folders, named="export", nameless=False) == ["export", "export"]
    assert names(folders, named=None, nameless=True) == ["data", "export_2"]


def test_the_script_asks_a_table_under_another_name() -> None:
    script = ROOT / "benchmarks" / "instant" / "evaluate.py"
    asked = [sys.executable, str(script), "development", "curling_athletes", "--quick", "--nameless"]

    printed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert "curling_athletes as data done" in printed.splitlines()
    assert "right of the answered" in printed
