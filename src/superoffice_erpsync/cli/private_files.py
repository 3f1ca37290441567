"""Files that the command appends to, for their owner alone."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TextIO


def open_for_owner(path: Path) -> TextIO:
    """The file, open for appending line by line. It is the owner's alone where the platform has such permissions.

    Raises:
        OSError: It cannot be written.
    """
    # Without O_BINARY, Windows would put a carriage return before each line feed.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    if sys.platform != "win32":
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
            # One that was there before may have been open to others.
            os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "a", buffering=1, encoding="utf-8", errors="backslashreplace", newline="\n")
