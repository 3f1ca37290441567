"""Mappings as a file: the same mappings are the same text, and ids that mean nothing elsewhere have no place in it."""

from __future__ import annotations

import re
from typing import Final

import tomlkit
from tomlkit.items import InlineTable, Table

from superoffice_erpsync.mapping_files.fetching import ConnectionMappings
from superoffice_erpsync.mapping_files.reading import FIELDS_KEY, FORMAT, FORMAT_KEY
from superoffice_erpsync.mapping_files.settings import ACTIVE, CRM_TYPE, fields_by_key, settings_of
from superoffice_erpsync.models import CrmActorType, ErpSyncActorTypeMapping, ErpSyncFieldMapping, FieldAccess
from superoffice_erpsync.packed.texts import text_in

_NO_COMMENT: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_MARKS: Final = {FieldAccess.MANDATORY: "mandatory", FieldAccess.READ_ONLY: "read-only"}


def write_mapping_file(mappings: ConnectionMappings, *, language: str | None = None) -> str:
    """The mappings of a connection as TOML.

    Fields stand in the order of the ERP's keys, so that two files can be compared line by line. Labels are comments,
    which nothing reads.

    Args:
        mappings: The mappings.
        language: Language of the comments, see `text_in`.

    Raises:
        ProtocolError: Two fields of a mapping have the same key.
    """
    document = tomlkit.document()
    name = _one_line(text_in(mappings.connection_name, language)) or "a connection without a name"
    document.add(tomlkit.comment(f"Field mappings of {name}"))
    document.add(FORMAT_KEY, tomlkit.item(FORMAT))
    for mapping in mappings.mappings:
        document.add(tomlkit.nl())
        document.add(str(mapping.actor_type_erp), _actor(mapping, language))
    return tomlkit.dumps(document)


def _actor(mapping: ErpSyncActorTypeMapping, language: str | None) -> Table:
    table = tomlkit.table()
    if mapping.actor_type_crm.is_known and mapping.actor_type_crm != CrmActorType.UNKNOWN:
        table.add(CRM_TYPE, str(mapping.actor_type_crm))
    table.add(ACTIVE, mapping.is_active)
    table.add(tomlkit.nl())
    fields = tomlkit.table()
    for key, field in fields_by_key(mapping).items():
        fields.add(tomlkit.comment(_label(field, language)))
        fields.add(key, _settings(field))
    table.add(FIELDS_KEY, fields)
    return table


def _settings(field: ErpSyncFieldMapping) -> InlineTable:
    table = tomlkit.inline_table()
    for name, value in settings_of(field).items():
        table.append(name, value)
    return table


def _label(field: ErpSyncFieldMapping, language: str | None) -> str:
    facts = [str(field.field_type), *([_MARKS[field.access]] if field.access in _MARKS else [])]
    if field.missing_in_erp:
        facts.append("no longer in the ERP")
    if field.missing_in_crm:
        facts.append("not in the CRM")
    label = _one_line(text_in(field.erp_display_name, language)) or "(no label)"
    target = _one_line(text_in(field.crm_display_name, language)) or _one_line(field.crm_field_key or "")
    mapped = f"-> {target}" if target else "is not mapped"
    return f"{label} ({', '.join(facts)}) {mapped}"


def _one_line(text: str) -> str:
    # A line break of a label would end the comment, and what follows it would be read.
    return _NO_COMMENT.sub(" ", text).strip()
