"""More data in a running installation."""

from __future__ import annotations

import re

import pytest

from superoffice_erpsync.sandbox import Sandbox, SandboxError
from superoffice_erpsync.sandbox.installation import Installation


def test_companies_are_linked_and_in_step(installation, call):
    seeded = installation.seed(companies=1000)
    assert (seeded.first_key, seeded.last_key, len(seeded.keys)) == ("C100001", "C101000", 1000)
    assert seeded.keys[1] == "C100002"
    state = installation.state
    external = state.links.external(1, "Customer", "C100500")
    internal = state.links.internal(external.internal_key_id)
    assert (internal.table, internal.record_id, internal.internal_key_id) == ("contact", 100_500, 500_500)
    assert call("ForceSyncAll")["IsOk"]
    assert state.log
    assert not any(re.search("[0-9]{6}", change.name) for change in state.log)
    answer = call("ForceResyncExternal", ErpConnectionId=1, ErpActorType="Customer", ExternalKeys=seeded.keys[:200])
    assert answer["IsOk"]
    assert len(answer["Changes"]["UpdatedRecords"]) == 200


def test_seeding_is_the_same_each_time_and_goes_on_where_it_ended(clock):
    first, second = Installation(clock=clock), Installation(clock=clock)
    for box in (first, second):
        box.seed(companies=7)
        assert box.seed(companies=5).first_key == "C100008"
    assert first.snapshot() == second.snapshot()
    assert Installation(clock=clock).seed() == first.seed()


@pytest.mark.parametrize(("connection", "name"), [(1, "NAME"), (2, "NAME"), (3, "TITLE")])
def test_companies_of_each_connection(installation, connection, name):
    seeded = installation.seed(companies=1, connection_id=connection)
    values = installation.state.connections[connection].erp.actor("Customer", seeded.first_key).values
    assert values[name] == installation.state.crm.record("contact", seeded.first_contact_id).values["name"]


def test_values_have_the_forms_of_their_types(installation, call):
    call("ToggleErpConnectionActive", ErpConnectionId=2)
    installation.seed(companies=30)
    values = call("GetFieldValuesFromErp", ErpConnectionId=1, ActorTypeErp="Customer", ErpKey="C100030")
    shown = {value["CrmFieldKey"]: value["DisplayValue"] for value in values}
    assert shown["customerSince"] == "2015-06-02"
    assert shown["category"] == "Staff"


def test_single_records_actors_and_links_are_seeded(installation, call):
    seeded = installation.seed(
        records=[{"table": "contact", "record_id": 900, "values": {"name": "Ny & Co"}}],
        actors=[
            {"connection_id": 1, "actor_type": "Customer", "key": "N-1", "values": {"NAME": "Ny"}},
            {"connection_id": 1, "actor_type": "Customer", "key": "C1003", "values": {"PHONE": "1"}},
        ],
        links=[
            {"connection_id": 1, "actor_type": "Customer", "key": "N-1", "table": "contact", "record_id": 900},
            {"connection_id": 2, "actor_type": "Customer", "key": "S5001", "table": "contact", "record_id": 900},
        ][:1],
    )
    assert (seeded.companies, seeded.records, seeded.actors, seeded.links, seeded.keys) == (0, 1, 2, 1, [])
    assert installation.state.connections[1].erp.actor("Customer", "C1003").values["NAME"] == "Northlight Optics"
    assert call("ForceSyncAll")["IsOk"]
    assert installation.state.crm.record("contact", 900).values["name"] == "Ny"
    assert installation.state.crm.record("contact", 13).values["phone"] == "1"


LINK = {"connection_id": 1, "actor_type": "Customer", "key": "C1011", "table": "contact", "record_id": 15}
ACTOR = {"connection_id": 1, "actor_type": "Customer", "key": "X", "values": {}}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"companies": -1}, "companies: from 0 to 100000 at a time, not -1"),
        ({"companies": 100_001}, "companies: from 0 to 100000"),
        ({"companies": 1, "connection_id": 9}, "companies: there is no connection 9"),
        ({"records": [{"table": "contact"}]}, r"records\[0\]: '\w+' is missing"),
        ({"records": [{"table": "x", "record_id": 1, "values": {}}]}, "records: the CRM has no table 'x'"),
        ({"actors": [ACTOR, {**ACTOR, "values": {"NAME": None}}]}, r"actors\[1\].values.NAME: a text is wanted"),
        ({"actors": [{**ACTOR, "actor_type": "Sale"}]}, "actors: connection 1 has no actors of the type 'Sale'"),
        ({"actors": [{**ACTOR, "key": ""}]}, "actors: a key is blank"),
        ({"links": [{**LINK, "record_id": 11}]}, "links: contact 11 is linked already"),
        ({"links": [{**LINK, "key": "C1001"}]}, "links: Customer C1001 of connection 1 is linked already"),
        ({"links": [{**LINK, "key": "NO"}]}, "links: Customer NO of connection 1 does not exist"),
        ({"links": [{**LINK, "table": "person"}]}, "is no counterpart of a person"),
        ({"links": [{**LINK, "record_id": 999}]}, "links: there is no contact 999"),
        (
            {"companies": 5, "records": [{"table": "contact", "record_id": 2**31 - 1, "values": {}}]},
            "companies: there are no ids left",
        ),
    ],
)
def test_what_is_not_possible_is_told_and_nothing_is_done(installation, arguments, told):
    before = installation.snapshot()
    whole = {"actors": [ACTOR], "companies": 2} | arguments
    with pytest.raises(ValueError, match=told):
        installation.seed(**whole)
    assert installation.snapshot() == before


def test_the_python_api_is_the_same():
    sandbox = Sandbox()
    fresh = {**sandbox.snapshot(), "engine": None}
    assert sandbox.seed(companies=2).keys == ["C100001", "C100002"]
    taken = sandbox.snapshot()
    sandbox.reset()
    assert {**sandbox.snapshot(), "log": [], "engine": None, "connections": fresh["connections"]} == fresh | {"log": []}
    sandbox.restore(taken)
    assert sandbox.snapshot() == taken


def test_a_sandbox_with_a_file_must_run_first(tmp_path):
    sandbox = Sandbox(state_file=tmp_path / "box.db")
    for act in (sandbox.reset, lambda: sandbox.seed(companies=1), lambda: sandbox.restore({})):
        with pytest.raises(SandboxError, match=r"Start the sandbox first: its state is in .*box\.db"):
            act()
    assert list(tmp_path.iterdir()) == []
