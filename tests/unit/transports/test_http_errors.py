"""Every exception that HTTP and TLS can raise becomes one of ours, by how far the request had got.

A class that a library adds fails here until it is judged.
"""

from __future__ import annotations

import http.client
import pickle
import socket
import ssl
from typing import Any, NamedTuple

import pytest
import urllib3.exceptions as foreign
from urllib3.response import HTTPResponse

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)
from superoffice_erpsync.transports.http.errors import mapped
from superoffice_erpsync.transports.http.progress import Progress, Step


class Wanted(NamedTuple):
    error: type[ErpSyncError]
    outcome: Outcome
    can_repeat: bool = False


class Steps(NamedTuple):
    """What is wanted at each step of a request."""

    connecting: Wanted
    sending: Wanted
    answering: Wanted


LOST = Wanted(TransportError, Outcome.UNKNOWN)
UNREACHED = Wanted(TransportError, Outcome.NOT_SENT, True)
NEVER_CONNECTED = Wanted(RequestTimeout, Outcome.NOT_SENT, True)
NO_ANSWER = Wanted(RequestTimeout, Outcome.UNKNOWN)
TLS_UNDONE = Wanted(TlsError, Outcome.NOT_SENT, True)
TLS_CUT = Wanted(TlsError, Outcome.UNKNOWN)
TLS_REFUSED = Wanted(TlsError, Outcome.NOT_SENT)
SET_UP_WRONG = Wanted(ConfigurationError, Outcome.NOT_SENT)

NETWORK = Steps(UNREACHED, UNREACHED, LOST)
LATE = Steps(NEVER_CONNECTED, NEVER_CONNECTED, NO_ANSWER)
TLS = Steps(TLS_UNDONE, TLS_UNDONE, TLS_CUT)
UNTRUSTED = Steps(TLS_REFUSED, TLS_REFUSED, TLS_REFUSED)
ADDRESS = Steps(SET_UP_WRONG, SET_UP_WRONG, SET_UP_WRONG)
VALUE = Steps(SET_UP_WRONG, SET_UP_WRONG, LOST)
UNREADABLE = Steps(*[Wanted(ProtocolError, Outcome.NOT_SENT)] * 2, Wanted(ProtocolError, Outcome.UNKNOWN))
CLOSED = Steps(SET_UP_WRONG, SET_UP_WRONG, Wanted(ConfigurationError, Outcome.UNKNOWN))

WANTED: dict[type[Exception], Steps] = {
    foreign.HTTPError: NETWORK,
    foreign.PoolError: NETWORK,
    foreign.RequestError: NETWORK,
    foreign.MaxRetryError: NETWORK,
    foreign.HostChangedError: NETWORK,
    foreign.ReadTimeoutError: LATE,
    foreign.EmptyPoolError: NETWORK,
    foreign.FullPoolError: NETWORK,
    foreign.ClosedPoolError: CLOSED,
    foreign.SSLError: TLS,
    foreign.ProxyError: NETWORK,
    foreign.DecodeError: UNREADABLE,
    foreign.ProtocolError: NETWORK,
    foreign.ResponseNotChunked: VALUE,
    foreign.TimeoutStateError: NETWORK,
    foreign.TimeoutError: LATE,
    foreign.ConnectTimeoutError: LATE,
    foreign.NewConnectionError: NETWORK,
    foreign.NameResolutionError: NETWORK,
    foreign.LocationValueError: ADDRESS,
    foreign.LocationParseError: ADDRESS,
    foreign.URLSchemeUnknown: ADDRESS,
    foreign.ProxySchemeUnknown: ADDRESS,
    foreign.ProxySchemeUnsupported: VALUE,
    foreign.ResponseError: NETWORK,
    foreign.BodyNotHttplibCompatible: NETWORK,
    foreign.IncompleteRead: NETWORK,
    foreign.InvalidChunkLength: NETWORK,
    foreign.InvalidHeader: UNREADABLE,
    foreign.HeaderParsingError: UNREADABLE,
    foreign.UnrewindableBodyError: NETWORK,
    http.client.HTTPException: NETWORK,
    http.client.NotConnected: NETWORK,
    http.client.InvalidURL: NETWORK,
    http.client.UnknownProtocol: NETWORK,
    http.client.UnknownTransferEncoding: NETWORK,
    http.client.UnimplementedFileMode: NETWORK,
    http.client.IncompleteRead: NETWORK,
    http.client.ImproperConnectionState: NETWORK,
    http.client.CannotSendRequest: NETWORK,
    http.client.CannotSendHeader: NETWORK,
    http.client.ResponseNotReady: NETWORK,
    http.client.BadStatusLine: NETWORK,
    http.client.LineTooLong: NETWORK,
    http.client.RemoteDisconnected: NETWORK,
    ssl.SSLError: TLS,
    ssl.SSLZeroReturnError: TLS,
    ssl.SSLWantReadError: TLS,
    ssl.SSLWantWriteError: TLS,
    ssl.SSLSyscallError: TLS,
    ssl.SSLEOFError: TLS,
    ssl.SSLCertVerificationError: UNTRUSTED,
    TimeoutError: LATE,
    ConnectionRefusedError: NETWORK,
    ConnectionResetError: NETWORK,
    BrokenPipeError: NETWORK,
    socket.gaierror: NETWORK,
    OSError: NETWORK,
    UnicodeError: VALUE,
    ValueError: VALUE,
    RuntimeError: NETWORK,
}
"""What each class means when it comes by itself; what it is made of can say more, see the tests below."""


