"""Messages made along the contract's structure, with noise: members left out, doubled, moved, nil, of a wrong kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from superoffice_erpsync.codec.shapes import DictOf, Enumeration, Kind, ListOf, Mask, Model, Scalar, Shape, shape_of
from superoffice_erpsync.models import DSAParameters
from superoffice_erpsync.operations import Operation

_SOAP = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"]
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
_CRYPTOGRAPHY = "http://schemas.datacontract.org/2004/07/System.Security.Cryptography"
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?=<)")
_DEEPEST = 5
_MANY = 40
_LONG = 20_000

_TEXTS: dict[Kind, list[str]] = {
    Kind.STRING: ["", " ", "x", "number 1234", "Rør & <Bøyler>", "\U0001f600", "]]>", "[I:42]", "\n", "x" * 300],
    Kind.INT: ["0", "7", "1234", "-1", " 12 ", "2147483647", "+3"],
    Kind.BOOLEAN: ["true", "false", "1", "0", " true"],
    Kind.DURATION: ["PT15M", "P1DT2H3M4.5S", "-PT0S", "PT0.1234567S"],
    Kind.DATE_TIME: ["2024-02-29T12:00:00.1234567Z", "0001-01-01T00:00:00", "2024-02-29T24:00:00+02:00"],
    Kind.BASE64: ["", "AAAA", "AA ==", "/+8="],
}  # fmt: skip
_SPANS = ["00:15:00", "1.02:03:04.5000000", "-00:00:01", "PT15M"]


def _words(shape: Shape, random: Random) -> str:
    match shape:
        case Scalar(kind):
            return random.choice(_TEXTS[kind])
        case Enumeration(cls):
            return random.choice([*map(str, cls), "NewOne"])
        case Mask(cls):
            return " ".join(random.sample([str(one) for one in cls] + ["NewRight"], random.randrange(4)))
    raise TypeError(shape)


class Writer:
    """Writes messages with a share of noise.

    Args:
        random: Throws the dice.
        noise: Probability of each oddity at each place; 0 for none.
    """

    def __init__(self, random: Random, noise: float) -> None:
        self._random = random
        self._noise = noise

    def _odd(self) -> bool:
        return self._random.random() < self._noise

    def _items(self, depth: int) -> int:
        if depth >= _DEEPEST:
            return 0
        return self._random.choice([0, 1, 3, _MANY] if depth < 3 else [0, 1])

    def _members(self, shape: Model, write: Callable[[Any], Any]) -> list[Any]:
        """What is written for the members, some left out or, where they are odd, doubled and moved."""
        members = list(shape.members)
        if self._odd():
            self._random.shuffle(members)
        found = []
        for member in members:
            times = self._random.choice([0, 2]) if self._odd() else 1
            found += [write(member) for _ in range(times)]
        return found

    # -- XML -----------------------------------------------------------------------------------------------------------

    def soap(self, operation: Operation[Any], namespace: str) -> bytes:
        """An answer of an operation in XML."""
        soap = self._random.choice(_SOAP) if self._odd() else _SOAP[0]
        inner = ""
        if operation.result is not None:
            shape = shape_of(operation.result)
            if operation.result_member is None:
                inner = self._inside(shape, namespace, 0)
            else:
                inner = self._element(operation.result_member, namespace, shape, namespace, 0)
        said = f'<Succeeded xmlns="{namespace}">{"false" if self._odd() else "true"}</Succeeded>'
        head = f"<s:Header>{said}</s:Header>" if self._random.random() < 0.5 else ""
        return (
            f'<s:Envelope xmlns:s="{soap}" xmlns:i="{_XSI}" xmlns:n="{namespace}" xmlns:a="{_ARRAYS}">{head}<s:Body>'
            f'<{operation.response_element} xmlns="{namespace}">{inner}</{operation.response_element}>'
            "</s:Body></s:Envelope>"
        ).encode()

    def _element(self, name: str, own: str, shape: Shape, namespace: str, depth: int) -> str:
        if self._odd():
            own = self._random.choice([namespace, "", "urn:elsewhere", _ARRAYS])
        prefix = {namespace: "n:", _ARRAYS: "a:"}.get(own, "")
        name, declared = prefix + name, "" if prefix else f' xmlns="{own}"'
        if self._odd():
            return f'<{name}{declared} i:nil="true"/>'
        inner = self._inside(shape, namespace, depth)
        if self._odd():
            inner = self._random.choice(
                [f"<!-- x -->{inner}", f"{inner}<Extra xmlns='urn:elsewhere'>1</Extra>", f"\n{inner} ", f"x{inner}"]
            )
        return f"<{name}{declared}>{inner}</{name}>"

    def _inside(self, shape: Shape, namespace: str, depth: int) -> str:
        many = self._items(depth)
        match shape:
            case ListOf(item):
                own, name = (_ARRAYS, item.kind.value) if isinstance(item, Scalar) else (namespace, item.cls.__name__)
                if many == _MANY and not self._odd():
                    # One spelling for all of them, as servers write long arrays.
                    return self._alike(self._element(name, own, item, namespace, depth + 1))
                return "".join(self._element(name, own, item, namespace, depth + 1) for _ in range(many))
            case DictOf(value):
                return "".join(
                    f"<n:{shape.pair}><n:Key>k{place}</n:Key>"
                    f"{self._element('Value', namespace, value, namespace, depth + 1)}</n:{shape.pair}>"
                    for place in range(min(many, 3))
                )
            case Model():
                own = _CRYPTOGRAPHY if shape.cls is DSAParameters else namespace
                if depth >= _DEEPEST:
                    return ""
                return "".join(
                    self._members(shape, lambda one: self._element(one.wire, own, one.shape, namespace, depth + 1))
                )
        return escape(_words(shape, self._random), {"\r": "&#13;"})

    def _alike(self, item: str) -> str:
        """So many of an item that they make a long message, with other numbers in each."""
        times = min(_MANY * 10, _LONG // len(item) + _MANY)
        return "".join(_FOUR_DIGITS.sub(f"{self._random.randrange(10_000):04}", item) for _ in range(times))

    # -- JSON ----------------------------------------------------------------------------------------------------------

    def rest(self, operation: Operation[Any]) -> bytes:
        """An answer of an operation in JSON."""
        value = None if operation.result is None else self._value(shape_of(operation.result), 0)
        return json.dumps(value, ensure_ascii=self._random.random() < 0.5).encode()

    def _value(self, shape: Shape, depth: int) -> Any:
        if self._odd():
            return self._random.choice([None, None, True, 1, 1.5, "", "x", [], {}, [None], {"Message": "no"}])
        many = self._items(depth)
        match shape:
            case ListOf(item):
                return [self._value(item, depth + 1) for _ in range(many)]
            case DictOf(value):
                return {f"k{place}": self._value(value, depth + 1) for place in range(min(many, 3))}
            case Model():
                if depth >= _DEEPEST:
                    return None
                found = self._members(shape, lambda one: (one.wire, self._value(one.shape, depth + 1)))
                return dict(found) | ({"Extra": 1} if self._odd() else {})
            case Scalar(Kind.INT):
                return int(_words(shape, self._random))
            case Scalar(Kind.BOOLEAN):
                return self._random.random() < 0.5
            case Scalar(Kind.DURATION):
                return self._random.choice(_SPANS)
        words = _words(shape, self._random)
        return ", ".join(words.split()) if isinstance(shape, Mask) else words
