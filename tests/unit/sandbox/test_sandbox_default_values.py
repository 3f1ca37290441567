"""Default values, and what the first sync of a link does with them."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal

PHONE, PAYMENTDAYS, SINCE, SALESPERSON, NAME, LIMIT = 1003, 1006, 1007, 1009, 1001, 1005


def get(call, field_id):
    return call("GetDefaultValueInfo", ErpFieldId=field_id)


def save(call, field_id, **changes):
    return call("SaveDefaultValueInfo", ErpSyncDefaultValue={**get(call, field_id), **changes})


def link(call, contact_id=20, key="C1011"):
    return call(
        "CreateActorLink",
        ErpConnectionId=1,
        CrmRecordId=contact_id,
        CrmActorType="Contact",
        ErpKey=key,
        ErpActorType="Customer",
    )


@pytest.fixture
def free(call, state):
    """The actor C1011, which nothing is linked to, and contact 20, which is free after this."""
    call("ForceSyncAll")
    assert call("BreakActorLink", ErpConnectionId=1, CrmRecordId=20, CrmActorType="Contact")
    return state.connections[1].erp.actor("Customer", "C1011").values


def added(response):
    return [(item["Tablename"], item["RecordId"]) for item in (response["Changes"] or {}).get("AddedRecords", [])]


def test_what_a_field_is_filled_with(call):
    found = get(call, PAYMENTDAYS)
    assert (found["ErpFieldId"], found["ErpFieldKey"], found["FieldType"]) == (PAYMENTDAYS, "PAYMENTDAYS", "Integer")
    assert (found["DefaultValue"], found["HasFirstSyncDefaultValue"], found["FirstSyncDefaultValue"]) == (
        "[I:30]", False, "",
    )  # fmt: skip
    assert (found["PromptUser"], found["Mandatory"], found["Access"]) == (False, False, "Normal")
    assert get(call, 1008)["ListName"] == "PriceGroup"
    assert get(call, NAME)["Mandatory"] is True


def test_an_unknown_field_is_none_and_cannot_be_saved(call):
    assert get(call, 99) is None
    for info, kind in (
        ({"ErpFieldId": 99}, "SuperOffice.Exceptions.SoNotFoundException"),
        (None, "System.ArgumentNullException"),
    ):
        with pytest.raises(Refusal) as refused:
            call("SaveDefaultValueInfo", ErpSyncDefaultValue=info)
        assert refused.value.exception_type == kind
    call("DeleteConnection", ErpConnectionId=1)
    assert get(call, NAME) is None


@pytest.mark.parametrize("field_id", [NAME, PAYMENTDAYS, SALESPERSON, 3003])
def test_what_is_got_can_be_saved(call, field_id):
    before = get(call, field_id)
    assert save(call, field_id) == before
    assert get(call, field_id) == before


def test_all_that_can_be_set_is_kept_for_that_field_only(call):
    other = get(call, PHONE + 1000)
    wanted = {
        "DefaultValue": "1", "HasFirstSyncDefaultValue": True, "FirstSyncDefaultValue": "2", "PromptUser": True,
        "Mandatory": True,
    }  # fmt: skip
    saved = save(call, PHONE, **wanted)
    assert {name: saved[name] for name in wanted} == wanted
    assert get(call, PHONE) == saved
    assert get(call, PHONE + 1000) == other
    assert save(call, PHONE, Mandatory=False)["Mandatory"] is False


def test_what_the_erp_says_is_not_for_the_caller_to_say(call):
    before = get(call, NAME)
    given = {"Mandatory": False, "Access": "Normal", "FieldType": "Date", "ErpFieldKey": "x", "ListName": "x"}
    assert save(call, NAME, **given) == before


@pytest.mark.parametrize(
    ("field_id", "value", "fits"),
    [
        (PAYMENTDAYS, "[I:-14]", True),
        (PAYMENTDAYS, "", True),
        (PAYMENTDAYS, "30", False),
        (PAYMENTDAYS, "[F:30]", False),
        (LIMIT, "[F:1.5]", True),
        (LIMIT, "[F:1,5]", False),
        (LIMIT, "1.5", False),
        (SINCE, "[DT:12/31/2013 23:59:59.0000000]", True),
        (SINCE, "[DT:31/12/2013 23:59:59.0000000]", False),
        (SINCE, "2013-12-31", False),
        (PHONE, "[I:30", True),
    ],
)
@pytest.mark.parametrize("member", ["DefaultValue", "FirstSyncDefaultValue"])
def test_values_have_the_form_of_their_type(call, field_id, value, fits, member):
    if fits:
        assert save(call, field_id, HasFirstSyncDefaultValue=True, **{member: value})[member] == value
        return
    before = get(call, field_id)
    with pytest.raises(Refusal) as refused:
        save(call, field_id, **{member: value})
    assert refused.value.exception_type == "System.FormatException"
    assert get(call, field_id) == before


def test_a_default_fills_the_erps_field_where_the_crm_has_nothing(call, state):
    save(call, PHONE, DefaultValue="+47 00")
    call("ForceSyncAll")
    state.crm.change("contact", 11, {"phone": ""})
    state.crm.change("contact", 12, {"phone": "12"})
    call("ForceSyncAll")
    actor = state.connections[1].erp.actor
    assert actor("Customer", "C1001").values["PHONE"] == "+47 00"
    assert actor("Customer", "C1002").values["PHONE"] == "12"
    assert state.connections[2].erp.actor("Customer", "S5001").values["PHONE"] == ""


def test_a_default_does_not_fill_the_crm(call, state):
    save(call, PAYMENTDAYS, DefaultValue="[I:10]")
    state.connections[1].erp.change("Customer", "C1001", {"PAYMENTDAYS": ""})
    call("ForceSyncAll")
    assert state.crm.record("contact", 11).values["paymentDays"] == ""


def test_first_sync_defaults_fill_gaps_on_the_first_sync(call, state, free):
    free["SALESPERSON"] = ""
    save(call, SALESPERSON, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="Ada")
    save(call, PAYMENTDAYS, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="[I:14]")
    save(call, 1004, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="Elsewhere")
    assert link(call)
    assert free.get("SALESPERSON", "") == "", "a link alone moves nothing"
    call("ForceSyncAll")
    assert free["SALESPERSON"] == "Ada"
    assert free["PAYMENTDAYS"] == "[I:14]"
    assert free["CITY"] == "Bodø", "what is filled stays"
    assert state.crm.record("contact", 20).values["paymentDays"] == "[I:14]", "the CRM gets it in the same sync"


def test_later_syncs_leave_first_sync_defaults_alone(call, state, free):
    assert link(call)
    call("ForceSyncAll")
    save(call, SALESPERSON, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="Ada")
    state.connections[1].erp.change("Customer", "C1011", {"CITY": "Voss"})
    state.crm.change("contact", 20, {"category": "2"})
    call("ForceSyncAll")
    assert free.get("SALESPERSON", "") == ""


def test_on_the_first_sync_the_crm_goes_before_the_first_default_and_that_before_the_default(call, state, free):
    email = {"DefaultValue": "later", "HasFirstSyncDefaultValue": True, "FirstSyncDefaultValue": "first"}
    field = state.connections[1].mappings["Customer"].field_of("SALESPERSON")
    field.crm_field_key, field.sync_to_erp = "city", True
    state.connections[1].mappings["Customer"].field_of("CITY").sync_to_crm = False
    save(call, SALESPERSON, **email)
    state.crm.change("contact", 20, {"city": ""})
    assert link(call)
    call("ForceSyncAll")
    assert free["SALESPERSON"] == "first"
    state.crm.change("contact", 20, {"phone": "1"})
    call("ForceSyncAll")
    assert free["SALESPERSON"] == "later"
    state.crm.change("contact", 20, {"city": "Oslo"})
    call("ForceSyncAll")
    assert free["SALESPERSON"] == "Oslo"


def test_the_first_sync_of_a_link_carries_everything_and_names_its_key(call, state, free):
    assert link(call)
    response = call("ForceSyncAll")
    assert response["IsOk"] is True
    external = state.links.external(1, "Customer", "C1011")
    assert added(response) == [("erpexternalkey", external.external_key_id)]
    contact = state.crm.record("contact", 20).values
    assert (contact["name"], contact["city"]) == ("Unlinked Umbrellas", "Bodø")
    assert free["PRICEGROUP"] == "1", "what goes from the CRM to the ERP only"
    again = call("ForceSyncAll")
    assert again["Changes"] is None


def test_the_first_sync_reaches_the_erp_where_the_crm_does_not_change(call, state, free):
    contact = state.crm.record("contact", 20).values
    free.update({"NAME": contact["name"], "ORGNO": contact["orgnr"], "PHONE": contact["phone"], "PRICEGROUP": ""})
    for mapped in ("CITY", "CREDITLIMIT", "PAYMENTDAYS", "SINCE"):
        state.connections[1].mappings["Customer"].field_of(mapped).sync_to_crm = False
    call("ForceSyncAll")
    assert link(call)
    response = call("ForceSyncAll")
    assert response["Changes"]["UpdatedRecords"] == []
    assert free["PRICEGROUP"] == "1"


def test_later_syncs_write_only_what_changed_in_the_crm(call, state, free):
    assert link(call)
    call("ForceSyncAll")
    state.connections[1].erp.change("Customer", "C1011", {"PRICEGROUP": "3"})
    call("ForceSyncAll")
    assert free["PRICEGROUP"] == "3"
    state.crm.change("contact", 19, {"city": "Voss"})
    call("ForceSyncAll")
    assert free["PRICEGROUP"] == "3"


def test_a_link_of_an_inactive_mapping_waits_for_its_first_sync(call, state, free):
    assert link(call)
    mapping = state.connections[1].mappings["Customer"]
    mapping.is_active = False
    assert added(call("ForceSyncAll")) == []
    mapping.is_active = True
    assert len(added(call("ForceSyncAll"))) == 1