def at(step: Step) -> Progress:
    """A request that has got so far."""
    progress = Progress(None, None, Deadline())
    if step is not Step.CONNECTING:
        progress.connected()
    if step is Step.ANSWERING:
        progress.sent()
    assert progress.step is step
    return progress


def of(module: Any) -> set[type[Exception]]:
    """The exceptions that a module has made: warnings are none."""
    return {
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and one.__module__ == module.__name__
        and issubclass(one, Exception)
        and not issubclass(one, Warning)
    }


def below(root: type[Exception]) -> set[type[Exception]]:
    """The classes that urllib3 itself has made of one; other packages' are not raised here."""
    found = {root}
    for one in root.__subclasses__():
        found |= below(one)
    return {one for one in found if one.__module__.partition(".")[0] == "urllib3"}


def bare(cls: type[Exception]) -> Exception:
    """An instance as it is, without regard to what its maker wants to be told."""
    if cls is foreign.IncompleteRead:
        return foreign.IncompleteRead(1, 2)
    if cls is foreign.InvalidChunkLength:
        return foreign.InvalidChunkLength(HTTPResponse(b""), b"zz")
    if cls is http.client.IncompleteRead:
        return http.client.IncompleteRead(b"x", 5)
    one = cls.__new__(cls)
    one.args = ("it went wrong",)
    if isinstance(one, ssl.SSLError):
        # As OpenSSL's own errors have them.
        vars(one).update(reason="", verify_message="")
    return one


