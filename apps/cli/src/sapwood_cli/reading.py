"""FILE and how to read it: what every command on a file is told, and gets as one `Source`."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

Command = Callable[..., None]

_FILE = Annotated[
    str, typer.Argument(help="CSV, TSV, Parquet, JSON, NDJSON or Excel; also .gz and .zst; - is stdin.")
]
_TEXT: dict[str, str] = {
    "sheet": "Sheet of an Excel file, by name or number from 1.",
    "delimiter": "What separates fields, when it is not found.",
    "quote": 'What stands around fields, when it is not "; empty: nothing does.',
    "encoding": "Text encoding, when it is not found.",
    "types": "Types of columns: col=type,… (integer, number, text, boolean, date, timestamp).",
    "nulls": "Words for no value, word,…, in place of the usual ones; empty: every text is a value.",
}
_SWITCHES: dict[str, tuple[Any, Any]] = {
    "header": (
        bool | None,
        typer.Option("--header/--no-header", help="Whether the first line names the columns."),
    ),
    "original": (
        bool,
        typer.Option("--original", help="The file as it is, without the recipe applied to it."),
    ),
    "unsafe_no_sandbox": (
        bool,
        typer.Option("--unsafe-no-sandbox", help="Run SQL without the system's sandbox."),
    ),
}


def reading(*, without: str = "") -> Callable[[Command], Command]:
    """Give a command whose first parameter is a `Source` the parameters that make one, but for `without`."""

    def decorate(command: Command) -> Command:
        own = list(inspect.signature(command, eval_str=False).parameters.values())[1:]
        options = [
            _parameter(name, str | None, typer.Option(help=told), None) for name, told in _TEXT.items()
        ]
        options += [
            _parameter(name, kind, option, None if name == "header" else False)
            for name, (kind, option) in _SWITCHES.items()
            if name != without
        ]
        arguments = [one for one in own if isinstance(_told(one), typer.models.ArgumentInfo)]
        rest = [one for one in own if one not in arguments]
        file = inspect.Parameter("file", inspect.Parameter.KEYWORD_ONLY, annotation=_FILE)

        def run(**given: Any) -> None:
            from sapwood_cli.source import Source

            named = {name: given.pop(name) for name in ("file", *(one.name for one in options))}
            command(Source(**named), **given)

        parameters = [file, *arguments, *options, *rest]
        keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {one.name: one.annotation for one in keyword}
        vars(run)["__signature__"] = inspect.Signature(keyword)
        return run

    return decorate


def _parameter(name: str, kind: Any, option: Any, default: Any) -> inspect.Parameter:
    annotation = Annotated[kind, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _told(parameter: inspect.Parameter) -> Any:
    return next(iter(getattr(parameter.annotation, "__metadata__", ())), None)
