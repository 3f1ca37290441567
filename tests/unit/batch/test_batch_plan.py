"""The plan: every key once, in chunks that hold what they promise."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superoffice_erpsync import InvalidRequest
from superoffice_erpsync.batch import Found, InvalidKeys, JournalError
from superoffice_erpsync.batch.chunks import Chunks
from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.keys import LONGEST_KEY, GivenKeys, external_key, internal_key_id, source_of
from superoffice_erpsync.batch.plan import (
    SMALLEST_CHUNK_BYTES,
    Cutting,
    check_of,
    check_same_keys,
    cut,
    digest_of,
    make_plan,
)
from superoffice_erpsync.batch.request_size import FRAME, bytes_of_key
from superoffice_erpsync.codec.rest.requests import request_arguments
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.models import ErpActorType, SoCredentials, SoTimeZone
from superoffice_erpsync.operations import OPERATIONS
from unit.batch.journals import TERMS, planned

CODEC = SoapCodec("http://www.superoffice.net/ws/crm/NetServer/Services86", {})
HEADERS = [
    ("ApplicationToken", "A" * 200),
    ("Credentials", SoCredentials(ticket="7T:" + "x" * 1500)),
    ("TimeZone", SoTimeZone(so_time_zone_id=261, so_time_zone_location_code="NO")),
]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
keys_of_erps = st.one_of(texts, st.text("&<>\"'\\ å日😀", min_size=1, max_size=LONGEST_KEY)).filter(str.strip)


def soap_bytes(operation: str, arguments: dict) -> int:
    return len(CODEC.envelope(CODEC.body(OPERATIONS[operation], arguments), HEADERS))


def rest_bytes(operation: str, arguments: dict) -> int:
    return len(json.dumps(request_arguments(OPERATIONS[operation], arguments)).encode())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(keys_of_erps, min_size=1, max_size=300),
    st.integers(1, 120),
    st.integers(SMALLEST_CHUNK_BYTES, SMALLEST_CHUNK_BYTES + 6000),
)
def test_every_key_is_in_one_chunk_and_no_request_is_larger_than_it_may_be(keys, most, size):
    numbered = list(enumerate(keys, 1))
    chunks = list(cut(numbered, Cutting(keys=most, bytes=size)))
    assert chunks[0][0] == 1
    assert chunks[-1][1] == len(keys)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(chunks))
    for first, last, count, _ in chunks:
        assert count == last - first + 1 <= most
        arguments = {
            "erp_connection_id": 2**31 - 1,
            "erp_actor_type": ErpActorType.CUSTOMER,
            "external_keys": keys[first - 1 : last],
        }
        operation = "ForceResyncExternalNoBlankValues"
        assert max(soap_bytes(operation, arguments), rest_bytes(operation, arguments)) <= size


def test_the_largest_ids_fit_as_well():
    ids = [str(2**31 - 1 - place) for place in range(5_000)]
    chunks = list(cut(enumerate(ids, 1), Cutting(keys=10_000)))
    assert len(chunks) > 1
    for first, last, _, _ in chunks:
        arguments = {"erp_connection_id": 1, "internal_key_ids": [int(one) for one in ids[first - 1 : last]]}
        assert soap_bytes("ForceResync", arguments) <= 60_000


@settings(max_examples=25, deadline=None)
@given(st.lists(keys_of_erps.filter(lambda key: len(key) <= LONGEST_KEY), min_size=1, max_size=60), st.integers(1, 9))
def test_the_journal_has_each_key_once_in_the_order_in_which_they_came(tmp_path_factory, keys, most):
    path = tmp_path_factory.mktemp("plan") / "journal"
    with planned(path, keys, chunk_size=most) as journal:
        chunks = Chunks(journal.connection)
        found = [key for chunk in chunks.to_send(1_000, None) for key in chunks.keys_of(chunk)]
    assert found == list(dict.fromkeys(keys))


def test_duplicates_are_counted_and_keep_their_first_line(tmp_path):
    with planned(tmp_path / "journal", ["C1", "C2", "C1", "C1"]) as journal:
        assert journal.connection.execute("SELECT key, line FROM key").fetchall() == [("C1", 1), ("C2", 2)]
        assert journal.connection.execute("SELECT duplicates FROM run").fetchone() == (2,)


def test_a_key_without_a_line_is_not_passed_over(tmp_path):
    class Own:
        name = "keys of my own"

        def read(self):
            yield Found("C1", 1)
            yield Found("C2", None)  # against the protocol

    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        with pytest.raises(JournalError, match="line"):
            make_plan(journal, Own(), external_key, Cutting(), skip_bad=False, bisect_calls=None)


def test_a_source_may_have_a_name_that_is_no_utf_8(tmp_path):
    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        source = GivenKeys(["C1"], "keys\udcff.txt")
        make_plan(journal, source, external_key, Cutting(), skip_bad=False, bisect_calls=None)
        assert journal.connection.execute("SELECT source FROM run").fetchone() == ("keys\\udcff.txt",)


def test_ids_are_the_same_however_they_are_written(tmp_path):
    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        make_plan(journal, source_of(["7", 7, "007"]), internal_key_id, Cutting(), skip_bad=False, bisect_calls=None)
        assert journal.connection.execute("SELECT key FROM key").fetchall() == [("7",)]


def test_bad_keys_refuse_the_plan_with_the_line_of_each(tmp_path):
    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        keys = [*(f"C{place}" for place in range(6_000)), "", "a\tb", *[" "] * 300]
        with pytest.raises(InvalidKeys) as caught:
            make_plan(journal, source_of(keys), external_key, Cutting(), skip_bad=False, bisect_calls=None)
        error = caught.value
        assert (error.count, len(error.bad_keys)) == (302, 100)
        assert [(one.line, one.reason) for one in error.bad_keys[:2]] == [
            (6_001, "the key is blank"),
            (6_002, "the key has the character U+0009 at position 1"),
        ]
        assert str(error).startswith("the keys given, line 6001: the key is blank\n")
        assert "and 292 more" in str(error)
        assert not journal.planned
        assert journal.connection.execute("SELECT count(*) FROM key").fetchone() == (0,)


def test_bad_keys_are_listed_where_they_are_skipped(tmp_path):
    with planned(tmp_path / "journal", ["C1", "", "x" * 600, "C2"], skip_bad=True) as journal:
        rows = journal.connection.execute("SELECT line, text, reason FROM bad_key").fetchall()
    assert [(line, len(text)) for line, text, _ in rows] == [(2, 0), (3, 81)]


@pytest.mark.parametrize(("keys", "skip_bad"), [([], False), ([""], True)])
def test_no_keys_are_an_error_since_they_would_mean_everything(tmp_path, keys, skip_bad):
    with pytest.raises(InvalidRequest, match="there are no keys in the keys given, which the server would take"):
        planned(tmp_path / "journal", keys, skip_bad=skip_bad)


def test_the_digest_tells_keys_and_their_order_apart(tmp_path):
    digests = {digest_of(source_of(keys), external_key) for keys in (["a", "b"], ["b", "a"], ["ab"], ["a"], ["a", "a"])}
    assert len(digests) == 5
    with planned(tmp_path / "journal", ["a", "", "b"], skip_bad=True) as journal:
        assert journal.digest == digest_of(source_of(["a", "b"]), external_key)


@pytest.mark.parametrize(("keys", "size"), [(0, 60_000), (1, SMALLEST_CHUNK_BYTES - 1)])
def test_chunks_without_room_for_a_key_are_refused(keys, size):
    with pytest.raises(InvalidRequest, match="must be"):
        Cutting(keys=keys, bytes=size)


def test_what_a_key_must_be_depends_on_whether_there_is_an_actor_type():
    assert check_of("Customer")("K1") == "K1"
    assert check_of(None)(17) == "17"
    with pytest.raises(ValueError, match="K1"):
        check_of(None)("K1")


def test_few_bad_keys_are_all_named(tmp_path):
    with pytest.raises(InvalidKeys) as caught:
        planned(tmp_path / "journal", ["C1", "", "\t"])
    assert caught.value.message.splitlines() == [
        "the keys given, line 2: the key is blank",
        "the keys given, line 3: the key is blank",
    ]
    assert (caught.value.count, caught.value.hint) == (2, "nothing was sent; correct the keys and start again")


def test_ten_bad_keys_are_named_and_of_more_their_number(tmp_path):
    for count, last in ((10, "the keys given, line 10: the key is blank"), (11, "and 1 more")):
        with pytest.raises(InvalidKeys) as caught:
            planned(tmp_path / f"journal{count}", [""] * count)
        assert caught.value.message.splitlines()[-1] == last


def test_more_keys_than_are_read_at_a_time_all_go_into_chunks(tmp_path):
    keys = [f"C{place}" for place in range(10_001)]
    with planned(tmp_path / "journal", keys, chunk_size=3_000) as journal:
        rows = journal.connection.execute("SELECT first, last, keys FROM chunk ORDER BY number").fetchall()
    assert (rows[0][0], rows[-1][1], sum(count for *_, count in rows)) == (1, 10_001, 10_001)
    assert all(count == last - first + 1 for first, last, count in rows)


def test_what_is_read_first_counts_as_well_as_what_is_read_last(tmp_path):
    keys = [f"C{place}" for place in range(5_000)]
    with pytest.raises(InvalidKeys) as caught:
        planned(tmp_path / "first", ["", *keys])
    assert caught.value.count == 1
    with planned(tmp_path / "last", [*keys, ""], skip_bad=True) as journal:
        assert journal.connection.execute("SELECT sum(keys) FROM chunk").fetchone() == (5_000,)


def test_a_chunk_is_filled_to_its_last_byte_and_not_beyond():
    own = bytes_of_key("C" * 50)
    fitting = (SMALLEST_CHUNK_BYTES - FRAME) // own + 2
    keys = [(number, "C" * 50) for number in range(2 * fitting)]
    for size, counts in ((FRAME + fitting * own, [fitting, fitting]), (FRAME + fitting * own - 1, [fitting - 1] * 2)):
        assert [count for *_, count, _ in cut(keys, Cutting(keys=9_999, bytes=size))][:2] == counts


def test_what_is_left_out_is_in_no_chunk(tmp_path):
    def without_b(connection):
        connection.execute("UPDATE key SET state = 'left_out' WHERE key = 'B'")

    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        source = source_of(["A", "B", "C"])
        make_plan(journal, source, external_key, Cutting(), skip_bad=False, bisect_calls=9, leave_out=without_b)
        assert journal.connection.execute("SELECT keys FROM chunk").fetchall() == [(2,)]
        assert journal.bisect_calls == 9


def test_a_journal_is_for_the_keys_that_it_was_planned_with(tmp_path):
    with planned(tmp_path / "journal", ["A", "B"]) as journal:
        check_same_keys(journal, source_of(["A", "B"]), external_key)
        # Journals outlive releases: it stays what it is.
        assert journal.digest == sha256(b"A\nB\n").hexdigest()
        with pytest.raises(JournalError, match="was made for other keys than those in") as caught:
            check_same_keys(journal, source_of(["A", "C"]), external_key)
    assert str(tmp_path / "journal") in str(caught.value)
    assert "a journal of its own" in caught.value.hint


def test_a_budget_beyond_all_numbers_is_a_very_large_one(tmp_path):
    with Journal.open(tmp_path / "journal", create=True) as journal:
        journal.begin(TERMS)
        make_plan(journal, source_of(["A"]), external_key, Cutting(), skip_bad=False, bisect_calls=10**30)
        assert journal.bisect_calls > 10**18
