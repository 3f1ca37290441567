"""A preflight on services that cannot keep filled values: keys that would lose some are left out and named."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from superoffice_erpsync import ErpActorType, ErpSyncClient, InvalidRequest, Outcome, ServerFault, TransportError
from superoffice_erpsync.batch import Preflight, State, StopReason, resume, resync
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, client_of

CUSTOMER = ErpActorType.CUSTOMER


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    with client_of(sandbox.url) as one:
        yield one


@pytest.fixture
def companies(sandbox: Sandbox) -> Companies:
    """Twelve companies; the ERP has lost the telephone of the second, and of the third that and its city."""
    companies = Companies(sandbox, 12)
    erp = sandbox.state.connections[1].erp
    for place, fields in ((1, ["PHONE"]), (2, ["PHONE", "CITY"])):
        for field in fields:
            erp.actor("Customer", companies.keys[place]).values[field] = " "
    # What is blank on both sides can lose nothing, and neither can a field that is carried to the ERP only.
    erp.actor("Customer", companies.keys[3]).values["PHONE"] = ""
    companies.contact(companies.keys[3])["phone"] = ""
    erp.actor("Customer", companies.keys[4]).values["PRICEGROUP"] = ""
    return companies


def asked(companies: Companies, tmp_path: Path) -> dict:
    return {
        "connection_id": 1,
        "keys": companies.keys,
        "actor_type": CUSTOMER,
        "blank_values": "keep",
        "journal": tmp_path / "journal",
        "chunk_size": 5,
    }


def test_keys_that_would_lose_values_are_left_out_with_the_fields(sandbox, client, companies, tmp_path):
    report = resync(client, **asked(companies, tmp_path), preflight=Preflight(crm_ids=companies.contact_id))
    assert [(fate.key, fate.fields, fate.line) for fate in report.left_out()] == [
        (companies.keys[1], ("phone",), 2),
        (companies.keys[2], ("phone", "city"), 3),
    ]
    assert "phone, city" in (list(report.left_out())[1].explanation or "")
    assert companies.resynced == [companies.keys[0], *companies.keys[3:]]
    assert companies.contact(companies.keys[1])["phone"]
    assert (report.keys[State.DONE], report.keys[State.LEFT_OUT], report.total) == (10, 2, 12)
    assert (report.complete, report.any_left_out, report.all_done) == (True, True, False)
    assert (report.terms.operation, report.terms.preflight) == ("ForceResyncExternal", True)


def test_a_dry_run_tells_it_and_sends_no_resync(sandbox, client, companies, tmp_path):
    with_preflight = {**asked(companies, tmp_path), "preflight": Preflight(crm_ids=companies.contact_id)}
    report = resync(client, **with_preflight, dry_run=True)
    assert [fate.key for fate in report.left_out()] == companies.keys[1:3]
    assert report.keys[State.PLANNED] == 10
    assert companies.resynced == []
    assert not [call for call in sandbox.received if call.operation.startswith("Force")]
    assert resume(client, tmp_path / "journal").keys[State.DONE] == 10


def test_of_two_fields_that_are_mapped_to_one_a_blank_one_suffices(sandbox, client, companies, tmp_path):
    other = sandbox.state.connections[1].mappings["Customer"].field_of("CITY")
    other.crm_field_key, other.sync_to_crm, other.sync_to_erp = "phone", False, True
    before = companies.contact(companies.keys[1])["phone"]
    report = resync(client, **asked(companies, tmp_path), preflight=Preflight(crm_ids=companies.contact_id))
    assert companies.contact(companies.keys[1])["phone"] == before
    assert [fate.key for fate in report.left_out()] == companies.keys[1:3]


def test_keys_whose_values_cannot_be_compared_are_left_out_too(sandbox, client, companies, tmp_path):
    ids = {key: companies.contact_id(key) for key in companies.keys[3:]}
    ids[companies.keys[5]] = 999_999
    ids["nobody"] = companies.contact_id(companies.keys[0])
    keys = [*companies.keys[3:], "nobody", companies.keys[0]]
    report = resync(client, **{**asked(companies, tmp_path), "keys": keys}, preflight=Preflight(crm_ids=ids))
    assert [(fate.key, fate.explanation) for fate in report.left_out()] == [
        (companies.keys[5], "its values cannot be compared: the server has none for CRM record 999999"),
        ("nobody", "its values cannot be compared: the server has none for the key in the ERP"),
        (companies.keys[0], "its CRM record is not known"),
    ]
    assert report.keys[State.DONE] == 8


def test_when_all_are_left_out_nothing_is_sent(sandbox, client, companies, tmp_path):
    report = resync(client, **{**asked(companies, tmp_path), "keys": companies.keys[1:3]}, preflight=Preflight(
        crm_ids=companies.contact_id
    ))  # fmt: skip
    assert (report.complete, report.calls, report.keys[State.LEFT_OUT]) == (True, 0, 2)


def test_services_that_keep_values_themselves_need_none(sandbox, companies, tmp_path):
    with client_of(sandbox.services88_url) as client:
        report = resync(client, **asked(companies, tmp_path), preflight=Preflight(crm_ids={}))
    assert report.all_done
    assert report.terms.operation == "ForceResyncExternalNoBlankValues"


def test_an_installation_that_cannot_be_asked_ends_it_before_anything_is_sent(sandbox, client, companies, tmp_path):
    sandbox.faults.add(FaultRule(kind="server_fault", operation="GetFieldValuesFromErp", skip=3))
    with pytest.raises(ServerFault):
        resync(client, **asked(companies, tmp_path), preflight=Preflight(crm_ids=companies.contact_id))
    assert not (tmp_path / "journal").exists()
    assert companies.resynced == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"actor_type": None, "keys": [501]}, "no operation tells which actor an id of an internal key belongs to"),
        ({"blank_values": "overwrite"}, "a preflight is for blank_values='keep'"),
        ({"preflight": Preflight(crm_ids=lambda key: 0)}, "no number above zero"),
    ],
)
def test_a_preflight_that_makes_no_sense_is_refused(client, companies, tmp_path, more, reason):
    preflight = Preflight(crm_ids=companies.contact_id)
    with pytest.raises(InvalidRequest, match=reason):
        resync(client, **{**asked(companies, tmp_path), "preflight": preflight, **more})
    assert companies.resynced == []


def test_an_executor_that_is_shut_down_is_told_as_such(client, companies, tmp_path):
    with ThreadPoolExecutor(1) as executor:
        pass
    with pytest.raises(TransportError, match="a worker was lost") as caught:
        resync(
            client,
            **asked(companies, tmp_path),
            preflight=Preflight(crm_ids=companies.contact_id),
            executor=executor,
        )
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not (tmp_path / "journal").exists()


def test_a_preflight_is_not_repeated_when_the_run_goes_on(sandbox, client, companies, tmp_path):
    sandbox.faults.add(FaultRule(kind="unavailable", seconds=0, operation="ForceResyncExternal", count=4))
    with_preflight = {**asked(companies, tmp_path), "preflight": Preflight(crm_ids=companies.contact_id)}
    report = resync(client, **with_preflight, give_up_after=2, workers=1)
    assert report.stopped_because is StopReason.SERVER_DOWN
    reads = len([call for call in sandbox.received if call.operation.startswith("Get")])
    sandbox.faults.clear()
    report = resync(client, **with_preflight)
    assert (report.keys[State.DONE], report.keys[State.LEFT_OUT]) == (10, 2)
    assert len([call for call in sandbox.received if call.operation.startswith("Get")]) == reads
