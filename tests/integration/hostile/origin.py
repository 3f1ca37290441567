"""Where requests go, and with what: to the user's address and nowhere else, whatever servers and environment say."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from integration.hostile.calls import SOAP, STATUS
from integration.hostile.judging import USER, WEB_PASSWORD
from integration.hostile.messages import fault, page
from integration.hostile.scenarios import (
    GARBLED,
    NOT_SENT,
    REJECTED,
    RIGHT,
    UNKNOWN,
    Ending,
    Endings,
    Fails,
    Listening,
    Scenario,
    Tls,
    Who,
    row,
)
from integration.hostile.steps import CLOSE, GOOD, HOLD, Answer, Send
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    HttpBasic,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)
from superoffice_erpsync.options import Timeouts
from superoffice_erpsync.wsdl_files import wsdl_file

REDIRECTED = Fails(ConfigurationError, REJECTED, "redirect")
SECOND = "http://127.0.0.1:{elsewhere}"
TARGETS = {
    "another port": f"{SECOND}/x",
    "another host by two slashes": "//127.0.0.1:{elsewhere}/x",
    "another scheme": "https://127.0.0.1:{elsewhere}/x",
    "a file": "{secret}",
    "the same host and another path": "/login",
    "the same address": "http://127.0.0.1:{port}/Remote/Services86/ErpSync.svc",
    "a path beside it": "login?x=1",
    "nothing": "",
    "something that is no address": "http://[",
    "a megabyte less a bit": "/" + "x" * 60_000,
    "a login in the address": "http://a:b@127.0.0.1:{elsewhere}/",
}

REDIRECTS = (
    *(row(f"HTTP {status} to another server is not followed", Answer(status=status, headers={"Location": f"{SECOND}/x"},
          body=b""), must=REDIRECTED) for status in (301, 302, 303, 307, 308)),
    *(row(f"HTTP 307 to {what} is not followed", Answer(status=307, headers={"Location": target}, body=b""),
          must=REDIRECTED) for what, target in TARGETS.items()),
    *(row(f"HTTP {status} of a login takes no password along", GOOD, who=Who.PASSWORD, requests=0, logins=1,
          login=((Answer(status=status, headers={"Location": f"{SECOND}/x"}, body=b""),),), must=REDIRECTED)
      for status in (302, 307)),
    row("HTTP 300 with a choice of addresses", Answer(status=300, headers={"Location": f"{SECOND}/x"}, body=b""),
        must=REDIRECTED),
    row("HTTP 305, which once named a proxy", Answer(status=305, headers={"Location": SECOND}, body=b""),
        must=Fails((ConfigurationError, ServerFault), REJECTED)),
    row("a redirect without a Location", Answer(status=302, body=b""), must=REDIRECTED),
    row("a good answer with a Location", Answer(headers={"Location": f"{SECOND}/x"}), must=RIGHT),
    row("a good answer that wants to be refreshed", Answer(headers={"Refresh": f"0; url={SECOND}/x"}), must=RIGHT),
    row("a page that refreshes itself elsewhere", Answer(body=page().replace(
        b"<head>", b'<head><meta http-equiv="refresh" content="0; url=' + SECOND.encode() + b'/x">')), must=GARBLED),
    row("an answer that names another service", Answer(headers={"Alt-Svc": 'h2="127.0.0.1:{elsewhere}"; ma=9999'}),
        must=RIGHT, calls=2, requests=2),
    row("an answer that says that only https is right", Answer(headers={"Strict-Transport-Security": "max-age=9"}),
        must=RIGHT, calls=2, requests=2),
    row("a cookie is not sent back", Answer(headers={"Set-Cookie": "session=abc; Path=/"}), must=RIGHT, calls=2,
        requests=2),
    row("a cookie of a login is not sent back", GOOD, login=((Answer(headers={"Set-Cookie": "session=abc"}),),),
        who=Who.PASSWORD, must=RIGHT, calls=2, requests=2, logins=1),
    row("a cookie beside a failure is not sent back", Answer(status=500, headers={"Set-Cookie": "a=b"}, body=b""),
        must=Fails(ServerFault, UNKNOWN), calls=2, requests=2),
    *(row(f"a server that asks for {scheme} gets nothing but what it has", Answer(
        status=401, headers={"WWW-Authenticate": f"{scheme} realm=x"}, body=b""), must=Fails(
            AuthenticationError, REJECTED)) for scheme in ("Basic", "Negotiate", "NTLM", "Digest")),
    row("a server that asks for a proxy's login", Answer(status=407, headers={"Proxy-Authenticate": "Basic realm=x"}),
        must=Fails(TransportError, NOT_SENT)),
)  # fmt: skip

WSDL = wsdl_file("ErpSync", "Services86").read_bytes()
ADDRESS = b"soap:address location="
EMPTY_WSDL = b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:x"></definitions>'
EMPTY_SCHEMA = b'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"/>'
NOT_FOR_EVER = {"call_options": {"deadline": 4.0}, "within": 3.0}
NO_WSDL = Fails((ConfigurationError, ProtocolError, TransportError, RequestTimeout), (NOT_SENT, UNKNOWN, REJECTED))


def imports(location: bytes, document: bytes = WSDL) -> bytes:
    """A WSDL with an import at its end."""
    end = document.rindex(b"</")
    return document[:end] + b'<import xmlns="http://schemas.xmlsoap.org/wsdl/" namespace="urn:x" location="%s"/>' % (
        location
    ) + document[end:]  # fmt: skip


def schema_from(location: bytes) -> bytes:
    """The WSDL with a schema that imports another."""
    start = WSDL.index(b"<wsdl:types") + WSDL[WSDL.index(b"<wsdl:types") :].index(b">") + 1
    schema = b'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:import namespace="urn:x" schemaLocation="%s"/>'
    return WSDL[:start] + schema % location + b"</x:schema>" + WSDL[start:]


def live(name: str, document: bytes, must: Ending | Endings, **more: Any) -> Scenario:
    """A row in which the server's own WSDL is that."""
    documents = {"ErpSync.svc": ((Answer(body=document),),), **more.pop("documents", {})}
    return row(f"live WSDL: {name}", GOOD, documents=documents, wires=(SOAP,), must=must,
               options={"wsdl": "live"}, requests=more.pop("requests", (0, 1)), **more)  # fmt: skip


