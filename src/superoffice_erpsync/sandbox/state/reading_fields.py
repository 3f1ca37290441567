"""Reading from a connector which actors and fields it has, into the mappings of a connection."""

from __future__ import annotations

from collections.abc import Iterator

from superoffice_erpsync.sandbox.state.connections import Connection
from superoffice_erpsync.sandbox.state.crm_fields import CRM_ACTOR_OF_ERP_ACTOR, recognised_field
from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping
from superoffice_erpsync.sandbox.state.sites import ConnectorSite, FieldDescription


def read_fields(connection: Connection, site: ConnectorSite, ids: Iterator[int]) -> None:
    """Bring the mappings of a connection into line with what its connector describes.

    New fields come without direction, mapped where their keys are recognised; fields that are gone stay, marked as
    missing, and lose the mark when they come back.

    Args:
        ids: Gives the ids of new fields.
    """
    for actor in site.actors.values():
        mapping = connection.mappings.setdefault(
            actor.actor_type,
            ActorMapping(actor_type=actor.actor_type, crm_actor_type=CRM_ACTOR_OF_ERP_ACTOR[actor.actor_type]),
        )
        _read_actor(mapping, actor.fields, ids)
    for actor_type, mapping in connection.mappings.items():
        if actor_type not in site.actors:
            _mark_missing(mapping, set())


def _read_actor(mapping: ActorMapping, described: list[FieldDescription], ids: Iterator[int]) -> None:
    known = {field.erp_field_key: field for field in mapping.fields}
    for description in described:
        field = known.get(description.key)
        if field is None:
            mapping.fields.append(_new_field(mapping, description, next(ids)))
        else:
            _describe(field, description)
    _mark_missing(mapping, {description.key for description in described})


def _mark_missing(mapping: ActorMapping, present: set[str]) -> None:
    for field in mapping.fields:
        field.missing_in_erp = field.erp_field_key not in present


def _new_field(mapping: ActorMapping, description: FieldDescription, field_id: int) -> FieldMapping:
    recognised = recognised_field(mapping.crm_actor_type, description.key)
    field = FieldMapping(
        field_id=field_id,
        erp_field_key=description.key,
        display_name=description.display_name,
        crm_field_key=recognised.key if recognised else "",
        default_value=description.default_value,
        rank=max((field.rank for field in mapping.fields), default=0) + 1,
        show_in_gui=description.shown,
        show_in_search=description.searched,
    )
    _describe(field, description)
    return field


def _describe(field: FieldMapping, description: FieldDescription) -> None:
    """What only the connector knows; what people have set up stays."""
    field.display_name = description.display_name
    field.description = description.description
    field.field_type = description.field_type
    field.access = description.access
    field.list_name = description.list_name
    field.max_length = description.max_length
