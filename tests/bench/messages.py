"""Messages as an installation sends them: answers of ForceSyncAll of any length, and the answer to a login."""

from __future__ import annotations

from pathlib import Path

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TICKET = "7T:Zml4dHVyZSB0aWNrZXQsIG9wZW5zIG5vdGhpbmc="
LOGIN = Path(__file__).resolve().parents[2] / "fixtures" / "soap" / "AuthenticateUsernamePassword" / "wcf.xml"
"""What the login of a user with a password is answered."""

REQUEST = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="{NAMESPACE}"><s:Header>'
    f"<n:Credentials><n:Ticket>{TICKET}</n:Ticket></n:Credentials></s:Header>"
    "<s:Body><n:ForceSyncAll/></s:Body></s:Envelope>"
).encode()
"""What calls ForceSyncAll."""

REQUEST_HEADERS = {
    "Content-Type": "text/xml; charset=utf-8",
    "SOAPAction": f'"{NAMESPACE}/ErpSync/ForceSyncAll"',
}

BARE = '<TableRight i:nil="true"/><FieldProperties i:nil="true"/>'
"""What WCF writes for a carrier about which the installation says nothing more."""


def force_sync_all(records: int) -> bytes:
    """An answer of ForceSyncAll as WCF writes it, about 148 bytes for each of its records."""
    items = "".join(
        f"<ChangedDataItem>{BARE}<Tablename>contact</Tablename><RecordId>{number}</RecordId></ChangedDataItem>"
        for number in range(1, records + 1)
    )
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
        f'<h:ExceptionInfo i:nil="true" xmlns:h="{NAMESPACE}" xmlns:i="{XSI}"/>'
        f'<h:Succeeded xmlns:h="{NAMESPACE}">true</h:Succeeded></s:Header><s:Body>'
        f'<ForceSyncAllResponse xmlns="{NAMESPACE}"><Response xmlns:i="{XSI}">{BARE}<IsOk>true</IsOk>'
        '<UserExplanation i:nil="true"/><TechExplanation i:nil="true"/><ErrorCode i:nil="true"/>'
        f'<Changes>{BARE}<AddedRecords i:nil="true"/><UpdatedRecords>{items}</UpdatedRecords>'
        '<DeletedRecords i:nil="true"/></Changes></Response></ForceSyncAllResponse></s:Body></s:Envelope>'
    ).encode()
