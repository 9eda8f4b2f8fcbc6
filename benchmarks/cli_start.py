"""What starting the command costs: help beside a bare Typer application, a cached answer beside help.

The application has as many commands and parameters and Rich off. CPU time of the whole process, children
included; each round runs every candidate in turn, ratios are taken within the round, and the median of nine
rounds is printed with its spread. Run: python benchmarks/cli_start.py
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 9
ROOT = Path(__file__).parents[1]
FLIGHTS = str(ROOT / "examples" / "flights.csv")
SAPWOOD = (sys.executable, str(Path(sys.executable).parent / "sapwood"))

# The same number of commands and parameters, without a line of ours.
BARE = """
import os
os.environ["TYPER_USE_RICH"] = "0"
import typer
from typing import Annotated
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
data = typer.Typer(rich_markup_mode=None)
app.add_typer(data, name="data")
Text = Annotated[str | None, typer.Option(help="An option.")]
File = Annotated[str, typer.Argument(help="A file.")]
def command(file: File, question: str = "", a: Text = None, b: Text = None, c: Text = None, d: Text = None,
            e: Text = None, f: Text = None, g: bool = False) -> None:
    "Do something."
"""


def cpu_s(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands_of_sapwood() -> tuple[int, int]:
    from sapwood_cli.main import app, data_app

    return len(app.registered_commands), len(data_app.registered_commands)


def bare(path: Path) -> str:
    count, data_count = commands_of_sapwood()
    lines = [f'app.command("command{number}")(command)' for number in range(count)]
    lines += [f'data.command("command{number}")(command)' for number in range(data_count)]
    path.write_text("\n".join([BARE, *lines, "app()"]))
    return str(path)


def main(scratch: Path) -> None:
    os.environ["SAPWOOD_HOME"] = str(scratch / "home")
    question = (*SAPWOOD, "ask", FLIGHTS, "average dep_delay by carrier")
    candidates = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "bare Typer --help": (sys.executable, bare(scratch / "bare.py"), "--help"),
        "sapwood --help": (*SAPWOOD, "--help"),
        "sapwood ask, repeated": question,
        "sapwood ask --json, repeated": (*question, "--json"),
    }
    first = cpu_s(*question)
    for command in candidates.values():
        cpu_s(*command)  # compiled and in the page cache
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, command in candidates.items():
            times[name].append(cpu_s(*command))
    for name, own in times.items():
        print(f"{name:30} {1000 * statistics.median(own):6.0f} ms CPU ({spread(own, 1000)})")
    print(f"{'sapwood ask, the first time':30} {1000 * first:6.0f} ms CPU, once (reads the file)")
    for name, base, target in (
        ("sapwood --help", "bare Typer --help", 1.3),
        ("sapwood ask, repeated", "sapwood --help", 2.0),
        ("sapwood ask --json, repeated", "sapwood --help", 2.0),
    ):
        ratios = [mine / other for mine, other in zip(times[name], times[base], strict=True)]
        ratio = f"{statistics.median(ratios):.2f} ({spread(ratios, 1, 2)})"
        print(f"{name} / {base}: {ratio}, to be at most {target}")


def spread(values: list[float], scale: float, digits: int = 0) -> str:
    return f"{scale * min(values):.{digits}f}..{scale * max(values):.{digits}f}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        main(Path(directory))
