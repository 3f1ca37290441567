"""Who is trusted on a secure connection, by real handshakes with real certificates."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.transports.http.tls import bundle_of_environment, tls_context

HOST = "crm.example.com"


class Files(NamedTuple):
    """An authority of our own, with what it has signed, as files."""

    ca: trustme.CA
    authorities: Path
    server: trustme.LeafCert
    certificate: Path
    key: Path
    both: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder, ca = tmp_path_factory.mktemp("tls"), trustme.CA()
    client = ca.issue_cert("job@example.com")
    found = Files(
        ca, folder / "ca.pem", ca.issue_cert(HOST), folder / "me.pem", folder / "me.key", folder / "me-and-key.pem"
    )
    ca.cert_pem.write_to_path(str(found.authorities))
    client.cert_chain_pems[0].write_to_path(str(found.certificate))
    client.private_key_pem.write_to_path(str(found.key))
    client.private_key_and_cert_chain_pem.write_to_path(str(found.both))
    return found


@pytest.fixture
def server(files: Files) -> ssl.SSLContext:
    """The other side, with a certificate for `HOST`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files.server.configure_cert(context)
    return context


def shake_hands(
    client: ssl.SSLContext, server: ssl.SSLContext, host: str = HOST
) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    """Both sides after their handshake, in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=host)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    waiting = [ours, theirs]
    while waiting:
        for side in list(waiting):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            waiting.remove(side)
    return ours, theirs


def test_an_authority_that_the_user_names_is_trusted(files: Files, server: ssl.SSLContext) -> None:
    for path in (files.authorities, str(files.authorities)):
        ours, _ = shake_hands(tls_context(path, None), server)
        assert ours.version() == "TLSv1.3"


def test_a_folder_of_authorities_is_trusted(files: Files, server: ssl.SSLContext, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the command openssl, which names the files of such a folder")
    asked = [openssl, "x509", "-noout", "-subject_hash", "-in", str(files.authorities)]
    name = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=20).stdout.strip()
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls_context(tmp_path, None), server)
    shutil.copy(files.authorities, tmp_path / f"{name}.0")
    shake_hands(tls_context(tmp_path, None), server)


def test_an_authority_that_nobody_named_is_not_trusted(files: Files, server: ssl.SSLContext, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for verify in (True, other):
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(tls_context(verify, None), server)


@pytest.mark.parametrize("host", ["other.example.com", "crm.example.com.evil.example", "127.0.0.1"])
def test_a_certificate_is_good_for_its_host_only(host: str, files: Files, server: ssl.SSLContext) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls_context(files.authorities, None), server, host)


def test_without_checks_anybody_will_do(server: ssl.SSLContext) -> None:
    shake_hands(tls_context(False, None), server, "other.example.com")


def test_the_environment_has_no_say(
    files: Files, server: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    monkeypatch.setenv("SSL_CERT_FILE", str(files.authorities))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.authorities))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls_context(True, None), server)
    shake_hands(tls_context(files.authorities, None), server)
    assert not keys.exists()


def test_nothing_older_than_tls_1_2_and_no_other_protocol_on_it(files: Files, server: ssl.SSLContext) -> None:
    context = tls_context(files.authorities, None)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    server.set_alpn_protocols(["h2", "http/1.1"])
    ours, _ = shake_hands(context, server)
    assert ours.selected_alpn_protocol() == "http/1.1"


# -- the client's certificate ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "certificate",
    [
        lambda files: (files.certificate, files.key),
        lambda files: (str(files.certificate), str(files.key)),
        lambda files: files.both,
        lambda files: str(files.both),
    ],
    ids=["two paths", "two texts", "one path", "one text"],
)
def test_a_server_that_asks_is_shown_the_certificate(
    certificate: Callable[[Files], object], files: Files, server: ssl.SSLContext
) -> None:
    server.verify_mode = ssl.CERT_REQUIRED
    files.ca.configure_trust(server)
    _, theirs = shake_hands(tls_context(files.authorities, certificate(files)), server)  # type: ignore[arg-type]
    shown = theirs.getpeercert()
    assert shown is not None
    assert ("email", "job@example.com") in shown["subjectAltName"]


def test_without_one_such_a_server_refuses(files: Files, server: ssl.SSLContext) -> None:
    server.verify_mode = ssl.CERT_REQUIRED
    files.ca.configure_trust(server)
    with pytest.raises(ssl.SSLError):
        shake_hands(tls_context(files.authorities, None), server)


def with_passphrase(files: Files, folder: Path) -> Path:
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    path = folder / "locked.key"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open sesame"),
        )
    )
    return path


def test_a_key_with_a_passphrase_is_refused_at_once_and_nobody_is_asked(files: Files, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"me\.pem cannot be used") as caught:
        tls_context(True, (files.certificate, with_passphrase(files, tmp_path)))
    assert "without a passphrase" in str(caught.value.hint)


def test_certificates_that_cannot_be_used(files: Files, tmp_path: Path) -> None:
    text, missing = tmp_path / "text.pem", tmp_path / "missing.pem"
    text.write_text("no certificate", encoding="utf-8")
    other = tmp_path / "other.key"
    files.ca.issue_cert("x@example.com").private_key_pem.write_to_path(str(other))
    for certificate in (missing, text, files.certificate, (files.certificate, other), (files.certificate, missing)):
        with pytest.raises(ConfigurationError, match=r"the client certificate .* cannot be used"):
            tls_context(True, certificate)


def test_authorities_that_cannot_be_used(files: Files, tmp_path: Path) -> None:
    text, empty, missing = tmp_path / "text.pem", tmp_path / "empty.pem", tmp_path / "missing.pem"
    text.write_text("no certificate", encoding="utf-8")
    empty.touch()
    for path in (missing, text, empty, files.key):
        with pytest.raises(ConfigurationError) as caught:
            tls_context(path, None)
        assert str(path) in str(caught.value)
        assert "PEM form" in str(caught.value.hint)
    with pytest.raises(ConfigurationError, match="No such file"):
        tls_context(missing, None)


@pytest.mark.parametrize(
    ("environment", "bundle"),
    [
        ({}, None),
        ({"SSL_CERT_FILE": "three"}, "three"),
        ({"SSL_CERT_FILE": "three", "CURL_CA_BUNDLE": "two"}, "two"),
        ({"SSL_CERT_FILE": "three", "CURL_CA_BUNDLE": "two", "REQUESTS_CA_BUNDLE": "one"}, "one"),
        ({"SSL_CERT_FILE": "three", "REQUESTS_CA_BUNDLE": ""}, "three"),
        ({"SSL_CERT_DIR": "four"}, None),
    ],
)
def test_which_authorities_the_environment_names(environment: dict[str, str], bundle: str | None) -> None:
    assert bundle_of_environment(environment) == bundle


@pytest.mark.parametrize("verify", [0, None, 1, b"ca.pem", ["ca.pem"]])
def test_what_is_neither_yes_nor_no_nor_a_path_is_refused(verify: Any) -> None:
    with pytest.raises(ConfigurationError, match="verify must be True, False or a path"):
        tls_context(verify, None)


@pytest.mark.parametrize("certificate", [5, (None, None)])
def test_a_certificate_that_is_no_path_is_refused(certificate: Any) -> None:
    with pytest.raises(ConfigurationError, match="the client certificate"):
        tls_context(True, certificate)
