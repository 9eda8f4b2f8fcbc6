import bz2
import gzip
import lzma
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.readers import packed

Ingest = Callable[..., Any]

TEXT = ("a,b\n" + "".join(f"{n},x{n}\n" for n in range(5_000))).encode()


@pytest.mark.parametrize(
    ("how", "pack"),
    [
        ("gzip", gzip.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("bzip2", bz2.compress),
        ("xz", lzma.compress),
    ],
)
def test_packed_files_are_unpacked(ingest: Ingest, how: str, pack: Callable[[bytes], bytes]) -> None:
    found = ingest(pack(TEXT))

    assert found.report.rows == 5_000
    assert found.report.reader["compression"] == how


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.ZstdCompressor().compress, bz2.compress, lzma.compress]
)
def test_several_packed_files_in_a_row_are_one(ingest: Ingest, pack: Callable[[bytes], bytes]) -> None:
    assert ingest(pack(TEXT) + pack(b"5000,end\n")).report.rows == 5_001


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.ZstdCompressor().compress, bz2.compress, lzma.compress]
)
def test_a_damaged_packed_file_is_refused(ingest: Ingest, pack: Callable[[bytes], bytes]) -> None:
    content = pack(TEXT)

    with pytest.raises(InvalidInput, match="damaged"):
        ingest(content[: len(content) // 2])


def test_a_bomb_is_refused_before_it_fills_the_disk(ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "FREE", 1 << 20)

    with pytest.raises(InvalidInput, match="unpacks to more than"):
        ingest(zstandard.ZstdCompressor().compress(b"a,b\n" + b"1,2\n" * 10_000_000))
