"""What is said about a WSDL that cannot be used."""

from __future__ import annotations

import pickle
import traceback

import pytest

from superoffice_erpsync import ConfigurationError
from superoffice_erpsync.transports.soap.wsdl import read_contract

IMPORTING = (
    '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:{number}">'
    '<import namespace="urn:{next}" location="http://127.0.0.1/{next}.wsdl"/></definitions>'
)


def test_an_error_from_deep_in_its_imports_goes_to_another_process() -> None:
    asked = iter(range(1, 1000))

    def load(location: str) -> bytes:
        number = next(asked)
        return IMPORTING.format(number=number, next=number + 1).encode()

    with pytest.raises(ConfigurationError, match="imports more than 100 documents, or itself") as caught:
        read_contract(IMPORTING.format(number=0, next=1).encode(), "http://127.0.0.1/0.wsdl", load)
    # Some libraries pickle an error's way and what stood behind it as well, each step within the one before.
    assert len(list(traceback.walk_tb(caught.value.__traceback__))) < 5
    assert caught.value.__context__ is None
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
