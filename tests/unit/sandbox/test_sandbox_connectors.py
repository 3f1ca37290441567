"""Connectors: created, stored, deleted, asked whether they answer."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.seed_sites import HARBOUR_URL, LEDGER_URL, MEADOW_URL

NOT_FOUND = "SuperOffice.Exceptions.SoNotFoundException"


def get(call, connector_id):
    return call("GetErpSyncConnectorEntity", ErpSyncConnectorEntityId=connector_id)


def save(call, entity):
    return call("SaveErpSyncConnectorEntity", ErpSyncConnectorEntity=entity)


def delete(call, connector_id):
    call("DeleteErpSyncConnectorEntity", ErpSyncConnectorEntityId=connector_id)


def can_delete(call, connector_id):
    return call("CanDeleteErpSyncConnectorEntity", ErpSyncConnectorId=connector_id)


def test_the_default_one_is_blank_and_not_stored(call, state):
    blank = call("CreateDefaultErpSyncConnectorEntity")
    assert (blank["ErpConnectorId"], blank["DisplayName"], blank["URL"], blank["Deleted"]) == (0, "", "", False)
    assert set(state.connectors) == {1, 2}


def test_id_0_creates_and_another_id_changes(call, state):
    blank = call("CreateDefaultErpSyncConnectorEntity")
    first = save(call, {**blank, "DisplayName": "Meadow", "URL": MEADOW_URL})
    second = save(call, {**blank, "DisplayName": "Again", "URL": MEADOW_URL})
    assert (first["ErpConnectorId"], second["ErpConnectorId"]) == (3, 4)
    assert get(call, 3) == first
    changed = save(call, {**first, "DisplayName": "Meadow ERP", "URL": "https://other.example/"})
    assert get(call, 3) == changed == {**first, "DisplayName": "Meadow ERP", "URL": "https://other.example/"}
    assert len(state.connectors) == 4


@pytest.mark.parametrize("connector_id", [1, 2])
def test_what_is_got_can_be_saved(call, connector_id):
    before = get(call, connector_id)
    assert save(call, before) == before
    assert get(call, connector_id) == before


def test_whether_it_is_deleted_is_not_for_the_caller_to_say(call):
    assert save(call, {**get(call, 1), "Deleted": True})["Deleted"] is False
    new = save(call, {"DisplayName": "New", "URL": MEADOW_URL, "Deleted": True})
    assert new["Deleted"] is False


def test_an_unknown_one_is_none_and_cannot_be_saved_or_deleted(call):
    assert get(call, 99) is None
    assert get(call, 0) is None
    for change in (lambda: save(call, {"ErpConnectorId": 99}), lambda: delete(call, 99)):
        with pytest.raises(Refusal, match=r"There is no connector 99\.") as refused:
            change()
        assert refused.value.exception_type == NOT_FOUND
        assert refused.value.parameters == {"What": "connector", "Id": "99"}
    with pytest.raises(Refusal) as missing:
        save(call, None)
    assert missing.value.exception_type == "System.ArgumentNullException"


def test_deleting_fails_while_connections_remain(call):
    assert can_delete(call, 1) == "ErrorConnectorHasConnections"
    with pytest.raises(Refusal, match="still has 2 connections"):
        delete(call, 1)
    call("DeleteConnection", ErpConnectionId=1)
    assert can_delete(call, 1) == "ErrorConnectorHasConnections"
    call("DeleteConnection", ErpConnectionId=2)
    assert can_delete(call, 1) == "NoError"
    delete(call, 1)
    assert get(call, 1)["Deleted"] is True
    assert get(call, 1)["DisplayName"] == "Nordic Ledger"


def test_a_deleted_one_is_not_there_to_be_deleted_yet_may_be_told_to_again(call):
    call("DeleteConnection", ErpConnectionId=3)
    delete(call, 2)
    assert can_delete(call, 2) == "ErrorNotFound"
    delete(call, 2)
    assert get(call, 2)["Deleted"] is True
    assert can_delete(call, 99) == "ErrorNotFound"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (LEDGER_URL, "NoError"),
        (MEADOW_URL, "NoError"),
        (f" {MEADOW_URL.upper()}/ ", "NoError"),
        ("https://nobody.example/ErpConnector.svc", "ErrorNotFound"),
        ("", "ErrorNotFound"),
        (None, "ErrorNotFound"),
    ],
)
def test_an_address_answers_or_not(call, url, code):
    assert call("TestConnectorUrl", Url=url) == code


def test_a_silenced_site_does_not_answer(call, state):
    state.site_at(HARBOUR_URL).answers = False
    assert call("TestConnectorUrl", Url=HARBOUR_URL) == "ErrorNotFound"
    assert call("TestConnectionById", ErpConnectionId=3) is False
    with pytest.raises(Refusal, match="No connector answers") as refused:
        call("GetConfigurationFields", ErpConnectorId=2)
    assert refused.value.exception_type == "System.ServiceModel.EndpointNotFoundException"


def test_configuration_fields_are_those_of_the_connections(call):
    fields = call("GetConfigurationFields", ErpConnectorId=1)
    assert [field["FieldKey"] for field in fields] == ["Company", "User", "Password"]
    assert [field["Rank"] for field in fields] == [1, 2, 3]
    assert fields[2]["FieldType"] == "Password"
    assert {field["Access"] for field in fields} == {"Mandatory"}
    assert set(call("GetErpConnectionConfigFields", ErpConnectionId=1)) == {field["FieldKey"] for field in fields}


def test_configuration_fields_of_unknown_and_deleted_connectors_are_none(call):
    assert call("GetConfigurationFields", ErpConnectorId=99) is None
    call("DeleteConnection", ErpConnectionId=3)
    delete(call, 2)
    assert call("GetConfigurationFields", ErpConnectorId=2) is None
