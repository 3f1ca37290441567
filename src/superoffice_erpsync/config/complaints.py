"""What is wrong with a key, in words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(key: str, known: Iterable[str]) -> str | None:
    """The hint for a key that is probably mistyped, None where nothing is near."""
    close = get_close_matches(key.lower().replace("-", "_"), list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else None
