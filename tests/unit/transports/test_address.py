"""Addresses as users write them."""

from __future__ import annotations

import pytest

from superoffice_erpsync.errors import ConfigurationError, Outcome
from superoffice_erpsync.transports.soap.address import Address

FOLDER = "https://crm.example.com/Remote/Services86"


@pytest.mark.parametrize(
    "written",
    [
        FOLDER,
        f"{FOLDER}/",
        f"{FOLDER}//",
        f"  {FOLDER}\n",
        f"{FOLDER}/ErpSync.svc",
        f"{FOLDER}/ErpSync.svc/",
        f"{FOLDER}/erpsync.SVC",
        f"{FOLDER}/SoPrincipal.svc",
        f"{FOLDER}/ErpSync.svc/soap",
        f"{FOLDER}/ErpSync.svc?wsdl",
        f"{FOLDER}/ErpSync.svc?WSDL",
        f"{FOLDER}/ErpSync.svc?singleWsdl",
        f"{FOLDER}?wsdl",
        FOLDER.replace("https:", "HTTPS:"),
    ],
)
def test_spellings_of_one_address(written: str) -> None:
    address = Address.parse(written)
    assert address == Address(FOLDER, "Services86")
    assert address.endpoint("ErpSync") == f"{FOLDER}/ErpSync.svc"
    assert address.endpoint("SoPrincipal") == f"{FOLDER}/SoPrincipal.svc"


@pytest.mark.parametrize(
    ("written", "folder", "services"),
    [
        ("http://crm:8080/Services86", "http://crm:8080/Services86", "Services86"),
        ("http://crm/Remote/Services88/", "http://crm/Remote/Services88", "Services88"),
        ("http://crm/Remote/services85", "http://crm/Remote/services85", "Services85"),
        ("http://crm/Remote", "http://crm/Remote", "Services86"),
        ("http://crm", "http://crm", "Services86"),
        ("http://[::1]:8086/Remote/Services86", "http://[::1]:8086/Remote/Services86", "Services86"),
        ("http://127.0.0.1/Services88/Services86", "http://127.0.0.1/Services88/Services86", "Services86"),
        ("http://crm/Services86x", "http://crm/Services86x", "Services86"),
        ("http://crm/with%20blank/Services86", "http://crm/with%20blank/Services86", "Services86"),
    ],
)
def test_folder_and_version(written: str, folder: str, services: str) -> None:
    assert Address.parse(written) == Address(folder, services)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no http or https URL"),
        ("   ", "no http or https URL"),
        ("crm.example.com/Remote/Services86", "no http or https URL"),
        ("/Remote/Services86", "no http or https URL"),
        ("ftp://crm.example.com/Remote/Services86", "no http or https URL"),
        ("file:///etc/passwd", "no http or https URL"),
        ("https:///Remote/Services86", "no http or https URL"),
        ("https://", "no http or https URL"),
        ("https://crm.example.com:eighty/", "no URL"),
        ("https://crm.example.com:99999/", "no URL"),
        ("https://[::1/Services86", "no URL"),
        (f"{FOLDER}?tenant=7", "a query"),
        (f"{FOLDER}#top", "a fragment"),
        ("https://me:secret@crm.example.com/Remote/Services86", "login in it"),
        ("https://me@crm.example.com/Remote/Services86", "login in it"),
    ],
)
def test_refused_addresses(written: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        Address.parse(written)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "https://crm.example.com/Remote/Services86" in str(caught.value.hint)


@pytest.mark.parametrize(
    "written",
    [
        "https://me:sesame@crm.example.com/Remote/Services86",
        "https://me:sesame/x@crm.example.com/Remote/Services86",
        "https://me:sesame?x@crm.example.com/Remote/Services86",
        "https://me:sesame#x@crm.example.com/Remote/Services86",
        "https://me:sesame℀x@crm.example.com/Remote/Services86",
        "https://me:sesame[x@crm.example.com/Remote/Services86",
        "me:sesame@crm.example.com/Remote/Services86",
        "ftp://me:sesame@crm.example.com/Remote/Services86",
        "https://crm.example.com/Remote/Services86?password=sesame",
    ],
)
def test_secret_in_an_address_is_not_repeated(written: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Address.parse(written)
    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(caught.value)