def test_every_exception_is_judged() -> None:
    there = of(foreign) | of(http.client) | of(ssl) | below(foreign.HTTPError)
    assert {one for one in there if one not in WANTED} == set()


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("cls", WANTED, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_exception_becomes_ours(cls: type[Exception], step: Step) -> None:
    error = mapped(bare(cls), "GetConnection", at(step))
    wanted = getattr(WANTED[cls], step.value)
    assert Wanted(type(error), error.outcome, error.can_repeat) == wanted
    assert error.operation == "GetConnection"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def new_connection(cause: OSError) -> Exception:
    return caused(foreign.NewConnectionError(object(), str(cause)), cause)  # type: ignore[arg-type]


def through_proxy(error: Exception) -> Exception:
    return caused(foreign.ProxyError("Unable to connect to proxy", error), error)


def ssl_error(reason: str, kind: type[ssl.SSLError] = ssl.SSLError) -> ssl.SSLError:
    error = kind(1, "[SSL] a text with numbers")
    error.reason = reason
    return error


def verification_error() -> ssl.SSLError:
    error = ssl_error("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError)
    error.verify_message = "self-signed certificate"  # type: ignore[attr-defined]
    return error


REFUSED = ConnectionRefusedError(111, "Connection refused")
RESET = ConnectionResetError(104, "Connection reset by peer")
SENT, ON_THE_WAY = Step.ANSWERING, Step.SENDING


@pytest.mark.parametrize(
    ("problem", "step", "wanted", "text"),
    [
        pytest.param(
            new_connection(REFUSED),
            Step.CONNECTING,
            UNREACHED,
            "the server cannot be reached: Connection refused",
            id="refused",
        ),
        pytest.param(
            caused(
                foreign.NameResolutionError("nowhere.example", object(), socket.gaierror(-2, "Name not known")),  # type: ignore[arg-type]
                socket.gaierror(-2, "Name not known"),
            ),
            Step.CONNECTING,
            UNREACHED,
            "the server cannot be reached: Name not known",
            id="no such host",
        ),
        pytest.param(
            caused(foreign.ConnectTimeoutError(object(), "not made in time"), TimeoutError()),
            Step.CONNECTING,
            NEVER_CONNECTED,
            "the connection was not made in time",
            id="no connection in time",
        ),
        pytest.param(
            through_proxy(new_connection(REFUSED)),
            Step.CONNECTING,
            UNREACHED,
            "the proxy cannot be used: Connection refused",
            id="no proxy",
        ),
        pytest.param(
            through_proxy(OSError("Tunnel connection failed: 407 Please Log In")),
            Step.CONNECTING,
            Wanted(TransportError, Outcome.NOT_SENT),
            "the proxy refuses the way: HTTP 407",
            id="a proxy that wants a login",
        ),
        pytest.param(
            through_proxy(foreign.ConnectTimeoutError(object(), "not made in time")),
            Step.CONNECTING,
            NEVER_CONNECTED,
            "the connection was not made in time",
            id="a proxy that is silent",
        ),
        pytest.param(
            foreign.ProtocolError("Connection aborted.", RESET),
            ON_THE_WAY,
            UNREACHED,
            "the connection was lost before the request had left: Connection reset by peer",
            id="reset while it was sent",
        ),
        pytest.param(
            TimeoutError("the time limit has passed"),
            ON_THE_WAY,
            NEVER_CONNECTED,
            "the server did not take the request in time",
            id="out of time while it was sent",
        ),
        pytest.param(
            foreign.ProtocolError("Connection aborted.", RESET),
            SENT,
            LOST,
            "the connection was lost before the answer was complete: Connection reset by peer",
            id="reset",
        ),
        pytest.param(
            foreign.ProtocolError("Connection aborted.", http.client.RemoteDisconnected("closed without response")),
            SENT,
            LOST,
            "closed without response",
            id="closed without an answer",
        ),
        pytest.param(
            foreign.ProtocolError("Connection broken", foreign.IncompleteRead(5, 7)),
            SENT,
            LOST,
            "the connection was lost before the answer was complete",
            id="cut within the body",
        ),
        pytest.param(
            foreign.ReadTimeoutError(None, "/", "Read timed out."),  # type: ignore[arg-type]
            SENT,
            NO_ANSWER,
            "no complete answer came in time",
            id="out of time within the answer's body",
        ),
        pytest.param(
            foreign.ProtocolError("Connection broken", TimeoutError("the time limit has passed")),
            SENT,
            NO_ANSWER,
            "no complete answer came in time",
            id="out of time within a chunk",
        ),
        pytest.param(
            foreign.SSLError(verification_error()),
            Step.CONNECTING,
            TLS_REFUSED,
            "self-signed certificate",
            id="certificate not trusted",
        ),
        pytest.param(
            through_proxy(foreign.SSLError(verification_error())),
            Step.CONNECTING,
            TLS_REFUSED,
            "self-signed certificate",
            id="certificate of the proxy not trusted",
        ),
        pytest.param(
            foreign.SSLError(ssl_error("TLSV13_ALERT_CERTIFICATE_REQUIRED")),
            SENT,
            TLS_REFUSED,
            "tlsv13 alert certificate required",
            id="refused by alert, after the request in TLS 1.3",
        ),
        pytest.param(
            foreign.SSLError(ssl_error("UNEXPECTED_EOF_WHILE_READING", ssl.SSLEOFError)),
            Step.CONNECTING,
            TLS_UNDONE,
            "unexpected eof",
            id="handshake cut off",
        ),
        pytest.param(
            foreign.SSLError(ssl_error("UNEXPECTED_EOF_WHILE_READING", ssl.SSLEOFError)),
            SENT,
            TLS_CUT,
            "unexpected eof",
            id="secure connection cut off",
        ),
        pytest.param(
            foreign.SSLError(ssl_error("DECRYPTION_FAILED_OR_BAD_RECORD_MAC")),
            SENT,
            TLS_CUT,
            "bad record mac",
            id="secure connection garbled on the way",
        ),
    ],
)
def test_what_an_exception_is_made_of_counts(problem: Exception, step: Step, wanted: Wanted, text: str) -> None:
    error = mapped(problem, "SyncAll", at(step))
    assert Wanted(type(error), error.outcome, error.can_repeat) == wanted
    assert text in error.message
    assert "object at" not in error.message


def test_an_untrusted_certificate_comes_with_a_hint() -> None:
    error = mapped(foreign.SSLError(verification_error()), "SyncAll", at(Step.CONNECTING))
    assert "verify=PATH" in str(error)


@pytest.mark.parametrize("step", Step)
def test_an_error_of_ours_stays_as_it_is(step: Step) -> None:
    error = ServerFault("busy", operation="SyncAll", status=503)
    assert mapped(error, "GetConnection", at(step)) is error


@pytest.mark.parametrize("step", [Step.CONNECTING, Step.SENDING])
def test_a_header_that_cannot_be_sent_is_not_quoted(step: Step) -> None:
    error = mapped(ValueError("Invalid header value b'SOTicket Sesame\\n'"), "SyncAll", at(step))
    assert error.message == "the address or a header cannot be sent"


@pytest.mark.parametrize(
    "problem",
    [
        foreign.ProtocolError("Connection aborted.", http.client.BadStatusLine("Sesame")),
        foreign.ProtocolError("Connection broken", ValueError("invalid literal for int() with base 16: b'Sesame'")),
        foreign.ProtocolError("Connection aborted.", http.client.UnknownProtocol("HTTP/9Sesame")),
    ],
)
def test_what_came_instead_of_http_is_not_quoted(problem: Exception) -> None:
    error = mapped(problem, "SyncAll", at(SENT))
    assert "what came is no HTTP answer" in error.message
    assert "Sesame" not in error.message
