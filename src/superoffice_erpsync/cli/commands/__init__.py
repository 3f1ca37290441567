"""Commands that are loaded and built when they are asked for: each has all the global options, and a run needs one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer

from superoffice_erpsync.cli.flags import PlainGroup, PlainTyper

COMMANDS = {
    "sync": "sync",
    "resync": "resync",
    "report": "report",
    "doctor": "doctor",
    "ping": "ping",
    "connections": "connections",
    "mappings": "mappings",
    "links": "links",
    "engine": "engine",
    "connectors": "connectors",
    "call": "call",
    "login": "login",
    "logout": "login",
    "config": "config",
    "completion": "completion",
    "demo": "demo",
    "sandbox": "sandbox",
}
"""Each command and group by its name, in the order of the help, with the module of this package that has it. There it
has the same name."""

_PANELS = {
    "Sync": ("sync", "resync", "report"),
    "When it does not work": ("doctor", "ping"),
    "Installation": ("connections", "mappings", "links", "engine", "connectors", "call"),
    "Set up": ("login", "logout", "config", "completion"),
    "Try it without an installation": ("demo", "sandbox"),
}
"""Where they stand in the help."""


class _BuiltOnUse(Mapping[str, Any]):
    """Commands by name."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = dict(modules)
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            module = import_module(f"{__package__}.{self._modules[name]}")
            command: Any = typer.main.get_command(_alone(getattr(module, name)))
            command.rich_help_panel = next(panel for panel, names in _PANELS.items() if name in names)
            self._built[name] = command
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


class Commands(PlainGroup):
    """The group of all commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _BuiltOnUse(COMMANDS)  # type: ignore[assignment] # nobody adds to it

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer names and hands over the context
        """Their names, in the order of the help."""
        return list(self.commands)


def _alone(command: Any) -> typer.Typer:
    """A command as the only one of its application; a group is one already."""
    if isinstance(command, typer.Typer):
        return command
    alone = PlainTyper(add_completion=False, rich_markup_mode="rich")
    alone.command()(command)
    return alone
