"""Ways to break a message, each of them small; several one behind the other make a broken message."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

CANARY: Final = "k4n4ry-S3cret"
"""A secret that no error may show."""
LONGEST: Final = 200_000
"""Bytes; nothing is made longer than that."""

Mutation = Callable[[bytes, Random], bytes]

_TAG = re.compile(rb"</?([^\s<>/!?]+)[^<>]*>")
_START = re.compile(rb"<([^\s<>/!?]+)([^<>]*?)(/?)>")
_TEXT = re.compile(rb">([^<>]*)<")
_NAMESPACE = re.compile(rb"xmlns(?::\w+)?=\"([^\"]*)\"")
_JSON_VALUE = re.compile(rb"\"(?:[^\"\\]|\\.)*\"|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\}")

_NAMESPACES = [
    b"http://www.superoffice.net/ws/crm/NetServer/Services86",
    b"http://www.superoffice.net/ws/crm/NetServer/Services88",
    b"http://schemas.xmlsoap.org/soap/envelope/",
    b"http://www.w3.org/2003/05/soap-envelope",
    b"http://schemas.microsoft.com/2003/10/Serialization/Arrays",
    b"http://www.w3.org/2001/XMLSchema-instance",
    b"urn:elsewhere",
    b"",
    b" ",
]
_ATTRIBUTES = [
    b'xmlns=""',
    b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"',
    b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"',
    b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil=" false "',
    b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="maybe"',
    b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="i:int"',
    b'xmlns:x="urn:elsewhere"',
    b'xml:space="preserve"',
    b'a="&lt;&#10;&quot;"',
    b'a="1" a="2"',
    b"a",
]
_TEXTS = [
    b"", b" ", b"\n\t", b"true", b"1", b"0", b" 1 ", b"-1", b"+7", b"007", b"2147483647", b"2147483648",
    b"-2147483648", b"1.0", b"1e3",
    b"9" * 5000, b"NaN", b"Yes", b"PT15M", b"P1Y", b"PT0.1234567S", b"-P1DT2H", b"P999999999999D", b"00:15:00",
    b"1.02:03:04.5",
    b"0001-01-01T00:00:00", b"9999-12-31T23:59:59", b"2024-02-30T00:00:00", b"2024-02-29T24:00:00",
    b"2024-02-29T23:59:60Z", b"2024-02-29T00:00:00.1234567+14:00", b"2024-02-29T00:00:00-1400",
    b"0001-01-01T00:00:00Z",
    b"Select Update", b"Select, Update", b"FULL", b"None", b"Customer", b"Nobody", b"AAAA", b"AA=", b"=",
    b"&amp;&lt;", b"&#13;", b"&#0;", b"&#x1F600;", b"&nbsp;", b"&a;", b"<![CDATA[<x>&]]>", b"<![CDATA[",
    b"]]>", b"<!-- x -->",
    b"<?x y?>", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbf\xbf", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80",
    b"\x00", b"\x0b", b"\r\n",
]  # fmt: skip
_JSON_VALUES = [
    b"null", b"true", b"false", b"0", b"-0", b"1", b"-1", b"1.0", b"1e3", b"1e400", b"-1e-400", b"2147483648",
    b"9" * 5000, b"NaN",
    b"-Infinity", b'""', b'" "', b'"x"', b'"true"', b'"1"', b'"00:15:00"', b'"PT15M"', b'"24:00:00"',
    b'"-10675199.02:48:05.4775808"',
    b'"0001-01-01T00:00:00"', b'"2024-02-29T00:00:00-0500"', b'"FULL"', b'"Select, , Update"', b'"\\ud800"',
    b'"\\ud83d\\ude00"',
    b'"\\u0000"', b'"\\uffff"', b'"\\x"', b'"\n"', b"[]", b"[null]", b"[[]]", b"{}", b'{"a":1,"a":2}',
    b'{"Message":"no"}',
    b'{"Error":true,"ErrorMessage":"no"}', b'{"Message":{},"MessageDetail":[]}', b"'x'", b"// x", b"[1,]",
    b"\xff", b"\xed\xa0\x80",
]  # fmt: skip
_BEFORE = [
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b" ", b"\n", b"<!-- x -->", b"<!---->" * 40,
    b"<?x y?>", b"<!DOCTYPE x>",
    b"<!DOCTYPE html><html><title>x</title>", b'<!DOCTYPE x [<!ENTITY a "b">]>',
    b'<!DOCTYPE x SYSTEM "file:///nowhere">',
    b"<html>", b'<?xml version="1.1"?>', b"<!DOCTYPE x [" + b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n,
    n) for n in range(30)) + b"]>",
]  # fmt: skip
_ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "ascii", "cp1252", "utf-7", "cp037"]
_NO_ENCODINGS = ["none", "", "utf8", "UTF-8-SIG", "idna", "hex", "x" * 300]


def _span(data: bytes, random: Random, most: int = 200) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.randrange(most))


def _replaced(data: bytes, found: re.Match[bytes] | None, group: int, text: bytes) -> bytes:
    return data if found is None else data[: found.start(group)] + text + data[found.end(group) :]


def _found(pattern: re.Pattern[bytes], data: bytes, random: Random) -> re.Match[bytes] | None:
    # From a place on and not among all: long messages have thousands.
    return pattern.search(data, random.randrange(len(data) + 1)) or pattern.search(data)


def flip(data: bytes, random: Random) -> bytes:
    """Some bits changed."""
    broken = bytearray(data)
    for _ in range(random.randint(1, 4)):
        if broken:
            broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
    return bytes(broken)


def insert(data: bytes, random: Random) -> bytes:
    """Something put in anywhere."""
    place = random.randrange(len(data) + 1)
    what = random.choice([random.choice(_TEXTS), random.choice(_JSON_VALUES), random.randbytes(random.randint(1, 8))])
    return data[:place] + what + data[place:]


def delete(data: bytes, random: Random) -> bytes:
    """A part left out."""
    start, end = _span(data, random)
    return data[:start] + data[end:]


def cut(data: bytes, random: Random) -> bytes:
    """Only the beginning."""
    return data[: random.randrange(len(data) + 1)]


def repeat(data: bytes, random: Random) -> bytes:
    """A part several times, or very often."""
    start, end = _span(data, random)
    times = random.choice([2, 3, 50, 1000])
    return data[:end] + data[start:end] * min(times, LONGEST // max(1, end - start)) + data[end:]


def move(data: bytes, random: Random) -> bytes:
    """A part in another place."""
    start, end = _span(data, random)
    rest = data[:start] + data[end:]
    place = random.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


def repeat_element(data: bytes, random: Random) -> bytes:
    """An element with all that is in it, several times or very often."""
    found = _found(_START, data, random)
    if found is None:
        return data
    end = found.end() if found[3] else data.find(b"</" + found[1] + b">", found.end()) + len(found[1]) + 3
    if end <= found.end() and not found[3]:
        return data
    element = data[found.start() : end]
    return data[:end] + element * min(random.choice([1, 2, 300]), LONGEST // len(element)) + data[end:]


def nest(data: bytes, random: Random) -> bytes:
    """An element, or an array, many levels deep in itself."""
    depth = random.choice([3, 60, 120, 3000])
    found = _found(_START, data, random)
    if found is None:
        value = _found(_JSON_VALUE, data, random)
        opening, closing = random.choice([(b"[", b"]"), (b'{"InnerException":', b"}")])
        return data if value is None else _replaced(data, value, 0, opening * depth + value[0] + closing * depth)
    opening, closing = b"<" + found[1] + b">", b"</" + found[1] + b">"
    return data[: found.start()] + opening * depth + closing * depth + data[found.start() :]


def rename(data: bytes, random: Random) -> bytes:
    """Another name for an element: at one end, at both, or everywhere."""
    found, other = _found(_TAG, data, random), _found(_TAG, data, random)
    if found is None or other is None:
        return data
    name = random.choice(
        [other[1], found[1][:-1] + b"x", found[1].rpartition(b":")[2], b"q:" + found[1], found[1].upper()]
    )
    return _replaced(data, found, 1, name) if random.random() < 0.3 else data.replace(found[1], name)


def attribute(data: bytes, random: Random) -> bytes:
    """One more attribute."""
    found = _found(_START, data, random)
    return _replaced(data, found, 2, b" " + random.choice(_ATTRIBUTES) + (found[2] if found else b""))


def namespace(data: bytes, random: Random) -> bytes:
    """Another namespace for a prefix, or for all that had this one."""
    found = _found(_NAMESPACE, data, random)
    other = random.choice(_NAMESPACES)
    if found is None or random.random() < 0.5:
        return _replaced(data, found, 1, other)
    return data.replace(b'"' + found[1] + b'"', b'"' + other + b'"')


def text(data: bytes, random: Random) -> bytes:
    """Another text in an element."""
    return _replaced(data, _found(_TEXT, data, random), 1, random.choice(_TEXTS))


def json_value(data: bytes, random: Random) -> bytes:
    """Another value in JSON."""
    return _replaced(data, _found(_JSON_VALUE, data, random), 0, random.choice(_JSON_VALUES))


def secret(data: bytes, random: Random) -> bytes:
    """A secret in a text, as servers quote what they were sent."""
    if data.lstrip()[:1] == b"<":
        return _replaced(data, _found(_TEXT, data, random), 1, b"said " + CANARY.encode())
    return _replaced(data, _found(_JSON_VALUE, data, random), 0, b'"said ' + CANARY.encode() + b'"')


def before(data: bytes, random: Random) -> bytes:
    """Something in front."""
    return random.choice(_BEFORE) + data


def encoding(data: bytes, random: Random) -> bytes:
    """Another encoding, declared, used, or both."""
    name = random.choice(_ENCODINGS)
    declared = random.choice([name, name, random.choice(_ENCODINGS), random.choice(_NO_ENCODINGS)])
    words = data.decode("utf-8", "replace")
    if words.startswith("<") and random.random() < 0.7:
        words = f'<?xml version="1.0" encoding="{declared}"?>' + re.sub(r"^<\?xml[^>]*\?>", "", words)
    return words.encode(name, "replace")


MUTATIONS: tuple[Mutation, ...] = (
    flip, insert, delete, cut, repeat, move, repeat_element, nest, rename, attribute, namespace, text, json_value,
    secret, before, encoding,
)  # fmt: skip


GENTLE: tuple[Mutation, ...] = (text, json_value, secret, attribute, repeat_element, namespace)


def mutated(data: bytes, random: Random) -> bytes:
    """A message broken in one to three ways."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        data = random.choice(MUTATIONS)(data, random)[:LONGEST]
    return data


def touched(data: bytes, random: Random) -> bytes:
    """A message with one or two oddities in it, which may be as good as before."""
    for _ in range(random.randint(1, 2)):
        data = random.choice(GENTLE)(data, random)[:LONGEST]
    return data
