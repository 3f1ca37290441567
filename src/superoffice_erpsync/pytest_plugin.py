"""Fixtures for tests of programs that use ErpSync: an installation in a box, and a client of it.

pytest finds them by itself where this package is installed with its extra `sandbox`. Each test gets an installation of
its own: a free port on the loopback address, a fresh state, nothing left behind. The marker `erpsync` says what is to
be different, with the arguments of `Sandbox` and `transport`, one of `soap` (the default), `services88` and `rest`:

    @pytest.mark.erpsync(transport="rest", ticket_lifetime=timedelta(minutes=1))
    def test_nightly_job(erpsync_sandbox, erpsync_client): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from superoffice_erpsync import ErpSyncClient
    from superoffice_erpsync.sandbox import Sandbox

_MARKER = "erpsync"
_TRANSPORTS = ("soap", "services88", "rest")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", f"{_MARKER}(transport, **options): what erpsync_sandbox and erpsync_client are made with"
    )


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker(_MARKER)
    if marker is None:
        return {}
    if marker.args:
        raise pytest.UsageError(f"marker {_MARKER}: {marker.args[0]!r} needs its name, as in transport='soap'")
    return dict(marker.kwargs)


@pytest.fixture
def erpsync_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A running installation in a box with fresh state; see `Sandbox` for what it can tell and do."""
    # Imported when a test wants it: every run of pytest loads this module.
    from superoffice_erpsync.sandbox import Sandbox

    options = _options(request)
    options.pop("transport", None)
    with Sandbox(**options) as sandbox:
        yield sandbox


@pytest.fixture
def erpsync_client(request: pytest.FixtureRequest, erpsync_sandbox: Sandbox) -> Iterator[ErpSyncClient]:
    """A client of `erpsync_sandbox`, logged in as its default user on the first call."""
    from superoffice_erpsync import ErpSyncClient, UsernamePassword
    from superoffice_erpsync.sandbox import DEFAULT_PASSWORD, DEFAULT_USER

    transport = _options(request).get("transport", "soap")
    who = UsernamePassword(DEFAULT_USER, DEFAULT_PASSWORD)
    if transport == "rest":
        client = ErpSyncClient.rest(erpsync_sandbox.rest_url, who)
    elif transport in _TRANSPORTS:
        address = erpsync_sandbox.url if transport == "soap" else erpsync_sandbox.services88_url
        client = ErpSyncClient.soap(address, who)
    else:
        raise pytest.UsageError(f"marker {_MARKER}: transport is one of {', '.join(_TRANSPORTS)}, not {transport!r}")
    with client:
        yield client
