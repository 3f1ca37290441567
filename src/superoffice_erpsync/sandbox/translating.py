"""What a value becomes on its way between the CRM and an ERP.

Values keep the vendor's form. Ids of lists are another thing on each side: where the fields of both sides are lists,
the list mapping says which id stands for which, and an item that it does not name does not move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping


@dataclass(slots=True)
class Translated:
    """What is to be written on the other side."""

    values: dict[str, str] = field(default_factory=dict)
    """By the keys of the side that is written to."""
    unmapped: list[tuple[FieldMapping, str]] = field(default_factory=list)
    """List fields that stay as they are, each with the id that has no counterpart."""


def for_crm(mapping: ActorMapping, fields: list[FieldMapping], actor_values: Mapping[str, str]) -> Translated:
    """An actor's values of some fields, by CRM field keys; an unset value is blank."""
    translated = Translated()
    for mapped in fields:
        value = actor_values.get(mapped.erp_field_key, "")
        item = crm_value(mapping, mapped, value)
        if item is None:
            translated.unmapped.append((mapped, value))
        else:
            translated.values[mapped.crm_field_key] = item
    return translated


def for_erp(mapping: ActorMapping, fields: list[FieldMapping], crm_values: Mapping[str, str]) -> Translated:
    """A CRM record's values of some fields, by ERP field keys; an unset value is blank."""
    translated = Translated()
    for mapped in fields:
        value = crm_values.get(mapped.crm_field_key, "")
        item = erp_value(mapping, mapped, value)
        if item is None:
            translated.unmapped.append((mapped, value))
        else:
            translated.values[mapped.erp_field_key] = item
    return translated


def crm_value(mapping: ActorMapping, mapped: FieldMapping, value: str) -> str | None:
    """An ERP field's value as the CRM has it; None for an item of a list that is not mapped."""
    if not value or not joins_lists(mapping, mapped):
        return value
    number = mapped.list_items.get(value)
    return None if number is None else str(number)


def erp_value(mapping: ActorMapping, mapped: FieldMapping, value: str) -> str | None:
    """A CRM field's value as the ERP has it; None for an item of a list that is not mapped."""
    if not value or not joins_lists(mapping, mapped):
        return value
    return next((item for item, number in mapped.list_items.items() if str(number) == value), None)


def joins_lists(mapping: ActorMapping, mapped: FieldMapping) -> bool:
    """Whether the field is a list on both sides."""
    crm_field = mapping.crm_field_of(mapped)
    return mapped.field_type == "List" and crm_field is not None and crm_field.field_type == "List"
