"""Saving what a plan says, one kind of actor at a time, and reading back whether the server kept it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import ErpSyncError, Outcome, ProtocolError
from superoffice_erpsync.mapping_files.comparing import differences
from superoffice_erpsync.mapping_files.errors import MappingsChanged, MappingsLack
from superoffice_erpsync.mapping_files.fetching import fetch_mapping
from superoffice_erpsync.mapping_files.list_items import items_at_risk, put_items_back, remapped_lists
from superoffice_erpsync.mapping_files.plan import ActorPlan, Change, Lack, MappingPlan
from superoffice_erpsync.mapping_files.reading import FIELDS_KEY
from superoffice_erpsync.mapping_files.settings import CRM_FIELD, all_settings, fields_by_key, with_settings
from superoffice_erpsync.models import ErpActorType, ErpConnectionListMappingContainer, ErpSyncActorTypeMapping

_SAVE = "SaveActorTypeMapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMappings:
    """What became of a plan.

    Attributes:
        saved: Kinds of actors that were saved and read back.
        not_kept: Settings that the server has otherwise than they were saved: `after` is what was saved, `before` what
            it has.
        lacks: Fields of the CRM that turned out not to exist. What was to be mapped to them is as it was before.
        put_back: Kinds of actors that were saved, and then put back as they were, because of these.
        left: Kinds of actors that were not saved.
        stopped_at: The kind of actor at which it stopped, None where it came to its end.
        error: Why.
        lists: Fields whose lists have to be mapped item by item anew, since they belong to another list of the CRM, or
            did so for a moment and the services cannot put the items back.
    """

    saved: tuple[ErpActorType, ...] = ()
    not_kept: tuple[Change, ...] = ()
    lacks: tuple[Lack, ...] = ()
    put_back: tuple[ErpActorType, ...] = ()
    left: tuple[ErpActorType, ...] = ()
    stopped_at: ErpActorType | None = None
    error: ErpSyncError | None = None
    lists: tuple[tuple[ErpActorType, str], ...] = ()

    @property
    def all_done(self) -> bool:
        """Whether the mappings are as the file says, but for what it left out."""
        return self.error is None and not (self.not_kept or self.lacks or self.left)


def apply_plan(
    client: ErpSyncClient,
    plan: MappingPlan,
    *,
    skip_missing: bool = False,
    on_saved: Callable[[ErpActorType], None] | None = None,
) -> AppliedMappings:
    """Carry out a plan.

    Each kind of actor is read again right before it is saved, and once more afterwards. No operation lists the fields
    of the CRM: whether a field exists that nothing is mapped to yet shows when it has been saved. So kinds with such
    fields go first, and are put back as they were where a field does not exist.

    Args:
        client: Makes the calls.
        plan: From `compare_mappings`.
        skip_missing: Leave out what the installation lacks, instead of applying nothing.
        on_saved: Is told each kind of actor that was saved and read back.

    Returns:
        What became of it, also where it was stopped by an error: what was saved by then stays.

    Raises:
        MappingsLack: The installation lacks something. Nothing was saved.
    """
    if plan.lacks and not skip_missing:
        error = MappingsLack(
            "\n".join(lack.message for lack in plan.lacks),
            hint="correct the file, or leave these out: skip_missing=True",
        )
        error.lacks = plan.lacks
        raise error
    return _Applying(client, plan, skip_missing, on_saved).run()


class _Saved(NamedTuple):
    """A kind of actor that was saved, and what it would take to put it back."""

    actor: ActorPlan
    items: ErpConnectionListMappingContainer | None


class _Applying:
    """A plan while it is carried out."""

    def __init__(
        self,
        client: ErpSyncClient,
        plan: MappingPlan,
        skip_missing: bool,
        on_saved: Callable[[ErpActorType], None] | None,
    ) -> None:
        self._client = client
        self._plan = plan
        self._skip_missing = skip_missing
        self._on_saved = on_saved
        self._saved: list[_Saved] = []
        self._lists: list[tuple[ErpActorType, str]] = []
        self._put_back: list[ErpActorType] = []
        self._not_kept: list[Change] = []
        self._lacks: list[Lack] = []

    def run(self) -> AppliedMappings:
        waiting = sorted((one for one in self._plan.actors if one.changes), key=lambda one: not one.unproven)
        while waiting:
            actor = waiting[0]
            try:
                goes_on = self._apply(actor)
            except ErpSyncError as error:
                return self._report(waiting[1:], stopped_at=actor.current.actor_type_erp, error=error)
            waiting.pop(0)
            if not goes_on:
                break
        return self._report(waiting)

    def _apply(self, actor: ActorPlan) -> bool:
        """Save one kind of actor. Returns whether to go on with the others."""
        before = self._as_planned(actor)
        items = items_at_risk(self._client, actor)
        wanted = with_settings(before, {(one.erp_field_key, one.setting): one.after for one in actor.changes})
        kept = self._save(wanted)
        missing = [key for key in actor.unproven if _is_missing(kept, key)]
        self._lacks.extend(self._lack(actor, key) for key in missing)
        self._saved.append(_Saved(actor, items))
        if missing and not self._skip_missing:
            while self._saved:
                self._restore(self._saved[-1])
            return False
        lists = remapped_lists(actor)
        if missing:
            # The other fields stay saved.
            restored = {place: value for place, value in all_settings(before).items() if place[0] in missing}
            wanted = with_settings(wanted, restored)
            kept = self._save(wanted)
            self._restore_items(self._saved[-1], {key: lists.pop(key) for key in missing if key in lists})
        self._lists.extend((actor.current.actor_type_erp, key) for key in lists if _is_mapped(wanted, key))
        self._not_kept.extend(differences(wanted, kept))
        if self._on_saved is not None:
            self._on_saved(actor.current.actor_type_erp)
        return True

    def _restore(self, saved: _Saved) -> None:
        current = saved.actor.current
        self._not_kept.extend(differences(current, self._save(current)))
        self._lists = [place for place in self._lists if place[0] != current.actor_type_erp]
        self._restore_items(saved, remapped_lists(saved.actor))
        self._saved.remove(saved)
        self._put_back.append(current.actor_type_erp)

    def _restore_items(self, saved: _Saved, lists: Mapping[str, int]) -> None:
        current = saved.actor.current
        if saved.items is None:
            # Services before 86 have no operation for it: somebody has to do it by hand.
            self._lists.extend((current.actor_type_erp, key) for key in lists if _is_mapped(current, key))
        elif not put_items_back(self._client, saved.items, list(lists.values())):
            raise ProtocolError(
                f"the items of {', '.join(lists)} of {current.actor_type_erp} were to be put back, and the server does "
                "not have them",
                operation="SaveConnectionListMappings",
            )

    def _as_planned(self, actor: ActorPlan) -> ErpSyncActorTypeMapping:
        """The mapping as it is now.

        Raises:
            MappingsChanged: It is no longer what the plan was made for.
        """
        actor_type = actor.current.actor_type_erp
        now = fetch_mapping(self._client, self._plan.erp_connection_id, actor_type)
        if now is None or all_settings(now) != all_settings(actor.current):
            raise MappingsChanged(
                f"somebody else has changed the mappings of {actor_type} since they were compared",
                operation=_SAVE,
                hint="compare again and look at the changes",
            )
        return now

    def _save(self, mapping: ErpSyncActorTypeMapping) -> ErpSyncActorTypeMapping:
        """Save a mapping, and what the server has of it afterwards."""
        lost = None
        try:
            self._client.save_actor_type_mapping(mapping=mapping)
        except ErpSyncError as error:
            if error.outcome is not Outcome.UNKNOWN:
                raise
            lost = error
        try:
            kept = fetch_mapping(self._client, mapping.erp_connection_id, mapping.actor_type_erp)
        except ErpSyncError as error:
            if lost is not None:
                raise lost from None
            # By itself it would say that nothing was changed.
            error.message = f"it was saved, and cannot be read back: {error.message}"
            error.operation, error.outcome = _SAVE, Outcome.UNKNOWN
            raise
        if kept is None or (lost is not None and differences(mapping, kept)):
            # What was lost may still come to the server.
            raise lost or _gone(mapping)
        return kept

    def _lack(self, actor: ActorPlan, key: str) -> Lack:
        actor_type, crm_type = actor.current.actor_type_erp, actor.current.actor_type_crm
        target = next(one.after for one in actor.changes if (one.erp_field_key, one.setting) == (key, CRM_FIELD))
        return Lack(
            actor_type=actor_type,
            erp_field_key=key,
            message=f"{self._plan.file.where(actor_type, FIELDS_KEY, key)}: "
            f"the CRM has no field {target} of {crm_type}, which {key} is to be mapped to",
        )

    def _report(
        self, left: list[ActorPlan], *, stopped_at: ErpActorType | None = None, error: ErpSyncError | None = None
    ) -> AppliedMappings:
        return AppliedMappings(
            saved=tuple(one.actor.current.actor_type_erp for one in self._saved),
            not_kept=tuple(self._not_kept),
            lacks=tuple(self._lacks),
            put_back=tuple(self._put_back),
            left=tuple(one.current.actor_type_erp for one in left),
            stopped_at=stopped_at,
            error=error,
            lists=tuple(self._lists),
        )


def _is_missing(mapping: ErpSyncActorTypeMapping, key: str) -> bool:
    field = fields_by_key(mapping).get(key)
    return field is not None and field.missing_in_crm


def _is_mapped(mapping: ErpSyncActorTypeMapping, key: str) -> bool:
    return bool(fields_by_key(mapping)[key].crm_field_key)


def _gone(mapping: ErpSyncActorTypeMapping) -> MappingsChanged:
    return MappingsChanged(
        f"after it was saved, connection {mapping.erp_connection_id} no longer has {mapping.actor_type_erp}",
        operation=_SAVE,
        outcome=Outcome.UNKNOWN,
    )
