"""List mappings: read, stored, and what they make of values on their way."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal

NOT_FOUND = "SuperOffice.Exceptions.SoNotFoundException"


def get(call, connection_id=1):
    return call("GetConnectionListMappings", ErpConnectionId=connection_id)


def save(call, container):
    return call("SaveConnectionListMappings", ListMapping=container)


def pairs(container, list_name="PriceGroup"):
    found = next(item for item in container["ErpListItemMappings"] if item["ErpListName"] == list_name)
    return {
        item["ErpListItemId"]: item["CrmListItem"] and item["CrmListItem"]["Id"]
        for item in found["ErpCrmListItemMappings"]
    }


def with_pairs(container, wanted, list_name="PriceGroup"):
    lists = []
    for item in container["ErpListItemMappings"]:
        if item["ErpListName"] == list_name:
            mapped = [
                {"ErpListItemId": key, "CrmListItem": number and {"Id": number}} for key, number in wanted.items()
            ]
            item = {**item, "ErpCrmListItemMappings": mapped}
        lists.append(item)
    return {**container, "ErpListItemMappings": lists}


def two_way(state):
    field = state.connections[1].mappings["Customer"].field_of("PRICEGROUP")
    field.sync_to_crm = field.sync_to_erp = True
    return field


def test_all_mapped_lists_are_told_with_the_items_of_both_sides(call):
    container = get(call)
    assert (container["ErpConnectionId"], container["ErpConnectionName"]) == (1, "Nordic Ledger Norway")
    first, second = container["ErpListItemMappings"]
    assert (first["ErpListName"], first["ErpActorTypeName"]) == ("PriceGroup", "Customer")
    assert (second["ErpListName"], second["ErpActorTypeName"]) == ("ProjectStatus", "Project")
    assert first["CrmList"]["Type"] == "category"
    assert [item["Id"] for item in first["CrmList"]["ChildItems"]] == [1, 2, 3]
    wholesale = first["ErpCrmListItemMappings"][1]
    assert (wholesale["ErpListItemId"], wholesale["ErpListItemName"]) == ("2", "Wholesale")
    assert (wholesale["CrmListItem"]["Id"], wholesale["CrmListItem"]["Name"]) == (2, "Wholesale")


def test_a_list_whose_field_is_not_mapped_to_a_list_is_not_told(call, state):
    field = state.connections[1].mappings["Customer"].field_of("PRICEGROUP")
    for key in ("", "phone"):
        field.crm_field_key = key
        assert [item["ErpListName"] for item in get(call)["ErpListItemMappings"]] == ["ProjectStatus"]


def test_an_unknown_connection_is_none_and_cannot_be_saved(call):
    assert get(call, 99) is None
    for container, kind in (({"ErpConnectionId": 99}, NOT_FOUND), (None, "System.ArgumentNullException")):
        with pytest.raises(Refusal) as refused:
            save(call, container)
        assert refused.value.exception_type == kind


@pytest.mark.parametrize("connection_id", [1, 2, 3])
def test_what_is_got_can_be_saved(call, connection_id):
    before = get(call, connection_id)
    assert save(call, before) == before
    assert get(call, connection_id) == before


def test_saving_changes_the_named_items(call):
    other = get(call, 2)
    after = save(call, with_pairs(get(call), {"1": 3, "3": 1}))
    assert pairs(after) == {"1": 3, "2": 2, "3": 1}
    assert get(call) == after
    after = save(call, with_pairs(after, {"2": None}))
    assert pairs(after) == {"1": 3, "2": None, "3": 1}
    after = save(call, with_pairs(after, {"1": 0}))
    assert pairs(after) == {"1": None, "2": None, "3": 1}
    assert save(call, after) == after
    assert get(call, 2) == other
    assert pairs(after, "ProjectStatus") == {"1": 1, "2": 2, "3": 3}


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ({"9": 1}, NOT_FOUND),
        ({"": 1}, NOT_FOUND),
        ({"1": 99}, NOT_FOUND),
        ({"1": 2}, "System.ArgumentException"),
        ({"1": 3, "2": 3, "3": None}, "System.ArgumentException"),
    ],
)
def test_items_that_make_no_sense_change_nothing(call, wanted, kind):
    before = get(call)
    container = with_pairs(with_pairs(before, {"3": None}, "ProjectStatus"), wanted)
    container["ErpListItemMappings"].reverse()
    with pytest.raises(Refusal) as refused:
        save(call, container)
    assert refused.value.exception_type == kind
    assert get(call) == before


@pytest.mark.parametrize("field_id", [0, 1001, 2008, 9999])
def test_a_field_that_is_no_mapped_list_of_the_connection_is_refused(call, field_id):
    with pytest.raises(Refusal) as refused:
        save(call, {"ErpConnectionId": 1, "ErpListItemMappings": [{"ErpFieldId": field_id}]})
    assert refused.value.exception_type == NOT_FOUND


def test_values_are_translated_both_ways(call, state):
    two_way(state)
    call("ForceSyncAll")
    save(call, with_pairs(get(call), {"1": 3, "3": 1}))
    state.connections[1].erp.change("Customer", "C1001", {"PRICEGROUP": "1"})
    call("ForceSyncAll")
    assert state.crm.record("contact", 11).values["category"] == "3"
    assert state.connections[2].erp.actor("Customer", "S5001").values["PRICEGROUP"] == "3"
    state.crm.change("contact", 11, {"category": "1"})
    call("ForceSyncAll")
    assert state.connections[1].erp.actor("Customer", "C1001").values["PRICEGROUP"] == "3"
    assert state.connections[2].erp.actor("Customer", "S5001").values["PRICEGROUP"] == "1"


def test_a_resync_translates_too(call, state):
    two_way(state)
    save(call, with_pairs(get(call), {"1": 3, "3": 1}))
    call("ForceResyncExternal", ErpConnectionId=1, ErpActorType="Customer", ExternalKeys=["C1001"])
    assert state.crm.record("contact", 11).values["category"] == "3"
    call("ForceResync", ErpConnectionId=0, InternalKeyIds=[501])
    assert state.connections[2].erp.actor("Customer", "S5001").values["PRICEGROUP"] == "3"
    assert state.connections[1].erp.actor("Customer", "C1001").values["PRICEGROUP"] == "1"


def test_an_item_that_is_not_mapped_stays_where_it_is_and_is_told(call, state):
    two_way(state)
    call("ForceSyncAll")
    save(call, with_pairs(get(call), {"3": None}))
    state.connections[1].erp.change("Customer", "C1001", {"PRICEGROUP": "3", "CITY": "Voss"})
    response = call("ForceSyncAll")
    assert (response["IsOk"], response["ErrorCode"]) == (False, "UNKOWN_LISTITEM_ID")
    assert "'3' of PRICEGROUP" in response["TechExplanation"]
    contact = state.crm.record("contact", 11).values
    assert (contact["category"], contact["city"]) == ("1", "Voss")
    state.crm.change("contact", 12, {"category": "3"})
    assert call("ForceSyncAll")["ErrorCode"] == "UNKOWN_LISTITEM_ID"
    assert state.connections[1].erp.actor("Customer", "C1002").values["PRICEGROUP"] == "1"


def test_a_blank_needs_no_mapping(call, state):
    two_way(state)
    state.connections[1].erp.change("Customer", "C1001", {"PRICEGROUP": ""})
    assert call("ForceSyncAll")["IsOk"] is True
    assert state.crm.record("contact", 11).values["category"] == ""


def test_a_list_that_is_no_list_in_the_crm_moves_raw(call, state):
    field = two_way(state)
    field.crm_field_key = "city"
    state.connections[1].mappings["Customer"].field_of("CITY").sync_to_crm = False
    field.list_items = {}
    state.connections[1].erp.change("Customer", "C1001", {"PRICEGROUP": "2"})
    assert call("ForceSyncAll")["IsOk"] is True
    assert state.crm.record("contact", 11).values["city"] == "2"


def test_another_field_of_the_crm_forgets_the_items(call):
    mapping = call("GetActorTypeMapping", ErpConnectionId=1, ActorType="Customer")
    for key in ("", "category"):
        for field in mapping["FieldMappings"]:
            if field["ErpFieldKey"] == "PRICEGROUP":
                field["CrmFieldKey"] = key
                field["SyncToErp"] = bool(key)
        mapping = call("SaveActorTypeMapping", Mapping=mapping)
    assert pairs(get(call)) == {"1": None, "2": None, "3": None}
