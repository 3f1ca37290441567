"""Single values, masks, languages and zones of the REST API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superoffice_erpsync.sandbox.rest.masks import read_mask, write_mask
from superoffice_erpsync.sandbox.rest.presentation import Presentation, presentation, time_zone_members
from superoffice_erpsync.sandbox.rest.values import read_scalar, write_scalar
from superoffice_erpsync.sandbox.soap.contract import Composite, Scalar, load_contract

INT = Scalar("xs:int", "int")
BOOLEAN = Scalar("xs:boolean", "boolean")
STRING = Scalar("xs:string", "string")
DATE_TIME = Scalar("xs:dateTime", "dateTime")
DURATION = Scalar("xs:duration", "duration")
BASE64 = Scalar("xs:base64Binary", "base64Binary")
TABLE = Scalar("ETableRight", "mask", ("Select",))
ENUM = Scalar("ErpActorType", "enumeration", ("Unknown", "Customer"))
AS_IS = Presentation()


@pytest.mark.parametrize(
    ("scalar", "value", "meaning"),
    [
        (INT, -17, -17),
        (INT, 2147483647, 2147483647),
        (BOOLEAN, True, True),
        (STRING, " a\n", " a\n"),
        (ENUM, "Customer", "Customer"),
        (TABLE, "Delete, Select", ["Select", "Delete"]),
        (DURATION, "00:15:00", timedelta(minutes=15)),
        (DURATION, "-1.02:03:04.5", -timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        (DURATION, "00:00:00.1234567", timedelta(microseconds=123456)),
        (DURATION, "PT15M", timedelta(minutes=15)),
        (DATE_TIME, "2026-02-03T04:05:06", datetime(2026, 2, 3, 4, 5, 6)),
        (DATE_TIME, "0001-01-01T00:00:00", None),
        (BASE64, "aGVq", b"hej"),
    ],
)
def test_a_value_of_json_is_read_as_what_it_means(scalar, value, meaning):
    assert read_scalar(scalar, value) == meaning


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *((INT, value) for value in ("5", 5.0, 1.5, True, None, [], {}, 2**31, -(2**31) - 1, 10**400)),
        *((BOOLEAN, value) for value in (1, 0, "true", None)),
        *((STRING, value) for value in (1, True, ["a"], {}, "\ud800")),
        *((ENUM, value) for value in ("customer", "Costumer", "", 1, None)),
        *((TABLE, value) for value in ("Select Update", "Everything", 15, ["Select"])),
        *((DURATION, value) for value in ("", "15:00", "24:00:00", "00:60:00", "P1Y", 900, "1:00:00")),
        (DURATION, "9999999999.00:00:00"),
        *((DATE_TIME, value) for value in ("", "2026-02-30T00:00:00", "03.02.2026", 0)),
        (BASE64, "a"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(scalar, value):
    with pytest.raises(ValueError):  # noqa: PT011 - the texts are read by the reader's tests
        read_scalar(scalar, value)


def test_a_refusal_does_not_show_a_text_of_the_wrong_kind():
    with pytest.raises(ValueError, match="a text stands where a whole number is wanted"):
        read_scalar(INT, "very-secret")


@pytest.mark.parametrize(
    ("scalar", "value", "written"),
    [
        (INT, 7, 7),
        (BOOLEAN, False, False),
        (STRING, "a", "a"),
        (ENUM, "Customer", "Customer"),
        (TABLE, ["Select", "Update", "Insert", "Delete"], "FULL"),
        (DURATION, timedelta(minutes=15), "00:15:00"),
        (DURATION, timedelta(0), "00:00:00"),
        (DURATION, -timedelta(days=1, hours=2, seconds=4.5), "-1.02:00:04.5000000"),
        (DATE_TIME, datetime(2026, 2, 3, 4, 5, 6, 0, UTC), "2026-02-03T04:05:06"),
        (DATE_TIME, None, "0001-01-01T00:00:00"),
        (BASE64, b"hej", "aGVq"),
    ],
)
def test_a_value_is_written_as_the_api_writes_it(scalar, value, written):
    assert write_scalar(scalar, value, AS_IS) == written


@pytest.mark.parametrize(
    ("scalar", "value", "error"),
    [
        (INT, True, TypeError),
        (INT, 2**31, ValueError),
        (BOOLEAN, 1, TypeError),
        (STRING, 1, TypeError),
        (ENUM, "Nobody", ValueError),
        (TABLE, ["Nothing"], ValueError),
        (DURATION, 900, TypeError),
    ],
)
def test_a_handlers_mistake_is_not_written(scalar, value, error):
    with pytest.raises(error):
        write_scalar(scalar, value, AS_IS)


@given(st.timedeltas(timedelta(days=-10_675_199), timedelta(days=10_675_199)))
def test_durations_survive(value):
    assert read_scalar(DURATION, write_scalar(DURATION, value, AS_IS)) == value


TABLE_ATOMS = ["Select", "Update", "Insert", "Delete", "Filtering", "RestrictedUpdate", "Unused1", "Uninitialized"]
FIELD_ATOMS = [
    "Read", "Write", "Unused1", "Unused2", "Unused3", "Unused4", "UIHintMandatory", "UIHintReadOnly",
    "UndefinedValue256",
]  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "text", "names"),
    [
        ("ETableRight", "", []),
        ("ETableRight", "None", []),
        ("ETableRight", "FULL", TABLE_ATOMS[:4]),
        ("ETableRight", "UR", ["Select", "Update"]),
        ("ETableRight", "RI", ["Select", "Insert"]),
        ("ETableRight", "URI", ["Select", "Update", "Insert"]),
        ("ETableRight", "UDR,FI", ["Select", "Update", "Insert", "Delete", "Filtering"]),
        ("ETableRight", "RF", ["Select", "Filtering"]),
        ("ETableRight", "URU", ["Update", "RestrictedUpdate"]),
        ("ETableRight", "WRITE", ["Update", "Insert", "RestrictedUpdate"]),
        ("ETableRight", "R, F", ["Select", "Filtering"]),
        ("EFieldRight", "FULL", ["Read", "Write"]),
        ("EFieldRight", "Update", ["Read", "Write"]),
        ("EFieldRight", "UIHints", ["UIHintMandatory", "UIHintReadOnly"]),
        ("EFieldRight", "Nullable", ["Unused4"]),
    ],
)
def test_names_for_several_rights_are_read(type_name, text, names):
    assert read_mask(type_name, text) == names


@pytest.mark.parametrize(
    ("type_name", "names", "text"),
    [
        ("ETableRight", [], "None"),
        ("ETableRight", ["Delete"], "Delete"),
        ("ETableRight", ["Update", "Select"], "UR"),
        ("ETableRight", TABLE_ATOMS[:4], "FULL"),
        ("ETableRight", [*TABLE_ATOMS[:4], "RestrictedUpdate"], "Select, Delete, WRITE"),
        ("EFieldRight", ["Read"], "Read"),
        ("EFieldRight", ["Read", "Write"], "FULL"),
        ("EFieldRight", ["Read", "Write", "UIHintMandatory"], "FULL, UIHintMandatory"),
        ("EFieldRight", ["Unused4"], "Nullable"),
    ],
)
def test_rights_are_written_with_the_names_for_several(type_name, names, text):
    assert write_mask(type_name, names) == text


@given(st.sets(st.sampled_from(TABLE_ATOMS)), st.sets(st.sampled_from(FIELD_ATOMS)))
def test_rights_survive(table, field):
    assert set(read_mask("ETableRight", write_mask("ETableRight", table))) == table
    assert set(read_mask("EFieldRight", write_mask("EFieldRight", field))) == field


def test_masks_know_every_name_of_the_contract():
    for services in ("Services86", "Services88"):
        answer = load_contract("ErpSync", services).operations["GetConnection"].response.type
        assert isinstance(answer, Composite)
        carrier = {member.name: member.type for member in answer.members[0].type.members}
        table = next(member.type for member in carrier["TableRight"].members if member.name == "Mask")
        for name in table.allowed:
            assert read_mask("ETableRight", name)


TWO = 'US:"Done." NO:"Ferdig."'


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, TWO),
        ({"so-language": "no"}, "Ferdig."),
        ({"so-language": "nb-NO"}, "Ferdig."),
        ({"so-language": "NO"}, "Ferdig."),
        ({"so-language": "en"}, "Done."),
        ({"so-language": "US"}, "Done."),
        ({"so-language": "*"}, TWO),
        ({"so-language": "x"}, TWO),
        ({"so-language": "fr"}, TWO),
        ({"accept-language": "no"}, "Ferdig."),
        ({"accept-language": "fr,de,ru,zh"}, TWO),
        ({"accept-language": "fr;q=0.9, en;q=0.3, no;q=0.8"}, "Ferdig."),
        ({"accept-language": "*"}, TWO),
        ({"accept-language": "no", "so-language": "en"}, "Done."),
        ({"accept-language": "no", "so-language": "*"}, TWO),
        ({"so-culture": "no"}, TWO),
    ],
)
def test_a_text_comes_in_the_language_that_the_headers_ask_for(headers, text):
    assert presentation(headers).text(TWO) == text


@pytest.mark.parametrize("text", ["", "plain", 'Say US:"x"', 'US:"open', "US: no quotes"])
def test_a_text_in_one_language_stays(text):
    assert presentation({"so-language": "en"}).text(text) == text


def has_zones() -> bool:
    try:
        ZoneInfo("Europe/Oslo")
    except ZoneInfoNotFoundError:
        return False
    return True


SUMMER = datetime(2026, 7, 1, 10, 0, 0, 500000, UTC)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (None, "2026-07-01T10:00:00.500000"),
        ("includeTZOffset", "2026-07-01T10:00:00.500000Z"),
        ("ZZ", "2026-07-01T10:00:00.500000"),
        ("ZZ, includeTZOffset", "2026-07-01T10:00:00.500000Z"),
    ],
)
def test_dates_in_the_base_zone(zone, text):
    assert presentation({} if zone is None else {"so-timezone": zone}).date(SUMMER) == text


@pytest.mark.skipif(not has_zones(), reason="this machine has no time zones")
@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("NO", "2026-07-01T12:00:00.500000"),
        ("261,includetzoffset", "2026-07-01T12:00:00.500000+02:00"),
        ("us, includeTZOffset", "2026-07-01T06:00:00.500000-04:00"),
    ],
)
def test_dates_in_another_zone(zone, text):
    assert presentation({"so-timezone": zone}).date(SUMMER) == text


def test_a_date_without_a_zone_is_in_the_base_zone():
    asked = Presentation(zone=timezone(timedelta(hours=2)), with_offset=True)
    assert asked.date(datetime(2026, 7, 1, 10)) == "2026-07-01T12:00:00+02:00"
    assert Presentation().date(datetime(2026, 7, 1, 10)) == "2026-07-01T10:00:00"


def test_a_date_that_means_none_stays():
    asked = Presentation(zone=timezone(timedelta(hours=2)), with_offset=True)
    assert asked.date(datetime(9999, 12, 31, 23, 59, 59)) == "9999-12-31T23:59:59"


def test_time_zones_are_recorded_as_over_soap():
    assert time_zone_members({}) is None
    assert time_zone_members({"so-timezone": "261, includeTZOffset"}) == {
        "SoTimeZoneId": 261, "SoTimeZoneLocationCode": None,
    }  # fmt: skip
    assert time_zone_members({"so-timezone": "NO"}) == {"SoTimeZoneId": 0, "SoTimeZoneLocationCode": "NO"}
