"""Rights that come with carriers: to a table, and to single fields."""

from dataclasses import dataclass

from superoffice_erpsync.models.wire_enum import WireEnum


class ETableRight(WireEnum):
    """Single rights to a table, in the order of their bits (1, 2, 4, …). The last two exist on Services88 and REST."""

    SELECT = "Select"
    UPDATE = "Update"
    INSERT = "Insert"
    DELETE = "Delete"
    FILTERING = "Filtering"
    RESTRICTED_UPDATE = "RestrictedUpdate"
    UNUSED1 = "Unused1"
    UNINITIALIZED = "Uninitialized"


class EFieldRight(WireEnum):
    """Single rights to a field, in the order of their bits (1, 2, 4, …)."""

    READ = "Read"
    WRITE = "Write"
    UNUSED1 = "Unused1"
    UNUSED2 = "Unused2"
    UNUSED3 = "Unused3"
    UNUSED4 = "Unused4"
    UI_HINT_MANDATORY = "UIHintMandatory"
    UI_HINT_READ_ONLY = "UIHintReadOnly"
    UNDEFINED_VALUE256 = "UndefinedValue256"


@dataclass(slots=True, kw_only=True)
class TableRight:
    """Rights of the logged-in user to the table behind a carrier."""

    mask: frozenset[ETableRight | str] = frozenset()
    """Names of the rights held, as in `ETableRight`; a name that is not known is kept. Empty means none."""
    reason: str | None = None
    """Why a right is missing, in words."""


@dataclass(slots=True, kw_only=True)
class FieldRight:
    """Rights of the logged-in user to one field."""

    mask: frozenset[EFieldRight | str] = frozenset()
    """Names of the rights held, as in `EFieldRight`; a name that is not known is kept. Empty means none."""
    reason: str | None = None
    """Why a right is missing, in words."""


@dataclass(slots=True, kw_only=True)
class FieldProperty:
    """What is known about one field of a carrier."""

    field_right: FieldRight | None = None
    field_type: str | None = None
    """A .NET type name, for example `System.String`."""
    field_length: int = 0
    """Longest value in characters."""


@dataclass(slots=True, kw_only=True)
class Carrier:
    """What every carrier brings beside its own members."""

    table_right: TableRight | None = None
    field_properties: dict[str, FieldProperty | None] | None = None
    """By field name; None where the server did not say, which is usual."""
