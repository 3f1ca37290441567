"""The command `erpsync`, the only part of this package that prints."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command with the arguments of this process, and end the process with its exit code."""
    # What goes through a pipe or into a file is UTF-8, whatever the console's code page says.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Here and not at the top, so that importing this package does not load typer.
    from superoffice_erpsync.cli.app import app
    from superoffice_erpsync.cli.commands.completion import answer_shells

    answer_shells()
    # Handing the arguments over keeps `*` and `%NAME%` in them as they are on Windows too.
    app(sys.argv[1:] or ["--help"], prog_name="erpsync")
