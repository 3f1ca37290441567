"""The page over a real socket: it shows what happened, its forms act, and nobody else's do."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from lxml import html

from integration.sandbox_callers import BASIC, SoapCaller
from superoffice_erpsync import AccessToken, ErpSyncClient, ErpSyncError, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox

SECRETS = ("Tje0", "made-up", "8A:Sandbox", "7T:", "Sesame", BASIC.partition(" ")[2])


class Visitor:
    """Looks at the page as a browser does, which says where its requests come from."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.root = sandbox.control_url.removesuffix("/_sandbox")
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str = "/", **headers: str) -> requests.Response:
        return self.session.get(f"{self.root}{path}", headers=headers, timeout=10)

    def page(self, path: str = "/") -> html.HtmlElement:
        answer = self.get(path)
        assert answer.status_code == 200
        return html.fromstring(answer.text)

    def token(self) -> str:
        return str(self.page().cssselect("input[name=token]")[0].get("value"))

    def send(
        self, name: str, fields: dict[str, str] | None = None, *, follow: bool = False, **headers: str
    ) -> requests.Response:
        sent = {"Origin": self.root, "Sec-Fetch-Site": "same-origin", **headers}
        return self.session.post(
            f"{self.root}/_page/{name}",
            data={"token": self.token()} if fields is None else fields,
            headers={header: value for header, value in sent.items() if value},
            allow_redirects=follow,
            timeout=10,
        )

    def calls(self) -> list[tuple[str, str, str]]:
        """Wire, operation and result of each call, the latest first."""
        found = []
        for summary in self.page().cssselect(".calls > li > details > summary"):
            wire, operation = summary.cssselect(".wire")[0], summary.cssselect("strong")[0]
            badges = [badge.text for badge in summary.cssselect(".badge")]
            found.append((wire.text_content().removeprefix("over "), operation.text, " ".join(badges)))
        return found


@pytest.fixture
def visitor(sandbox: Sandbox) -> Iterator[Visitor]:
    visitor = Visitor(sandbox)
    yield visitor
    visitor.session.close()


def test_it_shows_the_installation(sandbox, visitor):
    page = visitor.page()
    assert page.cssselect("h1")[0].text == "Sandbox Trading"
    addresses = [code.text for code in page.cssselect("#addresses + dl code")]
    assert addresses == [address for name, address in sandbox.addresses.items() if name != "Page"]
    rows = [row.text_content() for row in page.cssselect("#connections + table tbody tr")]
    assert [re.search(r"Nordic Ledger Norway|Nordic Ledger Sweden|Harbour Trading", row)[0] for row in rows] == [
        "Nordic Ledger Norway",
        "Nordic Ledger Sweden",
        "Harbour Trading",
    ]
    assert "Nobody has called yet." in page.text_content()


def test_it_shows_what_happened(sandbox, visitor, soap, rest):
    soap.log_in()
    soap.call("ForceSyncAll")
    rest.post("ForceSyncAll", b"")
    rest.post("ForceSyncAll", b"", Authorization="SOTicket nonsense")
    soap.call("ForceResync", "<Wrong/>")
    assert visitor.calls() == [
        ("Services86", "ForceResync", "DeserializationFailed"),
        ("REST", "ForceSyncAll", "SoSessionException"),
        ("REST", "ForceSyncAll", "ok"),
        ("Services86", "ForceSyncAll", "ok"),
        ("Services86", "AuthenticateUsernamePassword", "ok"),
    ]
    synced = visitor.page().cssselect(".calls > li")[3]
    request, answer = [block.text_content() for block in synced.cssselect("pre")]
    assert "<Ticket>***</Ticket>" in request
    assert "    <ForceSyncAllResponse" in answer
    assert "<Tablename>contact</Tablename>" in answer


