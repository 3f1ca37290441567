"""Global options: where they may stand, what counts above what, and what becomes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.options import Timeouts

URL = "https://crm.example.com/Remote/Services86"


@pytest.mark.parametrize("arguments", [("--url", URL, "ping"), ("ping", "--url", URL)])
def test_options_stand_before_and_after_the_command(erpsync: Any, client: Any, arguments: tuple[str, ...]) -> None:
    result = erpsync(*arguments)
    assert result.exit_code == 0
    assert client.made[0]["url"] == URL


def test_after_counts_above_before_and_both_above_the_environment(erpsync: Any, client: Any) -> None:
    other, third = "https://two.example.com", "https://three.example.com"
    assert erpsync("--url", URL, "ping", "--url", other, url=third).exit_code == 0
    assert erpsync("--url", URL, "ping", url=third).exit_code == 0
    assert erpsync("ping", url=third).exit_code == 0
    assert [made["url"] for made in client.made] == [other, URL, third]


def test_a_typed_default_counts_above_the_environment(erpsync: Any, client: Any) -> None:
    result = erpsync("--output", "table", "sync", url=URL, output="json", ticket="7T:abc")
    assert "IsOk" in result.stdout
    assert "{" not in result.stdout


def test_everything_that_can_be_said_reaches_the_client(erpsync: Any, client: Any, tmp_path: Path) -> None:
    bundle, certificate = tmp_path / "ca.pem", tmp_path / "me.pem"
    bundle.touch()
    certificate.touch()
    result = erpsync(
        "ping",
        url=URL,
        time_zone="261",
        timeout="2.5",
        wsdl="some/folder",
        services="Services88",
        ca_bundle=str(bundle),
        client_certificate=str(certificate),
        proxy="http://proxy.example.com:8080",
        application_token="token",
    )
    assert result.exit_code == 0
    assert client.made == [
        {
            "url": URL,
            "credentials": None,
            "application_token": "token",
            "time_zone": 261,
            "timeout": Timeouts.of(2.5),
            "wsdl": "some/folder",
            "services": "Services88",
            "verify": str(bundle),
            "client_certificate": certificate,
            "proxies": {"http": "http://proxy.example.com:8080", "https": "http://proxy.example.com:8080"},
            "trust_environment": False,
            "allow_insecure": False,
            "on_exchange": None,
        }
    ]


@pytest.mark.parametrize(
    ("option", "variables", "setting", "value"),
    [
        (("--no-retry",), {"no_retry": "1"}, "retry", None),
        (("--trust-environment",), {"trust_environment": "1"}, "trust_environment", True),
        (("--allow-insecure",), {"allow_insecure": "1"}, "allow_insecure", True),
        (("--deadline", "9"), {"deadline": "9"}, "timeout", Timeouts(deadline=9, sync_deadline=9)),
        (
            ("--timeout", "5", "--deadline", "9"),
            {"timeout": "5", "deadline": "9"},
            "timeout",
            Timeouts(connect=5, read=5, sync=5, deadline=9, sync_deadline=9),
        ),
        ((), {}, "timeout", Timeouts()),
    ],
)
def test_patience_and_trust_reach_the_client(
    erpsync: Any, client: Any, option: tuple[str, ...], variables: dict[str, str], setting: str, value: object
) -> None:
    assert erpsync("ping", *option, url=URL).exit_code == 0
    assert erpsync("ping", url=URL, **variables).exit_code == 0
    assert [made[setting] for made in client.made] == [value, value]


def test_repeating_is_the_clients_own_affair_where_nothing_is_said(erpsync: Any, client: Any) -> None:
    assert erpsync("ping", url=URL).exit_code == 0
    assert "retry" not in client.made[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("sync",),
        ("sync", "--force"),
        ("call", "ForceSyncAll"),
        ("resync", "--connection", "1", "501"),
        ("resync", "--connection", "1", "--actor-type", "Customer", "C1"),
    ],
)
def test_leave_to_repeat_is_given_call_by_call(erpsync: Any, client: Any, arguments: tuple[str, ...]) -> None:
    for options in ((), ("--repeat-unknown",)):
        result = erpsync(*arguments, *options, url=URL, ticket="7T:abc")
        assert result.exit_code == 0, result.stderr
    assert [call.get("repeat_unknown") for _, call in client.calls] == [None, True]


@pytest.mark.parametrize(
    ("text", "zone"), [("261", 261), ("-1", -1), ("NO", "NO"), ("", None), ("9" * 5000, "9" * 5000)]
)
def test_a_time_zone_is_an_id_or_a_code(erpsync: Any, client: Any, text: str, zone: int | str | None) -> None:
    erpsync("ping", url=URL, time_zone=text)
    assert client.made[0].get("time_zone") == zone


@pytest.mark.parametrize("option", ["timeout", "deadline"])
@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_is_a_number_of_seconds(erpsync: Any, client: Any, option: str, seconds: str) -> None:
    result = erpsync("ping", f"--{option}", seconds, url=URL)
    assert result.exit_code == 2
    assert option in result.stderr
    assert not client.calls


def test_without_an_address_nothing_is_called(erpsync: Any, client: Any) -> None:
    result = erpsync("ping")
    assert result.exit_code == 2
    assert "ERPSYNC_URL" in result.stderr
    assert not client.made


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_password_for_the_proxy_is_no_option(erpsync: Any, client: Any, scheme: str) -> None:
    proxy = f"{scheme}me:proxy-password@proxy.example.com:8080"
    result = erpsync("ping", "--proxy", proxy, url=URL)
    assert result.exit_code == 2
    assert "proxy-password" not in result.output
    assert erpsync("ping", url=URL, proxy=proxy).exit_code == 0
    assert client.made[0]["proxies"]["https"] == proxy


@pytest.mark.parametrize("arguments", [(), ("call",), ("sync",), ("resync",), ("ping",), ("sandbox",), ("demo",)])
def test_help_fits_80_columns_and_names_no_secret_option(erpsync: Any, arguments: tuple[str, ...]) -> None:
    result = erpsync(*arguments, "--help", columns="80")
    assert result.exit_code == 0
    assert "Usage: erpsync" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    for secret in ("--password ", "--ticket ", "--application-token"):
        assert secret not in result.stdout


def test_the_version_is_told(erpsync: Any) -> None:
    result = erpsync("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("erpsync ")


@pytest.mark.parametrize(
    "arguments",
    [("nope",), ("--url", URL), ("ping", "--nope"), ("ping", "too", "much"), ("ping", "--output", "xml"), ("resync",)],
)
def test_wrong_usage_is_2_and_said_on_stderr(erpsync: Any, arguments: tuple[str, ...]) -> None:
    result = erpsync(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage" in result.stderr


def test_a_password_on_the_command_line_is_refused_without_repeating_it(erpsync: Any, client: Any) -> None:
    for arguments in (("--password", "geheim", "sync"), ("sync", "--password=geheim"), ("sync", "-pgeheim")):
        result = erpsync(*arguments, url=URL, username="me")
        assert result.exit_code == 2
        assert "geheim" not in result.output
    assert not client.made


def test_rest_has_its_own_options(erpsync: Any, client: Any) -> None:
    result = erpsync(
        "ping",
        url="https://crm.example.com/api",
        transport="rest",
        soap_url=URL,
        language="NO",
        culture="NO",
    )
    assert result.exit_code == 0
    (made,) = client.made
    said = {name: made[name] for name in ("rest", "url", "soap_url", "language", "culture")}
    assert said == {
        "rest": True,
        "url": "https://crm.example.com/api",
        "soap_url": URL,
        "language": "NO",
        "culture": "NO",
    }


@pytest.mark.parametrize(
    ("transport", "option"),
    [
        ("soap", "--soap-url"),
        ("soap", "--language"),
        ("soap", "--culture"),
        ("rest", "--services"),
        ("rest", "--wsdl"),
    ],
)
def test_what_only_the_other_transport_has_is_refused(erpsync: Any, client: Any, transport: str, option: str) -> None:
    result = erpsync("ping", "--transport", transport, option, "x", url=URL)
    assert result.exit_code == 2
    assert option in result.stderr
    assert transport in result.stderr
    assert client.calls == []


@pytest.mark.parametrize(("answer", "code"), [({"IsOk": True}, 0), ({"IsOk": False}, 1), ({"Changes": None}, 0)])
def test_a_trimmed_answer_is_printed_as_it_came(erpsync: Any, client: Any, answer: Any, code: int) -> None:
    client.answer = answer
    result = erpsync(
        "call",
        "SyncAll",
        "--select",
        "IsOk, Changes/UpdatedRecords",
        url=URL,
        transport="rest",
        username="anna",
        password="secret-pw",
    )
    assert result.exit_code == code
    assert json.loads(result.stdout) == answer
    assert client.calls == [
        ("SyncAll", {"arguments": {}, "select": ["IsOk", "Changes/UpdatedRecords"], "everything": False})
    ]


@pytest.mark.parametrize("option", ["--timeout", "--deadline", "--command-deadline"])
@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e13"])
def test_a_time_limit_that_nothing_can_keep_is_refused(erpsync: Any, client: Any, option: str, seconds: str) -> None:
    result = erpsync("ping", "--url", URL, f"{option}={seconds}")
    assert result.exit_code == 2
    assert "must be a number of seconds above 0, and no more than 2,000,000" in result.stderr
    assert client.made == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "{}"),
        ("resync", "--resume", "{}"),
        ("sync", "--lock", "{}"),
        ("sync", "--config", "{}"),
        ("config", "path", "--config", "{}"),
    ],
    ids=" ".join,
)
def test_a_file_that_cannot_even_be_looked_at_is_wrong_input(
    erpsync: Any, client: Any, arguments: tuple[str, ...]
) -> None:
    name = "x" * 300
    result = erpsync(*(one.format(name) for one in arguments), url=URL, ticket="7T:abc")
    assert result.exit_code == 2
    assert "unexpectedly" not in result.stderr
    assert name in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sync", "--lock", ""), "that is a folder"),
        (("sandbox", "--ticket-lifetime", "1e300"), "--ticket-lifetime is longer"),
    ],
    ids=["lock", "lifetime"],
)
def test_what_cannot_be_meant_is_wrong_input(erpsync: Any, client: Any, arguments: tuple[str, ...], said: str) -> None:
    result = erpsync(*arguments, url=URL, ticket="7T:abc")
    assert (result.exit_code, said in result.stderr) == (2, True)
