"""Progress of long work on the terminal; none where stderr is no terminal or the work is short."""

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sapwood_shared.work import DetachedWork

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_SHOW_AFTER_S = 0.5


class TerminalWork(DetachedWork):
    """Draws a bar on stderr once the work has taken half a second."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._doing = f"reading {title}"
        self._started = time.monotonic()
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()

    def progress(self, done: float, total: float | None = None, /, **metrics: float | str) -> None:
        """Move the bar."""
        if not self._shown or time.monotonic() - self._started < _SHOW_AFTER_S:
            return
        if self._bar is None:
            self._bar = self._open()
        bar, task = self._bar
        said = " ".join([self._doing, *(f"{name} {value}" for name, value in metrics.items())])
        bar.update(task, completed=done, total=total, description=said)

    def _open(self) -> tuple["Progress", "TaskID"]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
        )
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task(self._doing, total=None)
        bar.start()
        return bar, task
