"""Commands whose help shows switches and arguments without a type: `--force <bool>` would read as if a value came
after it, and a KEY needs no `<list[str]>` beside what it is."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup


class PlainCommand(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> Any:
        """Its options and arguments, `--help` among them."""
        return _plain(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands."""

    def get_params(self, ctx: Any) -> Any:
        """Its options, `--help` among them."""
        return _plain(super().get_params(ctx))


class PlainTyper(typer.Typer):
    """An application, or a group, all of whose commands are such."""

    def command(self, name: str | None = None, **settings: Any) -> Any:
        """See `typer.Typer.command`."""
        return super().command(name, cls=PlainCommand, **settings)


def _plain(parameters: Any) -> Any:
    for one in parameters:
        if getattr(one, "is_flag", False):
            one.metavar = ""
        if isinstance(one, TyperArgument):
            one.display_type_rich = _no_type  # type: ignore[method-assign]
    return parameters


def _no_type(ctx: Any) -> None:  # noqa: ARG001 - typer names and hands over the context
    return None
