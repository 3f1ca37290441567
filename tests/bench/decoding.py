"""How long the codec takes for what the bare parsers and raw zeep take, as ratios measured side by side.

`python tests/bench/decoding.py` prints one line a row. A machine that does other things as well makes single runs
slower, never faster: of each side the best of some runs counts, and the two sides take turns.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
FORCE_SYNC_ALL = OPERATIONS["ForceSyncAll"]
RECORDS = 100_000

_NIL = '<TableRight i:nil="true"/><FieldProperties i:nil="true"/>'
_FILLED = (
    "<TableRight><Mask>Select Update</Mask><Reason/></TableRight><FieldProperties><FieldPropertyDictionaryKeyValuePair>"
    "<Key>name</Key><Value><FieldRight><Mask>Read Write</Mask><Reason/></FieldRight>"
    "<FieldType>System.String</FieldType><FieldLength>220</FieldLength></Value>"
    "</FieldPropertyDictionaryKeyValuePair></FieldProperties>"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        number: Of the row.
        name: What is measured against what.
        bar: The ratio that must not be passed.
        aim: The ratio that is wished for.
        figure: The ratio that was measured.
    """

    number: str
    name: str
    bar: float
    aim: float
    figure: float


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


def seconds(do: Callable[[], Any]) -> float:
    """How long it takes once, with nothing left over from before."""
    gc.collect()
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], times: int) -> float:
    """Our best time for each unit of their best time; one run before does not count."""
    ours()
    theirs()
    turns = [(seconds(ours), seconds(theirs)) for _ in range(times)]
    return min(one for one, _ in turns) / min(other for _, other in turns)


def repeat(do: Callable[[], Any], times: int) -> Callable[[], None]:
    """Something short made long enough for the clock."""

    def repeated() -> None:
        for _ in range(times):
            do()

    return repeated


# -- rows --------------------------------------------------------------------------------------------------------------


def against_bare_parse(records: int = RECORDS, times: int = 7) -> Row:
    """Row 1: bytes to dataclasses against lxml's tree of the same bytes."""
    data = soap_answer(records)
    figure = ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: etree.fromstring(data), times)
    return Row("1", "SOAP answer of 100,000 records / lxml.etree.fromstring", 3.0, 1.8, figure)


def against_zeep(records: int = RECORDS, times: int = 3) -> Row:
    """Row 2: the same against zeep's own parse."""
    data = soap_answer(records)
    figure = ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: zeep_parse(data), times)
    return Row("2", "SOAP answer of 100,000 records / raw zeep", 1 / 10, 1 / 16, figure)


def against_zeep_with_properties(records: int = RECORDS, times: int = 3) -> Row:
    """Row 2, with every third record carrying rights and properties."""
    data = soap_answer(records, filled_every=3)
    figure = ratio(lambda: codec().answer(FORCE_SYNC_ALL, data), lambda: zeep_parse(data), times)
    return Row("2b", "the same, every third record filled / raw zeep", 1 / 8, 1 / 12, figure)


def resync_against_zeep(times: int = 7) -> Row:
    """Row 4: a request of 1,000 ids against zeep's create_message."""
    ids = list(range(1000))
    figure = ratio(
        repeat(lambda: message("ForceResync", {"erp_connection_id": 1, "internal_key_ids": ids}), 20),
        repeat(lambda: zeep_message("ForceResync", 1, {"int": ids}), 20),
        times,
    )
    return Row("4", "ForceResync of 1,000 ids / zeep's create_message", 0.35, 0.2, figure)


def saving_against_zeep(times: int = 7) -> Row:
    """Row 4, with a full connection to save."""
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
    figure = ratio(
        repeat(lambda: message("SaveConnection", {"connection": connection}), 100),
        repeat(lambda: zeep_message("SaveConnection", plain), 100),
        times,
    )
    return Row("4b", "SaveConnection of a full connection / zeep's create_message", 0.35, 0.2, figure)


def against_json_loads(records: int = RECORDS, times: int = 7) -> Row:
    """Row 5: REST's answer against json.loads."""
    data = rest_answer(records)
    figure = ratio(lambda: answers.answer(FORCE_SYNC_ALL, data, status=200), lambda: json.loads(data), times)
    return Row("5", "REST answer of 100,000 records / json.loads", 2.5, 1.8, figure)


def growth(small: int = 1_000, large: int = 1_000_000, times: int = 3) -> Row:
    """Row 6: time for each record in a long answer against that in a short one."""
    short, long = soap_answer(small), soap_answer(large)
    # As many short ones as last about as long as what else the machine does may take away at once.
    rounds = 100
    figure = ratio(
        lambda: codec().answer(FORCE_SYNC_ALL, long),
        repeat(lambda: codec().answer(FORCE_SYNC_ALL, short), rounds),
        times,
    )
    return Row("6", "a record among 1,000,000 / a record among 1,000", 1.25, 1.1, figure * small * rounds / large)


ROWS: tuple[Callable[[], Row], ...] = (
    against_bare_parse,
    against_zeep,
    against_zeep_with_properties,
    resync_against_zeep,
    saving_against_zeep,
    against_json_loads,
    growth,
)


def rows() -> Iterator[Row]:
    """All rows, each measured when it is asked for."""
    for measure in ROWS:
        yield measure()


if __name__ == "__main__":
    sys.stdout.write(f"{'row':4}{'what':64}{'bar':>8}{'aim':>8}{'figure':>9}\n")
    for row in rows():
        sys.stdout.write(f"{row.number:4}{row.name:64}{row.bar:8.3f}{row.aim:8.3f}{row.figure:9.3f}\n")
        sys.stdout.flush()
