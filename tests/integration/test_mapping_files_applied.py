"""Files of mappings applied through the library: what it tells of servers that change, forget or go away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from superoffice_erpsync import (
    ErpActorType,
    ErpSyncClient,
    InvalidRequest,
    OperationNotAvailable,
    Outcome,
    ProtocolError,
    ServerFault,
    UsernamePassword,
)
from superoffice_erpsync.mapping_files import (
    MappingPlan,
    MappingsChanged,
    MappingsLack,
    apply_plan,
    compare_mappings,
    fetch_mappings,
    read_mapping_file,
    write_mapping_file,
)
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from superoffice_erpsync.sandbox.state.mappings import FieldMapping

WHO = UsernamePassword("tje0", "Tje0")
CUSTOMER, PERSON = ErpActorType.CUSTOMER, ErpActorType.PERSON


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    with ErpSyncClient.soap(sandbox.url, WHO, retry=None) as made:
        yield made


def field(box: Sandbox, key: str, actor_type: str = "Customer") -> FieldMapping:
    return box.state.connections[1].mappings[actor_type].field_of(key)


def planned(client: ErpSyncClient, text: str) -> MappingPlan:
    return compare_mappings(client, read_mapping_file(text), 1)


TWO_KINDS = "[Customer.fields]\nPHONE = { sync_to_erp = false }\n[Person.fields]\nMOBILE = { show_in_search = true }\n"


def test_a_plan_says_what_changes_and_what_is_left_alone(client: ErpSyncClient) -> None:
    plan = planned(client, TWO_KINDS)
    assert plan.connection_name == "Nordic Ledger Norway"
    assert [(one.actor_type, one.erp_field_key, one.setting, one.before, one.after) for one in plan.changes] == [
        (CUSTOMER, "PHONE", "sync_to_erp", True, False),
        (PERSON, "MOBILE", "show_in_search", False, True),
    ]
    assert (CUSTOMER, "CITY") in plan.not_in_file
    assert (CUSTOMER, "PHONE") not in plan.not_in_file


def test_only_what_is_spoken_of_changes(client: ErpSyncClient, sandbox: Sandbox) -> None:
    before = write_mapping_file(fetch_mappings(client, 1))
    told: list[ErpActorType] = []
    applied = apply_plan(client, planned(client, TWO_KINDS), on_saved=told.append)
    assert applied.all_done
    assert applied.saved == (CUSTOMER, PERSON) == tuple(told)
    after = write_mapping_file(fetch_mappings(client, 1))
    lines = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(lines) == 2
    assert apply_plan(client, planned(client, before)).all_done
    assert write_mapping_file(fetch_mappings(client, 1)) == before
    assert apply_plan(client, planned(client, before)).saved == ()
    assert [call.operation for call in sandbox.received].count("SaveActorTypeMapping") == 4


def test_a_whole_kind_is_switched_off(client: ErpSyncClient, sandbox: Sandbox) -> None:
    assert apply_plan(client, planned(client, "[Supplier]\nis_active = false\n")).all_done
    assert sandbox.state.connections[1].mappings["Supplier"].is_active is False
    kinds = [mapping.actor_type_erp for mapping in fetch_mappings(client, 1).mappings]
    assert kinds == [CUSTOMER, ErpActorType.SUPPLIER, PERSON, ErpActorType.PROJECT], "it is still exported"


def test_what_is_lacking_raises_before_anything_is_saved(client: ErpSyncClient, sandbox: Sandbox) -> None:
    plan = planned(client, '[Customer]\nactor_type_crm = "Person"\n[Person.fields]\nmobil = {}\n[Sale]\n')
    assert [one.message for one in plan.lacks] == [
        "the file:2: Customer is a counterpart of Contact here, not of Person",
        "the file:4: Person has no field mobil in the ERP",
        "the file:5: connection 1 has no Sale",
    ]
    assert plan.lacks[1].hint == "did you mean MOBILE?"
    with pytest.raises(MappingsLack, match="counterpart of Contact") as refused:
        apply_plan(client, plan)
    assert refused.value.lacks == plan.lacks
    assert isinstance(refused.value, InvalidRequest)
    assert apply_plan(client, plan, skip_missing=True).saved == ()


def test_a_field_that_both_sides_once_had_is_lacking(client: ErpSyncClient, sandbox: Sandbox) -> None:
    field(sandbox, "CITY").crm_field_key = "town"
    plan = planned(client, '[Customer.fields]\nCITY = { show_in_search = true }\nPHONE = { crm_field_key = "town" }\n')
    assert ["the CRM has no field town" in one.message for one in plan.lacks] == [True, True]
    unmapped = planned(client, '[Customer.fields]\nCITY = { crm_field_key = "", sync_to_crm = false }\n')
    assert unmapped.lacks == ()
    assert apply_plan(client, unmapped).all_done


def test_a_change_by_somebody_else_is_noticed_right_before_the_save(client: ErpSyncClient, sandbox: Sandbox) -> None:
    plan = planned(client, TWO_KINDS)
    field(sandbox, "MOBILE", "Person").sync_to_erp = True
    applied = apply_plan(client, plan)
    assert isinstance(applied.error, MappingsChanged)
    assert (applied.saved, applied.stopped_at, applied.left) == ((CUSTOMER,), PERSON, ())
    assert field(sandbox, "MOBILE", "Person").show_in_search is False


class Forgetful(ErpSyncClient):
    """A client whose server does not keep what is shown where."""

    def save_actor_type_mapping(self, *, mapping: Any, **options: Any) -> Any:
        fields = [replace(one, show_in_search=False) for one in mapping.field_mappings]
        return super().save_actor_type_mapping(mapping=replace(mapping, field_mappings=fields), **options)


def test_what_the_server_does_not_keep_is_told(sandbox: Sandbox) -> None:
    with Forgetful.soap(sandbox.url, WHO) as client:
        applied = apply_plan(client, planned(client, TWO_KINDS))
    assert not applied.all_done
    assert applied.error is None
    assert {(one.erp_field_key, one.setting, one.before, one.after) for one in applied.not_kept} >= {
        ("MOBILE", "show_in_search", False, True)
    }


def test_a_lost_answer_is_settled_by_reading_back(client: ErpSyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="lost_answer", operation="SaveActorTypeMapping", count=1))
    assert apply_plan(client, planned(client, TWO_KINDS)).all_done


@pytest.mark.parametrize(
    ("rule", "outcome", "operation"),
    [
        (FaultRule(kind="drop", operation="SaveActorTypeMapping", skip=1, count=1), Outcome.UNKNOWN, "Save"),
        (FaultRule(kind="server_fault", operation="SaveActorTypeMapping", skip=1), Outcome.REJECTED, "Save"),
        (FaultRule(kind="server_fault", operation="GetActorTypeMapping", skip=5), Outcome.UNKNOWN, "Save"),
        (FaultRule(kind="server_fault", operation="GetActorTypeMapping", skip=4), Outcome.REJECTED, "Get"),
    ],
)
def test_an_error_in_the_middle_leaves_a_report(
    rule: FaultRule, outcome: Outcome, operation: str, client: ErpSyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.add(rule)
    applied = apply_plan(client, planned(client, TWO_KINDS))
    assert applied.error is not None
    assert (applied.saved, applied.stopped_at) == ((CUSTOMER,), PERSON)
    assert (applied.error.outcome, applied.error.operation) == (outcome, f"{operation}ActorTypeMapping")


def test_kinds_that_were_saved_before_one_that_is_lacking_are_put_back(client: ErpSyncClient, sandbox: Sandbox) -> None:
    field(sandbox, "CITY").crm_field_key = ""
    field(sandbox, "CITY").sync_to_crm = False
    plan = planned(
        client,
        '[Supplier.fields]\nPHONE = { show_in_search = true }\n[Customer.fields]\nCITY = { crm_field_key = "city" }\n'
        '[Person.fields]\nMOBILE = { crm_field_key = "cell" }\n',
    )
    before = write_mapping_file(fetch_mappings(client, 1))
    applied = apply_plan(client, plan)
    assert (applied.saved, applied.put_back) == ((), (PERSON, CUSTOMER))
    assert applied.left == (ErpActorType.SUPPLIER,)
    assert [one.erp_field_key for one in applied.lacks] == ["MOBILE"]
    assert write_mapping_file(fetch_mappings(client, 1)) == before
    skipping = apply_plan(client, plan, skip_missing=True)
    assert (skipping.saved, skipping.put_back, skipping.all_done) == (
        (CUSTOMER, PERSON, ErpActorType.SUPPLIER),
        (),
        False,
    )
    assert field(sandbox, "CITY").crm_field_key == "city"
    assert field(sandbox, "MOBILE", "Person").crm_field_key == "mobile"


def test_a_deleted_connection_has_no_mappings(client: ErpSyncClient) -> None:
    client.delete_connection(erp_connection_id=2)
    with pytest.raises(InvalidRequest, match="there is no connection 2, it is deleted"):
        fetch_mappings(client, 2)
    with pytest.raises(InvalidRequest, match="there is no connection 99"):
        fetch_mappings(client, 99)


class Confused(ErpSyncClient):
    """A client whose server answers about another kind of actor."""

    def get_actor_type_mapping(self, *, actor_type: Any, **more: Any) -> Any:
        return super().get_actor_type_mapping(actor_type=ErpActorType.SUPPLIER, **more)


def test_an_answer_about_something_else_is_not_taken(sandbox: Sandbox) -> None:
    with Confused.soap(sandbox.url, WHO) as client, pytest.raises(ProtocolError, match="answered with Supplier"):
        fetch_mappings(client, 1, [CUSTOMER])


def test_a_save_that_the_server_refuses_leaves_everything(client: ErpSyncClient, sandbox: Sandbox) -> None:
    applied = apply_plan(client, planned(client, "[Customer.fields]\nCREDITLIMIT = { sync_to_erp = true }\n"))
    assert isinstance(applied.error, ServerFault)
    assert "read-only" in applied.error.message
    assert applied.saved == ()


def test_items_of_a_list_are_put_back_with_its_field(client: ErpSyncClient, sandbox: Sandbox) -> None:
    items = dict(field(sandbox, "PRICEGROUP").list_items)
    plan = planned(
        client, '[Customer.fields]\nPRICEGROUP = { crm_field_key = "group" }\nCITY = { show_in_search = true }\n'
    )
    tried = apply_plan(client, plan)
    assert (tried.put_back, tried.error, tried.lists) == ((CUSTOMER,), None, ())
    assert field(sandbox, "PRICEGROUP").list_items == items == {"1": 1, "2": 2, "3": 3}
    skipped = apply_plan(client, plan, skip_missing=True)
    assert (skipped.saved, skipped.error, skipped.lists) == ((CUSTOMER,), None, ())
    assert field(sandbox, "PRICEGROUP").list_items == items
    assert field(sandbox, "CITY").show_in_search is True


def test_items_that_cannot_be_put_back_are_told(client: ErpSyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add(FaultRule(kind="server_fault", operation="SaveConnectionListMappings"))
    plan = planned(client, '[Customer.fields]\nPRICEGROUP = { crm_field_key = "group" }\n')
    applied = apply_plan(client, plan)
    assert isinstance(applied.error, ServerFault)
    assert (applied.saved, applied.stopped_at) == ((CUSTOMER,), CUSTOMER)
    assert applied.error.operation == "SaveConnectionListMappings"


class Older(ErpSyncClient):
    """A client of services that know no list mappings."""

    def get_connection_list_mappings(self, **arguments: Any) -> Any:
        raise OperationNotAvailable("Services85 has no such operation", operation="GetConnectionListMappings")


def test_older_services_cannot_put_items_back_and_it_is_told(sandbox: Sandbox) -> None:
    text = '[Customer.fields]\nPRICEGROUP = { crm_field_key = "group" }\n'
    with Older.soap(sandbox.url, WHO) as client:
        applied = apply_plan(client, planned(client, text))
    assert (applied.put_back, applied.lists) == ((CUSTOMER,), ((CUSTOMER, "PRICEGROUP"),))


def test_a_server_that_fails_for_a_kind_it_does_not_have_can_be_told_which_are_wanted(
    client: ErpSyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.add(FaultRule(kind="server_fault", operation="GetActorTypeMapping", skip=1))
    with pytest.raises(ServerFault) as failed:
        fetch_mappings(client, 1)
    assert failed.value.hint == "if the connection has no Supplier, name the kinds of actors that it has"
    sandbox.faults.clear()
    assert len(fetch_mappings(client, 1, [CUSTOMER]).mappings) == 1
