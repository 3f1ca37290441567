"""How two contracts of one service differ."""

from __future__ import annotations

from superoffice_erpsync.doctor.contracts import compared
from superoffice_erpsync.transports.soap.wsdl import bundled_contract


def test_a_contract_is_like_itself() -> None:
    ours = bundled_contract("ErpSync", "Services86")
    assert not any(compared(ours, ours))


def test_what_is_more_and_what_is_less() -> None:
    ours = bundled_contract("ErpSync", "Services88")
    operations = dict(ours.operations)
    operations["Dance"] = operations.pop("SyncAll")
    operations["ForceSyncAll"] = operations["ForceSyncAll"]._replace(action="urn:other")
    members = {**ours.members, "PluginResponse": ours.members["PluginResponse"] - {"Status"} | {"Mood"}}
    found = compared(ours, ours._replace(operations=operations, members=members))
    assert found.lacking == ["SyncAll"]
    assert found.changed == ["ForceSyncAll"]
    assert found.added == ["Dance"]
    assert found.fewer == ["PluginResponse.Status"]
    assert found.more == ["PluginResponse.Mood"]


def test_services88_has_more_than_services86() -> None:
    found = compared(bundled_contract("ErpSync", "Services88"), bundled_contract("ErpSync", "Services86"))
    assert len(found.lacking) == 5
    assert len(found.changed) == 44
