"""XML that is not what a SOAP message may be: encodings that lie, entities, depths and floods. SOAP only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from integration.hostile.calls import SOAP, STATUS
from integration.hostile.messages import XML_DECLARATION, status, synced
from integration.hostile.scenarios import GARBLED, RIGHT_OR_GARBLED, Ending, Endings, Gives, Scenario, row
from integration.hostile.steps import Answer
from superoffice_erpsync.options import Limits

SAYS = "Ærlig Øl"
TOLD = Gives({"StatusMessage": SAYS})
TOLD_OR_GARBLED = (TOLD, GARBLED)


def xml(name: str, document: str | bytes, must: Ending | Endings, *, kind: str | None = None, **more: Any) -> Scenario:
    """A row in which the document comes as the answer of GetEngineStatus."""
    headers: Mapping[str, str | None] = {} if kind is None else {"Content-Type": kind}
    return row(name, Answer(body=document, headers=headers), must=must, wires=(SOAP,), call=STATUS, **more)


def cut(name: str, change: Callable[[bytes], bytes]) -> Scenario:
    """A row in which the good answer ends too soon, and its length says that it is whole."""
    return row(name, Answer(change=change), must=GARBLED, wires=(SOAP,))


def message(content: str) -> str:
    """An answer with that in its StatusMessage."""
    return status(f"<n:StatusMessage>{content}</n:StatusMessage>")


def declared(encoding: str) -> str:
    """A message with words beyond ASCII that says it is written in that encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>{message(SAYS)}'


def typed(subset: str, content: str) -> str:
    """A message with a document type."""
    return f"<!DOCTYPE x [{subset}]>{message(content)}"


BARE = message(SAYS)


def with_attributes(attributes: Iterable[str]) -> str:
    """The message with attributes on its Body."""
    return BARE.replace("<s:Body>", f"<s:Body {' '.join(attributes)}>")


ENCODINGS = (
    xml("UTF-8 without a declaration", BARE, TOLD),
    xml("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + declared("utf-8").encode(), TOLD),
    xml("two byte order marks", b"\xef\xbb\xbf" * 2 + BARE.encode(), GARBLED),
    xml("nothing but a byte order mark", b"\xef\xbb\xbf", GARBLED),
    xml("UTF-16 with a byte order mark, little end first", declared("utf-16").encode("utf-16"), TOLD),
    xml("UTF-16 with a byte order mark, big end first", b"\xfe\xff" + declared("utf-16").encode("utf-16-be"), TOLD),
    xml("UTF-16 with a byte order mark and no declaration", BARE.encode("utf-16"), TOLD),
    xml("UTF-16 without a byte order mark", declared("utf-16").encode("utf-16-le"), TOLD_OR_GARBLED),
    xml("UTF-16 without a byte order mark or a declaration", BARE.encode("utf-16-be"), TOLD_OR_GARBLED),
    xml("UTF-16 that says it is UTF-8", declared("utf-8").encode("utf-16"), TOLD_OR_GARBLED),
    xml("UTF-8 that says it is UTF-16", declared("utf-16").encode(), TOLD_OR_GARBLED),
    xml("UTF-16 cut in the middle of a character", BARE.encode("utf-16")[:-1], GARBLED),
    xml("UTF-32", declared("utf-32").encode("utf-32"), TOLD_OR_GARBLED),
    xml("Latin-1 that says so", declared("iso-8859-1").encode("latin-1"), TOLD),
    xml("Windows-1252 that says so", declared("windows-1252").encode("cp1252"), TOLD_OR_GARBLED),
    xml("Latin-1 that does not say so", BARE.encode("latin-1"), GARBLED),
    xml("Latin-1 that says it is UTF-8", declared("utf-8").encode("latin-1"), GARBLED),
    xml("Latin-1 that only the HTTP header says", BARE.encode("latin-1"), TOLD_OR_GARBLED,
        kind="text/xml; charset=iso-8859-1"),
    xml("UTF-8 that the HTTP header calls Latin-1, against the document",
        declared("utf-8"), TOLD_OR_GARBLED, kind="text/xml; charset=iso-8859-1"),
    xml("Latin-1 that the HTTP header calls UTF-8, against the document",
        declared("iso-8859-1").encode("latin-1"), TOLD_OR_GARBLED, kind="text/xml; charset=utf-8"),
    xml("a charset in the HTTP header that there is not", BARE, TOLD_OR_GARBLED, kind="text/xml; charset=klingon"),
    xml("UTF-7, by which tags hide", declared("utf-7").encode("utf-7"), TOLD_OR_GARBLED),
    xml("an encoding that there is not", declared("klingon"), GARBLED),
    xml("an encoding of a thousand letters", declared("k" * 1000), GARBLED),
    xml("EBCDIC that says so", declared("cp037").encode("cp037"), TOLD_OR_GARBLED),
    xml("a character in an overlong form", message("@").encode().replace(b"@", b"\xc0\xaf"), GARBLED),
    xml("half of a surrogate pair in UTF-8", message("@").encode().replace(b"@", b"\xed\xa0\x80"), GARBLED),
    xml("a byte that no encoding has here", message("@").encode().replace(b"@", b"\xff"), GARBLED),
    xml("a NUL in a text", message("@").encode().replace(b"@", b"\0"), GARBLED),
    xml("a control character in a text", message("\x08"), GARBLED),
    xml("a NUL by its number", message("&#0;"), GARBLED),
    xml("a control character by its number", message("&#8;"), GARBLED),
    xml("a surrogate by its number", message("&#xD800;"), GARBLED),
    xml("a character beyond all planes by its number", message("&#x110000;"), GARBLED),
    xml("characters by their numbers, which are fine", message("&#198;rlig &#xD8;l"), TOLD),
    xml("version 1.1 of XML", f'<?xml version="1.1"?>{BARE}', TOLD_OR_GARBLED),
    xml("a blank before the declaration", " " + XML_DECLARATION + BARE, GARBLED),
)  # fmt: skip

BOMB = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))

