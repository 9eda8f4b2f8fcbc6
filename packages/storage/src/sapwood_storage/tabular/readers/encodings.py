"""Which encoding a file of text is in, and turning another one into UTF-8 in a stream."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sapwood_shared.errors import InvalidInput

BLOCK: Final = 1 << 20
_UTF_8: Final = "utf-8"
_MARKS: Final = (
    (codecs.BOM_UTF8, _UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KANA: Final = re.compile("[\u3041-\u30fe]")
_DENSE: Final = re.compile(rb"[\x80-\xff]{4}")  # no Western European word has four accents in a row
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_SPARSE: Final = 100  # valid characters beyond ASCII for each invalid one
NOT_UTF_8: Final = "not valid UTF-8"
"""The reason why a record was refused."""
_NAME_ONE: Final = "name the encoding, such as --encoding cp1252, shift_jis, gb18030 or koi8-r"

# A codec is a module, and in the sandbox no module can be loaded any more.
_CODECS: Final = """
    ascii big5 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp437 cp850 cp852 cp866 cp932 euc_jp
    euc_kr gb18030 iso8859_1 iso8859_15 iso8859_2 iso8859_5 iso8859_7 iso8859_9 koi8_r koi8_u mac_roman
    shift_jis utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_8 utf_8_sig
"""
for _codec in _CODECS.split():
    codecs.lookup(_codec)


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is Python's; a guess is something that the person should be told."""

    name: str
    guessed: bool = False

    @property
    def is_utf_8(self) -> bool:
        """Say whether the bytes can be read as they are."""
        return self.name in ("utf-8", "ascii")


def named(name: str) -> Encoding:
    """Return the encoding that a person named."""
    try:
        normal = codecs.lookup(name).name
    except LookupError as error:
        raise InvalidInput(f"there is no encoding {name!r} here", hint=_NAME_ONE) from error
    return Encoding(_UTF_8 if normal == "utf-8-sig" else normal)


def detect(sample: bytes) -> Encoding:
    """Return the encoding of `sample`, the beginning of a file; text is expected."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name)
    if name := _utf_16_without_mark(sample):
        return Encoding(name, guessed=True)
    if b"\0" in sample or len(sample.translate(None, _CONTROLS)) < 0.98 * len(sample):
        raise InvalidInput(
            "this is not text but something binary",
            hint="CSV, JSON, Parquet and Excel can be read, also compressed by gzip or zstd",
        )
    return Encoding(_UTF_8) if is_mostly_utf_8(sample) else guess_single_byte(sample)


def guess_single_byte(sample: bytes) -> Encoding:
    """Return the likeliest encoding of text that is not UTF-8, or refuse to guess."""
    kana = {name: _kana(sample, name) for name in ("cp932", "euc_jp")}
    best = max(kana, key=lambda name: kana[name])
    if kana[best] >= 0.1:
        return Encoding(best, guessed=True)
    if len(_DENSE.findall(sample)) * 50 > sum(byte > 0x7F for byte in sample[: 64 << 10]):
        raise InvalidInput("the text is not UTF-8, and its encoding cannot be told", hint=_NAME_ONE)
    # The two are one, but for 32 bytes of which five mean nothing in cp1252.
    name = "iso8859-1" if re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample) else "cp1252"
    return Encoding(name, guessed=True)


def transcode(source: BinaryIO, target: Path, encoding: Encoding, *, limit: int) -> int:
    """Write `source` as UTF-8 to `target`; return how many characters could not be decoded.

    Raises `InvalidInput` where what the encoding begins with is not there, or the text is too large.
    """
    try:
        return _transcode(source, target, encoding, limit)
    except UnicodeError as error:  # what cannot be replaced: a mark of byte order that is missing
        raise InvalidInput(
            f"this is not {encoding.name}: {error}", hint=f"leave --encoding out, or {_NAME_ONE}"
        ) from error


def _transcode(source: BinaryIO, target: Path, encoding: Encoding, limit: int) -> int:
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    replaced, written = 0, 0
    with target.open("wb") as out:
        while True:
            block = source.read(BLOCK)
            text = decoder.decode(block, final=not block)
            replaced += text.count("\ufffd")
            written += out.write(text.encode("utf-8", "replace"))
            if written > limit:
                raise InvalidInput(f"the text is larger than {limit} bytes", hint="split the file")
            if not block:
                return replaced


def is_mostly_utf_8(sample: bytes) -> bool:
    """Say whether text is UTF-8, but for an accident: in another encoding little would be valid."""
    try:
        codecs.getincrementaldecoder(_UTF_8)().decode(sample)
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder(_UTF_8)(errors="replace").decode(sample)
    else:
        return True  # with U+FFFD too, where somebody wrote it
    invalid = text.count("\ufffd")
    return not invalid or sum(character > "\x7f" for character in text) - invalid > _SPARSE * invalid


def _utf_16_without_mark(sample: bytes) -> str | None:
    head = sample[:4096]
    if len(head) < 4 or head.count(0) < 0.4 * len(head):
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even and odd:
        return None
    return "utf-16-be" if even else "utf-16-le"


def _kana(sample: bytes, name: str) -> float:
    text = codecs.getincrementaldecoder(name)(errors="replace").decode(sample)
    foreign = sum(character > "\x7f" for character in text)
    if not foreign or text.count("\ufffd") * 100 > foreign:
        return 0.0
    return len(_KANA.findall(text)) / foreign
