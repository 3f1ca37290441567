"""An operator's first day with an ERP, told step by step: what `erpsync demo --story` does on an installation in a box.

Each step is real calls of the client; where somebody works in the ERP or looks into the CRM, it is said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from superoffice_erpsync.errors import OperationNotAvailable
from superoffice_erpsync.models import (
    CrmActorType,
    ErpActorType,
    ErpConnection,
    ErpSyncActorTypeMapping,
    ErpSyncConnectorEntity,
    ErpSyncFieldMapping,
    PluginResponse,
)

if TYPE_CHECKING:
    from superoffice_erpsync.client import ErpSyncClient
    from superoffice_erpsync.sandbox import Sandbox

LINKS = {18: "M-0107", 19: "M-0108", 20: "M-0109"}
"""Keys of customers in the ERP by ids of contacts."""

_TYPED_IN = {"Server": "meadow-db", "Key": "made-up-4"}
"""What the operator knows; the connector proposes the rest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story: what was done, and what came of it."""

    title: str
    lines: tuple[str, ...]


def story(client: ErpSyncClient, box: Sandbox) -> Iterator[Step]:
    """Go through the day. The client must be one of the box.

    Yields:
        Each step when it has been carried out.
    """
    connector_id, step = _connector(client)
    yield step
    connection_id, step = _connection(client, connector_id)
    yield step
    yield _refused_activation(client, connection_id)
    yield _activation(client, connection_id)
    yield _links(client, connection_id)
    yield _first_sync(client)
    yield _change_in_the_erp(client, box, connection_id)
    yield from _blank_value(client, box, connection_id)


def _connector(client: ErpSyncClient) -> tuple[int, Step]:
    from superoffice_erpsync.sandbox import FREE_CONNECTOR_URL

    wrong = client.test_connector_url(url="http://localhost/nobody")
    right = client.test_connector_url(url=FREE_CONNECTOR_URL)
    connector = client.create_default_erp_sync_connector_entity() or ErpSyncConnectorEntity()
    connector.display_name, connector.url = "Meadow ERP", FREE_CONNECTOR_URL
    saved = client.save_erp_sync_connector_entity(erp_sync_connector_entity=connector)
    assert saved is not None
    lines = (f"a wrong address: {wrong}", f"the right one: {right}", f"stored as connector {saved.erp_connector_id}")
    return saved.erp_connector_id, Step("Add a connector", lines)


def _connection(client: ErpSyncClient, connector_id: int) -> tuple[int, Step]:
    fields = client.get_configuration_fields(erp_connector_id=connector_id) or []
    proposed = {field.field_key or "": field.default_value for field in fields if field is not None}
    config = {**proposed, **_TYPED_IN}
    wrong = client.test_connection_by_config(erp_connection_id=connector_id, config_fields={**config, "Key": "wrong"})
    right = client.test_connection_by_config(erp_connection_id=connector_id, config_fields=config)
    saved = client.save_connection(
        connection=ErpConnection(
            erp_connector_id=connector_id, display_name="Meadow", config_fields=config, all_access=True
        )
    )
    assert saved is not None
    lines = (
        f"it wants: {', '.join(proposed)}",
        f"tested with a wrong key: {wrong}; with the right one: {right}",
        f"stored as connection {saved.erp_connection_id}, active: {saved.active}",
    )
    return saved.erp_connection_id, Step("Add a connection", lines)


def _fields(mapping: ErpSyncActorTypeMapping) -> dict[str | None, ErpSyncFieldMapping]:
    return {field.erp_field_key: field for field in mapping.field_mappings or () if field is not None}


def _mapping(client: ErpSyncClient, connection_id: int, actor_type: ErpActorType) -> ErpSyncActorTypeMapping:
    mapping = client.get_actor_type_mapping(erp_connection_id=connection_id, actor_type=actor_type)
    assert mapping is not None
    return mapping


def _refused_activation(client: ErpSyncClient, connection_id: int) -> Step:
    mapping = _mapping(client, connection_id, ErpActorType.CUSTOMER)
    fields = _fields(mapping)
    for key in ("ORGNO", "PHONE", "CITY"):
        fields[key].sync_to_crm = True
    client.save_actor_type_mapping(mapping=mapping)
    reasons = client.toggle_erp_connection_active(erp_connection_id=connection_id) or []
    return Step("Map some fields, and try to activate", tuple(f"refused: {reason}" for reason in reasons))


def _activation(client: ErpSyncClient, connection_id: int) -> Step:
    mapping = _mapping(client, connection_id, ErpActorType.CUSTOMER)
    name = _fields(mapping)["NAME"]
    name.sync_to_crm = name.sync_to_erp = True
    client.save_actor_type_mapping(mapping=mapping)
    persons = _mapping(client, connection_id, ErpActorType.PERSON)
    persons.is_active = False
    client.save_actor_type_mapping(mapping=persons)
    reasons = client.toggle_erp_connection_active(erp_connection_id=connection_id) or []
    connection = client.get_connection(erp_connection_id=connection_id)
    return Step(
        "Give the mandatory field its directions, leave out persons, and activate",
        (f"reasons against: {len(reasons)}", f"active: {connection is not None and connection.active}"),
    )


def _links(client: ErpSyncClient, connection_id: int) -> Step:
    lines = []
    for contact, key in LINKS.items():
        linked = client.create_actor_link(
            erp_connection_id=connection_id,
            crm_record_id=contact,
            crm_actor_type=CrmActorType.CONTACT,
            erp_key=key,
            erp_actor_type=ErpActorType.CUSTOMER,
        )
        lines.append(f"contact {contact} and customer {key}: {'linked' if linked else 'not linked'}")
    return Step("Link three companies", tuple(lines))


def _first_sync(client: ErpSyncClient) -> Step:
    return Step("Sync", _told(client.sync_all()))


def _change_in_the_erp(client: ErpSyncClient, box: Sandbox, connection_id: int) -> Step:
    with box.lock:
        box.state.connections[connection_id].erp.change("Customer", "M-0108", {"CITY": "Svolvær"})
    told = _told(client.sync_all())
    return Step("Somebody moves a customer in the ERP; sync", (*told, f"city in the CRM: {_crm(client, 19, 'city')}"))


def _blank_value(client: ErpSyncClient, box: Sandbox, connection_id: int) -> Iterator[Step]:
    with box.lock:
        box.state.connections[connection_id].erp.actor("Customer", "M-0107").values["PHONE"] = ""
    before = f"phone in the CRM before: {_crm(client, 18, 'phone')!r}"
    lines: tuple[str, ...] = (before, "not available here: it exists on Services88 and REST")
    with suppress(OperationNotAvailable):
        kept = client.force_resync_external_no_blank_values(
            erp_connection_id=connection_id, erp_actor_type=ErpActorType.CUSTOMER, external_keys=[LINKS[18]]
        )
        lines = (before, *_told(kept), f"phone in the CRM after: {_crm(client, 18, 'phone')!r}")
    yield Step("Somebody empties a telephone number in the ERP; resync without blank values", lines)
    plain = client.force_resync_external(
        erp_connection_id=connection_id, erp_actor_type=ErpActorType.CUSTOMER, external_keys=[LINKS[18]]
    )
    after = f"phone in the CRM after: {_crm(client, 18, 'phone')!r}"
    yield Step("Plain resync: blank values overwrite", (*_told(plain), after))


def _crm(client: ErpSyncClient, contact: int, field: str) -> str | None:
    values = client.get_field_values_from_crm(record_id=contact, actor_type_crm=CrmActorType.CONTACT) or []
    return next((one.value for one in values if one is not None and one.crm_field_key == field), None)


def _told(answer: PluginResponse) -> tuple[str, ...]:
    changed = [
        f"{record.tablename} {record.record_id}"
        for records in ((answer.changes.added_records, answer.changes.updated_records) if answer.changes else ())
        for record in records or ()
        if record is not None
    ]
    return (f"IsOk: {answer.is_ok}", f"changed: {', '.join(changed) or 'nothing'}")
