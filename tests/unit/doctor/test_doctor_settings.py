"""The settings that an examination begins with."""

from __future__ import annotations

import pytest

from superoffice_erpsync.doctor import Fault, Level, Setup, examine


@pytest.mark.parametrize("host", ["ä..example.com", ".example.com", "a" * 70 + ".example.com"])
@pytest.mark.parametrize("proxies", [None, {"https": "http://127.0.0.1:9"}], ids=["straight", "by a proxy"])
def test_a_host_that_cannot_be_a_name_fails_at_once(host: str, proxies: dict[str, str] | None) -> None:
    first, *rest = examine(Setup(url=f"https://{host}/Remote/Services86", settings={"proxies": proxies}))
    assert (first.step, first.level, first.fault) == ("settings", Level.FAILED, Fault.SETTINGS)
    assert "cannot be the name of a host" in first.text
    assert {one.level for one in rest} == {Level.SKIPPED}
