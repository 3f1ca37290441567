"""Resyncs of many keys on the sandbox, when all is well or a key is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from superoffice_erpsync import (
    AccessToken,
    ErpActorType,
    ErpSyncClient,
    InvalidRequest,
    OperationNotAvailable,
)
from superoffice_erpsync.batch import (
    CsvKeys,
    InvalidKeys,
    JournalError,
    Progress,
    State,
    open_report,
    resume,
    resync,
)
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from unit.batch.companies import Companies, client_of, sent_keys

CUSTOMER = ErpActorType.CUSTOMER
NOBODY_THERE = "http://127.0.0.1:9/Remote/Services86"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    with client_of(sandbox.url) as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def test_every_key_is_resynced_once(sandbox, client, path):
    companies = Companies(sandbox, 230)
    threads = set(threading.enumerate())
    told: list[Progress] = []
    report = resync(
        client,
        connection_id=1,
        keys=iter([*companies.keys, *companies.keys[:5]]),
        actor_type=CUSTOMER,
        chunk_size=50,
        journal=path,
        on_progress=told.append,
    )
    assert companies.resynced == companies.keys
    assert sorted(len(keys) for keys in sent_keys(sandbox)) == [30, 50, 50, 50, 50]
    assert (report.keys[State.DONE], report.total, report.duplicates, report.calls) == (230, 230, 5, 5)
    assert report.all_done
    assert report.state == "complete"
    assert (report.stopped_because, report.holder) == (None, None)
    assert report.changes == {"contact": {"updated": 230}}
    assert open_report(path) == report
    assert told[-1].settled == told[-1].total == 230
    assert not [one.name for one in set(threading.enumerate()) - threads if one.name.startswith("erpsync-resync")]


def test_ids_of_internal_keys_from_the_erp_and_from_the_crm(sandbox, client):
    companies = Companies(sandbox, 30)
    resync(client, connection_id=1, keys=companies.internal_ids, chunk_size=7).close()
    assert companies.resynced == companies.keys
    sandbox.state.crm.change("contact", companies.contact_id(companies.keys[0]), {"name": "From the CRM"})
    report = resync(client, connection_id=0, keys=[str(one) for one in companies.internal_ids])
    assert report.all_done
    report.close()
    assert sandbox.state.connections[1].erp.actor("Customer", companies.keys[0]).values["NAME"] == "From the CRM"


def test_over_rest(sandbox, path):
    companies = Companies(sandbox, 40)
    keys, bad = companies.keys_with_bad_ones(20)
    with ErpSyncClient.rest(sandbox.rest_url, AccessToken("8A:Sandbox.tje0"), timeout=20) as client:
        report = resync(
            client, connection_id=1, keys=keys, actor_type=CUSTOMER, blank_values="keep", journal=path, chunk_size=15
        )
    assert [fate.key for fate in report.failed()] == bad
    assert report.keys[State.DONE] == 38
    assert {call.operation for call in sandbox.received} == {"ForceResyncExternalNoBlankValues"}


def test_keys_that_the_server_refuses_are_found_one_by_one(sandbox, client, path):
    companies = Companies(sandbox, 600)
    keys, bad = companies.keys_with_bad_ones(100)
    report = resync(client, connection_id=1, keys=keys, actor_type=CUSTOMER, chunk_size=200, journal=path)
    fates = list(report.failed())
    assert [fate.key for fate in fates] == bad
    assert [fate.line for fate in fates] == [51, 151, 251, 351, 451, 551]
    assert all(fate.explanation and fate.key in fate.explanation for fate in fates)
    assert companies.resynced == [key for key in companies.keys if key in keys]
    assert (report.complete, report.any_refused, report.any_unknown, report.all_done) == (True, True, False, False)
    assert list(report.refused()) == list(report.unknown()) == []


def test_a_refusal_by_fault_is_searched_in_the_same_way(sandbox, client):
    companies = Companies(sandbox, 16)
    sandbox.faults.add(FaultRule(kind="server_fault", operation="ForceResyncExternal", count=2))
    report = resync(client, connection_id=1, keys=companies.keys, actor_type=CUSTOMER, workers=1)
    # The Fault of the whole, and of its first quarter, struck by number; sent in smaller parts, all went well.
    assert (report.all_done, companies.resynced) == (True, companies.keys)
    report.close()


@pytest.mark.parametrize(("calls", "failed", "refused"), [(0, 0, 64), (4, 0, 16), (8, 0, 4), (12, 1, 0)])
def test_the_search_ends_with_its_budget(sandbox, client, calls, failed, refused):
    companies = Companies(sandbox, 64)
    keys, bad = companies.keys_with_bad_ones(64)
    report = resync(client, connection_id=1, keys=keys, actor_type=CUSTOMER, bisect_calls=calls)
    assert (report.keys[State.FAILED], report.keys[State.REFUSED]) == (failed, refused)
    assert report.calls == 1 + calls
    group = [*report.failed(), *report.refused()]
    assert bad[0] in {fate.key for fate in group}
    assert all(fate.explanation and bad[0] in fate.explanation for fate in group)
    report.close()


def test_what_the_server_says_of_a_whole_connection_is_told_with_its_code(sandbox, client):
    report = resync(client, connection_id=77, keys=["C1", "C2"], actor_type=CUSTOMER)
    assert [(fate.key, fate.code) for fate in report.failed()] == [
        ("C1", "UNKNOWN_CONNECTION_ID"),
        ("C2", "UNKNOWN_CONNECTION_ID"),
    ]
    report.close()


def test_nothing_is_sent_for_keys_of_which_one_is_bad(sandbox, client, tmp_path, path):
    file = tmp_path / "changed.csv"
    file.write_text("Name;No\nFirst;C1003\nSecond;\nThird;C1005\n", encoding="utf-8")
    with pytest.raises(InvalidKeys, match=r"column No, line 3: the key is blank") as caught:
        resync(client, connection_id=1, keys=CsvKeys(file, "No"), actor_type=CUSTOMER, journal=path)
    assert caught.value.count == 1
    assert sandbox.received == []
    assert not path.exists()
    report = resync(client, connection_id=1, keys=CsvKeys(file, "No"), actor_type=CUSTOMER, journal=path, skip_bad=True)
    assert report.keys[State.DONE] == 2
    assert [(one.line, one.reason) for one in report.bad()] == [(3, "the key is blank")]
    assert (report.complete, report.all_done, report.any_left_out) == (True, False, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"keys": []}, "there are no keys"),
        ({"keys": "C1"}, "not str"),
        ({"connection_id": 0}, "connection_id must be a whole number from 1 on"),
        ({"connection_id": True}, "connection_id"),
        ({"actor_type": "Customers"}, "actor_type must be one of"),
        ({"actor_type": ErpActorType.UNKNOWN}, "actor_type must be one of"),
        ({"blank_values": "ignore"}, "blank_values must be"),
        ({"chunk_size": 0}, "chunk_size"),
        ({"chunk_bytes": 1_000}, "chunk_bytes"),
        ({"workers": 0}, "workers"),
        ({"rate": 0}, "rate"),
        ({"on_unknown": "never"}, "on_unknown"),
        ({"tries": 0}, "tries"),
        ({"give_up_after": 0}, "give_up_after"),
        ({"bisect_calls": -1}, "bisect_calls"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_before_anything_happens(path, arguments, reason):
    asked = {"connection_id": 1, "keys": ["C1"], "actor_type": CUSTOMER, "journal": path}
    with client_of(NOBODY_THERE) as client, pytest.raises(InvalidRequest, match=reason):
        resync(client, **{**asked, **arguments})
    assert not path.exists()


# -- blank values -----------------------------------------------------------------------------------------------------


def test_filled_values_are_kept_where_the_services_can_do_it(sandbox):
    companies = Companies(sandbox, 3)
    for key in companies.keys:
        sandbox.state.connections[1].erp.actor("Customer", key).values["PHONE"] = ""
    phones = [companies.contact(key)["phone"] for key in companies.keys]
    assert all(phones)
    with client_of(sandbox.services88_url) as client:
        resync(client, connection_id=1, keys=companies.keys, actor_type=CUSTOMER, blank_values="keep").close()
        resync(client, connection_id=1, keys=companies.internal_ids, blank_values="keep").close()
    assert companies.resynced == companies.keys
    assert [companies.contact(key)["phone"] for key in companies.keys] == phones


@pytest.mark.parametrize("actor_type", [CUSTOMER, None])
def test_services86_refuse_to_keep_them_before_anything_is_sent(sandbox, client, path, actor_type):
    with pytest.raises(OperationNotAvailable, match="preflight"):
        resync(client, connection_id=1, keys=["501"], actor_type=actor_type, blank_values="keep", journal=path)
    assert sandbox.received == []
    assert not path.exists()


# -- journals that are there already ----------------------------------------------------------------------------------


def test_a_plan_can_be_made_first_and_sent_later(sandbox, client, path):
    companies = Companies(sandbox, 20)
    asked = {"connection_id": 1, "keys": companies.keys, "actor_type": CUSTOMER, "journal": path}
    report = resync(client, **asked, dry_run=True)
    assert (report.state, report.complete, report.keys[State.PLANNED]) == ("planned", False, 20)
    assert sandbox.received == []
    assert resume(client, path, keys=companies.keys).all_done
    assert companies.resynced == companies.keys


def test_the_same_call_again_goes_on_where_the_first_stopped(sandbox, client, path):
    companies = Companies(sandbox, 20)
    asked = {"connection_id": 1, "keys": companies.keys, "actor_type": CUSTOMER, "journal": path}
    resync(client, **asked, dry_run=True)
    assert resync(client, **asked).all_done
    with pytest.raises(JournalError, match="has come to its end"):
        resync(client, **asked)
    assert resume(client, path).calls == 1


def test_other_keys_or_other_terms_than_the_journals_are_refused(sandbox, client, path):
    asked = {"connection_id": 1, "keys": ["C1001", "C1002"], "actor_type": CUSTOMER, "journal": path}
    resync(client, **asked, dry_run=True)
    for other, reason in (
        ({"keys": ["C1002", "C1001"]}, "made for other keys than those in the keys given"),
        ({"connection_id": 2}, "connection_id 1 and not 2"),
        ({"actor_type": ErpActorType.SUPPLIER}, "actor_type 'Customer' and not 'Supplier'"),
        ({"actor_type": None, "keys": [1]}, "operation 'ForceResyncExternal' and not 'ForceResync'"),
    ):
        with pytest.raises(JournalError, match=reason):
            resync(client, **{**asked, **other})
    with pytest.raises(JournalError, match="other keys"):
        resume(client, path, keys=["C1001"])
    with client_of(sandbox.services88_url) as elsewhere, pytest.raises(JournalError, match="and the client for"):
        resume(elsewhere, path)
    assert sandbox.received == []
    assert resume(client, path).all_done


def test_a_search_with_fewer_calls_than_none_makes_no_sense(sandbox, client, path):
    companies = Companies(sandbox, 5)
    resync(client, connection_id=1, keys=companies.keys, actor_type=CUSTOMER, journal=path, dry_run=True)
    with pytest.raises(InvalidRequest, match="bisect_calls"):
        resume(client, path, bisect_calls=-1)


def test_a_run_that_was_never_planned_cannot_be_resumed(client, path, tmp_path):
    def keys() -> Iterator[str]:
        yield "C1001"
        raise OSError("the file is gone")

    asked = {"connection_id": 1, "actor_type": CUSTOMER, "journal": path}
    with pytest.raises(JournalError, match="there is no journal"):
        resume(client, path)
    with pytest.raises(OSError, match="gone"):
        resync(client, **asked, keys=keys())
    assert list(tmp_path.glob("journal*")) == [tmp_path / "journal.lock"]
    assert resync(client, **asked, keys=["C1001"]).all_done


def test_without_a_journal_of_its_own_the_report_has_one_until_it_is_closed(client):
    report = resync(client, connection_id=1, keys=["C1001", "nobody"], actor_type=CUSTOMER)
    assert [fate.key for fate in report.failed()] == ["nobody"]
    report.close()
    assert not report.journal.parent.exists()
    with pytest.raises(JournalError, match="there is no journal"):
        list(report.failed())
