"""References to secrets: what each kind finds, when it refuses, and that none of them shows what it found."""

from __future__ import annotations

import functools
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from superoffice_erpsync import (
    CallableSecret,
    ConfigurationError,
    EnvironmentSecret,
    FileSecret,
    KeyringSecret,
    Outcome,
    SecretReference,
)
from superoffice_erpsync.redaction import Secret

VALUE = "Sesame-pw <&> æøå"

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files are of POSIX")


def refused(reference: SecretReference) -> ConfigurationError:
    """The error of a reference that leads nowhere."""
    with pytest.raises(ConfigurationError) as caught:
        reference.resolve()
    assert caught.value.outcome is Outcome.NOT_SENT
    # Neither the text nor the errors behind it may have the secret.
    behind: BaseException | None = caught.value
    while behind is not None:
        assert "Sesame" not in f"{behind!r} {vars(behind)}"
        behind = behind.__context__
    return caught.value


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "password"
    path.write_bytes(content)
    path.chmod(mode)
    return path


# -- the environment --------------------------------------------------------------------------------------------------


def test_a_variable_is_read_when_it_is_needed_and_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = EnvironmentSecret("ERPSYNC_TRIED")
    monkeypatch.setenv("ERPSYNC_TRIED", VALUE)
    assert reference.resolve() == Secret(VALUE)
    monkeypatch.setenv("ERPSYNC_TRIED", "another")
    assert reference.resolve() == Secret("another")


def test_a_variable_that_is_missing_or_empty_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ERPSYNC_TRIED", raising=False)
    assert "ERPSYNC_TRIED is not set" in str(refused(EnvironmentSecret("ERPSYNC_TRIED")))
    monkeypatch.setenv("ERPSYNC_TRIED", "")
    assert "ERPSYNC_TRIED is empty" in str(refused(EnvironmentSecret("ERPSYNC_TRIED")))


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_holds_one_line_of_utf8(tmp_path: Path, mark: str, end: str) -> None:
    path = secret_file(tmp_path, (mark + VALUE + end).encode())
    assert FileSecret(path).resolve() == Secret(VALUE)


def test_blanks_in_a_file_belong_to_the_secret(tmp_path: Path) -> None:
    assert FileSecret(secret_file(tmp_path, b"  a b \n")).resolve() == Secret("  a b ")


def test_a_file_is_read_each_time(tmp_path: Path) -> None:
    path = secret_file(tmp_path, b"one")
    reference = FileSecret(path)
    assert reference.resolve() == Secret("one")
    path.write_bytes(b"two")
    assert reference.resolve() == Secret("two")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        ("\ufeff".encode(), "is empty"),
        (b"Sesame\nSesame\n", "more than one line"),
        (b"Sesame\n\n", "more than one line"),
        (b"Sesame \xe6", "is not UTF-8"),
        ("Sesame".encode("utf-16"), "is UTF-16"),
    ],
)
def test_a_file_with_anything_else_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = secret_file(tmp_path, content)
    message = str(refused(FileSecret(path)))
    assert why in message
    assert str(path) in message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in str(refused(FileSecret(tmp_path / "none")))
    assert "cannot be read" in str(refused(FileSecret(tmp_path)))
    assert "is no path" in str(refused(FileSecret("a\0b")))


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666])
def test_a_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    error = refused(FileSecret(secret_file(tmp_path, VALUE.encode(), mode)))
    assert f"mode {mode:04o}" in str(error)
    assert "chmod 600" in str(error.hint)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_its_owner_alone_will_do(tmp_path: Path, mode: int) -> None:
    assert FileSecret(secret_file(tmp_path, VALUE.encode(), mode)).resolve() == Secret(VALUE)


@posix
@pytest.mark.parametrize("mode", [0o440, 0o444, 0o640])
def test_a_file_that_was_handed_over_open_to_others_will_do_where_that_is_said(tmp_path: Path, mode: int) -> None:
    assert FileSecret(secret_file(tmp_path, VALUE.encode(), mode), private=False).resolve() == Secret(VALUE)


@posix
def test_of_a_link_the_file_counts_that_it_leads_to(tmp_path: Path) -> None:
    path = secret_file(tmp_path, VALUE.encode())
    link = tmp_path / "link"
    link.symlink_to(path)
    assert FileSecret(link).resolve() == Secret(VALUE)
    path.chmod(0o644)
    refused(FileSecret(link))


def test_a_relative_file_stays_the_same_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret_file(tmp_path, VALUE.encode())
    monkeypatch.chdir(tmp_path)
    reference = FileSecret("password")
    monkeypatch.chdir(tmp_path.parent)
    assert reference.resolve() == Secret(VALUE)
    assert reference == FileSecret(tmp_path / "password")


