"""JSON that is none, or is too much. REST only."""

from __future__ import annotations

import json
from typing import Any

from integration.hostile.calls import REST, STATUS
from integration.hostile.scenarios import GARBLED, RIGHT, RIGHT_OR_GARBLED, Ending, Endings, Gives, Scenario, row
from integration.hostile.steps import Answer
from superoffice_erpsync.options import Limits

SAYS = "Ærlig Øl"
TOLD = Gives({"StatusMessage": SAYS})
TOLD_OR_GARBLED = (TOLD, GARBLED)


def js(name: str, document: str | bytes, must: Ending | Endings, *, kind: str | None = None, **more: Any) -> Scenario:
    """A row in which the document comes as the answer of GetEngineStatus."""
    headers = {} if kind is None else {"Content-Type": kind}
    return row(name, Answer(body=document, headers=headers), must=must, wires=(REST,), call=STATUS, **more)


def message(value: str) -> str:
    """An answer with that, in JSON's spelling, as its StatusMessage."""
    return f'{{"IsRunning": true, "StatusMessage": {value}, "Interval": "00:15:00"}}'


BARE = message(f'"{SAYS}"')
PLAIN = message('"Waiting"')

ROWS = (
    js("JSON in UTF-8 with a byte order mark", b"\xef\xbb\xbf" + BARE.encode(), TOLD),
    js("JSON in UTF-16 with a byte order mark", BARE.encode("utf-16"), TOLD_OR_GARBLED),
    js("JSON in UTF-16 without a byte order mark", BARE.encode("utf-16-le"), TOLD_OR_GARBLED),
    js("JSON in UTF-32", BARE.encode("utf-32"), TOLD_OR_GARBLED),
    js("JSON in Latin-1", BARE.encode("latin-1"), GARBLED),
    js("JSON in Latin-1 that the HTTP header says", BARE.encode("latin-1"), TOLD_OR_GARBLED,
       kind="application/json; charset=iso-8859-1"),
    js("JSON in UTF-8 that the HTTP header calls Latin-1", BARE, TOLD_OR_GARBLED,
       kind="application/json; charset=iso-8859-1"),
    js("nothing but a byte order mark where JSON is due", b"\xef\xbb\xbf", GARBLED),
    js("a NUL in a JSON text", message('"\0"'), GARBLED),
    js("a NUL in a JSON text by its number", message('"\\u0000"'), GARBLED),
    js("half of a surrogate pair in JSON", message('"\\ud83d"'), GARBLED),
    js("a surrogate pair in JSON", message('"\\ud83d\\ude00"'), Gives({"StatusMessage": "😀"})),
    js("overlong UTF-8 in JSON", message('"@"').encode().replace(b"@", b"\xc0\xaf"), GARBLED),
    js("JSON cut within an object", PLAIN[:-1], GARBLED),
    js("JSON cut within a text", PLAIN[:40], GARBLED),
    js("JSON cut after its first byte", "{", GARBLED),
    js("two JSON values", PLAIN * 2, GARBLED),
    js("JSON and then junk", PLAIN + "junk", GARBLED),
    js("JSON lines", PLAIN + "\n" + PLAIN + "\n", GARBLED),
    js("a prefix against hijacking", ")]}',\n" + PLAIN, GARBLED),
    js("JSONP", f"callback({PLAIN});", GARBLED),
    js("a comma too many", PLAIN.replace("}", ",}"), GARBLED),
    js("a comment in JSON", PLAIN.replace("{", "{/* so */"), GARBLED),
    js("single quotes", PLAIN.replace('"', "'"), GARBLED),
    js("a name without quotes", PLAIN.replace('"IsRunning"', "IsRunning"), GARBLED),
    js("a member twice that differs", PLAIN.replace("{", '{"IsRunning": false, '), GARBLED),
    js("a member twice that is the same", PLAIN.replace("{", '{"IsRunning": true, '), RIGHT_OR_GARBLED),
    js("a member twice far inside", PLAIN.replace("{", '{"TableRight": {"Mask": "", "Mask": "Select"}, '), GARBLED),
    js("NaN", PLAIN.replace("true", "NaN"), GARBLED),
    js("Infinity where nobody looks", PLAIN.replace("{", '{"Unknown": -Infinity, '), RIGHT_OR_GARBLED),
    js("a number of a million digits", PLAIN.replace("{", '{"Unknown": ' + "9" * 1_000_000 + ", "), RIGHT_OR_GARBLED,
       within=3),
    js("a number beyond all floats", PLAIN.replace("{", '{"Unknown": 1e999999999, '), RIGHT_OR_GARBLED),
    js("XML where JSON is due", "<IsRunning>true</IsRunning>", GARBLED),
    js("a word where JSON is due", "OK", GARBLED),
    js("a JSON text where an object is due", '"OK"', GARBLED),
    js("an array where an object is due", f"[{PLAIN}]", GARBLED),
    js("a boolean where an object is due", "true", GARBLED),
    js("JSON packed into a JSON text", json.dumps(PLAIN), GARBLED),
    js("an object around the object", f'{{"value": {PLAIN}}}', Gives(
        {"IsRunning": False, "StatusMessage": None, "Interval": "00:00:00"})),
    js("arrays deeper than the limit", message('"x", "Unknown": ' + "[" * 150 + "]" * 150), GARBLED),
    js("a hundred thousand arrays in each other", "[" * 100_000 + "]" * 100_000, GARBLED),
    js("a hundred thousand objects in each other", '{"a":' * 100_000 + "1" + "}" * 100_000, GARBLED),
    js("a hundred thousand arrays that nobody closes", "[" * 100_000, GARBLED),
    js("JSON deeper than the user allows", PLAIN.replace("{", '{"Unknown": [[[[[]]]]], '), GARBLED,
       options={"limits": Limits(depth=3)}),
    js("brackets inside a text, which are no depth",
       message('"' + "[" * 500 + '"'), Gives({"StatusMessage": "[" * 500})),
    js("a JSON text of three megabytes",
       message('"' + "a" * 3_000_000 + '"'), Gives({"StatusMessage": "a" * 3_000_000})),
    js("fifty thousand members that nobody knows",
       PLAIN.replace("{", "{" + "".join(f'"x{n}": 1, ' for n in range(50_000))), RIGHT),
    js("JSON with odd blanks", PLAIN.replace(" ", "\r\n\t "), RIGHT),
    js("JSON with a blank that it does not know", PLAIN.replace(" ", "\u00a0"), GARBLED),
    js("a number with a leading zero", PLAIN.replace("{", '{"Unknown": 012, '), GARBLED),
    js("a number with a plus sign", PLAIN.replace("{", '{"Unknown": +1, '), GARBLED),
    js("a line end inside a JSON text", message('"a\nb"'), GARBLED),
    js("a form feed, which no CRM can keep", message('"a\\fb"'), GARBLED),
)  # fmt: skip
