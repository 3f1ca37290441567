"""The command `erpsync`, the only part of this package that prints."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command with the arguments of this process, and end the process with its exit code."""
    from superoffice_erpsync.cli.streams import prepare_streams

    try:
        prepare_streams()
        _run()
    except KeyboardInterrupt:
        # It came before the command listened to it.
        sys.exit(_INTERRUPTED)


def _run() -> None:
    # Here and not at the top, so that importing this package does not load typer.
    from superoffice_erpsync.cli.app import app
    from superoffice_erpsync.cli.commands.completion import answer_shells
    from superoffice_erpsync.cli.failures import nothing_unsaid

    answer_shells()
    with nothing_unsaid():
        # Handing the arguments over keeps `*` and `%NAME%` in them as they are on Windows too.
        app(sys.argv[1:] or ["--help"], prog_name="erpsync")
