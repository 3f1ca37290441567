"""Credentials: what they show, what they give to be masked, and which of them travel to other processes."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from superoffice_erpsync import (
    AccessToken,
    CallableSecret,
    ConfigurationError,
    CookieSession,
    EnvironmentSecret,
    GenericCredentials,
    SecretReference,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.auth.held_secrets import GivenSecret, HeldSecret
from superoffice_erpsync.redaction import Secret

Make = Callable[[GivenSecret], Credentials]

KINDS: dict[str, Make] = {
    "UsernamePassword": lambda given: UsernamePassword("nightly", given),
    "WindowsCredentials": lambda given: WindowsCredentials("ACME\\nightly", given, protocol="ntlm"),
    "TicketCredentials": TicketCredentials,
    "AccessToken": AccessToken,
    "GenericCredentials": lambda given: GenericCredentials({"Key": given}),
    "CookieSession": lambda given: CookieSession(given, given),
}
VALUE = "Sesame-value"
REFERENCE = EnvironmentSecret("ERPSYNC_TRIED")

each = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@pytest.fixture(autouse=True)
def value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPSYNC_TRIED", VALUE)


def read(credentials: Credentials) -> list[str]:
    """All secrets of credentials, as a login finds them."""
    match credentials:
        case UsernamePassword() | WindowsCredentials():
            found = [credentials.password]
        case TicketCredentials():
            found = [credentials.ticket]
        case AccessToken():
            found = [credentials.token]
        case GenericCredentials():
            return [value or "" for value in credentials.data.values()]
        case CookieSession():
            found = [credentials.cookie, credentials.xsrf_token]
    return [secret.reveal() for secret in found if secret]


@each
@pytest.mark.parametrize("given", [VALUE, Secret(VALUE), REFERENCE], ids=["text", "Secret", "reference"])
def test_a_secret_is_a_text_or_a_reference(make: Make, given: GivenSecret) -> None:
    credentials = make(given)
    assert set(read(credentials)) == {VALUE}
    assert set(credentials.secrets) == {Secret(VALUE)}
    assert VALUE not in repr(credentials) + str(credentials)
    assert credentials.by_reference is isinstance(given, SecretReference)


@each
def test_a_reference_is_not_read_before_it_is_needed(make: Make) -> None:
    def never() -> str:
        raise AssertionError("read too early")

    credentials = make(CallableSecret(never))
    assert credentials.secrets == ()
    assert "CallableSecret" in repr(credentials)


@each
def test_a_reference_is_read_anew_and_what_it_was_stays_masked(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = make(REFERENCE)
    read(credentials)
    before = credentials.last_read
    assert not credentials.changed()
    monkeypatch.setenv("ERPSYNC_TRIED", "another")
    assert credentials.changed()
    assert not credentials.changed()
    assert credentials.changed(before)
    assert set(read(credentials)) == {"another"}
    assert set(credentials.secrets) == {Secret(VALUE), Secret("another")}


@each
def test_what_leads_nowhere_is_found_at_the_login(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = make(REFERENCE)
    monkeypatch.delenv("ERPSYNC_TRIED")
    with pytest.raises(ConfigurationError, match="ERPSYNC_TRIED is not set"):
        read(credentials)


@each
@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda one, number=number: pickle.loads(pickle.dumps(one, number)) for number in range(2, 6)),
    ],
    ids=["copy", "deepcopy", *(f"pickle{number}" for number in range(2, 6))],
)
def test_credentials_by_reference_travel_as_the_references(make: Make, again: Any) -> None:
    credentials = make(REFERENCE)
    read(credentials)
    found = again(credentials)
    assert found is not credentials
    assert repr(found) == repr(credentials)
    assert found.secrets == ()
    assert set(read(found)) == {VALUE}


@each
def test_the_pickle_holds_no_secret_that_was_read(make: Make) -> None:
    credentials = make(REFERENCE)
    read(credentials)
    assert VALUE.encode() not in pickle.dumps(credentials)


@each
@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_credentials_with_a_literal_secret_do_not_travel_and_name_the_way_out(make: Make, take: Any) -> None:
    with pytest.raises(ConfigurationError, match="not pickled or copied") as caught:
        take(make(VALUE))
    assert "EnvironmentSecret" in str(caught.value.hint)
    assert VALUE not in str(caught.value)


def test_one_literal_secret_among_references_is_enough_to_stay() -> None:
    for credentials in (GenericCredentials({"a": REFERENCE, "b": VALUE}), CookieSession(REFERENCE, VALUE)):
        assert not credentials.by_reference
        with pytest.raises(ConfigurationError):
            pickle.dumps(credentials)


def test_reprs_mask_values_and_show_references() -> None:
    assert repr(UsernamePassword("nightly", VALUE)) == "UsernamePassword(username='nightly', password='***')"
    assert repr(GenericCredentials({"Key": VALUE})) == "GenericCredentials(data={'Key': '***'})"
    shown = "AccessToken(token=EnvironmentSecret(variable='ERPSYNC_TRIED'))"
    assert repr(AccessToken(REFERENCE)) == shown


@pytest.mark.parametrize("given", ["", " \n", Secret(" ")])
@pytest.mark.parametrize("make", [TicketCredentials, AccessToken])
def test_an_empty_ticket_or_token_is_refused_at_once(make: Make, given: GivenSecret) -> None:
    with pytest.raises(ConfigurationError, match="is empty"):
        make(given)


@pytest.mark.parametrize("make", [TicketCredentials, AccessToken])
def test_white_space_around_a_ticket_or_token_does_not_count(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPSYNC_TRIED", f" {VALUE} ")
    assert read(make(f"\t{VALUE}\n")) == read(make(REFERENCE)) == [VALUE]
    monkeypatch.setenv("ERPSYNC_TRIED", " ")
    with pytest.raises(ConfigurationError, match="is empty"):
        read(make(REFERENCE))


def test_of_a_reference_that_changes_all_the_time_the_latest_values_are_masked() -> None:
    numbers = iter(range(100))
    held = HeldSecret(CallableSecret(lambda: f"value {next(numbers)}"), "the secret")
    for _ in range(50):
        held.read()
    assert [one.reveal() for one in held.seen] == [f"value {number}" for number in range(46, 50)]


def test_name_and_password_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPSYNC_USERNAME", "nightly")
    monkeypatch.setenv("ERPSYNC_PASSWORD", VALUE)
    credentials = UsernamePassword.from_environment()
    assert credentials.username == "nightly"
    assert read(credentials) == [VALUE]
    assert credentials.by_reference
    assert read(UsernamePassword.from_environment(password="ERPSYNC_TRIED")) == [VALUE]
    monkeypatch.delenv("ERPSYNC_USERNAME")
    with pytest.raises(ConfigurationError, match="ERPSYNC_USERNAME is not set"):
        UsernamePassword.from_environment()


# -- Windows ----------------------------------------------------------------------------------------------------------


def test_the_account_of_the_process_has_no_secret() -> None:
    credentials = WindowsCredentials()
    assert (credentials.username, credentials.password, credentials.protocol) == (None, None, "negotiate")
    assert credentials.secrets == ()
    assert credentials.by_reference
    assert repr(pickle.loads(pickle.dumps(credentials))) == repr(credentials)


@pytest.mark.parametrize(("username", "password"), [("nightly", None), (None, VALUE), (None, REFERENCE), ("", VALUE)])
def test_a_windows_login_has_a_name_and_a_password_or_neither(username: Any, password: Any) -> None:
    with pytest.raises(ConfigurationError, match="or neither") as caught:
        WindowsCredentials(username, password)
    assert VALUE not in str(caught.value)


def test_a_windows_login_knows_two_protocols() -> None:
    with pytest.raises(ConfigurationError, match="'negotiate' or 'ntlm', not 'kerberos'"):
        WindowsCredentials(protocol="kerberos")  # type: ignore[arg-type]
