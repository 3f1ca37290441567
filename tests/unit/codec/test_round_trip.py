"""What is written is read again as the same: by this codec, as JSON, and by readers that share no line with it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
import zeep
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from strategies.carriers import EVERYTHING, OF_JSON, OF_SERVICES86, instances, of_type, texts
from strategies.messages import request
from superoffice_erpsync import models
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.rest import arguments_from_json, read, to_json
from superoffice_erpsync.codec.shapes import Mask, Model, wire_name
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.names import CRYPTOGRAPHY
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models import (
    CrmActorType,
    ErpActorType,
    ErpConnection,
    ErpSyncActorTypeMapping,
    ErpSyncFieldMapping,
    ErpSyncFieldValue,
    FieldProperty,
    PluginResponse,
    TableRight,
)
from superoffice_erpsync.operations import OPERATIONS, Argument, Nature, Operation
from superoffice_erpsync.sandbox.soap.contract import load_contract
from superoffice_erpsync.sandbox.soap.envelope import parse_envelope, read_request
from superoffice_erpsync.wsdl_files import wsdl_file

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
CODEC = SoapCodec(NAMESPACE, {})
CARRIERS = [cls for name in models.__all__ if is_dataclass(cls := getattr(models, name))]
SAVES = [operation for wire, operation in OPERATIONS.items() if wire.startswith("Save") and "Prior" not in wire]
SENT = [one for one in OPERATIONS.values() if one.arguments and one.service == "ErpSync"]

each_carrier = pytest.mark.parametrize("cls", CARRIERS, ids=lambda cls: cls.__name__)
each_save = pytest.mark.parametrize("operation", SAVES, ids=lambda operation: operation.wire)
few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def echo(annotation: Any) -> Operation[Any]:
    """An operation that takes one value of a type and answers with it, as the Save… operations do."""
    return Operation[Any](
        wire="SaveEcho", arguments=(Argument("Response", annotation),), result=annotation, nature=Nature.WRITE
    )


def answered(operation: Operation[Any], value: Any, codec: SoapCodec = CODEC) -> Any:
    """A value after its way out and back: what the request holds, sent back as the answer."""
    (argument,) = operation.arguments
    message = etree.fromstring(request(codec, operation, {argument.name: value}, []))
    element = message.find(f"{{*}}Body/{{{NAMESPACE}}}{operation.wire}")
    assert element is not None
    element.tag = f"{{{NAMESPACE}}}{operation.response_element}"
    for member in element:
        member.tag = f"{{{NAMESPACE}}}{operation.result_member}"
    for part in element.iter(*(f"{{{NAMESPACE}}}{member.wire}" for member in Model(models.DSAParameters).members)):
        # No request holds a key, so the codec does not write its namespace; answers have it.
        part.tag = f"{{{CRYPTOGRAPHY}}}{etree.QName(part).localname}"
    return codec.answer(operation, etree.tostring(message, encoding="utf-8"))


# -- out and back over SOAP -------------------------------------------------------------------------------------------


def test_there_are_carriers_and_operations_to_try() -> None:
    assert len(CARRIERS) > 30
    assert {one.wire for one in SAVES} == {
        "SaveErpSyncConnectorEntity",
        "SaveConnection",
        "SaveActorTypeMapping",
        "SaveConnectionListMappings",
        "SaveDefaultValueInfo",
    }


@each_carrier
@few
@given(data=st.data())
def test_every_carrier_comes_back_from_soap_as_it_went(cls: type[Any], data: Any) -> None:
    value = data.draw(instances(cls, EVERYTHING))
    found = answered(echo(cls), value)
    assert found == value
    assert type(found) is cls


@each_save
@few
@given(data=st.data())
def test_what_is_saved_comes_back_as_it_went(operation: Operation[Any], data: Any) -> None:
    value = data.draw(instances(operation.arguments[0].type, EVERYTHING))
    assert answered(operation, value) == value


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (list[str | None] | None, ["", None, " x ", "]]>", "\r\n", "\t"]),
        (list[str | None] | None, []),
        (list[str | None] | None, None),
        (list[int] | None, [0, -(2**31), 2**31 - 1]),
        (list[ErpActorType] | None, [ErpActorType.SALE, ErpActorType.keep("Lead")]),
        (dict[str, str | None] | None, {"": None, "a": "", " b ": "\r"}),
        (dict[str, str | None] | None, {}),
        (models.ConfigFields | None, models.ConfigFields(Password="x")),
        (dict[str, FieldProperty | None] | None, {"a": None, "b": FieldProperty(field_length=3)}),
        (list[ErpSyncFieldValue | None] | None, [None, ErpSyncFieldValue(), None]),
        (datetime | None, datetime(2026, 1, 31, 18, 0, 0, 123456)),
        (timedelta, timedelta(days=-3, microseconds=7)),
        (frozenset[models.ETableRight | str], frozenset()),
        (CrmActorType, CrmActorType.keep("Lead 2.0")),
        (bytes | None, b""),
        (str | None, ""),
        (str | None, None),
    ],
)
def test_every_kind_of_value_comes_back_as_it_went(annotation: Any, value: Any) -> None:
    found = answered(echo(annotation), value)
    assert found == value
    assert type(found) is type(value)


def test_nil_empty_and_absent_stay_three_things_where_they_can() -> None:
    one = ErpConnection(config_fields={}, user_group_access_ids=[], display_name="")
    found = answered(OPERATIONS["SaveConnection"], one)
    assert (found.config_fields, found.user_group_access_ids, found.display_name) == ({}, [], "")
    assert (found.associate_access_ids, found.display_description) == (None, None)


def test_rights_come_back_under_their_first_names() -> None:
    one = ErpConnection(table_right=TableRight(mask=frozenset({"FULL", "F", "Brandnew"})))
    found = answered(OPERATIONS["SaveConnection"], one)
    assert found.table_right.mask == {"Select", "Update", "Insert", "Delete", "Filtering", "Brandnew"}


def test_members_that_an_older_installation_lacks_are_not_sent_to_it() -> None:
    known = frozenset(wire_name(field.name) for field in fields(ErpSyncFieldMapping)) - {"ListReference"}
    older = SoapCodec(NAMESPACE, {"ErpSyncFieldMapping": known})
    one = ErpSyncActorTypeMapping(field_mappings=[ErpSyncFieldMapping(erp_field_id=3, list_reference="country")])
    found = answered(OPERATIONS["SaveActorTypeMapping"], one, older)
    assert found.field_mappings == [ErpSyncFieldMapping(erp_field_id=3)]
    assert answered(OPERATIONS["SaveActorTypeMapping"], one) == one


# -- out and back as JSON ---------------------------------------------------------------------------------------------


@each_carrier
def test_json_has_the_names_of_the_wire_in_their_order(cls: type[Any]) -> None:
    required = {"is_ok": True} if cls is PluginResponse else {}
    required |= {"authentication_succeeded": True} if cls is models.AuthenticateResponse else {}
    assert list(to_json(cls(**required))) == [wire_name(field.name) for field in fields(cls) if field.init]


@few
@given(data=st.data())
@pytest.mark.parametrize("operation", SENT, ids=lambda operation: operation.wire)
def test_arguments_in_json_are_those_in_python(operation: Operation[Any], data: Any) -> None:
    arguments = {one.name: data.draw(of_type(one.type, OF_JSON, depth=2)) for one in operation.arguments}
    written = {one.wire: to_json(arguments[one.name]) for one in operation.arguments if arguments[one.name] is not None}
    assert arguments_from_json(operation, json.loads(json.dumps(written))) == arguments


def test_a_name_that_is_not_known_is_refused_in_json() -> None:
    value = to_json(ErpSyncActorTypeMapping(actor_type_erp=ErpActorType.keep("Lead")))
    assert value["ActorTypeErp"] == "Lead"
    with pytest.raises(Unreadable, match="'Lead' is not one of Unknown, Customer") as caught:
        read(Model(ErpSyncActorTypeMapping), value)
    assert caught.value.path == "ActorTypeErp"


@pytest.mark.parametrize(
    ("given_", "fragment"),
    [
        ([], "must be a JSON object, not an array"),
        ({"Mapping": {}, "mapping": {}}, "unknown argument 'mapping'"),
        ({"Mapping": {}, 1: {}, "Other": {}}, "unknown argument 1"),
        ({"Mapping": {1: {}, "Other": {}}}, "Mapping: 1 is no member of ErpSyncActorTypeMapping"),
        ({}, "argument Mapping is missing"),
        ({"Mapping": []}, "Mapping: must be an object, not an array"),
        ({"Mapping": {"isActive": True}}, "Mapping: 'isActive' is no member of ErpSyncActorTypeMapping"),
        ({"Mapping": {"IsActive": 1}}, "Mapping/IsActive: must be true or false, not a number"),
        ({"Mapping": {"IsActive": None}}, "Mapping/IsActive: null where a value is due"),
        ({"Mapping": {"ErpConnectionId": True}}, "Mapping/ErpConnectionId: must be a whole number"),
        ({"Mapping": {"ErpConnectionId": 2**31}}, "outside the 32 bits"),
        ({"Mapping": {"ErpConnectionId": 1.0}}, "must be a whole number, not a number"),
        ({"Mapping": {"FieldMappings": "x"}}, "Mapping/FieldMappings: must be an array, not a text"),
        ({"Mapping": {"FieldMappings": [{}, {"Access": 3}]}}, "Mapping/FieldMappings/[1]/Access: must be a name"),
        ({"Mapping": {"TableRight": {"Mask": ["Select"]}}}, "Mapping/TableRight/Mask: must be names joined by commas"),
        ({"Mapping": {"FieldProperties": {"a": {"FieldLength": "1"}}}}, "FieldProperties/'a'/FieldLength"),
    ],
)
def test_json_that_means_nothing_is_refused_with_its_path(given_: Any, fragment: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        arguments_from_json(OPERATIONS["SaveActorTypeMapping"], given_)
    assert fragment in str(caught.value)
    assert caught.value.operation == "SaveActorTypeMapping"


def test_a_member_without_a_default_is_missed_in_json() -> None:
    with pytest.raises(Unreadable, match="IsOk is missing"):
        read(Model(PluginResponse), {"ErrorCode": "x"})


# -- foreign eyes: zeep -----------------------------------------------------------------------------------------------


@cache
def zeep_client() -> zeep.Client:
    return zeep.Client(str(wsdl_file("ErpSync", "Services86")))


def as_zeep_reads(message: bytes, operation: str) -> Any:
    ((port,),) = ([*one.ports.values()] for one in zeep_client().wsdl.services.values())
    content = etree.fromstring(message).find("{*}Body")[0]
    return port.binding.get(operation).input.body.parse(content, zeep_client().wsdl.types)


def check_against_zeep(ours: Any, theirs: Any, where: str) -> None:
    """Compare a value of ours with what zeep made of it.

    zeep takes empty elements for none, be they texts, arrays or carriers; and nil items for carriers without content.
    """
    if not ours and not isinstance(ours, bool | int | timedelta):
        assert not theirs or (where.endswith("]") and not any(theirs.__values__.values())), where
    elif is_dataclass(ours) and theirs is None:
        assert [field.name for field in fields(ours) if getattr(ours, field.name) is not None] == [], where
    elif is_dataclass(ours):
        for field in fields(ours):
            check_against_zeep(
                getattr(ours, field.name), theirs[wire_name(field.name)], f"{where}.{wire_name(field.name)}"
            )
    elif isinstance(ours, frozenset):
        assert sorted(theirs) == sorted(str(name) for name in ours), where
    elif isinstance(ours, dict):
        (pairs,) = theirs.__values__.values()
        assert [pair["Key"] or "" for pair in pairs] == list(ours), where
        for pair, one in zip(pairs, ours.values(), strict=True):
            check_against_zeep(one, pair["Value"], f"{where}[{pair['Key']!r}]")
    elif isinstance(ours, list):
        (items,) = theirs.__values__.values()
        assert len(items) == len(ours), where
        for place, (one, item) in enumerate(zip(ours, items, strict=True)):
            check_against_zeep(one, item, f"{where}[{place}]")
    else:
        assert theirs == ours, where


@each_save
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_zeep_reads_what_was_written(operation: Operation[Any], data: Any) -> None:
    (argument,) = operation.arguments
    value = data.draw(instances(argument.type, OF_SERVICES86))
    message = request(CODEC, operation, {argument.name: value}, [])
    check_against_zeep(value, as_zeep_reads(message, operation.wire)[argument.wire], argument.wire)


# -- foreign eyes: the sandbox ----------------------------------------------------------------------------------------


def as_the_sandbox_says_it(value: Any) -> Any:
    """A value of ours in the terms of the sandbox's reader: dictionaries by wire name, and lists."""
    if is_dataclass(value):
        return {
            member.wire: sorted(getattr(value, member.name))
            if isinstance(member.shape, Mask)
            else as_the_sandbox_says_it(getattr(value, member.name))
            for member in Model(type(value)).members
        }
    if isinstance(value, list):
        return [as_the_sandbox_says_it(one) for one in value]
    if isinstance(value, dict):
        return {key: as_the_sandbox_says_it(one) for key, one in value.items()}
    return value


