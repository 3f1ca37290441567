"""The keys of a resync: files, arguments, duplicates, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.batch.plan import check_of
from superoffice_erpsync.cli.keys import CommandKeys, FewKeys, few_or_many, keys_in
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models import ErpActorType

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}
EXTERNAL = ("resync", "--connection", "1", "--actor-type", "Customer")
INTERNAL = ("resync", "--connection", "0")


def read(path: Path, content: str | bytes, column: str | None = None) -> list[str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = few_or_many(CommandKeys((), keys_in(str(path), column, None)), check_of("Customer"))
    assert isinstance(found, FewKeys)
    return list(found.keys)


@pytest.mark.parametrize(
    "content",
    ["C1\nC2\n", "C1\r\nC2", "\n  C1\t\n\n C2 \n\n", b"\xef\xbb\xbfC1\nC2\n"],
)
def test_text_has_one_key_a_line(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path / "keys.txt", content) == ["C1", "C2"]


def test_text_keys_keep_what_is_inside(tmp_path: Path) -> None:
    assert read(tmp_path / "keys.txt", 'A B,C;"D\n#1\nÆØÅ\n') == ['A B,C;"D', "#1", "ÆØÅ"]


@pytest.mark.parametrize(
    "content",
    [
        "Name,CustomerNo\nAda,C1\nBo,C2\n",
        "Name;CustomerNo\r\nAda, Ltd;C1\r\nBo;C2\r\n",
        "Name\tCustomerNo\nAda\tC1\n\nBo\tC2",
        '"Name","CustomerNo"\n"Ada\nand Bo"," C1 "\n"","C2"\n',
        b"\xef\xbb\xbfCustomerNo\nC1\nC2\n",
    ],
)
def test_a_column_is_found_by_name(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path / "keys.csv", content, "CustomerNo") == ["C1", "C2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Name,No\nAda,C1\nBo\nCleo,C3,x\n", ["line 3: 1 values where the header has 2", "line 4: 3 values"]),
        ("Name,No\nAda,\n \nBo,  \n", ["line 2: the key is blank", "line 4: the key is blank"]),
        ('Name,No\n"Ada\nBo",\n', ["line 2: the key is blank"]),
        ('Name,No\nAda,C1\n"Bo,C2\n', ["line 3: unexpected end of data"]),
        ("No,Name,No\n1,2,3\n", ["line 1: there are 2 columns 'No'"]),
        ("Name;Number\nAda;C1\n", ["no column 'No'", "columns: Name, Number"]),
        ("", ["line 1: there is no column 'No'"]),
        ('"Name,No\n', ["line 1: there is no column 'No'"]),
        (b"Name,No\nAda,C1\nBj\xf8rn,C2\n", ["line 3 is not UTF-8"]),
        ("Name,No\n".encode("utf-16"), ["UTF-16"]),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, content: str | bytes, said: list[str]) -> None:
    file = tmp_path / "keys.csv"
    with pytest.raises(InvalidRequest) as raised:
        read(file, content, "No")
    assert all(one in str(raised.value) for one in said)
    assert str(file) in str(raised.value)


def test_only_the_first_bad_rows_are_listed(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="and 15 more"):
        read(tmp_path / "keys.csv", "No,Name\n" + ",x\n" * 25, "No")


def test_internal_ids(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("502\n0501\n2147483647\n", encoding="utf-8")
    result = erpsync(*INTERNAL, "--internal-ids", str(file), "501", **LOGIN)
    assert result.exit_code == 0
    assert client.calls == [
        (
            "ForceResync",
            {"erp_connection_id": 0, "internal_key_ids": [501, 502, 2147483647], "everything": False},
        )
    ]
    assert "1 key came again; each is sent once" in result.stderr


def test_external_keys_from_arguments_and_stdin(erpsync: Any, client: Any) -> None:
    result = erpsync(*EXTERNAL, "--keys", "-", " C9 ", "C1", stdin="C1\nC2\nC1\n", **LOGIN)
    assert result.exit_code == 0
    assert client.calls[0][1] == {
        "erp_connection_id": 1,
        "erp_actor_type": ErpActorType.CUSTOMER,
        "external_keys": ["C9", "C1", "C2"],
        "everything": False,
    }
    assert "2 keys came again; each is sent once" in result.stderr
    assert "duplicate" not in result.stdout


def test_keys_may_look_like_options(erpsync: Any, client: Any) -> None:
    assert erpsync(*EXTERNAL, "--", "-C1", "--keys", **LOGIN).exit_code == 0
    assert client.calls[0][1]["external_keys"] == ["-C1", "--keys"]


@pytest.mark.parametrize("arguments", [EXTERNAL, INTERNAL])
def test_everything_must_be_said(erpsync: Any, client: Any, arguments: tuple[str, ...]) -> None:
    result = erpsync(*arguments, **LOGIN)
    assert result.exit_code == 2
    assert "--everything" in result.stderr
    assert not client.calls
    assert erpsync(*arguments, "--everything", **LOGIN).exit_code == 0
    assert client.calls[0][1]["everything"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*EXTERNAL, "--everything", "C1"), "--everything contradicts 1 key"),
        ((*EXTERNAL, ""), "argument 1: the key is blank"),
        ((*INTERNAL, "C1"), "'C1' is no id of an internal key"),
        ((*INTERNAL, "--keys", "keys.txt"), "--keys needs --actor-type"),
        ((*EXTERNAL, "--internal-ids", "ids.txt"), "exclude each other"),
        ((*EXTERNAL, "--column", "No", "C1"), "--column needs a file"),
        (("resync", "--connection", "1", "--actor-type", "Dog", "C1"), "there are: Customer, Supplier"),
        (("resync", "--connection", "1", "--actor-type", "Unknown", "C1"), "is unknown"),
        ((*EXTERNAL, "--keys", "no/such/file"), "no/such/file cannot be read"),
        ((*EXTERNAL, "--keys", "-", "--password-stdin"), "standard input cannot be both"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_sent(
    erpsync: Any, client: Any, arguments: tuple[str, ...], said: str
) -> None:
    result = erpsync(*arguments, **LOGIN)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not client.made
