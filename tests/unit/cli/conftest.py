"""The command in this process, with a client that only notes how it was made."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from typer.testing import CliRunner, Result

from superoffice_erpsync.cli.app import app
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.models import ChangedData, ChangedDataItem, PluginResponse, SoSystemInfoCarrier


@dataclass
class FakeClient:
    """Answers every call, and keeps what it was asked."""

    made: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: Any = None
    error: BaseException | None = None

    def soap(self, url: str, credentials: Any, **options: Any) -> Self:
        self.made.append({"url": url, "credentials": credentials, **options})
        return self

    def rest(self, url: str, credentials: Any, **options: Any) -> Self:
        self.made.append({"url": url, "credentials": credentials, "rest": True, **options})
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def masked(self, text: str) -> str:
        return text

    def call(self, operation: str, arguments: Any, **options: Any) -> Any:
        return self._called(operation, {"arguments": arguments, **options})

    def call_json(self, operation: str, arguments: Any, **options: Any) -> Any:
        return self._called(operation, {"arguments": arguments, **options})

    def get_system_info(self) -> Any:
        return self._called("GetSystemInfo", {})

    def sync_all(self, **options: Any) -> Any:
        return self._called("SyncAll", options)

    def force_sync_all(self, **options: Any) -> Any:
        return self._called("ForceSyncAll", options)

    def force_resync(self, **arguments: Any) -> Any:
        return self._called("ForceResync", arguments)

    def force_resync_external(self, **arguments: Any) -> Any:
        return self._called("ForceResyncExternal", arguments)

    def _called(self, operation: str, arguments: dict[str, Any]) -> Any:
        # What is said only where it is meant is kept only there.
        kept = {name: value for name, value in arguments.items() if name != "repeat_unknown" or value}
        self.calls.append((operation, kept))
        if self.error is not None:
            if isinstance(self.error, ErpSyncError) and self.error.operation is None:
                self.error.operation = operation
            raise self.error
        if self.answer is not None:
            return self.answer
        return (
            SoSystemInfoCarrier(company_name="Example") if operation == "GetSystemInfo" else PluginResponse(is_ok=True)
        )


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ERPSYNC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    """The client that the command gets."""
    fake = FakeClient()
    monkeypatch.setattr("superoffice_erpsync.client.ErpSyncClient", fake)
    return fake


class Command:
    """Runs the command."""

    def __call__(self, *arguments: str, stdin: str | bytes = "", **environment: str) -> Result:
        variables = {f"ERPSYNC_{name.upper()}": value for name, value in environment.items()}
        return CliRunner().invoke(app, list(arguments), input=stdin, env=variables, prog_name="erpsync")


@pytest.fixture
def erpsync() -> Command:
    """The command, given arguments, standard input, and variables without their ERPSYNC_."""
    return Command()


@pytest.fixture
def changes() -> ChangedData:
    """One change of each kind."""
    return ChangedData(
        added_records=[ChangedDataItem(tablename="erpexternalkey", record_id=7)],
        updated_records=[ChangedDataItem(tablename="contact", record_id=11), None],
        deleted_records=None,
    )