def sorted_masks(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: sorted(one) if key == "Mask" and isinstance(one, list) else sorted_masks(one)
            for key, one in value.items()
        }
    return [sorted_masks(one) for one in value] if isinstance(value, list) else value


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.parametrize("operation", SENT, ids=lambda operation: operation.wire)
def test_the_sandbox_reads_what_was_written(operation: Operation[Any], data: Any) -> None:
    services = "Services86" if operation.since <= 86 else f"Services{operation.since}"
    contract = load_contract("ErpSync", services).operations[operation.wire]
    codec = SoapCodec(NAMESPACE.replace("Services86", services), {})
    arguments = {one.name: data.draw(of_type(one.type, OF_SERVICES86)) for one in operation.arguments}
    ticket = data.draw(st.none() | texts().map(lambda text: models.SoCredentials(ticket=text)))
    zone = data.draw(st.none() | instances(models.SoTimeZone))
    headers = [("ApplicationToken", data.draw(st.none() | texts())), ("Credentials", ticket), ("TimeZone", zone)]
    message = read_request(parse_envelope(request(codec, operation, arguments, headers)), contract)
    wanted = {one.wire: as_the_sandbox_says_it(arguments[one.name]) for one in operation.arguments}
    assert sorted_masks(message.arguments) == sorted_masks(wanted)
    assert message.headers == {name: as_the_sandbox_says_it(value) for name, value in headers if value is not None}
