"""What the system tells of this process; None where it does not tell."""

from __future__ import annotations

import os
from pathlib import Path

_STATUS = Path("/proc/self/status")
_OPEN = Path("/proc/self/fd")


def resident_kilobytes() -> int | None:
    """Memory that the process holds."""
    if not _STATUS.exists():
        return None
    lines = _STATUS.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def sockets() -> int | None:
    """Sockets that are open."""
    if not _OPEN.exists():
        return None
    return sum(1 for entry in os.listdir(_OPEN) if _target(entry).startswith("socket:"))  # noqa: PTH208


def _target(entry: str) -> str:
    try:
        return os.readlink(_OPEN / entry)  # noqa: PTH115 - the target is no path
    except OSError:
        # The listing's own descriptor is gone by now.
        return ""
