"""What may be sent: a value of the wrong kind is refused with its path, and one that is as good is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from strategies.messages import request
from superoffice_erpsync import models
from superoffice_erpsync.codec.shapes import Kind, Scalar, shape_of
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models import (
    CrmActorType,
    ErpActorType,
    ErpConnection,
    ErpSyncConnectorEntity,
    ErpSyncFieldValue,
    FieldProperty,
    MDOListItem,
    TableRight,
)
from superoffice_erpsync.operations import OPERATIONS, Argument, Nature, Operation

CODEC = SoapCodec("http://www.superoffice.net/ws/crm/NetServer/Services86", {})


def written(value: Any, annotation: Any = ErpConnection) -> str:
    operation = Operation[None](
        wire="SaveIt", arguments=(Argument("It", annotation),), result=None, nature=Nature.WRITE
    )
    return request(CODEC, operation, {"it": value}, []).decode()


ILLEGAL = ["\0", "\x0b", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"]
PLACES: list[tuple[str, Callable[[str], Any]]] = [
    ("it.display_name", lambda text: ErpConnection(display_name=text)),
    ("it.config_fields['Server']", lambda text: ErpConnection(config_fields={"Server": text})),
    ("it.table_right.reason", lambda text: ErpConnection(table_right=TableRight(reason=text))),
    (
        "it.field_properties['a'].field_type",
        lambda text: ErpConnection(field_properties={"a": FieldProperty(field_type=text)}),
    ),
]


@pytest.mark.parametrize("character", ILLEGAL, ids=lambda one: f"U+{ord(one):04X}")
@pytest.mark.parametrize(("path", "make"), PLACES, ids=[path for path, _ in PLACES])
def test_a_character_that_xml_cannot_carry_is_refused_without_the_text(
    path: str, make: Callable[[str], Any], character: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        written(make(f"hunter2{character}"))
    assert str(caught.value).startswith(f"SaveIt: {path}: has the character U+{ord(character):04X} at position 7")
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    assert caught.value.operation == "SaveIt"
    str(caught.value).encode()


@pytest.mark.parametrize("character", ILLEGAL, ids=lambda one: f"U+{ord(one):04X}")
def test_a_key_that_xml_cannot_carry_is_refused(character: str) -> None:
    with pytest.raises(InvalidRequest, match=r"it\.config_fields\['a") as caught:
        written(ErpConnection(config_fields={f"a{character}": "hunter2"}))
    assert "hunter2" not in str(caught.value)
    str(caught.value).encode()


class Whole:
    """A whole number of another library."""

    def __index__(self) -> int:
        return 7


WRONG: list[tuple[Any, Any, str]] = [
    (ErpConnection, ErpConnection(erp_connection_id=2**31), "it.erp_connection_id: 2147483648 is outside the 32 bits"),
    (ErpConnection, ErpConnection(erp_connection_id=-(2**31) - 1), "it.erp_connection_id: -2147483649 is outside"),
    (ErpConnection, ErpConnection(erp_connection_id=True), "it.erp_connection_id: must be an integer, not bool"),
    (ErpConnection, ErpConnection(erp_connection_id="1"), "it.erp_connection_id: must be an integer, not str"),
    (ErpConnection, ErpConnection(erp_connection_id=1.0), "it.erp_connection_id: must be an integer, not float"),
    (ErpConnection, ErpConnection(erp_connection_id=None), "it.erp_connection_id: None where a value is due"),
    (ErpConnection, ErpConnection(active=1), "it.active: must be True or False, not int"),
    (ErpConnection, ErpConnection(active=None), "it.active: None where a value is due"),
    (ErpConnection, ErpConnection(display_name=b"x"), "it.display_name: must be a text, not bytes"),
    (ErpConnection, ErpConnection(display_name=3), "it.display_name: must be a text, not int"),
    (ErpConnection, ErpConnection(user_group_access_ids="12"), "it.user_group_access_ids: must be a list, not str"),
    (ErpConnection, ErpConnection(user_group_access_ids={1: 2}), "it.user_group_access_ids: must be a list, not dict"),
    (ErpConnection, ErpConnection(user_group_access_ids=7), "it.user_group_access_ids: must be a list, not int"),
    (ErpConnection, ErpConnection(user_group_access_ids=[1, None]), "it.user_group_access_ids[1]: None where"),
    (ErpConnection, ErpConnection(user_group_access_ids=[1, "2"]), "it.user_group_access_ids[1]: must be an integer"),
    (ErpConnection, ErpConnection(config_fields=[("a", "b")]), "it.config_fields: must be a dictionary, not list"),
    (ErpConnection, ErpConnection(config_fields={"a": 1}), "it.config_fields['a']: must be a text, not int"),
    (ErpConnection, ErpConnection(config_fields={1: "a"}), "it.config_fields[1]: must be a text, not int"),
    (ErpConnection, ErpConnection(table_right={"Mask": ""}), "it.table_right: must be of class TableRight, not dict"),
    (ErpConnection, {"erp_connection_id": 1}, "it: must be of class ErpConnection, not dict"),
    (ErpConnection, ErpSyncConnectorEntity(), "it: must be of class ErpConnection, not ErpSyncConnectorEntity"),
    (ErpConnection, models.Carrier(), "it: must be of class ErpConnection, not Carrier"),
    (ErpConnection, None, "it: None where a value is due"),
    (ErpConnection, ErpConnection, "it: must be of class ErpConnection, not type"),
    (ErpActorType, "customer", "it: 'customer' is not one of Unknown, Customer"),
    (ErpActorType, CrmActorType.CONTACT, "it: "),
    (ErpActorType, 1, "it: must be a member of ErpActorType, not int"),
    (timedelta, 900, "it: must be a timedelta, not int"),
    (timedelta, "00:15:00", "it: must be a timedelta, not str"),
    (datetime | None, "2026-01-31", "it: must be a datetime, not str"),
    (datetime | None, datetime(2026, 1, 31).date(), "it: must be a datetime, not date"),
    (bytes | None, "x", "it: must be bytes, not str"),
    (TableRight, TableRight(mask="Select"), "it.mask: must be a set of names, not str"),
    (TableRight, TableRight(mask=b"Select"), "it.mask: must be a set of names, not bytes"),
    (TableRight, TableRight(mask=3), "it.mask: must be a set of names, not int"),
    (TableRight, TableRight(mask={1}), "it.mask: must be the name of a right, not int"),
    (TableRight, TableRight(mask={None}), "it.mask: must be the name of a right, not NoneType"),
    (TableRight, TableRight(mask={"Select Update"}), "it.mask: 'Select Update' is not a name of a right"),
    (TableRight, TableRight(mask={"Select,"}), "it.mask: 'Select,' is not a name of a right"),
    (TableRight, TableRight(mask={""}), "it.mask: '' is not a name of a right"),
    (TableRight, TableRight(mask={"a\0"}), "it.mask: has the character U+0000"),
    (TableRight, TableRight(mask=None), "it.mask: None where a value is due"),
    (list[ErpSyncFieldValue | None], [ErpSyncFieldValue(), {}], "it[1]: must be of class ErpSyncFieldValue, not dict"),
    (list[ErpActorType], [ErpActorType.SALE, "sale"], "it[1]: 'sale' is not one of"),
]


@pytest.mark.parametrize(("annotation", "value", "message"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_of_the_wrong_kind_is_refused_with_its_path(annotation: Any, value: Any, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        written(value, annotation)
    assert str(caught.value).startswith(f"SaveIt: {message}")


def test_a_list_that_holds_itself_is_refused() -> None:
    item = MDOListItem(name="hunter2")
    item.child_items = [item]
    with pytest.raises(InvalidRequest, match="nested too deep") as caught:
        written(item, MDOListItem)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("annotation", "value", "content"),
    [
        (int, Whole(), "7"),
        (ErpActorType, "Sale", "Sale"),
        (ErpActorType, ErpActorType.keep("Lead & Co"), "Lead &amp; Co"),
        (list[int], range(2), "<a:int>0</a:int><a:int>1</a:int>"),
        (list[str | None], (one for one in ("a", None)), '<a:string>a</a:string><a:string i:nil="true"/>'),
        (TableRight, TableRight(mask=["Update", "Select"]), "<n:Mask>Select Update</n:Mask>"),
        (datetime | None, None, "0001-01-01T00:00:00"),
        (str, "a\r\n<b>]]>&", "a&#13;\n&lt;b&gt;]]&gt;&amp;"),
    ],
    ids=["index", "name", "unknown", "range", "generator", "list", "no date", "text"],
)
def test_what_is_as_good_is_written(annotation: Any, value: Any, content: str) -> None:
    assert f"<n:It>{content}</n:It>" in written(value, annotation)


@pytest.mark.parametrize(
    ("header", "value", "message"),
    [
        ("ApplicationToken", 3, "ApplicationToken: must be a text, not int"),
        ("ApplicationToken", "hunter2\0", "ApplicationToken: has the character U+0000"),
        ("Credentials", models.SoCredentials(ticket="hunter2\ufffe"), "Credentials.ticket: has the character U+FFFE"),
        ("TimeZone", models.SoTimeZone(so_time_zone_id=2**40), "TimeZone.so_time_zone_id: 1099511627776 is outside"),
    ],
)
def test_headers_are_checked_as_arguments_are(header: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        request(CODEC, OPERATIONS["SyncAll"], {}, [(header, value)])
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_every_kind_of_single_value_was_tried() -> None:
    tried = {shape_of(annotation) for annotation, _, _ in WRONG}
    assert {kind for kind in Kind if Scalar(kind) in tried} == set(Kind) - {Kind.STRING, Kind.INT, Kind.BOOLEAN}
