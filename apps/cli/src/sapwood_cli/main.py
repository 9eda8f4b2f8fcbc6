"""The command's surface: names, options and exit codes; what a command does is imported when it runs.

Exit codes: 0 answered, 2 bad input, 3 abstained, 4 a dependency failed, 130 interrupted.
"""

import errno
import os
import sys
from typing import TYPE_CHECKING, Annotated

os.environ.setdefault("TYPER_USE_RICH", "0")  # plain help: it loads twice as fast

import typer

from sapwood_cli.reading import reading
from sapwood_cli.workflows.commands import add_to
from sapwood_shared.errors import SapwoodError

if TYPE_CHECKING:
    from sapwood_cli.source import Source

_FAILED, _BAD_INPUT, _INTERRUPTED = 4, 2, 130
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)

app = typer.Typer(
    name="sapwood",
    help="Ask questions about a data file; run workflows that survive what happens to them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="What the data directory holds.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(data_app, name="data")
add_to(app)

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, all else on stderr.")]
Out = Annotated[str | None, typer.Option(help="Write the rows to a .csv, .parquet, .xlsx or .json file.")]


@app.command()
@reading()
def ask(
    source: "Source",
    question: Annotated[str | None, typer.Argument(help="Left out: a prompt with follow-ups.")] = None,
    out: Out = None,
    chart: Annotated[str | None, typer.Option(help="Draw the answer to a .png, .svg or .html file.")] = None,
    allow_quarantined: Annotated[
        bool, typer.Option(help="Answer though many records could not be read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a question about a file."""
    from sapwood_cli.ask import AskOptions, run

    _exit(run(source, question, AskOptions(out, chart, allow_quarantined, as_json)))


@app.command()
@reading(without="original")
def clean(
    source: "Source",
    apply: Annotated[bool, typer.Option("--apply", help="Apply the steps that are proposed.")] = False,
    recipe: Annotated[str | None, typer.Option(help="Apply a recipe, a .yaml file, instead.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Apply what was applied before the file changed.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was applied last.")] = False,
    save: Annotated[str | None, typer.Option(help="Write the recipe to a .yaml file.")] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Propose how to clean a file, with reasons and samples; do it when asked. The file stays as it is."""
    from sapwood_cli.clean import CleanOptions, run

    _exit(run(source, CleanOptions(apply, recipe, again, undo, save, out, as_json)))


@app.command()
@reading(without="unsafe_no_sandbox")
def columns(
    source: "Source",
    as_json: Json = False,
) -> None:
    """Show the columns, their types and what could not be read."""
    from sapwood_cli.columns import run

    _exit(run(source, as_json=as_json))


@app.command()
@reading()
def profile(
    source: "Source",
    exact: Annotated[bool, typer.Option(help="No estimates, however long a large file takes.")] = False,
    html: Annotated[str | None, typer.Option(help="Write a page with pictures to a .html file.")] = None,
    as_json: Json = False,
) -> None:
    """Look a file over: figures and pictures for each column, and what is worth knowing."""
    from sapwood_cli.profile import ProfileOptions, run

    _exit(run(source, ProfileOptions(exact, html, as_json)))


@app.command()
@reading()
def sql(
    source: "Source",
    statement: Annotated[str, typer.Argument(help="One SELECT; the table is called data.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Run one SELECT over a file, in the sandbox."""
    from sapwood_cli.sql import run

    _exit(run(source, statement, out=out, as_json=as_json))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is configured, what works, what is missing and how to mend it."""
    from sapwood_cli.doctor import run

    _exit(run(as_json=as_json))


@data_app.command("du")
def data_du(as_json: Json = False) -> None:
    """Show how much the data directory holds."""
    from sapwood_cli.data import du

    _exit(du(as_json=as_json))


@data_app.command("prune")
def data_prune(
    keep_gb: Annotated[float, typer.Option(help="Keep this much of the files read lately.", min=0)] = 0.0,
    history: Annotated[bool, typer.Option("--history", help="Forget the questions asked, too.")] = False,
    as_json: Json = False,
) -> None:
    """Delete files read by earlier commands, and the cache of answers; sources are never touched."""
    from sapwood_cli.data import prune

    _exit(prune(keep_gb=keep_gb, history=history, as_json=as_json))


def _exit(code: int) -> None:
    if code:
        raise typer.Exit(code)


def main() -> None:
    """Run the command; every failure is one clear message (or one JSON object) and an exit code."""
    try:
        code = _run()
        _flush()
    except BrokenPipeError:
        _drop_stdout()  # whoever read has gone: say nothing
        code = 0
    except OSError as error:
        _drop_stdout()
        print(f"sapwood: standard output cannot be written: {error.strerror}", file=sys.stderr)
        code = _FAILED
    sys.exit(code)


def _drop_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _flush() -> None:
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison]  # a closed one is None
        sys.stdout.flush()


def _run() -> int:
    try:
        code = app(standalone_mode=False, prog_name="sapwood")
    except SapwoodError as error:
        return _fail(error.code, error.message, error.hint, _FAILED if error.retryable else _BAD_INPUT)
    except typer.exceptions.TyperException as error:
        return _misused(error)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("cancelled", "interrupted", None, _INTERRUPTED)
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # Typer's word for it
            raise left.__context__ from None
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC and error.filename is None:
            raise  # a full disk under stdout; under any other file it has another name
        return _denied(error) if error.errno in _DENIED and error.filename else _bug(error)
    except Exception as error:  # noqa: BLE001 - the process's edge: a bug is told as one, not as an answer
        return _bug(error)
    if code == _INTERRUPTED:  # as Typer returns a KeyboardInterrupt
        return _fail("cancelled", "interrupted", None, _INTERRUPTED)
    return code if isinstance(code, int) else 0


def _denied(error: OSError) -> int:
    """What a person named was looked at before: this is a part of the data directory, of another user."""
    hint = "make what is in the data directory yours, or set SAPWOOD_HOME to another directory"
    return _fail("invalid_input", f"{error.filename} may not be used: {error.strerror}", hint, _BAD_INPUT)


def _bug(error: Exception) -> int:
    import traceback

    traceback.print_exception(error)
    hint = "this is a bug in Sapwood: report it with the lines above"
    return _fail("internal", f"{type(error).__name__}: {error}", hint, _FAILED)


def _misused(error: typer.exceptions.TyperException) -> int:
    message = error.format_message()
    if not message.startswith("Usage:"):
        return _fail("invalid_input", message, "see sapwood --help", _BAD_INPUT)
    if _wants_json():
        return _fail("invalid_input", "a command is missing", "see sapwood --help", _BAD_INPUT)
    print(message, file=sys.stderr)
    return _BAD_INPUT


def _fail(code: str, message: str, hint: str | None, status: int) -> int:
    if _wants_json():
        import json

        print(json.dumps({"error": {"code": code, "message": message, "hint": hint}}))
    else:
        print(f"sapwood: {message}" + (f"\n  {hint}" if hint else ""), file=sys.stderr)
    return status


def _wants_json() -> bool:
    return "--json" in sys.argv


if __name__ == "__main__":
    main()
