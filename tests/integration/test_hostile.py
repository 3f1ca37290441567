"""The client among servers and networks that are broken or evil: a right result or one typed error, soon, once.

What happens stands in the table, `integration.hostile.table`; the one test here plays a row of it.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from integration.hostile.calls import BOTH, REST, SOAP
from integration.hostile.judging import (
    APPLICATION_TOKEN,
    NEW_TICKET,
    PASSWORD,
    PROXY_PASSWORD,
    TICKET,
    USER,
    Ended,
    complaint,
    ended,
    leaks,
    shown_by,
)
from integration.hostile.messages import login
from integration.hostile.places import BlackHole, Certificates, Refused, placed
from integration.hostile.scenarios import Listening, Scenario, Who
from integration.hostile.server import HostileServer, Script
from integration.hostile.steps import GOOD, Answer, Tokens, good_tokens
from integration.hostile.table import TABLE
from superoffice_erpsync import ErpSyncClient, TicketCredentials, UsernamePassword
from superoffice_erpsync.retry import Retry

pytestmark = pytest.mark.hostile

LOGIN = "AuthenticateUsernamePassword"
TYPES = {SOAP: "text/xml; charset=utf-8", REST: "application/json; charset=utf-8"}
NO_DOCUMENT = ((Answer(status=404, body=b""),),)
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
OPTIONS = {"timeout": 4.0, "retry": Retry(attempts=4, wait=0.02, longest_wait=0.1)}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def places(certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where things are, in an environment that says nothing yet."""
    for name in (*PROXY_VARIABLES, *map(str.upper, PROXY_VARIABLES), *CA_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password stray\ndefault login a password stray\n", "utf-8")
    netrc.chmod(0o600)
    secret = tmp_path / "secret.txt"
    secret.write_text("content of a local file", "utf-8")
    return {**certificates.places, "home": str(tmp_path), "netrc": str(netrc), "secret": secret.as_uri(),
            "proxy_password": PROXY_PASSWORD}  # fmt: skip


@contextmanager
def listening() -> Iterator[StringIO]:
    """All that is logged meanwhile. pytest does not get it: its reports cannot carry everything that servers send."""
    log, root = StringIO(), logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = [logging.StreamHandler(log)]
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.handlers = handlers
        root.setLevel(level)


@pytest.fixture(autouse=True)
def _no_socket_stays() -> Iterator[None]:
    before = open_sockets()
    yield
    # Threads of a server that has just been left may still be closing theirs.
    patience = time.monotonic() + 2
    while open_sockets() - before and time.monotonic() < patience:
        time.sleep(0.01)
    assert open_sockets() - before == set()


def open_sockets() -> set[str]:
    """The process's sockets, where the system tells of them."""
    if sys.platform != "linux":
        return set()
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(descriptor.readlink()))
        except OSError:  # the one that lists the folder
            continue
    return {one for one in found if one.startswith("socket:")}


def script(scenario: Scenario, wire: str, certificates: Certificates, places: dict[str, str]) -> Script:
    """What the server does in this row."""

    def tokens(operation: str) -> Tokens:
        is_login = operation == LOGIN
        body = login(NEW_TICKET).encode() if is_login else scenario.call.answer(wire)
        texts = {"ticket": TICKET, "password": PASSWORD, "password_xml": escape(PASSWORD), **places}
        return {
            **good_tokens(body, TYPES[SOAP if is_login else wire]),
            **{f"{{{name}}}".encode(): text.encode() for name, text in texts.items()},
        }

    return Script(
        turns={**scenario.documents, scenario.call.operation: scenario.turns, LOGIN: scenario.login or ((GOOD,),)},
        otherwise=scenario.documents.get("*", NO_DOCUMENT),
        connecting=scenario.connecting,
        accepting=scenario.accepting,
        tokens=tokens,
        tls=certificates.context(scenario.tls) if scenario.tls else None,
    )


def maker(scenario: Scenario, wire: str, places: dict[str, str]) -> Callable[[], ErpSyncClient]:
    """What makes the client of this row."""
    scheme = "https" if scenario.tls else "http"
    soap_url = placed(scenario.url or f"{scheme}://127.0.0.1:{{port}}", places) + "/Remote/Services86"
    url = soap_url if wire == SOAP else soap_url.replace("/Remote/Services86", "/api")
    credentials = TicketCredentials(TICKET) if scenario.who is Who.TICKET else UsernamePassword(USER, PASSWORD)
    options: dict[str, Any] = {**OPTIONS, "application_token": APPLICATION_TOKEN}
    options |= placed(dict(scenario.options), places)
    if scenario.tls and "verify" not in options:
        options["verify"] = places["ca"]
    if wire == REST and scenario.who is Who.PASSWORD:
        options["soap_url"] = soap_url
    make = ErpSyncClient.soap if wire == SOAP else ErpSyncClient.rest
    return lambda: make(url, credentials, **options)


