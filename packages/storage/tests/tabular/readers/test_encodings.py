from collections.abc import Callable
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput

Ingest = Callable[..., Any]

TEXT = "name,città\nJosé,Málaga\nZoë,Zürich\n"
ROWS = [("José", "Málaga"), ("Zoë", "Zürich")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_the_encoding_is_found(ingest: Ingest, encoding: str) -> None:
    found = ingest(TEXT.encode(encoding))

    assert list(found.types) == ["name", "città"]
    assert found.rows == ROWS


def test_a_guess_is_said(ingest: Ingest) -> None:
    assert "a guess" in ingest(TEXT.encode("cp1252")).notes


def test_japanese_is_recognised(ingest: Ingest) -> None:
    text = "名前,都市\nたなか,とうきょう\nスズキ,オオサカ\n"

    assert ingest(text.encode("shift_jis")).rows == [("たなか", "とうきょう"), ("スズキ", "オオサカ")]
    assert ingest(text.encode("euc_jp")).rows == [("たなか", "とうきょう"), ("スズキ", "オオサカ")]


def test_an_encoding_that_cannot_be_told_is_asked_for(ingest: Ingest) -> None:
    text = "имя,город\nИван,Москва\nАнна,Казань\n"

    with pytest.raises(InvalidInput, match="cannot be told"):
        ingest(text.encode("cp1251"))

    assert ingest(text.encode("cp1251"), encoding="cp1251").rows == [("Иван", "Москва"), ("Анна", "Казань")]


def test_a_named_encoding_that_does_not_exist_is_refused(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput, match="no encoding 'klingon'"):
        ingest(TEXT, encoding="klingon")


def test_western_text_whose_first_accent_comes_late_is_read_again(ingest: Ingest) -> None:
    late = "id,name\n" + "".join(f"{n},plain name\n" for n in range(100_000)) + "100000,José\n100001,Zoë\n"

    found = ingest(late.encode("cp1252"))

    assert found.report.quarantined == 0
    assert found.column("name")[-2:] == ["José", "Zoë"]
    assert found.report.reader["encoding"] == "cp1252"


def test_a_bad_byte_in_a_utf_8_file_costs_its_record_only(ingest: Ingest) -> None:
    lines = [f"{n},größe {n}".encode() for n in range(2_000)]
    lines[1_500] = b"1500,gr\xf6\xdfe"

    found = ingest(b"id,name\n" + b"\n".join(lines) + b"\n")

    assert found.report.rows == 1_999
    assert [(one["line"], one["reason"]) for one in found.quarantine] == [(1_502, "not valid UTF-8")]


def test_utf_8_in_which_somebody_wrote_replacement_characters_is_utf_8(ingest: Ingest) -> None:
    found = ingest("name,pier\nPier Ave.\ufffd\ufffd\ufffd,4\nPier Rd.,5\n".encode())

    assert found.rows == [("Pier Ave.\ufffd\ufffd\ufffd", 4), ("Pier Rd.", 5)]
    assert "guess" not in found.notes
