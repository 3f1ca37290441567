"""What scenarios name by a word in braces: files, certificates, ports."""

from __future__ import annotations

import re
import socket
import ssl
import sys
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import trustme

from integration.hostile.scenarios import Tls

_TOKEN = re.compile(r"\{([a-z_]+)\}")


def placed(value: Any, places: Mapping[str, str]) -> Any:
    """A value with the places in its texts filled in."""
    match value:
        case str():
            return _TOKEN.sub(lambda token: places[token[1]], value)
        case tuple() if not hasattr(value, "_fields"):
            return tuple(placed(one, places) for one in value)
        case dict():
            return {name: placed(one, places) for name, one in value.items()}
    return value


class Certificates:
    """A throw-away authority with certificates good and bad, in files of a folder."""

    def __init__(self, folder: Path) -> None:
        authority, stranger = trustme.CA(), trustme.CA()
        now = datetime.now(UTC)
        names = ("127.0.0.1", "localhost")
        self._server = {
            "good": authority.issue_cert(*names),
            "expired": authority.issue_cert(*names, not_before=now - timedelta(9), not_after=now - timedelta(1)),
            "early": authority.issue_cert(*names, not_before=now + timedelta(1), not_after=now + timedelta(9)),
            "other_host": authority.issue_cert("crm.example.com"),
            "stranger": stranger.issue_cert(*names),
        }
        self._authority = authority
        self._self_signed = folder / "self_signed.pem"
        self._self_signed.write_bytes(stranger.private_key_pem.bytes() + stranger.cert_pem.bytes())
        client, foreign = authority.issue_cert("client@example.com"), stranger.issue_cert("client@example.com")
        pem = {
            "ca": authority.cert_pem.bytes(),
            "other_ca": stranger.cert_pem.bytes(),
            "client_pem": client.private_key_and_cert_chain_pem.bytes(),
            "client_certificate": client.cert_chain_pems[0].bytes(),
            "client_key": client.private_key_pem.bytes(),
            "foreign_pem": foreign.private_key_and_cert_chain_pem.bytes(),
            "no_pem": b"this is no certificate\n",
        }
        self.places = {name: str(folder / f"{name}.pem") for name in pem} | {"missing": str(folder / "missing.pem")}
        for name, content in pem.items():
            Path(self.places[name]).write_bytes(content)

    def context(self, tls: Tls) -> ssl.SSLContext:
        """What a server needs to make connections secure in that way."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if tls.certificate == "self_signed":
            context.load_cert_chain(self._self_signed)
        else:
            self._server[tls.certificate].configure_cert(context)
        if tls.wants_certificate:
            self._authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        if tls.newest is not None:
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what this is for
                context.maximum_version = ssl.TLSVersion[tls.newest]
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context


class Refused:
    """A port of the loopback address that is taken, and where nobody listens."""

    def __enter__(self) -> Self:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()


class BlackHole:
    """A port whose queue of new connections is full, so that the system leaves further ones without an answer."""

    WORKS = sys.platform == "linux"

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        listener = self._stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        self.port = int(listener.getsockname()[1])
        for _ in range(4):
            filler = self._stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()
