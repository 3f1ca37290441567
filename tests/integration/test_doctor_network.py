"""`erpsync doctor` where the way to the server is at fault: names, ports, proxies and certificates."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest

from integration.altering_front import AlteringFront
from integration.doctor_runs import box, examined, module_box, run
from integration.served import Served, free_port
from integration.tunnel_proxy import TunnelProxy
from superoffice_erpsync.doctor import Finding, Level, Setup, examine
from superoffice_erpsync.sandbox import Sandbox

trustme = pytest.importorskip("trustme", reason="trustme is not installed")

__all__ = ["box", "module_box"]

FOLDER = "/Remote/Services86"


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA(organization_name="Example Trading", organization_unit_name="Example Authority")


@pytest.fixture
def bundle(authority: Any, tmp_path: Path) -> str:
    path = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@contextmanager
def secure(box: Sandbox, authority: Any, name: str = "127.0.0.1", **dates: datetime) -> Iterator[str]:
    """The address of the installation behind TLS, with a certificate for that name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **dates).configure_cert(context)
    with AlteringFront(box.url, tls=context) as front:
        yield front.root + FOLDER


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A server that says the same to everybody, whatever they ask."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.wfile.write(answer)

    class Server(ThreadingTCPServer):
        daemon_threads = False

    with Served(Server(("127.0.0.1", 0), Handler)) as server:
        yield f"127.0.0.1:{server.port}"


def unknown_name(*_: Any, **__: Any) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    found = examined("--url", f"https://nowhere.invalid{FOLDER}")
    assert (found.code, found.levels["dns"]) == (4, "failed")
    assert found.text("dns") == "the name nowhere.invalid is not known here"
    assert "check the spelling in --url" in found.fix("dns")
    assert all(level == "skipped" for step, level in found.levels.items() if step not in ("settings", "dns"))
    assert found.text("engine") == "skipped: dns failed"


def test_a_name_server_that_does_not_answer() -> None:
    def late(_host: str, _port: int) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    findings = {one.step: one for one in examine(Setup(url=f"https://nowhere.invalid{FOLDER}", resolve=late))}
    assert findings["dns"].level is Level.FAILED
    assert "cannot tell now" in findings["dns"].text


def test_an_environment_with_a_proxy_that_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hush-hush@proxy.example.com:8080")
    found = examined("--url", f"https://nowhere.invalid{FOLDER}")
    assert "HTTPS_PROXY counts with --trust-environment only" in found.fix("dns")
    assert "hush" not in found.shown


def test_a_port_where_nothing_listens() -> None:
    found = examined("--url", f"http://127.0.0.1:{free_port()}{FOLDER}")
    assert (found.code, found.levels["tcp"]) == (4, "failed")
    assert "nothing listens on port" in found.text("tcp")
    assert "check the port in --url" in found.fix("tcp")


@pytest.mark.parametrize(("scheme", "step"), [("http", "http"), ("https", "tls")])
def test_a_server_that_never_answers_is_given_up_in_time(scheme: str, step: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}{FOLDER}"
        found = examined("--url", url, "--timeout", "0.3")
    assert (found.code, found.levels[step]) == (4, "failed")
    assert "in time" in found.text(step)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_deadline_of_the_command_ends_what_waits_for_an_answer(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}{FOLDER}"
        found = examined("--url", url, "--command-deadline", "0.5")
    assert found.code == 4
    assert found.levels["connections"] == "skipped"


def test_one_of_two_addresses_is_silent(box: Sandbox) -> None:
    port = int(box.url.split(":")[2].split("/")[0])

    def two(_host: str, _port: int) -> list[tuple[Any, ...]]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("127.0.0.1", free_port())), (*kind, ("127.0.0.1", port))]

    url = f"http://crm.invalid:{port}{FOLDER}"
    setup = Setup(url=url, resolve=two, settings={"allow_insecure": True, "timeout": 1}, seconds=1)
    findings = {one.step: one for one in _until(setup, "tls")}
    assert findings["tcp"].level is Level.WARNING
    assert "out of DNS" in str(findings["tcp"].fix)
    assert findings["tls"].level is Level.WARNING
    assert "https" in str(findings["tls"].fix)


def _until(setup: Setup, step: str) -> Iterator[Finding]:
    findings = examine(setup)
    for finding in findings:
        yield finding
        if finding.step == step:
            findings.close()
            return


def test_a_certificate_that_the_user_named_an_authority_for(box: Sandbox, authority: Any, bundle: str) -> None:
    with secure(box, authority) as url:
        found = examined("--url", url, "--ca-bundle", bundle)
    assert found.code == 0
    assert found.levels["tls"] in ("ok", "warning")
    assert "Example Authority" in str(found.findings["tls"]["facts"]["issuer"])
    assert found.findings["tls"]["facts"]["names"] == ["127.0.0.1"]


def test_a_certificate_of_an_authority_that_nobody_named(box: Sandbox, authority: Any) -> None:
    with secure(box, authority) as url:
        found = examined("--url", url)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert "Example Authority" in found.text("tls")
    assert "not among the known authorities" in found.text("tls")
    assert "--ca-bundle" in found.fix("tls")
    assert found.text("http") == "skipped: tls failed"
    assert box.received == []


