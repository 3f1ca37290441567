"""What a page in HTML is taken for."""

from __future__ import annotations

import pytest

from superoffice_erpsync.doctor.pages import Kind, page_of, schemes_of
from superoffice_erpsync.transports.http import HttpAnswer


def answer(body: bytes, **headers: str) -> HttpAnswer:
    return HttpAnswer(status=200, reason="OK", headers=headers, body=body)


@pytest.mark.parametrize(
    ("body", "kind", "maker"),
    [
        (b"<HTML><title>ErpSync Service</title>You have created a service. svcutil.exe http://x?wsdl", "service", None),
        (b"<html>Metadata publishing for this service is currently disabled.", "service", None),
        (b"<html><form><input type=password>", "login page", None),
        (b"<html><a href='https://fs.example.com/adfs/ls/'>", "login page", "ADFS"),
        (b"<html><script src='/_layouts/15/init.js'>", "login page", "SharePoint"),
        (b"<html><title>IIS Windows Server</title>", "other page", None),
        (b'{"a": 1}', "data", None),
        (b"", "nothing", None),
        (b"  \r\n", "nothing", None),
    ],
)
def test_a_page_is_told_by_its_kind_and_its_maker(body: bytes, kind: str, maker: str | None) -> None:
    page = page_of(answer(body))
    assert (page.kind, page.maker) == (Kind(kind), maker)


def test_schemes_are_told_in_the_servers_order() -> None:
    assert schemes_of(answer(b"", **{"WWW-Authenticate": 'Negotiate, NTLM, Basic realm="a, b"'})) == [
        "Negotiate",
        "NTLM",
        "Basic",
    ]
    assert schemes_of(answer(b"")) == []
