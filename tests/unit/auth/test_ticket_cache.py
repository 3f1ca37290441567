"""The cache of tickets: whose ticket lies where, how long it counts, and what a broken place costs."""

from __future__ import annotations

import json
import logging
import os
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from superoffice_erpsync import (
    AccessToken,
    ConfigurationError,
    CookieSession,
    GenericCredentials,
    Outcome,
    RequestTimeout,
    TicketCache,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)
from superoffice_erpsync.auth import Credentials
from superoffice_erpsync.auth.ticket_cache import CachedTicket
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.redaction import Secret

ADDRESS = "https://crm.example.com/Remote/Services86"
TICKET = Secret("7T:Sesame-ticket")
HOUR = 3600.0

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files are of POSIX")


@pytest.fixture
def cache(tmp_path: Path) -> TicketCache:
    return TicketCache(tmp_path / "tickets")


def place(cache: TicketCache, credentials: Credentials | None = None, address: str = ADDRESS) -> CachedTicket:
    found = cache.ticket_of(credentials or UsernamePassword("nightly", "x"), address)
    assert found is not None
    return found


def read(kept: CachedTicket) -> Secret | None:
    with kept.held(Deadline.after(10)):
        return kept.read()


def write(kept: CachedTicket, ticket: Secret = TICKET) -> None:
    with kept.held(Deadline.after(10)):
        kept.write(ticket)


def file_of(cache: TicketCache) -> Path:
    assert cache.folder is not None
    (path,) = cache.folder.glob("*.json")
    return path


def age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


# -- whose ticket lies where ------------------------------------------------------------------------------------------


def test_a_ticket_is_found_by_whoever_logs_in_alike(cache: TicketCache) -> None:
    assert read(place(cache)) is None
    write(place(cache))
    for alike in (
        place(cache),
        place(cache, UsernamePassword("nightly", "another")),
        place(cache, None, f"{ADDRESS}/"),
    ):
        assert read(alike) == TICKET


@pytest.mark.parametrize(
    ("credentials", "address"),
    [
        (UsernamePassword("nightly2", "x"), ADDRESS),
        (UsernamePassword("Nightly", "x"), ADDRESS),
        (WindowsCredentials("nightly", "x"), ADDRESS),
        (UsernamePassword("nightly", "x"), ADDRESS.replace("86", "88")),
        (UsernamePassword("nightly", "x"), ADDRESS.replace("crm", "crm2")),
    ],
    ids=["name", "case", "kind", "services", "host"],
)
def test_nobody_else_finds_it(cache: TicketCache, credentials: Credentials, address: str) -> None:
    write(place(cache))
    assert read(place(cache, credentials, address)) is None


