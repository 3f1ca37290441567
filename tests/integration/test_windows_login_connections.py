"""What a Windows login does on connections: which requests carry what, and what becomes of broken ones."""

from __future__ import annotations

import hashlib
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from integration.ntlm_server import DEMANDED, NtlmServer, Seen
from integration.posting import BODY, post
from integration.tunnel_proxy import TunnelProxy
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    TransportError,
)
from superoffice_erpsync.auth import WindowsCredentials
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.transports.http import HttpOptions, HttpRequest, HttpSession

pytest.importorskip("spnego", reason="pyspnego is not installed")

ACCOUNT = "CRM\\tje0"
PASSWORD = "Blåbær-syltetøy"

Serve = Callable[..., NtlmServer]
Connect = Callable[..., HttpSession]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(NtlmServer({ACCOUNT: PASSWORD}, **how))


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as stack:

        def made(url: str, password: str = PASSWORD, **more: Any) -> HttpSession:
            options = HttpOptions(web_login=WindowsCredentials(ACCOUNT, password), **more)
            session = HttpSession(url, options)
            stack.callback(session.close)
            return session

        yield made


def test_the_body_goes_over_the_wire_once_when_the_login_is_done(serve: Serve, connect: Connect) -> None:
    server = serve()
    session = connect(server.url)
    assert post(session, server.url).body == DEMANDED
    assert post(session, server.url).body == DEMANDED
    assert server.seen == [
        Seen("HEAD", "", b"", 401),
        Seen("HEAD", "Negotiate", b"", 401),
        Seen("HEAD", "Negotiate", b"", 200),
        Seen("POST", "", BODY, 200),
        Seen("POST", "", BODY, 200),
    ]
    assert server.connections == 1


def test_a_later_connection_begins_with_what_the_first_has_learnt(serve: Serve, connect: Connect) -> None:
    server = serve(schemes=["NTLM"])
    session = connect(server.url)
    post(session, server.url)
    session.after_fork()
    post(session, server.url)
    assert [one.scheme for one in server.seen if one.method == "HEAD"] == ["", "NTLM", "NTLM", "NTLM", "NTLM"]
    assert server.connections == 2


def test_a_wrong_password_never_sends_the_body(serve: Serve, connect: Connect) -> None:
    server = serve()
    session = connect(server.url, "wrong")
    with pytest.raises(AuthenticationError) as first:
        post(session, server.url)
    with pytest.raises(AuthenticationError) as second:
        post(session, server.url)
    assert (first.value.outcome, second.value.outcome) == (Outcome.REJECTED, Outcome.NOT_SENT)
    assert "accounts lock" in (second.value.hint or "")
    assert (server.judged, {one.body for one in server.seen}) == (1, {b""})


def test_a_connection_that_ends_with_the_offers_is_made_anew(serve: Serve, connect: Connect) -> None:
    server = serve(close_with_offers=True)
    assert post(connect(server.url), server.url).body == DEMANDED
    assert (server.connections, server.judged) == (2, 1)


@pytest.mark.parametrize("how", [{"close_with_challenge": True}, {"hang_up_on_token": True}])
def test_a_connection_that_ends_in_the_middle_leaves_nothing_done(
    how: dict[str, Any], serve: Serve, connect: Connect
) -> None:
    server = serve(**how)
    session = connect(server.url)
    with pytest.raises(TransportError) as caught:
        post(session, server.url)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.operation == "AuthenticateImplicit"
    assert server.judged == 0
    server.behaviour.close_with_challenge = server.behaviour.hang_up_on_token = False
    assert post(session, server.url).body == DEMANDED


def test_a_server_without_head_gets_the_request_itself_with_each_token(serve: Serve, connect: Connect) -> None:
    server = serve(refuse_head=True)
    session = connect(server.url)
    assert post(session, server.url).body == DEMANDED
    assert post(session, server.url).body == DEMANDED
    assert [(one.method, one.scheme, one.status) for one in server.seen] == [
        ("HEAD", "", 405),
        ("POST", "", 401),
        ("POST", "Negotiate", 401),
        ("POST", "Negotiate", 200),
        ("POST", "", 200),
    ]
    assert server.judged == 1


def test_a_server_that_wants_a_login_with_each_request_gets_one(serve: Serve, connect: Connect) -> None:
    server = serve(every_request=True, schemes=["NTLM"])
    session = connect(server.url)
    for _ in range(2):
        assert post(session, server.url).body == DEMANDED
    assert server.judged == 3
    assert [one.body for one in server.seen if one.status == 200] == [b"", BODY, BODY]


