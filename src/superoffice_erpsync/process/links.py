"""Links in the file system."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def followed(path: Path) -> Path:
    """The place that a path stands for, through links; there need not be anything.

    Raises:
        OSError: A link leads to itself.
    """
    # Not by `Path.resolve`, which until Python 3.13 raises RuntimeError for such a link.
    place = Path(os.path.realpath(path))
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return place
