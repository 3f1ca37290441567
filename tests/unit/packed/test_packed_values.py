"""Values in the vendor's notation: read, written, and refused where nothing describes them."""

from __future__ import annotations

import locale
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superoffice_erpsync import (
    FieldMetadataType,
    InvalidRequest,
    Outcome,
    ProtocolError,
    pack_value,
    unpack_value,
)
from superoffice_erpsync.sandbox.notation import why_malformed

MOMENT = datetime(2013, 12, 31, 23, 59, 59)


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        ("[I:1]", 1),
        ("[I:-2147483648]", -(2**31)),
        ("[I:007]", 7),
        ("[F:1.5]", Decimal("1.5")),
        ("[F:-30.0]", Decimal("-30.0")),
        ("[F:1E+16]", Decimal("1E+16")),
        ("[F:1.5e-07]", Decimal("1.5E-7")),
        ("[M:15000]", Decimal(15000)),
        ("[DT:12/31/2013 23:59:59.0000000]", MOMENT),
        ("[DT:12/31/2013 23:59:59]", MOMENT),
        ("[DT:12/31/2013 23:59:59.1234567]", MOMENT.replace(microsecond=123456)),
        ("[DT:12/31/2013 23:59:59.5]", MOMENT.replace(microsecond=500000)),
        ("[D:12/31/2013]", date(2013, 12, 31)),
        ("[B:AP8=]", b"\x00\xff"),
        ("[B:]", b""),
        ("", ""),
        ("plain", "plain"),
        ("[I:1] and more", "[I:1] and more"),
        ("[brackets]", "[brackets]"),
        (None, None),
    ],
)
def test_a_value_is_read(packed: str | None, value: Any) -> None:
    found = unpack_value(packed)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "packed",
    [
        "[I:]",
        "[I:1.5]",
        "[I:+1]",
        "[I: 1]",
        "[I:1\n]",
        "[I:٣]",
        "[I:2147483648]",
        "[F:1,5]",
        "[F:1 000]",
        "[F:NaN]",
        "[F:.5]",
        "[DT:31/12/2013 23:59:59]",
        "[DT:2013-12-31T23:59:59]",
        "[DT:12/31/2013 24:00:00]",
        "[DT:12/31/2013 23:59:59.12345678]",
        "[DT:12/31/2013 23:59:59+02:00]",
        "[D:09.11.2017]",
        "[D:02/30/2013]",
        "[B:not Base64]",
        "[T:14:52]",
        "[A:1]",
        "[TS:90]",
        "[X:1]",
    ],
)
def test_what_nothing_describes_is_refused(packed: str) -> None:
    with pytest.raises(ProtocolError, match="cannot be read") as refused:
        unpack_value(packed)
    assert refused.value.outcome is Outcome.NOT_SENT


class Wordy(float):
    """A float whose repr says more than the number, like NumPy's."""

    def __repr__(self) -> str:
        return f"np.float64({float.__repr__(self)})"


def test_a_float_of_another_library_is_a_number_too() -> None:
    assert pack_value(Wordy(0.1)) == "[F:0.1]"
    assert pack_value(Wordy(0.1), FieldMetadataType.DOUBLE) == "[F:0.1]"


