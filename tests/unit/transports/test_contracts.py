"""WSDLs that cannot be read, and reading that takes another thread too long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError, Outcome, RequestTimeout
from superoffice_erpsync.options import Timeouts
from superoffice_erpsync.transports.http import HttpOptions, HttpSession
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import LIVE, Contracts
from superoffice_erpsync.transports.soap.wsdl import file_contract
from superoffice_erpsync.wsdl_files import wsdl_file

CARRIER = b'<xs:complexType name="Carrier">'
IN_CIRCLES = {
    "group": b'<xs:group name="g"><xs:sequence><xs:group ref="tns:g"/></xs:sequence></xs:group>'
    b'<xs:complexType name="C"><xs:group ref="tns:g"/></xs:complexType>',
    "attributes": b'<xs:attributeGroup name="g"><xs:attributeGroup ref="tns:g"/></xs:attributeGroup>',
    "list": b'<xs:simpleType name="l"><xs:list itemType="tns:l"/></xs:simpleType>',
    "union": b'<xs:simpleType name="u"><xs:union memberTypes="tns:u"/></xs:simpleType>',
}


@pytest.mark.parametrize("kind", IN_CIRCLES)
def test_a_wsdl_that_goes_in_circles_is_refused(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "ErpSync.wsdl"
    file.write_bytes(wsdl_file("ErpSync").read_bytes().replace(CARRIER, IN_CIRCLES[kind] + CARRIER, 1))
    with pytest.raises(ConfigurationError, match="cannot be read: RecursionError"):
        file_contract(file)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_waits_beyond_the_deadline_for_the_wsdl_that_another_thread_fetches(silent: str) -> None:
    address = Address.parse(f"{silent}/Remote/Services86")
    session = HttpSession(address.folder, HttpOptions())
    contracts = Contracts(LIVE, address, session, Timeouts())
    failures: list[RequestTimeout] = []

    def fetch() -> None:
        with pytest.raises(RequestTimeout) as caught:
            contracts.of("ErpSync", Deadline.after(0.8))
        failures.append(caught.value)

    first = threading.Thread(target=fetch)
    first.start()
    while not contracts._lock.locked():
        time.sleep(0.005)
    started = time.monotonic()
    with pytest.raises(RequestTimeout, match="another thread's reading of the WSDL") as caught:
        contracts.of("ErpSync", Deadline.after(0.05))
    assert time.monotonic() - started < 0.6
    assert (caught.value.outcome, caught.value.can_repeat) == (Outcome.NOT_SENT, True)
    first.join()
    assert len(failures) == 1
    session.close()
