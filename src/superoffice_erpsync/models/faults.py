"""What a server says in its response headers."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class SoExceptionInfo:
    """A server's account of what went wrong there."""

    message: str | None = None
    stack_trace: str | None = None
    friendly_text: str | None = None
    """For the user."""
    exception_type: str | None = None
    """A .NET type name."""
    source: str | None = None
    inner_exception: "SoExceptionInfo | None" = None
    parameters: dict[str, str | None] | None = None


@dataclass(slots=True, kw_only=True)
class SoTimeZone:
    """A time zone, by the id that the installation gives it or by its location code."""

    so_time_zone_id: int = 0
    so_time_zone_location_code: str | None = None
