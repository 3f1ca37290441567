"""Connections that a Windows account logs in on: NTLM knows a connection, not a request.

A new connection logs in with HEAD requests, which carry nothing and do nothing, and is then used like any other. Where
the server asks again all the same, because it wants a login with each request or has none for HEAD, the request itself
goes with each token; its 401s say that it was not carried out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ProtocolError as ConnectionLost

from superoffice_erpsync.errors import ConfigurationError, TransportError
from superoffice_erpsync.transports.http.progress import current
from superoffice_erpsync.transports.web_login import Handshake, WindowsLogin
from superoffice_erpsync.transports.web_login.channel_bindings import end_point_bindings

_LONGEST_PAGE = 1024 * 1024
"""Bytes of a 401's page that are read to keep its connection."""


class _Request(NamedTuple):
    method: str
    url: str
    body: Any
    headers: Mapping[str, str]
    how: Mapping[str, Any]


if TYPE_CHECKING:
    _Base = HTTPConnection
else:
    _Base = object


class _LoggedIn(_Base):
    """What plain and secure connections do alike."""

    windows_login: WindowsLogin
    _has_logged_in = False
    _asked: _Request | None = None
    _through: tuple[Any, ...] | None = None

    def connect(self) -> None:
        if self._tunnel_host is not None:
            self._through = (
                self._tunnel_host,
                self._tunnel_port,
                self._tunnel_headers,  # type: ignore[attr-defined]
                self._tunnel_scheme,
            )
        self._has_logged_in = False
        super().connect()

    def request(  # type: ignore[override]
        self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None, **how: Any
    ) -> None:
        asked = _Request(method, url, body, headers or {}, how)
        if any(name.lower() == "authorization" for name in asked.headers):
            raise ConfigurationError(
                "a Windows login and these credentials both need the HTTP header Authorization",
                hint="use credentials that travel in the message, as over SOAP",
            )
        if self.sock is None:
            self.connect()
        if not self._has_logged_in:
            self._log_in(asked)
        self._asked = asked
        super().request(method, url, body, headers, **how)

    def getresponse(self) -> Any:
        asked, self._asked = self._asked, None
        response = super().getresponse()
        if response.status != 401 or asked is None:
            return response
        return self._log_in_with(asked, response)

    def _log_in(self, asked: _Request) -> None:
        """Log in before anything else is sent. A server that asks for no login at HEAD may still ask for one later."""
        headers = {name: value for name, value in asked.headers.items() if name.lower() == "user-agent"}
        head = _Request("HEAD", asked.url, None, headers, {"preload_content": False})
        current().connected()
        with self.windows_login.attempt(current().left(), self._channel_bindings()) as handshake:
            answer = self._knock(head, handshake.begin())
            while answer.status == 401:
                answer = self._knock(head, self._next(handshake, answer))
            if answer.status < 500:
                handshake.has_succeeded()
        self._read_away(answer)
        self._has_logged_in = True

    def _log_in_with(self, asked: _Request, answer: BaseHTTPResponse) -> BaseHTTPResponse:
        """Log in by the request itself, which was refused for want of a login, and get its answer."""
        with self.windows_login.attempt(current().left(), self._channel_bindings()) as handshake:
            while answer.status == 401:
                self._send(asked, self._next(handshake, answer))
                answer = super().getresponse()
            if answer.status < 500:
                handshake.has_succeeded()
        return answer

    def _next(self, handshake: Handshake, refusal: BaseHTTPResponse) -> str:
        begun = handshake.has_begun
        self._read_away(refusal)
        token = handshake.go_on(_asked_for(refusal))
        if self.sock is None:
            if begun:
                raise TransportError(
                    "the connection was closed in the middle of the Windows login",
                    hint="the server, and whatever lies between, must keep connections open",
                )
            self._connect_again()
        return token

    def _knock(self, head: _Request, authorization: str | None) -> BaseHTTPResponse:
        try:
            self._send(head, authorization)
            # The server may have all of this, and still nothing of the request that it is made for.
            current().connected()
            return super().getresponse()
        except TimeoutError:
            raise
        except (OSError, HTTPException) as problem:
            # Left as it is, urllib3 would take some of these for an answer that came early, and read on.
            raise ConnectionLost("Connection aborted.", problem) from problem

    def _send(self, request: _Request, authorization: str | None) -> None:
        said = {} if authorization is None else {"Authorization": authorization}
        super().request(request.method, request.url, request.body, {**request.headers, **said}, **request.how)

    def _read_away(self, answer: BaseHTTPResponse) -> None:
        """Leave the connection free for the next request, or closed."""
        if len(answer.read(_LONGEST_PAGE, decode_content=False)) == _LONGEST_PAGE:
            self.close()

    def _connect_again(self) -> None:
        if self._through is not None:
            host, port, headers, scheme = self._through
            self.set_tunnel(host, port, headers, scheme)
        self.connect()

    def _channel_bindings(self) -> bytes | None:
        read = getattr(self.sock, "getpeercert", None)
        certificate = None if read is None else read(binary_form=True)
        return None if certificate is None else end_point_bindings(certificate)


def _asked_for(answer: BaseHTTPResponse) -> Sequence[str]:
    return answer.headers.getlist("WWW-Authenticate")


def logged_in(kind: type[Any], login: WindowsLogin) -> type[Any]:
    """A class of connections that log in before they are used.

    Args:
        kind: The class of connections to make it of, one of urllib3's.
        login: The account's login.
    """
    return type(f"LoggedIn{kind.__name__}", (_LoggedIn, kind), {"windows_login": login})
