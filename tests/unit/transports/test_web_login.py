"""What a web server in front asks for, and what it is told, without a connection."""

from __future__ import annotations

import base64
import hashlib
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from superoffice_erpsync.auth import EnvironmentSecret, UsernamePassword, WindowsCredentials
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, Outcome, ProtocolError
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.rest.authorization import FixedAuthorization
from superoffice_erpsync.transports.web_login import HttpBasic, WindowsLogin
from superoffice_erpsync.transports.web_login.challenges import challenges

PASSWORD = "not-a-real-password"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([""], []),
        (["Negotiate", "NTLM"], [("Negotiate", ""), ("NTLM", "")]),
        (["Negotiate, NTLM"], [("Negotiate", ""), ("NTLM", "")]),
        (["NTLM TlRMTVNTUAAC=="], [("NTLM", "TlRMTVNTUAAC==")]),
        (["negotiate\tYII=,NTLM"], [("negotiate", "YII="), ("NTLM", "")]),
        (['Basic realm="a, NTLM b", charset="UTF-8", NTLM'], [("Basic", 'realm="a, NTLM b"'), ("NTLM", "")]),
        (['Basic realm="say \\"Negotiate, NTLM\\""'], [("Basic", 'realm="say \\"Negotiate, NTLM\\""')]),
        (["Digest realm = x, qop = auth", "Bearer"], [("Digest", "realm = x"), ("Bearer", "")]),
        (['Basic realm="never closed, NTLM'], [("Basic", 'realm="never closed, NTLM')]),
        ([",, ,NTLM,"], [("NTLM", "")]),
    ],
)
def test_challenges_are_told_apart(values: list[str], expected: list[tuple[str, str]]) -> None:
    assert [(one.scheme, one.token) for one in challenges(values)] == expected


def test_basic_goes_in_utf_8() -> None:
    basic = HttpBasic("Åse", "blåbær: syltetøy")
    scheme, _, token = basic.authorization().reveal().partition(" ")
    assert (scheme, base64.b64decode(token).decode("utf-8")) == ("Basic", "Åse:blåbær: syltetøy")


def test_basic_masks_its_password_and_knows_what_to_keep_out_of_sight() -> None:
    basic = HttpBasic("web", PASSWORD)
    packed = base64.b64encode(f"web:{PASSWORD}".encode()).decode()
    assert repr(basic) == "HttpBasic(username='web', password='***')"
    assert basic.secrets == (Secret(PASSWORD), Secret(packed))
    assert PASSWORD not in repr(basic.authorization())


