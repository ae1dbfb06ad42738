"""Files are read as they are meant, or refused in words that name row and field."""

from __future__ import annotations

import io
import json
import unicodedata

import pytest

from server.exchange import reading, receiving
from server.exchange.reading import FileRefused, collected, read_file
from server.exchange.receiving import TooLarge, spooled
from server.exchange.rows import Problem, Row
from server.exchange.writing import csv_lines, json_lines
from tests.exchange.conftest import Post, kinds, lines, refusals, row

HEADER = "code,office,procedure,accepted_at,applicant_name,steps"
LINE = "H33.14-260302-0001,hall,1.004873,2026-03-02T08:30:00+07:00,Nguyễn Văn Mẫu,"


def read(content: str | bytes, form: str = "csv") -> list[tuple[int, Row | Problem]]:
    content = content.encode() if isinstance(content, str) else content
    return collected(read_file(io.BytesIO(content), form))


def refused(content: str | bytes, form: str = "csv") -> list[tuple[int, str, str]]:
    with pytest.raises(FileRefused) as error:
        read(content, form)
    return [(one.row, one.field, one.detail % one.params) for one in error.value.problems]


def table(*more: str) -> str:
    return "\n".join((HEADER, LINE, *more)) + "\n"


def test_a_table_is_read_with_the_numbers_a_spreadsheet_shows() -> None:
    second = LINE.replace("0001", "0002").replace("Nguyễn Văn Mẫu", '"Nguyễn\nVăn Mẫu"')
    found = read(table("", second, LINE.replace("0001", "0003")))
    assert [number for number, _ in found] == [2, 4, 5]
    for _, one in found:
        assert isinstance(one, Row)
        assert one.applicant is not None
        assert one.applicant.name == "Nguyễn Văn Mẫu"


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + table(),
        table().replace("\n", "\r\n"),
        table().replace(",", ";"),
        unicodedata.normalize("NFD", table()),
        table().replace("H33.14-260302-0001", " h33.14 – 260302 - 0001 "),
        table().replace("1.004873", "1.004873.000.00.00.H33"),
    ],
    ids=["bom", "crlf", "semicolons", "decomposed", "typed-code", "suffix"],
)
def test_the_same_meant_is_the_same_read(content: str) -> None:
    assert read(content) == read(table())


def test_escaped_accents_are_composed_like_others() -> None:
    written = row(applicant={"name": "Nguyễn"})
    apart = unicodedata.normalize("NFD", json.dumps(written, ensure_ascii=False))
    escaped = json.dumps(json.loads(apart))
    assert "\\u0303" in escaped
    assert read(escaped, "jsonl") == read(lines([written]), "jsonl")


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (table().encode("utf-16"), 1, "is in UTF-16 (“Unicode text”); save it as “CSV UTF-8”"),
        (table().encode("utf-16-le"), 1, "is in UTF-16"),
        (b"PK\x03\x04rest", 1, "is a workbook of a spreadsheet; save it as “CSV UTF-8”"),
        (
            table("x,y").encode() + "Đơn xin".encode("cp1258"),
            4,
            "is not in UTF-8 but perhaps in Windows-1258 or another old encoding",
        ),
    ],
)
def test_another_encoding_is_refused_in_words(content: bytes, row: int, words: str) -> None:
    ((number, field, detail),) = refused(content)[-1:]
    assert (number, field) == (row, "")
    assert detail.startswith(words)


