"""How a value is read as another type: SQL that is null where the value would lose something on the way."""

import re
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.quoting import DUCKDB_TYPES, text
from sapwood_storage.tabular.cleaning.steps import Cast
from sapwood_storage.tabular.model import ColumnType

BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What Unicode calls white space, and the two spaces of no width."""

TRUE: Final = ("true", "t", "yes", "y", "1")
FALSE: Final = ("false", "f", "no", "n", "0")
"""What is read as true and as false, in any case."""

_SECONDS: Final = r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_EXACT_DIGITS: Final = 15  # of a whole number, kept by eight bytes of floating point


def trimmed(x: str) -> str:
    """Return SQL for the column `x` without blanks at its ends.

    A text that begins and ends in visible ASCII has none: asking takes a tenth of the time of trimming.
    """
    ends = " OR ".join(f"{end} < '!' OR {end} >= '\x7f'" for end in (x, f"{x}[-1]"))
    return f"CASE WHEN {ends} THEN trim({x}, {text(BLANKS)}) ELSE {x} END"


def let(value: str, name: str, body: str) -> str:
    """Return SQL for `body`, in which `name` stands for `value`, which is computed once."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def cast(x: str, kind: ColumnType, step: Cast) -> str:
    """Return SQL for `x`, of `kind`, as the type that `step` wants; null where it cannot be read so."""
    to = ColumnType(step["to"])  # on the wire it is its text
    if to is kind:
        return x
    match kind, to:
        case _, ColumnType.TEXT:
            return f"{x}::VARCHAR"
        case ColumnType.TEXT, ColumnType.INTEGER | ColumnType.NUMBER:
            return _number(x, to, step)
        case ColumnType.TEXT, ColumnType.BOOLEAN:
            truth = f"CASE WHEN word IN {TRUE} THEN true WHEN word IN {FALSE} THEN false END"
            return let(f"lower({trimmed(x)})", "word", truth)
        case ColumnType.TEXT, ColumnType.DATE | ColumnType.TIMESTAMP:
            return let(trimmed(x), "word", _time("word", to, lossy=step["lossy"]))
        case ColumnType.NUMBER, ColumnType.INTEGER:
            whole = "true" if step["lossy"] else f"{x} = trunc({x})"
            return f"CASE WHEN isfinite({x}) AND {whole} THEN TRY_CAST(round({x}) AS BIGINT) END"
        case ColumnType.INTEGER, ColumnType.NUMBER:
            same = "true" if step["lossy"] else f"{x}::DOUBLE::HUGEINT = {x}"
            return f"CASE WHEN {same} THEN {x}::DOUBLE END"
        case ColumnType.INTEGER | ColumnType.NUMBER, ColumnType.BOOLEAN:
            return f"CASE WHEN {x} = 1 THEN true WHEN {x} = 0 THEN false END"
        case ColumnType.BOOLEAN, ColumnType.INTEGER | ColumnType.NUMBER:
            return f"{x}::{DUCKDB_TYPES[to]}"
        case ColumnType.DATE, ColumnType.TIMESTAMP:
            return f"{x}::TIMESTAMP"
        case ColumnType.TIMESTAMP, ColumnType.DATE:
            return day_of(x, lossy=step["lossy"])
        case _:
            raise InvalidInput(f"{kind} cannot be read as {to}", hint="cast it to text first")


def day_of(x: str, *, lossy: bool) -> str:
    """Return SQL for the date of the timestamp `x`; null for one that has a time too, unless `lossy`."""
    return f"{x}::DATE" if lossy else f"CASE WHEN {x} = date_trunc('day', {x}) THEN {x}::DATE END"


def _time(x: str, to: ColumnType, *, lossy: bool) -> str:
    shape = f"{_DAY}({_SECONDS})?"
    moment = f"CASE WHEN regexp_full_match({x}, {text(shape)}) THEN TRY_CAST({x} AS TIMESTAMP) END"
    return moment if to is ColumnType.TIMESTAMP else let(moment, "found", day_of("found", lossy=lossy))


def _number(x: str, to: ColumnType, step: Cast) -> str:
    """Plain digits with the separators that the step names, and nothing more forgiving than that."""
    value = trimmed(x)
    for affix in step["affixes"]:
        one = _escaped(affix)
        before, after = text(rf"^([+-]?)\s*(?:{one})\s*"), text(rf"\s*(?:{one})$")
        value = rf"regexp_replace(regexp_replace({value}, {before}, '\1'), {after}, '')"
    point = _escaped(step["decimal"])
    whole = r"\d+"
    if step["thousands"] is not None:
        whole = rf"(?:\d{{1,3}}(?:{_escaped(step['thousands'])}\d{{3}})+|\d+)"
    plain = f"replace(word, {text(step['thousands'])}, '')" if step["thousands"] else "word"
    if step["decimal"] != ".":
        plain = f"replace({plain}, {text(step['decimal'])}, '.')"
    return let(value, "word", let(plain, "digits", _number_of(whole, point, to, lossy=step["lossy"])))


def _number_of(whole: str, point: str, to: ColumnType, *, lossy: bool) -> str:
    if to is ColumnType.INTEGER and not lossy:
        shape = rf"[+-]?{whole}"
        return f"CASE WHEN regexp_full_match(word, {text(shape)}) THEN TRY_CAST(digits AS BIGINT) END"
    shape = rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?"
    number = "TRY_CAST(digits AS DOUBLE)"
    if to is ColumnType.INTEGER:
        number = f"TRY_CAST(round({number}) AS BIGINT)"
    fits = f"regexp_full_match(word, {text(shape)})"
    if not lossy:
        long = rf"[+-]?0*[1-9]\d{{{_EXACT_DIGITS},}}"
        fits += f" AND (strlen(digits) <= {_EXACT_DIGITS} OR NOT regexp_full_match(digits, {text(long)}))"
    if to is ColumnType.NUMBER:
        number = let(number, "found", "CASE WHEN isfinite(found) THEN found END")
    return f"CASE WHEN {fits} THEN {number} END"


def _escaped(plain: str) -> str:
    """Return an RE2 pattern for exactly this text."""
    return re.sub(r"[^\w\s]", lambda found: rf"\x{{{ord(found[0]):x}}}", plain)