def test_it_shows_the_fault_that_struck(sandbox, visitor, soap):
    soap.log_in()
    with pytest.raises(requests.ConnectionError):
        struck_by(visitor, soap, "lost_answer")
    with pytest.raises(requests.exceptions.RequestException):
        struck_by(visitor, soap, "cut_answer")
    assert struck_by(visitor, soap, "unavailable").status_code == 503
    assert [call[1:] for call in visitor.calls()[:3]] == [
        ("GetEngineStatus", "unavailable Service Unavailable"),
        ("GetEngineStatus", "cut_answer cut off"),
        ("GetEngineStatus", "lost_answer no answer"),
    ]
    rows = visitor.page().cssselect("#faults ~ table tbody tr")
    assert [row.cssselect("td[data-label=Struck]")[0].text for row in rows] == ["1", "1", "1"]
    assert visitor.send("faults/clear").status_code == 303
    assert sandbox.faults.rules == []


def struck_by(visitor: Visitor, soap: SoapCaller, kind: str) -> requests.Response:
    fields = {"token": visitor.token(), "kind": kind, "operation": "GetEngineStatus", "count": "1", "seconds": ""}
    answer = visitor.send("faults", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?done=faults#faults")
    return soap.call("GetEngineStatus")


def test_the_engine_is_switched_and_everything_reset(sandbox, visitor, soap):
    sandbox.state.crm.change("contact", 11, {"name": "Changed"})
    answer = visitor.send("engine", {"token": visitor.token(), "run": "no"}, follow=True)
    assert "The engine has its order." in answer.text
    assert not sandbox.state.engine.running
    visitor.send("engine", {"token": visitor.token(), "run": "yes"})
    assert sandbox.state.engine.running
    soap.log_in()
    assert "as it was at the beginning" in visitor.send("reset", follow=True).text
    assert sandbox.state.crm.record("contact", 11).values["name"] == "Fjordview Timber"
    assert visitor.calls() == []


def test_a_form_filled_in_wrongly_comes_back_as_it_was(sandbox, visitor):
    answer = visitor.send("faults", {"token": visitor.token(), "kind": "drop", "count": "two", "percent": "5"})
    page = html.fromstring(answer.text)
    assert answer.status_code == 400
    assert page.cssselect("[role=alert]")[0].text == "Count must be a whole number, not 'two'."
    assert [page.cssselect(f"input[name={name}]")[0].get("value") for name in ("count", "percent")] == ["two", "5"]
    assert page.cssselect("select[name=kind] option[selected]")[0].get("value") == "drop"
    assert sandbox.faults.rules == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
    ],
)
def test_forms_of_other_origins_are_refused(sandbox, visitor, headers):
    answer = visitor.send("engine", {"token": visitor.token(), "run": "no"}, **headers)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert sandbox.state.engine.running


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": "guess"}])
def test_forms_without_the_pages_token_are_refused(sandbox, visitor, token):
    assert visitor.send("engine", {"run": "no", **token}).status_code == 403
    assert sandbox.state.engine.running


def test_only_forms_change_anything(sandbox, visitor):
    token = visitor.token()
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        body = {"Content-Type": kind}
        assert visitor.send("engine", {"token": token, "run": "no"}, **body).status_code == 400
    assert visitor.get(f"/_page/engine?{urlencode({'token': token, 'run': 'no'})}").status_code == 405
    assert visitor.session.post(f"{visitor.root}/", data={}, timeout=10).status_code == 405
    assert visitor.send("nothing", {"token": token}).status_code == 404
    assert visitor.send("engine", {"token": token, "run": "x" * 70_000}).status_code == 413
    assert visitor.send("engine", {"token": token, "run": "perhaps"}).status_code == 400
    assert sandbox.state.engine.running


def test_the_page_is_for_its_own_address_only(visitor):
    assert visitor.get("/", Host="evil.example").status_code == 403
    linked = visitor.get("/", **{"Sec-Fetch-Site": "cross-site"})
    assert linked.status_code == 403
    assert html.fromstring(linked.text).cssselect("a.button")[0].get("href") == "/"
    assert visitor.get("/", **{"Sec-Fetch-Site": "none"}).status_code == 200
    assert visitor.get("/", Host=f"localhost:{urlsplit(visitor.root).port}").status_code == 200


