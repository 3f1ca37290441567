"""The file: what is no TOML, who may write to it, and on which line what stands."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from superoffice_erpsync import ConfigurationError
from superoffice_erpsync.config.document import Document
from unit.config.conftest import MakeFile

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files are of POSIX")

TEXT = '''\
# Our installations
default_profile = "prod"

[profiles.prod]   # the real one
url = "https://crm.example.com/Remote/Services86"
password_command = [
    "pass",
    "show",  # ] no end
]

time_zone = 261
retry = { attempts = 2 }

[profiles.test]
culture = """
[profiles.none]
nothing = 1
"""
"url" = "http://127.0.0.1"

[profiles.test.retry]
wait = 1
'''


def refused(path: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        Document.read(path)
    return caught.value


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_key_has_its_line(make_file: MakeFile, mark: str, end: str) -> None:
    path = make_file((mark + TEXT.replace("\n", end)).encode())
    document = Document.read(path)
    lines = {
        ("default_profile",): 2,
        ("profiles",): 4,
        ("profiles", "prod"): 4,
        ("profiles", "prod", "url"): 5,
        ("profiles", "prod", "password_command"): 6,
        ("profiles", "prod", "time_zone"): 11,
        ("profiles", "prod", "retry", "attempts"): 12,
        ("profiles", "test"): 14,
        ("profiles", "test", "culture"): 15,
        ("profiles", "test", "url"): 19,
        ("profiles", "test", "retry"): 21,
        ("profiles", "test", "retry", "wait"): 22,
    }
    assert {keys: document.where(*keys) for keys in lines} == {keys: f"{path}:{line}" for keys, line in lines.items()}
    assert document.where("profiles", "test", "not there") == f"{path}:14"
    assert document.where("nowhere") == str(path)
    assert (document.default, [*document.profiles]) == ("prod", ["prod", "test"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nurl = https://crm.example.com", "line 2"),
        ('[profiles.prod]\nurl = "a"\nurl = "b"\n', "line 3"),
        ("[profiles.prod\n", "line 1"),
        ("x = " + "[" * 5000, "too deep"),
        ("x = " + "9" * 5000, "too many digits"),
    ],
)
def test_what_is_no_toml_is_told_with_the_line(make_file: MakeFile, text: str, said: str) -> None:
    error = refused(path := make_file(text))
    assert f"{path} is no TOML" in str(error)
    assert said in str(error)


def test_an_error_holds_nothing_of_the_file(make_file: MakeFile) -> None:
    behind: BaseException | None = refused(make_file('[profiles.prod]\npassword = "Sesame"\nurl = x\n'))
    while behind is not None:
        assert "Sesame" not in f"{behind!r} {vars(behind)}"
        behind = behind.__context__


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profile.prod]\n", ":1: profile is unknown at the top of the file (did you mean profiles?)"),
        ('\nurl = "https://crm"\n', ":2: url is unknown at the top of the file (settings belong below"),
        ('defualt_profile = "x"\n', "did you mean default_profile?"),
        ("default_profile = 5\n", ":1: default_profile must be the name of a profile, in quotes"),
        ('default_profile = "x"\n[profiles.b]\n[profiles.a]\n', ":1: there is no profile 'x' (there are: a, b)"),
        ('default_profile = "x"\n', "there are no profiles"),
        ("profiles = 5\n", ":1: profiles must be tables"),
        ("[profiles]\nprod = 5\n", ":1: profiles must be tables"),
    ],
)
def test_the_top_of_the_file_is_checked(make_file: MakeFile, text: str, said: str) -> None:
    path = make_file(text)
    assert said in str(refused(path))
    assert str(path) in str(refused(path))


@pytest.mark.parametrize("content", [TEXT.encode("utf-16"), b'default_profile = "\xe6"'])
def test_only_utf8_is_read(make_file: MakeFile, content: bytes) -> None:
    assert "is not UTF-8" in str(refused(make_file(content)))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "No such file" in str(refused(tmp_path / "none.toml"))
    assert "cannot be read" in str(refused(tmp_path))


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o664, 0o666])
def test_a_file_that_others_may_write_is_refused(make_file: MakeFile, mode: int) -> None:
    error = refused(make_file(TEXT, mode))
    assert f"mode {mode:04o}" in str(error)
    assert "chmod go-w" in str(error.hint)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
def test_others_may_read_it(make_file: MakeFile, mode: int) -> None:
    path = make_file(TEXT, mode)
    Document.read(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(make_file: MakeFile) -> None:
    path = make_file(TEXT)
    os.chown(path, 12345, -1)
    assert "belongs to another user" in str(refused(path))


def test_an_unknown_profile_is_told_with_those_there_are(make_file: MakeFile) -> None:
    with pytest.raises(ConfigurationError, match=r"no profile 'prd' .*there are: prod, test"):
        Document.read(make_file(TEXT)).table("prd")
    with pytest.raises(ConfigurationError, match="it has no profiles"):
        Document.read(make_file("")).table("prd")
