"""A state with a clock that only moves when told to, and a judge of XML that is not the sandbox itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from lxml import etree

from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.soap.contract import Member, load_contract
from superoffice_erpsync.sandbox.soap.names import XSI
from superoffice_erpsync.sandbox.soap.reader import read_member
from superoffice_erpsync.sandbox.soap.writer import write_member
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.wsdl_files import wsdl_file

XS = "http://www.w3.org/2001/XMLSchema"


class HandClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def installation(clock: HandClock) -> Installation:
    return Installation(clock=clock)


@pytest.fixture
def state(installation: Installation) -> State:
    return installation.state


def updated(response: Any) -> list[tuple[str, int]]:
    """Table and id of each record that a sync has changed."""
    changes = response["Changes"] or {"UpdatedRecords": []}
    return [(item["Tablename"], item["RecordId"]) for item in changes["UpdatedRecords"]]


def over_the_wire(member: Member, value: Any) -> Any:
    """A value as it arrives: with every member there is, and with nothing the contract does not know."""
    parent = etree.Element("parent")
    write_member(parent, member, value, {"i": XSI})
    return read_member(etree.fromstring(etree.tostring(parent))[0], member, member.name)


@pytest.fixture
def call(installation: Installation) -> Callable[..., Any]:
    """Carry out an operation of ErpSync with arguments by wire name, and give its result in plain values."""

    def call(operation: str, **arguments: Any) -> Any:
        contract = load_contract("ErpSync").operations[operation]
        sent = over_the_wire(contract.request, arguments)
        value = installation.call("ErpSync", operation, sent, ticket_known=True)
        return over_the_wire(contract.response, {"Response": value} if value is not None else {}).get("Response")

    return call


@pytest.fixture(scope="session")
def schema_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., etree.XMLSchema]:
    """lxml's own judge of messages: the schemas embedded in a service's WSDL."""

    @cache
    def build(service: str, services: str = "Services86") -> etree.XMLSchema:
        folder = tmp_path_factory.mktemp(service)
        schemas = list(etree.parse(wsdl_file(service, services)).getroot().iter(f"{{{XS}}}schema"))
        files = {str(schema.get("targetNamespace")): f"{number}.xsd" for number, schema in enumerate(schemas)}
        for schema in schemas:
            for node in schema.iter(f"{{{XS}}}import"):
                node.set("schemaLocation", files[str(node.get("namespace"))])
            (folder / files[str(schema.get("targetNamespace"))]).write_bytes(etree.tostring(schema))
        imports = "".join(f'<xs:import namespace="{ns}" schemaLocation="{file}"/>' for ns, file in files.items())
        entry = folder / "all.xsd"
        entry.write_text(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>', encoding="utf-8")
        return etree.XMLSchema(etree.parse(entry))

    return build
