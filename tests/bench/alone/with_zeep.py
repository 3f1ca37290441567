"""The same with zeep alone. Two more arguments: the WSDLs of SoPrincipal and ErpSync."""

import sys

import zeep

url, records, *wsdls = sys.argv[1:]
transport = zeep.Transport()
principal, erpsync = (zeep.Client(wsdl, transport=transport) for wsdl in wsdls)
login = principal.create_service(next(iter(principal.wsdl.bindings)), f"{url}/SoPrincipal.svc")
ticket = login.AuthenticateUsernamePassword("DEMO", "not-a-real-password").body.Credentials.Ticket
service = erpsync.create_service(next(iter(erpsync.wsdl.bindings)), f"{url}/ErpSync.svc")
answer = service.ForceSyncAll(_soapheaders={"Credentials": {"Ticket": ticket}})
assert len(answer.body.Response.Changes.UpdatedRecords.ChangedDataItem) == int(records)
