"""Spans of time in words, and how near an end is worth a warning."""

from __future__ import annotations

SOON_DAYS = 30
"""What ends in fewer days, a certificate or a licence, should be renewed now."""


def in_days(days: int) -> str:
    """A number of days."""
    return "less than a day" if days < 1 else "one day" if days == 1 else f"{days:,} days"


def in_words(seconds: int) -> str:
    """A span in the unit that people would take for it."""
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600:,} hours"
