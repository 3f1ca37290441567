"""Messages that are ready: requests of ForceSyncAll and ForceResyncExternal, and the answer to a login."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .decoding import NAMESPACE

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

_ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"


def resync_request(keys: Sequence[str]) -> bytes:
    """What calls ForceResyncExternal for customers, as the client writes it but for its prefixes."""
    items = "".join(f"<a:string>{key}</a:string>" for key in keys)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="{NAMESPACE}" xmlns:a="{_ARRAYS}">'
        f"<s:Header><n:Credentials><n:Ticket>{TICKET}</n:Ticket></n:Credentials></s:Header>"
        "<s:Body><n:ForceResyncExternal><n:ErpConnectionId>1</n:ErpConnectionId>"
        f"<n:ErpActorType>Customer</n:ErpActorType><n:ExternalKeys>{items}</n:ExternalKeys>"
        "</n:ForceResyncExternal></s:Body></s:Envelope>"
    ).encode()


RESYNC_HEADERS = {**REQUEST_HEADERS, "SOAPAction": f'"{NAMESPACE}/ErpSync/ForceResyncExternal"'}
