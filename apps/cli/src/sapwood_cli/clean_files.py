"""Recipes and cleaned tables as files of the person's: whole or not at all, and streamed."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from sapwood_agents.analyst.clean.proposal import ProposedStep
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.targets import own_file, target
from sapwood_runtime.parts import Parts
from sapwood_shared.errors import InvalidInput
from sapwood_shared.work import Work
from sapwood_storage.tabular.cleaning.exports import ExportFormat, exported

_LARGEST_RECIPE: Final = 4 << 20
_EXCEL_ROWS: Final = 1_048_575
_FORMATS: Final[dict[str, ExportFormat]] = {
    ".csv": "csv",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "ndjson",  # read back line by line
}


def read_recipe(name: str) -> Recipe:
    """Return the recipe in a YAML file."""
    path = Path(name).expanduser()
    try:
        if path.stat().st_size > _LARGEST_RECIPE:
            raise InvalidInput(f"{name} is too large for a recipe", hint="check that it is the right file")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not UTF-8 text", hint="check that it is the right file") from error
    except OSError as error:
        raise InvalidInput(
            f"{name} cannot be read: {os.strerror(error.errno or 0)}", hint="check the path"
        ) from error
    return Recipe.from_yaml(text)


def save_recipe(name: str, recipe: Recipe, choices: Sequence[ProposedStep]) -> None:
    """Write a recipe as YAML; the choices follow as comments, to be taken up by removing their signs."""
    text = recipe.to_yaml()
    if choices:
        lines = Recipe(steps=tuple(one.step for one in choices)).to_yaml().splitlines()
        commented = [f"# {line}" for line in lines[lines.index("steps:") + 1 :]]
        text += "\n# These need a decision of yours: take one up by removing its signs.\n"
        text += "\n".join(commented) + "\n"
    with own_file(target("--save", name)) as file:
        file.write(text.encode())


async def write_version(parts: Parts, version: str, name: str, work: Work) -> None:
    """Write a version's table; the ending says as what."""
    path = target("--out", name, tuple(_FORMATS))
    form = _FORMATS[path.suffix.casefold()]
    rows = parts.datasets.get(WORKSPACE, version).report.rows
    if path.suffix.casefold() == ".xlsx" and rows > _EXCEL_ROWS:
        raise InvalidInput(
            f"a sheet holds {_EXCEL_ROWS:,} rows, these are {rows:,}", hint="write .parquet or .csv"
        )
    place = (WORKSPACE, version)
    async with exported(parts.datasets, parts.sandbox, place, form, work) as made:
        with own_file(path) as file, made.open("rb") as table:
            if path.suffix.casefold() == ".xlsx":
                names = [column.name for column in parts.datasets.get(WORKSPACE, version).report.columns]
                _sheet(table, names, file)
            else:
                shutil.copyfileobj(table, file, 1 << 20)


def _sheet(lines: BinaryIO, names: Sequence[str], file: BinaryIO) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("cleaned")
        sheet.write_row(0, 0, list(names))
        for place, line in enumerate(lines, start=1):
            record = json.loads(line)
            sheet.write_row(place, 0, [record.get(name) for name in names])
