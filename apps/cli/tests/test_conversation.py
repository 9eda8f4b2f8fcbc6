"""`sapwood ask FILE` at a terminal, driven through a pseudo-terminal, and with questions from a pipe."""

import os
import pty
import select
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import COMMAND, FLIGHTS, environment, spawned

_WAIT_S: Final = 60.0


class Terminal:
    """A command whose input, output and errors are one terminal."""

    def __init__(self, home: Path, *arguments: str, **env: str) -> None:
        self.heard = ""
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment(home, {"TERM": "xterm", **env}),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),  # the session's own terminal
        )
        os.close(slave)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def until(self, words: str) -> str:
        """What was said up to and with `words`."""
        ends = time.monotonic() + _WAIT_S
        while words not in self.heard:
            assert time.monotonic() < ends, self.heard
            if not self._listen():
                raise AssertionError(f"it ended before {words!r}: {self.heard}")
        said, _, self.heard = self.heard.partition(words)
        return said + words

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press it until it is heard: readline loses one between the prompt and the wait for a key."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=5)

    def end(self) -> int:
        """The exit code, after all was heard."""
        ends = time.monotonic() + _WAIT_S
        while self._listen():
            assert time.monotonic() < ends, self.heard
        return self.process.wait(timeout=_WAIT_S)

    def _listen(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], 1.0)
        if not ready:
            return self.process.poll() is None
        try:
            heard = os.read(self._master, 65_536).decode(errors="replace")
        except OSError:  # the other side is closed
            return False
        self.heard += heard
        return bool(heard)


def test_a_conversation_answers_until_an_empty_line(home: Path) -> None:
    with Terminal(home, "ask", FLIGHTS) as terminal:
        assert "6,099 rows, 19 columns" in terminal.until("? ")
        terminal.type("how many flights\n")
        assert "6099" in terminal.until("\n? ")
        terminal.type("average warranty\n")
        assert "Not answered" in terminal.until("\n? ")
        terminal.type("flights by weekday\n")
        assert "Monday" in terminal.until("\n? ")
        terminal.type("\n")

        assert terminal.end() == 0


@pytest.mark.parametrize("leaving", ["exit\n", "\x04"], ids=["exit", "end of input"])
def test_a_word_or_the_end_of_input_ends_a_conversation(home: Path, leaving: str) -> None:
    with Terminal(home, "ask", FLIGHTS) as terminal:
        terminal.until("? ")
        terminal.type(leaving)

        assert terminal.end() == 0


def test_an_interrupt_at_the_prompt_ends_at_once(home: Path) -> None:
    with Terminal(home, "ask", FLIGHTS) as terminal:
        terminal.until("? ")
        terminal.interrupt()

        assert terminal.end() == 130
        assert "Traceback" not in terminal.heard


def test_lines_are_remembered_for_this_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Terminal(home, "ask", FLIGHTS) as terminal:
        terminal.until("? ")
        terminal.type("how many flights\n")
        terminal.until("\n? ")
        terminal.type("exit\n")
        assert terminal.end() == 0

    history = home / "history"
    assert history.read_text().splitlines()[0] == "how many flights"
    assert oct(history.stat().st_mode & 0o777) == "0o600"

    with Terminal(home, "ask", FLIGHTS) as terminal:
        terminal.until("? ")
        terminal.type("\x1b[A\x1b[A\n")  # up, to the question before "exit"
        assert "6099" in terminal.until("\n? ")


def test_a_failing_question_does_not_end_the_conversation(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    with Terminal(home, "ask", FLIGHTS, "--out", str(out)) as terminal:
        terminal.until("? ")
        terminal.type("x" * 2_100 + "\n")
        assert "2,100 characters" in terminal.until("at most")
        terminal.until("? ")
        terminal.type("flights by weekday\n")
        terminal.until("\n? ")
        terminal.type("exit\n")
        assert terminal.end() == 0

    assert out.read_bytes()[:4] == b"PAR1"


def test_questions_can_come_from_a_pipe_and_a_follow_up_edits_the_last(home: Path) -> None:
    said = spawned(home, "ask", FLIGHTS, stdin="average dep_delay by carrier\nand by origin?\n")

    assert said.code == 0
    assert said.out.count("AVG(") == 2
    assert "? " not in said.out.splitlines()[0]


def test_a_follow_up_edits_a_question_that_had_conditions(home: Path) -> None:
    asked = "how many flights in January\nand of carrier UA?\nby origin\n"

    said = spawned(home, "ask", FLIGHTS, stdin=asked)

    assert said.code == 0, said.err
    assert "Traceback" not in said.err
    assert said.out.count("'UA'") >= 2


def test_a_chart_that_cannot_be_is_told_and_the_conversation_goes_on(home: Path, tmp_path: Path) -> None:
    said = spawned(
        home,
        "ask",
        FLIGHTS,
        "--chart",
        str(tmp_path / "x.svg"),
        stdin="how many flights\nflights by weekday\n",
    )

    assert said.code == 0
    assert "no chart" in said.err
    assert (tmp_path / "x.svg").exists()


def test_a_conversation_needs_stdin_for_its_questions(sapwood: Sapwood) -> None:
    said = sapwood("ask", "-")

    assert said.code == 2
    assert "write one question" in said.err


def test_a_file_that_cannot_be_read_ends_the_conversation(sapwood: Sapwood) -> None:
    assert sapwood("ask", "nosuchfile.csv").code == 2


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that takes long enough to read that its progress is shown."""
    file = tmp_path / "large.csv"
    line = "".join(f"{number},{number * 7},word {number % 1000}\n" for number in range(10_000))
    file.write_text("a,b,c\n" + line * 200)
    return file


def test_progress_is_drawn_on_a_terminal_and_gone_afterwards(tmp_path: Path, large: Path) -> None:
    with Terminal(tmp_path / "home", "ask", str(large), "how many rows") as terminal:
        said = terminal.until("SELECT")

    assert "reading large" in said
    assert "2,000,000" in said


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}], ids=["dumb", "plain"])
def test_a_terminal_that_cannot_or_should_not_gets_no_colour(
    tmp_path: Path, large: Path, env: dict[str, str]
) -> None:
    with Terminal(tmp_path / "home", "ask", str(large), "how many rows", **env) as terminal:
        said = terminal.until("SELECT")

    assert "\x1b[3" not in said
    if env["TERM"] == "dumb":
        assert "reading large" not in said


def test_progress_is_not_drawn_where_errors_are_piped(tmp_path: Path, large: Path) -> None:
    said = spawned(tmp_path / "home", "ask", str(large), "how many rows")

    assert (said.code, said.err) == (0, "")
