"""Who is trusted, and what the client shows of itself, on a secure connection."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from superoffice_erpsync.errors import ConfigurationError

ClientCertificate = str | Path | tuple[str | Path, str | Path]

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def tls_context(verify: bool | str | Path, certificate: ClientCertificate | None) -> ssl.SSLContext:
    """How secure connections are made. Nothing of it comes from the environment.

    Args:
        verify: True checks the server's certificate against the known authorities, a path names a file or folder of
            authorities to check against instead, False does not check.
        certificate: Path of a certificate with its key, or the two paths.

    Raises:
        ConfigurationError: A file cannot be used, or is none.
    """
    if not isinstance(verify, bool | str | os.PathLike):
        raise ConfigurationError(f"verify must be True, False or a path, not {verify!r}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        _trust(context, Path(certifi.where()) if verify is True else Path(verify))
    if certificate is not None:
        _show(context, certificate)
    return context


def bundle_of_environment(environment: Mapping[str, str] = os.environ) -> str | None:
    """The authorities that the environment names, as requests, curl and OpenSSL call it; None for none."""
    return next((environment[name] for name in _BUNDLES if environment.get(name)), None)


def _trust(context: ssl.SSLContext, authorities: Path) -> None:
    try:
        if authorities.is_dir():
            context.load_verify_locations(capath=str(authorities))
        else:
            context.load_verify_locations(cafile=str(authorities))
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationError(
            f"the authorities in {authorities} cannot be used: {_why(problem)}",
            hint="name a file with certificates in PEM form",
        ) from None


def _show(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    file, key = certificate if isinstance(certificate, tuple) else (certificate, None)
    try:
        # Without a password of ours, OpenSSL would ask at the terminal and wait.
        context.load_cert_chain(file, key, password=lambda: "")
    except (OSError, ssl.SSLError, TypeError, ValueError) as problem:
        raise ConfigurationError(
            f"the client certificate {file} cannot be used: {_why(problem)}",
            hint="certificate and key must be in PEM form, the key without a passphrase",
        ) from None


def _why(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLError):
        return (problem.reason or "it is not in PEM form").replace("_", " ").lower()
    return getattr(problem, "strerror", None) or str(problem)
