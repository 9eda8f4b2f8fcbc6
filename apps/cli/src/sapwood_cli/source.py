"""What the person named on the command line: a file and how to read it."""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sapwood_shared.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

    from sapwood_storage.tabular.model import ReaderOptions

STDIN = "-"
_READ_BY = {
    "sheet": ("Excel files", ("excel",)),
    "delimiter": ("delimited text", ("csv",)),
    "quote": ("delimited text", ("csv",)),
    "header": ("delimited text and Excel files", ("csv", "excel")),
    "encoding": ("text", ("csv", "json")),
}
_TYPES = ("integer", "number", "text", "boolean", "date", "timestamp")


@dataclass(frozen=True, slots=True)
class Source:
    """A file and the reader's options, as typed."""

    file: str
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    types: str | None = None
    quote: str | None = None
    header: bool | None = None
    nulls: str | None = None
    unsafe_no_sandbox: bool = False
    original: bool = False  # the file as it is, whatever was done with it

    def identity(self) -> tuple[str | int | None, ...] | None:
        """What tells this file in this state, read in this way; `None` for stdin and what cannot be seen."""
        if self.file == STDIN:
            return None
        try:
            found = os.stat(self.file)  # noqa: PTH116 - pathlib is slower to load than the answer
        except OSError:
            return None
        path = os.path.realpath(self.file)
        options = (self.sheet, self.delimiter, self.encoding, self.types, self.quote, self.header, self.nulls)
        return (path, found.st_size, found.st_mtime_ns, found.st_ino, *options)

    def origin(self) -> str | None:
        """What makes it the same file again when it has changed; `None` for stdin."""
        from sapwood_storage.tabular.heads import origin_of

        return None if self.file == STDIN else origin_of(os.path.expanduser(self.file))  # noqa: PTH111 - as above

    @property
    def typed(self) -> str:
        """The file and the options as a person types them into a shell, for a command to go on with."""
        options = {
            "--sheet": self.sheet,
            "--delimiter": self.delimiter,
            "--quote": self.quote,
            "--encoding": self.encoding,
            "--types": self.types,
            "--nulls": self.nulls,
        }
        words = [_in_shell(self.file)]
        words += [f"{name} {_in_shell(value)}" for name, value in options.items() if value is not None]
        if self.header is not None:
            words.append("--header" if self.header else "--no-header")
        if self.unsafe_no_sandbox:
            words.append("--unsafe-no-sandbox")
        return " ".join(words)

    @property
    def title(self) -> str:
        """The file's name without its endings."""
        name = self.file.rpartition("/")[2] if self.file != STDIN else "stdin"
        return name.split(".")[0] or name

    def unused(self, form: str) -> list[str]:
        """Say which options a file of this format had no use for."""
        return [
            f"--{name} is for {what}, and this was read as {form}"
            for name, (what, forms) in _READ_BY.items()
            if getattr(self, name) is not None and form not in forms
        ]

    def opened(self) -> "Path | BinaryIO":
        """What the reader takes: a path, or the stream on stdin; raises `InvalidInput` for no name at all."""
        from pathlib import Path

        if not self.file.strip():
            raise InvalidInput("the file's name is empty", hint="name a file, or - for stdin")

        return sys.stdin.buffer if self.file == STDIN else Path(self.file).expanduser()

    def options(self) -> "ReaderOptions":
        """The reader's options; raises `InvalidInput` for types that are none."""
        from sapwood_storage.tabular.model import NULL_TOKENS, ColumnType, ReaderOptions

        chosen: dict[str, ColumnType] = {}
        for part in (self.types or "").split(","):
            if not part.strip():
                continue
            name, sign, kind = part.rpartition("=")
            if not sign or not name.strip() or kind.strip() not in _TYPES:
                raise InvalidInput(
                    f"--types has {part.strip()!r}", hint=f"write column=type with one of {', '.join(_TYPES)}"
                )
            if name.strip() in chosen:
                raise InvalidInput(f"--types names {name.strip()!r} twice", hint="give each column one type")
            chosen[name.strip()] = ColumnType(kind.strip())
        delimiter = {"\\t": "\t", "tab": "\t"}.get(self.delimiter or "", self.delimiter)
        nulls = NULL_TOKENS if self.nulls is None else _words(self.nulls)
        return ReaderOptions(
            sheet=self.sheet,
            delimiter=delimiter,
            quote=self.quote,
            header=self.header,
            encoding=self.encoding,
            types=chosen,
            null_tokens=nulls,
        )


def _in_shell(word: str) -> str:
    """A word as a shell takes it; a lone `'` in double quotes, which is easier to read than the usual way."""
    import shlex

    plain = "'" in word and not set(word) & set('"$`\\!')
    return f'"{word}"' if plain else shlex.quote(word)


def _words(typed: str) -> tuple[str, ...]:
    """The words for no value: an empty field is one too, unless no word is named."""
    words = tuple(dict.fromkeys(word.strip() for word in typed.split(",")))
    return () if words == ("",) else ("", *(word for word in words if word))
