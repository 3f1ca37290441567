"""Texts of the server that are kept, in a journal for example, are masked first."""

from __future__ import annotations

import pytest

from superoffice_erpsync import AccessToken, ErpSyncClient, TicketCredentials, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox


@pytest.fixture(scope="module")
def box():
    with Sandbox() as box:
        yield box


def test_a_ticket_that_a_login_gave(box: Sandbox) -> None:
    with ErpSyncClient.soap(box.url, UsernamePassword("tje0", "Tje0")) as client:
        client.get_engine_status()
        ticket = next(secret.reveal() for secret in client._transport.secrets if secret.reveal().startswith("7T:"))
        assert client.masked(f"no {ticket}, no Tje0") == "no ***, no ***"


@pytest.mark.parametrize(
    ("credentials", "secret"),
    [
        (UsernamePassword("tje0", "Sesame 1"), "Sesame 1"),
        (TicketCredentials("7T:abcdef=="), "7T:abcdef=="),
        (AccessToken("8A:abcdef"), "8A:abcdef"),
    ],
    ids=["password", "ticket", "token"],
)
def test_what_a_rest_client_sends(credentials, secret: str) -> None:
    with ErpSyncClient.rest("http://127.0.0.1:9/api", credentials, application_token="app-token") as client:
        assert client.masked(f"{secret} and app-token") == "*** and ***"