LIVE = (
    live("good", WSDL, RIGHT, requests=1),
    live("an address at another server", WSDL.replace(ADDRESS + b'"http', ADDRESS + b'"http://127.0.0.1:{elsewhere}/'),
         RIGHT, requests=1),
    live("an import from another server, which the user's own gives", imports(f"{SECOND}/x.wsdl".encode()), RIGHT,
         documents={"x.wsdl": ((Answer(body=EMPTY_WSDL),),)}, requests=1),
    live("a schema from another server, which the user's own gives", schema_from(f"{SECOND}/x.xsd".encode()), RIGHT,
         documents={"x.xsd": ((Answer(body=EMPTY_SCHEMA),),)}, requests=1),
    live("an import of a local file", imports(b"{secret}"), (RIGHT, NO_WSDL)),
    live("a schema in a local file", schema_from(b"{secret}"), (RIGHT, NO_WSDL)),
    live("an import that is not there", imports(b"x.wsdl"), NO_WSDL, requests=0),
    live("an import of itself", imports(b"ErpSync.svc?wsdl", EMPTY_WSDL), NO_WSDL, requests=0, **NOT_FOR_EVER),
    live("two that import each other", imports(b"x.wsdl", EMPTY_WSDL), NO_WSDL, requests=0, **NOT_FOR_EVER,
         documents={"x.wsdl": ((Answer(body=imports(b"ErpSync.svc?wsdl", EMPTY_WSDL)),),)}),
    live("imports without an end, each from a new place", imports(b"x/ErpSync.svc", EMPTY_WSDL), NO_WSDL, requests=0,
         **NOT_FOR_EVER),
    live("schemas without an end, each from a new place", schema_from(b"x/ErpSync.svc"), (RIGHT, NO_WSDL),
         **NOT_FOR_EVER),
    live("a document type", b"<!DOCTYPE x>" + WSDL[WSDL.index(b"<wsdl:definitions") :], NO_WSDL, requests=0),
    live("an entity at another server", b'<!DOCTYPE x [<!ENTITY e SYSTEM "' + SECOND.encode() + b'/x">]>'
         + WSDL[WSDL.index(b"<wsdl:definitions") :], NO_WSDL, requests=0),
    live("a billion laughs", b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "'
         + b"&b;" * 1000 + b'"><!ENTITY d "' + b"&c;" * 1000 + b'">]><x>&d;</x>', NO_WSDL, requests=0),
    live("no XML", b"{}", NO_WSDL, requests=0), live("nothing", b"", NO_WSDL, requests=0),
    live("a page", page(), NO_WSDL, requests=0), live("cut in the middle", WSDL[:9000], NO_WSDL, requests=0),
    live("a hundred thousand elements in each other", b"<x>" * 100_000, NO_WSDL, requests=0),
    row("live WSDL: redirected to another server", GOOD, wires=(SOAP,), options={"wsdl": "live"}, requests=0,
        documents={"*": ((Answer(status=302, headers={"Location": f"{SECOND}/x"}, body=b""),),)}, must=NO_WSDL),
    row("live WSDL: with a cookie", GOOD, wires=(SOAP,), options={"wsdl": "live"}, must=RIGHT,
        documents={"*": ((Answer(body=WSDL, headers={"Set-Cookie": "a=b"}),),)}),
)  # fmt: skip

PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), SECOND)
NETRC = {"NETRC": "{netrc}", "HOME": "{home}", "USERPROFILE": "{home}"}
TRUSTING = {"trust_environment": True}
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def around(name: str, environment: Mapping[str, str], must: Ending | Endings, **more: Any) -> Scenario:
    """A row in that environment."""
    return row(f"environment: {name}", GOOD, must=must, environment=environment, **more)


ENVIRONMENT = (
    around("proxies change nothing", PROXIES, RIGHT),
    around("proxies change nothing on a secure connection", PROXIES, RIGHT, tls=Tls()),
    around("proxies count where the user says so", PROXIES, RIGHT, options=TRUSTING, requests=0, strays=1),
    around("proxies count but for the hosts that NO_PROXY names", {**PROXIES, "NO_PROXY": "127.0.0.1"}, RIGHT,
           options=TRUSTING),
    around("the user's own proxy beats those", {**PROXIES, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy":
           "http://127.0.0.1:9"}, RIGHT, options={**TRUSTING, "proxies": {"http": SECOND}}, requests=0, strays=1),
    around("a netrc file changes nothing", NETRC, RIGHT),
    around("a netrc file changes nothing even where the environment is trusted", NETRC, RIGHT, options=TRUSTING),
    around("a netrc file changes nothing for a login", NETRC, RIGHT, who=Who.PASSWORD, logins=1),
    *(around(f"{name} cannot take trust away", {name: "{other_ca}"}, RIGHT, tls=Tls()) for name in BUNDLES),
    *(around(f"{name} cannot give trust", {name: "{ca}"}, Fails(TlsError, NOT_SENT), tls=Tls(),
             options={"verify": True}, requests=0) for name in BUNDLES),
    *(around(f"{name} gives trust where the user says so", {name: "{ca}"}, RIGHT, tls=Tls(),
             options={"verify": True, **TRUSTING}) for name in BUNDLES),
    around("the user's own authorities beat those", {"REQUESTS_CA_BUNDLE": "{other_ca}"}, RIGHT, tls=Tls(),
           options={"verify": "{ca}", **TRUSTING}),
    around("keys of secure connections are not written to a file", {"SSLKEYLOGFILE": "{home}/keys"}, RIGHT, tls=Tls()),
    around("a bundle that is missing changes nothing", {"REQUESTS_CA_BUNDLE": "{missing}"}, RIGHT, tls=Tls()),
)  # fmt: skip


def through(name: str, proxy: str, must: Ending | Endings, *steps: Any, **more: Any) -> Scenario:
    """A row through a proxy."""
    options = {"proxies": {"http": proxy, "https": proxy}, "retry": None, **more.pop("options", {})}
    return row(f"proxy: {name}", GOOD, must=must, elsewhere=(steps or (GOOD,),), options=options, requests=0,
               strays=more.pop("strays", 1), **more)  # fmt: skip