@pytest.mark.parametrize(
    "credentials",
    [
        AccessToken("8A:x"),
        GenericCredentials({"a": "b"}),
        TicketCredentials("7T:x"),
        CookieSession("a", "b"),
        WindowsCredentials(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_logins_without_a_name_are_left_alone(cache: TicketCache, credentials: Credentials) -> None:
    assert cache.ticket_of(credentials, ADDRESS) is None


def test_no_name_shows_who_logs_in(cache: TicketCache) -> None:
    write(place(cache))
    assert cache.folder is not None
    names = [path.name for path in cache.folder.iterdir()]
    assert len(names) == 2
    assert not any("nightly" in name or "crm" in name for name in names)


@posix
def test_all_files_are_the_owners_alone(cache: TicketCache) -> None:
    before = os.umask(0)
    try:
        write(place(cache))
    finally:
        os.umask(before)
    assert cache.folder is not None
    assert cache.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in cache.folder.iterdir()} == {0o600}


def test_the_cache_travels_without_its_tickets(cache: TicketCache) -> None:
    write(place(cache))
    pickled = pickle.dumps(cache)
    assert b"Sesame" not in pickled
    assert pickle.loads(pickled) == cache
    assert read(place(pickle.loads(pickled))) == TICKET
    assert "Sesame" not in repr(cache)


def test_a_relative_folder_stays_the_same_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = TicketCache(Path("tickets"))
    monkeypatch.chdir(tmp_path.parent)
    assert cache == TicketCache(tmp_path / "tickets")


def test_without_a_folder_it_is_one_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    if os.name != "posix":
        pytest.skip("the profile's folder cannot be moved by a variable everywhere")
    write(place(TicketCache()))
    assert len(list(tmp_path.glob("superoffice-erpsync/tickets/*.json"))) == 1


# -- how long it counts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "good"), [(0.0, True), (5.8, True), (6.0, False), (1000.0, False), (-1.0, True)])
def test_a_ticket_counts_for_almost_six_hours_after_its_last_use(cache: TicketCache, hours: float, good: bool) -> None:
    write(place(cache))
    age(file_of(cache), hours * HOUR)
    assert read(place(cache)) == (TICKET if good else None)


def test_a_use_renews_the_ticket_every_few_minutes(cache: TicketCache) -> None:
    write(place(cache))
    path = file_of(cache)
    age(path, 2 * HOUR)
    kept = place(cache)
    read(kept)
    kept.used(TICKET)
    assert time.time() - path.stat().st_mtime < 60
    age(path, 2 * HOUR)
    kept.used(TICKET)  # too soon to write again
    assert time.time() - path.stat().st_mtime > HOUR


def test_a_fresh_note_of_another_process_will_do(cache: TicketCache) -> None:
    write(place(cache))
    path = file_of(cache)
    age(path, 60)
    before = path.stat().st_mtime
    kept = place(cache)
    read(kept)
    kept.used(TICKET)
    assert path.stat().st_mtime == before


def test_the_use_of_an_older_ticket_does_not_renew_a_newer_one(cache: TicketCache) -> None:
    write(place(cache), Secret("7T:newer"))
    age(file_of(cache), 2 * HOUR)
    place(cache).used(TICKET)
    assert time.time() - file_of(cache).stat().st_mtime > HOUR


def test_noting_a_use_does_not_wait(cache: TicketCache) -> None:
    write(place(cache))
    age(file_of(cache), 2 * HOUR)
    started = time.monotonic()
    with FileLock(file_of(cache).with_suffix(".lock")):
        place(cache).used(TICKET)
    assert time.monotonic() - started < 5
    assert time.time() - file_of(cache).stat().st_mtime > HOUR


# -- a place that is broken -------------------------------------------------------------------------------------------


GOOD: dict[str, Any] = {"form": 1, "login": ["UsernamePassword", "nightly", ADDRESS], "ticket": "7T:x"}


BROKEN = {
    "empty": b"",
    "cut off": b"{",
    "not UTF-8": b"\xff\xfe\x00",
    "null": b"null",
    "a list": b"[]",
    "nested too deep": b"[" * 60_000,
    "too long": b"x" * 100_000,
    "of another form": json.dumps(GOOD | {"form": 2}).encode(),
    "of another login": json.dumps(GOOD | {"login": ["UsernamePassword", "somebody", ADDRESS]}).encode(),
    "of no login": json.dumps(GOOD | {"login": None}).encode(),
    "without a ticket": json.dumps(GOOD | {"ticket": None}).encode(),
    "with a blank ticket": json.dumps(GOOD | {"ticket": " "}).encode(),
    "without anything": json.dumps({"form": 1}).encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_or_foreign_file_is_ignored_and_replaced(
    cache: TicketCache, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    write(place(cache))
    file_of(cache).write_bytes(content)
    kept = place(cache)
    assert read(kept) is None
    write(kept)
    assert read(place(cache)) == TICKET
    assert not caplog.records


def test_the_file_as_it_is(cache: TicketCache) -> None:
    write(place(cache), Secret("7T:x"))
    assert json.loads(file_of(cache).read_text(encoding="utf-8")) == GOOD


def test_a_folder_that_cannot_be_written_costs_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    kept = place(TicketCache(tmp_path / "file" / "tickets"))
    with caplog.at_level(logging.DEBUG, "superoffice_erpsync"):
        for _ in range(2):
            assert read(kept) is None
            write(kept)
            kept.used(TICKET)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("superoffice_erpsync.tickets", "WARNING")
    assert str(tmp_path) in record.getMessage()
    assert "Sesame" not in record.getMessage()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions of POSIX, which root does not feel")
def test_a_folder_without_the_right_to_write_costs_one_warning(
    cache: TicketCache, caplog: pytest.LogCaptureFixture
) -> None:
    assert cache.folder is not None
    cache.folder.mkdir(0o500)
    write(place(cache))
    assert read(place(cache)) is None
    assert {record.levelname for record in caplog.records} == {"WARNING"}


@posix
def test_a_place_that_others_could_read_is_refused_before_a_login_and_not_after_a_call(
    cache: TicketCache, caplog: pytest.LogCaptureFixture
) -> None:
    write(place(cache))
    kept = place(cache)
    file_of(cache).chmod(0o644)
    with pytest.raises(ConfigurationError, match="open to others") as caught:
        read(kept)
    assert caught.value.outcome is Outcome.NOT_SENT
    kept.used(TICKET)
    assert "open to others" in caplog.text
    file_of(cache).chmod(0o600)
    assert read(kept) == TICKET


def test_waiting_for_another_process_ends_at_the_deadline(cache: TicketCache) -> None:
    write(place(cache))
    with FileLock(file_of(cache).with_suffix(".lock")):
        for seconds in (0.1, 0.0, -1.0):
            with (
                pytest.raises(RequestTimeout, match="another process") as caught,
                place(cache).held(Deadline.after(seconds)),
            ):
                raise AssertionError
            assert (caught.value.outcome, caught.value.can_repeat) == (Outcome.NOT_SENT, True)
    assert read(place(cache)) == TICKET


def test_an_error_while_it_is_held_lets_the_others_in(cache: TicketCache) -> None:
    with pytest.raises(KeyError), place(cache).held(Deadline()):
        raise KeyError
    write(place(cache))
    assert read(place(cache)) == TICKET
