"""Commands of one noun, as `erpsync connections list`."""

from __future__ import annotations

import typer

from superoffice_erpsync.cli.flags import PlainGroup, PlainTyper


def group(name: str, text: str) -> typer.Typer:
    """A group of commands, to be filled.

    Args:
        name: Its name on the command line.
        text: Its help.
    """
    return PlainTyper(
        cls=PlainGroup, name=name, help=text, no_args_is_help=True, add_completion=False, rich_markup_mode="rich"
    )
