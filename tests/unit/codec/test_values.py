"""Single values on the wire: what is read, what is refused, and that what is written reads as the same again."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from strategies.carriers import durations, moments, texts
from superoffice_erpsync.codec import values

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def plus(hours: int, minutes: int = 0) -> timezone:
    return timezone(timedelta(hours=hours, minutes=minutes))


# -- numbers ----------------------------------------------------------------------------------------------------------


@given(st.integers(INT_MIN, INT_MAX))
@example(INT_MIN)
@example(INT_MAX)
def test_int_is_read_as_it_is_written(number: int) -> None:
    assert values.parse_int(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-0", 0), ("+5", 5), (" 7\t\r\n", 7), ("007", 7), ("0" * 20 + "1", 1), ("2147483647", INT_MAX)],
)
def test_int_as_xml_schema_allows_it(text: str, number: int) -> None:
    assert values.parse_int(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("1_0", "not an integer"),
        ("1.0", "not an integer"),
        ("1e3", "not an integer"),
        ("0x10", "not an integer"),
        ("--1", "not an integer"),
        ("+ 1", "not an integer"),
        ("1 0", "not an integer"),
        ("1,000", "not an integer"),
        ("٣", "not an integer"),
        ("\uff11", "not an integer"),
        ("²", "not an integer"),
        ("\u00a01", "not an integer"),
        ("true", "not an integer"),
        ("NaN", "not an integer"),
        ("2147483648", "32 bits"),
        ("-2147483649", "32 bits"),
        ("9" * 40, "32 bits"),
        ("9" * 5000, "not an integer"),
    ],
)
def test_what_is_no_int_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.parse_int(text)


@given(st.text())
def test_int_reads_nothing_that_is_not_written_with_ten_digits(text: str) -> None:
    assume(not text.strip(" \t\r\n").removeprefix("-").removeprefix("+").isdecimal() or not text.isascii())
    with pytest.raises(ValueError, match=r"integer|empty"):
        values.parse_int(text)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False), (" true\n", True)]
)
def test_boolean_as_xml_schema_allows_it(text: str, value: bool) -> None:
    assert values.parse_boolean(text) is value


@pytest.mark.parametrize(
    "text", ["", " ", "True", "FALSE", "yes", "Yes", "on", "2", "-1", "01", "true false", "\u0661", "t"]
)
def test_what_is_no_boolean_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not true, false, 1 or 0|empty where true or false"):
        values.parse_boolean(text)


# -- durations --------------------------------------------------------------------------------------------------------


@given(durations())
@example(timedelta.max)
@example(timedelta.min)
@example(timedelta(0))
@example(-timedelta.resolution)
def test_duration_is_read_as_it_is_written(duration: timedelta) -> None:
    assert values.parse_duration(values.format_duration(duration)) == duration
    assert values.parse_time_span(values.format_time_span(duration)) == duration
    assert values.parse_time_span(values.format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "span", "duration"),
    [
        ("PT0S", "00:00:00", timedelta(0)),
        ("PT15M", "00:15:00", timedelta(minutes=15)),
        ("P1D", "1.00:00:00", timedelta(days=1)),
        ("P1DT2H3M4.5S", "1.02:03:04.5000000", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("-PT5S", "-00:00:05", timedelta(seconds=-5)),
        ("PT0.000001S", "00:00:00.0000010", timedelta(microseconds=1)),
        ("-P1DT1S", "-1.00:00:01", timedelta(days=-1, seconds=-1)),
        ("PT23H59M59S", "23:59:59", timedelta(hours=23, minutes=59, seconds=59)),
    ],
)
def test_duration_is_written_as_dot_net_writes_it(text: str, span: str, duration: timedelta) -> None:
    assert values.format_duration(duration) == text
    assert values.format_time_span(duration) == span
    assert values.parse_duration(text) == values.parse_time_span(span) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        (" PT1M\n", timedelta(minutes=1)),
        ("PT900S", timedelta(minutes=15)),
        ("PT36H", timedelta(hours=36)),
        ("P0D", timedelta(0)),
        ("-PT0S", timedelta(0)),
        ("PT1.1234567S", timedelta(seconds=1, microseconds=123456)),
        ("PT1.9999999S", timedelta(seconds=1, microseconds=999999)),
        ("PT0.0000009S", timedelta(0)),
        ("PT1.5S", timedelta(seconds=1.5)),
    ],
)
def test_duration_is_read_in_every_form(text: str, duration: timedelta) -> None:
    assert values.parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("P", "not a duration"),
        ("PT", "not a duration"),
        ("-P", "not a duration"),
        ("P1DT", "not a duration"),
        ("P1Y", "years or months"),
        ("P1M", "years or months"),
        ("P1Y2M3DT4H", "years or months"),
        ("-P1M1D", "years or months"),
        ("P1W", "not a duration"),
        ("+PT1S", "not a duration"),
        ("PT-1S", "not a duration"),
        ("PT1S1M", "not a duration"),
        ("PT1,5S", "not a duration"),
        ("PT.5S", "not a duration"),
        ("PT5.S", "not a duration"),
        ("PT1.5M", "not a duration"),
        ("P1.5D", "not a duration"),
        ("pt1s", "not a duration"),
        ("PT1_0S", "not a duration"),
        ("PT٣S", "not a duration"),
        ("PT 1S", "not a duration"),
        ("1", "not a duration"),
        ("00:15:00", "not a duration"),
        ("P1000000000D", "longer than any"),
        ("PT" + "9" * 60 + "S", "longer than any"),
        ("PT" + "9" * 200 + "S", "not a duration"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.parse_duration(text)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0:00:01", timedelta(seconds=1)),
        ("00:15:00.1234567", timedelta(minutes=15, microseconds=123456)),
        ("10.00:00:00", timedelta(days=10)),
        ("PT15M", timedelta(minutes=15)),
        (" 00:15:00 ", timedelta(minutes=15)),
    ],
)
def test_time_span_is_read_in_every_form(text: str, duration: timedelta) -> None:
    assert values.parse_time_span(text) == duration


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("15", "not a time span"),
        ("00:15", "not a time span"),
        ("24:00:00", "out of range"),
        ("00:60:00", "out of range"),
        ("00:00:60", "out of range"),
        ("00:00:00.12345678", "not a time span"),
        ("1:00:00:00", "not a time span"),
        ("00:15:00Z", "not a time span"),
        ("--00:15:00", "not a time span"),
        ("00:٣0:00", "not a time span"),
        ("P1Y", "years or months"),
        ("9999999999.00:00:00", "longer than any"),
    ],
)
def test_what_is_no_time_span_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.parse_time_span(text)


# -- dates ------------------------------------------------------------------------------------------------------------


@given(moments())
@example(datetime.max)
@example(datetime(1, 1, 1, 0, 0, 0, 1))
@example(datetime(2026, 3, 29, 2, 30, tzinfo=plus(-14)))
@example(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=plus(14)))
def test_date_is_read_as_it_is_written(moment: datetime) -> None:
    read = values.parse_date_time(values.format_date_time(moment))
    assert read is not None
    assert (read.replace(tzinfo=None), read.utcoffset()) == (moment.replace(tzinfo=None), moment.utcoffset())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T18:00:00", datetime(2026, 1, 31, 18)),
        ("2026-01-31T18:00:00Z", datetime(2026, 1, 31, 18, tzinfo=UTC)),
        ("2026-01-31T18:00:00+02:00", datetime(2026, 1, 31, 18, tzinfo=plus(2))),
        ("2026-01-31T18:00:00-05:30", datetime(2026, 1, 31, 18, tzinfo=plus(-5, -30))),
        ("2026-01-31T18:00:00.5", datetime(2026, 1, 31, 18, 0, 0, 500000)),
        ("9999-12-31T23:59:59", datetime(9999, 12, 31, 23, 59, 59)),
        ("0999-01-02T03:04:05", datetime(999, 1, 2, 3, 4, 5)),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_date_is_written_as_dot_net_writes_it(text: str, moment: datetime | None) -> None:
    assert values.format_date_time(moment) == text
    assert values.parse_date_time(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("\n2026-01-31T18:00:00 ", datetime(2026, 1, 31, 18)),
        ("2026-01-31T18:00:00.1234567Z", datetime(2026, 1, 31, 18, 0, 0, 123456, tzinfo=UTC)),
        ("2026-01-31T18:00:00.9999999", datetime(2026, 1, 31, 18, 0, 0, 999999)),
        ("2026-01-31T18:00:00.0000000", datetime(2026, 1, 31, 18)),
        ("2026-01-31T18:00:00-00:00", datetime(2026, 1, 31, 18, tzinfo=UTC)),
        ("2026-01-31T18:00:00+14:00", datetime(2026, 1, 31, 18, tzinfo=plus(14))),
        ("2026-12-31T24:00:00", datetime(2027, 1, 1)),
        ("2026-12-31T24:00:00.000+01:00", datetime(2027, 1, 1, tzinfo=plus(1))),
        ("2024-02-29T00:00:00", datetime(2024, 2, 29)),
        ("9999-12-31T23:59:59.9999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("0001-01-01T00:00:00-05:00", None),
        ("0001-01-01T00:00:00.0000000", None),
        ("0001-01-01T00:00:01", datetime(1, 1, 1, 0, 0, 1)),
    ],
)
def test_date_is_read_in_every_form(text: str, moment: datetime | None) -> None:
    read = values.parse_date_time(text)
    assert read == moment
    assert (read and read.utcoffset()) == (moment and moment.utcoffset())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("2026-01-31", "not a date and time"),
        ("2026-01-31T18:00", "not a date and time"),
        ("2026-01-31 18:00:00", "not a date and time"),
        ("2026-1-31T18:00:00", "not a date and time"),
        ("26-01-31T18:00:00", "not a date and time"),
        ("-2026-01-31T18:00:00", "not a date and time"),
        ("10000-01-01T00:00:00", "not a date and time"),
        ("2026-01-31T18:00:00.", "not a date and time"),
        ("2026-01-31T18:00:00,5", "not a date and time"),
        ("2026-01-31T18:00:00z", "not a date and time"),
        ("2026-01-31t18:00:00", "not a date and time"),
        ("2026-01-31T18:00:00+2", "not a date and time"),
        ("2026-01-31T18:00:00+02", "not a date and time"),
        ("2026-01-31T18:00:00+0200", "not a date and time"),
        ("2026-01-31T18:00:00 Z", "not a date and time"),
        ("٢026-01-31T18:00:00", "not a date and time"),
        ("2026-01-31T18:00:00+14:01", "offset is out of range"),
        ("2026-01-31T18:00:00-15:00", "offset is out of range"),
        ("2026-01-31T18:00:00+01:60", "offset is out of range"),
        ("2026-02-30T00:00:00", "no such day"),
        ("2026-13-01T00:00:00", "no such day"),
        ("2026-00-01T00:00:00", "no such day"),
        ("2026-01-00T00:00:00", "no such day"),
        ("0000-01-01T00:00:00", "no such day"),
        ("2025-02-29T00:00:00", "no such day"),
        ("2026-01-31T25:00:00", "no such day"),
        ("2026-01-31T24:00:01", "no such day"),
        ("2026-01-31T24:00:00.5", "no such day"),
        ("2026-01-31T24:00:00.0000001", "no such day"),
        ("2026-01-31T23:60:00", "no such day"),
        ("2026-01-31T23:59:60", "no such day"),
        ("9999-12-31T24:00:00", "no such day"),
        ("2026-01-31T18:00:00." + "1" * 200, "not a date and time"),
    ],
)
def test_what_is_no_date_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.parse_date_time(text)


def test_an_offset_without_a_colon_is_for_rest_alone() -> None:
    read = values.parse_date_time("2026-01-31T18:00:00-0500", bare_offset=True)
    assert read == datetime(2026, 1, 31, 18, tzinfo=plus(-5))
    assert values.parse_date_time("2026-01-31T18:00:00-05:00", bare_offset=True) == read


@pytest.mark.parametrize(
    "offset", [timedelta(seconds=30), timedelta(hours=14, minutes=1), -timedelta(hours=15), timedelta(microseconds=1)]
)
def test_an_offset_that_xml_schema_lacks_is_not_written(offset: timedelta) -> None:
    with pytest.raises(ValueError, match="offset"):
        values.format_date_time(datetime(2026, 1, 1, tzinfo=timezone(offset)))


# -- bytes and texts --------------------------------------------------------------------------------------------------


@given(st.binary())
def test_bytes_are_read_as_they_are_written(data: bytes) -> None:
    text = values.format_base64(data)
    assert values.parse_base64(text) == data == base64.b64decode(text)
    assert values.parse_base64("\r\n\t ".join(text)) == data


@pytest.mark.parametrize(
    "text", ["A", "AAA", "AA=A", "A===", "AAAA=", "AA-_", "ÄÄÄÄ", "AA\u00a0==", "AAAA*", "AA\x85=="]
)
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not base64"):
        values.parse_base64(text)


@given(texts())
def test_every_character_of_xml_is_a_text(text: str) -> None:
    values.check_text(text)


@pytest.mark.parametrize("code", [0, 1, 8, 0xB, 0xC, 0xE, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_a_character_that_xml_cannot_carry_is_named_and_the_text_is_not(code: int) -> None:
    with pytest.raises(ValueError, match=f"U\\+{code:04X} at position 6") as caught:
        values.check_text("secret" + chr(code) + "more")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("code", [9, 0xA, 0xD, 0x20, 0x7F, 0x85, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF])
def test_characters_beside_the_forbidden_ones_are_let_through(code: int) -> None:
    values.check_text(chr(code))
