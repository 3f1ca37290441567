"""Whether a journal can lie in a folder: SQLite's write-ahead log needs memory that processes share, on one machine."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath
from typing import Any

_NETWORK_TYPES = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
        "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "virtiofs",
    }
)  # fmt: skip
_DRIVE_REMOTE = 4
_MOUNTS = Path("/proc/self/mountinfo")


def network_share(folder: Path) -> str | None:
    """What kind of network share a folder is on, None where it is on a disk of this machine or nobody can tell."""
    return _windows_share(PureWindowsPath(folder.absolute())) if sys.platform == "win32" else _posix_share(folder)


def _posix_share(folder: Path) -> str | None:
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    kind = file_system(folder.resolve(), mounts)
    return kind if kind in _NETWORK_TYPES else None


def file_system(folder: Path, mounts: str) -> str | None:
    """The type of the file system that a folder is on.

    Args:
        folder: Without links in its path.
        mounts: What `/proc/self/mountinfo` says.
    """
    found: tuple[int, str | None] = (-1, None)
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        parts = before.split(" ")
        if not separator or len(parts) < 5:
            continue
        mounted = Path(_unescaped(parts[4]))
        depth = len(mounted.parts)
        # The later of two mounts on one place hides the earlier.
        if folder.is_relative_to(mounted) and depth >= found[0]:
            found = (depth, after.split(" ")[0])
    return found[1]


def _unescaped(path: str) -> str:
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(escape, character)
    return path


def _windows_share(folder: PureWindowsPath) -> str | None:
    if folder.drive.startswith("\\\\"):
        return "UNC path"
    return "network drive" if _drive_type(f"{folder.drive}\\") == _DRIVE_REMOTE else None


def _drive_type(root: str) -> int:
    import ctypes  # noqa: PLC0415 # needed on one system only

    windll: Any = getattr(ctypes, "windll")  # noqa: B009 # other systems have none
    return int(windll.kernel32.GetDriveTypeW(root))
