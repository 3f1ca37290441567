"""The calls that scenarios make: an operation of each nature, with its good answer on either wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration.hostile import messages

SOAP = "soap"
REST = "rest"
BOTH = (SOAP, REST)


@dataclass(frozen=True, kw_only=True)
class Call:
    """An operation with arguments.

    Attributes:
        operation: The vendor's name.
        arguments: By the vendor's names, as the REST API takes them.
        soap: A good answer in XML.
        rest: A good answer in JSON.
        result: What both stand for.
    """

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    soap: str = field(repr=False)
    rest: str = field(repr=False)
    result: Any = field(repr=False)

    def answer(self, wire: str) -> bytes:
        """The good answer."""
        return (self.soap if wire == SOAP else self.rest).encode()


def _members(**given: Any) -> dict[str, Any]:
    return {**given, "TableRight": None, "FieldProperties": None}


_CHANGED = _members(Tablename="contact", RecordId=12)

_SYNCED = _members(
    IsOk=True,
    UserExplanation="Ærlig Øl & Ånd",
    TechExplanation=None,
    ErrorCode=None,
    Changes=_members(AddedRecords=None, UpdatedRecords=[_CHANGED], DeletedRecords=None),
    Status="Ok",
)

_SYNCED_XML = (
    "<n:IsOk>true</n:IsOk><n:UserExplanation>Ærlig Øl &amp; Ånd</n:UserExplanation><n:Changes><n:UpdatedRecords>"
    "<n:ChangedDataItem><n:Tablename>contact</n:Tablename><n:RecordId>12</n:RecordId></n:ChangedDataItem>"
    "</n:UpdatedRecords></n:Changes>"
)

SYNC = Call(
    operation="ForceSyncAll",
    soap=messages.synced(_SYNCED_XML),
    rest=json.dumps(_SYNCED, ensure_ascii=False),
    result=_SYNCED,
)
"""A repeatable write."""

_STATUS = _members(IsRunning=True, StatusMessage="Waiting", Interval="00:15:00")

STATUS = Call(operation="GetEngineStatus", soap=messages.status(), rest=json.dumps(_STATUS), result=_STATUS)
"""A read."""

TOGGLE = Call(
    operation="ToggleErpConnectionActive",
    arguments={"ErpConnectionId": 7},
    soap=messages.answered("ToggleErpConnectionActive", "<a:string>NAME has no direction</a:string>"),
    rest='["NAME has no direction"]',
    result=["NAME has no direction"],
)
"""A write."""

RESYNC = Call(
    operation="ForceResyncExternal",
    arguments={"ErpConnectionId": 7, "ErpActorType": "Customer", "ExternalKeys": ["K" * 5_000_000]},
    soap=messages.answered("ForceResyncExternal", _SYNCED_XML),
    rest=SYNC.rest,
    result=_SYNCED,
)
"""A repeatable write whose request is longer than what the buffers of a connection hold."""

CAN_DELETE = Call(
    operation="CanDeleteErpSyncConnectorEntity",
    arguments={"ErpSyncConnectorId": 7},
    soap=messages.answered("CanDeleteErpSyncConnectorEntity", "NoError"),
    rest='"NoError"',
    result="NoError",
)
"""A read whose result is one bare word."""

INTERVAL = Call(
    operation="ChangeEngineInterval",
    arguments={"Interval": "00:15:00"},
    soap=messages.envelope("<n:ChangeEngineIntervalResponse/>"),
    rest="",
    result=None,
)
"""A repeatable write without a result."""

SUMMARY = Call(
    operation="GetErpSyncConnectionSummary",
    arguments={"ErpSyncConnectionId": 7},
    soap=messages.answered(
        "GetErpSyncConnectionSummary",
        "<n:TableRight><n:Mask>Select Update</n:Mask><n:Reason/></n:TableRight><n:DisplayName>Main</n:DisplayName>"
        "<n:LastSync>2024-02-29T13:45:30</n:LastSync>",
    ),
    rest=json.dumps(
        {
            "TableRight": {"Mask": "Select, Update", "Reason": ""},
            "DisplayName": "Main",
            "LastSync": "2024-02-29T13:45:30",
        }
    ),
    result={
        "DisplayName": "Main",
        "DisplayDescription": None,
        "Active": False,
        "Deleted": False,
        "LastSync": "2024-02-29T13:45:30",
        "Actors": None,
        "TableRight": {"Mask": "Select, Update", "Reason": ""},
        "FieldProperties": None,
    },
)
"""A read with a date and a mask."""
