"""Values that the contract does not allow, and some that it does: never a guess, never another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integration.hostile.calls import CAN_DELETE, REST, SOAP, STATUS, SUMMARY, SYNC, TOGGLE, Call
from integration.hostile.messages import answered, status, synced
from integration.hostile.scenarios import GARBLED, UNKNOWN, Ending, Endings, Fails, Gives, GivesNone, Scenario, row
from integration.hostile.steps import Answer
from superoffice_erpsync import ProtocolError


def xml(name: str, document: str, must: Ending | Endings, call: Call = SYNC) -> Scenario:
    """A row for SOAP with that answer."""
    return row(name, Answer(body=document), must=must, wires=(SOAP,), call=call)


def js(name: str, document: str, must: Ending | Endings, call: Call = SYNC) -> Scenario:
    """A row for REST with that answer."""
    return row(name, Answer(body=document), must=must, wires=(REST,), call=call)


def bad(path: str) -> Fails:
    """The answer is refused, and the error names the place."""
    return Fails(ProtocolError, UNKNOWN, path)


def record(number: str, attributes: str = "") -> str:
    """An answer of ForceSyncAll with a RecordId written like that."""
    return synced(
        "<n:IsOk>true</n:IsOk><n:Changes><n:UpdatedRecords><n:ChangedDataItem><n:Tablename>contact</n:Tablename>"
        f"<n:RecordId{attributes}>{number}</n:RecordId></n:ChangedDataItem></n:UpdatedRecords></n:Changes>"
    )


def found(number: int) -> Gives:
    """The result with that RecordId."""
    item = {"Tablename": "contact", "RecordId": number, "TableRight": None, "FieldProperties": None}
    none = {"TableRight": None, "FieldProperties": None}
    changes = {"AddedRecords": None, "UpdatedRecords": [item], "DeletedRecords": None, **none}
    return Gives({"UserExplanation": None, "Changes": changes})


def summary(member: str) -> str:
    """An answer of GetErpSyncConnectionSummary with that in it."""
    return answered("GetErpSyncConnectionSummary", member)


def dated(text: str) -> str:
    """An answer of GetErpSyncConnectionSummary with that date."""
    return summary(f"<n:LastSync>{text}</n:LastSync>")


def masked(text: str) -> str:
    """An answer of GetErpSyncConnectionSummary with those rights."""
    return summary(f"<n:TableRight><n:Mask>{text}</n:Mask></n:TableRight>")


SAID = {"DisplayName": None, "LastSync": "0001-01-01T00:00:00", "TableRight": None}
_BAD_NUMBERS = {
    "above 32 bits": "2147483648", "below 32 bits": "-2147483649", "of a thousand digits": "9" * 1000,
    "with an underscore": "1_0", "with a fraction": "12.0", "with an exponent": "1e1", "in hexadecimal": "0x12",
    "with a thousands separator": "1,000", "in digits of another script": "١٢", "empty": "", "in words": "twelve",
    "with two signs": "--1", "with a blank inside": "1 2", "that is NaN": "NaN",
}  # fmt: skip
_BAD_DATES = {
    "with a day that there is not": "2023-02-29T00:00:00", "with month 13": "2024-13-01T00:00:00",
    "with hour 25": "2024-01-01T25:00:00", "without a time": "2024-02-29",
    "with a blank for its T": "2024-02-29 13:45:30",
    "of American form": "02/29/2024 13:45:30", "as a number of seconds": "1709214330", "empty": "",
    "in year 12024": "12024-01-01T00:00:00", "with an offset of 15 hours": "2024-02-29T13:45:30+15:00",
    "in another script": "٢٠٢٤-02-29T13:45:30", "before our era": "-2024-02-29T13:45:30",
}  # fmt: skip
_BAD_DURATIONS = {
    "of a year": "P1Y", "of a month": "P1M", "as a clock shows it": "00:15:00", "without a number": "PT", "empty": "",
    "in lower case": "pt15m", "of 10^30 days": f"P1{'0' * 30}D", "with a comma": "PT1,5S", "in weeks": "P2W",
    "of four thousand digits": f"PT{'9' * 4000}S",
}  # fmt: skip
_BAD_BOOLEANS = {"Yes": "Yes", "TRUE": "TRUE", "empty": "", "2": "2", "a word": "maybe", "a number of bits": "01"}

NUMBERS = (
    *(xml(f"a number {what}", record(text), bad("RecordId")) for what, text in _BAD_NUMBERS.items()),
    xml("the largest number of 32 bits", record("2147483647"), found(2147483647)),
    xml("the smallest number of 32 bits", record("-2147483648"), found(-2147483648)),
    xml("a number with a plus sign, zeros and blanks around it", record("\n +0012 \t"), found(12)),
    xml("a number that is nil", record("", ' i:nil="true"'), bad("RecordId")),
    xml("a number that is nil and has a value", record("12", ' i:nil="true"'), bad("RecordId")),
    xml("a number with an element in it", record("12<n:x/>"), bad("RecordId")),
    xml("a number whose xsi:type says a text",
        record("12", ' i:type="x:string" xmlns:x="http://www.w3.org/2001/XMLSchema"'), bad("RecordId")),
    xml("a number whose xsi:type says what it is",
        record("12", ' i:type="x:int" xmlns:x="http://www.w3.org/2001/XMLSchema"'), found(12)),
    xml("a number whose xsi:type has a prefix that nobody declared", record("12", ' i:type="q:int"'), bad("RecordId")),
    xml("a number with an xsi:nil that is no boolean", record("12", ' i:nil="perhaps"'), bad("RecordId")),
)  # fmt: skip

OTHERS = (
    *(xml(f"a date {what}", dated(text), bad("LastSync"), SUMMARY) for what, text in _BAD_DATES.items()),
    xml("a date with seven digits of a second, cut to six", dated("2024-02-29T13:45:30.1234567"),
        Gives({**SAID, "LastSync": "2024-02-29T13:45:30.123456"}), SUMMARY),
    xml("the date that stands for none", dated("0001-01-01T00:00:00"), Gives(SAID), SUMMARY),
    *(xml(f"a duration {what}", status(interval=text), bad("Interval"), STATUS)
      for what, text in _BAD_DURATIONS.items()),
    xml("a duration of minus five seconds", status(interval="-PT5S"), Gives({"Interval": "-00:00:05"}), STATUS),
    *(xml(f"IsOk that is {what}", synced(f"<n:IsOk>{text}</n:IsOk>"), bad("IsOk"))
      for what, text in _BAD_BOOLEANS.items()),
    xml("IsOk that is nil", synced('<n:IsOk i:nil="true"/>'), bad("IsOk")),
    xml("no IsOk", synced("<n:UserExplanation/>"), bad("IsOk")),
    xml("IsOk twice and the two differ", synced("<n:IsOk>true</n:IsOk><n:IsOk>false</n:IsOk>"), bad("IsOk")),
    xml("IsOk in no namespace", synced('<IsOk xmlns="">true</IsOk>'), bad("IsOk")),
    xml("IsOk in another namespace", synced('<IsOk xmlns="urn:other">true</IsOk>'), bad("IsOk")),
    xml("rights with a comma", masked("Select, Update"), bad("Mask"), SUMMARY),
    xml("rights that nobody knows, kept", masked("Select Levitate"),
        Gives({**SAID, "TableRight": {"Mask": "Select, Levitate", "Reason": None}}), SUMMARY),
    xml("a text with an element in it", status("<n:StatusMessage>a<b/>c</n:StatusMessage>"), bad("StatusMessage"),
        STATUS),
    xml("a text twice", status("<n:StatusMessage>a</n:StatusMessage><n:StatusMessage>b</n:StatusMessage>"),
        bad("StatusMessage"), STATUS),
    xml("a text that is nil and has words", status('<n:StatusMessage i:nil="1">a</n:StatusMessage>'),
        bad("StatusMessage"), STATUS),
    xml("a text that is empty, which is not none", status("<n:StatusMessage/>"), Gives({"StatusMessage": ""}), STATUS),
    xml("text between members", status("junk<n:StatusMessage>Waiting</n:StatusMessage>"), GARBLED, STATUS),
    xml("members in another order, and some that nobody knows",
        answered("GetEngineStatus", "<n:New>1</n:New><n:Interval>PT15M</n:Interval><q:x xmlns:q='u'/>"
                 "<n:StatusMessage>Waiting</n:StatusMessage><n:IsRunning>1</n:IsRunning>"), Gives(), STATUS),
    xml("a word that an enumeration does not know, kept",
        answered("CanDeleteErpSyncConnectorEntity", "ErrorOfTomorrow"), Gives("ErrorOfTomorrow"), CAN_DELETE),
    xml("an empty word for an enumeration", answered("CanDeleteErpSyncConnectorEntity", ""), GARBLED, CAN_DELETE),
    xml("texts of an array in the services' namespace, where WCF has its own",
        answered("ToggleErpConnectionActive", "<n:string>NAME has no direction</n:string>"), GARBLED, TOGGLE),
    xml("an array with nil and empty texts",
        answered("ToggleErpConnectionActive", '<a:string i:nil="true"/><a:string/>'), Gives([None, ""]), TOGGLE),
    xml("an array that is none, where an empty one would mean that all is well",
        "<x/>", GARBLED, TOGGLE),
    xml("an array with text in it", answered("ToggleErpConnectionActive", "junk<a:string/>"), GARBLED, TOGGLE),
)  # fmt: skip

_STATUS: Mapping[str, str] = {"IsRunning": "true", "StatusMessage": '"Waiting"', "Interval": '"00:15:00"'}


def member(name: str, value: str) -> str:
    """An answer of GetEngineStatus in JSON with one member written like that."""
    return "{" + ", ".join(f'"{one}": {text}' for one, text in {**_STATUS, name: value}.items()) + "}"


def changed(value: str) -> str:
    """An answer of ForceSyncAll in JSON with a RecordId written like that."""
    return f'{{"IsOk": true, "Changes": {{"UpdatedRecords": [{{"Tablename": "contact", "RecordId": {value}}}]}}}}'


_BAD_JSON: tuple[tuple[str, str, Any], ...] = (
    ("IsRunning", "1", "a number for a boolean"), ("IsRunning", '"true"', "a text for a boolean"),
    ("IsRunning", "[]", "an array for a boolean"), ("StatusMessage", "1", "a number for a text"),
    ("StatusMessage", "false", "a boolean for a text"), ("StatusMessage", '["a"]', "an array for a text"),
    ("StatusMessage", "{}", "an object for a text"), ("Interval", "900", "a number for a time span"),
    ("Interval", '"900"', "a text of digits for a time span"), ("Interval", '"25:00:00"', "a time span of hour 25"),
    ("Interval", '""', "an empty time span"), ("Interval", '"P1M"', "a time span of a month"),
    ("Interval", f'"{"9" * 4000}.00:00:00"', "a time span of four thousand digits"),
    ("TableRight", '"Select"', "a text for an object"), ("TableRight", '{"Mask": 3}', "a number for rights"),
    ("FieldProperties", "[]", "an array for a dictionary"),
)  # fmt: skip

IN_JSON = (
    *(js(f"{what} in JSON", member(name, value), bad(name), STATUS) for name, value, what in _BAD_JSON),
    *(js(f"a whole number written {what} in JSON", changed(text), bad("RecordId")) for what, text in {
        "above 32 bits": "2147483648", "below 32 bits": "-2147483649", "with a fraction": "12.0",
        "with an exponent": "1e1", "as a text": '"12"', "as a boolean": "true", "as an array": "[12]"}.items()),
    js("a number of five thousand digits in JSON", changed("9" * 5000), GARBLED),
    js("no IsOk in JSON", "{}", bad("IsOk")),
    js("IsOk null in JSON", '{"IsOk": null}', bad("IsOk")),
    js("IsOk by a name in other letters in JSON", '{"isOk": true}', bad("IsOk")),
    js("null for an answer of sync", "null", GARBLED),
    js("null for a status, where the server had nothing to say", "null", GivesNone(), STATUS),
    js("null for a bare word", "null", GARBLED, CAN_DELETE),
    js("a number for a bare word", "1", GARBLED, CAN_DELETE),
    js("an object for an array", "{}", GARBLED, TOGGLE),
    js("a date of American form in JSON", '{"LastSync": "02/29/2024"}', bad("LastSync"), SUMMARY),
    js("a date of Microsoft's old form in JSON", '{"LastSync": "\\/Date(1709214330000)\\/"}', bad("LastSync"), SUMMARY),
    js("rights by number in JSON", '{"TableRight": {"Mask": 3}}', bad("Mask"), SUMMARY),
)  # fmt: skip

ROWS = (*NUMBERS, *OTHERS, *IN_JSON)
