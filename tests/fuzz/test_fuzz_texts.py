"""What comes around an answer, and what is shown of one: statuses, headers, pages, packed bodies, masked texts."""

from __future__ import annotations

import gzip
import zlib
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fuzz.corpus import messages
from fuzz.lengths import at_length, seconds_allowed
from fuzz.mutations import CANARY, mutated
from fuzz.readers import read_packed, read_status, redact

pytestmark = pytest.mark.timeout(seconds_allowed)

dice = st.integers(0, 2**48).map(Random)
corpus = st.sampled_from([*messages("soap"), *messages("rest")])

NUMBERS = st.one_of(st.integers(-5, 70).map(str), st.sampled_from(["9" * 30, "2024", "0001", "9999", "²", ""]))
DATES = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Mon", "Monday", "", "x"]),
    NUMBERS,
    st.sampled_from(["Jan", "Feb", "x", "02"]),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["GMT", "+0200", "-9999", "+" + "9" * 20, "x", ""]),
)
HEADERS = st.one_of(st.text(max_size=40), DATES, NUMBERS)
SECRETS = [
    f"<Password>{CANARY}</Password>",
    f'<n:Ticket xmlns:n="urn:x" a="1">{CANARY}</n:Ticket >',
    f"<ConfigFields><a>x</a><b>{CANARY}</b></ConfigFields>",
    f"<Password><![CDATA[</Password>{CANARY}]]></Password>",
    f"<x:password xmlns:x='urn:y'><!-- </x:password> -->{CANARY}</x:password>",
    f"<a>{CANARY}</a>",
    f'{{"Password": "{CANARY}"}}',
    CANARY,
]


@given(
    st.sampled_from([100, 199, 200, 201, 204, 301, 307, 400, 401, 403, 404, 407, 413, 429, 500, 503, 599]),
    HEADERS,
    corpus,
    dice,
)
@example(503, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", messages("soap")[0], Random(0))
@example(429, "1 Jan 2000 00:00:00 +99999999999999", messages("soap")[0], Random(0))
@at_length
def test_any_status_and_headers_have_a_meaning(status, header, message, random):
    read_status(status, {"Retry-After": header, "Location": header}, mutated(message.data, random))


@pytest.mark.timeout(10)
@pytest.mark.parametrize("comment", [b"<!---->", b"<!-- x -->\n", b"<!--", b"<!-- --", b" "])
def test_a_page_is_told_from_a_message_at_once(comment):
    read_status(200, {}, comment * 5000 + b"<x>")


@given(corpus, dice, st.sampled_from(["gzip", "x-gzip", "deflate", "bare", "identity", "br", " GZip ", None]))
@at_length
def test_packed_bodies_are_unpacked_right_or_refused(message, random, packing):
    match (packing or "").strip().lower():
        case "gzip" | "x-gzip":
            data = gzip.compress(message.data, mtime=0) * random.choice([1, 1, 2])
        case "deflate":
            data = zlib.compress(message.data)
        case "bare":
            data, packing = zlib.compress(message.data, wbits=-zlib.MAX_WBITS), "deflate"
        case _:
            data = message.data
    read_packed(data, packing, random)
    read_packed(mutated(data, random), packing, random)


@given(corpus, st.sampled_from(SECRETS), dice)
@at_length
def test_masking_takes_any_text_and_shows_no_secret(message, secret, random):
    text = mutated(message.data, random).decode("utf-8", "replace")
    place = random.randrange(len(text) + 1)
    if random.random() < 0.7:
        # Between elements more often than within a name.
        place = max(0, text.find(">", place) + 1)
    redact(text[:place] + secret + text[place:])


@given(st.text(max_size=200), st.sampled_from(SECRETS))
@at_length
def test_masking_takes_texts_that_are_no_message(text, secret):
    redact(text)
    redact(secret + text)
    redact(text + secret)
