"""What is written as JSON is read again as the same, and as the same as over SOAP."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from strategies.carriers import EVERYTHING, OF_JSON, instances, of_type
from strategies.messages import request
from superoffice_erpsync import models
from superoffice_erpsync.codec.rest import answers, arguments_from_json, to_json
from superoffice_erpsync.codec.rest.requests import request_arguments
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.codec.soap.names import CRYPTOGRAPHY
from superoffice_erpsync.operations import OPERATIONS, Argument, Nature, Operation

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services88"
CODEC = SoapCodec(NAMESPACE, {})
CARRIERS = [cls for name in models.__all__ if is_dataclass(cls := getattr(models, name))]
REST = [operation for operation in OPERATIONS.values() if operation.service == "ErpSync"]
KEY_NAMES = {f"{{{NAMESPACE}}}{name}" for name in ("Counter", "G", "J", "P", "Q", "Seed", "Y")}

each_carrier = pytest.mark.parametrize("cls", CARRIERS, ids=lambda cls: cls.__name__)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def echo(annotation: Any) -> Operation[Any]:
    """An operation that takes one value of a type and answers with it."""
    return Operation[Any](
        wire="SaveEcho", arguments=(Argument("Response", annotation),), result=annotation, nature=Nature.WRITE
    )


def over_json(annotation: Any, value: Any, encoding: str = "utf-8", *, ascii_only: bool = False) -> Any:
    """A value after its way out as the body of a request, and back as an answer."""
    operation = echo(annotation)
    written = request_arguments(operation, {"response": value})["Response"]
    body = json.dumps(written, ensure_ascii=ascii_only, allow_nan=False).encode(encoding)
    return answers.answer(operation, body, status=200)


def over_soap(annotation: Any, value: Any) -> Any:
    operation = echo(annotation)
    message = etree.fromstring(request(CODEC, operation, {"response": value}, []))
    element = message.find(f"{{*}}Body/{{{NAMESPACE}}}SaveEcho")
    assert element is not None
    element.tag = f"{{{NAMESPACE}}}SaveEchoResponse"
    for part in element.iter(*KEY_NAMES):
        # Keys have a namespace of their own, in answers: requests hold none.
        part.tag = f"{{{CRYPTOGRAPHY}}}{etree.QName(part).localname}"
    return CODEC.answer(operation, etree.tostring(message, encoding="utf-8"))


@each_carrier
@few
@given(data=st.data())
def test_every_carrier_comes_back_from_json_as_it_went(cls: type[Any], data: Any) -> None:
    value = data.draw(instances(cls, EVERYTHING))
    found = over_json(cls, value)
    assert found == value
    assert type(found) is cls


@each_carrier
@few
@given(data=st.data())
def test_every_carrier_is_the_same_over_both_wires(cls: type[Any], data: Any) -> None:
    value = data.draw(instances(cls, EVERYTHING))
    found = over_json(cls, value, ascii_only=True)
    assert found == over_soap(cls, value)
    assert to_json(found) == to_json(over_soap(cls, value))


@pytest.mark.parametrize("operation", REST, ids=lambda operation: operation.wire)
@few
@given(data=st.data())
def test_arguments_come_back_as_they_went(operation: Operation[Any], data: Any) -> None:
    arguments = {one.name: data.draw(of_type(one.type, OF_JSON)) for one in operation.arguments}
    written = json.loads(json.dumps(request_arguments(operation, arguments)))
    assert list(written) == [one.wire for one in operation.arguments]
    assert arguments_from_json(operation, written) == arguments


@pytest.mark.parametrize(
    "operation", [one for one in REST if one.result is not None], ids=lambda operation: operation.wire
)
@few
@given(data=st.data())
def test_results_come_back_as_they_went_whatever_their_type(operation: Operation[Any], data: Any) -> None:
    value = data.draw(of_type(operation.result, EVERYTHING))
    found = over_json(operation.result, value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@few
@given(data=st.data())
def test_every_encoding_that_json_had_is_read(encoding: str, data: Any) -> None:
    value = data.draw(instances(models.ErpConnection, EVERYTHING))
    assert over_json(models.ErpConnection, value, encoding) == value


@few
@given(data=st.data())
def test_to_json_is_what_would_be_sent(data: Any) -> None:
    value = data.draw(instances(models.ErpSyncActorTypeMapping, EVERYTHING))
    sent = request_arguments(OPERATIONS["SaveActorTypeMapping"], {"mapping": value})
    assert to_json(value) == sent["Mapping"]


def test_configuration_stays_masked_on_its_way() -> None:
    found = over_json(models.ErpConnection, models.ErpConnection(config_fields={"Password": "sesame"}))
    assert type(found.config_fields) is models.ConfigFields
    assert "sesame" not in repr(found)
    (kind,) = [one for one in get_args(OPERATIONS["GetErpConnectionConfigFields"].result) if one is not type(None)]
    assert "sesame" not in repr(over_json(kind, kind(Password="sesame")))
