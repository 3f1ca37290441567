"""TLS handshakes: one as the client makes it, and one that only reads the certificate of a server it does not trust."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Any, NamedTuple

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.ways import ProxyRefused, way

_IGNORE_DATES = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for."""


class Certificate(NamedTuple):
    """What a server's certificate says.

    Attributes:
        subject: Whom it was issued to.
        issuer: Who issued it.
        names: The hosts it is for.
        begins: Since when it holds.
        ends: Until when it holds.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, read: Any) -> Certificate | None:
        """From what `SSLSocket.getpeercert` gives; None where that is nothing."""
        if not read:
            return None
        return cls(
            subject=_name(read.get("subject", ())),
            issuer=_name(read.get("issuer", ())),
            names=tuple(str(name) for _, name in read.get("subjectAltName", ())),
            begins=_moment(read["notBefore"]),
            ends=_moment(read["notAfter"]),
        )

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends, below zero once it has."""
        return (self.ends - now).days

    def facts(self) -> dict[str, Any]:
        """What it says, as JSON values."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "names": list(self.names),
            "valid_from": self.begins.isoformat(),
            "valid_until": self.ends.isoformat(),
        }


class Handshake(NamedTuple):
    """A secure connection that could be made: its version of TLS, and the certificate if it was checked."""

    version: str
    certificate: Certificate | None


def shake_hands(chart: Chart, context: ssl.SSLContext, limit: Deadline) -> Handshake:
    """Make a secure connection and close it.

    Raises:
        ProxyRefused: The proxy says no.
        OSError: There is no connection, or no secure one (`ssl.SSLError`).
    """
    with way(chart, limit) as bare, context.wrap_socket(bare, server_hostname=chart.target.host) as secure:
        return Handshake(secure.version() or "TLS", Certificate.of(secure.getpeercert()))


def untrusted_certificate(chart: Chart, limit: Deadline) -> Certificate | None:
    """The certificate of a server that the client would not talk to; None where it cannot be read.

    Python reads a certificate out only when it has checked it. So it is taken once without checks, and once more with
    itself as the only authority. Nothing but the handshake is sent, and no client certificate is shown.
    """
    try:
        bare = _unchecking()
        with way(chart, limit) as sock, bare.wrap_socket(sock, server_hostname=chart.target.host) as secure:
            encoded = secure.getpeercert(binary_form=True)
        if encoded is None:
            return None
        reading = _unchecking()
        reading.verify_mode = ssl.CERT_REQUIRED
        reading.verify_flags = ssl.VerifyFlags(ssl.VERIFY_X509_PARTIAL_CHAIN | _IGNORE_DATES)
        reading.load_verify_locations(cadata=encoded)
        return shake_hands(chart, reading, limit).certificate
    except (OSError, ProxyRefused, ValueError):
        return None


def _unchecking() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _name(parts: Any) -> str:
    said = {key: value for part in parts for key, value in part}
    names = [str(said[key]) for key in ("commonName", "organizationalUnitName", "organizationName") if key in said]
    return ", ".join(dict.fromkeys(names))


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
