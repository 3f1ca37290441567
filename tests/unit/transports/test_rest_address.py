"""Addresses of REST APIs as users write them."""

from __future__ import annotations

import pytest

from superoffice_erpsync.errors import ConfigurationError, Outcome
from superoffice_erpsync.transports.rest.address import agent_address

BASE = "https://crm.example.com/api"
AGENT = f"{BASE}/v1/Agents/ErpSync"


@pytest.mark.parametrize(
    "written",
    [
        BASE,
        f"{BASE}/",
        f"{BASE}//",
        f"  {BASE}\n",
        f"{BASE}/v1",
        f"{BASE}/v1/",
        f"{BASE}/V1",
        f"{BASE}/v1/Agents",
        f"{BASE}/v1/Agents/ErpSync",
        f"{BASE}/v1/agents/erpsync/",
        BASE.replace("https:", "HTTPS:"),
        f"{BASE}?",
    ],
)
def test_spellings_of_one_address(written: str) -> None:
    assert agent_address(written) == AGENT


@pytest.mark.parametrize(
    ("written", "agent"),
    [
        ("http://crm:8080/api", "http://crm:8080/api/v1/Agents/ErpSync"),
        ("https://crm.example.com/Cust12345/api", "https://crm.example.com/Cust12345/api/v1/Agents/ErpSync"),
        ("http://[::1]:8086/api", "http://[::1]:8086/api/v1/Agents/ErpSync"),
        ("http://crm", "http://crm/v1/Agents/ErpSync"),
        ("http://crm/v1/api", "http://crm/v1/api/v1/Agents/ErpSync"),
        ("http://crm/api/v10", "http://crm/api/v10/v1/Agents/ErpSync"),
        ("http://crm/apiv1", "http://crm/apiv1/v1/Agents/ErpSync"),
        ("http://crm/with%20blank/api", "http://crm/with%20blank/api/v1/Agents/ErpSync"),
    ],
)
def test_other_addresses_stay_as_they_are(written: str, agent: str) -> None:
    assert agent_address(written) == agent


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no http or https URL"),
        ("   ", "no http or https URL"),
        ("crm.example.com/api", "no http or https URL"),
        ("/api", "no http or https URL"),
        ("ftp://crm.example.com/api", "no http or https URL"),
        ("https:///api", "no http or https URL"),
        ("https://crm.example.com:eighty/api", "no URL"),
        ("https://[::1/api", "no URL"),
        (f"{BASE}?tenant=7", "a query"),
        (f"{BASE}?$select=Name", "a query"),
        (f"{BASE}#top", "a fragment"),
        ("https://me:sesame@crm.example.com/api", "login in it"),
        ("https://me:sesame/x@crm.example.com/api", "URL"),
        ("me:sesame@crm.example.com/api", "no http or https URL"),
        (f"{BASE}?password=sesame", "a query"),
    ],
)
def test_refused_addresses(written: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        agent_address(written)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert BASE in str(caught.value.hint)
    assert "sesame" not in f"{caught.value} {caught.value!r}"
