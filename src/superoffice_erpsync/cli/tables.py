"""Results as tables: 80 columns are enough on a terminal, and through a pipe no line is folded."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from superoffice_erpsync.cli.output import end_of_output, plain, write

if TYPE_CHECKING:
    from superoffice_erpsync.models import ChangedData, ChangedDataItem, PluginResponse, SoSystemInfoCarrier

_WIDE = 100_000
"""Columns of what is no terminal: as many as a line needs."""
_LEAST_CELL = 8
_BETWEEN = 2
"""Columns of blanks beside a cell."""


def show(*parts: RenderableType) -> None:
    """Write parts of a result to stdout."""
    terminal = sys.stdout.isatty()
    buffer = io.StringIO()
    console = Console(
        file=buffer if not terminal else None,
        width=None if terminal else _WIDE,
        # What goes through a pipe has no colours, whatever FORCE_COLOR says; rich itself heeds NO_COLOR.
        force_terminal=terminal,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if terminal:
        # A narrower one folds the lines itself: columns would become too narrow for a single character.
        console.width = max(console.width, *map(_least_width, parts))
    try:
        console.print(*parts, sep="\n")
    except OSError as problem:
        end_of_output(problem)
        return
    if not terminal:
        write("".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines()))


def answer_tables(operation: str, answer: PluginResponse) -> list[RenderableType]:
    """What a sync or resync answered: whether it went well, why not, and what to load again."""
    facts = [
        ("IsOk", "true" if answer.is_ok else "false"),
        ("ErrorCode", answer.error_code),
        ("UserExplanation", answer.user_explanation),
        ("TechExplanation", answer.tech_explanation),
    ]
    parts: list[RenderableType] = [facts_table(operation, facts)]
    changes = list(_changes(answer.changes))
    if changes:
        parts.append(rows_table("Changes", ("Change", "Table", "RecordId"), changes))
    return parts


def system_tables(url: str, info: SoSystemInfoCarrier) -> list[RenderableType]:
    """What an installation says about itself."""
    licence = info.license
    facts = [
        ("Address", url),
        ("CompanyName", info.company_name),
        ("Description", info.description),
        ("FileVersion", info.file_version),
        ("AssemblyVersion", info.assembly_version),
        ("BuildLabel", info.build_label),
        ("BuildType", str(info.build_type)),
        ("BranchName", info.branch_name),
        ("DatabaseName", info.database_name),
        ("DatabaseType", " ".join(one for one in (info.database_type, info.database_minor) if one)),
        ("DatabaseVersion", str(info.database_version)),
        ("IsUnicode", "true" if info.is_unicode else "false"),
        ("DaysUntilNetServerExpiry", str(info.days_until_net_server_expiry)),
        ("Licence SerialNr", licence.serial_nr if licence else None),
        ("Licence ExpiryDate", _date(licence.expiry_date) if licence else None),
        ("Warning", info.warning_english),
    ]
    parts: list[RenderableType] = [facts_table("GetSystemInfo", facts)]
    modules = [one for one in (licence.module_licenses if licence else None) or () if one is not None]
    if modules:
        rows = [(one.module_name, one.module_version, str(one.number_of_licenses)) for one in modules]
        parts.append(rows_table("Licensed modules", ("Module", "Version", "Licences"), rows))
    return parts


def facts_table(title: str, facts: Iterable[tuple[str, str | None]]) -> Table:
    """Names and values, without those that have none."""
    return rows_table(title, None, [(name, value) for name, value in facts if value])


def rows_table(title: str, header: Sequence[str] | None, rows: Iterable[Sequence[str | None]]) -> Table:
    """Rows under a header, or without one."""
    table = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, show_header=header is not None, pad_edge=False
    )
    rows = list(rows)
    for place in range(len(header or (rows or [()])[0])):
        # Names stay whole and values fold: nothing is ever cut off.
        table.add_column(header[place] if header else "", overflow="fold", no_wrap=header is None and place == 0)
    for row in rows:
        table.add_row(*(Text(plain(value or "")) for value in row))
    return table


def _least_width(part: RenderableType) -> int:
    if not isinstance(part, Table):
        return 0
    columns = (
        max((cell_len(str(cell)) for cell in column.cells), default=0) if column.no_wrap else _LEAST_CELL
        for column in part.columns
    )
    return sum(width + _BETWEEN for width in columns)


def _changes(changes: ChangedData | None) -> Iterable[tuple[str, str | None, str]]:
    if changes is None:
        return
    named: tuple[tuple[str, list[ChangedDataItem | None] | None], ...] = (
        ("added", changes.added_records),
        ("updated", changes.updated_records),
        ("deleted", changes.deleted_records),
    )
    for change, records in named:
        for record in records or ():
            if record is not None:
                yield change, record.tablename, str(record.record_id)


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(sep=" ", timespec="minutes")
