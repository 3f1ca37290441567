"""Connections: created, configured, deleted, summed up and put in order."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.seed_sites import LEDGER_URL, MEADOW_URL
from superoffice_erpsync.sandbox.state.sites import ActorDescription, FieldDescription

NOT_FOUND = "SuperOffice.Exceptions.SoNotFoundException"
MEADOW = {"Server": "meadow-db", "Client": "[I:1]", "Key": "made-up-4"}


def get(call, connection_id):
    return call("GetConnection", ErpConnectionId=connection_id)


def save(call, connection):
    return call("SaveConnection", Connection=connection)


def fields_of(call, connection_id, actor_type="Customer"):
    mapping = call("GetActorTypeMapping", ErpConnectionId=connection_id, ActorType=actor_type)
    return {field["ErpFieldKey"]: field for field in mapping["FieldMappings"]}


@pytest.fixture
def connector_id(call):
    entity = {"DisplayName": "Meadow ERP", "URL": MEADOW_URL}
    return call("SaveErpSyncConnectorEntity", ErpSyncConnectorEntity=entity)["ErpConnectorId"]


@pytest.fixture
def new(call, connector_id):
    return save(call, {"ErpConnectorId": connector_id, "DisplayName": "Meadow", "ConfigFields": MEADOW, "Active": True})


def test_a_new_one_has_an_id_and_a_guid_and_is_inactive(call, new):
    assert new["ErpConnectionId"] == 4
    assert str(uuid.UUID(new["ConnectionId"])) == new["ConnectionId"]
    assert new["Active"] is False
    assert new["ConfigFields"] == MEADOW
    assert new == get(call, 4)


def test_each_new_one_has_a_guid_of_its_own(call, new, connector_id):
    other = save(call, {**new, "ErpConnectionId": 0})
    assert other["ErpConnectionId"] == 5
    assert other["ConnectionId"] != new["ConnectionId"]


def test_a_new_one_has_the_fields_of_its_connector_mapped_without_direction(call, new):
    fields = fields_of(call, 4)
    assert list(fields) == ["NAME", "ORGNO", "PHONE", "CITY", "CATEGORY", "TERMS", "CURRENCY"]
    assert {key: field["CrmFieldKey"] for key, field in fields.items()} == {
        "NAME": "name", "ORGNO": "orgnr", "PHONE": "phone", "CITY": "city", "CATEGORY": "category",
        "TERMS": "", "CURRENCY": "",
    }  # fmt: skip
    assert not any(field["SyncToCrm"] or field["SyncToErp"] for field in fields.values())
    assert fields_of(call, 4, "Person")["LASTNAME"]["CrmFieldKey"] == "lastName"
    assert call("ToggleErpConnectionActive", ErpConnectionId=4) != []


def test_field_ids_are_not_given_twice(call, state, new):
    ids = [
        field.field_id
        for connection in state.connections.values()
        for mapping in connection.mappings.values()
        for field in mapping.fields
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("connection_id", [1, 2, 3])
def test_what_is_got_can_be_saved(call, connection_id):
    before = get(call, connection_id)
    assert save(call, before) == before
    assert get(call, connection_id) == before


def test_a_deleted_one_can_be_saved_as_it_was_got(call):
    call("DeleteConnection", ErpConnectionId=1)
    before = get(call, 1)
    assert save(call, before) == before
    assert before["Deleted"] is True


def test_names_and_access_may_change_while_active(call):
    changes = {
        "DisplayName": "Norway", "DisplayDescription": "", "AllAccess": False, "UserGroupAccessIds": [2],
        "AssociateAccessIds": [5, 6],
    }  # fmt: skip
    wanted = {**get(call, 1), **changes}
    assert save(call, wanted) == wanted
    assert get(call, 1) == wanted


def test_what_the_installation_keeps_is_not_for_the_caller_to_say(call):
    before = get(call, 3)
    given = {"Active": True, "Deleted": True, "ConnectionId": "mine", "MostRecentTimestamp": "99999999"}
    assert save(call, {**before, **given}) == before


@pytest.mark.parametrize(
    "change", [{"ConfigFields": {"Company": "200"}}, {"ConfigFields": None}, {"ErpConnectorId": 2}]
)
def test_the_configuration_cannot_change_while_active(call, change):
    before = get(call, 1)
    with pytest.raises(Refusal, match="active") as refused:
        save(call, {**before, "DisplayName": "Other", **change})
    assert refused.value.exception_type == "System.InvalidOperationException"
    assert get(call, 1) == before


def test_another_configuration_leads_to_another_erp(call, state):
    call("ToggleErpConnectionActive", ErpConnectionId=1)
    save(call, {**get(call, 1), "ConfigFields": {"Company": "200", "User": "erpsync", "Password": "made-up-2"}})
    assert call("TestConnectionById", ErpConnectionId=1) is True
    assert state.connections[1].erp is state.connections[2].erp
    save(call, {**get(call, 1), "ConfigFields": {"Company": "200", "User": "erpsync", "Password": "wrong"}})
    assert call("TestConnectionById", ErpConnectionId=1) is False
    assert list(state.connections[1].erp) == []


def test_another_connector_brings_its_fields(call, connector_id):
    save(call, {**get(call, 3), "ErpConnectorId": connector_id, "ConfigFields": MEADOW})
    fields = fields_of(call, 3)
    assert fields["TITLE"]["MissingInERP"] is True
    assert fields["NAME"]["MissingInERP"] is False
    assert call("TestConnectionById", ErpConnectionId=3) is True


def test_unknown_connections_and_connectors_are_refused(call, state):
    for connection in ({"ErpConnectionId": 99, "ErpConnectorId": 1}, {"ErpConnectorId": 99}, {}):
        with pytest.raises(Refusal) as refused:
            save(call, connection)
        assert refused.value.exception_type == NOT_FOUND
    with pytest.raises(Refusal) as missing:
        save(call, None)
    assert missing.value.exception_type == "System.ArgumentNullException"
    state.site_at(LEDGER_URL).answers = False
    with pytest.raises(Refusal) as silent:
        save(call, {"ErpConnectorId": 1})
    assert silent.value.exception_type == "System.ServiceModel.EndpointNotFoundException"
    assert set(state.connections) == {1, 2, 3}


def test_a_connection_of_a_deleted_connector_is_refused(call, connector_id):
    call("DeleteErpSyncConnectorEntity", ErpSyncConnectorEntityId=connector_id)
    with pytest.raises(Refusal, match=f"no connector {connector_id}"):
        save(call, {"ErpConnectorId": connector_id, "ConfigFields": MEADOW})


def test_a_configuration_is_tested_by_the_connectors_id(call, connector_id):
    def opens(number, config_fields):
        return call("TestConnectionByConfig", ErpConnectionId=number, ConfigFields=config_fields)

    assert opens(connector_id, MEADOW) is True
    assert opens(connector_id, {**MEADOW, "Key": "wrong"}) is False
    assert opens(connector_id, None) is False
    assert opens(2, {"Database": "TRADING", "Key": "made-up-3"}) is True
    assert opens(1, {"Database": "TRADING", "Key": "made-up-3"}) is False
    assert opens(99, MEADOW) is False


def test_a_refused_configuration_is_told_by_the_sync(call, new, state):
    save(call, {**new, "ConfigFields": {**MEADOW, "Key": "wrong"}})
    state.connections[4].active = True
    assert call("TestConnectionById", ErpConnectionId=4) is False
    response = call("ForceSyncAll")
    assert response["IsOk"] is False
    assert "Connection 4 failed" in response["TechExplanation"]
    assert "refuses" in response["TechExplanation"]
    assert response["Changes"]["UpdatedRecords"], "the other connections are served all the same"


def test_config_fields_are_complete_and_none_for_unknown_ids(call):
    found = call("GetErpConnectionConfigFields", ErpConnectionId=1)
    assert found == {"Company": "100", "User": "erpsync", "Password": "made-up-1"}
    assert call("GetErpConnectionConfigFields", ErpConnectionId=99) is None


def test_deleting_is_soft_and_ends_the_activity(call, state):
    call("DeleteConnection", ErpConnectionId=1)
    assert (get(call, 1)["Deleted"], get(call, 1)["Active"]) == (True, False)
    assert call("TestConnectionById", ErpConnectionId=1) is False
    assert call("ForceSyncAll")["Changes"]["UpdatedRecords"][0]["RecordId"] == 14
    call("DeleteConnection", ErpConnectionId=1)
    with pytest.raises(Refusal) as refused:
        call("DeleteConnection", ErpConnectionId=99)
    assert refused.value.exception_type == NOT_FOUND


def test_the_summary_tells_what_is_set_up(call, clock):
    found = call("GetErpSyncConnectionSummary", ErpSyncConnectionId=1)
    assert (found["DisplayName"], found["Active"], found["Deleted"]) == ("Nordic Ledger Norway", True, False)
    assert found["LastSync"] == datetime(2026, 3, 1, 8, 0)
    assert [actor["ActorType"] for actor in found["Actors"]] == ["Customer", "Supplier", "Person", "Project"]
    customer = found["Actors"][0]
    assert customer["HasMappings"] is True
    assert customer["Mappings"].startswith("NAME <> name, ORGNO > orgnr")
    assert "PRICEGROUP < category" in customer["Mappings"]
    assert "SALESPERSON" not in customer["Mappings"]
    assert customer["Defaults"] == "PAYMENTDAYS = 30"
    clock.advance(hours=1)
    call("ForceSyncAll")
    assert call("GetErpSyncConnectionSummary", ErpSyncConnectionId=1)["LastSync"] == datetime(2026, 3, 1, 9, 0)


def test_the_summary_of_unused_deleted_and_unknown_ones(call, state):
    unused = call("GetErpSyncConnectionSummary", ErpSyncConnectionId=3)
    assert unused["LastSync"] is None
    assert "VATNO - orgnr" in unused["Actors"][0]["Mappings"]
    state.connections[3].mappings["Customer"].is_active = False
    assert call("GetErpSyncConnectionSummary", ErpSyncConnectionId=3)["Actors"] == []
    call("DeleteConnection", ErpConnectionId=3)
    assert call("GetErpSyncConnectionSummary", ErpSyncConnectionId=3)["Deleted"] is True
    assert call("GetErpSyncConnectionSummary", ErpSyncConnectionId=99) is None


def test_fields_that_vanish_are_marked_and_those_that_come_are_mapped(call, state):
    actor = state.site_at(LEDGER_URL).actors["Customer"]
    gone = actor.fields.pop(3)
    assert gone.key == "CITY"
    actor.fields.append(FieldDescription(key="Telephone", display_name="Second telephone", access="Mandatory"))
    before = fields_of(call, 1)
    assert call("UpdateConnectionFields", ErpConnectionId=1) is True
    after = fields_of(call, 1)
    assert {key for key, field in after.items() if field["MissingInERP"]} == {"CITY"}
    assert after["CITY"] == {**before["CITY"], "MissingInERP": True}
    added = after["Telephone"]
    assert (added["CrmFieldKey"], added["SyncToCrm"], added["SyncToErp"]) == ("phone", False, False)
    assert added["Access"] == "Mandatory"
    assert added["ErpFieldId"] not in {field["ErpFieldId"] for field in before.values()}
    assert fields_of(call, 2)["CITY"]["MissingInERP"] is False
    actor.fields.append(gone)
    call("UpdateConnectionFields", ErpConnectionId=1)
    assert fields_of(call, 1)["CITY"] == before["CITY"]


def test_what_people_set_up_outlives_an_update(call):
    before = fields_of(call, 1)
    assert call("UpdateConnectionFields", ErpConnectionId=1) is True
    assert fields_of(call, 1) == before


def test_an_update_brings_what_the_connector_says_of_known_fields(call, state):
    actor = state.site_at(LEDGER_URL).actors["Customer"]
    actor.fields[2] = FieldDescription(
        key="PHONE", display_name="Phone", description="Any", field_type="List", access="Mandatory", list_name="L",
        max_length=9, default_value="x", shown=False, searched=True,
    )  # fmt: skip
    before = fields_of(call, 1)["PHONE"]
    call("UpdateConnectionFields", ErpConnectionId=1)
    changed = {"ErpDisplayName": "Phone", "ErpDisplayTooltip": "Any", "FieldType": "List", "Access": "Mandatory"}
    assert fields_of(call, 1)["PHONE"] == {**before, **changed}
    field = call("GetFieldsForNewErpActor", ErpConnectionId=1, ErpActorType="Customer")[1]
    assert (field["ListName"], field["MaxLength"], field["DefaultValue"]) == ("L", 9, "")


def test_a_vanished_field_is_neither_synced_nor_shown_nor_demanded(call, state):
    actor = state.site_at(LEDGER_URL).actors["Customer"]
    actor.fields = [field for field in actor.fields if field.key not in ("NAME", "PHONE")]
    call("UpdateConnectionFields", ErpConnectionId=1)
    assert call("ForceSyncAll")["IsOk"] is True
    assert state.crm.record("contact", 13).values["phone"] == "+47 22 00 01 03"
    assert state.connections[1].erp.actor("Customer", "C1002").values["NAME"] == "Birch & Sons"
    shown = call("GetConnectionsAndDisplayFields", CrmActorType="Contact", EntityId=11)[0]["ErpFields"]
    assert "PHONE" not in [field["FieldKey"] for field in shown]
    state.connections[1].mappings["Customer"].field_of("NAME").sync_to_crm = False
    state.connections[1].mappings["Customer"].field_of("NAME").sync_to_erp = False
    call("ToggleErpConnectionActive", ErpConnectionId=1)
    assert call("ToggleErpConnectionActive", ErpConnectionId=1) == []


def test_an_actor_that_vanishes_loses_all_fields_and_a_new_one_comes(call, state):
    site = state.site_at(LEDGER_URL)
    del site.actors["Project"]
    site.actors["Employee"] = ActorDescription(
        actor_type="Employee", fields=[FieldDescription(key="LASTNAME", display_name="Last name")]
    )
    call("UpdateConnectionFields", ErpConnectionId=2)
    assert all(field["MissingInERP"] for field in fields_of(call, 2, "Project").values())
    assert fields_of(call, 2, "Employee")["LASTNAME"]["CrmFieldKey"] == "lastName"


def test_fields_cannot_be_updated_without_an_answering_connector(call, state):
    assert call("UpdateConnectionFields", ErpConnectionId=99) is False
    state.site_at(LEDGER_URL).answers = False
    assert call("UpdateConnectionFields", ErpConnectionId=1) is False
    assert not any(field["MissingInERP"] for field in fields_of(call, 1).values())


def test_priorities_reorder_and_the_others_keep_their_order(call, state):
    state.connections[3].active = True

    def order():
        return [connection.connection_id for connection in state.active_connections()]

    assert call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[3, 2, 1]) is True
    assert order() == [3, 2, 1]
    assert call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[1]) is True
    assert order() == [1, 3, 2]
    assert call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[0, 2]) is True
    assert order() == [2, 1, 3]
    new = save(call, {**get(call, 3), "ErpConnectionId": 0})
    state.connections[new["ErpConnectionId"]].active = True
    assert order() == [2, 1, 3, 4]


def test_the_sync_goes_by_the_priorities(call, state):
    for ids, last_word in (([1, 2], "Sweden"), ([2, 1], "Norway")):
        call("SaveErpConnectionSyncPriorities", ErpConnectionIds=ids)
        state.connections[1].erp.change("Customer", "C1001", {"CITY": "Norway"})
        state.connections[2].erp.change("Customer", "S5001", {"CITY": "Sweden"})
        call("ForceSyncAll")
        assert state.crm.record("contact", 11).values["city"] == last_word


def test_priorities_that_cannot_be_saved(call, state):
    assert call("SaveErpConnectionSyncPriorities", ErpConnectionIds=None) is False
    assert call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[]) is False
    with pytest.raises(Refusal, match="no connection 99") as refused:
        call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[2, 99])
    assert refused.value.exception_type == NOT_FOUND
    with pytest.raises(Refusal, match="named twice"):
        call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[2, 2])
    call("DeleteConnection", ErpConnectionId=3)
    with pytest.raises(Refusal, match="no connection 3"):
        call("SaveErpConnectionSyncPriorities", ErpConnectionIds=[3])
    assert [connection.connection_id for connection in state.active_connections()] == [1, 2]


def test_archive_columns_follow_the_fields_shown_in_searches(call, state):
    state.archive_columns["ErpList", 1] = ["OLD"]
    assert call("ValidateArchiveColumnConfig", ListOwner="ErpList", ErpConnectionId=1) is None
    assert state.archive_columns["ErpList", 1] == ["NAME", "ORGNO", "NAME", "FIRSTNAME"]
    for owner, number, kind in (("ErpList", 99, NOT_FOUND), ("", 1, "System.ArgumentNullException")):
        with pytest.raises(Refusal) as refused:
            call("ValidateArchiveColumnConfig", ListOwner=owner, ErpConnectionId=number)
        assert refused.value.exception_type == kind
