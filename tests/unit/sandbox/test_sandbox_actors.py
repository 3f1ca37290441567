"""Actors: their values beside the CRM's, and new ones."""

from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.connections import Failure
from superoffice_erpsync.sandbox.state.seed_sites import LEDGER_URL

FAILURE = Failure(user_explanation='US:"No."', tech_explanation="Out of paper.")


def by_key(values):
    return {value["CrmFieldKey"]: value for value in values}


@pytest.mark.parametrize(
    ("connection_id", "actor_type", "crm_actor_type"),
    [
        (1, "Customer", "Contact"), (1, "Supplier", "Contact"), (1, "Person", "Person"), (1, "Project", "Project"),
        (1, "Employee", "Unknown"), (3, "Person", "Unknown"), (99, "Customer", "Unknown"),
    ],
)  # fmt: skip
def test_a_kind_of_actor_has_its_counterpart_in_the_crm(call, connection_id, actor_type, crm_actor_type):
    assert call("GetCrmActorType", ErpConnectionId=connection_id, ErpActorType=actor_type) == crm_actor_type


@pytest.mark.parametrize(
    ("connection_id", "actor_type", "supported"),
    [(1, "Customer", True), (1, "Person", False), (1, "Sale", False), (3, "Customer", False), (99, "Customer", False)],
)
def test_advanced_search(call, connection_id, actor_type, supported):
    found = call("SupportsAdvancedSearch", ErpConnectionId=connection_id, ErpActorType=actor_type)
    assert found is supported


def test_a_silent_connector_searches_nothing(call, state):
    state.site_at(LEDGER_URL).answers = False
    assert call("SupportsAdvancedSearch", ErpConnectionId=1, ErpActorType="Customer") is False


def erp_values(call, keys, entity_id=11, crm_actor_type="Contact", connection_id=1):
    return call(
        "GetErpFieldValues",
        ErpConnectionId=connection_id,
        CrmActorType=crm_actor_type,
        EntityId=entity_id,
        FieldKeys=keys,
    )


def test_values_come_in_the_order_of_the_keys(call):
    keys = ["CITY", "NOPE", "NAME", "CREDITLIMIT", None, "PAYMENTDAYS", "SALESPERSON", "SINCE", "CITY", "city"]
    assert erp_values(call, keys) == [
        "Bergen", None, "Fjordview Timber", "[F:50000]", None, "[I:30]", "",
        "[DT:01/10/2012 00:00:00.0000000]", "Bergen", None,
    ]  # fmt: skip
    assert erp_values(call, []) == erp_values(call, None) == []
    assert erp_values(call, ["LASTNAME", "NAME"], 31, "Person") == ["Sample", None]


def test_values_of_the_connection_that_is_asked(call, state):
    state.connections[2].erp.actor("Customer", "S5001").values["PRICEGROUP"] = "3"
    assert erp_values(call, ["PRICEGROUP"], connection_id=2) == ["3"]
    assert erp_values(call, ["PRICEGROUP"]) == ["1"]


def test_a_field_that_vanished_is_unknown(call, state):
    state.connections[1].mappings["Customer"].field_of("CITY").missing_in_erp = True
    assert erp_values(call, ["CITY", "NAME"]) == [None, "Fjordview Timber"]


@pytest.mark.parametrize(
    ("entity_id", "crm_actor_type", "connection_id"),
    [(99, "Contact", 1), (15, "Contact", 2), (11, "Person", 1), (11, "Unknown", 1), (11, "Contact", 99)],
)
def test_values_of_what_is_not_linked_are_none(call, entity_id, crm_actor_type, connection_id):
    assert erp_values(call, ["NAME"], entity_id, crm_actor_type, connection_id) is None


def test_values_of_an_actor_that_was_deleted_in_its_erp_are_none(call, state):
    state.connections[1].erp.remove("Customer", "C1001")
    assert erp_values(call, ["NAME"]) is None


def test_values_cannot_be_read_from_an_erp_that_fails(call, state):
    state.connections[1].failure = FAILURE
    arguments = {"ErpConnectionId": 1, "ActorTypeErp": "Customer", "ErpKey": "C1001"}
    for ask in (lambda: erp_values(call, ["NAME"]), lambda: call("GetFieldValuesFromErp", **arguments)):
        with pytest.raises(Refusal, match=r"Out of paper\.") as refused:
            ask()
        assert refused.value.friendly_text == 'US:"No."'


def test_the_crms_values_of_mapped_fields(call):
    values = by_key(call("GetFieldValuesFromCrm", RecordId=11, ActorTypeCrm="Contact"))
    assert list(values) == [
        "name", "orgnr", "phone", "city", "creditLimit", "paymentDays", "customerSince", "category",
    ]  # fmt: skip
    assert (values["name"]["DisplayName"], values["name"]["Value"]) == ("Company", "Fjordview Timber")
    assert (values["name"]["SyncToCrm"], values["name"]["SyncToErp"]) == (True, True)
    assert (values["category"]["SyncToCrm"], values["category"]["SyncToErp"]) == (False, True)
    shown = {key: (value["Value"], value["DisplayValue"]) for key, value in values.items()}
    assert shown["creditLimit"] == ("[F:50000]", "50000")
    assert shown["paymentDays"] == ("[I:30]", "30")
    assert shown["customerSince"] == ("[DT:01/10/2012 00:00:00.0000000]", "2012-01-10")
    assert shown["category"] == ("1", "Standard")


