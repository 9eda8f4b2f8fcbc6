"""Progress of long work on the terminal; none where stderr is no terminal or the work is short."""

import os
import sys
import time
from types import TracebackType
from typing import Any, Self

from sapwood_shared.work import DetachedWork

_SHOW_AFTER_S = 0.5


class TerminalWork(DetachedWork):
    """Draws a bar on stderr once the work has taken half a second."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._started = time.monotonic()
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Move the bar."""
        if not self._shown or time.monotonic() - self._started < _SHOW_AFTER_S:
            return
        if self._bar is None:
            self._open()
        fields = {name: str(value) for name, value in metrics.items()}
        self._bar.update(self._task, completed=done, total=total, **fields)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(f"reading {self._title}", total=None)
        self._bar.start()
