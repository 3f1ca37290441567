"""What a client is made of may leave the process only where no secret stands in it."""

from __future__ import annotations

import pickle

import pytest

from superoffice_erpsync import ConfigurationError, EnvironmentSecret, ErpSyncClient, UsernamePassword

WHO = UsernamePassword("nightly", EnvironmentSecret("ERPSYNC_PASSWORD"))
URL = "https://crm.example.com/Remote/Services86"


@pytest.mark.parametrize(
    "proxy", ["http://me:Sesame@proxy.example.com:8080", "me:Sesame@proxy.example.com:8080", "http://me:Sesame@["]
)
def test_a_proxy_with_a_password_stays_here(proxy: str) -> None:
    with ErpSyncClient.soap(URL, WHO, proxies={"https": proxy}) as client:
        with pytest.raises(ConfigurationError, match="proxies") as caught:
            pickle.dumps(client)
        assert "Sesame" not in str(caught.value)


def test_a_proxy_without_a_login_goes_along() -> None:
    with ErpSyncClient.soap(URL, WHO, proxies={"https": "http://proxy.example.com:8080"}) as client:
        assert b"proxy.example.com" in pickle.dumps(client)
