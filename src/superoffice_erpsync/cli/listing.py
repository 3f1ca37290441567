"""Rows of a result in the form that is wanted: a table, or JSON, NDJSON and CSV with every column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from superoffice_erpsync.cli.output import Output, print_json, write


def show_rows(
    title: str,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    output: Output,
    *,
    shown: Sequence[str] | None = None,
) -> None:
    """Show rows whose members have the names of the JSON forms.

    Args:
        title: Stands above a table.
        rows: One mapping a row, of JSON values.
        columns: Members, in their order; they head CSV, also where there is no row.
        output: The form. JSON is one list, NDJSON an object a line.
        shown: The members that a table has, where all are too many.
    """
    match output:
        case Output.JSON:
            print_json(list(rows))
        case Output.NDJSON:
            for row in rows:
                if not write(json.dumps(row, ensure_ascii=False) + "\n"):
                    return
        case Output.CSV:
            _write_csv(rows, columns)
        case Output.TABLE:
            # Loaded when a table is wanted: the other forms do without rich.
            from superoffice_erpsync.cli.tables import rows_table, show

            names = shown or columns
            show(rows_table(title, names, [[_cell(row.get(name)) for name in names] for row in rows]))


def _write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        if not write(line.getvalue()):
            return
        line.seek(0)
        line.truncate()
        writer.writerow([_cell(row.get(name)) for name in columns])
    write(line.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
