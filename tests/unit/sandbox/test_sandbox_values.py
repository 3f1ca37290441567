from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superoffice_erpsync.sandbox.soap.contract import Scalar
from superoffice_erpsync.sandbox.soap.values import default_scalar, read_scalar, write_scalar

INT = Scalar("xs:int", "int")
BOOLEAN = Scalar("xs:boolean", "boolean")
STRING = Scalar("xs:string", "string")
DATE_TIME = Scalar("xs:dateTime", "dateTime")
DURATION = Scalar("xs:duration", "duration")
BASE64 = Scalar("xs:base64Binary", "base64Binary")
MASK = Scalar("Rights", "mask", ("Select", "Update", "Insert"))
ENUM = Scalar("Actor", "enumeration", ("Unknown", "Customer"))


@pytest.mark.parametrize(
    ("scalar", "text", "value"),
    [
        (INT, "0", 0),
        (INT, " -17\n", -17),
        (INT, "+5", 5),
        (INT, "007", 7),
        (INT, "2147483647", 2147483647),
        (INT, "-2147483648", -2147483648),
        (BOOLEAN, "true", True),
        (BOOLEAN, "1", True),
        (BOOLEAN, " false ", False),
        (BOOLEAN, "0", False),
        (STRING, "  a\n", "  a\n"),
        (ENUM, "Customer", "Customer"),
        (MASK, "", []),
        (MASK, "Select", ["Select"]),
        (MASK, " Insert  Select ", ["Insert", "Select"]),
        (DURATION, "PT15M", timedelta(minutes=15)),
        (DURATION, "P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        (DURATION, "-PT5S", timedelta(seconds=-5)),
        (DURATION, "PT0S", timedelta(0)),
        (DURATION, "PT0.1234567S", timedelta(microseconds=123456)),
        (DATE_TIME, "0001-01-01T00:00:00", None),
        (DATE_TIME, "0001-01-01T00:00:00Z", None),
        (DATE_TIME, "2026-02-03T04:05:06", datetime(2026, 2, 3, 4, 5, 6)),
        (DATE_TIME, "2026-02-03T04:05:06.1234567Z", datetime(2026, 2, 3, 4, 5, 6, 123456, UTC)),
        (DATE_TIME, "2026-02-03T04:05:06+01:00", datetime(2026, 2, 3, 4, 5, 6, 0, timezone(timedelta(hours=1)))),
        (BASE64, "aGVq\n", b"hej"),
    ],
)
def test_a_text_of_the_wire_is_read_as_its_value(scalar, text, value):
    assert read_scalar(scalar, text) == value


@pytest.mark.parametrize(
    ("scalar", "text"),
    [
        *((INT, text) for text in ("", "1_0", "1.0", "0x1", "\u0661", "2147483648", "-2147483649", "9" * 5000, "1e3")),
        *((BOOLEAN, text) for text in ("", "True", "yes", "2")),
        *((ENUM, text) for text in ("", "customer", " Customer", "Customer\n")),
        *((MASK, text) for text in ("Select,Update", "Select, Update", "Select\nUpdate", "select", "Select\tUpdate")),
        *((DURATION, text) for text in ("", "P", "PT", "P1Y", "P1M", "15:00", "PT1.5M", "P1DT", "PT" + "9" * 20 + "H")),
        (DURATION, "-P999999999DT1S"),
        *((DATE_TIME, text) for text in ("", "2026-02-30T00:00:00", "2026-02-03", "03.02.2026", "2026-02-03T24:61:00")),
        (BASE64, "a"),
    ],
)
def test_a_text_that_is_no_value_is_refused(scalar, text):
    with pytest.raises(ValueError):  # noqa: PT011 - the texts are read by the reader's tests
        read_scalar(scalar, text)


@pytest.mark.parametrize(
    ("scalar", "value", "text"),
    [
        (DURATION, timedelta(minutes=15), "PT15M"),
        (DURATION, timedelta(days=1, hours=2, minutes=3, seconds=4.5), "P1DT2H3M4.5S"),
        (DURATION, timedelta(seconds=-5), "-PT5S"),
        (DURATION, timedelta(0), "PT0S"),
        (DURATION, timedelta(days=2), "P2D"),
        (DATE_TIME, None, "0001-01-01T00:00:00"),
        (DATE_TIME, datetime(2026, 2, 3, 4, 5, 6), "2026-02-03T04:05:06"),
        (DATE_TIME, datetime(2026, 2, 3, 4, 5, 6, 0, timezone(timedelta(hours=1))), "2026-02-03T03:05:06Z"),
        (MASK, [], ""),
        (MASK, ["Select", "Insert"], "Select Insert"),
        (BASE64, b"hej", "aGVq"),
        (BOOLEAN, False, "false"),
    ],
)
def test_a_value_is_written_as_xml_has_it(scalar, value, text):
    assert write_scalar(scalar, value) == text


@pytest.mark.parametrize(
    ("scalar", "value", "error"),
    [
        (INT, True, TypeError),
        (INT, 2**31, ValueError),
        (INT, "1", TypeError),
        (BOOLEAN, 1, TypeError),
        (STRING, 1, TypeError),
        (ENUM, "Nobody", ValueError),
        (MASK, ["Nothing"], ValueError),
        (DURATION, 900, TypeError),
    ],
)
def test_a_handlers_mistake_is_not_written(scalar, value, error):
    with pytest.raises(error):
        write_scalar(scalar, value)


def test_defaults_are_those_of_dotnet():
    defaults = [default_scalar(scalar) for scalar in (INT, BOOLEAN, STRING, ENUM, MASK, DURATION, DATE_TIME)]
    assert defaults == [0, False, None, "Unknown", [], timedelta(0), None]


@given(st.timedeltas())
def test_durations_survive(value):
    assert read_scalar(DURATION, write_scalar(DURATION, value)) == value


@given(st.datetimes(min_value=datetime(1, 1, 1, 0, 0, 1)))
def test_dates_survive(value):
    assert read_scalar(DATE_TIME, write_scalar(DATE_TIME, value)) == value
