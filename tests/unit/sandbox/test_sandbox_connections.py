from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.handlers.connections import (
    get_connection,
    get_connections_and_display_fields,
    toggle_erp_connection_active,
)
from superoffice_erpsync.sandbox.handlers.connections import test_connection_by_id as connection_answers
from superoffice_erpsync.sandbox.state.connections import Failure


def toggle(state, connection_id):
    return toggle_erp_connection_active(state, {"ErpConnectionId": connection_id})


def display(state, crm_actor_type, entity_id):
    return get_connections_and_display_fields(state, {"CrmActorType": crm_actor_type, "EntityId": entity_id})


def test_get_connection_tells_everything(state):
    found = get_connection(state, {"ErpConnectionId": 3})
    assert found["ErpConnectorId"] == 2
    assert found["Active"] is False
    assert found["AllAccess"] is False
    assert found["UserGroupAccessIds"] == [1, 4]
    assert found["AssociateAccessIds"] == [7]
    assert found["ConfigFields"]["Database"] == "TRADING"
    assert found["ConnectionId"] == state.connections[3].guid


def test_get_connection_is_none_for_an_unknown_id_and_tells_of_deleted_ones(state):
    assert get_connection(state, {"ErpConnectionId": 99}) is None
    state.connections[3].deleted = True
    assert get_connection(state, {"ErpConnectionId": 3})["Deleted"] is True


def test_display_fields_of_a_linked_contact(state):
    first, second = display(state, "Contact", 11)
    assert (first["ErpConnectionId"], second["ErpConnectionId"]) == (1, 2)
    assert first["Connected"] is True
    assert first["ErpActorType"] == "Customer"
    assert first["ErpActorTypes"] == ["Customer", "Supplier"]
    assert first["CrmActorType"] == "Contact"
    keys = [field["FieldKey"] for field in first["ErpFields"]]
    assert keys[:2] == ["NAME", "ORGNO"]
    assert "SALESPERSON" not in keys
    limit = next(field for field in first["ErpFields"] if field["FieldKey"] == "CREDITLIMIT")
    assert (limit["FieldType"], limit["Access"]) == ("Double", "ReadOnly")


def test_display_fields_of_unlinked_and_other_entities(state):
    assert [data["Connected"] for data in display(state, "Contact", 20)] == [True, False]
    assert [data["Connected"] for data in display(state, "Contact", 0)] == [False, False]
    assert display(state, "Person", 31)[0]["ErpActorType"] == "Person"
    assert display(state, "Sale", 1) == []
    assert display(state, "Unknown", 11) == []


def test_only_active_connections_are_displayed(state):
    state.connections[2].active = False
    assert [data["ErpConnectionId"] for data in display(state, "Contact", 11)] == [1]


@pytest.mark.parametrize(("connection_id", "answers"), [(1, True), (2, True), (3, True), (0, False), (99, False)])
def test_connections_answer(state, connection_id, answers):
    assert connection_answers(state, {"ErpConnectionId": connection_id}) is answers


def test_a_failing_connection_does_not_answer(state):
    state.connections[1].failure = Failure(error_code="X", user_explanation="x", tech_explanation="x")
    assert connection_answers(state, {"ErpConnectionId": 1}) is False


def test_toggle_is_a_toggle(state):
    assert toggle(state, 1) == []
    assert state.connections[1].active is False
    assert toggle(state, 1) == []
    assert state.connections[1].active is True


def test_toggle_refuses_while_a_mandatory_field_has_no_direction(state):
    reasons = toggle(state, 3)
    assert len(reasons) == 2
    assert "VATNO" in reasons[0]
    assert "CURRENCY" in reasons[1]
    assert state.connections[3].active is False


def test_toggle_agrees_once_the_fields_have_a_direction(state):
    customer = state.connections[3].mappings["Customer"]
    customer.field_of("VATNO").sync_to_erp = True
    customer.field_of("CURRENCY").sync_to_crm = True
    assert len(toggle(state, 3)) == 1, "a direction without a field of the CRM leads nowhere"
    customer.field_of("CURRENCY").crm_field_key = "currency"
    assert toggle(state, 3) == []
    assert state.connections[3].active is True


def test_toggle_of_an_unknown_connection_gives_the_reason(state):
    assert "99" in toggle(state, 99)[0]


def test_every_seeded_link_leads_from_an_actor_to_a_record(state):
    for link in state.links:
        internal = state.links.internal(link.internal_key_id)
        assert internal is not None
        assert state.crm.find(internal.table, internal.record_id) is not None
        assert state.connections[link.connection_id].erp.find(link.actor_type, link.key) is not None


def test_an_actor_is_joined_once_and_a_record_has_one_internal_key(state):
    with pytest.raises(ValueError, match="joined already"):
        state.links.join(999, "contact", 12, connection_id=1, actor_type="Customer", key="C1001")
    with pytest.raises(ValueError, match="belongs to"):
        state.links.join(501, "contact", 12, connection_id=1, actor_type="Customer", key="C1011")
    with pytest.raises(ValueError, match="another internal key"):
        state.links.join(999, "contact", 12, connection_id=1, actor_type="Customer", key="C1011")
    assert state.links.internal(999) is None


def test_a_broken_link_can_be_joined_anew(state):
    external = state.links.external(1, "Customer", "C1001")
    state.links.part(external)
    assert external not in state.links.externals_of(501)
    assert external not in list(state.links)
    again = state.links.join(501, "contact", 11, connection_id=1, actor_type="Customer", key="C1001")
    assert again.external_key_id != external.external_key_id
    assert state.links.of_record("contact", 11).internal_key_id == 501
