"""Answers mean the same however they are dressed up, and an answer that means nothing is told as such.

The messages are those of a WCF server. Each is written anew with what other stacks put between and around the
elements; the test's own writer does it, so that nothing of the codec has a hand in it.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from superoffice_erpsync import models
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.operations import OPERATIONS

FIXTURES = Path(__file__).parents[3] / "fixtures" / "soap"
NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Those of Services88 have the same form and another namespace.
GOOD = sorted(path for path in FIXTURES.glob("*/wcf.xml") if OPERATIONS[path.parent.name].since <= 86)

# Elements of arrays: leaving out a nil one would move the others.
ITEMS = {"string", "int", *models.__all__}

PREFIXES = ["", "a", "h", "ns1", "SOAP-ENV", "xsi", "i", "_", "Größe"]
FOREIGN = [
    '<x:Extra xmlns:x="urn:foreign">1<x:Inner/>2</x:Extra>',
    '<Extra xmlns="" a="1"/>',
    '<f:Extra xmlns:f="urn:foreign" f:nil="true"><!-- x --></f:Extra>',
]
BETWEEN = ["\n", "\t", " \r\n  ", "<!-- a comment -->", "<!--\n<Fake/>\n-->", " <!----> "]


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def noisy_text(text: str, random: Random) -> str:
    """The same text, cut into pieces that are written each in another way."""
    parts = []
    while text:
        size = random.randint(1, len(text))
        piece, text = text[:size], text[size:]
        match random.randrange(5):
            case 0 if "]]>" not in piece and "\r" not in piece:
                parts.append(f"<![CDATA[{piece}]]>")
            case 1:
                parts.append("".join(f"&#x{ord(one):x};" for one in piece))
            case 2:
                parts.append(escaped(piece) + "<!-- x -->")
            case _:
                parts.append(escaped(piece))
    return "".join(parts) or random.choice(["", "<!-- nothing -->", "<![CDATA[]]>"])


def is_nil(element: Any) -> bool:
    return element.get(f"{{{XSI}}}nil") == "true"


def noise(random: Random) -> str:
    return "".join(random.choices(BETWEEN, k=random.randrange(3)))


def noisy_children(element: Any, random: Random) -> str:
    children = [
        child
        for child in element
        if not is_nil(child) or etree.QName(child).localname in ITEMS or random.random() < 0.5
    ]
    names = [child.tag for child in children]
    in_the_envelope = etree.QName(element).namespace == SOAP
    if len(set(names)) == len(names) and etree.QName(element).localname != "Envelope":
        random.shuffle(children)
    parts = [noise(random)]
    for child in children:
        parts.append(noisy(child, random))
        parts.append(noise(random))
        if random.random() < 0.2 and (not in_the_envelope or etree.QName(element).localname == "Header"):
            parts.append(random.choice(FOREIGN))
    return "".join(parts)


def noisy(element: Any, random: Random) -> str:
    """An element as text, with prefixes of its own."""
    name = etree.QName(element)
    prefix = random.choice(PREFIXES)
    tag = f"{prefix}:{name.localname}" if prefix else name.localname
    attributes = [f'xmlns:{prefix}="{name.namespace}"' if prefix else f'xmlns="{name.namespace}"']
    if is_nil(element):
        attributes.append(f'xmlns:n9="{XSI}" n9:nil="{random.choice(["true", "1", " true "])}"')
    elif random.random() < 0.1:
        attributes.append(f"xmlns:n9='{XSI}' n9:nil='{random.choice(['false', '0'])}'")
    if random.random() < 0.1:
        attributes.append("xmlns:o='urn:other' o:Id='i1' unknown = \"&lt;\"")
    random.shuffle(attributes)
    content = noisy_children(element, random) if len(element) else noisy_text(element.text or "", random)
    return f"<{tag} {' '.join(attributes)}\n>{content}</{tag} >"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), bom=st.booleans())
def test_noise_changes_nothing(path: Path, seed: int, bom: bool) -> None:
    random = Random(seed)
    operation = OPERATIONS[path.parent.name]
    codec = SoapCodec(NAMESPACE if operation.since <= 86 else NAMESPACE.replace("86", str(operation.since)), {})
    clean = path.read_bytes()
    text = noise(random).strip() + noisy(etree.fromstring(clean), random) + noise(random)
    data = text.encode("utf-8-sig" if bom else "utf-8")
    if random.random() < 0.2:
        data = ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16")
    assert codec.answer(operation, data) == codec.answer(operation, clean)


def test_there_is_a_message_for_every_operation() -> None:
    assert [path.parent.name for path in GOOD] == sorted(wire for wire, one in OPERATIONS.items() if one.since <= 86)