NO_PROXY = Fails(TransportError, NOT_SENT, "proxy")
NOT_THROUGH = Fails((TransportError, RequestTimeout, ProtocolError, TlsError), NOT_SENT)
THROUGH = (
    through("that passes it on", SECOND, RIGHT),
    through("that wants a login", SECOND, NO_PROXY, Answer(status=407, body=b"")),
    through("that cannot reach the server", SECOND, Fails(ServerFault, (UNKNOWN, REJECTED)),
            Answer(status=502, body=page("Proxy Error"))),
    through("that wants a login for a secure connection", SECOND, NOT_THROUGH, Answer(status=407, body=b""), tls=Tls()),
    through("that forbids a secure connection", SECOND, NOT_THROUGH, Answer(status=403, body=page()), CLOSE, tls=Tls()),
    through("that cannot reach a secure server", SECOND, NOT_THROUGH, Answer(status=502, body=b""), CLOSE, tls=Tls()),
    through("that answers a tunnel with junk", SECOND, NOT_THROUGH, Send(b"junk\r\n\r\n"), CLOSE, tls=Tls()),
    through("that closes in place of a tunnel", SECOND, NOT_THROUGH, CLOSE, tls=Tls()),
    through("that never opens a tunnel", SECOND, NOT_THROUGH, HOLD, tls=Tls(), within=2,
            options={"timeout": Timeouts(connect=0.3)}),
    through("that opens a tunnel and speaks no TLS in it", SECOND, NOT_THROUGH,
            Send(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n"), CLOSE, tls=Tls()),
    through("that opens a tunnel and sleeps", SECOND, NOT_THROUGH, Send(b"HTTP/1.1 200 OK\r\n\r\n"), HOLD, tls=Tls(),
            within=2, options={"timeout": Timeouts(connect=0.3)}),
    through("that is not there", "http://127.0.0.1:{port}", NO_PROXY, listening=Listening.REFUSED, strays=0,
            url="http://127.0.0.1:9"),
    through("that is not there, with a password that nobody may see",
            "http://someone:{proxy_password}@127.0.0.1:{port}", NO_PROXY, listening=Listening.REFUSED, strays=0,
            url="http://127.0.0.1:9"),
    through("that repeats its password", "http://someone:{proxy_password}@127.0.0.1:{elsewhere}", NO_PROXY,
            Answer(status=407, reason="bad {proxy_password}", body=page("not {proxy_password}"))),
    through("that is no address", "http://someone:{proxy_password}@[", Fails(ConfigurationError, NOT_SENT), strays=0),
    through("of a kind that there is not", "socks9://127.0.0.1:{elsewhere}", Fails(ConfigurationError, NOT_SENT),
            strays=0),
)  # fmt: skip

REFUSED = Fails(ConfigurationError, NOT_SENT)
SPYING = {"proxies": {"http": SECOND, "https": SECOND}}


def at(url: str, must: Ending | Endings = REFUSED, *, requests: int = 0, strays: int = 0, **options: Any) -> Scenario:
    """A row with that address; whatever left would go through the second server."""
    return row(f"address: {url[:60]}{' allowed' if options else ''}", GOOD, must=must, url=url, requests=requests,
               strays=strays, options={**SPYING, **options})  # fmt: skip


ADDRESSES = (
    at("http://crm.example.com"),
    at("http://crm.example.com", RIGHT, strays=1, allow_insecure=True),
    at("HTTP://CRM.EXAMPLE.COM"), at("http://10.0.0.1"), at("http://0.0.0.0:{port}"), at("http://[2001:db8::1]"),
    at("http://127.0.0.1.example.com"), at("http://localhost.example.com"), at("http://[::ffff:10.0.0.1]"),
    at("http://crm.example.com#127.0.0.1"), at("http://127.0.0.1@crm.example.com"), at("ftp://127.0.0.1"),
    at("file:///etc"), at("//127.0.0.1:{port}"), at("127.0.0.1:{port}"), at("http://"), at("http://127.0.0.1:99999"),
    at("http://127.0.0.1:{port}\r\nX-Injected: 1"), at("http://someone:something@127.0.0.1:{port}"),
    row("address: localhost in capitals is this machine", GOOD, must=RIGHT, url="http://LOCALHOST:{port}"),
    row("address: an odd spelling of this machine's number", GOOD, url="http://2130706433:{port}", requests=(0, 1),
        must=(RIGHT, Fails(ErpSyncError, NOT_SENT), REFUSED)),
)  # fmt: skip

GATE = {"web_login": HttpBasic(USER, WEB_PASSWORD)}
PACKED = base64.b64encode(f"{USER}:{WEB_PASSWORD}".encode()).decode()
NOT_LET_IN = Fails(AuthenticationError, REJECTED)


def gate(name: str, answer: Answer, must: Ending | Endings, **more: Any) -> Scenario:
    """A row in which a web server in front of the services wants a login of its own."""
    return row(f"web login: {name}", answer, must=must, wires=(SOAP,), options=GATE, **more)


WEB_LOGINS = (
    gate("let in", GOOD, RIGHT),
    gate("let in with a login behind it", GOOD, RIGHT, who=Who.PASSWORD, logins=1),
    gate("not let in, and not tried again", Answer(status=401, headers={"WWW-Authenticate": "Basic realm=x"}),
         NOT_LET_IN, calls=1),
    gate("not let in, for a read", Answer(status=401, headers={"WWW-Authenticate": "Basic realm=x"}, body=b""),
         NOT_LET_IN, call=STATUS),
    gate("not let in for another reason", Answer(status=403, body=page()), NOT_LET_IN),
    gate("sent elsewhere", Answer(status=307, headers={"Location": f"{SECOND}/x"}, body=b""), REDIRECTED),
    gate("its password in a page", Answer(status=500, body=page(f"wrong: {WEB_PASSWORD}")),
         Fails(ServerFault, UNKNOWN)),
    gate("its header in a page", Answer(status=500, body=page(f"wrong: Basic {PACKED}")), Fails(ServerFault, UNKNOWN)),
    gate("its header in a Fault", Answer(status=500, body=fault(f"wrong: Basic {PACKED}")),
         Fails(ServerFault, REJECTED)),
    gate("its header in a redirect", Answer(status=302, headers={"Location": f"/login/{PACKED}"}, body=b""),
         REDIRECTED),
)  # fmt: skip

ROWS = (*WEB_LOGINS, *REDIRECTS, *LIVE, *ENVIRONMENT, *THROUGH, *ADDRESSES)
