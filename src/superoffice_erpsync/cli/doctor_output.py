"""The findings of `erpsync doctor`: as lines while they are made, or in a form for scripts."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.listing import show_rows
from superoffice_erpsync.cli.option_names import said_for_command
from superoffice_erpsync.cli.output import Output, plain, print_json, write
from superoffice_erpsync.config.addresses import without_password
from superoffice_erpsync.doctor import Fault, Finding, Level, worst
from superoffice_erpsync.redaction import scrub

if TYPE_CHECKING:
    from superoffice_erpsync.cli.options import GlobalOptions

_COLUMNS = ("step", "level", "finding", "fix", "facts")


def show_findings(options: GlobalOptions, findings: Generator[Finding, None, None]) -> ExitCode:
    """Show findings, each when it is made, and then what to do about them.

    Args:
        options: What was said; the form of the result and the secrets count.
        findings: As the library makes them; closed at the end.

    Returns:
        0 where nothing has failed, else the exit code that is nearest to the first failure: what follows it is likely
        to come of it.
    """
    seen: list[Finding] = []
    # The command has read secrets that the library may never have been given.
    mask = partial(scrub, secrets=options.secrets)

    def each() -> Iterator[Finding]:
        for finding in findings:
            fix = None if finding.fix is None else said_for_command(finding.fix)
            seen.append(replace(finding, text=said_for_command(finding.text), fix=fix).masked(mask))
            yield seen[-1]

    with closing(findings):
        match options.output:
            case Output.TABLE:
                _show_lines(each())
            case Output.JSON:
                _show_object(options, list(each()))
            case _:
                show_rows("", (finding.as_json() for finding in each()), _COLUMNS, options.output)
    return _code(seen)


def _show_object(options: GlobalOptions, findings: list[Finding]) -> None:
    address = without_password(options.url) if options.url else None
    level = worst(finding.level for finding in findings).value
    print_json({"address": address, "worst": level, "findings": [finding.as_json() for finding in findings]})


_PRETTY = {"ok": "✓", "skipped": "-", "note": "i", "warning": "!", "failed": "✗"}
_ASCII = _PRETTY | {"ok": "+", "failed": "x"}
_SEVERAL = {Level.NOTE: "notes", Level.WARNING: "warnings"}


def _show_lines(findings: Iterator[Finding]) -> None:
    marks = _PRETTY if _can_show("".join(_PRETTY.values())) else _ASCII
    seen = []
    for finding in findings:
        seen.append(finding)
        if not write(f"{marks[finding.level]} {finding.step:<13} {_one_line(finding.text)}\n"):
            return
    order = (Level.FAILED, Level.WARNING, Level.NOTE, Level.SKIPPED)
    to_do = [one for level in order for one in seen if one.level is level and one.fix]
    if to_do:
        write("\nWhat to do:\n" + "".join(f"  {one.step}: {_one_line(one.fix or '')}\n" for one in to_do))
    counts = [(level, sum(one.level is level for one in seen)) for level in (Level.OK, *order)]
    words = [f"{count} {_SEVERAL.get(level, level) if count > 1 else level}" for level, count in counts if count]
    write(f"\n{', '.join(words)}\n")


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()))


def _can_show(text: str) -> bool:
    """Whether standard output can show a text; on a terminal its locale tells, since we write UTF-8 to everything."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    if sys.stdout.isatty() and os.name != "nt":
        encoding = locale.getencoding()
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


_CODES = {
    Fault.SETTINGS: ExitCode.USAGE,
    Fault.LOGIN: ExitCode.LOGIN_REFUSED,
    Fault.UNREACHED: ExitCode.NOT_REACHED,
    Fault.SERVER: ExitCode.SERVER_FAULT,
    Fault.NOT_UNDERSTOOD: ExitCode.NOT_UNDERSTOOD,
    Fault.REFUSED: ExitCode.REFUSED,
}


def _code(findings: Iterable[Finding]) -> ExitCode:
    faults = (finding.fault for finding in findings if finding.level is Level.FAILED)
    return next((_CODES[fault] for fault in faults if fault is not None), ExitCode.OK)
