"""WSDLs that do not come along: the installation's own, a folder, a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from integration.conftest import MakeClient
from integration.replaying_server import LOGIN, WSDL, WSDL_SOAP, XS, ReplayingServer, without_operation
from superoffice_erpsync import (
    ConfigurationError,
    ErpSyncClient,
    OperationNotAvailable,
    Outcome,
    TransportError,
    UsernamePassword,
)
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.wsdl_files import wsdl_file

USER = UsernamePassword("DEMO", "not-a-real-password")
SERVICES = ("ErpSync", "SoPrincipal")


def bundled(service: str) -> bytes:
    return wsdl_file(service, "Services86").read_bytes()


def text(root: Any) -> bytes:
    return etree.tostring(root)


def publish(server: ReplayingServer, change: Callable[[bytes], bytes] = lambda data: data) -> None:
    """Have the server give both WSDLs, changed."""
    for service in SERVICES:
        server.documents[f"{server.folder}/{service}.svc?wsdl"] = change(bundled(service))


def live(make_client: MakeClient, server: ReplayingServer, wsdl: Any = "live") -> ErpSyncClient:
    return make_client(server.url, USER, wsdl=wsdl, timeout=5)


# -- the installation's own --------------------------------------------------------------------------------------------


def test_sandbox_with_its_own_wsdl(sandbox: Sandbox, make_client: MakeClient) -> None:
    client = make_client(sandbox.url, UsernamePassword("tje0", "Tje0"), wsdl="live", timeout=10)
    answer = client.force_resync(erp_connection_id=1, internal_key_ids=[501])
    assert answer.is_ok
    info = client.get_system_info()
    assert info is not None
    assert info.company_name == "Sandbox Trading"


def test_wsdl_is_fetched_once_for_each_service(server: ReplayingServer, make_client: MakeClient) -> None:
    publish(server)
    client = live(make_client, server)
    assert server.received == []
    for _ in range(3):
        client.force_sync_all()
    gets = [one for one in server.received if one.method == "GET"]
    assert sorted(one.path for one in gets) == [f"{server.folder}/{service}.svc?wsdl" for service in SERVICES]
    assert [one.body for one in gets] == [b"", b""]
    assert server.operations.count("ForceSyncAll") == 3


def test_soap_address_of_a_wsdl_is_never_contacted(
    server: ReplayingServer, elsewhere: ReplayingServer, make_client: MakeClient
) -> None:
    def move(data: bytes) -> bytes:
        root = etree.fromstring(data)
        (address,) = root.iter(f"{{{WSDL_SOAP}}}address")
        address.set("location", f"{elsewhere.url}/ErpSync.svc")
        return text(root)

    publish(server, move)
    live(make_client, server).force_sync_all()
    assert server.operations[-1] == "ForceSyncAll"
    assert elsewhere.connections == 0


def imported_from(host: ReplayingServer, server: ReplayingServer) -> None:
    """The WSDLs as WCF gives them: in pieces that import one another, all called by the name of a host."""
    for service in SERVICES:
        place = f"{server.folder}/{service}.svc"
        root = etree.fromstring(bundled(service))
        schemas = {schema.get("targetNamespace"): schema for schema in root.iter(f"{{{XS}}}schema")}
        pieces = {namespace: f"{place}?xsd=xsd{number}" for number, namespace in enumerate(schemas)}
        for schema in schemas.values():
            for node in schema.iter(f"{{{XS}}}import"):
                node.set("schemaLocation", f"{host.root}{pieces[node.get('namespace')]}")
        types = root.find(f"{{{WSDL}}}types")
        stub = etree.SubElement(types, f"{{{XS}}}schema")
        for namespace, schema in schemas.items():
            server.documents[pieces[namespace]] = text(schema)
            types.remove(schema)
            etree.SubElement(
                stub, f"{{{XS}}}import", namespace=namespace, schemaLocation=f"{host.root}{pieces[namespace]}"
            )
        main = etree.Element(f"{{{WSDL}}}definitions", targetNamespace=root.get("targetNamespace"), nsmap=root.nsmap)
        etree.SubElement(
            main,
            f"{{{WSDL}}}import",
            namespace=root.get("targetNamespace"),
            location=f"{host.root}{place}?wsdl=wsdl0",
        )
        server.documents[f"{place}?wsdl=wsdl0"] = text(root)
        server.documents[f"{place}?wsdl"] = text(main)


def test_imports_of_a_wsdl_are_fetched_from_the_users_address_only(
    server: ReplayingServer, elsewhere: ReplayingServer, make_client: MakeClient
) -> None:
    imported_from(elsewhere, server)
    client = live(make_client, server)
    client.toggle_erp_connection_active(erp_connection_id=104)
    got = {one.path for one in server.received if one.method == "GET"}
    assert got == set(server.documents)
    assert server.operations[-1] == "ToggleErpConnectionActive"
    assert elsewhere.connections == 0


def test_old_wsdl_lacks_an_operation(server: ReplayingServer, make_client: MakeClient) -> None:
    publish(server, lambda data: without_operation("ForceResync", data))
    client = live(make_client, server)
    with pytest.raises(OperationNotAvailable) as caught:
        client.force_resync(erp_connection_id=1, internal_key_ids=[501])
    error = caught.value
    assert (error.operation, error.outcome) == ("ForceResync", Outcome.NOT_SENT)
    assert "Services86" in str(error.hint)
    assert [one.method for one in server.received] == ["GET"]
    assert client.force_sync_all().is_ok


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"<!DOCTYPE html><html><body>Log in</body></html>", id="page"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"not xml", id="text"),
        pytest.param(b"<a/>", id="other XML"),
        pytest.param(f'<w:definitions xmlns:w="{WSDL}"/>'.encode(), id="empty WSDL"),
        pytest.param(bundled("ErpSync")[:5000], id="cut off"),
        pytest.param(bundled("ErpSync").replace(b"wsdl/soap/", b"wsdl/soap12/"), id="SOAP 1.2 only"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + bundled("ErpSync").partition(b"?>")[2],
            id="document type",
        ),
    ],
)
@pytest.mark.parametrize("where", ["live", "file"])
def test_what_is_no_wsdl(
    document: bytes, where: str, server: ReplayingServer, make_client: MakeClient, tmp_path: Path
) -> None:
    server.documents[f"{server.folder}/ErpSync.svc?wsdl"] = document
    path = tmp_path / "ErpSync.wsdl"
    path.write_bytes(document)
    client = live(make_client, server, "live" if where == "live" else path)
    with pytest.raises(ConfigurationError) as caught:
        client.force_sync_all()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "ErpSync" in str(caught.value)
    assert [one for one in server.received if one.method == "POST"] == []


def test_wsdl_that_is_not_given(server: ReplayingServer, make_client: MakeClient) -> None:
    with pytest.raises(ConfigurationError, match="HTTP 404") as caught:
        live(make_client, server).force_sync_all()
    assert caught.value.status == 404
    assert "bundled WSDL" in str(caught.value.hint)


def test_wsdl_that_could_not_be_fetched_is_fetched_again(server: ReplayingServer, make_client: MakeClient) -> None:
    client = live(make_client, server)
    with pytest.raises(ConfigurationError):
        client.force_sync_all()
    publish(server)
    assert client.force_sync_all().is_ok


def test_wsdl_of_a_server_that_is_gone(make_client: MakeClient) -> None:
    with ReplayingServer() as gone:
        url = gone.url
    with pytest.raises(TransportError) as caught:
        make_client(url, USER, wsdl="live", timeout=5).force_sync_all()
    assert caught.value.outcome is Outcome.NOT_SENT


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for service in SERVICES:
        shutil.copy(wsdl_file(service), tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", [Path, str])
@pytest.mark.parametrize("name", ["", "ErpSync.wsdl"])
def test_wsdls_are_read_from_a_folder_or_a_file(
    name: str, kind: type[Any], folder: Path, server: ReplayingServer, make_client: MakeClient
) -> None:
    client = live(make_client, server, kind(folder / name))
    assert client.force_sync_all().is_ok
    assert server.operations == [LOGIN, "ForceSyncAll"]


@pytest.mark.parametrize("name", ["", "ErpSync.wsdl"])
def test_the_file_is_what_counts(name: str, folder: Path, server: ReplayingServer, make_client: MakeClient) -> None:
    (folder / "ErpSync.wsdl").write_bytes(without_operation("ForceResync", bundled("ErpSync")))
    client = live(make_client, server, folder / name)
    with pytest.raises(OperationNotAvailable):
        client.force_resync(erp_connection_id=1, internal_key_ids=[501])
    assert server.received == []
    assert client.force_sync_all().is_ok


def test_file_without_the_other_beside_it_gets_the_bundled_one(
    folder: Path, server: ReplayingServer, make_client: MakeClient
) -> None:
    (folder / "SoPrincipal.wsdl").unlink()
    assert live(make_client, server, folder / "ErpSync.wsdl").force_sync_all().is_ok


def test_folder_without_the_other_is_not_enough(folder: Path, server: ReplayingServer, make_client: MakeClient) -> None:
    (folder / "SoPrincipal.wsdl").unlink()
    with pytest.raises(ConfigurationError, match=r"SoPrincipal\.wsdl cannot be read"):
        live(make_client, server, folder).force_sync_all()


@pytest.mark.parametrize("name", ["missing.wsdl", "no/such/folder"])
def test_a_path_to_nothing_is_refused_before_anything_is_sent(
    name: str, tmp_path: Path, server: ReplayingServer, make_client: MakeClient
) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        live(make_client, server, tmp_path / name).force_sync_all()
    assert server.received == []


def test_file_that_changes_is_read_again(folder: Path, server: ReplayingServer, make_client: MakeClient) -> None:
    assert live(make_client, server, folder).force_sync_all().is_ok
    path = folder / "ErpSync.wsdl"
    path.write_bytes(without_operation("ForceSyncAll", path.read_bytes()))
    with pytest.raises(OperationNotAvailable):
        live(make_client, server, folder).force_sync_all()


@pytest.mark.parametrize(
    "location",
    ["../outside.xsd", "/etc/passwd", "file:///etc/passwd", "http://crm.example.com/schema.xsd"],
)
def test_file_imports_nothing_from_outside_its_folder(
    location: str, folder: Path, server: ReplayingServer, make_client: MakeClient
) -> None:
    root = etree.fromstring(bundled("ErpSync"))
    next(root.iter(f"{{{XS}}}import")).set("schemaLocation", location)
    (folder / "ErpSync.wsdl").write_bytes(text(root))
    with pytest.raises(ConfigurationError) as caught:
        live(make_client, server, folder).force_sync_all()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert server.received == []


def test_file_that_names_another_host_is_not_followed(
    folder: Path, server: ReplayingServer, elsewhere: ReplayingServer, make_client: MakeClient
) -> None:
    root = etree.fromstring(bundled("ErpSync"))
    next(root.iter(f"{{{XS}}}import")).set("schemaLocation", f"{elsewhere.root}/schema.xsd")
    (folder / "ErpSync.wsdl").write_bytes(text(root))
    with pytest.raises(ConfigurationError):
        live(make_client, server, folder).force_sync_all()
    assert elsewhere.connections == 0


def test_bundled_versions_that_there_are_not(server: ReplayingServer, make_client: MakeClient) -> None:
    with pytest.raises(ConfigurationError, match="no WSDL of Services85") as caught:
        make_client(server.url.replace("86", "85"), USER).force_sync_all()
    assert 'wsdl="live"' in str(caught.value.hint)
    assert server.received == []
