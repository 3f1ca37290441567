"""Switches of a profile or the environment, which the command line can switch off as well as on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PROFILE = """
[profiles.prod]
url = "https://crm.example.com/Remote/Services86"
username = "me"
windows_login = true
trust_environment = true
allow_insecure = true
ticket_cache = true
retry = false
"""


@pytest.fixture
def said(tmp_path: Path) -> tuple[str, ...]:
    file = tmp_path / "erpsync.toml"
    file.write_text(PROFILE, encoding="utf-8")
    file.chmod(0o600)
    return ("sync", "--config", str(file), "--profile", "prod")


def made(client: Any) -> dict[str, Any]:
    """How the client was made, as far as switches make it."""
    (one,) = client.made
    client.made.clear()
    names = ("trust_environment", "allow_insecure", "ticket_cache", "retry")
    return {
        "login": type(one["credentials"]).__name__,
        **{name: bool(one.get(name)) if name != "retry" else one.get(name, "own") for name in names},
    }


ON = {
    "login": "WindowsCredentials",
    "trust_environment": True,
    "allow_insecure": True,
    "ticket_cache": True,
    "retry": None,
}


@pytest.mark.parametrize(
    ("option", "changed"),
    [
        ("--no-windows-login", {"login": "UsernamePassword"}),
        ("--no-trust-environment", {"trust_environment": False}),
        ("--no-allow-insecure", {"allow_insecure": False}),
        ("--no-ticket-cache", {"ticket_cache": False}),
        ("--retry", {"retry": "own"}),
    ],
)
def test_what_a_profile_switches_on_is_switched_off(
    erpsync: Any, client: Any, said: tuple[str, ...], option: str, changed: dict[str, Any]
) -> None:
    assert erpsync(*said, password="x").exit_code == 0
    assert made(client) == ON
    assert erpsync(*said, option, password="x").exit_code == 0
    assert made(client) == ON | changed
    assert erpsync(option, *said, password="x").exit_code == 0
    assert made(client) == ON | changed


def test_what_the_environment_switches_on_is_switched_off(erpsync: Any, client: Any) -> None:
    url = "https://crm.example.com/Remote/Services86"
    variables = {"url": url, "ticket": "7T:x", "no_retry": "1", "trust_environment": "true"}
    assert erpsync("sync", "--retry", "--no-trust-environment", **variables).exit_code == 0
    assert (made(client)["retry"], client.made) == ("own", [])
