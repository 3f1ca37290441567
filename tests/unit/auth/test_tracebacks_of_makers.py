"""What cannot be made is told in a traceback that shows no secret, and that can be written with all it holds."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from superoffice_erpsync import (
    AccessToken,
    ConfigurationError,
    CookieSession,
    ErpSyncClient,
    GenericCredentials,
    HttpBasic,
    TicketCredentials,
    UsernamePassword,
    WindowsCredentials,
)

SECRET = "hunter2"
HERE = __file__
CRM = "ftp://crm.example.com/"


def shown_of_frames(make: Callable[[], Any]) -> str:
    """The local variables of all frames but those of this file."""
    with pytest.raises(ConfigurationError) as caught:
        make()
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert SECRET not in str(caught.value)
    return "\n".join(str(frame.locals) for frame in told.stack if frame.filename != HERE)


@pytest.mark.parametrize(
    "make",
    [
        lambda: UsernamePassword("", SECRET),
        lambda: WindowsCredentials("", SECRET),
        lambda: WindowsCredentials("a", SECRET, protocol="basic"),  # type: ignore[arg-type]
        lambda: HttpBasic("", SECRET),
        lambda: HttpBasic("a:b", SECRET),
        lambda: HttpBasic("a", SECRET + "\n"),
        lambda: ErpSyncClient.rest("https://crm.example.com/api", AccessToken(f"{SECRET}\nx")),
        lambda: ErpSyncClient.rest("https://crm.example.com/api", CookieSession(SECRET + "\n", SECRET)),
        lambda: ErpSyncClient.soap(CRM, application_token=SECRET),
        lambda: ErpSyncClient.rest(CRM, application_token=SECRET),
        lambda: ErpSyncClient.soap(CRM, proxies={"https": f"http://a:{SECRET}@proxy.example.com"}),
    ],
)
def test_no_frame_shows_the_secret(make: Callable[[], Any]) -> None:
    assert SECRET not in shown_of_frames(make)


@pytest.mark.parametrize("given", [None, 5, SECRET.encode(), [SECRET]])
@pytest.mark.parametrize(
    "make",
    [
        lambda given: UsernamePassword("a", given),
        lambda given: HttpBasic("a", given),
        lambda given: TicketCredentials(given),
        lambda given: AccessToken(given),
        lambda given: CookieSession("a", given),
        lambda given: GenericCredentials({"a": "b", "c": given}),
    ],
)
def test_what_is_no_text_is_refused_at_once(make: Callable[[Any], Any], given: Any) -> None:
    assert SECRET not in shown_of_frames(lambda: make(given))
    with pytest.raises(ConfigurationError, match=f"must be a text or a reference to one, not {type(given).__name__}"):
        make(given)
