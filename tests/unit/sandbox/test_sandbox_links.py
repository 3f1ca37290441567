"""Links: made, refused, broken, and made with chosen values."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.connections import Failure

FREE_CUSTOMER = {"ErpKey": "C1011", "ErpActorType": "Customer"}


def wanted(record_id, crm_actor_type="Contact", connection_id=1, **actor):
    return {
        "ErpConnectionId": connection_id,
        "CrmRecordId": record_id,
        "CrmActorType": crm_actor_type,
        **(actor or FREE_CUSTOMER),
    }


def break_link(call, record_id, crm_actor_type="Contact", connection_id=1):
    return call("BreakActorLink", ErpConnectionId=connection_id, CrmRecordId=record_id, CrmActorType=crm_actor_type)


def external(state, key="C1011", connection_id=1):
    return state.links.external(connection_id, "Customer", key)


@pytest.fixture
def contact(call, state):
    """Contact 20, which is linked to nothing after this."""
    call("ForceSyncAll")
    assert break_link(call, 20)
    state.log.clear()
    return state.crm.record("contact", 20).values


def test_a_link_joins_both_and_moves_no_value(call, state, contact):
    before = dict(contact)
    assert call("CreateActorLink", **wanted(20)) is True
    found = external(state)
    assert state.links.internal(found.internal_key_id).record_id == 20
    assert contact == before
    assert [(entry.cause, entry.where, entry.name) for entry in state.log] == [
        ("CreateActorLink", "erp 1", "Customer C1011")
    ]
    data = call("GetConnectionsAndDisplayFields", CrmActorType="Contact", EntityId=20)
    assert [item["Connected"] for item in data] == [True, False]


def test_a_record_keeps_its_internal_key_and_a_new_one_gets_another(call, state, contact):
    assert call("CreateActorLink", **wanted(20))
    assert external(state).internal_key_id == 510
    state.crm.add("contact", 70, {"name": "New"})
    assert call("CreateActorLink", **wanted(70, ErpKey="C1012", ErpActorType="Customer"))
    new = external(state, "C1012").internal_key_id
    assert new not in range(501, 543)
    assert state.links.of_record("contact", 70).internal_key_id == new


def test_one_record_may_be_linked_in_each_connection(call, state):
    state.connections[2].erp.add("Customer", "S5009", {"NAME": "Lantern Books"})
    assert call("CreateActorLink", **wanted(17, connection_id=2, ErpKey="S5009", ErpActorType="Customer")) is True
    internal = state.links.of_record("contact", 17).internal_key_id
    assert [link.key for link in state.links.externals_of(internal)] == ["C1007", "S5009"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(wanted(11), id="the record is linked"),
        pytest.param(wanted(11, ErpKey="V2001", ErpActorType="Supplier"), id="the record is linked to another type"),
        pytest.param(wanted(20, ErpKey="C1001", ErpActorType="Customer"), id="the actor is linked"),
        pytest.param(wanted(20, ErpKey="C9999", ErpActorType="Customer"), id="unknown actor"),
        pytest.param(wanted(20, ErpKey=None, ErpActorType="Customer"), id="no actor"),
        pytest.param(wanted(20, ErpKey="C1011", ErpActorType="Supplier"), id="actor of another type"),
        pytest.param(wanted(20, ErpKey="C1011", ErpActorType="Employee"), id="type without a mapping"),
        pytest.param(wanted(20, "Person"), id="counterpart of another kind"),
        pytest.param(wanted(20, "Unknown"), id="unknown kind"),
        pytest.param(wanted(99), id="unknown record"),
        pytest.param(wanted(20, connection_id=2), id="actor of another connection"),
        pytest.param(wanted(20, connection_id=3), id="inactive connection"),
        pytest.param(wanted(20, connection_id=99), id="unknown connection"),
    ],
)
@pytest.mark.usefixtures("contact")
def test_what_cannot_be_linked(call, state, arguments):
    before = list(state.links)
    assert call("CreateActorLink", **arguments) is False
    with pytest.raises(Refusal):
        call("ConnectActor", **arguments, FieldValues=[{"CrmFieldKey": "phone", "Value": "1"}])
    assert list(state.links) == before
    assert state.log == []


@pytest.mark.usefixtures("contact")
def test_nothing_is_linked_by_a_connection_that_fails_or_syncs_no_such_actors(call, state):
    connection = state.connections[1]
    connection.failure = Failure(user_explanation="x", tech_explanation="x")
    assert call("CreateActorLink", **wanted(20)) is False
    connection.failure = None
    connection.mappings["Customer"].is_active = False
    assert call("CreateActorLink", **wanted(20)) is False
    connection.mappings["Customer"].is_active = True
    assert call("CreateActorLink", **wanted(20)) is True
    assert call("CreateActorLink", **wanted(20)) is False, "the second time it is taken"


def test_breaking_deletes_the_external_key_of_that_connection_only(call, state):
    assert break_link(call, 11) is True
    assert external(state, "C1001") is None
    assert external(state, "S5001", 2) is not None
    assert state.links.internal(501) is not None
    assert state.crm.find("contact", 11) is not None
    assert state.connections[1].erp.find("Customer", "C1001") is not None
    state.connections[1].erp.change("Customer", "C1001", {"CITY": "Voss"})
    call("ForceSyncAll")
    assert state.crm.record("contact", 11).values["city"] == "Bergen"
    response = call("ForceResyncExternal", ErpConnectionId=1, ErpActorType="Customer", ExternalKeys=["C1001"])
    assert response["IsOk"] is False


@pytest.mark.parametrize(
    ("record_id", "kind", "connection_id"),
    [(99, "Contact", 1), (20, "Contact", 2), (11, "Person", 1), (11, "Unknown", 1), (11, "Contact", 99)],
)
def test_where_nothing_is_linked_nothing_is_broken(call, state, record_id, kind, connection_id):
    before = list(state.links)
    assert break_link(call, record_id, kind, connection_id) is False
    assert list(state.links) == before


def test_a_broken_link_can_be_made_anew(call, state):
    old = external(state, "C1001").external_key_id
    assert break_link(call, 11) is True
    assert break_link(call, 11) is False
    assert call("CreateActorLink", **wanted(11, ErpKey="C1001", ErpActorType="Customer")) is True
    assert external(state, "C1001").external_key_id != old


def test_links_of_a_deleted_connection_are_not_broken(call):
    call("DeleteConnection", ErpConnectionId=1)
    assert break_link(call, 11) is False


def chosen(**values):
    return [{"CrmFieldKey": key, "Value": value} for key, value in values.items()]


def test_connecting_writes_the_chosen_values_to_both(call, state, contact):
    values = chosen(name="Chosen & Co", city="Chosen City", category="2", phone=None)
    assert call("ConnectActor", **wanted(20), FieldValues=[*values, None]) is None
    assert external(state) is not None
    assert (contact["name"], contact["city"], contact["category"], contact["phone"]) == (
        "Chosen & Co", "Chosen City", "2", "",
    )  # fmt: skip
    actor = state.connections[1].erp.actor("Customer", "C1011").values
    assert (actor["NAME"], actor["CITY"], actor["PRICEGROUP"]) == ("Chosen & Co", "Chosen City", "2")
    assert {entry.cause for entry in state.log} == {"ConnectActor"}
    assert {entry.where for entry in state.log} == {"erp 1", "crm"}
    call("ForceSyncAll")
    assert (contact["name"], contact["city"], contact["category"]) == ("Chosen & Co", "Chosen City", "2")


def test_connecting_without_values_is_a_link(call, state, contact):
    before = dict(contact)
    for values in (None, []):
        call("ConnectActor", **wanted(20), FieldValues=values)
        assert external(state) is not None
        assert contact == before
        break_link(call, 20)


@pytest.mark.usefixtures("contact")
def test_list_items_are_translated_for_the_erp(call, state):
    field = state.connections[1].mappings["Customer"].field_of("PRICEGROUP")
    field.list_items = {"1": 3, "2": 1}
    call("ConnectActor", **wanted(20), FieldValues=chosen(category="3"))
    assert state.connections[1].erp.actor("Customer", "C1011").values["PRICEGROUP"] == "1"
    break_link(call, 20)
    with pytest.raises(Refusal, match="no counterpart"):
        call("ConnectActor", **wanted(20), FieldValues=chosen(category="2"))
    assert external(state) is None


@pytest.mark.usefixtures("contact")
def test_a_field_that_the_erp_only_shows_is_written_to_the_crm_alone(call, state, contact):
    call("ConnectActor", **wanted(20), FieldValues=chosen(creditLimit="[F:1]"))
    assert contact["creditLimit"] == "[F:1]"
    assert "CREDITLIMIT" not in state.connections[1].erp.actor("Customer", "C1011").values


def test_values_of_fields_that_are_not_synced_here_are_passed_over(call, state, contact):
    field = state.connections[1].mappings["Customer"].field_of("CITY")
    field.sync_to_crm = False
    before = contact["city"]
    call("ConnectActor", **wanted(20), FieldValues=chosen(city="Nowhere"))
    assert contact["city"] == before
    assert state.connections[1].erp.actor("Customer", "C1011").values["CITY"] == "Bodø"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (chosen(nope="1"), "System.ArgumentException"),
        ([{"CrmFieldKey": None, "Value": "1"}], "System.ArgumentException"),
        (chosen(phone="1", paymentDays="14"), "System.FormatException"),
    ],
)
def test_values_that_cannot_be_written_leave_no_link(call, state, contact, values, kind):
    before = dict(contact)
    with pytest.raises(Refusal) as refused:
        call("ConnectActor", **wanted(20), FieldValues=values)
    assert refused.value.exception_type == kind
    assert external(state) is None
    assert contact == before
    assert state.log == []


@pytest.mark.parametrize("side", ["crm", "erp"])
def test_what_was_got_of_either_side_can_be_chosen(call, state, contact, side):
    if side == "crm":
        values = call("GetFieldValuesFromCrm", RecordId=20, ActorTypeCrm="Contact")
    else:
        values = call("GetFieldValuesFromErp", ErpConnectionId=1, ActorTypeErp="Customer", ErpKey="C1011")
    call("ConnectActor", **wanted(20), FieldValues=values)
    name = "Harbour Lights" if side == "crm" else "Unlinked Umbrellas"
    assert contact["name"] == name
    assert state.connections[1].erp.actor("Customer", "C1011").values["NAME"] == name
