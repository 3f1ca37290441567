"""What shells complete: names that the command knows without asking an installation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from superoffice_erpsync.errors import ErpSyncError


def operation_names(incomplete: str) -> list[str]:
    """Operations that `call` takes."""
    from superoffice_erpsync.cli.arguments import callable_names

    return _beginning(incomplete, callable_names())


def profile_names(context: typer.Context, incomplete: str) -> list[str]:
    """Profiles of the file that counts: the one of --config, else erpsync.toml."""
    from superoffice_erpsync.config.locating import find_file

    path = _config(context) or find_file()
    if path is None:
        return []
    from superoffice_erpsync.config.document import Document

    try:
        return _beginning(incomplete, Document.read(path).profiles)
    except ErpSyncError:
        return []  # who completes reads no errors; the command itself tells them


def erp_actor_types(incomplete: str) -> list[str]:
    """Kinds of actors of an ERP."""
    from superoffice_erpsync.cli.actor_types import sendable
    from superoffice_erpsync.models.actor_types import ErpActorType

    return _beginning(incomplete, sendable(ErpActorType))


def crm_actor_types(incomplete: str) -> list[str]:
    """Kinds of CRM entities."""
    from superoffice_erpsync.cli.actor_types import sendable
    from superoffice_erpsync.models.actor_types import CrmActorType

    return _beginning(incomplete, sendable(CrmActorType))


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(str(name) for name in names if name.startswith(incomplete))


def _config(context: typer.Context) -> Path | None:
    """The file of --config, which may stand before the command's name."""
    while context.params.get("config") is None and context.parent is not None:
        context = context.parent  # type: ignore[assignment]
    found = context.params.get("config")
    return None if found is None else Path(found)