def test_a_certificate_of_something_that_inspects_the_way(box: Sandbox) -> None:
    inspector = trustme.CA(organization_name="Zscaler Inc.", organization_unit_name="Zscaler Root")
    with secure(box, inspector) as url:
        found = examined("--url", url)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert "something on the way opens the connection" in found.text("tls")
    assert "inspection" in found.fix("tls")


def test_a_certificate_that_is_its_own_authority(box: Sandbox, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with AlteringFront(box.url, tls=context) as front:
        found = examined("--url", front.root + FOLDER)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert "its own authority" in found.text("tls")
    assert "--ca-bundle" in found.fix("tls")


def _self_signed(folder: Path) -> Path:
    """A certificate as a web server makes one for itself, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_has_expired(box: Sandbox, authority: Any, bundle: str) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with secure(box, authority, not_after=yesterday) as url:
        found = examined("--url", url, "--ca-bundle", bundle)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert found.text("tls") == f"the certificate expired on {yesterday:%Y-%m-%d}"
    assert "renewed" in found.fix("tls")


def test_a_certificate_that_is_not_valid_yet(box: Sandbox, authority: Any, bundle: str) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with secure(box, authority, not_before=tomorrow) as url:
        found = examined("--url", url, "--ca-bundle", bundle)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert f"{tomorrow:%Y-%m-%d}" in found.text("tls")
    assert "clock" in found.fix("tls")


def test_a_certificate_that_expires_soon(box: Sandbox, authority: Any, bundle: str) -> None:
    soon = datetime.now(UTC) + timedelta(days=9, hours=1)
    with secure(box, authority, not_after=soon) as url:
        found = examined("--url", url, "--ca-bundle", bundle)
    assert (found.code, found.levels["tls"]) == (0, "warning")
    assert found.text("tls") == f"the certificate expires on {soon:%Y-%m-%d}, in 9 days"
    assert "renewed" in found.fix("tls")


def test_a_certificate_for_another_host(box: Sandbox, authority: Any, bundle: str) -> None:
    with secure(box, authority, "crm.example.com") as url:
        found = examined("--url", url, "--ca-bundle", bundle)
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert found.text("tls") == "the certificate is not for 127.0.0.1: it is for crm.example.com"
    assert "use crm.example.com in --url" in found.fix("tls")


def test_a_server_that_wants_a_client_certificate(box: Sandbox, authority: Any, bundle: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with AlteringFront(box.url, tls=context) as front:
        found = examined("--url", front.root + FOLDER, "--ca-bundle", bundle)
    # In TLS 1.3 a server says so only after the handshake, and may cut the connection before anybody has read it.
    assert found.code == 4
    assert set(found.only("failed")) <= {"tls", "http"}
    assert box.received == []


def test_a_port_that_does_not_speak_tls(box: Sandbox) -> None:
    found = examined("--url", box.url.replace("http:", "https:"))
    assert (found.code, found.levels["tls"]) == (4, "failed")
    assert "does not speak TLS" in found.text("tls")
    assert "check the port" in found.fix("tls")


def test_a_proxy_that_lets_calls_through(box: Sandbox, authority: Any, bundle: str) -> None:
    with secure(box, authority) as url, TunnelProxy() as proxy:
        found = examined("--url", url, "--ca-bundle", bundle, "--proxy", proxy.root)
    assert found.code == 0
    assert found.levels["proxy"] == "ok"
    assert found.levels["engine"] == "ok"
    assert set(proxy.asked) == {f"CONNECT {url.removeprefix('https://').removesuffix(FOLDER)}"}


@pytest.mark.parametrize(
    ("answer", "said", "fix"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "HTTP 403 Forbidden", "allowed on the proxy"),
        (
            b'HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
            "HTTP 407 Login",
            "ERPSYNC_PROXY",
        ),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "HTTP 502 Bad Gateway", "does not reach"),
        (b"220 mail.example.com ESMTP\r\n", "no HTTP proxy", "check --proxy"),
    ],
)
def test_a_proxy_that_refuses(answer: bytes, said: str, fix: str) -> None:
    with saying(answer) as there:
        proxy = f"http://user:hush-hush@{there}"
        found = examined("--url", f"https://crm.invalid{FOLDER}", proxy=proxy)
    assert (found.code, found.levels["proxy"]) == (4, "failed")
    assert said in found.text("proxy")
    assert fix in found.fix("proxy")
    assert "hush" not in found.shown


def test_a_proxy_that_is_not_there() -> None:
    found = examined("--url", f"https://crm.invalid{FOLDER}", "--proxy", f"http://127.0.0.1:{free_port()}")
    assert (found.code, found.levels["tcp"]) == (4, "failed")
    assert "the proxy" in found.text("tcp")
    assert "the proxy's address" in found.fix("tcp")


@pytest.mark.skipif(sys.platform == "win32", reason="a failed connection takes two seconds there")
def test_a_broken_screen_shows_the_cause_first() -> None:
    result = run("--url", f"http://127.0.0.1:{free_port()}{FOLDER}")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    assert lines[2].startswith("✗ tcp ")
    assert lines[3].startswith("- proxy ")
    assert lines[lines.index("What to do:") + 1].startswith("  tcp: check the port")
