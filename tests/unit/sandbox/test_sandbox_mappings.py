"""Mappings of fields: read, stored and ranked."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal

NOT_FOUND = "SuperOffice.Exceptions.SoNotFoundException"
ARGUMENT = "System.ArgumentException"


def get(call, connection_id=1, actor_type="Customer"):
    return call("GetActorTypeMapping", ErpConnectionId=connection_id, ActorType=actor_type)


def save(call, mapping):
    return call("SaveActorTypeMapping", Mapping=mapping)


def field_of(mapping, key):
    return next(field for field in mapping["FieldMappings"] if field["ErpFieldKey"] == key)


def with_field(mapping, key, **changes):
    fields = [{**f, **changes} if f["ErpFieldKey"] == key else f for f in mapping["FieldMappings"]]
    return {**mapping, "FieldMappings": fields}


def test_a_mapping_tells_both_sides_of_its_fields(call):
    mapping = get(call)
    assert (mapping["ErpConnectionId"], mapping["ActorTypeErp"], mapping["ActorTypeCrm"]) == (1, "Customer", "Contact")
    assert mapping["IsActive"] is True
    name = field_of(mapping, "NAME")
    assert (name["ErpDisplayName"], name["CrmDisplayName"], name["CrmFieldKey"]) == ("Name", "Company", "name")
    assert name["ErpDisplayTooltip"]
    assert name["CrmDisplayTooltip"]
    assert (name["SyncToCrm"], name["SyncToErp"], name["Access"]) == (True, True, "Mandatory")
    assert (name["ShowInGui"], name["ShowInSearch"]) == (True, True)
    assert field_of(mapping, "CREDITLIMIT")["FieldType"] == "Double"
    assert field_of(mapping, "PRICEGROUP")["ListReference"] == "table=category"
    assert field_of(mapping, "NAME")["ListReference"] is None
    free = field_of(mapping, "SALESPERSON")
    assert (free["CrmFieldKey"], free["CrmDisplayName"], free["ShowInGui"]) == ("", "", False)


def test_a_field_of_the_crm_that_another_connection_maps_is_marked(call):
    assert field_of(get(call), "CITY")["AlreadyMapped"] is True
    assert field_of(get(call), "SALESPERSON")["AlreadyMapped"] is False
    call("DeleteConnection", ErpConnectionId=2)
    assert field_of(get(call), "CITY")["AlreadyMapped"] is False
    assert field_of(get(call), "NAME")["AlreadyMapped"] is True, "connection 3 maps it too"
    project = get(call, actor_type="Project")
    assert field_of(project, "NAME")["AlreadyMapped"] is False, "that of contacts is another field"


@pytest.mark.parametrize(("connection_id", "actor_type"), [(99, "Customer"), (1, "Employee"), (1, "Unknown")])
def test_an_unknown_mapping_is_none_and_cannot_be_saved(call, connection_id, actor_type):
    assert get(call, connection_id, actor_type) is None
    with pytest.raises(Refusal) as refused:
        save(call, {"ErpConnectionId": connection_id, "ActorTypeErp": actor_type})
    assert refused.value.exception_type == NOT_FOUND
    with pytest.raises(Refusal) as missing:
        save(call, None)
    assert missing.value.exception_type == "System.ArgumentNullException"


@pytest.mark.parametrize(
    ("connection_id", "actor_type"), [(1, "Customer"), (1, "Supplier"), (2, "Person"), (2, "Project"), (3, "Customer")]
)
def test_what_is_got_can_be_saved(call, connection_id, actor_type):
    before = get(call, connection_id, actor_type)
    assert save(call, before) == before
    assert get(call, connection_id, actor_type) == before


def test_saving_reaches_that_connection_and_that_actor_only(call):
    others = [get(call, 2), get(call, 1, "Supplier")]
    saved = save(call, with_field(get(call), "PHONE", SyncToCrm=False, ShowInGui=False, ShowInSearch=True))
    phone = field_of(saved, "PHONE")
    assert (phone["SyncToCrm"], phone["SyncToErp"], phone["ShowInGui"], phone["ShowInSearch"]) == (
        False, True, False, True,
    )  # fmt: skip
    assert saved == get(call)
    assert [get(call, 2), get(call, 1, "Supplier")] == others


def test_what_is_saved_is_what_the_sync_goes_by(call, state):
    mapping = with_field(get(call), "CITY", SyncToCrm=False)
    save(call, with_field(mapping, "SALESPERSON", CrmFieldKey="city", SyncToCrm=True))
    state.connections[1].erp.change("Customer", "C1001", {"SALESPERSON": "Ada", "CITY": "Voss"})
    call("ForceSyncAll")
    assert state.crm.record("contact", 11).values["city"] == "Ada"


def test_an_inactive_mapping_moves_nothing(call, state):
    save(call, {**get(call), "IsActive": False})
    state.connections[1].erp.change("Customer", "C1001", {"CITY": "Voss"})
    call("ForceSyncAll")
    assert state.crm.record("contact", 11).values["city"] == "Bergen"


def test_fields_that_are_not_named_stay_as_they_are(call):
    before = get(call)
    only = {**field_of(before, "CITY"), "ShowInGui": False}
    after = save(call, {**before, "FieldMappings": [only, None]})
    assert after == with_field(before, "CITY", ShowInGui=False)
    assert save(call, {**before, "FieldMappings": None}) == after


def test_a_field_without_id_is_known_by_its_key(call):
    before = get(call)
    after = save(call, {**before, "FieldMappings": [{"ErpFieldKey": "CITY", "CrmFieldKey": "", "ShowInGui": True}]})
    city = field_of(after, "CITY")
    assert (city["CrmFieldKey"], city["SyncToCrm"]) == ("", False)
    assert city["ErpFieldId"] == field_of(before, "CITY")["ErpFieldId"]


def test_what_the_connector_says_is_not_for_the_caller_to_say(call):
    before = get(call)
    given = {
        "ErpDisplayName": "x",
        "CrmDisplayName": "x",
        "FieldType": "Date",
        "Access": "Normal",
        "MissingInERP": True,
    }
    assert save(call, with_field(before, "NAME", **given)) == before


def test_a_field_that_the_crm_lacks_is_kept_marked_and_not_synced(call, state):
    after = save(call, with_field(get(call), "CITY", CrmFieldKey="town"))
    city = field_of(after, "CITY")
    assert (city["CrmFieldKey"], city["MissingInCRM"], city["CrmDisplayName"]) == ("town", True, "")
    assert not any(f["MissingInCRM"] for f in after["FieldMappings"] if f["ErpFieldKey"] != "CITY")
    assert save(call, after) == after
    state.connections[1].erp.change("Customer", "C1001", {"CITY": "Voss"})
    call("ForceSyncAll")
    assert "town" not in state.crm.record("contact", 11).values


@pytest.mark.parametrize(
    ("key", "changes", "kind"),
    [
        ("NAME", {"ErpFieldId": 9999}, NOT_FOUND),
        ("NAME", {"ErpFieldId": 2001}, NOT_FOUND),
        ("NAME", {"ErpFieldId": 0, "ErpFieldKey": "NOPE"}, NOT_FOUND),
        ("SALESPERSON", {"SyncToCrm": True}, ARGUMENT),
        ("SALESPERSON", {"SyncToErp": True}, ARGUMENT),
        ("CREDITLIMIT", {"SyncToErp": True}, ARGUMENT),
    ],
)
def test_a_mapping_that_makes_no_sense_changes_nothing(call, key, changes, kind):
    before = get(call)
    spoiled = with_field(with_field(before, "CITY", ShowInGui=False), key, **changes)
    with pytest.raises(Refusal) as refused:
        save(call, {**spoiled, "IsActive": False})
    assert refused.value.exception_type == kind
    assert get(call) == before


def test_another_counterpart_is_refused_and_an_unknown_one_means_the_same(call):
    before = get(call)
    assert save(call, {**before, "ActorTypeCrm": "Unknown"}) == before
    with pytest.raises(Refusal, match="Contact"):
        save(call, {**before, "ActorTypeCrm": "Person"})


def move(call, key, direction, connection_id=1, actor_type="Customer"):
    field_id = field_of(get(call), key)["ErpFieldId"]
    call(
        "MoveErpFieldItem",
        ErpFieldId=field_id,
        Direction=direction,
        ErpConnectionId=connection_id,
        ErpActorType=actor_type,
    )


def keys(call):
    return [field["ErpFieldKey"] for field in get(call)["FieldMappings"]][:4]


def test_moving_changes_the_rank_by_one_place(call):
    assert keys(call) == ["NAME", "ORGNO", "PHONE", "CITY"]
    move(call, "NAME", 1)
    assert keys(call) == ["ORGNO", "NAME", "PHONE", "CITY"]
    move(call, "CITY", -5)
    assert keys(call) == ["ORGNO", "NAME", "CITY", "PHONE"]
    displayed = call("GetConnectionsAndDisplayFields", CrmActorType="Contact", EntityId=11)[0]["ErpFields"]
    assert [field["FieldKey"] for field in displayed][:4] == ["ORGNO", "NAME", "CITY", "PHONE"]
    assert [field["Rank"] for field in displayed] == list(range(1, 9))
    assert field_of(get(call, 2), "NAME") == get(call, 2)["FieldMappings"][0], "other connections stay"


def test_moving_ends_at_both_ends_and_0_moves_nothing(call):
    move(call, "NAME", -1)
    move(call, "SALESPERSON", 1)
    move(call, "PHONE", 0)
    assert keys(call) == ["NAME", "ORGNO", "PHONE", "CITY"]
    assert get(call)["FieldMappings"][-1]["ErpFieldKey"] == "SALESPERSON"


def test_a_moved_mapping_can_be_saved_as_it_was_got(call):
    move(call, "NAME", 1)
    before = get(call)
    assert save(call, before) == before


@pytest.mark.parametrize(
    ("connection_id", "actor_type"), [(99, "Customer"), (2, "Customer"), (1, "Person"), (1, "Sale")]
)
def test_what_is_not_there_cannot_be_moved(call, connection_id, actor_type):
    with pytest.raises(Refusal) as refused:
        move(call, "NAME", 1, connection_id, actor_type)
    assert refused.value.exception_type == NOT_FOUND