class Caller:
    """Makes a client and the row's calls with it; closes the client in any case. Its repr shows nothing."""

    def __init__(self, scenario: Scenario, make: Callable[[], ErpSyncClient]) -> None:
        self._scenario = scenario
        self._make = make

    def __call__(self) -> Ended:
        made = ended(self._make)
        if made.error is not None:
            return replace(made, client_made=False)
        client: ErpSyncClient = made.result
        with client:
            for number in range(self._scenario.calls):
                time.sleep(self._scenario.pause if number else 0)
                last = ended(lambda: self._call(client))
        return last

    def _call(self, client: ErpSyncClient) -> Any:
        call = self._scenario.call
        return client.call_json(call.operation, call.arguments, **self._scenario.call_options)


def rows() -> list[Any]:
    """A parameter set for each row and wire."""
    return [
        pytest.param(scenario, wire, id=f"{scenario.name} ({wire})") for scenario in TABLE for wire in scenario.wires
    ]


@pytest.mark.parametrize(("scenario", "wire"), rows())
def test_a_call_ends_as_it_may_with_an_evil_server(
    scenario: Scenario,
    wire: str,
    certificates: Certificates,
    places: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if scenario.listening is Listening.BLACK_HOLE and not BlackHole.WORKS:
        pytest.skip("only Linux leaves connections to a full queue without an answer")
    with ExitStack() as stack:
        second = Script(otherwise=scenario.elsewhere, tokens=script(scenario, wire, certificates, places).tokens)
        elsewhere = stack.enter_context(HostileServer(second))
        places["elsewhere"] = str(elsewhere.port)
        server = stack.enter_context(HostileServer(script(scenario, wire, certificates, places)))
        other = {Listening.REFUSED: Refused, Listening.BLACK_HOLE: BlackHole}.get(scenario.listening)
        places["port"] = str(stack.enter_context(other()).port if other else server.port)
        for name, value in scenario.environment.items():
            monkeypatch.setenv(name, placed(value, places))

        with listening() as log:
            end = Caller(scenario, maker(scenario, wire, places))()

        assert server.is_left(5)
        assert elsewhere.is_left(5)
    complaints = [complaint(end, ending, scenario.call) for ending in scenario.endings]
    assert None in complaints, complaints
    check_arrivals(scenario, server, elsewhere)
    assert {one.name for one in Path(places["home"]).iterdir()} == {".netrc", "secret.txt"}
    assert scenario.at_least <= end.seconds <= scenario.within, f"it took {end.seconds:.2f} s"
    assert leaks(log.getvalue()) == []
    log.getvalue().encode()  # or no log file could take it
    if end.error is not None:
        shown = shown_by(end.error)
        if not end.client_made:
            # The user's own words, as they were passed, are among the variables of whoever was called with them.
            del shown["variables of the traceback"]
        assert {name: found for name, text in shown.items() if (found := leaks(text))} == {}


def check_arrivals(scenario: Scenario, server: HostileServer, elsewhere: HostileServer) -> None:
    """Whether as many requests arrived as had to, where they had to, with nothing in them that does not belong."""
    wanted = scenario.requests if isinstance(scenario.requests, tuple) else (scenario.requests,)
    arrived = Counter(one.operation for one in server.received)
    assert arrived[scenario.call.operation] in wanted, dict(arrived)
    if scenario.logins is not None:
        assert arrived[LOGIN] == scenario.logins
    if scenario.connections is not None:
        assert server.connections == scenario.connections
    assert elsewhere.connections == scenario.strays
    for one in (*server.received, *elsewhere.received):
        assert one.header("Cookie") == ""
        if scenario.who is not Who.BASIC and "web_login" not in scenario.options:
            assert "Basic" not in one.header("Authorization")


def test_table_is_long_and_names_are_unique() -> None:
    assert len(TABLE) >= 170
    assert [name for name, count in Counter(one.name for one in TABLE).items() if count > 1] == []
    assert {wire for one in TABLE for wire in one.wires} == set(BOTH)