def test_a_field_that_nobody_maps_is_left_out(call, state):
    call("DeleteConnection", ErpConnectionId=2)
    state.connections[1].mappings["Customer"].field_of("CITY").crm_field_key = ""
    assert "city" not in by_key(call("GetFieldValuesFromCrm", RecordId=11, ActorTypeCrm="Contact"))
    values = by_key(call("GetFieldValuesFromCrm", RecordId=31, ActorTypeCrm="Person"))
    assert values["firstName"]["Value"] == "Ada"
    assert values["firstName"]["DisplayValue"] == "Ada"


@pytest.mark.parametrize(("record_id", "kind"), [(99, "Contact"), (11, "Person"), (11, "Unknown"), (1, "Sale")])
def test_the_crms_values_of_unknown_records_are_none(call, record_id, kind):
    assert call("GetFieldValuesFromCrm", RecordId=record_id, ActorTypeCrm=kind) is None


def from_erp(call, key, actor_type="Customer", connection_id=1):
    return call("GetFieldValuesFromErp", ErpConnectionId=connection_id, ActorTypeErp=actor_type, ErpKey=key)


def test_the_erps_values_of_mapped_fields(call):
    values = by_key(from_erp(call, "C1001"))
    assert "" not in values
    assert values["name"]["DisplayName"] == "Name"
    assert (values["phone"]["Value"], values["city"]["Value"]) == ("+47 22 00 01 01", "Bergen")
    assert (values["city"]["SyncToCrm"], values["city"]["SyncToErp"]) == (True, False)
    assert values["paymentDays"]["DisplayValue"] == "30"
    assert by_key(from_erp(call, "C1011"))["name"]["Value"] == "Unlinked Umbrellas", "it need not be linked"


def test_list_items_are_told_as_the_crm_has_them(call, state):
    state.connections[1].mappings["Customer"].field_of("PRICEGROUP").list_items = {"1": 2}
    category = by_key(from_erp(call, "C1001"))["category"]
    assert (category["Value"], category["DisplayValue"]) == ("2", "Wholesale")
    state.connections[1].erp.actor("Customer", "C1001").values["PRICEGROUP"] = "3"
    assert by_key(from_erp(call, "C1001"))["category"]["Value"] is None


@pytest.mark.parametrize(
    ("key", "actor_type", "connection_id"),
    [("C9999", "Customer", 1), (None, "Customer", 1), ("C1001", "Supplier", 1), ("C1001", "Sale", 1),
     ("C1001", "Customer", 2), ("C1001", "Customer", 99)],
)  # fmt: skip
def test_the_erps_values_of_unknown_actors_are_none(call, key, actor_type, connection_id):
    assert from_erp(call, key, actor_type, connection_id) is None


def new_fields(call, actor_type="Customer", connection_id=1):
    return call("GetFieldsForNewErpActor", ErpConnectionId=connection_id, ErpActorType=actor_type)


def set_default(call, field_id, **changes):
    info = call("GetDefaultValueInfo", ErpFieldId=field_id)
    call("SaveDefaultValueInfo", ErpSyncDefaultValue={**info, **changes})


def test_fields_to_fill_are_the_mandatory_and_the_asked_ones(call):
    assert [field["FieldKey"] for field in new_fields(call)] == ["NAME"]
    set_default(call, 1003, PromptUser=True, DefaultValue="1")
    set_default(call, 1009, Mandatory=True, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="Ada")
    set_default(call, 1005, PromptUser=True)
    name, phone, salesperson = new_fields(call)
    assert (name["FieldKey"], name["Access"], name["MaxLength"]) == ("NAME", "Mandatory", 100)
    assert (phone["FieldKey"], phone["Access"], phone["DefaultValue"]) == ("PHONE", "Normal", "1")
    assert (salesperson["FieldKey"], salesperson["Access"], salesperson["DefaultValue"]) == (
        "SALESPERSON", "Mandatory", "Ada",
    )  # fmt: skip
    assert new_fields(call, connection_id=3)[2]["DefaultValue"] == "EUR"


def test_fields_of_unknown_kinds_are_none(call):
    assert new_fields(call, "Employee") is None
    assert new_fields(call, connection_id=99) is None


@pytest.fixture
def newcomer(call, state):
    """Contact 70, which no actor is linked to."""
    call("ForceSyncAll")
    state.log.clear()
    values = {"name": "Newcomer", "phone": "+47 70", "city": "Alta", "category": "2", "creditLimit": "[F:9]"}
    return state.crm.add("contact", 70, values).values


