"""Removing a password from a keyring that has none of it, is missing, or refuses."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from superoffice_erpsync import ConfigurationError, KeyringSecret
from superoffice_erpsync.cli.keyring_entries import remove

ENTRY = KeyringSecret("erpsync test", "nightly")


class Refusing(KeyringBackend):
    """A keyring that gives and does not let go."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return "Sesame-47" if username == "nightly" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("the entry Sesame-47 is locked")


@pytest.fixture
def refusing() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Refusing())
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("refusing")
def test_a_keyring_that_refuses_is_named_without_what_it_says() -> None:
    with pytest.raises(ConfigurationError, match="does not remove it: PasswordDeleteError") as caught:
        remove(ENTRY)
    assert "Sesame" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.usefixtures("refusing")
def test_an_entry_that_is_not_there_is_no_error() -> None:
    assert remove(KeyringSecret("erpsync test", "somebody")) is False


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError) as caught:
        remove(ENTRY)
    assert "superoffice-erpsync[keyring]" in str(caught.value.hint)
