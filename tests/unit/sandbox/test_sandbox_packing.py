"""Bodies packed with gzip, without a server."""

from __future__ import annotations

import gzip

import pytest

from superoffice_erpsync.sandbox.http.packing import PackingError, accepts_gzip, unpacked


@pytest.mark.parametrize("content", [b"", b"x", b"abc" * 50_000])
def test_what_was_packed_comes_back(content):
    assert unpacked(gzip.compress(content), None) == content
    assert unpacked(gzip.compress(content), len(content)) == content
    if content:
        assert unpacked(gzip.compress(content), len(content) - 1) is None


def test_a_file_of_several_parts():
    assert unpacked(gzip.compress(b"one") + gzip.compress(b"two"), 6) == b"onetwo"
    assert unpacked(gzip.compress(b"one") + gzip.compress(b"two"), 5) is None
    assert unpacked(gzip.compress(b"one") + gzip.compress(b""), 3) == b"one"


def test_a_bomb_does_not_go_off():
    bomb = gzip.compress(bytes(100_000_000), 9)
    assert len(bomb) < 200_000
    assert unpacked(bomb, 65_536) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"plain", id="plain"),
        pytest.param(gzip.compress(b"half" * 100)[:-9], id="cut off"),
        pytest.param(gzip.compress(b"x") + b"more", id="more behind"),
    ],
)
def test_what_is_no_gzip_is_refused(body):
    with pytest.raises(PackingError) as caught:
        unpacked(body, 1000)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP, deflate", True),
        ("x-gzip", True),
        ("deflate, br", False),
        ("*", True),
        ("*;q=0", False),
        ("none", False),
        ("identity;q=1, *;q=0", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("gzip;q=0.001", True),
        ("gzip;q=1.0, *;q=0", True),
    ],
)
def test_who_takes_gzip(header, accepted):
    assert accepts_gzip(header) is accepted
