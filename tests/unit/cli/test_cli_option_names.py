"""Texts of the library in the command's words."""

from __future__ import annotations

from typing import Any

import pytest

from superoffice_erpsync.cli.option_names import said_for_command
from superoffice_erpsync.errors import ServerFault

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pass everything=True if that is meant", "pass --everything if that is meant"),
        ("a preflight is for blank_values='keep'", "a preflight is for --blank-values keep"),
        (
            "was made for another batch: connection_id 1 and not 2",
            "was made for another batch: --connection 1 and not 2",
        ),
        ("use https, or allow_insecure=True (--allow-insecure) where", "use https, or --allow-insecure where"),
        ("name the authority with verify=PATH (--ca-bundle), or", "name the authority with --ca-bundle, or"),
        ("name it with --config, ERPSYNC_CONFIG or config=", "name it with --config or ERPSYNC_CONFIG"),
        ("there are: url, soap_url, repeat_unknown", "there are: url, soap_url, repeat_unknown"),
        ("give soap_url too: the SOAP services", "give --soap-url too: the SOAP services"),
        ("actor_type.csv cannot be read", "actor_type.csv cannot be read"),
        ("/data/soap_url/keys.txt is not UTF-8", "/data/soap_url/keys.txt is not UTF-8"),
        ("chunk_size must be 1 or more", "--chunk-size must be 1 or more"),
    ],
)
def test_arguments_of_python_become_options_and_names_of_files_stay(text: str, said: str) -> None:
    assert said_for_command(text) == said


def test_members_of_a_request_have_the_vendors_names() -> None:
    text = "erp_connection_id is 0, and external_keys is empty"
    assert said_for_command(text, "ForceResyncExternal") == "ErpConnectionId is 0, and ExternalKeys is empty"
    assert said_for_command(text, "GetEngineStatus") == text


def test_what_a_server_says_is_shown_as_it_said_it(erpsync: Any, client: Any) -> None:
    client.error = ServerFault("actor_type and everything=True", operation="ForceSyncAll")
    result = erpsync("sync", "--force", **LOGIN)
    assert "error: ForceSyncAll: actor_type and everything=True" in result.stderr
