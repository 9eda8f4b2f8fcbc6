from collections.abc import Callable
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

Ingest = Callable[..., Any]


def test_a_plain_file_gives_its_rows_and_types(ingest: Ingest) -> None:
    found = ingest("name,age,height,born\nAda,36,1.65,1815-12-10\nAlan,41,1.78,1912-06-23\n")

    assert found.types == {"name": "text", "age": "integer", "height": "number", "born": "date"}
    assert [row[:3] for row in found.rows] == [("Ada", 36, 1.65), ("Alan", 41, 1.78)]
    assert (found.report.records, found.report.rows, found.report.quarantined) == (2, 2, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_the_delimiter_is_found(ingest: Ingest, delimiter: str) -> None:
    found = ingest('a,b,c\n1,"x y",2.5\n2,z,3.5\n'.replace(",", delimiter))

    assert found.report.reader["delimiter"] == delimiter
    assert found.rows == [(1, "x y", 2.5), (2, "z", 3.5)]


def test_a_named_delimiter_wins(ingest: Ingest) -> None:
    assert ingest("a;b,c\n1;2,3\n", delimiter=",").types == {"a;b": "text", "c": "integer"}
    assert ingest("a\tb\n1\t2\n", delimiter="tab").rows == [(1, 2)]
    with pytest.raises(InvalidInput, match="not one character"):
        ingest("a,b\n1,2\n", delimiter="::")


def test_quoted_newlines_belong_to_their_field(ingest: Ingest) -> None:
    found = ingest('a,b\n1,"first\nsecond"\n2,"he said ""no"""\n')

    assert found.rows == [(1, "first\nsecond"), (2, 'he said "no"')]


def test_a_quote_that_first_appears_after_the_sample_still_quotes(ingest: Ingest) -> None:
    plain = "".join(f"{n},text {n},{n / 8}\n" for n in range(200_000))

    found = ingest(f'id,note,x\n{plain}200000,"late, with\na newline",1\n200001,end,2\n')

    assert found.report.records == found.report.rows == 200_002
    assert found.rows[-2:] == [(200_000, "late, with\na newline", 1.0), (200_001, "end", 2.0)]


def test_another_quote_can_be_named(ingest: Ingest) -> None:
    assert ingest("a,b\n'x,y',1\n", quote="'").rows == [("x,y", 1)]
    assert ingest('a,b\n5" pipe,1\n"open,2\n', quote="").rows == [('5" pipe', 1), ('"open', 2)]


def test_crlf_and_a_byte_order_mark_leave_no_trace(ingest: Ingest) -> None:
    found = ingest(b"\xef\xbb\xbfid,name\r\n1,x\r\n2,y\r\n")

    assert found.types == {"id": "integer", "name": "text"}
    assert found.rows == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("text", ["a,b\r\n1,x\n2,y\r\n", "a,b\n1,x\n2,y\r\n", "a,b\r1,x\r2,y\r"])
def test_mixed_and_old_line_ends_are_read(ingest: Ingest, text: str) -> None:
    assert ingest(text).rows == [(1, "x"), (2, "y")]


def test_line_ends_inside_quotes_are_kept_whatever_they_are(ingest: Ingest) -> None:
    for end in ("\n", "\r\n", "\r"):
        found = ingest(end.join(["a,b", '1,"x\ry"', '2,"x\ny"', '3,"x\r\ny"', "4,z", ""]))

        assert found.column("b") == ["x\ry", "x\ny", "x\r\ny", "z"]


def test_blank_lines_are_not_records(ingest: Ingest) -> None:
    found = ingest("a,b\n\n1,x\n\n\n2,y\n\n")

    assert found.rows == [(1, "x"), (2, "y")]
    assert found.report.records == 2


def test_in_a_file_of_one_column_a_blank_line_is_a_missing_value(ingest: Ingest) -> None:
    found = ingest("name\nx\n\ny\n")

    assert found.rows == [("x",), (None,), ("y",)]
    assert found.report.null_tokens == {"name": {"": 1}}


def test_ragged_records_are_quarantined_each_once(ingest: Ingest) -> None:
    found = ingest("a,b,c\n1,2,3\n4,5\n\n7,8,9,10\n11\n12,13,14\n5,5,5\n")

    assert found.rows == [(1, 2, 3), (12, 13, 14), (5, 5, 5)]
    assert [(one["line"], one["raw"]) for one in found.quarantine] == [(3, "4,5"), (5, "7,8,9,10"), (6, "11")]
    assert found.quarantine[0]["reason"] == "fields expected: 3 found: 2"


def test_a_line_that_looks_like_a_comment_is_data(ingest: Ingest) -> None:
    found = ingest("a,b\n#1,x\n2,y\n# a remark\n3,z\n")

    assert found.column("a") == ["#1", "2", "3"]
    assert [one["raw"] for one in found.quarantine] == ["# a remark"]


def test_lines_above_the_header_are_left_out(ingest: Ingest) -> None:
    found = ingest("Sales report\n\nprinted 2024\nregion,amount\nnorth,1\nsouth,2\n" + "east,3\n" * 5)

    assert found.types == {"region": "text", "amount": "integer"}
    assert len(found.rows) == 7
    assert found.report.reader["skipped_lines"] > 0


def test_a_trailing_delimiter_is_no_column(ingest: Ingest) -> None:
    for header in ("a,b", "a,b,"):
        found = ingest(f"{header}\n1,x,\n2,y,\n")

        assert found.types == {"a": "integer", "b": "text"}
        assert found.rows == [(1, "x"), (2, "y")]


def test_a_value_behind_a_trailing_delimiter_is_not_lost(ingest: Ingest) -> None:
    found = ingest("a,b,\n" + "1,x,\n" * 5_000 + "2,y,extra\n")

    assert found.report.rows == 5_000
    assert found.quarantine == [
        {
            "line": 5_002,
            "columns": ["column2"],
            "reason": "a value after the last column",
            "raw": "2,y,extra",
        }
    ]


def test_headers_are_made_unique_and_the_nameless_are_named(ingest: Ingest) -> None:
    found = ingest("a,A,,a, b  c ,\n1,2,3,4,5,6\n")

    assert list(found.types) == ["a", "A_2", "column2", "a_3", "b c", "column5"]


def test_headers_may_be_in_any_script_and_hold_anything(ingest: Ingest) -> None:
    found = ingest('größe,名前,"x ""y""; DROP TABLE","a\nb",🙂\n1,2,3,4,5\n')

    assert list(found.types) == ["größe", "名前", 'x "y"; DROP TABLE', "a b", "🙂"]


def test_a_file_without_a_header_numbers_its_columns(ingest: Ingest) -> None:
    found = ingest("1,x,2.5\n2,y,3.5\n")

    assert found.types == {"column0": "integer", "column1": "text", "column2": "number"}
    assert len(found.rows) == 2


def test_the_person_says_whether_there_is_a_header(ingest: Ingest) -> None:
    assert ingest("1,2\n3,4\n", header=True).types == {"1": "integer", "2": "integer"}
    assert ingest("a,b\nc,d\n", header=False).rows == [("a", "b"), ("c", "d")]


def test_years_can_be_headers(ingest: Ingest) -> None:
    found = ingest("country,code,2019,2020,2021\nFrance,FR,1.5,2,3\nSpain,ES,4,5,6\n")

    assert list(found.types) == ["country", "code", "2019", "2020", "2021"]


def test_a_header_may_repeat_a_value_by_chance(ingest: Ingest) -> None:
    found = ingest("Country,Group,ID\nAngola,Africa,AO\nIndonesia,Asia,ID\n")

    assert list(found.types) == ["Country", "Group", "ID"]


def test_quotes_inside_unquoted_values_are_ordinary(ingest: Ingest) -> None:
    found = ingest('item,price\n5" pipe,1\n3" nail,2\n12" rule,3\nsay "hi" now,4\n')

    assert found.column("item") == ['5" pipe', '3" nail', '12" rule', 'say "hi" now']


def test_backslashes_can_escape_quotes(ingest: Ingest) -> None:
    found = ingest('a,b\n1,"he said \\"no\\", twice"\n2,"x"\n')

    assert found.rows == [(1, 'he said "no", twice'), (2, "x")]


@pytest.mark.parametrize("lines", [200, 400_000])
def test_a_quote_that_is_never_closed_is_an_error_that_names_the_way_out(ingest: Ingest, lines: int) -> None:
    text = "a,b\n1,x\n" + '2,"open\n' + "".join(f"{n},y\n" for n in range(lines))

    with pytest.raises(InvalidInput) as caught:
        ingest(text)

    assert '--quote ""' in (caught.value.hint or "")


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b\n", b"a,b", b"\xef\xbb\xbf", b"MZ\x90\x00\x03\x00\x00\x00" * 50]
)
def test_a_file_without_a_table_is_refused_with_a_hint(ingest: Ingest, content: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        ingest(content)

    assert caught.value.hint


def test_a_wide_table_is_read(ingest: Ingest) -> None:
    width = 600
    header = ",".join(f"c{n}" for n in range(width))

    found = ingest(
        header + "\n" + "\n".join(",".join(str(n * r) for n in range(width)) for r in (1, 2, 3)) + "\n"
    )

    assert set(found.types.values()) == {"integer"}
    assert found.rows[1][599] == 1198


def test_a_single_record_of_megabytes_is_read(ingest: Ingest) -> None:
    found = ingest("a,b\n1," + "x" * 3_000_000 + "\n2,y\n")

    assert len(found.rows[0][1]) == 3_000_000


def test_progress_is_told_in_bytes(ingest: Ingest) -> None:
    found = ingest("a,b\n1,2\n")

    assert found.told[-1] == {"done": 8, "total": 8}


def test_the_names_of_r_s_rows_are_a_column(ingest: Ingest) -> None:
    found = ingest('"mpg","cyl"\n"Mazda RX4",21.5,6\n"Fiat 128",32.4,4\n')

    assert found.types == {"column0": "text", "mpg": "number", "cyl": "integer"}
    assert len(found.rows) == 2


def test_excel_s_line_about_the_delimiter_is_followed(ingest: Ingest) -> None:
    found = ingest("sep=;\r\na;b\r\n1,5;x\r\n2,5;y\r\n")

    assert found.rows == [(1.5, "x"), (2.5, "y")]


def test_columns_that_nothing_fits_are_an_error_when_no_row_is_left(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput, match="no record could be read"):
        ingest("a,b\nx,1\ny,2\n", types={"a": ColumnType.NUMBER})


TORN = [
    "'name','city','amount'\n'Row 1','Gamma','1'\n'Row 2','Alpha, Beta','2'\n'Row 3','Gamma','3'\n",
    "name,city,amount\n'Row 1','Alpha, Beta',1\n'Row 2','Delta, Eta',2\n",
    "name,city,amount\n1,'Alpha, Beta',x\n2,Gamma,y\n3,'Delta, Eta',z\n4,'Beta, Eta',y\n",
    "'last, first','city'\n'Doe, Ann','Rome'\n'Roe, Bob','Oslo'\n",
    "name;note\n'a';'it\\'s; so'\n'b';'no'\n",
    "name;note\n'a';'it''s; so'\n'b';'over\ntwo lines'\n'c';'yes'\n'd';'no'\n",
]


@pytest.mark.parametrize("content", TORN)
def test_values_in_single_quotes_that_hold_the_delimiter_are_not_torn(ingest: Ingest, content: str) -> None:
    with pytest.raises(InvalidInput, match="single quotes") as refused:
        ingest(content)

    assert """--quote "'\"""" in str(refused.value.hint)
    assert ingest(content, quote="'").report.quarantined == 0
    assert ingest(content, quote='"').report.records > 0, "who says so gets them as they are"


@pytest.mark.parametrize(
    "content",
    [
        "name,city,amount\n'Row 1','Gamma',1\n'Row 2','Delta',2\n",
        "decade,other,n\n'80s,'90s,1\n'70s,'60s,2\n",
        "name,size\n'tis,5'\n'twas,6'\n",
        "a,b\n'r1',1,2\n'r2',3,4\n",
        "a,b,c\n1,x,2\n'2',y, z,3\n3,y,4\n4,y,4\n5,y,4\n",
        "a,b\n'x',\"it's, so\"\n'y',\"no, not\"\n",
        "a,b\n'x,1\n'y,2\n",
        "'x,1,2\n",
    ],
)
def test_single_quotes_that_tear_nothing_are_part_of_the_values(ingest: Ingest, content: str) -> None:
    plain, told = ingest(content), ingest(content, quote='"')

    assert plain.rows == told.rows
    assert plain.report.columns == told.report.columns
