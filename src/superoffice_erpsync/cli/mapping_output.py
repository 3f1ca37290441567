"""What goes in and out beside the rows when mappings are moved: the file, what is lacking, what became of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.output import note, write
from superoffice_erpsync.cli.texts import decoded, read_input, shown_name
from superoffice_erpsync.errors import ErpSyncError, InvalidRequest
from superoffice_erpsync.packed.texts import text_in
from superoffice_erpsync.process.links import followed

if TYPE_CHECKING:
    from superoffice_erpsync.mapping_files import AppliedMappings, MappingFile, MappingPlan
    from superoffice_erpsync.redaction import Secret

_MOST_FIELDS = 8


def write_export(text: str, path: Path | None) -> None:
    """Write a file of mappings; without a path, or to `-`, to standard output.

    Raises:
        InvalidRequest: It cannot be written. A file that was there is as it was.
    """
    if path is None or str(path) == "-":
        write(text)
        return
    try:
        _replace(path, text)
    except OSError as problem:
        raise InvalidRequest(f"{path} cannot be written: {problem.strerror}") from None
    note(f"written to {path}")


def read_file(name: str) -> MappingFile:
    """The file of mappings of that name, or of standard input.

    Raises:
        InvalidRequest: It cannot be read or used.
    """
    from superoffice_erpsync.mapping_files import read_mapping_file

    content = read_input(name)
    try:
        text = decoded(content)
    except ValueError as problem:
        raise InvalidRequest(f"{shown_name(name)}: {problem}") from None
    return read_mapping_file(text, shown_name(name))


def shown_connection(plan: MappingPlan) -> str:
    """How the connection of a plan is called."""
    name = text_in(plan.connection_name)
    return f"connection {plan.erp_connection_id}" + (f" ({name})" if name else "")


def tell_plan(plan: MappingPlan) -> None:
    """Tell what a plan does not speak of."""
    if not plan.changes:
        note(f"{shown_connection(plan)}: nothing to change")
    if plan.not_in_file:
        fields = ", ".join(f"{actor} {key}" for actor, key in plan.not_in_file[:_MOST_FIELDS])
        more = len(plan.not_in_file) - _MOST_FIELDS
        note(f"note: not in the file, and left as they are: {fields}{f' and {more} more' if more > 0 else ''}")


def tell_lacks(plan: MappingPlan, *, skip_missing: bool) -> bool:
    """Tell what the installation lacks, and whether there is such a thing."""
    for lack in plan.lacks:
        note(f"{'left out' if skip_missing else 'error'}: {lack.message}{f' ({lack.hint})' if lack.hint else ''}")
    if plan.lacks and not skip_missing:
        note("hint: nothing was changed; correct the file, or leave these out with --skip-missing")
    return bool(plan.lacks)


def show_applied(plan: MappingPlan, applied: AppliedMappings, secrets: list[Secret], *, skip_missing: bool) -> ExitCode:
    """Tell what became of a plan.

    Args:
        plan: The plan.
        applied: What became of it.
        secrets: What must not be shown.
        skip_missing: Whether what the installation lacks was to be left out.
    """
    for lack in applied.lacks:
        note(f"{'left out' if skip_missing else 'error'}: {lack.message}")
    for change in applied.not_kept:
        what = f"{change.actor_type} {change.erp_field_key or ''}".strip()
        note(f"not kept by the server: {what}: {change.setting} is {change.before!r} and not {change.after!r}")
    for actor, key in applied.lists:
        note(f"note: the items of the list {actor} {key} are to be mapped anew: they are not in the file")
    if applied.put_back:
        note(f"put back as they were: {', '.join(applied.put_back)}")
    if applied.error is not None:
        return _stopped(applied, applied.error, secrets)
    if applied.put_back:
        note("hint: nothing was changed; correct the file, or leave these out with --skip-missing")
        return ExitCode.USAGE
    return ExitCode.OK if applied.all_done and not plan.lacks else ExitCode.REFUSED


def _stopped(applied: AppliedMappings, error: ErpSyncError, secrets: list[Secret]) -> ExitCode:
    def command() -> ExitCode:
        raise error

    code = run(command, secrets)
    note(f"stopped at {applied.stopped_at}; applied: {', '.join(applied.saved) or 'nothing'}")
    if applied.left:
        note(f"not applied: {', '.join(applied.left)}")
    if not applied.saved or applied.lacks or code is ExitCode.OUTCOME_UNKNOWN:
        return code
    # Most other codes say that nothing was changed.
    note("hint: the same command goes on where it stopped")
    return ExitCode.INCOMPLETE


def _replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old or the new one, and never half of it."""
    # Through a link to what it stands for: the link stays one.
    path = followed(path)
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