def create(call, connection_id=1, record_id=70, actor_type="Customer", crm_actor_type="Contact", **values):
    return call(
        "CreateErpActorFromCrm",
        ConnectionId=connection_id,
        CrmEntityId=record_id,
        ErpActorType=actor_type,
        CrmActorType=crm_actor_type,
        ErpFieldKeyValues=values or None,
    )


@pytest.mark.usefixtures("newcomer")
def test_a_new_actor_has_the_crms_values_and_is_linked(call, state):
    state.connections[1].mappings["Customer"].field_of("PRICEGROUP").list_items = {"3": 2}
    assert create(call) is True
    actor = state.connections[1].erp.actor("Customer", "C1013").values
    assert (actor["NAME"], actor["PHONE"], actor["CITY"], actor["PRICEGROUP"]) == ("Newcomer", "+47 70", "Alta", "3")
    assert actor["PAYMENTDAYS"] == "[I:30]", "the default value"
    assert actor["CREDITLIMIT"] == "", "which only the ERP writes"
    assert erp_values(call, ["NAME"], 70) == ["Newcomer"]
    assert [(entry.cause, entry.name) for entry in state.log] == [("CreateErpActorFromCrm", "Customer C1013")]
    assert "CREDITLIMIT" not in state.log[0].fields


@pytest.mark.usefixtures("newcomer")
def test_given_values_go_before_the_crms_and_those_before_the_defaults(call, state):
    set_default(call, 1009, HasFirstSyncDefaultValue=True, FirstSyncDefaultValue="first", DefaultValue="other")
    set_default(call, 1003, DefaultValue="never")
    assert create(call, CITY="Given", PAYMENTDAYS="[I:7]", PHONE="") is True
    actor = state.connections[1].erp.actor("Customer", "C1013").values
    assert (actor["CITY"], actor["PAYMENTDAYS"], actor["PHONE"]) == ("Given", "[I:7]", "+47 70")
    assert actor["SALESPERSON"] == "first"


def test_the_new_actor_keeps_its_values_in_the_next_sync(call, state, newcomer):
    create(call)
    newcomer["creditLimit"] = ""
    newcomer["paymentDays"] = "[I:30]"
    before = dict(newcomer)
    response = call("ForceSyncAll")
    assert response["IsOk"] is True
    assert {key: value for key, value in newcomer.items() if value} == {k: v for k, v in before.items() if v}
    assert [item["Tablename"] for item in response["Changes"]["AddedRecords"]] == ["erpexternalkey"]


def test_a_missing_mandatory_value_makes_no_actor(call, state, newcomer):
    newcomer["name"] = " "
    count = len(list(state.connections[1].erp))
    assert create(call) is False
    assert len(list(state.connections[1].erp)) == count
    assert state.links.of_record("contact", 70) is None
    set_default(call, 1009, Mandatory=True)
    assert create(call, NAME="Given") is False
    assert create(call, NAME="Given", SALESPERSON="Ada") is True


@pytest.mark.parametrize(
    "arguments",
    [
        {"record_id": 11},
        {"record_id": 99},
        {"connection_id": 3},
        {"connection_id": 99},
        {"actor_type": "Employee"},
        {"actor_type": "Person"},
        {"crm_actor_type": "Person"},
        {"crm_actor_type": "Unknown"},
    ],
    ids=repr,
)
@pytest.mark.usefixtures("newcomer")
def test_what_no_actor_can_be_made_of(call, state, arguments):
    before = {number: len(list(connection.erp)) for number, connection in state.connections.items()}
    assert create(call, **arguments) is False
    assert {number: len(list(connection.erp)) for number, connection in state.connections.items()} == before


@pytest.mark.usefixtures("newcomer")
def test_no_actor_is_made_twice_or_by_a_connection_that_fails(call, state):
    state.connections[1].failure = FAILURE
    assert create(call) is False
    state.connections[1].failure = None
    state.connections[1].mappings["Customer"].is_active = False
    assert create(call) is False
    state.connections[1].mappings["Customer"].is_active = True
    assert create(call) is True
    assert create(call) is False


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"NOPE": "1"}, "System.ArgumentException"),
        ({"CREDITLIMIT": "[F:1]"}, "System.ArgumentException"),
        ({"PAYMENTDAYS": "7"}, "System.FormatException"),
    ],
)
@pytest.mark.usefixtures("newcomer")
def test_values_that_cannot_be_written_are_refused(call, state, values, kind):
    with pytest.raises(Refusal) as refused:
        create(call, **values)
    assert refused.value.exception_type == kind
    assert state.links.of_record("contact", 70) is None


def test_keys_of_new_actors_go_on_where_the_others_end(state):
    erp = state.connections[1].erp
    assert (erp.next_key("Customer"), erp.next_key("Supplier"), erp.next_key("Sale")) == ("C1013", "V2003", "S1")
    erp.add("Sale", "S-009", {})
    erp.add("Sale", "odd", {})
    assert erp.next_key("Sale") == "S-010"
