from __future__ import annotations

import pytest

from superoffice_erpsync.sandbox.notation import shown, why_malformed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("[I:30]", "30"),
        ("[I:-1]", "-1"),
        ("[F:75000.5]", "75000.5"),
        ("[F:1E+16]", "1E+16"),
        ("[DT:12/31/2013 23:59:59.0000000]", "2013-12-31 23:59:59"),
        ("[DT:12/31/2013 00:00:00]", "2013-12-31"),
        ("[DT:31/12/2013 00:00:00]", "[DT:31/12/2013 00:00:00]"),
        ("plain [I:1]", "plain [I:1]"),
        ("", ""),
    ],
)
def test_values_as_users_read_them(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("field_type", "value", "fits"),
    [
        ("Integer", "[I:1]", True),
        ("Integer", "[I:]", False),
        ("Integer", "[I:1]\n", False),
        ("Double", "[F:-0.5]", True),
        ("Double", "[F:1E+16]", True),
        ("Double", "[F:-1.5E-05]", True),
        ("Double", "[F:E+16]", False),
        ("Double", "[F:1E+]", False),
        ("Double", "[I:1]", False),
        ("Date", "[DT:02/29/2012 00:00:00.0000000]", True),
        ("Date", "[DT:02/30/2012 00:00:00.0000000]", False),
        ("Date", "[D:02/28/2012]", False),
        ("Text", "[I:x", True),
        ("List", "A", True),
        ("Integer", "", True),
    ],
)
def test_the_form_of_values(field_type, value, fits):
    why = why_malformed(field_type, value)
    assert (why is None) is fits
    if why is not None:
        assert field_type in why
