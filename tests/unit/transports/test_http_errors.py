"""Every exception that requests and urllib3 can raise becomes one of ours. A new one fails here until it is judged."""

from __future__ import annotations

import ssl
from typing import Any, NamedTuple

import pytest
import requests.exceptions as outer
import urllib3.exceptions as inner
from urllib3.response import HTTPResponse

from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ProtocolError,
    RequestTimeout,
    TlsError,
    TransportError,
)
from superoffice_erpsync.transports.http import mapped


class Wanted(NamedTuple):
    error: type[ErpSyncError]
    outcome: Outcome
    can_repeat: bool = False


UNREACHED = Wanted(TransportError, Outcome.NOT_SENT, True)
LOST = Wanted(TransportError, Outcome.UNKNOWN)
NEVER_CONNECTED = Wanted(RequestTimeout, Outcome.NOT_SENT, True)
NO_ANSWER = Wanted(RequestTimeout, Outcome.UNKNOWN)
TLS = Wanted(TlsError, Outcome.UNKNOWN)
SET_UP_WRONG = Wanted(ConfigurationError, Outcome.NOT_SENT)
UNREADABLE = Wanted(ProtocolError, Outcome.UNKNOWN)

WANTED: dict[type[Exception], Wanted] = {
    outer.RequestException: LOST,
    outer.InvalidJSONError: LOST,
    outer.JSONDecodeError: LOST,
    outer.HTTPError: LOST,
    outer.ConnectionError: LOST,
    outer.ProxyError: UNREACHED,
    outer.SSLError: TLS,
    outer.Timeout: NO_ANSWER,
    outer.ConnectTimeout: NEVER_CONNECTED,
    outer.ReadTimeout: NO_ANSWER,
    outer.URLRequired: SET_UP_WRONG,
    outer.TooManyRedirects: LOST,
    outer.MissingSchema: SET_UP_WRONG,
    outer.InvalidSchema: SET_UP_WRONG,
    outer.InvalidURL: SET_UP_WRONG,
    outer.InvalidProxyURL: SET_UP_WRONG,
    outer.InvalidHeader: SET_UP_WRONG,
    outer.ChunkedEncodingError: LOST,
    outer.ContentDecodingError: UNREADABLE,
    outer.StreamConsumedError: LOST,
    outer.RetryError: LOST,
    outer.UnrewindableBodyError: LOST,
    inner.HTTPError: LOST,
    inner.PoolError: LOST,
    inner.RequestError: LOST,
    inner.MaxRetryError: LOST,
    inner.HostChangedError: LOST,
    inner.ReadTimeoutError: NO_ANSWER,
    inner.EmptyPoolError: LOST,
    inner.FullPoolError: LOST,
    inner.ClosedPoolError: LOST,
    inner.SSLError: TLS,
    inner.ProxyError: UNREACHED,
    inner.DecodeError: UNREADABLE,
    inner.ProtocolError: LOST,
    inner.ResponseNotChunked: LOST,
    inner.TimeoutStateError: LOST,
    inner.TimeoutError: NO_ANSWER,
    inner.ConnectTimeoutError: NEVER_CONNECTED,
    inner.NewConnectionError: UNREACHED,
    inner.NameResolutionError: UNREACHED,
    inner.LocationValueError: SET_UP_WRONG,
    inner.LocationParseError: SET_UP_WRONG,
    inner.URLSchemeUnknown: SET_UP_WRONG,
    inner.ProxySchemeUnknown: SET_UP_WRONG,
    inner.ProxySchemeUnsupported: SET_UP_WRONG,
    inner.ResponseError: LOST,
    inner.BodyNotHttplibCompatible: LOST,
    inner.IncompleteRead: LOST,
    inner.InvalidChunkLength: LOST,
    inner.InvalidHeader: LOST,
    inner.HeaderParsingError: LOST,
    inner.UnrewindableBodyError: LOST,
}
"""What each class means when it comes by itself; what it is made of can say more, see the tests below."""


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
    """The classes that the libraries themselves have made of one; other packages' are not raised here."""
    found = {root}
    for one in root.__subclasses__():
        found |= below(one)
    return {one for one in found if one.__module__.partition(".")[0] in ("requests", "urllib3")}


