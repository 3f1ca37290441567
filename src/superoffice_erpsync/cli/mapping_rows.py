"""Field mappings, and changes of them, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.listing import show_rows
from superoffice_erpsync.cli.output import Output
from superoffice_erpsync.packed.texts import text_in

if TYPE_CHECKING:
    from superoffice_erpsync.mapping_files import ConnectionMappings, MappingPlan

_FIELDS = (
    *("ActorTypeErp", "ErpFieldKey", "ErpDisplayName", "FieldType", "Access", "ActorTypeCrm", "CrmFieldKey"),
    *("CrmDisplayName", "SyncToCrm", "SyncToErp", "ShowInGui", "ShowInSearch", "MissingInERP", "MissingInCRM"),
    *("ListReference", "IsActive"),
)
_SHOWN = ("ActorTypeErp", "ErpFieldKey", "ErpDisplayName", "Sync", "CrmFieldKey", "CrmDisplayName")
_CHANGES = ("ActorType", "ErpFieldKey", "Setting", "From", "To")
_ARROWS = {(True, True): "<->", (True, False): "->", (False, True): "<-", (False, False): ""}


def show_fields(found: ConnectionMappings, output: Output, language: str | None) -> None:
    """Show the fields of a connection, and what each is mapped to.

    Args:
        found: The mappings.
        output: The form.
        language: Language of the labels in a table.
    """
    rows = _rows(found)
    title = f"Field mappings of {text_in(found.connection_name, language) or 'a connection without a name'}"
    if output is Output.TABLE:
        for row in rows:
            for name in ("ErpDisplayName", "CrmDisplayName"):
                row[name] = text_in(row[name], language)
            row["Sync"] = _ARROWS[row["SyncToCrm"], row["SyncToErp"]]
    show_rows(title, rows, _FIELDS, output, shown=_SHOWN)


def show_changes(plan: MappingPlan, output: Output) -> None:
    """Show what a file would change. A table without rows is not shown."""
    rows = [
        {
            "ActorType": str(change.actor_type),
            "ErpFieldKey": change.erp_field_key,
            "Setting": change.setting,
            "From": change.before,
            "To": change.after,
        }
        for change in plan.changes
    ]
    if rows or output is not Output.TABLE:
        show_rows(f"Changes to connection {plan.erp_connection_id}", rows, _CHANGES, output)


def _rows(found: ConnectionMappings) -> list[dict[str, Any]]:
    from superoffice_erpsync.codec.rest import to_json

    rows = []
    for mapping in found.mappings:
        whole = to_json(mapping)
        of_actor = {name: whole[name] for name in ("ActorTypeErp", "ActorTypeCrm", "IsActive")}
        for field in whole["FieldMappings"] or ():
            if field is not None:
                of_field = {**of_actor, **field}
                rows.append({name: of_field.get(name) for name in _FIELDS})
    return rows