TYPES = (
    xml("a document type that is empty", typed("", SAYS), GARBLED),
    xml("a document type without brackets", f"<!DOCTYPE Envelope>{BARE}", GARBLED),
    xml("a document type in a file", f'<!DOCTYPE x SYSTEM "{{secret}}">{BARE}', GARBLED),
    xml("a document type at another server", f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{{elsewhere}}/x.dtd">{BARE}',
        GARBLED),
    xml("an entity of the document's own", typed(f'<!ENTITY e "{SAYS}">', "&e;"), GARBLED),
    xml("an entity that is a local file", typed('<!ENTITY e SYSTEM "{secret}">', "&e;"), GARBLED),
    xml("an entity at another server",
        typed('<!ENTITY e SYSTEM "http://127.0.0.1:{elsewhere}/x">', "&e;"), GARBLED),
    xml("a parameter entity at another server",
        typed('<!ENTITY % e SYSTEM "http://127.0.0.1:{elsewhere}/x"> %e;', SAYS), GARBLED),
    xml("a billion laughs", typed(f'<!ENTITY l0 "ha">{BOMB}', "&l9;"), GARBLED, within=2),
    xml("a billion laughs in an attribute",
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{BOMB}]>' + with_attributes(['x="&l9;"']), GARBLED, within=2),
    xml("a long entity a thousand times",
        typed('<!ENTITY e "' + "a" * 100_000 + '">', "&e;" * 1000), GARBLED, within=2),
    xml("an entity that holds itself", typed('<!ENTITY e "&e;">', "&e;"), GARBLED),
    xml("an attribute with a default from a document type",
        f"<!DOCTYPE x [<!ATTLIST s:Body id CDATA 'x'>]>{BARE}", GARBLED),
    xml("an entity that nobody declared", message("&nbsp;"), GARBLED),
    xml("an entity that nobody closed", message("a & b"), GARBLED),
    xml("XInclude of a local file, which stays an element that nobody knows",
        BARE.replace("<n:StatusMessage>",
                     '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
                     "<n:StatusMessage>"), TOLD),
    xml("XInclude inside a value",
        message('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'), GARBLED),
    xml("a schema location at another server, which nobody fetches",
        with_attributes(['i:schemaLocation="x http://127.0.0.1:{elsewhere}/x.xsd"']), TOLD),
    xml("a style sheet before the envelope", f'<?xml-stylesheet href="x.xsl"?>{BARE}', GARBLED),
    xml("a processing instruction inside a value", message("Ærlig <?php echo 1 ?>Øl"), GARBLED),
    xml("a processing instruction after the envelope", f"{BARE}<?end?>", GARBLED),
    xml("a comment inside a value, which must not cut it", message("Ærlig <!-- not so -->Øl"), TOLD),
    xml("a comment that holds a tag", message("Ærlig <!-- </n:StatusMessage> -->Øl"), TOLD),
    xml("comments around everything", f"<!-- a -->{BARE}<!-- b -->", TOLD),
    xml("CDATA in parts", message("<![CDATA[Ærlig]]> <![CDATA[Øl]]>"), TOLD),
    xml("CDATA with markup in it", message("<![CDATA[<b>&amp;</b>]]>"), Gives({"StatusMessage": "<b>&amp;</b>"})),
    xml("CDATA that nobody closed", message("<![CDATA[Ærlig Øl"), GARBLED),
)  # fmt: skip

