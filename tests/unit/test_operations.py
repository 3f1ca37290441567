"""What is checked before anything is sent: names, ranges, and key lists that are empty by accident."""

from __future__ import annotations

from typing import Any

import pytest

from superoffice_erpsync.errors import InvalidRequest, Outcome
from superoffice_erpsync.models import ConfigFields, ErpActorType, ErpConnection, ErpSyncConnectorEntity
from superoffice_erpsync.operations import OPERATIONS, Nature, Operation

RESYNCS = [OPERATIONS[wire] for wire in sorted(OPERATIONS) if "Resync" in wire]
RESYNC = OPERATIONS["ForceResync"]
EXTERNAL = OPERATIONS["ForceResyncExternal"]
QUEUED = OPERATIONS["ForceResyncBatchTask"]


class Whole:
    """A whole number of another library."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        return self.number

    def __str__(self) -> str:
        return str(self.number)


def external(**changed: Any) -> dict[str, Any]:
    return {"erp_connection_id": 2, "erp_actor_type": ErpActorType.CUSTOMER, "external_keys": ["C1001"]} | changed


def refused(operation: Operation[Any], arguments: dict[str, Any], **options: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        operation.bind(arguments, **options)
    error = caught.value
    assert error.operation == operation.wire
    assert error.outcome is Outcome.NOT_SENT
    return error


def test_good_arguments_are_bound_in_the_contracts_order() -> None:
    given = dict(reversed(external().items()))
    bound = EXTERNAL.bind(given)
    assert bound == given
    assert list(bound) == ["erp_connection_id", "erp_actor_type", "external_keys"]
    assert OPERATIONS["SyncAll"].bind({}) == {}


def test_an_unknown_argument_is_named_with_those_there_are() -> None:
    error = refused(EXTERNAL, external(keys=["x"]))
    assert error.message == "unknown argument keys; it takes: erp_connection_id, erp_actor_type, external_keys"
    assert refused(OPERATIONS["SyncAll"], {"x": 1}).message == "unknown argument x; it takes: none"


@pytest.mark.parametrize("name", ["erp_connection_id", "erp_actor_type", "external_keys"])
def test_a_missing_argument_is_named(name: str) -> None:
    given = external()
    del given[name]
    assert refused(EXTERNAL, given).message == f"argument {name} is missing"


# -- empty lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [None, [], (), set(), range(0), iter(())], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("operation", RESYNCS, ids=lambda operation: operation.wire)
def test_an_empty_list_is_refused_unless_it_is_meant(operation: Operation[Any], empty: Any) -> None:
    given = external() if "External" in operation.wire else {"erp_connection_id": 0, "internal_key_ids": None}
    name = operation.arguments[-1].name
    error = refused(operation, given | {name: empty})
    assert error.message == f"{name} is empty, which the server takes for every key there is"
    assert error.hint == "pass everything=True if that is meant"
    bound = operation.bind(given | {name: empty}, everything=True)
    assert bound[name] == (None if empty is None else [])


@pytest.mark.parametrize(
    "keys", [[7], (7,), {7}, range(7, 8), iter([7])], ids=["list", "tuple", "set", "range", "iterator"]
)
def test_any_collection_of_keys_is_taken_and_becomes_a_list(keys: Any) -> None:
    bound = RESYNC.bind({"erp_connection_id": 1, "internal_key_ids": keys})
    assert bound["internal_key_ids"] == [7]
    assert type(bound["internal_key_ids"]) is list


def test_keys_together_with_everything_are_a_contradiction() -> None:
    error = refused(RESYNC, {"erp_connection_id": 1, "internal_key_ids": iter([1, 2])}, everything=True)
    assert error.message == "everything=True contradicts 2 internal_key_ids"


@pytest.mark.parametrize("wire", sorted(set(OPERATIONS) - {operation.wire for operation in RESYNCS}))
def test_everything_means_nothing_to_other_operations(wire: str) -> None:
    operation = OPERATIONS[wire]
    given = {argument.name: None for argument in operation.arguments}
    assert operation.bind(given) == given
    assert refused(operation, given, everything=True).message == "everything=True means nothing to this operation"


@pytest.mark.parametrize(
    "keys", ["C1001", b"C1001", {"C1001": 1}, 5, True, object()], ids=lambda one: type(one).__name__
)
def test_what_is_no_list_of_keys_is_refused_with_its_type_and_not_its_value(keys: Any) -> None:
    error = refused(EXTERNAL, external(external_keys=keys))
    assert error.message == f"external_keys must be a list of keys, not {type(keys).__name__}"
    assert refused(EXTERNAL, external(external_keys=keys), everything=True).message == error.message


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n", "\u00a0", None], ids=ascii)
@pytest.mark.parametrize("place", [0, 1])
def test_a_blank_key_is_named_by_its_place(blank: str | None, place: int) -> None:
    keys: list[str | None] = ["C1001", "C1002"]
    keys[place] = blank
    assert refused(EXTERNAL, external(external_keys=keys)).message == f"external_keys[{place}] is blank"


def test_keys_are_sent_as_they_are() -> None:
    keys = [" C1001", "0", "c1001", " C1001"]
    assert EXTERNAL.bind(external(external_keys=keys))["external_keys"] == keys


def test_an_iterator_of_any_other_list_is_kept_for_a_second_try() -> None:
    operation = OPERATIONS["SaveErpConnectionSyncPriorities"]
    assert operation.bind({"erp_connection_ids": (one for one in (3, 1, 2))}) == {"erp_connection_ids": [3, 1, 2]}
    assert operation.bind({"erp_connection_ids": []}) == {"erp_connection_ids": []}
    fields = ConfigFields(Server="x")
    bound = OPERATIONS["TestConnectionByConfig"].bind({"erp_connection_id": 1, "config_fields": fields})
    assert bound["config_fields"] is fields


# -- ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "lowest"), [(EXTERNAL, 1), (RESYNC, 0), (QUEUED, 0)], ids=["external", "resync", "queued"]
)
@pytest.mark.parametrize("kind", [int, Whole])
def test_ids_that_name_nothing_are_refused(operation: Operation[Any], lowest: int, kind: Any) -> None:
    given = external() if operation is EXTERNAL else {"internal_key_ids": [1]}
    assert operation.bind(given | {"erp_connection_id": kind(lowest)})
    error = refused(operation, given | {"erp_connection_id": kind(lowest - 1)})
    expected = f"erp_connection_id is {lowest - 1}, but the smallest that names anything is {lowest}"
    assert error.message == expected


# -- natures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wire", "name", "record", "nature"),
    [
        ("SaveConnection", "connection", ErpConnection(), Nature.WRITE),
        ("SaveConnection", "connection", ErpConnection(erp_connection_id=-1), Nature.WRITE),
        ("SaveConnection", "connection", ErpConnection(erp_connector_id=5), Nature.WRITE),
        ("SaveConnection", "connection", ErpConnection(erp_connection_id=1), Nature.REPEATABLE_WRITE),
        ("SaveConnection", "connection", ErpConnection(erp_connection_id=Whole(1)), Nature.REPEATABLE_WRITE),  # type: ignore[arg-type]
        ("SaveConnection", "connection", ErpConnection(erp_connection_id="1"), Nature.WRITE),  # type: ignore[arg-type]
        ("SaveConnection", "connection", ErpConnection(erp_connection_id=None), Nature.WRITE),  # type: ignore[arg-type]
        ("SaveConnection", "connection", None, Nature.WRITE),
        ("SaveErpSyncConnectorEntity", "erp_sync_connector_entity", ErpSyncConnectorEntity(), Nature.WRITE),
        (
            "SaveErpSyncConnectorEntity",
            "erp_sync_connector_entity",
            ErpSyncConnectorEntity(erp_connector_id=3),
            Nature.REPEATABLE_WRITE,
        ),
    ],
)
def test_saving_is_repeatable_for_what_exists_already(wire: str, name: str, record: Any, nature: Nature) -> None:
    assert OPERATIONS[wire].nature_of({name: record}) is nature


@pytest.mark.parametrize("wire", ["GetConnection", "DeleteConnection", "ToggleErpConnectionActive"])
def test_other_operations_have_one_nature(wire: str) -> None:
    operation = OPERATIONS[wire]
    assert {operation.nature_of({"erp_connection_id": number}) for number in (0, 1)} == {operation.nature}
