"""TLS: whether the server shows a certificate that the client trusts, and for how long it will."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, ok, warning
from superoffice_erpsync.doctor.handshakes import Certificate, Handshake, shake_hands, untrusted_certificate
from superoffice_erpsync.doctor.spans import SOON_DAYS, in_days
from superoffice_erpsync.doctor.ways import ProxyRefused
from superoffice_erpsync.transports.http.origin import is_loopback

TLS = "tls"


def look(chart: Chart) -> Iterator[Finding]:
    """Make a secure connection as the client makes it, and look at the certificate."""
    if chart.tls is None:
        yield _plain(chart)
        return
    if chart.proxy is not None and urlsplit(chart.proxy).scheme == "https":
        yield note(TLS, "not looked at through a proxy that is spoken to over TLS itself: the next answer tells")
        return
    try:
        made = shake_hands(chart, chart.tls, chart.limit())
    except ssl.SSLCertVerificationError as problem:
        yield _distrusted(chart, problem)
    except ssl.SSLError as problem:
        yield _unmade(chart, problem)
    except ProxyRefused as refusal:
        yield failed(TLS, Fault.UNREACHED, f"the proxy refuses the way now: {refusal}", "try again, or ask its owner")
    except OSError as problem:
        why = "in time" if isinstance(problem, TimeoutError) else f"({problem.strerror or problem})"
        fix = "something between cuts secure connections, or the server does: see whether a firewall inspects them"
        yield failed(TLS, Fault.UNREACHED, f"the secure connection is not made {why}", fix)
    else:
        yield _trusted(made)


def _plain(chart: Chart) -> Finding:
    if is_loopback(chart.target.host):
        return ok(TLS, "plain http, which stays on this machine")
    fix = "use https in --url as soon as the server has a certificate"
    return warning(TLS, "plain http: everyone on the way can read the password and the ticket", fix)


def _trusted(made: Handshake) -> Finding:
    certificate = made.certificate
    if certificate is None:
        fix = "name the authority with verify=PATH (--ca-bundle) instead of switching the check off"
        text = "the certificate is not checked: anyone on the way can answer as the server"
        return warning(TLS, text, fix, version=made.version)
    now = datetime.now(UTC)
    days = certificate.days_left(now)
    facts = {"version": made.version, "days_left": days, **certificate.facts()}
    until = f"{certificate.ends:%Y-%m-%d}"
    if days < SOON_DAYS:
        text = f"the certificate expires on {until}, in {in_days(days)}"
        fix = f"have it renewed on the web server before {until}; from then on no call gets through"
        return warning(TLS, text, fix, **facts)
    return ok(TLS, f"{made.version}, certificate valid until {until}, issued by {certificate.issuer}", **facts)


def _distrusted(chart: Chart, problem: ssl.SSLCertVerificationError) -> Finding:
    code, host = problem.verify_code, chart.target.host
    certificate = untrusted_certificate(chart, chart.limit())
    facts: dict[str, Any] = {"verify_code": code, "reason": problem.verify_message}
    issuer = "an issuer that cannot be read"
    if certificate is not None:
        facts |= certificate.facts()
        issuer = certificate.issuer or issuer
    # By the numbers of OpenSSL, as `openssl verify` documents them.
    match code:
        case 9:
            text, fix = _not_yet_valid(certificate)
        case 10:
            text, fix = _expired(certificate)
        case 62 | 64:
            text, fix = _for_others(host, certificate)
        case 18:
            text = f"the certificate of {host} is its own authority: nobody vouches for it"
            fix = (
                "have one issued by an authority; until then save this one as a file in PEM form, compare its "
                "fingerprint with the administrator, and name the file with --ca-bundle"
            )
        case 19 | 20 | 21:
            text, fix = _unknown_authority(host, issuer)
        case _:
            text = f"the certificate of {host} is not trusted: {problem.verify_message}"
            fix = "ask who runs the web server for a certificate that clients accept"
    return failed(TLS, Fault.UNREACHED, text, fix, **facts)


_CLOCK = "check this machine's clock too: it may be wrong"


def _not_yet_valid(certificate: Certificate | None) -> tuple[str, str]:
    when = f" before {certificate.begins:%Y-%m-%d}" if certificate else ""
    return f"the certificate is not valid{when}", f"wait, or have it replaced; {_CLOCK}"


def _expired(certificate: Certificate | None) -> tuple[str, str]:
    when = f" on {certificate.ends:%Y-%m-%d}" if certificate else ""
    return f"the certificate expired{when}", f"have it renewed on the web server (IIS: the site's binding); {_CLOCK}"


def _for_others(host: str, certificate: Certificate | None) -> tuple[str, str]:
    names = certificate.names if certificate else ()
    whose = f"it is for {', '.join(names)}" if names else "it is for another host"
    fix = f"use {names[0] if names else 'the name in the certificate'} in --url if that is the same server, "
    return f"the certificate is not for {host}: {whose}", fix + f"or have {host} added to the certificate"


_INSPECTORS = (
    "avast",
    "barracuda",
    "blue coat",
    "check point",
    "cisco umbrella",
    "eset",
    "fiddler",
    "forcepoint",
    "fortigate",
    "fortinet",
    "kaspersky",
    "mcafee",
    "mitmproxy",
    "netskope",
    "palo alto",
    "sophos",
    "trend micro",
    "watchguard",
    "zscaler",
)
"""In the names of authorities whose products open secure connections on the way."""


def _unknown_authority(host: str, issuer: str) -> tuple[str, str]:
    if any(name in issuer.lower() for name in _INSPECTORS):
        text = f"something on the way opens the connection to {host}: the certificate is issued by {issuer}"
        fix = f"have {host} left out of the inspection, or name the inspector's authority with --ca-bundle"
        return text, fix
    text = f"the certificate of {host} is issued by {issuer}, which is not among the known authorities"
    fix = (
        "if that is your company's own authority, get its certificate (and those between, if the server does not send "
        "them) as a file in PEM form and name it with --ca-bundle"
    )
    return text, fix


_REASONS = (
    (
        ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER"),
        "what answers there does not speak TLS",
        "check the port in --url; one for plain http needs http:// (and --allow-insecure, unless it is this machine)",
    ),
    (
        ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"),
        "the server speaks only versions of TLS before 1.2",
        "have TLS 1.2 switched on on the web server",
    ),
    (
        ("CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "UNKNOWN_CA", "CERTIFICATE_UNKNOWN"),
        "the server does not accept the client certificate, or misses one",
        "show it the right one with --client-certificate",
    ),
    (
        ("UNRECOGNIZED_NAME",),
        "the server knows no site of this name",
        "check the host in --url, and the site's binding on the web server",
    ),
)


def _unmade(chart: Chart, problem: ssl.SSLError) -> Finding:
    reason = problem.reason or str(problem)
    plain = reason.replace("_", " ").lower()
    for signs, text, fix in _REASONS:
        if any(sign in reason for sign in signs):
            return failed(TLS, Fault.UNREACHED, text, fix, reason=plain)
    text = f"the secure connection to {chart.target.host} fails: {plain}"
    fix = "ask who runs the web server which TLS it offers, and whether it wants a certificate (--client-certificate)"
    return failed(TLS, Fault.UNREACHED, text, fix, reason=plain)
