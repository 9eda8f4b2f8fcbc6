"""How a text file is cut into records and fields, found from its first megabyte.

Done here and not by DuckDB's sniffer, which takes the absence of quotes in its sample for the absence of
quotes, skips lines that look like comments, and cannot say why.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ReaderOptions

_DELIMITERS: Final = (",", "\t", ";", "|")
_RECORDS: Final = 1000
_PREAMBLE: Final = 50  # lines above the header at most
_CONSISTENT: Final = 0.9
_MOST_COLUMNS: Final = 2000  # with half a gigabyte of memory
_Records = list[tuple[int, list[str]]]  # the number of the line that each starts on, its fields
_NAMED: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_SUCH_AS: Final = {
    "delimiter": 'one by --delimiter, such as ";" or "tab"',
    "quote": """one by --quote, such as "'", or "" where nothing stands around fields""",
}

_TYPED: Final = re.compile(
    r"""\s*(?:
        [-+]?[$€£]?[0-9][0-9.,\x20]*(?:[eE][-+]?[0-9]+)?%?      # a number, an amount, a share
      | [-+]?\.[0-9]+
      | [0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[\x20T].*)?  # a date
      | [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?
      | true | false
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_DECLARED: Final = re.compile("\\ufeff?sep=(.)\\r?\\n")
_DECIMAL_COMMA: Final = re.compile(r"-?[0-9.]*,[0-9]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`skip` lines, then perhaps a header, then records of `width` fields."""

    delimiter: str
    quote: str  # empty: there is no quoting
    backslash: bool  # quotes inside quotes are written \" instead of ""
    header: bool
    skip: int
    width: int
    names: tuple[str, ...]  # one for each field, unique
    trailing: bool  # the last field is what stands behind a delimiter too many


def sniff(sample: str, options: ReaderOptions, *, whole: bool) -> Dialect:
    """Find the dialect of `sample`; options win over what is found.

    Unless the sample is the `whole` file, its last record is not looked at: it may be cut off.
    """
    quote = _one_character("quote", options.quote, default='"', empty_allowed=True)
    backslash = bool(quote) and _escapes_with_backslash(sample, quote)

    def read(delimiter: str) -> _Records:
        return _records(sample, csv_form(delimiter, quote, backslash=backslash), whole=whole)

    csv.field_size_limit(len(sample) + 1)
    if options.delimiter is not None:
        delimiter = _one_character("delimiter", options.delimiter, default=",")
    else:
        delimiter = _guess_delimiter({one: read(one) for one in (*_DELIMITERS, " ")})
    if delimiter == quote:
        raise InvalidInput(
            f"the delimiter and the quote are both {quote!r}", hint="give another --delimiter or --quote"
        )
    records = read(delimiter)
    if (declared := _DECLARED.match(sample)) and options.delimiter in (None, declared[1]):
        # Excel's own way to say it, on a line above the header.
        delimiter = declared[1]
        records = [(line, fields) for line, fields in read(delimiter) if line]
    if not records:
        raise InvalidInput("the file holds no records", hint="check that it is the right file")
    width, trailing = _width(records)
    if width > _MOST_COLUMNS:
        raise InvalidInput(f"{width} columns are more than {_MOST_COLUMNS}", hint="check the delimiter")
    skip, body = _skip_preamble(records, width)
    if options.quote is None:
        _refuse_single_quotes(sample, delimiter, body, whole=whole)
    first, rest = body[0][1], [fields for _, fields in body[1:]]
    header = has_header(first, rest) if options.header is None else options.header
    missing = [""] * (width - len(first))
    # R leaves out the name of its row names, which come first; others write a delimiter too many.
    named = [*first, *missing] if trailing else [*missing, *first[:width]]
    names = unique_names(named if header else [""] * width)
    return Dialect(delimiter, quote, backslash, header, skip, width, names, trailing)


def unique_names(found: Sequence[str]) -> tuple[str, ...]:
    """Name the nameless `column<i>` and number what occurs twice, as SQL sees names: without case."""
    taken = Counter(name.strip().casefold() for name in found)
    used: set[str] = set()
    names: list[str] = []
    for index, raw in enumerate(found):
        base = " ".join(raw.split()) or f"column{index}"
        name, number = base, 1
        while name.casefold() in used or (number > 1 and name.casefold() in taken):
            number += 1
            name = f"{base}_{number}"
        used.add(name.casefold())
        names.append(name)
    return tuple(names)


def csv_form(delimiter: str, quote: str, *, backslash: bool) -> dict[str, Any]:
    """Return the dialect in the words of Python's `csv`."""
    return {
        "delimiter": delimiter,
        "quotechar": quote or None,
        "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        "doublequote": not backslash,
        "escapechar": "\\" if backslash else None,
    }


def _one_character(what: str, given: str | None, *, default: str, empty_allowed: bool = False) -> str:
    value = default if given is None else _NAMED.get(given.lower(), given)
    if (value == "" and empty_allowed) or (len(value) == 1 and value not in "\r\n\0"):
        return value
    raise InvalidInput(f"the {what} {given!r} is not one character", hint=f"give {_SUCH_AS[what]}")


def _escapes_with_backslash(sample: str, quote: str) -> bool:
    inside = re.escape(quote)
    return bool(re.search(rf"[^\\]\\{inside}[^,;\t|\r\n]", sample)) and not re.search(
        rf"[^,;\t|\r\n]{inside}{inside}[^,;\t|\r\n]", sample
    )


def _guess_delimiter(tables: dict[str, _Records]) -> str:
    scores = {one: _score(records) for one, records in tables.items()}
    best = max(_DELIMITERS, key=lambda one: scores[one])
    if not scores[best][0] and scores[" "][:2] == (True, True):
        return " "  # as R writes tables; words in a column of text do not line up like that
    if best == "," and scores[";"][:2] == scores[","][:2] and scores[";"][2] > 1:
        # 1,5;2,5 is two columns of numbers, not three.
        cells = (cell for _, fields in tables[";"][1:] for cell in fields)
        if any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells):
            return ";"
    return best


def _refuse_single_quotes(sample: str, delimiter: str, body: _Records, *, whole: bool) -> None:
    """Refuse a file of fields such as `'Oak, old'`, which are torn at the delimiter and move what follows.

    It is one only if many fields begin so, some are torn, and with `'` as the quote none is: every record
    then has as many fields as the header. Where all that is true, no other reading of the file is right.
    """
    begun = sum(any(field.startswith("'") for field in fields) for _, fields in body)
    if begun * 2 < len(body):
        return
    form = csv_form(delimiter, "'", backslash=_escapes_with_backslash(sample, "'"))
    quoted = [fields for line, fields in _records(sample, form, whole=whole) if line >= body[0][0]]
    widths = {len(fields) for fields in quoted}
    if len(widths) != 1 or len(quoted) < 2:  # one record: a quote that nobody closed
        return
    torn = next((fields for _, fields in body if len(fields) > max(widths)), None)
    if torn is not None:
        raise InvalidInput(
            f"values stand in single quotes and some hold the delimiter, as in {delimiter.join(torn)[:80]!r}",
            hint="""pass --quote "'" (or --quote '"', if these quotes are part of the values)""",
        )


def _score(records: _Records) -> tuple[bool, bool, int, float]:
    if not records:
        return False, False, 0, 0.0
    width, count = Counter(len(fields) for _, fields in records).most_common(1)[0]
    share = count / len(records)
    return width > 1 and share > 0.5, share >= _CONSISTENT and len(records[0][1]) == width, width, share


def _records(sample: str, form: dict[str, Any], *, whole: bool) -> _Records:
    reader = csv.reader(sample.splitlines(keepends=True), **form)
    found: _Records = []
    line = 0
    for fields in islice(reader, _RECORDS):
        if fields:
            found.append((line, fields))
        line = reader.line_num
    if not whole and len(found) > 1 and len(found) < _RECORDS:
        found.pop()
    return found


def _width(records: _Records) -> tuple[int, bool]:
    counts = Counter(len(fields) for _, fields in records[1:] or records)
    width = max(counts, key=lambda one: (counts[one], one))
    full = [fields for _, fields in records[1:] if len(fields) == width]
    head = records[0][1]
    nameless = len(head) == width - 1 or (len(head) == width and not head[-1].strip())
    trailing = width > 1 and bool(full) and nameless and all(not fields[-1].strip() for fields in full)
    return width, trailing


def _skip_preamble(records: _Records, width: int) -> tuple[int, _Records]:
    head = records[:_PREAMBLE]
    for index, (line, fields) in enumerate(head):
        short = len(fields) == width - 1 > 1 and index + 1 < len(head) and len(head[index + 1][1]) == width
        names = not any(map(_TYPED.fullmatch, fields))
        if len(fields) == width or (names and (short or len(fields) > width)):
            return line, records[index:]
    return 0, records


def has_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Say whether the `first` record names the columns of the `rest`."""
    cells = [cell.strip() for cell in first]
    typed = [cell for cell in cells if _TYPED.fullmatch(cell)]
    if not rest:
        return not typed
    votes, repeated = 0, 0
    for index, cell in enumerate(cells):
        column = [fields[index].strip() for fields in rest if index < len(fields) and fields[index].strip()]
        if column and sum(bool(_TYPED.fullmatch(value)) for value in column) >= _CONSISTENT * len(column):
            votes += -1 if _TYPED.fullmatch(cell) else 1
        elif cell and cell in column:
            repeated += 1
    if votes < 0 and len(typed) < len(cells) and _are_years(typed):
        return True
    if votes:
        return votes > 0
    return repeated <= len(cells) // 2 and not typed and any(cells)


def names_plainly(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Say whether nobody would take the `first` record for one: all text, and numbers or dates below it."""
    if not all(cell.strip() and not _TYPED.fullmatch(cell) for cell in first):
        return False
    columns = [
        [fields[at] for fields in rest if fields[at : at + 1] and fields[at]] for at in range(len(first))
    ]
    return any(len(column) > 1 and all(map(_TYPED.fullmatch, column)) for column in columns)


def _are_years(cells: Sequence[str]) -> bool:
    years = [int(cell) for cell in cells if re.fullmatch(r"(1[89]|20)[0-9]{2}", cell)]
    return (
        len(years) == len(cells) > 1
        and len(set(years)) == len(years)
        and years
        in (
            sorted(years),
            sorted(years, reverse=True),
        )
    )
