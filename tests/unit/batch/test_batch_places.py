"""Which folders are on another machine, by what the system says about them."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath

import pytest

from superoffice_erpsync.batch import JournalError, places
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.places import _windows_share, file_system, network_share

MOUNTS = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:26 / /proc rw,nosuid - proc proc rw
40 22 0:40 / /mnt/share rw,relatime shared:7 - cifs //server/share rw
41 22 0:41 / /mnt/with\040blank rw - nfs4 server:/x rw
42 40 0:42 / /mnt/share/local rw - tmpfs tmpfs rw
43 22 0:43 / /mnt/twice rw - ext4 /dev/vdb rw
44 43 0:44 / /mnt/twice rw - fuse.sshfs me@host: rw
broken line
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")


@posix
@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "ext4"),
        ("/mnt/share", "cifs"),
        ("/mnt/share/a/b", "cifs"),
        ("/mnt/shared", "ext4"),
        ("/mnt/share/local/x", "tmpfs"),
        ("/mnt/with blank/x", "nfs4"),
        ("/mnt/twice", "fuse.sshfs"),
    ],
)
def test_the_innermost_mount_counts(folder, kind):
    assert file_system(Path(folder), MOUNTS) == kind


def test_the_folder_of_tests_is_no_network_share(tmp_path):
    assert network_share(tmp_path) is None


@posix
def test_a_journal_on_a_network_share_is_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / / rw - ext4 x rw\n2 1 0:2 / {tmp_path.resolve()} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    with pytest.raises(JournalError, match=r"network share \(nfs4\).*choose a place on a disk of this machine"):
        Journal.open(tmp_path / "journal", create=True)
    assert list(tmp_path.iterdir()) == [mounts]


def test_a_unc_path_is_a_network_share():
    assert _windows_share(PureWindowsPath(r"\\server\share\folder")) == "UNC path"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows knows its drives")
def test_the_drive_of_the_system_is_no_network_share():
    assert _windows_share(PureWindowsPath(Path.home())) is None