def bare(cls: type[Exception], text: str = "it went wrong") -> Exception:
    """An instance as it is, without regard to what its maker wants to be told."""
    if cls is inner.IncompleteRead:
        return inner.IncompleteRead(1, 2)
    if cls is inner.InvalidChunkLength:
        return inner.InvalidChunkLength(HTTPResponse(b""), b"zz")
    one = cls.__new__(cls)
    one.args = (text,)
    return one


def test_every_exception_is_judged() -> None:
    there = of(outer) | of(inner) | below(outer.RequestException) | below(inner.HTTPError)
    assert {one for one in there if one not in WANTED} == set()


@pytest.mark.parametrize("cls", WANTED, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_exception_becomes_ours(cls: type[Exception]) -> None:
    error = mapped(bare(cls), "GetConnection")
    assert Wanted(type(error), error.outcome, error.can_repeat) == WANTED[cls]
    assert error.operation == "GetConnection"


def connection_error(*reasons: BaseException) -> outer.ConnectionError:
    """As requests packs urllib3's reasons."""
    return outer.ConnectionError(inner.MaxRetryError(None, "/", *reasons))  # type: ignore[arg-type]


def verification_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    error.reason = "CERTIFICATE_VERIFY_FAILED"
    return error


def alert() -> ssl.SSLError:
    error = ssl.SSLError(1, "alert")
    error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    return error


def cut_off() -> ssl.SSLError:
    error = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
    error.reason = "UNEXPECTED_EOF_WHILE_READING"
    return error


def garbled() -> ssl.SSLError:
    error = ssl.SSLError(1, "bad record")
    error.reason = "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"
    return error


@pytest.mark.parametrize(
    ("problem", "wanted", "text"),
    [
        pytest.param(
            connection_error(inner.NewConnectionError(None, "no route")),  # type: ignore[arg-type]
            UNREACHED,
            "no route",
            id="no connection",
        ),
        pytest.param(
            connection_error(inner.NameResolutionError("nowhere.example", None, OSError("unknown name"))),  # type: ignore[arg-type]
            UNREACHED,
            "unknown name",
            id="no such host",
        ),
        pytest.param(
            outer.ConnectionError(inner.ReadTimeoutError(None, "/", "Read timed out.")),  # type: ignore[arg-type]
            NO_ANSWER,
            "no answer came in time",
            id="out of time within the answer's body",
        ),
        pytest.param(
            outer.ConnectionError(
                inner.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset by peer"))
            ),
            LOST,
            "reset by peer",
            id="reset",
        ),
        pytest.param(
            outer.SSLError(inner.MaxRetryError(None, "/", inner.SSLError(verification_error()))),  # type: ignore[arg-type]
            Wanted(TlsError, Outcome.NOT_SENT),
            "self-signed certificate",
            id="certificate not trusted",
        ),
        pytest.param(
            outer.SSLError(alert()),
            Wanted(TlsError, Outcome.NOT_SENT),
            "tlsv13 alert certificate required",
            id="refused by alert",
        ),
        pytest.param(outer.SSLError(cut_off()), TLS, "unexpected eof", id="secure connection cut off"),
        pytest.param(outer.SSLError(garbled()), TLS, "bad record mac", id="secure connection garbled on the way"),
        pytest.param(verification_error(), Wanted(TlsError, Outcome.NOT_SENT), "self-signed", id="from ssl itself"),
        pytest.param(
            OSError("Could not find a suitable TLS CA certificate bundle, invalid path: x.pem"),
            SET_UP_WRONG,
            "x.pem",
            id="certificate file",
        ),
        pytest.param(RuntimeError("surprise"), LOST, "surprise", id="anything else"),
    ],
)
def test_what_an_exception_is_made_of_counts(problem: Exception, wanted: Wanted, text: str) -> None:
    error = mapped(problem, "SyncAll")
    assert Wanted(type(error), error.outcome, error.can_repeat) == wanted
    assert text in error.message


def test_an_untrusted_certificate_comes_with_a_hint() -> None:
    error = mapped(outer.SSLError(verification_error()), "SyncAll")
    assert "verify=PATH" in str(error)


def test_no_object_representation_and_no_address_is_in_the_text() -> None:
    reason = inner.NewConnectionError(object(), "Failed to establish a new connection")  # type: ignore[arg-type]
    reason.__cause__ = ConnectionRefusedError(111, "Connection refused")
    error = mapped(connection_error(reason), "SyncAll")
    assert error.message == "the server cannot be reached: Connection refused"
