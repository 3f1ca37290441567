"""Rights on the wire: names of bits, in any spelling, read into the first name of each bit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.carriers import right_names, unknown_right_names
from superoffice_erpsync.codec import values
from superoffice_erpsync.models import EFieldRight, ETableRight

RIGHTS: list[values.Right] = [ETableRight, EFieldRight]
ALIASES = [
    (ETableRight, "None", ""),
    (ETableRight, "R", "Select"),
    (ETableRight, "UR", "Select Update"),
    (ETableRight, "RI", "Select Insert"),
    (ETableRight, "URI", "Select Update Insert"),
    (ETableRight, "UDR", "Select Update Delete"),
    (ETableRight, "FULL", "Select Update Insert Delete"),
    (ETableRight, "F", "Filtering"),
    (ETableRight, "RF", "Select Filtering"),
    (ETableRight, "FI", "Insert Filtering"),
    (ETableRight, "URU", "Update RestrictedUpdate"),
    (ETableRight, "WRITE", "Update Insert RestrictedUpdate"),
    (EFieldRight, "None", ""),
    (EFieldRight, "FULL", "Read Write"),
    (EFieldRight, "Update", "Read Write"),
    (EFieldRight, "Nullable", "Unused4"),
    (EFieldRight, "UIHints", "UIHintMandatory UIHintReadOnly"),
]


@pytest.mark.parametrize(("right", "alias", "names"), ALIASES)
def test_other_names_are_read_into_the_first_of_each_bit(right: values.Right, alias: str, names: str) -> None:
    expected = frozenset(names.split())
    assert values.parse_mask(alias, right) == values.parse_mask_names(alias, right) == expected
    assert values.mask_names([alias], right) == names.split()
    assert all(isinstance(name, right) for name in values.parse_mask(alias, right))


@pytest.mark.parametrize("right", RIGHTS)
@given(data=st.data())
def test_rights_are_read_as_they_are_written(right: values.Right, data: Any) -> None:
    mask = data.draw(st.frozensets(right_names(right) | unknown_right_names(right)))
    names = values.mask_names(mask, right)
    assert values.parse_mask(" ".join(names), right) == mask
    assert values.parse_mask_names(", ".join(names), right) == mask
    assert values.mask_names(mask, right) == names
    known = [name for name in names if name in list(right)]
    assert known == [member.value for member in right if member in mask]
    assert names == known + sorted(set(names) - set(known))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        (" \r\n\t ", set()),
        ("Select", {"Select"}),
        (" Update\tSelect\r\nUpdate ", {"Select", "Update"}),
        ("Select Brandnew", {"Select", "Brandnew"}),
        ("select", {"select"}),
        ("Select\u00a0Update", {"Select\u00a0Update"}),
    ],
)
def test_rights_are_separated_by_the_white_space_of_xml(text: str, names: set[str]) -> None:
    assert values.parse_mask(text, ETableRight) == names


@pytest.mark.parametrize("text", ["Select, Update", "Select,Update", ","])
def test_a_comma_is_no_separator_on_soap(text: str) -> None:
    with pytest.raises(ValueError, match="comma"):
        values.parse_mask(text, ETableRight)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        ("None", set()),
        ("FULL, Filtering", {"Select", "Update", "Insert", "Delete", "Filtering"}),
        (" Update ,,Select, ", {"Select", "Update"}),
        ("Brandnew, R", {"Brandnew", "Select"}),
    ],
)
def test_rights_are_separated_by_commas_in_json(text: str, names: set[str]) -> None:
    assert values.parse_mask_names(text, ETableRight) == names


def test_names_that_are_known_become_members_and_others_stay_texts() -> None:
    mask = values.parse_mask("Select Brandnew", ETableRight)
    assert {type(name) for name in mask} == {ETableRight, str}
    assert values.mask_names({"Zeta", "Alpha", ETableRight.UPDATE, ETableRight.SELECT}, ETableRight) == [
        "Select",
        "Update",
        "Alpha",
        "Zeta",
    ]


def test_one_kind_of_rights_is_not_read_as_the_other() -> None:
    assert values.parse_mask("FULL Unused1", ETableRight) == {"Select", "Update", "Insert", "Delete", "Unused1"}
    assert values.parse_mask("FULL Unused1", EFieldRight) == {"Read", "Write", "Unused1"}
