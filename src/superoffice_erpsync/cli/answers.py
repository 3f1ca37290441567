"""How the answer of a sync or resync is shown, and what it means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.output import Output, note, print_json

if TYPE_CHECKING:
    from superoffice_erpsync.models import PluginResponse


def show_answer(operation: str, answer: PluginResponse, output: Output) -> ExitCode:
    """Show an answer in the form that is wanted."""
    if output is Output.JSON:
        return show_json(answer)
    # Loaded when a table is wanted: JSON does without rich.
    from superoffice_erpsync.cli.tables import answer_tables, show

    show(*answer_tables(operation, answer))
    return code_of_answer(answer)


def show_json(result: Any) -> ExitCode:
    """Show any operation's result as JSON, with the vendor's names."""
    from superoffice_erpsync.codec.rest import to_json  # loaded with the client, after all else

    print_json(to_json(result))
    return code_of_answer(result)


def show_trimmed(result: Any) -> ExitCode:
    """Show an answer that the server trimmed, as it came. A no can be told where `IsOk` was kept."""
    print_json(result)
    return _code(not (isinstance(result, dict) and result.get("IsOk") is False))


def code_of_answer(result: Any) -> ExitCode:
    """The exit code for a result: only an answer to a sync or resync can be a no."""
    from superoffice_erpsync.models import PluginResponse

    return _code(not isinstance(result, PluginResponse) or result.is_ok)


def _code(is_ok: bool) -> ExitCode:
    if is_ok:
        return ExitCode.OK
    note("note: the server's answer is no (IsOk=false)")
    return ExitCode.REFUSED
