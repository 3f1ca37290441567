"""One origin's connections, shared by all threads of a client: send a request, read its answer to the end."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, ProxyManager

from superoffice_erpsync.auth import WindowsCredentials
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError, ProtocolError
from superoffice_erpsync.options import Limits
from superoffice_erpsync.process import forks
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports import web_login
from superoffice_erpsync.transports.http.body import ACCEPTED, BadBody, read_body
from superoffice_erpsync.transports.http.connection import PlainPool, SecurePool
from superoffice_erpsync.transports.http.errors import mapped
from superoffice_erpsync.transports.http.origin import check_secure, origin_of
from superoffice_erpsync.transports.http.progress import Progress, under_way
from superoffice_erpsync.transports.http.proxies import login_of, packed_login, proxy_for
from superoffice_erpsync.transports.http.tls import ClientCertificate, bundle_of_environment, tls_context
from superoffice_erpsync.transports.web_login import HttpBasic
from superoffice_erpsync.version import USER_AGENT

_POOL = 64
"""Connections kept open for reuse by a client's threads."""

_WITHOUT_BODY = frozenset({101, 204, 304})
"""Statuses of answers that have no body. After the first, the connection speaks another protocol."""


class HttpOptions(NamedTuple):
    """How a client's connections are made.

    Attributes:
        verify: True checks the server's certificate against the known authorities, a path names a file or folder of
            authorities to check against instead, False does not check.
        client_certificate: Path of a certificate with its key, or the two paths.
        proxies: Proxy address by scheme, as in `{"https": "http://proxy.example.com:8080"}`.
        trust_environment: Whether proxies and authorities that the environment names count where the user named none.
        allow_insecure: Whether plain http may go to other machines, and certificates be left unchecked.
        limits: How much of an answer is taken.
        web_login: What a web server in front of the services asks for, None for nothing.
    """

    verify: bool | str | Path = True
    client_certificate: ClientCertificate | None = None
    proxies: Mapping[str, str] | None = None
    trust_environment: bool = False
    allow_insecure: bool = False
    limits: Limits = Limits()
    web_login: HttpBasic | WindowsCredentials | None = None

    def __repr__(self) -> str:
        # A proxy's address can hold a password.
        return f"HttpOptions(verify={self.verify!r}, web_login={self.web_login!r})"

    def tls_context(self, *, of_proxy: bool = False) -> ssl.SSLContext:
        """How secure connections are made, see `tls`.

        Args:
            of_proxy: It is a proxy that they lead to, which is not shown the client's certificate.

        Raises:
            ConfigurationError: A file cannot be used.
        """
        bundle = bundle_of_environment() if self.trust_environment and self.verify is True else None
        return tls_context(bundle or self.verify, None if of_proxy else self.client_certificate)


class HttpRequest(NamedTuple):
    """A request that is ready to go. Its repr leaves out what can hold secrets.

    Attributes:
        operation: The vendor's operation name, for errors.
        method: GET or POST.
        url: The user's address.
        headers: HTTP headers beside those of the session.
        body: None for no body.
    """

    operation: str
    method: str
    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"HttpRequest(operation={self.operation!r}, method={self.method!r}, url={self.url!r})"


