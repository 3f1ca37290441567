"""What a file of mappings would change on an installation, and what the installation lacks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.mapping_files.fetching import connection_name, fetch_mapping
from superoffice_erpsync.mapping_files.plan import ActorPlan, Change, Lack, MappingPlan
from superoffice_erpsync.mapping_files.reading import FIELDS_KEY, MappingFile, WantedActor
from superoffice_erpsync.mapping_files.settings import (
    ACTIVE,
    CRM_FIELD,
    CRM_TYPE,
    FieldSettings,
    all_settings,
    fields_by_key,
    settings_of,
)
from superoffice_erpsync.models import CrmActorType, ErpActorType, ErpSyncActorTypeMapping, ErpSyncFieldMapping

Found = Mapping[ErpActorType, ErpSyncActorTypeMapping | None]


def compare_mappings(client: ErpSyncClient, file: MappingFile, erp_connection_id: int) -> MappingPlan:
    """Compare a file with the mappings of a connection. All calls are reads.

    Args:
        client: Makes the calls.
        file: What is wanted.
        erp_connection_id: The connection's id.

    Returns:
        What would be changed, what the installation lacks, and what the file leaves out.

    Raises:
        InvalidRequest: There is no such connection.
        ErpSyncError: See the tree in `superoffice_erpsync.errors`.
    """
    name = connection_name(client, erp_connection_id)
    found = {actor_type: fetch_mapping(client, erp_connection_id, actor_type) for actor_type in file.actors}
    return _Comparing(file, found, erp_connection_id).plan(name)


def differences(wanted: ErpSyncActorTypeMapping, found: ErpSyncActorTypeMapping) -> list[Change]:
    """What differs between a mapping as it was saved and as it was read afterwards, also where a field is gone."""
    is_so = all_settings(found)
    return [
        Change(
            actor_type=wanted.actor_type_erp,
            erp_field_key=key,
            setting=setting,
            before=is_so.get((key, setting), ""),
            after=value,
        )
        for (key, setting), value in all_settings(wanted).items()
        if is_so.get((key, setting)) != value
    ]


class _Comparing:
    """A file beside the mappings that were read; None stands for a kind of actor that the connection does not have."""

    def __init__(self, file: MappingFile, found: Found, erp_connection_id: int) -> None:
        self._file = file
        self._found = found
        self._erp_connection_id = erp_connection_id
        mapped = [
            (mapping.actor_type_crm, field)
            for mapping in found.values()
            if mapping is not None
            for field in mapping.field_mappings or ()
            if field is not None and field.crm_field_key
        ]
        self._in_crm = {(kind, field.crm_field_key) for kind, field in mapped if not field.missing_in_crm}
        self._not_in_crm = {
            (kind, field.crm_field_key) for kind, field in mapped if field.missing_in_crm
        } - self._in_crm
        self._lacks: list[Lack] = []

    def plan(self, name: str) -> MappingPlan:
        actors = []
        not_in_file: list[tuple[ErpActorType, str]] = []
        for actor_type, wanted in self._file.actors.items():
            mapping = self._found[actor_type]
            if mapping is None:
                self._lack(actor_type, None, f"connection {self._erp_connection_id} has no {actor_type}")
            elif wanted.actor_type_crm not in (None, mapping.actor_type_crm):
                self._lack(
                    actor_type,
                    None,
                    f"{actor_type} is a counterpart of {mapping.actor_type_crm} here, not of {wanted.actor_type_crm}",
                    at=(CRM_TYPE,),
                )
            else:
                actors.append(self._actor(wanted, mapping))
                not_in_file.extend((actor_type, key) for key in fields_by_key(mapping) if key not in wanted.fields)
        return MappingPlan(
            erp_connection_id=self._erp_connection_id,
            connection_name=name,
            file=self._file,
            actors=tuple(actors),
            lacks=tuple(self._lacks),
            not_in_file=tuple(not_in_file),
        )

    def _actor(self, wanted: WantedActor, mapping: ErpSyncActorTypeMapping) -> ActorPlan:
        actor_type, fields = mapping.actor_type_erp, fields_by_key(mapping)
        changes, unproven = [], []
        if wanted.is_active not in (None, mapping.is_active):
            changes.append(
                Change(
                    actor_type=actor_type,
                    erp_field_key=None,
                    setting=ACTIVE,
                    before=mapping.is_active,
                    after=bool(wanted.is_active),
                )
            )
        for key, settings in wanted.fields.items():
            if key not in fields:
                self._lack(actor_type, key, f"{actor_type} has no field {key} in the ERP", _advice(key, fields))
                continue
            of_field = _changes(actor_type, key, settings, fields[key])
            if of_field and not self._is_lacking(mapping, fields[key], settings):
                changes.extend(of_field)
                if self._is_unproven(mapping.actor_type_crm, of_field):
                    unproven.append(key)
        return ActorPlan(current=mapping, changes=tuple(changes), unproven=tuple(unproven))

    def _is_lacking(
        self, mapping: ErpSyncActorTypeMapping, field: ErpSyncFieldMapping, settings: FieldSettings
    ) -> bool:
        """Whether one of the sides is known not to have the field that is to be mapped. If so it is noted."""
        key, target = field.erp_field_key or "", settings.get(CRM_FIELD, field.crm_field_key or "")
        if not target:
            return False
        what = None
        if field.missing_in_erp:
            what = f"the ERP no longer has the field {key} of {mapping.actor_type_erp}"
        elif (mapping.actor_type_crm, target) in self._not_in_crm:
            what = f"the CRM has no field {target} of {mapping.actor_type_crm}, which {key} is to be mapped to"
        if what is not None:
            self._lack(mapping.actor_type_erp, key, what)
        return what is not None

    def _is_unproven(self, crm_type: CrmActorType, changes: Iterable[Change]) -> bool:
        return any(
            one.setting == CRM_FIELD and one.after and (crm_type, one.after) not in self._in_crm for one in changes
        )

    def _lack(
        self, actor_type: ErpActorType, key: str | None, what: str, hint: str | None = None, *, at: tuple[str, ...] = ()
    ) -> None:
        where = self._file.where(actor_type, *(at if key is None else (FIELDS_KEY, key)))
        self._lacks.append(Lack(actor_type=actor_type, erp_field_key=key, message=f"{where}: {what}", hint=hint))


def _changes(actor_type: ErpActorType, key: str, settings: FieldSettings, field: ErpSyncFieldMapping) -> list[Change]:
    return [
        Change(actor_type=actor_type, erp_field_key=key, setting=name, before=before, after=settings[name])
        for name, before in settings_of(field).items()
        if name in settings and settings[name] != before
    ]


def _advice(key: str, known: Iterable[str]) -> str | None:
    """The hint for a field that is probably mistyped; the ERP's keys have a case of their own."""
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(key.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]}?" if close else None
