"""What the codec takes for messages beside the bare parsers and zeep, in one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import zeep
from lxml import etree

from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.models import ConfigFields, ErpConnection, SoCredentials
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.transports.soap.wsdl import bundled_contract
from superoffice_erpsync.wsdl_files import wsdl_file

from .timing import best, repeated, wall

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
FORCE_SYNC_ALL = OPERATIONS["ForceSyncAll"]

_NIL = '<TableRight i:nil="true"/><FieldProperties i:nil="true"/>'
_FILLED = (
    "<TableRight><Mask>Select Update</Mask><Reason/></TableRight><FieldProperties><FieldPropertyDictionaryKeyValuePair>"
    "<Key>name</Key><Value><FieldRight><Mask>Read Write</Mask><Reason/></FieldRight>"
    "<FieldType>System.String</FieldType><FieldLength>220</FieldLength></Value>"
    "</FieldPropertyDictionaryKeyValuePair></FieldProperties>"
)


# -- messages ----------------------------------------------------------------------------------------------------------


def soap_answer(records: int, filled_every: int = 0) -> bytes:
    """An answer of ForceSyncAll as WCF writes it.

    Args:
        records: How many records the server changed.
        filled_every: Every so manieth record has rights and properties in it, 0 for none.
    """
    items = "".join(
        f"<ChangedDataItem>{_FILLED if filled_every and number % filled_every == 0 else _NIL}"
        f"<Tablename>contact</Tablename><RecordId>{number}</RecordId></ChangedDataItem>"
        for number in range(records)
    )
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
        f'<h:Succeeded xmlns:h="{NAMESPACE}">true</h:Succeeded></s:Header><s:Body>'
        f'<ForceSyncAllResponse xmlns="{NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Response>{_NIL}'
        '<IsOk>true</IsOk><UserExplanation i:nil="true"/><TechExplanation i:nil="true"/><ErrorCode i:nil="true"/>'
        f'<Changes>{_NIL}<AddedRecords i:nil="true"/><UpdatedRecords>{items}</UpdatedRecords>'
        '<DeletedRecords i:nil="true"/></Changes></Response></ForceSyncAllResponse></s:Body></s:Envelope>'
    ).encode()


def rest_answer(records: int) -> bytes:
    """The same answer as the REST API writes it."""
    rights = {"TableRight": None, "FieldProperties": None}
    changed = [{**rights, "Tablename": "contact", "RecordId": number} for number in range(records)]
    changes = {**rights, "AddedRecords": None, "UpdatedRecords": changed, "DeletedRecords": None}
    return json.dumps({**rights, "IsOk": True, "Changes": changes, "Status": "Ok"}, separators=(",", ":")).encode()


# -- both sides --------------------------------------------------------------------------------------------------------


@cache
def codec() -> SoapCodec:
    """The codec as the SOAP transport makes it."""
    contract = bundled_contract("ErpSync", "Services86")
    return SoapCodec(contract.namespace, contract.members)


@cache
def zeep_client() -> Any:
    """Raw zeep on the same WSDL."""
    return zeep.Client(str(wsdl_file("ErpSync", "Services86")))


def zeep_parse(data: bytes) -> Any:
    """What raw zeep does with the bytes of an answer."""
    operation = zeep_client().service._binding._operations["ForceSyncAll"]
    return operation.process_reply(etree.fromstring(data))


def zeep_message(operation: str, *arguments: Any) -> Any:
    """What raw zeep does before it sends."""
    client = zeep_client()
    headers = {"Credentials": {"Ticket": "7T:x"}}
    return client.create_message(client.service, operation, *arguments, _soapheaders=headers)


def message(operation: str, arguments: dict[str, Any]) -> bytes:
    """What the SOAP transport does before it sends."""
    body = codec().body(OPERATIONS[operation], arguments)
    return codec().envelope(body, [("Credentials", SoCredentials(ticket="7T:x"))])


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], times: int) -> float:
    """Our best time for each unit of their best time; one run before does not count."""
    ours()
    theirs()
    mine, its = best(wall(ours), wall(theirs), times)
    return mine / its


# -- rows --------------------------------------------------------------------------------------------------------------


def against_bare_parse(records: int, times: int) -> float:
    """Bytes to dataclasses against lxml's tree of the same bytes."""
    data = soap_answer(records)
    return ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: etree.fromstring(data), times)


def against_zeep(records: int, times: int) -> float:
    """The same against zeep's own parse."""
    data = soap_answer(records)
    return ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: zeep_parse(data), times)


def against_zeep_with_properties(records: int, times: int) -> float:
    """With every third record carrying rights and properties."""
    data = soap_answer(records, filled_every=3)
    return ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: zeep_parse(data), times)


def resync_against_zeep(times: int) -> float:
    """A request of 1,000 ids against zeep's create_message."""
    ids = list(range(1000))
    return ratio(
        repeated(lambda: message("ForceResync", {"erp_connection_id": 1, "internal_key_ids": ids}), 20),
        repeated(lambda: zeep_message("ForceResync", 1, {"int": ids}), 20),
        times,
    )


def saving_against_zeep(times: int) -> float:
    """With a full connection to save."""
    fields = {f"Key{number}": f"value <{number}>" for number in range(12)}
    texts = {"display_name": "Blåbær & Sønner", "display_description": "all", "connection_id": "c0ffee"}
    connection = ErpConnection(
        erp_connection_id=1,
        erp_connector_id=2,
        **texts,
        active=True,
        most_recent_timestamp="2026-03-01T08:00:00",
        config_fields=ConfigFields(fields),
        user_group_access_ids=[1, 2, 3],
        associate_access_ids=[4, 5, 6],
    )
    plain = {
        "ErpConnectionId": 1,
        "ErpConnectorId": 2,
        "DisplayName": texts["display_name"],
        "DisplayDescription": texts["display_description"],
        "Active": True,
        "ConnectionId": texts["connection_id"],
        "MostRecentTimestamp": "2026-03-01T08:00:00",
        "ConfigFields": {"StringKeyValuePair": [{"Key": key, "Value": value} for key, value in fields.items()]},
        "Deleted": False,
        "AllAccess": False,
        "UserGroupAccessIds": {"int": [1, 2, 3]},
        "AssociateAccessIds": {"int": [4, 5, 6]},
    }
    return ratio(
        repeated(lambda: message("SaveConnection", {"connection": connection}), 100),
        repeated(lambda: zeep_message("SaveConnection", plain), 100),
        times,
    )


def against_json_loads(records: int, times: int) -> float:
    """REST's answer against json.loads."""
    data = rest_answer(records)
    return ratio(lambda: answers.answer(FORCE_SYNC_ALL, data, status=200), lambda: json.loads(data), times)


def growth(small: int, large: int, times: int) -> float:
    """Time for each record in a long answer against that in a short one."""
    short, long = soap_answer(small), soap_answer(large)
    # As many short ones as last about as long as what else the machine does may take away at once.
    rounds = 100
    figure = ratio(
        lambda: codec().answer(FORCE_SYNC_ALL, long),
        repeated(lambda: codec().answer(FORCE_SYNC_ALL, short), rounds),
        times,
    )
    return figure * small * rounds / large
