"""What can go wrong with a batch before or beside its calls.

ConfigurationError
└── JournalError        the journal cannot be used, or not for this
    └── JournalLocked   another run holds it
InvalidRequest
└── InvalidKeys         keys that cannot be sent; nothing was
"""

from __future__ import annotations

from superoffice_erpsync.batch.keys import BadKey
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest


class JournalError(ConfigurationError):
    """The journal cannot be used, or not for what was asked. What it has recorded stays as it is."""


class JournalLocked(JournalError):
    """Another run holds the journal.

    Attributes:
        pid: Its process, None where that is not known.
        host: The machine that it runs on, None likewise.
        since: When it started, in UTC and ISO 8601, None likewise.
    """

    pid: int | None = None
    host: str | None = None
    since: str | None = None


class InvalidKeys(InvalidRequest):
    """Keys that cannot be sent. Nothing was.

    Attributes:
        bad_keys: The first of them.
        count: How many there are.
    """

    bad_keys: tuple[BadKey, ...] = ()
    count: int = 0