def test_a_wrong_password_is_shown_once_without_head_too(serve: Serve, connect: Connect) -> None:
    server = serve(refuse_head=True)
    session = connect(server.url, "wrong")
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            post(session, server.url)
    assert server.judged == 1


@pytest.mark.parametrize("challenge", ["!!", "AAAA", "TlRMTVNTUAACAAAA", "oQcwBaADCgEC"])
@pytest.mark.parametrize("scheme", ["Negotiate", "NTLM"])
def test_a_challenge_that_is_none_is_refused(challenge: str, scheme: str, serve: Serve, connect: Connect) -> None:
    server = serve(challenge=challenge, schemes=[scheme])
    with pytest.raises((ProtocolError, AuthenticationError)) as caught:
        post(connect(server.url), server.url)
    assert caught.value.outcome is Outcome.REJECTED
    assert server.judged == 0
    assert PASSWORD not in str(caught.value)


def test_a_server_that_is_silent_in_the_middle_costs_no_more_than_the_time_limit(
    serve: Serve, connect: Connect
) -> None:
    server = serve(stall_on_token=0.9)
    began = time.monotonic()
    with pytest.raises(RequestTimeout) as caught:
        post(connect(server.url), server.url, seconds=0.3)
    assert time.monotonic() - began < 0.85
    assert caught.value.outcome is Outcome.NOT_SENT


def test_tokens_and_password_stand_in_no_log(serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve()
    post(connect(server.url), server.url)
    with pytest.raises(AuthenticationError):
        post(connect(server.url, "wrong"), server.url)
    assert len(server.authorizations) == 4
    for secret in (PASSWORD, *server.authorizations):
        assert secret not in caplog.text


def test_a_header_authorization_of_its_own_is_refused(serve: Serve, connect: Connect) -> None:
    server = serve()
    request = HttpRequest(operation="Any", method="POST", url=server.url, headers={"Authorization": "SOTicket 7T:x"})
    with pytest.raises(ConfigurationError, match="Authorization"):
        connect(server.url).send(request, connect=5, read=5, deadline=Deadline())
    assert server.seen == []


def test_a_proxy_for_plain_http_is_refused(serve: Serve, connect: Connect) -> None:
    server = serve()
    session = connect(server.url, proxies={"http": "http://127.0.0.1:9"})
    with pytest.raises(ConfigurationError, match="proxy"):
        post(session, server.url)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, bytes, Path]:
    """A server's context, its certificate in DER form, and the authority that vouches for it."""
    trustme = pytest.importorskip("trustme", reason="trustme is not installed")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    bundle = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return context, ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode("ascii")), bundle


@pytest.mark.parametrize("scheme", ["Negotiate", "NTLM"])
def test_the_login_is_tied_to_the_secure_connection(
    scheme: str, authority: tuple[ssl.SSLContext, bytes, Path], serve: Serve, connect: Connect
) -> None:
    context, certificate, bundle = authority
    bindings = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
    server = serve(tls=context, channel_bindings=bindings, schemes=[scheme])
    assert post(connect(server.url, verify=bundle), server.url).body == DEMANDED


def test_a_login_that_is_passed_on_over_another_connection_is_refused(
    authority: tuple[ssl.SSLContext, bytes, Path], serve: Serve, connect: Connect
) -> None:
    context, _, bundle = authority
    bindings = b"tls-server-end-point:" + hashlib.sha256(b"the real server's certificate").digest()
    server = serve(tls=context, channel_bindings=bindings)
    with pytest.raises(AuthenticationError):
        post(connect(server.url, verify=bundle), server.url)
    assert server.judged == 1


def test_a_login_goes_through_a_tunnel_and_makes_it_anew_where_it_was_closed(
    authority: tuple[ssl.SSLContext, bytes, Path], serve: Serve, connect: Connect
) -> None:
    context, certificate, bundle = authority
    bindings = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
    server = serve(tls=context, channel_bindings=bindings, close_with_offers=True)
    with TunnelProxy() as proxy:
        session = connect(server.url, verify=bundle, proxies={"https": proxy.root})
        assert post(session, server.url).body == DEMANDED
        assert post(session, server.url).body == DEMANDED
        session.close()
    assert len(proxy.asked) == server.connections == 2
    assert {one.partition(" ")[0] for one in proxy.asked} == {"CONNECT"}


def test_a_connection_that_the_server_has_closed_meanwhile_logs_in_anew(serve: Serve, connect: Connect) -> None:
    server = serve()
    session = connect(server.url)
    post(session, server.url)
    server.hang_up()
    assert post(session, server.url).body == DEMANDED
    assert (server.connections, server.judged) == (2, 2)