DEEP = "<x>" * 150 + "</x>" * 150
VERY_DEEP = "<x>" * 200_000 + "</x>" * 200_000

FLOODS = (
    xml("elements deeper than the limit where nobody knows them", status(DEEP), GARBLED),
    xml("two hundred thousand elements in each other", status(VERY_DEEP), GARBLED),
    xml("two hundred thousand elements in each other around the envelope", VERY_DEEP, GARBLED),
    xml("two hundred thousand elements that nobody closes", "<x>" * 200_000, GARBLED),
    xml("a message deeper than the user allows", BARE, GARBLED, options={"limits": Limits(depth=3)}),
    xml("a text of three megabytes", message("a" * 3_000_000), Gives({"StatusMessage": "a" * 3_000_000})),
    xml("a text of twelve megabytes, more than parsers like",
        message("a" * 12_000_000), (Gives({"StatusMessage": "a" * 12_000_000}), GARBLED), within=20),
    xml("fifty thousand attributes",
        with_attributes(f'a{n}="x"' for n in range(50_000)), TOLD_OR_GARBLED),
    xml("fifty thousand namespaces",
        with_attributes(f'xmlns:a{n}="x{n}"' for n in range(50_000)), TOLD_OR_GARBLED),
    xml("an attribute of a megabyte", with_attributes(['a="' + "x" * 1_000_000 + '"']), TOLD_OR_GARBLED),
    xml("a name of a megabyte", status("<" + "x" * 1_000_000 + "/>"), RIGHT_OR_GARBLED),
    xml("a hundred thousand elements that nobody knows", status("<x/>" * 100_000),
        (Gives({"StatusMessage": None}), GARBLED)),
    xml("a hundred thousand header blocks",
        BARE.replace("<s:Header>", "<s:Header>" + "<x/>" * 100_000), TOLD_OR_GARBLED),
    xml("a hundred thousand comments", BARE + "<!-- x -->" * 100_000, TOLD_OR_GARBLED),
    xml("the same attribute twice", with_attributes(['a="1" a="2"']), GARBLED),
    xml("the same namespace under two prefixes and an attribute in both",
        with_attributes(['xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"']), GARBLED),
    xml("a prefix that nobody declared", BARE.replace("<s:Body>", "<s:Body><q:x/>"), GARBLED),
    xml("two envelopes", BARE * 2, GARBLED),
    xml("text after the envelope", BARE + "junk", GARBLED),
    xml("NUL bytes after the envelope", BARE.encode() + b"\0\0", GARBLED),
    xml("not a tag closed", BARE.replace("</s:Envelope>", ""), GARBLED),
    xml("tags that cross", BARE.replace("</s:Body></s:Envelope>", "</s:Envelope></s:Body>"), GARBLED),
    cut("one byte of a message", lambda data: data[:1]),
    cut("a message cut within its first tag", lambda data: data[:30]),
    cut("a message cut within an attribute", lambda data: data[: data.index(b"xmlns:n=") + 20]),
    cut("a message cut before its body", lambda data: data[: data.index(b"<s:Body>")]),
    cut("a message cut within a value", lambda data: data[: data.index(b"contact") + 3]),
    cut("a message cut within a character", lambda data: data[: data.index("Ø".encode()) + 1]),
    cut("a message cut before its last byte", lambda data: data[:-1]),
    row("a message whose middle is missing",
        Answer(change=lambda data: data[:300] + data[-40:]), must=GARBLED, wires=(SOAP,)),
    row("a message in MIME parts, as attachments come", Answer(
        body=f"--x\r\nContent-Type: text/xml\r\n\r\n{synced()}\r\n--x--\r\n",
        headers={"Content-Type": 'multipart/related; boundary="x"'}), must=GARBLED, wires=(SOAP,)),
)  # fmt: skip

ROWS = (*ENCODINGS, *TYPES, *FLOODS)
