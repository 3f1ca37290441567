"""A folder for secrets: whole files, open to nobody else, and refused where somebody else had a hand in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from superoffice_erpsync import ConfigurationError
from superoffice_erpsync.auth.private_folder import PrivateFolder

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files are of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolder:
    made = PrivateFolder(tmp_path / "far" / "above" / "tickets")
    made.make()
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def content(folder: PrivateFolder, name: str = "one") -> bytes | None:
    found = folder.read(name)
    return None if found is None else found[0]


def test_what_is_written_is_read(folder: PrivateFolder) -> None:
    assert content(folder) is None
    folder.write("one", b"first\r\n")
    folder.write("one", b"second\n")
    folder.write("two", b"other")
    assert (content(folder), content(folder, "two")) == (b"second\n", b"other")
    assert sorted(path.name for path in folder.path.iterdir()) == ["one", "two"]
    folder.make()  # a folder that is there stays as it is
    assert content(folder) == b"second\n"


def test_what_a_killed_process_left_half_written_is_in_nobodys_way(folder: PrivateFolder) -> None:
    folder.write("one", b"whole")
    (folder.path / "one.new").write_bytes(b"ha")
    assert content(folder) == b"whole"
    folder.write("one", b"new")
    assert content(folder) == b"new"
    assert [path.name for path in folder.path.iterdir()] == ["one"]


def test_a_touched_file_counts_as_written_now(folder: PrivateFolder) -> None:
    folder.write("one", b"x")
    os.utime(folder.path / "one", (1000, 1000))
    assert folder.read("one") == (b"x", 1000.0)
    folder.touch("one")
    found = folder.read("one")
    assert found is not None
    assert found[1] > 1000


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folder_and_files_are_the_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = PrivateFolder(tmp_path / "tickets")
        folder.make()
        folder.write("one", b"x")
    finally:
        os.umask(before)
    assert (mode(folder.path), mode(folder.path / "one")) == (0o700, 0o600)


@posix
@pytest.mark.parametrize("open_to", [0o750, 0o705, 0o710, 0o777])
def test_a_folder_that_is_open_to_others_is_refused(folder: PrivateFolder, open_to: int) -> None:
    folder.path.chmod(open_to)
    with pytest.raises(ConfigurationError, match=rf"tickets: it is open to others \(mode {open_to:04o}\)"):
        folder.make()


@posix
@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_is_open_to_others_is_refused(folder: PrivateFolder, open_to: int) -> None:
    folder.write("one", b"x")
    (folder.path / "one").chmod(open_to)
    with pytest.raises(ConfigurationError, match="one: it is open to others"):
        folder.read("one")


@posix
def test_links_are_refused(folder: PrivateFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"x")
    elsewhere.chmod(0o600)
    (folder.path / "one").symlink_to(elsewhere)
    with pytest.raises(ConfigurationError, match="one: it is a link"):
        folder.read("one")
    link = PrivateFolder(tmp_path / "link")
    link.path.symlink_to(folder.path)
    with pytest.raises(ConfigurationError, match="link: it is no folder"):
        link.make()


@posix
def test_a_link_where_a_file_is_to_be_written_leads_nowhere(folder: PrivateFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"x")
    for name in ("one", "one.new"):
        (folder.path / name).symlink_to(elsewhere)
    folder.write("one", b"secret")
    assert elsewhere.read_bytes() == b"x"
    assert content(folder) == b"secret"


@posix
def test_what_is_no_file_is_refused_without_waiting(folder: PrivateFolder) -> None:
    os.mkfifo(folder.path / "pipe", 0o600)
    (folder.path / "folder").mkdir(0o700)
    for name in ("pipe", "folder"):
        with pytest.raises(ConfigurationError, match=f"{name}: it is no file"):
            folder.read(name)


@posix
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_another_user_is_refused(folder: PrivateFolder) -> None:
    folder.write("one", b"x")
    os.chown(folder.path / "one", 12345, -1)
    with pytest.raises(ConfigurationError, match="one: it belongs to another user"):
        folder.read("one")
    os.chown(folder.path, 12345, -1)
    with pytest.raises(ConfigurationError, match="tickets: it belongs to another user"):
        folder.make()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tickets").touch()
    with pytest.raises(ConfigurationError, match="tickets: it is no folder"):
        PrivateFolder(tmp_path / "tickets").make()
