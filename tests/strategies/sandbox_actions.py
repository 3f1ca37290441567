"""Things that happen to an installation in a box, in any order, whether they make sense at that moment or not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.refusals import Refusal
from superoffice_erpsync.sandbox.state.seed_sites import LEDGER_URL, MEADOW_URL

Action = Callable[[Installation], Any]


class HandClock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, length: timedelta) -> None:
        self.now += length


def operation(name: str, **arguments: Any) -> Action:
    """A call; a refusal is an answer like another."""

    def act(installation: Installation) -> Any:
        try:
            return installation.call("ErpSync", name, arguments, ticket_known=True)
        except Refusal as refusal:
            return refusal.message

    act.__qualname__ = f"{name}({arguments})"
    return act


def named(text: str, do: Callable[[Installation], Any]) -> Action:
    """Something that is no call; it may turn out to be impossible."""

    def act(installation: Installation) -> Any:
        with contextlib.suppress(KeyError, ValueError):
            do(installation)

    act.__qualname__ = text
    return act


TEXTS = st.sampled_from(["", "x", "Ærlig & <sønn>", "\U0001f40b", "\ud83d", "line\nbreak", "[F:1.5]", "1"])
CONNECTIONS = st.integers(0, 5)
FIELDS = st.sampled_from([1001, 1003, 1005, 1008, 2001, 2008, 3001, 3003, 4001, 4005])
ACTORS = st.sampled_from(["Customer", "Supplier", "Person", "Project"])
KEYS = st.sampled_from(["C1001", "C1003", "C1011", "C1013", "S5002", "P3001", "J4002", "V2001", "M-0107", "Ø"])
CONTACTS = st.integers(10, 21)
INTERNAL_KEYS = st.lists(st.sampled_from([501, 502, 510, 521, 542, 543, 999]), max_size=3)
CONFIGURATIONS = st.sampled_from(
    [
        {"Server": "meadow-db", "Client": "[I:1]", "Key": "made-up-4"},
        {"Company": "200", "User": "erpsync", "Password": "made-up-2"},
        {"Company": "nowhere"},
    ]
)


def _connection(number: int, connector: int, name: str, configuration: dict[str, str]) -> Action:
    entity = {
        "ErpConnectionId": number,
        "ErpConnectorId": connector,
        "DisplayName": name,
        "DisplayDescription": name,
        "AllAccess": False,
        "UserGroupAccessIds": [connector],
        "AssociateAccessIds": None,
        "ConfigFields": configuration,
    }
    return operation("SaveConnection", Connection=entity)


def _connector(number: int, url: str, name: str) -> Action:
    entity = {"ErpConnectorId": number, "DisplayName": name, "URL": url, "Deleted": False}
    return operation("SaveErpSyncConnectorEntity", ErpSyncConnectorEntity=entity)


def _default(field: int, default: str, first: str) -> Action:
    entity = {"ErpFieldId": field, "DefaultValue": default, "FirstSyncDefaultValue": first}
    entity |= {"HasFirstSyncDefaultValue": bool(first), "PromptUser": True, "Mandatory": bool(default)}
    return operation("SaveDefaultValueInfo", ErpSyncDefaultValue=entity)


def _map(field: int, crm_field: str, way: str) -> Action:
    item = {"ErpFieldId": field, "CrmFieldKey": crm_field, "SyncToCrm": ">" in way, "SyncToErp": "<" in way}
    item |= {"ShowInGui": True, "ShowInSearch": False, "ErpFieldKey": None}
    saved = {"ErpConnectionId": field // 1000, "ActorTypeErp": "Customer", "ActorTypeCrm": "Unknown"}
    return operation("SaveActorTypeMapping", Mapping={**saved, "IsActive": True, "FieldMappings": [item]})


def _advance(seconds: float) -> Action:
    def advance(installation: Installation) -> None:
        installation.state.clock.advance(timedelta(seconds=seconds))  # type: ignore[attr-defined]
        installation.run_due_work()

    return named(f"advance({seconds})", advance)


def _crm(contact: int, values: dict[str, str]) -> Action:
    return named(f"crm({contact}, {values})", lambda box: box.state.crm.change("contact", contact, values))


def _erp(connection: int, key: str, values: dict[str, str]) -> Action:
    return named(
        f"erp({connection}, {key}, {values})",
        lambda box: box.state.connections[connection].erp.change("Customer", key, values),
    )


def _gone(connection: int, actor: str, key: str) -> Action:
    return named(
        f"gone({connection}, {actor}, {key})", lambda box: box.state.connections[connection].erp.remove(actor, key)
    )


def _come(connection: int, actor: str, key: str, name: str) -> Action:
    return named(
        f"come({connection}, {actor}, {key})",
        lambda box: box.state.connections[connection].erp.add(actor, key, {"NAME": name}),
    )


def _silence(answers: bool) -> Action:
    return named(f"silence({answers})", lambda box: setattr(box.state.sites[0], "answers", answers))


def _link(name: str, connection: int, actor: str, key: str, contact: int) -> Action:
    more = {"CrmRecordId": contact, "ErpConnectionId": connection, "ErpActorType": actor, "ErpKey": key}
    return operation(name, CrmActorType="Contact", **more)


ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from(["SyncAll", "ForceSyncAll"]).map(operation),
    st.builds(lambda c, k: operation("ForceResync", ErpConnectionId=c, InternalKeyIds=k), CONNECTIONS, INTERNAL_KEYS),
    st.builds(
        lambda c, k: operation("ForceResyncBatchTask", ErpConnectionId=c, InternalKeyIds=k), CONNECTIONS, INTERNAL_KEYS
    ),
    st.builds(
        lambda c, a, k: operation("ForceResyncExternal", ErpConnectionId=c, ErpActorType=a, ExternalKeys=k),
        CONNECTIONS,
        ACTORS,
        st.lists(KEYS, max_size=3),
    ),
    st.booleans().map(lambda run: operation("ChangeEngineStatus", Run=run)),
    st.sampled_from([0, 0.000001, 60, 86400 * 999_999_999]).map(
        lambda seconds: operation("ChangeEngineInterval", Interval=timedelta(seconds=seconds))
    ),
    CONNECTIONS.map(lambda c: operation("ToggleErpConnectionActive", ErpConnectionId=c)),
    CONNECTIONS.map(lambda c: operation("DeleteConnection", ErpConnectionId=c)),
    CONNECTIONS.map(lambda c: operation("UpdateConnectionFields", ErpConnectionId=c)),
    st.permutations([1, 2, 3]).map(lambda c: operation("SaveErpConnectionSyncPriorities", ErpConnectionIds=c)),
    st.builds(_link, st.sampled_from(["BreakActorLink", "CreateActorLink"]), CONNECTIONS, ACTORS, KEYS, CONTACTS),
    st.builds(
        lambda c, f, d: operation(
            "MoveErpFieldItem", ErpConnectionId=c, ErpActorType="Customer", ErpFieldId=f, Direction=d
        ),
        CONNECTIONS,
        FIELDS,
        st.sampled_from([-1, 1]),
    ),
    st.builds(
        lambda c, n, t: operation(
            "CreateErpActorFromCrm",
            ConnectionId=c,
            CrmActorType="Contact",
            CrmEntityId=n,
            ErpActorType="Customer",
            ErpFieldKeyValues={"NAME": t},
        ),
        CONNECTIONS,
        CONTACTS,
        TEXTS,
    ),
    st.builds(
        lambda o, c: operation("ValidateArchiveColumnConfig", ListOwner=o, ErpConnectionId=c), TEXTS, CONNECTIONS
    ),
    st.builds(_connection, CONNECTIONS, st.integers(1, 3), TEXTS, CONFIGURATIONS),
    st.builds(_connector, st.integers(0, 4), st.sampled_from([LEDGER_URL, MEADOW_URL, "https://no.example"]), TEXTS),
    st.builds(_default, FIELDS, TEXTS, TEXTS),
    st.builds(_map, FIELDS, st.sampled_from(["", "name", "phone", "category"]), st.sampled_from(["", "<", "<>"])),
    st.builds(_advance, st.sampled_from([0.1, 1, 1000])),
    st.builds(_crm, CONTACTS, st.dictionaries(st.sampled_from(["name", "city", "category"]), TEXTS)),
    st.builds(_erp, CONNECTIONS, KEYS, st.dictionaries(st.sampled_from(["NAME", "CITY", "PRICEGROUP"]), TEXTS)),
    st.builds(_gone, CONNECTIONS, ACTORS, KEYS),
    st.builds(_come, CONNECTIONS, ACTORS, KEYS, TEXTS),
    st.booleans().map(_silence),
    st.just(named("seed(3)", lambda box: box.seed(companies=3))),
)
