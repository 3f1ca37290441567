"""Rows of a result, or one object, in the form that is wanted: a table, or JSON, NDJSON and CSV with every column."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from superoffice_erpsync.cli.csv_rows import csv_text
from superoffice_erpsync.cli.output import Output, print_json, write


def show_rows(
    title: str,
    rows: Iterable[Mapping[str, Any] | None],
    columns: Sequence[str],
    output: Output,
    *,
    shown: Sequence[str] | None = None,
) -> None:
    """Show rows whose members have the names of the JSON forms.

    Args:
        title: Stands above a table.
        rows: One mapping a row, of JSON values; None for a row that the server left blank.
        columns: Members, in their order; they head CSV, also where there is no row.
        output: The form. JSON is one list, NDJSON an object a line.
        shown: The members that a table has, where all are too many.
    """
    match output:
        case Output.JSON:
            print_json(list(rows))
        case Output.NDJSON:
            for row in rows:
                if not print_json(row, on_one_line=True):
                    return
        case Output.CSV:
            _write_csv(rows, columns)
        case Output.TABLE:
            # Loaded when a table is wanted: the other forms do without rich.
            from superoffice_erpsync.cli.tables import rows_table, show

            names = shown or columns
            show(rows_table(title, names, [_cells(row, names, as_text) for row in rows]))


def show_object(
    title: str, found: Mapping[str, Any] | None, output: Output, *, shown: Sequence[str] | None = None
) -> None:
    """Show one object whose members have the names of the JSON forms. In CSV it is one row.

    Args:
        title: Stands above a table.
        found: The members, of JSON values; None where the server had nothing to say.
        output: The form.
        shown: The members that a table has, where all are too many.
    """
    match output:
        case Output.JSON | Output.NDJSON:
            print_json(found, on_one_line=output is Output.NDJSON)
        case Output.CSV:
            if found is not None:
                _write_csv([found], list(found))
        case Output.TABLE:
            from superoffice_erpsync.cli.tables import facts_table, show  # as above

            if found is not None:
                show(facts_table(title, [(name, as_text(found.get(name))) for name in shown or found]))


def _write_csv(rows: Iterable[Mapping[str, Any] | None], columns: Sequence[str]) -> None:
    for cells in chain([columns], (_cells(row, columns, _cell) for row in rows)):
        if not write(csv_text([cells])):
            return


def as_text(value: Any) -> str:
    """A JSON value as it stands in a table: of a list its items, which a reader does not have to take apart."""
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return ", ".join(map(_cell, value))
    return _cell(value)


def _cells(row: Mapping[str, Any] | None, columns: Sequence[str], form: Callable[[Any], str]) -> list[str]:
    return [form(None if row is None else row.get(name)) for name in columns]


def _cell(value: Any) -> str:
    """A JSON value as it stands in CSV: texts as they are, and what has parts as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
