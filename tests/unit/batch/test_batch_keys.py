"""Where keys come from, what they must be, and how the bad ones are named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from superoffice_erpsync.batch import CsvKeys, Found, JsonLinesKeys, TextKeys
from superoffice_erpsync.batch.keys import LONGEST_KEY, external_key, internal_key_id, source_of
from superoffice_erpsync.errors import InvalidRequest


def values(source: TextKeys | CsvKeys | JsonLinesKeys) -> list[tuple[object, int]]:
    return [(found.value, found.line) for found in source.read() if found.problem is None]


@pytest.mark.parametrize("key", ["C1", " padded ", "Ångström & Co <1>", "日本", "😀", "a\u2028b", "x" * LONGEST_KEY])
def test_a_key_of_an_erp_stays_as_it_is(key):
    assert external_key(key) == key


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "blank"),
        (" \t", "blank"),
        ("x" * (LONGEST_KEY + 1), "501 characters"),
        ("a\nb", "U\\+000A at position 1"),
        ("a\x00", "U\\+0000"),
        ("\x85x", "U\\+0085"),
        ("a\ud800", "U\\+D800"),
        ("a\uffff", "U\\+FFFF"),
        (7, "no text but int"),
        (None, "no text"),
    ],
)
def test_what_no_key_of_an_erp_can_be_is_refused(key, reason):
    with pytest.raises(ValueError, match=reason):
        external_key(key)


@pytest.mark.parametrize(("given", "key"), [(1, "1"), ("007", "7"), (2**31 - 1, "2147483647")])
def test_an_id_is_a_number_or_digits(given, key):
    assert internal_key_id(given) == key


@pytest.mark.parametrize("given", [0, -1, 2**31, "2147483648", "1_0", "٣", "1.0", True, None, 1.0, "x", "", "9" * 5000])
def test_what_no_id_can_be_is_refused(given):
    with pytest.raises(ValueError, match="id"):
        internal_key_id(given)


def test_a_number_that_python_does_not_write_is_refused_like_others():
    with pytest.raises(ValueError, match=r"more digits .* is no id"):
        internal_key_id(10**5000)


def test_numbers_of_other_libraries_are_ids_as_well():
    assert internal_key_id(Number()) == "7"


def test_text_has_one_key_a_line(tmp_path):
    path = tmp_path / "keys.txt"
    path.write_bytes("\ufeffC1\r\n\n  C2  \nÅ3".encode())
    assert values(TextKeys(path)) == [("C1", 1), ("C2", 3), ("Å3", 4)]
    assert values(TextKeys(str(path))) == values(TextKeys(io.BytesIO(path.read_bytes())))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_column_of_csv_is_read_with_the_first_line_of_each_row(delimiter):
    rows = [["Name", "No"], ['"Two\nlines"', "C1"], ["", ""], ["x", " C2 "], ["only one"], ["y", ""]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    found = list(CsvKeys(io.BytesIO(text.encode()), "No").read())
    assert [one for one in found if one.problem is None] == [Found("C1", 2), Found("C2", 5), Found("", 7)]
    assert [(one.line, one.problem) for one in found if one.problem] == [(6, "1 values where the header has 2")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "there is no column 'No'"),
        (b"A,B\n1,2\n", "there is no column 'No' .columns: A, B"),
        (b"No,No\n", "there are 2 columns 'No'"),
        (b'No\n"a" b\n', "line 2"),
        (b"No\nC1\n\xff\n", "line 3 is not UTF-8"),
        (b"\xff\xfeN\x00", "UTF-16"),
    ],
)
def test_csv_that_cannot_be_read_is_refused_with_the_place(content, reason):
    with pytest.raises(InvalidRequest, match=reason):
        list(CsvKeys(io.BytesIO(content), "No").read())


def test_json_lines_give_texts_and_numbers():
    lines = ['{"no": "C1"}', "", '{"no": 12, "x": 1}', "{", "[1]", '{"x": 1}']
    found = list(JsonLinesKeys(io.StringIO("\n".join(lines)), "no").read())
    assert [(one.value, one.line) for one in found if one.problem is None] == [("C1", 1), (12, 3)]
    assert [(one.line, one.problem) for one in found if one.problem] == [
        (4, "the line is no JSON"),
        (5, "the line is no object with a member 'no'"),
        (6, "the line is no object with a member 'no'"),
    ]


def test_a_stream_is_left_open_and_read_as_it_comes():
    stream = io.BytesIO(b"C1\nC2\n")
    reading = TextKeys(stream).read()
    assert next(reading) == Found("C1", 1)
    assert stream.tell() == 3
    assert next(reading) == Found("C2", 2)
    reading.close()
    assert not stream.closed


def test_a_file_that_is_not_there_or_has_no_lines_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match="cannot be read"):
        list(TextKeys(tmp_path / "missing").read())
    with pytest.raises(InvalidRequest, match="line 1 has 1000000 characters"):
        list(TextKeys(io.BytesIO(b"x" * 1_000_001)).read())


def test_sources_have_names(tmp_path: Path):
    path = tmp_path / "keys.csv"
    assert TextKeys(path).name == str(path)
    assert CsvKeys(path, "No").name == f"{path}, column No"
    assert JsonLinesKeys(io.StringIO(), "no").name == "a stream, member no"
    assert source_of(["C1"]).name == "the keys given"


def test_an_open_file_is_to_be_wrapped():
    with pytest.raises(InvalidRequest, match="wrap it, as in TextKeys"):
        source_of(io.StringIO("C1"))


class Number:
    """As other libraries have them."""

    def __index__(self) -> int:
        return 7


@pytest.mark.parametrize("keys", ["C1", b"C1", {"C1": 1}, 7, None])
def test_one_text_is_not_a_list_of_keys(keys):
    with pytest.raises(InvalidRequest, match="source of keys or a list"):
        source_of(keys)
