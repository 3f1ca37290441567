"""`erpsync completion`: what a shell needs to complete the command's words."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from enum import StrEnum
from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.output import write
from superoffice_erpsync.errors import InvalidRequest

VARIABLE = "_ERPSYNC_COMPLETE"
"""Set by a shell that asks what a line could go on with."""


class Shell(StrEnum):
    """Shells that ask."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"
    PWSH = "pwsh"


def completion(
    context: typer.Context,
    shell: Annotated[
        Shell | None,
        typer.Argument(
            metavar="SHELL",
            help="bash, zsh, fish, powershell or pwsh; without it, the shell that runs the command.",
            case_sensitive=False,
        ),
    ] = None,
) -> None:
    """Print what a shell needs to complete the command's words.

    It completes commands, options, operations, kinds of actors and profiles.
    Nothing is installed: put the line for your shell into its start-up file.
    For cmd there is none.

    Examples:
      eval "$(erpsync completion bash)"          in ~/.bashrc
      eval "$(erpsync completion zsh)"           in ~/.zshrc, after compinit
      erpsync completion fish | source           in ~/.config/fish/config.fish
      erpsync completion pwsh | Out-String | Invoke-Expression     in $PROFILE
    """
    raise typer.Exit(run(lambda: _print_script(context, shell or _running_shell()), []))


def answer_shells() -> None:
    """Have typer answer the shell that asks, if one does: without its own options it knows none."""
    if os.environ.get(VARIABLE):
        _know_shells()


def _print_script(context: typer.Context, shell: Shell) -> ExitCode:
    from typer.completion import shell_complete

    _know_shells()
    # Typer prints it, and knows nothing of what happens then.
    with redirect_stdout(io.StringIO()) as script:
        shell_complete(context.find_root().command, {}, "erpsync", VARIABLE, f"source_{shell}")
    write(script.getvalue())
    return ExitCode.OK


def _know_shells() -> None:
    from typer.completion import get_completion_inspect_parameters

    # Typer makes them known when it describes the options that it would add.
    get_completion_inspect_parameters()


def _running_shell() -> Shell:
    import shellingham  # type: ignore[import-untyped]

    try:
        name, _ = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError):
        name = "this shell"
    if name not in tuple(Shell):
        raise InvalidRequest(f"there is no completion for {name}", hint=f"there are: {', '.join(Shell)}")
    return Shell(name)