@pytest.mark.parametrize("sign", ["=1+1", "+84912", "-1", "@SUM(A1)", "\tx", '"\rx"'])
def test_a_formula_in_a_cell_refuses_the_file(sign: str) -> None:
    bad = LINE.replace("0001", "0002").replace("Nguyễn Văn Mẫu", sign)
    ((number, field, detail),) = refused(table(bad))
    assert (number, field) == (3, "applicant_name")
    assert "which a spreadsheet runs as a formula" in detail


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [(1, "code", "the column is missing")]),
        (
            table().replace("steps", "stepz"),
            [(1, "stepz", "there is no such column. Did you mean")],
        ),
        (table().replace("steps", "code"), [(1, "code", "stands here twice"), (1, "code", "")]),
        (table("a,b"), [(3, "", "has 2 cells, the header has 6")]),
        (table('"a'), [(3, "", "is no CSV: unexpected end of data")]),
        (table("a\x07b"), [(3, "", "holds a control character")]),
        (table(LINE.replace("hall", "xa")), [(3, "code", "stands in row 2 already and says s")]),
    ],
)
def test_a_broken_table_is_refused_whole(
    content: str, expected: list[tuple[int, str, str]]
) -> None:
    found = refused(content)
    for (number, field, detail), (line, column, words) in zip(found, expected, strict=False):
        assert (number, field) == (line, column)
        assert detail.startswith(words), detail
    assert found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "is no JSON; each line is one object"),
        ("[1]", "is no JSON object; each line is one dossier"),
        ('"x"', "is no JSON object; each line is one dossier"),
        ('{"code": "\\ud800"}', "is no JSON; each line is one object"),
        ("[" * 100_000, "is no JSON; each line is one object"),
        ('{"code": "a\\u0000"}', "holds a control character"),
        ('{"card": 1}', "there is no such field"),
        ('{"code": "' + "x" * reading.MAX_LINE + '"}', "this line is too long"),
    ],
)
def test_broken_lines_are_refused_whole(content: str, expected: str) -> None:
    found = refused(lines([row()]) + b"\n" + content.encode(), "jsonl")
    assert [(number, detail) for number, _, detail in found] == [(2, expected)]


def test_every_formula_is_named_at_once() -> None:
    bad = [LINE.replace("0001", f"{n:04}").replace("Nguyễn", "=") for n in range(2, 300)]
    found = refused(table(*bad))
    assert [number for number, _, _ in found] == list(range(3, 103))


def test_a_cell_with_steps_holds_json() -> None:
    bad = LINE.replace("0001", "0002") + "chưa xong"
    found = read(table(bad))[1][1]
    assert isinstance(found, Problem)
    assert (found.field, found.detail, found.file) == ("steps", "this cell is no JSON list", False)


def test_more_rows_than_are_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    more = [LINE.replace("0001", f"000{n}") for n in (2, 3)]
    assert refused(table(*more)) == [(4, "", "too many rows; at most 2 at once")]
    assert len(read(table(more[0]))) == 2


class Endless(io.RawIOBase):
    """A file of a million rows and more, made while it is read."""

    def __init__(self, count: int) -> None:
        self.left, self.given = count, 0

    def read(self, size: int = -1) -> bytes:
        if self.left <= 0:
            return b""
        self.left -= 1
        piece = (LINE + "\n").encode() * 700
        self.given += len(piece)
        return piece


def test_a_million_rows_are_refused_before_memory_or_disk_is_eaten(post: Post) -> None:
    rows = Endless(1500)
    with pytest.raises(TooLarge, match=r"50 MB and 100000 rows"), spooled(rows, post.folder):
        pass
    assert rows.left == 0  # read to the end, so that the sender gets to hear why
    assert list((post.folder / "exchange").iterdir()) == []


def test_a_long_line_is_counted_in_bytes(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MAX_BYTES", 1000)
    with pytest.raises(TooLarge), spooled(io.BytesIO(b"x" * 1001), post.folder):
        pass
    with spooled(io.BytesIO(b"x" * 1000), post.folder) as incoming:
        assert incoming.bytes == 1000


def test_what_we_write_runs_nowhere_and_is_read_back(post: Post) -> None:
    name = "'=cmd|' /C calc'!A0"
    written = row(
        applicant={"name": name, "address": "=1+1, Ấp", "phone": "+84 912 345 678"},
        papers=[{"name": "=x", "kind": "copy", "count": 1}],
    )
    text = "".join(csv_lines([written]))
    cells = text.splitlines()[1]
    assert "''=cmd" in cells
    assert "'=1+1" in cells
    assert "'+84" in cells
    (found,) = read(text)
    assert found[1] == read("".join(json_lines([written])), "jsonl")[0][1]


def test_nothing_of_a_refused_file_is_written(post: Post) -> None:
    content = lines([row(1), row(2)]) + b"\n{"
    told = post.send(content)
    assert (told["state"], post.count(), kinds(told)) == ("refused", 0, [])
    assert refusals(told) == [(3, "", "is no JSON; each line is one object")]
    assert list((post.folder / "exchange").iterdir()) == []
