"""Names that shells complete, as the command knows them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from superoffice_erpsync.cli.app import app
from superoffice_erpsync.cli.completing import crm_actor_types, erp_actor_types, operation_names, profile_names

PROFILES = "[profiles.prod]\n[profiles.test]\n[profiles.test2]\n"


@pytest.fixture
def context() -> typer.Context:
    """A line with a command, without options."""
    every = typer.main.get_command(app)
    before = typer.Context(every, resilient_parsing=True)
    return typer.Context(every, parent=before, resilient_parsing=True)


def test_operations_and_kinds_are_those_that_can_be_called() -> None:
    assert operation_names("GetAll") == ["GetAllConnections", "GetAllConnectors"]
    assert operation_names("Authenticate") == []
    assert "Unknown" not in erp_actor_types("") + crm_actor_types("")
    assert erp_actor_types("S") == ["Sale", "Supplier"]


@pytest.mark.parametrize("place", ["before the command", "after it"])
def test_profiles_are_those_of_the_file_that_is_named(context: typer.Context, tmp_path: Path, place: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(PROFILES, encoding="utf-8")
    where = context.parent if place == "before the command" else context
    assert where is not None
    where.params["config"] = file
    assert profile_names(context, "te") == ["test", "test2"]


def test_profiles_are_those_of_the_working_directory(
    context: typer.Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert profile_names(context, "") == []
    (tmp_path / "erpsync.toml").write_text(PROFILES, encoding="utf-8")
    assert profile_names(context, "") == ["prod", "test", "test2"]


def test_a_file_that_cannot_be_read_completes_nothing(context: typer.Context, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[profiles\n", encoding="utf-8")
    context.params["config"] = file
    assert profile_names(context, "") == []
    context.params["config"] = tmp_path / "nothing.toml"
    assert profile_names(context, "") == []
