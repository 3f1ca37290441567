"""`call`: the operation's name, the arguments' forms, and the answer as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.models import CrmActorType, ErpConnection, PluginResponse

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}


@pytest.mark.parametrize("name", ["GetConnection", "getconnection", "GETCONNECTION", "get_connection"])
def test_names_in_any_case(erpsync: Any, client: Any, name: str) -> None:
    assert erpsync("call", name, '{"ErpConnectionId": 1}', **LOGIN).exit_code == 0
    assert client.calls == [("GetConnection", {"arguments": {"ErpConnectionId": 1}, "everything": False})]


def test_arguments_from_a_file_and_from_stdin(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "arguments.json"
    file.write_bytes(b'\xef\xbb\xbf{"ErpConnectionId": 2}')
    assert erpsync("call", "GetConnection", f"@{file}", **LOGIN).exit_code == 0
    assert erpsync("call", "GetConnection", "-", stdin='{"ErpConnectionId": 2}', **LOGIN).exit_code == 0
    assert (
        client.calls[0]
        == client.calls[1]
        == (
            "GetConnection",
            {"arguments": {"ErpConnectionId": 2}, "everything": False},
        )
    )


def test_no_arguments_and_everything(erpsync: Any, client: Any) -> None:
    assert erpsync("call", "SyncAll", **LOGIN).exit_code == 0
    assert erpsync("call", "ForceResync", '{"ErpConnectionId": 0}', "--everything", **LOGIN).exit_code == 0
    assert client.calls[0][1]["arguments"] == {}
    assert client.calls[1][1]["everything"] is True


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        (ErpConnection(display_name="Ærlig & Co", config_fields={"User": "x"}), {"DisplayName": "Ærlig & Co"}),
        ([None, "a"], [None, "a"]),
        (False, False),
        (CrmActorType.CONTACT, "Contact"),
    ],
)
def test_the_answer_is_json_with_the_vendors_names(erpsync: Any, client: Any, answer: Any, printed: Any) -> None:
    client.answer = answer
    result = erpsync("call", "GetConnection", '{"ErpConnectionId": 1}', **LOGIN, output="table")
    assert result.exit_code == 0
    found = json.loads(result.stdout_bytes.decode("utf-8"))
    assert found == printed if not isinstance(printed, dict) else printed.items() <= found.items()
    assert "\\u" not in result.stdout


def test_an_operation_without_result_prints_null(erpsync: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(client), "_called", lambda *_: None)
    result = erpsync("call", "DeleteConnection", '{"ErpConnectionId": 1}', **LOGIN)
    assert (result.exit_code, result.stdout) == (0, "null\n")


def test_a_no_is_1_and_printed_all_the_same(erpsync: Any, client: Any) -> None:
    client.answer = PluginResponse(is_ok=False, error_code="UNKNOWN_CONNECTION_ID")
    result = erpsync("call", "SyncAll", **LOGIN)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ErrorCode"] == "UNKNOWN_CONNECTION_ID"
    assert "IsOk=false" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("GetConection",), "nearest: GetConnection"),
        (("connection_list",), "GetConnectionListMappings"),
        (("xyz",), "there are: BreakActorLink"),
        (("AuthenticateUsernamePassword",), "is not called by itself"),
        (("authenticate_implicit",), "is not called by itself"),
        (("GetConnection", '{\n "ErpConnectionId":\n}'), "the arguments, line 3, column 1: not JSON"),
        (("GetConnection", "{ErpConnectionId: 1}"), "line 1, column 2"),
        (("GetConnection", '{"ErpConnectionId": NaN}'), "NaN is no number"),
        (("GetConnection", '{"ErpConnectionId": 1, "ErpConnectionId": 2}'), "'ErpConnectionId' is there twice"),
        (("GetConnection", "[" * 100_000), "nested too deeply"),
        (("GetConnection", "@no/such/file.json"), "no/such/file.json cannot be read"),
        (("GetConnection", "-", "--password-stdin"), "standard input cannot be both"),
        (("GetConnection", "@-", "--password-stdin"), "standard input cannot be both"),
        (("GetConnection", "-"), "standard input, line 1, column 1"),
    ],
)
def test_bad_input_is_2_and_nothing_is_sent(erpsync: Any, client: Any, arguments: tuple[str, ...], said: str) -> None:
    result = erpsync("call", *arguments, **LOGIN)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not client.made


def test_a_files_name_stands_in_its_errors(erpsync: Any, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(b'{\n"Name": "caf\xe9"}')
    result = erpsync("call", "GetConnection", f"@{file}", **LOGIN)
    assert result.exit_code == 2
    assert f"{file}: line 2 is not UTF-8" in result.stderr
