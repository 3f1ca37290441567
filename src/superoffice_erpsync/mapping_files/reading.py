"""A file of mappings, read and checked. What is wrong with it is said with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from superoffice_erpsync.config.complaints import nearest
from superoffice_erpsync.config.lines import line_of
from superoffice_erpsync.mapping_files.errors import InvalidMappingFile
from superoffice_erpsync.mapping_files.settings import (
    ACTIVE,
    CRM_FIELD,
    CRM_TYPE,
    DIRECTIONS,
    FIELD_SETTINGS,
    FieldSettings,
)
from superoffice_erpsync.models import CrmActorType, ErpActorType

FORMAT: Final = 1
FORMAT_KEY: Final = "format"
FIELDS_KEY: Final = "fields"
_ACTOR_TYPES: Final = tuple(str(one) for one in ErpActorType if one is not ErpActorType.UNKNOWN)
_CRM_TYPES: Final = tuple(str(one) for one in CrmActorType if one is not CrmActorType.UNKNOWN)
_OF_ACTOR: Final = (CRM_TYPE, ACTIVE, FIELDS_KEY)
_EXAMPLE: Final = 'NAME = { crm_field_key = "name", sync_to_crm = true }'


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedActor:
    """What a file says about one kind of actor. What it leaves out is to stay as it is.

    Attributes:
        actor_type_crm: Its counterpart in the CRM.
        is_active: Whether the kind takes part in the sync.
        fields: Settings by the ERP's field keys.
    """

    actor_type_crm: CrmActorType | None = None
    is_active: bool | None = None
    fields: Mapping[str, FieldSettings] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """A file of mappings.

    Attributes:
        name: What it is called in messages.
        text: What stands in it.
        actors: What it says, by kind of actor.
    """

    name: str
    text: str = field(repr=False)
    actors: Mapping[ErpActorType, WantedActor]

    def where(self, *keys: str) -> str:
        """File and line of a key, or of the nearest table around it.

        Args:
            keys: Its tables from the outermost on, then the key itself.
        """
        return _where(self.name, self.text, keys)


def read_mapping_file(text: str, name: str = "the file") -> MappingFile:
    """Read a file of mappings.

    Args:
        text: What stands in it.
        name: What to call it in messages.

    Returns:
        What it wants, for `compare_mappings`.

    Raises:
        InvalidMappingFile: It is no TOML, or something in it is no setting or cannot be.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problem = None
    content: dict[str, Any] = {}
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = str(error).partition("\n")[0]
    except ValueError:
        problem = "a number has too many digits"
    except RecursionError:
        problem = "values stand too deep in each other"
    if problem is not None:
        raise InvalidMappingFile(f"{name} is no TOML: {problem}", hint=f"a field is a line as {_EXAMPLE}")
    return MappingFile(name=name, text=text, actors=_Reading(name, text, content).actors())


class _Reading:
    """A file while it is checked."""

    def __init__(self, name: str, text: str, content: dict[str, Any]) -> None:
        self._name = name
        self._text = text
        self._content = content

    def actors(self) -> dict[ErpActorType, WantedActor]:
        known = (FORMAT_KEY, *_ACTOR_TYPES)
        for key, value in self._content.items():
            if key not in known:
                raise self._wrong(f"{key} is no kind of actor", _advice(key, known), key)
            if key == FORMAT_KEY and (not isinstance(value, int) or isinstance(value, bool) or value != FORMAT):
                raise self._wrong(f"{FORMAT_KEY} must be {FORMAT}, the only one that this version knows", None, key)
        return {ErpActorType(key): self._actor(key, value) for key, value in self._content.items() if key != FORMAT_KEY}

    def _actor(self, actor: str, table: Any) -> WantedActor:
        table = self._table(table, f"[{actor}]", actor)
        for key in table:
            if key not in _OF_ACTOR:
                raise self._wrong(f"{key} is no setting of {actor}", _advice(key, _OF_ACTOR), actor, key)
        crm_type, active = table.get(CRM_TYPE), table.get(ACTIVE)
        if crm_type is not None and crm_type not in _CRM_TYPES:
            raise self._wrong(f"{CRM_TYPE} must be one of {', '.join(_CRM_TYPES)}, in quotes", None, actor, CRM_TYPE)
        if active is not None and not isinstance(active, bool):
            raise self._wrong(f"{ACTIVE} must be true or false", None, actor, ACTIVE)
        fields = self._table(table.get(FIELDS_KEY, {}), f"[{actor}.{FIELDS_KEY}]", actor, FIELDS_KEY)
        return WantedActor(
            actor_type_crm=None if crm_type is None else CrmActorType(crm_type),
            is_active=active,
            fields={key: self._field(actor, key, settings) for key, settings in fields.items()},
        )

    def _field(self, actor: str, key: str, settings: Any) -> FieldSettings:
        where = (actor, FIELDS_KEY, key)
        settings = self._table(settings, _EXAMPLE, *where)
        for name, value in settings.items():
            if name not in FIELD_SETTINGS:
                raise self._wrong(f"{name} is no setting of a field", _advice(name, FIELD_SETTINGS), *where, name)
            wanted = str if name == CRM_FIELD else bool
            if not isinstance(value, wanted):
                form = 'a text in quotes, "" for none' if wanted is str else "true or false"
                raise self._wrong(f"{name} must be {form}", None, *where, name)
        if settings.get(CRM_FIELD) == "" and any(settings.get(name) for name in DIRECTIONS):
            raise self._wrong(f"{key} has a direction and no field of the CRM", None, *where)
        return dict(settings)

    def _table(self, value: Any, form: str, *keys: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(f"{keys[-1]} must be a table", f"as in {form}", *keys)
        return value

    def _wrong(self, what: str, hint: str | None, *keys: str) -> InvalidMappingFile:
        return InvalidMappingFile(f"{_where(self._name, self._text, keys)}: {what}", hint=hint)


def _advice(key: str, known: tuple[str, ...]) -> str:
    return nearest(key, known) or f"there are: {', '.join(known)}"


def _where(name: str, text: str, keys: tuple[str, ...]) -> str:
    line = line_of(text, keys)
    return name if line is None else f"{name}:{line}"
