"""Removing a ticket that was kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from superoffice_erpsync import ConfigurationError, TicketCache, UsernamePassword
from superoffice_erpsync.auth import ticket_cache
from superoffice_erpsync.auth.ticket_cache import CachedTicket
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.redaction import Secret

ADDRESS = "https://crm.example.com/Remote/Services86"


def kept(folder: Path, username: str = "nightly") -> CachedTicket:
    """The place of a ticket, with one in it."""
    place = TicketCache(folder).ticket_of(UsernamePassword(username, "x"), ADDRESS)
    assert place is not None
    with place.held(Deadline.after(10)):
        place.write(Secret(f"7T:{username}"))
    return place


def test_only_the_ticket_of_this_login_is_removed(tmp_path: Path) -> None:
    mine, other = kept(tmp_path / "tickets"), kept(tmp_path / "tickets", "other")
    assert mine.forget() is True
    assert mine.forget() is False
    with mine.held(Deadline.after(10)):
        assert mine.read() is None
    with other.held(Deadline.after(10)):
        assert other.read() == Secret("7T:other")


def test_where_no_ticket_was_ever_kept_nothing_is_made(tmp_path: Path) -> None:
    place = TicketCache(tmp_path / "none").ticket_of(UsernamePassword("nightly", "x"), ADDRESS)
    assert place is not None
    assert place.forget() is False
    assert [*tmp_path.iterdir()] == []


def test_a_ticket_that_another_process_renews_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_cache, "_PATIENCE", 0.1)
    place = kept(tmp_path / "tickets")
    (lock,) = (tmp_path / "tickets").glob("*.lock")
    with FileLock(lock), pytest.raises(ConfigurationError, match="another process is logging in with it"):
        place.forget()
    assert place.forget() is True


def test_a_ticket_that_cannot_be_removed_is_an_error_that_says_why(tmp_path: Path) -> None:
    place = kept(tmp_path / "tickets")
    (file,) = (tmp_path / "tickets").glob("*.json")
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigurationError, match=r"the ticket kept in .*tickets cannot be removed: (?!None)[A-Z]"):
        place.forget()
    file.rmdir()
    assert place.forget() is False
