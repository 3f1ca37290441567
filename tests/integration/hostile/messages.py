"""Good messages, and the parts that bad ones are made of. Nothing here comes from the client's code."""

from __future__ import annotations

SERVICES = "Services86"
NAMESPACE = f"http://www.superoffice.net/ws/crm/NetServer/{SERVICES}"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

SUCCEEDED = "<n:Succeeded>true</n:Succeeded>"
FAILED = "<n:Succeeded>false</n:Succeeded>"
XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def envelope(content: str, header: str = SUCCEEDED, *, soap: str = SOAP_11, namespace: str = NAMESPACE) -> str:
    """A SOAP envelope around what its body holds; `n`, `a` and `i` are declared on it."""
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:n="{namespace}" xmlns:a="{ARRAYS}" xmlns:i="{XSI}">'
        f"{head}<s:Body>{content}</s:Body></s:Envelope>"
    )


def answered(operation: str, response: str, header: str = SUCCEEDED, *, namespace: str = NAMESPACE) -> str:
    """The envelope of an operation's answer, from what stands in its `Response`."""
    content = f"<n:{operation}Response><n:Response>{response}</n:Response></n:{operation}Response>"
    return envelope(content, header, namespace=namespace)


def synced(response: str = "<n:IsOk>true</n:IsOk>", header: str = SUCCEEDED, *, namespace: str = NAMESPACE) -> str:
    """The answer of ForceSyncAll."""
    return answered("ForceSyncAll", response, header, namespace=namespace)


def status(message: str = "<n:StatusMessage>Waiting</n:StatusMessage>", *, interval: str = "PT15M") -> str:
    """The answer of GetEngineStatus."""
    running = "<n:IsRunning>true</n:IsRunning>"
    return answered("GetEngineStatus", f"{running}{message}<n:Interval>{interval}</n:Interval>")


def login(ticket: str) -> str:
    """The answer of a login that went well."""
    return envelope(
        "<n:AuthenticateResponse><n:Response><n:Associate>DEMO</n:Associate></n:Response>"
        f"<n:Credentials><n:Ticket>{ticket}</n:Ticket></n:Credentials>"
        "<n:AuthenticationSucceeded>true</n:AuthenticationSucceeded></n:AuthenticateResponse>"
    )


REFUSED_LOGIN = envelope(
    "<n:AuthenticateResponse><n:AuthenticationSucceeded>false</n:AuthenticationSucceeded></n:AuthenticateResponse>"
)


def exception_info(message: str, kind: str = "SuperOffice.Exceptions.SoException") -> str:
    """A response header ExceptionInfo."""
    return (
        f"<n:ExceptionInfo><n:Message>{message}</n:Message><n:FriendlyText>{message}</n:FriendlyText>"
        f"<n:ExceptionType>{kind}</n:ExceptionType></n:ExceptionInfo>"
    )


EXPIRED_TICKET = envelope(
    "<n:ForceSyncAllResponse/>",
    FAILED + exception_info("The ticket has expired", "SuperOffice.Exceptions.SoSessionException"),
)


def fault(text: str = "It went wrong", code: str = "s:Server", detail: str = "") -> str:
    """A SOAP 1.1 Fault."""
    return envelope(
        f"<s:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring>{detail}</s:Fault>", header=""
    )


def page(title: str = "Sign in", text: str = "Please sign in") -> bytes:
    """An HTML page as proxies and web servers send them."""
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><p>{text}</body></html>".encode()
