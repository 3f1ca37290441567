"""A password of the web server in front that was wrong for a while: once its reference is right, the client goes on."""

from __future__ import annotations

import pytest

from superoffice_erpsync import (
    AuthenticationError,
    EnvironmentSecret,
    ErpSyncClient,
    HttpBasic,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER, Sandbox

RIGHT, WRONG = "right-not-a-real-password", "wrong-not-a-real-password"
REFERENCE = EnvironmentSecret("FRONT_PASSWORD")
LOGIN = UsernamePassword(DEFAULT_USER, DEFAULT_PASSWORD)


def go_on_once_it_is_corrected(
    box: Sandbox, web_login: HttpBasic | WindowsCredentials, first: str, password: pytest.MonkeyPatch
) -> None:
    with ErpSyncClient.soap(box.url, LOGIN, web_login=web_login, retry=None) as client:
        password.setenv("FRONT_PASSWORD", first)
        if first == RIGHT:
            assert client.get_engine_status() is not None
            logins = box.logins
            password.setenv("FRONT_PASSWORD", WRONG)
        for _ in range(2):
            with pytest.raises(AuthenticationError, match="refuses the"):
                client.get_engine_status()
        password.setenv("FRONT_PASSWORD", RIGHT)
        assert client.get_engine_status() is not None
        if first == RIGHT:
            assert box.logins == logins


@pytest.mark.parametrize("first", [RIGHT, WRONG])
def test_a_client_goes_on_when_its_basic_password_is_right_again(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(basic_users={"web": RIGHT}) as box:
        go_on_once_it_is_corrected(box, HttpBasic("web", REFERENCE), first, monkeypatch)


def test_a_client_goes_on_when_its_windows_password_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("spnego", reason="pyspnego is not installed")
    with Sandbox(windows_users={"CRM\\tje0": RIGHT}) as box:
        go_on_once_it_is_corrected(box, WindowsCredentials("CRM\\tje0", REFERENCE, protocol="ntlm"), WRONG, monkeypatch)