@pytest.mark.parametrize(
    ("field_type", "packed", "value"),
    [
        (FieldMetadataType.TEXT, "[I:1]", "[I:1]"),
        (FieldMetadataType.TEXT, "[X:1]", "[X:1]"),
        (FieldMetadataType.TEXT, "", ""),
        (FieldMetadataType.LIST, "17", "17"),
        (FieldMetadataType.PASSWORD, "[I:1]", "[I:1]"),
        (FieldMetadataType.CHECKBOX, "[I:1]", True),
        (FieldMetadataType.CHECKBOX, "[I:0]", False),
        (FieldMetadataType.CHECKBOX, "", None),
        (FieldMetadataType.INTEGER, "[I:30]", 30),
        (FieldMetadataType.INTEGER, " ", None),
        (FieldMetadataType.DOUBLE, "[F:1.5]", Decimal("1.5")),
        (FieldMetadataType.DATE, "[DT:12/31/2013 23:59:59.0000000]", MOMENT),
        (FieldMetadataType.keep("Colour"), "[I:1]", 1),
    ],
)
def test_the_kind_of_the_field_says_what_a_value_is(field_type: FieldMetadataType, packed: str, value: Any) -> None:
    found = unpack_value(packed, field_type)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field_type", "packed"),
    [
        (FieldMetadataType.CHECKBOX, "[I:2]"),
        (FieldMetadataType.CHECKBOX, "true"),
        (FieldMetadataType.INTEGER, "30"),
        (FieldMetadataType.INTEGER, "[F:30]"),
        (FieldMetadataType.DOUBLE, "[I:1]"),
        (FieldMetadataType.DATE, "12/31/2013"),
    ],
)
def test_a_value_of_another_kind_is_refused(field_type: FieldMetadataType, packed: str) -> None:
    with pytest.raises(ProtocolError):
        unpack_value(packed, field_type)


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        (None, ""),
        ("plain", "plain"),
        ("[brackets]", "[brackets]"),
        (True, "[I:1]"),
        (False, "[I:0]"),
        (12345, "[I:12345]"),
        (12345.6789, "[F:12345.6789]"),
        (0.1, "[F:0.1]"),
        (1e16, "[F:10000000000000000]"),
        (1e-7, "[F:0.0000001]"),
        (Decimal("75000.50"), "[F:75000.50]"),
        (MOMENT, "[DT:12/31/2013 23:59:59.0000000]"),
        (datetime(1, 2, 3, 4, 5, 6, 7), "[DT:02/03/0001 04:05:06.0000070]"),
        (date(2013, 12, 31), "[DT:12/31/2013 00:00:00.0000000]"),
        (b"\x00\xff", "[B:AP8=]"),
    ],
)
def test_a_value_is_written(value: Any, packed: str) -> None:
    assert pack_value(value) == packed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2**31, "32 bits"),
        (float("nan"), "no number"),
        (float("inf"), "no number"),
        (Decimal("1E+999999"), "more digits"),
        (Decimal("1E-999999"), "more digits"),
        (datetime(2013, 12, 31, tzinfo=UTC), "no offset"),
        ("[I:1]", "another value"),
        ("[X:1]", "another value"),
        (1j, "complex"),
        ([1], "list"),
    ],
)
def test_what_has_no_notation_is_refused(value: Any, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        pack_value(value)


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        (FieldMetadataType.INTEGER, True),
        (FieldMetadataType.INTEGER, 1.0),
        (FieldMetadataType.INTEGER, "1"),
        (FieldMetadataType.DOUBLE, True),
        (FieldMetadataType.CHECKBOX, 1),
        (FieldMetadataType.TEXT, 1),
        (FieldMetadataType.LIST, 1),
        (FieldMetadataType.DATE, "12/31/2013"),
    ],
)
def test_a_value_must_suit_its_field(field_type: FieldMetadataType, value: Any) -> None:
    with pytest.raises(InvalidRequest, match=f"no value of type {field_type}"):
        pack_value(value, field_type)


def test_a_text_stays_what_it_is_where_the_field_is_one() -> None:
    assert pack_value("[I:1]", FieldMetadataType.TEXT) == "[I:1]"
    assert pack_value(5, FieldMetadataType.DOUBLE) == "[F:5]"
    assert pack_value(None, FieldMetadataType.INTEGER) == ""


VALUES = {
    FieldMetadataType.CHECKBOX: st.booleans(),
    FieldMetadataType.INTEGER: st.integers(-(2**31), 2**31 - 1),
    FieldMetadataType.DOUBLE: st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300, places=9
    ),
    FieldMetadataType.DATE: st.datetimes(),
    FieldMetadataType.TEXT: st.text(),
    FieldMetadataType.LIST: st.text(),
}


@pytest.mark.parametrize("field_type", VALUES)
@given(data=st.data())
def test_what_is_written_for_a_field_is_read_as_the_same(field_type: FieldMetadataType, data: Any) -> None:
    value = data.draw(VALUES[field_type])
    packed = pack_value(value, field_type)
    assert unpack_value(packed, field_type) == value
    assert why_malformed(field_type, packed) is None, "the installation in a box takes it"


@given(st.one_of(*VALUES.values(), st.floats(allow_nan=False, allow_infinity=False), st.binary(), st.none()))
def test_what_is_written_without_a_kind_is_read_as_the_same(value: Any) -> None:
    try:
        packed = pack_value(value)
    except InvalidRequest:
        assert isinstance(value, str)
        return
    found = unpack_value(packed)
    assert (float(found) if isinstance(value, float) else found) == ("" if value is None else value)  # type: ignore[arg-type]


@given(st.text() | st.from_regex(r"\[[A-Z]{1,2}:[ -~]{0,20}\]", fullmatch=True))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        value = unpack_value(text)
    except ProtocolError:
        return
    if not isinstance(value, str | Decimal | date):
        assert unpack_value(pack_value(value)) == value


def test_the_culture_of_the_machine_does_not_count() -> None:
    before = locale.setlocale(locale.LC_ALL)
    foreign = next((name for name in ("de_DE.UTF-8", "nb_NO.UTF-8", "German") if _has_locale(name)), None)
    if foreign is None:
        pytest.skip("this machine has no culture with another decimal point")
    locale.setlocale(locale.LC_ALL, foreign)
    try:
        assert pack_value(1234.5) == "[F:1234.5]"
        assert pack_value(MOMENT) == "[DT:12/31/2013 23:59:59.0000000]"
        assert unpack_value("[F:1234.5]") == Decimal("1234.5")
    finally:
        locale.setlocale(locale.LC_ALL, before)


def _has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_ALL, before)
    return True
