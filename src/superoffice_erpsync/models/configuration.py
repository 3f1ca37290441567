"""Values that a connection is configured with."""

from __future__ import annotations

from superoffice_erpsync.redaction import MaskedValues


class ConfigFields(MaskedValues[str | None]):
    """Configuration values by field key. Its repr masks the values: they hold the ERP's passwords."""
