"""The ways to log in beside user and password: access tokens over SOAP and REST, and generic data."""

from __future__ import annotations

import pickle

import pytest

from superoffice_erpsync import (
    AccessToken,
    AuthenticationError,
    ConfigurationError,
    ErpSyncClient,
    GenericCredentials,
)
from superoffice_erpsync.sandbox import Sandbox

TOKEN = "8A:Made-up.token"
DATA = {"Customer": "Cust-4711", "Key": "Opens-nothing"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(access_tokens={TOKEN: "tje0"}, generic_logins={"tje0": DATA})


def test_access_token_is_exchanged_over_soap_and_sent_as_it_is_over_rest(sandbox: Sandbox) -> None:
    with sandbox:
        for client in (
            ErpSyncClient.soap(sandbox.url, AccessToken(TOKEN)),
            ErpSyncClient.rest(sandbox.rest_url, AccessToken(TOKEN)),
        ):
            with client:
                assert client.get_engine_status() is not None
        assert [call.operation for call in sandbox.received] == [
            "AuthenticateWithAccessToken",
            "GetEngineStatus",
            "GetEngineStatus",
        ]


def test_access_token_is_renewed_like_any_login(sandbox: Sandbox) -> None:
    with sandbox, ErpSyncClient.soap(sandbox.url, AccessToken(TOKEN)) as client:
        client.get_engine_status()
        sandbox.expire_tickets()
        client.get_engine_status()
        assert sandbox.logins == 2


def test_generic_data_is_exchanged(sandbox: Sandbox) -> None:
    with sandbox, ErpSyncClient.soap(sandbox.url, GenericCredentials(DATA)) as client:
        assert client.get_engine_status() is not None
        assert sandbox.logins == 1


@pytest.mark.parametrize(
    ("credentials", "operation"),
    [
        (AccessToken("8A:another-token"), "AuthenticateWithAccessToken"),
        (GenericCredentials({"Customer": "Cust-4711", "Key": "another-key"}), "AuthenticateGeneric"),
    ],
)
def test_refused_login_shows_no_secret(
    sandbox: Sandbox, credentials: AccessToken | GenericCredentials, operation: str
) -> None:
    with sandbox, ErpSyncClient.soap(sandbox.url, credentials) as client:
        with pytest.raises(AuthenticationError) as caught:
            client.get_engine_status()
        with pytest.raises(AuthenticationError, match="not tried again"):
            client.get_engine_status()
        assert [call.operation for call in sandbox.received] == [operation]
    assert caught.value.operation == operation
    for secret in ("another-token", "another-key", "Cust-4711"):
        assert secret not in str(caught.value)
        assert secret not in repr(credentials)
    with pytest.raises(ConfigurationError):
        pickle.dumps(credentials)


@pytest.mark.parametrize("make", [lambda: AccessToken(" "), lambda: GenericCredentials({})])
def test_nothing_to_log_in_with(make: type[AccessToken]) -> None:
    with pytest.raises(ConfigurationError):
        make()  # type: ignore[call-arg]


def test_generic_data_cannot_go_over_rest() -> None:
    with pytest.raises(ConfigurationError, match="GenericCredentials"):
        ErpSyncClient.rest("http://127.0.0.1/api", GenericCredentials(DATA))
