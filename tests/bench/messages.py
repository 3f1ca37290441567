"""Messages that are ready: a request of ForceSyncAll, and the answer to a login."""

from __future__ import annotations

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