def test_the_headers_are_strict(visitor):
    for answer in (visitor.get(), visitor.get("/", Host="evil.example"), visitor.send("reset")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
    first, second = visitor.get(), visitor.get()
    nonce = re.search(r'<style nonce="([^"]+)">', first.text)[1]
    assert first.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert nonce not in second.text
    head = visitor.session.head(f"{visitor.root}/", timeout=10)
    assert (head.status_code, head.text) == (200, "")


def test_no_secret_is_on_the_page_whatever_was_sent(sandbox, visitor, soap, rest):
    who = UsernamePassword("tje0", "Tje0")
    for client in (
        ErpSyncClient.soap(sandbox.url, who, application_token="Sesame-app"),
        ErpSyncClient.soap(sandbox.services88_url, who),
        ErpSyncClient.rest(sandbox.rest_url, who, application_token="Sesame-app"),
        ErpSyncClient.rest(sandbox.rest_url, AccessToken("8A:Sandbox.tje0")),
        ErpSyncClient.soap(sandbox.url, UsernamePassword("tje0", "Sesame-wrong")),
    ):
        with client:
            for operation in (client.get_connection, client.get_erp_connection_config_fields):
                with contextlib.suppress(ErpSyncError):
                    operation(erp_connection_id=1)
    inner = "<StringKeyValuePair><Key>Password</Key><Value>Sesame</Value></StringKeyValuePair>"
    soap.log_in()
    soap.call("TestConnectionByConfig", f"<ErpConnectionId>1</ErpConnectionId><ConfigFields>{inner}</ConfigFields>")
    rest.post(
        "TestConnectionByConfig", json.dumps({"ErpConnectionId": 1, "ConfigFields": {"Password": "Sesame"}}).encode()
    )
    for password in ("Sesame & more", "<Sesame>", "Se]]>same", "&Sesame;", "<Sesame"):
        login = soap.message(
            "AuthenticateUsernamePassword", f"<UserName>tje0</UserName><Password>{password}</Password>"
        )
        soap.post("AuthenticateUsernamePassword", login, "SoPrincipal")
    soap.post("ForceSyncAll", b"Password=Sesame")
    rest.post("ForceSyncAll", b'{"Password": "Sesame"')
    value, xsrf = sandbox.open_cookie_session("tje0")
    rest.authorization = ""
    rest.post("ForceSyncAll", b"", Cookie=value, **{"X-XSRF-TOKEN": xsrf})
    text = visitor.get().text
    assert text.count("<li>\n      <details>") >= 20
    for secret in (*SECRETS, value, value.partition("=")[2], xsrf, soap.ticket, soap.ticket[3:20]):
        at = text.find(secret)
        assert at < 0, text[max(0, at - 200) : at + 60]


def test_the_last_calls_are_kept_and_the_page_is_not_one_of_them(sandbox, visitor, soap):
    soap.log_in()
    for _ in range(60):
        soap.call("GetEngineStatus")
    visitor.send("engine", {"token": visitor.token(), "run": "yes"})
    requests.post(f"{sandbox.control_url}/expire-tickets", json={}, timeout=10)
    assert visitor.calls() == [("Services86", "GetEngineStatus", "ok")] * 50


def test_large_and_packed_messages(sandbox, visitor, soap):
    soap.log_in()
    keys = "".join(
        f'<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/Arrays">K{n}</string>' for n in range(600)
    )
    soap.call(
        "ForceResyncExternal",
        f"<ErpConnectionId>1</ErpConnectionId><ErpActorType>Customer</ErpActorType><ExternalKeys>{keys}</ExternalKeys>",
    )
    call = visitor.page().cssselect(".calls > li")[0]
    assert "K599" in call.text_content()
    soap.post("ForceSyncAll", b"x" * 200_000)
    assert "The first 64 KB of 195 KB." in visitor.page().cssselect(".calls > li")[0].text_content()


def test_calls_are_answered_while_somebody_looks(sandbox, visitor, soap):
    connection = http.client.HTTPConnection(urlsplit(visitor.root).netloc, timeout=10)
    soap.log_in()
    connection.request("GET", "/")
    assert soap.call("GetEngineStatus").ok
    assert connection.getresponse().status == 200
    connection.close()
