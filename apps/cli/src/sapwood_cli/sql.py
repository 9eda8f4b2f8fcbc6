"""`sapwood sql`: one SELECT over a file, in the sandbox."""

import asyncio
import json

from sapwood_agents.analyst.answer import Check
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.progress import TerminalWork
from sapwood_cli.render import render_table
from sapwood_cli.source import Source
from sapwood_runtime.settings import load
from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ResultTable


def run(source: Source, statement: str, *, out: str | None, as_json: bool) -> int:
    """Print the rows, or write them to a file."""
    settings = load()
    if out is not None:
        from sapwood_cli.output import check_targets

        check_targets(source, out)
    table, checks = asyncio.run(_query(source, statement))
    names = [column.name for column in table.columns]
    if out:
        from sapwood_cli.output import write_rows

        write_rows(out, names, table.rows, settings)
    if as_json:
        columns = [{"name": column.name, "type": column.type.value} for column in table.columns]
        found = {"columns": columns, "rows": table.rows}
        found |= {"truncated": table.truncated, "nonfinite": table.nonfinite}
        found |= {"checks": [check.model_dump(mode="json") for check in checks]}
        print(json.dumps(found, ensure_ascii=False, allow_nan=False))
    elif not out:
        print(render_table(names, table.rows, most=1_000))
        if table.truncated:
            print("(more rows were found than one query may return; add a LIMIT or aggregate)")
        for check in checks:
            print(f"({check.text})")
    return 0


async def _query(source: Source, statement: str) -> tuple[ResultTable, tuple[Check, ...]]:
    async with opening(source) as parts:
        parts.sandbox.prestart()
        with TerminalWork(source.title) as work:
            opened = await open_source(parts, source, work)
        try:
            return await parts.tables.query(WORKSPACE, opened.dataset.version, statement), notes(opened)
        except InvalidInput as error:
            hint = error.hint or f"see its columns: sapwood columns {source.typed}"
            raise InvalidInput(error.message, hint=hint) from error