# -- the keyring ------------------------------------------------------------------------------------------------------


class MemoryKeyring(KeyringBackend):
    """A keyring of this process."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.failure is not None:
            raise self.failure
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def entries() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_the_keyring_is_asked_each_time(entries: MemoryKeyring) -> None:
    reference = KeyringSecret("erpsync", "nightly")
    keyring.set_password("erpsync", "nightly", VALUE)
    assert reference.resolve() == Secret(VALUE)
    keyring.set_password("erpsync", "nightly", "another")
    assert reference.resolve() == Secret("another")


def test_an_entry_that_is_missing_is_refused(entries: MemoryKeyring) -> None:
    keyring.set_password("erpsync", "somebody", VALUE)
    error = refused(KeyringSecret("erpsync", "nightly"))
    assert "'erpsync' of 'nightly' is not there" in str(error)
    assert "keyring set erpsync nightly" in str(error.hint)


def test_how_to_make_an_entry_can_be_said_otherwise(entries: MemoryKeyring) -> None:
    error = refused(KeyringSecret("erpsync", "nightly", "erpsync login"))
    assert error.hint == "make it: erpsync login"


def test_a_keyring_that_is_locked_is_refused(entries: MemoryKeyring) -> None:
    entries.failure = KeyringLocked(f"locked: {VALUE}")
    with pytest.raises(ConfigurationError, match="cannot be read: KeyringLocked") as caught:
        KeyringSecret("erpsync", "nightly").resolve()
    assert VALUE not in str(caught.value)


def test_a_keyring_whose_system_fails_in_its_own_way_is_refused(entries: MemoryKeyring) -> None:
    entries.failure = OSError(f"the store is broken: {VALUE}")
    with pytest.raises(ConfigurationError, match="cannot be read: OSError") as caught:
        KeyringSecret("erpsync", "nightly").resolve()
    assert VALUE not in str(caught.value)
    assert caught.value.__context__ is None


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = refused(KeyringSecret("erpsync", "nightly"))
    assert "needs the package keyring" in str(error)
    assert "superoffice-erpsync[keyring]" in str(error.hint)


# -- functions --------------------------------------------------------------------------------------------------------


def fetched() -> str:
    return VALUE


def wrapped() -> Secret:
    return Secret(VALUE)


def failing() -> str:
    vault_token = VALUE
    raise RuntimeError(f"the vault refuses {vault_token}")


def by_name(name: str) -> str:
    return name


class Vault:
    def __call__(self) -> str:
        return VALUE

    def fetch(self) -> str:
        return VALUE


@pytest.mark.parametrize("function", [fetched, wrapped, Vault(), Vault().fetch, functools.partial(by_name, VALUE)])
def test_a_function_gives_the_secret(function: Callable[[], str | Secret]) -> None:
    reference = CallableSecret(function)
    assert reference.resolve() == Secret(VALUE)
    assert "Sesame" not in repr(reference)


def test_an_error_in_the_function_names_the_function_and_not_the_secret() -> None:
    assert str(refused(CallableSecret(failing))).endswith("failing gave no secret: RuntimeError")


@pytest.mark.parametrize("given", [None, 5, b"Sesame", ""])
def test_what_is_no_secret_is_refused(given: object) -> None:
    error = refused(CallableSecret(lambda: given))  # type: ignore[arg-type, return-value]
    assert "lambda" in str(error)


# -- all of them ------------------------------------------------------------------------------------------------------


ALL = [
    (EnvironmentSecret("ERPSYNC_TRIED"), "EnvironmentSecret(variable='ERPSYNC_TRIED')"),
    (KeyringSecret("erpsync", "nightly"), "KeyringSecret(service='erpsync', username='nightly')"),
    (CallableSecret(fetched), f"CallableSecret({__name__}.fetched)"),
    (CallableSecret(functools.partial(by_name, VALUE)), f"CallableSecret({__name__}.by_name)"),
    (CallableSecret(Vault()), f"CallableSecret({__name__}.Vault)"),
]


@pytest.mark.parametrize(("reference", "shown"), ALL, ids=lambda one: None if isinstance(one, str) else type(one))
def test_the_repr_shows_the_place(monkeypatch: pytest.MonkeyPatch, reference: SecretReference, shown: str) -> None:
    monkeypatch.setenv("ERPSYNC_TRIED", VALUE)
    assert repr(reference) == str(reference) == shown


@pytest.mark.parametrize("protocol", range(2, 6))
def test_references_travel(tmp_path: Path, protocol: int) -> None:
    plain = [FileSecret(tmp_path), CallableSecret(fetched), *(reference for reference, _ in ALL[:2])]
    assert pickle.loads(pickle.dumps(plain, protocol)) == plain
    assert len({*plain}) == len(plain)
