"""A client of the installation whose address it is given, out of suds; prints what it was told, as JSON.

It runs in the Python that has suds, which need not have anything else.
"""

import copy
import json
import sys
from typing import Any

from suds.client import Client
from suds.sudsobject import Object


def plain(value: Any) -> Any:
    if isinstance(value, Object):
        return {name: plain(one) for name, one in dict(value).items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def bring(erp_sync: Client, ticket: str) -> None:
    credentials = erp_sync.factory.create("SoCredentials")
    credentials.Ticket = ticket
    erp_sync.set_options(soapheaders={"Credentials": credentials})


def main(address: str) -> None:
    options = {"cache": None, "timeout": 10}
    principal = Client(f"{address}/SoPrincipal.svc?wsdl", **options)
    erp_sync = Client(f"{address}/ErpSync.svc?wsdl", **options)
    refused = principal.service.AuthenticateUsernamePassword("tje0", "wrong")
    login = principal.service.AuthenticateUsernamePassword("tje0", "Tje0")
    bring(erp_sync, login.Credentials.Ticket)
    call = erp_sync.service

    sync = call.ForceSyncAll()
    keys = erp_sync.factory.create("{http://schemas.microsoft.com/2003/10/Serialization/Arrays}ArrayOfstring")
    keys.string = ["C1001", "C9999", "C1002"]
    resync = call.ForceResyncExternal(1, "Customer", keys)
    connection = call.GetConnection(3)
    before = copy.deepcopy(connection)
    connection.DisplayName = "Ærø & <Havn>"
    connection.UserGroupAccessIds.int = [2, 3]
    saved = call.SaveConnection(connection)
    mapping = call.GetActorTypeMapping(1, "Supplier")
    mapping.FieldMappings.ErpSyncFieldMapping[0].SyncToCrm = True
    mapped = call.SaveActorTypeMapping(mapping)
    engine = call.GetEngineStatus()

    bring(erp_sync, "7T:bm8=")
    stranger = call.ForceSyncAll()
    told = {
        "refused": refused.AuthenticationSucceeded,
        "ticket": login.Credentials.Ticket,
        "user": login.Response.Associate,
        "sync": sync.IsOk,
        "resync": resync,
        "connection": before,
        "saved": saved,
        "mapped": mapped.FieldMappings.ErpSyncFieldMapping,
        "interval": engine.Interval,
        "stranger": stranger,
        # suds gives what is in the body alone.
        "failure": erp_sync.last_received().childAtPath("Envelope/Header/ExceptionInfo/ExceptionType").getText(),
        "succeeded": erp_sync.last_received().childAtPath("Envelope/Header/Succeeded").getText(),
    }
    sys.stdout.write(json.dumps({name: plain(value) for name, value in told.items()}))


main(sys.argv[1])