@pytest.mark.parametrize(
    ("username", "password"),
    [("", "x"), ("a:b", "x"), ("a\nb", "x"), ("a", "x\r\ny"), ("a", "\x7f"), ("a\udcff", "x"), ("a", "\udcff")],
)
def test_basic_refuses_what_it_cannot_carry(username: str, password: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        HttpBasic(username, password)
    assert password not in str(caught.value) or len(password) == 1


@pytest.mark.parametrize(("username", "password"), [("a:b", "x"), ("a\nb", "x"), ("a", "x\r\ny"), ("a", "\udcff")])
def test_rest_refuses_the_same(username: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(given: str | EnvironmentSecret) -> None:
        FixedAuthorization(UsernamePassword(username, given)).use(lambda _headers, _secrets: None, Deadline())

    monkeypatch.setenv("REST_PASSWORD", password)
    for given in (password, EnvironmentSecret("REST_PASSWORD")):
        with pytest.raises(ConfigurationError, match="cannot be sent as Basic"):
            call(given)


def test_basic_with_a_literal_password_is_not_pickled() -> None:
    with pytest.raises(ConfigurationError, match="not pickled") as caught:
        pickle.dumps(HttpBasic("web", PASSWORD))
    assert "EnvironmentSecret" in (caught.value.hint or "")


def test_basic_with_a_reference_is_pickled_and_reads_it_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    basic = pickle.loads(pickle.dumps(HttpBasic("web", EnvironmentSecret("FRONT_PASSWORD"))))
    assert basic.secrets == ()
    with pytest.raises(ConfigurationError):
        basic.authorization()
    monkeypatch.setenv("FRONT_PASSWORD", PASSWORD)
    assert base64.b64decode(basic.authorization().reveal()[6:]).decode() == f"web:{PASSWORD}"
    assert Secret(PASSWORD) in basic.secrets


def _certificate(digest: Any, key: Any) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crm.example.com")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, digest)
    )
    return built.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(("signed", "hashed"), [("SHA256", "sha256"), ("SHA384", "sha384"), ("SHA512", "sha512")])
def test_bindings_use_the_hash_of_the_certificates_signature(signed: str, hashed: str) -> None:
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    from superoffice_erpsync.transports.web_login.channel_bindings import end_point_bindings

    certificate = _certificate(getattr(hashes, signed)(), ec.generate_private_key(ec.SECP256R1()))
    expected = b"tls-server-end-point:" + hashlib.new(hashed, certificate).digest()
    assert end_point_bindings(certificate) == expected


def test_there_are_no_bindings_where_none_are_defined() -> None:
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    from cryptography.hazmat.primitives.asymmetric import ed25519

    from superoffice_erpsync.transports.web_login.channel_bindings import end_point_bindings

    assert end_point_bindings(_certificate(None, ed25519.Ed25519PrivateKey.generate())) is None
    assert end_point_bindings(b"no certificate") is None


@pytest.fixture
def login() -> WindowsLogin:
    pytest.importorskip("spnego", reason="pyspnego is not installed")
    return WindowsLogin(WindowsCredentials("CRM\\tje0", PASSWORD), "crm.example.com")


def test_windows_login_begins_with_the_best_that_is_offered(login: WindowsLogin) -> None:
    with login.attempt(1, None) as handshake:
        assert handshake.begin() is None
        assert handshake.go_on(["NTLM", "negotiate", "Basic"]).startswith("negotiate Y")
    with login.attempt(1, None) as handshake:
        assert handshake.go_on(["Basic, NTLM"]).startswith("NTLM TlRMTVNTUAAB")


def test_windows_login_shows_nothing_of_the_password(login: WindowsLogin) -> None:
    assert PASSWORD not in repr(login)
    assert login.secrets == (Secret(PASSWORD),)


def test_one_login_waits_for_the_other_until_one_has_succeeded(login: WindowsLogin) -> None:
    with login.attempt(1, None) as first:
        with pytest.raises(TimeoutError), login.attempt(0.01, None):
            pass
        first.go_on(["NTLM"])
        first.has_succeeded()
    with login.attempt(1, None) as second, login.attempt(0.01, None) as third:
        assert second.begin() is not None
        assert third.begin() is not None


def test_a_login_that_does_not_get_going_may_be_tried_again(login: WindowsLogin) -> None:
    for _ in range(2):
        with pytest.raises(AuthenticationError, match="does not go on"):
            _exchange(login, ["NTLM", "NTLM"])


@pytest.mark.parametrize("said", ["NTLM AAAA", "NTLM not base64", "NTLM TlRMTVNTUAACAAAA"])
def test_a_challenge_that_cannot_be_read_says_so(said: str, login: WindowsLogin) -> None:
    with pytest.raises(ProtocolError) as caught:
        _exchange(login, ["NTLM", said])
    assert caught.value.outcome is Outcome.REJECTED


@pytest.mark.parametrize(("offered", "named"), [([], "nothing"), (["Basic realm=x", "Digest a=b"], "Basic, Digest")])
def test_a_server_that_offers_no_windows_login_is_told_by_what_it_offers(
    offered: list[str], named: str, login: WindowsLogin
) -> None:
    with pytest.raises(ConfigurationError, match=f"it offers {named}"):
        _exchange(login, [", ".join(offered)])


def test_a_password_that_looks_like_hashes_is_a_password() -> None:
    pytest.importorskip("spnego", reason="pyspnego is not installed")
    password = f"{'0' * 32}:{'f' * 32}"
    with WindowsLogin(WindowsCredentials("tje0", password), "crm.example.com").attempt(1, None) as handshake:
        assert handshake.go_on(["NTLM"]).startswith("NTLM ")


def _exchange(login: WindowsLogin, answers: list[str]) -> None:
    with login.attempt(1, None) as handshake:
        for said in answers:
            handshake.go_on([said])