class HttpAnswer(NamedTuple):
    """An HTTP answer, read to its end. Its repr leaves out what can hold secrets."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"HttpAnswer(status={self.status})"


class HttpSession:
    """Connections to one origin, and to no other.

    Args:
        address: An address in it: scheme, host and port count.
        options: How connections are made.

    Raises:
        ConfigurationError: Secrets would travel in the open without the user having allowed it.
    """

    def __init__(self, address: str, options: HttpOptions) -> None:
        self._origin = origin_of(address)
        self._options = options
        self._lock = threading.Lock()
        self._pool: HTTPConnectionPool | None = None
        self._closed = False
        self._headers: dict[str, str] = {"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPTED}
        self._prefix = ""
        self._refused: tuple[Secret | None, ...] | None = None
        self._windows: web_login.WindowsLogin | None = None
        if isinstance(options.web_login, WindowsCredentials):
            self._windows = web_login.WindowsLogin(options.web_login, urlsplit(address).hostname or "")
        check_secure(address, verify=options.verify is not False, allowed=options.allow_insecure)
        forks.watch(self)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What the way to the server needs and must not be shown: passwords of a proxy and of the web server."""
        proxy = self._proxy()
        login = login_of(proxy) if proxy else None
        # The header's value as well: what answers may quote the request.
        of_proxy = (login[1], Secret(packed_login(*login))) if login and login[1].reveal() else ()
        front = self._options.web_login
        return of_proxy if front is None else (*of_proxy, *front.secrets)

    def send(
        self, request: HttpRequest, *, connect: float | None, read: float | None, deadline: Deadline
    ) -> HttpAnswer:
        """Send one request and read its answer to the end. Redirects are answers like any other.

        Args:
            request: The request.
            connect: Seconds for a connection to be made.
            read: Seconds for the request to be sent and its answer to be complete.
            deadline: When all of it must have ended.

        Raises:
            ErpSyncError: No complete answer came.
        """
        if origin_of(request.url) != self._origin:
            raise ConfigurationError("the address is not where this client goes", operation=request.operation)
        progress = Progress(connect, read, deadline)
        try:
            pool = self._connections()
            basic, shown = self._basic(request)
            with under_way(progress):
                response = pool.urlopen(
                    request.method,
                    self._prefix + request.url[len(self._origin) :],
                    request.body,
                    {**self._headers, **basic, **request.headers},
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    timeout=None,
                    preload_content=False,
                    decode_content=False,
                )
                answer = self._answer(request, response, shown)
                if answer.status < 300 and not progress.has_left:
                    # urllib3 reads on where a server takes no more of the request: its refusal is worth reading.
                    raise BrokenPipeError("the server answered before it had the whole request")
                return answer
        except Exception as problem:
            error = mapped(problem, request.operation, progress)
            error.operation = error.operation or request.operation
        # Raised out here, the error does not drag along the frames of urllib3, which hold the whole request.
        raise error.with_traceback(None)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def after_fork(self) -> None:
        """Leave the parent its connections: two processes on one would get each other's answers."""
        self._lock = threading.Lock()
        self._pool = None

    def _answer(self, request: HttpRequest, response: BaseHTTPResponse, shown: tuple[Secret | None, ...]) -> HttpAnswer:
        complete = False
        try:
            if response.status in _WITHOUT_BODY and (response.status == 101 or _announces_body(response.headers)):
                # HTTP has none here: what comes all the same would be taken for the beginning of the next answer.
                body = b""
            else:
                body = read_body(response, self._options.limits)
                complete = True
        except BadBody as problem:
            text = f"the answer cannot be understood: {problem}"
            raise ProtocolError(text, operation=request.operation, status=response.status) from None
        finally:
            if not complete:
                response.close()
            response.release_conn()
        basic = self._options.web_login
        if response.status == 401 and isinstance(basic, HttpBasic):
            # Not what was last read: that may be a new password, which another thread has got on with meanwhile.
            self._refused = shown
            raise basic.refusal(request.operation)
        return HttpAnswer(status=response.status, reason=response.reason or "", headers=response.headers, body=body)

    def _basic(self, request: HttpRequest) -> tuple[dict[str, str], tuple[Secret | None, ...]]:
        """What a web server in front gets to see: the header, and the password that it was made of."""
        basic = self._options.web_login
        if not isinstance(basic, HttpBasic):
            return {}, ()
        if any(name.lower() == "authorization" for name in request.headers):
            raise ConfigurationError(
                "HTTP Basic in front of the services and these credentials both need the header Authorization",
                hint="use credentials that travel in the message, as over SOAP",
            )
        if self._refused is not None and not basic.changed(self._refused):
            # Tried once for a password, never in a loop: accounts lock.
            raise basic.refusal(request.operation)
        return {"Authorization": basic.authorization().reveal()}, basic.last_read

    def _connections(self) -> HTTPConnectionPool:
        pool = self._pool
        if pool is None:
            with self._lock:
                if self._closed:
                    raise ConfigurationError("the client is closed", hint="make a new one")
                pool = self._pool
                if pool is None:
                    pool = self._pool = self._made()
        return pool

    def _made(self) -> HTTPConnectionPool:
        how: dict[str, Any] = {"maxsize": _POOL, "num_pools": 1}
        if self._origin.startswith("https:"):
            how["ssl_context"] = self._options.tls_context()
        proxy = self._proxy()
        if proxy is None:
            manager = PoolManager(**how)
        else:
            login = login_of(proxy)
            headers = {"Proxy-Authorization": f"Basic {packed_login(*login)}"} if login else {}
            if urlsplit(proxy).scheme == "https":
                # Left to itself, urllib3 would ask the environment whom to trust and where to write the keys.
                to_proxy = self._options.tls_context(of_proxy=True)
                how = {"ssl_context": to_proxy, "proxy_ssl_context": to_proxy, **how}
            manager = ProxyManager(proxy, proxy_headers=headers, **how)
            if self._origin.startswith("http:"):
                # A proxy is told the whole address, and who is asking, with each plain request.
                if self._windows is not None:
                    # The proxy's connection would be logged in, for everyone who uses that proxy.
                    raise ConfigurationError("a Windows login cannot go through a proxy over plain http")
                self._prefix = self._origin
                self._headers.update(headers)
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
        pool = manager.connection_from_url(self._origin)
        if self._windows is not None:
            # Most clients have no Windows login: what it takes is loaded with the first.
            from superoffice_erpsync.transports.http.windows import logged_in  # noqa: PLC0415

            pool.ConnectionCls = logged_in(type(pool).ConnectionCls, self._windows)
        return pool

    def _proxy(self) -> str | None:
        try:
            return proxy_for(self._origin, self._options.proxies, trust_environment=self._options.trust_environment)
        except ConfigurationError as error:
            refusal = error
        # Raised out here, the error does not drag along the frame that holds the address with its password.
        raise refusal.with_traceback(None)


def _announces_body(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Length", "0").strip() != "0" or "Transfer-Encoding" in headers
