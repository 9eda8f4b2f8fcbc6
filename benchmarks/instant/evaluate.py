"""Measures the instant tier on questions about real tables, through the product's own path.

    python benchmarks/instant/evaluate.py test            # totals only: test tables stay unread
    python benchmarks/instant/evaluate.py development --show
    python benchmarks/instant/evaluate.py development --nameless

A question is right when its rows equal those of the gold SQL: in its order where `docs/answers.md` gives them
one (what ranks alike in any), numbers within 1e-6, text letter by letter unless the gold folds case. It is
wrong when they differ, or when it should have been declined. Declining needs no particular reason.
Printed: precision of what was answered with its 95 % Wilson interval, coverage of the answerable, share of
the others declined; for each ground to decline, what would be answered without it and how precise that were
(a follow-up keeps what it follows up); and how many answers each check found something in.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from figures import Figures, report
from gold import Gold, open_table, run_gold
from guards import NAMES, Watch, WatchedAnalyst, watched
from likeness import has_rows, is_right

from sapwood_agents.analyst.answer import Answer
from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import load
from sapwood_shared import DetachedWork, WorkspaceId
from sapwood_storage.tabular.model import ReaderOptions

HERE = Path(__file__).parent
LOCAL = WorkspaceId("local")
NAMELESS = ("data", "export_2", "table1", "query_result", "Sheet1", "download (3)")
"""What files are called that say nothing of what is in them."""


def named_file(folder: Path, scratch: Path, name: str) -> Path:
    """The table under a name."""
    file = next(path for path in folder.iterdir() if path.stem == "table")
    named = scratch / folder.name / f"{name}{file.suffix}"
    named.parent.mkdir()
    named.symlink_to(file)
    return named


class Table:
    """The questions of one table, asked and judged."""

    def __init__(self, parts: Parts, folder: Path, named: Path, watch: Watch) -> None:
        self.parts, self.folder, self.named = parts, folder, named
        self.analyst = WatchedAnalyst(parts.tables, parts.analyst.cache, watch=watch)
        self.figures = Figures()

    async def run(self, *, guarded: bool, show: bool) -> Figures:
        work = DetachedWork()
        dataset = await self.parts.dataset(LOCAL, self.named, ReaderOptions(), work)
        gold_table = open_table(self.named)
        intents: dict[str, QueryIntent | None] = {}
        for entry in self.entries():
            follows = entry.get("follow_up_of")
            if follows and intents.get(follows) is None:
                self.figures.counts["not asked"] += 1
                continue
            question = Question(text=entry["q"], previous=intents[follows] if follows else None)
            self.analyst.read_by.clear()
            answer = await self.analyst.ask(LOCAL, dataset, question, work)
            intents[entry["id"]] = QueryIntent.model_validate(answer.intent) if answer.intent else None
            gold = gold_of(gold_table, entry)
            right = self.count(answer, gold)
            for guard in sorted(self.analyst.spoke) if guarded else ():
                self.figures.spoke[guard] += 1
                without = await self.analyst.without(guard, LOCAL, dataset, question)
                self.figures.more[guard, "answered"] += (without is not None) - (answer.answer is not None)
                self.figures.more[guard, "right"] += is_answer(without, gold) - right
            if show:
                print_failure(entry, answer, gold, right=right)
        return self.figures

    def entries(self) -> Iterator[dict[str, Any]]:
        for line in (self.folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)

    def count(self, answer: Answer, gold: Gold | None) -> bool:
        """Count one answer or refusal; whether it is a right answer."""
        answered = answer.answer is not None
        kind = "unanswerable" if gold is None else "answerable"
        right = is_answer(answer, gold)
        counts = self.figures.counts
        counts[f"{kind} {'answered' if answered else 'declined'}"] += 1
        counts["right"] += right
        self.figures.checks.update({check.code for check in answer.checks})
        if answered and gold is not None and not right:
            rows = [list(row) for row in answer.rows]
            counts["in another order"] += has_rows(rows, gold)
            counts["in another case"] += is_right(rows, gold, any_case=True)
        return right


def gold_of(gold_table: duckdb.DuckDBPyConnection, entry: dict[str, Any]) -> Gold | None:
    return run_gold(gold_table, entry["sql"], entry["q"]) if "sql" in entry else None


def is_answer(answer: Answer | None, gold: Gold | None) -> bool:
    if answer is None or answer.answer is None or gold is None:
        return False
    return is_right([list(row) for row in answer.rows], gold)


def print_failure(entry: dict[str, Any], answer: Answer, gold: Gold | None, *, right: bool) -> None:
    if answer.answer is not None and not right:
        print(f"  wrong {entry['id']} {entry['q']!r}\n    {answer.reading}\n    {answer.rows[:3]}")
        print(f"    gold {gold.rows[:3] if gold is not None else 'decline: ' + entry.get('why', '')}")
    elif answer.reason is not None and gold is not None:
        print(f"  declined {entry['id']} {entry['q']!r}: {answer.reason.text}")


def tables(part: str, chosen: list[str]) -> list[Path]:
    found = sorted(path for path in (HERE / part).iterdir() if path.is_dir())
    return [path for path in found if not chosen or path.name in chosen]


def names(folders: list[Path], *, named: str | None, nameless: bool) -> list[str]:
    """What each table's file is called: as its askers knew it, or otherwise."""
    if nameless:
        return [NAMELESS[place % len(NAMELESS)] for place in range(len(folders))]
    return [named or folder.name for folder in folders]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["development", "test"])
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--show", action="store_true", help="print each failure (never on test tables)")
    parser.add_argument("--quick", action="store_true", help="leave out what each guard does")
    name = parser.add_mutually_exclusive_group()
    name.add_argument("--named", metavar="NAME", help="call every file so, not as its askers knew it")
    name.add_argument("--nameless", action="store_true", help="call the files data, export_2 and the like")
    return parser.parse_args()


async def main() -> None:
    chosen = arguments()
    show = chosen.show and chosen.part != "test"
    folders = tables(chosen.part, chosen.tables)
    total = Figures()
    with tempfile.TemporaryDirectory() as directory, watched() as watch:
        scratch = Path(directory)
        async with open_parts(load({"SAPWOOD_HOME": str(scratch / "home")})) as parts:
            called = names(folders, named=chosen.named, nameless=chosen.nameless)
            for folder, name in zip(folders, called, strict=True):
                table = Table(parts, folder, named_file(folder, scratch, name), watch)
                found = await table.run(guarded=not chosen.quick, show=show)
                label = folder.name if name == folder.name else f"{folder.name} as {name}"
                print(f"{label:20} {dict(found.counts) if show else 'done'}")
                total.add(found)
    print(report(total, NAMES, guarded=not chosen.quick))


if __name__ == "__main__":
    asyncio.run(main())
