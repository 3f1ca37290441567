"""A document type in an answer is refused, and nothing that it names is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from strategies.noisy_answers import NAMESPACE, SOAP
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import OPERATIONS


def test_the_file_that_it_names_is_not_read(tmp_path: Path) -> None:
    named = tmp_path / "envelope.dtd"
    # What a parser that reads it must trip over.
    named.write_text("<!ELEMENT broken", encoding="utf-8")
    data = (
        f'<!DOCTYPE s:Envelope SYSTEM "{named.as_uri()}"><s:Envelope xmlns:s="{SOAP}"><s:Body>'
        f'<SyncAllResponse xmlns="{NAMESPACE}"/></s:Body></s:Envelope>'
    ).encode()
    with pytest.raises(ProtocolError, match="a document type, which SOAP does not allow"):
        SoapCodec(NAMESPACE, {}).answer(OPERATIONS["SyncAll"], data)
