"""How the answer of a sync or resync is shown, and what it means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.output import Output, note

if TYPE_CHECKING:
    from superoffice_erpsync.models import PluginResponse

_COLUMNS = ("Change", "Tablename", "RecordId")
_CHANGES = {"AddedRecords": "added", "UpdatedRecords": "updated", "DeletedRecords": "deleted"}
_EXPLANATIONS = ("ErrorCode", "UserExplanation", "TechExplanation")


def show_answer(operation: str, answer: PluginResponse, output: Output) -> ExitCode:
    """Show an answer in the form that is wanted: CSV has a row for each record that was changed."""
    if output is Output.TABLE:
        # Loaded when a table is wanted: the other forms do without rich.
        from superoffice_erpsync.cli.tables import answer_tables, show

        show(*answer_tables(operation, answer))
        return code_of_answer(answer)
    from superoffice_erpsync.cli.listing import show_object, show_rows
    from superoffice_erpsync.codec.rest import to_json  # loaded with the client, after all else

    found = to_json(answer)
    if output is Output.CSV:
        show_rows(operation, _changed(found), _COLUMNS, output)
        # The rows have no place for it, and it must not be lost.
        for name in _EXPLANATIONS:
            if found[name]:
                note(f"{name}: {found[name]}")
    else:
        show_object(operation, found, output)
    return code_of_answer(answer)


def code_of_answer(result: Any) -> ExitCode:
    """The exit code for a result: only an answer to a sync or resync can be a no."""
    from superoffice_erpsync.models import PluginResponse

    return code_of(not isinstance(result, PluginResponse) or result.is_ok)


def code_of(is_ok: bool) -> ExitCode:
    """The exit code for an answer that can be a no, which is told."""
    if is_ok:
        return ExitCode.OK
    note("note: the server's answer is no (IsOk=false)")
    return ExitCode.REFUSED


def _changed(answer: dict[str, Any]) -> list[dict[str, Any]]:
    changes = answer["Changes"] or {}
    return [
        {"Change": change, **record}
        for name, change in _CHANGES.items()
        for record in changes.get(name) or ()
        if record is not None
    ]
